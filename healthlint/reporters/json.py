"""The report as one JSON object; `docs/json.md` gives its types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from textwrap import indent
from typing import Any

from healthlint.baseline import fingerprints
from healthlint.report import Report
from healthlint.rule import SEVERITIES
from healthlint.span import Position
from healthlint.violation import Excused, Violation

SCHEMA = 1
"""Rises when a key changes its meaning or goes away; new keys do not raise it."""


def render(report: Report) -> str:
    """The report as JSON, in ASCII, with a line end."""
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "version": report.version,
        "violations": (
            {**violation_object(each), "fingerprint": fingerprint}
            for each, fingerprint in zip(report.violations, fingerprints(report.violations), strict=True)
        ),
    }
    if report.excused is not None:
        found["excused"] = map(_excused, report.excused)
    if report.gone is not None:
        found["known"] = [violation_object(each) for each in report.known]
        found["gone"] = report.gone
    if report.fixed is not None:
        found["fixed"] = [violation_object(each) for each in report.fixed]
    if report.interrupted:
        found["interrupted"] = True
    found["failures"] = [each._asdict() for each in report.failures]
    found["summary"] = {
        "documents": report.documents,
        **{severity: report.count(severity) for severity in reversed(SEVERITIES)},
    }
    return "".join(_pieces(found))


def _pieces(found: dict[str, Any]) -> Iterator[str]:
    """As `written`, of an object with iterators for long arrays: a hundred thousand objects take 200 MB at once."""
    before = "{\n"
    for key, value in found.items():
        if not isinstance(value, Iterator):
            yield before + written({key: value})[2:-3]
        elif (first := next(value, None)) is None:
            yield f'{before}  "{key}": []'
        else:
            yield f'{before}  "{key}": [\n'
            for number, item in enumerate(chain([first], value)):
                yield (",\n" if number else "") + indent(written(item).rstrip(), "    ")
            yield "\n  ]"
        before = ",\n"
    yield "\n}\n"


def written(found: object) -> str:
    """An object or array of plain values as JSON, with a line end."""
    # ASCII, because a file name may hold what no encoding can write.
    return json.dumps(found, indent=2, ensure_ascii=True) + "\n"


def violation_object(violation: Violation) -> dict[str, Any]:
    """A violation with the keys of `docs/json.md`, without its fingerprint."""
    return {
        "rule": violation.rule,
        "family": violation.family,
        "severity": violation.severity,
        "message": violation.message,
        "path": violation.path,
        "start": _place(violation.start, violation.span.start),
        "end": _place(violation.end, violation.span.end),
        "text": violation.text,
        "fix": violation.fix,
        "also": list(violation.also),
        "url": violation.url,
        "packs": list(violation.packs),
        "edits": [
            {"start": edit.span.start, "end": edit.span.end, "text": edit.text} for edit in violation.edits
        ],
    }


def without_surrogates(text: str) -> str:
    r"""`text` with halves of surrogate pairs spelt out (`\udce9`), which strict readers of JSON refuse."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _excused(excused: Excused) -> dict[str, Any]:
    return {
        **violation_object(excused.violation),
        "contexts": [
            {
                "name": context.name,
                "text": context.text,
                "start": _place(context.start, context.span.start),
                "end": _place(context.end, context.span.end),
            }
            for context in excused.contexts
        ],
    }


def _place(position: Position, offset: int) -> dict[str, int]:
    return {"line": position.line, "column": position.column, "offset": offset}
