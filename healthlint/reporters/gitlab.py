"""The report as GitLab's Code Quality artifact: an array of findings, compared with that of the target branch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from healthlint.baseline import fingerprints
from healthlint.report import Report
from healthlint.reporters.json import without_surrogates, written
from healthlint.rule import Severity
from healthlint.violation import Failure
from healthlint.visible import visible

_SEVERITIES: Mapping[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report) -> str:
    """The report as a JSON array in ASCII, with a line end; no two fingerprints in it are the same."""
    return written(list(_findings(report)))


def _findings(report: Report) -> Iterator[dict[str, Any]]:
    for violation, fingerprint in zip(report.violations, fingerprints(report.violations), strict=True):
        yield {
            "description": visible(violation.message),
            "check_name": violation.rule,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[violation.severity],
            "location": _location(violation.path, begin=violation.start.line, end=violation.end.line),
        }
    for failure in dict.fromkeys(report.failures):
        yield {
            "description": visible(failure.message),
            "check_name": "failure",
            "fingerprint": _fingerprint(failure),
            "severity": "blocker",
            "location": _location(failure.path, begin=1),
        }


def _location(path: str, **lines: int) -> dict[str, Any]:
    return {"path": without_surrogates(path), "lines": lines}


def _fingerprint(failure: Failure) -> str:
    return hashlib.blake2b("\0".join(failure).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
