"""The audit of suppressions: every one with its rule, reason and end; and what they hide, on demand."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from healthlint.cli import command
from healthlint.config import Config
from healthlint.readers import read_text
from healthlint.run import lint_text, report_of

LABEL = "<!-- healthlint-disable-next-line cure-claim{} -->\nOur tea cures gout.\n"
CONFIG = Config().narrowed(["cure-claim", "suppression"], [])


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, list(arguments), standalone_mode=False)
    return done.return_value, done.output


def test_every_suppression_is_listed() -> None:
    Path("tea.md").write_text(
        LABEL.format(" until=2020-01-31 -- a label of 1910")
        + "\n"
        + LABEL.format("")
        + "\nRest. <!-- healthlint-disable-line until=2999-12-31 -- agreed \x1b[31m -->\n",
        encoding="utf-8",
    )
    Path("front.md").write_text(
        "---\ntitle: Tea\nhealthlint: {disable: [overclaim], until: 2999-01-01, reason: old labels}\n---\n"
        "Our tea cures gout.\n",
        encoding="utf-8",
    )
    assert run("suppressions") == (
        0,
        "front.md:3:1: disable-file overclaim, until 2999-01-01 (1 covered): old labels\n"
        "tea.md:1:6: disable-next-line cure-claim, ended 2020-01-31 (0 covered): a label of 1910\n"
        "tea.md:4:6: disable-next-line cure-claim (1 covered): no reason given\n"
        "tea.md:7:12: disable-line every rule, until 2999-12-31 (0 covered): agreed \\x1b[31m\n"
        "4 suppressions in 2 articles: 1 without a reason, 1 ended, 2 cover nothing.\n",
    )


def test_an_article_that_cannot_be_read() -> None:
    code, told = run("suppressions", "nowhere.md")
    assert code == 2
    assert "nowhere.md: failure: does not exist" in told


def test_one_that_has_ended_covers_nothing_and_is_reported() -> None:
    found = lint_text(LABEL.format(" until=2020-01-31 -- why"), config=CONFIG)
    assert [(each.rule, each.start.line) for each in found] == [("unused-suppression", 1), ("cure-claim", 2)]
    assert found.violations[0].message == "This suppression does nothing: it ended on 2020-01-31."
    assert found.suppressed == ()


def test_the_last_day_counts() -> None:
    today = datetime.date.today().isoformat()
    found = lint_text(LABEL.format(f" until={today} -- why"), config=CONFIG)
    assert found.violations == ()
    assert [each.violation.rule for each in found.suppressed] == ["cure-claim"]
    assert found.suppressed[0].suppression.until == today


@pytest.mark.parametrize("until", ["2027", "2027-13-01", "01-02-2027", "2027-1-2", "20270102"])
def test_an_end_that_is_no_day(until: str) -> None:
    for text in (
        LABEL.format(f" until={until} -- why"),
        f"---\nhealthlint:\n  disable: cure-claim\n  until: {until}\n  reason: why\n---\nOur tea cures gout.\n",
    ):
        found = lint_text(text, config=CONFIG)
        assert [each.rule for each in found] == ["unused-suppression", "cure-claim"]
        assert found.violations[0].message == (
            "This suppression does nothing: its end is not written as a day, “until=2027-01-31”."
        )


def test_what_is_suppressed_is_reported_on_demand() -> None:
    Path("tea.md").write_text(LABEL.format(" -- why"), encoding="utf-8")
    only = ("--select", "cure-claim,suppression", "--quiet")
    assert run("check", *only) == (0, "")
    code, told = run("check", *only, "--no-suppressions")
    assert code == 1
    assert told.startswith("tea.md:2:9: error cure-claim ")
    assert len(told.splitlines()) == 1


def test_the_report_tells_what_was_suppressed_without_them_too() -> None:
    document = read_text(LABEL.format(" -- why"), path="tea.md")
    heeded, ignored = (report_of([document], CONFIG, suppressions=heed) for heed in (True, False))
    assert [each.violation for each in heeded.suppressed] == list(ignored.violations)
    assert heeded.checked[0].suppressions == ignored.checked[0].suppressions != ()
