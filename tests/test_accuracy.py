"""The open corpus is what it claims to be, its figures do not fall, and the tables in the documentation are current."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from healthlint.context import CueSet
from healthlint.page import Page
from healthlint.readers import read_text
from healthlint.rule import Rule
from healthlint.rulebook import BUILTIN
from healthlint.span import Span

sys.path.insert(0, str(BUILTIN.parent / "benchmarks"))
import accuracy
import causation
import negation
from cases import Case, CorpusError, Mark, cases, unmarked

PRECISION, RECALL = 0.97, 0.80
"""What sentences that overclaim must reach on the open corpus."""

FILES_ONLY = {"reading", "suppression"}
"""Families about a file or what its author switched off, not about prose."""

ARTICLE = """\
<<document: no-author no-medical-reviewer>>
# Gout and cherries

Our tincture <<cure-claim: cures gout>> within a week. There is no cure for gout.

It is a <<beats-medicine|miracle-language: miracle cure>>.
"""
SENTENCES = """\
# Cures

How these came about.

## leaflet

There is no cure for hay fever.

## content farm

🌿 This tea <<cure-claim: cures *gout*>>.

Something in the cellar <<cure-claim: makes short work of gout>>.

Our drops cure
gout.
"""


@pytest.fixture(scope="module")
def found(rules: list[Rule]) -> list[accuracy.Result]:
    return accuracy.results(cases(), rules)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    article, sentences = tmp_path / "articles" / "shop" / "cherries.md", tmp_path / "sentences" / "cures.md"
    for path, text in ((article, ARTICLE), (sentences, SENTENCES)):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


# --- the corpus ------------------------------------------------------------------------------------------


def test_every_mark_names_a_rule(rules: list[Rule]) -> None:
    known = {rule.id for rule in rules}
    strangers = [
        f"{case.path}:{case.line}: {name}"
        for case in cases()
        for name in [*(name for mark in case.marks for name in mark.rules), *(case.document or ())]
        if name not in known
    ]
    assert strangers == []


def test_it_is_large(found: list[accuracy.Result]) -> None:
    assert sum(len(result.passages) for result in found) >= 1500
    assert sum(len(result.case.marks) for result in found) >= 500


def test_every_family_occurs(rules: list[Rule]) -> None:
    family = {rule.id: rule.family for rule in rules}
    marked = {family[name] for case in cases() for mark in case.marks for name in mark.rules}
    of_articles = {family[name] for case in cases() for name in case.document or ()}
    assert set(family.values()) - FILES_ONLY <= marked | of_articles


def test_every_context_occurs(rules: list[Rule]) -> None:
    vocabulary = rules[0].vocabulary
    cues = CueSet(vocabulary)
    occurring = {
        each.cue.context
        for case in cases()
        for sentence in Page(read_text(case.text, format=case.format), vocabulary).sentences()
        for each in cues.found(sentence).cues
    }
    assert {cue.context for cue in vocabulary.cues} <= occurring


def test_figures_do_not_fall(found: list[accuracy.Result]) -> None:
    told = [passage for result in found for passage in result.passages]
    score = accuracy.sentence_score(told, lambda each: bool(each.flagged))
    listed = accuracy.sentence_score(told, lambda each: accuracy.listed(each.text))
    assert score.precision >= PRECISION
    assert score.recall >= RECALL
    assert score.f1 > listed.f1


def test_tables_are_current(found: list[accuracy.Result], rules: list[Rule]) -> None:
    for path, text in accuracy.written(accuracy.tables(found, rules)).items():
        if os.environ.get("UPDATE"):
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, "run: python benchmarks/accuracy.py --write"


# --- how it is read --------------------------------------------------------------------------------------


def test_marks_give_places_in_the_bare_text() -> None:
    text, marks = unmarked("🌿 <<a-rule: one>>, <b><<b-rule|c-rule: two\nlines</b>>>.")
    assert text == "🌿 one, <b>two\nlines</b>."
    assert marks == ((("a-rule",), Span(2, 5)), (("b-rule", "c-rule"), Span(10, 23)))
    assert [text[slice(*mark.span)] for mark in marks] == ["one", "two\nlines</b>"]


def test_articles_and_sentences(small: Path) -> None:
    article, *sentences = cases(small)
    assert (article.path, article.register, article.format) == (
        "articles/shop/cherries.md",
        "shop",
        "markdown",
    )
    assert article.document == {"no-author", "no-medical-reviewer"}
    assert article.text.startswith("# Gout")
    assert [mark.rules for mark in article.marks] == [("cure-claim",), ("beats-medicine", "miracle-language")]
    assert [(case.line, case.register, len(case.marks)) for case in sentences] == [
        (7, "leaflet", 0),
        (11, "content-farm", 1),
        (13, "content-farm", 1),
        (15, "content-farm", 0),
    ]
    assert sentences[3].text == "Our drops cure\ngout."


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("articles/blog/a.md", "# No first line\n", "a.md:1: the first line is not"),
        ("sentences/a.md", "## blog\n\nA fine day.\n\nA <<wonder>> food.\n", "a.md:5: “<<” begins no mark"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        cases(tmp_path)


def test_a_mark_that_names_no_rule_is_told(rules: list[Rule]) -> None:
    case = Case("a.md", 3, "blog", "markdown", "A fine day.", (Mark(("fine-day",), Span(2, 6)),), None)
    with pytest.raises(CorpusError, match=r"a\.md:3: there is no rule “fine-day”"):
        accuracy.results([case], rules)


# --- how it is counted -----------------------------------------------------------------------------------


def by_rule(folder: Path, rules: list[Rule]) -> dict[str, accuracy.Score]:
    book = accuracy.Book({rule.id: rule for rule in rules})
    return accuracy.scores(accuracy.results(cases(folder), rules), book, lambda rule: rule.id)


def test_rules_are_scored_in_place(small: Path, rules: list[Rule]) -> None:
    scored = by_rule(small, rules)
    assert scored["cure-claim"] == (2, 1, 1)
    assert scored["miracle-language"] == (1, 0, 0)
    assert "beats-medicine" not in scored  # the other rule of its mark has found it


def test_rules_about_the_whole_are_scored_once_an_article(small: Path, rules: list[Rule]) -> None:
    scored = by_rule(small, rules)
    assert scored["no-author"] == scored["no-medical-reviewer"] == (1, 0, 0)
    assert scored["no-dates"] == (0, 0, 1)


def test_sentences_are_scored_as_claims(small: Path, rules: list[Rule]) -> None:
    told = [each for result in accuracy.results(cases(small), rules) for each in result.passages]
    assert accuracy.sentence_score(told, lambda each: bool(each.flagged)) == (3, 1, 1)
    assert accuracy.sentence_score(told, lambda each: accuracy.listed(each.text)) == (3, 1, 3)


def test_a_sentence_marked_only_for_less_than_a_claim_is_left_out(rules: list[Rule]) -> None:
    mild = next(rule.id for rule in rules if rule.family == "overclaim" and rule.severity == "info")
    text, marks = unmarked(f"A <<{mild}: bright>> day. Another day.")
    case = Case("a.md", 1, "blog", "markdown", text, marks, None)
    assert [each.text for each in accuracy.results([case], rules)[0].passages] == ["Another day."]


def test_excuses_are_judged(small: Path, rules: list[Rule]) -> None:
    excused = accuracy.context_scores(accuracy.results(cases(small), rules))
    assert excused["negated"] == (2, 0, 0)


def test_shares_of_nothing() -> None:
    none = accuracy.Score()
    assert (none.precision, none.recall, none.f1) == (0, 0, 0)
    assert accuracy.table("rule", {"a": none})[-1] == "| a | 0 | 0 | 0 | – | – | – |"


def test_rows_of_peers_that_are_not_run_stay(small: Path, rules: list[Rule]) -> None:
    found = accuracy.results(cases(small), rules)
    old = (
        "Before.\n<!-- accuracy -->\n| proselint 0.1 | 9 |\n| textlint 1 | 9 |\n<!-- /accuracy -->\nAfter.\n"
    )
    with_one = accuracy.tables(found, rules, {"textlint 2": accuracy.Score()})
    text = accuracy.block(old, with_one.comparison)
    assert text.startswith("Before.\n<!-- accuracy -->\n")
    assert text.endswith("<!-- /accuracy -->\nAfter.\n")
    assert "| proselint 0.1 | 9 |\n| textlint 2 | 0 |" in text
    assert "| textlint 1 | 9 |" not in text
    assert accuracy.block(text, with_one.comparison) == text


# --- the programs ----------------------------------------------------------------------------------------

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def printed(main: Callable[[], None], *arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["program", *map(str, arguments)])
        main()
        return capsys.readouterr().out

    return printed


def test_accuracy_prints_tables_and_what_is_wrong(small: Path, run: Run) -> None:
    text = run(accuracy.main, small, "--show", "5")
    assert "8 sentences (1 article, the others on their own), 4 marks:" in text
    assert "sentences/cures.md:13 Something in the cellar makes short work of gout." in text
    assert "sentences/cures.md:15 Our drops cure gout.  [cure-claim]" in text
    one_rule = run(accuracy.main, small, "--show", "5", "--rule", "cure-claim")
    assert "sentences/cures.md:15 Our drops <<cure gout>>." in one_rule
    assert "sentences/cures.md:13 Something in the cellar <<makes short work of gout>>." in one_rule


def test_an_absent_peer_is_no_failure(
    small: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "**healthlint**" in run(accuracy.main, small, "--peer")


def lines(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


NOTES = [
    ("The walker reports no BLISTERS.", "blisters", "Negated"),
    ("He denies having any HEEL PAIN, numbness or swelling.", "heel  pain", "Negated"),
    ("He denies having any heel pain, numbness or SWELLING.", "swelling", "Negated"),
    ("The scan ruled out a FRACTURE of the heel.", "fracture", "Negated"),
    ("The swab is negative for YEAST.", "yeast", "Negated"),
    ("No one can deny that she has a LIMP.", "limp", "Affirmed"),
    ("There is no rash, but the KNEE IS HOT.", "knee is hot", "Affirmed"),
    ("REDNESS: the toe shows some REDNESS.", "redness", "Affirmed"),
    ("This row was cut off inside", "inside its concept", "Affirmed"),
]


def test_negation_agrees_with_annotators(tmp_path: Path, run: Run) -> None:
    rows = [dict(zip(("text", "concept", "label"), note, strict=True)) for note in NOTES]
    decided = negation.decisions(rows)
    assert [each.text for each in decided if not each.agrees] == []
    assert len(decided) == len(NOTES) - 1
    text = run(negation.main, lines(tmp_path / "notes.jsonl", rows))
    assert "8 sentences, 5 of them negated" in text
    assert "agreement            100.0%  (8)" in text


def test_negation_shows_disagreements(tmp_path: Path, run: Run) -> None:
    rows = [
        {"text": "The toe is not RED.", "concept": "red", "label": "Affirmed"},
        {"text": "The toe was BROKEN.", "concept": "broken", "label": "Negated"},
    ]
    text = run(negation.main, lines(tmp_path / "notes.jsonl", rows), "--show", "3")
    assert "  - The toe was BROKEN.\n" in text
    assert "  - The toe is not RED.  [not]\n" in text


def test_causation_by_class(tmp_path: Path, run: Run) -> None:
    rows = [
        {"text": "Stress is the sole cause of gout.", "label_meaning": "direct causal"},
        {"text": "Stress was associated with gout.", "label_meaning": "correlational"},
        {"text": "Our tea cures gout.", "label_meaning": "no relationship"},
    ]
    text = run(causation.main, lines(tmp_path / "findings.jsonl", rows), "--show", "1")
    counts = {line[:30].strip(): line[30:].split() for line in text.split("\n\n")[0].splitlines()[1:]}
    assert counts["direct causal"] == ["1", "1", "100.00%", "1", "100.00%"]
    assert counts["correlational"] == ["1", "0", "0.00%", "0", "0.00%"]
    assert counts["no relationship"] == ["1", "0", "0.00%", "1", "100.00%"]
    assert "direct causal, and flagged:\n  - Stress is the sole cause of gout.  [" in text
