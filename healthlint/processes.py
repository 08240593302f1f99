"""Processes beside this one that do some of its work, without ever taking more with them than what they were at.

Each is a fresh interpreter that is told by pipe what to do. So nothing depends on how a platform copies processes,
whoever calls needs no `if __name__ == "__main__"`, and where one dies it is known what it was doing.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from itertools import chain
from threading import Lock
from typing import IO, Any, Generic, TypeVar

from healthlint.errors import HealthlintError
from healthlint.garbage import collect_seldom
from healthlint.pool import Died

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_GONE = (OSError, EOFError, pickle.UnpicklingError)
"""What comes of talking to a process that is not there any more."""
_REFUSED = "no other process can be started: {}; `--jobs 1` needs none"
# In a group of its own a process does not get the Ctrl-C of a terminal, which is for the first one to act on.
_APART: Mapping[str, Any] = (
    {"process_group": 0} if os.name == "posix" else {"creationflags": 0x200}  # CREATE_NEW_PROCESS_GROUP
)
_START = "import sys; sys.path[:] = sys.argv[1:]; from healthlint.processes import serve; serve()"


def shared(
    batches: Iterable[Sequence[Item]], work: Callable[[Sequence[Item]], Iterable[Answer]], jobs: int
) -> Iterator[tuple[Item, Answer | Died]]:
    """Each item of `batches` with what `work` makes of it in one of so many processes, or why it made nothing.

    In any order; at most two batches for each process are taken before others are done. Raises
    `HealthlintError` when no process can be started.
    """
    batch = next(batches := iter(batches), None)
    asked = pickle.dumps(work)
    processes = tuple(_Process[Item, Answer](asked) for _ in range(jobs))
    idle = list(processes)

    def answered(batch: Sequence[Item]) -> list[tuple[Item, Answer | Died]]:
        process = idle.pop()
        try:
            return process.answers(batch)
        finally:
            idle.append(process)

    # A thread for each process, which only waits for it: not every platform can watch several pipes at once.
    threads = ThreadPoolExecutor(jobs)
    waiting: set[Future[list[tuple[Item, Answer | Died]]]] = set()
    try:
        while batch or waiting:
            if batch:
                waiting.add(threads.submit(answered, batch))
                batch = next(batches, None)
            if len(waiting) == 2 * jobs or not batch:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from chain.from_iterable(each.result() for each in done)
    finally:
        for process in processes:
            process.end()
        threads.shutdown(cancel_futures=True)
        for process in processes:
            process.closed()


class _Process(Generic[Item, Answer]):
    """Another process, started when there is something to do, and again when it has died."""

    def __init__(self, work: bytes) -> None:
        self._work = work
        self._running: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._changing = Lock()

    def answers(self, batch: Sequence[Item]) -> list[tuple[Item, Answer | Died]]:
        """Each of `batch` with what becomes of it; fewer when the process is to `end` meanwhile."""
        found: list[tuple[Item, Answer | Died]] = []
        together = len(batch)
        while len(found) < len(batch) and (running := self._running or self._started()):
            left = batch[len(found) : len(found) + together]
            try:
                _tell(running, pickle.dumps(left))
                for item in left:
                    answer = _said(running)
                    found.append((item, answer))
            except _GONE:
                how = self.closed()
                if len(left) == 1:
                    found.append((left[0], Died(how)))
                together = 1  # to know of each that is left whether it was the one
        return found

    def end(self) -> None:
        """Stop at once, whatever it is doing."""
        with self._changing:
            self._ended = True
            if self._running:
                self._running.kill()

    def closed(self) -> str:
        """How it came to an end; "" when it was not running."""
        with self._changing:
            running, self._running = self._running, None
        if running is None:
            return ""
        with suppress(OSError), running:  # what it was still to be told cannot be told any more
            pass
        if running.returncode < 0:
            return f"was killed ({signal.Signals(-running.returncode).name})"
        return f"ended with exit code {running.returncode}"

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._changing:
            if self._ended:
                return None
            try:
                self._running = subprocess.Popen(
                    [sys.executable, "-P", "-c", _START, *sys.path],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    **_APART,
                )
            except OSError as error:
                raise HealthlintError(_REFUSED.format(error.strerror or error)) from error
        try:
            _tell(self._running, self._work)
            fault = _said(self._running)
        except _GONE:
            fault = f"it {self.closed()}"
        if fault and not self._ended:
            raise HealthlintError(_REFUSED.format(fault))
        return self._running


def _tell(running: subprocess.Popen[bytes], message: bytes) -> None:
    assert running.stdin
    running.stdin.write(message)
    running.stdin.flush()


def _said(running: subprocess.Popen[bytes]) -> Any:
    assert running.stdout
    return pickle.load(running.stdout)  # from a process of ours, that nobody else can write to


# --- in the other process ------------------------------------------------------------------------------


def serve() -> None:
    """Be such a process: read from standard input what to do, and on what; write what became of it to standard output."""
    collect_seldom()
    asked, said = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing that is printed may get among the answers
    with suppress(OSError, EOFError):  # whoever asked is gone
        try:
            work, fault = pickle.load(asked), ""
        except HealthlintError as error:
            work, fault = None, str(error)
        _answer(said, fault)
        while not fault:
            for answer in work(pickle.load(asked)):
                _answer(said, answer)


def _answer(said: IO[bytes], answer: object) -> None:
    pickle.dump(answer, said, pickle.HIGHEST_PROTOCOL)
    said.flush()
