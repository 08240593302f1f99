"""Why a match may be excused: decided on the match inside its clause, never on the whole line.

Cue contexts are data (`rules/cues/`): words such as "no evidence that", a direction and a reach. Structural
contexts are the functions here: a question, a quotation with a speaker, a "Myth:" label, a known cure.
The algorithm for cues is ConText's (Harkema et al., J Biomed Inform 2009;42:839-851): a cue's scope runs in
its direction until something ends the clause; pseudo-cues ("not only") hide the cues that they overlap, unless the
cue is the longer and holds the whole pseudo-cue ("you do not have to" and "not have to").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import NamedTuple

from healthlint.language import HARD, SOFT, Sentence
from healthlint.page import Page
from healthlint.phrase import PhraseMatch, PhraseSet
from healthlint.rule import Match
from healthlint.span import Span
from healthlint.vocabulary import Cue, Vocabulary


class Context(NamedTuple):
    """A context that holds for a match, and the source of the words that say so."""

    name: str
    span: Span


class CueMatch(NamedTuple):
    """A cue and where it stands in its sentence."""

    cue: Cue
    match: PhraseMatch


class Label(NamedTuple):
    """A cue that says of what follows whether it is a myth, and where it stands."""

    context: str
    sentence: Sentence
    match: PhraseMatch


class CueMatches(NamedTuple):
    """What a sentence holds of cues."""

    cues: tuple[CueMatch, ...]
    """Those that stand, the ones inside a pseudo-cue of their context left out."""
    pseudo: Mapping[str, Sequence[PhraseMatch]]
    """By context, words that hold a cue without its meaning."""


class CueSet:
    """All cues of a vocabulary, ready to be found; frozen after construction."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._cues = vocabulary.cues
        pseudo = [(context, each) for context, phrases in vocabulary.pseudo_cues.items() for each in phrases]
        self._pseudo = tuple(context for context, _ in pseudo)
        self._phrases = PhraseSet([*(cue.phrase for cue in vocabulary.cues), *(each for _, each in pseudo)])

    def found(self, sentence: Sentence) -> CueMatches:
        """The cues and pseudo-cues in `sentence`."""
        cues: list[CueMatch] = []
        pseudo: dict[str, list[PhraseMatch]] = {}
        for number, match in self._phrases.matches(sentence):
            if number < len(self._cues):
                cues.append(CueMatch(self._cues[number], match))
            else:
                context = self._pseudo[number - len(self._cues)]
                pseudo.setdefault(context, []).append(match)
        standing = (
            each
            for each in cues
            if not any(_hides(pseudo_cue, each.match) for pseudo_cue in pseudo.get(each.cue.context, ()))
        )
        return CueMatches(tuple(standing), pseudo)


def _hides(pseudo_cue: PhraseMatch, cue: PhraseMatch) -> bool:
    longer = cue.end - cue.start > pseudo_cue.end - pseudo_cue.start
    inside = cue.start <= pseudo_cue.start and pseudo_cue.end <= cue.end
    return pseudo_cue.overlaps(cue) and not (longer and inside)


@lru_cache(maxsize=4)
def cue_set(vocabulary: Vocabulary) -> CueSet:
    """The cues of `vocabulary`, made ready once."""
    return CueSet(vocabulary)


Frame = Callable[[Page], frozenset[tuple[int, int]]]
"""Which sentences of a page a context takes as a whole."""


