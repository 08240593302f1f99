"""Suppressions that an author wrote into the article: which violations they cover, and which cover none."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from heapq import merge
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
_LONGEST_MARKUP = 4_000
"""So many characters of tags at most may stand between a suppression and the prose that it is about."""


class _Part(NamedTuple):
    """One name in one directive, and where violations must start to be covered by it."""

    directive: Directive
    name: str
    """A rule id, a family or `EVERY_RULE`."""
    span: Span


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
    covering, used = _covering(document, parts, violations)
    left: list[Violation] = []
    suppressed: list[Suppressed] = []
    for number, each in enumerate(violations):
        if number in covering:
            suppressed.append(Suppressed(each, suppression(document, covering[number].directive, today)))
        else:
            left.append(each)
    running = {rule.id: rule for rule in rules}
    wrong = [
        *_without_reason(document, running),
        *_unused(document, parts, used, running, known),
        *_expirations(document, running, today),
    ]
    return Divided([*left, *wrong], suppressed)


def _covering(
    document: Document, parts: Sequence[_Part], violations: Sequence[Violation]
) -> tuple[Mapping[int, _Part], Set[_Part]]:
    """For each violation that is covered, by its number, the first part that does; and all parts that cover any."""
    by_name: dict[str, list[int]] = {}
    for number, part in enumerate(parts):
        by_name.setdefault(part.name, []).append(number)
    alike: dict[tuple[str, str], list[int]] = {}
    for number, each in enumerate(violations):
        alike.setdefault((each.rule, each.family), []).append(number)
    covering: dict[int, _Part] = {}
    used: set[_Part] = set()
    for names, numbers in alike.items():
        numbers.sort(key=lambda number: violations[number].span.start)
        starts = [violations[number].span.start for number in numbers]
        enabled = sorted(
            directive.span.start
            for directive in document.directives
            if directive.action == "enable"
            and (not directive.rules or not set(names).isdisjoint(directive.rules))
        )
        after = list(range(len(starts) + 1))  # of each the next, itself included, that nothing covers yet
        for part in (
            parts[number] for number in merge(*(by_name.get(name, ()) for name in {*names, EVERY_RULE}))
        ):
            end = part.span.end
            if part.directive.action == "disable":
                ending = bisect_right(enabled, part.span.start)
                end = min([end, *enabled[ending : ending + 1]])
            at, last = bisect_left(starts, part.span.start), bisect_left(starts, end)
            if at < last:
                used.add(part)
            while (at := _following(after, at)) < last:
                covering[numbers[at]] = part
                after[at] = at + 1
    return covering, used


def _following(after: list[int], at: int) -> int:
    """Where the way from `at` ends, which is made shorter for who asks next."""
    while after[at] != at:
        after[at] = after[after[at]]
        at = after[at]
    return at


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
    below = _Below(document)
    return [
        _Part(directive, name, span)
        for directive in document.directives
        if directive.action not in ("enable", "unknown")
        for span in [_covered(document, directive, below)]
        for name in dict.fromkeys(directive.rules or (EVERY_RULE,))
    ]


def _covered(document: Document, directive: Directive, below: _Below) -> Span:
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
        return Span(below.lines[first - 1], below.lines[last] if last < len(below.lines) else end)
    return below.span(last + 1)


class _Below:
    """What stands below directives in a document, each line looked at once; lives as long as they are read."""

    def __init__(self, document: Document) -> None:
        self.lines = line_starts(document.source)
        self._document = document
        self._blocks = sorted(block.span for block in document.blocks if block.runs)
        self._passed: dict[int, int] = {}
        self._spans: dict[int, Span] = {}

    def span(self, line: int) -> Span:
        """The next line with prose from `line` on, and the blocks that begin in it."""
        line = self._line(line)
        if line not in self._spans:
            self._spans[line] = self._span(line)
        return self._spans[line]

    def _line(self, line: int) -> int:
        """The first line from `line` on that is not passed over; one past the last when there is none."""
        passed = []
        while line not in self._passed:
            passed.append(line)
            if line > len(self.lines) or not _PASSED_OVER.match(self._document.line(line)):
                break
            line += 1
        line = self._passed.get(line, line)
        self._passed.update(dict.fromkeys(passed, line))
        return line

    def _span(self, line: int) -> Span:
        document, lines, blocks = self._document, self.lines, self._blocks
        end = len(document.source) + 1
        if line > len(lines):
            return Span(end, end)
        start = lines[line - 1]
        first = bisect_left(blocks, (start,))
        block = blocks[first].start if first < len(blocks) else end
        if block - start <= _LONGEST_MARKUP and _MARKUP_ONLY.fullmatch(document.source, start, block):
            line = document.position(block).line
        stop = lines[line] if line < len(lines) else end
        last = bisect_left(blocks, (stop,))
        return Span(start, max([stop, *(block.end for block in blocks[first:last])]))
