"""Whoever reads a report may stop reading: that is no error, and changes no exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from healthlint.report import REPORTERS

CAPACITY = 1 << 16
"""Bytes that a pipe holds when nobody reads."""


def started(folder: Path, *args: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    (folder / ".healthlint.yaml").write_text("select: [cure-claim]\n", encoding="utf-8")
    arguments = [sys.executable, "-m", "healthlint", *args]
    return subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=stderr)


@pytest.mark.parametrize("format", REPORTERS)
def test_a_reader_stops_in_the_middle_of_a_report(tmp_path: Path, format: str) -> None:
    (tmp_path / "a.md").write_text("Our tea cures gout.\n\n" * 400, encoding="utf-8")
    with started(tmp_path, "check", "a.md", "--output", format) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert len(process.stdout.read(100)) == 100
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_these_reports_do_not_fit_into_a_pipe(tmp_path: Path) -> None:
    """Without that nothing would be seen of a reader who stops."""
    (tmp_path / "a.md").write_text("Our tea cures gout.\n\n" * 400, encoding="utf-8")
    outputs = [f"--output={name}:{tmp_path / name}.out" for name in REPORTERS]
    with started(tmp_path, "check", "a.md", *outputs) as process:
        assert process.wait() == 1
    sizes = {name: (tmp_path / f"{name}.out").stat().st_size for name in REPORTERS}
    assert {name: size for name, size in sizes.items() if size <= CAPACITY + 100} == {}


def test_failures_are_told_to_nobody(tmp_path: Path) -> None:
    """As in `healthlint check … 2>&1 | head -1`."""
    (tmp_path / "a.md").write_text("Our tea cures gout.\n", encoding="utf-8")
    missing = [f"{number}.md" for number in range(3000)]
    arguments = ["check", "a.md", *missing, "--output", "json"]
    with started(tmp_path, *arguments, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        process.stdout.read(100)
        process.stdout.close()
    assert process.returncode == 2


@pytest.mark.parametrize("arguments", [["rules"], ["explain", "cure-claim"]])
def test_other_commands(tmp_path: Path, arguments: list[str]) -> None:
    with started(tmp_path, *arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
