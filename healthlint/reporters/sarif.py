"""The report as SARIF 2.1.0: for code scanning at GitHub, Azure DevOps, and viewers in editors.

What GitHub takes and shows is less than the standard allows; the comments name where that decided.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from healthlint.baseline import fingerprints
from healthlint.explanation import said, source_title
from healthlint.report import Report
from healthlint.reporters.json import without_surrogates, written
from healthlint.reporters.text import message_with_fix
from healthlint.rule import Rule, Severity
from healthlint.rulebook import Source
from healthlint.violation import Violation
from healthlint.visible import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
TAKEN = 25_000
"""The most results that GitHub takes in one run."""
SHOWN = 5_000
"""The most results that GitHub shows."""
FINGERPRINT = "healthlint/v1"
"""GitHub reads `primaryLocationLineHash` only. Its upload action computes that from the file, and warns of
every other value; so it is left to it."""

_ROOT = "SRCROOT"
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "recommendation"}
_LONGEST = 1024
"""Of a description at GitHub, in characters."""

Json = dict[str, Any]


def render(report: Report) -> str:
    """The report as a SARIF log in ASCII, with a line end.

    The gravest results come first; of more than `TAKEN` the rest is left out, and a notification says so.
    """
    results = list(_results(report))
    run = {
        "tool": {
            "driver": {
                "name": "healthlint",
                "semanticVersion": report.version,
                "rules": [_rule(rule, report.sources) for rule in report.rules],
            }
        },
        "automationDetails": {"id": "healthlint/"},
        "invocations": [_invocation(report, len(results))],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder in which healthlint was run."}}},
        "artifacts": [_artifact(checked.path, checked.sha256) for checked in report.checked],
        "columnKind": "unicodeCodePoints",
        "results": results[:TAKEN],
    }
    return written({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


# --- what was run --------------------------------------------------------------------------------------


def _rule(rule: Rule, sources: Mapping[str, Source]) -> Json:
    why, fix = _flat(rule.why), _flat(rule.fix)
    cited = [_source(key, sources) for key in rule.sources]
    stand = f"<!-- healthlint-disable-next-line {rule.id} -- your reason -->"
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.split("-")),
        "shortDescription": {"text": _message(said(rule)[:_LONGEST])},
        "fullDescription": {"text": _message(why[:_LONGEST])},
        "help": {
            "text": _message(
                f"Why: {why}\n\nWhat to write instead: {fix}\n\nSources:\n"
                + "".join(f"- {title}{url}\n" for title, url in cited)
                + f"\nTo let one place stand: {stand}"
            ),
            "markdown": _message(
                f"**Why.** {why}\n\n**What to write instead.** {fix}\n\n**Sources**\n\n"
                + "".join(f"- {title}<{url}>\n" for title, url in cited)
                + f"\n**To let one place stand:** `{stand}`"
            ),
        },
        **({"helpUri": rule.url} if rule.url.startswith(("https://", "http://")) else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["health", rule.family, *rule.packs],
            "precision": "high",
            "problem.severity": _PROBLEMS[rule.severity],
        },
    }


def _source(key: str, sources: Mapping[str, Source]) -> tuple[str, str]:
    """What a rule cites: its title with a colon, "" when it is in no register, and its address."""
    source = sources.get(key)
    return (f"{source_title(source)}: ", source.url) if source else ("", key)


def _invocation(report: Report, results: int) -> Json:
    notifications = [
        {
            "level": "error",
            "message": {"text": _message(visible(failure.message))},
            "locations": [{"physicalLocation": {"artifactLocation": _location(failure.path)}}],
        }
        for failure in report.failures
    ]
    if report.interrupted:
        notifications.append(_notification("error", "The run was stopped before all articles were checked."))
    if results > TAKEN:
        notifications.append(
            _notification(
                "warning",
                f"{results:,} results; the {TAKEN:,} gravest are here, because GitHub takes no more.",
            )
        )
    elif results > SHOWN:
        notifications.append(
            _notification("note", f"{results:,} results; GitHub shows the {SHOWN:,} gravest.")
        )
    return {
        "executionSuccessful": not (report.failures or report.interrupted),
        "exitCode": report.exit_code,
        **({"startTimeUtc": report.date} if report.date else {}),
        "toolExecutionNotifications": notifications,
    }


def _notification(level: str, text: str) -> Json:
    return {"level": level, "message": {"text": text}}


# --- what was found ------------------------------------------------------------------------------------


def _results(report: Report) -> Iterator[Json]:
    """What is to be set right, the gravest first.

    What is known or suppressed is left out: GitHub knows no `suppressions` and opens an alert for each.
    """
    numbers = {rule.id: number for number, rule in enumerate(report.rules)}
    prints = fingerprints(report.violations)
    found = [_result(each, numbers, digest) for each, digest in zip(report.violations, prints, strict=True)]
    yield from sorted(found, key=_mildness)


def _mildness(result: Json) -> int:
    return list(_LEVELS.values()).index(result["level"])


def _result(violation: Violation, numbers: Mapping[str, int], fingerprint: str) -> Json:
    place = _location(violation.path)
    return {
        "ruleId": violation.rule,
        **({"ruleIndex": numbers[violation.rule]} if violation.rule in numbers else {}),
        "level": _LEVELS[violation.severity],
        "message": {"text": _message(message_with_fix(violation))},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": place,
                    "region": {
                        "startLine": violation.start.line,
                        "startColumn": violation.start.column,
                        "endLine": violation.end.line,
                        "endColumn": violation.end.column,
                        "snippet": {"text": without_surrogates(violation.text)},
                    },
                }
            }
        ],
        "partialFingerprints": {FINGERPRINT: fingerprint},
        **({"fixes": [_fix(violation, place)]} if violation.edits else {}),
        **({"properties": {"also": list(violation.also)}} if violation.also else {}),
    }


def _fix(violation: Violation, place: Json) -> Json:
    return {
        "description": {"text": _message(visible(_flat(violation.fix)))},
        "artifactChanges": [
            {
                "artifactLocation": place,
                "replacements": [
                    {
                        "deletedRegion": {
                            "charOffset": edit.span.start,
                            "charLength": edit.span.end - edit.span.start,
                        },
                        "insertedContent": {"text": without_surrogates(edit.text)},
                    }
                    for edit in violation.edits
                ],
            }
        ],
    }


def _artifact(path: str, sha256: str) -> Json:
    return {"location": _location(path), **({"hashes": {"sha-256": sha256}} if sha256 else {})}


def _location(path: str) -> Json:
    """Where `path` is: its bytes, percent-encoded, from the folder of the run, or from the root."""
    try:
        name = os.fsencode(path)
    except UnicodeEncodeError:  # no file is called so, but a text that came in no file may be
        name = path.encode("utf-8", "surrogatepass")
    there = Path(path)
    if there.drive.startswith("\\"):  # //server/share/tea.md
        return {"uri": f"file:{quote(name)}"}
    if there.is_absolute():
        return {"uri": f"file:///{quote(name.removeprefix(b'/'), safe='/:')}"}
    return {"uri": quote(name), "uriBaseId": _ROOT}


def _message(text: str) -> str:
    """`text` as a message of SARIF, in which `{0}` would be replaced and `[this](address)` would be a link."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _flat(text: str) -> str:
    return " ".join(text.split())
