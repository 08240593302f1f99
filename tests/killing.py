"""Runs that are killed: at each step that writes something, and after so many moments. Says what they leave behind.

    python killing.py FOLDER ARGUMENT...

Each run begins with a copy of FOLDER beside it, "work", and its cache in there; after it was killed the same is run
to its end. For each, one line of JSON: how many steps it got, and what "work" held after the first and the second.
All are forks of one process that has loaded everything, so that hundreds take seconds.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

STEPS = frozenset(("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.chown", "os.utime"))
"""What changes a folder or a file, as audit events call it."""
MOMENTS = 30
WRITES = os.O_WRONLY | os.O_RDWR


def forked(action: Callable[[], object], *, moment: float | None = None) -> int:
    """The wait status of a copy of this process that does `action`, and is killed after `moment` seconds."""
    child = os.fork()
    if not child:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nowhere, number)
        try:
            action()
        except SystemExit as ended:
            os._exit(int(ended.code or 0))
        finally:
            os._exit(99)
    if moment is not None:
        time.sleep(moment)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def killed_at(step: int, action: Callable[[], object]) -> None:
    """Do `action`, but end right before that many steps were done, counted from 0."""
    left = step

    def hook(event: str, given: tuple[object, ...]) -> None:
        nonlocal left
        writes = event == "open" and isinstance(given[2], int) and given[2] & WRITES
        if writes or event in STEPS:
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    synced = os.fsync

    def sync(descriptor: int) -> None:
        hook("os.chmod", ())
        synced(descriptor)

    os.fsync = sync
    sys.addaudithook(hook)
    action()


def held(work: Path) -> dict[str, str]:
    """The files in and below `work`, without those of the cache."""
    return {
        path.relative_to(work).as_posix(): path.read_bytes().decode("latin-1")
        for path in sorted(work.rglob("*"))
        if path.is_file() and "cache" not in path.relative_to(work).parts
    }


def main(folder: Path, *args: str) -> None:
    work = folder.with_name("work")

    def anew() -> None:
        os.chdir(folder)
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(folder, work)
        os.chdir(work)
        os.environ["HEALTHLINT_CACHE_DIR"] = str(work / "cache")

    def command() -> None:
        sys.argv = ["healthlint", *args]
        cli.main()

    def tell(step: int, status: int) -> None:
        first = held(work)
        code = os.waitstatus_to_exitcode(forked(command))
        print(json.dumps([step, os.waitstatus_to_exitcode(status), first, code, held(work)]), flush=True)

    from healthlint import cli, outfile

    if args[0] == "scan":
        from healthlint.tables import scan

        scan.linted = lambda batches, linter, **how: map(
            linter.linted, batches
        )  # in this process, which is killed
    outfile.ABANDONED = -1  # as if what is done again were done an hour later
    anew()
    with (
        open(os.devnull, "w") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
        suppress(SystemExit),
    ):
        command()  # everything is imported, the rules are loaded
    outfile._sweep.cache_clear()
    anew()
    began = time.monotonic()
    tell(-1, forked(command))
    took = time.monotonic() - began
    step = 0
    status = signal.SIGKILL
    while status == signal.SIGKILL:
        anew()
        status = forked(lambda step=step: killed_at(step, command))
        tell(step, status)
        step += 1
    for number in range(MOMENTS):
        anew()
        tell(step, forked(command, moment=took * number / MOMENTS))


main(Path(sys.argv[1]), *sys.argv[2:])
