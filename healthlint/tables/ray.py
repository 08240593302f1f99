"""Ray: the articles of a Dataset are linted by its tasks.

    from healthlint.tables.ray import lint_dataset

    lint_dataset(ray.data.read_parquet("articles"), text_column="body").write_parquet("linted")

It needs the extra `ray`.
"""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Unpack

import pyarrow as pa
from ray.data import Dataset
from ray.util.annotations import RayDeprecationWarning

from healthlint.tables.batches import Options
from healthlint.tables.isolated import IsolatedLinter
from healthlint.tables.reconciliation import VERSIONS, counted

TRIES = 3
"""How often a batch is tried whose worker dies. Ray by itself goes on for ever."""


def lint_dataset(articles: Dataset, *, batch_size: int = 2048, **options: Unpack[Options]) -> Dataset:
    """A row for each of `articles`, as `healthlint.tables.schema` has it, made when Ray is asked for them.

    A process lints `batch_size` rows, and starts anew for the next: fewer than some hundred are a waste. `options` are
    those of `lint_batches`; `today` is the day of this call without one, and `timeout` is kept. Rules and configuration
    are read here, and by every worker at the same path. Raises what `BatchLinter` raises, `DataError` for a column that
    is known not to be there, and `ValueError` for a dataset that leaves out what fails, as its context's
    `max_errored_blocks` can tell it to.
    """
    if articles.context.max_errored_blocks:
        raise ValueError(
            f"max_errored_blocks is {articles.context.max_errored_blocks}, with which Ray leaves out articles without "
            "a word; set DataContext.get_current().max_errored_blocks = 0 before the dataset is made"
        )
    linter = IsolatedLinter(**options)
    if columns := articles.columns(fetch_if_missing=False):
        linter.check(columns)
    with warnings.catch_warnings():  # it ends with Ray 2.64, and there is nothing else that takes the bound
        warnings.simplefilter("ignore", RayDeprecationWarning)
        return articles.select_columns(linter.columns).map_batches(
            linter.table, batch_format="pyarrow", batch_size=batch_size, max_retries=TRIES - 1
        )


def reconciled(articles: Dataset, linted: Dataset) -> dict[str, int]:
    """How many of `articles` have each status in `linted`, which is to be read from where it was written.

    Raises `DataError` when it is not one row for each article, or when not all were linted by the same version, rules
    and configuration.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    columns = linted.select_columns(["status", *VERSIONS])
    for table in columns.iter_batches(batch_format="pyarrow", batch_size=None):
        assert isinstance(table, pa.Table)
        counts.update(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return counted(articles.count(), counts)
