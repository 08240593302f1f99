"""The phrase language: what a medical editor writes to say which words make a claim.

    word        that word, in any case; a hyphen in text or phrase counts as a space
    =Word       that word with exactly these capitals
    cure~       the word and all its inflections: cure, cures, cured, curing
    (a|b c|d)   one of these
    [a|b]       perhaps one of these
    ...         up to four words, inside the clause; the word behind them may begin the next one ("... until")
    <slot>      a term of a lexicon: <condition>, <professional>; <number> also matches digits
    ^           only at the beginning of a sentence

A phrase is looked for in a whole passage at once, as sets of places (`Phrase.places`; see `language.Passage`). Where it
stands then, its clauses heeded, a small program tells, which is run with a memo of (instruction, word), so the work for one
sentence is at most its words times the length of the phrase: no phrase can be written that is slow
(Thompson, "Regular expression search algorithm", CACM 1968, by backtracking with a memo).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from math import prod
from typing import NamedTuple

from healthlint.language import HARD, Passage, Sentence, tokens

GAP = 4
"""The most words that `...` stands for."""
FEW = 3
"""Among so many alternatives each is tried; among more, those that begin with the next word."""

DEEPEST = 20
"""So many brackets may stand inside one another."""
LONGEST = 10_000
"""So many characters may a phrase have: what it costs in a text of a given length rises with them."""
MOST_TERMS = 10_000
"""So many terms of a lexicon may be written as one."""

Inflections = Callable[[str], frozenset[str]]
"""What `cure~` means: from the word as written to all its forms, lower case."""


class PhraseError(ValueError):
    """A phrase that cannot be read; says what is wrong and what to write."""


class _Node(NamedTuple):
    op: str
    words: frozenset[str] = frozenset()
    name: str = ""
    parts: tuple[_Node, ...] = ()


class _Instruction(NamedTuple):
    op: str
    words: frozenset[str] = frozenset()
    name: str = ""
    targets: tuple[int, ...] = ()


class PhraseMatch(NamedTuple):
    """Where a phrase stands in a sentence: token indices, `end` exclusive."""

    start: int
    end: int
    literals: tuple[int, ...]
    """The tokens that words and slots of the phrase took, rising; the others fell into gaps."""

    def overlaps(self, other: PhraseMatch) -> bool:
        """Whether the two share a token."""
        return self.start < other.end and other.start < self.end


_SCAN = re.compile(
    r"\.\.\.|<(?P<slot>[a-z-]+)>|(?P<flat>\((?:[a-z]+[ |])*[a-z]+\)|\[(?:[a-z]+[ |])*[a-z]+\])"
    r"|[()\[\]|^]|(?P<word>[^\s()\[\]|<>^]+)|(?P<bad>\S)"
)
_SLOT = re.compile(r"<([a-z-]+)>")


def widest(places: Iterable[PhraseMatch]) -> list[PhraseMatch]:
    """Of matches that overlap, the longest, the first of equals; in order."""
    kept: list[PhraseMatch] = []
    for place in sorted(places, key=lambda place: (place.start - place.end, place)):
        if not any(place.overlaps(other) for other in kept):
            kept.append(place)
    return sorted(kept)


@dataclass(frozen=True)
class Phrase:
    """A phrase that has been checked; it is read and compiled when a sentence first has the words it needs.

    There are thousands, of which an article needs few, so that what is in one stays text until it is asked for.
    """

    source: str
    words: str
    """Choices of words of each of which a sentence must have at least one, the rarest first: "sole|only of"."""
    inflections: Inflections = field(repr=False, compare=False)

    @property
    def rarest(self) -> list[str]:
        """The words of which a sentence must have one, in the choice that the fewest sentences have one of."""
        return self.words.partition(" ")[0].split("|")

    @cached_property
    def needed(self) -> tuple[frozenset[str], ...]:
        """Word sets of each of which a sentence must have at least one word; the rarest first."""
        return tuple(_word_set(choice) for choice in self.words.split(" "))

    @cached_property
    def tree(self) -> _Node:
        """The phrase as it was read."""
        return _parsed(self.source, self.inflections)

    @cached_property
    def slots(self) -> frozenset[str]:
        """The names of the lexicons it asks for."""
        return frozenset(_SLOT.findall(self.source))

    @cached_property
    def _program(self) -> tuple[_Instruction, ...]:
        program: list[_Instruction] = []
        _emit(self.tree, program)
        return (*program, _Instruction("match"))

    @cached_property
    def _choices(self) -> Mapping[int, tuple[Mapping[str, tuple[int, ...]], tuple[int, ...]]]:
        """For each choice in the program, where to go on, the last first: at each word, and at any other."""
        program = self._program
        found = {}
        for pc, (op, _, _, targets) in enumerate(program):
            if op == "choice":
                firsts = [(target, _first_words(program, target)) for target in targets]
                words = {word for _, first in firsts for word in first or ()}
                by_word = {
                    word: tuple(target for target, first in firsts if first is None or word in first)
                    for word in words
                }
                found[pc] = by_word, tuple(target for target, first in firsts if first is None)
        return found

    @cached_property
    def _first(self) -> frozenset[str] | None:
        return _first_words(self._program, 0)

    @cached_property
    def _steps(self) -> tuple[_Step, ...]:
        return _steps(self.tree)

    @cached_property
    def _steps_back(self) -> tuple[_Step, ...]:
        return _reversed(self._steps)

    @cached_property
    def _is_plain(self) -> bool:
        """Whether its words and slots alone decide, and take every word: it has no gaps, no capitals."""
        return "..." not in self.source and "=" not in self.source and "^" not in self.source[1:]

    def places(self, passage: Passage) -> tuple[int, int]:
        """The sets of first words and of last words of its places in `passage`.

        Both may hold some more, as neither bounds of clauses nor capitals are heeded.
        """
        together, sentences_with = -1, passage.sentences_with
        for needed in self.needed:
            together &= sentences_with[needed]
            if not together:
                return 0, 0
        ends = _reached(self._steps, -1, 0, passage)[1]
        return (_reached_back(self._steps_back, ends, 0, passage)[1], ends >> 1) if ends else (0, 0)

    def matches(self, sentence: Sentence, starts: int = -1, ends: int = 0) -> Iterator[PhraseMatch]:
        """The phrase's places in `sentence`, left to right, not overlapping.

        With the sets that `places` has for its passage, only those are tried.
        """
        every = (1 << sentence.last - sentence.first) - 1
        starts, ends = starts >> sentence.first & every, ends >> sentence.first & every
        if not ends and self._first is not None:
            starts = sum(1 << at for at, word in enumerate(sentence.words) if word in self._first)
        if self._is_plain and ends and ends & ends - 1 == 0:
            start, end = (starts & -starts).bit_length() - 1, ends.bit_length()
            yield PhraseMatch(start, end, tuple(range(start, end)))
            return
        while starts:
            start = (starts & -starts).bit_length() - 1
            found = self._match_at(sentence, start)
            end = found.end if found else start + 1
            starts = starts >> end << end
            if found:
                yield found

    def _match_at(self, sentence: Sentence, start: int) -> PhraseMatch | None:
        words, breaks, program, choices = sentence.words, sentence.breaks, self._program, self._choices
        count = len(words)
        # A path is a linked list of the tokens that were taken, so that branches can share their beginnings.
        stack: list[tuple[int, int, tuple | None]] = [(0, start, None)]  # type: ignore[type-arg]
        seen: set[tuple[int, int]] = set()
        while stack:
            pc, at, path = stack.pop()
            if (pc, at) in seen:
                continue
            seen.add((pc, at))
            op, wanted, name, targets = program[pc]
            if op == "split":
                stack.extend([(target, at, path) for target in targets])
            elif op == "choice":
                by_word, others = choices[pc]
                chosen = by_word.get(words[at], others) if at < count else others
                stack.extend([(target, at, path) for target in chosen])
            elif op == "word":
                if at < count and words[at] in wanted and (at == start or breaks[at] != HARD):
                    stack.append((pc + 1, at + 1, (path, at, at + 1)))
            elif op == "match":
                literals: list[int] = []
                while path:
                    path, first, last = path
                    literals.extend(range(last - 1, first - 1, -1))
                return PhraseMatch(start, at, tuple(reversed(literals))) if literals else None
            elif op == "begin":
                if at == 0:
                    stack.append((pc + 1, at, path))
            elif at >= count or (at > start and breaks[at] == HARD):
                continue
            elif op == "slot":
                ends = sentence.terms_of(name).get(at, ())
                stack.extend([(pc + 1, end, (path, at, end)) for end in reversed(ends)])
            elif op == "exact":
                token = sentence.tokens[at]
                if sentence.block.text[token.start : token.end] == name:
                    stack.append((pc + 1, at + 1, (path, at, at + 1)))
            elif at == start or sentence.clauses[at] == sentence.clauses[at - 1]:  # any word
                stack.append((pc + 1, at + 1, path))
        return None


def phrase(source: str, inflections: Inflections) -> Phrase:
    """Check a phrase. Raises `PhraseError` when it cannot be read, or has no plain word to look for."""
    needed = sorted(_needed(_parsed(source, inflections)), key=_rarity)
    if not needed:
        raise PhraseError(
            f"“{source}” has no plain word that must occur; add one outside [ ], < > and ..., "
            "so that healthlint knows where to look"
        )
    return Phrase(source, " ".join("|".join(sorted(words)) for words in needed), inflections)


@cache
def _word_set(choice: str) -> frozenset[str]:
    """The words of a choice such as "sole|only"; many phrases need the same one."""
    return frozenset(choice.split("|"))


# So common that looking for them first would find every sentence.
_COMMON = frozenset(
    """
    the of and to in a is it that for on are as with be not can or this you your by from at have has no
    all any will but do may an was were their they we our more if which these also does there when how
    what
    """.split()
)


def _rarity(words: frozenset[str]) -> tuple[int, int]:
    """Sorts word sets: those that few sentences hold come first."""
    return (len(words & _COMMON), len(words))


def expanded(source: str) -> tuple[tuple[str, ...], ...]:
    """All word sequences that a lexicon term stands for: "(low|lower) back [pain]" is four.

    Raises `PhraseError` for what terms may not have: gaps, slots, inflections and "^"; and for more than `MOST_TERMS`.
    """
    if source.isascii() and source.replace(" ", "").isalpha():  # most terms, read a hundred times faster
        return (tuple(source.lower().split()),)
    node = _parsed(source, None)
    count = _count(node)
    if count > MOST_TERMS:
        raise PhraseError(
            f"“{source}” stands for {count:,} terms; at most {MOST_TERMS:,} can be written as one"
        )
    return tuple(dict.fromkeys(words for words in _expanded(node) if words))


def _count(node: _Node) -> int:
    """How many `_expanded` gives."""
    if node.op == "sequence":
        return prod(map(_count, node.parts))
    return len(node.words) + sum(map(_count, node.parts)) + (node.op == "perhaps")


def _expanded(node: _Node) -> list[tuple[str, ...]]:
    if node.op == "word":
        return [(word,) for word in sorted(node.words)]
    if node.op == "sequence":
        return [sum(parts, ()) for parts in product(*map(_expanded, node.parts))]
    if node.op in ("either", "perhaps"):
        found = [words for part in node.parts for words in _expanded(part)]
        return [*found, ()] if node.op == "perhaps" else found
    raise PhraseError("a term is made of plain words, ( | ) and [ ] only")


def _parsed(source: str, inflections: Inflections | None) -> _Node:
    if len(source) > LONGEST:
        raise PhraseError(
            f"“{source[:40]}…” has {len(source):,} characters; at most {LONGEST:,} can be one phrase"
        )
    stack: list[tuple[str, list[list[_Node]]]] = [("", [[]])]
    for found in _SCAN.finditer(source):
        text = found.group()
        here = stack[-1][1]
        if found.lastgroup == "word" and text != "...":
            here[-1].extend(_words(source, text, inflections))
        elif found.lastgroup == "slot":
            here[-1].append(_Node("slot", name=found["slot"]))
        elif found.lastgroup == "flat":
            here[-1].append(_flat(text))
        elif text == "...":
            here[-1].append(_Node("gap"))
        elif text == "^":
            here[-1].append(_Node("begin"))
        elif text in "([":
            stack.append((text, [[]]))
            if len(stack) > DEEPEST:
                raise PhraseError(f"“{source}” has more than {DEEPEST} brackets inside one another")
        elif text == "|":
            if len(stack) == 1:
                raise PhraseError(f"“{source}”: put alternatives in parentheses: (a|b)")
            here.append([])
        elif text in ")]":
            opened, branches = stack.pop()
            if opened != {")": "(", "]": "["}[text]:
                raise PhraseError(f"“{source}”: “{text}” has no partner")
            stack[-1][1][-1].append(_choice(source, opened, branches))
        else:
            raise PhraseError(f"“{source}”: “{text}” means nothing here; a slot is written <name>")
    if len(stack) > 1:
        raise PhraseError(f"“{source}”: “{stack[-1][0]}” is never closed")
    if not stack[0][1][0]:
        raise PhraseError("a phrase cannot be empty")
    return _Node("sequence", parts=tuple(stack[0][1][0]))


def _choice(source: str, opened: str, branches: Sequence[Sequence[_Node]]) -> _Node:
    if not all(branches):
        raise PhraseError(f"“{source}”: an alternative is empty; use [ ] for what may be missing")
    parts = tuple(_Node("sequence", parts=tuple(branch)) for branch in branches)
    return _Node("either" if opened == "(" else "perhaps", parts=parts)


@cache
def _flat(text: str) -> _Node:
    """The node of a choice between plain words, such as "(a|b c)"; many phrases hold the same one."""
    branches = [branch.split() for branch in text[1:-1].split("|")]
    single = frozenset(words[0] for words in branches if len(words) == 1)
    parts = [[_word(word) for word in words] for words in branches if len(words) > 1]
    return _choice(text, text[0], [*parts, [_Node("word", single)]] if single else parts)


def _words(source: str, text: str, inflections: Inflections | None) -> list[_Node]:
    if text.isascii() and text.isalpha():  # most words, and nothing in them to look at
        return [_word(text.lower())]
    if "..." in text:
        raise PhraseError(f"“{source}”: put a space before and after “...”")
    if "~" in text[:-1] or (text.startswith("=") and "~" in text):
        raise PhraseError(f"“{source}”: “~” stands at the end of a word")
    if "=" in text[1 if inflections else 0 :]:
        raise PhraseError(f"“{source}”: “=” stands before a word of a phrase")
    if text.startswith("=") and inflections:
        exact = text[1:].replace("’", "'")
        if found := tokens(exact):
            return [_Node("exact", frozenset({each.word}), exact[each.start : each.end]) for each in found]
    if text == "&":  # no word in text either: "risks & benefits" is two words
        return []
    bare = text.replace("’", "'").removesuffix("~")
    words = [token.word for token in tokens(bare)]
    if not words or (text.endswith("~") and inflections is None):
        raise PhraseError(f"“{source}”: “{text}” is not a word that text could hold")
    nodes = [_word(word) for word in words]
    if text.endswith("~") and inflections:
        nodes[-1] = _Node("word", inflections(words[-1]))
    return nodes


@cache
def _word(word: str) -> _Node:
    return _Node("word", frozenset({word}))


def _needed(node: _Node) -> list[frozenset[str]]:
    if node.op in ("word", "exact"):
        return [node.words]
    if node.op == "sequence":
        return [words for part in node.parts for words in _needed(part)]
    if node.op == "either":
        branches = [_needed(part) for part in node.parts]
        if all(branches):
            return [frozenset().union(*(min(needed, key=_rarity) for needed in branches))]
    return []


def _emit(node: _Node, program: list[_Instruction]) -> None:
    if node.op == "sequence":
        for part in node.parts:
            _emit(part, program)
    elif node.op in ("either", "perhaps"):
        parts = _joined(node.parts)
        if node.op == "either" and len(parts) == 1:
            _emit(parts[0], program)
            return
        split = len(program)
        program.append(_Instruction("split"))
        targets, jumps = [], []
        for part in parts:
            targets.append(len(program))
            _emit(part, program)
            jumps.append(len(program))
            program.append(_Instruction("split"))
        end = len(program)
        for jump in jumps:
            program[jump] = _Instruction("split", targets=(end,))
        if node.op == "perhaps":
            targets.append(end)
        program[split] = _Instruction(
            "choice" if len(targets) > FEW else "split", targets=tuple(targets[::-1])
        )
    elif node.op == "gap":
        end = len(program) + 2 * GAP
        for _ in range(GAP):
            program.append(_Instruction("split", targets=(len(program) + 1, end)))
            program.append(_Instruction("any"))
    else:
        program.append(_Instruction(node.op, node.words, node.name))


def _joined(branches: Sequence[_Node]) -> list[_Node]:
    """The branches of a choice, with those of one word made one set of words, tried last.

    So a choice of thirty words is one look-up, and of "back" and "back pain" the longer is tried first.
    """
    single = [branch.parts[0].words for branch in branches if [part.op for part in branch.parts] == ["word"]]
    others = [branch for branch in branches if [part.op for part in branch.parts] != ["word"]]
    return [*others, _Node("word", frozenset().union(*single))] if single else others


class _Step(NamedTuple):
    """A part of a phrase, for `_ends`."""

    op: int
    words: frozenset[str] = frozenset()
    name: str = ""
    branches: tuple[tuple[_Step, ...], ...] = ()


_WORD, _SLOT_STEP, _CHOICE, _PERHAPS, _GAP, _BEGIN = range(6)


def _steps(node: _Node) -> tuple[_Step, ...]:
    if node.op == "sequence":
        return tuple(step for part in node.parts for step in _steps(part))
    if node.op in ("either", "perhaps"):
        branches = tuple(_steps(part) for part in _joined(node.parts))
        if node.op == "either" and len(branches) == 1:
            return branches[0]
        return (_Step(_CHOICE if node.op == "either" else _PERHAPS, branches=branches),)
    if node.op == "slot":
        return (_Step(_SLOT_STEP, name=node.name),)
    if node.op == "gap":
        return (_Step(_GAP),)
    if node.op == "begin":
        return (_Step(_BEGIN),)
    return (_Step(_WORD, node.words),)


def _reached(steps: tuple[_Step, ...], fresh: int, after: int, passage: Passage) -> tuple[int, int]:
    """The places behind a part that begins at one in `fresh`, or in `after` when words were taken before it.

    Two sets again: those at which still no word was taken, and the others.
    """
    places_of, joined = passage.places, passage.joined
    for op, words, name, branches in steps:
        if op == _WORD:
            after = (places_of[words] & (fresh | after & joined)) << 1
            fresh = 0
        elif op == _SLOT_STEP:
            begins = fresh | after & joined
            fresh = after = 0
            for length, places in passage.places_of_terms(name):
                after |= (places & begins) << length
        elif op == _GAP:
            for _ in range(GAP):
                after |= (fresh | after & joined) << 1
        elif op == _BEGIN:
            fresh, after = fresh & passage.begins, 0
        else:
            begins, ends = (fresh, after) if op == _PERHAPS else (0, 0)
            for branch in branches:
                if branch[0].op != _WORD or places_of[branch[0].words]:
                    still_fresh, taken = _reached(branch, fresh, after, passage)
                    begins |= still_fresh
                    ends |= taken
            fresh, after = begins, ends
        if not (fresh or after):
            break
    return fresh, after


def _reversed(steps: tuple[_Step, ...]) -> tuple[_Step, ...]:
    return tuple(
        step._replace(branches=tuple(map(_reversed, step.branches))) if step.branches else step
        for step in reversed(steps)
    )


def _reached_back(steps: tuple[_Step, ...], fresh: int, before: int, passage: Passage) -> tuple[int, int]:
    """As `_reached` with everything from right to left: the places at which a part begins, by those behind it."""
    places_of, joined = passage.places, passage.joined
    for op, words, name, branches in steps:
        if op == _WORD:
            before = places_of[words] & (fresh | before & joined) >> 1
            fresh = 0
        elif op == _SLOT_STEP:
            ends = fresh | before & joined
            fresh = before = 0
            for length, places in passage.places_of_terms(name):
                before |= places & ends >> length
        elif op == _GAP:
            for _ in range(GAP):
                before |= (fresh | before & joined) >> 1
        elif op == _BEGIN:
            fresh, before = fresh & passage.begins, before & passage.begins
        else:
            begins, ends = (fresh, before) if op == _PERHAPS else (0, 0)
            for branch in branches:
                if branch[0].op != _WORD or places_of[branch[0].words]:
                    still_fresh, taken = _reached_back(branch, fresh, before, passage)
                    begins |= still_fresh
                    ends |= taken
            fresh, before = begins, ends
        if not (fresh or before):
            break
    return fresh, before


def _first_words(program: Sequence[_Instruction], pc: int) -> frozenset[str] | None:
    """The words with which what follows can begin; None when something else than a word can stand there."""
    found: frozenset[str] = frozenset()
    waiting, seen = [pc], {pc}
    while waiting:
        op, words, _, targets = program[waiting.pop()]
        if op == "word":
            found |= words
        elif op in ("split", "choice"):
            waiting.extend(target for target in targets if target not in seen)
            seen.update(targets)
        else:
            return None
    return found


class PhraseSet:
    """Many phrases at once: only those are tried that a passage has.

    This is the screen of the design: it may only ever save work, so `screened=False` finds the same.
    """

    def __init__(self, phrases: Iterable[Phrase], *, screened: bool = True) -> None:
        self.phrases = tuple(phrases)
        self._screened = screened

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[int]]:
        """For each word that is the rarest of some phrases, their numbers."""
        found: dict[str, list[int]] = {}
        for number, each in enumerate(self.phrases):
            for word in each.rarest:
                found.setdefault(word, []).append(number)
        return found

    def found_in(self, sentence: Sentence) -> bool:
        """Whether any of the phrases stands in `sentence`."""
        return next(self.matches(sentence), None) is not None

    def matches(self, sentence: Sentence) -> Iterator[tuple[int, PhraseMatch]]:
        """(number of the phrase, where it stands), by number, then left to right."""
        for number, starts, ends in self._tried(sentence.passage).get(sentence.at, ()):
            for place in self.phrases[number].matches(sentence, starts, ends):
                yield number, place

    def sentences(self, passage: Passage, first: int, last: int) -> Iterator[Sentence]:
        """Of the sentences `first` to `last` (exclusive) of `passage` those in which any phrase may stand, in order."""
        here = list(self._tried(passage))
        return (passage.sentences[at] for at in here[bisect_left(here, first) : bisect_left(here, last)])

    def _tried(self, passage: Passage) -> Mapping[int, Sequence[tuple[int, int, int]]]:
        """For each sentence of `passage`, in order, the phrases to try: number, sets of first and last words."""
        found: dict[int, list[tuple[int, int, int]]] | None = passage.answers.get(self)
        if found is None:
            found = passage.answers[self] = self._screen(passage)
        return found

    def _screen(self, passage: Passage) -> dict[int, list[tuple[int, int, int]]]:
        if not self._screened:
            every = [(number, -1, 0) for number in range(len(self.phrases))]
            return dict.fromkeys(range(len(passage.sentences)), every)
        found: dict[int, list[tuple[int, int, int]]] = {}
        named = passage.numbers.keys() & self._by_word.keys()
        for number in sorted({number for word in named for number in self._by_word[word]}):
            starts, ends = self.phrases[number].places(passage)
            for sentence in passage.sentences_at(ends) if ends else ():
                found.setdefault(sentence.at, []).append((number, starts, ends))
        return {at: found[at] for at in sorted(found)}
