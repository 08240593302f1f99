"""HTML pages, PHP templates, and the HTML inside Markdown.

The tokens are turbohtml's, each with its exact place; blocks are built from them with a stack of open
elements that forgives what browsers forgive. Nothing recurs over the depth of the page.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Literal, NamedTuple

from turbohtml import Token, TokenType, tokenize

from healthlint.document import HOLE, Block, Directive, Document, Fault, Field, Include, Kind, Run, Zone
from healthlint.readers import byline, jsonld, landmark, php, template
from healthlint.readers.address import addresses
from healthlint.readers.directive import directive
from healthlint.readers.landmark import Landmark
from healthlint.readers.markup import (
    BLOCKS,
    CELLS,
    CONTAINERS,
    DESCRIPTIONS,
    ENDING_HEADING,
    ENDING_P,
    GAPS,
    HEADINGS,
    IMPLIED,
    KINDS,
    LANDMARKS,
    LISTS,
    NOTED,
    OF_PARTS,
    PARTS,
    ROWS,
    SCOPES,
    TITLES,
    UNSEEN,
    VOID,
    attribute_value,
    attributes,
    closed,
    is_hidden,
    is_opened,
    references,
)
from healthlint.readers.prose import MASK, Prose
from healthlint.span import Span, line_starts

MOST_CONTAINERS = 32
"""How many containers a block names at most; only hostile pages nest deeper."""

_TEXT, _START_TAG, _END_TAG = TokenType.TEXT, TokenType.START_TAG, TokenType.END_TAG
_CHARACTER_REFERENCE, _COMMENT = TokenType.CHARACTER_REFERENCE, TokenType.COMMENT

_MARKER = re.compile(r"\s*+(?:[•·▪●◦‣∙■□➤►✓✔]|(?:[*–—-]|\(?\d{1,2}[.)])(?=\s))\s*")
_BULLETS = frozenset("•·▪●◦‣∙■□➤►✓✔")
# The text of a superscript that points to a note, once its markup is gone.
_NOTE_MARK = re.compile(r"[\[\]()\s\d,*†‡§–-]{1,20}|\s*[a-z]\s*")
_MARKUP = re.compile(r"<[^>]*>")
_LONGEST_NOTE = 700
_FOOTNOTES = re.compile(r"(?<![\w-])(?:doc-endnotes?|doc-footnotes?|footnotes?)(?![\w-])", re.IGNORECASE)
_SERVER_INCLUDE = re.compile(r"\s*#include\s+(?:virtual|file)\s*=\s*[\"']([^\"'\r\n]+)[\"']", re.IGNORECASE)
_EMPTY_TAG = "</>"
# A page that breaks off in its last so many characters has lost nothing.
_NEGLIGIBLE = 1_000
_LONGEST_NAMES = 400
# Of so many hidden elements it is looked up whether the page names them elsewhere.
_MOST_IDENTIFIED = 64
# Inline elements that were left open are looked through only so far.
_REACH = 64


class OpenElement(NamedTuple):
    """An element that is still open at the end of a piece of HTML, and what stands in it."""

    name: str
    kind: Kind = "paragraph"
    level: int = 0
    container: str = ""
    """One of `Block.containers`, or ""."""
    zone: Zone = "article"
    is_hidden: bool = False
    """Whether what stands in it is not shown."""
    unseen_zone: Zone | None = None
    """The zone of its text in `Document.hidden`, when that is not shown and is prose."""


def read(source: str, path: str) -> Document:
    """The article in the HTML or PHP text `source`; never raises."""
    return _Page(source, Span(0, len(source)), is_php=_is_php(path)).document(path)


class Fragment(NamedTuple):
    """A piece of HTML that stands in another text."""

    document: Document
    """What is in it, with spans into the whole text."""
    opened: tuple[OpenElement, ...]
    """The elements that are open behind it, outermost first."""


def fragment(source: str, span: Span, opened: tuple[OpenElement, ...] = ()) -> Fragment:
    """The HTML at `span` of `source`; never raises.

    `opened` are the elements that were opened before, outermost first, and not closed yet.
    """
    page = _Page(source, span, opened)
    return Fragment(page.document(""), page.opened)


_HELD = CELLS | ROWS | frozenset((
    "html", "head", "title", "frameset", "li", "dt", "dd", "option", "optgroup", "legend", "summary", "figcaption",
))  # fmt: skip
"""Blocks beside which only others of their kind can stand."""


class Edge(NamedTuple):
    """A place beside a tag where an element can be put."""

    at: int
    is_behind: bool
    """Whether it is behind the tag: an end tag, or that which opens the body."""


def edges(source: str, path: str, span: Span) -> Iterator[Edge]:
    """The places beside the tags in `span` that begin or end a block, in order; never raises."""
    page = _Page(source, Span(0, len(source)), is_php=_is_php(path))
    starts = line_starts(page.text)
    for token in tokenize(page.text, resolve_references=False):
        at = starts[token.line - 1] + token.col
        if at >= span.end:
            return
        if at < span.start or token.tag not in BLOCKS - _HELD:
            continue
        is_behind = (token.type is _END_TAG) != (token.tag == "body")
        yield Edge(page.tag_end(at) if is_behind else at, is_behind)


def _is_php(path: str) -> bool:
    return path.lower().endswith((".php", ".phtml", ".inc"))


class _Element:
    __slots__ = (
        "blocks", "cell", "cells", "characters", "container", "containers", "hides", "in_comments", "in_part",
        "inside", "is_chrome", "is_layout", "kind", "landmark", "leaves_gap", "level", "linked", "links",
        "lists", "mains", "name", "parent", "rows", "start", "table", "titles", "unseen_zone",
    )  # fmt: skip

    def __init__(self, name: str, parent: _Element | None, start: int) -> None:
        self.name = name
        self.parent = parent
        self.start = start
        self.inside = 0
        self.unseen_zone: Zone | None = None
        self.container = ""
        self.containers: tuple[str, ...] = ()
        self.landmark: Landmark = ""
        self.is_chrome = self.hides = self.leaves_gap = False
        # What tells a table of data from one that is only layout.
        self.is_layout = False
        self.rows = self.cells = self.blocks = 0
        # Counted from the start of the page while the element is open, then within it.
        self.characters = self.linked = self.links = self.titles = self.mains = 0
        self.kind: Kind = "paragraph"
        self.level = self.lists = 0
        self.cell: _Element | None = None
        self.table: _Element | None = None
        self.in_part = self.in_comments = False
        if parent is not None:
            self.kind, self.level, self.lists = parent.kind, parent.level, parent.lists
            self.cell, self.table = parent.cell, parent.table
            self.in_part, self.in_comments = parent.in_part, parent.in_comments


class _Byline:
    __slots__ = ("element", "end", "length", "name", "pieces", "start")

    def __init__(self, name: str, element: _Element) -> None:
        self.name = name
        self.element = element
        self.pieces: list[str] = []
        self.start = self.end = -1
        self.length = 0


class _Draft(NamedTuple):
    block: Block
    element: _Element
    is_small: bool


class _Page:
    """One reading of a page or of a piece of one, from left to right."""

    def __init__(
        self,
        source: str,
        span: Span,
        opened: tuple[OpenElement, ...] = (),
        *,
        is_php: bool = False,
        is_unseen: bool = False,
    ) -> None:
        """`is_unseen` is for what stands in an element that hides it: it is read as if it were shown."""
        self.source = source
        self.offset = span.start
        self.written = source if span == (0, len(source)) else source[span.start : span.end]
        self.shown = self._masked(is_php)
        self.text = closed(self.shown)
        self.prose = Prose(self.shown)
        self.drafts: list[_Draft] = []
        self.own: list[_Draft] = []
        self.metadata: list[Block] = []
        self.fields: list[Field] = []
        self.directives: list[Directive] = []
        self.faults: list[Fault] = []
        self.unseen: list[Span] = []
        self.is_unseen = is_unseen
        self.kept_back: list[tuple[Span, _Element]] = []
        self.identified = 0
        self.has_buttons = "<button" in self.text or "<script" in self.text
        self.bylines: list[_Byline] = []
        self.signed: list[tuple[Field, _Element]] = []

        self.hidden = 0
        self.after_break = False
        self.is_typed_item = False
        self.has_small = self.has_large = False
        self.small = 0
        self.link: _Element | None = None
        self.heading: _Element | None = None
        self.has_links = False
        self.title: Prose | None = None
        self.json_ld = False
        self.skip = 0
        # The first end of a comment behind the last one that was read: many comments may end otherwise.
        self.comment_end = -1

        self.characters = self.linked = self.links = self.titles = self.mains = 0
        root = _Element("", None, 0)
        self.elements = [root]
        self.stack = [root]
        self.scope: dict[str, int] = {}
        self.outer_scopes: list[dict[str, int]] = []
        self.boundaries: list[int] = []
        self.templates = 0
        self.opened: tuple[OpenElement, ...] = ()
        for element in opened:
            self._reopen(element)
        self._read()

    # What the page is made of.

    def _masked(self, is_php: bool) -> str:
        """The text with the same length in which code of the server and of the site builder are holes."""
        text = self.written
        self.includes: list[Include] = []
        if "<?" in text:
            code = php.code(text, is_php=is_php)
            self.includes += code.includes
            text = template.masked(text, [template.Tag(span, "") for span in code.spans])
        if "{{" in text or "{%" in text or "{#" in text or "<%" in text or "[" in text or "8<" in text:
            tags = [tag for tag in template.tags(text) if not _crosses_script(text, tag.span)]
            self.includes += (Include(tag.include, tag.span) for tag in tags if tag.include)
            self.comments = [tag.comment for tag in tags if tag.comment]
            text = template.masked(text, tags)
        else:
            self.comments = []
        # An empty end tag is nothing at all: it does not even end the text before it.
        return text.replace(_EMPTY_TAG, MASK * len(_EMPTY_TAG))

    def _read(self) -> None:
        text = self.text
        starts = line_starts(text)
        has_returns = "\r" in text
        token: Token | None = None
        at = 0
        for token in tokenize(text, resolve_references=False):
            sort = token.type
            at = starts[token.line - 1] + token.col
            if at < self.skip:
                continue
            if sort is _TEXT:
                data = token.data or ""
                end = at + len(data)
                if has_returns and (newlines := data.count("\n")):
                    end = starts[token.line - 1 + newlines] + len(data) - 1 - data.rfind("\n")
                if self.hidden:
                    if self.json_ld:
                        self._add_json_ld(at, end)
                else:
                    self._add_text(at, end, data)
            elif sort is _START_TAG:
                self._start(token, at)
            elif sort is _END_TAG:
                self._end(token.tag or "", at)
            elif sort is _CHARACTER_REFERENCE:
                if not self.hidden:
                    self._add_reference(token.data or "", Span(at, at + len(token.source or "")))
            elif sort is _COMMENT:
                self._comment(at, token.data or "")
        for tag_comment in self.comments:
            self._direct(tag_comment.start, tag_comment.end)
        if (
            token is not None
            and token.type is _COMMENT
            and not text.endswith(">")
            and len(text) - at > _NEGLIGIBLE
        ):
            self.faults.append(
                Fault("a comment is never closed, and hides the rest of the page", Span(at, at + 4))
            )
        for element in self.stack:
            if element.hides and len(text) - element.start > _NEGLIGIBLE:
                message = f"<{element.name}> is never closed, and hides the rest of the page"
                self.faults.append(Fault(message, Span(element.start, self.tag_end(element.start))))
                break
        self._flush()
        self._end_title()
        self.opened = tuple(_open_element(element) for element in self.stack[1:])
        while len(self.stack) > 1:
            self._pop(len(text), len(text))

    # Text.

    def _add_text(self, at: int, end: int, data: str) -> None:
        prose = self.prose if self.title is None else self.title
        visible = len(data.strip())
        if not visible:
            prose.space(Span(at, end))
            if self.bylines:
                self._part_bylines()
            return
        if (self.after_break or not prose) and prose is self.prose:
            marker = _MARKER.match(self.text, at, end)
            if marker and (self.after_break or marker[0].strip() in _BULLETS):
                self._flush()
                self.is_typed_item = True
                at = marker.end()
            self.after_break = False
        self._add_literal(prose, at, end)
        if prose is self.prose:
            self._count(visible)
        if self.bylines:
            self._sign(self.written[at:end], at, end)

    def _add_literal(self, prose: Prose, at: int, end: int) -> None:
        """Add text as it stands; the bare addresses in it are holes."""
        for address in addresses(self.text, at, end):
            prose.literal(at, address.start)
            prose.open_link(address.url)
            prose.hole(Span(address.start, address.end))
            prose.close_link()
            at = address.end
        prose.literal(at, end)

    def _add_reference(self, data: str, span: Span) -> None:
        prose = self.prose if self.title is None else self.title
        if not data.isspace():
            if prose is self.prose and data in _BULLETS and (self.after_break or not prose):
                self._flush()
                self.is_typed_item = True
                return
            self.after_break = False
            if prose is self.prose:
                self._count(1)
        prose.decoded(data, span)
        if self.bylines:
            self._sign(data, *span)

    def _count(self, characters: int) -> None:
        self.characters += characters
        if self.link:
            self.linked += characters
        if self.small:
            self.has_small = True
        else:
            self.has_large = True

    def _sign(self, text: str, at: int, end: int) -> None:
        for open_byline in self.bylines:
            if open_byline.length <= byline.LONGEST:
                if open_byline.start < 0 and not text.isspace():
                    open_byline.start = at + len(text) - len(text.lstrip())
                open_byline.pieces.append(text)
                open_byline.length += len(text)
                open_byline.end = end

    def _part_bylines(self) -> None:
        for open_byline in self.bylines:
            open_byline.pieces.append(" ")

    def _flush(self) -> None:
        """Close the block that is being built, as text of the innermost open element."""
        self.after_break = False
        if self.bylines:
            self._part_bylines()
        if self.prose or self.has_links:
            element = self.stack[-1]
            kind, level = element.kind, element.level
            if self.is_typed_item and kind in ("paragraph", "cell"):
                kind, level = "item", element.lists or 1
            block = self.prose.block(kind, level=level)
            self.has_links = self.link is not None
            if block:
                self.drafts.append(_Draft(block, element, self.has_small and not self.has_large))
                if element.cell:
                    element.cell.blocks += 1
        self.is_typed_item = self.has_small = self.has_large = False
        if self.own:
            self.drafts += self.own
            self.own = []

    # Tags.

    def _start(self, token: Token, at: int) -> None:
        name = token.tag or ""
        attrs = dict(token.attrs) if token.attrs else {}
        if name in BLOCKS:
            if self.hidden and name in ENDING_P and not self.scope.get("foreignobject"):
                # HTML does not stand in drawings: browsers take them to have ended.
                for drawing in ("svg", "math"):
                    if self.scope.get(drawing):
                        self._pop_named(drawing, at)
            if not self.hidden:
                self._flush()
            self._close_implied(name, at)
            if name in ("html", "body", "head", "frameset"):
                if attrs.get("lang"):
                    self._add_field("lang", attributes(self.text, at)["lang"], "html")
                return
        if name in VOID:
            if not self.hidden:
                self._void(name, attrs, at)
            return
        if name == "a" and self.link and not self.hidden:
            self._close_link()
        if name == "sup" and not self.hidden and self._is_note(at):
            return
        if self.hidden and token.self_closing:
            return
        if not attrs and name not in NOTED and not self.scope.get(name):
            # `<b>`, `<em>` and the like say nothing here, and need no place on the stack.
            return
        element = self._push(name, at)
        if self.hidden:
            if name in UNSEEN:
                self._hide(element)
            return
        if name in UNSEEN:
            self._hide(element)
            element.leaves_gap = name in GAPS and not is_hidden(attrs)
            if name == "script" and "ld+json" in (attrs.get("type") or "").lower():
                self.json_ld = True
            if name == "svg" and token.self_closing:
                self._pop(at, self.tag_end(at))
            return
        if attrs or name == "time":
            self._describe(element, attrs, at)
            if element.hides:
                return
        self._open(element, attrs)

    def _is_note(self, at: int) -> bool:
        """Whether the superscript at `at` is a reference to a note; if it is, it becomes a link without text."""
        text = self.text
        end = text.find("</sup", at, at + _LONGEST_NOTE)
        link = text.find("<a ", at, end) if end >= 0 else -1
        if link < 0 or not _NOTE_MARK.fullmatch(unescape(_MARKUP.sub("", text[at:end]))):
            return False
        href = attributes(text, link).get("href")
        if not href or href.end > end:
            return False
        url = attribute_value(self.written, href)
        self._point("#footnote" if url.startswith("#") else url)
        self.skip = self.tag_end(end)
        return True

    def _void(self, name: str, attrs: dict[str, str], at: int) -> None:
        if name == "br":
            if self.after_break:
                self._flush()
            else:
                self.prose.space(Span(at, self.tag_end(at)))
                self._part_bylines()
            self.after_break = True
        elif name == "meta":
            self._add_meta(attrs, at)
        elif name in ("img", "input", "area", "embed") and attrs and not is_hidden(attrs):
            element = self.stack[-1]
            self._add_own(element, attrs, at)
            if name == "img":
                self.after_break = False
                self.prose.hole(Span(at, self.tag_end(at)))
                self._point(self._url("src" if attrs.get("src") else "data-src", attrs, at))

    def _open(self, element: _Element, attrs: dict[str, str]) -> None:
        """Take note of what the start tag of a visible element means for its content."""
        name = element.name
        if name == "a":
            if "href" in attrs:
                self.link = element
                self.has_links = True
                self.links += 1
                self.prose.open_link(self._url("href", attrs, element.start))
            return
        if name == "small":
            self.small += 1
            element.container = "small"
        elif name == "title":
            self.title = Prose(self.shown)
            self.after_break = False
        elif name == "p":
            return
        elif name in HEADINGS:
            element.kind, element.level = "heading", HEADINGS[name]
            self.heading = element
            self.titles += name == "h1"
            if element.cell and element.table:
                element.table.is_layout = True
        elif name in KINDS and not (element.kind == "footnote" and name in ("li", "dd", "dt")):
            element.kind = KINDS[name]
            element.level = element.lists or 1 if element.kind == "item" else 0
            if name in CELLS:
                element.cell = element
                if element.table:
                    element.table.cells += 1
        elif name in LISTS:
            element.lists += 1
        elif name == "table":
            if element.table:
                element.table.is_layout = True
            element.table, element.cell = element, None
            element.is_layout = (attrs.get("role") or "") in ("presentation", "none")
        elif name == "tr" and element.table:
            element.table.rows += 1
        elif name == "main":
            self.mains += 1
        if name in LANDMARKS and not (element.in_part and name in OF_PARTS):
            element.landmark = LANDMARKS[name]
        element.in_part = element.in_part or name in PARTS
        element.container = element.container or CONTAINERS.get(name, "")

    def _describe(self, element: _Element, attrs: dict[str, str], at: int) -> None:
        """Take note of what the attributes of a start tag say."""
        is_seen = self.is_unseen or not is_hidden(attrs)
        names = attrs.get("class") or ""
        if attrs.get("id"):
            names = f"{names} {attrs['id']}"
        names = names[:_LONGEST_NAMES]
        if element.name in BLOCKS and element.name not in HEADINGS and element.name != "title":
            said: Landmark = ""
            role = attrs.get("role")
            if role:
                said = landmark.by_role(role)
            element.landmark = said or (landmark.by_names(names) if names else "")
            if element.landmark == "likely" and "comment" in names.lower():
                element.in_comments = True
            if ("note" in names or role) and _FOOTNOTES.search(f"{names} {role or ''}"):
                element.container, element.kind = "footnote", "footnote"
        if not is_seen:
            self._hide(element)
            element.inside = self.tag_end(at)
            element.landmark = element.landmark or LANDMARKS.get(element.name, "")
            element.unseen_zone = "article" if is_opened(attrs) or self._may_open(attrs) else "hidden"
            return
        if "title" in attrs or "aria-label" in attrs:
            self._add_own(element, attrs, at)
        if element.in_comments or len(self.bylines) >= 8:
            return
        name = attrs.get("itemprop") or ""
        if name not in byline.ITEM_PROPERTIES:
            name = (
                "author"
                if "author" in (attrs.get("rel") or "").split()
                else byline.name(names)
                if names
                else ""
            )
        if element.name == "time" or (name and "datetime" in attrs):
            name = name or "time"
            if attrs.get("datetime"):
                self._add_signed(name, attributes(self.text, at)["datetime"], element)
                return
        if not name:
            return
        if attrs.get("content"):
            self._add_signed(name, attributes(self.text, at)["content"], element)
        else:
            self.bylines.append(_Byline(name, element))

    def _may_open(self, attrs: dict[str, str]) -> bool:
        """Whether the page has something that shows a hidden element: a link or script that names it, a button."""
        if "hidden" in attrs and self.has_buttons:
            return True
        self.identified += 1
        name = attrs.get("id")
        return bool(name) and self.identified < _MOST_IDENTIFIED and self.written.count(name or "") > 1

    def _end(self, name: str, at: int) -> None:
        if name in BLOCKS:
            if name in ("html", "body", "head", "frameset"):
                return
            if not self.hidden:
                self._flush()
            self._close(name, at)
            return
        if name == "br" and not self.hidden:
            self._void("br", {}, at)
            return
        if name == "a" and self.link and not self.hidden:
            self._close_link()
        if name == "template" and self.templates:
            self._pop_to(next(i for i in reversed(self.boundaries) if self.stack[i].name == name), at)
        if not self.scope.get(name):
            return
        if name in UNSEEN:
            self._pop_named(name, at)
            return
        stack = self.stack
        for index in range(len(stack) - 1, max(0, len(stack) - _REACH), -1):
            if stack[index].name == name:
                self._pop_to(index, at)
                return
            if stack[index].name in BLOCKS:
                return

    # The stack of open elements.

    def _push(self, name: str, at: int) -> _Element:
        element = _Element(name, self.stack[-1], at)
        element.characters, element.linked, element.links = self.characters, self.linked, self.links
        element.titles, element.mains = self.titles, self.mains
        self.elements.append(element)
        self.stack.append(element)
        self.scope[name] = self.scope.get(name, 0) + 1
        if name in SCOPES:
            self.boundaries.append(len(self.stack) - 1)
            self.templates += name == "template"
            self.outer_scopes.append(self.scope)
            self.scope = {}
        return element

    def _reopen(self, opened: OpenElement) -> None:
        element = self._push(opened.name, 0)
        element.kind, element.level, element.container = opened.kind, opened.level, opened.container
        element.lists += opened.name in LISTS
        self.small += opened.container == "small"
        if opened.zone == "chrome":
            element.landmark = "surely"
        if opened.is_hidden:
            self._hide(element)
            element.unseen_zone = opened.unseen_zone

    def _hide(self, element: _Element) -> None:
        element.hides = True
        self.hidden += 1

    def _pop(self, at: int, end: int) -> None:
        """Close the innermost element at `at`; its end tag, if it has one, reaches to `end`."""
        element = self.stack.pop()
        name = element.name
        if name in SCOPES:
            self.boundaries.pop()
            self.scope = self.outer_scopes.pop()
            self.templates -= name == "template"
        self.scope[name] -= 1
        element.characters = self.characters - element.characters
        element.linked = self.linked - element.linked
        element.links = self.links - element.links
        element.titles = self.titles - element.titles
        element.mains = self.mains - element.mains
        if element is self.link:
            self._close_link()
        elif element is self.heading:
            self.heading = None
        elif name == "title":
            self._end_title()
        elif element.container == "small":
            self.small -= 1
        if element.hides:
            self.hidden -= 1
            self.json_ld = False
            if not self.hidden:
                self.unseen.append(Span(element.start, end))
                if element.unseen_zone and not self.written[element.inside : at].isspace():
                    self.kept_back.append((Span(element.inside, at), element))
                if element.leaves_gap and end > element.start:
                    self.after_break = False
                    self.prose.hole(Span(element.start, end))
        if self.bylines and self.bylines[-1].element is element:
            self._end_byline(self.bylines.pop())

    def _pop_to(self, index: int, at: int) -> None:
        """Close the open elements down to the one at `index` of the stack, that one with an end tag at `at`."""
        while len(self.stack) > index + 1:
            self._pop(at, at)
        self._pop(at, self.text.find(">", at) + 1 if self.text.startswith("</", at) else at)

    def _pop_named(self, name: str, at: int) -> None:
        """Close the open elements down to the innermost `name`, which is open in this scope."""
        while self.stack[-1].name != name:
            self._pop(at, at)
        self._pop_to(len(self.stack) - 1, at)

    def _close(self, name: str, at: int) -> None:
        """Close the block element `name`, if it is open here."""
        if name in HEADINGS:
            if self.heading and self.scope.get(self.heading.name):
                self._pop_named(self.heading.name, at)
        elif self.scope.get(name):
            self._pop_named(name, at)
        elif self.boundaries:
            innermost = self.stack[self.boundaries[-1]].name
            if innermost in CELLS and (name == "table" or name in ROWS):
                self._pop_to(self.boundaries[-1], at)
                self._close(name, at)
            elif innermost == name:
                self._pop_to(self.boundaries[-1], at)

    def _close_implied(self, name: str, at: int) -> None:
        """Close what the start tag of the block element `name` ends without saying so."""
        if self.heading and (name in HEADINGS or name in ENDING_HEADING):
            # A heading that already has text was left open; an empty one may hold a paragraph.
            written = self.characters > self.heading.characters
            if self.scope.get(self.heading.name) and (written or name in HEADINGS):
                self._pop_named(self.heading.name, at)
        if name in ENDING_P and self.scope.get("p"):
            self._pop_named("p", at)
        if name in IMPLIED:
            ended, limits = IMPLIED[name]
            for index in range(len(self.stack) - 1, max(0, len(self.stack) - _REACH), -1):
                above = self.stack[index].name
                if above in ended:
                    self._pop_to(index, at)
                if above in ended or above in limits:
                    break
        elif name in CELLS or name in ROWS:
            if self.boundaries and self.stack[self.boundaries[-1]].name in CELLS:
                self._pop_to(self.boundaries[-1], at)
            if name in ROWS:
                for row in ("tr",) if name == "tr" else ("tr", "tbody", "thead", "tfoot"):
                    if self.scope.get(row):
                        self._pop_named(row, at)

    # Links, attributes, metadata, comments.

    def _url(self, name: str, attrs: dict[str, str], at: int) -> str:
        """The address in an attribute of the tag at `at`, template tags in it as written."""
        url = attrs.get(name) or ""
        span = attributes(self.text, at).get(name) if HOLE in url else None
        return attribute_value(self.written, span) if span else url

    def _close_link(self) -> None:
        self.link = None
        self.prose.close_link()

    def _point(self, url: str) -> None:
        self.has_links = True
        self.prose.point_link(url)

    def tag_end(self, at: int) -> int:
        """Where the tag that begins at `at` ends."""
        end = self.text.find(">", at) + 1
        if '"' in self.text[at:end] or "'" in self.text[at:end]:
            spans = attributes(self.text, at)
            end = self.text.find(">", max((span.end for span in spans.values()), default=at)) + 1
        return end or len(self.text)

    def _attribute_block(self, span: Span, kind: Kind, zone: Zone = "article") -> Block | None:
        prose = Prose(self.shown)
        at = span.start
        for decoded, place in references(self.text, *span):
            prose.literal(at, place.start)
            prose.decoded(decoded, place)
            at = place.end
        prose.literal(at, span.end)
        return prose.block(kind, zone=zone)

    def _add_own(self, element: _Element, attrs: dict[str, str], at: int) -> None:
        """Blocks for the attributes that are prose; they follow the block that the element stands in."""
        if not (attrs.get("alt") or attrs.get("title") or attrs.get("aria-label")):
            return
        spans = attributes(self.text, at)
        for name in ("alt", "title", "aria-label"):
            block = (
                self._attribute_block(spans[name], "alt" if name == "alt" else "label")
                if name in spans
                else None
            )
            if block:
                self.own.append(_Draft(block, element, False))

    def _add_field(self, name: str, span: Span, origin: Literal["meta", "html"]) -> None:
        self.fields.append(Field(name, attribute_value(self.written, span), span, origin))

    def _add_signed(self, name: str, span: Span, element: _Element) -> None:
        self.signed.append((Field(name, attribute_value(self.written, span), span, "html"), element))

    def _add_meta(self, attrs: dict[str, str], at: int) -> None:
        key = next((key for key in ("name", "property", "itemprop") if attrs.get(key)), "")
        if not key or "content" not in attrs:
            return
        spans = attributes(self.text, at)
        kind: Kind | None = None
        # The names of `<meta>` know no case; the properties of a vocabulary do, and may be several.
        for name in attrs[key].split() if key == "itemprop" else (" ".join(attrs[key].lower().split()),):
            if attrs["content"]:
                self._add_field(name, spans["content"], "meta")
            else:
                self.fields.append(Field(name, "", spans[key], "meta"))
            if name.lower() in TITLES:
                kind = "title"
            elif name.lower() in DESCRIPTIONS:
                kind = "description"
        block = self._attribute_block(spans["content"], kind, "metadata") if kind else None
        if block:
            self.metadata.append(block)

    def _end_title(self) -> None:
        if self.title is None:
            return
        block = self.title.block("title", zone="metadata")
        self.title = None
        if block:
            self.metadata.append(block)
            self.fields.append(Field("title", block.text.replace(HOLE, "").strip(), block.span, "meta"))

    def _end_byline(self, ended: _Byline) -> None:
        value = " ".join("".join(ended.pieces).split())
        if ended.start >= 0 and byline.is_value(ended.name, value):
            name = byline.told(ended.name, value)
            self.signed.append((Field(name, value, Span(ended.start, ended.end), "html"), ended.element))

    def _add_json_ld(self, at: int, end: int) -> None:
        found = jsonld.properties(self.written, Span(at, end), self.shown)
        self.fields += found.fields
        self.metadata += found.blocks
        self.faults += found.faults

    def _comment(self, at: int, data: str) -> None:
        if not self.text.startswith("<!--", at):
            return
        if self.comment_end < at + 4:
            self.comment_end = self.text.find("-->", at + 4)
            if self.comment_end < 0:
                self.comment_end = len(self.text)
        end = self.comment_end
        if "healthlint-" in data:
            self._direct(at + 4, end)
        elif "#include" in data and (include := _SERVER_INCLUDE.match(self.text, at + 4, end)):
            if not self.hidden:
                self.includes.append(Include(include[1], Span(at, min(end + 3, len(self.text)))))
        elif HOLE in data:
            self.unseen.append(Span(at, end))

    def _direct(self, start: int, end: int) -> None:
        found = directive(self.written[start:end], start)
        if found:
            self.directives.append(found)

    # The document.

    def document(self, path: str) -> Document:
        """What has been read."""
        self._place()
        # Around the article stand the dates and authors of other articles, but also when this one was updated.
        for field, element in self.signed:
            if not element.is_chrome or field.name in byline.LASTING:
                self.fields.append(field)
        self.metadata.sort(key=lambda block: block.span)
        self.fields.sort(key=lambda field: field.span)
        self.directives.sort(key=lambda found: found.span)
        blocks = (*self.metadata, *map(_block, self.drafts))
        hidden = tuple(self._hidden())
        fields, includes, faults = self.fields, self._seen_includes(), self.faults
        directives = self.directives
        if self.offset:
            by = self.offset
            blocks = tuple(_moved_block(block, by) for block in blocks)
            hidden = tuple(_moved_block(block, by) for block in hidden)
            fields = [field._replace(span=_moved(field.span, by)) for field in fields]
            includes = [include._replace(span=_moved(include.span, by)) for include in includes]
            faults = [fault._replace(span=_moved(fault.span, by)) for fault in faults]
            directives = [found._replace(span=_moved(found.span, by)) for found in directives]
        return Document(
            self.source,
            path,
            "html",
            blocks,
            tuple(fields),
            tuple(directives),
            tuple(includes),
            tuple(faults),
            hidden,
        )

    def _hidden(self) -> Iterator[Block]:
        """The prose of elements that are not shown, apart from what is around the article."""
        for span, element in self.kept_back:
            if not element.is_chrome:
                found = _Page(self.written, span, is_unseen=True).document("")
                zone = element.unseen_zone or "hidden"
                yield from (replace(block, zone=zone) for block in found.blocks if block.zone == "article")

    def _seen_includes(self) -> list[Include]:
        """The includes that are not in comments or in elements that are not shown, in order."""
        ends: list[int] = []
        for span in (unseen := sorted(self.unseen)):
            ends.append(max(span.end, ends[-1]) if ends else span.end)
        starts = [span.start for span in unseen]
        seen = []
        for include in sorted(self.includes, key=lambda include: include.span):
            index = bisect_right(starts, include.span.start) - 1
            if index < 0 or ends[index] <= include.span.start:
                seen.append(include)
        return seen

    def _place(self) -> None:
        """Say of every element, from the outermost in, what it stands in and whether that is the article."""
        prose = self.characters - self.linked
        for element in self.elements[1:]:
            parent = element.parent
            if parent is None:
                continue
            if element.name == "table":
                element.is_layout = element.is_layout or 0 < element.cells <= element.rows
            container = "" if element.is_layout else element.container
            if element.name == "blockquote" and _is_indentation(element, prose):
                container = ""
            element.containers = parent.containers
            if container and len(parent.containers) < MOST_CONTAINERS:
                element.containers = (*parent.containers, container)
            element.is_chrome = element.name != "main" and bool(
                parent.is_chrome or ((element.landmark or element.links > 3) and _is_chrome(element, prose))
            )


def _is_chrome(element: _Element, prose: int) -> bool:
    """Whether `element` is around the article; `prose` counts the characters of the page outside links."""
    own = element.characters - element.linked
    if element.landmark == "surely":
        return True
    if element.landmark == "button":
        return element.kind != "heading" and element.characters < 60
    if element.titles or element.mains:
        return False
    if element.landmark == "likely":
        return own <= 0.8 * prose
    if element.landmark == "perhaps":
        return own <= 0.4 * prose
    if element.landmark == "header":
        return own < 200
    return element.name in BLOCKS and landmark.is_menu(element.characters, element.linked, element.links)


def _is_indentation(element: _Element, prose: int) -> bool:
    """Whether a `<blockquote>` only indents the article, as pages did before there were style sheets."""
    own = element.characters - element.linked
    return bool(element.titles) or (own > 1_000 and own > 0.5 * prose)


def _block(draft: _Draft) -> Block:
    """The block of `draft`, now that it is known where it stands."""
    block, element, is_small = draft
    kind = block.kind
    # Cells with several paragraphs, and the cells of a table that is only layout, hold running text.
    cell, table = element.cell, element.table
    if kind == "cell" and ((cell and cell.blocks > 1) or (table and table.is_layout)):
        kind = "paragraph"
    containers = element.containers
    if is_small and "small" not in containers:
        containers = (*containers, "small")
    zone: Zone = "chrome" if element.is_chrome else "article"
    level = block.level if kind in ("heading", "item") else 0
    return Block(kind, block.runs, zone, level, containers, block.links, block.disguises)


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _moved_block(block: Block, by: int) -> Block:
    runs = tuple(Run(text, _moved(span, by)) for text, span in block.runs)
    disguises = tuple(each._replace(span=_moved(each.span, by)) for each in block.disguises)
    return Block(block.kind, runs, block.zone, block.level, block.containers, block.links, disguises)


def _open_element(element: _Element) -> OpenElement:
    zone: Zone = "chrome" if element.landmark in ("surely", "likely") else "article"
    return OpenElement(
        element.name, element.kind, element.level, element.container, zone, element.hides, element.unseen_zone
    )


def _crosses_script(text: str, span: Span) -> bool:
    inside = text[span.start : span.end].lower()
    return "</script" in inside or "</style" in inside or "<script" in inside
