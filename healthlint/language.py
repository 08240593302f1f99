"""Words, sentences and clauses, with their places in the text of a block.

The tokens here are our own and cheap: most articles are read without any claim in doubt, and one pass of a
regular expression is all they should cost. spaCy tokenises for `tokens:` rules only (`spacy_matches`), and is
imported when the first sentence turns up that such a rule may concern.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, reduce
from operator import or_
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

from healthlint.document import HOLE, Block
from healthlint.span import Span

if TYPE_CHECKING:
    from healthlint.vocabulary import Vocabulary

_WORD = re.compile(
    r"[A-Za-z]+(?=[ ,;:)\n-])"  # most words, and the quickest to tell
    rf"|{HOLE}"
    r"|#\d+"
    r"|\d+(?:[.,]\d+)*(?: ?%)?(?![^\W_])"  # 1,000  2.5  100%
    r"|(?:[A-Za-z]\.){2,8}(?![^\W_])"  # U.S.  e.g.
    r"|[A-Za-z]&[A-Za-z](?![^\W_])"  # A&E
    r"|'(?:[sS]|[lL][lL]|[rR][eE]|[vV][eE]|[mM]|[dD])(?![^\W_])"
    r"|[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*(?:'(?!(?:[sS]|[lL][lL]|[rR][eE]|[vV][eE]|[mM]|[dD])(?![^\W_]))[^\W_]+)*"  # don't; "it" + "'s"
)
MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0"
"""The marks that stand over, under and in letters, for a set in a regular expression."""
_MANY_MARKS = re.compile(f"([{MARKS}]{{30}})[{MARKS}]+")
_HARD = re.compile(r"[;:—–()\[\]{}|•·…!?/\\<>=→\u2190-\uf8ff\U0001f000-\U0001faff]|\.\.|\s-+\s|--")
_MARKED = r"(?<![.!?…])(?P<mark>[.!?…]++)[\"')\]]*+(?P<space>\s++|(?=[A-Z][a-z])|$)"
_END = re.compile(_MARKED)
_END_IN_LISTS = re.compile(rf"{_MARKED}|(?<=\w)\s*[|•]\s+")
_LISTING = re.compile(r"[|•]")
_TAKEN = re.compile(rb"[^\0]")
# After these a capital is no new sentence; "etc. The" and "5 p.m. The" are left to be one.
_TITLES = frozenset(
    """
    dr mr mrs ms prof st vs al approx ca cf eds dept est e.g i.e jr sr rev hon ed u.s u.k
    """.split()
)
# After these a digit is no new sentence.
_NUMBERED = frozenset(
    """
    no nos fig figs vol vols p pp ref refs ch sec jan feb mar apr jun jul aug sep sept oct nov dec
    """.split()
)
# "J. Smith" and "A. B. Jones", but not the end of "take vitamin C."
_INITIAL = re.compile(r"(?:\A|[.(,\"']\s*|[A-Z][\w'-]*\s)[A-Z]\Z")


LONGEST = 2_000
"""The most characters of a sentence; a longer one is cut, between words where it has several.

Many things are asked of each pair of words in a sentence, and nobody writes longer ones.
"""


class Token(NamedTuple):
    """One word: lower-case `word`, and `start`, `end` in the block's text (half-open, from 0)."""

    word: str
    start: int
    end: int


SOFT, HARD = 1, 2
"""How strongly two neighbouring words are parted: a comma, or a mark that ends a clause."""
_STOP = 3
"""A full stop, of which the word before says whether it parts."""


@lru_cache(maxsize=1024)
def _parted(between: str) -> int:
    """How strongly the marks between two words part them."""
    if _HARD.search(between):
        return HARD
    if ". " in between:
        return _STOP
    return SOFT if "," in between else 0


class _Sets(dict[frozenset[str], int]):
    """The sets for some words in a passage, each joined from those of single words when it is first asked for."""

    def __init__(self, passage: Passage, set_of: Callable[[Sequence[int]], int]) -> None:
        """`set_of` gives that of one word, by the numbers of its places."""
        self._passage = passage
        self._set_of = set_of
        self._one: dict[str, int] = {}

    def __missing__(self, words: frozenset[str]) -> int:
        found, one, numbers = 0, self._one, self._passage.numbers
        for word in words & numbers.keys():
            if word not in one:
                one[word] = self._set_of(numbers[word])
            found |= one[word]
        self[words] = found
        return found


