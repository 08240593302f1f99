"""What the reader could not make sense of, though it read the rest of the article."""

from __future__ import annotations

from collections.abc import Iterator

from healthlint.checks import CheckSettings
from healthlint.page import Page
from healthlint.rule import Match
from healthlint.span import Span


def unreadable(page: Page, _settings: CheckSettings) -> Iterator[Match]:
    """Each fault of the document; at least one character wide, so that there is something to see."""
    source = page.document.source
    for fault in page.document.faults:
        start = min(fault.span.start, max(0, len(source) - 1))
        span = Span(start, max(fault.span.end, start + 1))
        yield Match(span, source[span.start : span.end], details={"fault": fault.message})
