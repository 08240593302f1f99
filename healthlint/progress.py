"""How far a long run is, on the terminal of whoever waits for it."""
# ruff: noqa: PLC0415 - start-up is a feature: a short run shows nothing.

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

    from healthlint.violation import Failure

PATIENCE = 1.0
"""Seconds after which a run counts as long."""


def watched(
    files: Sequence[Path | Failure], *, quiet: bool, color: bool
) -> Generator[Path | Failure, None, None]:
    """`files` one after the other; once that takes long, a bar on standard error says how far it is.

    There is none when `quiet`, in CI, and where standard error is not a terminal. It goes away when the generator
    is exhausted or closed, so that a report that is written then stands alone.
    """
    if quiet or not _is_watched():
        yield from files
        return
    began, bar = monotonic(), None
    try:
        for number, file in enumerate(files):
            if bar is None and monotonic() - began >= PATIENCE:
                bar = _bar(len(files), color)
            if bar:
                bar.update(bar.task_ids[0], completed=number, name=_name(file))
                bar.start()  # which has an effect only once
            yield file
    finally:
        if bar:
            bar.stop()


@contextmanager
def counter(total: int | None, *, quiet: bool, color: bool) -> Iterator[Callable[[int], None]]:
    """What is to be told how many more are done; once that takes long, a bar says how far it is, as in `watched`.

    `total` is how many there are to do, None when nobody knows.
    """
    began, bar, done = monotonic(), None, 0

    def advanced(more: int) -> None:
        nonlocal bar, done
        done += more
        if bar is None and not quiet and monotonic() - began >= PATIENCE and _is_watched():
            bar = _bar(total, color)
            bar.start()
        if bar:
            bar.update(bar.task_ids[0], completed=done)

    try:
        yield advanced
    finally:
        if bar:
            bar.stop()


def _is_watched() -> bool:
    terminal = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return terminal and not os.environ.get("CI")


def _name(file: Path | Failure) -> str:
    from healthlint.visible import visible

    return visible(file.as_posix() if isinstance(file, Path) else file.path)


def _bar(total: int | None, color: bool) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    bar = Progress(
        MofNCompleteColumn(),
        BarColumn(20),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False, table_column=Column(ratio=1, no_wrap=True)),
        console=Console(file=sys.stderr, force_terminal=True, no_color=not color),
        transient=True,
        expand=True,
        redirect_stdout=False,
    )
    bar.add_task("", total=total, name="")
    return bar
