"""`healthlint stats`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from healthlint.commands.given import config_of, config_options, work_options
from healthlint.commands.output import counted, tell_failures, write, write_lines
from healthlint.errors import UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path

    from healthlint.report import Report
    from healthlint.statistics import Statistics, Tally

SCHEMA = 1
"""Rises when a key of the JSON changes its meaning or goes away."""
HEADINGS = ("VIOLATIONS", "SHARE", "ERRORS", "WARNINGS", "INFO", "ARTICLES", "OF", "")


@click.command(short_help="Count violations by rule, folder and profile.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@config_options
@work_options
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--top",
    metavar="N",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Text: so many rows in a table; 0 for all.",
)
@click.option(
    "--depth",
    metavar="N",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="Put articles together by so many folders below the one that holds them all.",
)
def command(
    paths: tuple[str, ...],
    *,
    config_file: Path | None,
    no_config: bool,
    jobs: int | None,
    no_cache: bool,
    output_format: str,
    top: int,
    depth: int,
) -> int:
    """Count what is found in the articles among and below PATHs (without any, the working directory):
    by rule, folder, profile and article, most first. What a baseline knows is counted too.

    Exit code 0, or 2 when an article could not be read.
    """  # noqa: D205
    from healthlint.run import lint
    from healthlint.statistics import statistics

    config = config_of(config_file, no_config).without_additions()
    report = lint(*(paths or (".",)), config=config, jobs=jobs, cached=not no_cache)
    found = statistics(report, depth)
    if output_format == "json":
        from healthlint.reporters.json import written

        write(written(_json(found, report)))
    else:
        write_lines(_lines(found, top))
    tell_failures(report.failures)
    return UNREADABLE if report.failures else 0


def _lines(found: Statistics, top: int) -> Iterator[str]:
    total = found.total
    yield (
        f"{counted(total.violations, 'violation')} in {total.affected:,} of "
        f"{counted(total.articles, 'article')}: {counted(total.errors, 'error')}, "
        f"{counted(total.warnings, 'warning')}, {total.infos:,} info."
    )
    for name, tallies in (
        ("RULE", found.rules),
        ("FOLDER", found.folders),
        ("PROFILE", found.profiles),
        ("ARTICLE", found.articles),
    ):
        if tallies:
            yield ""
            yield from _table(name, tallies, total, top or len(tallies))


def _table(name: str, tallies: Sequence[Tally], total: Tally, top: int) -> Iterator[str]:
    from healthlint.visible import visible

    headings = HEADINGS[:5] if name == "ARTICLE" else HEADINGS
    rows = [(visible(each.name), *_cells(each, total))[: len(headings) + 1] for each in tallies[:top]]
    widths = [max(map(len, column)) for column in zip((name, *headings), *rows, strict=True)]
    for row in ((name, *headings), *rows):
        first, *cells = (
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join((first, *cells)).rstrip()
    if len(tallies) > top:
        yield f"and {len(tallies) - top:,} more; `--top 0` shows all"


def _cells(each: Tally, total: Tally) -> tuple[str, ...]:
    return (
        f"{each.violations:,}",
        _percent(each.violations, total.violations),
        f"{each.errors:,}",
        f"{each.warnings:,}",
        f"{each.infos:,}",
        f"{each.affected:,}",
        f"{each.articles:,}",
        _percent(each.affected, each.articles),
    )


def _percent(part: int, whole: int) -> str:
    rounded = round(100 * part / whole) if whole else 0
    if 0 < part < whole and rounded in (0, 100):
        return "<1 %" if rounded == 0 else ">99 %"
    return f"{rounded} %"


def _json(found: Statistics, report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "total": _tally(found.total),
        **{name: [_tally(each) for each in getattr(found, name)] for name in found._fields[1:]},
        "failures": [each._asdict() for each in report.failures],
    }


def _tally(each: Tally) -> dict[str, Any]:
    return {
        **({"name": each.name} if each.name else {}),
        "violations": each.violations,
        "error": each.errors,
        "warning": each.warnings,
        "info": each.infos,
        "affected": each.affected,
        "articles": each.articles,
    }
