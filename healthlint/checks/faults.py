"""What the reader could not make sense of, though it read the rest of the article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from healthlint.checks import CheckSettings
from healthlint.page import Page
from healthlint.rule import Match
from healthlint.span import Span

_WORD = re.compile(r"\w*|.", re.DOTALL)


def unreadable(page: Page, _settings: CheckSettings) -> Iterator[Match]:
    """Each fault of the document, from where it begins to the end of the word there."""
    source = page.document.source
    for fault in page.document.faults:
        start = min(fault.span.start, max(0, len(source) - 1))
        word = _WORD.match(source, start)
        span = Span(start, max(fault.span.end, word.end() if word else 0, start + 1))
        yield Match(span, source[span.start : span.end], details={"fault": fault.message})
