"""Where commands write: standard output, and files."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from healthlint import outfile

if TYPE_CHECKING:
    from healthlint.violation import Failure


def colored(option: str, stream: TextIO | None) -> bool:
    """Whether to colour what goes to `stream` (None: a file) under `--color` "auto", "always" or "never"."""
    if option != "auto" or stream is None:
        return option == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write(text: str, *, color: bool = False, as_file: bool = False) -> None:
    """Write to standard output. That nobody reads on is no error, that it cannot be written is.

    With `as_file` a program will read it: unless it goes to a terminal it has the bytes that a file would have.
    """
    try:
        if sys.stdout is None:  # closed before we were started
            raise click.ClickException("the report could not be written: standard output is closed")
        if reconfigure := getattr(sys.stdout, "reconfigure", None):
            if as_file and not sys.stdout.isatty():
                reconfigure(encoding="utf-8", newline="\n")
            reconfigure(errors="backslashreplace")  # a terminal may not know all our characters
        click.echo(text, nl=False, color=color)
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
    except OSError as error:
        silence(sys.stdout)
        raise click.ClickException(f"the report could not be written: {error.strerror or error}") from error


def write_lines(lines: Iterable[str]) -> None:
    """As `write`, each on a line of its own and made `visible`: what they quote does nothing to a terminal or log."""
    from healthlint.visible import visible

    write("".join(visible(line).rstrip() + "\n" for line in lines))


def remark(line: str) -> None:
    """Write a line to standard error, made `visible`."""
    from healthlint.visible import visible

    with telling():
        click.echo(visible(line), err=True)


def silence(stream: TextIO | None) -> None:
    """Let what is written to `stream` from now on go nowhere."""
    if stream:  # what is still in its buffer would raise again when the interpreter exits
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def telling() -> Iterator[None]:
    """For what is said on standard error. That it cannot be written there is no error: the exit code says it too."""
    try:
        yield
    except OSError:
        silence(sys.stderr)


def write_file(target: Path, text: str) -> None:
    """Write a file so that it holds the old text or the whole new one, never a part."""
    try:
        outfile.write(target, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise click.ClickException(f"{target} could not be written: {error.strerror or error}") from error


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it is in, unless it is there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} could not be made: {error.strerror or error}") from error


def tell_failures(failures: Iterable[Failure]) -> None:
    """Name on standard error what could not be checked."""
    from healthlint.reporters.text import failure_line

    with telling():
        for failure in failures:
            click.echo(failure_line(failure), err=True)


def counted(number: int, noun: str) -> str:
    """So many of something, as "1 article" or "2,000 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
