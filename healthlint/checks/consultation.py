"""Where an article tells its reader to turn to a professional.

"See your GP" is advice; "she saw her GP" and "patients see a GP late" are not, nor is "book our experts".
The words that name the visit are in the signals `consult` and `consult-noun`; what stands before them decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from healthlint.language import HARD, Sentence
from healthlint.page import Page, Signal, once_a_page
from healthlint.phrase import PhraseMatch

_REACH = 4
"""So many words before the visit, words still speak of it."""


@once_a_page
def advice(page: Page) -> tuple[Signal, ...]:
    """Every visible place that advises the reader to turn to a professional, disclaimers included."""
    frames: dict[tuple[int, int], _Frame] = {}
    found: list[Signal] = []
    for name in ("consult", "consult-noun", "consult-pronoun"):
        for signal in page.signals(name):
            sentence = signal.sentence
            if not sentence.block.is_visible or _is_furniture(sentence):
                continue
            if name == "consult-pronoun" and not _is_somebody(page, signal):
                continue
            place = sentence.place
            if place not in frames:
                frames[place] = _Frame(sentence, is_affirmed=_is_affirmed(page, sentence))
            if frames[place].advises(signal.match, needs_lead=name != "consult-noun"):
                found.append(signal)
    return tuple(sorted(found, key=lambda signal: signal.span))


def _is_furniture(sentence: Sentence) -> bool:
    """Whether it is a menu entry or the title of another page; a whole sentence in a footer is not."""
    block = sentence.block
    return block.zone == "chrome" and (
        2 * block.linked > len(block.text) or not sentence.text.endswith((".", "!"))
    )


def _is_somebody(page: Page, signal: Signal) -> bool:
    """Whether a professional is named before "them": in the sentence, or in the one before."""
    sentence, match = signal
    if any(at < match.start for at in sentence.terms_of("professional")):
        return True
    before = page.block_sentences(sentence.block_index)[max(0, sentence.number - 1) : sentence.number]
    return any(said.terms_of("professional") for said in before)


def _is_affirmed(page: Page, sentence: Sentence) -> bool:
    """Whether what follows a question answers it with yes: "Should I see a doctor? Yes, if …"."""
    if not sentence.is_question:
        return False
    following = [
        *page.block_sentences(sentence.block_index)[sentence.number + 1 : sentence.number + 2],
        *(
            said
            for index in range(sentence.block_index + 1, len(page.document.blocks))[:1]
            for said in page.block_sentences(index)
        ),
    ]
    return bool(following and following[0].words and following[0].words[0] == "yes")


class _Frame:
    """What a sentence says around the visits it names, found once, so that long sentences cost no more."""

    def __init__(self, sentence: Sentence, *, is_affirmed: bool) -> None:
        self._sentence = sentence
        self._is_offer = any(_matches(sentence, "selling")) or (
            sentence.is_question and not is_affirmed and not any(_matches(sentence, "consult-question"))
        )
        self._leads = {
            match.end for name in ("consult-lead", "consulting-lead") for match in _matches(sentence, name)
        }
        self._joined = {match.end for match in _matches(sentence, "consult-joined")}
        self._refusals = {match.end for match in _matches(sentence, "consult-refused")}
        self._stories = {match.end for match in _matches(sentence, "narrative")}
        self._urged = min(
            (match.end for match in _matches(sentence, "consult-urged")), default=len(sentence.words)
        )
        self._else = {
            at for match in _matches(sentence, "consult-else") for at in range(match.start, match.end)
        }

    def advises(self, match: PhraseMatch, *, needs_lead: bool) -> bool:
        """Whether the visit named by `match` is recommended to the reader."""
        if self._is_offer or match.start in self._else or match.end - 1 in self._else:
            return False
        if self._is_near(self._stories, match):
            return False
        if self._is_near(self._refusals, match) and not self._is_urged(match):
            return False
        if not needs_lead or match.start in self._leads:
            return True
        # "Rest, and see your GP" goes on as it began, and so does "He spent years resting and seeing doctors".
        parted = self._sentence.breaks[match.start]
        if match.start and self._sentence.words[match.start].endswith("ing"):
            return parted == HARD
        return bool(parted) or match.start in self._joined

    def _is_near(self, ends: Set[int], match: PhraseMatch) -> bool:
        """Whether one of `ends` is not far before `match`, with no comma or clause between them."""
        breaks, clauses = self._sentence.breaks, self._sentence.clauses
        return any(
            end in ends
            and not any(breaks[end : match.start + 1])
            and clauses[end - 1] == clauses[match.start]
            for end in range(max(1, match.start - _REACH), match.start + 1)
        )

    def _is_urged(self, match: PhraseMatch) -> bool:
        """Whether "without asking a doctor" follows a prohibition: then it is advice to ask."""
        near = self._sentence.words[max(0, match.start - _REACH) : match.start]
        return "without" in near and self._urged < match.start


def _matches(sentence: Sentence, name: str) -> Iterator[PhraseMatch]:
    return (match for _, match in sentence.vocabulary.signals[name].matches(sentence))
