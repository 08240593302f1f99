"""The cache folder: where it is, and that nothing that happens to it is ever an error."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from healthlint import cachedir


def test_the_folder_is_the_one_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("HEALTHLINT_CACHE_DIR", str(tmp_path / "mine"))
    assert cachedir.folder() == tmp_path / "mine"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEALTHLINT_CACHE_DIR", "here")
    assert cachedir.folder() == tmp_path / "here"


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/healthlint"),
        ("linux", {"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/healthlint"),
        ("linux", {"HOME": "/h"}, "/h/.cache/healthlint"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/healthlint"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/healthlint/cache"),
        ("win32", {}, None),
    ],
)
def test_the_folder_of_each_platform(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], expected: str | None
) -> None:
    for name in ("HEALTHLINT_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cachedir.folder() == (Path(expected) if expected else None)


@pytest.mark.skipif(os.name != "posix", reason="users without a home are told by the password database")
def test_a_user_without_a_home_has_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    def nobody(uid: int) -> None:
        raise KeyError(uid)

    for name in ("HEALTHLINT_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    assert cachedir.folder() is None


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folders" / "entry"
    assert cachedir.kept(path) is None
    assert cachedir.keep(path, b"first")
    assert cachedir.keep(path, b"second")
    assert cachedir.kept(path) == b"second"
    assert [each.name for each in path.parent.iterdir()] == ["entry"]
    assert cachedir.keep(path, b"")
    assert cachedir.kept(path) == b""


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda data: b"",
    "cut short": lambda data: data[:-1],
    "cut in its digest": lambda data: data[:20],
    "grown": lambda data: data + b"x",
    "one bit flipped": lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
    "its digest flipped": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "zeroed": lambda data: bytes(len(data)),
}


@pytest.mark.parametrize("damaged", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_as_good_as_absent(tmp_path: Path, damaged: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "entry"
    cachedir.keep(path, b"some content")
    path.write_bytes(damaged(path.read_bytes()))
    assert cachedir.kept(path) is None
    assert cachedir.keep(path, b"anew")
    assert cachedir.kept(path) == b"anew"


def test_a_file_under_another_name_is_as_good_as_absent(tmp_path: Path) -> None:
    cachedir.keep(tmp_path / "one", b"content")
    (tmp_path / "one").rename(tmp_path / "other")
    assert cachedir.kept(tmp_path / "other") is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owner here")
def test_the_file_of_another_user_is_as_good_as_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cachedir.keep(tmp_path / "entry", b"content")
    someone_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: someone_else)
    assert cachedir.kept(tmp_path / "entry") is None


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_only_the_user_can_read_what_is_kept(tmp_path: Path) -> None:
    cachedir.keep(tmp_path / "new" / "entry", b"content")
    assert (tmp_path / "new").stat().st_mode & 0o77 == 0
    assert (tmp_path / "new" / "entry").stat().st_mode & 0o77 == 0


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert not cachedir.keep(tmp_path / "file" / "entry", b"content")
    assert cachedir.kept(tmp_path / "file" / "entry") is None
    (tmp_path / "folder").mkdir()
    assert not cachedir.keep(tmp_path / "folder", b"content")
    assert cachedir.kept(tmp_path / "folder") is None

    def refused(*given: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(cachedir, "_private", refused)  # root may write anywhere
    assert not cachedir.keep(tmp_path / "entry", b"content")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


def test_the_oldest_and_the_abandoned_are_pruned(tmp_path: Path) -> None:
    now = time.time()
    for name, age in (
        ("old", 3000),
        ("older", 4000),
        ("new", 10),
        ("begun.tmp", 5),
        ("left.tmp", 20_000),
    ):
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (now - age, now - age))
    (tmp_path / "subfolder").mkdir()
    cachedir.prune(tmp_path, 1000)
    assert {each.name for each in tmp_path.iterdir()} == {"old", "older", "new", "begun.tmp", "subfolder"}
    cachedir.prune(tmp_path, 300)
    assert {each.name for each in tmp_path.iterdir()} == {"old", "new", "begun.tmp", "subfolder"}
    cachedir.prune(tmp_path / "absent", 0)


WRITER = """
import sys
from pathlib import Path
from healthlint import cachedir

print("begun", flush=True)
while True:
    cachedir.keep(Path(sys.argv[1]), sys.argv[2].encode() * 400_000)
"""


@pytest.mark.skipif(os.name != "posix", reason="processes are killed by a signal")
def test_writers_at_once_that_are_killed_leave_one_of_their_contents(tmp_path: Path) -> None:
    path = tmp_path / "entry"
    cachedir.keep(path, b"c" * 400_000)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, letter], stdout=subprocess.PIPE)
        for letter in "ab"
    ]
    try:
        for writer in writers:
            assert writer.stdout
            writer.stdout.readline()
        read = [cachedir.kept(path) for _ in range(200)]
    finally:
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
    whole = [letter * 400_000 for letter in (b"a", b"b", b"c")]
    assert all(content in whole for content in (*read, cachedir.kept(path)))
