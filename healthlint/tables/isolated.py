"""What the worker of an engine runs: it lints in a process of its own, so that no article can end the worker.

An engine whose worker dies tries all that it had again, and then gives up the run, or never does.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Unpack

import pyarrow as pa

from healthlint.errors import DataError
from healthlint.tables.batches import BatchLinter, Options, missing_column
from healthlint.tables.layout import schema
from healthlint.tables.pool import Worker, linted

ROWS = 256
"""So many articles are handed over at a time: engines have batches of 10,000, of which one death would cost all work."""


class IsolatedLinter:
    """Lints batches and tables in a process beside the one that asks. It can be pickled, and made into any worker.

    `options` are those of `lint_batches`, but `today` is the day when this was made, so that all workers judge by the
    same one, and `timeout` is kept everywhere. An article that ends or holds up the process has a row that says so, and
    the others of its batch are linted. Making one raises what `BatchLinter` raises.
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        self.timeout = options.pop("timeout", None)
        if self.timeout is not None and self.timeout <= 0:
            raise ValueError(f"timeout must be more than 0 seconds, not {self.timeout:g}")
        options.setdefault("today", datetime.date.today())
        self.linter = BatchLinter(**options)
        self._versions = self.linter.versions

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The rows of `batches` as `lint_batches` has them; how they are cut into batches may differ.

        Raises `HealthlintError` when no process can be started.
        """
        spare = _spare(self.linter, self._versions)
        pieces = (batch.slice(at, ROWS) for batch in batches for at in range(0, batch.num_rows, ROWS))
        return linted(pieces, self.linter, jobs=1, timeout=self.timeout, spare=spare)

    def table(self, articles: pa.Table) -> pa.Table:
        """The rows of `articles` as `lint_batches` has them. Raises `DataError` for a column that is not there."""
        self.check(articles.column_names)
        batches = articles.select(self.columns).to_batches()
        id_type = articles.field(self.linter.id_column).type
        plain = id_type.value_type if pa.types.is_dictionary(id_type) else id_type
        return pa.Table.from_batches(self.batches(batches), schema(plain))

    @property
    def columns(self) -> list[str]:
        """Those that it reads, each once."""
        return self.linter.columns

    def check(self, columns: Sequence[str]) -> None:
        """Raises `DataError` for a column that is to be read and is not among `columns`."""
        for column in self.columns:
            if column not in columns:
                raise DataError(missing_column(column, columns))


@lru_cache(maxsize=1)
def _spare(linter: BatchLinter, versions: tuple[str, str, str]) -> list[Worker]:
    """The processes of this worker that wait for more to lint by the same rules.

    They are kept because engines hand over many small tables, and starting one takes as long as linting some hundred
    articles. They end with the worker, and when it is asked for other rules.
    """
    return []
