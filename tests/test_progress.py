"""A bar for whoever waits at a terminal, and for nobody else."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from healthlint import progress
from healthlint.violation import Failure

pytest.importorskip("pty", reason="there are no terminals of this kind here")
from terminal import COLUMNS, SLOW, command, on_terminal, site

AT_ONCE = "from healthlint import progress\nprogress.PATIENCE = 0"
HIDE, SHOW, ERASE = "\x1b[?25l", "\x1b[?25h", "\x1b[2K"
LAST = "3 articles checked: 3 errors, no warnings, no info."


class Terminal(io.StringIO):
    """What thinks that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    stream = Terminal()
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=stream))
    for name in ("CI", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    return stream


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets seconds pass for the module."""
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])

    def later(seconds: float) -> None:
        now[0] += seconds

    return later


def plain(sent: str) -> str:
    return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", sent)


# --- when ----------------------------------------------------------------------------------------------


def test_a_bar_comes_when_patience_ends(stderr: Terminal, wait: Callable[[float], None]) -> None:
    turns = progress.watched([Path(f"{number}.md") for number in range(4)], quiet=False, color=False)
    for _ in range(2):
        next(turns)
        wait(0.6)
        assert stderr.getvalue() == ""
    assert next(turns) == Path("2.md")
    assert "2/4" in plain(stderr.getvalue())
    assert "2.md" in plain(stderr.getvalue())
    turns.close()
    assert stderr.getvalue().endswith((SHOW, ERASE))
    assert stderr.getvalue().count(HIDE) == stderr.getvalue().count(SHOW) == 1


@pytest.mark.parametrize(
    ("quiet", "variables"), [(True, {}), (False, {"CI": "true"}), (False, {"TERM": "dumb"})]
)
def test_no_bar_for_nobody(
    stderr: Terminal,
    wait: Callable[[float], None],
    monkeypatch: pytest.MonkeyPatch,
    quiet: bool,
    variables: dict[str, str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for _ in progress.watched([Path("a.md"), Path("b.md")], quiet=quiet, color=True):
        wait(60)
    assert stderr.getvalue() == ""


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_no_bar_where_there_is_no_terminal(
    wait: Callable[[float], None], monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None
) -> None:
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=stream))
    for _ in progress.watched([Path("a.md"), Path("b.md")], quiet=False, color=True):
        wait(60)
    assert stream is None or stream.getvalue() == ""


def test_rich_is_imported_for_a_bar_only() -> None:
    code = """
import sys
from pathlib import Path
from healthlint.progress import watched
assert len(list(watched([Path("a.md"), Path("b.md")], quiet=False, color=True))) == 2
print("rich" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# --- what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        (Path("[bold red]tea[/].md"), "[bold red]tea[/].md"),
        (Path("a/:warning:/{task}.md"), "a/:warning:/{task}.md"),
        (Path("tea\x1b[31m\n\u202e.md"), r"tea\x1b[31m\x0a\u202e.md"),
        (Path("caf\udce9.md"), r"caf\udce9.md"),
        (Failure("gone.md", "does not exist"), "gone.md"),
    ],
)
def test_names_do_not_act(
    stderr: Terminal, wait: Callable[[float], None], file: Path | Failure, shown: str
) -> None:
    turns = progress.watched([Path("a.md"), file], quiet=False, color=True)
    next(turns)
    wait(2)
    next(turns)
    turns.close()
    assert shown in plain(stderr.getvalue())


def test_a_long_name_leaves_room_for_the_count(stderr: Terminal, wait: Callable[[float], None]) -> None:
    turns = progress.watched([Path("a.md"), Path("deep/" * 60 + "tea.md")], quiet=False, color=False)
    next(turns)
    wait(2)
    next(turns)
    turns.close()
    first = plain(stderr.getvalue()).strip().splitlines()[0]
    assert re.match(r"1/2 ━+ +-:--:-- (deep/)+.*…", first)
    assert len(first.split("\r")[0]) <= COLUMNS


def test_no_colours_when_none_are_wanted(stderr: Terminal, wait: Callable[[float], None]) -> None:
    turns = progress.watched([Path("a.md"), Path("b.md")], quiet=False, color=False)
    next(turns)
    wait(2)
    next(turns)
    turns.close()
    assert "━" in stderr.getvalue()
    assert not re.search(r"\x1b\[[\d;]*m", stderr.getvalue())


# --- a real terminal -----------------------------------------------------------------------------------


def test_a_long_run_shows_a_bar_and_then_the_report_alone(tmp_path: Path) -> None:
    site(tmp_path, ["a.md", "b.md", "c.md"])
    seen = on_terminal(command(SLOW.format(seconds=0.8), "check", "--color", "never"), tmp_path)
    assert seen.code == 1
    bar, report = seen.sent.rsplit(ERASE, 1)
    assert bar.startswith(HIDE)
    assert re.search(r"2/3 ━*.*c\.md", plain(bar))
    assert "cure-claim" not in bar
    assert SHOW in bar
    assert re.sub(r"\x1b\S*", "", report).lstrip("\r").startswith("a.md:1:9: error cure-claim")
    assert seen.sent.endswith(f"{LAST}\r\n")


def test_a_short_run_shows_none(tmp_path: Path) -> None:
    site(tmp_path, ["a.md"])
    seen = on_terminal(command("", "check", "--color", "never"), tmp_path)
    assert seen.sent.startswith("a.md:1:9: error cure-claim")


def test_a_report_in_a_file_or_a_pipe_does_not_hide_the_bar(tmp_path: Path) -> None:
    site(tmp_path, ["a.md", "b.md", "c.md"])
    with (tmp_path / "report").open("wb") as file:
        seen = on_terminal(command(AT_ONCE, "check"), tmp_path, stdout=file.fileno())
    assert re.search(r"\d/3 ━+ .*[abc]\.md", plain(seen.sent))
    assert seen.sent.endswith(ERASE)
    report = (tmp_path / "report").read_text(encoding="utf-8")
    assert report.endswith(f"{LAST}\n")
    assert "\x1b" not in report


@pytest.mark.parametrize("arguments", [["check", "--quiet"], ["check", "--explain-profile"]])
def test_some_runs_show_none(tmp_path: Path, arguments: list[str]) -> None:
    site(tmp_path, ["a.md", "b.md"])
    seen = on_terminal(command(AT_ONCE, *arguments, "--color", "never"), tmp_path)
    assert seen.sent.startswith("a.md:")
    assert "\x1b" not in seen.sent


def test_an_error_stream_that_is_a_file_stays_empty(tmp_path: Path) -> None:
    site(tmp_path, ["a.md", "b.md", "c.md"])
    with (tmp_path / "errors").open("wb") as file:
        seen = on_terminal(command(AT_ONCE, "check"), tmp_path, stderr=file.fileno())
    assert LAST in plain(seen.sent)
    assert (tmp_path / "errors").read_bytes() == b""
