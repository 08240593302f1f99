"""Whether an article that tells its readers to use something says for whom it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from healthlint.checks import CheckSettings, consultation, disclaimer, excuse
from healthlint.language import Sentence
from healthlint.page import Page
from healthlint.phrase import PhraseMatch, PhraseSet, widest
from healthlint.rule import Match, match_at
from healthlint.topic import Topic, topic

_REACH = 8
"""So many words after the verb, what is to be used is still its object."""

_EXCUSES = ("negated", "question", "quoted", "attributed", "myth", "mentioned", "conditional", "historical")
_EXCUSES_OF_INSTRUCTIONS = (*_EXCUSES, "research", "supervised")

_OPENERS = frozenset(
    """
    for if when while to as after before at in on every once instead also then first next finally simply just
    alternatively or and always please so step tip day week
    """.split()
)
"""With these a sentence may begin that goes on with an instruction after a comma: "For sleep, take valerian"."""

_ADVISERS = frozenset(
    """
    you everyone everybody adults women people i we experts herbalists naturopaths best good great easiest safest simple
    """.split()
)
"""With these begins what advises without an imperative: "you should take", "the best way to start"."""

_SAFE_CHOICES = frozenset(["paracetamol", "acetaminophen", "tylenol", "panadol"])
"""Who is offered one of these beside it has a choice that is safe for nearly everybody."""

_CALLOUTS = frozenset(["aside", "details", "small", "footer"])


def new_regimen(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first instruction to take a supplement or begin a strict regimen where nobody says whom to ask."""
    for match in _instructions(page, "supplement", "strict-regimen"):
        if not _says_whom_to_ask(page, match):
            yield match.for_article()
            return


def pregnancy(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first advice to use what may harm in pregnancy, in an article that has no word on it."""
    if not page.signals("pregnancy-said") and not _is_about(page, "past-pregnancy"):
        yield from _advice(page, "supplement", "strict-regimen", "pregnancy-risk")


def interaction(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first advice to use what changes the effect of medicines, in an article that has no word on them."""
    if not page.signals("interaction-said"):
        yield from _advice(page, "interacting-remedy")


def _advice(page: Page, *names: str) -> Iterator[Match]:
    """The first place that tells the reader to use what one of these signals names, or none."""
    found = next(_instructions(page, *names), None) or next(_doses_of_the_subject(page, names), None)
    if found:
        yield found.for_article()


def _instructions(page: Page, *names: str) -> Iterator[Match]:
    """Where a sentence tells the reader to use what a signal names: from the verb to the thing, in order."""
    things = sorted((thing for name in names for thing in page.signals(name)), key=lambda thing: thing.span)
    for sentence, thing in things:
        if not _speaks_to_readers(sentence) or not _SAFE_CHOICES.isdisjoint(sentence.vocabulary_words):
            continue
        verbs = [
            verb
            for _, verb in page.vocabulary.signals["told-to-take"].matches(sentence)
            if 0 <= thing.start - verb.end <= _REACH
            and sentence.clauses[verb.start] == sentence.clauses[thing.start]
            and _is_imperative(sentence, verb)
        ]
        if verbs:
            place = PhraseMatch(
                verbs[-1].start, thing.end, tuple(sorted({*verbs[-1].literals, *thing.literals}))
            )
            match = match_at(sentence, place)
            if not excuse.excused(page, match, *_EXCUSES_OF_INSTRUCTIONS):
                yield match._replace(details={"remedy": match_at(sentence, thing).text})


def _doses_of_the_subject(page: Page, names: Sequence[str]) -> Iterator[Match]:
    """Where an article on one of these says how much to take, or praises it: "Take one daily"."""
    subject = _subject(page, names)
    if subject is None:
        return
    for name in ("dosed", "praised"):
        for sentence, found in page.found(page.vocabulary.signals[name]):
            if not _speaks_to_readers(sentence):
                continue
            for place in widest([place for _, place in found]):
                match = match_at(sentence, place)
                if (name == "praised" or _is_imperative(sentence, place)) and not excuse.excused(
                    page, match, *_EXCUSES_OF_INSTRUCTIONS
                ):
                    yield match._replace(details={"remedy": subject.match.text})


def _subject(page: Page, names: Sequence[str]) -> Topic | None:
    """What the article's title says that it is about, if that is one of these."""
    for name in names:
        found = topic(page, page.vocabulary.signals[name], excuse.contexts(page))
        if found and (found.in_title or found.in_description):
            return found
    return None


def _is_about(page: Page, name: str) -> bool:
    phrases: PhraseSet = page.vocabulary.signals[name]
    return topic(page, phrases, excuse.contexts(page)) is not None


def _speaks_to_readers(sentence: Sentence) -> bool:
    block = sentence.block
    return block.is_visible and block.zone == "article" and block.kind != "heading"


def _is_imperative(sentence: Sentence, verb: PhraseMatch) -> bool:
    """Whether a verb stands where an instruction begins, or has "you should" before it."""
    words, start = sentence.words, verb.start
    if verb.end < len(words) and words[verb.end] == "of":  # "the use of ginkgo"
        return False
    if len(verb.literals) > 1 and words[start] in _ADVISERS:
        return True
    begins = start == 0 or words[:start][-1] in ("then", "also", "just", "simply", "always", "instead")
    return begins or (sentence.breaks[start] > 0 and words[0] in _OPENERS)


def _says_whom_to_ask(page: Page, match: Match) -> bool:
    """Whether a professional is named in the same section, before all of it, in a callout or in a disclaimer."""
    sentence = match.sentence
    assert sentence is not None
    sections = page.document.sections
    here = _section(page, sentence.block_index)
    return any(
        _section(page, said.block_index) in (here, None)
        or not sections[said.block_index]
        or not _CALLOUTS.isdisjoint(said.block.containers)
        or said.place in disclaimer.notices(page)
        or "before" in said.vocabulary_words
        for said, _ in consultation.advice(page)
    )


def _section(page: Page, block_index: int) -> int | None:
    """The heading below the main one under which a block stands; None at the top of the article."""
    blocks = page.document.blocks
    return next((index for index in page.document.sections[block_index] if blocks[index].level > 1), None)
