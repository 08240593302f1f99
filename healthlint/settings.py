"""What applies to one article: which rules are on, how grave they are, what the checks must know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from healthlint.profile import Pack, Profile, excuses_under, packs_asking, severity_under
from healthlint.rule import Rule, Severity
from healthlint.rulebook import Rulebook

if TYPE_CHECKING:
    from healthlint.readers.insertion import Pair


class Additions(NamedTuple):
    """What may be put into an article that lacks it."""

    disclaimer: str | None = None
    """The text of a notice, "" for none; None when nothing was said about it."""
    front_matter: tuple[tuple[str, tuple[Pair, ...]], ...] = ()
    """Rule ids and the keys that set them right, sorted by rule."""

    def over(self, below: Additions) -> Additions:
        """These, and what of `below` they say nothing about."""
        return Additions(
            below.disclaimer if self.disclaimer is None else self.disclaimer,
            tuple(sorted({**dict(below.front_matter), **dict(self.front_matter)}.items())),
        )


NO_ADDITIONS = Additions()


@dataclass(frozen=True)
class Settings:
    """What applies to one file."""

    select: tuple[str, ...] = ()
    """Rule ids and families that are on; empty means every rule that is on under the profile and packs."""
    ignore: tuple[str, ...] = ()
    """Rule ids and families that are off, even when they are selected."""
    severity: tuple[tuple[str, Severity], ...] = ()
    """Rule ids and families and the severity to report them with, sorted; the id decides over the family."""
    profile: str = "editorial"
    """The kind of content."""
    packs: tuple[str, ...] = ()
    """The jurisdictions whose law applies, sorted."""
    limits: tuple[tuple[str, int], ...] = ()
    """Rule ids and what takes the place of their `limit`, sorted."""
    locale: str = ""
    """Where the readers live, as "en-GB", for articles that do not say so."""
    site_disclaimer: tuple[str, ...] = ()
    """Names or globs of layouts, partials, shortcodes and components that carry the disclaimer for the site."""
    fix: Additions = NO_ADDITIONS
    """What `--fix` may add."""

    def enabled(self, book: Rulebook) -> tuple[Rule, ...]:
        """The rules of `book` that are on, each with the severity, limit and excuses it has here.

        A family selects its rules that are on under the profile and packs; another rule must be named.
        """
        profile, packs = self.profile_in(book), self.packs_in(book)
        severity, limits = dict(self.severity), dict((*profile.limits, *self.limits))
        return tuple(
            replace(
                rule,
                severity=severity.get(rule.id)
                or severity.get(rule.family)
                or severity_under(rule, profile, packs),
                limit=limits.get(rule.id, rule.limit),
                unless=excuses_under(rule, profile, packs),
                packs=packs_asking(rule, profile, packs),
            )
            for rule in book.rules
            if self._selects(rule, profile, packs)
        )

    def profile_in(self, book: Rulebook) -> Profile:
        """The profile. Raises `KeyError` when `book` has none of that name."""
        return book.profiles[self.profile]

    def packs_in(self, book: Rulebook) -> tuple[Pack, ...]:
        """The packs. Raises `KeyError` when `book` has none of such a name."""
        return tuple(book.packs[name] for name in self.packs)

    def _selects(self, rule: Rule, profile: Profile, packs: tuple[Pack, ...]) -> bool:
        if rule.id in self.ignore or rule.family in self.ignore:
            return False
        if rule.id in self.select:
            return True
        on = profile.switches_on(rule) or any(rule.id in pack.select for pack in packs)
        return on and (not self.select or rule.family in self.select)
