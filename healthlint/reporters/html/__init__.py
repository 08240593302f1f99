"""The report as one page that an editor opens: every article, with the claims marked in its text."""

from __future__ import annotations

from healthlint.explanation import said
from healthlint.report import Report
from healthlint.reporters.html.article import articles_of
from healthlint.reporters.html.chart import bars, trend
from healthlint.reporters.html.page import asset, template

_STATES = ("new", "known", "suppressed", "excused")


def render(report: Report) -> str:
    """The report as an HTML document that needs nothing beside it.

    What comes from articles and file names is text in it and never markup. Articles that the report did not
    keep (`report_of(..., keep=True)` keeps them) are shown by what was found in them only.
    """
    articles = articles_of(report)
    findings = [finding for article in articles for finding in article.findings]
    folders = list(dict.fromkeys(article.folder for article in articles))
    found = {finding.violation.rule for finding in findings}
    page = template("report.html").render(
        report=report,
        articles=articles,
        folders={folder: f"d{number}" for number, folder in enumerate(folders, 1)},
        findings=findings,
        rule_ids=sorted(found),
        rules=[rule for rule in report.rules if rule.id in found],
        families=sorted({finding.violation.family for finding in findings}),
        states=[state for state in _STATES if any(finding.state == state for finding in findings)],
        trend=trend(len(report.known), report.gone, len(report.violations))
        if report.gone is not None
        else [],
        by_rule=bars((each.violation.rule, each.tone) for article in articles for each in article.standing),
        by_folder=bars((article.folder, each.tone) for article in articles for each in article.standing),
        said=said,
        style=asset("style.css"),
        script=asset("script.js"),
    )
    return page.lstrip()
