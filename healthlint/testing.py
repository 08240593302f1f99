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
    for kind, examples in (("bad", rule.bad), ("good", rule.good)):
        linter = linter_for(tried(rule, kind, rules))
        for example in examples:
            try:
                found = linter(example.page).lint(document(example))
            except ReadError as error:
                yield Problem(rule.path, example.line, f"{kind} example: {error}")
                continue
            yield from (
                Problem(rule.path, example.line, fault) for fault in faults(rule, example, found, rules)
            )
    yield from _idle_excuses(rule)
    yield from _bad_suggestions(rule, rules)


def tried(rule: Rule, kind: str, rules: Sequence[Rule]) -> list[Rule]:
    """Which of all `rules` are run over the "bad" or the "good" examples of `rule`.

    A bad example must be flagged by the rule alone, a good one by none of its family that is on by default.
    """
    on = [other for other in rules if other.default or other is rule]
    if rule.check in CROSS_CHECKS:  # it sees what other rules found, so it is proved with all of them
        return on if kind == "good" else list(rules)
    return [rule] if kind == "bad" else [other for other in on if other.family == rule.family]


def faults(rule: Rule, example: Example, found: Sequence[Violation], rules: Sequence[Rule]) -> Iterator[str]:
    """What is wrong with the violations that were `found` in an example of `rule`, one of `rules`."""
    if example.mark:
        places = [violation.span for violation in found if violation.rule == rule.id]
        if places != [example.mark]:
            yield f"bad example: {_difference(example, places)}"
        return
    claims = {other.id for other in rules if other.phrases or other.tokens}
    # Whole-document rules of a family each want another thing of one article; a good example is good for its rule.
    for violation in found:
        if violation.rule == rule.id or (rule.id in claims and violation.rule in claims):
            yield f"good example is flagged by {violation.rule}: “{violation.text}”"


def _idle_excuses(rule: Rule) -> Iterator[Problem]:
    for name in rule.unless:
        without = linter_for([replace(rule, unless=tuple(each for each in rule.unless if each != name))])
        if not _flags_any(without, rule):
            yield Problem(
                rule.path,
                0,
                f"“unless: {name}” is not needed by any good example; add one that it excuses, or drop it",
            )
    for phrase in rule.excepted:
        without = linter_for(
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
    every = linter_for(rules) if rule.suggest else None
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
    before = linter.lint(document(example))
    edits = [edit for found in before if found.rule == rule.id for edit in found.edits]
    if edits:
        text = edited(example.text, edits)
        after = linter.lint(document(example._replace(text=text)))
        for name in Counter(each.rule for each in after) - Counter(each.rule for each in before):
            yield Problem(
                rule.path, example.line, f"“{text.strip()}”, as it is put right, is flagged by {name}"
            )


def document(example: Example) -> Document:
    """An example as an article. Raises `ReadError` when it cannot be read."""
    return read_text(example.text, format=example.format, path="example")


def linter_for(rules: Sequence[Rule]) -> _Linter:
    """`rules` made ready for each kind of page that an example names."""
    return cache(lambda page: Linter(rules, checks=CheckSettings(today=TODAY), page=page))


def _found(linter: _Linter, rule: Rule, example: Example) -> list[Violation]:
    try:
        found = linter(example.page).lint(document(example))
        return [violation for violation in found if violation.rule == rule.id]
    except ReadError:
        return []


def _difference(example: Example, found: Iterable[Span]) -> str:
    places = [f"“{example.text[span.start : span.end]}”" for span in found]
    if not places:
        return f"nothing is flagged in “{' '.join(example.text.split())[:80]}”"
    wanted = example.text[example.mark.start : example.mark.end] if example.mark else ""
    return f"{' and '.join(places)} is flagged, the mark is “{wanted}”"
