"""What processes beside the tests are told to do; they import it from here."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence

from healthlint.result import Result
from healthlint.work import Turn, Work

ENDS: dict[str, Callable[[], object]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "abort": os.abort,
    "exit": lambda: os._exit(3),
    "print": lambda: print("not an answer", flush=True),
    "interrupt": lambda: os.kill(os.getpid(), signal.SIGINT),
}


def fragile(items: Sequence[str]) -> Iterator[str]:
    """The items in capitals, unless one is the end of the process."""
    for item in items:
        ENDS.get(item, lambda: None)()
        yield item.upper()


def process(items: Sequence[int]) -> list[int]:
    """For each, the process that was asked."""
    return [os.getpid() for _ in items]


def modules(items: Sequence[str]) -> list[bool]:
    """For each, whether a module of that name is loaded from elsewhere than the working directory."""
    return [
        not (getattr(sys.modules[item], "__file__", None) or "").startswith(os.getcwd()) for item in items
    ]


class Poisoned(Work):
    """Work of which some articles are the end."""

    def __call__(self, turns: Sequence[Turn]) -> Iterator[Result]:
        if any("poison" in turn.article.path for turn in turns):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(turns)
