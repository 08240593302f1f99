"""The disk is full: what is there stays as it was, nothing is half written, and the exit code is 2."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from faulty import CLAIM, SAD, Done, contents, mounting, run, site

from healthlint.report import REPORTERS

resource = pytest.importorskip("resource", reason="limits are those of POSIX")

FULL = "No space left on device"
IN_MEMORY = """
mount -t tmpfs -o size=64k none "$1" && cp -R "$0/." "$1" && cd "$1" && shift
cat /dev/zero > filling 2> /dev/null
"$@"
code=$?
rm filling
cp -R . "$OUT"
exit $code
"""
"""A shell's way to run a command in a copy of the folder $0, on a disk at $1 that is full."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return site(tmp_path / "site", a=SAD, b=SAD, c=CLAIM)


@pytest.fixture
def on_full_disk(folder: Path, tmp_path: Path):
    """Runs the command in a copy of `folder` on a full disk; gives what it said, and what the folder holds then."""
    before = mounting()
    (tmp_path / "disk").mkdir()

    def run_there(*args: str, env: dict[str, str] | None = None) -> tuple[Done, dict[str, bytes]]:
        shutil.rmtree(tmp_path / "after", ignore_errors=True)
        (tmp_path / "after").mkdir()
        shell = [*before, "sh", "-c", IN_MEMORY, str(folder), str(tmp_path / "disk")]
        done = run(folder, *args, before=shell, env={"OUT": str(tmp_path / "after"), **(env or {})})
        return done, contents(tmp_path / "after")

    return run_there


def test_every_file_that_is_written(folder: Path, on_full_disk, tmp_path: Path) -> None:
    before = contents(folder)
    done, after = on_full_disk("check", "--fix", "-q")
    assert done.code == 2
    assert [line for line in done.out.splitlines() if "failure" in line] == [
        f"{name}.md: failure: could not be written: {FULL}" for name in "ab"
    ]
    assert after == before
    for args in (["init", "--force"], ["docs", "pages"]):
        done, after = on_full_disk(*args)
        assert (done.code, done.err.endswith(f" could not be written: {FULL}\n")) == (2, True)
        assert after == before


def test_a_report_that_cannot_be_written_does_not_cost_the_others(
    folder: Path, on_full_disk, tmp_path: Path
) -> None:
    before = contents(folder)
    whole = tmp_path / "whole.json"
    done, after = on_full_disk(
        "check",
        "--output",
        "html:r.html",
        "--output",
        f"json:{whole}",
        "--output",
        "text",
        "--write-baseline",
        "k.json",
    )
    assert done.code == 2
    assert done.err == f"Error: r.html could not be written: {FULL}\n"
    assert f"k.json: failure: k.json could not be written: {FULL}" in done.out
    assert "c.md:3:9: error cure-claim" in done.out
    assert b"cure-claim" in whole.read_bytes()
    assert after == before


def test_the_cache_is_done_without(folder: Path, on_full_disk, tmp_path: Path) -> None:
    plain = run(folder, "check", "--no-cache")
    done, after = on_full_disk("check", env={"HEALTHLINT_CACHE_DIR": str(tmp_path / "disk" / "cache")})
    assert done == plain
    assert not [name for name in after if name.startswith("cache")]


def test_a_scan_can_be_gone_on_with(folder: Path, on_full_disk, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="scan writes Parquet")
    out = tmp_path / "disk" / "out"
    done, after = on_full_disk("scan", str(folder), "--out", str(out), "--jobs", "1")
    assert (done.code, done.err) == (2, f"Error: {out} could not be written: {FULL}\n")
    assert not [name for name in after if name.startswith("out")]
    again = tmp_path / "after" / "out"
    done = run(folder, "scan", folder, "--out", again, "--jobs", "1")
    assert (done.code, done.err) == (0, "")
    assert (again / "manifest.json").exists()


# --- without a disk of one's own -----------------------------------------------------------------------


def cut_short(most: int):
    """Lets no file grow beyond so many bytes: half of it is written, then there is an error, as on a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize("most", [0, 20])
def test_half_a_file_is_no_file(folder: Path, tmp_path: Path, most: int) -> None:
    before = contents(folder)
    where = {"HEALTHLINT_CACHE_DIR": str(tmp_path / "cache")}
    done = run(folder, "check", "--fix", "-q", env=where, prepared=cut_short(most))
    assert done.code == 2
    assert "a.md: failure: could not be written: File too large" in done.out
    outputs = [f"--output={name}:{name}.out" for name in REPORTERS]
    done = run(folder, "check", *outputs, "--write-baseline", "k.json", env=where, prepared=cut_short(most))
    assert done.code == 2
    assert sorted(line for line in done.err.splitlines() if line.startswith("Error")) == sorted(
        f"Error: {name}.out could not be written: File too large" for name in REPORTERS
    )
    assert contents(folder) == before
    assert contents(tmp_path / "cache") == {}


@pytest.mark.parametrize(
    "args",
    [
        *(["check", "--output", name] for name in ("text", "html", "sarif")),
        ["check", "--fix", "--dry-run"],
        ["check", "--explain-profile"],
        ["stats"],
        ["suppressions"],
        ["config"],
        ["config", "a.md"],
        ["rules"],
        ["explain", "cure-claim"],
        ["init", "--dry-run"],
        ["--help"],
        ["--version"],
        ["check", "--help"],
    ],
    ids=" ".join,
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_standard_output(folder: Path, args: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = run(folder, *args, stdout=full)
    assert done.code == 2
    assert done.err.splitlines()[-1].endswith(FULL)
    assert "Traceback" not in done.err