class Contexts:
    """Answers which contexts hold for the matches of one page; lives as long as one check.

    `frames` tell, for contexts such as "disclaimer" and "reference", which sentences of a page are that as a
    whole, as (block index, sentence number); they are asked when the first match is in doubt.
    """

    def __init__(self, page: Page, cues: CueSet, frames: Mapping[str, Frame]) -> None:
        self.page = page
        self._cues = cues
        self._frames = frames
        self._found: dict[tuple[int, int], CueMatches] = {}
        self._around: dict[tuple[int, int], frozenset[str]] = {}
        self._last_labels: dict[int, Sequence[Label | None]] = {}

    def of(self, match: Match, names: Iterable[str]) -> Iterator[Context]:
        """Those contexts among `names` that hold for `match`, with their evidence."""
        if match.sentence is None:
            return
        for name in names:
            structural = STRUCTURAL_CONTEXTS.get(name)
            span = structural(match, match.sentence, self) if structural else None
            if span is None:
                span = self._cued(match, match.sentence, name)
            if span is not None:
                yield Context(name, span)

    def cues(self, sentence: Sentence) -> tuple[CueMatch, ...]:
        """The cues of a sentence."""
        return self._matches(sentence).cues

    def pseudo_cues(self, context: str, sentence: Sentence) -> Sequence[PhraseMatch]:
        """Where a sentence has words that hold a cue of the context without its meaning."""
        return self._matches(sentence).pseudo.get(context, ())

    def _matches(self, sentence: Sentence) -> CueMatches:
        key = sentence.place
        if key not in self._found:
            self._found[key] = self._cues.found(sentence)
        return self._found[key]

    def frame(self, name: str, sentence: Sentence) -> bool:
        """Whether `sentence` is a `name` as a whole."""
        frame = self._frames.get(name)
        return frame is not None and sentence.place in frame(self.page)

    def lead_in(self, sentence: Sentence) -> Sentence | None:
        """The sentence ending in a colon that introduces the list whose item `sentence` opens."""
        blocks = self.page.document.blocks
        if sentence.number or blocks[sentence.block_index].kind not in ("item", "cell"):
            return None
        index = self._before_lists[sentence.block_index]
        before = self.page.block_sentences(index) if index >= 0 else ()
        return before[-1] if before and before[-1].text.rstrip().endswith(":") else None

    @cached_property
    def _before_lists(self) -> Sequence[int]:
        """For each block the last one before it that is not in a list or table; -1 for none."""
        found, last = [], -1
        for index, block in enumerate(self.page.document.blocks):
            found.append(last)
            if block.kind not in ("item", "cell", "alt", "label"):
                last = index
        return found

    def headings(self, sentence: Sentence) -> Iterator[Sentence]:
        """The sentences of the headings above, nearest first."""
        for index in reversed(self.page.document.sections[sentence.block_index]):
            yield from self.page.block_sentences(index)

    def column_heads(self, sentence: Sentence) -> Iterator[Sentence]:
        """The sentences of the first cell of the table in which `sentence` stands."""
        first = self._first_cells[sentence.block_index]
        if first < sentence.block_index:
            yield from self.page.block_sentences(first)

    @cached_property
    def _first_cells(self) -> Sequence[int]:
        """For each block the first one of the row of cells in which it is; itself when it is no cell."""
        found: list[int] = []
        blocks = self.page.document.blocks
        for index, block in enumerate(blocks):
            follows = index > 0 and block.kind == blocks[index - 1].kind == "cell"
            found.append(found[-1] if follows else index)
        return found

    def label(self, match: Match, sentence: Sentence) -> Label | None:
        """The last "Myth:" or "Fact:" before `match` in the block of its `sentence`."""
        here = [each for each in self._labels(sentence) if each.match.end <= match.literals[0]]
        if here:
            return here[-1]
        before = self._labels_before(sentence.block_index)
        return before[sentence.number]

    def _labels_before(self, block_index: int) -> Sequence[Label | None]:
        """For each sentence of a block the last label in those before it."""
        if block_index not in self._last_labels:
            found: list[Label | None] = [None]
            for said in self.page.block_sentences(block_index):
                found.append(next(reversed(self._labels(said)), found[-1]))
            self._last_labels[block_index] = found
        return self._last_labels[block_index]

    def _labels(self, sentence: Sentence) -> list[Label]:
        return [
            Label(cue.context, sentence, at)
            for cue, at in self.cues(sentence)
            if cue.context in ("myth-label", "fact-label")
            and (at.end == len(sentence.words) or sentence.breaks[at.end] == HARD)
        ]

    def _cued(self, match: Match, sentence: Sentence, name: str) -> Span | None:
        """The source of the longest cue for the context that reaches the match, nearest sentence first."""
        if name not in self._cued_around(sentence):
            return None
        said = [
            at for cue, at in self._standing(sentence, name) if _reaches(cue, at, match.literals, sentence)
        ]
        if said and not self._told_of_today(match, sentence, name):
            return _longest(said, sentence)
        for neighbour in self.page.neighbours(sentence):
            beyond = "backward" if neighbour.number < sentence.number else "forward"
            near = [
                at
                for cue, at in self._standing(neighbour, name)
                if cue.within == "nearby" and cue.direction != beyond
            ]
            if near:
                return _longest(near, neighbour)
        lead_in = self.lead_in(sentence)
        if lead_in:
            led = [at for cue, at in self._standing(lead_in, name) if _reaches_end(cue, at, lead_in)]
            if led:
                return _longest(led, lead_in)
        return None

    def _cued_around(self, sentence: Sentence) -> frozenset[str]:
        """The contexts of which a cue stands in a sentence, in its neighbours or in what leads to it."""
        if sentence.place not in self._around:
            around = (sentence, *self.page.neighbours(sentence), *filter(None, [self.lead_in(sentence)]))
            self._around[sentence.place] = frozenset(
                each.cue.context for said in around for each in self.cues(said)
            )
        return self._around[sentence.place]

    def _told_of_today(self, match: Match, sentence: Sentence, name: str) -> bool:
        """Whether a claim that is told as history is one of today too: "in Rome they knew it, and it still cures"."""
        return name == "historical" and any(
            _reaches(cue, at, match.literals, sentence) for cue, at in self._standing(sentence, "present")
        )

    def _standing(self, sentence: Sentence, name: str) -> list[CueMatch]:
        """The cues of `sentence` for the context, those that are themselves denied left out."""
        found = [each for each in self.cues(sentence) if each.cue.context == name]
        if found and name in _DENIABLE:
            denials = [
                CueMatch(each.cue._replace(within="segment"), each.match)
                for each in self.cues(sentence)
                if each.cue.context == "negated"
            ]
            found = [
                each
                for each in found
                if not any(
                    _reaches(denial.cue, denial.match, each.match.literals, sentence) for denial in denials
                )
            ]
        return found


