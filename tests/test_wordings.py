"""Sentences written without a look at the rules: what was found once stays found, and what is fine stays silent."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rulebook import load_rules

FOLDER = Path(__file__).parent / "wordings"
CLAIMS = frozenset(["overclaim", "safety-claim", "causation", "referral", "urgent-care"])
MOST_FLAGGED = {"therapies": 4, "remedies": 6, "wellness": 1, "natural-cures": 2, "careful": 4}
"""So many of the sentences that are fine may be flagged."""
FEWEST_FOUND = {"therapies": 107, "remedies": 119, "wellness": 108, "natural-cures": 143}
"""So many of the sentences that overclaim must be found."""


class Wording(NamedTuple):
    """A line of a file."""

    is_claim: bool
    sentence: str


def wordings(name: str) -> list[Wording]:
    """The sentences of a file."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    assert all(label in ("bad", "ok") and kind and sentence for label, kind, sentence in rows)
    return [Wording(label == "bad", sentence) for label, _, sentence in rows]


@cache
def flagged(name: str) -> list[Wording]:
    """Those of a file of which a part is called a claim, by a warning or an error about the sentence."""
    linter = Linter([rule for rule in load_rules() if rule.family in CLAIMS and rule.phrases])
    return [
        each
        for each in wordings(name)
        if any(
            violation.severity != "info"
            for violation in linter.lint(read_text(each.sentence, format="markdown"))
        )
    ]


def test_every_file_is_tried() -> None:
    assert {path.stem for path in FOLDER.glob("*.tsv")} == set(MOST_FLAGGED)


@pytest.mark.parametrize("name", FEWEST_FOUND)
def test_what_overclaims_is_found(name: str) -> None:
    found = [each.sentence for each in flagged(name) if each.is_claim]
    assert len(found) >= FEWEST_FOUND[name]


@pytest.mark.parametrize("name", MOST_FLAGGED)
def test_what_is_fine_is_silent(name: str) -> None:
    alarms = [each.sentence for each in flagged(name) if not each.is_claim]
    assert len(alarms) <= MOST_FLAGGED[name], alarms
