"""Every alternative in every phrase of the built-in rules stands in some sentence: none is written in vain.

A phrase is turned into sentences: each of its alternatives in turn is taken, and what is left open is drawn by a
generator with a fixed seed. The phrase must be found in one of a few such sentences, from their first word on, and in
one of them no exception of its rule may stand on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from healthlint.language import Sentence
from healthlint.page import Page
from healthlint.phrase import Phrase, PhraseMatch, _Node, phrase
from healthlint.readers import read_text
from healthlint.rule import Rule
from healthlint.rulebook import load_rules
from healthlint.unproved import _parts
from healthlint.vocabulary import Cue, Vocabulary

TRIES = 12
"""So many sentences are drawn for an alternative before it counts as dead: another may keep them from matching."""
OFTEN = 0.3
"""How often something optional is put in."""

Path = tuple[int, ...]
Taken = Mapping[Path, int | str]
"""Which branch of a choice, or which word, is taken; by the way to it from the top of the phrase."""


class Sentences:
    """Sentences that a phrase describes."""

    def __init__(self, vocabulary: Vocabulary, seed: int) -> None:
        self.vocabulary = vocabulary
        self.random = Random(seed)
        self.terms = cache(self._terms)

    def _terms(self, slot: str) -> Sequence[tuple[str, ...]]:
        lexicon = next((each for each in self.vocabulary.lexicons if each.name == slot), None)
        if lexicon is None:
            return [("12",)]
        return [*lexicon.terms, *(term for each in lexicon.includes for term in self._terms(each))]

    def words(self, node: _Node, taken: Taken, path: Path = ()) -> list[str]:
        """Words for a part of a phrase; gaps are left empty."""
        if node.op == "exact":
            return [node.name]
        if node.op == "word":
            return [str(taken.get(path) or self.random.choice(sorted(node.words)))]
        if node.op == "slot":
            return list(self.random.choice(self.terms(node.name)))
        if node.op == "sequence":
            return [
                word for at, part in enumerate(node.parts) for word in self.words(part, taken, (*path, at))
            ]
        if node.op in ("either", "perhaps"):
            if node.op == "perhaps" and path not in taken and self.random.random() > OFTEN:
                return []
            at = int(taken.get(path, self.random.randrange(len(node.parts))))
            return self.words(node.parts[at], taken, (*path, at))
        assert node.op in ("gap", "begin")
        return []

    def places(self, tried: Phrase, taken: Taken) -> Iterator[tuple[PhraseMatch, Sentence]]:
        """Where the phrase stands at the start of some of its sentences."""
        for _ in range(TRIES):
            words = self.words(tried.tree, taken)
            text = " ".join(words) + "!"  # "988." would be the mark of an item
            page = Page(read_text(text, format="text"), self.vocabulary)
            for each in page.sentences():
                yield from ((place, each) for place in tried.matches(each) if place.start == 0)


def alternatives(node: _Node, path: Path = (), taken: Taken | None = None) -> Iterator[Taken]:
    """Each alternative anywhere in a phrase, with those around it that lead to it."""
    taken = taken or {}
    if node.op == "word":
        yield from ({**taken, path: word} for word in sorted(node.words) if len(node.words) > 1)
    elif node.op in ("either", "perhaps"):
        for at, part in enumerate(node.parts):
            here = {**taken, path: at}
            yield here
            yield from alternatives(part, (*path, at), here)
    else:
        for at, part in enumerate(node.parts):
            yield from alternatives(part, (*path, at), taken)


def dead(tried: Phrase, sentences: Sentences) -> list[Taken]:
    """The alternatives of a phrase that stand in no sentence; all of it, as {}."""
    return [taken for taken in ({}, *alternatives(tried.tree)) if not any(sentences.places(tried, taken))]


def test_no_alternative_is_dead() -> None:
    rules = load_rules()
    sentences = Sentences(rules[0].vocabulary, seed=1)
    phrases = {}
    for part in _parts(rules):
        tried = part.thing.phrase if isinstance(part.thing, Cue) else part.thing
        if isinstance(tried, Phrase):
            phrases[tried.source] = tried, part.item
    assert len(phrases) > 3_000
    found = {str(item): dead(tried, sentences) for tried, item in phrases.values()}
    assert {item: taken for item, taken in found.items() if taken} == {}


def always_excepted(rule: Rule, sentences: Sentences) -> list[str]:
    """The phrases of a rule on which one of its exceptions always stands."""

    def is_free(place: PhraseMatch, sentence: Sentence) -> bool:
        return not any(at.overlaps(place) for each in rule.excepted for at in each.matches(sentence))

    return [
        each.source
        for each in rule.phrases
        if not any(is_free(*found) for found in sentences.places(each, {}))
    ]


def test_no_phrase_is_always_excepted() -> None:
    rules = load_rules()
    sentences = Sentences(rules[0].vocabulary, seed=2)
    assert {rule.id: found for rule in rules if (found := always_excepted(rule, sentences))} == {}


def test_a_phrase_that_is_always_excepted_is_noticed() -> None:
    rules = load_rules()
    vocabulary = rules[0].vocabulary
    tried = phrase("can't recommend it enough", vocabulary.inflector)
    rule = replace(
        rules[0], phrases=(tried,), excepted=(phrase("(can't|never) recommend", vocabulary.inflector),)
    )
    assert always_excepted(rule, Sentences(vocabulary, seed=2)) == [tried.source]


@pytest.mark.parametrize(
    ("source", "in_vain"),
    [
        ("tried everything ... until", 0),
        ("(cures|heals) ... (gout|and it is gone)", 0),
        ("cures (gout|^ colds)", 1),
        ("(^ cures|heals ^) gout", 1),
        ("=Cure (gout|=Lupus)", 0),
    ],
)
def test_dead_alternatives_are_noticed(source: str, in_vain: int) -> None:
    vocabulary = load_rules()[0].vocabulary
    assert len(dead(phrase(source, vocabulary.inflector), Sentences(vocabulary, seed=1))) == in_vain
