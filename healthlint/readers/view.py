"""A source as the Markdown parser is to see it.

What the parser does not know is overwritten at the same length before it reads; indentation that it would
misread is left out. `Offsets` leads from what the parser read back to the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple, TypeVar

from healthlint.document import Kind, Zone
from healthlint.readers import template
from healthlint.readers.prose import MASK
from healthlint.span import Span

DEEPEST = 64
"""Open HTML elements and containers beyond this depth are not kept apart."""
FEWEST_GAPS = 100
"""So many cells may be missing in any table."""

_RUN_OF_WIDTH = re.compile("[\x00-\x7f]+|[\x80-\u07ff]+|[\u0800-\uffff]+|[\U00010000-\U0010ffff]+")
_NOT_LINE_END = re.compile(r"[^\r\n]")
_ATTRIBUTE_LIST = re.compile(
    r"\{::comment\}(?P<comment>[^{]*)\{:/[^{}\n]*\}"
    r"|\{::?[^{}\n]*\}|\{:/[^{}\n]*\}"
    r"|(?<=[)\]}`*_ \t\n])\{(?:\#[\w-][^{}\n]*|\.[\w-][^{}\n]*|[\w-]+=[^{}\n]*)\}"
    r"|\[(?<![^\s]\[)\[?_*toc_*\]\]?(?=[ \t]*$)",
    re.MULTILINE | re.IGNORECASE,
)
_COLONS = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<colons>:{3,}+)[ \t]*+(?:"
    r"(?P<name>\{[^{}\r\n]*\}|[A-Za-z][\w-]*)(?:\[(?P<bracketed>[^\r\n]*)\]|(?P<rest>[^\r\n]*))?)?[ \t]*\r?$",
    re.MULTILINE,
)
_COLONS_TITLE = re.compile(
    r"""\s*+(?:\{[^{}]*\}\s*+)?(?P<title>[^:{}\s](?:[^{}]*[^:{}\s])?)[\s:]*+(?:\{[^{}]*\}[ \t:]*)?\Z"""
)
_COLONS_TITLE_ATTRIBUTE = re.compile(r"""\btitle=["'](?P<title>[^"'\r\n]+)["']""")
_MARKS = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>!!!|\?\?\?\+?|===[!+]?)(?:[ \t]+(?P<name>[A-Za-z][\w-]*(?: [\w-]+)*))?"
    r"(?:[ \t]+\"(?P<title>[^\r\n]*)\")?[ \t]*\r?$",
    re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t>]*(?P<mark>`{3,}+|~{3,}+)(?P<info>[^\r\n]*+)\r?$", re.MULTILINE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n]|\Z)")
_DASHES = re.compile(r"(?<![^\r\n])(?=[^|\r\n]*+\|)(?=[^-\r\n]*+-)[ \t>|:-]++(?![^\r\n])")
# What opens a quotation or an item of a list; several may stand at the beginning of a line.
_MARKER = r"(?:[ \t]*+(?:>|(?:[*+-]|\d{1,9}[.)])[ \t]))"
_DEEP = re.compile(rf"[\r\n]{_MARKER}{{{DEEPEST}}}(?P<deeper>{_MARKER}++)")


T = TypeVar("T")


class Enclosure(NamedTuple):
    """A stretch of the source whose blocks have a container, or are not shown at all."""

    span: Span
    container: str
    """The name for `Block.containers`, or "" for none."""
    is_hidden: bool = False
    kind: Kind = "paragraph"
    """What a paragraph in it is."""
    level: int = 0
    unseen_zone: Zone | None = None
    """The zone of its text in `Document.hidden`, when that is not shown and is prose."""


class Cut(NamedTuple):
    """A stretch of the source that the parser does not see, and what it sees instead."""

    span: Span
    instead: str = ""
    """Only white space: nothing of it can become prose."""


class View(NamedTuple):
    """A source as the Markdown parser is to see it."""

    text: str
    """As long as the source: U+FFFC for holes, `MASK` for nothing, spaces for blank lines."""
    start: int = 0
    """Where the body begins."""
    cuts: tuple[Cut, ...] = ()
    """Such as indentation that is none, in order."""
    enclosures: tuple[Enclosure, ...] = ()
    titles: frozenset[int] = frozenset()
    """Where lines begin that the parser is to read as headings, but that are titles of admonitions."""
    indented_code: bool = True
    """Whether indentation makes code."""


def outside(code: Sequence[Span], found: Iterable[tuple[Span, T]]) -> Iterator[T]:
    """What of `found` does not begin in `code`; both are in order."""
    at = 0
    for span, thing in found:
        while at < len(code) and code[at].end <= span.start:
            at += 1
        if at == len(code) or code[at].start > span.start:
            yield thing


def fences(text: str, start: int) -> list[Span]:
    """The fenced code of `text` from `start` on, as far as lines alone can tell."""
    if "```" not in text and "~~~" not in text:
        return []
    found = []
    begun, mark = -1, ""
    for fence in _FENCE.finditer(text, start):
        if begun < 0:
            if fence["mark"][0] == "~" or "`" not in fence["info"]:
                begun, mark = fence.start(), fence["mark"]
        elif fence["mark"].startswith(mark) and not fence["info"].strip():
            found.append(Span(begun, fence.end()))
            begun = -1
    if begun >= 0:
        found.append(Span(begun, len(text)))
    return found


def overwritten(text: str, pieces: Iterable[tuple[Span, str]]) -> str:
    """`text` with a piece of the same length in the place of each span; spans are in order."""
    joined: list[str] = []
    at = 0
    for (start, end), piece in pieces:
        joined += (text[at:start], piece)
        at = end
    return "".join([*joined, text[at:]])


def shallow(text: str) -> str:
    """`text` with nothing in the place of what would open quotations and lists deeper than `DEEPEST` on one line.

    The parser would need a kilobyte of memory for each.
    """
    spans = (Span(*found.span("deeper")) for found in _DEEP.finditer(f"\n{text}"))
    pieces = ((Span(start - 1, end - 1), MASK * (end - start)) for start, end in spans)
    return overwritten(text, pieces)


def filled(text: str) -> str:
    """`text` with nothing in the place of the dashes of tables of which more cells are missing than they have characters.

    The parser would need a kilobyte of memory for each cell that a row lacks. Such a table is a paragraph.
    """
    pieces, end = [], 0
    for dashes in _DASHES.finditer(text):
        if dashes.start() < end:  # a row of the table before
            continue
        _, *rows = takewhile(lambda row: row[0].strip(" \t\r\n>"), _LINE.finditer(text, dashes.start()))
        columns, end = dashes[0].count("|"), rows[-1].end() if rows else dashes.end()
        missing = sum(max(0, columns - row[0].count("|")) for row in rows)
        if missing > max(FEWEST_GAPS, len(dashes[0]) + end - dashes.start()):
            pieces.append((Span(*dashes.span()), MASK * len(dashes[0])))
    return overwritten(text, pieces)


def blank(text: str) -> str:
    """White space as long as `text`, with its line ends."""
    return _NOT_LINE_END.sub(" ", text)


def attribute_lists(text: str, start: int) -> list[template.Tag]:
    """Kramdown's `{: .class}` and `{::comment}`, attributes such as `{#id}` and `{width=50%}`, and `[TOC]`."""
    if "{" not in text and "[" not in text:
        return []
    return [
        template.Tag(Span(*found.span()), "", Span(*found.span("comment")) if found["comment"] else None)
        for found in _ATTRIBUTE_LIST.finditer(text, start)
    ]


