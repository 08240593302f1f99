"""A cache, compiled rules and a baseline of which something is damaged, wherever that is; and several runs on one cache."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Done
from faulty import CLAIM, COMMAND, ENVIRONMENT, SAD, site
from rulefolder import rule_file

from healthlint import cachedir
from healthlint.baseline import read_baseline
from healthlint.errors import DataError

STEP = 7
REPLACED: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link in a circle": lambda path: path.symlink_to(path.name),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEALTHLINT_CACHE_DIR", str(tmp_path / "cache"))
    return site(tmp_path / "site", a=CLAIM, b=SAD)


def damaged(data: bytes) -> Iterator[bytes]:
    """`data` cut short, and with a bit the other way, at every seventh byte."""
    for at in range(0, len(data), STEP):
        yield data[:at]
        yield data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]


def test_nothing_damaged_is_taken_for_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "entry"
    cachedir.keep(path, b"what was found, and why" * 20)
    whole = path.read_bytes()
    tried = 0
    for data in damaged(whole):
        path.write_bytes(data)
        assert cachedir.kept(path) is None
        tried += 1
    assert tried > 140


@pytest.mark.skipif(os.name != "posix", reason="pipes are files here only")
@pytest.mark.parametrize("what", REPLACED)
def test_what_stands_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path, what: str) -> None:
    path = tmp_path / "entry"
    REPLACED[what](path)
    assert cachedir.kept(path) is None
    assert cachedir.keep(path, b"anew") is (what != "a folder")
    assert cachedir.kept(path) == (None if what == "a folder" else b"anew")
    assert not path.is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="pipes are files here only")
@pytest.mark.parametrize("what", REPLACED)
def test_results_and_compiled_rules(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_here: Callable[..., Done], what: str
) -> None:
    from healthlint.rulebook import rulebook

    monkeypatch.setattr("healthlint.config.rulebook", rulebook)
    monkeypatch.chdir(folder)
    plain = run_here("check", "--no-cache")
    run_here("check")
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path / "cache").parts[0] for path in kept} >= {"results"}
    for path in kept:
        path.unlink()
        REPLACED[what](path)
    assert run_here("check") == run_here("check") == plain


def test_a_baseline_is_read_whole_or_refused(folder: Path, run_here: Callable[..., Done]) -> None:
    """A cut is always noticed. A flipped bit is a file that cannot be read, or one that knows something else."""
    os.chdir(folder)
    run_here("check", "--write-baseline", "k.json")
    path = Path("k.json")
    whole, entries = path.read_bytes(), read_baseline(path).entries
    for at in range(0, len(whole.rstrip()), STEP):
        path.write_bytes(whole[:at])
        with pytest.raises(DataError, match=r"k\.json: "):
            read_baseline(path)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        try:
            found = read_baseline(path).entries
        except DataError:
            continue
        same = {key: count for key, count in found.items() if entries.get(key) == count}
        assert (
            len(same) >= len(entries) - 2
        )  # nothing that was never written is known but under the flipped name
    path.write_bytes(b"\xef\xbb\xbf" + whole.replace(b"\n", b"\r\n"))
    assert read_baseline(path).entries == entries


def test_a_damaged_baseline_is_not_written_over_unless_told_to(
    folder: Path, run_here: Callable[..., Done]
) -> None:
    os.chdir(folder)
    run_here("check", "--write-baseline", "k.json")
    whole = Path("k.json").read_bytes()
    Path("k.json").write_bytes(whole[:50])
    for option in ("--baseline", "--prune-baseline"):
        done = run_here("check", option, "k.json")
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("Error: k.json: is no baseline: ")
        assert Path("k.json").read_bytes() == whole[:50]
    assert run_here("check", "--write-baseline", "k.json").code == 0
    assert Path("k.json").read_bytes() == whole


@pytest.mark.parametrize("others", [2, 4])
def test_runs_at_once_on_one_cache(tmp_path: Path, others: int) -> None:
    """Each says what one says that is alone, and leaves nothing unfinished."""
    folder = site(tmp_path / "site", **{f"a{number}": CLAIM + f"\n{number}.\n" for number in range(40)})
    env = {**ENVIRONMENT, "HEALTHLINT_CACHE_DIR": str(tmp_path / "cache")}

    def begun(*args: str) -> subprocess.Popen[bytes]:
        command = [*COMMAND, "check", *args]
        return subprocess.Popen(
            command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    plain = begun("--no-cache").communicate()[0]
    runs = [begun() for _ in range(others)]
    assert [each.communicate()[0] for each in runs] == [plain] * others
    assert begun().communicate()[0] == plain
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert len([path for path in kept if path.parent.parent.name == "results"]) >= 40
    assert not [path for path in kept if path.name.endswith(".tmp")]
    assert all(cachedir.kept(path) is not None for path in kept)


# --- rules ---------------------------------------------------------------------------------------------


def test_a_complete_folder_that_lacks_a_signal_is_a_wrong_configuration(
    folder: Path, run_here: Callable[..., Done]
) -> None:
    os.chdir(folder)
    rule_file(Path("own"), "phrases: [wonder food]")
    Path("own/cues").mkdir()
    Path("own/cues/stops.yaml").write_text("clause: [because]\n", encoding="utf-8")
    Path(".healthlint.yaml").write_text("rules: own\n", encoding="utf-8")
    done = run_here("check")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[0] == (
        "Error: own/signals/affiliate-site.yaml: is missing; a folder with cues/stops.yaml needs each signal "
        "that the built-in rules have"
    )
    assert "internal error" not in done.err


@pytest.mark.skipif(os.name != "posix", reason="pipes are files here only")
@pytest.mark.parametrize("what", ["a pipe", "a link to nothing", "a link in a circle"])
def test_a_rule_that_is_no_file(folder: Path, run_here: Callable[..., Done], what: str) -> None:
    os.chdir(folder)
    rule_file(Path("own"), "phrases: [wonder food]")
    REPLACED[what](Path("own/house/other.yaml"))
    Path(".healthlint.yaml").write_text("rules: own\n", encoding="utf-8")
    done = run_here("check")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: own/house/other.yaml: cannot be read: ")
