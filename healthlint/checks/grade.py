"""The school grade of sentences, by the formula of Flesch and Kincaid.

0.39 words a sentence + 11.8 syllables a word - 15.59. syllapy counts the syllables: of what was tried it alone needs
no download and no GPL, and on 68,000 words of health pages its count was within 1.5 % of the CMU dictionary's
(hyphenation, as pyphen does it, was 7 % short).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from healthlint.document import HOLE
from healthlint.language import Sentence

_LISTED = 3
"""So many dashes in one sentence are the marks of a list."""


def school_grade(sentences: Sequence[Sentence]) -> float:
    """The Flesch-Kincaid grade of sentences: 8.0 can be read after eight years of school."""
    return grade_of([(sentence, counted_words(sentence)) for sentence in sentences])


def grade_of(counted: Sequence[tuple[Sentence, Sequence[str]]]) -> float:
    """As `school_grade`, for sentences with their words that count."""
    words = [word for _, said in counted for word in said]
    if not words:
        return 0.0
    parts = sum(_parts(sentence) for sentence, _ in counted)
    return round(0.39 * len(words) / parts + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59, 1)


def _parts(sentence: Sentence) -> int:
    """One, or the number of items when a list was run into one line: "any of these: - a cough - a fever"."""
    dashes = sentence.text.count(" - ")
    return dashes if dashes >= _LISTED else 1


def counted_words(sentence: Sentence) -> list[str]:
    """The words that count: the names of medicines, which cannot be helped, and the end of "it's" do not."""
    words, medicines = sentence.words, sentence.terms_of("medicine")
    if medicines:
        named = {at for start, ends in medicines.items() for at in range(start, ends[0])}
        words = tuple(word for at, word in enumerate(words) if at not in named)
    return [word for word in words if word[0] != "'" and word != HOLE]


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> int:
    from syllapy import count  # noqa: PLC0415  (only those who ask for grades wait for its dictionary)

    syllables: int = count(word)
    return max(1, syllables)
