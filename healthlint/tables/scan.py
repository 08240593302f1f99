"""A scan: all articles of an input through several processes into a folder, which can be gone on with later."""

from __future__ import annotations

import datetime
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

from healthlint import outfile
from healthlint.datafile import data_of
from healthlint.errors import HealthlintError
from healthlint.reporters.json import written
from healthlint.rule import SEVERITIES
from healthlint.tables.batches import BatchLinter
from healthlint.tables.inputs import Columns, Input
from healthlint.tables.layout import STATUSES, schema
from healthlint.tables.parts import FOLDERS, Part, read_part, sweep, write_parts
from healthlint.tables.pool import linted
from healthlint.tree import tree_left

SCHEMA = 1
"""Rises when a column or a key of the manifest changes its meaning or goes away; new ones do not raise it."""
MANIFEST = "manifest.json"
"""What the scan was of and came to, written last: a folder without it is not finished."""
LARGEST = 100_000_000
"""The largest of either that is read, in bytes."""
UNFINISHED = "unfinished.json"
"""What the scan is of, there while it is not finished."""


def begun(out: Path) -> dict[str, Any] | None:
    """What the scan is of that is in `out`, finished or not; None when there is none.

    Raises `HealthlintError` when `out` is something else that a scan must not write to.
    """
    for place in (out, *(out / folder for folder in FOLDERS)):
        if tree := tree_left(place):
            raise HealthlintError(f"{place}: a link leads out of {tree}; name the place itself")
    for name in (MANIFEST, UNFINISHED):
        try:
            found = json.loads(data_of(out / name, LARGEST))
            datetime.date.fromisoformat(found["today"])
        except FileNotFoundError:
            continue
        except OSError as error:
            raise HealthlintError(f"{out / name}: cannot be read: {error.strerror or error}") from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise HealthlintError(f"{out / name}: is no record of a scan; name another folder") from error
        assert isinstance(found, dict)
        return found
    if out.exists() and (not out.is_dir() or not all(map(_is_of_no_use, out.iterdir()))):
        raise HealthlintError(f"{out} is there and holds no scan; name another folder, or remove it")
    return None


def scan(
    source: Input,
    out: Path,
    linter: BatchLinter,
    columns: Columns,
    *,
    jobs: int,
    batch_size: int,
    part_size: int,
    timeout: float | None,
    advanced: Callable[[int], object] = lambda rows: None,
) -> dict[str, Any]:
    """Lint all of `source` into `out`, and give the manifest; what an earlier scan of the same has done is kept.

    `advanced` is told how many rows are done, first those of an earlier scan. Raises `HealthlintError` when `out` holds
    another scan, is in use, or the rows that came out are not those that went in; `OSError` when it cannot be written.
    """
    of = _described(source, linter, columns, part_size)
    earlier = begun(out)
    if earlier:
        _prove_same(out, earlier, of)
        if (out / MANIFEST).exists():
            (out / UNFINISHED).unlink(missing_ok=True)  # a kill may have come in between
            advanced(earlier["rows"])
            return earlier
    out.mkdir(parents=True, exist_ok=True)
    with _alone(out):
        if not earlier:
            outfile.write(out / UNFINISHED, written(of).encode())
        for folder in FOLDERS:
            (out / folder).mkdir(exist_ok=True)
        sweep(out)
        parts = list(_finished(out))
        rows = sum(part.rows for part in parts)
        advanced(rows)
        seen = Counter(rows=rows)
        results = linted(_counted(source.batches(batch_size, rows), seen), linter, jobs=jobs, timeout=timeout)
        for number in write_parts(
            _told(results, advanced),
            out,
            number=len(parts),
            first=rows,
            size=part_size,
            schema=schema(source.schema.field("id").type),
        ):
            part = read_part(out, number, sum(each.rows for each in parts))
            if part is None:
                raise HealthlintError(f"{out}: part {number} is not what was written; is the disk sound?")
            parts.append(part)
        _prove_whole(source, of, seen["rows"], sum(part.rows for part in parts))
        manifest = {**of, **_totals(parts)}
        outfile.write(out / MANIFEST, written(manifest).encode())
        (out / UNFINISHED).unlink()
    return manifest


def _is_of_no_use(path: Path) -> bool:
    """Whether `path` is what a scan leaves behind that ended before it could say what it is of."""
    return path.match(outfile.UNFINISHED)


def _described(source: Input, linter: BatchLinter, columns: Columns, part_size: int) -> dict[str, Any]:
    version, rules, config = linter.versions
    return {
        "schema": SCHEMA,
        "healthlint": version,
        "rules_sha256": rules,
        "config": linter.configuration.name,
        "config_sha256": config,
        "today": (linter.today or datetime.date.today()).isoformat(),
        "input": {
            "path": source.path.as_posix(),
            "kind": source.kind,
            "files": len(source.files),
            "sha256": source.sha256,
        },
        "columns": columns._asdict(),
        "format": linter.format,
        "part_size": part_size,
    }


def _prove_same(out: Path, earlier: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    told = dict(_flat(earlier))
    for name, value in _flat(now):
        if told.get(name) != value:
            raise HealthlintError(
                f"{out} holds another scan: its {name} is {json.dumps(told.get(name))}, not {json.dumps(value)}; "
                "name another folder, or remove it"
            )


def _flat(of: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, object]]:
    for name, value in of.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{within}{name}.")
        else:
            yield within + name, value


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keeps other scans out of the folder, where the system has such locks; they go with the process."""
    try:
        import fcntl  # noqa: PLC0415 - not everywhere
    except ModuleNotFoundError:
        yield
        return
    handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise HealthlintError(f"another scan is at work in {out}") from None
    finally:
        os.close(handle)


def _finished(out: Path) -> Iterator[Part]:
    """The parts that are there; a later one behind a gap is written again."""
    first = 0
    for number in count():
        part = read_part(out, number, first)
        if part is None:
            return
        first += part.rows
        yield part


def _counted(batches: Iterable[pa.RecordBatch], seen: Counter[str]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        seen["rows"] += batch.num_rows
        yield batch


def _told(batches: Iterable[pa.RecordBatch], advanced: Callable[[int], object]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield batch
        advanced(batch.num_rows)


def _prove_whole(source: Input, of: Mapping[str, Any], read: int, rows: int) -> None:
    if source.sha256 != of["input"]["sha256"]:
        raise HealthlintError(f"{source.path} was changed while it was scanned")
    if not read == rows == (rows if source.rows is None else source.rows):
        raise HealthlintError(
            f"{source.path} has {source.rows or read:,} rows, of which {read:,} were read and {rows:,} written"
        )


def _totals(parts: Iterable[Part]) -> dict[str, Any]:
    parts = list(parts)
    statuses = sum((part.statuses for part in parts), Counter[str]())
    severities = sum((part.severities for part in parts), Counter[str]())
    return {
        "rows": sum(part.rows for part in parts),
        "status": {status: statuses[status] for status in STATUSES},
        "findings": {severity: severities[severity] for severity in reversed(SEVERITIES)},
        "parts": [
            {
                "name": part.name,
                "rows": part.rows,
                "findings": part.severities.total(),
                "sha256": part.sha256,
            }
            for part in parts
        ],
    }
