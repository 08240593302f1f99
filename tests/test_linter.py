"""From rules to violations: frames, kinds of rule, duplicates, what is looked at and what is not."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rulefolder import rule_file

from healthlint.linter import Linter
from healthlint.readers import read, read_text
from healthlint.rule import Rule
from healthlint.rulebook import BUILTIN, load_rules
from healthlint.violation import Violation

Lint = Callable[..., list[Violation]]


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """Lints a text with one rule of the given body."""

    def run(body: str, text: str, format: str = "markdown") -> list[Violation]:
        rule_file(tmp_path, body)
        rules = [rule for rule in load_rules(tmp_path) if rule.path.startswith(tmp_path.as_posix())]
        return Linter(rules).lint(read_text(text, format=format))

    return run


def texts(violations: list[Violation]) -> list[str]:
    return [violation.text for violation in violations]


def test_except_looks_at_the_words_around(lint: Lint) -> None:
    body = "phrases:\n  - cured\nexcept:\n  - cured ham"
    assert texts(lint(body, "Cured ham. She was cured.")) == ["cured"]


def test_where_blocks(lint: Lint) -> None:
    body = "phrases:\n  - wonder food\nwhere:\n  blocks: [heading]"
    assert [violation.start.line for violation in lint(body, "# Wonder food\n\nA wonder food.")] == [1]


def test_where_heading(lint: Lint) -> None:
    body = "phrases:\n  - wonder food\nwhere:\n  heading: [benefits]"
    text = "# Kale\n\nA wonder food.\n\n## Health benefits\n\n### Skin\n\nA wonder food.\n\n## Recipes\n\nA wonder food."
    assert [violation.start.line for violation in lint(body, text)] == [9]


def test_where_sentence_and_nearby(lint: Lint) -> None:
    text = "Buy now. A wonder food. Kale.\n\nA wonder food.\n\nBuy a wonder food."
    assert [v.start.line for v in lint("phrases:\n  - wonder food\nwhere:\n  sentence: [buy]", text)] == [5]
    assert [v.start.line for v in lint("phrases:\n  - wonder food\nwhere:\n  nearby: [buy]", text)] == [1, 5]


def test_where_context(lint: Lint) -> None:
    body = "phrases:\n  - cure~ cancer\nwhere:\n  context: [hedged]"
    assert texts(lint(body, "It may cure cancer. It cures cancer.")) == ["cure cancer"]


def test_where_cited(lint: Lint) -> None:
    body = "phrases:\n  - studies show\nwhere:\n  cited: false"
    text = (
        "Studies show it.\n\nStudies show it [1].\n\nStudies show [it](https://pubmed.ncbi.nlm.nih.gov/1/)."
    )
    assert [violation.start.line for violation in lint(body, text)] == [1]


def test_absent_with_when(lint: Lint) -> None:
    body = "absent:\n  - call 999\nwhen:\n  - chest pain"
    assert texts(lint(body, "# Heart\n\nChest pain is common.")) == ["Chest pain"]
    assert lint(body, "# Heart\n\nChest pain? Call\n999.") == []
    assert lint(body, "# Knees\n\nKnee pain.") == []
    assert texts(lint(body, "# Heart\n\nChest pain.\n\n<!-- call 999 -->\n\n    call 999")) == ["Chest pain"]


def test_absent_about_a_subject(lint: Lint) -> None:
    body = "absent:\n  - call 999\nabout:\n  - stroke"
    assert texts(lint(body, "# Signs of a stroke\n\nThe face droops.")) == ["stroke"]
    assert texts(lint(body, "# Signs\n\nA stroke is sudden. A stroke is grave. Stroke kills.")) == ["stroke"]
    assert lint(body, "# Signs\n\nA stroke is one of many reasons.") == []


def test_absent_with_named_requirements(tmp_path: Path) -> None:
    body = "absent:\n  two-signs:\n    at-least: 2\n    phrases: [numbness, weakness, fever]\n  number:\n    phrases: [call 999]"
    rule_file(tmp_path, body)
    path = tmp_path / "house" / "wonder-food.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("“{match}” is not house style.", "Missing: {missing}."),
        encoding="utf-8",
    )
    rules = [rule for rule in load_rules(tmp_path) if rule.path.startswith(tmp_path.as_posix())]
    linter = Linter(rules)

    def messages(article: str) -> list[str]:
        return [violation.message for violation in linter.lint(read_text(article))]

    assert messages("# Back\n\nNumbness and numbness.") == ["Missing: two signs and number."]
    assert messages("# Back\n\nNumbness, weakness.") == ["Missing: number."]
    assert messages("# Back\n\nNumbness, weakness: call 999.") == []


def test_metadata(lint: Lint) -> None:
    body = "metadata: [author, written_by]\nnot: [admin]"
    assert lint(body, "---\nWrittenBy: Rosa\n---\n\nText.") == []
    assert texts(lint(body, "---\nauthor: Admin\n---\n\nText.")) == ["Admin"]
    assert texts(lint(body, "# Title\n\nText.")) == ["Title"]


def test_tokens(lint: Lint) -> None:
    body = "tokens:\n  - [{LIKE_NUM: true}, {LOWER: days}]"
    (violation,) = lint(body, "Gone in **3** days. Gone in a day.")
    assert violation.text == "3** days"


def test_suggest_names_the_rewrite(lint: Lint) -> None:
    (violation,) = lint("phrases:\n  - wonder food\nsuggest:\n  wonder food: good food", "A Wonder food.")
    assert violation.fix == "good food"


def test_the_longest_of_overlapping_phrases_is_reported_once(lint: Lint) -> None:
    body = "phrases:\n  - wonder\n  - wonder food\n  - food of the gods"
    assert texts(lint(body, "A wonder food of the gods.")) == ["wonder", "food of the gods"]
    assert texts(lint(body, "A wonder food.")) == ["wonder food"]


def test_nested_claims_are_one_violation_the_gravest(tmp_path: Path) -> None:
    rule_file(tmp_path, "phrases:\n  - wonder food", id="one")
    path = rule_file(tmp_path, "phrases:\n  - a wonder food", id="two")
    path.write_text(
        path.read_text(encoding="utf-8").replace("severity: warning", "severity: error"), encoding="utf-8"
    )
    rules = [rule for rule in load_rules(tmp_path) if rule.path.startswith(tmp_path.as_posix())]
    (violation,) = Linter(rules).lint(read_text("It is a wonder food."))
    assert (violation.rule, violation.severity, violation.also) == ("two", "error", ("one",))
    milder_rules = [replace(rule, severity="info") if rule.id == "two" else rule for rule in rules]
    (milder,) = Linter(milder_rules).lint(read_text("It is a wonder food."))
    assert (milder.rule, milder.also) == ("one", ("two",))


def test_navigation_and_copies_of_the_title_are_left_out(lint: Lint) -> None:
    page = (
        "<head><title>A wonder food</title><meta property='og:title' content='A wonder food'></head>"
        "<body><nav><ul><li><a href='/'>A wonder food</a></li></ul></nav><main><h1>A wonder food</h1></main></body>"
    )
    assert [violation.start.column for violation in lint("phrases:\n  - wonder food", page, "html")] == [
        page.index("wonder") + 1,
        page.rindex("wonder") + 1,
    ]


def test_a_notice_and_a_reference_are_no_claims(claims: Linter) -> None:
    text = (
        "# Tea\n\nTea is warm.\n\n## References\n\n1. Lee A. Green tea cures cancer: a review. J Tea 2020;1:2-3.\n\n"
        "*This tea is not intended to diagnose, treat, cure or prevent any disease.*\n"
    )
    assert claims.lint(read_text(text)) == []
    assert {
        context.name for each in claims.outcome(read_text(text)).excused for context in each.contexts
    } >= {"reference"}


def examples() -> list[Path]:
    folder = BUILTIN.parent / "examples"
    return sorted(
        path for path in folder.iterdir() if path.suffix in (".md", ".mdx", ".html", ".rst", ".txt")
    )


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.name)
def test_the_screen_changes_no_report(path: Path, rules: list[Rule]) -> None:
    document = read(path)
    on = [rule for rule in rules if rule.default]
    assert Linter(on).outcome(document) == Linter(on, screened=False).outcome(document)


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.name)
def test_rule_order_and_neighbours_change_no_report(path: Path, rules: list[Rule]) -> None:
    document = read(path)
    assert Linter(rules).lint(document) == Linter(rules[::-1]).lint(document)


@pytest.mark.parametrize("words", [40, 300, 16_000])
def test_articles_checked_together_are_reported_as_alone(
    words: int, rules: list[Rule], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many words are searched at once, and wherever an article is parted for it."""
    linter = Linter(rules)
    documents = [read(path) for path in examples()]
    alone = [linter.outcome(document) for document in documents]
    monkeypatch.setattr("healthlint.page.PASSAGE", words)
    assert list(linter.outcomes(documents)) == alone
    assert list(linter.outcomes(reversed(documents))) == alone[::-1]


