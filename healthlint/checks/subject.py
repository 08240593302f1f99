"""What the title and the main heading of an article name."""

from __future__ import annotations

from healthlint.language import Sentence
from healthlint.page import Page, once_a_page
from healthlint.topic import is_site_name

_LACKING = frozenset(
    "deficiency deficiencies level levels test tests overload poisoning toxicity allergy".split()
)
"""After these a page on iron or on lithium is about the lack or the excess of it."""


@once_a_page
def headlines(page: Page) -> tuple[Sentence, ...]:
    """The sentences of the main headings, then of the title; later titles are those of parts, as in a list of FAQ."""
    blocks = page.document.blocks
    headings = [
        index
        for index, block in enumerate(blocks)
        if block.kind == "heading" and block.level == 1 and block.zone == "article"
    ]
    titles = [index for index, block in enumerate(blocks) if block.kind == "title"][:1]
    return tuple(said for index in (*headings, *titles) for said in page.block_sentences(index))


def named(page: Page, slot: str) -> tuple[Sentence, int, int] | None:
    """Where a headline names a term of a lexicon: the sentence, and its first and last token (exclusive)."""
    for said in headlines(page):
        for start, ends in sorted(said.terms_of(slot).items()):
            lacking = said.words[ends[0] : ends[0] + 1]
            if not is_site_name(said, start) and _LACKING.isdisjoint(lacking):
                return said, start, ends[0]
    return None


def named_by(page: Page, signal: str) -> bool:
    """Whether a phrase of a signal stands in a headline."""
    phrases = page.vocabulary.signals[signal]
    return any(
        not is_site_name(said, match.start) for said in headlines(page) for _, match in phrases.matches(said)
    )