_DENIABLE = frozenset(["supervised", "safety-netted", "research"])
"""Contexts of which "not" makes the opposite: "without asking your doctor" is no advice to ask."""


def _longest(places: Iterable[PhraseMatch], sentence: Sentence) -> Span:
    place = max(places, key=lambda place: (place.end - place.start, -place.start))
    return sentence.span(place.start, place.end - 1)


# A claim's own words cannot excuse it, but a cue may end in the word with which the claim begins: the "it" of
# "the maker claims it replaces insulin", the "promise" of "sellers promise that you will lose a stone".
_JOINTS = frozenset(
    "that it they its their to promise promises promised guarantee guarantees guaranteed".split()
)


def _reaches(cue: Cue, at: PhraseMatch, literals: Sequence[int], sentence: Sentence) -> bool:
    shared = set(at.literals).intersection(literals)
    if shared and not (
        cue.direction == "forward"
        and at.start < literals[0]
        and shared == {literals[0]}
        and sentence.words[literals[0]] in _JOINTS
    ):
        return False
    parts = _parts(cue, sentence)
    if cue.direction == "anywhere":
        return parts is None or parts[at.start] in {parts[index] for index in literals}
    if cue.direction == "forward":
        after = [index for index in literals if index >= at.end]
        return (
            bool(after)
            and (parts is None or parts[after[0]] in _reached(cue, parts[at.end - 1], parts, sentence))
            and not (cue.within in ("clause", "sentence") and _verb_of_its_own(at, after[0], sentence))
            and not _purpose(at, after[0], sentence)
        )
    before = [index for index in literals if index < at.start]
    return bool(before) and (parts is None or parts[before[-1]] == parts[at.start])


_ITEM = 6
"""The most words that an item of a list has."""


def _reached(cue: Cue, part: int, parts: Sequence[int], sentence: Sentence) -> range:
    """The parts that a forward cue in `part` reaches: its own, and the other items of a list that ends in "or".

    "No" is said of each item of "no fever, chills or cough", but not of what follows in "no pills, it just works".
    """
    words = sentence.words
    for item in range(part + 1, parts[-1] + 1 if cue.within == "segment" else 0):
        first, end = bisect_left(parts, item), bisect_right(parts, item)
        said = words[first:end]
        if sentence.breaks[first] != SOFT or len(said) > _ITEM or not _SUBJECTS.isdisjoint(said):
            break
        if "or" in said or "nor" in said:
            return range(part, item + 1)
    return range(part, part + 1)


