"""Front matter at the top of an article: YAML between `---` lines, TOML between `+++` lines, or a JSON object.

Every value stays text as it is written: `draft: no`, `date: 2024-05-01` and `version: 1.10` are not
turned into a boolean, a date and a number.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import yaml

from healthlint.document import Block, Directive, Fault, Field, Kind
from healthlint.readers.directive import directive, is_date
from healthlint.readers.prose import Prose
from healthlint.span import Span
from healthlint.tomlfile import TomlError, toml_entries

DEEPEST = 40
"""Front matter that is nested deeper than this is not read further."""

MOST_ALIASES = 50
"""YAML with more aliases than this is not read further."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_OPENING = re.compile(r"(?:[ \t]*+(?>\r\n|[\r\n]))*+(?P<mark>---|\+\+\+)[ \t]*(?:\r\n|[\r\n])")
_JSON_OPENING = re.compile(r"\s*(?=\{)")
_JSON_CLOSING = re.compile(r"[ \t]*(?:\r\n|[\r\n]|\Z)")
# Halves of a character that YAML does not know as such.
_SURROGATE = re.compile(r"(?<!\\)((?:\\\\)*)\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_CLOSING = {
    "---": re.compile(r"(?:^|(?<=\r))(?:---|\.\.\.)[ \t]*(?:\r\n|[\r\n]|\Z)", re.MULTILINE),
    "+++": re.compile(r"(?:^|(?<=\r))\+\+\+[ \t]*(?:\r\n|[\r\n]|\Z)", re.MULTILINE),
}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n]|\Z)")
_BLANK_OR_COMMENT = re.compile(r"(?:\s|#[^\r\n]*)*")
_YAML_KEY = re.compile(r"""(?:[\w$@.-]+|"[^"\r\n]+"|'[^'\r\n]+')[ \t]*:(?=[ \t\r\n]|\Z)""")
_YAML_KEY_OF_WORDS = re.compile(r"""[\w$@.-]+(?: [\w.()-]+){0,3}[ \t]*:(?=[ \t\r\n]|\Z)""")
_YAML_REST = re.compile(r"[ \t]|- |-\s*\Z|[\]}]")
_TOML_START = re.compile(r"""["'\w-][^=\r\n]*=|\[""")
_USUAL_KEY = re.compile(
    r"(?:title|date|layout|description|authors?|slug|tags|categories|draft|permalink|summary|id)[ \t]*:"
)
_COMMENT = re.compile(r"^[ \t]*#([^\r\n]*)", re.MULTILINE)
# YAML takes these for line ends or refuses them, an article may hold them.
_ODD = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*\s+)+")
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|[\r\n])")

_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
# What stands for other characters than itself, by the quotes around the text.
_PIECES = {
    '"': re.compile(
        r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}|[ \t]*\r?\n\s*|[^\r\n])|"
        + _ENTITY
    ),
    "'": re.compile("''|" + _ENTITY),
    "": re.compile(_ENTITY),
}
_ESCAPES = dict(zip("0abtnvfre", "\0\a\b\t\n\v\f\r\x1b", strict=True))
_ESCAPES |= {"N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"}

_PLAIN_LINE = {
    "---": re.compile(
        r"^(?P<key>[\w$@.-]+)[ \t]*:[ \t]+(?P<value>[^\s|>&*\[{](?:[^\r\n]*[^ \t\r\n])?)[ \t]*\r?$", re.M
    ),
    "+++": re.compile(
        r"^[ \t]*(?P<key>[\w.-]+)[ \t]*=[ \t]*(?P<value>[^\s\[{](?:[^\r\n]*[^ \t\r\n])?)[ \t]*\r?$", re.M
    ),
}

# Names without "_", "-" and case. The last part of a dotted name decides: "seo.title", "faq.question".
_READ_AS_FIELD = re.compile(
    r"title|subtitle|headline|subheading|heading|tagline|linktitle|shorttitle|summary|excerpt|abstract|teaser|lead|intro"
    r"|description|tldr|dek|deck|(?:seo|meta|og|twitter|page|social|share)title"
    r"|(?:seo|meta|og|twitter|short)description|tags?|keywords|categories|category|topics|alt|imagealt|caption"
    r"|question|answer|takeaways|keytakeaways|keypoints|highlights|disclaimer"
)
# Titles and descriptions of other people's pages.
_OF_OTHERS = re.compile(
    r"(?:.*\.)?(?:sources?|references?|citations?|resources|related\w*|links|bibliography)\."
)


class FrontMatter(NamedTuple):
    """What stands before the body of an article."""

    end: int
    """Where the body begins; 0 when there is no front matter."""
    fields: tuple[Field, ...] = ()
    blocks: tuple[Block, ...] = ()
    """The values that are read by people, in the zone "metadata"."""
    directives: tuple[Directive, ...] = ()
    faults: tuple[Fault, ...] = ()
    mark: str = ""
    """What it begins with: `---`, `+++` or `{`; "" when there is none."""
    inside: Span = Span(0, 0)
    """What stands between its marks; of JSON, the object with its braces."""


