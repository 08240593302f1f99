"""The report in the Reviewdog Diagnostic Format: reviewdog writes it into reviews on many platforms."""

from __future__ import annotations

from typing import Any

from healthlint.report import Report
from healthlint.reporters.json import without_surrogates, written
from healthlint.reporters.text import message_with_fix
from healthlint.span import Span, line_starts, position
from healthlint.violation import Failure, Violation
from healthlint.visible import visible


def render(report: Report) -> str:
    """The report as one JSON object in ASCII, with a line end. Columns count bytes of UTF-8, from 1."""
    found = {
        "source": {"name": "healthlint"},
        "diagnostics": [*map(_diagnostic, report.violations), *map(_failure, report.failures)],
    }
    return written(found)


def _diagnostic(violation: Violation) -> dict[str, Any]:
    known = _Known(violation)
    suggestions = [
        {"range": known.range(edit.span), "text": without_surrogates(edit.text)}
        # Several suggestions are alternatives: edits that belong together cannot be said.
        for edit in violation.edits
        if len(violation.edits) == 1 and known.holds(edit.span)
    ]
    return {
        "message": message_with_fix(violation),
        "location": {"path": without_surrogates(violation.path), "range": known.range(violation.span)},
        "severity": violation.severity.upper(),
        "code": {"value": violation.rule, **({"url": violation.url} if violation.url else {})},
        **({"suggestions": suggestions} if suggestions else {}),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "message": visible(failure.message),
        "location": {"path": without_surrogates(failure.path)},
        "severity": "ERROR",
        "code": {"value": "failure"},
    }


class _Known:
    """The part of the source that a violation knows: from the start of its first line to its end."""

    def __init__(self, violation: Violation) -> None:
        before = violation.source_line[: violation.start.column - 1]
        self._line = violation.start.line
        self._text = before + violation.text
        self._start = violation.span.start - len(before)
        self._line_starts = line_starts(self._text)

    def holds(self, span: Span) -> bool:
        return Span(self._start, self._start + len(self._text)).contains(span)

    def range(self, span: Span) -> dict[str, Any]:
        return {"start": self._place(span.start), "end": self._place(span.end)}

    def _place(self, offset: int) -> dict[str, int]:
        line, column = position(self._line_starts, offset - self._start)
        first = self._line_starts[line - 1]
        before = self._text[first : first + column - 1]
        return {
            "line": self._line + line - 1,
            "column": len(before.encode("utf-8", "surrogatepass")) + 1,
        }
