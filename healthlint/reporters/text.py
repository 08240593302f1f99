"""The report as text for people: every violation with its source line and what to write instead."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from click import style

from healthlint.report import Report
from healthlint.rule import SEVERITIES, Severity
from healthlint.violation import Excused, Failure, Violation
from healthlint.visible import JOINERS, visible, without_commands

WIDTH = 100
"""So many columns of a source line are shown; of longer lines, what stands around the claim."""

TAB = 4

_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


class _Cell(NamedTuple):
    text: str
    columns: int
    """Of a terminal."""


def render(report: Report, *, color: bool = False, quiet: bool = False, statistics: bool = False) -> str:
    """The report as text, with a line end.

    `quiet` gives one line for each violation and failure and nothing else, `statistics` adds how often
    each rule was violated. Whatever comes from files is shown with its control characters spelt out.
    """
    return "".join(line + "\n" for line in _lines(report, color, quiet, statistics))


class _Ink:
    """Text made fit for a terminal: without control characters, coloured if wanted."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, **how: object) -> str:
        text = visible(text)
        return style(text, **how) if self._color and text and any(how.values()) else text  # type: ignore[arg-type]


def _lines(report: Report, color: bool, quiet: bool, statistics: bool) -> Iterator[str]:
    ink = _Ink(color)
    for violation in report.violations:
        yield _headline(violation, violation.severity, ink)
        if not quiet:
            yield from _details(violation, ink)
            yield ""
    for excused in report.excused or ():
        yield _headline(excused.violation, "excused", ink)
        if not quiet:
            yield from _excuse(excused, ink)
            yield ""
    for failure in report.failures:
        yield failure_line(failure, color=color)
    if quiet:
        return
    if statistics and report.violations:
        yield from _statistics(report, ink)
    yield summary(report, color=color)


def _headline(violation: Violation, verdict: str, ink: _Ink) -> str:
    place = f"{_name(violation.path)}:{violation.start.line}:{violation.start.column}:"
    how = {"fg": _COLOURS[verdict], "bold": True} if verdict in _COLOURS else {"fg": "green"}
    return f"{ink(place, bold=True)} {ink(verdict, **how)} {ink(violation.rule, fg='magenta')} {ink(violation.message)}"


def _name(path: str) -> str:
    # Services that run linters take a line that begins so for a command to them.
    return f"./{path}" if path.startswith(("::", "##")) else path


def _details(violation: Violation, ink: _Ink) -> Iterator[str]:
    yield from _source(violation, ink, violation.severity)
    yield f"    {ink('fix:', bold=True)} {ink(' '.join(violation.fix.split()))}"
    if violation.also:
        yield f"    {ink('also:', bold=True)} {ink(', '.join(violation.also))}"
    if violation.packs:
        yield f"    {ink('asked for by:', bold=True)} {ink(', '.join(violation.packs))}"


def _excuse(excused: Excused, ink: _Ink) -> Iterator[str]:
    yield from _source(excused.violation, ink, "info")
    for context in excused.contexts:
        words = " ".join(context.text.split())
        if len(words) > WIDTH:
            words = words[: WIDTH - 1] + "…"
        where = f"{context.start.line}:{context.start.column}"
        yield f"    {ink(f'{context.name}:', bold=True)} {ink(f'“{words}” at {where}')}"


def _source(violation: Violation, ink: _Ink, severity: Severity) -> Iterator[str]:
    """The source line and under it the marks."""
    line = violation.source_line
    start = violation.start.column - 1
    same_line = violation.end.line == violation.start.line
    end = violation.end.column - 1 if same_line else len(line.rstrip())
    shown, before, width = excerpt(line, start, max(end, start + 1))
    yield f"    {without_commands(shown)}"
    yield f"    {' ' * before}{ink('^' * width, fg=_COLOURS[severity], bold=True)}"


