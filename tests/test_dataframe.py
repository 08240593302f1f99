"""`examples/dataframe.py` does what it says, where pandas and Polars are installed."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from types import ModuleType

import pytest

import healthlint
from healthlint.rulebook import BUILTIN

EXAMPLE = BUILTIN.parent / "examples" / "dataframe.py"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dataframe", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def expected(example: ModuleType, keys: list[object]) -> list[tuple[object, ...]]:
    """The rows that must be there, text by text, for texts that are called `keys`."""
    rows: list[tuple[object, ...]] = []
    for key, text in zip(keys, example.TEXTS, strict=True):
        if text is None:
            rows.append((key, "failure", "error"))
        else:
            rows.extend((key, each.rule, each.severity) for each in healthlint.lint_text(text, format="text"))
    return rows


def test_a_pandas_column(example: ModuleType) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    texts = pandas.Series(example.TEXTS, index=["tea", "empty", "sprain", "pill"])
    table = example.in_pandas(texts)
    assert list(table.columns) == list(example.COLUMNS)
    rows = list(table[["row", "rule", "severity"]].itertuples(index=False, name=None))
    assert rows == expected(example, list(texts.index))
    words = table[~table["whole"] & (table["rule"] != "failure")]
    assert list(words["found"]) == ["cures gout", "100% safe", "no side effects"]
    assert [
        texts[row][start:end] for row, start, end in words[["row", "start", "end"]].itertuples(index=False)
    ] == list(words["found"])


def test_a_polars_column(example: ModuleType) -> None:
    polars = pytest.importorskip("polars", reason="Polars is not installed")
    texts = polars.Series(example.TEXTS)
    table = example.in_polars(texts)
    assert table.columns == list(example.COLUMNS)
    assert table.select("row", "rule", "severity").rows() == expected(example, list(range(len(texts))))
    words = table.filter(~polars.col("whole") & (polars.col("rule") != "failure"))
    assert [texts[row][start:end] for row, start, end in words.select("row", "start", "end").rows()] == list(
        words["found"]
    )


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_column_without_texts_is_a_table_without_rows(example: ModuleType, library: str) -> None:
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    table = getattr(example, f"in_{library}")(module.Series([], dtype=str))
    assert (list(table.columns), len(table)) == (list(example.COLUMNS), 0)


def test_it_runs_as_a_script() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    done = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLE], capture_output=True, text=True, check=True
    )
    assert "cures gout" in done.stdout
    assert done.stderr == ""
