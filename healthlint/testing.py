"""Rules prove themselves against their own examples; `healthlint test` and the test suite run this code."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from healthlint.checks import CHECKS, CROSS_CHECKS, CheckSettings
from healthlint.document import Document
from healthlint.errors import ReadError
from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rule import Example, Rule
from healthlint.rulebook import load_rules
from healthlint.span import Span
from healthlint.violation import Violation, edited

SUPPRESSION = "suppression"
"""The `check` of the rules about suppressions, which the filter applies and not a check function."""

TODAY = datetime.date(2026, 7, 1)
"""The day on which examples are read: what is overdue in one must not depend on the calendar."""

_Linter = Callable[[str], Linter]


class Problem(NamedTuple):
    """Something that a rule does not prove."""

    path: str
    line: int
    """In the rule's file, from 1; 0 for the file as a whole."""
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


def verify(folder: str | Path | None = None) -> list[Problem]:
    """What the rules in `folder` (None: the built-in rules) fail to prove; empty when all is well.

    Each bad example is flagged exactly once, at its mark. No good example is flagged by a rule of its
    family that is on by default. Each context in `unless` and each phrase in `except` is needed: without it
    some good example would be flagged. Each suggestion is in some bad example; put in place, it is clean.
    Raises `DataErrors` for rules that cannot be read.
    """
    rules = load_rules(*([folder] if folder else []))
    if folder:
        inside = Path(folder).resolve()
        chosen = [rule for rule in rules if Path(rule.path).resolve().is_relative_to(inside)]
        if not chosen:
            return [Problem(Path(folder).as_posix(), 0, "holds no rule (<family>/<rule-id>.yaml)")]
    else:
        chosen = rules
    return [problem for rule in chosen for problem in proofs(rule, rules)]


def proofs(rule: Rule, rules: Sequence[Rule]) -> Iterator[Problem]:
    """What `rule` fails to prove, beside the other `rules`."""
    if rule.check and rule.check not in {*CHECKS, *CROSS_CHECKS, SUPPRESSION}:
        yield Problem(
            rule.path,
            0,
            f"there is no check “{rule.check}”; known: {', '.join(sorted({*CHECKS, *CROSS_CHECKS}))}",
        )
        return
    # A cross-check sees what other rules found, so it is proved with all of them.
    alone = _linter(rules if rule.check in CROSS_CHECKS else [rule])
    for example in rule.bad:
        found = [violation.span for violation in _found(alone, rule, example)]
        if found != [example.mark]:
            yield Problem(rule.path, example.line, f"bad example: {_difference(example, found)}")
    on = [other for other in rules if other.default or other is rule]
    family = _linter(
        on if rule.check in CROSS_CHECKS else [other for other in on if other.family == rule.family]
    )
    for example in rule.good:
        # Whole-document rules of a family each want another thing of one article; a good example is good for its rule.
        for violation in family(example.page).lint(_document(example)):
            if violation.rule == rule.id or _is_claim(rule, violation, rules):
                yield Problem(
                    rule.path,
                    example.line,
                    f"good example is flagged by {violation.rule}: “{violation.text}”",
                )
    yield from _idle_excuses(rule)
    yield from _bad_suggestions(rule, rules)


def _is_claim(rule: Rule, violation: Violation, rules: Sequence[Rule]) -> bool:
    other = next(each for each in rules if each.id == violation.rule)
    return bool((rule.phrases or rule.tokens) and (other.phrases or other.tokens))


def _idle_excuses(rule: Rule) -> Iterator[Problem]:
    for name in rule.unless:
        without = _linter([replace(rule, unless=tuple(each for each in rule.unless if each != name))])
        if not _flags_any(without, rule):
            yield Problem(
                rule.path,
                0,
                f"“unless: {name}” is not needed by any good example; add one that it excuses, or drop it",
            )
    for phrase in rule.excepted:
        without = _linter(
            [replace(rule, excepted=tuple(each for each in rule.excepted if each is not phrase))]
        )
        if not _flags_any(without, rule):
            yield Problem(
                rule.path,
                0,
                f"“except: {phrase.source}” is not needed by any good example; add one, or drop it",
            )


def _flags_any(linter: _Linter, rule: Rule) -> bool:
    return any(_found(linter, rule, example) for example in rule.good)


def _bad_suggestions(rule: Rule, rules: Sequence[Rule]) -> Iterator[Problem]:
    every = _linter(rules) if rule.suggest else None
    unproved = set(rule.suggest)
    for example in rule.bad if every else ():
        assert every is not None
        assert example.mark is not None
        words = example.text[example.mark.start : example.mark.end]
        rewrite = rule.suggest.get(words.lower())
        if rewrite:
            unproved.discard(words.lower())
            text = example.text[: example.mark.start] + rewrite + example.text[example.mark.end :]
            if _found(every, rule, example._replace(text=text)):
                yield Problem(
                    rule.path, example.line, f"the suggestion “{rewrite}” for “{words}” is flagged itself"
                )
        yield from _bad_edits(every(example.page), rule, example)
    for words in sorted(unproved):
        yield Problem(rule.path, 0, f"“suggest: {words}” is in no bad example; add one, or drop it")


def _bad_edits(linter: Linter, rule: Rule, example: Example) -> Iterator[Problem]:
    """What is reported of an example once its edits are made, and was not before."""
    before = linter.lint(_document(example))
    edits = [edit for found in before if found.rule == rule.id for edit in found.edits]
    if edits:
        text = edited(example.text, edits)
        after = linter.lint(_document(example._replace(text=text)))
        for name in Counter(each.rule for each in after) - Counter(each.rule for each in before):
            yield Problem(
                rule.path, example.line, f"“{text.strip()}”, as it is put right, is flagged by {name}"
            )


def _document(example: Example) -> Document:
    return read_text(example.text, format=example.format, path="example")


def _linter(rules: Sequence[Rule]) -> _Linter:
    """`rules` made ready for each kind of page that an example names."""
    return cache(lambda page: Linter(rules, checks=CheckSettings(today=TODAY), page=page))


def _found(linter: _Linter, rule: Rule, example: Example) -> list[Violation]:
    try:
        found = linter(example.page).lint(_document(example))
        return [violation for violation in found if violation.rule == rule.id]
    except ReadError:
        return []


def _difference(example: Example, found: Iterable[Span]) -> str:
    places = [f"“{example.text[span.start : span.end]}”" for span in found]
    if not places:
        return f"nothing is flagged in “{' '.join(example.text.split())[:80]}”"
    wanted = example.text[example.mark.start : example.mark.end] if example.mark else ""
    return f"{' and '.join(places)} is flagged, the mark is “{wanted}”"
