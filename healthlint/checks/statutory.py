"""The notice that US law prescribes for claims on supplements, 21 CFR 101.93(c)."""

from __future__ import annotations

from collections.abc import Iterator

from healthlint.checks import CheckSettings
from healthlint.language import Sentence
from healthlint.page import Page
from healthlint.pagekind import is_of_kind
from healthlint.rule import Match, match_at

_NOT_EVALUATED = (
    "this statement has not been evaluated by the food and drug administration",
    "these statements have not been evaluated by the food and drug administration",
)
_AIMS = ("diagnose", "treat", "cure", "or prevent")
_NOT_INTENDED = (f"this product is not intended to {' '.join(_AIMS)} any disease",)

_CLOSE = 0.6
"""A sentence with so much of the words of the notice is meant to be it."""

_SHORT_NAME = {"fda": ("food", "and", "drug", "administration")}


def dshea_missing(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first claim on a function of the body, on a page that sells and prints not both parts of the notice."""
    if not is_of_kind(page, "shop", "pitch"):
        return
    said = [sentence for sentence in page.sentences() if sentence.block.is_visible]
    if all(any(_likeness(one, texts) >= _CLOSE for one in said) for texts in (_NOT_EVALUATED, _NOT_INTENDED)):
        return
    for sentence, match in page.signals("structure-function"):
        if sentence.block.is_visible and sentence.block.zone == "article" and not sentence.is_question:
            yield match_at(sentence, match)
            return


def dshea_reworded(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """Each sentence that is close to a part of the notice and does not hold it word for word."""
    for sentence in page.sentences(
        frozenset(("evaluated", "approved", "reviewed", "assessed", "intended", "meant"))
    ):
        if not sentence.block.is_visible or "quote" in sentence.block.containers:
            continue
        words = " ".join(sentence.words)
        close = [texts for texts in (_NOT_EVALUATED, _NOT_INTENDED) if _likeness(sentence, texts) >= _CLOSE]
        if close and not all(any(text in words for text in texts) for texts in close):
            span = sentence.block.source_span(sentence.start, sentence.end)
            yield Match(span, sentence.text)


def _likeness(sentence: Sentence, texts: tuple[str, ...]) -> float:
    """The share of the words of the nearest of `texts` that a sentence has, from 0 to 1."""
    words = {part for word in sentence.words for part in _SHORT_NAME.get(word, (word,))}
    return max(len(words & set(text.split())) / len(set(text.split())) for text in texts)