class Passage:
    """Some sentences as one sequence of words, in which phrases are looked for all at once.

    A set of places is an integer: its bit `n` stands for the word of number `n`. So one `and` asks of thousands
    of words whether each stands where another ended (Baeza-Yates and Gonnet, "A new approach to text
    searching", CACM 1992).
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.words: list[str] = []
        """Lower case; spans and breaks are numbered as these."""
        self.spans: list[tuple[int, int]] = []
        """Where each stands in the text of its sentence (half-open, from 0)."""
        self.breaks: list[int] = []
        """What parts each from the one before: 0, `SOFT` or `HARD`; the first of a sentence has `HARD`."""
        self.sentences: list[Sentence] = []
        self.answers: dict[object, Any] = {}
        """What was found here, by whoever looked."""
        self.sentences_with = _Sets(self, self._sentences_of)
        """For some words, the set of sentences that have one of them: bit `n` stands for `sentences[n]`."""
        self.places = _Sets(self, self.set_of)
        """For some words, the set of places of all of them."""

    def add(self, block: Block, block_index: int, number: int, start: int, end: int) -> Sentence:
        """The sentence at `start` to `end` of the text of a block, whose words become the last of the passage."""
        words, spans, breaks, first = self.words, self.spans, self.breaks, len(self.words)
        text = block.text[start:end]
        lower = text.lower()
        is_ascii = text.isascii()
        last, word, parted = 0, "", HARD
        for found in _WORD.finditer(text):
            span = here, there = found.span()
            if here > last + 1 or text[last:here] != " ":
                between = text[last:here]
                parted = _parted(between)
                if parted == _STOP:  # a full stop before a small letter: "for gout. cures colds"
                    ends = len(word) > 1 and word not in _TITLES and word not in _NUMBERED
                    parted = HARD if ends else SOFT if "," in between else 0
            word = lower[here:there] if is_ascii else composed(text[here:there].lower())
            if " " in word:
                word = word.replace(" ", "")
            words.append(intern(word))
            spans.append(span)
            breaks.append(parted)
            last, parted = there, 0
        if first < len(words):
            breaks[first] = HARD
        sentence = Sentence(
            block, block_index, number, start, end, self, len(self.sentences), first, len(self.words)
        )
        self.sentences.append(sentence)
        return sentence

    def forget(self) -> None:
        """Let go of all that refers to it in turn; it is of no more use."""
        self.sentences.clear()
        self.answers.clear()
        del self.places, self.sentences_with

    @cached_property
    def numbers(self) -> Mapping[str, Sequence[int]]:
        """The numbers of the places of each word, rising."""
        found: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            if word in found:
                found[word].append(at)
            else:
                found[word] = [at]
        return found

    def _sentences_of(self, numbers: Sequence[int]) -> int:
        return reduce(or_, (1 << at for at in {self.sentence_at[number] for number in numbers}))

    def set_of(self, numbers: Iterable[int]) -> int:
        """The set of the places of these numbers."""
        # One bit after the other would copy the whole set for each.
        octets = bytearray(len(self.words) // 8 + 1)
        for at in numbers:
            octets[at >> 3] |= 1 << (at & 7)
        return int.from_bytes(octets, "little")

    @cached_property
    def joined(self) -> int:
        """The set of places of words that no hard mark parts from the word before."""
        return self.set_of(at for at, parted in enumerate(self.breaks) if parted != HARD)

    @cached_property
    def begins(self) -> int:
        """The set of places of the first words of sentences."""
        return self.set_of(each.first for each in self.sentences if each.first < each.last)

    @cached_property
    def terms(self) -> Sequence[tuple[int, int, tuple[str, ...]]]:
        """The lexicon terms by place, the longer first: (first word, end, the slots that it fills)."""
        return self.vocabulary.terms(self.words, self.breaks, self.numbers)

    def places_of_terms(self, slot: str) -> Sequence[tuple[int, int]]:
        """For each number of words that a term of `slot` has here, the set of places where such ones begin."""
        return self._places_of_terms.get(slot, ())

    @cached_property
    def _places_of_terms(self) -> Mapping[str, Sequence[tuple[int, int]]]:
        alike: dict[tuple[int, tuple[str, ...]], list[int]] = {}
        for start, end, slots in self.terms:
            alike.setdefault((end - start, slots), []).append(start)
        found: dict[str, dict[int, int]] = {}
        for (length, slots), numbers in alike.items():
            places = self.set_of(numbers)
            for slot in slots:
                lengths = found.setdefault(slot, {})
                lengths[length] = lengths.get(length, 0) | places
        return {slot: tuple(lengths.items()) for slot, lengths in found.items()}

    def sentences_at(self, places: int) -> Iterator[Sentence]:
        """The sentences with a word in the set `places`, in order."""
        octets, last = places.to_bytes(len(self.words) // 8 + 1, "little"), 0
        for found in _TAKEN.finditer(octets):
            bits, base = octets[found.start()], found.start() << 3
            while bits:
                at = base + (bits & -bits).bit_length() - 1
                if at >= last:
                    sentence = self.sentences[self.sentence_at[at]]
                    yield sentence
                    last = sentence.last
                bits &= bits - 1

    @cached_property
    def sentence_at(self) -> Sequence[int]:
        """For each word, which sentence it is in."""
        return [each.at for each in self.sentences for _ in range(each.first, each.last)]


@dataclass(frozen=True)
class Sentence:
    """One sentence of one block."""

    block: Block
    block_index: int
    """Which block of the document it is, from 0."""
    number: int
    """Which sentence of its block, from 0."""
    start: int
    end: int
    """Where it stands in the block's text, with its closing mark (half-open, from 0)."""
    passage: Passage = field(repr=False, compare=False)
    at: int
    """Which sentence of the passage it is, from 0."""
    first: int
    last: int
    """Which words of the passage are its own (half-open, from 0)."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words with which it is read."""
        return self.passage.vocabulary

    @property
    def text(self) -> str:
        """The sentence as normalised prose."""
        return self.block.text[self.start : self.end]

    @cached_property
    def plain(self) -> str:
        """Its prose in lower case, white space joined; all that is found in it shares this one text."""
        return " ".join(self.text.split()).lower()

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words and where they stand."""
        spans = self.passage.spans[self.first : self.last]
        return tuple(
            Token(word, self.start + start, self.start + end)
            for word, (start, end) in zip(self.words, spans, strict=True)
        )

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The lower-case words; the index of a word is its token's index."""
        return tuple(self.passage.words[self.first : self.last])

    @cached_property
    def vocabulary_words(self) -> frozenset[str]:
        """The distinct words, for asking quickly what can occur here at all."""
        return frozenset(self.words)

    @cached_property
    def breaks(self) -> tuple[int, ...]:
        """For each token, what parts it from the one before: 0, `SOFT` or `HARD`; the first has `HARD`."""
        return tuple(self.passage.breaks[self.first : self.last])

    @cached_property
    def clauses(self) -> tuple[int, ...]:
        """For each token, the number of its clause, from 0, never falling."""
        return self._numbered(contrast_only=False)

    @cached_property
    def contrasts(self) -> tuple[int, ...]:
        """As `clauses`, but parted only by contrast ("but", "however", a semicolon), from 0."""
        return self._numbered(contrast_only=True)

    @cached_property
    def segments(self) -> tuple[int, ...]:
        """As `clauses`, but parted by every comma and every "and" too, from 0."""
        return self._numbered(contrast_only=False, finely=True)

    def _numbered(self, *, contrast_only: bool, finely: bool = False) -> tuple[int, ...]:
        boundaries = self.vocabulary.clause_starts(self, contrast_only=contrast_only)
        number, found = 0, []
        for index, word in enumerate(self.words):
            if index and (index in boundaries or (finely and (word == "and" or self.breaks[index] == SOFT))):
                number += 1
            found.append(number)
        return tuple(found)

    @cached_property
    def terms(self) -> Mapping[str, Mapping[int, tuple[int, ...]]]:
        """Lexicon terms by slot: token index at which one starts -> the token indices where it may end.

        Ends are exclusive and longest first: `terms["condition"][4] == (7, 6)`.
        """
        return {slot: self.terms_of(slot) for _, _, slots in self._terms for slot in slots}

    def terms_of(self, slot: str) -> Mapping[int, tuple[int, ...]]:
        """The part of `terms` that fills `slot`; empty when nothing does."""
        found = self._terms_of.get(slot)
        if found is None:
            found = self._terms_of[slot] = {}
            for start, end, slots in self._terms:
                if slot in slots:
                    at, known = start - self.first, found.get(start - self.first, ())
                    if end - self.first not in known:
                        found[at] = (*known, end - self.first)
        return found

    @cached_property
    def _terms(self) -> Sequence[tuple[int, int, tuple[str, ...]]]:
        terms = self.passage.terms
        return terms[bisect_left(terms, (self.first,)) : bisect_left(terms, (self.last,))]

    @cached_property
    def _terms_of(self) -> dict[str, dict[int, tuple[int, ...]]]:
        return {}

    def span(self, first: int, last: int) -> Span:
        """Where tokens `first` to `last` (inclusive) stand in the source."""
        return self.block.source_span(*self.offsets(first, last))

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """Where tokens `first` to `last` (inclusive) stand in the block's text (half-open, from 0)."""
        spans = self.passage.spans
        return self.start + spans[self.first + first][0], self.start + spans[self.first + last][1]

    @property
    def place(self) -> tuple[int, int]:
        """Which sentence of the document it is: the index of its block, and its number in the block."""
        return self.block_index, self.number

    @property
    def is_question(self) -> bool:
        """Whether it ends in a question mark, closing quotes and brackets aside."""
        return self.text.rstrip("\"') ]").endswith("?")


