"""Lexicons, inflections and clause stops: what the words of the language mean to the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import itemgetter
from typing import Literal, NamedTuple

from healthlint.language import HARD, SOFT, Sentence
from healthlint.phrase import Phrase, PhraseSet

_VOWELS = "aeiou"


@dataclass(frozen=True)
class Lexicon:
    """A list of terms with a type; it fills the slot `<name>`."""

    name: str
    listed: str
    """The terms, one a line; they are seldom asked for one by one, and are many."""
    includes: tuple[str, ...] = ()
    """Other lexicons whose terms fill this slot too."""

    @classmethod
    def of(cls, name: str, terms: Iterable[tuple[str, ...]], includes: tuple[str, ...] = ()) -> Lexicon:
        """The lexicon of these terms."""
        return cls(name, "\n".join(map(" ".join, terms)), includes)

    @cached_property
    def terms(self) -> tuple[tuple[str, ...], ...]:
        """Each term as its lower-case words; plurals of the last word are not listed."""
        return tuple(tuple(line.split(" ")) for line in self.listed.split("\n") if line)


class Cue(NamedTuple):
    """Words that put a claim into a context: "no evidence that" negates what follows.

    ConText (Harkema et al., J Biomed Inform 2009;42:839-851): a cue has a category, a direction and a scope.
    """

    context: str
    direction: Literal["forward", "backward", "anywhere"]
    """Which side of the cue the excused claim stands on."""
    within: Literal["segment", "clause", "sentence", "nearby"]
    """How far it reaches: to the next comma or "and"; to the end of its clause; to the end of its sentence or a
    contrast in it ("but"); also into the neighbouring sentences."""
    phrase: Phrase


class Pair(NamedTuple):
    """A treatment that does cure, or prevent, a condition: terms of each, as lower-case words, plurals too."""

    treatments: frozenset[tuple[str, ...]]
    conditions: frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class Inflector:
    """All forms of an English verb or noun, from the regular endings and a table of irregular verbs.

    Forms that do not exist ("healling") are made too: no text holds them, so they cost nothing.
    """

    irregular: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, word: str) -> frozenset[str]:
        """The word itself and all its forms, lower case."""
        forms = {word, *self.irregular.get(word, ()), plural(word)}
        if word.endswith("e"):
            forms |= {word[:-1] + "ing", word + "d"}
            if word.endswith("ie"):
                forms.add(word[:-2] + "ying")
        elif word.endswith("y") and word[-2:-1] not in _VOWELS:
            forms |= {word[:-1] + "ied", word + "ing"}
        else:
            forms |= {word + "ing", word + "ed"}
            if (
                len(word) > 2
                and word[-1] not in _VOWELS + "wxy"
                and word[-2] in _VOWELS
                and word[-3] not in _VOWELS
            ):
                forms |= {word + word[-1] + "ing", word + word[-1] + "ed"}
        return frozenset(forms)


_BySecondWord = Mapping[str, Sequence[tuple[tuple[str, ...], tuple[str, ...]]]]


class TermIndex:
    """The terms of lexicons by their first words, read when a text first has the word."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        """`lines` are what `term_lines` gives."""
        self._lines = lines
        self._read: dict[str, _BySecondWord] = {}

    def keys(self) -> KeysView[str]:
        """The words with which terms begin."""
        return self._lines.keys()

    def get(self, word: str, default: _BySecondWord) -> _BySecondWord:
        """The terms that begin with `word`, and their slots, by second word ("" when there is none).

        The longest come first. When there are none, `default`.
        """
        found = self._read.get(word)
        if found is None and word in self._lines:
            found = self._read[word] = _by_second_word(self._lines[word])
        return default if found is None else found


def _by_second_word(lines: str) -> _BySecondWord:
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for line in lines.split("\n"):
        slots, *terms = line.split("\t")
        for words in (tuple(term.split(" ")) for term in terms):
            found.setdefault(words[1] if len(words) > 1 else "", []).append((words, _slot_names(slots)))
    for same in found.values():
        same.sort(key=lambda term: -len(term[0]))
    return found


@cache
def _slot_names(names: str) -> tuple[str, ...]:
    return tuple(names.split(" "))


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All that a run knows about words: lexicons, cues, signals, and where clauses end; equal only to itself."""

    lexicons: tuple[Lexicon, ...] = ()
    cues: tuple[Cue, ...] = ()
    pseudo_cues: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    """For a context, phrases that hold a cue's words without its meaning: "not only"."""
    signals: Mapping[str, PhraseSet] = field(default_factory=dict)
    """Named lists of phrases that checks look for."""
    pairs: Mapping[str, tuple[Pair, ...]] = field(default_factory=dict)
    """By kind ("established-cures", "established-prevention"), what is known to work."""
    contrast_stops: tuple[Phrase, ...] = ()
    """Phrases at which a clause begins that is set against the one before: "but", "however"."""
    clause_stops: tuple[Phrase, ...] = ()
    """Phrases at which any other clause begins: "and it", "because"."""
    comma_stops: tuple[Phrase, ...] = ()
    """Phrases at which a clause begins only after a comma: "which", "so"."""
    inflector: Inflector = field(default_factory=Inflector)
    """What `cure~` means in the phrases."""
    term_lines: Mapping[str, str] | None = field(default=None, repr=False, compare=False)
    """What `term_lines` gives for the lexicons, where it is known already."""

    @cached_property
    def _terms_of_pairs(self) -> Mapping[str, Mapping[str, Sequence[tuple[tuple[str, ...], int, bool]]]]:
        """For each kind of pairs and each word the terms that begin with it: words, number of the pair, whether a
        condition.
        """  # noqa: D205
        found: dict[str, dict[str, list[tuple[tuple[str, ...], int, bool]]]] = {}
        for kind, pairs in self.pairs.items():
            by_first = found.setdefault(kind, {})
            for number, pair in enumerate(pairs):
                for terms, is_condition in ((pair.treatments, False), (pair.conditions, True)):
                    for term in terms:
                        by_first.setdefault(term[0], []).append((term, number, is_condition))
        return found

    def pairs_in(
        self, kind: str, words: Sequence[str]
    ) -> list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
        """The pairs of which a condition stands in a sequence of words, in their order.

        Of each, where its treatments and where its conditions stand: (first word, end).
        """
        found: dict[int, tuple[list[tuple[int, int]], list[tuple[int, int]]]] = {}
        by_first = self._terms_of_pairs.get(kind, {})
        for at, word in enumerate(words):
            for term, number, is_condition in by_first.get(word, ()):
                end = at + len(term)
                if tuple(words[at:end]) == term:
                    found.setdefault(number, ([], []))[is_condition].append((at, end))
        return [found[number] for number in sorted(found) if found[number][True]]

    @property
    def slots(self) -> frozenset[str]:
        """The names that `<slot>` may have."""
        return frozenset(lexicon.name for lexicon in self.lexicons) | {"number"}

    @cached_property
    def _by_first_words(self) -> TermIndex:
        return TermIndex(term_lines(self.lexicons) if self.term_lines is None else self.term_lines)

    def terms(
        self, words: Sequence[str], breaks: Sequence[int], numbers: Mapping[str, Sequence[int]]
    ) -> list[tuple[int, int, tuple[str, ...]]]:
        """The terms in a sequence of words, by place and the longer first: (start, end, slots that it fills).

        None reaches over a mark. A word that begins with a digit is a number, whether a lexicon has it or not.
        `numbers` has the places of each word.
        """
        by_first, last = self._by_first_words, len(words) - 1
        found: list[tuple[int, int, tuple[str, ...]]] = [
            (at, at + 1, ("number",)) for word in numbers if word[0].isdigit() for at in numbers[word]
        ]
        for first in numbers.keys() & by_first.keys():
            by_second = by_first.get(first, {})
            alone = [(len(term), slots) for term, slots in by_second.get("", ())]
            for at in numbers[first]:
                following = words[at + 1] if at < last else ""
                for term, slots in by_second.get(following, ()) if following else ():
                    end = at + len(term)
                    if not any(breaks[at + 1 : end]) and tuple(words[at:end]) == term:
                        found.append((at, end, slots))
                found.extend([(at, at + length, slots) for length, slots in alone])
        return sorted(found, key=itemgetter(0))

    def longest_terms(self, sentence: Sentence) -> Iterator[tuple[int, int, str]]:
        """The longest term at each place, left to right, not overlapping: (start, end, its own slot)."""
        own = {term: lexicon.name for lexicon in reversed(self.lexicons) for term in lexicon.terms}
        at = 0
        while at < len(sentence.words):
            end = max((ends[at][0] for ends in sentence.terms.values() if at in ends), default=0)
            if end:
                words = sentence.words[at:end]
                slots = sorted(slot for slot, ends in sentence.terms.items() if ends.get(at, (0,))[0] == end)
                yield at, end, own.get(words, slots[0])
            at = max(end, at + 1)

    @cached_property
    def _stops(self) -> tuple[PhraseSet, PhraseSet, PhraseSet]:
        return PhraseSet(self.contrast_stops), PhraseSet(self.clause_stops), PhraseSet(self.comma_stops)

    def clause_starts(self, sentence: Sentence, *, contrast_only: bool) -> frozenset[int]:
        """The token indices at which clauses of `sentence` begin, the first token aside."""
        contrast, clause, comma = self._stops
        found = {at for at, strength in enumerate(sentence.breaks) if strength == HARD}
        found.update(match.start for _, match in contrast.matches(sentence))
        if not contrast_only:
            found.update(match.start for _, match in clause.matches(sentence))
            found.update(
                match.start for _, match in comma.matches(sentence) if sentence.breaks[match.start] == SOFT
            )
        return frozenset(found - {0})


