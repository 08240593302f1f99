"""What a check reports. Line and column exist only from here outwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import Any, NamedTuple

from healthlint.document import Action, Document
from healthlint.rewrite import rewritten
from healthlint.rule import SEVERITIES, Match, Rule, Severity
from healthlint.span import Position, Span


class Edit(NamedTuple):
    """A change of the source: `text` in place of `span`, which is empty where something is put in."""

    span: Span
    text: str


def edited(source: str, edits: Iterable[Edit]) -> str:
    """`source` with `edits` made, of which no two touch the same place."""
    pieces, at = [], 0
    for edit in sorted(edits):
        pieces += [source[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*pieces, source[at:]])


@dataclass(frozen=True)
class Violation:
    """A match that nobody excused."""

    rule: str
    family: str
    severity: Severity
    message: str
    path: str
    """As given or found, with `/`, relative to the working directory."""
    span: Span
    """Code points of the decoded source, half-open, from 0."""
    start: Position
    """Line and column of `span.start`, from 1."""
    end: Position
    """Line and column of `span.end` (exclusive), from 1."""
    text: str
    """The source at `span`."""
    fix: str
    """What to write instead."""
    url: str = ""
    """The first source of the rule."""
    also: tuple[str, ...] = ()
    """Other rules that found the same place, with lower severity or later in order."""
    packs: tuple[str, ...] = ()
    """The packs that ask for the rule, or for its severity."""
    sentence: str = ""
    """The prose of its sentence, in lower case; "" for what concerns the article as a whole."""
    within: Span = Span(0, 0)  # noqa: RUF009 - frozen
    """Its sentence in the source; the whole source for what concerns the article as a whole."""
    suggestion: str = ""
    """Words for the place of those found, for somebody to look at; "" when the rule has none."""
    edits: tuple[Edit, ...] = ()
    """What sets it right without anybody having to think about it; empty when nothing does."""
    source_line: str = field(default="", compare=False)
    """The source line on which the violation starts."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(_shared(state))  # it comes from another process

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts violations as a reader meets them, the graver first where several stand at one place."""
        return (self.path, self.span, -SEVERITIES.index(self.severity), self.rule)


class Evidence(NamedTuple):
    """Why a match was excused: a context and the words that say so."""

    name: str
    text: str
    """The source at `span`."""
    span: Span
    start: Position
    end: Position


@dataclass(frozen=True)
class Excused:
    """A match that its context excused."""

    violation: Violation
    """What would have been reported."""
    contexts: tuple[Evidence, ...]


class Suppression(NamedTuple):
    """What an author wrote to let violations stand."""

    path: str
    start: Position
    action: Action
    rules: tuple[str, ...]
    """Rule ids or families; empty means every rule."""
    reason: str
    """"" if none was given."""
    until: str
    """The last day on which it holds, as an ISO date; "" for always."""
    expired: bool

    @property
    def said(self) -> str:
        """What it does, in words: "disable-line cure-claim, until 2027-01-31"."""
        end = f", {'ended' if self.expired else 'until'} {self.until}" if self.until else ""
        return f"{self.action} {', '.join(self.rules) or 'every rule'}{end}"


class Suppressed(NamedTuple):
    """A violation that its author suppressed, and by what; the first of several."""

    violation: Violation
    suppression: Suppression


class Failure(NamedTuple):
    """A file that could not be read."""

    path: str
    message: str


def violation(document: Document, rule: Rule, match: Match) -> Violation:
    """What `rule` reports at `match`."""
    message = rule.message
    for name, value in {"match": match.text, **match.details}.items():
        message = message.replace("{" + name + "}", value)
    message = message.replace("?.", "?")  # of a detail that asks: “did you mean …?”
    suggestion = rule.suggest.get(match.text.lower(), "")
    rewrite = rewritten(rule, match, document.source)
    start = document.position(match.span.start)
    sentence = match.sentence
    return Violation(
        rule=rule.id,
        family=rule.family,
        severity=rule.severity,
        message=message,
        path=document.path,
        span=match.span,
        start=start,
        end=document.position(match.span.end),
        text=document.source[match.span.start : match.span.end],
        fix=suggestion or rule.fix,
        url=rule.url,
        packs=rule.packs,
        suggestion=suggestion,
        edits=(Edit(match.span, rewrite),) if rewrite else (),
        sentence=sentence.plain if sentence else "",
        within=sentence.block.source_span(sentence.start, sentence.end)
        if sentence
        else Span(0, len(document.source)),
        source_line=document.line(start.line),
    )


_COMMON = ("rule", "family", "severity", "path", "fix", "url")


def _shared(data: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a violation, with one copy for all of what many have: ten thousand articles take 50 MB less."""
    return {**data, **{name: intern(data[name]) for name in _COMMON}}


def violation_of(data: Mapping[str, Any]) -> Violation:
    """The violation whose attributes are `data`, with lists for tuples, as stores give them back."""
    return Violation(
        **{
            **_shared(data),
            "span": Span(*data["span"]),
            "start": Position(*data["start"]),
            "end": Position(*data["end"]),
            "within": Span(*data["within"]),
            "also": tuple(data["also"]),
            "packs": tuple(data["packs"]),
            "edits": tuple(Edit(Span(*span), text) for span, text in data["edits"]),
        }
    )
