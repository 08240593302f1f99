"""Many texts, one after the other: rules are loaded once, nothing is kept, nothing ends the stream."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from itertools import islice, repeat
from pathlib import Path

import pytest

import healthlint
from healthlint.errors import DataErrors, ReadError

CLAIM = "Our tea cures gout."


def cures(report: healthlint.Report) -> list[str]:
    return [each.text for each in report if each.rule == "cure-claim"]


def test_each_text_has_a_report_in_the_order_of_the_texts() -> None:
    reports = list(healthlint.lint_many([CLAIM, "Rest helps.", "It cures colds."]))
    assert [cures(report) for report in reports] == [["cures gout"], [], ["cures colds"]]
    assert [report.checked[0].path for report in reports] == ["<text 1>", "<text 2>", "<text 3>"]


def test_a_report_is_what_lint_text_gives() -> None:
    texts = {"tea.html": f"<h1>Tea</h1><p>{CLAIM}</p>", "rest.html": "<h1>Rest</h1><p>Rest helps.</p>"}
    assert list(healthlint.lint_many(texts.items(), format="html")) == [
        healthlint.lint_text(text, format="html", path=path) for path, text in texts.items()
    ]


def test_a_key_may_be_anything() -> None:
    (report,) = healthlint.lint_many([(17, CLAIM)])
    assert {each.path for each in report} == {"17"}


def test_reports_are_made_when_they_are_asked_for() -> None:
    taken = []

    def endless() -> Iterator[str]:
        for text in repeat(CLAIM):
            taken.append(text)
            yield text

    reports = healthlint.lint_many(endless())
    assert taken == []
    assert [cures(report) for report in islice(reports, 3)] == [["cures gout"]] * 3
    assert len(taken) == 3


@pytest.mark.parametrize(
    ("given", "path", "said"),
    [
        (None, "<text 2>", "is no text but NoneType"),
        (("row 7", float("nan")), "row 7", "is no text but float"),
        ((1, 2, 3), "<text 2>", "is no text but tuple"),
        (b"Our tea cures gout.", "<text 2>", "is no text but bytes"),
    ],
)
def test_what_is_no_text_is_a_failure_and_the_next_one_is_checked(
    given: object, path: str, said: str
) -> None:
    before, bad, after = healthlint.lint_many([CLAIM, given, CLAIM])  # type: ignore[list-item]
    assert cures(before) == cures(after) == ["cures gout"]
    assert bad.failures == ((path, said),)
    assert bad.exit_code == 2


def test_a_text_that_breaks_a_reader_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(source: str, path: str) -> healthlint.Document:
        if "broken" in source:
            raise ReadError("is broken")
        return healthlint.Document(source, path=path)

    monkeypatch.setattr("healthlint.readers.text.read", read)
    first, second = healthlint.lint_many(["broken", "sound"], format="text")
    assert [failure.message for failure in first.failures] == ["is broken"]
    assert second.failures == ()


def test_a_surrogate_or_a_control_character_is_no_obstacle() -> None:
    (report,) = healthlint.lint_many(["caf\udce9 \0 \x1b[31m Our tea cures gout."])
    assert cures(report) == ["cures gout"]


def test_what_cannot_be_used_is_told_before_the_first_report(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no reader for the format “docx”; known: markdown"):
        healthlint.lint_many([], format="docx")
    with pytest.raises(DataErrors, match="does not exist"):
        healthlint.lint_many([], config=tmp_path / "nowhere.yaml")
    with pytest.raises(TypeError, match="lint_text takes one"):
        healthlint.lint_many(CLAIM)


def test_a_configuration_counts_with_what_it_says_about_paths(tmp_path: Path) -> None:
    file = tmp_path / "house.yaml"
    file.write_text("overrides: [{paths: news/, ignore: [overclaim]}]\n", encoding="utf-8")
    news, guide = (str(tmp_path / folder / "tea.md") for folder in ("news", "guides"))
    config = healthlint.read_config(file)
    for given in (file, str(file), config, healthlint.Linters(config)):
        reports = healthlint.lint_many([(news, CLAIM), (guide, CLAIM)], config=given)
        assert [cures(report) for report in reports] == [[], ["cures gout"]]


def test_rules_are_made_ready_once_for_all_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    init = healthlint.Linter.__init__

    def counted(self: healthlint.Linter, *args: object, **options: object) -> None:
        made.append(self)
        init(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(healthlint.Linter, "__init__", counted)
    news = f"---\nhealthlint:\n  profile: news\n---\n\n{CLAIM}\n"
    reports = list(healthlint.lint_many([CLAIM, news] * 50, config=healthlint.Config()))
    assert [report.checked[0].profile for report in reports] == ["editorial", "news"] * 50
    assert len(made) == 2


def test_a_report_knows_only_the_rules_that_were_run_for_it() -> None:
    product = f"---\nhealthlint:\n  profile: product\n---\n\n{CLAIM}\n"
    first, second, third = healthlint.lint_many([CLAIM, product, CLAIM])
    assert first.rules == third.rules
    assert first.rules != second.rules


def test_a_new_day_needs_new_linters(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    from healthlint import run

    class Later(datetime.date):
        @classmethod
        def today(cls) -> datetime.date:
            return datetime.date(2031, 1, 1)

    linters = healthlint.Linters(healthlint.Config())
    settings = linters.config.base
    today = linters.under(settings)
    assert linters.under(settings) is today
    monkeypatch.setattr(run.datetime, "date", Later)
    assert linters.under(settings) is not today


def test_memory_does_not_grow_with_the_number_of_texts() -> None:
    reports = healthlint.lint_many(f"{CLAIM} That is text {number}." for number in range(250))
    for _ in islice(reports, 50):  # phrases are compiled and tables filled
        pass
    tracemalloc.start()
    try:
        checked = sum(report.documents for report in reports)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert checked == 200
    assert kept < 500_000  # 200 reports on such texts take twice that
