"""One article of an editor, linted as `healthlint check` would lint the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from healthlint.document import Document
from healthlint.errors import DataError
from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.report import Report
from healthlint.run import report_of
from healthlint.server.article import Article
from healthlint.server.configs import Configs
from healthlint.server.places import Places
from healthlint.violation import Failure, Violation
from healthlint.work import attempted


@dataclass(frozen=True)
class Linted:
    """What is known of one version of an article."""

    article: Article
    places: Places
    document: Document | None
    """None when it was not checked: it is excluded, cannot be read, or its configuration cannot be used."""
    report: Report
    linter: Linter | None
    """With which it was checked."""
    configured: bool
    """Whether there is a configuration that can be used."""
    faults: Mapping[Path, tuple[DataError, ...]]
    """What is wrong with configurations, by configuration file."""

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What is to be shown."""
        return self.report.violations


def linted(article: Article, configs: Configs, encoding: str) -> Linted:
    """`article` under the configuration that governs its folder; `encoding` is that of the editor's positions."""
    places = Places(article.text, encoding)
    ready = configs.of(Path(article.path).absolute().parent)
    if ready is None or ready.config.excludes(article.path):
        return Linted(article, places, None, Report(), None, ready is not None, configs.faults)
    document = attempted(
        article.path,
        lambda text: read_text(text, format=article.format, path=article.path),
        places.source,
    )
    report = report_of([document], ready.linters)
    if ready.baseline:
        report = ready.baseline.applied(report)
    if isinstance(document, Failure) or not report.checked:
        return Linted(article, places, None, report, None, True, configs.faults)
    linter = ready.linters.under(ready.config.choice(document).settings)
    return Linted(article, places, document, report, linter, True, configs.faults)
