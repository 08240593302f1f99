"""Whether an article says when to turn to a professional, outside of its disclaimer."""

from __future__ import annotations

from collections.abc import Iterator

from healthlint.checks import CheckSettings, consultation, disclaimer, whole_document
from healthlint.page import Page, Signal
from healthlint.rule import Match, match_at


def no_referral(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, when it nowhere advises to turn to a professional, not even in a disclaimer."""
    whole = whole_document(page)
    if whole and not consultation.advice(page):
        yield whole


def referral_only_in_disclaimer(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first such advice, when it all stands in disclaimers."""
    found = consultation.advice(page)
    if found and not advice_in_text(page):
        yield match_at(*found[0]).for_article()


def advice_in_text(page: Page) -> tuple[Signal, ...]:
    """The places that advise to turn to a professional, outside of disclaimers."""
    notices = disclaimer.notices(page)
    return tuple(signal for signal in consultation.advice(page) if signal.sentence.place not in notices)
