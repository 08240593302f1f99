"""What kind of page an article stands on, and the words that say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from healthlint.page import Page, Signal, once_a_page


class Witness(NamedTuple):
    """What gives a kind of page away."""

    signal: str
    """The signal that holds its words."""
    different: int
    """So many different ones a page needs, to be of the kind,"""
    per_thousand_words: int
    """and so many in each thousand words."""
    against: str = ""
    """A signal whose words are taken off that number."""
    refuting: str = ""
    """A signal of which `REFUTING` different words show that the page is not of the kind."""


KINDS = {
    "shop": Witness("page-shop", 3, 2),
    "clinic": Witness("page-clinic", 3, 3),
    "pitch": Witness("page-pitch", 4, 3),
    "reviews": Witness("page-reviews", 4, 4),
    "remedies": Witness("page-remedies", 3, 4, "page-balanced", "page-sceptical"),
    "wellness": Witness("page-wellness", 5, 5, "page-balanced", "page-sceptical"),
    "fringe": Witness("page-fringe", 3, 3, "page-unpersuaded", "page-sceptical"),
}
"""Kinds of page. The last three are told by their subject, on which others write too, with more care."""

REFUTING = 2
"""So many different words of a sceptic outweigh any number of words of the subject."""
SHORTEST = 300
"""Pages of fewer words are measured as if they had so many."""


class PageKind(NamedTuple):
    """A kind of page."""

    name: str
    evidence: tuple[Signal, ...]
    """Every place where a phrase of the kind stands, navigation and footer included."""


@once_a_page
def page_kinds(page: Page) -> tuple[PageKind, ...]:
    """What the configuration says, else every kind of which the page has enough, that of which it has most first.

    Empty for an ordinary article.
    """
    if page.kind:
        return (PageKind(page.kind, ()),)
    words = max(SHORTEST, sum(block.word_count for block in page.document.blocks))
    kinds = []
    for name, witness in KINDS.items():
        evidence = _signals(page, witness.signal)
        if (
            _different(evidence) >= witness.different
            and 1000 * (len(evidence) - len(_signals(page, witness.against)))
            >= witness.per_thousand_words * words
            and _different(_signals(page, witness.refuting)) < REFUTING
        ):
            kinds.append(PageKind(name, evidence))
    return tuple(sorted(kinds, key=lambda kind: -len(kind.evidence)))


def is_of_kind(page: Page, *names: str) -> bool:
    """Whether `page` is of one of the kinds `names`."""
    return any(kind.name in names for kind in page_kinds(page))


def _signals(page: Page, name: str) -> tuple[Signal, ...]:
    return page.signals(name) if name else ()


def _different(evidence: Sequence[Signal]) -> int:
    return len({each.sentence.words[each.match.start : each.match.end] for each in evidence})
