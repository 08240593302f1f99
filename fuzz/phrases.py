"""What must hold for whatever is written as a phrase; and what a phrase means, said a second time and slowly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from healthlint.language import HARD, Sentence
from healthlint.page import Page
from healthlint.phrase import GAP, Phrase, PhraseError, PhraseSet, expanded, phrase
from healthlint.readers import read_text
from healthlint.vocabulary import Inflector, Lexicon, Vocabulary

_INFLECTOR = Inflector({"b": ("bore",)})
_WORD = re.compile(r"=[A-Za-z]+(?:-[A-Za-z]+)*|[a-z]+(?:-[a-z]+)*~?|[A-Za-z]+")
_TOKEN = re.compile(r"\.\.\.|<x>|[()\[\]|^]|[^\s()\[\]|^<>]+")
_MOST = 2_000
"""So many ways through a sentence are looked at."""


@cache
def vocabulary() -> Vocabulary:
    """One lexicon, and words at which clauses begin."""
    return Vocabulary(
        lexicons=(Lexicon.of("x", [("a",), ("a", "b"), ("c", "d", "a")]),),
        contrast_stops=(phrase("but", _INFLECTOR),),
        clause_stops=(phrase("as", _INFLECTOR),),
        comma_stops=(phrase("so", _INFLECTOR),),
        inflector=_INFLECTOR,
    )


def written(data: bytes) -> None:
    """A phrase, or a term of a lexicon, is read or refused with a reason."""
    source = data.decode("utf-8", "replace")
    with suppress(PhraseError):
        assert all(words and all(words) for words in expanded(source))
    try:
        found = phrase(source, _INFLECTOR)
    except PhraseError:
        return
    assert found.needed
    assert all(found.needed)
    page = Page(read_text(" ".join((source, *found.rarest)), format="text"), vocabulary())
    for sentence in page.sentences():
        for place in found.matches(sentence):
            assert 0 <= place.start < place.end <= len(sentence.words)


def found(data: bytes) -> None:
    """A phrase (the first line) is found in the text that follows where a slow reader of it finds it."""
    first, _, rest = data.decode("ascii", "replace").partition("\n")
    if len(first) > 80 or len(rest) > 300 or not _is_plain(first):
        return
    try:
        quick = phrase(first, _INFLECTOR)
    except PhraseError:
        return
    part = _read(_TOKEN.findall(first))
    page = Page(read_text(rest, format="text"), vocabulary())
    screened, unscreened = PhraseSet([quick]), PhraseSet([quick], screened=False)
    for sentence in page.sentences():
        told = [place for _, place in screened.matches(sentence)]
        assert told == [place for _, place in unscreened.matches(sentence)], first
        at = 0
        left = list(told)
        while at < len(sentence.words):
            ways = _ways(part, sentence, at)
            if ways is None:
                return
            if ways:
                assert left, (first, sentence.text, at)
                assert left[0].start == at, (first, sentence.text, left[0])
                assert (left[0].end, left[0].literals) in ways, (first, sentence.text, left[0], ways)
                at = max(at + 1, left.pop(0).end)
            else:
                at += 1
        assert not left, (first, sentence.text, left)
        if "=" not in first and ("..." not in first or len(set(sentence.clauses)) == 1):
            _prove_places(quick, part, sentence)


def _is_plain(source: str) -> bool:
    """Whether a phrase is made of nothing but what is read here."""
    tokens = _TOKEN.findall(source)
    return "".join(tokens) == source.replace(" ", "") and all(
        token in ("...", "<x>", *"()[]|^") or _WORD.fullmatch(token) for token in tokens
    )


def _prove_places(quick: Phrase, part: _Part, sentence: Sentence) -> None:
    """Where clauses and capitals do not matter, the sets of places hold no more than the places."""
    starts, lasts = set(), set()
    for at in range(len(sentence.words)):
        ways = _ways(part, sentence, at)
        if ways is None:
            return
        ends = {end for end, taken in ways if taken}
        starts.update({at} if ends else ())
        lasts.update(end - 1 for end in ends)
    told = quick.places(sentence.passage)
    numbers = range(sentence.first, sentence.last)
    assert [{at - sentence.first for at in numbers if each >> at & 1} for each in told] == [starts, lasts]


class _Part(NamedTuple):
    """Alternatives, each a sequence of words and of parts; one may be left out."""

    branches: tuple[tuple[_Part | str, ...], ...]
    is_optional: bool = False


def _read(tokens: list[str]) -> _Part:
    """The phrase as nested alternatives."""
    return _branches(iter([*tokens, ")"]), is_optional=False)


def _branches(tokens: Iterator[str], *, is_optional: bool) -> _Part:
    branches: list[tuple[_Part | str, ...]] = []
    here: list[_Part | str] = []
    for token in tokens:
        if token in ("(", "["):
            here.append(_branches(tokens, is_optional=token == "["))
        elif token in (")", "]"):
            return _Part((*branches, tuple(here)), is_optional)
        elif token == "|":
            branches.append(tuple(here))
            here = []
        else:
            here.append(token)
    raise AssertionError("never closed")


_Way = tuple[int, tuple[int, ...]]
"""How far a way through the phrase has come, and the words that its words took."""


def _ways(part: _Part, sentence: Sentence, start: int) -> set[_Way] | None:
    """Every way through a phrase from the word at `start`; None when they are too many."""
    try:
        return _through(part, sentence, start, {(start, ())})
    except OverflowError:
        return None


def _through(part: _Part | str, sentence: Sentence, start: int, ways: set[_Way]) -> set[_Way]:
    if len(ways) > _MOST:
        raise OverflowError
    if isinstance(part, _Part):
        found = set(ways) if part.is_optional else set()
        for branch in part.branches:
            here = ways
            for each in branch:
                here = _through(each, sentence, start, here)
            found |= here
        return found
    if part == "...":
        found = set(ways)
        for _ in range(GAP):
            ways = {(at + 1, taken) for at, taken in ways if _goes_on(sentence, start, at)}
            found |= ways
        return found
    if part == "^":
        return {(at, taken) for at, taken in ways if at == 0}
    if part == "<x>":
        return {
            (end, (*taken, *range(at, end)))
            for at, taken in ways
            if _joins(sentence, start, at)
            for end in sentence.terms.get("x", {}).get(at, ())
        }
    if part.startswith("="):
        for word in part[1:].split("-"):
            ways = {
                (at + 1, (*taken, at))
                for at, taken in ways
                if _joins(sentence, start, at) and _as_written(sentence, at) == word
            }
        return ways
    for number, word in enumerate(words := part.removesuffix("~").split("-"), 1):
        word = word.lower()  # noqa: PLW2901
        forms = _INFLECTOR(word) if part.endswith("~") and number == len(words) else {word}
        ways = {
            (at + 1, (*taken, at))
            for at, taken in ways
            if _joins(sentence, start, at) and sentence.words[at] in {form.lower() for form in forms}
        }
    return ways


def _joins(sentence: Sentence, start: int, at: int) -> bool:
    """Whether the word at `at` goes on from the one before it."""
    return at < len(sentence.words) and (at == start or sentence.breaks[at] != HARD)


def _goes_on(sentence: Sentence, start: int, at: int) -> bool:
    """Whether a gap takes the word at `at`: one in the clause of the word before it."""
    return _joins(sentence, start, at) and (at == start or sentence.clauses[at] == sentence.clauses[at - 1])


def _as_written(sentence: Sentence, at: int) -> str:
    token = sentence.tokens[at]
    return sentence.block.text[token.start : token.end]