_HELPING = frozenset(
    """
    may might could would nothing nobody not never cannot can't couldn't won't wouldn't shouldn't don't doesn't
    didn't isn't aren't wasn't weren't haven't hasn't hadn't
    """.split()
)
_SUBJECTS = frozenset(["it", "they", "he", "she", "we", "you", "i", "there"])
_ADVERBS = frozenset(["just", "simply", "instead"])
_FINITE = frozenset(["can", "will", "'ll", "is", "are", "was", "were", "has", "does"])
_BEFORE_NOUNS = frozenset(["or", "nor", "of", "for", "any", "the", "no", "with"])
_DETERMINERS = frozenset(["the", "a", "an", "this", "these", "our", "my", "your", "his", "her", "their"])
_PREPOSITIONS = frozenset("in of for with on at by from to after during within over or nor".split())


def _verb_of_its_own(cue: PhraseMatch, first: int, sentence: Sentence) -> bool:
    """Whether the cue is a helping verb, and a verb that it cannot govern stands before or at word `first`.

    "May" governs all verbs of "may soothe, calm or cure", but behind a comma or "and" none that has a subject or an
    ending of its own: ", this balm cures", "and cures", ", we cure". In "may be that" it reaches all that follows.
    """
    words = sentence.words
    if words[cue.start] not in _HELPING or not {"that", "whether", "if"}.isdisjoint(words[cue.start : first]):
        return False
    joint = next((at for at in range(cue.end, first + 1) if sentence.breaks[at] or words[at] == "and"), None)
    if joint is None:
        return False
    if sentence.breaks[joint]:
        # ", the company shelved it and hid", but not the aside of "can't, the authors say, cure"
        aside = any(sentence.breaks[joint + 1 : first + 1])
        if words[joint] in _SUBJECTS | _ADVERBS or (
            words[joint] in _DETERMINERS and first > joint + 2 and not aside
        ):
            return True
    third_person = words[first].endswith("s") and words[first - 1] not in _BEFORE_NOUNS
    return third_person or not _FINITE.isdisjoint(words[joint:first]) or _noun_before(first, sentence)


def _noun_before(verb: int, sentence: Sentence) -> bool:
    """Whether "the cream" or "our new cream", and no preposition before it, stands before word `verb`.

    As in "nothing would help, and in three days the cream wiped out".
    """
    words, breaks = sentence.words, sentence.breaks
    for at in (verb - 2, verb - 3):
        joined = any(breaks[at + 1 : verb + 1]) or "and" in words[at:verb]
        if at > 0 and not joined and words[at] in _DETERMINERS:
            return words[at - 1] not in _PREPOSITIONS
    return False


_NEEDS = frozenset(["need", "have", "reason", "point", "has", "had"])


def _purpose(cue: PhraseMatch, first: int, sentence: Sentence) -> bool:
    """Whether word `first` tells what for: "no need to" denies "flush out toxins", not "diet to melt fat"."""
    words = sentence.words
    return words[cue.end - 1] == "to" and words[cue.end - 2] in _NEEDS and "to" in words[cue.end : first + 1]


def _reaches_end(cue: Cue, at: PhraseMatch, sentence: Sentence) -> bool:
    parts = _parts(cue, sentence)
    return cue.direction != "backward" and (parts is None or parts[at.end - 1] == parts[-1])


def _parts(cue: Cue, sentence: Sentence) -> tuple[int, ...] | None:
    """The numbering of the parts inside one of which the cue reaches; None when the sentence does not limit it."""
    if cue.within == "nearby" or (cue.within == "sentence" and cue.direction == "anywhere"):
        return None
    return {"segment": sentence.segments, "clause": sentence.clauses}.get(cue.within, sentence.contrasts)


# --- structural contexts: the source of the words that say so, or None -----------------------------------

_AUXILIARIES = frozenset(
    """
    does is are was were can could will would should shall may might has isn't aren't doesn't can't
    """.split()
)
_NO_SUBJECT = frozenset(
    ["help", "also", "even", "really", "actually", "be", "do", "make", "get", "naturally", "quickly"]
)
_SUBJECT_SLOTS = ("medicine", "product", "remedy", "therapy", "treatment")
"""Lexicons of what a title may ask about."""
_QUOTED = re.compile(r'(?<![\w"])"(?=\S)([^"]*[^\s"])"(?!\w)')
_FIRST_PERSON = frozenset(["i", "my", "me", "we", "our"])


