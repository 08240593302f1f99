"""A run: articles are found, read and linted one after the other, and nothing that breaks stops the rest."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from healthlint.changes import Changes
from healthlint.checks import CheckSettings
from healthlint.config import Choice, Config, read_config
from healthlint.document import Document
from healthlint.errors import ReadError
from healthlint.files import articles
from healthlint.linter import Linter
from healthlint.readers import read, read_text
from healthlint.report import Checked, FailOn, Report
from healthlint.rule import SEVERITIES, Severity
from healthlint.settings import Settings
from healthlint.suppression import suppressions as suppressions_in
from healthlint.violation import Excused, Failure, Suppressed, Violation

Given = TypeVar("Given")
Result = TypeVar("Result")


class Linters:
    """The linters of a configuration, made when an article needs them and kept between runs.

    They stand for the configuration wherever one is asked for, and save the time of making them again.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self._made: dict[tuple[Settings, datetime.date], Linter] = {}

    def under(self, settings: Settings, today: datetime.date | None = None) -> Linter:
        """The rules made ready for articles to which `settings` apply, as of `today` or the day that it is."""
        key = settings, today or datetime.date.today()
        if key not in self._made:
            self._made[key] = _linter(self.config, *key)
        return self._made[key]


Configuration = str | Path | Config | Linters | None


def lint(*paths: str | Path, config: Configuration = None) -> Report:
    """What is found in the articles among and below `paths`.

    `config` is a configuration or the file that holds one; None means the built-in rules as they are, and
    no file is looked for. Files that cannot be read are the report's `failures`. Raises
    `DataErrors` for a configuration or rules that cannot be used.
    """
    linters = _linters(config)
    return report_of(documents_of(articles(paths, linters.config.excludes)), linters)


def lint_text(
    text: str,
    *,
    format: str = "markdown",
    path: str = "<text>",
    config: Configuration = None,
) -> Report:
    """What is found in one article that is at hand as text; `path` is what the report calls it.

    Raises `ReadError` for a format that has no reader, and `DataErrors` as `lint` does.
    """
    return report_of([read_text(text, format=format, path=path)], _linters(config))


def lint_many(
    texts: Iterable[str | tuple[object, str]],
    *,
    format: str = "markdown",
    config: Configuration = None,
) -> Iterator[Report]:
    """A report on each of `texts`, in their order, made when it is asked for and not kept.

    A text may come with what the report is to call it, as `(key, text)`; otherwise it is called by its number,
    "<text 1>" for the first. What is no text, and a text that cannot be read, gives a report with a failure.
    Raises, before the first report, what `lint_text` raises, and `TypeError` for a single text.
    """
    if isinstance(texts, str):
        raise TypeError("lint_many takes several texts, one after the other; lint_text takes one")
    read_text("", format=format)
    linters = _linters(config)
    return (report_of([_numbered(*each, format)], linters) for each in enumerate(texts, 1))


def _numbered(number: int, given: object, format: str) -> Document | Failure:
    key, text = given if isinstance(given, tuple) and len(given) == 2 else (f"<text {number}>", given)
    path = str(key)
    if not isinstance(text, str):
        return Failure(path, f"is no text but {type(text).__name__}")
    return attempted(path, lambda text: read_text(text, format=format, path=path), text)


def _linters(config: Configuration) -> Linters:
    if config is None:
        return builtin()
    if isinstance(config, Linters):
        return config
    return Linters(config if isinstance(config, Config) else read_config(Path(config)))


@cache
def builtin() -> Linters:
    """The linters of the built-in rules as they are, which are loaded once and kept."""
    return Linters(Config())


def documents_of(files: Iterable[Path | Failure]) -> Iterator[Document | Failure]:
    """Each file as it is read, or why it cannot be."""
    for file in files:
        yield file if isinstance(file, Failure) else attempted(file.as_posix(), read, file)


def report_of(
    documents: Iterable[Document | Failure],
    config: Config | Linters,
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
    linters = config if isinstance(config, Linters) else Linters(config)
    config = linters.config
    used: dict[Settings, Linter] = {}
    violations: list[Violation] = []
    excuses: list[Excused] = []
    suppressed: list[Suppressed] = []
    failures: list[Failure] = []
    checked: list[Checked] = []
    interrupted = False
    try:
        for document, choice in choices_of(documents, config, failures):
            used[choice.settings] = linters.under(choice.settings)
            heeded = document if suppressions else replace(document, directives=())
            outcome = attempted(document.path, used[choice.settings].outcome, heeded)
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
    rules = {rule.id: rule for each in reversed(used.values()) for rule in each.rules}
    return Report(
        tuple(sorted(kept, key=lambda each: each.order)),
        tuple(sorted(kept_excuses, key=lambda each: each.violation.order)) if excused else None,
        tuple(sorted(failures)),
        tuple(sorted(suppressed, key=lambda each: each.violation.order)),
        checked=tuple(sorted(checked, key=lambda each: each.path)),
        rules=tuple(rules[name] for name in sorted(rules)),
        sources=config.rulebook.sources,
        config=config.name,
        config_sha256=config.sha256,
        date=began.strftime("%Y-%m-%dT%H:%M:%SZ"),
        fail_on=fail_on,
        min_severity=min_severity,
        suppressions_heeded=suppressions,
        changes_only=changes is not None,
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


def _linter(config: Config, settings: Settings, today: datetime.date) -> Linter:
    profile = settings.profile_in(config.rulebook)
    checks = CheckSettings(
        site_disclaimer=settings.site_disclaimer,
        today=today,
        locale=settings.locale,
        disclaimer=profile.disclaimer,
    )
    return Linter(
        settings.enabled(config.rulebook),
        checks=checks,
        page=profile.page,
        known=config.rulebook.names,
        additions=settings.fix,
    )


def attempted(path: str, action: Callable[[Given], Result], given: Given) -> Result | Failure:
    """What `action(given)` gives, or why it could not do its work on the file at `path`."""
    try:
        return action(given)
    except ReadError as error:
        return Failure(path, str(error))
    except Exception as error:  # a fault of ours in one article must not cost the report on the others
        return Failure(path, f"internal error ({type(error).__name__}: {error}); please report it")
