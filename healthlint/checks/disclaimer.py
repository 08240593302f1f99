"""Disclaimers, by their components, in any wording.

A  information only                C  consult a professional        E  where to turn in an emergency
B  not advice, no substitute       D  do not delay or disregard care

A or B makes a disclaimer; who only limits liability, or prints a notice that the law prescribes, has none.
One disclaimer is the sentences around an A or B: in the same block, in neighbouring blocks that hold nothing
else, and under a heading that says so. Only what readers of the page see counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from fnmatch import fnmatchcase
from glob import escape
from itertools import accumulate
from typing import NamedTuple

from healthlint.checks import CheckSettings, consultation, references, whole_document
from healthlint.checks.grade import school_grade
from healthlint.document import Document
from healthlint.language import HARD, Sentence
from healthlint.page import Page, once_a_page
from healthlint.rule import Match
from healthlint.topic import listed
from healthlint.violation import Violation

_GAP = 2
"""So many sentences of another kind may stand between two of a notice."""

_LONGEST_LABEL = 8
"""A heading or label that announces a disclaimer has at most so many words."""

_ASKED = {
    "A": "that it is general information only",
    "B": "that it is no medical advice",
    "AB": "that it is general information and no medical advice",
    "C": "whom to consult",
    "D": "not to delay or disregard care because of it",
    "E": "where to turn in an emergency",
}
"""What a notice without a component does not tell its readers."""

_FOLDED = {
    "details": "in a section that is folded away",
    "footnote": "in a footnote",
    "small": "in small print",
}
"""Containers in which hardly anybody looks."""

_LONG_PAGE = 400
"""In an article of more words, a disclaimer at its end is met by few."""

_LATE = 90
"""The end begins after so many per cent of the words."""

_LONGEST_NOTICE = 120
"""More words are not read,"""
_LONGEST_SENTENCE = 35
"""nor so many in one sentence."""
_GRADED = 20
"""A notice of fewer words has no grade."""
_SHOUTED = 8
"""So many words in capitals are hard to read."""

_CLAIM_FAMILIES = frozenset(("overclaim", "safety-claim", "referral"))

Place = tuple[int, int]
"""A sentence: the index of its block, and its number in the block."""


class Disclaimer(NamedTuple):
    """One disclaimer of a page."""

    components: frozenset[str]
    """Letters from "A" to "E"."""
    sentences: tuple[Sentence, ...]
    """In order; at least one of them is an A or a B."""


def missing(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, when it says nowhere that it is information only or no advice."""
    whole = whole_document(page)
    if whole and not disclaimers(page) and not of_site(page.document, settings) and not _legal(page):
        yield whole