def excerpt(line: str, start: int, end: int) -> tuple[str, int, int]:
    """How to show `line` with a claim at `line[start:end]`.

    Returns the text, how many terminal columns of it stand before the claim, and how many the claim takes
    (at least one). Indentation is dropped, and of a long line only the surroundings of the claim are kept.
    """
    begin = min(len(line) - len(line.lstrip()), start)
    stop = max(len(line.rstrip()), begin)
    # No more characters than these can be shown; a line may be as long as a file.
    first, last = max(begin, start - WIDTH), min(stop, start + WIDTH)
    cells = [_cell(character) for character in line[first:last]]
    start, end = min(start - first, len(cells)), min(end - first, len(cells))
    left, right = 0, len(cells)
    if first > begin or last < stop or _columns(cells) > WIDTH:
        left, right = _window(cells, start, end)
    opening = "…" if first + left > begin else ""
    closing = "…" if first + right < stop else ""
    before = len(opening) + _columns(cells[left:start])
    shown = "".join(text for text, _ in cells[left:right])
    return f"{opening}{shown}{closing}", before, max(1, _columns(cells[start : min(end, right)]))


def _window(cells: Sequence[_Cell], start: int, end: int) -> tuple[int, int]:
    """The stretch of `cells` to show: the claim, or its beginning, and as much as fits on either side."""
    room = WIDTH - 2
    right = start
    while right < end and (room := room - cells[right].columns) >= 0:
        right += 1
    left = start
    while room > 0 and (left > 0 or right < len(cells)):
        if left > 0:
            left -= 1
            room -= cells[left].columns
        if right < len(cells):
            room -= cells[right].columns
            right += 1
    return left, right


def _columns(cells: Iterable[_Cell]) -> int:
    return sum(cell.columns for cell in cells)


def _cell(character: str) -> _Cell:
    """How `character` is shown."""
    if character == "\t":
        return _Cell(" " * TAB, TAB)
    text = visible(character)
    if text != character:
        return _Cell(text, len(text))
    if character in JOINERS or unicodedata.category(character) in ("Mn", "Me"):
        return _Cell(character, 0)
    return _Cell(character, 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1)


def message_with_fix(violation: Violation) -> str:
    """What is wrong and what to write instead, on one line, made `visible`."""
    return visible(f"{violation.message} {' '.join(violation.fix.split())}")


def failure_line(failure: Failure, *, color: bool = False) -> str:
    """A failure on one line."""
    ink = _Ink(color)
    path = ink(_name(failure.path) + ":", bold=True)
    return f"{path} {ink('failure:', fg='red', bold=True)} {ink(failure.message)}"


def _statistics(report: Report, ink: _Ink) -> Iterator[str]:
    counts = Counter((violation.rule, violation.severity) for violation in report.violations)
    for (rule, severity), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>6}  {ink(f'{severity:<7}', fg=_COLOURS[severity])}  {ink(rule)}"
    yield ""


def summary(report: Report, *, color: bool = False) -> str:
    """How many articles were checked and what they gave, on one line without a line end."""
    ink = _Ink(color)
    parts = [
        ink(
            _counted(report.count(severity), severity),
            fg=_COLOURS[severity] if report.count(severity) else None,
        )
        for severity in reversed(SEVERITIES)
    ]
    line = f"{_counted(report.documents, 'article')} checked: {', '.join(parts)}"
    if report.excused is not None:
        line += f", {len(report.excused)} excused"
    if report.known or report.gone:
        line += f"; {len(report.known):,} known from the baseline"
        line += f", {report.gone:,} of it fixed" if report.gone else ""
    if report.fixed is not None:
        articles = _counted(len({each.path for each in report.fixed}), "article")
        line += f"; {len(report.fixed):,} fixed in {articles}" if report.fixed else "; nothing fixed"
    if report.interrupted:
        line = f"{ink('Interrupted', fg='red', bold=True)} before all were checked. {line}"
    if report.failures:
        line += f"; {ink(_counted(len(report.failures), 'failure'), fg='red', bold=True)}"
    return line + "."


def _counted(count: int, noun: str) -> str:
    plural = noun if count == 1 or noun == "info" else noun + "s"
    return f"{count:,} {plural}" if count else f"no {plural}"
