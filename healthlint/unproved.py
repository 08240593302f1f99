"""What no example needs: phrases, exceptions, cues and terms that could be lost from the rules without any proof failing.

Each is dropped in turn, and those examples in which it may stand are proved again. So that this is quick, an example is
tried with a small book, which holds only what may stand in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from healthlint.document import Document
from healthlint.errors import ReadError
from healthlint.language import tokens
from healthlint.phrase import Phrase, PhraseSet
from healthlint.rule import Example, Rule
from healthlint.rulebook import load_rules
from healthlint.testing import document, faults, linter_for, tried
from healthlint.vocabulary import Cue, Lexicon, Pair, Vocabulary, plural

_Term = tuple[str, ...]


KINDS = (
    *("phrase", "exception", "frame", "absent", "when", "about"),
    *("signal", "cue", "pseudo-cue", "stop", "pair", "term"),
)
"""What items are: those in rules, and those that all rules share. A frame is a phrase in `where`."""


class Item(NamedTuple):
    """Something that an editor wrote."""

    kind: str
    """One of `KINDS`."""
    file: str
    """The file that it stands in, from the folder of rules: "cues/hedged.yaml"."""
    text: str
    """The phrase as written, the words of the term."""

    def __str__(self) -> str:
        return f"{self.file}: {self.kind} “{self.text}”"


class _Part(NamedTuple):
    """An item, and where it goes when a book is made of some of them."""

    number: int
    """Its place among all: those of one list stay in their order."""
    item: Item
    thing: Phrase | Cue | Pair | _Term
    words: tuple[frozenset[str], ...]
    """Of each of these an example must have a word, or the item cannot stand in it."""
    slot: str = ""
    """Which of the lists of its kind and file it is in: the part of a frame, the name of a requirement."""


class Findings(NamedTuple):
    """What came of dropping each item."""

    items: tuple[Item, ...]
    """All of them, by file as they stand there."""
    unproved: tuple[Item, ...]
    """Those of them that no example needs."""


def findings(folder: str | Path | None = None, kinds: Collection[str] = KINDS) -> Findings:
    """What of the rules in `folder` (None: the built-in rules) no example needs; built-in examples count too.

    Only items of these `kinds` are dropped. Raises `DataErrors` for rules that cannot be read.
    """
    rules = load_rules(*([folder] if folder else []))
    parts = tuple(_parts(rules))
    is_complete = folder is None or (Path(folder) / "cues" / "stops.yaml").is_file()
    others = frozenset() if is_complete else frozenset(part.item for part in _parts(load_rules()))
    own = [part for part in parts if part.item.kind in kinds and part.item not in others]
    left = {part.number for part in own}
    by_word: dict[str, list[_Part]] = {}
    for part in parts:
        for word in part.words[0]:
            by_word.setdefault(word, []).append(part)
    for rule in rules:
        for kind, examples in (("bad", rule.bad), ("good", rule.good)):
            on = tried(rule, kind, rules)
            for example in examples:
                left -= _needed(rule, example, on, by_word, left)
    return Findings(tuple(part.item for part in own), tuple(part.item for part in own if part.number in left))


def _needed(
    rule: Rule,
    example: Example,
    rules: Sequence[Rule],
    by_word: Mapping[str, Sequence[_Part]],
    wanted: Set[int],
) -> set[int]:
    """The numbers of those parts among `wanted` without which `example` would not prove `rule`, one of `rules`."""
    try:
        article = document(example)
    except ReadError:
        return set()
    words = _words(article)
    standing = {
        part.number: part
        for word in words & by_word.keys()
        for part in by_word[word]
        if not any(words.isdisjoint(choice) for choice in part.words)
    }

    def is_proof(kept: Iterable[_Part]) -> bool:
        small = _small(rules, kept)
        found = linter_for(small)(example.page).lint(article)
        return not any(faults(rule, example, found, small))

    return {
        number
        for number in sorted(wanted & standing.keys())
        if not is_proof(part for part in standing.values() if part.number != number)
    }


def _words(article: Document) -> frozenset[str]:
    """The words that an example has anywhere: in prose, in addresses, in attributes."""
    texts = (
        article.source,
        *(block.text for block in article.blocks),
        *(each.value for each in article.fields),
    )
    return frozenset(token.word for text in texts for token in tokens(text.replace("_", " ")))


# --- from a book to its parts ------------------------------------------------------------------------------


def _parts(rules: Sequence[Rule]) -> Iterator[_Part]:
    vocabulary = rules[0].vocabulary
    found = (*_of_rules(rules), *_of_vocabulary(vocabulary))
    return (part._replace(number=number) for number, part in enumerate(found))


def _phrase_parts(kind: str, file: str, phrases: Iterable[Phrase], slot: str = "") -> Iterator[_Part]:
    return (_Part(0, Item(kind, file, each.source), each, each.needed, slot) for each in phrases)


def _of_rules(rules: Iterable[Rule]) -> Iterator[_Part]:
    for rule in rules:
        file = _file(rule)
        yield from _phrase_parts("phrase", file, rule.phrases)
        yield from _phrase_parts("exception", file, rule.excepted)
        for name in _FRAMES:
            yield from _phrase_parts("frame", file, getattr(rule.where, name), name)
        for need in rule.absent:
            yield from _phrase_parts("absent", file, need.phrases, need.name)
        yield from _phrase_parts("when", file, rule.when)
        yield from _phrase_parts("about", file, rule.about)


def _file(rule: Rule) -> str:
    return f"{rule.family}/{rule.id}.yaml"


def _of_vocabulary(vocabulary: Vocabulary) -> Iterator[_Part]:
    for name, signal in vocabulary.signals.items():
        yield from _phrase_parts("signal", f"signals/{name}.yaml", signal.phrases)
    for cue in vocabulary.cues:
        item = Item("cue", f"cues/{cue.context}.yaml", cue.phrase.source)
        yield _Part(0, item, cue, cue.phrase.needed)
    for context, phrases in vocabulary.pseudo_cues.items():
        yield from _phrase_parts("pseudo-cue", f"cues/{context}.yaml", phrases)
    for name in _STOPS:
        yield from _phrase_parts("stop", "cues/stops.yaml", getattr(vocabulary, name), name)
    for kind, pairs in vocabulary.pairs.items():
        for pair in pairs:
            treatment, condition = (" ".join(min(terms)) for terms in pair)
            words = [frozenset(word for term in terms for word in term) for terms in pair]
            yield _Part(
                0, Item("pair", f"lexicon/{kind}.yaml", f"{treatment}: {condition}"), pair, tuple(words)
            )
    for lexicon in vocabulary.lexicons:
        for term in lexicon.terms:
            item = Item("term", f"lexicon/{lexicon.name}.yaml", " ".join(term))
            *first, last = term
            choices = (*map(frozenset, zip(first)), frozenset({last, plural(last)}))
            yield _Part(0, item, term, choices)


_FRAMES = ("heading", "sentence", "nearby")
_STOPS = ("contrast_stops", "clause_stops", "comma_stops")


# --- and back ----------------------------------------------------------------------------------------------


def _small(rules: Sequence[Rule], kept: Iterable[_Part]) -> list[Rule]:
    """`rules` with `kept` alone; those that look for phrases of which none is kept are left out."""
    parts: dict[tuple[str, str, str], list[_Part]] = {}
    for part in sorted(kept):
        parts.setdefault((part.item.kind, part.item.file, part.slot), []).append(part)

    def things(kind: str, file: str, slot: str = "") -> tuple[Any, ...]:
        return tuple(part.thing for part in parts.get((kind, file, slot), ()))

    known = rules[0].vocabulary
    stops: Any = {name: things("stop", "cues/stops.yaml", name) for name in _STOPS}
    vocabulary = replace(
        known,
        lexicons=tuple(
            Lexicon.of(each.name, things("term", f"lexicon/{each.name}.yaml"), each.includes)
            for each in known.lexicons
        ),
        cues=tuple(cue for kind, file, slot in parts if kind == "cue" for cue in things(kind, file, slot)),
        pseudo_cues={name: things("pseudo-cue", f"cues/{name}.yaml") for name in known.pseudo_cues},
        signals={name: PhraseSet(things("signal", f"signals/{name}.yaml")) for name in known.signals},
        pairs={name: things("pair", f"lexicon/{name}.yaml") for name in known.pairs},
        **stops,
        term_lines=None,
    )
    return [
        small
        for rule in rules
        if not rule.phrases or ("phrase", _file(rule), "") in parts
        if _can_find(rule, small := _small_rule(rule, vocabulary, partial(things, file=_file(rule))))
    ]


def _small_rule(rule: Rule, vocabulary: Vocabulary, things: Callable[..., tuple[Any, ...]]) -> Rule:
    frames: Any = {name: things("frame", slot=name) for name in _FRAMES}
    return replace(
        rule,
        vocabulary=vocabulary,
        phrases=things("phrase"),
        excepted=things("exception"),
        where=rule.where._replace(**frames),
        absent=tuple(need._replace(phrases=things("absent", slot=need.name)) for need in rule.absent),
        when=things("when"),
        about=things("about"),
    )


def _can_find(rule: Rule, small: Rule) -> bool:
    """Whether `small` can find anything: what it must have a phrase of, and of which none is left, is not asked for."""
    return all(
        left or not had
        for had, left in (
            (rule.when, small.when),
            (rule.about, small.about),
            *((getattr(rule.where, name), getattr(small.where, name)) for name in _FRAMES),
        )
    )
