"""What may not be read or written, also a whole checkout: it is said, the rest is done, and the exit code is 2."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faulty import CLAIM, SAD, Done, contents, ordinary, run, site
from rulefolder import rule_file

DENIED = "Permission denied"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield site(tmp_path / "site", a=SAD, b=CLAIM)
    for path in (tmp_path, *tmp_path.rglob("*")):  # or nobody can remove it
        if path.is_dir():
            path.chmod(0o755)


@pytest.fixture
def told(folder: Path, tmp_path: Path) -> Callable[..., Done]:
    """Runs the command in `folder` as somebody for whom permissions hold."""
    before = ordinary()
    cache = {"HEALTHLINT_CACHE_DIR": str(tmp_path / "cache")}

    def run_there(*args: str | Path, where: Path = folder) -> Done:
        return run(where, *args, before=before, env=cache)

    return run_there


def test_a_read_only_checkout(folder: Path, told: Callable[..., Done], tmp_path: Path) -> None:
    before = contents(folder)
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    plain = told("check", "-q")
    assert (plain.code, plain.err) == (1, "")
    fixed = told("check", "--fix", "-q")
    assert (fixed.code, fixed.out) == (
        2,
        plain.out + "a.md: failure: is read-only; nothing was written to it\n",
    )
    done = told("check", "-q", "--output", "html:r.html", "--output", f"text:{tmp_path / 'r.txt'}")
    assert (done.code, done.err) == (2, f"Error: r.html could not be written: {DENIED}\n")
    assert (tmp_path / "r.txt").read_text(encoding="utf-8") == plain.out
    done = told("check", "-q", "--write-baseline", "k.json")
    assert (done.code, done.out) == (
        2,
        plain.out + f"k.json: failure: k.json could not be written: {DENIED}\n",
    )
    assert told("init", "--force") == (2, "", f"Error: .healthlint.yaml could not be written: {DENIED}\n")
    assert told("docs", "pages") == (2, "", f"Error: pages could not be made: {DENIED}\n")
    assert contents(folder) == before


def test_a_folder_without_permission_to_write(folder: Path, told: Callable[..., Done]) -> None:
    """A file in it may be written, but not whole or not at all."""
    folder.chmod(0o555)
    done = told("check", "--fix", "-q")
    assert done.code == 2
    assert "a.md: failure: is in a folder that is read-only; nothing was written to it" in done.out
    assert (folder / "a.md").read_text(encoding="utf-8") == SAD


def test_an_article(folder: Path, told: Callable[..., Done], tmp_path: Path) -> None:
    (folder / "a.md").chmod(0)
    failure = f"a.md: failure: cannot be read: {DENIED}"
    done = told("check", "-q")
    assert (done.code, done.out.splitlines()[-1]) == (2, failure)
    assert "b.md:3:9: error cure-claim" in done.out
    for command in (["stats"], ["suppressions"], ["check", "--explain-profile"]):
        done = told(*command)
        assert (done.code, done.err) == (2, failure + "\n")
    assert told("check", "--fix", "-q", "a.md").code == 2
    assert told("config", "a.md").code == 2


def test_an_article_of_a_scan(folder: Path, told: Callable[..., Done], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="scan writes Parquet")
    (folder / "a.md").chmod(0)
    done = told("scan", folder, "--out", tmp_path / "out", "--jobs", "1", "-q", where=tmp_path)
    assert (done.code, done.err) == (2, f"row 0 (id site/a.md): error: cannot be read: {DENIED}\n")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0o555)
    out = tmp_path / "closed" / "out"
    done = told("scan", folder, "--out", out, "--jobs", "1", where=tmp_path)
    assert (done.code, done.err) == (2, f"Error: {out} could not be written: {DENIED}\n")


def test_folders(folder: Path, told: Callable[..., Done]) -> None:
    site(folder / "listed", c=CLAIM).chmod(0o444)
    site(folder / "passed", d=CLAIM).chmod(0o111)
    done = told("check", "-q")
    assert done.code == 2
    assert [line for line in done.out.splitlines() if "failure" in line] == [
        f"listed/c.md: failure: cannot be read: {DENIED}",
        f"passed: failure: this folder cannot be listed: {DENIED}",
    ]
    assert "b.md:3:9: error cure-claim" in done.out


@pytest.mark.parametrize("mode", [0o111, 0])
def test_the_working_directory(folder: Path, told: Callable[..., Done], mode: int) -> None:
    folder.chmod(mode)
    done = told("check", "-q")
    assert done.code == 2
    assert DENIED in done.out + done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("name", ["check", "rules", "stats", "suppressions", "config"])
def test_the_configuration(folder: Path, told: Callable[..., Done], name: str) -> None:
    (folder / ".healthlint.yaml").chmod(0)
    assert told(name) == (2, "", f"Error: .healthlint.yaml: cannot be read: {DENIED}\n")


@pytest.mark.parametrize(
    ("closed", "mode"),
    [("own", 0), ("own", 0o444), ("own/house", 0), ("own/house", 0o444), ("own/house/wonder-food.yaml", 0)],
)
def test_rules(folder: Path, told: Callable[..., Done], closed: str, mode: int) -> None:
    """Half of the rules would be worse than none."""
    rule_file(folder / "own", "phrases: [wonder food]")
    (folder / ".healthlint.yaml").write_text("rules: own\n", encoding="utf-8")
    (folder / closed).chmod(mode)
    done = told("check", "-q", "b.md")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[0].startswith(f"Error: {closed}")
    assert f"cannot be read: {DENIED}" in done.err


def test_a_baseline(folder: Path, told: Callable[..., Done]) -> None:
    assert told("check", "--write-baseline", "k.json").code == 0
    (folder / "k.json").chmod(0)
    for option in ("--baseline", "--prune-baseline"):
        done = told("check", option, "k.json")
        assert (done.code, done.out) == (2, "")
        assert "k.json" in done.err


def test_the_cache_is_done_without(folder: Path, told: Callable[..., Done], tmp_path: Path) -> None:
    plain = told("check")
    for below, mode in [("", 0), ("", 0o444), ("", 0o555), ("results", 0), ("rules", 0), ("rules", 0o555)]:
        shutil.rmtree(tmp_path / "cache")
        (tmp_path / "cache" / below).mkdir(parents=True)
        (tmp_path / "cache" / below).chmod(mode)
        assert told("check", "--jobs", "2" if not mode else "1") == plain
        (tmp_path / "cache" / below).chmod(0o755)
