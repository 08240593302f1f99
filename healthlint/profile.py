"""Profiles and packs: what a kind of content, and a jurisdiction, changes about the rules."""

from __future__ import annotations

from dataclasses import dataclass

from healthlint.rule import SEVERITIES, Rule, Severity

Unexcused = tuple[tuple[str, tuple[str, ...]], ...]
"""Contexts that excuse nothing, each with the rule ids and families for which that holds."""


@dataclass(frozen=True)
class Profile:
    """A kind of content: one file in `rules/profiles/`."""

    name: str
    about: str = ""
    path: str = ""
    """Where it was read from."""
    page: str = ""
    """The kind of page it declares its articles to be ("shop"); "" when their words are to tell."""
    select: tuple[str, ...] = ()
    """Rule ids that it switches on."""
    ignore: tuple[str, ...] = ()
    """Rule ids and families that it switches off, but for those it selects."""
    severity: tuple[tuple[str, Severity], ...] = ()
    """Rule ids and families and their severity; the id decides over the family."""
    unexcused: Unexcused = ()
    disclaimer: tuple[str, ...] = ("AB", "C")
    """The components a disclaimer needs; of those written together one is enough."""
    limits: tuple[tuple[str, int], ...] = ()
    """Rule ids and what takes the place of their `limit`."""

    def switches_on(self, rule: Rule) -> bool:
        """Whether `rule` is on for this kind of content."""
        if rule.id in self.select:
            return True
        return rule.default and rule.id not in self.ignore and rule.family not in self.ignore


@dataclass(frozen=True)
class Pack:
    """The law and codes of a jurisdiction: one file in `rules/packs/`. It adds to the rules and never softens."""

    name: str
    about: str = ""
    path: str = ""
    """Where it was read from."""
    jurisdiction: str = ""
    select: tuple[str, ...] = ()
    """Rule ids that it switches on."""
    severity: tuple[tuple[str, Severity], ...] = ()
    """Rule ids and families and the severity they have at least; the id decides over the family."""
    unexcused: Unexcused = ()


EDITORIAL = Profile("editorial", "Articles for the general public.")
"""The kind of content when nobody says otherwise."""


def severity_under(rule: Rule, profile: Profile, packs: tuple[Pack, ...]) -> Severity:
    """The severity of `rule` for this kind of content, raised to what the packs ask for."""
    asked = [
        _named(rule, profile.severity) or rule.severity,
        *(_named(rule, pack.severity) for pack in packs),
    ]
    return max((each for each in asked if each), key=SEVERITIES.index)


def packs_asking(rule: Rule, profile: Profile, packs: tuple[Pack, ...]) -> tuple[str, ...]:
    """The names of the packs that switch `rule` on, or give it a severity that it has not without them."""
    on, mild = profile.switches_on(rule), SEVERITIES.index(severity_under(rule, profile, ()))
    return tuple(
        pack.name
        for pack in packs
        if (rule.id in pack.select and not on)
        or ((asked := _named(rule, pack.severity)) and SEVERITIES.index(asked) > mild)
    )


def excuses_under(rule: Rule, profile: Profile, packs: tuple[Pack, ...]) -> tuple[str, ...]:
    """The contexts that excuse a match of `rule`, without those that the profile or a pack does not accept."""
    refused = {
        context
        for unexcused in (profile.unexcused, *(pack.unexcused for pack in packs))
        for context, names in unexcused
        if rule.id in names or rule.family in names
    }
    return tuple(context for context in rule.unless if context not in refused)


def _named(rule: Rule, severities: tuple[tuple[str, Severity], ...]) -> Severity | None:
    by_name = dict(severities)
    return by_name.get(rule.id) or by_name.get(rule.family)