def _question(match: Match, sentence: Sentence, contexts: Contexts) -> Span | None:
    """A sentence that asks, or a title that begins like a question and has no closing mark.

    "Can turmeric cure gout" asks when it stands alone; "Can cure gout", which has no subject, does not, and
    neither does "Did you know that turmeric cures gout?".
    """
    if contexts.pseudo_cues("question", sentence):
        return None
    if sentence.is_question:
        mark = sentence.block.text.rindex("?", sentence.start, sentence.end)
        return sentence.block.source_span(mark, mark + 1)
    text = sentence.text.rstrip()
    alone = sentence.block.kind in ("heading", "title", "term", "paragraph") and len(sentence.text) == len(
        sentence.block.text
    )
    if (
        alone
        and text[-1:].isalnum()
        and sentence.words[0] in _AUXILIARIES
        and (match.literals[0] > 1 or any(1 in sentence.terms_of(slot) for slot in _SUBJECT_SLOTS))
        and sentence.words[1] not in _NO_SUBJECT
    ):
        return sentence.span(0, 0)
    return None


def _quotation(first: int, last: int, sentence: Sentence) -> tuple[int, int] | None:
    """The quotation marks around words `first` to `last` (offsets in the block), unless "I" or "my" stands inside."""
    start, end = sentence.tokens[first].start, sentence.tokens[last].end
    quotations = _quotations(sentence.block.text)
    begun = bisect_left(quotations, (start,)) - 1
    if begun < 0 or quotations[begun][1] <= end:
        return None
    quotation = quotations[begun]
    inside = {token.word for token in sentence.tokens if quotation[0] < token.start < quotation[1]}
    return None if inside & _FIRST_PERSON else quotation


@lru_cache(maxsize=4)
def _quotations(text: str) -> Sequence[tuple[int, int]]:
    """Where something stands in quotation marks, in order."""
    return [found.span() for found in _QUOTED.finditer(text)]


def _quoted(match: Match, sentence: Sentence, contexts: Contexts) -> Span | None:
    """Inside quotation marks, in running text, with words outside them that say who speaks or doubts."""
    if sentence.block.kind in ("heading", "title", "description"):
        return None
    quotation = _quotation(match.literals[0], match.literals[-1], sentence)
    if quotation is None:
        return None
    for speaker in (sentence, *contexts.page.neighbours(sentence)):
        for cue, at in contexts.cues(speaker):
            if cue.context == "speech" and not quotation[0] < speaker.tokens[at.start].start < quotation[1]:
                return speaker.span(at.start, at.end - 1)
    return None


def _mentioned(match: Match, sentence: Sentence, contexts: Contexts) -> Span | None:
    """Inside quotation marks, at least its end, with words in the same sentence that ask what they mean."""
    quotation = _quotation(match.literals[-1], match.literals[-1], sentence)
    if quotation is None:
        return None
    for cue, at in contexts.cues(sentence):
        if cue.context == "wording" and not quotation[0] < sentence.tokens[at.start].start < quotation[1]:
            return sentence.span(at.start, at.end - 1)
    return None


_DENIALS = frozenset(
    "don't doesn't didn't isn't aren't wasn't weren't won't can't hasn't haven't not".split()
)
_DENIED = frozenset(["it", "they", "that", "he", "she"])
_PROVISOS = frozenset(["if", "when", "unless", "whether", "where", "that", "who", "what", "because"])
_VERDICT = 5
"""The most words that a verdict has: "no, they do not", "they don't"."""


def _denied(match: Match, sentence: Sentence, contexts: Contexts) -> Span | None:
    """Followed by a verdict that denies it in so many words, as in "It cures gout. No, it doesn't".

    The verdict is a clause of its own, or the next sentence; after a heading in quotation marks, the first one.
    """
    after = match.literals[-1] + 1
    here = _verdict(sentence, after, len(sentence.words))
    if here:
        return here
    following = [each for each in contexts.page.neighbours(sentence) if each.number > sentence.number]
    block, below = sentence.block, sentence.block_index + 1
    if block.kind == "heading" and block.text[:1] == block.text[-1:] == '"':
        under = below < len(contexts.page.document.blocks)
        following = list(contexts.page.block_sentences(below)[:1]) if under else []
    return next(filter(None, (_verdict(each, 0, _VERDICT) for each in following)), None)


