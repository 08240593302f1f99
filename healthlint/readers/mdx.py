"""MDX: Markdown with JSX, JavaScript expressions, imports and exports.

JSX and JavaScript are overwritten or left out, and the rest is read as Markdown. What people read of them
comes back as blocks: children as Markdown, prose props as labels, exported titles as metadata.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from healthlint.document import HOLE, Block, Document, Fault, Include, Kind, Zone
from healthlint.readers.frontmatter import Scalar, decoded_value, metadata_blocks, metadata_fields
from healthlint.readers.markdown import article, with_front_matter
from healthlint.readers.markup import hides, is_opened
from healthlint.readers.prose import MASK, Prose
from healthlint.readers.template import Tag, has_own_lines
from healthlint.readers.view import (
    DEEPEST,
    Cut,
    Enclosure,
    View,
    blank,
    characters,
    fences,
    overwritten,
    with_admonitions,
)
from healthlint.span import Span

LONGEST = 20_000
"""An expression that is not closed within so many characters is none."""

MOST_UNCLOSED = 20
"""After so many braces that are never closed, further ones are not looked at."""

LONGEST_LINE = 2_000
"""How far the end of a line is looked for, where only its end tells what a tag is."""

PROPS: dict[str, Kind] = {
    "alt": "alt",
    **dict.fromkeys(
        ("title", "description", "label", "caption", "summary", "heading", "subtitle", "text"), "label"
    ),
    "aria-label": "label",
}
"""The props of a component that people read, and the kind of block each makes."""

_DECLARATION = re.compile(r"export\s+(?:const|let|var)\s+(?P<name>[\w$]+)\s*(?::[^=\n]{0,100})?=\s*")
_METADATA_NAMES = frozenset(
    ("metadata", "meta", "frontmatter", "frontMatter", "seo", "article", "post", "page")
)
_METADATA_TEXTS = frozenset(("title", "description", "author", "date", "summary", "excerpt", "subtitle"))

_NEXT = re.compile(
    r"\\[\\{<`]|<!--|[<{]"
    r"|^import(?=\s+(?:[\"'{*]|[\w$]+\s*(?:,|from\b)))|^export(?=\s+(?:(?:const|let|var|function|default|async|class)\b|[{*]))",
    re.MULTILINE,
)
_BACKTICKS = re.compile(r"(?<!\\)`+")
# What the reader of Markdown knows for a tag, with attributes as HTML has them.
_MARKDOWN_TAG = re.compile(
    r"""(?:</[A-Za-z][A-Za-z0-9-]*+\s*+>|<[A-Za-z][A-Za-z0-9-]*+"""
    r"""(?:\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?)*+\s*+/?>)""",
    re.ASCII,
)
_PARAGRAPH_END = re.compile(r"\n[ \t]*\r?\n")
_HEADING_ID = re.compile(r"\{#[\w.:-]+\}")
_COMMENT = re.compile(r"\{\s*/\*(?P<text>.*)\*/\s*\}", re.DOTALL)
_STRING = re.compile(r"\{\s*(?P<quote>[\"'`])(?P<text>[^\"'`\\{}$]*)(?P=quote)\s*\}")
_CODE = re.compile(r"//[^\n]*|/\*|(?<!\\)(?:\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+')|[`{}()\[\]\n]")
_IN_TEMPLATE = re.compile(r"\\.|`|\$\{", re.DOTALL)
_CLOSED_BY = {"}": "{", ")": "(", "]": "["}
_NAME = re.compile(r"(?P<end>/?)\s*(?P<name>[A-Za-z_$][\w$-]*(?:\.[\w$-]+)*)?(?=[\s/>])")
_ATTRIBUTE = re.compile(r"(?P<name>[A-Za-z_$@:][\w$@:.-]*)(?P<value>\s*=\s*)?")
_SPACE = re.compile(r"\s*")
_LINE_END = re.compile(r"[\r\n]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n]|\Z)")

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
# HTML that stands inside a line of text, where the reader of Markdown deals with it.
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font"),
        *("i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time"),
        *("tt", "u", "var", "wbr"),
    )
)
_CONTAINERS = {
    **{name: name for name in ("table", "figure", "details", "aside", "nav", "header", "footer", "small")},
    **dict.fromkeys(("ul", "ol", "dl"), "list"),
    "blockquote": "quote",
}
_KINDS: dict[str, tuple[Kind, int]] = {
    **{f"h{level}": ("heading", level) for level in range(1, 7)},
    **dict.fromkeys(("td", "th"), ("cell", 0)),
    **dict.fromkeys(("figcaption", "caption"), ("caption", 0)),
    "li": ("item", 1),
    "dd": ("item", 1),
    "dt": ("term", 0),
}
_HIDING = frozenset(("script", "style", "template", "noscript", "svg", "pre", "textarea", "iframe"))
_CAPITAL = re.compile(r"(?=[A-Z])")
_TOKEN = re.compile(
    r"""(?P<string>(?<!\\)(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\$]|\\.)*+`))"""
    r"""|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<mark>[\[\]{}:,])|(?P<word>[\w$.]+)|(?P<other>\S)""",
    re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


class _Attribute(NamedTuple):
    span: Span
    quote: str
    """`"` or `'` around it, "{" for an expression, "" for none."""


@dataclass(slots=True)
class _JsxTag:
    span: Span
    name: str
    """"" for a fragment."""
    is_end: bool
    closes_itself: bool
    attributes: dict[str, _Attribute]
    braces: list[Span]
    """The expressions in it."""
    partner: _JsxTag | None = None
    containers: tuple[str, ...] = ()
    """What its children stand in, outermost first."""
    is_hidden: bool = False
    hides: bool = False
    """Whether its own attributes hide it."""
    unseen_zone: Zone | None = None
    """The zone of its text in `Document.hidden`, when that is not shown and is prose."""
    is_flow: bool = False
    """Whether it stands between blocks, not inside one."""


@dataclass(slots=True)
class _Found:
    """What a scan of the source has found, each kind in order."""

    masks: list[tuple[Span, str]] = field(default_factory=list)
    tags: list[_JsxTag] = field(default_factory=list)
    comments: list[Tag] = field(default_factory=list)
    exports: list[Scalar] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unclosed: int = 0


def read(source: str, path: str) -> Document:
    """The article in the MDX text `source`; never raises."""
    parts, start = with_front_matter(source)
    code = sorted([*(listings := fences(source, start)), *_code_spans(source, start, listings)])
    found = _scan(source, start, code)
    _pair(source, found.tags)
    _find_flow(source, found.tags)
    masks = sorted([*found.masks, *_tag_masks(source, found.tags)])
    view = View(
        overwritten(source, masks),
        start,
        tuple(_cuts(source, found.tags)),
        tuple(_enclosures(found.tags)),
        indented_code=False,
    )
    parts.fields.extend(metadata_fields(found.exports, "export"))
    parts.blocks.extend(metadata_blocks(source, found.exports))
    parts.blocks.extend(_labels(source, found.tags))
    parts.includes.extend(
        Include(tag.name, tag.span) for tag in found.tags if tag.name[:1].isupper() and not tag.is_end
    )
    parts.faults.extend(found.faults)
    view = with_admonitions(view, code)
    return article(source, view, parts, found.comments, path=path, format="mdx")


# Finding JSX and JavaScript.


def _code_spans(text: str, start: int, listings: Sequence[Span]) -> Iterator[Span]:
    """Inline code outside of fenced code: equally long rows of backticks in one paragraph."""
    if "`" not in text:
        return
    ends = [paragraph.start() for paragraph in _PARAGRAPH_END.finditer(text, start)]
    rows = []
    listing = 0
    for row in _BACKTICKS.finditer(text, start):
        while listing < len(listings) and listings[listing].end <= row.start():
            listing += 1
        if listing == len(listings) or row.start() < listings[listing].start:
            rows.append(row.span())
    later: dict[int, list[int]] = {}
    for begin, end in reversed(rows):
        later.setdefault(end - begin, []).append(begin)
    at = start
    for begin, end in rows:
        same = later[end - begin]
        while same and same[-1] <= begin:
            same.pop()
        if begin < at or not same:
            continue
        paragraph = bisect_left(ends, begin)
        if paragraph < len(ends) and ends[paragraph] < same[-1]:
            continue
        at = same[-1] + end - begin
        yield Span(begin, at)


def _scan(text: str, start: int, code: Sequence[Span]) -> _Found:
    found = _Found()
    last_comment_end = text.rfind("-->")
    at = start
    passed = 0
    while thing := _NEXT.search(text, at):
        begin, at = thing.span()
        while passed < len(code) and code[passed].end <= begin:
            passed += 1
        if passed < len(code) and code[passed].start <= begin:
            at = code[passed].end
        elif thing[0] == "{":
            at = _read_braces(text, begin, found)
        elif thing[0] == "<!--":
            if at <= last_comment_end:
                comment = Span(at, text.index("-->", at))
                at = comment.end + 3
                found.comments.append(Tag(Span(begin, at), "", comment))
                found.masks.append((Span(begin, at), _nothing(text, Span(begin, at))))
        elif thing[0] == "<":
            tag = _tag(text, begin, found)
            if tag:
                found.tags.append(tag)
                at = tag.span.end
        elif not thing[0].startswith("\\") and _begins_code(text, start, begin, found):
            at = _statement_end(text, begin, found)
            found.masks.append((Span(begin, at), blank(text[begin:at])))
            if thing[0].startswith("export"):
                found.exports += _exported(text, Span(begin, at))
    return found


def _begins_code(text: str, start: int, begin: int, found: _Found) -> bool:
    """Whether an `import` or `export` at the start of a line begins a block, or follows on another one."""
    before = text[max(start, begin - 200) : begin].rstrip(" \t")
    before = before.removesuffix("\n").removesuffix("\r").rstrip(" \t")
    if not before or before.endswith(("\n", "\r")):
        return True
    return bool(found.masks) and not text[found.masks[-1][0].end : begin].strip()


def _read_braces(text: str, begin: int, found: _Found) -> int:
    """Note what stands in the braces that open at `begin`; where to go on."""
    heading_id = _HEADING_ID.match(text, begin)
    if heading_id:
        found.masks.append((Span(*heading_id.span()), MASK * len(heading_id[0])))
        return heading_id.end()
    end = _closing(text, begin, found)
    if end > 0 and _PARAGRAPH_END.search(text, begin, end) and not _begins_line(text, begin):
        # In a paragraph, no expression goes on behind its end.
        found.unclosed, end = found.unclosed + 1, -1
    if end < 0:
        if found.unclosed <= MOST_UNCLOSED:
            message = "this “{” is never closed; write “\\{” where it is text"
            found.faults.append(Fault(message, Span(begin, begin + 1)))
        return begin + 1
    span = Span(begin, end)
    comment = _COMMENT.fullmatch(text, begin, end)
    string = _STRING.fullmatch(text, begin, end)
    if comment:
        found.comments.append(Tag(span, "", Span(*comment.span("text"))))
        found.masks.append((span, _nothing(text, span)))
    elif string:
        before, after = Span(begin, string.start("text")), Span(string.end("text"), end)
        # `{" "}` is how JSX spells a space; plain spaces could end up as a hard break or as code.
        inside = string["text"].replace(" ", "\u00a0") if string["text"].isspace() else string["text"]
        whole = MASK * (before.end - begin) + inside + MASK * (end - after.start)
        found.masks.append((span, whole))
    else:
        found.masks.append(
            (span, blank(text[begin:end]) if has_own_lines(text, span) else HOLE * (end - begin))
        )
    return end


def _nothing(text: str, span: Span) -> str:
    return blank(text[span.start : span.end]) if has_own_lines(text, span) else MASK * (span.end - span.start)


def _closing(text: str, begin: int, found: _Found) -> int:
    """Behind the brace that closes the one at `begin`; -1 when there is none."""
    if found.unclosed >= MOST_UNCLOSED:
        found.unclosed += 1
        return -1
    end = _code_end(text, begin, min(len(text), begin + LONGEST), statement=False)
    if end < 0:
        found.unclosed += 1
    return end


def _statement_end(text: str, begin: int, found: _Found) -> int:
    """Behind the import or export that begins at `begin`: at the end of its line, or of its last bracket's."""
    end = -1
    if found.unclosed < MOST_UNCLOSED:
        end = _code_end(text, begin, min(len(text), begin + LONGEST), statement=True)
    if end < 0:
        found.unclosed += 1
        paragraph = _PARAGRAPH_END.search(text, begin)
        end = paragraph.start() if paragraph else len(text)
    return end


def _code_end(text: str, begin: int, limit: int, *, statement: bool) -> int:
    """Where JavaScript ends: behind its closing bracket, or a statement at the end of its last line."""
    brackets: list[str] = []
    at = begin
    while True:
        in_template = bool(brackets) and brackets[-1] == "`"
        token = (_IN_TEMPLATE if in_template else _CODE).search(text, at, limit)
        if not token:
            return limit if statement and limit == len(text) and not brackets else -1
        at, mark = token.end(), token[0]
        if in_template:
            if mark == "`":
                brackets.pop()
            elif mark == "${":
                brackets.append("{")
        elif mark in ("`", "{", "(", "["):
            brackets.append(mark)
        elif mark in _CLOSED_BY:
            # A bracket of another kind, in the text of an element, closes nothing.
            if brackets and brackets[-1] == _CLOSED_BY[mark]:
                brackets.pop()
            if not brackets and not statement:
                return at
        elif mark == "/*":
            at = text.find("*/", at, limit) + 2
            if at < 2:
                return -1
        elif mark == "\n" and statement and not brackets:
            rest = text[at : at + 20].lstrip(" \t\r")
            if not rest or rest.startswith(("\n", "import", "export", "#")):
                return at - 1


def _tag(text: str, begin: int, found: _Found) -> _JsxTag | None:
    """The JSX tag that begins at `begin`; None when it is none, such as an address or a "less than"."""
    name = _NAME.match(text, begin + 1)
    if not name or (not name["name"] and not text.startswith(">", name.end())):
        return None
    attributes: dict[str, _Attribute] = {}
    braces: list[Span] = []
    at = name.end()
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if text.startswith(("/>", ">"), at):
            closes_itself = text[at] == "/"
            span = Span(begin, at + 1 + closes_itself)
            return _JsxTag(span, name["name"] or "", bool(name["end"]), closes_itself, attributes, braces)
        if text.startswith("{", at):
            end = _closing(text, at, found)
            if end < 0:
                return None
            braces.append(Span(at, end))
            at = end
            continue
        attribute = _ATTRIBUTE.match(text, at)
        if not attribute:
            return None
        at = attribute.end()
        value = _Attribute(Span(at, at), "")
        if attribute["value"]:
            quote = text[at : at + 1]
            if quote == "{":
                end = _closing(text, at, found)
                braces.append(Span(at, end))
                value = _Attribute(Span(at, end), "{")
            elif quote and quote in "\"'":
                end = text.find(quote, at + 1, at + LONGEST) + 1
                value = _Attribute(Span(at + 1, end - 1), quote)
            else:
                return None
            if end <= 0:
                return None
            at = end
        attributes.setdefault(attribute["name"], value)


# What the tags mean.


def _pair(text: str, tags: Sequence[_JsxTag]) -> None:
    """Tell the tags of each element from one another, and what they stand in."""
    open_: list[_JsxTag] = []
    names: dict[str, int] = {}
    for tag in tags:
        if tag.is_end:
            if names.get(tag.name, 0):
                while True:
                    begun = open_.pop()
                    names[begun.name] -= 1
                    if begun.name == tag.name:
                        break
                begun.partner, tag.partner = tag, begun
            continue
        around = open_[-1] if open_ else None
        container = _container(tag.name)
        tag.containers = around.containers if around else ()
        if container and len(tag.containers) < DEEPEST:
            tag.containers += (container,)
        if around is not None and around.is_hidden:
            tag.is_hidden, tag.unseen_zone = True, around.unseen_zone
        elif tag.name in _HIDING:
            tag.is_hidden = True
        elif tag.attributes and _hides(said := _said(text, tag)):
            tag.is_hidden = tag.hides = True
            tag.unseen_zone = "article" if tag.name[:1].isupper() or is_opened(said) else "hidden"
        if not tag.closes_itself and tag.name not in _VOID:
            open_.append(tag)
            names[tag.name] = names.get(tag.name, 0) + 1


def _container(name: str) -> str:
    return name.lower() if name[:1].isupper() else _CONTAINERS.get(name, "")


def _said(text: str, tag: _JsxTag) -> dict[str, str]:
    """What the attributes of a tag say, by the names of HTML."""
    return {
        "class" if name == "className" else name: text[value.span.start : value.span.end].strip("{} ")
        for name, value in tag.attributes.items()
    }


def _hides(said: dict[str, str]) -> bool:
    """Whether attributes keep an element from being shown."""
    return (
        said.get("hidden", "false") != "false"
        or said.get("aria-hidden", "").strip("\"'") == "true"
        or ("style" in said and hides(_css(said["style"])))
    )


def _css(style: str) -> str:
    """The object that JSX takes for a style, as a style: `fontSize: 0` is `font-size: 0`."""
    return _CAPITAL.sub("-", style).lower().replace(",", ";").replace('"', "").replace("'", "")


def _find_flow(text: str, tags: Sequence[_JsxTag]) -> None:
    """Tell the tags that stand between blocks from those inside a line of text."""
    line_end = -1
    for tag in tags:
        start, end = tag.span
        if tag.is_end:
            tag.is_flow = tag.partner is not None and tag.partner.is_flow
            if not tag.is_flow and tag.name not in _INLINE:
                tag.is_flow = has_own_lines(text, tag.span)
            begins_line = tag.is_flow
        elif has_own_lines(text, tag.span):
            tag.is_flow = begins_line = tag.name != "img"
        else:
            begins_line = line_end == start or _begins_line(text, start)
            if begins_line and tag.name not in _INLINE and tag.name not in _VOID and not tag.closes_itself:
                tag.is_flow = tag.name[:1].islower() or not _goes_on(text, tag)
        line_end = end if begins_line and tag.is_flow else -1


def _begins_line(text: str, start: int) -> bool:
    line = text[max(0, start - 200) : start].rstrip(" \t")
    return not line or line.endswith(("\n", "\r"))


def _goes_on(text: str, tag: _JsxTag) -> bool:
    """Whether text follows, on the same line, behind the element that begins a line."""
    close = tag.partner
    newline = text.find("\n", tag.span.end, tag.span.end + LONGEST_LINE)
    if close is None or 0 <= newline < close.span.start:
        return False
    end = close.span.end
    line = _LINE.match(text, end, min(len(text), end + LONGEST_LINE))
    rest = line[0].strip() if line else ""
    return bool(rest) and not rest.startswith("<")


def _tag_masks(text: str, tags: Iterable[_JsxTag]) -> Iterator[tuple[Span, str]]:
    for tag in tags:
        start, end = tag.span
        if tag.name == "br":
            yield tag.span, "\u00a0" * (end - start)
        elif tag.is_flow:
            yield tag.span, blank(text[start:end])
        elif tag.name in _INLINE and tag.hides and not tag.is_end:
            # The reader of Markdown would not understand `style={{display: "none"}}`.
            attribute = "hidden" if tag.unseen_zone == "hidden" else "hidden role"
            yield tag.span, f"<{tag.name} {attribute}"[: end - start - 1].ljust(end - start - 1) + ">"
        elif tag.name in _INLINE:
            pieces = ((brace, "x" * (brace.end - brace.start)) for brace in tag.braces)
            # A line that begins with the ">" of a tag would be a quotation.
            whole = _LINE_END.sub(" ", _shifted(text, tag.span, pieces))
            yield tag.span, whole if _MARKDOWN_TAG.fullmatch(whole) else MASK * (end - start)
        elif tag.closes_itself or tag.name in _VOID:
            yield tag.span, HOLE * (end - start)
        else:
            yield tag.span, MASK * (end - start)


def _shifted(text: str, span: Span, pieces: Iterable[tuple[Span, str]]) -> str:
    start = span.start
    moved = ((Span(piece.start - start, piece.end - start), whole) for piece, whole in pieces)
    return overwritten(text[start : span.end], moved)


def _cuts(text: str, tags: Sequence[_JsxTag]) -> Iterator[Cut]:
    """Tags between blocks, each a break, and the indentation of what stands between them."""
    # Of each element around: how far its first line is indented, once that is known.
    bases: list[list[int]] = []
    outermost = 0
    at = 0
    for tag in tags:
        if not tag.is_flow:
            continue
        start, end = tag.span
        line = max(text.rfind("\n", at, start), text.rfind("\r", at, start)) + 1
        if line == 0 and at > 0:
            line = start
        begins_line = not text[line:start].strip(" \t")
        if bases:
            yield from _dedented(text, at, line if begins_line else start, bases[-1], outermost)
        elif begins_line:
            outermost = len(text[line:start].expandtabs(4))
        yield Cut(Span(line if begins_line else start, end), "\n\n" + " " * min(outermost, 3))
        at = end
        if tag.partner and tag.is_end and bases:
            bases.pop()
        elif tag.partner and not tag.is_end:
            bases.append([])


def _dedented(text: str, start: int, end: int, base: list[int], outermost: int) -> Iterator[Cut]:
    first = _LINE.match(text, start, end)
    at = first.end() if first else end
    while at < end:
        line = _LINE.match(text, at, end)
        if not line:
            return
        indent = line[0][: len(line[0]) - len(line[0].lstrip(" \t"))]
        if line[0].strip():
            width = len(indent.expandtabs(4))
            if not base:
                base.append(width)
            count = characters(indent, min(width, base[0]) - outermost)
            if count:
                yield Cut(Span(at, at + count))
        at = line.end()


def _enclosures(tags: Iterable[_JsxTag]) -> Iterator[Enclosure]:
    for tag in tags:
        if tag.partner is None or tag.is_end or (tag.name in _INLINE and not tag.is_flow):
            continue
        kind, level = _KINDS.get(tag.name, ("paragraph", 0))
        container = _container(tag.name)
        if container or tag.is_hidden or kind != "paragraph":
            span = Span(tag.span.start, tag.partner.span.end)
            yield Enclosure(span, container, tag.is_hidden, kind, level, tag.unseen_zone)


def _labels(text: str, tags: Iterable[_JsxTag]) -> Iterator[Block]:
    prose = Prose(text)
    for tag in tags:
        if tag.is_end or tag.is_hidden or (tag.name in _INLINE and not tag.is_flow):
            continue
        for name, value in tag.attributes.items():
            kind = PROPS.get(name)
            span = value.span
            if value.quote == "{":
                string = _STRING.fullmatch(text, *span)
                span = Span(*string.span("text")) if string else Span(0, 0)
            if not kind or span.start == span.end:
                continue
            at = span.start
            for entity in _ENTITY.finditer(text, *span):
                prose.literal(at, entity.start())
                prose.decoded(unescape(entity[0]), Span(*entity.span()))
                at = entity.end()
            prose.literal(at, span.end)
            block = prose.block(kind, containers=tag.containers)
            if block:
                yield block


# What is exported.


def _exported(text: str, span: Span) -> Iterator[Scalar]:
    """The strings of `export const metadata = {...}` and of `export const title = "..."`."""
    declared = _DECLARATION.match(text, span.start, span.end)
    if not declared:
        return
    name = declared["name"]
    if name in _METADATA_TEXTS:
        path: str | None = name
    elif name in _METADATA_NAMES and text.startswith("{", declared.end()):
        path = ""
    else:
        return
    key = Span(*declared.span("name"))
    word: re.Match[str] | None = None
    open_: list[tuple[str, str]] = []
    for token in _TOKEN.finditer(text, declared.end(), span.end):
        mark = token["mark"]
        if mark in ("{", "["):
            if len(open_) == DEEPEST:
                return
            open_.append((mark, path or ""))
            path = None if mark == "{" else path
        elif mark in ("}", "]"):
            if open_:
                open_.pop()
            path = open_[-1][1] if open_ and open_[-1][0] == "[" else None
        elif mark == ",":
            path = open_[-1][1] if open_ and open_[-1][0] == "[" else None
        elif path is None:
            if mark == ":" and word and open_:
                key = Span(*word.span())
                path = ".".join(filter(None, (open_[-1][1], word[0].strip("\"'`"))))
            word = token if token["word"] or token["string"] else None
        elif token["string"]:
            inside = Span(token.start() + 1, token.end() - 1)
            yield Scalar(path, decoded_value(text, inside, '"').strip(), inside, '"', key)
