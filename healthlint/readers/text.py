"""Plain text, in the shape in which people paste articles: no markup, or a little Markdown.

What a line is, is decided by its form and by what stands around it: a lone short line is a heading, a
bullet begins a list item, a blank line ends a paragraph. Whether a line end inside a paragraph is a hard
wrap or the end of a paragraph is decided once for the file, by how long its lines are.
"""

from __future__ import annotations

import html as entities
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from typing import NamedTuple

from healthlint.document import Block, Directive, Document, Field, Include, Kind
from healthlint.readers import template
from healthlint.readers.directive import directive
from healthlint.readers.frontmatter import front_matter, metadata_kind
from healthlint.readers.prose import Prose
from healthlint.span import Span

# --------------------------------------------------------------------------------- lines and passages


class Line(NamedTuple):
    """One line of the source without the white space around it; blank when `start == end`."""

    start: int
    """Offset of the first character."""
    column: int
    """Column of the first character, from 0, with tab stops every eight columns."""
    end: int


_LINE = re.compile(r"([^\S\r\n]*)([^\r\n]*)(?:\r\n|\r|\n|\Z)")


def lines(source: str, start: int = 0) -> list[Line]:
    """The lines of `source` from the offset `start` (the beginning of a line) to its end."""
    found = []
    length = len(source)
    while start < length:
        line = _LINE.match(source, start)
        assert line is not None
        text = line[2].rstrip()
        begin = line.start(2)
        found.append(Line(begin, len(line[1].expandtabs(8)), begin + len(text)))
        start = line.end()
    return found


class Passage:
    """The lines of one block as one string (joined by line feeds) that knows its places in the source."""

    def __init__(self, source: str, block: Sequence[Line]) -> None:
        self._starts = [line.start for line in block]
        self._offsets = []
        at = 0
        for line in block:
            self._offsets.append(at)
            at += line.end - line.start + 1
        self.text = "\n".join([source[line.start : line.end] for line in block])

    def place(self, at: int) -> int:
        """The source offset of `text[at]`."""
        index = bisect_right(self._offsets, at) - 1
        return self._starts[index] + at - self._offsets[index]

    def span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` (not empty) stands in the source."""
        return Span(self.place(start), self.place(end - 1) + 1)

    def pour(self, prose: Prose, start: int, end: int) -> None:
        """Add `text[start:end]` to `prose` as it stands; each line end is one space."""
        while start < end:
            stop = self.text.find("\n", start, end)
            if stop < 0:
                stop = end
            if stop > start:
                place = self.place(start)
                prose.literal(place, place + stop - start)
            if stop < end:
                # The end of the line and the indentation, bullet or quote mark of the next.
                begin = self.place(stop)
                prose.space(Span(begin, max(begin + 1, self.place(stop + 1))))
            start = stop + 1


# ---------------------------------------------------------------------------------------- addresses

_ADDRESS = re.compile(
    r"(?:https?|ftp)://[^\s<>\"“”]{1,2000}"
    r"|www\.[^\s<>\"“”]{1,2000}"
    r"|(?:doi:\s?)?10\.\d{4,9}/[^\s<>\"“”]{1,500}"
    r"|(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
    re.IGNORECASE,
)
ADDRESS_BEGINS = r"(?<![\w.+/@-])(?:(?=https?://|ftp://|www\.|doi:|mailto:|10\.\d)|(?=[\w.+-]{1,64}@\w))"


def address_end(text: str, start: int) -> int:
    """Where the web address, DOI or e-mail address that begins at `text[start]` ends; `start` if none does.

    Punctuation that belongs to the sentence, not to the address, is left out.
    """
    found = _ADDRESS.match(text, start)
    if not found:
        return start
    end = found.end()
    opened = text.count("(", start, end) - text.count(")", start, end)
    while end > start and (text[end - 1] in ".,;:!?'’*_]}>" or (text[end - 1] == ")" and opened < 0)):
        opened += text[end - 1] == ")"
        end -= 1
    return end


def address_url(text: str) -> str:
    """The link target of an address as written: with `mailto:` or the DOI resolver where it is left out."""
    lower = text.lower()
    if lower.startswith("doi:"):
        return "https://doi.org/" + text[4:].strip()
    if lower.startswith("10."):
        return "https://doi.org/" + text
    if "@" in text and "/" not in text and not lower.startswith("mailto:"):
        return "mailto:" + text
    return text


# --------------------------------------------------------------------------------------- inline marks

_TARGET = r"\(\s{0,9}(?P<url>(?:[^()\s]|\([^()\s]{0,200}\)){0,1000})(?:\s{1,9}\"(?P<title>[^\"]{0,500})\")?\s{0,9}\)"
_TOKEN = re.compile(
    r"(?P<comment><!--)"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9]{0,10}(?:\s[^<>]{0,1000})?/?>)"
    r"|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<code>(?<![\w`])`{1,3}(?!`))"
    r"|(?P<link>!?\[(?=[^\[\]]{0,500}\]\())"
    r"|(?P<escape>\\(?=[\\*_`\[\]<>\#~]))"
    rf"|(?P<address>{ADDRESS_BEGINS})"
    r"|(?P<mark>\*+|_+|~~)"
)
_LINK = re.compile(rf"!?\[(?P<text>[^\[\]]{{0,500}})\]{_TARGET}")
_BREAK = re.compile(r"<(?:br|p|/p|div|/div|hr|li|/li)\b", re.IGNORECASE)


