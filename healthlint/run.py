"""A run: articles are found, read and linted one after the other, and nothing that breaks stops the rest."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from healthlint.changes import Changes
from healthlint.checks import CheckSettings
from healthlint.config import Choice, Config, read_config
from healthlint.document import Document
from healthlint.errors import ReadError
from healthlint.files import articles, relative
from healthlint.linter import Linter
from healthlint.readers import read, read_text
from healthlint.report import Checked, FailOn, Report
from healthlint.rule import SEVERITIES, Severity
from healthlint.settings import Settings
from healthlint.suppression import suppressions as suppressions_in
from healthlint.violation import Excused, Failure, Suppressed, Violation

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
    suppressions: bool = True,
    changes: Changes | None = None,
    keep: bool = False,
    interruptible: bool = False,
) -> Report:
    """What is found in `documents`, each under the settings that `config` has for its path.

    With `excused` the report also tells what context excused; `min_severity` leaves out what is milder.
    Without `suppressions` those in the articles are not heeded. With `changes` only what stands on changed
    lines is reported. `keep` keeps the articles themselves in the report. An `interruptible` run that is
    stopped by Ctrl-C gives the report on what was checked so far.
    """
    began = datetime.datetime.now(datetime.UTC)
    linters: dict[Settings, Linter] = {}
    violations: list[Violation] = []
    excuses: list[Excused] = []
    suppressed: list[Suppressed] = []
    failures: list[Failure] = []
    checked: list[Checked] = []
    interrupted = False
    try:
        for document, choice in choices_of(documents, config, failures):
            if choice.settings not in linters:
                linters[choice.settings] = linter(config, choice.settings)
            heeded = document if suppressions else replace(document, directives=())
            outcome = attempted(document.path, linters[choice.settings].outcome, heeded)
            if isinstance(outcome, Failure):
                failures.append(outcome)
                continue
            reported = changes.touched(document) if changes else everything
            violations.extend(filter(reported, outcome.violations))
            excuses.extend(each for each in outcome.excused if reported(each.violation))
            suppressed.extend(each for each in outcome.suppressed if reported(each.violation))
            checked.append(_checked(document, choice, keep))
    except KeyboardInterrupt:
        if not interruptible:
            raise
        interrupted = True
    severities = SEVERITIES[SEVERITIES.index(min_severity) :]
    kept = [each for each in violations if each.severity in severities]
    kept_excuses = [each for each in excuses if each.violation.severity in severities]
    rules = {rule.id: rule for each in reversed(linters.values()) for rule in each.rules}
    return Report(
        tuple(sorted(kept, key=lambda each: each.order)),
        tuple(sorted(kept_excuses, key=lambda each: each.violation.order)) if excused else None,
        tuple(sorted(failures)),
        tuple(sorted(suppressed, key=lambda each: each.violation.order)),
        checked=tuple(sorted(checked, key=lambda each: each.path)),
        rules=tuple(rules[name] for name in sorted(rules)),
        sources=config.rulebook.sources,
        config=relative(config.path).as_posix() if config.path else "",
        date=began.strftime("%Y-%m-%dT%H:%M:%SZ"),
        fail_on=fail_on,
        interrupted=interrupted,
    )


def everything(violation: Violation) -> bool:
    """Whatever it is."""
    return True


def _checked(document: Document, choice: Choice, keep: bool) -> Checked:
    return Checked(
        document.path,
        document.format,
        document.sha256,
        choice.settings.profile,
        choice.settings.packs,
        suppressions_in(document, datetime.date.today()),
        document if keep else None,
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