def incomplete(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first disclaimer, when none has the components that `settings.disclaimer` asks for."""
    found = disclaimers(page)
    if not found or of_site(page.document, settings):
        return
    said = frozenset().union(*(each.components for each in found))
    lacking = [_ASKED.get(group, group) for group in settings.disclaimer if said.isdisjoint(group)]
    if lacking:
        first = next(said for said in found[0].sentences if said.words)
        yield _said(first, {"missing": listed(lacking)})


def misplaced(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first disclaimer, when readers hardly meet any: folded away, in small print, or after all else."""
    found = disclaimers(page)
    if not found or of_site(page.document, settings):
        return
    hidden = [_hidden(page, each) for each in found]
    if all(hidden):
        yield _said(found[0].sentences[0], {"where": hidden[0]})


def hard_to_read(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first disclaimer, when every one is hard to read: its grade above `limit`, too long, or in capitals."""
    found = disclaimers(page)
    hard = [_hardness(each, settings.limit) for each in found]
    if found and all(hard):
        yield _said(found[0].sentences[0], {"reason": hard[0]})


def liability_only(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first sentence on liability, or notice prescribed by law, when there is no disclaimer."""
    if disclaimers(page) or of_site(page.document, settings):
        return
    legal = _legal(page)
    if legal:
        yield _said(legal[0], {})


def contradicted(page: Page, violations: Sequence[Violation], settings: CheckSettings) -> Iterator[Match]:
    """The first disclaimer, when the document makes a claim that no disclaimer can take back."""
    found = disclaimers(page)
    claims = [
        violation
        for violation in violations
        if violation.severity == "error"
        and violation.family in _CLAIM_FAMILIES
        and violation.rule != "no-professional-referral"
    ]
    if found and claims:
        claim = min(claims, key=lambda violation: violation.span)
        yield _said(
            found[0].sentences[0], {"claim": " ".join(claim.text.split()), "line": str(claim.start.line)}
        )


@once_a_page
def sentences(page: Page) -> frozenset[Place]:
    """Every sentence that belongs to a disclaimer, or to a notice on liability or prescribed by law.

    As (block index, sentence number). A claim in the same block is not among them unless it stands
    between two sentences of the notice.
    """
    return notices(page) | {said.place for said in _legal(page)}


@once_a_page
def notices(page: Page) -> frozenset[Place]:
    """Every sentence that belongs to a disclaimer, as (block index, sentence number)."""
    return frozenset(said.place for each in disclaimers(page) for said in each.sentences)


@once_a_page
def disclaimers(page: Page) -> tuple[Disclaimer, ...]:
    """The disclaimers of a page, in order."""
    components = _components(page)
    seeds = sorted(place for place, letters in components.items() if letters & {"A", "B"})
    notice = {**components, **{said.place: frozenset("L") for said in _legal(page)}}
    found: list[Disclaimer] = []
    taken: set[Place] = set()
    for seed in seeds:
        if seed in taken:
            continue
        places = _around(page, seed, notice, taken)
        taken.update(places)
        letters = frozenset().union(*(components.get(place, frozenset()) for place in places))
        found.append(
            Disclaimer(letters, tuple(page.block_sentences(block)[number] for block, number in places))
        )
    return tuple(found)


def _hidden(page: Page, disclaimer: Disclaimer) -> str:
    """Where a disclaimer stands that is easily missed; "" when readers meet it."""
    blocks = page.document.blocks
    indices = sorted({said.block_index for said in disclaimer.sentences})
    for container, where in _FOLDED.items():
        if all(container in blocks[index].containers for index in indices):
            return where
    words_before = _words_before(page)
    words = words_before[-1]
    if words < _LONG_PAGE:
        return ""
    sources = references.entries(page)
    if sources and indices[0] > sources[-1]:
        return "after the references"
    before = 100 * words_before[indices[0]] // words
    return f"after {before} % of the text" if before >= _LATE else ""


@once_a_page
def _words_before(page: Page) -> Sequence[int]:
    """For each block, how many words of the visible article stand before it; at last, how many it has."""
    words = (
        block.word_count if block.is_visible and block.zone == "article" else 0
        for block in page.document.blocks
    )
    return tuple(accumulate(words, initial=0))


def _hardness(disclaimer: Disclaimer, limit: int) -> str:
    """Why a disclaimer is hard to read; "" when it is not."""
    sentences = [said for said in disclaimer.sentences if said.words]
    words = sum(len(said.words) for said in sentences)
    letters = [letter for said in sentences for letter in said.text if letter.isalpha()]
    longest = max(len(said.words) for said in sentences)
    if words >= _SHOUTED and all(map(str.isupper, letters)):
        return "it is all in capitals"
    if words > _LONGEST_NOTICE:
        return f"{words} words; the limit is {_LONGEST_NOTICE}"
    if longest > _LONGEST_SENTENCE:
        return f"a sentence of {longest} words; the limit is {_LONGEST_SENTENCE}"
    reached = school_grade(sentences)
    return f"grade {reached}; the limit is {limit}" if words >= _GRADED and reached > limit else ""


def _components(page: Page) -> dict[Place, frozenset[str]]:
    found: dict[Place, set[str]] = {}

    def add(letter: str, sentence: Sentence) -> None:
        if sentence.block.is_visible:
            found.setdefault(sentence.place, set()).add(letter)

    delays = [(signal.sentence, signal.match) for signal in page.signals("do-not-delay")]
    statutory = [(signal.sentence, signal.match) for signal in page.signals("statutory-notice")]
    overruled = {
        (sentence.place, at)
        for sentence, match in (*delays, *statutory)
        for at in range(match.start, match.end)
    }
    subjects = _Subjects(page)
    for name, letter, subject in (
        ("information-only", "A", ""),
        ("information-perhaps", "A", "page"),
        ("not-advice", "B", ""),
        ("no-substitute-for-advice", "B", "page or implied"),
        ("no-substitute-for-care", "B", "page"),
    ):
        for sentence, match in page.signals(name):
            if (sentence.place, match.start) not in overruled and subjects.hold(
                sentence, match.start, subject
            ):
                add(letter, sentence)
    for sentence, _ in delays:
        add("D", sentence)
    for signal in consultation.advice(page):
        add("C", signal.sentence)
    for sentence, _ in page.signals("emergency-line"):
        add("E", sentence)
    return {place: frozenset(letters) for place, letters in found.items()}


class _Subjects:
    """What sentences are about, as far as it was asked; lives as long as one look for disclaimers."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._first: dict[tuple[Place, str], int] = {}

    def hold(self, sentence: Sentence, start: int, subject: str) -> bool:
        """Whether what begins at token `start` is said of the page, as far as `subject` asks for it."""
        if not subject or self._at(sentence, "page") < start:
            return True
        if sentence.number and self._at(sentence, "page-pronoun") < start:
            before = self._page.block_sentences(sentence.block_index)[sentence.number - 1]
            if self._at(before, "page") < len(before.words):
                return True
        if subject == "page":
            return False
        # "Not a substitute for …", alone or after a label
        if start == 0 or (start <= _LONGEST_LABEL // 2 and sentence.breaks[start] == HARD):
            return True
        return self._at(sentence, "page-implied") < start

    def _at(self, sentence: Sentence, name: str) -> int:
        """The token at which the first phrase of a signal begins; past the end when there is none."""
        key = sentence.place, name
        if key not in self._first:
            found = sentence.vocabulary.signals[name].matches(sentence)
            self._first[key] = min((match.start for _, match in found), default=len(sentence.words))
        return self._first[key]


def _around(
    page: Page, seed: Place, notice: Mapping[Place, frozenset[str]], taken: Set[Place]
) -> list[Place]:
    """The sentences of the disclaimer in which `seed` stands, in order, no other block of which is `taken`."""
    places = _run(page, seed, notice)
    heading = _announcement(page, seed[0])
    blocks = page.document.blocks
    for step in (-1, 1):
        index = seed[0] + step
        while 0 <= index < len(blocks):
            said = page.block_sentences(index)
            if not said or not blocks[index].is_visible:
                index += step
                continue
            if not taken.isdisjoint((said[0].place, said[-1].place)):
                break
            inside = [each.place for each in said if each.place in notice]
            together = blocks[index].zone == blocks[seed[0]].zone and blocks[index].kind != "heading"
            announced = heading is not None and _announcement(page, index) == heading and inside
            alone = all(each.place in notice and _is_general(each, notice[each.place]) for each in said)
            if not together or not (alone or announced):
                break
            places.extend((index, number) for number in range(inside[0][1], inside[-1][1] + 1))
            index += step
    return sorted(set(places))


def _is_general(sentence: Sentence, letters: frozenset[str]) -> bool:
    """Whether a sentence goes with a disclaimer in another block; "See a GP if it lasts" is advice by itself."""
    in_general = sentence.vocabulary.signals["consult-in-general"]
    return letters != {"C"} or in_general.found_in(sentence)


def _run(page: Page, seed: Place, notice: Mapping[Place, frozenset[str]]) -> list[Place]:
    """`seed` and the sentences of its block that go with it."""
    block, number = seed
    first = last = number
    said = page.block_sentences(block)
    for at in range(number + 1, len(said)):
        if at - last > _GAP + 1:
            break
        if at - last <= _step(said[at], notice.get((block, at))):
            last = at
    for at in range(number - 1, -1, -1):
        if first - at > _GAP + 1:
            break
        if first - at <= _step(said[at], notice.get((block, at))):
            first = at
    return [(block, at) for at in range(first, last + 1)]


def _step(sentence: Sentence, letters: frozenset[str] | None) -> int:
    """How many sentences on a sentence with these letters may stand to belong to a notice; 0 for never."""
    if letters is None:
        return 0
    # "See a doctor" and "call 999" are said in articles too, so they must follow directly.
    is_advice = letters <= {"C", "E"} and ("C" not in letters or not _is_general(sentence, frozenset("C")))
    return 1 if is_advice else _GAP + 1


def _announcement(page: Page, index: int) -> int | None:
    """The index of the heading or label that announces a disclaimer in which the block `index` stands."""
    above = page.document.sections[index]
    return above[-1] if above and _announces(page, above[-1]) else None


def _announces(page: Page, index: int) -> bool:
    said = page.block_sentences(index)
    return (
        bool(said)
        and len(said[0].words) <= _LONGEST_LABEL
        and page.vocabulary.signals["disclaimer-heading"].found_in(said[0])
    )


def _legal(page: Page) -> list[Sentence]:
    """The visible sentences on liability, and the notices that a law prescribes, in order."""
    found = {
        signal.sentence.place: signal.sentence
        for name in ("liability", "statutory-notice")
        for signal in page.signals(name)
        if signal.sentence.block.is_visible
    }
    return [found[place] for place in sorted(found)]


def of_site(document: Document, settings: CheckSettings) -> bool:
    """Whether the document takes in, uses or is one of the files that carry the site's disclaimer."""
    if not settings.site_disclaimer:
        return False
    names = [include.name for include in document.includes]
    names += [
        field.value for field in document.fields if field.name.lower() in ("layout", "template", "type")
    ]
    carriers = settings.site_disclaimer
    return any(_is_named(name, carrier) for name in names for carrier in carriers) or any(
        _is_below(document.path, carrier) for carrier in carriers
    )


def _is_named(name: str, carrier: str) -> bool:
    """Whether an article that says `name` means `carrier`, a name or glob.

    Either may leave out folders and ending: `layout: article` and `{% include notice.html %}` mean
    `layouts/article.html` and `partials/notice.html`.
    """
    return bool(name) and (_is_below(name, carrier) or _is_below(carrier, escape(name)))


def _is_below(path: str, pattern: str) -> bool:
    """Whether `path` is what a name or glob means, with or without the folders before it and its ending."""
    said, wanted = path.replace("\\", "/").lower(), pattern.replace("\\", "/").lower()
    without_ending = said.rsplit(".", 1)[0] if "." in said.rsplit("/", 1)[-1] else said
    return any(
        fnmatchcase(each, wanted) or fnmatchcase(each, "*/" + wanted) for each in (said, without_ending)
    )


def _said(sentence: Sentence, details: Mapping[str, str]) -> Match:
    return Match(sentence.block.source_span(sentence.start, sentence.end), sentence.text, details=details)
