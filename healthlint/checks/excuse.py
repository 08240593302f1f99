"""What excuses the matches of a page, for the linter and for checks that look at claims themselves."""

from __future__ import annotations

from healthlint.checks import disclaimer, references
from healthlint.context import Contexts, cue_set
from healthlint.page import Page, once_a_page
from healthlint.rule import Match

ALWAYS = ("disclaimer", "reference")
"""Contexts that excuse every claim, whatever the rule says: a notice's own words, a cited title."""

FRAMES = {"disclaimer": disclaimer.sentences, "reference": references.sentences}
"""Which sentences these are."""


@once_a_page
def contexts(page: Page) -> Contexts:
    """The contexts of a page, found once however many ask."""
    return Contexts(page, cue_set(page.vocabulary), FRAMES)


def excused(page: Page, match: Match, *names: str) -> bool:
    """Whether one of the contexts `names`, or one that excuses every claim, holds for `match`."""
    return any(contexts(page).of(match, dict.fromkeys((*ALWAYS, *names))))
