"""The audit record: what was checked, with what, what was found, and what was let stand, by whom and why.

Two runs on the same articles with the same rules, versions and configuration on the same day differ in
`date` only. `docs/formats.md` gives the types.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from typing import Any

from healthlint.baseline import fingerprints
from healthlint.phrase import PhraseSet
from healthlint.report import Checked, Report
from healthlint.reporters.json import violation_object, written
from healthlint.rule import SEVERITIES, Rule
from healthlint.violation import Suppression, Violation

SCHEMA = 1
"""Rises when a key changes its meaning or goes away; new keys do not raise it."""

_APART = frozenset(("default", "severity", "packs", "path", "vocabulary", "proof"))
"""Fields of a rule that its digest leaves out: told beside it, or nothing that changes what is found."""

Json = dict[str, Any]


def render(report: Report) -> str:
    """The record as JSON, in ASCII, with a line end."""
    record: Json = {
        "schema": SCHEMA,
        "date": report.date,
        "versions": {
            "healthlint": report.version,
            "python": platform.python_version(),
            "spacy": version("spacy"),  # asked without importing it
        },
        "configuration": {"path": report.config, "sha256": report.config_sha256} if report.config else None,
        "scope": {
            "min_severity": report.min_severity,
            "changes_only": report.changes_only,
            "suppressions_heeded": report.suppressions_heeded,
            "interrupted": report.interrupted,
        },
        "rules": list(map(_rule, report.rules)),
        "vocabulary": _digest(report.rules[0].vocabulary) if report.rules else None,
        "articles": list(map(_article, report.checked)),
        "violations": list(_violations(report.violations)),
        "suppressions": list(_suppressions(report)),
        "known": list(_violations(report.known)) if report.gone is not None or report.known else None,
        "gone": report.gone,
        "fixed": None if report.fixed is None else list(_violations(report.fixed)),
        "excused": None
        if report.excused is None
        else dict(sorted(Counter(each.violation.rule for each in report.excused).items())),
        "failures": [each._asdict() for each in report.failures],
        "summary": {
            "articles": report.documents,
            **{severity: report.count(severity) for severity in reversed(SEVERITIES)},
            "suppressed": len(report.suppressed),
            "known": len(report.known),
            "failures": len(report.failures),
            "exit_code": report.exit_code,
        },
    }
    return written(record)


def _rule(rule: Rule) -> Json:
    content = {field.name: getattr(rule, field.name) for field in fields(rule) if field.name not in _APART}
    return {
        "id": rule.id,
        "family": rule.family,
        "severity": rule.severity,
        "packs": list(rule.packs),
        "sha256": _digest(content),
    }


def _article(checked: Checked) -> Json:
    return {
        "path": checked.path,
        "sha256": checked.sha256,
        "format": checked.format,
        "profile": checked.profile,
        "packs": list(checked.packs),
    }


def _violations(violations: Iterable[Violation]) -> Iterator[Json]:
    violations = tuple(violations)
    for each, fingerprint in zip(violations, fingerprints(violations), strict=True):
        yield {**violation_object(each), "fingerprint": fingerprint}


def _suppressions(report: Report) -> Iterator[Json]:
    """Every suppression in the articles, with what it covers."""
    covered: dict[Suppression, list[Violation]] = {
        each: [] for checked in report.checked for each in checked.suppressions
    }
    for each in report.suppressed:
        covered.setdefault(each.suppression, []).append(each.violation)
    for suppression, violations in covered.items():
        yield {
            "path": suppression.path,
            "line": suppression.start.line,
            "column": suppression.start.column,
            "action": suppression.action,
            "rules": list(suppression.rules),
            "reason": suppression.reason,
            "until": suppression.until,
            "expired": suppression.expired,
            "violations": list(_violations(violations)),
        }


def _digest(content: object) -> str:
    """Of all that `content` holds, in hexadecimal; the order of sets does not matter."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(content: object) -> object:
    """`content` as something nearer to JSON."""
    if isinstance(content, PhraseSet):
        return content.phrases
    if isinstance(content, Set):
        return sorted(content)
    if isinstance(content, Mapping):
        return dict(content)
    if is_dataclass(content):
        return {field.name: getattr(content, field.name) for field in fields(content) if field.compare}
    raise TypeError(f"{type(content).__name__} has no digest")
