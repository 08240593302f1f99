"""Articles on a treatment that tell half of it."""

from __future__ import annotations

import pytest
from checked import places

from healthlint.checks import balance
from healthlint.rule import Rule


def harmless(rules: list[Rule], text: str, format: str = "markdown") -> list[str]:
    return places(rules, balance.benefit_without_harm, text, format=format)


PRAISE = "# Cupping for runners\n\nCupping relieves tight calves. It improves blood flow. A session takes ten minutes."


def test_where_it_points(rules: list[Rule]) -> None:
    assert harmless(rules, PRAISE) == ["Cupping"]
    assert harmless(rules, PRAISE.replace("# Cupping for runners", "# For runners")) == []
    often = "# For runners\n\nCupping relieves tight calves. Cupping improves blood flow. And cupping eases cramps."
    assert harmless(rules, often) == ["Cupping"]
    html = "<title>Cupping | Elm Clinic</title><h1>For runners</h1><p>It relieves tight calves.</p>"
    assert harmless(rules, html, "html") == ["Cupping"]


@pytest.mark.parametrize(
    "harm",
    [
        "Side effects are round bruises.",
        "Bruises are common for a week.",
        "It may burn the skin.",
        "It is not suitable for people with thin skin.",
        "Do not use it if you are pregnant.",
        "Speak to your doctor before you book, if you take warfarin.",
        "It eases cramps, but it can leave scars and cause fainting.",
        "Complications include burns.",
        "Cupping has its risks.",
    ],
)
def test_a_word_of_harm_is_enough(rules: list[Rule], harm: str) -> None:
    assert harmless(rules, f"{PRAISE} {harm}") == []


@pytest.mark.parametrize(
    "other",
    [
        "It has no side effects.",
        "It lowers the risk of a torn muscle.",
        "Cupping eases bruising and headaches.",
        "A torn calf is a dangerous injury, with bleeding and swelling.",
        "It works without the risks of surgery.",
    ],
)
def test_harms_of_other_things_do_not_count(rules: list[Rule], other: str) -> None:
    assert harmless(rules, f"{PRAISE} {other}") == ["Cupping"]


@pytest.mark.parametrize(
    "text",
    [
        "# Porridge\n\nPorridge lowers cholesterol. It improves digestion.",
        "# Yoga\n\nYoga eases back pain. It improves balance. It helps you sleep.",
        "# Iron deficiency\n\nIt is treated with tablets. It improves within weeks.",
        "# What is insulin?\n\nInsulin is a hormone of the pancreas.",
        "# Does cupping work?\n\nDoes cupping relieve pain?",
    ],
)
def test_what_is_no_praise_of_a_treatment(rules: list[Rule], text: str) -> None:
    assert harmless(rules, text) == []


def test_alternatives(rules: list[Rule]) -> None:
    def single(text: str) -> list[str]:
        return places(rules, balance.no_alternatives, text)

    assert single("# Your knee replacement\n\nThe operation takes an hour.") == ["knee replacement"]
    assert (
        single("# Your knee replacement\n\nThe operation takes an hour. Other options are set out overleaf.")
        == []
    )
    assert single("# Statins or ezetimibe?\n\nBoth are tablets.") == []
    assert single("# Sore knees\n\nKnee replacement takes an hour.") == []


def test_frequencies(rules: list[Rule]) -> None:
    def vague(text: str) -> list[str]:
        return places(rules, balance.vague_frequency, text)

    text = "## Risks\n\nThere is a small risk of a clot.\n\n## Care\n\nOne in ten people stay longer."
    assert vague(text) == ["small risk of"]
    assert vague(text.replace("a clot.", "a clot, in 1 in 500 people.")) == []
    assert vague("Infection 1 in 50, clot 1 in 900.") == ["1 in 50, clot 1 in 900"]
    assert vague("Infection 1 in 100, clot 1 in 100.") == []
