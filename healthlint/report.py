"""What a run found, and what that means for whoever ran it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from healthlint import __version__
from healthlint.rule import SEVERITIES, Severity
from healthlint.violation import Excused, Failure, Violation

REPORTERS = {
    "text": "healthlint.reporters.text",
    "json": "healthlint.reporters.json",
}
"""Formats and the module that renders each; imported when it is asked for."""

FailOn = Literal["error", "warning", "info", "never"]


@dataclass(frozen=True)
class Report:
    """The outcome of a run; iterating over it gives the violations."""

    violations: tuple[Violation, ...] = ()
    """By path and place."""
    excused: tuple[Excused, ...] | None = None
    """What matched and was excused by its context; None when nobody asked."""
    failures: tuple[Failure, ...] = ()
    """Files that could not be read, by path."""
    documents: int = 0
    """How many articles were checked."""
    version: str = __version__
    """Of healthlint."""
    fail_on: FailOn = "error"
    """The mildest severity that makes the exit code 1; "never" leaves it 0."""

    def __iter__(self) -> Iterator[Violation]:
        return iter(self.violations)

    @property
    def ok(self) -> bool:
        """Whether everything could be read and nothing is as severe as `fail_on`."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """0 for a clean run, 1 for violations at or above `fail_on`, 2 when something could not be checked."""
        if self.failures:
            return 2
        if self.fail_on == "never":
            return 0
        failing = SEVERITIES[SEVERITIES.index(self.fail_on) :]
        return int(any(violation.severity in failing for violation in self.violations))

    def count(self, severity: Severity) -> int:
        """How many violations there are of `severity`."""
        return sum(violation.severity == severity for violation in self.violations)

    def to(self, format: str) -> str:
        """The report as "text" (without colours) or "json". Raises `KeyError` for other formats."""
        rendered = import_module(REPORTERS[format]).render(self)
        assert isinstance(rendered, str)
        return rendered
