"""A document as the checks read it: sentence by sentence, and what is said anywhere in it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence, Set
from functools import wraps
from typing import Any, NamedTuple, TypeVar

from healthlint.document import Document
from healthlint.language import Sentence, distinct_words, sentence_bounds, tokens
from healthlint.phrase import PhraseMatch
from healthlint.span import Span
from healthlint.vocabulary import Vocabulary

Answer = TypeVar("Answer")


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
        self._sentences: dict[int, tuple[Sentence, ...]] = {}
        self._words: dict[int, frozenset[str]] = {}
        self._places: dict[str, list[int]] = {}
        self._signals: dict[str, tuple[Signal, ...]] = {}
        self._answers: dict[Callable[[Page], Any], Any] = {}

    def words(self, block_index: int) -> frozenset[str]:
        """The distinct lower-case words of a block, without splitting it into sentences."""
        if block_index not in self._words:
            text = self.document.blocks[block_index].text
            self._words[block_index] = distinct_words(text)
        return self._words[block_index]

    def block_sentences(self, block_index: int) -> tuple[Sentence, ...]:
        """The sentences of one block."""
        if block_index not in self._sentences:
            block = self.document.blocks[block_index]
            self._sentences[block_index] = tuple(
                Sentence(
                    block, block_index, number, start, end, tokens(block.text, start, end), self.vocabulary
                )
                for number, (start, end) in enumerate(sentence_bounds(block.text))
            )
        return self._sentences[block_index]

    def sentences(self, containing: Set[str] | None = None) -> Iterator[Sentence]:
        """The sentences of all blocks in order; with `containing`, only of blocks with one of these words."""
        blocks = range(len(self.document.blocks))
        for index in blocks if containing is None else self._blocks_with(containing):
            yield from self.block_sentences(index)

    def _blocks_with(self, words: Set[str]) -> list[int]:
        """The indices of the blocks that have one of `words`, rising."""
        if not self._places:
            for index in range(len(self.document.blocks)):
                for word in self.words(index):
                    self._places.setdefault(word, []).append(index)
        here = self._places
        fewer: Iterable[str] = words if len(words) < len(here) else here
        more: Container[str] = here if len(words) < len(here) else words
        return sorted({index for word in fewer if word in more for index in here[word]})

    def neighbours(self, sentence: Sentence) -> Sequence[Sentence]:
        """The sentences right before and after `sentence` in its block, in order."""
        around = self.block_sentences(sentence.block_index)
        return [around[n] for n in (sentence.number - 1, sentence.number + 1) if 0 <= n < len(around)]

    def signals(self, name: str) -> tuple[Signal, ...]:
        """Every place where a phrase of the signal `name` (a file in `rules/signals/`) stands, in order.

        All prose is searched, metadata and alt texts too: `signal.sentence.block` says where it is.
        """
        if name not in self._signals:
            phrases = self.vocabulary.signals[name]
            self._signals[name] = tuple(
                Signal(sentence, match)
                for sentence in self.sentences(phrases.words)
                for _, match in sorted(phrases.matches(sentence), key=lambda found: found[1])
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
