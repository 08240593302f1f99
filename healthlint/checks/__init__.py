"""What data cannot say: checks of a whole document, each a plain function that yields matches.

A check is `find(page, settings) -> Iterator[Match]`. A cross-check, which needs what all other rules found,
is `find(page, violations, settings) -> Iterator[Match]`. Rules name them by `check:`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from healthlint.document import HOLE, Block
from healthlint.page import Page
from healthlint.rule import Match

CHECKS: dict[str, str] = {
    "disclaimer-missing": "healthlint.checks.disclaimer:missing",
    "disclaimer-incomplete": "healthlint.checks.disclaimer:incomplete",
    "disclaimer-liability-only": "healthlint.checks.disclaimer:liability_only",
    "no-professional-referral": "healthlint.checks.professional:no_referral",
    "referral-only-in-disclaimer": "healthlint.checks.professional:referral_only_in_disclaimer",
    "no-sources": "healthlint.checks.references:no_sources",
    "no-author": "healthlint.checks.metadata:no_author",
    "no-medical-reviewer": "healthlint.checks.metadata:no_reviewer",
    "no-dates": "healthlint.checks.metadata:no_dates",
    "unreadable-part": "healthlint.checks.faults:unreadable",
}
"""The names that `check:` may have, and the function of each, as "module:function"."""

CROSS_CHECKS: dict[str, str] = {
    "disclaimer-contradicted": "healthlint.checks.disclaimer:contradicted",
}
"""As `CHECKS`, for checks that run last and see the other violations."""


@dataclass(frozen=True)
class CheckSettings:
    """What the configuration and the rule tell a check."""

    site_disclaimer: tuple[str, ...] = ()
    """Names or globs of the layouts, partials, shortcodes, components or documents that carry the disclaimer
    of the whole site: "medical-disclaimer", "partials/disclaimer.html", "layouts/article*"."""
    today: datetime.date | None = None
    """Dates after it are not dates of an article; None means that any date will do and none is too old."""
    locale: str = ""
    """Where the readers live, as "en-GB", when the article does not say it itself; "" when nobody said."""
    disclaimer: tuple[str, ...] = ("AB", "C")
    """The components a disclaimer needs; of those written together one is enough."""
    limit: int = 0
    """The `limit` of the rule: a grade, a number of words, months or years; 0 when it has none."""


NO_SETTINGS = CheckSettings()
"""What applies without a configuration."""


def check(name: str) -> Callable[..., Iterator[Match]]:
    """The function that "module:function" names."""
    module, _, function = name.partition(":")
    found: Any = getattr(import_module(module), function)
    return found  # type: ignore[no-any-return]


def whole_document(page: Page) -> Match | None:
    """Where a finding about the whole document points: its first heading, else its title or first block.

    A lesser heading yields to the title. Template code around the words is left out. None for a document that
    shows no words, which has nothing to be at fault.
    """
    blocks = page.document.blocks
    visible = [block for block in blocks if block.is_visible and any(map(str.isalnum, block.text))]
    if not visible:
        return None
    article = [block for block in visible if block.zone == "article"] or visible
    headings = [block for block in article if block.kind == "heading"]
    titles = [block for block in blocks if block.kind == "title"]
    first: list[Block] = [
        *(block for block in headings if block.level == 1),
        *titles,
        *headings,
        *article,
    ]
    block = first[0]
    words = block.text.strip(f" {HOLE}")
    if not words:
        return Match(block.span, block.text)
    start = block.text.index(words)
    return Match(block.source_span(start, start + len(words)), words)
