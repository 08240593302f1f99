"""Spark: the articles of a DataFrame are linted by its Python workers.

    from healthlint.tables.spark import lint_frame

    lint_frame(spark.read.parquet("articles"), text_column="body").write.parquet("linted")

It needs the extra `spark`, and Java.
"""

from __future__ import annotations

from typing import Unpack

from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructField, StructType

from healthlint.tables.batches import Options
from healthlint.tables.isolated import IsolatedLinter
from healthlint.tables.layout import schema
from healthlint.tables.reconciliation import VERSIONS, counted


def lint_frame(articles: DataFrame, **options: Unpack[Options]) -> DataFrame:
    """A row for each of `articles`, as `healthlint.tables.schema` has it, made when Spark is asked for them.

    `options` are those of `lint_batches`; `today` is the day of this call without one, and `timeout` is kept. Rules and
    configuration are read here, and by every worker at the same path. Raises what `BatchLinter` raises, and `DataError`
    for a column that is not there.
    """
    linter = IsolatedLinter(**options)
    linter.check(articles.columns)
    chosen = articles.select(*linter.columns)
    id_field = StructField("id", chosen.schema[linter.linter.id_column].dataType)
    return chosen.mapInArrow(linter.batches, StructType([id_field, *from_arrow_schema(schema()).fields[1:]]))


def reconciled(articles: DataFrame, linted: DataFrame) -> dict[str, int]:
    """How many of `articles` have each status in `linted`, which is to be read from where it was written.

    Raises `DataError` when it is not one row for each article, or when not all were linted by the same version, rules
    and configuration.
    """
    rows = linted.groupBy("status", *VERSIONS).count().collect()
    return counted(articles.count(), {tuple(key): count for *key, count in rows})
