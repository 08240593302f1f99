"""The user's cache folder: what was worked out once and need not be again.

Nothing here ever raises for the state of the disk. What cannot be read back whole is as good as absent, and
what cannot be written is not kept: a cache saves time, and is never the reason why something fails.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import time
from pathlib import Path

from healthlint.outfile import ABANDONED

_DIGEST = hashlib.sha256().digest_size
_UNFINISHED = ".tmp"


def folder() -> Path | None:
    """Where the cache is, existing or not: `$HEALTHLINT_CACHE_DIR`, else the platform's place for caches.

    None when nobody says and the user has no home.
    """
    asked = os.environ.get("HEALTHLINT_CACHE_DIR")
    if asked:
        return Path(asked).absolute()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local, "healthlint", "cache") if local else None
    caches = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(caches):  # the specification says to ignore a relative one
        caches = os.path.expanduser("~/Library/Caches" if sys.platform == "darwin" else "~/.cache")
    return Path(caches, "healthlint") if os.path.isabs(caches) else None


def kept(path: Path) -> bytes | None:
    """What `keep` was given for `path`; None when it is absent, damaged, or was written by another user."""
    try:
        with open(path, "rb", opener=_unwaiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return None
            if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
                return None
            digest, content = file.read(_DIGEST), file.read()
    except OSError:
        return None
    return content if digest == _digest(path, content) else None


def keep(path: Path, content: bytes) -> bool:
    """Write `content` to `path`, its folders too, all or nothing; whether that could be done.

    Several processes may write the same file at once: one of them is last.
    """
    unfinished = path.with_name(f"{path.name}.{os.urandom(8).hex()}{_UNFINISHED}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(unfinished, "xb", opener=_private) as file:
            file.write(_digest(path, content))
            file.write(content)
        unfinished.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        return False
    return True


def prune(place: Path, size: int) -> None:
    """Delete the files written longest ago in the folder `place` until at most `size` bytes are left in it.

    What a process that was killed left unfinished goes too.
    """
    left = 0
    for written, length, path in sorted(_files(place), reverse=True):
        left += length
        abandoned = path.endswith(_UNFINISHED) and written < time.time() - ABANDONED
        if left > size or abandoned:
            with contextlib.suppress(OSError):  # another process was faster, or has it open
                os.unlink(path)


def _files(place: Path) -> list[tuple[float, int, str]]:
    found = []
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    found.append((status.st_mtime, status.st_size, entry.path))
    return found


def _digest(path: Path, content: bytes) -> bytes:
    # With the name, so that a file under another's name is not taken for it. It finds damage, not malice:
    # whoever can write here as the user can do worse.
    digest = hashlib.sha256(path.name.encode() + b"\0")
    digest.update(content)
    return digest.digest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _unwaiting(path: str, flags: int) -> int:
    # Opening a named pipe would wait for ever.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
