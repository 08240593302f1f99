"""Batches of articles are linted: the one core of `healthlint scan` and of every engine."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, Unpack
from urllib.parse import urlsplit

import pyarrow as pa

from healthlint import __version__
from healthlint.config import Config, read_config
from healthlint.deadline import Late, can_be_kept, deadline
from healthlint.document import Document
from healthlint.errors import DataError, nearest
from healthlint.linter import Linter
from healthlint.page import Page
from healthlint.readers import read_bytes, read_text
from healthlint.reporters.json import without_surrogates
from healthlint.rulebook import BUILTIN
from healthlint.run import builtin
from healthlint.settings import Settings
from healthlint.tables.layout import FINDING, schema
from healthlint.violation import Failure, Violation
from healthlint.work import Linters, attempted

TOGETHER = 64
"""So many articles at most are in memory at once, as they are read."""


class Options(TypedDict, total=False):
    """What `lint_batches` may be told; the fields of `BatchLinter`, which say what each is and what holds without."""

    id_column: str
    text_column: str
    format_column: str | None
    url_column: str | None
    profile_column: str | None
    fault_column: str | None
    format: str
    config: str | Path | None
    timeout: float | None
    today: datetime.date | None


def lint_batches(batches: Iterable[pa.RecordBatch], **options: Unpack[Options]) -> Iterator[pa.RecordBatch]:
    """For each of `batches` one with a row for each of its rows, in their order, as `schema` has it.

    The batches are taken when the next is asked for. `options` are plain data (`Options`); rules and configuration are
    read in the process that calls this. Raises, before the first batch, what `BatchLinter` raises.
    """
    return map(BatchLinter(**options).linted, batches)


class _Given(NamedTuple):
    """A row as it came."""

    id: object
    text: object
    format: str | None = None
    url: str | None = None
    profile: str | None = None
    fault: str | None = None


@dataclass(frozen=True)
class _Outcome:
    """What became of a row."""

    status: str
    reason: str | None = None
    text_sha256: str | None = None
    format: str | None = None
    profile: str | None = None
    packs: Sequence[str] | None = None
    suppressed: int = 0
    violations: Sequence[Violation] = ()


class _Page(NamedTuple):
    """A row that is to be linted."""

    linter: Linter
    page: Page
    settings: Settings
    errors: Sequence[str]
    """What is wrong with what was chosen for it."""


@dataclass(frozen=True, kw_only=True)
class BatchLinter:
    """Lints batches. It is pickled as the plain data it was made of; a copy loads the rules when it needs them.

    Making one raises `DataErrors` for a configuration or rules that cannot be used, `ReadError` for a `format` that
    has no reader, and `ValueError` for a `timeout` that cannot be kept here.
    """

    id_column: str = "id"
    """What the row is called; of any type, kept as it is, need not be different in each row."""
    text_column: str = "text"
    """The article: a string, or bytes, which are read as those of a file."""
    format_column: str | None = None
    """As what the article is read; null means `format`."""
    url_column: str | None = None
    """Where the article stands; without it, and where it is null, the id. The globs of the configuration are matched
    with the path of it, as if that began in the folder of the configuration file."""
    profile_column: str | None = None
    """The profile, which counts before that of the article itself; null means no choice."""
    fault_column: str | None = None
    """Why the row could not be read, said by whoever read it: an error; null means that it could."""
    format: str = "markdown"
    config: str | Path | None = None
    """The configuration file; None means the built-in rules as they are, and no file is looked for."""
    timeout: float | None = None
    """Seconds that one article may take. They are kept by a signal of the operating system, which interrupts Python
    between two of its steps: on Unix, and in the main thread of a process only."""
    today: datetime.date | None = None
    """The day to judge dates by; None means that of the linting."""

    def __post_init__(self) -> None:
        read_text("", format=self.format)
        if self.timeout is not None:
            _prove_timeout(self.timeout)
        self.load()

    def __getstate__(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def linted(
        self, batch: pa.RecordBatch, begun: Callable[[int], object] = lambda number: None
    ) -> pa.RecordBatch:
        """A row for each row of `batch`, in their order, as `schema` has it.

        `begun` is told the number of each row, from 0, before the work on it: some are read, then linted together. Raises `DataError` for a column that
        is not there.
        """
        return _batch(self._ids(batch), list(self._outcomes(self._rows(batch), begun)), self.versions)

    def _outcomes(self, rows: Iterable[_Given], begun: Callable[[int], object]) -> Iterator[_Outcome]:
        read: list[tuple[int, _Given, _Outcome | _Page]] = []
        latest: dict[Linter, Page] = {}
        for number, given in enumerate(rows):
            begun(number)
            found = self._attempted(partial(self._read, latest), given)
            read.append((number, given, found))
            if len(read) == TOGETHER or (isinstance(found, _Page) and found.page.is_full):
                yield from self._linted(read, begun)
                read, latest = [], {}
        yield from self._linted(read, begun)

    def _linted(
        self, read: Sequence[tuple[int, _Given, _Outcome | _Page]], begun: Callable[[int], object]
    ) -> Iterator[_Outcome]:
        for number, given, each in read:
            begun(number)
            found = self._attempted(_outcome, each) if isinstance(each, _Page) else each
            yield replace(found, text_sha256=_digest(given.text))
        for _, _, each in read:
            if isinstance(each, _Page):
                each.page.forget()

    def failed(self, batch: pa.RecordBatch, status: str, reason: str) -> pa.RecordBatch:
        """The rows for a `batch` of which nothing is known but that it could not be checked, and why."""
        outcomes = [_Outcome(status, reason, _digest(given.text)) for given in self._rows(batch)]
        return _batch(self._ids(batch), outcomes, self.versions)

    def load(self) -> None:
        """Load the rules, which otherwise happens before the first row."""
        self.versions  # noqa: B018

    @property
    def columns(self) -> list[str]:
        """Those that it reads of a batch, each once."""
        return list(dict.fromkeys(column for column in self._columns if column is not None))

    @property
    def configuration(self) -> Config:
        """What holds, read from `config`."""
        return self._linters.config

    @cached_property
    def versions(self) -> tuple[str, str, str]:
        """The version of healthlint, the digest of the rules, and that of the configuration file, "" for none."""
        return __version__, rules_sha256(self.configuration), self.configuration.sha256

    # --- what is needed -------------------------------------------------------------------------------------

    @cached_property
    def _linters(self) -> Linters:
        return Linters(read_config(Path(self.config))) if self.config else builtin()

    # --- rows -----------------------------------------------------------------------------------------------

    @property
    def _columns(self) -> tuple[str | None, ...]:
        """As `_Given` has them."""
        return (
            self.id_column,
            self.text_column,
            self.format_column,
            self.url_column,
            self.profile_column,
            self.fault_column,
        )

    def _ids(self, batch: pa.RecordBatch) -> pa.Array:
        ids = batch.column(self.id_column)
        return ids.dictionary_decode() if pa.types.is_dictionary(ids.type) else ids

    def _rows(self, batch: pa.RecordBatch) -> Iterator[_Given]:
        for name in self.columns:
            if name not in batch.schema.names:
                raise DataError(missing_column(name, batch.schema.names))
        none = [None] * batch.num_rows
        values = (none if name is None else batch.column(name).to_pylist() for name in self._columns)
        return map(_Given._make, zip(*values, strict=True))

    def _attempted(self, action: Callable[[Any], Any], given: object) -> Any:
        try:
            with deadline(self.timeout):
                found = attempted("", action, given)
        except Late:
            return _Outcome("timeout", f"took longer than {self.timeout:g} s")
        return _Outcome("error", found.message) if isinstance(found, Failure) else found

    def _read(self, latest: dict[Linter, Page], given: _Given) -> _Outcome | _Page:
        """What is to be linted, with the `latest` for the same linter, or why nothing is."""
        if given.fault is not None:
            return _Outcome("error", given.fault)
        if given.text is None:
            return _Outcome("skipped", "there is no text")
        if not isinstance(given.text, str | bytes):
            return _Outcome("error", f"is no text but {type(given.text).__name__}")
        config = self._linters.config
        path = _path(given)
        # The working directory of a process on a cluster says nothing about where the articles stand.
        place = (config.path.parent / path).as_posix() if config.path else path
        if glob := config.excluded_by(place):
            return _Outcome("skipped", f"the configuration excludes it: {glob}")
        document = _document(given, given.format or self.format, path)
        choice = config.choice(replace(document, path=place))
        settings, errors = choice.settings, [*choice.errors]
        if given.profile is not None and given.profile in config.rulebook.profiles:
            settings = replace(settings, profile=given.profile)
        elif given.profile is not None:
            errors.append(unknown_profile(given.profile, config))
        linter = self._linters.under(settings, self.today)
        before = latest.get(linter)
        latest[linter] = linter.page(document, before)
        return _Page(linter, latest[linter], settings, errors)


def _outcome(each: _Page) -> _Outcome:
    found = each.linter.outcome_of(each.page)
    return _Outcome(
        "error" if each.errors else "ok",
        "; ".join(each.errors) or None,
        format=each.page.document.format,
        profile=each.settings.profile,
        packs=each.settings.packs,
        suppressed=len(found.suppressed),
        violations=sorted(found.violations, key=lambda each: each.order),
    )


def _digest(text: object) -> str | None:
    data = text.encode() if isinstance(text, str) else text
    return hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else None


def rules_sha256(config: Config) -> str:
    """A digest, in hexadecimal, of all files of rules that `config` reads: their names below their folder, and bytes."""
    digest = hashlib.sha256()
    for folder in (BUILTIN, *config.folders):
        files = {
            path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if path.suffix in (".yaml", ".yml") and path.is_file()
        }
        for name in sorted(files):
            data = files[name].read_bytes()
            digest.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
    return digest.hexdigest()


def _prove_timeout(timeout: float) -> None:
    if timeout <= 0:
        raise ValueError(f"timeout must be more than 0 seconds, not {timeout:g}")
    if not can_be_kept():
        raise ValueError(
            "timeout needs the main thread of a process on Unix; leave it out here, and limit the time from outside"
        )


def missing_column(column: str, columns: Sequence[str]) -> str:
    """What to say when there is no such column."""
    hint = nearest(column, columns) or f"; there are: {', '.join(columns)}"
    return f"there is no column “{column}”{hint}"


def unknown_profile(name: str, config: Config) -> str:
    """What to say when a row names a profile that does not exist."""
    known = config.rulebook.profiles
    hint = nearest(name, known) or f"; known: {', '.join(sorted(known))}"
    return f"there is no profile “{name}”{hint}"


def _path(given: _Given) -> str:
    place = str(given.id) if given.url is None else str(given.url)
    if "://" not in place and not place.startswith("/"):
        return place  # a file may have “?” or “#” in its name
    try:
        return urlsplit(place).path.lstrip("/")
    except ValueError:  # “http://[” is a name like any other
        return place


def _document(given: _Given, format: str, path: str) -> Document:
    if isinstance(given.text, bytes):
        return read_bytes(given.text, format=format, path=path)
    assert isinstance(given.text, str)
    return read_text(given.text, format=format, path=path)


def _batch(ids: pa.Array, outcomes: Sequence[_Outcome], versions: Sequence[str]) -> pa.RecordBatch:
    names = schema(ids.type)
    plain = {
        name: [getattr(outcome, name) for outcome in outcomes]
        for name in ("status", "format", "profile", "packs", "suppressed", "text_sha256")
    }
    plain["reason"] = [outcome.reason and without_surrogates(outcome.reason) for outcome in outcomes]
    columns: Mapping[str, Sequence[Any] | pa.Array] = {
        "id": ids,
        **plain,
        **{
            name: [version] * len(outcomes)
            for name, version in zip(("healthlint", "rules_sha256", "config_sha256"), versions, strict=True)
        },
        "findings": _findings([outcome.violations for outcome in outcomes]),
    }
    return pa.record_batch([pa.array(columns[each.name], each.type) for each in names], schema=names)


def _findings(violations: Sequence[Sequence[Violation]]) -> pa.Array:
    offsets = [0]
    for each in violations:
        offsets.append(offsets[-1] + len(each))
    rows = [_finding(violation) for each in violations for violation in each]
    columns = zip(*rows, strict=True) if rows else [()] * FINDING.num_fields
    arrays = [pa.array(values, each.type) for values, each in zip(columns, FINDING.fields, strict=True)]
    structs = pa.StructArray.from_arrays(arrays, fields=FINDING.fields)
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)


def _finding(violation: Violation) -> tuple[object, ...]:
    """The values of `FINDING`."""
    return (
        violation.rule,
        violation.family,
        violation.severity,
        without_surrogates(violation.message),
        without_surrogates(violation.text),
        *violation.span,
        *violation.start,
        *violation.end,
        not violation.sentence,
        violation.fix,
        violation.url,
        violation.also,
        violation.packs,
    )
