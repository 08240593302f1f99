"""What is known is not reported again, wherever it moves; what is edited or new is."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from healthlint.baseline import Baseline, Key, fingerprints, read_baseline
from healthlint.cli import command
from healthlint.config import Config
from healthlint.errors import DataError
from healthlint.files import articles
from healthlint.report import Report
from healthlint.run import report_of, unread_of

TEA = "Our tea cures gout."
BALM = "This balm cures arthritis."
PLAIN = "Rest the knee for two days."
CONFIG = Config().narrowed(["cure-claim", "disclaimer-missing"], [])


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, *paragraphs: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text("# Tea\n\n" + "\n\n".join(paragraphs) + "\n", encoding="utf-8")


def report(*paths: str) -> Report:
    return report_of(unread_of(articles(paths or ["."])), CONFIG)


def known() -> Baseline:
    """What stands now, as a baseline in the working directory."""
    return Baseline(Path.cwd()).of(report().violations)


def claims(found: Report) -> list[str]:
    return [each.sentence for each in found if each.rule == "cure-claim"]


def test_what_is_known_is_not_reported() -> None:
    write("tea.md", TEA, BALM)
    found = known().applied(report())
    assert found.violations == ()
    assert [each.rule for each in found.known] == ["disclaimer-missing", "cure-claim", "cure-claim"]
    assert found.gone == 0
    assert found.ok


def test_moving_a_paragraph_keeps_it() -> None:
    write("tea.md", TEA, PLAIN, BALM)
    old = known()
    write("tea.md", PLAIN, BALM, PLAIN, TEA.replace(" cures", "\ncures"))
    found = old.applied(report())
    assert (found.violations, found.gone) == ((), 0)


def test_editing_the_sentence_does_not() -> None:
    write("tea.md", TEA, BALM)
    old = known()
    write("tea.md", TEA.replace("Our", "Our green"), BALM)
    found = old.applied(report())
    assert claims(found) == ["our green tea cures gout."]
    assert found.gone == 1


def test_a_second_copy_of_a_known_sentence_is_new() -> None:
    write("tea.md", TEA)
    old = known()
    write("tea.md", TEA, PLAIN, TEA)
    found = old.applied(report())
    assert [each.start.line for each in found] == [7]
    assert found.gone == 0


def test_the_same_sentence_in_another_article_is_new() -> None:
    write("tea.md", TEA)
    old = known()
    write("other.md", TEA)
    assert [each.path for each in old.applied(report())] == ["other.md", "other.md"]


def test_a_new_title_does_not_bring_back_what_the_whole_article_lacks() -> None:
    write("tea.md", TEA)
    old = known()
    Path("tea.md").write_text(f"# Another title\n\n{TEA}\n", encoding="utf-8")
    assert old.applied(report()).violations == ()


def test_a_moved_article_keeps_what_is_known_of_it() -> None:
    write("tea.md", TEA, BALM)
    old = known()
    Path("drinks").mkdir()
    Path("tea.md").rename("drinks/tea.md")
    found = old.applied(report())
    assert (found.violations, found.gone) == ((), 0)
    assert {key.path for key in old.pruned(found).entries} == {"drinks/tea.md"}


def test_two_moved_articles_that_say_the_same_keep_what_is_known_of_them() -> None:
    write("tea.md", TEA)
    write("herbs.md", TEA)
    old = known()
    for name in ("tea", "herbs"):
        Path(f"{name}.md").rename(f"{name}-and-more.md")
    found = old.applied(report())
    assert (found.violations, found.gone, len(found.known)) == ((), 0, 4)


def test_what_is_known_of_a_deleted_article_is_gone() -> None:
    write("tea.md", TEA)
    write("other.md", BALM)
    old = known()
    Path("tea.md").unlink()
    found = old.applied(report())
    assert found.gone == 2
    assert {key.path for key in old.pruned(found).entries} == {"other.md"}


def test_only_what_was_looked_for_can_be_gone() -> None:
    write("tea.md", TEA)
    write("other.md", BALM)
    old = known()
    write("tea.md", PLAIN)
    one = old.applied(report("other.md"))
    assert one.gone == 0
    assert old.pruned(one) == old
    without_rule = replace(report(), rules=())
    assert old.applied(without_rule).gone == 0


def test_pruning_takes_out_what_no_longer_stands() -> None:
    write("tea.md", TEA, BALM)
    old = known()
    write("tea.md", BALM, "Our syrup cures asthma.")
    found = old.applied(report())
    pruned = old.pruned(found)
    assert len(pruned.entries) == len(old.entries) - 1
    again = pruned.applied(report())
    assert claims(again) == ["our syrup cures asthma."]
    assert again.gone == 0


def test_the_file_is_sorted_and_read_back(tmp_path: Path) -> None:
    write("b/tea.md", BALM, TEA)
    write("a/tea.md", TEA, TEA)
    old = known()
    text = old.to_json()
    assert text.isascii()
    assert list(json.loads(text)["entries"]) == ["a/tea.md", "b/tea.md"]
    Path("known.json").write_text(text, encoding="utf-8")
    assert read_baseline(Path("known.json")) == Baseline(tmp_path, dict(old.entries))


@given(
    st.dictionaries(
        st.builds(Key, st.text(min_size=1), st.text(min_size=1), st.text(min_size=1)),
        st.integers(1, 9),
    )
)
def test_any_baseline_comes_back(tmp_path_factory: pytest.TempPathFactory, entries: dict[Key, int]) -> None:
    file = tmp_path_factory.getbasetemp() / "known.json"
    file.write_text(Baseline(file.parent, entries).to_json(), encoding="utf-8")
    assert read_baseline(file).entries == entries


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "known.json: does not exist; `--write-baseline` makes it"),
        ("", "known.json: is no baseline: Expecting value: line 1 column 1 (char 0)"),
        ("[" * 100_000, "known.json: is no baseline: maximum recursion depth exceeded"),
        ("[]", "known.json: is no baseline of version 1; write it again with `--write-baseline`"),
        ('{"version": 2, "entries": {}}', "known.json: is no baseline of version 1; write it again"),
        ('{"version": 1}', "known.json: is no baseline: “entries” should hold a count for each path"),
        ('{"version": 1, "entries": {"a": []}}', "known.json: is no baseline: “entries” should hold"),
        ('{"version": 1, "entries": {"a": {"b": {"c": "1"}}}}', "known.json: is no baseline: “entries”"),
        ('{"version": 1, "entries": {"a": {"b": {"c": 0}}}}', "known.json: is no baseline: “entries”"),
        ('{"version": 1, "entries": {"a": {"b": {"c": true}}}}', "known.json: is no baseline: “entries”"),
        (
            f'{{"version": 1, "entries": {{"a": {{"b": {{"c": {10**9 + 1}}}}}}}}}',
            "known.json: is no baseline: “en",
        ),
        (
            '{"version": 1, "entries": {"a": {}, "a": {}}}',
            "known.json: is no baseline: “a” stands in it twice",
        ),
    ],
)
def test_a_broken_baseline(text: str | None, message: str) -> None:
    if text is not None:
        Path("known.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        read_baseline(Path("known.json"))
    assert str(raised.value).startswith(message)


def test_a_count_may_be_large() -> None:
    Path("known.json").write_text(
        '{"version": 1, "entries": {"a": {"b": {"c": 1000000000}}}}', encoding="utf-8"
    )
    assert list(read_baseline(Path("known.json")).entries.values()) == [10**9]


def test_a_baseline_that_is_a_folder() -> None:
    Path("known.json").mkdir()
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        read_baseline(Path("known.json"))


def test_fingerprints_are_all_different_and_know_no_lines() -> None:
    write("tea.md", TEA, TEA, BALM)
    before = list(fingerprints(report()))
    assert len(set(before)) == len(before) == 4
    write("tea.md", PLAIN, BALM, TEA, PLAIN, TEA)
    assert set(fingerprints(report())) == set(before)


# --- the command ---------------------------------------------------------------------------------------


def check(*options: str) -> Result:
    return CliRunner().invoke(
        command, ["check", "--select", "cure-claim", "--quiet", *options], standalone_mode=False
    )


def lines(done: Result) -> list[str]:
    return [line.split()[0] for line in done.output.splitlines()]


def test_adopting_it_step_by_step() -> None:
    write("articles/tea.md", TEA, BALM)
    first = check("--write-baseline", "known.json")
    assert (first.return_value, first.output) == (0, "")
    write("articles/tea.md", "Our syrup cures asthma.", BALM)
    second = check("--baseline", "known.json")
    assert (second.return_value, lines(second)) == (1, ["articles/tea.md:3:11:"])
    told = check("--baseline", "known.json", "--statistics").output
    assert told == second.output  # --quiet is quiet
    whole = CliRunner().invoke(command, ["check", "--select", "cure-claim", "--baseline", "known.json"])
    assert whole.output.splitlines()[-1] == (
        "1 article checked: 1 error, no warnings, no info; 1 known from the baseline, 1 of it fixed."
    )
    before = Path("known.json").read_text(encoding="utf-8")
    third = check("--prune-baseline", "known.json")
    assert (third.return_value, lines(third)) == (1, ["articles/tea.md:3:11:"])
    after = Path("known.json").read_text(encoding="utf-8")
    assert len(json.loads(before)["entries"]["articles/tea.md"]["cure-claim"]) == 2
    assert len(json.loads(after)["entries"]["articles/tea.md"]["cure-claim"]) == 1
    found = json.loads(check("--baseline", "known.json", "--output-format", "json").output)
    assert (len(found["violations"]), len(found["known"]), found["gone"]) == (1, 1, 0)


def test_fingerprints_stay_the_same_between_versions() -> None:
    """They stand in the reports of old runs, and in baselines."""
    write("tea.md", TEA, PLAIN, TEA)
    found = [each for each in report() if each.rule == "cure-claim"]
    assert list(fingerprints(found)) == [
        "14fc1fa2097d485b6ef77c12b095d8a5",
        "f27ecdc6b89077bce78bdf0d4c651c1a",
    ]
    assert {each.sentence for each in known().entries if each.rule == "cure-claim"} == {"e78034d8aa89cf11"}


def test_a_sentence_may_hold_what_is_no_character() -> None:
    write("tea.md", TEA)
    odd = [replace(each, sentence="half a pair: \ud83d") for each in report()]
    assert len(set(fingerprints(odd))) == len(odd)
    assert all(len(key.sentence) == 16 for key in known().of(odd).entries)


def test_a_folder_is_no_baseline() -> None:
    Path("known.json").mkdir()
    with pytest.raises(DataError, match="cannot be read") as raised:
        read_baseline(Path("known.json"))
    assert str(raised.value).startswith("known.json: ")


def test_paths_are_those_of_the_file_wherever_the_command_is_run() -> None:
    write("articles/tea.md", TEA)
    check("--write-baseline", "known.json")
    os.chdir("articles")
    assert check("--baseline", "../known.json").output == ""


def test_the_configuration_can_name_it() -> None:
    write("articles/tea.md", TEA)
    check("--write-baseline", "known.json")
    Path(".healthlint.yaml").write_text("baseline: known.json\n", encoding="utf-8")
    assert check().output == ""
    os.chdir("articles")
    assert check().output == ""
    assert len(lines(check("--no-config"))) == 1


def test_a_baseline_is_not_written_when_an_article_could_not_be_read() -> None:
    write("tea.md", TEA)
    Path("picture.md").write_bytes(b"\x89PNG" + bytes(range(32)) * 9)
    done = check("--write-baseline", "known.json")
    assert done.return_value == 2
    assert "known.json is left as it is: not all articles could be checked." in done.output
    assert not Path("known.json").exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--baseline", "a.json", "--write-baseline", "a.json"],
        ["--prune-baseline", "a.json", "--write-baseline", "a.json"],
        ["--write-baseline", "a.json", "--min-severity", "error"],
        ["--write-baseline", "tea.md"],
    ],
)
def test_what_does_not_go_together(options: list[str]) -> None:
    write("tea.md", TEA)
    done = CliRunner().invoke(command, ["check", *options])
    assert done.exit_code == 2
    assert done.output.startswith("Usage:")
    assert Path("tea.md").read_text(encoding="utf-8").endswith(TEA + "\n")
