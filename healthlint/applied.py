"""What applies to an article, and who says so: the default, the configuration, a profile, a pack, the article."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from healthlint.baseline import read_baseline
from healthlint.checks import CheckSettings
from healthlint.checks.disclaimer import of_site
from healthlint.config import Choice, Config, Override
from healthlint.document import Document
from healthlint.files import passed_over
from healthlint.rule import Rule, Severity
from healthlint.settings import Settings
from healthlint.suppression import suppressions
from healthlint.violation import Suppression

DEFAULT = "the default"


class Ruling(NamedTuple):
    """A rule that is not as it is by default."""

    rule: str
    usual: Severity | None
    """Its severity by default; None when it is off."""
    severity: Severity | None
    """Its severity here; None when it is off."""
    limit: int
    """Its limit here; 0 when it has none."""
    reasons: tuple[str, ...]
    """Why: "`ignore` (line 4)", "profile news"."""


class Value(NamedTuple):
    """A value of the configuration."""

    key: str
    value: tuple[str, ...]
    """Its items as the file would have them; empty when it has none."""
    origin: str
    """"the default", "line 4", "overrides, line 12"."""


@dataclass(frozen=True)
class Applied:
    """What applies to one article."""

    document: Document
    choice: Choice
    excluded_by: str
    """The glob that excludes it; "" when it is checked."""
    passed_over: str
    """Why a search of folders does not come by it; "" when it does."""
    values: tuple[Value, ...]
    overrides: tuple[Override, ...]
    """Those that hold for it: later ones win."""
    site_disclaimer: bool
    """Whether it uses one of the templates that carry the disclaimer."""
    known: int | None
    """So many violations in it the baseline knows; None without a baseline."""
    suppressions: tuple[Suppression, ...]
    on: int
    """So many rules are on."""
    off: int
    rulings: tuple[Ruling, ...]
    """The rules that are not as they are by default, by id."""


def applied(config: Config, document: Document) -> Applied:
    """What `config` says about `document`. Raises `DataError` when its baseline cannot be read."""
    choice = config.choice(document)
    overrides = config.overrides_of(document.path)
    on = len(choice.settings.enabled(config.rulebook))
    carriers = CheckSettings(site_disclaimer=choice.settings.site_disclaimer)
    return Applied(
        document,
        choice,
        config.excluded_by(document.path),
        passed_over(document.path),
        tuple(_values(config, choice.settings, overrides)),
        overrides,
        of_site(document, carriers),
        _known(config, document),
        suppressions(document, datetime.date.today()),
        on,
        len(config.rulebook.rules) - on,
        rulings(config, choice, overrides),
    )


def values(config: Config) -> tuple[Value, ...]:
    """The values that hold for a file that no override names, with those for all files."""
    rules = tuple(folder.as_posix() for folder in config.folders)
    baseline = (config.baseline.as_posix(),) if config.baseline else ()
    return (
        *_values(config, config.base, ()),
        Value("profile", (config.base.profile,), _origin(config, "profile")),
        Value("packs", config.base.packs, _origin(config, "packs")),
        Value("exclude", config.exclude, _origin(config, "exclude")),
        Value("rules, packages", rules, _origin(config, "rules" if "rules" in config.lines else "packages")),
        Value("baseline", baseline, _origin(config, "baseline")),
    )


def general_rulings(config: Config) -> tuple[Ruling, ...]:
    """As `rulings`, for a file that no override names."""
    return rulings(config, replace(config, overrides=()).choice(Document("")))


def rulings(config: Config, choice: Choice, overrides: tuple[Override, ...] = ()) -> tuple[Ruling, ...]:
    """The rules that under `choice` are not as they are by default, by id."""
    usual = {rule.id: rule for rule in Settings().enabled(config.rulebook)}
    here = {rule.id: rule for rule in choice.settings.enabled(config.rulebook)}
    because = _Because(config, choice, overrides)
    found = []
    for rule in config.rulebook.rules:
        before, now = usual.get(rule.id), here.get(rule.id)
        if reasons := tuple(because.reasons(rule, before, now)):
            found.append(
                Ruling(
                    rule.id,
                    before.severity if before else None,
                    now.severity if now else None,
                    now.limit if now else 0,
                    reasons,
                )
            )
    return tuple(sorted(found, key=lambda ruling: ruling.rule))


# --- why a rule is as it is ----------------------------------------------------------------------------


class _Because(NamedTuple):
    """Who has a say in the rules for an article."""

    config: Config
    choice: Choice
    overrides: tuple[Override, ...]

    def reasons(self, rule: Rule, before: Rule | None, now: Rule | None) -> Iterator[str]:
        """Why `rule` is `now` as it is and not as `before`; None stands for a rule that is off."""
        settings = self.choice.settings
        profile = settings.profile_in(self.config.rulebook)
        under_profile = f"profile {profile.name} ({self.choice.profile_from})"
        names = (rule.id, rule.family)
        if before and not now:
            if any(name in settings.ignore for name in names):
                yield self._key("ignore", *names)
            elif not profile.switches_on(rule):
                yield under_profile
            else:
                yield f"{self._key('select')} does not name it"
        if now and not before:
            if rule.id in settings.select:
                yield self._key("select")
            elif profile.switches_on(rule):
                yield under_profile
            else:
                yield from self._packs(now)
        if now and now.severity != rule.severity:
            if any(name in dict(settings.severity) for name in names):
                yield self._key("severity", *names)
            elif now.packs:
                yield from () if not before else self._packs(now)
            else:
                yield under_profile
        if now and now.limit != rule.limit:
            yield self._key("limits", rule.id) if rule.id in dict(settings.limits) else under_profile

    def _packs(self, now: Rule) -> Iterator[str]:
        where = dict(zip(self.choice.settings.packs, self.choice.packs_from, strict=True))
        yield from (f"pack {name} ({where[name]})" for name in now.packs)

    def _key(self, key: str, *names: str) -> str:
        """`key`, with the line of the last override that sets it, for one of `names` if there are any."""
        lines = [
            each.line
            for each in self.overrides
            if (value := getattr(each, key)) is not None
            and (not names or any(name in (value if key == "ignore" else dict(value)) for name in names))
        ]
        line = lines[-1] if lines else self.config.lines.get(key, 0)
        return f"`{key}` (line {line})" if line else f"`{key}`"


# --- values --------------------------------------------------------------------------------------------


def override_values(override: Override) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The keys that `override` sets, each with its items as the file would have them."""
    found = {
        "profile": override.profile and (override.profile,),
        "packs": override.packs,
        "exclude": override.exclude or None,
        "select": override.select,
        "ignore": override.ignore or None,
        "severity": _pairs(override.severity) or None,
        "limits": _pairs(override.limits) or None,
        "locale": override.locale and (override.locale,),
        "site-disclaimer": override.site_disclaimer,
    }
    return tuple((key, value) for key, value in found.items() if value is not None and value != "")


def _values(config: Config, settings: Settings, overrides: tuple[Override, ...]) -> Iterator[Value]:
    found = {
        "select": settings.select,
        "ignore": settings.ignore,
        "severity": _pairs(settings.severity),
        "limits": _pairs(settings.limits),
        "locale": (settings.locale,) if settings.locale else (),
        "site-disclaimer": settings.site_disclaimer,
    }
    for key, value in found.items():
        lines = [each.line for each in overrides if key in dict(override_values(each))]
        yield Value(key, value, _origin(config, key, *lines))


def _pairs(values: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    return tuple(f"{name}: {value}" for name, value in values)


def _origin(config: Config, key: str, *overrides: int) -> str:
    """Where `key` is set: for all files, and in the overrides on these lines."""
    places = [
        *([f"line {config.lines[key]}"] if key in config.lines else []),
        *(f"overrides, line {line}" for line in overrides),
    ]
    return " and ".join(places) or DEFAULT


def _known(config: Config, document: Document) -> int | None:
    if config.baseline is None:
        return None
    baseline = read_baseline(config.baseline)
    path = baseline.inside(document.path)
    return sum(count for key, count in baseline.entries.items() if key.path == path)
