"""The vocabulary of HTML: which elements do what, what a tag says, and the references in its values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.entities import html5

from healthlint.document import Kind
from healthlint.readers.landmark import Landmark
from healthlint.span import Span

VOID = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen",
    "link", "meta", "param", "source", "track", "wbr",
))  # fmt: skip
"""Elements without content and end tag."""

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset(("ul", "ol", "dl", "menu", "dir"))
CELLS = frozenset(("td", "th", "caption"))
ROWS = frozenset(("tr", "tbody", "thead", "tfoot"))

SCOPES = frozenset(("table", "template", *CELLS))
"""End tags do not reach through these to elements outside of them."""

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "center", "dd", "details", "dialog", "div",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "head", "header", "hgroup", "hr",
    "html", "legend", "li", "listing", "main", "nav", "optgroup", "option", "p", "plaintext", "pre", "search",
    "section", "summary", "table", "title", "xmp", *HEADINGS, *LISTS, *CELLS, *ROWS,
))  # fmt: skip
"""Elements that begin and end a block of prose."""

ENDING_P = BLOCKS - CELLS - ROWS - {"body", "button", "head", "html", "option", "optgroup", "title", "legend"}
"""What a paragraph cannot contain, and so ends."""

ENDING_HEADING = frozenset((
    "p", "table", "hr", "blockquote", "section", "article", "header", "footer", "nav", "form", "figure", *LISTS,
))  # fmt: skip
"""What ends a heading that was left open."""

IMPLIED = {
    "li": (frozenset(("li",)), LISTS | SCOPES),
    "dt": (frozenset(("dt", "dd")), LISTS | SCOPES),
    "dd": (frozenset(("dt", "dd")), LISTS | SCOPES),
    "option": (frozenset(("option",)), frozenset(("select", "datalist"))),
}
"""What the start tag of an item ends, and what that may not reach through."""

UNSEEN = frozenset((
    "script", "style", "template", "noscript", "iframe", "noembed", "noframes", "object", "applet", "audio",
    "video", "canvas", "select", "datalist", "textarea", "svg", "math", "code", "kbd", "samp", "rp",
))  # fmt: skip
"""Elements whose content is no prose."""

GAPS = frozenset((
    "math", "code", "kbd", "samp", "select", "textarea", "canvas", "video", "object", "iframe",
))  # fmt: skip
"""Of these, what leaves a gap in the sentence; an `<svg>` in it is but decoration."""

NOTED = BLOCKS | UNSEEN | {"a", "small", "time"}
"""Elements that mean something even without attributes."""

CONTAINERS = {
    **dict.fromkeys(LISTS, "list"),
    **{name: name for name in ("table", "figure", "details", "aside", "nav", "header", "footer", "form")},
    "blockquote": "quote",
}
KINDS: dict[str, Kind] = {
    **dict.fromkeys(HEADINGS, "heading"),
    "li": "item",
    "dd": "item",
    "dt": "term",
    "td": "cell",
    "th": "cell",
    "caption": "caption",
    "figcaption": "caption",
    "blockquote": "paragraph",
}
LANDMARKS: dict[str, Landmark] = {
    "nav": "surely",
    "search": "surely",
    "footer": "surely",
    "aside": "likely",
    "header": "header",
    "button": "button",
}
OF_PARTS = frozenset(("footer", "header", "aside"))
"""Of these, what belongs to the article or section that it stands in."""

PARTS = frozenset(("main", "article", "section", "blockquote", "figure"))

TITLES = frozenset((
    "title", "og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "sailthru.title",
))  # fmt: skip
"""The names of `<meta>` whose content is the title of the page, and whose is what it is about."""

DESCRIPTIONS = frozenset((
    "description", "og:description", "twitter:description", "dc.description", "dcterms.description",
    "sailthru.description",
))  # fmt: skip

# Elements of raw text, in the spellings that occur.
_RAW_TEXT = (
    "title", "TITLE", "noscript", "NOSCRIPT", "textarea", "TEXTAREA", "iframe", "IFRAME", "noframes", "xmp",
)  # fmt: skip
_HIDING = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*(?:0++(?:\.0*+)?|\.0++)(?:px|pt|r?em|%|vw)?(?![\w.%])"
    r"|(?:text-indent|left|top|right|bottom|margin-left|margin-top)\s*:\s*-\d{4,}(?:\.\d+)?\s*(?:px|r?em|pt|%)?"
    r"|(?:clip|clip-path)\s*:\s*(?:rect\((?:[01](?:px)?[\s,]*){4}\)|inset\((?:50|100)%\)))",
    re.IGNORECASE,
)
_TRANSPARENT = re.compile(r"(?<![\w-])opacity\s*:\s*(?:0++(?:\.0*+)?|\.0++)%?\s*+(?:;|!|\Z)", re.IGNORECASE)
_MOVING = re.compile(r"transform|transition|animation|filter", re.IGNORECASE)
"""Beside these, what is transparent comes into view as the page is scrolled."""
_COLOURS = re.compile(
    r"(?<![\w-])(?P<what>color|background(?:-color)?)\s*:\s*(?P<colour>#[0-9a-f]{3,8}|[a-z]+|rgba?\([^()]*\))\s*(?:;|!|\Z)",
    re.IGNORECASE,
)
_NAMED_COLOURS = {
    "white": "#ffffff",
    "black": "#000000",
    "red": "#ff0000",
    "yellow": "#ffff00",
    "blue": "#0000ff",
}
_OPENED = re.compile(
    r"(?<![a-z])(?:tabs?|panes?|panels?|tabpanel|accordion|collaps(?:e|ed|ible)|toggle[rd]?|expand(?:ed|able)?|faqs?|answers?"
    r"|modals?|popups?|popover|dialog|lightbox|dropdown|menus?|submenu|nav|drawer|tooltip|slides?|slider|carousel|swiper"
    r"|read-?more|more|overlay|cookies?|alerts?|messages?|errors?|success|form|results?|quiz|print|mobile|desktop|steps?"
    r"|sr|screen-?reader|visually|skip|load(?:er|ing)?|spoiler|content-?hidden|transcript|icons?)(?![a-z])",
    re.IGNORECASE,
)
"""In names of elements: what is shown when somebody asks for it, or on other screens."""
_OF_SCRIPTS = ("data-", "x-", "v-", "ng-", "wire:", "aria-", ":", "@", "on")
"""How attributes begin by which a script shows and hides an element."""
# White space as HTML has it: Python's `\s` knows more.
_TAG_NAME = re.compile(r"</?[^ \t\n\f\r/>]*")
_ATTRIBUTE = re.compile(
    r"""[ \t\n\f\r/]*+(?P<name>[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)"""
    r"""(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+"""
    r"""(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^ \t\n\f\r>"'][^ \t\n\f\r>]*+)))?"""
)
_REFERENCE = re.compile(r"&(?:#(?:[0-9]{1,9}|[xX][0-9a-fA-F]{1,8});?|[a-zA-Z][a-zA-Z0-9]*+;?)")


def attributes(source: str, start: int) -> dict[str, Span]:
    """The attributes of the tag that begins at `start`, by lower-case name: where the value of each stands.

    The span of an attribute without a value is empty. Of two with one name, the first counts.
    """
    found: dict[str, Span] = {}
    name = _TAG_NAME.match(source, start)
    at = name.end() if name else start
    while attribute := _ATTRIBUTE.match(source, at):
        at = attribute.end()
        value = attribute.lastgroup or "name"
        span = Span(*attribute.span(value)) if value != "name" else Span(at, at)
        found.setdefault(attribute["name"].lower(), span)
    return found


def references(source: str, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """The character references in an attribute value, decoded, each with its place."""
    for reference in _REFERENCE.finditer(source, start, end):
        text = reference[0]
        # In an attribute, `&copy=1` and `&copyright` are parts of an address.
        is_open = text[1] != "#" and not text.endswith(";")
        if is_open and (text[1:] not in html5 or source.startswith("=", reference.end())):
            continue
        decoded = unescape(text)
        if decoded != text:
            yield decoded, Span(*reference.span())


def attribute_value(source: str, span: Span) -> str:
    """The attribute value at `span`, references decoded, white space joined."""
    pieces, at = [], span.start
    for decoded, place in references(source, *span):
        pieces += [source[at : place.start], decoded]
        at = place.end
    return " ".join("".join((*pieces, source[at : span.end])).split())


def is_hidden(attrs: Mapping[str, str]) -> bool:
    """Whether the attributes of an element keep it from being shown."""
    return (
        "hidden" in attrs
        or (attrs.get("aria-hidden") or "").lower() == "true"
        or ("style" in attrs and hides(attrs["style"] or ""))
    )


def hides(style: str) -> bool:
    """Whether a `style` keeps an element from being seen: not shown, too small, off the page, of one colour."""
    if _HIDING.search(style):
        return True
    if _TRANSPARENT.search(style) and not _MOVING.search(style):
        return True
    colours = {found["what"].lower()[:5]: _colour(found["colour"]) for found in _COLOURS.finditer(style)}
    return (
        len(colours) > 1
        and len(set(colours.values())) == 1
        and not colours["color"].startswith(("inh", "cur"))
    )


def _colour(written: str) -> str:
    """A colour as six hexadecimal digits, where it can be told."""
    colour = "".join(written.lower().split())
    if parts := re.fullmatch(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,1(?:\.0*)?)?\)", colour):
        return "#" + "".join(f"{int(part):02x}" for part in parts.groups())
    if re.fullmatch(r"#[0-9a-f]{3}", colour):
        return "#" + "".join(digit * 2 for digit in colour[1:])
    return _NAMED_COLOURS.get(colour, colour)


def is_opened(attrs: Mapping[str, str]) -> bool:
    """Whether what an element hides is, by its attributes, shown on demand or to some readers: a tab, an answer."""
    return (
        any(name.startswith(_OF_SCRIPTS) for name in attrs)
        or "role" in attrs
        or _OPENED.search(f"{attrs.get('class') or ''} {attrs.get('id') or ''}") is not None
    )


def closed(text: str) -> str:
    """`text` with other names for elements of raw text that are never closed.

    Each would take the rest of the page with it; the page is read as if it were not there.
    """
    for name in _RAW_TEXT:
        end = text.rfind(f"</{name}") + 1
        if text.find(f"<{name}", end) >= 0:
            text = text[:end] + text[end:].replace(f"<{name}", "<" + "x" * len(name))
    return text
