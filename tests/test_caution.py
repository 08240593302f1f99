"""Articles that tell their readers to use something, and for whom it is not."""

from __future__ import annotations

from functools import cache

import pytest

from healthlint.checks import CheckSettings
from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rulebook import load_rules
from healthlint.violation import Violation

RULES = (
    *("new-regimen-without-consult", "pregnancy-caution-missing", "interaction-caution-missing"),
    "child-caution-missing",
)


@cache
def linter() -> Linter:
    return Linter([rule for rule in load_rules() if rule.id in RULES], checks=CheckSettings())


def violations(text: str) -> list[Violation]:
    return linter().lint(read_text(text, format="markdown"))


def found(text: str) -> list[tuple[str, str]]:
    return [(each.rule, each.text) for each in violations(text)]


SLEEP = """
# Sleeping through

Wool socks warm the feet, and warm feet make you sleepy. Dim the lamps an hour before bed.

## Herbs

Hops taste bitter. {herbs}

## The room

Open the window for ten minutes. {room}
"""


def test_an_instruction_needs_somebody_to_ask_in_its_section() -> None:
    herbs = "For broken nights, take valerian at nine."
    assert sorted(found(SLEEP.format(herbs=herbs, room=""))) == [
        ("new-regimen-without-consult", "take valerian"),
        ("pregnancy-caution-missing", "take valerian"),
    ]
    elsewhere = SLEEP.format(herbs=herbs, room="See a doctor about snoring.")
    assert ("new-regimen-without-consult", "take valerian") in found(elsewhere)
    beside = SLEEP.format(herbs=f"{herbs} Ask your pharmacist if it suits you.", room="")
    assert "new-regimen-without-consult" not in dict(found(beside))
    before = SLEEP.format(herbs=herbs, room="Talk to your doctor before you use herbs.")
    assert "new-regimen-without-consult" not in dict(found(before))


@pytest.mark.parametrize(
    "text",
    [
        "# Joints\n\nMany people take turmeric capsules, and few feel a difference.",
        "# Joints\n\nDo not take turmeric capsules with blood thinners.",
        "# Joints\n\nShould you take turmeric capsules?",
        "# Joints\n\nThe seller says: “Take turmeric capsules every day.”",
        "# Joints\n\nAdd turmeric to the soup.",
        "# Joints\n\nUse of curcumin is studied in two hospitals.",
        "# Joints\n\n## Take turmeric capsules or not\n\nNobody knows.",
        "# Sore back\n\nTake paracetamol or ibuprofen for a few days.",
    ],
)
def test_no_instruction(text: str) -> None:
    assert found(text) == []


def test_the_message_names_the_remedy() -> None:
    [pregnancy] = [
        each
        for each in violations("# Ibuprofen gel and tablets\n\nTake two tablets after meals.")
        if each.rule == "pregnancy-caution-missing"
    ]
    assert pregnancy.text == "Take two tablets after meals"
    assert pregnancy.message == "Advice to use “Ibuprofen” needs a word on pregnancy and breastfeeding."


def test_a_subject_of_later_life_needs_no_word_on_pregnancy() -> None:
    assert "pregnancy-caution-missing" in dict(found("# Tired legs\n\nTry ginkgo in the evening."))
    assert "pregnancy-caution-missing" not in dict(found("# Hot flushes\n\nTry black cohosh in the evening."))


def test_a_word_on_medicines_anywhere_is_enough() -> None:
    text = "# Memory\n\nTry ginkgo in the morning.\n\n{}"
    assert "interaction-caution-missing" in dict(found(text.format("Learn a poem by heart.")))
    assert "interaction-caution-missing" not in dict(
        found(text.format("It is not for people who take other medicines."))
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Coughs\n\nAt night, give your toddler a spoon of honey.", "give your toddler a spoon of honey"),
        ("# Coughs\n\nRub eucalyptus oil on the baby’s chest.", "Rub eucalyptus oil on the baby"),
        ("# Coughs\n\nGive your toddler honey. Babies under twelve months must not have it.", ""),
        ("# Coughs\n\nGive your toddler a drink of water.", ""),
        ("# Coughs\n\nDo not give babies honey.", ""),
    ],
)
def test_remedies_for_children(text: str, words: str) -> None:
    assert [each for rule, each in found(text) if rule == "child-caution-missing"] == (
        [words] if words else []
    )
