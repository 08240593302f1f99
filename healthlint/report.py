"""What a run found, and what that means for whoever ran it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Literal, NamedTuple

from healthlint import __version__
from healthlint.document import Document
from healthlint.errors import INTERRUPTED, UNREADABLE
from healthlint.rule import SEVERITIES, Rule, Severity
from healthlint.rulebook import Source
from healthlint.violation import Excused, Failure, Suppressed, Suppression, Violation

REPORTERS = {
    "text": "healthlint.reporters.text",
    "json": "healthlint.reporters.json",
    "sarif": "healthlint.reporters.sarif",
    "github": "healthlint.reporters.github",
    "gitlab": "healthlint.reporters.gitlab",
    "junit": "healthlint.reporters.junit",
    "checkstyle": "healthlint.reporters.checkstyle",
    "rdjson": "healthlint.reporters.rdjson",
    "html": "healthlint.reporters.html",
    "audit-json": "healthlint.reporters.audit",
}
"""Formats and the module that renders each; imported when it is asked for."""

FailOn = Literal["error", "warning", "info", "never"]


class Checked(NamedTuple):
    """An article that was checked, and under what."""

    path: str
    format: str
    """As which it was read: "markdown"."""
    sha256: str
    """Of the file's bytes, in hexadecimal; "" for text that was in no file."""
    profile: str
    packs: tuple[str, ...]
    suppressions: tuple[Suppression, ...]
    """What its authors suppressed, whether it covers anything or not."""
    document: Document | None = None
    """The article itself; None when nobody asked to keep it."""


@dataclass(frozen=True)
class Report:
    """The outcome of a run; iterating over it gives the violations."""

    violations: tuple[Violation, ...] = ()
    """By path and place."""
    excused: tuple[Excused, ...] | None = None
    """What matched and was excused by its context; None when nobody asked."""
    failures: tuple[Failure, ...] = ()
    """Files that could not be read, by path."""
    suppressed: tuple[Suppressed, ...] = ()
    """What the authors of the articles let stand, by path and place."""
    known: tuple[Violation, ...] = ()
    """What the baseline already has, by path and place; these are not among the violations."""
    gone: int | None = None
    """How many violations of the baseline are no more; None without a baseline."""
    checked: tuple[Checked, ...] = field(default=(), repr=False)
    """The articles that were checked, by path."""
    rules: tuple[Rule, ...] = field(default=(), repr=False)
    """Those that were run on some article, by id, with the severity they had first."""
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)
    """The register of what `rules` cite, by key."""
    version: str = __version__
    """Of healthlint."""
    config: str = ""
    """The configuration file; "" for none."""
    config_sha256: str = ""
    """Of that file's bytes, in hexadecimal; "" for none."""
    date: str = field(default="", compare=False)
    """When the run began, in UTC: "2026-11-22T14:05:00Z"; "" when nobody recorded it."""
    fail_on: FailOn = "error"
    """The mildest severity that makes the exit code 1; "never" leaves it 0."""
    min_severity: Severity = "info"
    """The mildest severity that is reported."""
    suppressions_heeded: bool = True
    """Whether what the articles suppress was left out of the violations."""
    changes_only: bool = False
    """Whether only what stands on changed lines is reported."""
    interrupted: bool = False
    """Whether the run was stopped before all articles were checked."""
    fixed: tuple[Violation, ...] | None = None
    """What `--fix` set right, by path, each as it stood then; None when it was not asked to."""

    def __iter__(self) -> Iterator[Violation]:
        return iter(self.violations)

    @property
    def documents(self) -> int:
        """How many articles were checked."""
        return len(self.checked)

    @property
    def ok(self) -> bool:
        """Whether everything could be read and nothing is as severe as `fail_on`."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """What the command exits with.

        0 for a clean run, 1 for violations at or above `fail_on`, 2 when something could not be checked, 130
        when the run was stopped.
        """
        if self.interrupted:
            return INTERRUPTED
        if self.failures:
            return UNREADABLE
        return int(any(map(self.fails, self.violations)))

    def fails(self, violation: Violation) -> bool:
        """Whether `violation` is at least as severe as `fail_on`."""
        if self.fail_on == "never":
            return False
        return SEVERITIES.index(violation.severity) >= SEVERITIES.index(self.fail_on)

    def count(self, severity: Severity) -> int:
        """How many violations there are of `severity`."""
        return sum(violation.severity == severity for violation in self.violations)

    def to(self, format: str) -> str:
        """The report in one of the formats of `REPORTERS`, "text" without colours. Raises `KeyError` for others."""
        return _rendered(REPORTERS[format], self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return _rendered("healthlint.reporters.notebook", self)


def _rendered(module: str, report: Report) -> str:
    rendered = import_module(module).render(report)
    assert isinstance(rendered, str)
    return rendered
