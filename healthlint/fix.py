"""Articles set right by the edits of their violations, each held against the rules again before it is kept."""

from __future__ import annotations

import hashlib
import os
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from healthlint import outfile
from healthlint.checks import CheckSettings
from healthlint.config import Config
from healthlint.document import Document
from healthlint.edits import DISCLAIMER_MISSING
from healthlint.errors import ReadError
from healthlint.linter import Linter
from healthlint.readers import read_bytes, read_text
from healthlint.readers.decoding import Decoded, decoded
from healthlint.readers.insertion import front_matter_keys, paragraph
from healthlint.report import Checked, Report
from healthlint.rule import SEVERITIES, Rule
from healthlint.settings import Settings
from healthlint.span import Span
from healthlint.violation import Edit, Failure, Violation, edited
from healthlint.work import Linters, attempted

MOST_ROUNDS = 10
"""How often an article is looked at again for what the edits before it made possible."""

_CHANGED = "changed since it was checked; nothing was written to it, so run the same again"
_READ_ONLY = "is read-only; nothing was written to it"
_FOLDER_READ_ONLY = "is in a folder that is read-only; nothing was written to it"
_LINKED = (
    "has other names (hard links), which would keep the old text; nothing was written to it. "
    "Put a copy in its place and run the same again"
)

_ARTICLE = (
    "# Swollen feet\n\nFeet swell in the heat. See a doctor if one swells more than the other.\n\n"
    "## What helps\n\nPut them up.\n"
)
"""What a notice is put into to see whether it is sound."""


class Refused(NamedTuple):
    """A violation whose edit was not kept, and why."""

    violation: Violation
    reason: str


class Fixed(NamedTuple):
    """What became of one article."""

    path: str
    before: str
    """Its text, without a byte-order mark."""
    after: str
    violations: tuple[Violation, ...]
    """What was set right, each as it stood then."""
    refused: tuple[Refused, ...]
    old: bytes
    """The bytes of its file, and those that it is to have."""
    new: bytes


def fixes(report: Report, linters: Linters, *, suppressions: bool = True) -> Iterator[Fixed | Failure]:
    """What the edits of the violations in `report` make of its articles, by path; writes nothing.

    `linters` and `suppressions` are those with which the report was made. Articles in which there is nothing
    to edit are left out.
    """
    reported: dict[str, list[Violation]] = {}
    for each in report.violations:
        reported.setdefault(each.path, []).append(each)
    for checked in report.checked:
        found = reported.get(checked.path, [])
        if any(each.edits for each in found):
            fixed = partial(_fixed, reported=found, linters=linters, suppressions=suppressions)
            yield attempted(checked.path, fixed, checked)


def proved(document: Document, violations: Iterable[Violation], linter: Linter) -> Sequence[Violation]:
    """Those of `violations` in `document` whose edits can be made together, as the first round of `fixes` does."""
    work = _Work(linter, Decoded(document.source, "utf-8", b""), suppressions=True)
    state = work.state(document)
    return work.kept(state, _apart(each for each in violations if each.edits))[0]


def written(fixed: Fixed) -> Failure | None:
    """Writes an article whole or not at all. Gives why it could not be, or None."""
    target = Path(fixed.path)
    try:
        status = target.stat()
        if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
            return Failure(fixed.path, _READ_ONLY)
        if not os.access(Path(os.path.realpath(target)).parent, os.W_OK):
            return Failure(fixed.path, _FOLDER_READ_ONLY)
        if status.st_nlink > 1:
            return Failure(fixed.path, _LINKED)
        if not outfile.write(target, fixed.new, instead_of=fixed.old):
            return Failure(fixed.path, _CHANGED)
    except OSError as error:
        return Failure(fixed.path, f"could not be written: {error.strerror or error}")
    return None


