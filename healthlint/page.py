"""A document as the checks read it: sentence by sentence, and what is said anywhere in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from healthlint.document import Block, Document, Run
from healthlint.language import LONGEST, Passage, Sentence, sentence_bounds
from healthlint.phrase import PhraseMatch, PhraseSet
from healthlint.span import Span
from healthlint.vocabulary import Vocabulary

Answer = TypeVar("Answer")

PASSAGE = 16_000
"""So many words are searched at once, of as many pages as have them."""


class Signal(NamedTuple):
    """A place where one of a signal's phrases stands."""

    sentence: Sentence
    match: PhraseMatch

    @property
    def span(self) -> Span:
        """The words in the source."""
        return self.sentence.span(self.match.start, self.match.end - 1)


class Page:
    """A document as sentences; lives as long as one check."""

    def __init__(
        self, document: Document, vocabulary: Vocabulary, kind: str = "", passage: Passage | None = None
    ) -> None:
        """`kind` is what kind of page it is when the configuration says so, else its words tell.

        Its sentences are put behind those in `passage`, if that is given and has room.
        """
        self.document = document
        self.kind = kind
        self.vocabulary = vocabulary
        self.passages = [passage or Passage(vocabulary)]
        """What holds its sentences, the last with room for more."""
        self._first = len(self.passages[0].sentences)
        self._blocks: list[list[Sentence]] = []
        self._free: dict[str, Sentence] = {}
        self._signals: dict[str, tuple[Signal, ...]] = {}
        self._answers: dict[Callable[[Page], Any], Any] = {}
        for index, block in enumerate(document.blocks):
            sentences = []
            for number, bounds in enumerate(sentence_bounds(block.text)):
                if len(self.passages[-1].words) >= PASSAGE:
                    self.passages.append(Passage(vocabulary))
                sentences.append(self.passages[-1].add(block, index, number, *bounds))
            self._blocks.append(sentences)
        self._last = len(self.passages[-1].sentences)

    @property
    def is_full(self) -> bool:
        """Whether it needs no others to be searched with."""
        return len(self.passages[-1].words) >= PASSAGE or len(self.passages) > 1

    def block_sentences(self, block_index: int) -> Sequence[Sentence]:
        """The sentences of one block."""
        return self._blocks[block_index]

    def sentences(self, containing: frozenset[str] | None = None) -> Iterator[Sentence]:
        """The sentences of all blocks in order; with `containing`, only of blocks with one of these words."""
        for sentences in self._blocks:
            if containing is None or any(not containing.isdisjoint(each.words) for each in sentences):
                yield from sentences

    def found(self, phrases: PhraseSet) -> Iterator[tuple[Sentence, Sequence[tuple[int, PhraseMatch]]]]:
        """The sentences in which any of `phrases` stands, in order, and what stands there.

        As (number of the phrase, place), by number, then left to right.
        """
        for number, passage in enumerate(self.passages):
            first = 0 if number else self._first
            last = self._last if passage is self.passages[-1] else len(passage.sentences)
            for sentence in phrases.sentences(passage, first, last):
                found = list(phrases.matches(sentence))
                if found:
                    yield sentence, found

    def free_sentence(self, text: str) -> Sentence:
        """As `free_sentence`; of the same text the same sentence."""
        if text not in self._free:
            self._free[text] = free_sentence(self.vocabulary, text)
        return self._free[text]

    def neighbours(self, sentence: Sentence) -> Sequence[Sentence]:
        """The sentences right before and after `sentence` in its block, in order."""
        around = self.block_sentences(sentence.block_index)
        return [around[n] for n in (sentence.number - 1, sentence.number + 1) if 0 <= n < len(around)]

    def signals(self, name: str) -> tuple[Signal, ...]:
        """Every place where a phrase of the signal `name` (a file in `rules/signals/`) stands, in order.

        All prose is searched, metadata and alt texts too: `signal.sentence.block` says where it is.
        """
        if name not in self._signals:
            self._signals[name] = tuple(
                Signal(sentence, match)
                for sentence, found in self.found(self.vocabulary.signals[name])
                for _, match in sorted(found, key=lambda found: found[1])
            )
        return self._signals[name]

    def forget(self) -> None:
        """Let go of all that was found, which refers to one another and would be kept until garbage is looked for.

        Nothing can be asked any more, of pages that share a passage either.
        """
        for passage in (*self.passages, *(each.passage for each in self._free.values())):
            if passage.sentences:
                passage.forget()
        self._answers.clear()

    def answer(self, question: Callable[[Page], Answer]) -> Answer:
        """`question(page)`, asked once: the answer is kept as long as the page."""
        if question not in self._answers:
            self._answers[question] = question(self)
        kept: Answer = self._answers[question]
        return kept


def free_sentence(vocabulary: Vocabulary, text: str) -> Sentence:
    """Text that stands in no block, to be searched for phrases; as much of it as a sentence can have."""
    text = text[:LONGEST]
    block = Block("field", (Run(text, Span(0, len(text))),))
    return Passage(vocabulary).add(block, 0, 0, 0, len(text))


def once_a_page(question: Callable[[Page], Answer]) -> Callable[[Page], Answer]:
    """Makes a function of a page look only once at each page, however many checks ask."""

    @wraps(question)
    def kept(page: Page) -> Answer:
        return page.answer(question)

    return kept
