"""What a scan costs: `python benchmarks/scanning.py [ROWS] [WORDS]`.

Writes a table of ROWS articles of about WORDS words, has `healthlint scan` check a twentieth of it and then all, and
prints as Markdown what the difference says about one article, a million and a billion, and how much memory the process
that reads and writes took each time. The difference, because the start of processes and rules is the same for both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parent))
import corpus

import healthlint

DIFFERENT = 2_000
"""So many articles are different; then they come again."""


MEASURE = """
import resource, sys
from healthlint.cli import main
try:
    main()
except SystemExit as done:
    assert done.code == 0
ours, theirs = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(ours.ru_utime + ours.ru_stime, ours.ru_maxrss / 1024, theirs.ru_utime + theirs.ru_stime)
"""


class Cost(NamedTuple):
    rows: int
    seconds: float
    main: float
    """CPU seconds of the process that reads and writes."""
    memory: float
    """The most that it took, in MB."""
    others: float
    """CPU seconds of those that lint."""


def table(path: Path, rows: int, words: int) -> None:
    """Write a Parquet file of articles."""
    texts = [corpus.article(seed, words) for seed in range(min(rows, DIFFERENT))]
    schema = pa.schema({"id": pa.int64(), "text": pa.string()})
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, rows, DIFFERENT):
            ids = list(range(first, min(rows, first + DIFFERENT)))
            writer.write_table(pa.table({"id": ids, "text": texts[: len(ids)]}, schema=schema))


def cost(path: Path, rows: int) -> Cost:
    """That of a scan, with one process to lint: more would each add a start."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, "scan", path, "--out", out, "--quiet", "--jobs", "1"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        seconds = time.perf_counter() - began
    return Cost(rows, seconds, *map(float, done.stdout.split()))


def main() -> None:
    """Measure and print."""
    rows, words = (*map(int, sys.argv[1:3]), *(4_000, 600)[len(sys.argv[1:3]) :])
    with tempfile.TemporaryDirectory() as folder:
        runs = []
        for number in (rows // 20, rows):
            path = Path(folder) / f"{number}.parquet"
            table(path, number, words)
            runs.append(cost(path, number))
    small, whole = runs

    def each(name: str) -> float:
        return (getattr(whole, name) - getattr(small, name)) / (whole.rows - small.rows)

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"healthlint {healthlint.__version__}, {cores} cores, articles of about {words:,} words\n")
    print("| articles | seconds | CPU seconds to lint | to read and write | memory to read and write |")
    print("| --- | --- | --- | --- | --- |")
    for run in runs:
        print(
            f"| {run.rows:,} | {run.seconds:.1f} | {run.others:.1f} | {run.main:.1f} | {run.memory:.0f} MB |"
        )
    one = each("others") + each("main")
    print(
        f"\nOne article: {one * 1000:.1f} ms of a core, of which {each('main') * 1000:.2f} ms to read and write it.\n"
    )
    print("| articles | core-hours | on 16 cores | on 512 cores |\n| --- | --- | --- | --- |")
    for number, name in ((1_000_000, "a million"), (1_000_000_000, "a billion")):
        hours = one * number / 3600
        print(f"| {name} | {hours:,.1f} | {_spent(hours / 16)} | {_spent(hours / 512)} |")


def _spent(hours: float) -> str:
    if hours >= 48:
        return f"{hours / 24:,.1f} days"
    return f"{hours:,.1f} h" if hours >= 1 else f"{hours * 60:,.1f} min"


if __name__ == "__main__":
    main()
