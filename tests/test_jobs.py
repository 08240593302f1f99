"""Several processes share the work; one that dies takes nothing with it but what it was at."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Done
from rulefolder import rule_file
from works import Poisoned, fragile, modules, process

import healthlint
from healthlint import HealthlintError, lint, pool, read_config
from healthlint.commands.check import FORMATS
from healthlint.config import Config
from healthlint.pool import ENOUGH, Died, answers
from healthlint.rulebook import Rulebook
from healthlint.run import report_of, unread_of
from healthlint.settings import Settings
from healthlint.work import Linters

CLAIM = "Our tea cures gout.\n"
FEW = Settings(select=("cure-claim",))
ENVIRONMENT = {**os.environ, "PYTHONPATH": Path(healthlint.__file__).parent.parent.as_posix()}
"""With this healthlint, whatever is installed."""

SLOWLY = """
import sys, time
from healthlint import run
unread = run.unread
def slowly(path, largest=None):
    print("at", path, file=sys.stderr, flush=True)
    time.sleep(0.3)
    return unread(path, largest)
run.unread = slowly
from healthlint.cli import main
main()
"""
"""The command, which takes its time to read an article and tells which."""


def site(folder: Path, *names: str, filler: int = 0) -> list[Path]:
    """Articles of those names, each with a claim and so many words that say nothing."""
    files = [folder / name for name in names]
    for file in files:
        file.write_text(CLAIM + "\n" + "word " * filler, encoding="utf-8")
    return files


# --- sharing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_each_item_has_its_answer(jobs: int) -> None:
    items = [f"text {number}" for number in range(100)]
    found = list(answers(items, fragile, len, jobs))
    assert sorted(found) == sorted((item, item.upper()) for item in items)


def test_one_job_is_done_here_and_in_order() -> None:
    assert list(answers(range(50), process, lambda item: pool._BATCH, 1)) == [
        (number, os.getpid()) for number in range(50)
    ]


def test_several_jobs_are_as_many_processes() -> None:
    found = {answer for _, answer in answers(range(60), process, lambda item: 40_000, 3)}
    assert os.getpid() not in found
    assert 1 <= len(found) <= 3


@pytest.mark.parametrize(("batches", "here"), [(ENOUGH - 1, True), (ENOUGH, False), (ENOUGH + 6, False)])
def test_by_default_processes_are_started_when_there_is_enough(
    monkeypatch: pytest.MonkeyPatch, batches: int, here: bool
) -> None:
    monkeypatch.setattr(pool, "processors", lambda: 2)
    found = dict(answers(range(batches), process, lambda item: pool._BATCH, None))
    assert [found[number] == os.getpid() for number in range(batches)] == [here] * batches


@pytest.mark.parametrize(("processors", "size"), [(1, pool._BATCH), (8, 1)])
def test_by_default_one_processor_or_little_work_needs_no_process(
    monkeypatch: pytest.MonkeyPatch, processors: int, size: int
) -> None:
    monkeypatch.setattr(pool, "processors", lambda: processors)
    monkeypatch.setitem(sys.modules, "healthlint.processes", None)  # not even imported
    assert {answer for _, answer in answers(range(20), process, lambda item: size, None)} == {os.getpid()}


def test_nothing_to_do_needs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "healthlint.processes", None)
    assert list(answers([], process, lambda item: 1, 2)) == []


def test_no_more_is_taken_than_can_be_done_soon() -> None:
    taken = 0

    def items() -> Iterator[str]:
        nonlocal taken
        for number in range(2000):
            taken += 1
            yield str(number)

    ahead = [taken - done for done, _ in enumerate(answers(items(), fragile, len, 2))]
    assert max(ahead) <= (2 * 2 + 1) * pool._LONGEST_BATCH
    assert taken == 2000


def test_who_stops_listening_stops_the_processes(tmp_path: Path) -> None:
    found = answers(range(1000), process, lambda item: 40_000, 2)
    worker = next(found)[1]
    found.close()
    assert isinstance(worker, int)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


# --- what dies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "how"),
    [("kill", "was killed (SIGKILL)"), ("abort", "was killed (SIGABRT)"), ("exit", "ended with exit code 3")],
)
def test_only_what_a_process_died_of_is_lost(end: str, how: str, capfd: pytest.CaptureFixture[str]) -> None:
    items = [*map(str, range(20)), end, *map(str, range(20, 40)), end]
    found = list(answers(items, fragile, len, 2))
    assert len(found) == 42
    assert [answer for item, answer in found if item == end] == [Died(how)] * 2
    assert {item: answer for item, answer in found if item != end} == {str(n): str(n) for n in range(40)}


def test_what_is_printed_is_no_answer() -> None:
    assert list(answers(["print", "a"], fragile, len, 2)) == [("print", "PRINT"), ("a", "A")]


def test_the_article_that_ends_a_process_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("healthlint.run.Work", Poisoned)
    site(tmp_path, *(f"{letter}.md" for letter in "abcdef"), "poison.md", "z-poison.md")
    files = sorted(Path().glob("*.md"))
    report = report_of(unread_of(files), Config(FEW), jobs=2)
    assert [each.path for each in report.failures] == ["poison.md", "z-poison.md"]
    assert report.failures[0].message == (
        "could not be checked: the process that was at it was killed (SIGKILL); check it alone, with `--jobs 1`"
    )
    assert [each.path for each in report.checked] == [f"{letter}.md" for letter in "abcdef"]
    assert len(report.violations) == 6
    assert report.exit_code == 2


def test_processes_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(HealthlintError, match=r"no other process can be started: No such file.*`--jobs 1`"):
        list(answers(["a"], fragile, len, 2))


def test_processes_that_do_not_come_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(
        HealthlintError, match="can be started: it ended with exit code 1; `--jobs 1` needs none"
    ):
        list(answers(["a"], fragile, len, 2))


def test_rules_that_change_meanwhile_are_not_used(tmp_path: Path) -> None:
    rule = rule_file(tmp_path / "rules", "phrases: [wonder food]")
    config = tmp_path / ".healthlint.yaml"
    config.write_text("rules: rules\nselect: wonder-food\n", encoding="utf-8")
    linters = Linters(read_config(config))
    files = site(tmp_path, "a.md")
    assert report_of(unread_of(files), linters, jobs=2).ok
    rule.write_text(rule.read_text(encoding="utf-8").replace("warning", "info"), encoding="utf-8")
    with pytest.raises(
        HealthlintError, match="the rules were changed after they were read; run the same again"
    ):
        report_of(unread_of(files), linters, jobs=2)


# --- in the command ------------------------------------------------------------------------------------


def test_own_rules_and_settings_hold_in_every_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rule_file(tmp_path / "rules", "phrases: [wonder food]")
    Path(".healthlint.yaml").write_text(
        "rules: rules\nselect: [wonder-food, cure-claim]\n"
        "overrides:\n  - paths: b*\n    severity: {wonder-food: info}\n",
        encoding="utf-8",
    )
    for name in ("a1", "a2", "b1", "b2"):
        Path(f"{name}.md").write_text("It is a wonder food.\n", encoding="utf-8")
    one, two = (lint(".", config=Path(".healthlint.yaml"), jobs=jobs) for jobs in (1, 2))
    assert [(each.path, each.severity) for each in two] == [
        ("a1.md", "warning"),
        ("a2.md", "warning"),
        ("b1.md", "info"),
        ("b2.md", "info"),
    ]
    assert one == two


def test_rules_that_were_put_together_by_hand(tmp_path: Path) -> None:
    book = Rulebook(tuple(rule for rule in Config().rulebook.rules if rule.id == "cure-claim"))
    report = report_of(unread_of(site(tmp_path, "a.md", "b.md")), Config(rulebook=book), jobs=2)
    assert [each.rule for each in report] == ["cure-claim"] * 2


def test_every_format_is_the_same(tmp_path: Path, run_here: Callable[..., Done]) -> None:
    site(tmp_path, "a.md", "c.txt")
    Path("b.md").write_text("<!-- healthlint-disable-file -- old -->\n" + CLAIM, encoding="utf-8")
    Path("bad.md").write_bytes(b"\0" * 100)
    for name in FORMATS:
        one, two = (
            run_here("check", "--no-cache", "--output-format", name, "--show-excused", "--jobs", jobs)
            for jobs in (1, 2)
        )
        assert undated(one.out) == undated(two.out) != ""
        assert (one.code, one.err) == (two.code, two.err)


def undated(report: str) -> str:
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "", report)


def test_modules_in_the_folder_of_the_articles_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pickle", "healthlint", "signal"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [os.path.abspath(each) for each in sys.path if each])
    assert list(answers(["pickle", "healthlint"], modules, len, 2)) == [
        ("pickle", True),
        ("healthlint", True),
    ]


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    site(tmp_path, "a.md", "b.md")
    script = tmp_path / "script.py"
    script.write_text(
        "import healthlint\nprint(len([each for each in healthlint.lint('.', jobs=2) if each.sentence]))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("2\n", "")


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes cannot be looked for here")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGKILL"])
def test_a_run_that_is_stopped_leaves_no_process(tmp_path: Path, sent: str) -> None:
    (tmp_path / ".healthlint.yaml").write_text("select: [cure-claim]\n", encoding="utf-8")
    site(tmp_path, *(f"{letter}.md" for letter in "abcdefgh"), filler=20_000)
    here = tmp_path.as_posix()
    running = subprocess.Popen(
        [sys.executable, "-c", SLOWLY, "check", "--jobs", "2", "--no-cache", "--output-format", "json"],
        cwd=tmp_path,
        env={**ENVIRONMENT, "PYTHONPATH": f"{ENVIRONMENT['PYTHONPATH']}{os.pathsep}{here}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        assert running.stdout
        assert running.stderr
        for line in running.stderr:
            if line.startswith("at h.md"):
                assert 1 <= len(processes(here)) <= 2
                running.send_signal(signal.Signals[sent])
                break
        told, out = running.stderr.read(), running.stdout.read()
    if sent == "SIGINT":
        assert (running.returncode, told) == (130, "healthlint: interrupted\n")
        report = json.loads(out)
        assert report["interrupted"]
        assert 1 <= report["summary"]["documents"] == report["summary"]["error"] < 8
    while processes(here):  # pytest has a time limit
        time.sleep(0.05)


def processes(argument: str) -> list[int]:
    """The processes that were started by one of ours with `argument`."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            arguments = (each / "cmdline").read_bytes().split(b"\0")
            if argument.encode() in arguments and b"serve()" in arguments[3]:
                found.append(int(each.name))
    return found