def term_lines(lexicons: Sequence[Lexicon]) -> dict[str, str]:
    """By the first word of terms, a line for those that fill the same slots: the slots, and each after a tab."""
    wider: dict[str, set[str]] = {lexicon.name: {lexicon.name} for lexicon in lexicons}
    changed = True
    while changed:
        changed = False
        for lexicon in lexicons:
            for part in lexicon.includes:
                missing = wider[lexicon.name] - wider.get(part, set())
                if part in wider and missing:
                    wider[part] |= missing
                    changed = True
    slots_of: dict[tuple[str, ...], set[str]] = {}
    for lexicon in lexicons:
        for words in with_plurals(lexicon.terms):
            slots_of.setdefault(words, set()).update(wider[lexicon.name])
    lines: dict[str, dict[str, list[str]]] = {}
    for words in sorted(slots_of):
        slots = " ".join(sorted(slots_of[words]))
        lines.setdefault(words[0], {}).setdefault(slots, []).append(" ".join(words))
    return {
        word: "\n".join("\t".join((slots, *terms)) for slots, terms in by_slots.items())
        for word, by_slots in lines.items()
    }


def with_plurals(terms: Iterable[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    """The terms, and each with its last word in the plural."""
    return frozenset(words for term in terms for words in (term, (*term[:-1], plural(term[-1]))))


def plural(noun: str) -> str:
    """The regular plural of an English noun: allergy, allergies; virus, viruses."""
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def joined(lexicons: Iterable[Lexicon]) -> tuple[Lexicon, ...]:
    """Lexicons of one name made one, in order of first appearance: so people extend ours with their own."""
    by_name: dict[str, Lexicon] = {}
    for lexicon in lexicons:
        known = by_name.get(lexicon.name)
        by_name[lexicon.name] = (
            Lexicon.of(
                lexicon.name,
                tuple(dict.fromkeys((*known.terms, *lexicon.terms))),
                tuple(dict.fromkeys((*known.includes, *lexicon.includes))),
            )
            if known
            else lexicon
        )
    return tuple(by_name.values())
