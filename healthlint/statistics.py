"""What a report comes to, counted: by rule, folder, profile and article."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

from healthlint.report import Checked, Report
from healthlint.rule import Severity
from healthlint.violation import Violation


class Tally(NamedTuple):
    """The violations that share a rule, folder, profile or article."""

    name: str
    errors: int
    warnings: int
    infos: int
    affected: int
    """So many articles have one of them."""
    articles: int
    """So many articles there are: all, or those of the folder or profile."""

    @property
    def violations(self) -> int:
        """How many there are."""
        return self.errors + self.warnings + self.infos


class Statistics(NamedTuple):
    """The counts of a report, in each list the most violations first, then by name."""

    total: Tally
    rules: tuple[Tally, ...]
    folders: tuple[Tally, ...]
    profiles: tuple[Tally, ...]
    articles: tuple[Tally, ...]
    """Those with violations: the most errors first, then the most violations."""


def statistics(report: Report, depth: int = 2) -> Statistics:
    """The counts of `report`.

    Articles are put together by the first `depth` folders below the one that holds them all. Folders and
    profiles without violations are counted too.
    """
    folder = _folders([each.path for each in report.checked], depth)
    profile = {each.path: each.profile for each in report.checked}
    rules = _tallied(report, lambda each: each.rule, lambda article: None)
    articles = _tallied(report, lambda each: each.path, lambda article: article.path)
    return Statistics(
        _tallied(report, lambda each: "", lambda article: "")[0]
        if report.checked
        else Tally("", 0, 0, 0, 0, 0),
        tuple(each._replace(articles=report.documents) for each in rules),
        _tallied(report, lambda each: folder[each.path], lambda article: folder[article.path]),
        _tallied(report, lambda each: profile[each.path], lambda article: profile[article.path]),
        tuple(
            sorted(
                (each for each in articles if each.violations),
                key=lambda each: (-each.errors, -each.violations, each.name),
            )
        ),
    )


def _tallied(
    report: Report, name: Callable[[Violation], str], place: Callable[[Checked], str | None]
) -> tuple[Tally, ...]:
    """A tally for each name of a violation and each place of an article."""
    counts: dict[str, Counter[Severity]] = {}
    affected: dict[str, set[str]] = {}
    for violation in report:
        counts.setdefault(name(violation), Counter())[violation.severity] += 1
        affected.setdefault(name(violation), set()).add(violation.path)
    articles = Counter(where for where in map(place, report.checked) if where is not None)
    none: Counter[Severity] = Counter()
    found = (
        Tally(
            each,
            counts.get(each, none)["error"],
            counts.get(each, none)["warning"],
            counts.get(each, none)["info"],
            len(affected.get(each, ())),
            articles[each],
        )
        for each in {*counts, *articles}
    )
    return tuple(sorted(found, key=lambda each: (-each.violations, each.name)))


def _folders(paths: Iterable[str], depth: int) -> dict[str, str]:
    """For each path the folder it counts for, with a trailing `/`."""
    parents = {path: PurePosixPath(path).parent for path in paths}
    absolute = {parent.is_absolute() for parent in parents.values()}
    # Nothing holds both absolute and relative ones.
    top = PurePosixPath(os.path.commonpath([*parents.values()]) if len(absolute) == 1 else "")
    found = {}
    for path, parent in parents.items():
        below = parent.relative_to(top).parts if parent.is_relative_to(top) else parent.parts
        shown = top.joinpath(*below[:depth]).as_posix()
        found[path] = "./" if shown == "." else f"{shown}/"
    return found
