"""A run: articles are found, read and linted one after the other, and nothing that breaks stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from healthlint.checks import CheckSettings
from healthlint.config import Config, Settings
from healthlint.document import Document
from healthlint.errors import ReadError
from healthlint.files import articles
from healthlint.linter import Linter
from healthlint.readers import read
from healthlint.report import FailOn, Report, version
from healthlint.rule import SEVERITIES, Severity
from healthlint.violation import Excused, Failure, Violation

Given = TypeVar("Given")
Result = TypeVar("Result")


def report(
    paths: Iterable[str | Path],
    config: Config | None = None,
    *,
    excused: bool = False,
    min_severity: Severity = "info",
    fail_on: FailOn = "error",
) -> Report:
    """What is found in the articles among and below `paths`, under `config` (None: without any).

    With `excused` the report also tells what context excused. Files that cannot be read, or not wholly,
    are the report's `failures`. Raises `DataErrors` for rules that cannot be used.
    """
    config = config or Config()
    documents = documents_of(articles(paths, config.excludes))
    return report_of(documents, config, excused=excused, min_severity=min_severity, fail_on=fail_on)


def documents_of(files: Iterable[Path | Failure]) -> Iterator[Document | Failure]:
    """Each file as it is read, or why it cannot be."""
    for file in files:
        yield file if isinstance(file, Failure) else attempted(file.as_posix(), read, file)


def report_of(
    documents: Iterable[Document | Failure],
    config: Config,
    *,
    excused: bool = False,
    min_severity: Severity = "info",
    fail_on: FailOn = "error",
) -> Report:
    """As `report`, for documents that have been read."""
    linters: dict[Settings, Linter] = {}
    violations: list[Violation] = []
    excuses: list[Excused] = []
    failures: list[Failure] = []
    checked = 0
    for document in documents:
        if isinstance(document, Failure):
            failures.append(document)
            continue
        settings = config.settings(document.path)
        if settings not in linters:
            linters[settings] = linter(config, settings)
        outcome = attempted(document.path, linters[settings].outcome, document)
        if isinstance(outcome, Failure):
            failures.append(outcome)
            continue
        checked += 1
        violations.extend(outcome.violations)
        excuses.extend(outcome.excused)
        failures.extend(_faults(document))
    reported = SEVERITIES[SEVERITIES.index(min_severity) :]
    kept = [each for each in violations if each.severity in reported]
    kept_excuses = [each for each in excuses if each.violation.severity in reported]
    return Report(
        tuple(sorted(kept, key=lambda each: each.order)),
        tuple(sorted(kept_excuses, key=lambda each: each.violation.order)) if excused else None,
        tuple(failures),
        checked,
        version(),
        fail_on,
    )


def linter(config: Config, settings: Settings) -> Linter:
    """The rules of `config` made ready for files to which `settings` apply."""
    return Linter(
        settings.enabled(config.rulebook.rules),
        checks=CheckSettings(site_disclaimer=settings.site_disclaimer),
    )


def attempted(path: str, action: Callable[[Given], Result], given: Given) -> Result | Failure:
    """What `action(given)` gives, or why it could not do its work on the file at `path`."""
    try:
        return action(given)
    except ReadError as error:
        return Failure(path, str(error))
    except Exception as error:  # a fault of ours in one article must not cost the report on the others
        return Failure(path, f"internal error ({type(error).__name__}: {error}); please report it")


def _faults(document: Document) -> Iterator[Failure]:
    for fault in document.faults:
        line = document.position(fault.span.start).line
        yield Failure(document.path, f"line {line}: {fault.message}")
