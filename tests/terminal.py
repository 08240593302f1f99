"""The command on a real terminal, on a folder of articles with one rule."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

ARTICLE = "Our tea cures gout.\n"
COLUMNS = 100
SLOW = """
import time
from healthlint import run
unread = run.unread
def slowly(path, largest=None):
    time.sleep({seconds})
    return unread(path, largest)
run.unread = slowly
"""
"""Python that makes reading an article take so many `seconds`."""


class Seen(NamedTuple):
    """What a terminal was sent, and the exit code."""

    sent: str
    code: int


def site(folder: Path, names: Iterable[str]) -> None:
    """Write articles of those names, and a configuration with the rule `cure-claim` and no other."""
    for name, text in [(".healthlint.yaml", "select: [cure-claim]\n"), *((name, ARTICLE) for name in names)]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def command(prelude: str, *args: str) -> list[str]:
    """The command line of `healthlint` after some Python."""
    return [sys.executable, "-c", f"{prelude}\nfrom healthlint.cli import main\nmain()", *args]


def on_terminal(
    arguments: list[str],
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    key: str = "",
    after: str = "",
    stdout: int | None = None,
    stderr: int | None = None,
) -> Seen:
    """Run `arguments` in `folder` on a terminal, and press `key` when `after` has been seen on it.

    `stdout` and `stderr` are where these go instead of to the terminal.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    clean = {
        name: value for name, value in os.environ.items() if name not in ("CI", "NO_COLOR", "FORCE_COLOR")
    }
    process = subprocess.Popen(
        arguments,
        cwd=folder,
        stdin=theirs,
        stdout=theirs if stdout is None else stdout,
        stderr=theirs if stderr is None else stderr,
        env={**clean, "TERM": "xterm-256color", "PYTHONUTF8": "1", **(env or {})},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - there are no threads
    )
    os.close(theirs)
    sent = b""
    with os.fdopen(ours, "r+b", buffering=0) as terminal:
        while True:
            try:
                more = terminal.read(65536)
            except OSError:  # so Linux says that nobody is at the other end any more
                break
            if not more:
                break
            sent += more
            if key and after.encode() in sent:
                terminal.write(key.encode())
                key = ""
    return Seen(sent.decode(), process.wait())