def test_every_span_is_its_text(rules: list[Rule]) -> None:
    linter = Linter(rules)
    seen = 0
    for path in examples():
        document = read(path)
        for violation in linter.lint(document):
            seen += 1
            assert violation.text == document.source[violation.span.start : violation.span.end]
            assert violation.text.strip() == violation.text != ""
            assert document.position(violation.span.start) == violation.start
            assert violation.source_line == document.line(violation.start.line)
    assert seen > 20


def test_an_empty_document_has_nothing_to_report(rules: list[Rule]) -> None:
    linter = Linter(rules)
    for text in ("", "\n\n", "---\n---\n", "<!-- -->"):
        assert linter.lint(read_text(text)) == []


def test_a_rule_told_once_reports_the_first_place(tmp_path):
    rule_file(tmp_path, "phrases:\n  - wonder food\nonce: true")
    rule = next(rule for rule in load_rules(tmp_path) if rule.id == "wonder-food")
    text = "<!-- healthlint-disable-next-line wonder-food -- ours -->\nA wonder food.\n\nA wonder food, a wonder food."
    assert [violation.start for violation in Linter([rule]).lint(read_text(text))] == [(4, 3)]


@pytest.mark.parametrize("looked_for", [True, False])
def test_whoever_looks_for_no_garbage_goes_on_so(lint: Lint, looked_for: bool) -> None:
    (gc.enable if looked_for else gc.disable)()
    try:
        assert texts(lint("phrases: [cured]", "She was cured.")) == ["cured"]
        assert gc.isenabled() == looked_for
    finally:
        gc.enable()
