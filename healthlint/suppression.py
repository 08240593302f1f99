"""Suppressions that an author wrote into the article: which violations they cover, and which cover none."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from healthlint.document import Action, Directive, Document
from healthlint.errors import nearest
from healthlint.rule import Match, Rule
from healthlint.span import Span, line_starts
from healthlint.violation import Suppressed, Suppression, Violation, violation

UNUSED = "unused-suppression"
WITHOUT_REASON = "suppression-without-reason"

EVERY_RULE = ""
"""Stands for the missing name in a directive that names no rule."""

_COMMENT_END = re.compile(r"\s*(?:--!?>|\*/\s*\}?|[#%]\})")
# A blank line, also one inside a quotation, and a line with another suppression.
_PASSED_OVER = re.compile(r"[\s>]*\Z|\s*(?:<!--|\{/\*|\{#|\.\.|/\*|//)\s*healthlint-")
# Tags, the last one perhaps up to an attribute that is prose; in reST a directive, its options, a table's rule.
_MARKUP_ONLY = re.compile(
    r"(?:\s|<[^<>]*>|^[ \t]*(?:\.\. [\w-]+::[^\n]*$|[=+-][=+ -]*$|:[\w-]+:[^\n]*$|\|))*(?:<[^<>]*|:[\w-]+: *)?",
    re.MULTILINE,
)


class _Part(NamedTuple):
    """One name in one directive, and where violations must start to be covered by it."""

    directive: Directive
    name: str
    """A rule id, a family or `EVERY_RULE`."""
    span: Span

    def covers(self, found: Violation, enabling: Iterable[Directive]) -> bool:
        names = (found.rule, found.family)
        at = found.span.start
        if self.name not in (*names, EVERY_RULE) or not self.span.start <= at < self.span.end:
            return False
        return self.directive.action != "disable" or not any(
            self.span.start < directive.span.start <= at
            and (not directive.rules or not set(names).isdisjoint(directive.rules))
            for directive in enabling
        )


class Divided(NamedTuple):
    """What directives leave of some violations."""

    standing: list[Violation]
    """What no directive covers, and what is wrong with the directives."""
    suppressed: list[Suppressed]


def divided(
    document: Document,
    violations: Sequence[Violation],
    rules: Iterable[Rule],
    known: Collection[str] = (),
    today: datetime.date | None = None,
) -> Divided:
    """`violations` as the directives in `document` divide them.

    A violation is covered when its start lies in what the directive speaks of, until the directive's day is
    past. `rules` are the rules that were run: a suppression of another rule is not called useless, and the
    two rules about suppressions speak only when they are among them. `known` are all rule ids and families
    there are; a name that is not among them is reported (none is when `known` is empty).
    """
    if not document.directives:
        return Divided(list(violations), [])
    parts = [part for part in _parts(document) if not _expired(part.directive, today)]
    enabling = [directive for directive in document.directives if directive.action == "enable"]
    used: set[_Part] = set()
    left: list[Violation] = []
    suppressed: list[Suppressed] = []
    for each in violations:
        covering = [part for part in parts if part.covers(each, enabling)]
        used.update(covering)
        if covering:
            suppressed.append(Suppressed(each, suppression(document, covering[0].directive, today)))
        else:
            left.append(each)
    running = {rule.id: rule for rule in rules}
    wrong = [
        *_without_reason(document, running),
        *_unused(document, parts, used, running, known),
        *_expirations(document, running, today),
    ]
    return Divided([*left, *wrong], suppressed)


def suppressions(document: Document, today: datetime.date | None = None) -> tuple[Suppression, ...]:
    """What the authors of `document` suppressed, in source order; misspelt attempts are not among them."""
    return tuple(
        suppression(document, each, today)
        for each in sorted(document.directives, key=lambda each: each.span)
        if each.action not in ("enable", "unknown")
    )


def suppression(document: Document, directive: Directive, today: datetime.date | None) -> Suppression:
    """A directive of `document` as reports show it."""
    return Suppression(
        document.path,
        document.position(directive.span.start),
        directive.action,
        directive.rules,
        directive.reason,
        directive.until,
        _expired(directive, today),
    )


def _expired(directive: Directive, today: datetime.date | None) -> bool:
    return bool(directive.until and today and directive.until < today.isoformat())


def _without_reason(document: Document, running: Mapping[str, Rule]) -> Iterator[Violation]:
    for directive in document.directives if WITHOUT_REASON in running else ():
        if directive.action not in ("enable", "unknown") and not directive.reason:
            match = Match(directive.span, _text(document, directive))
            yield violation(document, running[WITHOUT_REASON], match)


def _unused(
    document: Document,
    parts: Iterable[_Part],
    used: Collection[_Part],
    running: Mapping[str, Rule],
    known: Collection[str],
) -> Iterator[Violation]:
    names = {EVERY_RULE, *running, *(rule.family for rule in running.values())}
    for part in parts if UNUSED in running else ():
        problem = "" if part in used else _problem(part.name, names, known)
        if problem:
            yield _useless(document, running[UNUSED], part.directive, problem)
    for directive in document.directives if UNUSED in running else ():
        if directive.action == "unknown":
            yield _useless(document, running[UNUSED], directive, _misspelt(_text(document, directive)))


def _expirations(
    document: Document, running: Mapping[str, Rule], today: datetime.date | None
) -> Iterator[Violation]:
    for directive in document.directives if UNUSED in running else ():
        if _expired(directive, today):
            yield _useless(document, running[UNUSED], directive, f"it ended on {directive.until}")


def _misspelt(text: str) -> str:
    """Why a comment that begins like a suppression is none."""
    if "until" in text:
        return "its end is not written as a day, “until=2027-01-31”"
    word = text.split(maxsplit=1)[0].removeprefix("healthlint-")
    if word in _ACTIONS:
        return "it is not written as “healthlint-… rules -- reason”"
    return f"“healthlint-{word}” is no suppression{nearest(word, _ACTIONS)}"


_ACTIONS = tuple(action for action in get_args(Action) if action != "unknown")


def _useless(document: Document, rule: Rule, directive: Directive, problem: str) -> Violation:
    return violation(
        document, rule, Match(directive.span, _text(document, directive), details={"problem": problem})
    )


def _problem(name: str, running: Collection[str], known: Collection[str]) -> str:
    """Why a suppression of `name` covers nothing; "" when that is no fault of it."""
    if known and name not in known and name != EVERY_RULE:
        return f"there is no rule “{name}”{nearest(name, known)}"
    if name not in running:
        return ""
    return f"“{name}” reports nothing here" if name else "no rule reports anything here"


def _text(document: Document, directive: Directive) -> str:
    return document.source[directive.span.start : directive.span.end]


def _parts(document: Document) -> list[_Part]:
    lines = line_starts(document.source)
    blocks = sorted(block.span for block in document.blocks if block.runs)
    return [
        _Part(directive, name, span)
        for directive in document.directives
        if directive.action not in ("enable", "unknown")
        for span in [_covered(document, directive, lines, blocks)]
        for name in dict.fromkeys(directive.rules or (EVERY_RULE,))
    ]


def _covered(document: Document, directive: Directive, lines: Sequence[int], blocks: Sequence[Span]) -> Span:
    """Where violations must start to be covered by `directive`; an `enable` after it is not considered."""
    end = len(document.source) + 1  # a violation may stand at the very end
    if directive.action == "disable-file":
        return Span(0, end)
    if directive.action == "disable":
        return Span(directive.span.start, end)
    first = document.position(directive.span.start).line
    closing = _COMMENT_END.match(document.source, directive.span.end)
    last = document.position(closing.end() if closing else directive.span.end).line
    if directive.action == "disable-line":
        return Span(lines[first - 1], lines[last] if last < len(lines) else end)
    line = last + 1
    while line <= len(lines) and _PASSED_OVER.match(document.line(line)):
        line += 1
    if line > len(lines):
        return Span(end, end)
    start = lines[line - 1]
    block = next((block for block in blocks if block.start >= start), None)
    if block and _MARKUP_ONLY.fullmatch(document.source, start, block.start):
        line = document.position(block.start).line
    stop = lines[line] if line < len(lines) else end
    return Span(start, max([stop, *(block.end for block in blocks if start <= block.start < stop)]))
