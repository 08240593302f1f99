"""The report as workflow commands: GitHub shows them beside the lines of a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from healthlint.report import Report
from healthlint.reporters.text import summary
from healthlint.rule import Severity
from healthlint.violation import Violation
from healthlint.visible import visible

SHOWN = 10
"""So many commands of each kind does GitHub show for one step; the others stand in its log only."""

_COMMANDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}


def render(report: Report) -> str:
    """One command for each violation and failure, then a line that sums up, each with a line end.

    No character of a text or name can end a command or begin another.
    """
    return "".join(line + "\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for violation in report.violations:
        yield _command(
            _COMMANDS[violation.severity],
            f"{violation.message}\n{' '.join(violation.fix.split())}",
            title=f"healthlint {violation.rule}",
            file=violation.path,
            **_place(violation),
        )
    for failure in report.failures:
        yield _command("error", failure.message, title="healthlint failure", file=failure.path)
    yield summary(report)
    counts = [report.count("error") + len(report.failures), report.count("warning"), report.count("info")]
    if max(counts) > SHOWN:
        yield f"GitHub shows {SHOWN} errors, {SHOWN} warnings and {SHOWN} notices of a step; all of them stand in its log."


def _place(violation: Violation) -> dict[str, int]:
    start, end = violation.start, violation.end
    if start.line != end.line:  # GitHub refuses columns then
        return {"line": start.line, "endLine": end.line}
    return {"line": start.line, "endLine": end.line, "col": start.column, "endColumn": end.column}


def _command(name: str, message: str, **properties: str | int) -> str:
    given = ",".join(f"{key}={_escaped(str(value), '%:,')}" for key, value in properties.items())
    return f"::{name} {given}::{_escaped(message, '%')}"


def _escaped(text: str, meaning: str) -> str:
    """`text` without line ends and the characters in `meaning`, which GitHub puts back; controls are spelt out."""
    return re.sub(rf"[{meaning}]|[^ -~]", lambda found: _ESCAPES.get(found[0]) or visible(found[0]), text)