class Scalar(NamedTuple):
    """One value and where it stands."""

    name: str
    """Nested keys joined by dots; the items of a list share a name."""
    value: str
    span: Span
    """Without quotes, tag and anchor."""
    quote: str
    """The quotes around it: `"`, `'` or ""; "*" for an alias, whose text stands elsewhere."""
    key: Span


class _Values(NamedTuple):
    scalars: list[Scalar]
    keys: dict[str, Span]
    """Where each dotted name first stands as a key."""
    faults: list[Fault]


def front_matter(source: str) -> FrontMatter:
    """The front matter at the top of `source`; empty when there is none.

    A thematic break is told from front matter by what follows it. Whatever is wrong with front matter
    is a fault, and what can still be read of it is read.
    """
    opening = _OPENING.match(source)
    extent = _extent(source, opening["mark"], opening.end()) if opening else _json_extent(source)
    if not extent:
        return FrontMatter(0)
    mark = opening["mark"] if opening else "{"
    inside = Span(opening.end() if opening else source.index("{"), extent.stop)
    values = (_toml_values if mark == "+++" else _yaml_values)(source, inside)
    if opening and not extent.closed:
        message = f"the front matter that begins here is not closed; put a line “{mark}” after it"
        values.faults.insert(0, Fault(message, Span(*opening.span("mark"))))
    return FrontMatter(
        extent.end,
        tuple(metadata_fields(values.scalars, "front matter")),
        tuple(metadata_blocks(source, values.scalars)),
        tuple(_directives(source, inside, values)),
        tuple(values.faults),
        mark,
        inside,
    )


def metadata_kind(name: str) -> Kind | None:
    """The kind of block that the value of the metadata `name` makes; None when it is not prose."""
    plain = name.lower().replace("_", "").replace("-", "")
    if plain == "title":
        return "title"
    if plain == "description":
        return "description"
    if not _READ_AS_FIELD.fullmatch(plain.rpartition(".")[2]) or _OF_OTHERS.match(plain):
        return None
    return "field"


class _Extent(NamedTuple):
    stop: int
    end: int
    closed: bool


def _json_extent(source: str) -> _Extent | None:
    """Where a JSON object stops that stands at the top, and on lines of its own; None when none does."""
    opening = _JSON_OPENING.match(source)
    if not opening:
        return None
    try:
        value, stop = json.JSONDecoder().raw_decode(source, opening.end())
    except (ValueError, RecursionError):
        return None
    closing = _JSON_CLOSING.match(source, stop)
    return _Extent(stop, closing.end(), True) if closing and value else None


def _extent(source: str, mark: str, start: int) -> _Extent | None:
    """Where front matter that begins at `start` stops, and where the body begins; None for no front matter.

    A `---` far below, after lines that cannot be YAML, is a thematic break of the body.
    """
    closing = _CLOSING[mark].search(source, start)
    limit = closing.start() if closing else len(source)
    if mark == "+++":
        looks_so = _TOML_START.match(source, _first_line(source, start))
        return _Extent(*closing.span(), True) if closing and (looks_so or limit == start) else None
    last, keys, blank = start, 0, False
    at = start
    while at < limit:
        line = _LINE.match(source, at, limit)
        if not line or line.end() == at:
            break
        text = line[0]
        at = line.end()
        if text.isspace():
            blank = True
            if not closing and keys:
                break
        elif _YAML_KEY.match(text) or (keys and _YAML_KEY_OF_WORDS.match(text)):
            last, keys, blank = at, keys + 1, False
        elif text.startswith("#"):
            continue
        elif not keys and not text.startswith("{"):
            return None
        elif blank and not _YAML_REST.match(text):
            return _Extent(last, last, False)
        elif not blank:
            last = at
    if closing and (keys or not source[start:limit].strip() or source.startswith("{", start)):
        return _Extent(*closing.span(), True)
    if not closing and (keys > 1 or _USUAL_KEY.match(source, start)):
        return _Extent(last, last, False)
    return None


def _first_line(source: str, start: int) -> int:
    """The first line that is neither blank nor a comment, without its indentation."""
    found = _BLANK_OR_COMMENT.match(source, start)
    return found.end() if found else start


@dataclass
class _Open:
    """A YAML mapping or sequence that is being read."""

    name: str
    key: Span
    keys: set[str] | None
    """The keys so far; None for a sequence."""
    due: tuple[str, Span] | None = None
    """The dotted name and the place of the key whose value comes next."""
    is_key: bool = False
    is_empty: bool = True


