"""Lexicons, inflections and clause stops: what the words of the language mean to the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
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


class TermIndex:
    """The terms of lexicons by their first words, read when a text first has the word."""

    def __init__(self, lines: Mapping[str, str]) -> None:
        """`lines` are what `term_lines` gives."""
        self._lines = lines
        self._read: dict[str, dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]] = {}

    def get(self, word: str) -> Mapping[str, Sequence[tuple[tuple[str, ...], tuple[str, ...]]]] | None:
        """The terms that begin with `word`, and their slots, by second word ("" when there is none).

        The longest come first.
        """
        found = self._read.get(word)
        if found is None and word in self._lines:
            found = self._read[word] = {}
            for line in self._lines[word].split("\n"):
                slots, *terms = line.split("\t")
                for words in (tuple(term.split(" ")) for term in terms):
                    second = words[1] if len(words) > 1 else ""
                    found.setdefault(second, []).append((words, _slot_names(slots)))
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
    def longest_pair_term(self) -> int:
        """The most words that a term of any pair has."""
        terms = (
            term
            for pairs in self.pairs.values()
            for pair in pairs
            for term in pair.treatments | pair.conditions
        )
        return max(map(len, terms), default=0)

    @property
    def slots(self) -> frozenset[str]:
        """The names that `<slot>` may have."""
        return frozenset(lexicon.name for lexicon in self.lexicons) | {"number"}

    @cached_property
    def _by_first_words(self) -> TermIndex:
        return TermIndex(term_lines(self.lexicons) if self.term_lines is None else self.term_lines)

    def terms(self, words: Sequence[str], breaks: Sequence[int]) -> dict[str, dict[int, tuple[int, ...]]]:
        """For each slot, where its terms start and may end (token indices, ends exclusive, longest first)."""
        found: dict[str, dict[int, tuple[int, ...]]] = {}
        for at, word in enumerate(words):
            if word[0].isdigit():
                found.setdefault("number", {})[at] = (at + 1,)
            by_second = self._by_first_words.get(word)
            if by_second is None:
                continue
            following = words[at + 1] if at + 1 < len(words) else ""
            for term, slots in (*by_second.get(following, ()), *(by_second.get("", ()) if following else ())):
                end = at + len(term)
                if tuple(words[at:end]) != term or any(breaks[at + 1 : end]):
                    continue
                for slot in slots:
                    ends = found.setdefault(slot, {}).get(at, ())
                    if end not in ends:
                        found[slot][at] = (*ends, end)
        return found

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
