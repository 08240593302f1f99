"""The Parquet files of a scan: written whole or not at all, alike for any number of processes and size of batch."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from healthlint.outfile import UNFINISHED
from healthlint.tables.layout import documents, findings

FOLDERS = ("findings", "documents")
"""In the order in which a part gets there: what has its documents is finished."""
GROUP = 1_000
"""So many articles at most make a row group, and are held in memory until it is written."""


class Part(NamedTuple):
    """One file in each of `FOLDERS`, with the same articles in both."""

    name: str
    rows: int
    statuses: Counter[str]
    severities: Counter[str]
    """Of its findings."""
    sha256: dict[str, str]
    """Of its files, in hexadecimal, by folder."""


def part_name(number: int) -> str:
    """The name of the file, whose number counts from 0."""
    return f"part-{number:05}.parquet"


def read_part(out: Path, number: int, first: int) -> Part | None:
    """The part of that number, whose first article is number `first`; None when it is not there, or not sound."""
    files = {folder: out / folder / part_name(number) for folder in FOLDERS}
    try:
        found = pq.read_table(files["documents"], columns=["row", "status"])
        severities = pq.read_table(files["findings"], columns=["severity"]).column("severity")
        digests = {folder: _sha256(file) for folder, file in files.items()}
    except (OSError, pa.ArrowException):
        return None
    if found.column("row").to_pylist() != list(range(first, first + found.num_rows)):
        return None
    statuses = _counts(found.column("status"))
    return Part(part_name(number), found.num_rows, statuses, _counts(severities), digests)


def write_parts(
    batches: Iterable[pa.RecordBatch], out: Path, *, number: int, first: int, size: int, schema: pa.Schema
) -> Iterator[int]:
    """Write the rows of `batches`, which have `schema`, to the parts from `number` on, `size` articles in each.

    `first` is the number of the first article. Gives the number of each part when it is there. Raises `OSError`.
    """
    part = None
    try:
        for group in _grouped(batches, size):
            part = part or _Unfinished(out, number, schema)
            part.write(group, first)
            first += group.num_rows
            if part.rows == size:
                part.finish()
                yield number
                number, part = number + 1, None
        if part is None and number == 0:  # so that whoever reads finds the columns
            part = _Unfinished(out, number, schema)
        if part:
            part.finish()
            yield number
            part = None
    finally:
        if part:
            part.discard()


def failures(out: Path, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The `row`, `id`, `status` and `reason` of each article with “error” or “timeout” in the parts of these names."""
    failed = pc.field("status").isin(["error", "timeout"])
    for name in names:
        found = pq.read_table(
            out / "documents" / name, columns=["row", "id", "status", "reason"], filters=failed
        )
        yield from found.to_pylist()


def sweep(out: Path) -> None:
    """Remove what a scan that was killed left half written."""
    for file in out.rglob(UNFINISHED):
        file.unlink(missing_ok=True)


class _Unfinished:
    """A part that is being written, under other names."""

    def __init__(self, out: Path, number: int, schema: pa.Schema) -> None:
        self.rows = 0
        self._schema = pa.schema([pa.field("row", pa.int64()), *schema])
        nothing = pa.RecordBatch.from_pylist([], schema=self._schema)
        schemas = {"documents": documents(nothing).schema, "findings": findings(nothing).schema}
        self._files = {
            out / folder / f".healthlint-{part_name(number)}.tmp": out / folder / part_name(number)
            for folder in FOLDERS
        }
        self._writers = {
            file.parent.name: pq.ParquetWriter(file, schemas[file.parent.name], compression="zstd")
            for file in self._files
        }

    def write(self, group: pa.RecordBatch, first: int) -> None:
        rows = pa.array(range(first, first + group.num_rows), pa.int64())
        numbered = pa.record_batch([rows, *group.columns], schema=self._schema)
        self._writers["documents"].write_batch(documents(numbered))
        self._writers["findings"].write_batch(findings(numbered))
        self.rows += group.num_rows

    def finish(self) -> None:
        for writer in self._writers.values():
            writer.close()
        for unfinished, file in self._files.items():
            with unfinished.open("r+b") as written:  # some systems sync only what may be written
                os.fsync(written.fileno())
            unfinished.replace(file)
            _keep_names(file.parent)

    def discard(self) -> None:
        for unfinished, writer in zip(self._files, self._writers.values(), strict=True):
            with suppress(OSError, pa.ArrowException):  # the disk may be full
                writer.close()
            unfinished.unlink(missing_ok=True)


def _keep_names(folder: Path) -> None:
    """Makes sure that a file has its new name after a power cut, too."""
    if os.name != "posix":  # elsewhere folders cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _grouped(batches: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.RecordBatch]:
    """The rows in batches of `GROUP`, none of which reaches beyond a multiple of `size`."""
    waiting: list[pa.RecordBatch] = []
    held = at = 0
    for batch in batches:
        rest = batch
        while rest.num_rows:
            wanted = min(GROUP, size - at)
            taken = rest.slice(0, wanted - held)
            rest = rest.slice(wanted - held)
            waiting.append(taken)
            held += taken.num_rows
            if held == wanted:
                yield _joined(waiting)
                at = (at + held) % size
                waiting, held = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    [joined] = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return joined


def _counts(values: pa.ChunkedArray) -> Counter[str]:
    return Counter({each["values"]: each["counts"] for each in values.value_counts().to_pylist()})


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
