"""The same work on many things: here, and in processes beside this one when there is much of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

ENOUGH = 4
"""So many batches are worth starting other processes for: to start some takes 0.4 s, and a batch of ordinary articles 0.2 s."""
_BATCH = 100_000
"""So many bytes are worked on together: about as many words as the linter searches at once."""
_LONGEST_BATCH = 256


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
    items: Iterable[Item],
    work: Callable[[Sequence[Item]], Iterable[Answer]],
    size: Callable[[Item], int],
    jobs: int | None,
) -> Generator[tuple[Item, Answer | Died], None, None]:
    """Each of `items` with what `work` makes of it, which takes several and gives an answer for each, in any order.

    One job does all of it here, in order. More are as many other processes; None is one for each processor, when
    there are `ENOUGH` batches. `size` gives the bytes of an item. `work`, items and answers must be such as can be
    pickled. Few items are taken before others are done. Raises `HealthlintError` when no process can be started.
    """
    batches = _batches(items, size)
    most = jobs or processors()
    first: list[list[Item]] = []
    if most > 1:
        try:
            first.extend(islice(batches, ENOUGH if jobs is None else 1))
        except KeyboardInterrupt:
            for batch in first:
                yield from zip(batch, work(batch), strict=True)
            raise
    if most > 1 and first and (jobs or len(first) == ENOUGH):
        from healthlint.processes import shared  # noqa: PLC0415 - start-up is a feature: most runs need none

        yield from shared(chain(first, batches), work, most)
    else:
        for batch in chain(first, batches):
            yield from zip(batch, work(batch), strict=True)


def _batches(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == _LONGEST_BATCH or sum(map(size, batch)) >= _BATCH:
                yield batch
                batch = []
    except KeyboardInterrupt:  # while the next was looked for: those that were found already are worked on
        if batch:
            yield batch
        raise
    if batch:
        yield batch
