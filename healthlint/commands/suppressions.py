"""`healthlint suppressions`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from healthlint.commands.given import config_of, config_options, work_options
from healthlint.commands.output import counted, tell_failures, write_lines
from healthlint.errors import UNREADABLE

if TYPE_CHECKING:
    from healthlint.report import Report


@click.command(short_help="List what articles suppress.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@config_options
@work_options
def command(
    paths: tuple[str, ...], *, config_file: Path | None, no_config: bool, jobs: int | None, no_cache: bool
) -> int:
    """List every suppression in the articles among and below PATHs (without any, the working directory):
    where, which rules, until when, how many violations it covers, and why.

    Exit code 0, or 2 when an article could not be read.
    """  # noqa: D205
    from healthlint.run import lint

    config = config_of(config_file, no_config).without_additions()
    report = lint(*(paths or (".",)), config=config, jobs=jobs, cached=not no_cache)
    write_lines(_lines(report))
    tell_failures(report.failures)
    return UNREADABLE if report.failures else 0


def _lines(report: Report) -> Iterator[str]:
    covered = Counter(each.suppression for each in report.suppressed)
    found = [each for checked in report.checked for each in checked.suppressions]
    for each in found:
        reason = each.reason or "no reason given"
        place = f"{each.path}:{each.start.line}:{each.start.column}"
        yield f"{place}: {each.said} ({covered[each]} covered): {reason}"
    expired = sum(each.expired for each in found)
    idle = sum(not covered[each] for each in found)
    without = sum(not each.reason for each in found)
    yield (
        f"{counted(len(found), 'suppression')} in {counted(report.documents, 'article')}: {without} without a "
        f"reason, {expired} ended, {idle} cover nothing."
    )
