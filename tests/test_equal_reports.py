"""However articles are checked, the report is the same, byte for byte.

In tables it has other columns; that Spark, Ray and Dask give the same tables, of these articles and others, is for
their own tests, which need their engines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from healthlint import lint_many, lint_text, read
from healthlint.config import Config
from healthlint.document import Document
from healthlint.files import articles
from healthlint.linter import Linter
from healthlint.readers import format_of
from healthlint.report import Report
from healthlint.run import report_of, unread_of
from healthlint.violation import Failure

ROOT = Path(__file__).parent.parent
FOLDERS = (ROOT / "examples", ROOT / "tests" / "corpus")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    return [each for each in articles(FOLDERS) if not isinstance(each, Failure)]


@pytest.fixture(scope="module")
def plain(files: list[Path]) -> str:
    """The report of a run that does nothing but read and lint, one article after the other."""
    return checked(files)


def checked(files: Iterable[Path], **how: Any) -> str:
    return report_of(unread_of(files), Config(), excused=True, **how).to("json")


def test_there_is_something_to_report(files: list[Path], plain: str) -> None:
    found = json.loads(plain)
    assert len(files) == found["summary"]["documents"] > 75
    assert {each["path"].rpartition(".")[2] for each in found["violations"]} >= {"md", "mdx", "html", "rst"}
    assert len(found["violations"]) > 1000
    assert len(found["excused"]) > 100


def test_with_several_jobs(files: list[Path], plain: str) -> None:
    assert checked(files, jobs=3) == plain


def test_with_a_cold_and_a_warm_cache(
    files: list[Path], plain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEALTHLINT_CACHE_DIR", str(tmp_path))
    assert checked(files, cached=True, jobs=2) == plain
    monkeypatch.delattr(Linter, "outcome_of")  # nothing is to be linted any more
    assert checked(files, cached=True) == plain
    assert checked(files, cached=True, jobs=2) == plain


def test_with_the_screen_off(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    some = files[::3]  # each phrase is tried on each sentence
    plain = checked(some)
    screened: Callable[..., None] = Linter.__init__
    monkeypatch.setattr(
        Linter, "__init__", lambda *args, **options: screened(*args, **{**options, "screened": False})
    )
    assert checked(some) == plain


def _one_by_one(documents: list[Document]) -> Iterable[Report]:
    return (lint_text(each.source, format=each.format, path=each.path) for each in documents)


def _in_a_stream(documents: list[Document]) -> Iterable[Report]:
    for name, some in groupby(documents, lambda each: each.format):
        yield from lint_many(((each.path, each.source) for each in some), format=name)


@pytest.mark.parametrize("linted", [_one_by_one, _in_a_stream])
def test_as_texts(
    files: list[Path], plain: str, linted: Callable[[list[Document]], Iterable[Report]]
) -> None:
    some = files[::3]
    reports = [json.loads(each.to("json")) for each in linted([read(file) for file in some])]
    assert [each["summary"]["documents"] for each in reports] == [1] * len(some)
    found = {file.as_posix(): report["violations"] for file, report in zip(some, reports, strict=True)}
    expected = {path: [] for path in found}
    for each in json.loads(plain)["violations"]:
        expected.get(each["path"], []).append(each)
    assert found == expected


def test_as_a_table(files: list[Path], plain: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    tables = pytest.importorskip("healthlint.tables")
    rows = [(file.as_posix(), file.read_bytes(), format_of(file)) for file in files]
    articles = pyarrow.table(dict(zip(("id", "text", "format"), zip(*rows, strict=True), strict=True)))
    found = [
        each
        for batch in tables.lint_batches(articles.to_batches(max_chunksize=30), format_column="format")
        for each in tables.findings(batch).to_pylist()
    ]
    expected = json.loads(plain)["violations"]
    keys = ("rule", "family", "severity", "message", "text", "fix", "url", "also")
    assert [
        (each["id"], each["start_offset"], each["end_offset"], *(each[key] for key in keys)) for each in found
    ] == [
        (
            each["path"],
            each["start"]["offset"],
            each["end"]["offset"],
            *(each[key] for key in keys),
        )
        for each in expected
    ]
    assert [(each["start_line"], each["start_column"]) for each in found] == [
        (each["start"]["line"], each["start"]["column"]) for each in expected
    ]
