"""Ctrl-C: what was checked so far is reported, the exit code says that it is not all, nobody sees a traceback."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from healthlint.report import REPORTERS

pytest.importorskip("pty", reason="signals and terminals of this kind are not to be had here")
from terminal import SLOW, command, on_terminal, site

AT = """
import sys, time
import {module} as module
plain = {name}
def slow(*args, **options):
    print("at", args[0] if args else "", file=sys.stderr, flush=True)
    time.sleep({seconds})
    return plain(*args, **options)
{name} = slow
"""
"""Python that makes a function tell its first argument on standard error, and take its time."""

READING = AT.format(module="healthlint.run", name="module.unread", seconds=0.4)
LOADING = AT.format(module="healthlint.rulebook", name="module.data_folder", seconds=0.4)
RENDERING = AT.format(module="healthlint.reporters.text", name="module.render", seconds=30)
FILES = [f"{letter}.md" for letter in "abcdef"]
SAID = "healthlint: interrupted"


class Done(NamedTuple):
    code: int
    out: str
    told: list[str]
    """The lines of standard error without those of `AT`."""


def interrupted(
    arguments: list[str], folder: Path, *at: str, before: Callable[[], object] | None = None
) -> Done:
    """Run `arguments`, and send SIGINT each time the next of `at` begins a line of standard error."""
    process = subprocess.Popen(
        arguments,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=before,  # noqa: PLW1509 - there are no threads
    )
    assert process.stderr is not None
    waiting, told = list(at), []
    for line in process.stderr:
        if waiting and line.startswith(waiting[0]):
            process.send_signal(signal.SIGINT)
            del waiting[0]
        if not line.startswith("at "):
            told.append(line.rstrip("\n"))
    out, _ = process.communicate()
    assert waiting == []
    return Done(process.returncode, out, told)


def test_what_was_checked_so_far_is_reported(tmp_path: Path) -> None:
    site(tmp_path, FILES)
    done = interrupted(command(READING, "check"), tmp_path, "at c.md")
    assert (done.code, done.told) == (130, [SAID])
    assert [line.split(":")[0] for line in done.out.splitlines() if " cure-claim " in line] == [
        "a.md",
        "b.md",
    ]
    last = done.out.splitlines()[-1]
    assert last == "Interrupted before all were checked. 2 articles checked: 2 errors, no warnings, no info."


def test_nothing_was_checked_yet(tmp_path: Path) -> None:
    site(tmp_path, FILES)
    done = interrupted(command(READING, "check"), tmp_path, "at a.md")
    assert (done.code, done.told) == (130, [SAID])
    assert done.out.startswith("Interrupted before all were checked. no articles checked")


def test_every_format_is_written(tmp_path: Path) -> None:
    site(tmp_path, FILES)
    outputs = [f"--output={name}:{tmp_path / name}" for name in REPORTERS]
    done = interrupted(command(READING, "check", *outputs), tmp_path, "at c.md")
    assert (done.code, done.out, done.told) == (130, "", [SAID])
    assert all("cure-claim" in (tmp_path / name).read_text(encoding="utf-8") for name in REPORTERS)
    report = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    assert report["interrupted"] is True
    assert report["summary"]["documents"] == 2


def test_a_baseline_is_not_written_from_a_part(tmp_path: Path) -> None:
    site(tmp_path, FILES)
    done = interrupted(command(READING, "check", "--write-baseline", "known.json"), tmp_path, "at c.md")
    assert done.code == 130
    assert not (tmp_path / "known.json").exists()
    assert done.told == ["known.json is left as it is: not all articles could be checked.", SAID]


def test_while_rules_are_loaded_there_is_nothing_to_report(tmp_path: Path) -> None:
    site(tmp_path, FILES)
    done = interrupted(command(LOADING, "check"), tmp_path, "at ")
    assert (done.code, done.out, [line for line in done.told if line]) == (130, "", [SAID])


def test_the_second_time_there_is_no_report(tmp_path: Path) -> None:
    site(tmp_path, FILES)
    done = interrupted(command(READING + RENDERING, "check"), tmp_path, "at c.md", "at Report")
    assert (done.code, done.out, done.told) == (-signal.SIGINT, "", [])


def test_who_ignores_the_signal_is_not_interrupted(tmp_path: Path) -> None:
    """As a shell does for what it runs in the background."""
    site(tmp_path, FILES)
    done = interrupted(
        command(READING, "check"),
        tmp_path,
        "at c.md",
        before=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert (done.code, done.told) == (1, [])
    assert done.out.endswith("6 articles checked: 6 errors, no warnings, no info.\n")


def test_at_a_terminal_the_bar_makes_way_for_the_report(tmp_path: Path) -> None:
    site(tmp_path, FILES)
    seen = on_terminal(
        command(SLOW.format(seconds=0.6), "check", "--color", "never"),
        tmp_path,
        key="\x03",
        after="d.md",
    )
    assert seen.code == 130
    _, report = seen.sent.rsplit("\x1b[2K", 1)
    assert seen.sent.count("\x1b[?25l") == seen.sent.count("\x1b[?25h") == 1
    lines = report.split("\r\n")
    assert lines[0].lstrip("\r").startswith("a.md:1:9: error cure-claim")
    assert lines[-3:] == [
        "Interrupted before all were checked. 3 articles checked: 3 errors, no warnings, no info.",
        SAID,
        "",
    ]


@pytest.mark.parametrize("name", ["rules", "explain"])
def test_other_commands_just_stop(tmp_path: Path, name: str) -> None:
    arguments = [name, "cure-claim"] if name == "explain" else [name]
    done = interrupted(command(LOADING, *arguments), tmp_path, "at ")
    assert (done.code, done.out, [line for line in done.told if line]) == (130, "", [SAID])
