"""The same work on many things: here, and in processes beside this one when there is much of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

ENOUGH = 100_000
"""So many bytes are worked on here before other processes are started. To start one takes 0.4 s of processor time;
in that time 30 kB of Markdown or 200 kB of web pages are linted."""
_BATCH = 30_000
"""So many bytes are handed over together, so that no process waits for the next thing too often."""
_LONGEST_BATCH = 16


class Died(NamedTuple):
    """What became of something when the process that was at work on it came to an end."""

    how: str
    """"was killed (SIGKILL)", "ended with exit code 1"."""


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def answers(
    items: Iterable[Item], work: Callable[[Item], Answer], size: Callable[[Item], int], jobs: int | None
) -> Generator[tuple[Item, Answer | Died], None, None]:
    """Each of `items` with what `work` makes of it, in any order.

    One job does all of it here, in order. More are as many other processes; None is one for each processor, once
    `ENOUGH` was done here. `size` gives the bytes of an item. `work`, items and answers must be such as can be
    pickled. Few items are taken before others are done. Raises `HealthlintError` when no process can be started.
    """
    items, done = iter(items), 0
    most = jobs or processors()
    if jobs is None or most == 1:
        for item in items:
            yield item, work(item)
            done += size(item)
            if most > 1 and done >= ENOUGH:
                break
    batches = _batches(items, size)
    if most > 1 and (first := next(batches, None)):
        from healthlint.processes import shared  # noqa: PLC0415 - start-up is a feature: most runs need none

        yield from shared(chain([first], batches), work, most)


def _batches(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == _LONGEST_BATCH or sum(map(size, batch)) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
