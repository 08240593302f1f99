"""What `healthlint scan` reads: Parquet, JSON lines, CSV or a folder of articles, a little at a time."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import pyarrow as pa
import pyarrow.parquet as pq

from healthlint.config import Config
from healthlint.errors import ReadError
from healthlint.files import articles
from healthlint.readers import format_of
from healthlint.reporters.json import without_surrogates
from healthlint.tables.batches import missing_column
from healthlint.violation import Failure

LONGEST = 64 * 2**20
"""The longest line of JSON, in bytes, and the longest field of CSV, in code points."""
LARGEST = 16 * 2**20
"""So many bytes make a batch full, whatever the number of its rows."""


class Columns(NamedTuple):
    """The names of the columns; None for what there is no column for."""

    id: str = "id"
    text: str = "text"
    format: str | None = None
    url: str | None = None
    profile: str | None = None


class Row(NamedTuple):
    """An article as it was read."""

    id: str | int | None = None
    text: str | bytes | None = None
    format: str | None = None
    url: str | None = None
    profile: str | None = None
    fault: str | None = None
    """Why it could not be read."""


class Input(NamedTuple):
    """Something that holds articles, each a row."""

    path: Path
    kind: str
    """“parquet”, “jsonl”, “csv” or “articles”."""
    files: Sequence[Path | Failure]
    """Those it consists of, in the order in which they are read."""
    schema: pa.Schema
    """Of the batches: the fields of `Row`."""
    rows: int | None
    """How many there are; None when only reading tells."""
    batches: Callable[[int, int], Iterator[pa.RecordBatch]]
    """Given a number of rows that a batch may have, and a number of rows to leave out, the others in batches. They
    raise `ReadError` when reading cannot go on."""

    @property
    def sha256(self) -> str:
        """A digest, in hexadecimal, of the names, sizes and times of change of the files."""
        digest = hashlib.sha256()
        for file in self.files:
            state = file.stat() if isinstance(file, Path) else None
            said = (file, state.st_size, state.st_mtime_ns) if state else file
            digest.update(f"{said}\n".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()


def opened(path: Path, columns: Columns, config: Config) -> Input:
    """What is at `path`, by its ending; a folder is Parquet when it holds any such file, else one of articles.

    `config` says which articles are left out, and where their paths begin. Raises `ReadError` for what cannot be
    read, and for columns that are not there.
    """
    if path.is_dir():
        files = _parquet_files(path)
        return _parquet(path, files, columns) if files else _articles(path, config)
    name = path.name.lower().removesuffix(".gz")
    if not path.is_file():
        raise ReadError(f"{path}: {'is no plain file' if path.exists() else 'does not exist'}")
    if name.endswith(".parquet"):
        return _parquet(path, (path,), columns)
    if name.endswith((".jsonl", ".ndjson")):
        return _json_lines(path, columns)
    if name.endswith(".csv"):
        return _csv(path, columns)
    raise ReadError(f"{path}: is no .parquet, .jsonl or .csv (the latter two also with .gz), and no folder")


def _schema(id_type: pa.DataType, text_type: pa.DataType) -> pa.Schema:
    types = (id_type, text_type, *[pa.string()] * 4)
    return pa.schema(list(zip(Row._fields, types, strict=True)))


def _of_rows(  # noqa: PLR0917
    path: Path,
    kind: str,
    files: Sequence[Path | Failure],
    schema: pa.Schema,
    read: Callable[[], Iterable[Row]],
    rows: int | None = None,
) -> Input:
    """The input whose rows `read` gives one by one."""

    def batches(size: int, skip: int) -> Iterator[pa.RecordBatch]:
        return _batches(islice(read(), skip, None), schema, size)

    return Input(path, kind, files, schema, rows, batches)


def _batches(rows: Iterable[Row], schema: pa.Schema, size: int) -> Iterator[pa.RecordBatch]:
    waiting: list[Row] = []
    held = 0
    for row in rows:
        waiting.append(row)
        held += len(row.text or "")
        if len(waiting) == size or held >= LARGEST:
            yield _batch(waiting, schema)
            waiting, held = [], 0
    if waiting:
        yield _batch(waiting, schema)


def _batch(rows: Sequence[Row], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.record_batch(
        [pa.array(values, each.type) for values, each in zip(columns, schema, strict=True)], schema=schema
    )


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turns what goes wrong with a file into a `ReadError` that names it."""
    try:
        yield
    except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
        said = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise ReadError(f"{path}: cannot be read: {said}") from error


@contextmanager
def _bytes_of(path: Path) -> Iterator[BinaryIO]:
    with _reading(path):
        opening = gzip.open if path.suffix.lower() == ".gz" else open
        with opening(path, "rb") as file:
            yield cast(BinaryIO, file)


