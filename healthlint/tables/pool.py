"""Several processes lint batches; one that dies or hangs costs the article it had, and no other.

A pool of `concurrent.futures` loses everything when a process dies, and cannot end one that hangs.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from time import monotonic
from typing import NamedTuple

import pyarrow as pa

from healthlint.errors import INTERRUPTED, UNREADABLE, HealthlintError
from healthlint.garbage import collect_seldom
from healthlint.tables.batches import BatchLinter

AHEAD = 4
"""So many batches for each process are read before the first of them is done: so much is in memory at most."""
POLL = 0.2
"""Seconds between two looks at how long each article takes."""
_STARTING = threading.Lock()
"""The environment belongs to all threads."""
STARTS = 3
"""So many processes may end one after the other before they have begun an article."""


class _Piece(NamedTuple):
    """Rows that one process lints."""

    first: int
    """The number of its first row in the whole, from 0."""
    batch: pa.RecordBatch

    def cut(self, row: int) -> list[_Piece]:
        """What is before that row, the row, and what is after it; all of it for a row before the first."""
        places = (0, row, row + 1, self.batch.num_rows) if row >= 0 else (0, self.batch.num_rows)
        return [
            _Piece(self.first + start, self.batch.slice(start, end - start))
            for start, end in pairwise(places)
            if start < end
        ]


@dataclass(eq=False)
class Worker:
    """A process, and what it was given to do."""

    process: SpawnProcess
    connection: Connection
    at: ctypes.c_long
    """In memory shared with the process: the row of the piece that it is at; -1 until it has begun one."""
    piece: _Piece | None = None
    row: int = -1
    """What `at` was when we looked, and since when it was that."""
    since: float = 0.0

    def give(self, piece: _Piece) -> None:
        """Have it work on `piece`."""
        self.piece, self.row, self.since, self.at.value = piece, -1, monotonic(), -1
        with suppress(OSError):  # it is dead, which the next look at its connection will tell
            self.connection.send_bytes(_packed(piece.batch))

    def is_late(self, timeout: float | None) -> bool:
        """Whether it has been at the same row for more than `timeout` seconds."""
        if self.at.value != self.row:
            self.row, self.since = self.at.value, monotonic()
        return timeout is not None and self.row >= 0 and monotonic() - self.since > timeout

    def end(self) -> str:
        """Ends the process, and gives what ended it."""
        self.connection.close()
        self.process.join(POLL)  # one that is dead already has its own reason
        self.process.kill()
        self.process.join()
        code = self.process.exitcode or 0
        return f"signal {-code} ({signal.Signals(-code).name})" if code < 0 else f"exit code {code}"


def linted(
    batches: Iterable[pa.RecordBatch],
    linter: BatchLinter,
    *,
    jobs: int,
    timeout: float | None = None,
    spare: list[Worker] | None = None,
) -> Iterator[pa.RecordBatch]:
    """The rows of `batches` as `linter` has them, in their order; how they are cut into batches may differ.

    No more than `AHEAD * jobs` batches are read ahead of what was taken. An article for which a process takes longer
    than `timeout` seconds has the status “timeout”, one that ends two processes has “error”; the others of its batch
    are linted again. Processes are taken from `spare`, which have the same linter, and put back there; without it they
    end with the batches. Raises `HealthlintError` when processes cannot be started.
    """
    source = (batch for batch in batches if batch.num_rows)
    read = taken = barren = 0
    todo: list[_Piece] = []
    done: dict[int, pa.RecordBatch] = {}
    workers: set[Worker] = set()
    try:
        while True:
            busy = [worker for worker in workers if worker.piece]
            idle = [worker for worker in workers if not worker.piece]
            while len(busy) < jobs:
                if not todo and len(busy) + len(done) < AHEAD * jobs and (batch := next(source, None)):
                    todo.append(_Piece(read, batch))
                    read += batch.num_rows
                if not todo:
                    break
                worker = idle.pop() if idle else spare.pop() if spare else _started(linter)
                workers.add(worker)
                busy.append(worker)
                worker.give(heappop(todo))
            if not busy:
                return
            ready = wait([worker.connection for worker in busy], None if timeout is None else POLL)
            for worker in busy:
                piece, has_said = worker.piece, worker.connection in ready
                assert piece
                result = _received(worker.connection) if has_said else None
                if result is not None:
                    done[piece.first], worker.piece, barren = result, None, 0
                elif has_said or worker.is_late(timeout):
                    workers.remove(worker)
                    row, how = worker.at.value, worker.end()
                    barren = barren + 1 if row < 0 else 0
                    if barren == STARTS:
                        raise HealthlintError(
                            f"the processes that were to check articles ended at once: {how}"
                        )
                    verdict = None
                    if not has_said:
                        verdict = "timeout", f"took longer than {timeout:g} s"
                    elif piece.batch.num_rows == 1 and row == 0:
                        verdict = "error", f"ended the process that checked it: {how}"
                    for rest in piece.cut(row):
                        if verdict and rest.first == piece.first + row:
                            done[rest.first] = linter.failed(rest.batch, *verdict)
                        else:
                            heappush(todo, rest)
            while taken in done:
                batch = done.pop(taken)
                taken += batch.num_rows
                yield batch
    finally:
        for worker in workers:
            if spare is not None and not worker.piece:
                spare.append(worker)
                continue
            worker.process.kill()
            worker.end()


def _started(linter: BatchLinter) -> Worker:
    context = multiprocessing.get_context("spawn")  # alike everywhere, and safe whatever threads there are
    ours, theirs = context.Pipe()
    at = context.RawValue(ctypes.c_long, -1)
    process = context.Process(target=_work, args=(theirs, at, linter), daemon=True)
    with _deaf(), _searching_nothing_here():
        process.start()
    theirs.close()
    return Worker(process, ours, at)


@contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl-C goes to all processes at a terminal; those started here inherit that they do not hear it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _searching_nothing_here() -> Iterator[None]:
    """A time in which a Python that is started looks for no modules in the working directory.

    With `-c`, as `multiprocessing` starts it, it would, and whoever wrote the articles may have put some there.
    """
    with _STARTING:
        before = os.environ.get("PYTHONSAFEPATH")
        os.environ["PYTHONSAFEPATH"] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ["PYTHONSAFEPATH"]
            else:
                os.environ["PYTHONSAFEPATH"] = before


def _work(connection: Connection, at: ctypes.c_long, linter: BatchLinter) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it is not inherited
    collect_seldom()
    threading.Thread(target=_follow, daemon=True).start()

    def begun(row: int) -> None:
        at.value = row

    try:
        _warm_up(linter)
        while True:
            batch = _unpacked(connection.recv_bytes())
            connection.send_bytes(_packed(linter.linted(batch, begun)))
    except (EOFError, OSError):  # whoever asked is gone
        return
    except HealthlintError as error:
        print(error, file=sys.stderr)
        sys.exit(UNREADABLE)


def _warm_up(linter: BatchLinter) -> None:
    """Lints nothing, so that no article is charged for what the first one waits for: rules, and what pyarrow imports."""
    nothing = dict.fromkeys(linter.columns, pa.nulls(1, pa.string()))
    linter.linted(pa.record_batch({**nothing, linter.text_column: pa.array([""])}))


def _follow() -> None:
    """Ends this process when the one that started it is killed: an article that hangs would keep it for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(INTERRUPTED)


def _received(connection: Connection) -> pa.RecordBatch | None:
    """What the process sends; None when it is dead."""
    try:
        return _unpacked(connection.recv_bytes())
    except (EOFError, OSError):
        return None


def _packed(batch: pa.RecordBatch) -> memoryview:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return memoryview(sink.getvalue())


def _unpacked(data: bytes) -> pa.RecordBatch:
    return pa.ipc.open_stream(data).read_next_batch()
