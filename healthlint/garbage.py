"""When Python looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG = 50_000
"""So many objects must be new before garbage is looked for. By default it is 700: the rules alone are fifty times as
many, which stay, and to look through them again and again takes a seventh of the time of a check."""


def collect_seldom() -> None:
    """For a process that is ours alone: look for garbage when `_YOUNG` objects are new."""
    gc.set_threshold(_YOUNG)


@contextmanager
def uncollected() -> Iterator[None]:
    """Garbage is not looked for meanwhile: among a million objects that are to stay it takes a third of the time.

    What nothing refers to is freed all the same; only cycles wait.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
