"""The report as Checkstyle XML, which most services that show the findings of linters read."""

from __future__ import annotations

from healthlint.report import Checked, Report
from healthlint.reporters.text import message_with_fix
from healthlint.reporters.xml import document, element
from healthlint.violation import Failure, Violation
from healthlint.visible import visible


def render(report: Report) -> str:
    """The report as XML in ASCII, with a line end; articles without violations are in it, too."""
    root = element(None, "checkstyle", version="4.3")
    found: tuple[Checked | Violation | Failure, ...] = (
        *report.checked,
        *report.violations,
        *report.failures,
    )
    files = {path: element(root, "file", name=path) for path in sorted({each.path for each in found})}
    for violation in report.violations:
        element(
            files[violation.path],
            "error",
            line=violation.start.line,
            column=violation.start.column,
            severity=violation.severity,
            message=message_with_fix(violation),
            source=f"healthlint.{violation.family}.{violation.rule}",
        )
    for failure in report.failures:
        element(
            files[failure.path],
            "error",
            line=1,
            severity="error",
            message=visible(failure.message),
            source="healthlint.failure",
        )
    return document(root)
