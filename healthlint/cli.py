"""The command `healthlint`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

import click

from healthlint import __version__
from healthlint.errors import HealthlintError

if TYPE_CHECKING:
    from healthlint.config import Config
    from healthlint.document import Document
    from healthlint.report import FailOn, Report
    from healthlint.rule import Severity
    from healthlint.violation import Failure

UNREADABLE = 2
"""The exit code when something could not be read or run."""
INTERRUPTED = 130

STDIN = "<stdin>"
"""The path of standard input without `--stdin-filename`."""


def main() -> None:
    """Run the command and exit with its code: 0 clean, 1 violations, 2 something could not be read or run."""
    try:
        code = command.main(prog_name="healthlint", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        code = UNREADABLE
    except HealthlintError as error:
        for line in str(error).splitlines():
            click.echo(f"Error: {line}", err=True)
        code = UNREADABLE
    except click.Abort:
        click.echo("healthlint: interrupted", err=True)
        code = INTERRUPTED
    sys.exit(code)


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def command(context: click.Context) -> None:
    """Find overclaims, missing disclaimers and missing professional advice in health articles."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _config_options(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option(
        "--no-config", is_flag=True, help="Use no configuration file; every rule that is on by default."
    )(function)
    return click.option(
        "--config",
        "config_file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Use this configuration file instead of the nearest .healthlint.yaml or pyproject.toml.",
    )(function)