class _Marks:
    """Light inline markup of one passage, poured into a `Prose`: emphasis, links, code, entities, addresses."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.directives: list[Directive] = []

    def blocks(
        self, passage: Passage, kind: Kind, level: int = 0, containers: tuple[str, ...] = ()
    ) -> Iterator[Block]:
        """The block of the passage, and after it one for each image's text and each link's title."""
        prose = Prose(self._source)
        asides: list[tuple[Kind, Span]] = []
        text = passage.text
        dropped = _emphasis(text)
        closings: dict[int, tuple[int, str]] = {}
        missing: set[str] = set()
        at = poured = 0
        while token := _TOKEN.search(text, at):
            start = token.start()
            if closings and min(closings) <= start:
                # Inside a link only its end has to be watched for; the rest of `](…)` holds no prose.
                close = min(closings)
                passage.pour(prose, poured, close)
                poured, url = closings.pop(close)
                prose.close_link()
                at = poured
                continue
            what, end = token.lastgroup, token.end()
            at = max(end, start + 1)
            match what:
                case "comment":
                    stop = -1 if "-->" in missing else text.find("-->", end)
                    if stop < 0:
                        missing.add("-->")
                        continue
                    passage.pour(prose, poured, start)
                    if found := directive(text[end:stop], 0):
                        span = passage.span(found.span.start + end, found.span.end + end)
                        self.directives.append(found._replace(span=span))
                    poured = at = stop + 3
                case "tag":
                    passage.pour(prose, poured, start)
                    if _BREAK.match(token[0]):
                        prose.space(passage.span(start, end))
                    poured = end
                case "entity":
                    decoded = entities.unescape(token[0])
                    if decoded != token[0]:
                        passage.pour(prose, poured, start)
                        prose.decoded(decoded, passage.span(start, end))
                        poured = end
                case "code":
                    stop = -1 if token[0] in missing else _closing_code(text, token[0], end)
                    if stop < 0:
                        missing.add(token[0])
                        continue
                    passage.pour(prose, poured, start)
                    poured = at = stop + len(token[0])
                    prose.hole(passage.span(start, poured))
                case "link":
                    link = _LINK.match(text, start)
                    if not link:
                        continue
                    passage.pour(prose, poured, start)
                    if link["title"]:
                        asides.append(("label", Span(*link.span("title"))))
                    if token[0] == "![":
                        if link["text"]:
                            asides.append(("alt", Span(*link.span("text"))))
                        prose.point_link(link["url"])
                        prose.hole(passage.span(start, link.end()))
                        poured = at = link.end()
                    else:
                        prose.open_link(link["url"])
                        poured = at = link.start("text")
                        closings[link.end("text")] = (link.end(), link["url"])
                case "escape":
                    passage.pour(prose, poured, start)
                    poured = end
                    at = end + 1
                case "address":
                    end = address_end(text, start)
                    if end > start:
                        passage.pour(prose, poured, start)
                        url = address_url(text[start:end])
                        prose.point_link(url)
                        prose.hole(passage.span(start, end))
                        poured = at = end
                case _:
                    if start in dropped:
                        passage.pour(prose, poured, start)
                        poured = end
        for close, (end, _) in sorted(closings.items()):
            passage.pour(prose, poured, close)
            prose.close_link()
            poured = end
        passage.pour(prose, poured, len(text))
        if block := prose.block(kind, level=level, containers=containers):
            yield block
        for aside, span in asides:
            passage.pour(prose, span.start, span.end)
            if block := prose.block(aside, containers=containers):
                yield block


def _closing_code(text: str, ticks: str, at: int) -> int:
    """Where the run of exactly these back-ticks stands that closes inline code; -1 when none does.

    A back-tick before a letter is no closing one: people write it for an apostrophe.
    """
    while (at := text.find(ticks, at)) >= 0:
        after = text[at + len(ticks) : at + len(ticks) + 1]
        if text[at - 1] != "`" and after != "`" and not after.isalnum():
            return at
        at += len(ticks)
    return -1


def _emphasis(text: str) -> set[int]:
    """Where the emphasis marks stand that come in pairs; a lone `*` or `_` is a character like any other."""
    paired: set[int] = set()
    opened: dict[str, int] = {}
    for mark in re.finditer(r"(?<!\\)(?:\*+|_+|~~)", text):
        before = text[mark.start() - 1 : mark.start()] or " "
        after = text[mark.end() : mark.end() + 1] or " "
        opens, closes = not after.isspace(), not before.isspace()
        if mark[0][0] == "_":
            opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
        elif before.isdigit() and after.isdigit():
            continue
        if closes and mark[0] in opened:
            paired |= {opened.pop(mark[0]), mark.start()}
        elif opens:
            opened[mark[0]] = mark.start()
    return paired


# ---------------------------------------------------------------------------------------------- forms

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
    r"\d+\s*[-–]?\s*min(?:ute)?s?\b.{0,40}\Z|[\d./, -]+\Z"
    r"|(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:\d{1,2}\.?\s+)?[a-z]{3,9}\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4}\Z",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(
    r"<(?:!doctype|html|head|body|p|div|h[1-6]|ul|ol|li|table|tr|td|article|section|header|footer|main)\b[^<>]{0,2000}>",
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


def _is_html(source: str) -> bool:
    """Whether this is a web page in a file named .txt."""
    return len(list(islice(_BLOCK_TAG.finditer(source), 3))) == 3


def read(source: str, path: str) -> Document:
    """The article in plain text. Never raises; a web page saved as .txt is read as HTML."""
    if _is_html(source):
        as_html: Callable[[str, str], Document] = import_module("healthlint.readers.html").read
        return as_html(source, path)
    return _Article(source, path).document()


class _Article:
    """What has been read so far of one article, and where in its lines the reader is."""

    def __init__(self, source: str, path: str) -> None:
        self._whole = source
        self._front = front_matter(source)
        self._tags = template.tags(source, self._front.end)
        self._source = template.masked(source, self._tags, blank=True)
        """The article with its template tags overwritten, at the same length."""
        self._path = path
        self._marks = _Marks(self._source)
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
            tuple(sorted([*self._directives, *self._marks.directives], key=lambda found: found.span)),
            tuple(Include(tag.include, tag.span) for tag in self._tags if tag.include),
            front.faults,
        )

    def _comment(self, comment: Span) -> Directive | None:
        return directive(self._whole[comment.start : comment.end], comment.start)

    def _text(self, at: int) -> str:
        line = self._lines[at]
        return self._source[line.start : line.end]

    def _is_blank(self, at: int) -> bool:
        return not 0 <= at < len(self._lines) or self._lines[at].start == self._lines[at].end

    def _add(
        self, kind: Kind, block: Sequence[Line], *, level: int = 0, containers: tuple[str, ...] = ()
    ) -> None:
        added = list(self._marks.blocks(Passage(self._source, block), kind, level, containers))
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
            closed = re.sub(r"\s+#+\Z", "", text)
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
        first = Line(line.start + marker.end(), line.column + marker.end(), line.end)
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
