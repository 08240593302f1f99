"""What the lines of a plain text are, by their form and by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from healthlint.document import Block, Directive, Document, Field, Include, Kind
from healthlint.readers import template
from healthlint.readers.directive import directive
from healthlint.readers.frontmatter import front_matter, metadata_kind
from healthlint.readers.line import Line, Passage, lines
from healthlint.readers.prose import Prose
from healthlint.readers.text.inline import Inline
from healthlint.span import Span

_BULLET = re.compile(
    r"(?:(?P<sure>[•◦▪▫‣⁃●○■□➢➤►✓✔✗✘·∙\uf0b7\uf0a7])\s*|(?P<plain>[-*+o])(?:\s+|\Z)"
    r"|(?P<unsure>[–—]|\(?\d{1,3}[.)]|\(?[a-z][.)]|\(?[ivx]{1,5}[.)]|\([A-Z]\)|[A-Z]\))(?:\s+|\Z))"
)
_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s")
_HASH = re.compile(r"(?P<hashes>\#{1,6})\s+(?=\S)")
_RULE = re.compile(r"(?P<character>[=\-~*_])(?P=character){2,}\Z|[-*_](?:\s?[-*_]){2,}\Z")
_FENCE = re.compile(r"(?:`{3,}|~{3,})[\w{}. -]*\Z")
_QUOTE = re.compile(r"(?:>\s?)+")
_REMARK = re.compile(r"(?:\#|//|\.\.)\s*(?=healthlint-)")
_TABLE_RULE = re.compile(r"[|:+=\-\s]+\Z")
_SMALL_PRINT = re.compile(
    r"\d+\s*+(?:[-–]\s*+)?min(?:ute)?s?\b.{0,40}\Z|[\d./, -]+\Z"
    r"|(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:\d{1,2}\.?\s+)?[a-z]{3,9}\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4}\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?P<name>[A-Za-z][A-Za-z -]{1,30}?)\s?:(?:\s+(?P<value>\S.*)|\Z)")
_LABELS = frozenset((
    "title", "headline", "subtitle", "author", "authors", "written-by", "by", "date", "published",
    "publication-date", "date-published", "posted", "updated", "last-updated", "last-modified", "modified",
    "reviewed", "last-reviewed", "reviewed-by", "medically-reviewed-by", "medical-reviewer", "reviewer",
    "editor", "edited-by", "fact-checked-by", "description", "meta-description", "summary", "excerpt",
    "abstract", "keywords", "tags", "category", "categories", "topic", "section", "slug", "url", "link",
    "source", "canonical", "lang", "language", "status", "type", "draft", "retrieved", "accessed",
    "meta-title", "seo-title"
))  # fmt: skip
_LONGEST_WRAPPED = 120
_SHORTEST_WRAPPED = 40


class Article:
    """What has been read so far of one article, and where in its lines the reader is."""

    def __init__(self, source: str, path: str) -> None:
        self._whole = source
        self._front = front_matter(source)
        self._tags = template.tags(source, self._front.end)
        self._source = template.masked(source, self._tags, blank=True)
        """The article with its template tags overwritten, at the same length."""
        self._path = path
        self._inline = Inline(self._source)
        self._blocks: list[Block] = []
        self._directives: list[Directive] = []
        self._fields: list[Field] = []
        self._lines: list[Line] = []
        self._quoted: set[int] = set()
        self._indents: list[int] = []
        """The columns of the list markers that are open, outermost first."""
        self._width = 0
        self._has_begun = False
        """Whether any of the article itself has been read; its first words are its title."""
        self._unclosed: set[str] = set()
        """Code fences that are not closed any more from here on."""

    def document(self) -> Document:
        """The whole article."""
        front = self._front
        self._lines = lines(self._source, front.end)
        self._blocks += front.blocks
        self._fields += front.fields
        self._directives += front.directives
        self._directives += filter(None, (self._comment(tag.comment) for tag in self._tags if tag.comment))
        at = 0 if front.end else self._head()
        self._strip_quotes(at)
        self._width = self._wrap_width(at)
        while at < len(self._lines):
            at = self._next(at)
        return Document(
            self._whole,
            self._path,
            "text",
            tuple(self._blocks),
            tuple(self._fields),
            tuple(sorted([*self._directives, *self._inline.directives], key=lambda found: found.span)),
            tuple(Include(tag.include, tag.span) for tag in self._tags if tag.include),
            front.faults,
        )

    def _comment(self, comment: Span) -> Directive | None:
        return directive(self._whole[comment.start : comment.end], comment.start)

    def _text(self, at: int) -> str:
        line = self._lines[at]
        return self._source[line.start : line.end]

    def _is_blank(self, at: int) -> bool:
        return not 0 <= at < len(self._lines) or self._lines[at].is_blank

    def _add(
        self, kind: Kind, block: Sequence[Line], *, level: int = 0, containers: tuple[str, ...] = ()
    ) -> None:
        added = list(self._inline.blocks(Passage(self._source, block), kind, level, containers))
        self._blocks += added
        self._has_begun = self._has_begun or bool(added)

    # ------------------------------------------------------------------------------ before the article

    def _head(self) -> int:
        """Reads `Key: value` lines at the very top as fields; the index of the line after them."""
        at = 0
        while at < len(self._lines) and self._is_blank(at):
            at += 1
        found: list[tuple[str, Span]] = []
        end = at
        while not self._is_blank(end):
            text, line = self._text(end), self._lines[end]
            label = _LABEL.match(text)
            if label:
                value = label["value"] or ""
                span = (
                    Span(line.end - len(value), line.end)
                    if value
                    else Span(line.start, line.start + label.end("name"))
                )
                found.append((re.sub(r"[\s-]+", "-", label["name"].strip().lower()), span))
            elif found and line.column > self._lines[at].column:
                found[-1] = (found[-1][0], Span(found[-1][1].start, line.end))
            else:
                break
            end += 1
        known = sum(name in _LABELS for name, _ in found)
        if not known or known * 2 < len(found) or not (self._is_blank(end) or known == len(found)):
            return at
        for name, span in found:
            value = self._source[span.start : span.end]
            is_empty = value.lower().replace(" ", "-") == name
            self._fields.append(Field(name, "" if is_empty else value, span, "front matter"))
            kind = metadata_kind(name)
            if kind and not is_empty:
                prose = Prose(self._source)
                prose.literal(span.start, span.end)
                if block := prose.block(kind, zone="metadata"):
                    self._blocks.append(block)
        return end

    def _strip_quotes(self, at: int) -> None:
        """Takes the `>` off quoted lines, and remembers which they were."""
        for index in range(at, len(self._lines)):
            line = self._lines[index]
            if self._source.startswith(">", line.start) and (
                self._is_blank(index - 1) or index - 1 in self._quoted
            ):
                marks = _QUOTE.match(self._source, line.start, line.end)
                assert marks is not None
                self._lines[index] = Line(marks.end(), line.column, line.end)
                self._quoted.add(index)

    def _wrap_width(self, at: int) -> int:
        """The width at which the file's lines are wrapped; 0 when each line is a paragraph of its own."""
        lengths = sorted(
            line.end - line.start
            for index, line in enumerate(self._lines[at:], start=at)
            if not self._is_blank(index) and not self._is_blank(index + 1)
        )
        wrapped = [length for length in lengths if length <= _LONGEST_WRAPPED]
        if not wrapped or len(wrapped) < 0.9 * len(lengths):
            return 0
        return max(_SHORTEST_WRAPPED, wrapped[len(wrapped) * 9 // 10])

    # ------------------------------------------------------------------------------------- the article

    def _next(self, at: int) -> int:
        """Reads what begins at line `at`; the index of the line after it."""
        if self._is_blank(at):
            return at + 1
        line, text = self._lines[at], self._text(at)
        if (remark := _REMARK.match(text)) and (
            found := directive(text[remark.end() :], line.start + remark.end())
        ):
            self._directives.append(found)
            return at + 1
        if _FENCE.match(text) and (end := self._fence_end(at)):
            return end
        if _RULE.match(text) or not text.strip("`"):
            return at + 1
        if heading := _HASH.match(text):
            closed = re.sub(r"(?<!\s)\s++#+\Z", "", text)
            mark = heading.end()
            self._heading(
                Line(line.start + mark, line.column + mark, line.start + len(closed)), len(heading["hashes"])
            )
            return at + 1
        if cells := self._cells(at):
            for cell in cells:
                self._add("cell", [cell], containers=(*self._quote(at), "table"))
            return at + 1
        if self._is_item(at):
            return self._item(at)
        return self._paragraph(at)

    def _quote(self, at: int) -> tuple[str, ...]:
        return ("quote",) if at in self._quoted else ()

    def _fence_end(self, at: int) -> int:
        """The line after the fence that closes the one at line `at`; 0 when none does, and it is no fence."""
        fence = self._text(at)[:3]
        if fence in self._unclosed:
            return 0
        for index in range(at + 1, len(self._lines)):
            if self._text(index).startswith(fence) and not self._text(index).strip(fence[0]):
                return index + 1
        self._unclosed.add(fence)
        return 0

    def _cells(self, at: int) -> list[Line]:
        """The cells of a table row: between pipes, or, as copied out of a page, between tabs; else none."""
        line, text = self._lines[at], self._text(at)
        if text.startswith("|") and text.endswith("|") and len(text) > 2:
            if _TABLE_RULE.match(text):
                return [Line(line.end, line.column, line.end)]
            separator = "|"
        elif "\t" in text and not _BULLET.match(text):
            separator = "\t"
        else:
            return []
        found, start = [], line.start
        for piece in text.split(separator):
            lead = len(piece) - len(piece.lstrip())
            if piece.strip():
                found.append(Line(start + lead, line.column, start + lead + len(piece.strip())))
            start += len(piece) + 1
        return found

    def _is_item(self, at: int) -> bool:
        """Whether a list item begins at line `at`, and not a wrapped line that happens to look like one."""
        marker = _BULLET.match(self._text(at))
        if not marker:
            return False
        if marker["unsure"] and not self._is_blank(at - 1) and not _BULLET.match(self._text(at - 1)):
            return bool(self._indents) or self._text(at - 1)[-1:] in ":.;?!"
        return True

    def _item(self, at: int) -> int:
        line, text = self._lines[at], self._text(at)
        marker = _BULLET.match(text)
        assert marker is not None
        first = line.cut(marker.end())
        if _NUMBER.match(text) and self._is_numbered_heading(at, text[marker.end() :]):
            self._heading(first, 2)
            return at + 1
        while self._indents and self._indents[-1] > line.column:
            self._indents.pop()
        if not self._indents or self._indents[-1] < line.column:
            self._indents.append(line.column)
        block = [first] if first.start < first.end else []
        end = at + 1
        while not self._is_blank(end) and not self._begins(end):
            if block and self._lines[end].column <= line.column and not self._wraps(end - 1):
                break
            block.append(self._lines[end])
            end += 1
        level = len(self._indents)
        self._add("item", block, level=level, containers=(*self._quote(at), *["list"] * level))
        return end

    def _is_numbered_heading(self, at: int, title: str) -> bool:
        """Whether “2. What helps” is a section's heading: it stands alone, and what follows is no item."""
        if not self._is_blank(at - 1) or not self._is_blank(at + 1) or not _is_title(title):
            return False
        after = at + 1
        while after < len(self._lines) and self._is_blank(after):
            after += 1
        return (
            after < len(self._lines)
            and not _NUMBER.match(self._text(after))
            and len(self._text(after)) > len(title)
        )

    def _begins(self, at: int) -> bool:
        """Whether line `at` begins something other than a paragraph."""
        text = self._text(at)
        return bool(
            _HASH.match(text)
            or _RULE.match(text)
            or _REMARK.match(text)
            or self._is_item(at)
            or (at in self._quoted) != (at - 1 in self._quoted)
            or self._cells(at)
        )

    def _wraps(self, at: int) -> bool:
        """Whether line `at` goes on in the next one, which is not blank and begins nothing by its form."""
        line, after = self._lines[at], self._lines[at + 1]
        if after.column >= line.column + 2:
            return True
        if not self._width:
            return False
        text, following = self._text(at), self._text(at + 1)
        word = following.split(maxsplit=1)[0]
        return (
            len(text) + 1 + len(word) > self._width - line.column
            or not following[0].isupper()
            or text[-1] in ".!?,;:…"
        )

    def _paragraph(self, at: int) -> int:
        end = at + 1
        is_small_print = bool(_SMALL_PRINT.match(self._text(at)))
        while (
            not is_small_print and not self._is_blank(end) and not self._begins(end) and self._wraps(end - 1)
        ):
            end += 1
        block = self._lines[at:end]
        is_lone = len(block) == 1 and self._is_blank(at - 1)
        if len(block) == 1 and not self._is_blank(end) and (rule := _RULE.match(self._text(end))):
            if rule["character"] in ("=", "-", "~"):
                self._heading(block[0], 1 if rule["character"] == "=" else 2)
                return end + 1
        elif is_lone and self._is_heading(at):
            self._heading(block[0], 2)
            return end
        if self._indents and block[0].column > self._indents[0] and self._is_blank(at - 1):
            while self._indents[-1] >= block[0].column:
                self._indents.pop()
        else:
            self._indents.clear()
        self._add("paragraph", block, containers=(*self._quote(at), *["list"] * len(self._indents)))
        return end

    def _is_heading(self, at: int) -> bool:
        """Whether the lone line `at`, which a blank line precedes, is a heading."""
        text = self._text(at)
        if at in self._quoted or _SMALL_PRINT.match(text):
            return False
        if not self._has_begun:
            return len(text) <= 150 and text[-1] not in ".:;,"
        if not _is_title(text):
            return False
        if self._is_blank(at + 1):
            return True
        following = self._text(at + 1)
        return not self._begins(at + 1) and len(following) > len(text) and following[-1] in ".!?:"

    def _heading(self, line: Line, level: int) -> None:
        """Adds a heading; the first words of the article are its title whatever their form."""
        if not self._has_begun:
            level = 1
        self._indents.clear()
        self._add("heading", [line], level=level)


def _is_title(text: str) -> bool:
    """Whether a lone line reads like a heading: short, without a full stop, not begun in lower case."""
    if len(text) > 100 or len(text.split()) > 14 or not any(character.isalpha() for character in text):
        return False
    if text.endswith(":"):
        words = text[:-1].split()
        return len(words) <= 4 and all(word[0].isupper() or len(word) <= 3 for word in words)
    first = next(character for character in text if character.isalnum())
    return text[-1] not in ".!;,…" and (not first.islower() or text[-1] == "?")
