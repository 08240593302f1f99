"""`healthlint check`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TextIO

import click

from healthlint.commands import fixing
from healthlint.commands.given import config_of, config_options, names, timeout_option, work_options
from healthlint.commands.output import colored, remark, tell_failures, write, write_file, write_lines
from healthlint.errors import UNREADABLE

if TYPE_CHECKING:
    from healthlint.baseline import Baseline
    from healthlint.changes import Changes
    from healthlint.config import Config
    from healthlint.readers import Unread
    from healthlint.report import FailOn, Report
    from healthlint.rule import Severity
    from healthlint.violation import Failure

STDIN = "<stdin>"
"""The path of standard input without `--stdin-filename`."""

FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "html", "audit-json")
"""As `healthlint.report.REPORTERS`, which is slow to import."""
KEEPING = ("html",)
"""Formats that show the articles themselves."""
EDITING = ("json", "sarif", "rdjson", "html")
"""Formats that show edits, of which some take an article's reading once more to work out."""


class Output(NamedTuple):
    """A report to be written."""

    format: str
    file: Path | None
    """None for standard output."""


def _outputs(context: click.Context, option: click.Parameter, values: Sequence[str]) -> tuple[Output, ...]:
    found = []
    for value in values:
        name, colon, file = value.partition(":")
        if name not in FORMATS:
            raise click.BadParameter(f"“{name}” is none of {', '.join(FORMATS)}.")
        if colon and not file:
            raise click.BadParameter(f"“{value}” names no file after the colon.")
        found.append(Output(name, Path(file) if file else None))
    files = [output.file for output in found]
    if len(set(files)) < len(files):
        raise click.BadParameter("each report needs a place of its own; give all but one a file.")
    return tuple(found)


