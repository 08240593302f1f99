"""What a page is about, and why we believe it: which words stand where, and how often.

A page is about what its title, main heading or description names, and about what its text keeps coming back to.
A passing mention, a list of related articles, a reference, a list of many conditions and "this page is not about
stroke" make no subject.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from healthlint.context import Contexts
from healthlint.language import Sentence
from healthlint.page import Page
from healthlint.phrase import PhraseSet, widest
from healthlint.rule import Match, match_at

MENTIONS = 3
SHARE = 250
"""Without a title that names it, a subject has so many mentions, and one for each so many words of the article;"""
IN_TEXT = 2
"""and so many of them in the text: a page that lists its offers in headings is about none of them. What the
description names needs these only."""

MANY = 5
"""Who names so many different conditions in one sentence lists them, and is about none."""

_SECOND_PART = re.compile(r"\s+[-|–—·»•]+\s+")
"""In a <title>, what follows is the name of the site."""

_IN_LISTS = frozenset(["item", "cell", "term"])


class Topic(NamedTuple):
    """A subject of a page."""

    match: Match
    """Where a finding about it points: the main heading, the title, or the first mention in the text."""
    terms: tuple[str, ...]
    """The words that name it, lower case, the most frequent first."""
    in_title: bool
    """Whether the title or the main heading names it."""
    in_description: bool
    in_headings: int
    """How many of the other headings do."""
    in_text: int
    """How often it is named in paragraphs and lists; one list or table counts once."""

    @property
    def reason(self) -> str:
        """Why it is a subject: “in the title and 2 headings, 11 times in the text”."""
        headings = "a heading" if self.in_headings == 1 else f"{self.in_headings} headings"
        places = [
            *(["the title"] if self.in_title else []),
            *(["the description"] if self.in_description else []),
            *([headings] if self.in_headings else []),
        ]
        named = f"in {listed(places)}" if places else ""
        often = f"{_times(self.in_text)} in the text" if self.in_text else ""
        other = next((term for term in self.terms if term != self.match.text.lower()), "")
        also = f"also as “{other}”" if other and not self.in_title else ""
        return ", ".join(part for part in (named, often, also) if part)

    @property
    def subject(self) -> str:
        """For a message: “stroke” (in the title, 11 times in the text)."""
        return f"“{self.match.text}” ({self.reason})"


def topic(page: Page, phrases: PhraseSet, contexts: Contexts) -> Topic | None:
    """What the page is about, if it is named by `phrases`; None when it is about something else."""
    mentions = list(_mentions(page, phrases, contexts))
    titles = [match for match in mentions if _is_title(match)]
    described = [match for match in mentions if _block_kind(match) == "description"]
    visible = [match for match in mentions if match.sentence and match.sentence.block.is_visible]
    running = [match for match in visible if not _is_title(match)]
    heads = [match for match in running if _block_kind(match) == "heading"]
    text = _lists_once([match for match in running if _block_kind(match) != "heading"])
    words = sum(block.word_count for block in page.document.blocks if block.is_visible)
    if not titles and (
        len(text) < IN_TEXT or (not described and len(heads) + len(text) < max(MENTIONS, words / SHARE))
    ):
        return None
    named = [*titles, *described]
    seen = (match for match in named if match.sentence and match.sentence.block.is_visible)
    main = next(seen, (named or running)[0])
    return Topic(
        main,
        tuple(term for term, _ in Counter(match.text.lower() for match in mentions).most_common()),
        bool(titles),
        bool(described),
        len(heads),
        len(text),
    )


def _mentions(page: Page, phrases: PhraseSet, contexts: Contexts) -> Iterator[Match]:
    """Where the page speaks of it as something of its own, in order."""
    for sentence, found in page.found(phrases):
        block = sentence.block
        if block.zone == "chrome" or not (block.is_visible or block.kind in ("title", "description")):
            continue
        places = widest([place for _, place in found])
        if not _points_elsewhere(sentence, contexts) and not _lists(sentence):
            refused = [at for _, at in page.vocabulary.signals["not-about"].matches(sentence)]
            for place in places:
                if not is_site_name(sentence, place.start) and not any(
                    at.end <= place.start and sentence.clauses[at.end - 1] == sentence.clauses[place.start]
                    for at in refused
                ):
                    yield match_at(sentence, place)


def _points_elsewhere(sentence: Sentence, contexts: Contexts) -> bool:
    """Whether it is the title of another page: in a list of related articles, a link that stands alone, a reference."""
    block = sentence.block
    linked = block.linked
    if block.kind not in ("heading", "title", "description") and 2 * linked > len(block.text):
        return True
    related = sentence.vocabulary.signals["related-heading"]
    return any(related.found_in(said) for said in (sentence, *contexts.headings(sentence))) or contexts.frame(
        "reference", sentence
    )


def _lists(sentence: Sentence) -> bool:
    """Whether it names so many conditions that it is about none of them."""
    found = sentence.terms_of("condition")
    end, different = 0, set()
    for start in sorted(found):
        if start >= end:
            end = found[start][0]
            different.add(sentence.words[start:end])
    return len(different) >= MANY


def is_site_name(sentence: Sentence, at: int) -> bool:
    """Whether token `at` stands in the name of the site at the end of a <title>."""
    block = sentence.block
    return block.kind == "title" and _first_part(block.text) <= sentence.tokens[at].start


@lru_cache(maxsize=64)
def _first_part(title: str) -> int:
    """Where the first part of a title ends, with the mark behind it; beyond its end when it has no other."""
    found = _SECOND_PART.search(title)
    return found.end() if found else len(title) + 1


def _is_title(match: Match) -> bool:
    block = match.sentence.block if match.sentence else None
    return block is not None and (block.kind == "title" or (block.kind == "heading" and block.level == 1))


def _block_kind(match: Match) -> str:
    return match.sentence.block.kind if match.sentence else ""


def _lists_once(mentions: Sequence[Match]) -> list[Match]:
    """The mentions, of those in one list or table only the first."""
    kept: list[Match] = []
    last = -1
    for match in mentions:
        assert match.sentence is not None
        index, in_list = match.sentence.block_index, match.sentence.block.kind in _IN_LISTS
        if not (in_list and 0 <= index - last <= 1):
            kept.append(match)
        last = index if in_list else -1
    return kept


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def listed(parts: Sequence[str]) -> str:
    """Parts as a sentence lists them: "a, b and c"; needs one at least."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
