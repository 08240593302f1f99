"""School grades, long sentences and unexplained words."""

from __future__ import annotations

import pytest
from checked import found, page, places

from healthlint.checks import grade, readability
from healthlint.rule import Rule

PLAIN = (
    "Your back hurts. That is no fun, but it is common. Most backs get well in six weeks. Move as much as you can. "
    "Walk to the shop and back. Take the stairs. Do not stay in bed. Heat feels good to some, and cold to others. "
)
HARD = (
    "Multidisciplinary rehabilitation incorporating individualised physiotherapeutic intervention substantially "
    "ameliorates functional limitation in populations experiencing persistent musculoskeletal symptomatology. "
)


def grades(rules: list[Rule], text: str, limit: int = 10, format: str = "markdown") -> list[tuple[str, str]]:
    matches = found(rules, readability.grade, text, format=format, limit=limit)
    return [(source, details["grade"]) for source, details in matches]


def test_the_hardest_sentence_is_shown(rules: list[Rule]) -> None:
    [(sentence, reached)] = grades(rules, f"# Backs\n\n{PLAIN * 2}\n\n{HARD * 6}")
    assert sentence == HARD.strip()
    assert float(reached) > 12


def test_plain_words_are_left_alone(rules: list[Rule]) -> None:
    assert grades(rules, f"# Backs\n\n{PLAIN * 4}") == []


def test_short_texts_have_no_grade(rules: list[Rule]) -> None:
    assert grades(rules, f"# Backs\n\n{HARD * 3}") == []
    assert grades(rules, f"# Backs\n\n{HARD * 7}")


@pytest.mark.parametrize(
    "part",
    [
        f"## {HARD * 6}",
        f"| a |\n| --- |\n| {HARD * 6} |",
        f"![{HARD * 6}](back.png)",
        f"```\n{HARD * 6}\n```",
        f"This is not medical advice. Ask a doctor.\n\n## References\n\n1. {HARD * 6} BMJ 2019;364:l1.",
    ],
)
def test_what_does_not_count(rules: list[Rule], part: str) -> None:
    assert grades(rules, f"# Backs\n\n{PLAIN * 4}\n\n{part}") == []


def test_lists_count_item_by_item(rules: list[Rule]) -> None:
    items = "- a walk round the block\n- a hot bath\n- ten slow breaths\n- a call to a friend\n" * 8
    assert grades(rules, f"# Backs\n\n{PLAIN}\n\n{items}") == []
    run_on = "Try any of these: " + "- a walk round the block - a hot bath - ten slow breaths " * 8
    assert grades(rules, f"Backs\n\n{PLAIN * 2}\n\n{run_on}.", format="text") == []


def test_names_of_medicines_do_not_count(rules: list[Rule]) -> None:
    said = [*page(rules, "Take hydrochlorothiazide and spironolactone with food.").block_sentences(0)]
    assert grade.counted_words(said[0]) == ["take", "and", "with", "food"]


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("The paediatrician saw the oedema.", "The pediatrician saw the edema."),
        ("Haemorrhoids swell.", "Hemorrhoids swell."),
        ("Your behaviour and your colour.", "Your behavior and your color."),
        ("We organise it at the centre.", "We organize it at the center."),
    ],
)
def test_british_and_american_spelling_read_alike(rules: list[Rule], british: str, american: str) -> None:
    one, other = (grade.school_grade(page(rules, text).block_sentences(0)) for text in (british, american))
    assert abs(one - other) <= 2.5


def test_long_sentences(rules: list[Rule]) -> None:
    calm = "The bone heals while the plaster is on, and " + "and ".join(["the leg grows thin "] * 6) + "too."
    [(sentence, details)] = found(rules, readability.long_sentences, f"# Legs\n\nIt heals. {calm}", limit=30)
    assert sentence == calm
    assert details == {"words": "39", "limit": "30"}
    urgent = (
        "Call 999 at once if the toes are white or blue, if the pain gets worse by the hour, or if you cannot feel "
        "the foot any more below the plaster."
    )
    [(sentence, details)] = found(rules, readability.long_sentences, f"# Legs\n\n{urgent}", limit=30)
    assert details == {"words": "31", "limit": "25"}
    assert not found(rules, readability.long_sentences, f"# Legs\n\n> {calm}", limit=30)
    assert not found(rules, readability.long_sentences, f"# Legs\n\n{calm}", limit=40)


def test_undefined_terms(rules: list[Rule]) -> None:
    text = (
        "# Swollen legs\n\nOedema comes at night. NSAIDs can make it worse, and NSAIDs are in many gels. Your doctor may "
        "look for a DVT (a clot in the leg). A DVT is treated with blood thinners. An [ECG](/ecg) shows the heart."
    )
    assert places(rules, readability.undefined_terms, text) == ["Oedema", "NSAIDs"]
