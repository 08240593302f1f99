"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from healthlint.tree import tree_left


def write(target: Path, data: bytes) -> None:
    """Write `data` so that the file holds the old content or the whole new one, never a part.

    Links are followed as long as they stay in the tree of `target`: what is under test may hold links to
    anywhere. The permissions of an existing file are kept. Raises `OSError`.
    """
    # A device or pipe cannot be replaced, and /dev/stdout may lead to a file that others hold open.
    is_device = target.is_relative_to("/dev")
    if not is_device and (tree := tree_left(target)):
        raise OSError(errno.ELOOP, f"a link leads out of {tree}; name the place itself")
    if is_device or (target.exists() and not target.is_file()):
        target.write_bytes(data)
        return
    target = Path(os.path.realpath(target))
    unfinished = target.with_name(f".healthlint-{os.getpid()}.tmp")
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            unfinished.chmod(target.stat().st_mode & 0o7777)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
