"""The report as a small table for a notebook."""

from __future__ import annotations

from healthlint.report import Report
from healthlint.reporters.html.page import template
from healthlint.reporters.text import summary

ROWS = 20
"""So many violations, and so many failures, are shown; of the rest, how many there are."""


def render(report: Report) -> str:
    """The report as a stretch of HTML without colours of its own, for light and dark pages."""
    return template("notebook.html").render(report=report, summary=summary(report), rows=ROWS)
