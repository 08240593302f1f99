"""What an engine was given and what it gave back are counted, since each has a way to lose rows in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from healthlint.errors import DataError

VERSIONS = ("healthlint", "rules_sha256", "config_sha256")
"""The columns that say by what an article was linted."""


def counted(articles: int, rows: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    """How many articles have each status, of `articles` that went in.

    `rows` says how many came out with a status and the values of `VERSIONS`. Raises `DataError` when it is not one row
    for each article, or when they were not all linted by the same version, rules and configuration: then the processes
    did not have the same files.
    """
    statuses: Counter[str] = Counter()
    for (status, *_), count in rows.items():
        statuses[status] += count
    if statuses.total() != articles:
        raise DataError(
            f"{_rows(articles)} went in and {_rows(statuses.total())} came out: do not use the result"
        )
    for name, values in zip(VERSIONS, zip(*(versions for _, *versions in rows), strict=True), strict=False):
        if len(found := sorted({value or "none" for value in values})) > 1:
            raise DataError(
                f"the rows differ in “{name}” ({', '.join(found)}): give every worker the same healthlint, rules and "
                "configuration"
            )
    return dict(sorted(statuses.items()))


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
