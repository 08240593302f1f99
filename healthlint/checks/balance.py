"""Whether an article on a treatment says more than its benefits: harms, doubts, choices, and how often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from healthlint.checks import CheckSettings, subject, whole_document
from healthlint.checks.readability import prose
from healthlint.language import Sentence
from healthlint.page import Page, once_a_page
from healthlint.rule import Match, words_match

BENEFITS = 3
"""Without a headline that names it, a treatment is the subject when so many sentences say what it does good."""

_SLOT = "treatment-with-risks"
_IT = frozenset(("it", "they", "this", "these"))
_ILLS = frozenset(
    "condition conditions disease diseases disorder illness infection syndrome symptoms virus".split()
)

_FREQUENCY = re.compile(
    r"\d\s?%|\bper ?cent\b|\b(?:in|out of|per)(?: every)? (?:\d|ten\b|(?:a |one )?(?:hundred|thousand|million)\b)|\d ?/ ?\d",
    re.IGNORECASE,
)
_ONE_IN = re.compile(r"\b(?:1|one) in (?:every )?(\d+(?:,\d{3})*)", re.IGNORECASE)


def benefit_without_harm(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """Where the treatment is named that does good in this article and no harm in any sentence of it."""
    treatment = _praised(page)
    if treatment and not _says_harm(page):
        yield treatment


def no_uncertainty(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, when it has more than `limit` words, says what a treatment does, and doubts nothing."""
    words = sum(len(said.words) for said in prose(page))
    doubts = (signal.sentence.block for signal in page.signals("uncertainty-said"))
    whole = whole_document(page)
    if whole and words > settings.limit and _praised(page) and not any(block.is_visible for block in doubts):
        yield whole


def no_alternatives(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """Where the headline names the one treatment of the article, when no other, nor waiting, is an option."""
    found = subject.named(page, _SLOT)
    if found is None:
        return
    said, start, end = found
    choices = (signal.sentence.block for signal in page.signals("alternative-said"))
    if _treatments(said) == 1 and not any(block.is_visible for block in choices):
        yield words_match(said, start, end)


def vague_frequency(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """Each word for how often something goes wrong with no number in its section; risks in 1 in X of several X."""
    sentences = prose(page)
    places = {said.place for said in sentences}
    counted = {_section(page, said) for said in sentences if _FREQUENCY.search(said.text)}
    for sentence, match in page.signals("vague-frequency"):
        if (
            sentence.place in places
            and not sentence.is_question
            and "quote" not in sentence.block.containers
            and _section(page, sentence) not in counted
        ):
            yield words_match(sentence, match.start, match.end)
    for sentence in sentences:
        ratios = [] if "%" in sentence.text else list(_ONE_IN.finditer(sentence.text))
        if len({ratio[1] for ratio in ratios}) > 1:
            start, end = sentence.start + ratios[0].start(), sentence.start + ratios[-1].end()
            yield Match(sentence.block.source_span(start, end), sentence.block.text[start:end])


def _treatments(sentence: Sentence) -> int:
    """How many treatments a sentence names; "steroid injection" is one."""
    count = end = 0
    for start, ends in sorted(sentence.terms_of(_SLOT).items()):
        if start >= end:
            count, end = count + 1, ends[0]
    return count


@once_a_page
def _praised(page: Page) -> Match | None:
    """The treatment of which the article says what it does good, where the headline or the text first names it."""
    benefits = _benefits(page)
    named = subject.named(page, _SLOT)
    if named:
        said, start, end = named
        term = said.words[start:end]
        about = [one for one, _ in benefits if one.words[0] in _IT or _is_named(one, term)]
        return words_match(said, start, end) if about else None
    counts = Counter(term for one, verb in benefits for term in _terms(one, verb))
    often = next((term for term, count in counts.most_common(1) if count >= BENEFITS), None)
    for one, verb in benefits if often else ():
        for term, (start, end) in _terms(one, verb).items():
            if term == often:
                return words_match(one, start, end)
    return None


def _benefits(page: Page) -> list[tuple[Sentence, int]]:
    """The sentences of the running text that say that something does good, and the token that begins to."""
    said = {one.place for one in prose(page) if not one.is_question}
    first: dict[tuple[int, int], tuple[Sentence, int]] = {}
    for sentence, match in page.signals("benefit-said"):
        place = sentence.place
        if place in said and place not in first:
            first[place] = sentence, match.start
    return list(first.values())


def _is_named(sentence: Sentence, term: tuple[str, ...]) -> bool:
    """Whether a sentence names a treatment, in full, by its last word, or in another number."""
    last = term[-1].removesuffix("s")
    return any(words[-1].removesuffix("s") == last for words in _terms(sentence, len(sentence.words)))


def _terms(sentence: Sentence, before: int) -> dict[tuple[str, ...], tuple[int, int]]:
    """The treatments that a sentence names before a token, and the tokens where each stands."""
    return {
        sentence.words[start : ends[0]]: (start, ends[0])
        for start, ends in sorted(sentence.terms_of(_SLOT).items())
        if ends[0] <= before and sentence.words[start : ends[0]] != ("anti", "inflammatory")
    }


def _says_harm(page: Page) -> bool:
    """Whether a visible sentence tells of harm by a treatment; some words do so only where one is the subject."""
    denied = {
        (*signal.sentence.place, at)
        for signal in page.signals("harm-denied")
        for at in range(signal.match.start, signal.match.end)
    }
    good = {one.place: at for one, at in _benefits(page)}
    for name, is_plain in (("harm-said", True), ("harm-perhaps", False)):
        for sentence, match in page.signals(name):
            place = sentence.place
            if not sentence.block.is_visible or (*place, match.start) in denied:
                continue
            if is_plain or (
                _is_of_treatment(sentence) and not _is_good(sentence, good.get(place), match.start)
            ):
                return True
    return False


def _is_of_treatment(sentence: Sentence) -> bool:
    return bool(sentence.terms_of("treatment")) or (
        sentence.words[0] in _IT and not (len(sentence.words) > 1 and sentence.words[1] in _ILLS)
    )


def _is_good(sentence: Sentence, benefit: int | None, at: int) -> bool:
    """Whether what stands at a token is what a treatment is good for: "eases a rash", not "but it may burn"."""
    return benefit is not None and benefit <= at and sentence.contrasts[benefit] == sentence.contrasts[at]


def _section(page: Page, sentence: Sentence) -> tuple[int, ...]:
    return page.document.sections[sentence.block_index]
