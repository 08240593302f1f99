"""Template tags in an article: Liquid, Jinja, Hugo, Handlebars, ERB, MkDocs snippets, WordPress shortcodes.

They are holes: what the build of the site puts in their place is not known here, only its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from healthlint.document import HOLE
from healthlint.span import Span

LONGEST = 4_000
"""What is not closed within so many characters is no tag."""

CLOSERS = {
    "{{<": ">}}",
    "{{%": "%}}",
    "{{!--": "--}}",
    "{{{": "}}}",
    "{{": "}}",
    "{%": "%}",
    "{#": "#}",
    "<%": "%>",
}
"""What opens a tag, and what closes it."""

# Tags that put no text of their own in their place: conditions, loops, definitions, filters, end tags.
_CONTROL = re.compile(
    r"(?:end|/)[\w/-]*|if|elsif|elif|else|elseif|unless|ifchanged|ifequal|for|foreach|while|range|cycle|break"
    r"|continue|case|when|switch|with|set|assign|capture|increment|decrement|define|block|macro|import|from"
    r"|filter|autoescape|spaceless|trans|translate|blocktrans|blocktranslate|load|csrf_token|liquid|raw"
    r"|verbatim|comment|highlight|paginate|tablerow|echo|do|apply|form|layout|schema|style|stylesheet"
    r"|javascript|css|js|markdown|cache|return|pluralize|regroup|url|static|now|debug|[\d.]+"
)
# The same where Go templates write them; `{{ url }}` is a value.
_CONTROL_IN_BRACES = re.compile(
    r"(?:end|/)[\w/-]*|if|else|with|range|define|block|break|continue|return|[\d.]+"
)
# Tags whose argument is what they put there.
_INCLUDING = re.compile(
    r"include|includes|include_relative|include_cached|render|partial|partialCached|template|sections?|snippet"
    r"|extends|embed|component|readfile|call"
)
# What stands between these and their end tags is not prose.
_HIDING = re.compile(r"(end|/)?(comment|highlight|schema|style|stylesheet|javascript|css|js)")

_OPENER = re.compile(r"\{\{(?:<|%|!--|\{)?|\{%|\{#|<%")
_HEADING_ID = re.compile(r"\{#[^\s{}#]+(?:[ \t][^{}#\n]*)?\}")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n|\r[ \t]*\r")
_WORD = re.compile(r"[-~=&\s]*([\w./](?:[\w./-]*[\w/])?)")
_PARTIAL = re.compile(r"[-~\s]*>\s*([\w./-]+)")
_ARGUMENT = re.compile(r"""\s*+(?:\(\s*+)?(?:"([^"]+)"|'([^']+)'|`([^`]+)`|([^\s"'`,)|]+))""")
_SNIPPET = re.compile(r"""^[ \t]*-+8<-+[ \t]+["']([^"'\n]+)["'][ \t]*$""", re.MULTILINE)
# The value of an attribute holds no bracket, so that a row of "[a b=[a b=" is passed over once only.
_SHORTCODE = re.compile(
    r"""\[(?<![\[\]!\\]\[)(?:(?P<end>/)|(?<!\w\[))(?P<name>[a-z][a-z0-9_-]*)"""
    r"""(?P<attributes>(?:\s+[\w-]+=(?:"[^"\[\]\n]*"|'[^'\[\]\n]*'|[^\s"'\[\]]+))*)\s*/?\](?![\[(:\]])"""
)
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\n]+)\]:", re.MULTILINE)
_LINE_END = re.compile(r"[ \t]*(?:[\r\n]|\Z)")
_NOT_LINE_END = re.compile(r"[^\r\n]")


class Tag(NamedTuple):
    """One template tag; a comment or a listing reaches to its end tag."""

    span: Span
    include: str
    """What the build puts here: "disclaimer.html", "medical-disclaimer", "page.title"; "" for nothing."""
    comment: Span | None = None
    """The text of a template comment, in which a suppression may stand."""


def tags(source: str, start: int = 0) -> list[Tag]:
    """The template tags of `source` from offset `start` on, in order, none inside another.

    Code is not known here: the caller drops the tags that stand in its code, and what they include.
    """
    found = _delimited(source, start)
    if "8<" in source:
        found += (Tag(Span(*snippet.span()), snippet[1]) for snippet in _SNIPPET.finditer(source, start))
    found += _shortcodes(source, start)
    found.sort()
    apart: list[Tag] = []
    for tag in found:
        if not apart or tag.span.start >= apart[-1].span.end:
            apart.append(tag)
    return apart