def _names(context: click.Context, option: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


@command.command(short_help="Check articles.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write the report.",
)
@click.option(
    "--output-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the report to this file and not to standard output.",
)
@_config_options
@click.option("--no-cache", is_flag=True, help="Accepted; there is no cache yet.")
@click.option(
    "--select",
    metavar="RULES",
    multiple=True,
    callback=_names,
    help="Rule ids or families, comma-separated: run these only, whatever the configuration selects.",
)
@click.option(
    "--ignore",
    metavar="RULES",
    multiple=True,
    callback=_names,
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
def check(
    paths: tuple[str, ...],
    *,
    output_format: str,
    output_file: Path | None,
    config_file: Path | None,
    no_config: bool,
    no_cache: bool,
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
    from healthlint.run import documents_of, report_of

    config = _config(config_file, no_config).narrowed(select, ignore)
    named = [path for path in paths or (".",) if path != "-"]
    files = list(articles(named, config.excludes))
    if output_file:
        _refuse_article(output_file, files)

    def documents() -> Iterator[Document | Failure]:
        if "-" in paths:
            yield from _standard_input(stdin_filename, config)
        yield from documents_of(files)

    if explain_profile:
        return _explain_profiles(documents(), config)
    report = report_of(documents(), config, excused=show_excused, min_severity=min_severity, fail_on=fail_on)
    if output_format == "text":
        from healthlint.reporters import text

        colored = _colored(color, None if output_file else sys.stdout)
        rendered = text.render(report, color=colored, quiet=quiet, statistics=statistics)
    else:
        colored, rendered = False, report.to(output_format)
    if output_file:
        _write_file(output_file, rendered)
    else:
        _write(rendered, color=colored)
    if output_file or output_format != "text":
        _tell_failures(report)
    return report.exit_code


def _explain_profiles(documents: Iterable[Document | Failure], config: Config) -> int:
    from healthlint.reporters.text import failure_line
    from healthlint.run import choices_of

    failures: list[Failure] = []
    for document, choice in choices_of(documents, config, failures):
        packs = [
            f", pack {name} ({where})"
            for name, where in zip(choice.settings.packs, choice.packs_from, strict=True)
        ]
        _write(
            f"{document.path}: profile {choice.settings.profile} ({choice.profile_from}){''.join(packs)}\n"
        )
    for failure in failures:
        click.echo(failure_line(failure), err=True)
    return UNREADABLE if failures else 0


@command.command(short_help="List the rules.")
@_config_options
def rules(config_file: Path | None, no_config: bool) -> int:
    """List the rules: id, family, severity, whether it is on, what it says."""
    from healthlint.explanation import said

    config = _config(config_file, no_config)
    on = {rule.id: rule for rule in config.base.enabled(config.rulebook)}
    rows = [("RULE", "FAMILY", "SEVERITY", "ON", "MESSAGE")]
    for rule in config.rulebook.rules:
        severity = on.get(rule.id, rule).severity
        rows.append((rule.id, rule.family, severity, "on" if rule.id in on else "off", said(rule)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = (
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
        for row in rows
    )
    _write("".join(line + "\n" for line in lines))
    return 0


@command.command(short_help="Explain a rule.")
@click.argument("rule_id", metavar="RULE")
@_config_options
def explain(rule_id: str, config_file: Path | None, no_config: bool) -> int:
    """Explain a rule: why, sources, examples, how to fix it, how to switch it off."""
    from healthlint.errors import DataError, nearest
    from healthlint.explanation import explanation

    config = _config(config_file, no_config)
    known = {rule.id: rule for rule in config.rulebook.rules}
    if rule_id not in known:
        hint = nearest(rule_id, known) or "; `healthlint rules` lists them"
        raise DataError(f"there is no rule “{rule_id}”{hint}")
    on = [rule for rule in config.base.enabled(config.rulebook) if rule.id == rule_id]
    lines = explanation(on[0] if on else known[rule_id], bool(on), config.rulebook)
    _write("".join(line + "\n" for line in lines))
    return 0


@command.command(short_help="Write a page about each rule.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_config_options
def docs(folder: Path, config_file: Path | None, no_config: bool) -> int:
    """Write a Markdown page about each rule into FOLDER, and a README.md that lists them."""
    from healthlint.explanation import pages

    found = pages(_config(config_file, no_config).rulebook)
    for name, text in found.items():
        folder.mkdir(parents=True, exist_ok=True)
        _write_file(folder / name, text)
    _write(f"{len(found)} pages written to {folder.as_posix()}.\n")
    return 0


@command.command(short_help="Prove rules against their own examples.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def test(folder: Path) -> int:
    """Prove the rules in FOLDER against their own examples."""
    from healthlint.rulebook import BUILTIN
    from healthlint.testing import verify

    problems = verify(None if folder.resolve() == BUILTIN.resolve() else folder)
    lines = [str(problem) for problem in problems]
    lines.append(
        f"{len(problems)} to mend." if problems else f"Every rule in {folder.as_posix()} proves itself."
    )
    _write("\n".join(lines) + "\n")
    return 1 if problems else 0


# --- reading -------------------------------------------------------------------------------------------


def _config(config_file: Path | None, no_config: bool) -> Config:
    from healthlint.config import Config, nearest_config, read_config

    if no_config:
        if config_file:
            raise click.UsageError("--config and --no-config exclude each other.")
        return Config()
    found = config_file or nearest_config(Path.cwd())
    return read_config(found) if found else Config()


def _standard_input(filename: str | None, config: Config) -> Iterator[Document | Failure]:
    from healthlint.errors import ReadError
    from healthlint.files import relative
    from healthlint.readers import FORMATS, read_text
    from healthlint.readers.decoding import decoded
    from healthlint.run import attempted

    path = relative(filename).as_posix() if filename else STDIN
    if filename and config.excludes(path):
        return
    written_in = FORMATS.get(Path(filename).suffix.lower(), "text") if filename else "markdown"

    def document(stream: TextIO | None) -> Document:
        if stream is None:  # closed before we were started
            raise ReadError("standard input is closed")
        try:
            data = stream.buffer.read()
        except OSError as error:
            raise ReadError(f"cannot be read: {error.strerror or error}") from error
        return read_text(decoded(data), format=written_in, path=path)

    yield attempted(path, document, sys.stdin)


# --- writing -------------------------------------------------------------------------------------------


def _colored(option: str, stream: TextIO | None) -> bool:
    if option != "auto" or stream is None:
        return option == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _write(text: str, *, color: bool = False) -> None:
    """Write to standard output. That nobody reads on is no error, that it cannot be written is."""
    try:
        if sys.stdout is None:  # closed before we were started
            raise click.ClickException("the report could not be written: standard output is closed")
        if reconfigure := getattr(sys.stdout, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # a terminal may not know all our characters
        click.echo(text, nl=False, color=color)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    except OSError as error:
        _silence()
        raise click.ClickException(f"the report could not be written: {error.strerror or error}") from error


def _silence() -> None:
    # What is still in the buffer would raise again when the interpreter exits.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse_article(target: Path, files: Sequence[Path | Failure]) -> None:
    real = os.path.realpath(target)
    if any(os.path.realpath(file) == real for file in files if isinstance(file, Path)):
        raise click.UsageError(
            f"--output-file {target} is one of the articles to be checked; choose another file or exclude it."
        )


def _write_file(target: Path, text: str) -> None:
    """Write a file so that it holds the old report or the whole new one, never a part."""
    try:
        # A device or pipe cannot be replaced, and /dev/stdout may lead to a file that others hold open.
        if target.is_relative_to("/dev") or (target.exists() and not target.is_file()):
            target.write_text(text, encoding="utf-8")
            return
        target = Path(os.path.realpath(target))
        unfinished = target.with_name(f".healthlint-{os.getpid()}.tmp")
        try:
            with unfinished.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                unfinished.chmod(target.stat().st_mode & 0o777)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise click.ClickException(f"{target} could not be written: {error.strerror or error}") from error


def _tell_failures(report: Report) -> None:
    from healthlint.reporters.text import failure_line

    for failure in report.failures:
        click.echo(failure_line(failure), err=True)
