"""The light inline markup that people leave in plain text."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator

from healthlint.document import Block, Directive, Kind
from healthlint.readers.address import Address, Marks
from healthlint.readers.directive import directive
from healthlint.readers.line import Passage
from healthlint.readers.prose import Prose
from healthlint.span import Span

_TARGET = r"\(\s{0,9}(?P<url>(?:[^()\s]|\([^()\s]{0,200}\)){0,1000})(?:\s{1,9}\"(?P<title>[^\"]{0,500})\")?\s{0,9}\)"
# The look ahead spares most characters the trial of every alternative.
_TOKEN = re.compile(
    r"(?=[<&`!\[\\*_~])(?:(?P<comment><!--)"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9]{0,10}(?:\s[^<>]{0,1000})?/?>)"
    r"|(?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<code>(?<![\w`])`{1,3}(?!`))"
    r"|(?P<link>!?\[(?=[^\[\]]{0,500}\]\())"
    r"|(?P<escape>\\(?=[\\*_`\[\]<>\#~]))"
    r"|(?P<mark>\*+|_+|~~))"
)
_LINK = re.compile(rf"!?\[(?P<text>[^\[\]]{{0,500}})\]{_TARGET}")
_BREAK = re.compile(r"<(?:br|p|/p|div|/div|hr|li|/li)\b", re.IGNORECASE)


class Inline:
    """Light inline markup of one passage, poured into a `Prose`: emphasis, links, code, entities, addresses."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.directives: list[Directive] = []

    def blocks(
        self, passage: Passage, kind: Kind, level: int = 0, containers: tuple[str, ...] = ()
    ) -> Iterator[Block]:
        """The block of the passage, and after it one for each image's text and each link's title."""
        prose = Prose(self._source)
        asides: list[tuple[Kind, Span]] = []
        text = passage.text
        dropped = _emphasis(text)
        link_end: Span | None = None
        missing: set[str] = set()
        marks = Marks(_TOKEN, text)
        at = poured = 0
        while True:
            token = marks.next(at)
            start = len(text) if not token else token.start if isinstance(token, Address) else token.start()
            if link_end and link_end.start <= start:
                # The rest of `](…)` holds no prose; code that began in the link may reach beyond it.
                passage.pour(prose, poured, link_end.start)
                prose.close_link()
                at = poured = max(poured, link_end.end)
                link_end = None
                continue
            if not token:
                break
            if isinstance(token, Address):
                passage.pour(prose, poured, start)
                prose.address(token.url, passage.span(start, token.end))
                poured = at = token.end
                continue
            end = token.end()
            at = max(end, start + 1)
            match token.lastgroup:
                case "comment":
                    stop = -1 if "-->" in missing else text.find("-->", end)
                    if stop < 0:
                        missing.add("-->")
                        continue
                    passage.pour(prose, poured, start)
                    if found := directive(text[end:stop], 0):
                        span = passage.span(found.span.start + end, found.span.end + end)
                        self.directives.append(found._replace(span=span))
                    poured = at = stop + 3
                case "tag":
                    passage.pour(prose, poured, start)
                    if _BREAK.match(token[0]):
                        prose.space(passage.span(start, end))
                    poured = end
                case "entity":
                    decoded = entities.unescape(token[0])
                    if decoded != token[0]:
                        passage.pour(prose, poured, start)
                        prose.decoded(decoded, passage.span(start, end))
                        poured = end
                case "code":
                    stop = -1 if token[0] in missing else _closing_code(text, token[0], end)
                    if stop < 0:
                        missing.add(token[0])
                        continue
                    passage.pour(prose, poured, start)
                    poured = at = stop + len(token[0])
                    prose.hole(passage.span(start, poured))
                case "link":
                    link = _LINK.match(text, start)
                    if not link:
                        continue
                    passage.pour(prose, poured, start)
                    if link["title"]:
                        asides.append(("label", Span(*link.span("title"))))
                    if token[0] == "![":
                        if link["text"]:
                            asides.append(("alt", Span(*link.span("text"))))
                        prose.point_link(link["url"])
                        prose.hole(passage.span(start, link.end()))
                        poured = at = link.end()
                    else:
                        prose.open_link(link["url"])
                        poured = at = link.start("text")
                        link_end = Span(link.end("text"), link.end())
                case "escape":
                    passage.pour(prose, poured, start)
                    poured = end
                    at = end + 1
                case _:
                    if start in dropped:
                        passage.pour(prose, poured, start)
                        poured = end
        passage.pour(prose, poured, len(text))
        if block := prose.block(kind, level=level, containers=containers):
            yield block
        for aside, span in asides:
            passage.pour(prose, span.start, span.end)
            if block := prose.block(aside, containers=containers):
                yield block


def _closing_code(text: str, ticks: str, at: int) -> int:
    """Where the run of exactly these back-ticks stands that closes inline code; -1 when none does.

    A back-tick before a letter is no closing one: people write it for an apostrophe.
    """
    while (at := text.find(ticks, at)) >= 0:
        after = text[at + len(ticks) : at + len(ticks) + 1]
        if text[at - 1] != "`" and after != "`" and not after.isalnum():
            return at
        at += len(ticks)
    return -1


def _emphasis(text: str) -> set[int]:
    """Where the emphasis marks stand that come in pairs; a lone `*` or `_` is a character like any other."""
    paired: set[int] = set()
    opened: dict[str, int] = {}
    for mark in re.finditer(r"(?<!\\)(?:\*+|_+|~~)", text):
        before = text[mark.start() - 1 : mark.start()] or " "
        after = text[mark.end() : mark.end() + 1] or " "
        opens, closes = not after.isspace(), not before.isspace()
        if mark[0][0] == "_":
            opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
        elif before.isdigit() and after.isdigit():
            continue
        if closes and mark[0] in opened:
            paired |= {opened.pop(mark[0]), mark.start()}
        elif opens:
            opened[mark[0]] = mark.start()
    return paired