def _fixed(checked: Checked, reported: Iterable[Violation], linters: Linters, suppressions: bool) -> Fixed:
    """What becomes of an article. Raises `ReadError` when its file is no longer what was checked."""
    try:
        old = Path(checked.path).read_bytes()
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror or error}") from error
    if hashlib.sha256(old).hexdigest() != checked.sha256:
        raise ReadError(_CHANGED)
    document = read_bytes(old, format=checked.format, path=checked.path, largest=len(old))
    writing = decoded(old, len(old))
    work = _Work(linters.under(linters.config.choice(document).settings), writing, suppressions)
    state = work.state(document)
    spared = {_key(each) for each in state.found} - {_key(each) for each in reported}
    kept: list[Violation] = []
    for _ in range(MOST_ROUNDS):
        wanted = [each for each in state.found if each.edits and _key(each) not in spared]
        chosen, state = work.kept(state, _apart(each for each in wanted if _words(each) not in work.refused))
        kept += chosen
        if not chosen:
            break
    source = state.document.source
    new = work.writing.encoded(source) if kept else old
    return Fixed(checked.path, document.source, source, tuple(kept), tuple(work.refused.values()), old, new)


class _State(NamedTuple):
    """An article, and what is found in it."""

    document: Document
    found: tuple[Violation, ...]


@dataclass
class _Work:
    """What is needed to edit one article, and what was tried in vain."""

    linter: Linter
    writing: Decoded
    suppressions: bool
    refused: dict[tuple[str, str, str], Refused] = field(default_factory=dict)
    """By rule, sentence and words, so that nothing is tried twice."""

    def state(self, document: Document) -> _State:
        heeded = document if self.suppressions else replace(document, directives=())
        return _State(document, self.linter.outcome(heeded).violations)

    def kept(self, state: _State, chosen: Sequence[Violation]) -> tuple[Sequence[Violation], _State]:
        """Those of `chosen` whose edits are kept, and the article with them."""
        after = self._after(state, chosen) if chosen else state
        if isinstance(after, _State):
            return chosen, after
        sound = []
        for each in chosen:
            alone = self._after(state, [each])
            if isinstance(alone, _State):
                sound.append(each)
            else:
                self.refused[_words(each)] = Refused(each, alone)
        for some in (sound, sound[:1]):
            after = self._after(state, some) if some else state
            if isinstance(after, _State):
                return some, after
        return [], state

    def _after(self, state: _State, chosen: Sequence[Violation]) -> _State | str:
        """The article with the edits of `chosen`, or why they are not kept."""
        edits = sorted(edit for each in chosen for edit in each.edits)
        source = edited(state.document.source, edits)
        try:
            self.writing.encoded(source)
        except UnicodeEncodeError as error:
            return f"{error.encoding} has no “{source[error.start]}”"
        document = read_text(source, format=state.document.format, path=state.document.path)
        after = self.state(replace(document, encoding=state.document.encoding))
        places = _places(edits)
        before = self._told(state.found, [edit.span for edit in edits])
        new = self._told(after.found, places)
        gone = before - new - Counter(each.rule for each in chosen)
        worse = self._worse(new - before, gone)
        if worse:
            return f"it would bring {', '.join(worse)}"
        moved = dict(zip(edits, places, strict=True))
        counts = [Counter(each.rule for each in found) for found in (state.found, after.found)]
        left: dict[str, list[Span]] = {}
        for found in after.found:
            left.setdefault(found.rule, []).append(found.span)
        still = {rule: _Apart(spans) for rule, spans in left.items()}
        for each in chosen:
            if each.sentence:
                stands = any(still.get(each.rule, _Apart()).touch(moved[edit]) for edit in each.edits)
            else:
                stands = counts[1][each.rule] >= counts[0][each.rule]
            if stands:
                return "it would not help"
        return after

    def _told(self, violations: Iterable[Violation], places: Sequence[Span]) -> Counter[str]:
        """How often each rule finds fault with the article, or with a sentence at one of `places`."""
        touched = _Apart(places)
        return Counter(
            rule
            for each in violations
            if not each.sentence or touched.touch(each.within)
            for rule in (each.rule, *each.also)
        )

    def _worse(self, come: Iterable[str], gone: Iterable[str]) -> list[str]:
        """The rules of `come` that do not say more mildly what one of those `gone` said, as “only in the notice” does."""
        rules = {rule.id: rule for rule in self.linter.rules}
        return sorted(
            name for name in come if not any(_is_milder(rules[name], rules[other]) for other in gone)
        )


