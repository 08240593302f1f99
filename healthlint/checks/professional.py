"""Whether an article says when to turn to a professional, outside of its disclaimer."""

from __future__ import annotations

from collections.abc import Iterator

from healthlint.checks import CheckSettings, consultation, disclaimer, whole_document
from healthlint.page import Page, Signal
from healthlint.rule import Match


def no_referral(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, when it nowhere advises to turn to a professional, not even in a disclaimer."""
    whole = whole_document(page)
    if whole and not consultation.advice(page):
        yield whole


def referral_only_in_disclaimer(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first such advice, when it all stands in disclaimers."""
    found = consultation.advice(page)
    if found and not advice_in_text(page):
        sentence, match = found[0]
        start, end = sentence.tokens[match.start].start, sentence.tokens[match.end - 1].end
        yield Match(found[0].span, sentence.block.text[start:end])


def advice_in_text(page: Page) -> tuple[Signal, ...]:
    """The places that advise to turn to a professional, outside of disclaimers."""
    notices = {
        (said.block_index, said.number) for each in disclaimer.disclaimers(page) for said in each.sentences
    }
    return tuple(
        signal
        for signal in consultation.advice(page)
        if (signal.sentence.block_index, signal.sentence.number) not in notices
    )
