"""`healthlint scan`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

import datetime
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from healthlint.commands.given import config_options, config_path, timeout_option
from healthlint.commands.output import colored, remark, write_lines
from healthlint.errors import INTERRUPTED, UNREADABLE, HealthlintError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from healthlint.report import FailOn

NAMED = 10
"""So many rows that failed are named on standard error."""
COLUMNS = ("id", "text", "format_column", "url", "profile")
"""The options that name columns, in the order of `healthlint.tables.inputs.Columns`."""


@click.command(short_help="Check a table or a folder of very many articles.")
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="Write to this folder; a scan of the same that was not finished is gone on with.",
)
@click.option("--id", metavar="COLUMN", help="What a row is called, text or integer.  [default: id]")
@click.option("--text", metavar="COLUMN", help="The article.  [default: text]")
@click.option(
    "--format",
    type=click.Choice(["markdown", "mdx", "html", "rst", "text"]),
    default="markdown",
    show_default=True,
    help="As what the texts are read.",
)
@click.option("--format-column", metavar="COLUMN", help="As what each text is read; empty for --format.")
@click.option("--url", metavar="COLUMN", help="Where the article stands, for the paths of the configuration.")
@click.option("--profile", metavar="COLUMN", help="The profile for the article; empty for no choice.")
@config_options
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="So many processes.  [default: one for each processor]",
)
@click.option(
    "--batch-size",
    metavar="ROWS",
    type=click.IntRange(min=1),
    default=32,
    show_default=True,
    help="So many rows go to a process at a time.",
)
@click.option(
    "--part-size",
    metavar="ROWS",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="So many rows make a file, and are lost at most when the scan is killed.",
)
@timeout_option
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="never",
    show_default=True,
    help="Exit with 1 when something is found at this severity or above it.",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but what went wrong.")
def command(
    source: Path,
    *,
    out: Path,
    config_file: Path | None,
    no_config: bool,
    jobs: int | None,
    batch_size: int,
    part_size: int,
    timeout: float,
    fail_on: FailOn,
    quiet: bool,
    format: str,
    **columns: str | None,
) -> int:
    """Check all articles of INPUT, on all processors, and write what is found to a folder as Parquet. INPUT is
    a table, whose rows are articles (.parquet or a folder of such, .jsonl, .csv, the latter two also as .gz), or
    a folder of articles.

    \b
    Exit code 0: all articles are done, whatever was found.
              1: something was found at or above --fail-on.
              2: something could not be read or run, or an article has the status error or timeout.
    """  # noqa: D205, D301
    try:
        from healthlint.tables.batches import BatchLinter
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "pyarrow":
            raise
        raise HealthlintError(
            "scan needs pyarrow, which is not installed: pip install 'healthlint[tables]'"
        ) from None
    from healthlint.pool import processors
    from healthlint.progress import counter
    from healthlint.tables.inputs import Columns, opened
    from healthlint.tables.scan import begun, scan

    earlier = begun(out)
    today = datetime.date.fromisoformat(earlier["today"]) if earlier else datetime.date.today()
    config = config_path(config_file, no_config)
    names = [columns[name] for name in COLUMNS]
    given = Columns(names[0] or "id", names[1] or "text", *names[2:])
    linter = BatchLinter(
        format=format,
        format_column="format",
        url_column="url",
        profile_column="profile",
        fault_column="fault",
        config=config,
        today=today,
    )
    articles = opened(source, given, linter.configuration)
    if articles.kind == "articles" and any(names):
        raise click.UsageError(f"{source} is a folder of articles, which has no columns.")
    if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        raise click.UsageError(f"{out} is in {source}; write to a folder outside.")
    try:
        with counter(articles.rows, quiet=quiet, color=colored("auto", sys.stderr)) as advanced:
            manifest = scan(
                articles,
                out,
                linter,
                given,
                jobs=jobs or processors(),
                batch_size=batch_size,
                part_size=part_size,
                timeout=timeout,
                advanced=advanced,
            )
    except KeyboardInterrupt:
        remark(f"What is done is in {out}; the same command goes on with it.")
        return INTERRUPTED
    except OSError as error:
        said = error.strerror or error
        raise HealthlintError(f"{out} could not be written: {said}") from error
    if not quiet:
        write_lines([_summary(manifest, out)])
    failed = _tell_failures(manifest, out)
    return UNREADABLE if failed else int(_fails(manifest, fail_on))


def _fails(manifest: Mapping[str, Any], fail_on: FailOn) -> bool:
    from healthlint.rule import SEVERITIES

    grave = () if fail_on == "never" else SEVERITIES[SEVERITIES.index(fail_on) :]
    return any(manifest["findings"][severity] for severity in grave)


def _summary(manifest: Mapping[str, Any], out: Path) -> str:
    statuses = ", ".join(f"{number:,} {status}" for status, number in manifest["status"].items() if number)
    severities = ", ".join(f"{number:,} {severity}" for severity, number in manifest["findings"].items())
    return f"{manifest['rows']:,} articles: {statuses or 'none'}. Findings: {severities}. Written to {out}."


def _tell_failures(manifest: Mapping[str, Any], out: Path) -> bool:
    """Whether an article failed; the first of them are named on standard error."""
    from healthlint.tables.parts import failures

    number = manifest["status"]["error"] + manifest["status"]["timeout"]
    names = [part["name"] for part in manifest["parts"]] if number else []
    for each in islice(failures(out, names), NAMED):
        reason = each["reason"]
        remark(f"row {each['row']} (id {each['id']}): {each['status']}: {reason}")
    if number > NAMED:
        remark(f"and {number - NAMED:,} more; {out / 'documents'} has them all, under “status”")
    return bool(number)