def _verdict(sentence: Sentence, start: int, stop: int) -> Span | None:
    words, breaks = sentence.words, (*sentence.breaks, HARD)
    for at in range(start, min(stop, len(words))):
        if (
            words[at] in _DENIALS
            and breaks[at + 1]
            and (words[at] != "not" or words[at - 1] in _AUXILIARIES | {"do", "did", "have"})
            and any(
                words[subject] in _DENIED and (not subject or words[subject - 1] not in _PROVISOS)
                for subject in range(max(start, at - 2), at)
            )
        ):
            return sentence.span(at - 1, at)
    return None


def _labelled(match: Match, sentence: Sentence, contexts: Contexts) -> Span | None:
    """After a "Myth:" label and before the next "Fact:", or in a section whose heading announces myths."""
    label = contexts.label(match, sentence) or next(
        (
            Label(cue.context, heading, at)
            for heading in chain(contexts.column_heads(sentence), contexts.headings(sentence))
            for cue, at in contexts.cues(heading)
            if cue.context in ("myth-heading", "fact-label")
            or (cue.context == "myth-label" and heading.block.kind == "cell")
        ),
        None,
    )
    if label is None or label.context == "fact-label":
        return None
    return label.sentence.span(label.match.start, label.match.end - 1)


def _known(match: Match, sentence: Sentence, contexts: Contexts, *, kind: str) -> Span | None:
    """A treatment of which it is established that it works for a condition named in the claim's clause.

    Not a treatment that is refused: "unlike antibiotics"; nor one in another clause than a claim about something that
    is sold: "antibiotics exist, but ginger cures". Or a public body's figure for such a condition.
    """
    pairs = sentence.vocabulary.pairs_in(kind, sentence.words)
    if not pairs:
        return None
    clauses = {sentence.clauses[index] for index in match.literals}
    refused = contexts.pseudo_cues("established", sentence)
    last = match.literals[-1]
    sold = any(
        at < last and sentence.clauses[at] in clauses for slot in _SOLD for at in sentence.terms_of(slot)
    )
    for treatments, conditions in pairs:
        if not any(sentence.clauses[start] in clauses for start, _ in conditions):
            continue
        for start, end in sorted(treatments, key=lambda place: (place[0], -place[1])):
            across = sold and sentence.clauses[start] not in clauses
            if not across and not any(words.start <= start and end <= words.end for words in refused):
                return sentence.span(start, end - 1)
    return _official_figure(sentence, contexts)


_SOLD = ("remedy", "therapy", "supplement")


def _official_figure(sentence: Sentence, contexts: Contexts) -> Span | None:
    """Where a public body is named as the source of a share, unless it is a remedy that is said to work."""
    if not sentence.terms_of("number") or any(sentence.terms_of(slot) for slot in _SOLD):
        return None
    if not _FIRST_PERSON.isdisjoint(sentence.words):
        return None
    sources = [at for cue, at in contexts.cues(sentence) if cue.context == "official"]
    return _longest(sources, sentence) if sources else None


def _framed(_: Match, sentence: Sentence, contexts: Contexts, *, name: str) -> Span | None:
    """The whole sentence, when it is in the frame."""
    return sentence.span(0, len(sentence.words) - 1) if contexts.frame(name, sentence) else None


STRUCTURAL_CONTEXTS: Mapping[str, Callable[[Match, Sentence, Contexts], Span | None]] = {
    "question": _question,
    "quoted": _quoted,
    "mentioned": _mentioned,
    "negated": _denied,
    "myth": _labelled,
    "established": partial(_known, kind="established-cures"),
    "established-prevention": partial(_known, kind="established-prevention"),
    "disclaimer": partial(_framed, name="disclaimer"),
    "reference": partial(_framed, name="reference"),
}
"""Contexts that are more than a cue; a cue file of the same name adds words to one ("it is a myth that")."""