@click.command(short_help="Check articles.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--output",
    "outputs",
    metavar="FORMAT[:FILE]",
    multiple=True,
    callback=_outputs,
    help="Write the report in this format, to standard output or to FILE; may be given several times.",
)
@click.option(
    "--output-format",
    type=click.Choice(FORMATS),
    help="The same for one report.  [default: text]",
)
@click.option(
    "--output-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="With --output-format: write to this file and not to standard output.",
)
@config_options
@click.option(
    "--diff",
    "revision",
    metavar="BASE",
    help="Report only what stands on lines changed since this Git revision, and whole-document rules for "
    "changed articles.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Do not report what this file knows (default: the configuration's `baseline`).",
)
@click.option(
    "--write-baseline",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write what is found to this file, as known from now on.",
)
@click.option(
    "--prune-baseline",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Use this baseline and take out of it what no longer stands.",
)
@click.option(
    "--fix", is_flag=True, help="Rewrite the articles where only one change is right, and report the rest."
)
@click.option("--dry-run", is_flag=True, help="With --fix: write nothing, print the changes as a diff.")
@click.option("--no-suppressions", is_flag=True, help="Report what the articles suppress, too.")
@work_options
@click.option(
    "--largest",
    metavar="BYTES",
    type=click.IntRange(min=1),
    help="Read no larger files.  [default: 5000000]",
)
@timeout_option
@click.option(
    "--select",
    metavar="RULES",
    multiple=True,
    callback=names,
    help="Rule ids or families, comma-separated: run these only, whatever the configuration selects.",
)
@click.option(
    "--ignore",
    metavar="RULES",
    multiple=True,
    callback=names,
    help="Rule ids or families, comma-separated: switch these off besides those the configuration ignores.",
)
@click.option(
    "--min-severity",
    type=click.Choice(["info", "warning", "error"]),
    default="info",
    show_default=True,
    help="Leave out what is milder.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    default="error",
    show_default=True,
    help="Exit with 1 when something is reported at this severity or above it.",
)
@click.option(
    "--quiet", "-q", is_flag=True, help="Text: one line for each violation and failure, nothing else."
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Text: auto honours NO_COLOR and FORCE_COLOR and colours terminals.",
)
@click.option(
    "--show-excused", is_flag=True, help="Show what matched but is excused, and the words that excuse it."
)
@click.option(
    "--explain-profile",
    is_flag=True,
    help="Check nothing; say which profile and packs apply to each article, and why.",
)
@click.option("--statistics", is_flag=True, help="Text: add how often each rule was violated.")
@click.option(
    "--stdin-filename", metavar="PATH",
    help="With “-”: the path to report; its ending says the format (Markdown without it).",
)  # fmt: skip
def command(
    paths: tuple[str, ...],
    *,
    outputs: tuple[Output, ...],
    output_format: str | None,
    output_file: Path | None,
    config_file: Path | None,
    no_config: bool,
    revision: str | None,
    baseline: Path | None,
    write_baseline: Path | None,
    prune_baseline: Path | None,
    fix: bool,
    dry_run: bool,
    no_suppressions: bool,
    jobs: int | None,
    no_cache: bool,
    largest: int | None,
    timeout: float,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    min_severity: Severity,
    fail_on: FailOn,
    quiet: bool,
    color: Literal["auto", "always", "never"],
    show_excused: bool,
    explain_profile: bool,
    statistics: bool,
    stdin_filename: str | None,
) -> int:
    """Check articles: PATHs may be files, folders (searched for .md .markdown .mdx .html .htm .php
    .rst .txt, except what .gitignore names) or “-” for standard input. Without any, the working directory.

    \b
    Exit code 0: nothing at or above --fail-on.
              1: violations.
              2: something could not be read or run; what could be is reported all the same.
    """  # noqa: D205, D301
    from healthlint.files import articles
    from healthlint.progress import watched
    from healthlint.run import report_of, unread_of
    from healthlint.work import Linters

    if outputs and (output_format or output_file):
        raise click.UsageError(
            "--output says both format and file; leave out --output-format and --output-file."
        )
    has_outputs = bool(outputs or output_format or output_file)
    outputs = outputs or (Output(output_format or "text", output_file),)
    config = config_of(config_file, no_config).narrowed(select, ignore)
    known = _Known.of(config, baseline, write_baseline, prune_baseline)
    changes = _changes(revision) if revision is not None else None
    if known.rewritten and (changes or min_severity != "info"):
        raise click.UsageError(
            "a baseline is written from a whole report, without --diff and --min-severity."
        )
    if fix:
        fixing.refuse(
            paths, dry_run=dry_run, has_outputs=has_outputs, writes_baseline=known.rewritten is not None
        )
    elif dry_run:
        raise click.UsageError("--dry-run goes with --fix.")
    named = [path for path in paths or (".",) if path != "-"]
    files = list(articles(named, config.excludes))
    _refuse_articles([known.rewritten, *(output.file for output in outputs)], files)
    if changes:
        files = [file for file in files if not isinstance(file, Path) or changes.changed(file)]

    def unread(files: Iterable[Path | Failure]) -> Iterator[Unread | Failure]:
        if "-" in paths:
            yield from _standard_input(stdin_filename, config, largest)
        yield from unread_of(files, largest)

    if explain_profile:
        return _explain_profiles(unread(files), config)
    if not fix and not any(output.format in EDITING for output in outputs):
        config = config.without_additions()
    linters = Linters(config)

    def checked(changes: Changes | None) -> Report:
        with closing(watched(files, quiet=quiet, color=colored(color, sys.stderr))) as turns:
            report = report_of(
                unread(turns),
                linters,
                excused=show_excused,
                min_severity=min_severity,
                fail_on=fail_on,
                suppressions=not no_suppressions,
                changes=changes,
                keep=any(output.format in KEEPING for output in outputs),
                interruptible=True,
                jobs=jobs,
                cached=not no_cache,
                timeout=timeout,
            )
        return known.applied(report, whole=not changes)

    report = checked(changes)
    if dry_run:
        tinted = colored(color, sys.stdout)
        return fixing.show(report, linters, suppressions=not no_suppressions, quiet=quiet, color=tinted)
    if fix and not report.interrupted:
        made, failures = fixing.make(report, linters, suppressions=not no_suppressions, quiet=quiet)
        report = checked(_changes(revision) if revision is not None else None)
        report = replace(report, fixed=tuple(made), failures=tuple(sorted({*report.failures, *failures})))
    lost: list[click.ClickException] = []
    for output in outputs:
        stream = None if output.file else sys.stdout
        if output.format == "text":
            from healthlint.reporters import text

            tinted = colored(color, stream)
            rendered = text.render(report, color=tinted, quiet=quiet, statistics=statistics)
        else:
            tinted, rendered = False, report.to(output.format)
        try:
            if output.file:
                write_file(output.file, rendered)
            else:
                write(rendered, color=tinted, as_file=output.format != "text")
        except click.ClickException as error:  # the other reports shall be had all the same
            lost.append(error)
    if not any(output.format == "text" and output.file is None for output in outputs):
        tell_failures(report.failures)
    for each in lost:
        remark(f"Error: {each.format_message()}")
    return UNREADABLE if lost else report.exit_code


