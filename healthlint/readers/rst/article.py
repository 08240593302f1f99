"""The structure of an article in reST: which lines are a heading, a list, a table, a directive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, Literal, NamedTuple

from healthlint.document import Block, Directive, Document, Fault, Field, Include, Kind, Zone
from healthlint.readers.directive import directive
from healthlint.readers.frontmatter import front_matter, metadata_kind
from healthlint.readers.line import Line, Passage, lines
from healthlint.readers.prose import Prose
from healthlint.readers.rst import form
from healthlint.readers.rst.directive import (
    ASIDES,
    AUTHORS,
    CONTENT,
    HIDDEN,
    OPTION_KINDS,
    QUOTES,
    TABLES,
    UNREAD_ARGUMENT,
    VERSIONS,
    Parts,
    meta_name,
    options,
    parts,
)
from healthlint.readers.rst.indentation import blank_after, hung, indented_end, joined, left_margin, trimmed
from healthlint.readers.rst.inline import Inline
from healthlint.readers.rst.name import Names, names_of, plain_name
from healthlint.readers.rst.table import csv_cells, grid_cells, grid_end, simple_cells, simple_end
from healthlint.span import Span

DEEPEST = 60
"""Quotes, lists and directives nested deeper than this are read as plain paragraphs."""


class _Place(NamedTuple):
    """Where a stretch of lines stands in the article."""

    containers: tuple[str, ...] = ()
    first: Kind = "paragraph"
    """The kind of its first paragraph."""
    rest: Kind = "paragraph"
    """The kind of the paragraphs after that."""
    level: int = 0
    """How many lists it stands in."""
    rows: int = 0
    """2 in a list-table, 1 in its rows: how many lists are still no lists but rows and cells."""
    depth: int = 0
    zone: Zone = "article"

    def inside(self, container: str) -> _Place:
        """The place inside one more container."""
        return self._replace(containers=(*self.containers, container), depth=self.depth + 1)

    def within(self, directive: str) -> _Place:
        """The place inside the directive of this name."""
        if directive == "figure":
            return self.inside("figure")._replace(first="caption")
        inner = self._replace(first=self.rest)
        if directive in ASIDES:
            return inner.inside("aside")
        if directive in QUOTES:
            return inner.inside("quote")
        if directive in ("header", "footer"):
            return inner.inside(directive)._replace(zone="chrome")
        return inner._replace(depth=self.depth + 1)


class Article:
    """What has been read so far of one article."""

    def __init__(self, source: str, path: str) -> None:
        self._source = source
        self._path = path
        self._blocks: list[Block] = []
        self._hidden: list[Block] = []
        self._head_end = 0
        self._metadata: list[Block] = []
        self._fields: list[Field] = []
        self._directives: list[Directive] = []
        self._includes: list[Include] = []
        self._faults: list[Fault] = []
        self._styles: list[str] = []
        """The punctuation of the section titles met so far; its order gives the levels."""
        self._names = Names()

    def document(self) -> Document:
        """The whole article."""
        front = front_matter(self._source)
        self._metadata += front.blocks
        self._fields += front.fields
        self._directives += front.directives
        self._faults += front.faults
        article = lines(self._source, front.end)
        self._names = names_of(self._source, article)
        self._body(article, _Place(), 0)
        return Document(
            self._source,
            self._path,
            "rst",
            (*self._metadata, *self._blocks),
            tuple(self._fields),
            tuple(self._directives),
            tuple(self._includes),
            tuple(self._faults),
            tuple(self._hidden),
        )

    def _text(self, line: Line) -> str:
        return self._source[line.start : line.end]

    def _add(self, block: Sequence[Line], kind: Kind, place: _Place, url: str = "") -> None:
        prose = Prose(self._source)
        if url:
            prose.point_link(url)
        self._pour(prose, block)
        level = place.level if kind == "item" else 0
        if added := prose.block(kind, zone=place.zone, level=level, containers=place.containers):
            self._blocks.append(added)

    def _pour(self, prose: Prose, block: Sequence[Line]) -> None:
        inline = Inline(prose, Passage(self._source, block), self._names)
        inline.pour()
        self._includes += inline.includes

    # ----------------------------------------------------------------------------------------- blocks

    def _body(self, block: Sequence[Line], place: _Place, base: int | None = None) -> None:
        """Reads lines whose margin is at column `base`, or at the leftmost of them."""
        if place.depth > DEEPEST:
            self._flat(block, place)
            return
        base = left_margin(block) if base is None else base
        at, before = 0, len(self._blocks)
        while at < len(block):
            line = block[at]
            if line.is_blank:
                at += 1
                continue
            here = place
            if place.first != place.rest and len(self._blocks) > before:
                here = place._replace(first=place.rest)
            if line.column > base:
                end = indented_end(block, at, base)
                self._quote(trimmed(block[at:end]), here.inside("quote")._replace(first=here.rest))
                at = end
            else:
                at = self._element(block, at, base, here)

    def _quote(self, quote: list[Line], place: _Place) -> None:
        """Reads a block quote; the dashes before the attribution at its end are no prose."""
        margin = left_margin(quote)
        for index in range(len(quote) - 1, 0, -1):
            if quote[index - 1].is_blank:
                dashes = form.ATTRIBUTION.match(self._text(quote[index]))
                if dashes and quote[index].column == margin:
                    self._body(quote[:index], place, margin)
                    attribution = [quote[index].cut(dashes.end()), *quote[index + 1 :]]
                    self._add(attribution, place.rest, place)
                    return
                break
        self._body(quote, place)

    def _flat(self, block: Sequence[Line], place: _Place) -> None:
        line = next((line for line in block if not line.is_blank), None)
        if line is None:
            return
        if not any(fault.message.startswith("nested") for fault in self._faults):
            message = f"nested more than {DEEPEST} deep; what is deeper was read as plain paragraphs"
            self._faults.append(Fault(message, Span(line.start, line.end)))
        paragraph: list[Line] = []
        for line in [*block, Line(0, 0, 0)]:
            if not line.is_blank:
                paragraph.append(line)
            elif paragraph:
                self._add(paragraph, place.rest, place)
                paragraph = []

    def _element(self, block: Sequence[Line], at: int, base: int, place: _Place) -> int:
        """Reads what begins at line `at`, which stands at the margin; the index of the line after it."""
        line = block[at]
        text = self._text(line)
        following = block[at + 1] if at + 1 < len(block) else Line(0, 0, 0)
        if marker := form.BULLET.match(text):
            return self._item(block, at, base, marker.end(), place)
        if (marker := form.ENUMERATOR.match(text)) and self._is_enumerated(following, base, marker["end"]):
            return self._item(block, at, base, marker.end(), place)
        if form.FIELD.match(text):
            return self._field(block, at, base, place)
        if (marker := form.OPTION.match(text)) and (marker.end() < len(text) or following.column > base):
            end = indented_end(block, at + 1, base)
            content = hung(line.cut(marker.end()), block[at + 1 : end])
            self._body(content, place.inside("list")._replace(first="item", level=place.level + 1))
            return end
        if text.startswith(">>> ") or text == ">>>":
            return blank_after(block, at)
        if marker := form.LINE_BLOCK.match(text):
            end = at + 1
            while end < len(block) and not block[end].is_blank and block[end].column > base:
                end += 1
            self._add([line.cut(marker.end()), *block[at + 1 : end]], place.first, place)
            return end
        if form.GRID_TOP.match(text):
            end = grid_end(self._source, block, at)
            self._cells(grid_cells(self._source, block[at:end]), place)
            return end
        if form.SIMPLE_RULE.match(text) and (end := simple_end(self._source, block, at)):
            self._cells(simple_cells(self._source, block[at:end]), place)
            return end
        if marker := form.EXPLICIT.match(text):
            return self._explicit(block, at, base, marker.end(), place)
        if form.ANONYMOUS.match(text):
            return blank_after(block, at, base)
        if form.PUNCTUATION_LINE.match(text) and text != "::":
            after = block[at + 2] if at + 2 < len(block) else None
            if (
                after
                and not following.is_blank
                and self._is_underline(after, text[0])
                and len(self._text(after)) >= len(text)
            ):
                self._heading(following, text[0] * 2, place)
                return at + 3
            if len(text) >= 4:
                return at + 1
        if not following.is_blank and following.column <= base:
            under = self._text(following)
            if self._is_underline(following, under[0]) and (len(under) >= 4 or len(under) >= len(text)):
                self._heading(line, under[0], place)
                return at + 2
        if not following.is_blank and following.column > base:
            return self._definition(block, at, base, place)
        return self._paragraph(block, at, base, place)

    def _is_underline(self, line: Line, character: str) -> bool:
        text = self._text(line)
        return (
            bool(text) and text[0] == character and bool(form.PUNCTUATION_LINE.match(text)) and text != "::"
        )

    def _is_enumerated(self, following: Line, base: int, ending: str | None) -> bool:
        """Whether a line that begins like “2.” is a list item; “C. difficile is ⏎ a germ” is not."""
        if following.is_blank or following.column > base:
            return True
        marker = form.ENUMERATOR.match(self._text(following))
        return marker is not None and marker["end"] == ending

    def _item(self, block: Sequence[Line], at: int, base: int, width: int, place: _Place) -> int:
        first = block[at].cut(width)
        margin = base if first.is_blank else first.column - 1
        end = indented_end(block, at + 1, margin)
        content = [first, *block[at + 1 : end]]
        if place.rows:
            kind: Kind = "cell" if place.rows == 1 else "paragraph"
            inner = place._replace(first=kind, rest=kind, rows=place.rows - 1, depth=place.depth + 1)
        else:
            rest: Kind = "paragraph" if place.rest == "item" else place.rest
            inner = place.inside("list")._replace(first="item", rest=rest, level=place.level + 1)
        self._body(content, inner, left_margin(content) if first.is_blank else first.column)
        return end

    def _field(self, block: Sequence[Line], at: int, base: int, place: _Place) -> int:
        line = block[at]
        marker = form.FIELD.match(self._text(line))
        assert marker is not None
        end = indented_end(block, at + 1, base)
        content = hung(line.cut(marker.end()), block[at + 1 : end])
        name = marker["name"].lower()
        name_span = Span(line.start + 1, line.start + 1 + len(marker["name"]))
        since = self._blocks[self._head_end :]
        is_head = place.depth == 0 and all(block.kind == "heading" for block in since)
        if is_head:
            self._note(name, content, name_span)
        else:
            self._add([Line(name_span.start, line.column + 1, name_span.end)], "term", place)
            self._body(content, place._replace(first=place.rest, depth=place.depth + 1))
        return end

    def _note(
        self,
        name: str,
        content: Sequence[Line],
        name_span: Span,
        origin: Literal["front matter", "meta"] = "front matter",
    ) -> None:
        """Notes a field and, where people read its value, its prose."""
        span = Span(content[0].start, content[-1].end) if content else name_span
        value = self._source[span.start : span.end] if content else ""
        self._fields.append(Field(name, value, span, origin))
        kind = metadata_kind(name)
        if name in ("abstract", "dedication"):
            # These stand on the page itself, and other fields may follow.
            self._body(content, _Place())
            self._head_end = len(self._blocks)
        elif kind and content:
            prose = Prose(self._source)
            self._pour(prose, content)
            if block := prose.block(kind, zone="metadata"):
                self._metadata.append(block)

    def _heading(self, line: Line, style: str, place: _Place) -> None:
        if style not in self._styles:
            self._styles.append(style)
        prose = Prose(self._source)
        self._pour(prose, [line])
        level = min(self._styles.index(style) + 1, 6)
        if block := prose.block("heading", zone=place.zone, level=level, containers=place.containers):
            self._blocks.append(block)

    def _definition(self, block: Sequence[Line], at: int, base: int, place: _Place) -> int:
        line = block[at]
        text = self._text(line)
        start = marks = counted = 0
        for colon in re.finditer(r"(?<!\s)\s++:\s+", text):
            marks += text.count("`", counted, colon.start())
            counted = colon.start()
            if marks % 2 == 0:
                classified = Line(line.start + start, line.column + start, line.start + colon.start())
                self._add([classified], "term", place)
                start = colon.end()
        end = indented_end(block, at + 1, base)
        term = Line(line.start + start, line.column + start, line.end)
        content = trimmed(block[at + 1 : end])
        if text.endswith("::"):
            # The author forgot a blank line: what follows is meant as code.
            self._add([_without_colons(text, term)], place.first, place)
            return end
        self._add([term], "term", place)
        self._body(content, place._replace(first=place.rest, depth=place.depth + 1))
        return end

    def _paragraph(self, block: Sequence[Line], at: int, base: int, place: _Place) -> int:
        end = at + 1
        while end < len(block) and not block[end].is_blank and block[end].column <= base:
            end += 1
        paragraph = list(block[at:end])
        text = self._text(paragraph[-1])
        is_before_code = text.endswith("::")
        if is_before_code:
            paragraph[-1] = _without_colons(text, paragraph[-1])
        self._add(paragraph, place.first, place)
        return self._literal_end(block, end, base) if is_before_code else end

    def _literal_end(self, block: Sequence[Line], at: int, base: int) -> int:
        """The line after the literal block that a paragraph with `::` at its end announces."""
        while at < len(block) and block[at].is_blank:
            at += 1
        if at == len(block):
            return at
        if block[at].column > base:
            return indented_end(block, at, base)
        mark = self._source[block[at].start]
        if re.match(r"[!-/:-@\[-`{-~]", mark):
            while at < len(block) and not block[at].is_blank and self._source[block[at].start] == mark:
                at += 1
        return at

    def _cells(self, cells: Iterable[Sequence[Line]], place: _Place) -> None:
        for cell in cells:
            self._body(trimmed(cell), place.inside("table")._replace(first="cell", rest="cell"))

    def _csv(self, content: Sequence[Line], place: _Place) -> None:
        for cell in csv_cells(self._source, content):
            self._add(cell, "cell", place.inside("table"))

    # ------------------------------------------------------------------------------- explicit markup

    def _explicit(self, block: Sequence[Line], at: int, base: int, width: int, place: _Place) -> int:
        first = block[at].cut(width)
        if first.is_blank and (at + 1 == len(block) or block[at + 1].is_blank):
            return at + 1
        end = indented_end(block, at + 1, base)
        rest = block[at + 1 : end]
        text = self._text(first)
        if found := form.FOOTNOTE.match(text):
            content = hung(first.cut(found.end()), rest)
            self._body(content, place.inside("footnote")._replace(first="footnote", rest="footnote"))
        elif form.TARGET.match(text):
            return blank_after(block, at, base)
        elif found := form.SUBSTITUTION.match(text):
            name = found["directive"].lower()
            if name == "image" or not self._names.substitutes.get(plain_name(found["name"])):
                self._directive(name, first.cut(found.end()), rest, place)
        elif found := form.DIRECTIVE.match(text):
            self._directive(found["name"].lower(), first.cut(found.end()), rest, place)
        else:
            self._comment([first, *rest], place)
        return end

    def _comment(self, comment: Sequence[Line], place: _Place) -> None:
        content = trimmed(comment)
        if not content:
            return
        start, end = content[0].start, content[-1].end
        if found := directive(self._source[start:end], start):
            self._directives.append(found)
            return
        if place.depth or self._blocks or len(content) > 1:
            return
        # Nikola keeps an article's metadata in comments at its top.
        if meta := form.META_COMMENT.match(self._text(content[0])):
            value = [content[0].cut(meta.start("value"))] if meta["value"] else []
            self._note(meta["name"], value, Span(start, start + len(meta["name"])))

    def _directive(self, name: str, first: Line, rest: Sequence[Line], place: _Place) -> None:
        """Reads a directive: its argument, its options, its content."""
        read = parts(self._source, first, rest)
        argument, whole = read.argument, Span(first.start, first.end)
        if name == "include":
            if argument:
                span = Span(argument[0].start, argument[0].end)
                self._includes.append(Include(self._text(argument[0]), span))
        elif name == "meta":
            for option in options(self._source, [*read.options, *read.content]):
                self._note(meta_name(option.name), option.value, option.span, "meta")
        elif name == "title" or name in AUTHORS:
            self._note("title" if name == "title" else "author", argument, whole)
        elif name == "default-role":
            self._names.roles[""] = self._text(argument[0]).lower() if argument else ""
        elif name == "raw":
            if read.content and argument and self._text(argument[0]).lower() == "html":
                self._html(Span(read.content[0].start, read.content[-1].end), place)
        elif name not in HIDDEN:
            if name == "post":
                if argument:
                    self._note("date", argument, whole)
                for option in options(self._source, read.options):
                    self._note(option.name, option.value, option.span)
            if name in CONTENT or (
                argument and argument[0].start != first.start and name not in UNREAD_ARGUMENT
            ):
                read = Parts([], read.options, joined(argument, read.content))
            self._shown(name, read, place.within(name))

    def _html(self, span: Span, place: _Place) -> None:
        """Reads the HTML that a page takes over as it stands."""
        html: Any = import_module("healthlint.readers.html")
        found: Document = html.fragment(self._source, span).document
        for blocks, kept in ((found.blocks, self._blocks), (found.hidden, self._hidden)):
            shown = (block for block in blocks if block.zone != "metadata")
            kept.extend(replace(block, containers=place.containers + block.containers) for block in shown)
        self._fields += found.fields
        self._includes += found.includes

    def _shown(self, name: str, read: Parts, place: _Place) -> None:
        """Adds the parts of a directive that are seen on the page."""
        argument = read.argument
        if argument:
            self._argument(name, argument, place)
        url = self._text(argument[0]) if argument and name in ("image", "figure") else ""
        for option in options(self._source, read.options):
            if option.name in OPTION_KINDS and option.value:
                self._add(option.value, OPTION_KINDS[option.name], place, url if option.name == "alt" else "")
            elif option.name == "header" and name == "csv-table":
                self._csv(option.value, place)
        if name == "csv-table":
            self._csv(read.content, place)
        elif name in ("list-table", "flat-table"):
            self._body(read.content, place.inside("table")._replace(rows=2))
        elif name != "image":
            self._body(read.content, place)

    def _argument(self, name: str, argument: list[Line], place: _Place) -> None:
        """Adds what of a directive's argument is prose."""
        text = self._text(argument[0])
        if name in VERSIONS:
            version = re.match(r"\S+\s*", text)
            argument[0] = argument[0].cut(version.end() if version else 0)
            self._add([line for line in argument if not line.is_blank], place.rest, place)
        elif name in UNREAD_ARGUMENT or ":" in name:
            return
        elif name in TABLES:
            self._add(argument, "caption", place.inside("table"))
        elif name in ASIDES or len(argument) > 1 or " " in text or name.startswith(("tab", "card")):
            self._add(argument, place.rest, place)


def _without_colons(text: str, line: Line) -> Line:
    """The line without the `::` at its end, or with one colon left where it ends a word."""
    kept = text[:-2].rstrip() if text[:-2] != text[:-2].rstrip() or text == "::" else text[:-1]
    return Line(line.start, line.column, line.end - len(text) + len(kept))
