"""What a scan costs: `python benchmarks/scanning.py [ROWS] [WORDS]`.

Writes a table of ROWS articles of about WORDS words, has `healthlint scan` check a twentieth of it and then all, and
prints as Markdown what the difference says about one article, a million and a billion, and how much memory the largest
process took each time. The difference, because the start of processes and rules is the same for both.
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


class Cost(NamedTuple):
    rows: int
    seconds: float
    cpu: float
    """Seconds of all processes."""
    memory: float
    """Of the largest process, in MB."""


def table(path: Path, rows: int, words: int) -> None:
    """Write a Parquet file of articles."""
    texts = [corpus.article(seed, words) for seed in range(min(rows, DIFFERENT))]
    schema = pa.schema({"id": pa.int64(), "text": pa.string()})
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, rows, DIFFERENT):
            ids = list(range(first, min(rows, first + DIFFERENT)))
            writer.write_table(pa.table({"id": ids, "text": texts[: len(ids)]}, schema=schema))


def cost(path: Path, rows: int) -> Cost:
    """That of a scan, in a process that has no other children, so that the memory is theirs."""
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'healthlint', 'scan', *sys.argv[1:]], check=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
    )
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run(
            [sys.executable, "-c", measure, path, "--out", out, "--quiet"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    cpu, memory = map(float, done.stdout.split())
    return Cost(rows, time.perf_counter() - began, cpu, memory)


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
    each = (whole.cpu - small.cpu) / (whole.rows - small.rows)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"healthlint {healthlint.__version__}, {cores} cores, articles of about {words:,} words\n")
    print("| rows | seconds | CPU seconds | largest process |\n| --- | --- | --- | --- |")
    for run in runs:
        print(f"| {run.rows:,} | {run.seconds:.1f} | {run.cpu:.1f} | {run.memory:.0f} MB |")
    print("\n| articles | core-hours | on 16 cores | on 512 cores |\n| --- | --- | --- | --- |")
    for number, name in ((1, "one"), (1_000_000, "a million"), (1_000_000_000, "a billion")):
        hours = each * number / 3600
        if number == 1:
            print(f"| one | {each * 1000:.1f} ms | | |")
        else:
            print(f"| {name} | {hours:,.1f} | {_spent(hours / 16)} | {_spent(hours / 512)} |")


def _spent(hours: float) -> str:
    if hours >= 48:
        return f"{hours / 24:,.1f} days"
    return f"{hours:,.1f} h" if hours >= 1 else f"{hours * 60:,.1f} min"


if __name__ == "__main__":
    main()
