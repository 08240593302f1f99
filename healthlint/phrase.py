"""The phrase language: what a medical editor writes to say which words make a claim.

    word        that word, in any case; a hyphen in text or phrase counts as a space
    =Word       that word with exactly these capitals
    cure~       the word and all its inflections: cure, cures, cured, curing
    (a|b c|d)   one of these
    [a|b]       perhaps one of these
    ...         up to four words, inside the clause
    <slot>      a term of a lexicon: <condition>, <professional>; <number> also matches digits
    ^           only at the beginning of a sentence

A phrase is compiled to a small program that is run with a memo of (instruction, word), so the work for one
sentence is at most its words times the length of the phrase: no phrase can be written that is slow
(Thompson, "Regular expression search algorithm", CACM 1968, by backtracking with a memo).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from typing import NamedTuple

from healthlint.language import HARD, Sentence, tokens

GAP = 4
"""The most words that `...` stands for."""

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
    def _first(self) -> _First:
        return _first(self._program)

    def matches(self, sentence: Sentence) -> Iterator[PhraseMatch]:
        """The phrase's places in `sentence`, left to right, not overlapping."""
        words, end, first = sentence.words, 0, self._first
        starts: Iterable[int] = range(len(words))
        if not first.anywhere:
            starts = [at for at, word in enumerate(words) if word in first.words]
            if first.slots:
                starts = sorted(
                    {*starts, *(at for slot in first.slots for at in sentence.terms.get(slot, ()))}
                )
        for at in starts:
            if at >= end:
                found = self._match_at(sentence, at)
                if found:
                    yield found
                    end = max(found.end, at + 1)

    def may_match(self, words: frozenset[str]) -> bool:
        """Whether a sentence with these words has all that the phrase needs."""
        for needed in self.needed:  # noqa: SIM110  (the hottest loop there is)
            if needed.isdisjoint(words):
                return False
        return True

    def _match_at(self, sentence: Sentence, start: int) -> PhraseMatch | None:
        words, breaks, program = sentence.words, sentence.breaks, self._program
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
                stack.extend([(target, at, path) for target in reversed(targets)])
            elif op == "word":
                if at < count and words[at] in wanted and (at == start or breaks[at] != HARD):
                    stack.append((pc + 1, at + 1, (path, at, at + 1)))
            elif op == "match":
                literals: list[int] = []
                while path:
                    path, first, last = path
                    literals.extend(range(last - 1, first - 1, -1))
                return PhraseMatch(start, at, tuple(reversed(literals))) if literals else None
            elif op == "same clause":
                if at == start or at >= count or sentence.clauses[at] == sentence.clauses[at - 1]:
                    stack.append((pc + 1, at, path))
            elif op == "begin":
                if at == 0:
                    stack.append((pc + 1, at, path))
            elif at >= count or (at > start and breaks[at] == HARD):
                continue
            elif op == "slot":
                ends = sentence.terms.get(name, {}).get(at, ())
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

    Raises `PhraseError` for what terms may not have: gaps, slots, inflections and "^".
    """
    if source.isascii() and source.replace(" ", "").isalpha():  # most terms, read a hundred times faster
        return (tuple(source.lower().split()),)
    return tuple(dict.fromkeys(words for words in _expanded(_parsed(source, None)) if words))


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
    if text.startswith("=") and len(text) > 1 and inflections:
        return [_Node("exact", frozenset({text[1:].lower()}), text[1:])]
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
        program[split] = _Instruction("split", targets=tuple(targets))
    elif node.op == "gap":
        end = len(program) + 2 * GAP
        for _ in range(GAP):
            program.append(_Instruction("split", targets=(end, len(program) + 1)))
            program.append(_Instruction("any"))
        program.append(_Instruction("same clause"))
    else:
        program.append(_Instruction(node.op, node.words, node.name))


def _joined(branches: Sequence[_Node]) -> list[_Node]:
    """The branches of a choice, with those of one word made one set of words, tried last.

    So a choice of thirty words is one look-up, and of "back" and "back pain" the longer is tried first.
    """
    single = [branch.parts[0].words for branch in branches if [part.op for part in branch.parts] == ["word"]]
    others = [branch for branch in branches if [part.op for part in branch.parts] != ["word"]]
    return [*others, _Node("word", frozenset().union(*single))] if single else others


class _First(NamedTuple):
    """With what a phrase can begin."""

    words: frozenset[str]
    slots: frozenset[str]
    anywhere: bool
    """Whether it can begin with any word, so that its beginning cannot be looked up."""


def _first(program: Sequence[_Instruction]) -> _First:
    words: set[str] = set()
    slots: set[str] = set()
    anywhere = False
    stack, seen = [0], set()
    while stack:
        pc = stack.pop()
        if pc in seen:
            continue
        seen.add(pc)
        instruction = program[pc]
        if instruction.op == "split":
            stack.extend(instruction.targets)
        elif instruction.op in ("same clause", "begin"):
            stack.append(pc + 1)
        elif instruction.op in ("word", "exact"):
            words |= instruction.words
        elif instruction.op == "slot":
            slots.add(instruction.name)
        else:
            anywhere = True
    return _First(frozenset(words), frozenset(slots), anywhere)


class PhraseSet:
    """Many phrases at once: only those are tried whose words a sentence has.

    This is the screen of the design: it may only ever save work, so `screened=False` finds the same.
    """

    def __init__(self, phrases: Iterable[Phrase], *, screened: bool = True) -> None:
        self.phrases = tuple(phrases)
        self._screened = screened
        self._by_word: dict[str, list[int]] = {}
        for number, each in enumerate(self.phrases):
            for word in each.rarest:
                self._by_word.setdefault(word, []).append(number)
        self.words = frozenset(self._by_word) if screened else None
        """The words of which a block must have one for any phrase to match; None to try every block."""

    def found_in(self, sentence: Sentence) -> bool:
        """Whether any of the phrases stands in `sentence`."""
        return next(self.matches(sentence), None) is not None

    def matches(self, sentence: Sentence) -> Iterator[tuple[int, PhraseMatch]]:
        """(number of the phrase, where it stands), by number, then left to right."""
        words = sentence.vocabulary_words
        numbers: Iterable[int] = range(len(self.phrases))
        if self._screened:
            by_word = self._by_word
            named = [number for word in words if word in by_word for number in by_word[word]]
            if not named:
                return
            numbers = sorted({number for number in named if self.phrases[number].may_match(words)})
        for number in numbers:
            for found in self.phrases[number].matches(sentence):
                yield number, found
