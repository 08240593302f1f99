"""Markdown: CommonMark, what GitHub adds to it, and what generators of sites add to that.

pulldown-cmark gives the place of every inline event, so nothing is searched for afterwards; what it does
not know is overwritten before it reads (see `view`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from importlib import import_module
from typing import Any, NamedTuple

from pyromark import Markdown, Options

from healthlint.document import HOLE, Block, Directive, Document, Fault, Field, Include, Kind, Zone
from healthlint.readers import template
from healthlint.readers.address import addresses
from healthlint.readers.directive import directive
from healthlint.readers.frontmatter import front_matter
from healthlint.readers.prose import MASK, Prose
from healthlint.readers.view import (
    DEEPEST,
    Cut,
    Enclosure,
    Offsets,
    View,
    attribute_lists,
    blank,
    fences,
    filled,
    outside,
    overwritten,
    shallow,
    with_admonitions,
    without,
)
from healthlint.span import Span

MOST_ROUNDS = 8
"""How often indentation is taken away from what is not code."""

LONGEST_INDENTATION = 200
"""How many characters of a line can be the indentation of HTML."""

_PARSER = Markdown(
    options=Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
    | Options.ENABLE_DEFINITION_LIST
    | Options.ENABLE_MATH
    | Options.ENABLE_HEADING_ATTRIBUTES
)

_NOT_SPACE = re.compile(r"\S")
_SURROGATE_OR_NUL = re.compile("[\x00\ud800-\udfff]")
# "$20 to $30" is money, not a formula.
_MONEY = re.compile(r"(?<![$\\])\$(?=\d)")

_COMMENT = re.compile(
    r"""^[ \t>]*\[(?://|comment|_)[^\[\]\r\n]*\]:[ \t]*(?:\#|<>|<\#>)[ \t]*[("'](?P<text>[^\r\n]*)[)"'][ \t]*\r?$""",
    re.MULTILINE | re.IGNORECASE,
)
_COMMENT_HINT = re.compile(r"\[(?://|comment|_)", re.IGNORECASE)
_FOOTNOTE_MARK = re.compile(r"[\[\](){}\s\d,*†‡§–-]{1,12}|[a-z]\Z")
_PLAIN_TAG = re.compile(
    r"</?(?:b|i|em|strong|u|s|sub|mark|span|abbr|cite|dfn|ins|del|q|big|font|tt|wbr)\s*/?>", re.IGNORECASE
)
_ESCAPE_OR_ENTITY = re.compile(
    r"\\[!-/:-@\[-`{-~]|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w:-]*)")
_INDENTED_HTML = re.compile(
    r"[ \t]*(?:<!--|</?(?:a|article|aside|blockquote|button|center|details|div|dl|figure|footer|form|h[1-6]|header|hr"
    r"|i|img|input|label|li|main|nav|ol|p|picture|section|small|span|strong|summary|table|t[dhr]|tbody|thead|ul)[\s/>])",
    re.IGNORECASE,
)
_BREAKING = re.compile(
    r"address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    r"|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
_GAPS = frozenset(
    ("code", "kbd", "samp", "svg", "math", "video", "audio", "iframe", "object", "canvas", "select")
)


# What text directly in a block of Markdown is, and what it stands in.
_BLOCKS: dict[str, tuple[Kind, str]] = {
    "List": ("paragraph", "list"),
    "Item": ("item", ""),
    "DefinitionList": ("paragraph", "list"),
    "DefinitionListTitle": ("term", ""),
    "DefinitionListDefinition": ("item", ""),
    "BlockQuote": ("paragraph", "quote"),
    "Table": ("cell", "table"),
    "TableCell": ("cell", ""),
    "FootnoteDefinition": ("footnote", "footnote"),
}
_LISTS = frozenset(("List", "DefinitionList"))
_INLINES = frozenset(("Emphasis", "Strong", "Strikethrough", "Superscript", "Subscript"))


class Parts(NamedTuple):
    """What has been found so far: what the front matter says comes first."""

    blocks: list[Block]
    fields: list[Field]
    directives: list[Directive]
    includes: list[Include]
    faults: list[Fault]
    hidden: list[Block]


@dataclass(slots=True)
class _Frame:
    """An open Markdown block, and what text directly in it is."""

    kind: Kind
    level: int
    containers: tuple[str, ...]
    opened: tuple[Any, ...]
    """The HTML elements that were open where it begins, and are so again behind it."""


def read(source: str, path: str) -> Document:
    """The article in the Markdown text `source`; never raises."""
    parts, start = with_front_matter(source)
    tags = template.tags(source, start)
    text = template.masked(source, tags, blank=True) if tags else source
    code = fences(text, start)
    view = with_admonitions(View(text, start), code)
    lists = list(outside(code, ((tag.span, tag) for tag in attribute_lists(view.text, start))))
    if lists:
        view = view._replace(text=without(view.text, lists))
        tags = sorted(tags + lists)
    return article(source, view, parts, tags, path=path, format="markdown")


def with_front_matter(source: str) -> tuple[Parts, int]:
    """What the front matter says, and where the body begins."""
    found = front_matter(source)
    faults = list(found.faults)
    return Parts(list(found.blocks), list(found.fields), list(found.directives), [], faults, []), found.end


def article(
    source: str, view: View, parts: Parts, tags: Sequence[template.Tag], *, path: str, format: str
) -> Document:
    """The document that `view` shows, together with what `parts` holds already."""
    view = view._replace(text=filled(shallow(view.text)))
    reading = _Reading(source, view, parts)
    for _ in range(MOST_ROUNDS):
        cuts = set(reading.indentation_of_code())
        if not cuts:
            break
        view = view._replace(cuts=tuple(sorted(cuts.union(view.cuts))))
        reading = _Reading(source, view, parts)
    reading.read()
    code = sorted(reading.code)
    for tag in outside(code, ((tag.span, tag) for tag in tags)):
        if tag.include:
            parts.includes.append(Include(tag.include, tag.span))
        if tag.comment:
            reading.direct(source, tag.comment)
    if _COMMENT_HINT.search(view.text):
        comments = _COMMENT.finditer(view.text, view.start)
        for comment in outside(code, ((Span(*found.span()), found) for found in comments)):
            reading.direct(source, Span(*comment.span("text")))
    return Document(
        source,
        path,
        format,
        tuple(block for block in parts.blocks if _is_as_written(source, view, block)),
        tuple(parts.fields),
        tuple(sorted(parts.directives, key=_place)),
        tuple(sorted(parts.includes, key=_place)),
        tuple(sorted(parts.faults, key=_place)),
        tuple(sorted(parts.hidden, key=lambda block: block.span)),
    )


def _is_as_written(source: str, view: View, block: Block) -> bool:
    """Whether a label shows nothing that only the parser is to see, as where a tag stands in an attribute."""
    if block.kind not in ("alt", "label") or view.text.startswith(
        source[slice(*block.span)], block.span.start
    ):
        return True
    pairs = zip(view.text[slice(*block.span)], source[slice(*block.span)], strict=True)
    return all(seen == written or seen in (HOLE, MASK, " ") for seen, written in pairs)


def _place(found: Directive | Include | Fault) -> Span:
    return found.span


class _Reading:
    """One pass over the events of the parser."""

    def __init__(self, source: str, view: View, parts: Parts) -> None:
        self.source = source
        self.view = view
        self.parts = parts
        self.prose = Prose(view.text)
        self.code: list[Span] = []

        parsed = overwritten(view.text, ((Span(at, at + 1), "#") for at in sorted(view.titles)))
        parsed = _MONEY.sub("%", parsed) if "$" in parsed else parsed
        if _SURROGATE_OR_NUL.search(parsed):
            parsed = _SURROGATE_OR_NUL.sub(lambda odd: MASK if odd[0] == "\x00" else "\ufffd", parsed)
        self.parsed = parsed
        self.offsets = Offsets(parsed, view.start, view.cuts)
        self.events: list[tuple[Any, Any]] = list(_PARSER.events_with_range(self.offsets.text))
        self.html_text = view.text

        self.frames = [_Frame("paragraph", 0, (), ())]
        self.lists = 0
        self.opened: tuple[Any, ...] = ()
        self.skipping = False
        self.unseen_until = 0
        self.never_closed: set[str] = set()
        self.own: list[Block] = []
        self.alt: Prose | None = None
        self.images: list[tuple[Any, Span]] = []
        self.links: list[bool] = []
        # The depth of links at which one began whose text is not prose; 0 for none.
        self.muted = 0
        # HTML in the paragraph: links, the element that hides what follows, what is small or raised.
        self.is_in_anchor = False
        self.hiding, self.hiding_depth = "", 0
        self.unseen: Prose | None = None
        self.unseen_zone: Zone | None = None
        self.smalls = self.superscripts = 0
        self.has_small = self.has_large = False
        self.has_points = False

        self.addresses = addresses(view.text, view.start)
        self.address, self.in_address = 0, False
        self.enclosures = sorted(view.enclosures)
        self.enclosure = 0
        self.enclosing: list[Enclosure] = []
        self.definitions: dict[str, Span] | None = None

    def read(self) -> None:
        """Add the blocks, fields, directives, includes and faults of the Markdown to the parts."""
        is_begun = any(block.zone != "metadata" for block in self.parts.blocks)
        self._blank_prefixes()
        text_start = text_end = -1
        for event, bytes_ in self.events:
            if isinstance(event, dict) and "Text" in event:
                if self.skipping:
                    continue
                value, span = event["Text"], self._span(bytes_)
                if self.parsed[span.start : span.end] == value:
                    # The parser cuts at every character that could have been markup.
                    if text_end != span.start:
                        self._literal(text_start, text_end)
                        text_start = span.start
                    text_end = span.end
                    continue
                self._literal(text_start, text_end)
                self._decoded(value, span)
            else:
                self._literal(text_start, text_end)
                self._event(event, bytes_)
            text_start = text_end = -1
        self._flush()
        if self.definitions is not None or is_begun:
            # The titles of references stand in their definitions, elsewhere.
            self.parts.blocks.sort(key=lambda block: block.span.start)
        self.parts.blocks.sort(key=lambda block: block.zone != "metadata")

    def indentation_of_code(self) -> Iterator[Cut]:
        """The indentation of lines of HTML that it makes code, and in MDX, of all such lines."""
        text, seen = self.view.text, {cut.span.end for cut in self.view.cuts}
        most = 0
        for event, bytes_ in self.events:
            if event == {"Start": {"CodeBlock": "Indented"}}:
                is_html = _INDENTED_HTML.match(text, self._span(bytes_).start) is not None
                most = LONGEST_INDENTATION if is_html else 0 if self.view.indented_code else 4
            elif event == {"End": "CodeBlock"}:
                most = 0
            elif most and "Text" in event:
                end = start = self._span(bytes_).start
                if most > 4:
                    end += len(text[end : end + most]) - len(text[end : end + most].lstrip(" \t"))
                while (
                    end - start < most
                    and start > self.view.start
                    and text[start - 1] in " \t"
                    and start not in seen
                ):
                    start -= 1
                # A mark of a list needs a space behind it.
                start += text[start - 1 : start].strip("> \t\r\n") != ""
                if start < end:
                    yield Cut(Span(start, end))

    def direct(self, text: str, comment: Span) -> None:
        """Add the suppression that the comment of `text` holds, if it holds one."""
        found = directive(text[comment.start : comment.end], comment.start)
        if found:
            self.parts.directives.append(found)

    def _event(self, event: Any, bytes_: Any) -> None:
        if event == "Rule":
            self._flush()
        elif event in ("SoftBreak", "HardBreak"):
            if not self.skipping:
                prose = self.unseen if self.hiding and self.unseen is not None else self._prose()
                prose.space(self._span(bytes_))
        elif "Start" in event:
            value = event["Start"]
            tag, value = (value, None) if isinstance(value, str) else next(iter(value.items()))
            self._start(tag, value, self._span(bytes_))
        elif "End" in event:
            value = event["End"]
            self._end(value if isinstance(value, str) else next(iter(value)))
        elif "Code" in event:
            self.code.append(self._span(bytes_))
            self._hole(self.code[-1])
        elif "InlineMath" in event or "DisplayMath" in event:
            self._hole(self._span(bytes_))
        elif "InlineHtml" in event:
            self._inline_html(self._span(bytes_))
        elif "FootnoteReference" in event and not self.skipping and self.alt is None:
            self.prose.point_link("#footnote")
            self.has_points = True

    def _span(self, bytes_: Any) -> Span:
        return self.offsets.span(bytes_["start"], bytes_["end"])

    # Blocks.

    def _start(self, tag: str, value: Any, span: Span) -> None:
        if tag in _INLINES:
            return
        if tag == "Link":
            self._open_link(value, span)
            return
        if tag == "Image":
            self._open_image(value, span)
            return
        self._flush()
        if tag in _BLOCKS:
            kind, container = _BLOCKS[tag]
            self.lists += tag in _LISTS
            is_alert = tag == "BlockQuote" and value is not None
            self._open(kind, self.lists if kind == "item" else 0, "aside" if is_alert else container)
        elif tag == "Heading":
            is_title = span.start in self.view.titles
            self._open("paragraph" if is_title else "heading", 0 if is_title else int(value["level"][1]))
        elif tag == "CodeBlock":
            self.code.append(span)
            self.skipping = True
        elif tag == "HtmlBlock":
            self.skipping = True
            self._html_block(span)

    def _end(self, tag: str) -> None:
        if tag in _INLINES:
            return
        if tag == "Link":
            self._close_link()
        elif tag == "Image":
            self._close_image()
        elif tag in ("HtmlBlock", "CodeBlock"):
            self.skipping = False
        else:
            self._flush()
            if tag not in ("Paragraph", "TableHead", "TableRow"):
                self.lists -= tag in _LISTS
                self.opened = self.frames.pop().opened

    def _open(self, kind: Kind, level: int, container: str = "") -> None:
        containers = self._containers()
        if container and len(containers) < DEEPEST:
            containers += (container,)
        self.frames.append(_Frame(kind, level, containers, self.opened))

    def _containers(self) -> tuple[str, ...]:
        """What text stands in here, apart from the enclosures."""
        frame = self.frames[-1]
        inner = self.opened[len(frame.opened) :]
        if not inner:
            return frame.containers
        return frame.containers + tuple(element.container for element in inner if element.container)

    def _flush(self) -> None:
        """Close the block that is being built, and put its alternative texts and labels behind it."""
        self._end_unseen()
        if not (self.prose or self.own or self.is_in_anchor or self.has_points):
            self.hiding, self.hiding_depth, self.superscripts, self.smalls = "", 0, 0, 0
            return
        if self.is_in_anchor:
            self.is_in_anchor = False
            self.prose.close_link()
        frame = self.frames[-1]
        kind, level, zone = frame.kind, frame.level, self._zone()
        if kind == "paragraph" and len(self.opened) > len(frame.opened):
            kind, level = self.opened[-1].kind, self.opened[-1].level
        containers = self._containers()
        if self.has_small and not self.has_large:
            containers += ("small",)
        block = self.prose.block(kind, zone=zone, level=level, containers=containers)
        own = [replace(block, zone=zone, containers=containers) for block in self.own]
        self.own = []
        self.hiding, self.hiding_depth, self.superscripts, self.smalls = "", 0, 0, 0
        self.has_small = self.has_large = self.has_points = False
        if block and frame.kind == "item":
            # What follows in the same item is no longer its first paragraph.
            frame.kind, frame.level = "paragraph", 0
        hiding = [element for element in self.opened if element.is_hidden]
        if hiding:
            self._keep_back([block] if block else [], hiding)
            return
        self._add([block, *own] if block else own)

    def _keep_back(self, blocks: Sequence[Block], hiding: Sequence[Any]) -> None:
        """Note blocks that elements or enclosures do not show, as far as these hold prose."""
        if all(around.unseen_zone for around in hiding):
            zone: Zone = hiding[0].unseen_zone
            self.parts.hidden.extend(replace(block, zone=zone) for block in blocks)

    def _end_unseen(self) -> None:
        """Close the block of text inside a paragraph that is not shown."""
        if self.unseen is not None and self.unseen_zone:
            block = self.unseen.block("paragraph", zone=self.unseen_zone)
            self.parts.hidden.extend([block] if block else [])
        self.unseen = None

    def _zone(self) -> Zone:
        zone: Zone = self.opened[-1].zone if self.opened else "article"
        return zone

    def _add(self, blocks: Sequence[Block]) -> None:
        if not blocks or blocks[0].span.start < self.unseen_until:
            return
        if self.enclosures:
            around = self._enclosed(blocks[0].span.start)
            hiding = [enclosure for enclosure in around if enclosure.is_hidden]
            if hiding:
                self._keep_back(blocks, hiding)
                return
            if around:
                blocks = [_within(around, block) for block in blocks]
        self.parts.blocks.extend(blocks)

    def _enclosed(self, place: int) -> list[Enclosure]:
        """The enclosures around a place, which is not before the last one that was asked about."""
        while self.enclosure < len(self.enclosures) and self.enclosures[self.enclosure].span.start <= place:
            if len(self.enclosing) < DEEPEST:
                self.enclosing.append(self.enclosures[self.enclosure])
            self.enclosure += 1
        self.enclosing = [around for around in self.enclosing if around.span.end > place]
        return self.enclosing

    def _blank_prefixes(self) -> None:
        """Take out of HTML blocks what belongs to the quotation or list around them."""
        pieces = []
        at = -1
        for event, bytes_ in self.events:
            if isinstance(event, str):
                continue
            if event.get("Start") == "HtmlBlock":
                at = self._span(bytes_).start
            elif "Html" in event and at >= 0:
                span = self._span(bytes_)
                if span.start > at:
                    pieces.append((Span(at, span.start), blank(self.view.text[at : span.start])))
                at = span.end
            elif event.get("End") == "HtmlBlock":
                at = -1
        if pieces:
            self.html_text = overwritten(self.view.text, pieces)

    def _html_block(self, span: Span) -> None:
        text = self.html_text[span.start : span.end].strip()
        if text.startswith("<!--") and text.find("-->", 4) == len(text) - 3:
            start = self.html_text.index("<!--", span.start) + 4
            self.direct(self.html_text, Span(start, start + len(text) - 7))
            return
        if span.start < self.unseen_until:
            span = Span(min(self.unseen_until, span.end), span.end)
        frame = self.frames[-1]
        found = self._read_html(span)
        self.parts.fields.extend(found.fields)
        self.parts.directives.extend(found.directives)
        self.parts.includes.extend(found.includes)
        if found.faults and _NOT_SPACE.search(self.html_text, span.end) is None:
            self.parts.faults.extend(found.faults)
        hiding = [element for element in frame.opened if element.is_hidden]
        if hiding:
            self._keep_back(found.blocks, hiding)
            return
        self.parts.hidden.extend(found.hidden)
        for block in found.blocks:
            self._add([replace(block, containers=frame.containers + block.containers)])

    def _read_html(self, span: Span) -> Document:
        """What is in the HTML at `span`; takes note of the elements that it opens and closes."""
        outer = self.frames[-1].opened
        found: Document
        found, opened = _html().fragment(self.html_text, span, self.opened[len(outer) :])
        self.opened = outer + opened
        last = self.opened[-1].name if self.opened else ""
        if last in _RAW - self.never_closed:
            # A blank line ends the HTML for Markdown, but not the script for the browser.
            end = re.compile(f"</{last}", re.IGNORECASE).search(self.html_text, span.end)
            if end:
                self.opened = self.opened[:-1]
                self.unseen_until = end.end() + 1
            else:
                self.never_closed.add(last)
        self.opened = self.opened[:DEEPEST]
        return found

    # Text.

    def _prose(self) -> Prose:
        return self.prose if self.alt is None else self.alt

    def _decoded(self, value: str, span: Span) -> None:
        """Add what an entity stands for."""
        if self.hiding and self.unseen is not None:
            self.unseen.decoded(value, span)
        if not self.hiding and not self.muted:
            self._weigh(value)
            self._prose().decoded(value, span)

    def _literal(self, start: int, end: int) -> None:
        """Add text, in which addresses are holes; the parser may have cut an address in two."""
        if start == end:
            return
        if self.hiding and self.unseen is not None:
            self.unseen.literal(start, end)
        if self.hiding or self.muted:
            return
        text = self.view.text
        self._weigh(text[start:end])
        if self.alt is not None:
            self.alt.literal(start, end)
            return
        while self.address < len(self.addresses):
            address = self.addresses[self.address]
            if address.end <= start or (address.start < start and not self.in_address):
                self.address, self.in_address = self.address + 1, False
                continue
            if address.start >= end:
                break
            self.prose.literal(start, max(start, address.start))
            hole = Span(max(start, address.start), min(end, address.end))
            if self.in_address or any(self.links):
                self.prose.hole(hole)
            else:
                # GitHub leads from an address without a scheme to the insecure one.
                scheme = "http://" if address.url.lower().startswith("www.") else ""
                self.prose.address(scheme + address.url, hole)
            start, self.in_address = hole.end, True
            if address.end > end:
                return
        self.prose.literal(start, end)

    def _weigh(self, text: str) -> None:
        """Note whether text is small print: a block is when all of it is."""
        if self.smalls:
            self.has_small = True
        elif not self.has_large and not text.isspace():
            self.has_large = True

    def _hole(self, span: Span) -> None:
        if not self.hiding and not self.muted:
            self._prose().hole(span)

    def _open_link(self, value: Any, span: Span) -> None:
        url = self._url(value, span)
        is_prose = self.alt is None and not self.hiding and not self.muted
        is_address = value["link_type"] in ("Autolink", "Email")
        is_mark = self.superscripts > 0 and _FOOTNOTE_MARK.fullmatch(self._link_text(span)) is not None
        self.links.append(is_prose and not is_address and not is_mark)
        if not is_prose:
            return
        if is_mark:
            self.prose.point_link("#footnote" if url.startswith("#") else url)
        elif is_address:
            self.prose.open_link(f"mailto:{url}" if value["link_type"] == "Email" else url)
            self.prose.hole(span)
            self.prose.close_link()
        else:
            self.prose.open_link(url)
        if is_mark or is_address:
            self.muted = len(self.links)
        if value["title"]:
            self._label(value, span)

    def _url(self, value: Any, span: Span) -> str:
        """The target as it is written, template tags and all."""
        url: str = value["dest_url"]
        at = self.view.text.find(url, span.start, span.end) if HOLE in url else -1
        return self.source[at : at + len(url)] if at >= 0 else url

    def _link_text(self, span: Span) -> str:
        return self.view.text[span.start + 1 : span.end].partition("](")[0]

    def _close_link(self) -> None:
        if self.links:
            if self.muted == len(self.links):
                self.muted = 0
            if self.links.pop():
                self.prose.close_link()

    def _open_image(self, value: Any, span: Span) -> None:
        self.images.append((value, span))
        if len(self.images) > 1 or self.hiding or self.muted:
            return
        self.prose.point_link(self._url(value, span))
        self.prose.hole(span)
        self.alt = Prose(self.view.text)

    def _close_image(self) -> None:
        value, span = self.images.pop()
        if self.images or self.alt is None:
            return
        alt = self.alt.block("alt")
        self.alt = None
        if alt:
            self.own.append(alt)
        if value["title"]:
            self._label(value, span)

    def _label(self, value: Any, span: Span) -> None:
        """Add the title of a link or image; that of a reference stands in its definition."""
        if value["link_type"] != "Inline":
            if self.definitions is None:
                known = _PARSER.reference_definitions(self.offsets.text)
                self.definitions = {label.lower(): self._span(d["span"]) for label, d in known.items()}
            found = self.definitions.pop(value["id"].lower(), None)
            if not found:
                return
            span = found
        text = self.view.text
        written = text[span.start : span.end].rstrip()
        if value["link_type"] == "Inline":
            written = written[:-1].rstrip()
        opener = {'"': '"', "'": "'", ")": "("}.get(written[-1:])
        start = end = span.start + len(written) - 1
        while opener and (start == end or text[start - 1] == "\\") and start >= 0:
            start = text.rfind(opener, span.start, start)
        if not opener or start < 0:
            return
        prose = Prose(text)
        at = start + 1
        for piece in _ESCAPE_OR_ENTITY.finditer(text, at, end):
            prose.literal(at, piece.start())
            prose.decoded(piece[0][1:] if piece[0][0] == "\\" else unescape(piece[0]), Span(*piece.span()))
            at = piece.end()
        prose.literal(at, end)
        label = prose.block("label")
        if label:
            self.own.append(label)

    # HTML in a paragraph.

    def _inline_html(self, span: Span) -> None:
        text = self.view.text[span.start : span.end]
        if text.startswith("<!--"):
            self.direct(self.view.text, Span(span.start + 4, max(span.start + 4, span.end - 3)))
            return
        tag = _TAG.match(text)
        if not tag:
            if text.startswith("<?"):
                self.parts.includes.extend(_html().fragment(self.view.text, span).document.includes)
                self._hole(span)
            return
        name, is_end = tag["name"].lower(), bool(tag["end"])
        if self.hiding:
            if name == self.hiding and not text.endswith("/>"):
                self.hiding_depth += -1 if is_end else 1
                if not self.hiding_depth:
                    self.hiding = ""
                    self._end_unseen()
            return
        if self.alt is not None:
            return
        if name == "br":
            self.prose.space(span)
        elif name == "sup":
            self.superscripts = max(0, self.superscripts + (-1 if is_end else 1))
        elif name == "small":
            self.smalls = max(0, self.smalls + (-1 if is_end else 1))
        elif _BREAKING.fullmatch(name) or (is_end and any(element.name == name for element in self.opened)):
            self._flush()
            self._read_html(span)
        elif is_end:
            if name == "a" and self.is_in_anchor:
                self.is_in_anchor = False
                self.prose.close_link()
        elif not _PLAIN_TAG.fullmatch(text):
            self._inline_element(name, text, span)

    def _inline_element(self, name: str, text: str, span: Span) -> None:
        html = _html()
        found: Document
        found, opened = html.fragment(self.view.text, span)
        if name in _GAPS:
            self.prose.hole(span)
        if opened and opened[-1].is_hidden:
            self.hiding, self.hiding_depth = name, 1
            self.unseen_zone = opened[-1].unseen_zone
            self.unseen = Prose(self.view.text) if self.unseen_zone else None
            return
        if "=" not in text:
            return
        attributes = html.attributes(self.view.text, span.start)
        url = attributes.get("href") or attributes.get("src")
        if name == "a" and url:
            if self.is_in_anchor:  # as in HTML, where no link stands in another
                self.prose.close_link()
            self.prose.open_link(unescape(self.view.text[url.start : url.end]))
            self.is_in_anchor = True
        elif name == "img":
            self.prose.point_link(unescape(self.view.text[url.start : url.end]) if url else "")
            self.prose.hole(span)
        self.own.extend(found.blocks)
        self.parts.fields.extend(found.fields)


def _html() -> Any:
    """The HTML reader, which most Markdown does not need, and which takes a while to import."""
    return import_module("healthlint.readers.html")


def _within(around: Sequence[Enclosure], block: Block) -> Block:
    names = tuple(enclosure.container for enclosure in around if enclosure.container)
    kind, level = block.kind, block.level
    if kind == "paragraph":
        kind, level = around[-1].kind, around[-1].level
    return replace(block, kind=kind, level=level, containers=names + block.containers)
