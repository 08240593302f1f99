"""Whether a headline says more than the text below it."""

from __future__ import annotations

from collections.abc import Iterator

from healthlint.checks import CheckSettings, excuse
from healthlint.language import Sentence
from healthlint.page import Page, once_a_page
from healthlint.phrase import PhraseMatch
from healthlint.rule import Match, match_at, words_match
from healthlint.vocabulary import plural

_EXCUSES = ("negated", "hedged", "question", "attributed", "myth", "mentioned", "conditional", "research")

_LONGEST = 20
"""A headline of more words is a sentence with qualifications of its own."""

_SMALL = frozenset(
    """
    a about after all also an and any are as at be been before but by can do does even every everyone for from get
    has have health her his how if in into is it its just may more most much my new no not now of off on one only
    or other our out over own people really researchers risk scientists says should so some study studies such than
    that the their them there these they this those to too up us was way ways we what when which who why will with
    without you your naturally science shows show proves proven fast quickly
    """.split()
)


_MODIFIERS = frozenset(
    """
    common possible main top identifying understanding natural home best likely rare usual frequent hidden surprising
    known unknown underlying symptoms signs treatment prevention diagnosis types
    """.split()
)
"""After one of these, "causes" is a noun."""
_NO_OBJECT = frozenset("and or of for in to by at on with are is".split())
_IRREGULAR = frozenset(["led", "cut", "shrank", "can", "will", "is", "are"])


def stronger_than_body(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The headline that states an effect flatly, when all that the text says of the same two things is weaker."""
    told: set[str] = set()
    for sentence in page.sentences():
        if not _is_headline(page, sentence) or sentence.text in told:
            continue
        told.add(sentence.text)
        for verb in flat_effects(page, sentence):
            cause, outcome = _content(sentence, 0, verb.start), _content(sentence, verb.end, None)
            if cause and outcome and _is_weaker_below(page, cause, outcome):
                yield words_match(sentence, 0, len(sentence.words))
                return


def _is_headline(page: Page, sentence: Sentence) -> bool:
    """Whether it is the title, the main or first heading, or the description that search engines show."""
    block = sentence.block
    return (
        block.kind in ("title", "description")
        or (block.kind == "heading" and block.level == 1 and block.zone == "article")
        or sentence.block_index == _first_heading(page)
    ) and 3 <= len(sentence.words) <= _LONGEST


@once_a_page
def _first_heading(page: Page) -> int:
    """The index of the first heading of the article; -1 when it has none."""
    blocks = page.document.blocks
    return next(
        (n for n, block in enumerate(blocks) if block.kind == "heading" and block.zone == "article"), -1
    )


def flat_effects(page: Page, sentence: Sentence) -> list[PhraseMatch]:
    """The verbs with which a headline states an effect as a fact, in order.

    Each stands between what acts and what it acts on: the "causes" of "Gout: causes and treatment" is no verb.
    """
    found = sorted(place for _, place in page.vocabulary.signals["flat-effect"].matches(sentence))
    return [
        place
        for place in found
        if _has_a_subject(sentence, place)
        and _has_an_object(sentence, place)
        and not excuse.excused(page, match_at(sentence, place), *_EXCUSES)
    ]


def _has_a_subject(sentence: Sentence, verb: PhraseMatch) -> bool:
    if not verb.start or sentence.breaks[verb.start]:
        return False
    before, first = sentence.words[verb.start - 1], sentence.words[verb.start]
    if before in _SMALL or before in _MODIFIERS:
        return False
    # "Walnuts lower cholesterol", but not "relieve lower back pain" nor "heart attack cause".
    return first.endswith(("s", "ed")) or first in _IRREGULAR or before.endswith("s")


def _has_an_object(sentence: Sentence, verb: PhraseMatch) -> bool:
    end = verb.end
    return end < len(sentence.words) and not sentence.breaks[end] and sentence.words[end] not in _NO_OBJECT


def _content(sentence: Sentence, first: int, end: int | None) -> frozenset[str]:
    """The words with a meaning of their own among these tokens, in the singular."""
    return frozenset(_singular(word) for word in sentence.words[first:end] if word not in _SMALL)


def _singular(word: str) -> str:
    for singular in (word[:-1], word[:-2], word[:-3] + "y"):
        if len(singular) > 2 and plural(singular) == word:
            return singular
    return word


def _is_weaker_below(page: Page, cause: frozenset[str], outcome: frozenset[str]) -> bool:
    """Whether some sentence speaks of both weakly, and none flatly."""
    weak = False
    for sentence in page.sentences():
        block = sentence.block
        if not block.is_visible or block.zone != "article" or block.kind == "heading":
            continue
        content = _content(sentence, 0, None)
        if not (content & cause and content & outcome):
            continue
        if page.vocabulary.signals["weak-link"].found_in(sentence):
            weak = True
        elif not sentence.is_question:
            return False
    return weak
