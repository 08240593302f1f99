"""The only position types inside the library."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of source characters: Unicode code points, counted from 0."""

    start: int
    end: int

    def contains(self, other: Span) -> bool:
        """True when `other` lies wholly inside this range."""
        return self.start <= other.start and other.end <= self.end


class Position(NamedTuple):
    """A place as people count it: line and column, both from 1, columns in code points."""

    line: int
    column: int


def line_starts(source: str) -> tuple[int, ...]:
    """Offsets at which the lines of `source` begin; the first is always 0.

    A line ends with LF, CRLF or a lone CR. U+2028, U+0085, form feeds and vertical tabs do not end
    lines: no editor shows them so, and `str.splitlines` would count lines that nobody sees.
    """
    starts = [0]
    at, newline = 0, -1
    length = len(source)
    while True:
        if newline < at:
            newline = source.find("\n", at)
            newline = length if newline < 0 else newline
        carriage = source.find("\r", at, newline)
        if carriage >= 0:
            at = carriage + (2 if source.startswith("\r\n", carriage) else 1)
        elif newline < length:
            at = newline + 1
        else:
            return tuple(starts)
        starts.append(at)


def position(starts: Sequence[int], offset: int) -> Position:
    """The line and column of `offset`, given the `line_starts` of its source."""
    line = bisect_right(starts, offset)
    return Position(line, offset - starts[line - 1] + 1)
