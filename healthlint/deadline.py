"""The time that something may take."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Late(BaseException):
    """The time is over. Not an `Exception`, so that nobody on the way takes it for a fault."""


def can_be_kept() -> bool:
    """Whether a `deadline` can be kept here: on Unix, in the main thread of a process."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Raises `Late` inside once so many seconds have gone; a timer and handler of somebody else are put back.

    A signal of the operating system interrupts Python between two of its steps, and regular expressions in the
    middle. Without a number of seconds nothing happens.
    """
    if seconds is None:
        yield
        return
    handler = signal.signal(signal.SIGALRM, _late)
    others = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, *others)


def _late(number: int, frame: object) -> None:
    raise Late
