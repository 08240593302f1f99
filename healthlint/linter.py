"""One document against the rules: find, ask for context, say what is left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from healthlint.checks import (
    CHECKS,
    CROSS_CHECKS,
    NO_SETTINGS,
    CheckSettings,
    check,
    excuse,
    references,
    whole_document,
)
from healthlint.context import Context, Contexts
from healthlint.document import Document, bare
from healthlint.edits import additions_for
from healthlint.garbage import uncollected
from healthlint.language import Sentence, spacy_matches
from healthlint.page import Page
from healthlint.pagekind import is_of_kind
from healthlint.phrase import PhraseMatch, PhraseSet, widest
from healthlint.rule import SEVERITIES, Match, Requirement, Rule, match_at
from healthlint.settings import NO_ADDITIONS, Additions
from healthlint.suppression import divided
from healthlint.topic import topic
from healthlint.violation import Evidence, Excused, Suppressed, Suppression, Violation, violation
from healthlint.vocabulary import Vocabulary

_STRETCH = 1000
"""Claims inside one another touch the same stretch of so many code points of the source."""

MANNERS = frozenset(("evidence", "language", "readability"))
"""Families of rules about how something is told."""


class Outcome(NamedTuple):
    """What one document gave, in source order."""

    violations: tuple[Violation, ...]
    excused: tuple[Excused, ...]
    suppressed: tuple[Suppressed, ...]


class _Group(NamedTuple):
    """The rules for the same kinds of page, whose phrases are tried only there."""

    kinds: tuple[str, ...]
    phrases: PhraseSet
    owners: tuple[Rule, ...]
    """The rule of each phrase."""

    @classmethod
    def of(cls, kinds: tuple[str, ...], rules: Sequence[Rule], screened: bool) -> _Group:
        phrases = PhraseSet((phrase for rule in rules for phrase in rule.phrases), screened=screened)
        return cls(kinds, phrases, tuple(rule for rule in rules for _ in rule.phrases))


class Linter:
    """Rules made ready; frozen after construction, keeps nothing between documents, safe to share."""

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        checks: CheckSettings = NO_SETTINGS,
        page: str = "",
        known: Collection[str] = (),
        additions: Additions = NO_ADDITIONS,
        screened: bool = True,
    ) -> None:
        """`rules` are those that are on, with the severities they are to be reported with.

        `page` is the kind of all pages, one of `pagekind.KINDS`; without it the words of each page tell.
        `known` are the ids and families of all rules there are, on or off: a suppression of any other name
        is reported. `additions` are what may be put in where it is missing. `screened=False` tries every
        phrase on every sentence: slower, and the same result.
        """
        self.rules = tuple(rules)
        self._known = frozenset(known)
        self._additions = additions
        self._checks = {rule.id: replace(checks, limit=rule.limit) for rule in self.rules if rule.check}
        self._checks_of = {rule.id: rule.check for rule in self.rules}
        self._today = checks.today
        self._page = page
        self._screened = screened
        self._vocabulary = self.rules[0].vocabulary if self.rules else Vocabulary()
        by_page: dict[tuple[str, ...], list[Rule]] = {}
        for rule in self.rules:
            if rule.phrases:
                by_page.setdefault(rule.where.page, []).append(rule)
        self._groups = tuple(_Group.of(kinds, group, screened) for kinds, group in by_page.items())
        self._frames = {
            rule.id: {
                "except": PhraseSet(rule.excepted, screened=screened),
                "heading": PhraseSet(rule.where.heading, screened=screened),
                "sentence": PhraseSet(rule.where.sentence, screened=screened),
                "nearby": PhraseSet(rule.where.nearby, screened=screened),
            }
            for rule in self.rules
        }
        self._told_once = frozenset(rule.id for rule in self.rules if rule.once)
        self._sentence_rules = frozenset(rule.id for rule in self.rules if rule.phrases or rule.tokens)
        self._absent = {
            rule.id: (
                PhraseSet(rule.when, screened=screened),
                PhraseSet(rule.about, screened=screened),
                tuple(PhraseSet(need.phrases, screened=screened) for need in rule.absent),
            )
            for rule in self.rules
            if rule.absent
        }

    def lint(self, document: Document) -> list[Violation]:
        """The violations in `document`, in source order, without those its author suppressed."""
        return list(self.outcome(document).violations)

    def outcome(self, document: Document) -> Outcome:
        """As `lint`, and what was found but excused, with the reason."""
        return next(self.outcomes([document]))

    def outcomes(self, documents: Iterable[Document]) -> Iterator[Outcome]:
        """As `outcome`, for each of `documents` in their order; quicker, as several are searched at once.

        So an outcome may come only when some more documents were taken.
        """
        pages: list[Page] = []
        for document in documents:
            pages.append(self.page(document, pages[-1] if pages else None))
            if pages[-1].is_full:
                yield from self._together(pages)
                pages = []
        yield from self._together(pages)

    def _together(self, pages: Sequence[Page]) -> list[Outcome]:
        with uncollected():
            found = list(map(self.outcome_of, pages))
            for page in pages:
                page.forget()
            return found

    def page(self, document: Document, before: Page | None = None) -> Page:
        """`document` as it is read for `outcome_of`, which is quicker when it can be searched with one `before`."""
        return Page(document, self._vocabulary, self._page, before.passages[-1] if before else None)

    def outcome_of(self, page: Page) -> Outcome:
        """As `outcome`; later than all pages that were made after `page` and are to be searched with it."""
        document = page.document
        contexts = excuse.contexts(page)
        violations: list[Violation] = []
        excused: list[Excused] = []
        for rule, match in self._claims(page, contexts):
            holding = tuple(contexts.of(match, dict.fromkeys((*excuse.ALWAYS, *rule.unless))))
            found = violation(document, rule, match)
            if holding:
                excused.append(Excused(found, tuple(_evidence(document, context) for context in holding)))
            else:
                violations.append(found)
        if document.hidden:
            violations.extend(self._hidden_claims(page))
        violations.extend(violation(document, rule, match) for rule, match in self._absences(page, contexts))
        standing = divided(document, violations, (), today=self._today).standing
        for rule in self.rules:
            if rule.check in CROSS_CHECKS:
                found_across = check(CROSS_CHECKS[rule.check])(page, standing, self._checks[rule.id])
                violations.extend(violation(document, rule, match) for match in found_across)
        left, suppressed = divided(document, violations, self.rules, self._known, self._today)
        told = self._once(sorted(self._deduplicated(left), key=lambda each: each.order))
        return Outcome(
            tuple(self._with_edits(document, each) for each in told),
            tuple(sorted(excused, key=lambda each: each.violation.order)),
            tuple(sorted(self._suppressions(suppressed), key=lambda each: each.violation.order)),
        )

    def _hidden_claims(self, page: Page) -> Iterator[Violation]:
        """What is claimed in text that the page does not show as it is opened; how it is told matters little there."""
        document = replace(page.document, blocks=page.document.hidden, hidden=())
        hidden = Page(document, self._vocabulary, self._page)
        contexts = excuse.contexts(hidden)
        for rule, match in self._claims(hidden, contexts):
            if rule.family not in MANNERS and not any(
                contexts.of(match, dict.fromkeys((*excuse.ALWAYS, *rule.unless)))
            ):
                yield violation(page.document, rule, match)
        hidden.forget()

    # --- finding ---------------------------------------------------------------------------------------

    def _claims(self, page: Page, contexts: Contexts) -> Iterator[tuple[Rule, Match]]:
        yield from self._phrase_matches(page, contexts)
        for rule in self.rules:
            if rule.tokens and _looks_at(page, rule.where.page):
                yield from ((rule, match) for match in self._token_matches(rule, page, contexts))

    def _absences(self, page: Page, contexts: Contexts) -> Iterator[tuple[Rule, Match]]:
        for rule in self.rules:
            if rule.absent:
                yield from ((rule, match) for match in self._unsaid(rule, page, contexts))
            elif rule.metadata:
                yield from ((rule, match) for match in _metadata_matches(rule, page))
            elif rule.check in CHECKS:
                yield from ((rule, match) for match in check(CHECKS[rule.check])(page, self._checks[rule.id]))

    def _phrase_matches(self, page: Page, contexts: Contexts) -> Iterator[tuple[Rule, Match]]:
        for group in self._groups:
            if not _looks_at(page, group.kinds):
                continue
            claims = _Claims()
            for sentence, found in page.found(group.phrases):
                if not claims.has(sentence):
                    continue
                by_rule: dict[str, tuple[Rule, list[PhraseMatch]]] = {}
                for number, place in found:
                    rule = group.owners[number]
                    by_rule.setdefault(rule.id, (rule, []))[1].append(place)
                for rule, found_here in by_rule.values():
                    for place in widest(found_here):
                        match = match_at(sentence, place)
                        if self._counts(rule, match, place, page, contexts):
                            yield rule, match

    def _token_matches(self, rule: Rule, page: Page, contexts: Contexts) -> Iterator[Match]:
        claims = _Claims()
        for sentence in page.sentences(rule.token_words if self._screened else None):
            if not claims.has(sentence):
                continue
            if self._screened and rule.token_words.isdisjoint(sentence.vocabulary_words):
                continue
            for start, end in spacy_matches(sentence, rule.tokens):
                taken = [
                    n for n, token in enumerate(sentence.tokens) if token.start < end and start < token.end
                ]
                if taken:
                    place = PhraseMatch(taken[0], taken[-1] + 1, tuple(taken))
                    match = Match(
                        sentence.block.source_span(start, end),
                        sentence.block.text[start:end],
                        sentence,
                        place.literals,
                    )
                    if self._counts(rule, match, place, page, contexts):
                        yield match

    def _counts(self, rule: Rule, match: Match, place: PhraseMatch, page: Page, contexts: Contexts) -> bool:
        """Whether the rule's `where` holds and none of its `except` phrases stands there."""
        sentence, where, frames = match.sentence, rule.where, self._frames[rule.id]
        assert sentence is not None
        if any(other.overlaps(place) for _, other in frames["except"].matches(sentence)):
            return False
        if where.blocks and sentence.block.kind not in where.blocks:
            return False
        if where.heading and not any(
            frames["heading"].found_in(above) for above in contexts.headings(sentence)
        ):
            return False
        if where.sentence and not frames["sentence"].found_in(sentence):
            return False
        if where.nearby and not any(
            frames["nearby"].found_in(said) for said in (sentence, *page.neighbours(sentence))
        ):
            return False
        if where.context and len(tuple(contexts.of(match, where.context))) < len(where.context):
            return False
        return where.cited is None or references.cited(page, sentence) == where.cited

    def _unsaid(self, rule: Rule, page: Page, contexts: Contexts) -> Iterator[Match]:
        if not _looks_at(page, rule.where.page):
            return
        when, about, needs = self._absent[rule.id]
        trigger = None
        if rule.about:
            subject = topic(page, about, contexts)
            trigger = subject.match._replace(details={"subject": subject.subject}) if subject else None
        elif rule.when:
            trigger = next(
                (
                    match
                    for match in _mentions(page, when)
                    if not any(contexts.of(match, dict.fromkeys((*excuse.ALWAYS, *rule.unless))))
                ),
                None,
            )
        else:
            trigger = whole_document(page)
        if trigger is None:
            return
        missing = [
            need for need, phrases in zip(rule.absent, needs, strict=True) if not _said(page, need, phrases)
        ]
        if missing:
            yield trigger.for_article()._replace(
                details={
                    **trigger.details,
                    "missing": " and ".join(need.name.replace("-", " ") for need in missing),
                }
            )

    def _with_edits(self, document: Document, found: Violation) -> Violation:
        """`found` with what may be put in to set it right."""
        edits = additions_for(document, found.rule, self._checks_of.get(found.rule, ""), self._additions)
        return replace(found, edits=edits) if edits else found

    def _once(self, violations: Iterable[Violation]) -> Iterator[Violation]:
        """`violations`, in source order, without the later ones of rules that report only one."""
        told: set[str] = set()
        for each in violations:
            if each.rule not in told:
                yield each
            if each.rule in self._told_once:
                told.add(each.rule)

    def _suppressions(self, suppressed: Iterable[Suppressed]) -> Iterator[Suppressed]:
        """`suppressed` with one violation a place for each suppression."""
        covered: dict[Suppression, list[Violation]] = {}
        for each in suppressed:
            covered.setdefault(each.suppression, []).append(each.violation)
        for suppression, violations in covered.items():
            yield from (Suppressed(each, suppression) for each in self._deduplicated(violations))

    def _deduplicated(self, violations: Iterable[Violation]) -> list[Violation]:
        """One violation a place: of claims inside one another the gravest stays, then the longest.

        Of equal ones, what is claimed goes before how it is told (`MANNERS`).

        The others are named in its `also`. What concerns the whole document is left as it is.
        """
        kept: list[Violation] = []
        near: dict[int, list[int]] = {}
        whole: list[Violation] = []
        for each in sorted(
            violations,
            key=lambda each: (
                -SEVERITIES.index(each.severity),
                each.family in MANNERS,
                each.span.start - each.span.end,
                each.order,
            ),
        ):
            if each.rule not in self._sentence_rules:
                whole.append(each)
                continue
            stretches = range(each.span.start // _STRETCH, each.span.end // _STRETCH + 1)
            for number in sorted({number for stretch in stretches for number in near.get(stretch, ())}):
                graver = kept[number]
                if graver.span.contains(each.span) or each.span.contains(graver.span):
                    if each.rule not in (graver.rule, *graver.also):
                        kept[number] = replace(graver, also=(*graver.also, each.rule))
                    break
            else:
                for stretch in stretches:
                    near.setdefault(stretch, []).append(len(kept))
                kept.append(each)
        return [*kept, *whole]


class _Claims:
    """Tells of one sentence after the other whether it makes claims: all prose but the site's own furniture.

    The same title stands in <title>, og:title and JSON-LD: of such copies the first is enough.
    """

    def __init__(self) -> None:
        self._told: set[str] = set()

    def has(self, sentence: Sentence) -> bool:
        zone = sentence.block.zone
        if zone == "chrome" or sentence.first == sentence.last:
            return False
        if zone == "metadata":
            if sentence.text in self._told:
                return False
            self._told.add(sentence.text)
        return True


def _looks_at(page: Page, kinds: Sequence[str]) -> bool:
    return not kinds or is_of_kind(page, *kinds)


def _mentions(page: Page, phrases: PhraseSet) -> Iterator[Match]:
    for sentence, found in page.found(phrases):
        if sentence.block.zone != "chrome":
            for place in widest([place for _, place in found]):
                yield match_at(sentence, place)


def _said(page: Page, need: Requirement, phrases: PhraseSet) -> bool:
    different = {
        number for sentence, found in page.found(phrases) if sentence.block.is_visible for number, _ in found
    }
    return len(different) >= need.at_least


def _metadata_matches(rule: Rule, page: Page) -> Iterator[Match]:
    wanted = {bare(name) for name in rule.metadata}
    refused = {bare(value) for value in rule.placeholders} | {""}
    fields = [each for each in page.document.fields if bare(each.name) in wanted]
    if any(bare(each.value) not in refused for each in fields):
        return
    if fields:
        yield Match(fields[0].span, fields[0].value)
    else:
        match = whole_document(page)
        if match:
            yield match


def _evidence(document: Document, context: Context) -> Evidence:
    return Evidence(
        context.name,
        document.source[context.span.start : context.span.end],
        context.span,
        document.position(context.span.start),
        document.position(context.span.end),
    )