def _is_milder(rule: Rule, other: Rule) -> bool:
    return rule.family == other.family and SEVERITIES.index(rule.severity) <= SEVERITIES.index(other.severity)


def _key(violation: Violation) -> tuple[str, str]:
    return violation.rule, violation.sentence


def _words(violation: Violation) -> tuple[str, str, str]:
    return violation.rule, violation.sentence, violation.text


def _apart(violations: Iterable[Violation]) -> list[Violation]:
    """Those of `violations`, the first of several, whose edits do not touch one another."""
    taken = _Apart()
    chosen = []
    for each in violations:
        spans = [edit.span for edit in each.edits]
        if not any(map(taken.touch, spans)):
            for span in spans:
                taken.add(span)
            chosen.append(each)
    return chosen


class _Apart:
    """Places of which each ends before the next begins; those that are put in together become one."""

    def __init__(self, places: Iterable[Span] = ()) -> None:
        self._places: list[Span] = []
        for place in sorted(places):
            self.add(place)

    def touch(self, span: Span) -> bool:
        """Whether one of them touches `span`."""
        before = bisect_right(self._places, (span.end, sys.maxsize))
        return before > 0 and self._places[before - 1].end >= span.start

    def add(self, span: Span) -> None:
        """Put in another place."""
        before = bisect_right(self._places, (span.end, sys.maxsize))
        while before and self._places[before - 1].end >= span.start:
            before -= 1
            other = self._places.pop(before)
            span = Span(min(span.start, other.start), max(span.end, other.end))
        self._places.insert(before, span)


def _places(edits: Sequence[Edit]) -> list[Span]:
    """Where the texts of `edits`, which are in order, stand once all are made."""
    moved, places = 0, []
    for (start, end), text in edits:
        places.append(Span(start + moved, start + moved + len(text)))
        moved += len(text) - (end - start)
    return places


# --- what a configuration adds -----------------------------------------------------------------------------


def vain_additions(config: Config, settings: Settings) -> Iterator[tuple[str, str]]:
    """What is wrong with what `settings` would add: “disclaimer” or a rule id, and a message."""
    if settings.fix.disclaimer:
        message = _notice_fault(Linters(config).under(settings), settings.fix.disclaimer)
        if message:
            yield "disclaimer", f"“disclaimer”: {message}"
    rules = {rule.id: rule for rule in config.rulebook.rules}
    for name, pairs in settings.fix.front_matter:
        if name in rules and not _satisfies(rules[name], pairs):
            keys = " and ".join(f"“{key}”" for key, _ in pairs)
            yield name, f"“front-matter”: {keys} so written would not satisfy {name}. {rules[name].fix}"


def _notice_fault(linter: Linter, text: str) -> str:
    """What `linter` would report in an article because of, or in spite of, the notice `text`; "" when all is well."""
    article = read_text(_ARTICLE)
    insertion = paragraph(article, text)
    if insertion is None:
        return "cannot be written as a paragraph"
    missing = [rule.id for rule in linter.rules if rule.check == DISCLAIMER_MISSING]
    end = insertion.at + len(insertion.text)
    for each in linter.lint(read_text(insertion.into(_ARTICLE))):
        if each.rule in missing:
            return f"it does not say what readers must know. {each.fix}"
        if insertion.at <= each.span.start < end:
            return f"{each.rule} would be reported in it. {each.message} {each.fix}"
    return ""


def _satisfies(rule: Rule, pairs: Sequence[tuple[str, str | tuple[str, ...]]]) -> bool:
    """Whether some article that `rule` reports is in order once its front matter has `pairs`."""
    checks = CheckSettings(limit=rule.limit)
    for example in rule.bad:
        if example.format == "markdown":
            linter = Linter([rule], checks=checks, page=example.page)
            insertion = front_matter_keys(read_text(example.text), pairs)
            if insertion and not linter.lint(read_text(insertion.into(example.text))):
                return True
    return False
