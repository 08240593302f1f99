"""JSON-LD in a page: its properties as fields, its prose as metadata blocks, each at its exact place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from healthlint.document import HOLE, Block, Fault, Field, Kind
from healthlint.readers.prose import MASK, Prose
from healthlint.span import Span

DEEPEST = 16
"""Properties that are nested deeper than this are not looked at; schema.org needs five or six."""

PROSE: dict[str, Kind] = {
    "headline": "title",
    "alternativeHeadline": "title",
    "name": "title",
    "title": "title",
    "description": "description",
    "abstract": "description",
    "text": "field",
    "articleBody": "field",
    "reviewBody": "field",
}
"""The properties that are prose for readers, and the kind of block each becomes."""

# The name of one of these, or under one of these properties, is a name and no prose.
_NAMED = re.compile(
    r"Person|Organization|Business|Physician|Dentist|Hospital|Clinic|Pharmacy|Place|Country|City|Brand|Image|WebSite"
    r"|ListItem|Audience|ContactPoint|Rating|Language|Site|Corporation|University|Code|Author|Offer"
)
_NAMING = frozenset((
    "author", "publisher", "creator", "editor", "contributor", "reviewedBy", "brand", "provider",
    "copyrightHolder", "medicalSpecialty", "image", "logo", "address", "isPartOf", "itemListElement",
    "audience", "areaServed", "about", "founder", "employee", "member", "parentOrganization",
    "sourceOrganization", "accountablePerson", "item"
))  # fmt: skip
# What a reference such as {"@id": "#jane"} brings along from the node it points to.
_BROUGHT = ("@type", "name", "honorificPrefix", "honorificSuffix", "jobTitle")

_PIECE = re.compile(r'"(?P<string>[^"\\]*+(?:\\.[^"\\]*+)*+)"?|[{}\[\]:,]|[^\s{}\[\]:,"]++', re.DOTALL)
_IN_STRING = re.compile(
    r"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u(?P<code>[0-9a-fA-F]{4})|\\(?P<escape>.)"
    r"|(?P<tag><\\?/?[a-zA-Z][^<>]{0,400}>)|(?P<reference>&(?:\#(?:[0-9]{1,8}|[xX][0-9a-fA-F]{1,8})|[a-zA-Z][a-zA-Z0-9]{1,31});)",
    re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_BREAKING = re.compile(r"<\\?/?(?:p|br|li|ul|ol|div|h[1-6]|tr|td|th|table|blockquote)\b", re.IGNORECASE)


class _Value(NamedTuple):
    name: str
    span: Span
    key: Span
    is_text: bool


_NOWHERE = Span(0, 0)


@dataclass
class _Node:
    path: str
    parent: str
    depth: int
    is_list: bool
    values: list[_Value] = field(default_factory=list)
    key: str | None = None
    key_span: Span = _NOWHERE
    expects_value: bool = False


class Properties(NamedTuple):
    """What one JSON-LD script holds."""

    fields: tuple[Field, ...]
    blocks: tuple[Block, ...]
    faults: tuple[Fault, ...]


def properties(source: str, span: Span, masked: str = "") -> Properties:
    """The fields, prose and faults of the JSON-LD text at `span` of `source`; never raises.

    `masked` is the source with holes where the build of the site puts something, if there are any.

    Fields are named by their path from the top: "headline", "author.name", "mainEntity.acceptedAnswer.text".
    Lists and `@graph` add nothing to a path. A reference to a node elsewhere in the script brings that
    node's name and title along. Broken JSON gives one fault and what can still be read.
    """
    masked = masked or source
    nodes = _nodes(masked, span)
    known: dict[str, _Node] = {}
    for node in nodes:
        for value in node.values:
            if value.name == "@id" and len(node.values) > 1:
                known.setdefault(_text(source, value), node)
    fields: list[Field] = []
    blocks: list[Block] = []
    for node in nodes:
        types = " ".join(_text(source, value) for value in node.values if value.name == "@type")
        is_named = node.parent in _NAMING or _NAMED.search(types) is not None
        for value in node.values:
            text = _text(source, value)
            fields.append(
                Field(_joined(node.path, value.name), text, value.span if text else value.key, "json-ld")
            )
            if value.name == "@id" and len(node.values) == 1 and text in known:
                fields.extend(_brought(source, node.path, known[text]))
            kind = PROSE.get(value.name)
            if kind and value.is_text and not (is_named and value.name in ("name", "title")):
                block = _block(masked, value.span, kind)
                if block:
                    blocks.append(block)
    fields.sort(key=lambda found: found.span.start)
    blocks.sort(key=lambda block: block.span)
    return Properties(tuple(fields), tuple(blocks), tuple(_faults(masked, span)))


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _nodes(source: str, span: Span) -> list[_Node]:
    """Every object and list, outermost first, with the plain values that stand directly in it.

    The values of a list belong to the object around it, under the key of the list.
    """
    top = _Node("", "", 0, is_list=True)
    open_nodes, found, skipped = [top], [top], 0
    for piece in _PIECE.finditer(source, *span):
        mark = piece[0]
        node = open_nodes[-1]
        if mark in "{[":
            if len(open_nodes) > DEEPEST:
                skipped += 1
                continue
            name = node.key if node.expects_value or node.is_list else None
            is_list = mark == "["
            path = node.path if name is None or name == "@graph" or node.is_list else _joined(node.path, name)
            child = _Node(path, node.parent if node.is_list else name or "", node.depth + 1, is_list)
            if is_list:
                # The plain values of a list are values of the object around it.
                child.key, child.values, child.key_span = name, node.values, node.key_span
                if name is None or name == "@graph":
                    child.path, child.parent = node.path, node.parent
            else:
                found.append(child)
            open_nodes.append(child)
            node.expects_value = False
        elif mark in "}]":
            if skipped:
                skipped -= 1
            elif len(open_nodes) > 1:
                open_nodes.pop()
        elif skipped or mark == ",":
            node.expects_value = False
        elif mark == ":":
            node.expects_value = not node.is_list and node.key is not None
        elif node.is_list or node.expects_value:
            if node.key is not None:
                node.values.append(_value(node.key, piece, node.key_span))
            node.expects_value = False
        elif piece["string"] is not None:
            start, end = piece.span("string")
            node.key_span = Span(start, end)
            node.key = _string(source, node.key_span)
    return found


def _value(name: str, piece: re.Match[str], key: Span) -> _Value:
    if piece["string"] is not None:
        return _Value(name, Span(*piece.span("string")), key, True)
    return _Value(name, Span(*piece.span()), key, False)


def _text(source: str, value: _Value) -> str:
    if value.is_text:
        return " ".join(_string(source, value.span).split())
    text = source[value.span.start : value.span.end]
    return "" if text == "null" else text


def _string(source: str, span: Span) -> str:
    text = source[span.start : span.end]
    if "\\" in text or "&" in text or "<" in text:
        text = "".join(piece or source[start:end] for piece, start, end in _pieces(source, span))
        return text.replace(MASK, "")
    return text


def _pieces(source: str, span: Span) -> Iterator[tuple[str, int, int]]:
    """The decoded pieces of a JSON string; "" stands for source text that is as it stands."""
    at = span.start
    for piece in _IN_STRING.finditer(source, *span):
        if at < piece.start():
            yield "", at, piece.start()
        at = piece.end()
        yield _decoded(piece), piece.start(), piece.end()
    if at < span.end:
        yield "", at, span.end


def _decoded(piece: re.Match[str]) -> str:
    if piece["pair"]:
        return str(json.loads(f'"{piece["pair"]}"'))
    if piece["code"]:
        code = int(piece["code"], 16)
        return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
    if piece["escape"]:
        return _ESCAPES.get(piece["escape"], piece["escape"])
    if piece["tag"]:
        # Markup inside a string: block tags part words, inline tags leave nothing that can be seen.
        return " " if _BREAKING.match(piece[0]) else MASK
    return unescape(piece["reference"])


def _block(source: str, span: Span, kind: Kind) -> Block | None:
    prose = Prose(source)
    for text, start, end in _pieces(source, span):
        if text:
            prose.decoded(text, Span(start, end))
        else:
            prose.literal(start, end)
    return prose.block(kind, zone="metadata")


def _brought(source: str, path: str, node: _Node) -> Iterator[Field]:
    for value in node.values:
        if value.name in _BROUGHT:
            yield Field(_joined(path, value.name), _text(source, value), value.span, "json-ld")


def _faults(source: str, span: Span) -> Iterator[Fault]:
    text = source[span.start : span.end]
    # What the build of the site fills in cannot be judged here.
    if HOLE in text or not text.strip():
        return
    try:
        json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        at = span.start + min(error.pos, max(0, len(text) - 1))
        yield Fault(f"JSON-LD is broken: {error.msg}", Span(at, at + 1))
    except (ValueError, RecursionError):
        yield Fault("JSON-LD is broken: nested too deeply, or a number too long", Span(span.start, span.end))
