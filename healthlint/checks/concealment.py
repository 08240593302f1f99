"""What an article keeps from its readers: words in disguise, claims in text that is not shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from healthlint.checks import CheckSettings
from healthlint.page import Page
from healthlint.rule import SEVERITIES, Match
from healthlint.violation import Violation


def disguised(page: Page, _settings: CheckSettings) -> Iterator[Match]:
    """The words that are not spelt as they are read."""
    for block in (*page.document.blocks, *page.document.hidden):
        if block.zone != "chrome":
            for disguise in block.disguises:
                yield Match(disguise.span, disguise.text, details={"by": disguise.by})


def hidden_claims(page: Page, violations: Sequence[Violation], _settings: CheckSettings) -> Iterator[Match]:
    """The gravest claim of each block that no reader is shown."""
    for block in page.document.hidden:
        if block.zone == "hidden":
            claims = (each for each in violations if block.span.contains(each.span))
            gravest = min(claims, key=_gravity, default=None)
            if gravest:
                yield Match(gravest.span, " ".join(gravest.text.split()))


def _gravity(claim: Violation) -> tuple[object, ...]:
    return -SEVERITIES.index(claim.severity), claim.order
