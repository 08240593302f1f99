"""What processes beside the tests are told to do; they import it from here."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from healthlint.result import Result
from healthlint.work import Turn, Work

ENDS: dict[str, Callable[[], object]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "abort": os.abort,
    "exit": lambda: os._exit(3),
    "print": lambda: print("not an answer", flush=True),
    "interrupt": lambda: os.kill(os.getpid(), signal.SIGINT),
}


def fragile(item: str) -> str:
    """The item in capitals, unless it is the end of the process."""
    ENDS.get(item, lambda: None)()
    return item.upper()


def process(item: int) -> int:
    """The process that was asked."""
    return os.getpid()


def modules(item: str) -> bool:
    """Whether a module of that name is loaded from elsewhere than the working directory."""
    return not (getattr(sys.modules[item], "__file__", None) or "").startswith(os.getcwd())


class Poisoned(Work):
    """Work of which some articles are the end."""

    def __call__(self, turn: Turn) -> Result:
        if "poison" in turn.article.path:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(turn)
