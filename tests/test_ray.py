"""Ray, on this machine, finds what the core finds; what breaks costs one article, and never a run without end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("ray.data", reason="the extra “ray” is not installed")

import pyarrow as pa
import pyarrow.parquet as pq
import ray
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
from ray.data import DataContext, Dataset

from healthlint.errors import DataError
from healthlint.rulebook import BUILTIN
from healthlint.tables import lint_batches
from healthlint.tables.isolated import IsolatedLinter
from healthlint.tables.ray import TRIES, lint_dataset, reconciled

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:ray.data.context",  # Ray's own defaults
)


@pytest.fixture(scope="module", autouse=True)
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    tests = Path(__file__).parent
    folder = tmp_path_factory.mktemp("ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # Ray looks there for what the page calls “articles.parquet”
        patch.setenv("TRIED", str(folder / "tried"))
        patch.setenv("PYTHONPATH", f"{BUILTIN.parent}{os.pathsep}{tests}")
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # 15 otherwise, which is nothing on a busy machine
        patch.setenv("RAY_AUTH_MODE", "disabled")  # it would write a token into the home folder
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        yield
        ray.shutdown()


@pytest.fixture
def dataset() -> Dataset:
    return ray.data.from_arrow(articles())


def found(linted: Dataset) -> pa.Table:
    return pa.concat_tables(ray.get(linted.to_arrow_refs()))


@pytest.mark.parametrize(("blocks", "batch"), [(1, 2048), (5, 40), (3, 7)])
def test_findings_are_those_of_the_core(dataset: Dataset, blocks: int, batch: int) -> None:
    shuffled = dataset.repartition(blocks).randomize_block_order(seed=1)
    assert sorted_rows(found(lint_dataset(shuffled, batch_size=batch, **COLUMNS))).equals(expected())


def test_an_article_that_ends_its_process_has_a_row_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthlint.tables.isolated.BatchLinter", PoisonedLinter)
    assert states(found(lint_dataset(ray.data.from_arrow(poisoned())))) == POISONED_STATES


class _Dying(IsolatedLinter):
    """Stands for a worker that dies itself, as one does that Ray takes for too large."""

    def table(self, articles: pa.Table) -> pa.Table:
        with open(os.environ["TRIED"], "a", encoding="utf-8") as tried:
            tried.write("x")
        os.kill(os.getpid(), signal.SIGKILL)
        return articles


def test_a_worker_that_dies_each_time_ends_the_run(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("healthlint.tables.ray.IsolatedLinter", _Dying)
    with pytest.raises(ray.exceptions.WorkerCrashedError):
        found(lint_dataset(dataset, **COLUMNS))
    assert len(Path(os.environ["TRIED"]).read_text(encoding="utf-8")) == TRIES


def test_what_was_written_is_reconciled(dataset: Dataset, tmp_path: Path) -> None:
    lint_dataset(dataset, **COLUMNS).write_parquet(str(tmp_path))
    linted = ray.data.read_parquet(str(tmp_path))
    assert sorted_rows(found(linted)).equals(expected())
    counts = {"error": 2, "ok": articles().num_rows - 3, "skipped": 1}
    assert reconciled(dataset, linted) == counts
    with pytest.raises(DataError, match=f"{articles().num_rows} rows went in and 1 row came out"):
        reconciled(dataset, linted.limit(1))


def test_a_dataset_that_leaves_out_what_fails_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DataContext.get_current(), "max_errored_blocks", 1)
    with pytest.raises(ValueError, match="max_errored_blocks is 1, with which Ray leaves out articles"):
        lint_dataset(ray.data.from_arrow(articles()), **COLUMNS)


def test_what_is_wrong_is_told_before_ray_is_asked(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no column “boby”; did you mean “body”"):
        lint_dataset(dataset, text_column="boby")
    with pytest.raises(DataError, match="does not exist"):
        lint_dataset(dataset, config=tmp_path / "nowhere.yaml", **COLUMNS)


def test_the_page_is_right() -> None:
    pq.write_table(articles().select(["id", "body"]), "articles.parquet")
    exec(section_code(DOCS / "engines.md", "Ray"), {"__name__": "__main__"})
    core = pa.Table.from_batches(lint_batches(articles().to_batches(), text_column="body"))
    assert sorted_rows(pq.read_table("linted")).equals(sorted_rows(core))