def tokens(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The words of `text[start:end]`, with their places in `text`."""
    stop = len(text) if end is None else end
    return tuple(
        Token(_plain(match.group()), match.start(), match.end())
        for match in _WORD.finditer(text, start, stop)
    )


def _plain(word: str) -> str:
    return composed(word.lower().replace(" ", ""))


def composed(word: str) -> str:
    """A word with its accents in one piece, however they were typed.

    Of marks in a row the first 30 stay, as in the stream-safe format of Unicode (UAX 15): to put thousands in order
    takes the square of the time.
    """
    return word if word.isascii() else normalize("NFC", _MANY_MARKS.sub(r"\1", word))


def sentence_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a block's text begin and end (half-open, from 0).

    Splits after `.`, `!`, `?` and `…` before a capital, digit, quotation mark or bracket, not after
    abbreviations, initials and decimal points; a mark without a space after it splits only before a
    capitalised word ("your health.Cleansing"). What is longer than `LONGEST` is cut.
    """
    for start, end in _sentence_bounds(text):
        at = start
        while end - at > LONGEST:
            space = text.rfind(" ", at + 1, at + LONGEST)
            cut = at + LONGEST if space < 0 else space
            yield at, cut
            at = cut + (space >= 0)
        yield at, end


def _sentence_bounds(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in (_END_IN_LISTS if _LISTING.search(text) else _END).finditer(text):
        if not found["mark"]:
            if text[start : found.start()].strip():
                yield start, found.start()
            start = found.end()
            continue
        after = text[found.end() : found.end() + 1]
        if after and not (after.isupper() or after.isdigit() or not after.isalnum()):
            continue
        if found["mark"] == "." and after:
            before = re.search(r"[\w.]+\Z", text[max(0, found.start() - 12) : found.start()])
            word = before.group().lower().rstrip(".") if before else ""
            if word in _TITLES or (word in _NUMBERED and after.isdigit()):
                continue
            if _INITIAL.search(text, max(0, found.start() - 24), found.start()):
                continue
        close = found.end() - len(found["space"])
        if text[start:close].strip():
            yield start, close
        start = found.end()
    if text[start:].strip():
        yield start, len(text)


@cache
def _spacy_language() -> Any:
    import spacy  # noqa: PLC0415  (a second of start-up that most runs never need)

    return spacy.blank("en")


@cache
def _spacy_matcher(patterns: str) -> Any:
    import json  # noqa: PLC0415

    from spacy.matcher import Matcher  # noqa: PLC0415

    matcher = Matcher(_spacy_language().vocab, validate=True)
    matcher.add("tokens", json.loads(patterns), greedy="LONGEST")
    return matcher


def spacy_fault(patterns: str) -> str:
    """Why spaCy refuses `Matcher` patterns (a JSON list of lists); "" when it takes them."""
    try:
        _spacy_matcher(patterns)
    except Exception as error:  # whatever its parts raise
        return " ".join(str(error).split())
    return ""


def spacy_matches(sentence: Sentence, patterns: str) -> Iterator[tuple[int, int]]:
    """Where spaCy `Matcher` patterns (a JSON list of lists) match: character ranges of the block's text.

    Lexicon terms carry their slot as entity type: `{"ENT_TYPE": "condition"}`. Raises `ValueError` for
    patterns that spaCy refuses.
    """
    doc = _spacy_language().make_doc(sentence.text)
    marked: list[Any] = []
    taken = 0
    for start, end, slot in sentence.vocabulary.longest_terms(sentence):
        span = doc.char_span(
            sentence.tokens[start].start - sentence.start,
            sentence.tokens[end - 1].end - sentence.start,
            label=slot,
            alignment_mode="expand",
        )
        if span is not None and span.start >= taken:
            marked.append(span)
            taken = span.end
    doc.set_ents(marked)
    for _, start, end in sorted(_spacy_matcher(patterns)(doc), key=lambda match: match[1:]):
        last = doc[end - 1]
        yield sentence.start + doc[start].idx, sentence.start + last.idx + len(last)
