"""Where an article tells its reader to turn to a professional.

"See your GP" is advice; "she saw her GP" and "patients see a GP late" are not, nor is "book our experts".
The words that name the visit are in the signals `consult` and `consult-noun`; what stands before them decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from healthlint.language import HARD, Sentence
from healthlint.page import Page, Signal
from healthlint.phrase import PhraseMatch

_REACH = 4
"""So many words before the visit, words still speak of it."""


def advice(page: Page) -> tuple[Signal, ...]:
    """Every visible place that advises the reader to turn to a professional, disclaimers included."""
    found = [
        signal
        for name in ("consult", "consult-noun")
        for signal in page.signals(name)
        if signal.sentence.block.is_visible
        and not _is_furniture(signal.sentence)
        and _is_advice(signal, needs_lead=name == "consult")
    ]
    return tuple(sorted(found, key=lambda signal: signal.span))


def _is_furniture(sentence: Sentence) -> bool:
    """Whether it is a menu entry or the title of another page; a whole sentence in a footer is not."""
    block = sentence.block
    linked = sum(link.end - link.start for link in block.links)
    return block.zone == "chrome" and (2 * linked > len(block.text) or not sentence.text.endswith((".", "!")))


def _is_advice(signal: Signal, *, needs_lead: bool) -> bool:
    sentence, match = signal
    if _any(sentence, "selling") or (sentence.is_question and not _any(sentence, "consult-question")):
        return False
    if any(
        at.start < match.end < at.end or at.start == match.start for at in _matches(sentence, "consult-else")
    ):
        return False
    before = [at for at in _matches(sentence, "consult-refused") if at.start < match.start]
    if any(_close(sentence, at, match) for at in before) and not _is_urged(sentence, match):
        return False
    if any(_close(sentence, at, match) and at.start < match.start for at in _matches(sentence, "narrative")):
        return False
    if not needs_lead or _follows(sentence, match, "consult-lead", "consulting-lead"):
        return True
    # "Rest, and see your GP" goes on as it began, and so does "He spent years resting and seeing doctors".
    if match.start and sentence.words[match.start].endswith("ing"):
        return sentence.breaks[match.start] == HARD
    return bool(sentence.breaks[match.start]) or _follows(sentence, match, "consult-joined")


def _follows(sentence: Sentence, match: PhraseMatch, *names: str) -> bool:
    """Whether `match` begins where a match of one of the signals ends."""
    return any(at.end == match.start for name in names for at in _matches(sentence, name))


def _is_urged(sentence: Sentence, match: PhraseMatch) -> bool:
    """Whether "without asking a doctor" follows a prohibition: then it is advice to ask."""
    without = [at for at in range(match.start) if sentence.words[at] == "without"]
    return bool(without) and any(at.end <= without[-1] for at in _matches(sentence, "consult-urged"))


def _close(sentence: Sentence, before: PhraseMatch, match: PhraseMatch) -> bool:
    """Whether `before` ends not far from `match`, with no comma or clause between them."""
    return (
        match.start - before.end <= _REACH
        and not any(sentence.breaks[max(before.end, 1) : match.start + 1])
        and sentence.clauses[before.end - 1] == sentence.clauses[match.start]
    )


def _matches(sentence: Sentence, name: str) -> Iterator[PhraseMatch]:
    return (match for _, match in sentence.vocabulary.signals[name].matches(sentence))


def _any(sentence: Sentence, name: str) -> bool:
    return next(_matches(sentence, name), None) is not None
