"""kill -9 at every step that writes something, and at many moments: each file is the old or the new one, never a third.

What is then run again comes to the same end, whatever was left behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest
from faulty import CLAIM, ENVIRONMENT, SAD, site

from healthlint import outfile
from healthlint.files import articles

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be copied here")
MOMENTS = 30


class Killed(NamedTuple):
    """A run that was killed, and what the working directory held after it and after another one."""

    step: int
    code: int
    left: dict[str, str]
    again: int
    after: dict[str, str]


def killed(folder: Path, *args: str) -> Iterator[Killed]:
    """First a run that is left alone; then one killed at each step, up to one that ends; then `MOMENTS` more."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("killing.py"), folder, *args],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return (Killed(*json.loads(line)) for line in done.stdout.splitlines())


def prove(
    folder: Path, runs: Iterable[Killed], *written: str, least: int, passing: tuple[str, ...] = ()
) -> None:
    """That files are old or new, that another run ends as one that was left alone, and that there were steps enough.

    Files called as in `passing` are there only while it runs.
    """
    old = {name: (folder / name).read_bytes().decode("latin-1") for name in os.listdir(folder)}
    whole, *rest = runs
    assert {name for name in whole.after if whole.after[name] != old.get(name)} == set(written)
    assert sum(each.code == -9 for each in rest) >= least
    assert len(rest) >= least + MOMENTS
    for each in rest:
        for name, text in each.left.items():
            if not (fnmatch(Path(name).name, outfile.UNFINISHED) or name in passing):
                assert text in (old.get(name), whole.after.get(name)), (each.step, name)
        assert old.keys() <= each.left.keys()
        assert (each.again, each.after) == (whole.again, whole.after)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return site(tmp_path / "site", a=SAD, b=SAD.replace("\n", "\r\n"), c=CLAIM)


def test_fix(folder: Path) -> None:
    prove(folder, killed(folder, "check", "--fix"), "a.md", "b.md", least=16)


def test_a_baseline(folder: Path) -> None:
    (folder / "k.json").write_text('{"version": 1, "entries": {}}')
    prove(folder, killed(folder, "check", "--write-baseline", "k.json", "--no-cache"), "k.json", least=8)


def test_a_baseline_that_is_pruned(folder: Path) -> None:
    (folder / "k.json").write_text('{"version": 1, "entries": {"gone.md": {"cure-claim": {"6f": 1}}}}')
    prove(folder, killed(folder, "check", "--prune-baseline", "k.json", "--no-cache"), "k.json", least=8)


def test_a_cached_run_and_its_reports(folder: Path) -> None:
    outputs = ("json", "sarif", "html")
    runs = list(killed(folder, "check", "--jobs", "1", *(f"--output={name}:{name}.out" for name in outputs)))
    for name in outputs:  # which say when they were made
        for each in runs:
            for held in (each.left, each.after):
                if f"{name}.out" in held:
                    assert "cure-claim" in held[f"{name}.out"]
                    held[f"{name}.out"] = ""
    prove(folder, runs, *(f"{name}.out" for name in outputs), least=20)


def test_a_configuration(folder: Path) -> None:
    prove(folder, killed(folder, "init", "--force"), ".healthlint.yaml", least=8)


def test_a_scan(folder: Path) -> None:
    pytest.importorskip("pyarrow", reason="scan writes Parquet")
    parts = [
        f"out/{name}/part-0000{number}.parquet" for name in ("findings", "documents") for number in (0, 1)
    ]
    runs = killed(folder, "scan", str(folder), "--out", "out", "--part-size", "2", "-q")
    prove(folder, runs, *parts, "out/manifest.json", least=24, passing=("out/unfinished.json",))


def test_what_is_left_unfinished_is_no_article_and_goes_later(tmp_path: Path) -> None:
    for name in (".healthlint-0123456789abcdef.tmp", ".healthlint-new.tmp", "other.tmp"):
        (tmp_path / name).write_text(CLAIM)
    os.utime(tmp_path / ".healthlint-0123456789abcdef.tmp", (0, 0))
    (tmp_path / "a.md").write_text(CLAIM)
    assert list(articles([tmp_path])) == [tmp_path / "a.md"]
    assert outfile.write(tmp_path / "k.json", b"{}")
    assert sorted(os.listdir(tmp_path)) == [".healthlint-new.tmp", "a.md", "k.json", "other.tmp"]
