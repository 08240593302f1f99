"""What kind of page an article stands on, and the words that say so."""

from __future__ import annotations

from typing import NamedTuple

from healthlint.page import Page, Signal, once_a_page

KINDS = {"shop": "page-shop", "clinic": "page-clinic"}
"""Kinds of page, and the signal whose words give each away."""

DIFFERENT = 3
"""So many different phrases of a kind's signal a page needs, to be of that kind,"""
PER_THOUSAND_WORDS = 3
"""and so many in each thousand words."""
SHORTEST = 300
"""Pages of fewer words are measured as if they had so many."""


class PageKind(NamedTuple):
    """A kind of page."""

    name: str
    evidence: tuple[Signal, ...]
    """Every place where a phrase of the kind stands, navigation and footer included."""


@once_a_page
def page_kind(page: Page) -> PageKind | None:
    """What the configuration says, else the kind of which the page has most; None for an ordinary article."""
    if page.kind:
        return PageKind(page.kind, ())
    words = sum(block.text.count(" ") + 1 for block in page.document.blocks)
    kinds = []
    for name, signal in KINDS.items():
        evidence = page.signals(signal)
        different = {each.sentence.words[each.match.start : each.match.end] for each in evidence}
        if len(different) >= DIFFERENT and 1000 * len(evidence) >= PER_THOUSAND_WORDS * max(words, SHORTEST):
            kinds.append(PageKind(name, evidence))
    return max(kinds, key=lambda kind: len(kind.evidence), default=None)