# --- Parquet ------------------------------------------------------------------------------------------------


def _parquet(path: Path, files: Sequence[Path], columns: Columns) -> Input:
    schema, rows = None, 0
    for file in files:
        with _reading(file), _opened_parquet(file) as table:
            found, rows = table.schema_arrow, rows + table.metadata.num_rows
        for name in filter(None, columns):
            if name not in found.names:
                raise ReadError(f"{file}: {missing_column(name, found.names)}")
        id_type, text_type = (_plain(found.field(name).type) for name in columns[:2])
        as_text = _text_type(text_type)
        if as_text is None:
            raise ReadError(f"{file}: the column “{columns.text}” holds {text_type}, not text")
        here = _schema(id_type, as_text)
        if schema and schema != here:
            raise ReadError(f"{file}: the columns are of other types than in {files[0]}")
        schema = here

    def batches(size: int, skip: int) -> Iterator[pa.RecordBatch]:
        for file in files:
            with _reading(file), _opened_parquet(file) as table:
                sizes = [table.metadata.row_group(each).num_rows for each in range(table.num_row_groups)]
                first = 0
                while first < len(sizes) and skip >= sizes[first]:
                    skip -= sizes[first]
                    first += 1
                groups = list(range(first, len(sizes)))
                names = list(dict.fromkeys(filter(None, columns)))
                for batch in table.iter_batches(size, row_groups=groups, columns=names):
                    yield from _slices(_as(schema, batch.slice(skip), columns))
                    skip -= min(skip, batch.num_rows)

    return Input(path, "parquet", files, schema, rows, batches)


def _as(schema: pa.Schema, batch: pa.RecordBatch, columns: Columns) -> pa.RecordBatch:
    nulls = pa.nulls(batch.num_rows)
    found = [nulls if name is None else batch.column(name) for name in columns]
    return pa.record_batch(
        [column.cast(each.type) for column, each in zip([*found, nulls], schema, strict=True)], schema=schema
    )


