"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from healthlint.tree import tree_left

ABANDONED = 3600
"""Seconds after which an unfinished file belongs to no running process."""
UNFINISHED = ".healthlint-*.tmp"
"""The names of files that are being written: hidden, so that nobody takes one for an article."""


def write(target: Path, data: bytes, *, instead_of: bytes | None = None) -> bool:
    """Write `data` so that the file holds the old content or the whole new one, never a part; whether it was written.

    Links are followed as long as they stay in the tree of `target`: what is under test may hold links to
    anywhere. Permissions, owner and extended attributes of an existing file are kept as far as whoever runs this
    may. With `instead_of` nothing is written when the file no longer holds these bytes. Raises `OSError`.
    """
    # A device or pipe cannot be replaced, and /dev/stdout may lead to a file that others hold open.
    is_device = target.is_relative_to("/dev")
    if not is_device and (tree := tree_left(target)):
        raise OSError(errno.ELOOP, f"a link leads out of {tree}; name the place itself")
    if is_device or (target.exists() and not target.is_file()):
        target.write_bytes(data)
        return True
    target = Path(os.path.realpath(target))
    _sweep(target.parent)
    unfinished = target.with_name(UNFINISHED.replace("*", os.urandom(8).hex()))
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            _make_like(target, unfinished)
        if instead_of is not None and target.read_bytes() != instead_of:
            return False
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return True


def _make_like(target: Path, unfinished: Path) -> None:
    from shutil import copystat  # noqa: PLC0415 - start-up is a feature: most runs replace nothing

    old = target.stat()
    if hasattr(os, "chown"):
        for user, group in ((old.st_uid, -1), (-1, old.st_gid)):
            with suppress(OSError):  # only root may give a file away
                os.chown(unfinished, user, group)
    copystat(target, unfinished)
    os.utime(unfinished)


@cache
def _sweep(folder: Path) -> None:
    """Remove, once in a process, what others that were killed left half written."""
    for file in folder.glob(UNFINISHED):
        with suppress(OSError):  # another process was faster
            if file.stat().st_mtime < time.time() - ABANDONED:
                file.unlink()
