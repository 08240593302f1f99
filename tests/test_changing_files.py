"""Files that change while a run is at them, and what else a file has that a rewrite must keep."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Done
from faulty import CLAIM, GLAD, SAD, site

from healthlint import outfile, run
from healthlint.readers import Unread

CHANGED = "a.md: failure: changed since it was checked; nothing was written to it, so run the same again"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return site(tmp_path, a=SAD, b=CLAIM)


def fixed(run_here: Callable[..., Done]) -> Done:
    return run_here("check", "--fix", "-q", "--select", "language,cure-claim")


# --- between one moment and the next -------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [lambda path: path.write_bytes(b"Mine.\n"), Path.unlink], ids=["edited", "gone"]
)
def test_an_edit_while_the_new_text_is_written_is_not_lost(
    folder: Path,
    run_here: Callable[..., Done],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], object],
) -> None:
    """The last moment at which it can be noticed: the new text is on the disk, but not yet in its place."""
    synced = os.fsync

    def editing(descriptor: int) -> None:
        synced(descriptor)
        change(Path("a.md"))

    monkeypatch.setattr(outfile.os, "fsync", editing)
    done = fixed(run_here)
    assert done.code == 2
    left = Path("a.md").read_bytes() if Path("a.md").exists() else b""
    assert left in (b"Mine.\n", b"")
    assert (CHANGED if left else "a.md: failure: could not be written: No such file") in done.out
    assert "b.md:3:9: error cure-claim" in done.out
    assert not list(folder.glob(outfile.UNFINISHED))


BETWEEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "gone": (Path.unlink, "cannot be read: No such file or directory"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "cannot be read: Is a directory"),
    "a link to nothing": (lambda path: (path.unlink(), path.symlink_to("nowhere")), "cannot be read: No such file or directory"),
    "binary": (lambda path: path.write_bytes(bytes(range(32)) * 9), "looks like a binary file, not text; exclude it, or save the article as UTF-8"),
    "too large": (lambda path: os.truncate(path, 6_000_000), "is 6,000,000 bytes; the largest article that is read has 5,000,000. Split it, exclude it, or allow more with `--largest`"),
}  # fmt: skip


@pytest.mark.parametrize("what", BETWEEN)
def test_between_the_search_and_the_reading(
    folder: Path, run_here: Callable[..., Done], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    change, said = BETWEEN[what]
    unread = run.unread

    def changed(path: Path, **allowed: int | None) -> Unread:
        if path.name == "a.md":
            change(path)
        return unread(path, **allowed)

    monkeypatch.setattr(run, "unread", changed)
    done = run_here("check", "-q", "--output", "text", "--output", "json:r.json")
    assert done.code == 2
    assert f"a.md: failure: {said}\n" in done.out
    assert "b.md:3:9: error cure-claim" in done.out


@pytest.mark.parametrize("moment", ["before it is fixed", "after it is fixed"])
def test_an_article_that_grows(
    folder: Path, run_here: Callable[..., Done], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """As a log does: what was read is what is reported, and nothing is cut off."""
    unread, read = run.unread, []

    def growing(path: Path, **allowed: int | None) -> Unread:
        read.append(path.name)
        if moment == "after it is fixed" and read.count("a.md") < 2:
            return unread(path, **allowed)
        found = unread(path, **allowed)
        with path.open("a", encoding="utf-8") as file:
            file.write("\nOur tea cures gout.\n")
        return found

    monkeypatch.setattr(run, "unread", growing)
    done = fixed(run_here)
    text = Path("a.md").read_text(encoding="utf-8")
    assert text.endswith("\nOur tea cures gout.\n")
    if moment == "before it is fixed":
        assert (done.code, text.startswith(SAD)) == (2, True)
        assert CHANGED in done.out
    else:
        assert (done.code, text.startswith(GLAD)) == (1, True)


# --- what a file has besides its text ------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_permissions_and_attributes_stay(folder: Path, run_here: Callable[..., Done], mode: int) -> None:
    Path("a.md").chmod(mode)
    with_attributes = hasattr(os, "setxattr")
    if with_attributes:
        try:
            os.setxattr("a.md", "user.origin", b"a desk")
        except OSError:
            with_attributes = False
    old = Path("a.md").stat()
    assert fixed(run_here).code == 1
    new = Path("a.md").stat()
    assert stat.S_IMODE(new.st_mode) == mode
    assert (new.st_uid, new.st_gid) == (old.st_uid, old.st_gid)
    assert new.st_mtime_ns > old.st_mtime_ns
    assert Path("a.md").read_text(encoding="utf-8") == GLAD
    if with_attributes:
        assert os.getxattr("a.md", "user.origin") == b"a desk"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(folder: Path, run_here: Callable[..., Done]) -> None:
    """As when root, in a container, fixes the files of somebody else."""
    os.chown("a.md", 12345, 23456)
    assert fixed(run_here).code == 1
    assert (Path("a.md").stat().st_uid, Path("a.md").stat().st_gid) == (12345, 23456)
    assert Path("a.md").read_text(encoding="utf-8") == GLAD


def test_hard_links_are_not_parted(folder: Path, run_here: Callable[..., Done]) -> None:
    os.link("a.md", ".elsewhere")
    done = fixed(run_here)
    assert done.code == 2
    assert "a.md: failure: has other names (hard links), which would keep the old text" in done.out
    assert Path("a.md").samefile(".elsewhere")
    assert Path("a.md").read_text(encoding="utf-8") == SAD


def test_the_file_behind_links_is_written_where_it_is(folder: Path, run_here: Callable[..., Done]) -> None:
    Path(".store").mkdir()
    Path("a.md").rename(".store/real.md")
    Path(".store/link.md").symlink_to("real.md")
    Path("a.md").symlink_to(".store/link.md")
    assert fixed(run_here).code == 1
    assert os.readlink("a.md") == ".store/link.md"
    assert os.readlink(".store/link.md") == "real.md"
    assert Path(".store/real.md").read_text(encoding="utf-8") == GLAD


def test_long_names(folder: Path, run_here: Callable[..., Done]) -> None:
    """As long as a name may be, below as many folders as a path may name."""
    deep = Path(*["d" * 200] * 15)
    deep.mkdir(parents=True)
    for place in (Path(), deep):
        (place / ("n" * 252 + ".md")).write_text(SAD, encoding="utf-8")
    done = fixed(run_here)
    assert (done.code, done.err) == (1, "")
    assert [path.read_text(encoding="utf-8") for path in folder.rglob("nnn*.md")] == [GLAD, GLAD]
