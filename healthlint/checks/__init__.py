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
    "new-regimen-without-consult": "healthlint.checks.caution:new_regimen",
    "pregnancy-caution-missing": "healthlint.checks.caution:pregnancy",
    "interaction-caution-missing": "healthlint.checks.caution:interaction",
    "emergency-number-locale": "healthlint.checks.emergency:number_locale",
    "headline-stronger-than-body": "healthlint.checks.headline:stronger_than_body",
    "animal-to-human": "healthlint.checks.animal:to_human",
    "disclaimer-placement": "healthlint.checks.disclaimer:misplaced",
    "disclaimer-hard-to-read": "healthlint.checks.disclaimer:hard_to_read",
    "dshea-disclaimer-missing": "healthlint.checks.statutory:dshea_missing",
    "dshea-disclaimer-reworded": "healthlint.checks.statutory:dshea_reworded",
    "ai-content-undisclosed": "healthlint.checks.authority:undisclosed_ai",
    "citation-placeholder": "healthlint.checks.placeholder:unfilled",
    "review-overdue": "healthlint.checks.currency:review_overdue",
    "outdated-sources": "healthlint.checks.currency:outdated_sources",
    "low-authority-sources-only": "healthlint.checks.authority:low_sources",
    "author-no-credentials": "healthlint.checks.authority:no_credentials",
    "undisclosed-commercial-interest": "healthlint.checks.interest:undisclosed",
    "reading-grade": "healthlint.checks.readability:grade",
    "long-sentence": "healthlint.checks.readability:long_sentences",
    "undefined-term": "healthlint.checks.readability:undefined_terms",
    "benefit-without-harm": "healthlint.checks.balance:benefit_without_harm",
    "no-uncertainty": "healthlint.checks.balance:no_uncertainty",
    "no-alternatives": "healthlint.checks.balance:no_alternatives",
    "vague-frequency": "healthlint.checks.balance:vague_frequency",
    "unreadable-part": "healthlint.checks.faults:unreadable",
    "disguised-text": "healthlint.checks.concealment:disguised",
}
"""The names that `check:` may have, and the function of each, as "module:function"."""

CROSS_CHECKS: dict[str, str] = {
    "disclaimer-contradicted": "healthlint.checks.disclaimer:contradicted",
    "hidden-claim": "healthlint.checks.concealment:hidden_claims",
}
"""As `CHECKS`, for checks that run last and see the other violations."""


@dataclass(frozen=True)
class CheckSettings:
    """What the configuration and the rule tell a check."""

    site_disclaimer: tuple[str, ...] = ()
    """Names or globs of the layouts, partials, shortcodes, components or documents that carry the disclaimer
    of the whole site: "medical-disclaimer", "partials/disclaimer.html", "layouts/article*"."""
    today: datetime.date | None = None
    """Dates after it are not dates of an article, and suppressions until a day before it hold no longer; None
    means that any date will do and none is too old."""
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
