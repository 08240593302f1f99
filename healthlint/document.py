r"""One article as prose that remembers where it came from.

A reader turns a file into a `Document`: blocks of normalised text (entities decoded, curly quotes and
non-breaking spaces folded, soft hyphens and zero-width characters dropped, look-alike letters as those they
look like, a hard wrap as one space), in which every character knows its place in the source.

A worked example, the Markdown source ``No side\n&amp; **ef**fects``::

    source   N o _ s i d e ⏎ & a m p ; _ * * e f * * f e c t s
    offset   0 . . . . . . 7 8 . . . 12  14   16    18  20   25
    runs     ("No side", 0-7) (" ", 7-8) ("&", 8-13) (" ", 13-14) ("ef", 16-18) ("fects", 20-25)
    text     No side & effects

`Block.source_span(10, 17)`, the word "effects", is 16-25: what an editor has to look at in the file.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from healthlint.span import Position, Span, line_starts, position

HOLE = "\ufffc"
"""Stands in block text for what is in the source but is not prose: code, an expression, an image."""

Kind = Literal[
    "title",  # the document's title as metadata: front matter, <title>, og:title, JSON-LD headline
    "description",  # front matter or meta description, og:description, JSON-LD description
    "heading",
    "paragraph",
    "item",  # the text of one list item
    "term",  # the term of a definition list
    "cell",  # one table cell
    "caption",
    "footnote",  # the text of a footnote definition
    "alt",  # the alternative text of an image
    "label",  # aria-label, title attribute, prose props of JSX
    "field",  # other front-matter text that readers see (summary, excerpt, tags)
]

Zone = Literal[
    "article",  # the article itself, visible to its readers
    "chrome",  # visible around the article: site header, navigation, sidebar, footer
    "metadata",  # about the article: front matter, <head>, JSON-LD; not part of the visible page
    "hidden",  # in the page and kept from its readers: by a style, or `hidden`; only in `Document.hidden`
]


Action = Literal["disable-next-line", "disable-line", "disable", "enable", "disable-file", "unknown"]
"""What a suppression does; "unknown" when it begins like one and cannot be understood."""


class Run(NamedTuple):
    """A stretch of block text and the source it stands for.

    When text and span have the same length they correspond character by character; otherwise the
    whole text stands for the whole span (an entity, an escape, a hard wrap, a hole).
    """

    text: str
    span: Span


class Link(NamedTuple):
    """A link, image source or footnote reference inside a block.

    `start` and `end` are offsets into the block's text (half-open, from 0; equal when the link has no
    text); `url` is the target as written, "#footnote" for a footnote reference.
    """

    start: int
    end: int
    url: str


class Disguise(NamedTuple):
    """A word that is not written as it is read."""

    text: str
    """What it is read as."""
    span: Span
    by: str
    """What hides it, as "digits or signs for letters"."""


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list item, table cell, quotation paragraph, caption or alt text."""

    kind: Kind
    runs: tuple[Run, ...]
    zone: Zone = "article"
    level: int = 0
    """1-6 for headings, nesting depth from 1 for list items, else 0."""
    containers: tuple[str, ...] = ()
    """What the block stands in, outermost first: "quote", "list", "table", "footnote", "details",
    "aside", "small", "figure", "header", "footer", "nav", or the lower-case name of a JSX component."""
    links: tuple[Link, ...] = ()
    disguises: tuple[Disguise, ...] = ()

    @cached_property
    def text(self) -> str:
        """The block's normalised prose."""
        return "".join(run.text for run in self.runs)

    @cached_property
    def linked(self) -> int:
        """How many characters of the prose are in links."""
        return sum(link.end - link.start for link in self.links)

    @cached_property
    def _link_ends(self) -> tuple[list[int], list[int]]:
        """Where links begin, rising, and for each how far it or one before it reaches."""
        spans = sorted((link.start, link.end) for link in self.links)
        return [start for start, _ in spans], list(accumulate((end for _, end in spans), max))

    def is_linked(self, start: int, end: int) -> bool:
        """Whether a link stands over any of `text[start:end]`, or points from inside it."""
        starts, ends = self._link_ends
        before = bisect_left(starts, end)
        return before > 0 and ends[before - 1] > start

    @cached_property
    def _sorted_links(self) -> list[Link]:
        return sorted(self.links)

    def links_from(self, start: int, end: int) -> Sequence[Link]:
        """The links that begin at `start`, at `end`, or between them."""
        links = self._sorted_links
        return links[bisect_left(links, (start,)) : bisect_left(links, (end + 1,))]

    @property
    def word_count(self) -> int:
        """About how many words the block has: what spaces part."""
        return self.text.count(" ") + 1

    @cached_property
    def _run_starts(self) -> tuple[int, ...]:
        starts, at = [], 0
        for run in self.runs:
            starts.append(at)
            at += len(run.text)
        return tuple(starts)

    @property
    def span(self) -> Span:
        """From the first source character of the block's prose to the last."""
        return Span(self.runs[0].span.start, self.runs[-1].span.end)

    @property
    def is_visible(self) -> bool:
        """Whether a reader of the page sees this block as text."""
        return self.zone != "metadata" and self.kind not in ("alt", "label", "field")

    def source_span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in the source; needs 0 <= start < end <= len(text)."""
        first = bisect_right(self._run_starts, start) - 1
        last = bisect_right(self._run_starts, end - 1) - 1
        run = self.runs[first]
        begin = run.span.start
        if len(run.text) == run.span.end - run.span.start:
            begin += start - self._run_starts[first]
        run = self.runs[last]
        stop = run.span.end
        if len(run.text) == run.span.end - run.span.start:
            stop = run.span.start + end - self._run_starts[last]
        return Span(begin, stop)


def bare(name: str) -> str:
    """The letters and digits of a name, in lower case: "last_reviewed" and "lastReviewed" are one."""
    return "".join(filter(str.isalnum, name.lower()))


class Field(NamedTuple):
    """One piece of metadata: a front-matter value, a meta tag, a JSON-LD property, a byline.

    Nested keys are joined by dots ("author.name"); the items of a list share a name. `value` is the
    text as written, without quotes, "" when empty. `span` is the value, or the key when it is empty.
    """

    name: str
    value: str
    span: Span
    origin: Literal["front matter", "meta", "json-ld", "html", "export"]


class Directive(NamedTuple):
    """A suppression written in the article, such as `healthlint-disable-next-line cure-claim -- why`."""

    action: Action
    rules: tuple[str, ...]
    """Rule ids or families; empty means every rule."""
    reason: str
    """What stands after `--`, "" if nothing does."""
    span: Span
    """The directive itself, without the comment marks."""
    until: str = ""
    """The last day on which it holds, as an ISO date; "" for always."""


class Include(NamedTuple):
    """A hole that is filled when the site is built: a shortcode, partial, component or PHP include."""

    name: str
    """As written: "medical-disclaimer", "partials/disclaimer.html", "MedicalDisclaimer"."""
    span: Span


class Fault(NamedTuple):
    """Something in the article that could not be read, though the rest could."""

    message: str
    span: Span


@dataclass(frozen=True)
class Document:
    """One article, immutable."""

    source: str
    """The decoded text of the file, without a byte-order mark, line ends as they stand."""
    path: str = "<text>"
    format: str = "text"
    blocks: tuple[Block, ...] = ()
    """In source order, except that metadata blocks come first."""
    fields: tuple[Field, ...] = ()
    directives: tuple[Directive, ...] = ()
    includes: tuple[Include, ...] = ()
    faults: tuple[Fault, ...] = ()
    hidden: tuple[Block, ...] = ()
    """What the page does not show as it is opened, in source order: in the zone "hidden" what nothing will show, in
    the zone "article" what opens, as tabs do, or is hidden from some readers only."""
    sha256: str = ""
    """Of the file's bytes, in hexadecimal; "" for text that was in no file."""
    encoding: str = "utf-8"
    """Of the file, as Python calls it."""

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        return line_starts(self.source)

    def position(self, offset: int) -> Position:
        """Line and column, both from 1, of a source offset (0 <= offset <= len(source))."""
        return position(self._line_starts, offset)

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its line end; of the same line the same text, however long it is."""
        if number not in self._lines:
            starts = self._line_starts
            end = starts[number] if number < len(starts) else len(self.source)
            self._lines[number] = self.source[starts[number - 1] : end].rstrip("\r\n")
        return self._lines[number]

    @cached_property
    def _lines(self) -> dict[int, str]:
        return {}

    @cached_property
    def sections(self) -> tuple[tuple[int, ...], ...]:
        """For each block, the indices of the headings above it, outermost first."""
        open_headings: list[int] = []
        found: list[tuple[int, ...]] = []
        for index, block in enumerate(self.blocks):
            if block.kind == "heading":
                while open_headings and self.blocks[open_headings[-1]].level >= block.level:
                    open_headings.pop()
            found.append(tuple(open_headings))
            if block.kind == "heading":
                open_headings.append(index)
        return tuple(found)