def without(text: str, tags: Iterable[template.Tag]) -> str:
    """`text` with `tags` overwritten by nothing at all, so that no gap is left where they stood."""
    return overwritten(text, ((tag.span, _nothing(text, tag.span)) for tag in tags))


def _nothing(text: str, span: Span) -> str:
    if template.has_own_lines(text, span):
        return blank(text[span.start : span.end])
    return MASK * (span.end - span.start)


def with_admonitions(view: View, code: Sequence[Span]) -> View:
    """`view` with the marker lines of `:::`, `!!!` and `???` blocks as headings of their titles, or blank."""
    if ":::" in view.text:
        view = _with_colons(view, code)
    if "!!!" in view.text or "???" in view.text or '=== "' in view.text:
        view = _with_marks(view)
    return view


def _title_line(line: re.Match[str], title: Span) -> str:
    """A marker line without its marker: only its title, or nothing."""
    text, indent = line[0], line["indent"]
    if title.start == title.end:
        return indent + blank(text[len(indent) :])
    start, end = title.start - line.start(), title.end - line.start()
    return indent + " " * (start - len(indent)) + text[start:end] + blank(text[end:])


def _with_colons(view: View, code: Sequence[Span]) -> View:
    pieces, titles, enclosures = [], [], []
    begun: list[tuple[int, str]] = []
    lines = ((Span(*line.span()), line) for line in _COLONS.finditer(view.text, view.start))
    for line in outside(code, lines):
        name = (line["name"] or "").strip("{} .#").lower()
        title = Span(line.end(), line.end())
        if name:
            found = _COLONS_TITLE_ATTRIBUTE.search(view.text, line.start(), line.end())
            if not found and line["rest"]:
                found = _COLONS_TITLE.match(view.text, line.start("rest"), line.end("rest"))
            if line["bracketed"]:
                title = Span(*line.span("bracketed"))
            elif found:
                title = Span(*found.span("title"))
            begun.append((line.start(), "details" if name in ("details", "dropdown", "spoiler") else "aside"))
        elif begun:
            at, container = begun.pop()
            enclosures.append(Enclosure(Span(at, line.start()), container))
        titles += [line.end("indent")] if title.start < title.end else []
        pieces.append((Span(*line.span()), _title_line(line, title)))
    return replace_view(view, pieces, enclosures, titles)