def _yaml_values(source: str, inside: Span) -> _Values:
    """What YAML says, from one pass over its events, in which aliases are not followed into collections."""
    start, stop = inside
    found = _Values([], {}, [])
    open_: list[_Open] = []
    anchored: dict[str, str] = {}
    aliases = 0
    try:
        for event in yaml.parse(_parsed(source[start:stop]), Loader=_LOADER):
            level = open_[-1] if open_ else None
            if isinstance(event, yaml.CollectionEndEvent):
                closed = open_.pop()
                if closed.is_empty and not closed.is_key:
                    found.scalars.append(Scalar(closed.name, "", closed.key, "", closed.key))
                if open_:
                    open_[-1].due = (f"{open_[-1].name}.?", closed.key) if closed.is_key else None
                continue
            if isinstance(event, yaml.DocumentEndEvent):
                break
            if not isinstance(event, yaml.NodeEvent):
                continue
            span, quote = _yaml_span(source, event, start)
            if isinstance(event, yaml.AliasEvent):
                aliases += 1
                value = anchored.get(event.anchor or "", "")
            elif isinstance(event, yaml.ScalarEvent):
                value = event.value.strip()
                if event.anchor:
                    anchored[event.anchor] = value
            if aliases > MOST_ALIASES or len(open_) > DEEPEST:
                what = "nested too deeply" if len(open_) > DEEPEST else f"over {MOST_ALIASES} aliases"
                found.faults.append(Fault(f"the front matter has {what} and is not read further", span))
                break
            is_key = level is not None and level.keys is not None and level.due is None
            if level:
                level.is_empty = False
            name, key = (level.due or (level.name, span)) if level else ("", span)
            if level and key.start == key.end:  # an empty item or key is where its list or mapping is named
                key = level.key
            if isinstance(event, yaml.CollectionStartEvent):
                keys: set[str] | None = set() if isinstance(event, yaml.MappingStartEvent) else None
                open_.append(_Open(name, key, keys, is_key=is_key))
            elif level and level.keys is not None and is_key:
                if value in level.keys:
                    found.faults.append(Fault(f"the key “{value}” stands twice in the front matter", span))
                level.keys.add(value)
                level.due = (f"{level.name}.{value}" if level.name else value, span)
                found.keys.setdefault(level.due[0], span)
            else:
                found.scalars.append(Scalar(name, value, span, quote, key))
                if level:
                    level.due = None
    except yaml.YAMLError as error:
        marks = [getattr(error, name, None) for name in ("context_mark", "problem_mark")]
        places = [min(start + mark.index, stop - 1) for mark in marks if mark] or [start]
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        found.faults.append(
            Fault(f"the front matter is not valid YAML: {problem}", Span(places[-1], places[-1] + 1))
        )
        _read_plain_lines(source, inside, "---", min(places), found)
    return found


def _parsed(text: str) -> str:
    """`text`, at the same length, without what YAML refuses and an article may hold."""
    text = _ODD.sub("\ufffd", text)
    return _SURROGATE.sub(r"\1\\ufffd", text) if "\\u" in text else text


def _yaml_span(source: str, event: yaml.NodeEvent, start: int) -> tuple[Span, str]:
    """The place of a value without tag, anchor and quotes, and which quotes it had."""
    first, last = event.start_mark, event.end_mark
    begin, end = start + (first.index if first else 0), start + (last.index if last else 0)
    if isinstance(event, yaml.AliasEvent):
        return Span(begin, end), "*"
    if not isinstance(event, yaml.ScalarEvent):
        return Span(begin, min(begin + 1, len(source))), ""
    if source.startswith(("&", "!"), begin):
        properties = _PROPERTIES.match(source, begin, end)
        begin = properties.end() if properties else begin
    if event.style in ("'", '"'):
        return Span(begin + 1, max(begin + 1, end - 1)), event.style
    if event.style in ("|", ">"):
        header = _BLOCK_HEADER.match(source, begin, end)
        begin = header.end() if header else begin
    return _trimmed(source, Span(begin, end)), ""


def _trimmed(source: str, span: Span) -> Span:
    text = source[span.start : span.end]
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, max(start, span.start + len(text.rstrip())))


def _toml_values(source: str, inside: Span) -> _Values:
    """What TOML says."""
    start, stop = inside
    found = _Values([], {}, [])
    try:
        entries = toml_entries(source, inside)
    except RecursionError:
        found.faults.append(
            Fault("the front matter has nested too deeply and is not read further", Span(start, start + 1))
        )
        return found
    except TomlError as error:
        at = min(error.at, stop - 1)
        found.faults.append(Fault(f"the front matter is not valid TOML: {error}", Span(at, at + 1)))
        _read_plain_lines(source, inside, "+++", start, found)
        return found
    for entry in entries:
        name = ".".join(part for part in entry.path if isinstance(part, str))
        if entry.key != entry.span:
            found.keys.setdefault(name, entry.key)
        if entry.kind == "text":
            span, quote = _toml_span(source, entry.span)
            value = decoded_value(source, span, quote)
            found.scalars.append(Scalar(name, value.strip(), span, quote, entry.key))
    return found


