"""How hard an article is to read: its school grade, its long sentences, its words that nobody explains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from healthlint.checks import CheckSettings, consultation, disclaimer, references
from healthlint.checks.grade import counted_words, grade_of
from healthlint.document import Block
from healthlint.language import Sentence
from healthlint.page import Page, once_a_page
from healthlint.rule import Match, words_match

LEAST_WORDS = 100
"""A text of fewer words has no grade."""

ADVICE_WORDS = 5
"""So many words shorter the sentences must be that say what to do or to look out for."""

_APART = frozenset(("table", "footnote", "figure", "nav", "form"))
"""Containers whose text is not the running text of an article."""

_HARDEST_WORDS = 12
"""A shorter sentence is not hard for its length, whatever its words."""


def grade(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The hardest sentence, when the text is above grade `limit`."""
    every = ((sentence, counted_words(sentence)) for sentence in prose(page))
    said = [(sentence, words) for sentence, words in every if words]
    if sum(len(words) for _, words in said) < LEAST_WORDS:
        return
    reached = grade_of(said)
    if reached > settings.limit:
        full = [each for each in said if _is_full(*each)] or said
        hardest, _ = max(full, key=lambda each: grade_of([each]))
        yield _whole(hardest, {"grade": str(reached), "limit": str(settings.limit)})


def long_sentences(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """Each sentence of more than `limit` words; of advice and warnings, of more than `limit` less five."""
    urgent = {signal.sentence.place for signal in consultation.advice(page)}
    for name in ("emergency-line", "instruction"):
        urgent |= {signal.sentence.place for signal in page.signals(name)}
    for sentence in prose(page):
        limit = settings.limit - ADVICE_WORDS if sentence.place in urgent else settings.limit
        if len(sentence.words) > limit and "quote" not in sentence.block.containers:
            yield _whole(sentence, {"words": str(len(sentence.words)), "limit": str(limit)})


def undefined_terms(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first use of each technical term that is not explained there."""
    told: set[tuple[str, ...]] = set()
    for sentence in prose(page):
        for start, ends in sorted(sentence.terms_of("technical-term").items()):
            term = sentence.words[start : ends[0]]
            name = tuple(word.removesuffix("s") for word in term)
            if name not in told:
                told.add(name)
                if not _is_explained(page, sentence, start, ends[0]):
                    yield words_match(sentence, start, ends[0])


@once_a_page
def prose(page: Page) -> tuple[Sentence, ...]:
    """The sentences of the paragraphs and list items of an article, without disclaimers and references."""
    apart = disclaimer.sentences(page) | references.sentences(page)
    return tuple(
        sentence
        for index, block in enumerate(page.document.blocks)
        if _is_prose(block)
        for sentence in page.block_sentences(index)
        if sentence.words and sentence.place not in apart
    )


def _is_full(sentence: Sentence, words: Sequence[str]) -> bool:
    """Whether it is a sentence of some length, with a mark at its end, and no row of names or links."""
    return len(words) >= _HARDEST_WORDS and sentence.text.endswith((".", "!", "?"))


def _is_prose(block: Block) -> bool:
    return (
        block.kind in ("paragraph", "item")
        and block.is_visible
        and block.zone == "article"
        and _APART.isdisjoint(block.containers)
    )


def _is_explained(page: Page, sentence: Sentence, start: int, end: int) -> bool:
    """Whether words that explain a term stand around it: in brackets, after "means", behind a link."""
    first, last = sentence.tokens[start].start, sentence.tokens[end - 1].end
    text = sentence.block.text
    if any(link.start <= first and last <= link.end for link in sentence.block.links):
        return True
    before, after = text[sentence.start : first].rstrip(" \"'*"), text[last : sentence.end].lstrip(" \"'*")
    if before.endswith("(") or after.startswith(
        ("(", "- ", "– ", "— ", ", or ", ", which ", ", a ", ", an ", ", the ", ": ")
    ):
        return True
    defining = page.vocabulary.signals["defining"]
    if any(match.end == start or match.start == end for _, match in defining.matches(sentence)):
        return True
    following = page.block_sentences(sentence.block_index)[sentence.number + 1 :][:1]
    return any(match.start <= 1 for said in following for _, match in defining.matches(said))


def _whole(sentence: Sentence, details: dict[str, str]) -> Match:
    return Match(sentence.block.source_span(sentence.start, sentence.end), sentence.text, details=details)
