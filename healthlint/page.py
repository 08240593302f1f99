"""A document as the checks read it: sentence by sentence, and what is said anywhere in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, wraps
from typing import Any, NamedTuple, TypeVar

from healthlint.document import Document
from healthlint.language import Passage, Sentence, sentence_bounds
from healthlint.phrase import PhraseMatch, PhraseSet
from healthlint.span import Span
from healthlint.vocabulary import Vocabulary

Answer = TypeVar("Answer")

PASSAGE = 2000
"""So many words at least are searched at once, when a page has them."""


class Signal(NamedTuple):
    """A place where one of a signal's phrases stands."""

    sentence: Sentence
    match: PhraseMatch

    @property
    def span(self) -> Span:
        """The words in the source."""
        return self.sentence.span(self.match.start, self.match.end - 1)


class Page:
    """A document as sentences, made block by block when somebody asks; lives as long as one check."""

    def __init__(self, document: Document, vocabulary: Vocabulary, kind: str = "") -> None:
        """`kind` is what kind of page it is when the configuration says so, else its words tell."""
        self.document = document
        self.kind = kind
        self.vocabulary = vocabulary
        self._signals: dict[str, tuple[Signal, ...]] = {}
        self._answers: dict[Callable[[Page], Any], Any] = {}

    @cached_property
    def _passages(self) -> Sequence[Passage]:
        """All sentences, some blocks at a time, so that the cost is that of the words however long the page is."""
        passages = [Passage(self.vocabulary)]
        for index, block in enumerate(self.document.blocks):
            if len(passages[-1].words) >= PASSAGE:
                passages.append(Passage(self.vocabulary))
            for number, (start, end) in enumerate(sentence_bounds(block.text)):
                passages[-1].add(block, index, number, start, end)
        return passages

    @cached_property
    def _sentences(self) -> Sequence[Sequence[Sentence]]:
        """The sentences of each block."""
        found: list[list[Sentence]] = [[] for _ in self.document.blocks]
        for passage in self._passages:
            for sentence in passage.sentences:
                found[sentence.block_index].append(sentence)
        return found

    def block_sentences(self, block_index: int) -> Sequence[Sentence]:
        """The sentences of one block."""
        return self._sentences[block_index]

    def sentences(self, containing: frozenset[str] | None = None) -> Iterator[Sentence]:
        """The sentences of all blocks in order; with `containing`, only of blocks with one of these words."""
        for passage in self._passages:
            if containing is None:
                yield from passage.sentences
            else:
                there = {each.block_index for each in passage.sentences_at(passage.places_of(containing) << 1)}
                yield from (each for each in passage.sentences if each.block_index in there)

    def found(self, phrases: PhraseSet) -> Iterator[tuple[Sentence, Sequence[tuple[int, PhraseMatch]]]]:
        """The sentences in which any of `phrases` stands, in order, and what stands there.

        As (number of the phrase, place), by number, then left to right.
        """
        for passage in self._passages:
            yield from phrases.found(passage)

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

    def answer(self, question: Callable[[Page], Answer]) -> Answer:
        """`question(page)`, asked once: the answer is kept as long as the page."""
        if question not in self._answers:
            self._answers[question] = question(self)
        kept: Answer = self._answers[question]
        return kept


def once_a_page(question: Callable[[Page], Answer]) -> Callable[[Page], Answer]:
    """Makes a function of a page look only once at each page, however many checks ask."""

    @wraps(question)
    def kept(page: Page) -> Answer:
        return page.answer(question)

    return kept
