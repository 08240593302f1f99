"""PHP code in a page: holes, and the templates that it puts there."""

from __future__ import annotations

import re
from typing import NamedTuple

from healthlint.document import Include
from healthlint.span import Span

_OPENER = re.compile(r"<\?(?:php(?![\w-])|=|(?=\s))", re.IGNORECASE)
# Strings and comments, in which the closing mark does not close; a line comment ends before it.
_PIECE = re.compile(
    r"'(?:[^'\\]|\\.)*+(?P<single>')?|\"(?:[^\"\\]|\\.)*+(?P<double>\")?|/\*.*?(?P<comment>\*/)|/\*"
    r"|(?://|\#(?!\[))(?:[^\r\n?]|\?(?!>))*+|<<<[ \t]*(?P<quote>['\"]?)(?P<word>\w+)(?P=quote)[ \t]*\r?\n|(?P<end>\?>)",
    re.DOTALL,
)
_INCLUDE = re.compile(
    r"\b(?:include|require)(?:_once)?\b(?P<path>[^;?]{0,200}?['\"](?P<file>[^'\"\r\n]{1,200})['\"])"
    r"|\bget_template_part\s*\(\s*['\"](?P<part>[^'\"\r\n]{1,200})['\"](?:\s*,\s*['\"](?P<variant>[^'\"\r\n]{1,200})['\"])?"
    r"|\bget_(?P<place>header|footer|sidebar)\s*\(\s*(?:['\"](?P<named>[^'\"\r\n]{1,200})['\"])?"
    r"|\bdo_shortcode\s*\(\s*['\"]\s*\[(?P<shortcode>[\w-]{1,200})"
)


class Code(NamedTuple):
    """The PHP of a page."""

    spans: tuple[Span, ...]
    includes: tuple[Include, ...]


def code(source: str, *, is_php: bool) -> Code:
    """Where PHP stands in `source`, and what it includes; an XML prolog is no PHP.

    `is_php` is whether the file is a PHP file: elsewhere, what is never closed is no code. Includes are
    named as written ("inc/disclaimer.php", "template-parts/disclaimer"), `get_footer()` is "footer",
    `get_footer('clinic')` "footer-clinic".
    """
    spans: list[Span] = []
    includes: list[Include] = []
    at, trusts_strings = 0, True
    # Past this offset nothing closes; asked once only.
    last_close = source.rfind("?>")
    while opener := _OPENER.search(source, at):
        start = opener.start()
        if last_close < start and not is_php:
            break
        end = _end(source, opener.end()) if trusts_strings else None
        if end is None and last_close >= opener.end():
            # An apostrophe that opens no string: from here on, the first mark closes.
            trusts_strings = False
            end = source.find("?>", opener.end()) + 2
        at = len(source) if end is None else end
        spans.append(Span(start, at))
        includes.extend(_includes(source, start, at))
    return Code(tuple(spans), tuple(includes))


def _end(source: str, at: int) -> int | None:
    """Behind the closing mark, or None when a string, comment or the code itself is never closed."""
    while piece := _PIECE.search(source, at):
        at = piece.end()
        if piece["end"]:
            return at
        if piece["word"]:
            close = re.compile(rf"^[ \t]*{piece['word']}\b", re.MULTILINE).search(source, at)
            if not close:
                return None
            at = close.end()
        elif piece[0][0] in "'\"" or piece[0].startswith("/*"):
            is_closed = piece["single"] or piece["double"] or piece["comment"]
            if not is_closed:
                return None
    return None


def _includes(source: str, start: int, end: int) -> list[Include]:
    found = []
    for include in _INCLUDE.finditer(source, start, end):
        name = include["file"] or include["part"] or include["shortcode"]
        if include["part"] and include["variant"]:
            name = f"{include['part']}-{include['variant']}"
        elif include["place"]:
            name = f"{include['place']}-{include['named']}" if include["named"] else include["place"]
        found.append(Include(name, Span(*include.span())))
    return found