def _slices(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """`batch` in parts of about `LARGEST` bytes."""
    if batch.nbytes <= LARGEST or batch.num_rows < 2:
        yield batch
    else:
        half = batch.num_rows // 2
        yield from _slices(batch.slice(0, half))
        yield from _slices(batch.slice(half))


def _opened_parquet(file: Path) -> pq.ParquetFile:
    # A row group may be as large as it likes: it is read by and by.
    return pq.ParquetFile(file, buffer_size=2**20, pre_buffer=False)


def _parquet_files(folder: Path) -> tuple[Path, ...]:
    """As other readers of such folders have it, names that begin with a dot or an underscore are not for them."""
    return tuple(
        path
        for path in sorted(folder.rglob("*.parquet"))
        if path.is_file() and not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    )


def _plain(type: pa.DataType) -> pa.DataType:
    return type.value_type if pa.types.is_dictionary(type) else type


def _text_type(type: pa.DataType) -> pa.DataType | None:
    """As what the text is handed on: strings, or bytes that are yet to be decoded; None for what is neither."""
    if pa.types.is_binary(type) or pa.types.is_large_binary(type) or pa.types.is_binary_view(type):
        return pa.large_binary()
    if pa.types.is_string(type) or pa.types.is_large_string(type) or pa.types.is_string_view(type):
        return pa.large_string()
    return pa.large_string() if pa.types.is_null(type) else None


# --- JSON lines ---------------------------------------------------------------------------------------------


def _json_lines(path: Path, columns: Columns) -> Input:
    """The first line with an id says whether ids are integers or strings."""
    rows = (_json_row(line, columns, each) for _, line in _lines(path) for each in (int, str))
    first = next((row.id for row in rows if row.id is not None), "")

    def read() -> Iterator[Row]:
        for number, line in _lines(path):
            row = _json_row(line, columns, type(first))
            yield row._replace(fault=f"line {number} {row.fault}") if row.fault else row

    id_type = pa.int64() if isinstance(first, int) else pa.string()
    return _of_rows(path, "jsonl", (path,), _schema(id_type, pa.large_string()), read)


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """The number, from 1, of each line that is not empty, and the line; None for one that is too long."""
    with _bytes_of(path) as file:
        number = 0
        while line := file.readline(LONGEST):
            number += 1
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if len(line) < LONGEST or line.endswith(b"\n"):
                if not line.isspace() and line:
                    yield number, line
                continue
            while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            yield number, None


def _json_row(line: bytes | None, columns: Columns, id_type: type) -> Row:
    """The row; what is said of a fault goes on from the number of the line."""
    if line is None:
        return Row(fault=f"is longer than {LONGEST:,} bytes")
    try:
        found = json.loads(line)
    except UnicodeDecodeError as error:
        return Row(fault=f"is not UTF-8 at byte {error.start + 1}")
    except json.JSONDecodeError as error:
        return Row(fault=f"is not JSON: {error.msg} (column {error.colno})")
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, 100,000 brackets
        return Row(fault=f"is not JSON that can be read: {error}")
    if not isinstance(found, dict):
        return Row(fault=f"holds {_kind(found)}, not an object")
    if columns.id not in found:
        return Row(fault=f"has no “{columns.id}”{_there(found)}")
    key: Any = found[columns.id]
    if key is not None and type(key) is not id_type:
        wanted = "an integer" if id_type is int else "text"
        return Row(fault=f"has {_kind(key)} as “{columns.id}”, where the first line with one has {wanted}")
    if isinstance(key, int) and not -(2**63) <= key < 2**63:
        return Row(fault=f"has an integer as “{columns.id}” that takes more than 64 bits")
    kept: Any = _replaced(key) if isinstance(key, str) else key
    if columns.text not in found:
        return Row(kept, fault=f"has no “{columns.text}”{_there(found)}")
    values: list[Any] = [found.get(name) if name else None for name in columns[1:]]
    for name, value in zip(columns[1:], values, strict=True):
        if not isinstance(value, str | None):
            return Row(kept, fault=f"has {_kind(value)} as “{name}”, not text")
    return Row(kept, *(value and _replaced(value) for value in values))


def _there(found: Mapping[str, object]) -> str:
    return f"; it has {', '.join(f'“{_replaced(name)}”' for name in islice(found, 8)) or 'nothing'}"


def _replaced(text: str) -> str:
    """`text` with U+FFFD for the halves of surrogate pairs, which JSON may hold and text may not."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_KINDS = {
    type(None): "null",
    bool: "true or false",
    int: "an integer",
    float: "a number",
    str: "text",
    list: "an array",
    dict: "an object",
}


def _kind(value: object) -> str:
    return _KINDS[type(value)]


# --- CSV ----------------------------------------------------------------------------------------------------


def _csv(path: Path, columns: Columns) -> Input:
    _, header, fault = next(_records(path), (1, [], "is empty"))
    if fault:
        raise ReadError(f"{path}: line 1 {fault}; it should name the columns")
    for name in filter(None, columns):
        if name not in header:
            raise ReadError(f"{path}: {missing_column(name, [*map(without_surrogates, header)])}")
        if header.count(name) > 1:
            raise ReadError(f"{path}: {header.count(name)} columns are called “{name}”")
    places = [header.index(name) if name else None for name in columns]

    def read() -> Iterator[Row]:
        for number, fields, fault in islice(_records(path), 1, None):
            if fault:
                yield Row(fault=f"line {number} {fault}")
            elif len(fields) != len(header):
                yield Row(fault=f"line {number} has {len(fields)} fields, and the header {len(header)}")
            else:
                yield Row(*(fields[place] or None if place is not None else None for place in places))

    return _of_rows(path, "csv", (path,), _schema(pa.string(), pa.large_string()), read)


def _records(path: Path) -> Iterator[tuple[int, list[str], str]]:
    """The line on which each record ends, from 1, its fields, and what is wrong with it, "" for nothing."""
    csv.field_size_limit(LONGEST)
    with _bytes_of(path) as file:
        # What is not UTF-8 shall not stop what comes after it.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text, strict=True)
        while True:
            try:
                fields = next(reader)
                "".join(fields).encode()
            except StopIteration:
                return
            except csv.Error as error:
                yield reader.line_num, [], f"is not CSV: {error}"
            except UnicodeEncodeError:
                yield reader.line_num, [], "is not UTF-8"
            else:
                if fields:
                    yield reader.line_num, fields, ""


# --- articles -----------------------------------------------------------------------------------------------


def _articles(folder: Path, config: Config) -> Input:
    files = list(articles([folder], config.excludes))
    base = config.path.parent if config.path else Path.cwd()

    def read() -> Iterator[Row]:
        for file in files:
            if isinstance(file, Failure):
                yield Row(without_surrogates(file.path), fault=file.message)
                continue
            name = without_surrogates(file.as_posix())
            place = without_surrogates(Path(os.path.relpath(file, base)).as_posix())
            try:
                yield Row(name, file.read_bytes(), format_of(file), place)
            except OSError as error:
                yield Row(name, fault=f"cannot be read: {error.strerror or error}")

    return _of_rows(folder, "articles", files, _schema(pa.string(), pa.large_binary()), read, len(files))
