"""A column of texts, in pandas or Polars, becomes a table of findings: `python examples/dataframe.py`."""
# ruff: noqa: PLC0415 - one of the two libraries is enough.

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import healthlint

if TYPE_CHECKING:
    import pandas
    import polars

COLUMNS = {
    "row": object,  # which text: its label in the index of pandas, its number from 0 in Polars
    "rule": str,  # "cure-claim"; "failure" for what could not be checked, such as a missing value
    "severity": str,  # "error", "warning" or "info"; "error" for a failure
    "message": str,  # one sentence
    "found": str,  # the words in question; empty for a failure
    "start": int,  # where they begin in the text, in characters from 0
    "end": int,  # where they end, exclusive
    "whole": bool,  # whether it concerns the text as a whole, and not these words in it
    "fix": str,  # what to write instead
}
TEXTS = [
    "Our tea cures gout.",
    None,
    "Rest, ice and time help most sprains.",
    "100% safe: it has no side effects.",
]


def in_pandas(texts: pandas.Series) -> pandas.DataFrame:
    """What is found in `texts`, in their order, with the columns of `COLUMNS`."""
    import pandas

    reports = healthlint.lint_many(texts, format="text")
    return pandas.DataFrame.from_records(
        list(findings(zip(texts.index, reports, strict=True))), columns=list(COLUMNS)
    )


def in_polars(texts: polars.Series) -> polars.DataFrame:
    """What is found in `texts`, in their order, with the columns of `COLUMNS`."""
    import polars

    reports = healthlint.lint_many(texts, format="text")
    return polars.DataFrame(list(findings(enumerate(reports))), schema={**COLUMNS, "row": int}, orient="row")


def findings(reports: Iterable[tuple[object, healthlint.Report]]) -> Iterator[tuple[object, ...]]:
    """A row for each finding of the reports, which come with what `row` is to say."""
    for row, report in reports:
        for failure in report.failures:
            yield row, "failure", "error", failure.message, "", 0, 0, False, ""
        for each in report:
            whole = not each.sentence
            yield row, each.rule, each.severity, each.message, each.text, *each.span, whole, each.fix


if __name__ == "__main__":
    if find_spec("pandas"):
        import pandas

        found = in_pandas(pandas.Series(TEXTS, index=["tea", "empty", "sprain", "pill"]))
        print(found.loc[~found["whole"], ["row", "rule", "found"]])
    if find_spec("polars"):
        import polars

        found = in_polars(polars.Series(TEXTS))
        print(found.filter(~found["whole"])["row", "rule", "found"])
