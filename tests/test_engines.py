"""What the adapters share: the process beside a worker, and the count of what went in and came out."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the extra “tables” is not installed")

import pyarrow as pa
from articletable import (
    COLUMNS,
    ENDLESS,
    POISONED_STATES,
    PoisonedLinter,
    articles,
    expected,
    poisoned,
    sorted_rows,
    states,
)

from healthlint.errors import DataError
from healthlint.tables import isolated, schema
from healthlint.tables.isolated import IsolatedLinter
from healthlint.tables.reconciliation import counted


@pytest.fixture(autouse=True)
def no_process_stays() -> Iterator[None]:
    yield
    before = multiprocessing.active_children()
    isolated._spare.cache_clear()
    for each in before:
        each.join(timeout=60)
    assert multiprocessing.active_children() == []


# --- the process beside a worker ------------------------------------------------------------------------


def test_findings_are_those_of_the_core_and_one_process_stays_for_the_next_table() -> None:
    linter = pickle.loads(pickle.dumps(IsolatedLinter(**COLUMNS)))
    assert sorted_rows(linter.table(articles())).equals(expected())
    [process] = multiprocessing.active_children()
    copy = pickle.loads(pickle.dumps(linter))  # as the next partition has it
    reverse = articles().take(list(range(articles().num_rows))[::-1])
    assert sorted_rows(copy.table(reverse)).equals(expected())
    assert multiprocessing.active_children() == [process]


def test_what_ends_or_holds_up_the_process_has_a_row_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "BatchLinter", PoisonedLinter)
    linter = IsolatedLinter(timeout=30)
    given = pa.concat_tables([poisoned(), pa.table({"id": [10], "text": [ENDLESS]})])
    assert states(linter.table(given)) == [*POISONED_STATES, (10, "timeout", "took longer than 30 s", 0)]


def test_rules_that_were_changed_are_read_anew(tmp_path: Path) -> None:
    config = tmp_path / "house.yaml"
    table = pa.table({"id": [1], "text": ["Our tea cures gout."]})
    found = []
    for ignored in ("cure-claim", "readability"):
        config.write_text(f"ignore: [{ignored}]\n", encoding="utf-8")
        [row] = IsolatedLinter(config=config).table(table).to_pylist()
        found.append("cure-claim" in {each["rule"] for each in row["findings"]})
    assert found == [False, True]


def test_a_process_that_died_in_its_sleep_is_replaced() -> None:
    linter = IsolatedLinter(**COLUMNS)
    table = articles().slice(0, 3)
    before = linter.table(table)
    [process] = multiprocessing.active_children()
    process.kill()
    process.join()
    assert linter.table(table).equals(before)


def test_no_rows_need_no_process() -> None:
    empty = pa.table({"id": pa.array([], pa.int64()), "text": pa.array([], pa.string())})
    assert IsolatedLinter().table(empty).schema.equals(schema(pa.int64()))
    assert multiprocessing.active_children() == []


def test_what_is_wrong_is_told_at_once() -> None:
    with pytest.raises(DataError, match="there is no column “body”; there are: id, text"):
        IsolatedLinter(text_column="body").table(pa.table({"id": [1], "text": ["Rest."]}))
    with pytest.raises(ValueError, match="timeout must be more than 0 seconds, not -1"):
        IsolatedLinter(timeout=-1)


# --- reconciliation -------------------------------------------------------------------------------------

BY = ("0.1.0", "ab12", "")


def test_each_article_has_one_row() -> None:
    rows = {("ok", *BY): 7, ("error", *BY): 2, ("skipped", *BY): 1}
    assert counted(10, rows) == {"error": 2, "ok": 7, "skipped": 1}
    assert counted(0, {}) == {}


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        (1_001, "1,001 rows went in and 1 row came out: do not use the result"),
        (0, "0 rows went in and 1 row came out"),
    ],
)
def test_a_row_that_is_lost_or_comes_twice_is_an_error(articles: int, said: str) -> None:
    with pytest.raises(DataError, match=said):
        counted(articles, {("ok", *BY): 1})


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (("0.2.0", "ab12", ""), "in “healthlint” (0.1.0, 0.2.0)"),
        (("0.1.0", "cd34", ""), "in “rules_sha256” (ab12, cd34)"),
        (("0.1.0", "ab12", "ef56"), "in “config_sha256” (ef56, none)"),
    ],
)
def test_workers_with_other_files_are_an_error(other: tuple[str, ...], said: str) -> None:
    with pytest.raises(DataError) as raised:
        counted(2, {("ok", *BY): 1, ("ok", *other): 1})
    assert said in str(raised.value)
