"""No home, no temporary folder, a working directory that is gone, little memory, few files, another clock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from faulty import CLAIM, ENVIRONMENT, GLAD, SAD, Done, contents, run, site

from healthlint import cachedir

resource = pytest.importorskip("resource", reason="limits are those of POSIX")
GONE = "the working directory is not there any more; go to one that is"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return site(tmp_path / "site", a=CLAIM, b=SAD)


@pytest.fixture
def plain(folder: Path) -> Done:
    return run(folder, "check", "-q", "--no-cache")


HOMES: dict[str, dict[str, str | None]] = {
    "no home": {"HOME": None},
    "an empty one": {"HOME": ""},
    "one that is relative": {"HOME": "home"},
    "one that is a file": {"HOME": __file__},
    "a relative place for caches": {"HOME": "/proc/nothing", "XDG_CACHE_HOME": "caches"},
    "no temporary folder": {"HOME": "/proc/nothing", "TMPDIR": "/proc/nothing"},
}


@pytest.mark.parametrize("home", HOMES)
def test_where_nothing_can_be_kept(folder: Path, plain: Done, home: str) -> None:
    before = contents(folder)
    env = {"HEALTHLINT_CACHE_DIR": None, "XDG_CACHE_HOME": None, **HOMES[home]}
    assert run(folder, "check", "-q", env=env) == plain
    if home in ("no home", "no temporary folder"):
        before["b.md"] = GLAD.encode()
        assert run(folder, "check", "--fix", "-q", "--select", "language", env=env).code == 0
        assert run(folder, "check", "-q", "--jobs", "2", env=env).code == 1
    assert contents(folder) == before


@pytest.mark.parametrize(
    "args",
    [["check"], ["check", "/dev/null"], ["rules"], ["config"], ["init"], ["docs", "pages"]],
    ids=" ".join,
)
def test_a_working_directory_that_is_gone(tmp_path: Path, args: list[str]) -> None:
    (tmp_path / "going").mkdir()
    code = f"import os, sys; os.rmdir(os.getcwd()); os.execv(sys.executable, [sys.executable, '-m', 'healthlint', *{args}])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "going",
        env=ENVIRONMENT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"Error: {GONE}\n")


def test_a_working_directory_that_goes_while_articles_are_checked(folder: Path) -> None:
    code = (
        "import shutil\nfrom healthlint import run\nunread = run.unread\n"
        "def going(path, **allowed):\n    found = unread(path, **allowed)\n    shutil.rmtree('.', ignore_errors=True)\n    return found\n"
        "run.unread = going\nfrom healthlint.cli import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "-q"],
        cwd=folder,
        env=ENVIRONMENT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "b.md: failure: cannot be read: No such file or directory" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("most", [16, 32])
def test_few_files_may_be_open(folder: Path, plain: Done, most: int) -> None:
    for number in range(60):
        (folder / f"more-{number}.md").write_text("Rest.\n", encoding="utf-8")
    few = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # noqa: E731
    done = run(folder, "check", "-q", "--select", "cure-claim", "--jobs", "2", prepared=few)
    assert (done.code, done.err) == (1, "")
    assert done.out == "a.md:3:9: error cure-claim “cures gout” promises a cure.\n"


def limited(most: int):
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most))


@pytest.mark.skipif(sys.platform != "linux", reason="how much memory a process takes is limited otherwise")
def test_an_article_that_needs_too_much_memory(folder: Path) -> None:
    (folder / "long.md").write_text("Our tea cures gout, and he was sad. " * 130_000, encoding="utf-8")
    done = run(folder, "check", "-q", "--no-cache", "--jobs", "1", prepared=limited(300 << 20))
    assert done.code == 2
    assert "a.md:3:9: error cure-claim" in done.out
    assert done.out.splitlines()[-1] == (
        "long.md: failure: needs more memory than there is; split it, or exclude it"
    )


def test_too_little_memory_for_anything(
    folder: Path, run_here: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*given: object, **how: object) -> None:
        raise MemoryError

    monkeypatch.setattr("healthlint.run.report_of", exhausted)
    assert run_here("check", "a.md") == (2, "", "Error: there is not enough memory\n")


@pytest.mark.parametrize("year", [1970, 2200])
def test_another_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, year: int) -> None:
    """What was written in the future, or is said to be very old, is found all the same, and the size is kept."""
    for number in range(10):
        cachedir.keep(tmp_path / f"{number}", bytes(100))
    later = time.time() + 10 * 365 * 86400
    for number in range(5):
        os.utime(tmp_path / f"{number}", (later, later))
    clock = float((year - 1970) * 365 * 86400)
    monkeypatch.setattr(time, "time", lambda: clock)
    cachedir.prune(tmp_path, 5000)
    assert all(cachedir.kept(tmp_path / f"{number}") == bytes(100) for number in range(10))
    cachedir.prune(tmp_path, 500)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 500
    assert list(tmp_path.iterdir())


IMPORTING = """
import os, signal, sys

class Finder:
    def find_spec(self, name, *rest):
        if name == {name!r}:
            os.kill(os.getpid(), signal.{sent})

sys.meta_path.insert(0, Finder())
from healthlint.__main__ import main
main()
"""
"""The command, to which a signal is sent when a certain module is imported."""


@pytest.mark.parametrize("name", ["healthlint.cli", "click", "yaml", "healthlint.linter"])
def test_ctrl_c_while_modules_are_imported(folder: Path, name: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            IMPORTING.format(name=name, sent="SIGINT"),
            "check",
            "--no-cache",
            "--jobs",
            "1",
        ],
        cwd=folder,
        env=ENVIRONMENT,
        check=False,
        capture_output=True,
        text=True,
    )
    if name in ("healthlint.cli", "click"):
        assert (done.returncode, done.stderr) == (-signal.SIGINT, "")
    else:
        assert (done.returncode, done.stderr.strip()) == (130, "healthlint: interrupted")


def test_sigterm_leaves_files_as_they_were(folder: Path) -> None:
    before = contents(folder)
    done = subprocess.run(
        [sys.executable, "-c", IMPORTING.format(name="healthlint.fix", sent="SIGTERM"), "check", "--fix"],
        cwd=folder,
        env=ENVIRONMENT,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -signal.SIGTERM
    assert contents(folder) == before
