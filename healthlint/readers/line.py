"""Lines of a source, and passages made of them, for the readers that go line by line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from healthlint.readers.prose import Prose
from healthlint.span import Span

_LINE = re.compile(r"([^\S\r\n]*)([^\r\n]*)(?:\r\n|\r|\n|\Z)")


class Line(NamedTuple):
    """One line of the source without the white space around it; blank when `start == end`."""

    start: int
    """Offset of the first character."""
    column: int
    """Column of the first character, from 0, with tab stops every eight columns."""
    end: int

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on the line."""
        return self.start == self.end

    def cut(self, width: int) -> Line:
        """The line without its first `width` characters, such as a marker and the white space after it."""
        return Line(self.start + width, self.column + width, self.end)


def lines(source: str, start: int = 0) -> list[Line]:
    """The lines of `source` from the offset `start` (the beginning of a line) to its end."""
    found = []
    length = len(source)
    while start < length:
        line = _LINE.match(source, start)
        assert line is not None
        text = line[2].rstrip()
        begin = line.start(2)
        found.append(Line(begin, len(line[1].expandtabs(8)), begin + len(text)))
        start = line.end()
    return found


class Passage:
    """The lines of one block as one string (joined by line feeds) that knows its places in the source."""

    def __init__(self, source: str, block: Sequence[Line]) -> None:
        self._starts = [line.start for line in block]
        self._offsets = []
        at = 0
        for line in block:
            self._offsets.append(at)
            at += line.end - line.start + 1
        self.text = "\n".join([source[line.start : line.end] for line in block])

    def place(self, at: int) -> int:
        """The source offset of `text[at]`."""
        index = bisect_right(self._offsets, at) - 1
        return self._starts[index] + at - self._offsets[index]

    def span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` (not empty) stands in the source."""
        return Span(self.place(start), self.place(end - 1) + 1)

    def pour(self, prose: Prose, start: int, end: int) -> None:
        """Add `text[start:end]` to `prose` as it stands; each line end is one space."""
        while start < end:
            stop = self.text.find("\n", start, end)
            if stop < 0:
                stop = end
            if stop > start:
                place = self.place(start)
                prose.literal(place, place + stop - start)
            if stop < end:
                # The end of the line and the indentation, bullet or quote mark of the next.
                begin = self.place(stop)
                prose.space(Span(begin, max(begin + 1, self.place(stop + 1))))
            start = stop + 1
