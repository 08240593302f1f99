"""The tables of reST: which lines make one, and the lines of each of its cells."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from healthlint.readers.line import Line, Passage
from healthlint.readers.rst.form import GRID_RULE, SIMPLE_RULE, SIMPLE_SPANS

_CSV_CELL = re.compile(r'[ \t]*(?:"(?P<quoted>(?:[^"]|"")*)"[^,\n]*|(?P<bare>[^,\n]*))(?P<end>,|\n|\Z)')


def grid_end(source: str, block: Sequence[Line], at: int) -> int:
    """The line after the grid table that begins at line `at`."""
    while at < len(block) and not block[at].is_blank and source[block[at].start] in "+|":
        at += 1
    return at


def grid_cells(source: str, table: Sequence[Line]) -> Iterator[list[Line]]:
    """The cells of a grid table, in the order in which they end."""
    left = table[0].column
    corners = sorted(
        {
            row.column - left + index
            for row in table
            if source[row.start] == "+"
            for index, character in enumerate(source[row.start : row.end])
            if character == "+"
        }
    )
    # The cells that are open, by the column at which they begin.
    cells: dict[int, list[Line]] = {}
    for row in table:
        text = source[row.start : row.end]
        shift = row.column - left
        within = corners[bisect_left(corners, shift) : bisect_left(corners, shift + len(text))]
        edges = [corner for corner in within if text[corner - shift] in "+|"]
        for start, stop in pairwise(edges):
            piece = text[start - shift + 1 : stop - shift]
            if text[start - shift] == text[stop - shift] == "+" and GRID_RULE.match(piece):
                for corner in within[bisect_left(within, start) : bisect_left(within, stop)]:
                    if corner in cells:
                        yield cells.pop(corner)
            else:
                part = _slice(source, row, start - shift + 1, stop - shift)
                cells.setdefault(start, []).append(part)
    yield from cells.values()


def simple_end(source: str, block: Sequence[Line], at: int) -> int:
    """The line after a simple table: its third rule, or one with a blank line after it; 0 for no table."""
    rules = 1
    for index in range(at + 1, len(block)):
        line = block[index]
        if SIMPLE_RULE.match(source[line.start : line.end]) and line.column == block[at].column:
            rules += 1
            if rules == 3 or index + 1 == len(block) or block[index + 1].is_blank:
                return index + 1
    return 0


def simple_cells(source: str, table: Sequence[Line]) -> Iterator[list[Line]]:
    """The cells of a simple table, row by row."""
    left = table[0].column
    columns = _columns(source[table[0].start : table[0].end])
    row: list[Line] = []
    for line in table[1:]:
        text = source[line.start : line.end]
        if SIMPLE_RULE.match(text):
            yield from _row_cells(source, row, left, columns)
            row = []
        elif SIMPLE_SPANS.match(text) and line.column == left and row and len(text) > 1:
            yield from _row_cells(source, row, left, _columns(text))
            row = []
        elif not line.is_blank and line.column - left < columns[0][1] and row:
            # Text in the first column begins a row; without any, the row goes on.
            yield from _row_cells(source, row, left, columns)
            row = [line]
        else:
            row.append(line)
    yield from _row_cells(source, row, left, columns)


def _row_cells(
    source: str, row: Sequence[Line], left: int, columns: Sequence[tuple[int, int]]
) -> Iterator[list[Line]]:
    cells: dict[int, list[Line]] = {}
    for line in row:
        shift = line.column - left
        width = line.end - line.start
        for start, stop in columns:
            if start - shift >= width:
                break
            part = _slice(source, line, max(0, start - shift), max(0, stop - shift))
            cells.setdefault(start, []).append(part)
    for _, cell in sorted(cells.items()):
        yield cell


def _columns(rule: str) -> list[tuple[int, int]]:
    """Where the columns of a simple table begin and end; the last one has no end."""
    starts = [piece.start() for piece in re.finditer(r"\S+", rule)]
    return list(pairwise([*starts, sys.maxsize]))


def _slice(source: str, line: Line, start: int, stop: int) -> Line:
    """The part of a line from its character `start` to `stop`, without the white space around it."""
    begin, end = min(line.start + start, line.end), min(max(line.start + stop, line.start), line.end)
    while begin < end and source[begin].isspace():
        begin += 1
    while end > begin and source[end - 1].isspace():
        end -= 1
    return Line(begin, line.column + begin - line.start, max(begin, end))


def csv_cells(source: str, content: Sequence[Line]) -> Iterator[list[Line]]:
    """The cells of a csv table that hold anything, row by row."""
    passage = Passage(source, content)
    at = 0
    while at < len(passage.text) and (cell := _CSV_CELL.match(passage.text, at)):
        group = "quoted" if cell["quoted"] is not None else "bare"
        start = cell.start(group)
        found = []
        for piece in cell[group].split("\n"):
            lead = len(piece) - len(piece.lstrip())
            stripped = piece.strip()
            if stripped:
                span = passage.span(start + lead, start + lead + len(stripped))
                found.append(Line(span.start, 0, span.end))
            start += len(piece) + 1
        if found:
            yield found
        at = max(cell.end(), at + 1)
