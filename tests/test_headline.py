"""Headlines that say more than their text, and leaps from animals to people."""

from __future__ import annotations

from functools import cache

import pytest

from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rulebook import load_rules


@cache
def linter(rule: str) -> Linter:
    return Linter([each for each in load_rules() if each.id == rule])


def found(rule: str, text: str) -> list[str]:
    return [each.text for each in linter(rule).lint(read_text(text, format="markdown"))]


@pytest.mark.parametrize(
    ("headline", "text"),
    [
        (
            "Olive oil prevents strokes",
            "People who cooked with olive oil had fewer strokes, which may be due to their income.",
        ),
        (
            "Night shifts raise cholesterol",
            "Night shifts were associated with a higher cholesterol in one survey of drivers.",
        ),
        ("Cold showers “cure” low mood", "Cold showers might lift the mood for an hour."),
        (
            "Gardening improves memory in old age",
            "Those who took up gardening were less likely to report poor memory.",
        ),
    ],
)
def test_a_headline_stronger_than_its_text(headline: str, text: str) -> None:
    assert found("headline-stronger-than-body", f"# {headline}\n\n{text}") == [headline]


@pytest.mark.parametrize(
    "text",
    [
        "# Can olive oil prevent strokes?\n\nOlive oil may prevent some strokes.",
        "# Olive oil may prevent strokes\n\nOlive oil may prevent some strokes.",
        "# Olive oil does not prevent strokes\n\nOlive oil was linked with fewer strokes in one survey.",
        "# Olive oil prevents strokes\n\nA trial in 7,000 people found fewer strokes with olive oil. Olive oil may also help the heart.",
        "# Olive oil prevents strokes\n\nBread goes well with olives.",
        "# Gout: causes and treatment\n\nGout may be linked with beer. The causes of gout may differ.",
        "# Heart attack causes\n\nA heart attack may be linked with stress.",
        "# How to relieve lower back pain\n\nWalking may relieve back pain.",
        "## Olive oil\n\nText.\n\n## Olive oil prevents strokes\n\nOlive oil may prevent strokes.",
    ],
)
def test_a_headline_as_strong_as_its_text(text: str) -> None:
    assert found("headline-stronger-than-body", text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("In old mice the fruit brought back the fur, so eat it daily.", ["so eat"]),
        ("A rat study found stronger bones. It means you can skip the tablets.", ["It means you"]),
        (
            "In a petri dish the resin killed tumour cells. The cells died in a day. It works in people as well.",
            ["works in people"],
        ),
        (
            "# Rosehip heals arthritis\n\nMice given rosehip ran further.\n\nThe powder is red.",
            ["Rosehip heals arthritis"],
        ),
    ],
)
def test_a_leap_from_animals_to_people(text: str, words: list[str]) -> None:
    assert found("animal-to-human", text) == words


@pytest.mark.parametrize(
    "text",
    [
        "In old mice the fruit brought back the fur. Nobody has tested it in people.",
        "In old mice the fruit brought back the fur, so eat it daily if you like. It has not been tried in humans.",
        "Wear gloves when there are mice in the shed, so eat outside.",
        "Lab tests show how much iron you have. Eat it with lemon.",
        "In vitro fertilisation is offered in three towns. You can expect a letter.",
        "# Rosehip and arthritis\n\nMice given rosehip ran further.",
        "# Rosehip heals arthritis\n\nMice given rosehip ran further. In a randomised trial, patients walked further too.",
        "A mouse study shows an effect. That means you should wait for trials in people.",
    ],
)
def test_no_leap(text: str) -> None:
    assert found("animal-to-human", text) == []
