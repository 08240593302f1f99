"""Whether what was found in animals or in cells is told as if it held for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from healthlint.checks import CheckSettings, excuse
from healthlint.checks.headline import flat_effects
from healthlint.language import Sentence
from healthlint.page import Page
from healthlint.phrase import PhraseMatch
from healthlint.rule import Match, match_at, words_match

_EXCUSES = (
    *("negated", "hedged", "question", "quoted", "attributed", "myth", "mentioned", "conditional"),
    "historical",
)


def to_human(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The leaps from a study in animals or cells to people, in the sentence of the study or the two after it.

    Also the title that claims an effect, when all the evidence of the text is such studies.
    """
    studies = [
        signal
        for signal in page.signals("animal-study")
        if signal.sentence.block.is_visible and not excuse.contexts(page).frame("reference", signal.sentence)
    ]
    told: set[tuple[int, int]] = set()
    for sentence, study in studies:
        block = page.block_sentences(sentence.block_index)
        near = block[sentence.number : sentence.number + 3]
        around = chain(block, *(page.block_sentences(index) for index in _next(page, sentence)))
        if any(page.vocabulary.signals["not-yet-in-people"].found_in(said) for said in around):
            continue
        for said in near:
            after = study.end if said is sentence else 0
            leap = next((place for place in _leaps(page, said) if place.start >= after), None)
            if leap and said.place not in told:
                told.add(said.place)
                yield match_at(said, leap)
                break
    if studies and not told:
        yield from _title(page)


def _leaps(page: Page, sentence: Sentence) -> list[PhraseMatch]:
    found = sorted(
        (place for _, place in page.vocabulary.signals["human-leap"].matches(sentence)),
        key=lambda place: (place.start, -place.end),
    )
    return [place for place in found if not excuse.excused(page, match_at(sentence, place), *_EXCUSES)]


def _title(page: Page) -> Iterator[Match]:
    """The title that states an effect flatly, in an article without a word on people studied or still to be."""
    for name in ("human-study", "not-yet-in-people"):
        if any(signal.sentence.block.is_visible for signal in page.signals(name)):
            return
    for sentence in page.sentences():
        block = sentence.block
        if not (block.kind == "title" or (block.kind == "heading" and block.level == 1)):
            continue
        if page.vocabulary.signals["animal-study"].found_in(sentence) or not sentence.terms_of("condition"):
            continue
        if any(
            not excuse.excused(page, match_at(sentence, verb), "research")
            for verb in flat_effects(page, sentence)
        ):
            yield words_match(sentence, 0, len(sentence.words))
            return


def _next(page: Page, sentence: Sentence) -> range:
    return range(sentence.block_index + 1, len(page.document.blocks))[:1]
