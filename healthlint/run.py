"""A run: articles are found, read and linted one after the other, and nothing that breaks stops the rest."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from healthlint.checks import CheckSettings
from healthlint.config import Choice, Config, read_config
from healthlint.document import Document
from healthlint.errors import ReadError
from healthlint.files import articles
from healthlint.linter import Linter
from healthlint.readers import read, read_text
from healthlint.report import FailOn, Report
from healthlint.rule import SEVERITIES, Severity
from healthlint.settings import Settings
from healthlint.violation import Excused, Failure, Violation

Given = TypeVar("Given")
Result = TypeVar("Result")


def lint(*paths: str | Path, config: str | Path | Config | None = None) -> Report:
    """What is found in the articles among and below `paths`.

    `config` is a configuration or the file that holds one; None means the built-in rules as they are, and
    no file is looked for. Files that cannot be read are the report's `failures`. Raises
    `DataErrors` for a configuration or rules that cannot be used.
    """
    config = _config(config)
    return report_of(documents_of(articles(paths, config.excludes)), config)


def lint_text(
    text: str,
    *,
    format: str = "markdown",
    path: str = "<text>",
    config: str | Path | Config | None = None,
) -> Report:
    """What is found in one article that is at hand as text; `path` is what the report calls it.

    Raises `ReadError` for a format that has no reader, and `DataErrors` as `lint` does.
    """
    return report_of([read_text(text, format=format, path=path)], _config(config))


def _config(config: str | Path | Config | None) -> Config:
    if config is None:
        return Config()
    return config if isinstance(config, Config) else read_config(Path(config))


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
    """What is found in `documents`, each under the settings that `config` has for its path.

    With `excused` the report also tells what context excused; `min_severity` leaves out what is milder.
    """
    linters: dict[Settings, Linter] = {}
    violations: list[Violation] = []
    excuses: list[Excused] = []
    failures: list[Failure] = []
    checked = 0
    for document, choice in choices_of(documents, config, failures):
        if choice.settings not in linters:
            linters[choice.settings] = linter(config, choice.settings)
        outcome = attempted(document.path, linters[choice.settings].outcome, document)
        if isinstance(outcome, Failure):
            failures.append(outcome)
            continue
        checked += 1
        violations.extend(outcome.violations)
        excuses.extend(outcome.excused)
    reported = SEVERITIES[SEVERITIES.index(min_severity) :]
    kept = [each for each in violations if each.severity in reported]
    kept_excuses = [each for each in excuses if each.violation.severity in reported]
    return Report(
        tuple(sorted(kept, key=lambda each: each.order)),
        tuple(sorted(kept_excuses, key=lambda each: each.violation.order)) if excused else None,
        tuple(sorted(failures)),
        checked,
        fail_on=fail_on,
    )


def choices_of(
    documents: Iterable[Document | Failure], config: Config, failures: list[Failure]
) -> Iterator[tuple[Document, Choice]]:
    """Each document that was read, with what applies to it; the others, and vain choices, go to `failures`."""
    for document in documents:
        if isinstance(document, Failure):
            failures.append(document)
            continue
        choice = config.choice(document)
        failures.extend(Failure(document.path, error) for error in choice.errors)
        yield document, choice


def linter(config: Config, settings: Settings) -> Linter:
    """The rules of `config` made ready for files to which `settings` apply."""
    profile = settings.profile_in(config.rulebook)
    checks = CheckSettings(
        site_disclaimer=settings.site_disclaimer,
        today=datetime.date.today(),
        locale=settings.locale,
        disclaimer=profile.disclaimer,
    )
    return Linter(
        settings.enabled(config.rulebook), checks=checks, page=profile.page, known=config.rulebook.names
    )


def attempted(path: str, action: Callable[[Given], Result], given: Given) -> Result | Failure:
    """What `action(given)` gives, or why it could not do its work on the file at `path`."""
    try:
        return action(given)
    except ReadError as error:
        return Failure(path, str(error))
    except Exception as error:  # a fault of ours in one article must not cost the report on the others
        return Failure(path, f"internal error ({type(error).__name__}: {error}); please report it")
