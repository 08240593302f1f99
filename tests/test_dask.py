"""Dask, on this machine and with the recipe of the page, finds what the core finds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dask.dataframe", reason="Dask is not installed")
pytest.importorskip("distributed", reason="Dask's scheduler is not installed")

import dask
import dask.dataframe as dd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from articletable import (
    COLUMNS,
    POISONED_STATES,
    PoisonedLinter,
    articles,
    expected,
    poisoned,
    sorted_rows,
    states,
)
from distributed import Client, LocalCluster
from docpage import DOCS, section_code

from healthlint.rulebook import BUILTIN
from healthlint.tables import lint_batches

Lint = Callable[..., dd.DataFrame]


@pytest.fixture(scope="module")
def lint() -> Lint:
    """The function of the page."""
    space: dict[str, Any] = {"__name__": "recipe"}
    exec(section_code(DOCS / "engines.md", "Dask"), space)
    found: Lint = space["lint_dask"]
    return found


@pytest.fixture(scope="module", autouse=True)
def client() -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as patch, dask.config.set({"distributed.worker.daemon": False}):
        patch.setenv("PYTHONPATH", f"{BUILTIN.parent}{os.pathsep}{Path(__file__).parent}")
        patch.setenv("OMP_NUM_THREADS", "1")
        cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0")
        with cluster, Client(cluster) as client:
            yield client


def frame(table: pa.Table, partitions: int) -> dd.DataFrame:
    return dd.from_pandas(table.to_pandas(types_mapper=pd.ArrowDtype), npartitions=partitions, sort=False)


def found(linted: dd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(linted.compute(), preserve_index=False).replace_schema_metadata()


@pytest.mark.parametrize("partitions", [1, 5])
def test_findings_are_those_of_the_core(lint: Lint, partitions: int) -> None:
    linted = found(lint(frame(articles(), partitions), **COLUMNS))
    assert sorted_rows(linted.cast(expected().schema)).equals(expected())


def test_an_article_that_ends_its_process_has_a_row_that_says_so(
    lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthlint.tables.isolated.BatchLinter", PoisonedLinter)
    assert states(found(lint(frame(poisoned(), 2)))) == POISONED_STATES


def test_the_page_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pq.write_table(articles().select(["id", "body"]), "articles.parquet")
    exec(section_code(DOCS / "engines.md", "Dask"), {"__name__": "__main__"})
    core = pa.Table.from_batches(lint_batches(articles().to_batches(), text_column="body"))
    assert sorted_rows(pq.read_table("linted").cast(core.schema)).equals(sorted_rows(core))