def masked(source: str, tags: Iterable[Tag], *, blank: bool = False) -> str:
    """`source` with each of its `tags` overwritten by U+FFFC, at the same length.

    With `blank`, a tag that has its lines to itself becomes white space instead and keeps its line
    ends: what Markdown sees after most builds.
    """
    pieces, at = [], 0
    for tag in tags:
        start, end = tag.span
        pieces.append(source[at:start])
        if blank and has_own_lines(source, tag.span):
            pieces.append(_NOT_LINE_END.sub(" ", source[start:end]))
        else:
            pieces.append(HOLE * (end - start))
        at = end
    pieces.append(source[at:])
    return "".join(pieces)


def has_own_lines(source: str, span: Span) -> bool:
    """Whether nothing else stands on the lines of `span`."""
    # Deeper indentation than this is code, and the tag in it no tag.
    before = source[max(0, span.start - 40) : span.start].rstrip(" \t")
    return (not before or before[-1] in "\r\n") and _LINE_END.match(source, span.end) is not None


def _delimited(source: str, start: int) -> list[Tag]:
    found: list[Tag] = []
    begun: dict[str, list[tuple[int, Tag]]] = {}
    for opener, span, inner in _delimiters(source, start):
        text = source[inner.start : inner.end]
        comment = _comment(opener, text)
        if comment is not None:
            at = inner.start + text.index(comment)
            found.append(Tag(span, "", Span(at, at + len(comment))))
            continue
        word = _WORD.match(text)
        hiding = _HIDING.fullmatch(word[1]) if word and opener in ("{%", "{{<", "{{%") else None
        if hiding and hiding[1]:
            same = begun.get(hiding[2], [])
            while same:
                index, first = same.pop()
                if index < len(found) and found[index] is first:
                    # What stood between them is gone, tags and all.
                    del found[index:]
                    between = Span(first.span.end, span.start) if hiding[2] == "comment" else None
                    found.append(Tag(Span(first.span.start, span.end), "", between))
                    break
            else:
                found.append(Tag(span, ""))
            continue
        found.append(Tag(span, "" if hiding else _include(opener, text)))
        if hiding:
            begun.setdefault(hiding[2], []).append((len(found) - 1, found[-1]))
    return found


def _comment(opener: str, text: str) -> str | None:
    if opener in ("{#", "{{!--"):
        return text
    if opener not in ("{{", "{%", "<%"):
        return None
    bare = text.strip("-~ \t\r\n")
    if bare.startswith("!" if opener == "{{" else "#"):
        return bare[1:]
    if len(bare) >= 4 and bare.startswith("/*") and bare.endswith("*/"):
        return bare[2:-2]
    return None


def _delimiters(source: str, start: int) -> Iterator[tuple[str, Span, Span]]:
    """Opener, tag and inside of what stands between `CLOSERS`.

    The next place of each closer is remembered, so that a million openers are passed over once.
    """
    next_closer = dict.fromkeys(CLOSERS.values(), -1)
    end = start
    for opening in _OPENER.finditer(source, start):
        opener, (at, inner) = opening[0], opening.span()
        if at < end:
            continue
        closer = CLOSERS[opener]
        if next_closer[closer] < inner:
            place = source.find(closer, inner)
            next_closer[closer] = place if place >= 0 else len(source) + LONGEST + 1
        close = next_closer[closer]
        if close - inner > LONGEST or source.find(opener, inner, close) >= 0:
            continue
        if opener == "{#":
            if _HEADING_ID.match(source, at):
                continue
        elif opener != "{{!--" and _BLANK_LINE.search(source, inner, close):
            continue
        end = close + len(closer)
        yield opener, Span(at, end), Span(inner, close)


def _include(opener: str, text: str) -> str:
    partial = _PARTIAL.match(text)
    if partial and opener in ("{{", "{{{"):
        return partial[1]
    word = _WORD.match(text)
    if not word:
        return ""
    name = word[1]
    if opener == "{{" and text.startswith("(", word.end()):
        return name
    if _INCLUDING.fullmatch(name):
        argument = _ARGUMENT.match(text, word.end())
        return next(filter(None, argument.groups()), "") if argument else name
    control = _CONTROL_IN_BRACES if opener in ("{{", "{{{") else _CONTROL
    return "" if control.fullmatch(name) else name.lstrip(".")


def _shortcodes(source: str, start: int) -> Iterator[Tag]:
    """WordPress shortcodes. Square brackets have many other uses, so a name alone is not enough."""
    candidates = list(_SHORTCODE.finditer(source, start))
    if not candidates:
        return
    defined = {label.lower() for label in _DEFINITION.findall(source, start)}
    closed = {found["name"] for found in candidates if found["end"]}
    for found in candidates:
        name, span = found["name"], Span(*found.span())
        if name in defined or len(name) < 3:
            continue
        if found["attributes"] or name in closed or "_" in name or has_own_lines(source, span):
            yield Tag(span, "" if found["end"] else name)