def _toml_span(source: str, written: Span) -> tuple[Span, str]:
    """The place of a value without its quotes, and which quotes it had."""
    start, end = written
    if source[start] not in "\"'":
        return written, ""
    # In TOML two single quotes in a literal string are two single quotes.
    quote = '"' if source[start] == '"' else "="
    if source.startswith(('"""', "'''"), start) and end - start >= 6:
        return _trimmed(source, Span(start + 3, end - 3)), quote
    return Span(start + 1, end - 1), quote


def _read_plain_lines(source: str, inside: Span, mark: str, broken: int, found: _Values) -> None:
    """Add the one-line values from the line of `broken` on, so that a slip does not hide the title."""
    line = max(source.rfind("\n", inside.start, broken), source.rfind("\r", inside.start, broken)) + 1
    line = max(line, inside.start)
    found.scalars[:] = [scalar for scalar in found.scalars if scalar.span.end <= line]
    for plain in _PLAIN_LINE[mark].finditer(source, line, inside.end):
        value, span, quote = plain["value"], Span(*plain.span("value")), ""
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            quote = "=" if mark == "+++" and value[0] == "'" else value[0]
            span = Span(span.start + 1, span.end - 1)
        key = Span(*plain.span("key"))
        found.scalars.append(
            Scalar(plain["key"], decoded_value(source, span, quote).strip(), span, quote, key)
        )


def _pieces(source: str, span: Span, quote: str) -> Iterator[tuple[str, Span]]:
    """What stands for other characters than itself in a value: the text and its place."""
    for piece in _PIECES.get(quote, _PIECES[""]).finditer(source, span.start, span.end):
        text = piece[0]
        if text == "''":
            yield "'", Span(*piece.span())
        elif text.startswith("&"):
            yield html.unescape(text), Span(*piece.span())
        elif text[1:].isspace() and ("\n" in text or "\r" in text):
            yield "", Span(*piece.span())
        else:
            yield _escaped(text), Span(*piece.span())


def _escaped(text: str) -> str:
    if len(text) == 2:
        return _ESCAPES.get(text[1], text[1])
    number = int(text[2:].strip("{}"), 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"


def decoded_value(source: str, span: Span, quote: str) -> str:
    """A value as text, its escapes decoded but not its entities, which are those of the page."""
    pieces, at = [], span.start
    for text, place in _pieces(source, span, quote):
        if source[place.start] != "&":
            pieces += [source[at : place.start], text]
            at = place.end
    return "".join([*pieces, source[at : span.end]])


def metadata_fields(scalars: Iterable[Scalar], origin: Literal["front matter", "export"]) -> Iterator[Field]:
    """The values as fields; an empty one is at its key."""
    return (Field(s.name, s.value, s.span if s.value else s.key, origin) for s in scalars)


def metadata_blocks(source: str, scalars: Iterable[Scalar]) -> Iterator[Block]:
    """The values that people read, each as a block in the zone "metadata"."""
    prose = Prose(source)
    for scalar in scalars:
        kind = metadata_kind(scalar.name)
        if not kind or not scalar.value or scalar.quote == "*":
            continue
        at = scalar.span.start
        for text, place in _pieces(source, scalar.span, scalar.quote):
            prose.literal(at, place.start)
            prose.decoded(text, place)
            at = place.end
        prose.literal(at, scalar.span.end)
        block = prose.block(kind, zone="metadata")
        if block:
            yield block


def _directives(source: str, inside: Span, values: _Values) -> Iterator[Directive]:
    for comment in _COMMENT.finditer(source, inside.start, inside.end):
        found = directive(comment[1], comment.start(1))
        if found:
            yield found
    own = [scalar for scalar in values.scalars if scalar.name.startswith("healthlint.") and scalar.value]
    disabled = [scalar.value for scalar in own if scalar.name == "healthlint.disable"]
    names = tuple(name for value in disabled for name in re.findall(r"[\w-]+", value))
    if not names or names == ("false",):
        return
    said = {scalar.name: scalar.value for scalar in reversed(own)}
    reason, until = said.get("healthlint.reason", ""), said.get("healthlint.until", "")
    start = values.keys.get("healthlint", own[0].key).start
    every = names in (("true",), ("all",))
    end = max(scalar.span.end for scalar in own)
    whole = Span(start, end)
    if is_date(until):
        yield Directive("disable-file", () if every else names, " ".join(reason.split()), whole, until)
    else:
        yield Directive("unknown", (), "", whole)
