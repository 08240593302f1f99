"""Spark, in local mode, finds what the core finds, and an article that breaks its process costs no other."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="the extra “spark” is not installed")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("Spark needs Java", allow_module_level=True)

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
from docpage import DOCS, section_code
from pyspark import SparkContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from healthlint.errors import DataError
from healthlint.rulebook import BUILTIN
from healthlint.tables import lint_batches
from healthlint.tables.spark import lint_frame, reconciled

pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas:FutureWarning",  # of which nothing is used
)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    tests = Path(__file__).parent
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(
            tmp_path_factory.mktemp("spark")
        )  # Spark looks there for what the page calls “articles.parquet”
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", f"{BUILTIN.parent}{os.pathsep}{tests}")
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.log.level", "OFF")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()
        )
        yield session
        gateway = SparkContext._gateway
        session.stop()
        gateway.shutdown()  # Java stays otherwise until the tests are over
        gateway.proc.stdin.close()
        gateway.proc.wait(timeout=60)
        SparkContext._gateway = SparkContext._jvm = None


@pytest.fixture(scope="module")
def frame(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame(articles())


def found(linted: DataFrame) -> pa.Table:
    return sorted_rows(linted.toArrow().cast(expected().schema))


@pytest.mark.parametrize(("partitions", "batch"), [(1, 10_000), (2, 7), (5, 40)])
def test_findings_are_those_of_the_core(
    frame: DataFrame, spark: SparkSession, partitions: int, batch: int
) -> None:
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", batch)
    shuffled = frame.repartition(partitions, f.reverse("id"))
    assert shuffled.rdd.getNumPartitions() == partitions
    assert found(lint_frame(shuffled, **COLUMNS)).equals(expected())


def test_an_article_that_ends_its_process_has_a_row_that_says_so(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthlint.tables.isolated.BatchLinter", PoisonedLinter)
    linted = lint_frame(spark.createDataFrame(poisoned()).repartition(2))
    assert states(linted.toArrow()) == POISONED_STATES


def test_what_was_written_is_reconciled(frame: DataFrame, spark: SparkSession, tmp_path: Path) -> None:
    lint_frame(frame, **COLUMNS).write.parquet(str(tmp_path / "linted"))
    linted = spark.read.parquet(str(tmp_path / "linted"))
    counts = {"error": 2, "ok": articles().num_rows - 3, "skipped": 1}
    assert reconciled(frame, linted) == counts
    with pytest.raises(DataError, match=f"{articles().num_rows} rows went in and 1 row came out"):
        reconciled(frame, linted.limit(1))
    with pytest.raises(DataError, match=r"the rows differ in “healthlint” \(0\.0\.1, "):
        reconciled(frame, linted.withColumn("healthlint", f.expr("if(status = 'ok', healthlint, '0.0.1')")))


def test_ids_may_be_numbers_and_texts_bytes(spark: SparkSession) -> None:
    table = pa.table({"the id": [3, 1], "the text": [b"Our tea cures gout.", None], "rest": [None, None]})
    options: dict[str, Any] = {"id_column": "the id", "text_column": "the text"}
    linted = lint_frame(spark.createDataFrame(table), **options).toArrow()
    [core] = lint_batches(table.to_batches(), **options)
    assert sorted_rows(linted.cast(core.schema)).equals(sorted_rows(pa.Table.from_batches([core])))


def test_a_configuration_holds(frame: DataFrame, tmp_path: Path) -> None:
    config = tmp_path / "house.yaml"
    config.write_text("profile: product\noverrides: [{paths: a00, ignore: [overclaim]}]\n", encoding="utf-8")
    core = pa.Table.from_batches(lint_batches(articles().to_batches(), config=config, **COLUMNS))
    linted = found(lint_frame(frame, config=str(config), **COLUMNS))
    assert linted.equals(sorted_rows(core))
    assert not linted.equals(expected())


def test_what_is_wrong_is_told_before_spark_is_asked(frame: DataFrame, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no column “boby”; did you mean “body”"):
        lint_frame(frame, text_column="boby")
    with pytest.raises(DataError, match="does not exist"):
        lint_frame(frame, config=tmp_path / "nowhere.yaml", **COLUMNS)
    with pytest.raises(ValueError, match="timeout must be more than 0 seconds"):
        lint_frame(frame, timeout=0, **COLUMNS)


def test_the_page_is_right(spark: SparkSession) -> None:
    pq.write_table(articles().select(["id", "body"]), "articles.parquet")
    exec(section_code(DOCS / "engines.md", "Spark"), {"__name__": "__main__"})
    core = pa.Table.from_batches(lint_batches(articles().to_batches(), text_column="body"))
    assert sorted_rows(pq.read_table("linted").cast(core.schema)).equals(sorted_rows(core))
    assert pq.read_table("findings").num_rows == sum(map(len, core["findings"].to_pylist()))
