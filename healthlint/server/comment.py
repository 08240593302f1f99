"""Suppressions to be written into an article: where a comment goes so that it is one, and changes nothing else."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from healthlint.document import Action, Block, Document
from healthlint.errors import ReadError
from healthlint.readers import read_text
from healthlint.readers.insertion import line_end
from healthlint.span import Span, line_starts
from healthlint.suppression import UNUSED, WITHOUT_REASON, divided
from healthlint.violation import Edit, Violation, edited

REASON = "TODO: say why"
"""Stands for the reason, which only the author knows."""

COMMENTS = {
    "markdown": "<!-- {} -->",
    "mdx": "{{/* {} */}}",
    "html": "<!-- {} -->",
    "rst": ".. {}",
    "text": "<!-- {} -->",
}
"""How each format writes a comment."""

_NAMES = {"heading": "heading", "item": "list item", "caption": "caption", "footnote": "footnote"}
_FARTHEST = 6
"""So many lines above a text its markup may begin."""
_CONTAINER = re.compile(r"[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))")


class Suppressing(NamedTuple):
    """A change that suppresses a violation."""

    what: str
    """What it is suppressed for: "paragraph", "list item", "line", "file"."""
    edit: Edit


def suppressing_here(document: Document, found: Violation) -> Suppressing | None:
    """The comment that suppresses `found`, and the rules that would speak in its place, where it stands.

    None where no comment can: in front matter or JSON-LD, and for what concerns the article as a whole.
    """
    if not found.sentence or found.rule in (UNUSED, WITHOUT_REASON):
        return None
    block = min(
        (block for block in document.blocks if block.runs and block.span.contains(_point(found))),
        key=lambda block: block.span.end - block.span.start,
        default=None,
    )
    if block is None:
        return None
    names = (found.rule, *found.also)
    above = (
        Suppressing(_covered_by_next_line(document, block), edit)
        for edit in _above(document, block, _directive("disable-next-line", names))
    )
    beside = (
        Suppressing("line", edit)
        for edit in _beside(document, block, found, _directive("disable-line", names))
    )
    return _first_that_works(document, found, chain(above, beside))


def suppressing_in_file(document: Document, found: Violation) -> Suppressing | None:
    """The comment that switches the rule of `found` off in the whole article, at its top if one can stand there."""
    if found.rule in (UNUSED, WITHOUT_REASON):
        return None
    directive = _directive("disable-file", (found.rule,))
    blocks = sorted((block for block in document.blocks if block.runs), key=lambda block: block.span)
    after_front_matter = [block for block in blocks if block.span.start >= _front_matter_end(document)]
    top = (edit for block in after_front_matter[:3] for edit in _above(document, block, directive))
    newline = line_end(document.source, len(document.source))
    bottom = Edit(
        Span(len(document.source), len(document.source)),
        newline + newline + COMMENTS[document.format].format(directive) + newline,
    )
    return _first_that_works(document, found, (Suppressing("file", edit) for edit in chain(top, [bottom])))


def _covered_by_next_line(document: Document, block: Block) -> str:
    """What is covered by a comment above `block`: with it, everything that begins on its line."""
    line = document.position(block.span.start).line
    others = (
        each.span
        for each in document.blocks
        if each.runs
        and document.position(each.span.start).line == line
        and not block.span.contains(each.span)
    )
    return "line" if any(others) else _NAMES.get(block.kind, "paragraph")


def _directive(action: Action, names: Iterable[str]) -> str:
    return f"healthlint-{action} {' '.join(names)} -- {REASON}"


def _point(found: Violation) -> Span:
    return Span(found.span.start, found.span.start)


def _above(document: Document, block: Block, directive: str) -> Iterator[Edit]:
    """Ways to put a line with the comment above `block`, the likeliest first."""
    source = document.source
    comment = COMMENTS[document.format].format(directive)
    starts = line_starts(source)
    first = bisect_right(starts, block.span.start) - 1
    front_matter = _front_matter_end(document)
    for number in range(first, max(-1, first - _FARTHEST), -1):
        at = starts[number]
        if at < front_matter:
            return
        line, newline = document.line(number + 1), line_end(source, at)
        for margin in dict.fromkeys(_margins(document, block, line)):
            if document.format == "rst":  # a blank line parts a comment from what is around it
                before = newline if number and document.line(number).strip() else ""
                yield Edit(Span(at, at), before + margin + comment + newline + newline)
            else:
                yield Edit(Span(at, at), margin + comment + newline)


def _margins(document: Document, block: Block, line: str) -> Iterator[str]:
    """What may stand before the comment so that it is in the same quotation and list as `line`."""
    markers, at = [], 0
    if document.format != "html":
        while found := _CONTAINER.match(line, at):
            markers.append(found)
            at = found.end()
    lead = line[: at + len(line[at:]) - len(line[at:].lstrip(" \t"))]
    inside = re.sub(r"[^\s>]", " ", lead)
    bullets = [marker for marker in markers if not marker[0].endswith(">")]
    if not bullets:
        yield inside
        return
    # Before the first item of a list the comment stands as the bullet does, before the others in the item above.
    outside = [
        inside[: len(marker[0]) - len(marker[0].lstrip()) + marker.start()] for marker in bullets[::-1]
    ]
    yield from (*outside, inside) if _is_first_item(document, block) else (inside, *outside)


def _is_first_item(document: Document, block: Block) -> bool:
    before = document.blocks[: document.blocks.index(block)]
    return not before or before[-1].kind != "item" or before[-1].level < block.level


def _beside(document: Document, block: Block, found: Violation, directive: str) -> Iterator[Edit]:
    """Ways to put the comment on the line on which `found` starts."""
    if document.format == "rst":
        return
    comment = " " + COMMENTS[document.format].format(directive)
    start = line_starts(document.source)[found.start.line - 1]
    line = document.line(found.start.line)
    for at in (block.span.end, start + len(line.rstrip())):
        if start <= at <= start + len(line):
            yield Edit(Span(at, at), comment)


def _front_matter_end(document: Document) -> int:
    return max((each.span.end for each in document.fields if each.origin == "front matter"), default=0)


# --- whether it works ----------------------------------------------------------------------------------


def _first_that_works(
    document: Document, found: Violation, ways: Iterable[Suppressing]
) -> Suppressing | None:
    before = _prose(document)
    return next((way for way in ways if _works(document, before, found, way.edit)), None)


def _works(document: Document, before: list[object], found: Violation, edit: Edit) -> bool:
    """Whether `edit`, which puts something in, suppresses `found` and leaves the prose `before` as it is."""
    at = edit.span.start
    try:
        after = read_text(edited(document.source, [edit]), format=document.format, path=document.path)
    except ReadError:
        return False
    moved = len(edit.text) if at <= found.span.start else 0
    span = Span(found.span.start + moved, found.span.end + moved)
    return _prose(after) == before and bool(divided(after, [replace(found, span=span)], ()).suppressed)


def _prose(document: Document) -> list[object]:
    """What is read of `document`, wherever it stands."""
    return [
        len(document.faults),
        *((each.kind, each.zone, each.level, each.containers, each.text.strip()) for each in document.blocks),
    ]
