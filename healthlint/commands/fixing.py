"""`healthlint check --fix`: articles are rewritten, or the changes are only shown."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from healthlint.commands.output import remark, tell_failures, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from healthlint.fix import Fixed
    from healthlint.report import Report
    from healthlint.violation import Failure, Violation
    from healthlint.work import Linters


def refuse(paths: Sequence[str], *, dry_run: bool, has_outputs: bool, writes_baseline: bool) -> None:
    """Raises `UsageError` for arguments that do not go together with `--fix`."""
    if "-" in paths:
        raise click.UsageError(
            "--fix rewrites files and cannot rewrite standard input; name the file instead of “-”."
        )
    if dry_run and has_outputs:
        raise click.UsageError("--fix --dry-run prints a diff and no report; leave out --output.")
    if writes_baseline:
        raise click.UsageError(
            "--fix changes what a baseline would know; write the baseline in a run of its own."
        )


def make(
    report: Report, linters: Linters, *, suppressions: bool, quiet: bool
) -> tuple[list[Violation], list[Failure]]:
    """Rewrite the articles of `report`. Gives what was set right, and which files could not be written."""
    from healthlint.fix import written

    made: list[Violation] = []
    failures: list[Failure] = []
    for each in _outcomes(report, linters, suppressions, quiet, failures):
        failure = written(each)
        if failure:
            failures.append(failure)
        else:
            made += each.violations
    return made, failures


def show(report: Report, linters: Linters, *, suppressions: bool, quiet: bool, color: bool) -> int:
    """Print the diff that the articles of `report` would have. Gives the exit code."""
    from healthlint.reporters import diff

    failures = list(report.failures)
    changed = list(_outcomes(report, linters, suppressions, quiet, failures))
    write(diff.render(changed, color=color), color=color, as_file=True)
    tell_failures(failures)
    if report.interrupted or failures:
        return replace(report, failures=tuple(failures)).exit_code
    return int(bool(changed))


def _outcomes(
    report: Report, linters: Linters, suppressions: bool, quiet: bool, failures: list[Failure]
) -> Iterator[Fixed]:
    """The articles that change; why others could not be edited goes to `failures`."""
    from healthlint.fix import fixes
    from healthlint.violation import Failure

    for each in fixes(report, linters, suppressions=suppressions):
        if isinstance(each, Failure):
            failures.append(each)
            continue
        for violation, reason in () if quiet else each.refused:
            remark(f"{each.path}:{violation.start.line}: {violation.rule} is left to you: {reason}")
        if each.old != each.new:
            yield each
