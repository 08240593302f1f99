"""What stands in what, which reST tells by indentation: stretches of lines and their left margins."""

from __future__ import annotations

from collections.abc import Sequence

from healthlint.readers.line import Line


def trimmed(block: Sequence[Line]) -> list[Line]:
    """The lines without the blank ones before and after."""
    start, end = 0, len(block)
    while start < end and block[start].is_blank:
        start += 1
    while end > start and block[end - 1].is_blank:
        end -= 1
    return list(block[start:end])


def hung(first: Line, rest: Sequence[Line]) -> list[Line]:
    """The lines of what begins on the line of its marker, with that first line at the margin of the others."""
    margin = left_margin(rest) if any(not line.is_blank for line in rest) else first.column
    return trimmed([first._replace(column=margin), *rest])


def joined(first: Sequence[Line], second: Sequence[Line]) -> list[Line]:
    """Two stretches of lines with a blank line between them and one margin."""
    if not first or not second:
        return [*first, *second]
    margin = left_margin(second)
    shift = margin - left_margin(first)
    gap = Line(second[0].start, margin, second[0].start)
    return [*(line._replace(column=line.column + shift) for line in first), gap, *second]


def left_margin(block: Sequence[Line]) -> int:
    """The column at which the leftmost line begins."""
    return min((line.column for line in block if not line.is_blank), default=0)


def indented_end(block: Sequence[Line], at: int, margin: int) -> int:
    """The line after those from `at` on that are blank or begin right of `margin`; blank ones at the end go."""
    end = at
    while at < len(block) and (block[at].is_blank or block[at].column > margin):
        at += 1
        if not block[at - 1].is_blank:
            end = at
    return end


def blank_after(block: Sequence[Line], at: int, margin: int | None = None) -> int:
    """The next blank line after `at`, or, given a margin, the next that is not right of it."""
    at += 1
    while at < len(block) and not block[at].is_blank and (margin is None or block[at].column > margin):
        at += 1
    return at