class _Known(NamedTuple):
    """The baseline, and the file to which it is to be written again."""

    baseline: Baseline | None
    rewritten: Path | None
    anew: bool
    """Whether all that is found is to be known, and not only what is known already."""

    @classmethod
    def of(cls, config: Config, used: Path | None, written: Path | None, pruned: Path | None) -> _Known:
        from healthlint.baseline import Baseline, read_baseline

        given = [option for option in (used, written, pruned) if option]
        if len(given) > 1:
            raise click.UsageError("--baseline, --write-baseline and --prune-baseline exclude each other.")
        if written:
            return cls(Baseline(written.absolute().parent), written, anew=True)
        file = used or pruned or config.baseline
        return cls(read_baseline(file) if file else None, pruned, anew=False)

    def applied(self, report: Report, whole: bool) -> Report:
        """`report` without what is known; the file is written. Only a `whole` report shows what is gone.

        That the file could not be written is a failure in the report.
        """
        from healthlint.violation import Failure

        if self.baseline is None:
            return report
        if not self.rewritten:
            applied = self.baseline.applied(report)
            return applied if whole else replace(applied, gone=None)
        if report.failures or report.interrupted:
            remark(f"{self.rewritten} is left as it is: not all articles could be checked.")
            return report if self.anew else self.baseline.applied(report)
        if self.anew:
            written = self.baseline.of(report.violations)
            applied = written.applied(report)
        else:
            applied = self.baseline.applied(report)
            written = self.baseline.pruned(applied)
        try:
            write_file(self.rewritten, written.to_json())
        except click.ClickException as error:
            failure = Failure(self.rewritten.as_posix(), error.message)
            return replace(report if self.anew else applied, failures=(failure,))
        return applied


def _changes(revision: str) -> Changes:
    from healthlint.changes import changes_since

    return changes_since(revision, Path.cwd())


def _explain_profiles(articles: Iterable[Unread | Failure], config: Config) -> int:
    from healthlint.readers import Unread
    from healthlint.violation import Failure
    from healthlint.work import attempted

    failures: list[Failure] = []
    for each in articles:
        document = attempted(each.path, Unread.read, each) if isinstance(each, Unread) else each
        if isinstance(document, Failure):
            failures.append(document)
            continue
        choice = config.choice(document)
        failures.extend(Failure(document.path, error) for error in choice.errors)
        packs = [
            f", pack {name} ({where})"
            for name, where in zip(choice.settings.packs, choice.packs_from, strict=True)
        ]
        write_lines(
            [f"{document.path}: profile {choice.settings.profile} ({choice.profile_from}){''.join(packs)}"]
        )
    tell_failures(failures)
    return UNREADABLE if failures else 0


# --- reading -------------------------------------------------------------------------------------------


def _standard_input(filename: str | None, config: Config, largest: int | None) -> Iterator[Unread | Failure]:
    from healthlint.errors import ReadError
    from healthlint.files import relative
    from healthlint.readers import Unread, format_of
    from healthlint.work import attempted

    path = relative(filename).as_posix() if filename else STDIN
    if filename and config.excludes(path):
        return
    written_in = format_of(filename) if filename else "markdown"

    def unread(stream: TextIO | None) -> Unread:
        if stream is None:  # closed before we were started
            raise ReadError("standard input is closed")
        try:
            data = stream.buffer.read()
        except OSError as error:
            raise ReadError(f"cannot be read: {error.strerror or error}") from error
        return Unread(path, written_in, data, largest)

    yield attempted(path, unread, sys.stdin)


def _refuse_articles(targets: Iterable[Path | None], files: Sequence[Path | Failure]) -> None:
    read = {os.path.realpath(file) for file in files if isinstance(file, Path)}
    for target in targets:
        if target and os.path.realpath(target) in read:
            raise click.UsageError(
                f"{target} is one of the articles to be checked; write to another file or exclude it."
            )
