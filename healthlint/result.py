"""What one article gave: from here, from another process, or as it was kept from an earlier run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from healthlint.report import Checked
from healthlint.settings import Settings
from healthlint.span import Position, Span
from healthlint.violation import (
    Evidence,
    Excused,
    Failure,
    Suppressed,
    Suppression,
    Violation,
    violation_of,
)


class Result(NamedTuple):
    """What one article gave."""

    settings: Settings | None = None
    """What applied to it; None when it could not be read."""
    checked: Checked | None = None
    """None when it could not be checked."""
    violations: tuple[Violation, ...] = ()
    """In source order, as the others are."""
    excused: tuple[Excused, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    failures: tuple[Failure, ...] = ()
    """Why it could not be read or checked, and what it chose in vain."""


def to_json(result: Result) -> bytes:
    """`result`, of an article that was checked without any failure, to be kept; without the article itself."""
    assert result.checked
    assert not result.failures
    lines: dict[str, int] = {}

    def plain(violation: Violation) -> dict[str, Any]:
        # A line may be as long as a file, and hold as many violations.
        return {**vars(violation), "source_line": lines.setdefault(violation.source_line, len(lines))}

    return json.dumps(
        {
            "checked": result.checked[:-1],
            "violations": [plain(each) for each in result.violations],
            "excused": [(plain(each.violation), each.contexts) for each in result.excused],
            "suppressed": [(plain(each.violation), each.suppression) for each in result.suppressed],
            "lines": list(lines),
        },
        separators=(",", ":"),
    ).encode()


def from_json(data: bytes, settings: Settings) -> Result:
    """The result of which `data` was made; `settings` are those of the configuration for its path."""
    found: Mapping[str, Any] = json.loads(data)
    path, read_as, sha256, profile, packs, suppressions = found["checked"]

    def violation(data: Mapping[str, Any]) -> Violation:
        return violation_of({**data, "source_line": found["lines"][data["source_line"]]})

    return Result(
        replace(settings, profile=profile, packs=tuple(packs)),
        Checked(path, read_as, sha256, profile, tuple(packs), tuple(map(_suppression, suppressions))),
        tuple(map(violation, found["violations"])),
        tuple(
            Excused(violation(each), tuple(map(_evidence, contexts))) for each, contexts in found["excused"]
        ),
        tuple(Suppressed(violation(each), _suppression(by)) for each, by in found["suppressed"]),
    )


def _suppression(data: list[Any]) -> Suppression:
    path, start, action, rules, reason, until, expired = data
    return Suppression(path, Position(*start), action, tuple(rules), reason, until, expired)


def _evidence(data: list[Any]) -> Evidence:
    name, text, span, start, end = data
    return Evidence(name, text, Span(*span), Position(*start), Position(*end))