def _with_marks(view: View) -> View:
    pieces, titles, enclosures, cuts = [], [], [], []
    text = view.text
    # For each open block: how deep its body is indented, where it begins, its container.
    begun: list[tuple[int, int, str]] = []
    outermost = 0
    at = last = view.start
    while at < len(text):
        line = _LINE.match(text, at)
        if not line:
            break
        body = line[0].rstrip("\r\n")
        indent = len(body) - len(body.lstrip(" \t"))
        width = len(body[:indent].expandtabs(4))
        if indent < len(body):
            while begun and width < begun[-1][0]:
                _, start, container = begun.pop()
                enclosures.append(Enclosure(Span(start, last), container))
            last = line.end()
        if begun and indent:
            cuts.append(Cut(Span(at, at + characters(body[:indent], begun[-1][0] - outermost))))
        mark = _MARKS.match(text, at) if body[indent : indent + 3] in ("!!!", "???", "===") else None
        if mark and bool(mark["name"]) != mark["mark"].startswith("=") and len(begun) < DEEPEST:
            title = Span(*mark.span("title")) if mark["title"] else Span(0, 0)
            titles += [mark.end("indent")] if title.end else []
            pieces.append((Span(*mark.span()), _title_line(mark, title)))
            if not begun:
                outermost = width
            begun.append((width + 4, at, "details" if mark["mark"].startswith("?") else "aside"))
        at = line.end()
    enclosures += [Enclosure(Span(start, last), container) for _, start, container in begun]
    view = replace_view(view, pieces, enclosures, titles)
    return view._replace(cuts=tuple(sorted([*view.cuts, *cuts])))


def characters(indent: str, columns: int) -> int:
    """How many characters of an indentation make so many columns."""
    width = 0
    for count, character in enumerate(indent):
        if width >= columns:
            return count
        width += 4 - width % 4 if character == "\t" else 1
    return len(indent)


def replace_view(
    view: View, pieces: Iterable[tuple[Span, str]], enclosures: Iterable[Enclosure], titles: Iterable[int]
) -> View:
    """`view` with pieces of its text overwritten, and more enclosures and titles."""
    return view._replace(
        text=overwritten(view.text, pieces),
        enclosures=(*view.enclosures, *enclosures),
        titles=view.titles.union(titles),
    )


class Offsets:
    """Where a byte of what the parser read stands in the source."""

    def __init__(self, text: str, start: int, cuts: Sequence[Cut]) -> None:
        self._bytes: list[int] = []
        self._places: list[int] = []
        self._widths: list[int] = []
        pieces: list[str] = []
        at, byte = start, 0
        for cut, instead in (*cuts, Cut(Span(len(text), len(text)))):
            for run in _RUN_OF_WIDTH.finditer(text, at, cut.start):
                width = len(run[0][0].encode())
                self._add(byte, run.start(), width)
                byte += width * (run.end() - run.start())
            if instead:
                self._add(byte, cut.end, len(instead))
                byte += len(instead)
            pieces += (text[at : cut.start], instead)
            at = cut.end
        self.text = "".join(pieces)
        """What the parser is to read."""
        self._start = start if self.text.isascii() and not cuts else -1

    def _add(self, byte: int, place: int, width: int) -> None:
        self._bytes.append(byte)
        self._places.append(place)
        self._widths.append(width)

    def span(self, start: int, end: int) -> Span:
        """The source of the bytes from `start` to `end`."""
        if self._start >= 0:
            return Span(start + self._start, end + self._start)
        first = self._place(start)
        return Span(first, self._place(end - 1) + 1 if end > start else first)

    def _place(self, byte: int) -> int:
        run = bisect_right(self._bytes, byte) - 1
        return self._places[run] + (byte - self._bytes[run]) // self._widths[run] if run >= 0 else 0
