"""A rule, as frozen data, and what it finds before anybody asks for context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, get_args

from healthlint.language import Sentence
from healthlint.phrase import Phrase, PhraseMatch
from healthlint.span import Span
from healthlint.vocabulary import Vocabulary

Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""From mild to grave."""


class Example(NamedTuple):
    """A text that proves a rule. In a bad one, `mark` is where it must be flagged (code points of `text`)."""

    text: str
    mark: Span | None
    format: str
    line: int
    """Where the example begins in the rule's file, from 1."""
    page: str = ""
    """The kind of page it stands on; without it its words tell."""


PlainExample = tuple[str, tuple[int, int] | None, str, int, str]
"""What an `Example` is made of."""


class Requirement(NamedTuple):
    """What an article must say somewhere: at least `at_least` different ones of `phrases`."""

    name: str
    phrases: tuple[Phrase, ...]
    at_least: int


class Where(NamedTuple):
    """The frame in which a rule's words are a claim; every part that is given must hold."""

    blocks: tuple[str, ...] = ()
    """Kinds of block ("heading", "title") in which it looks; empty means all."""
    heading: tuple[Phrase, ...] = ()
    """One of these stands in a heading above."""
    sentence: tuple[Phrase, ...] = ()
    """One of these stands in the same sentence."""
    nearby: tuple[Phrase, ...] = ()
    """One of these stands in the same or a neighbouring sentence."""
    page: tuple[str, ...] = ()
    """Kinds of page (`pagekind.KINDS`) on which it looks; empty means all."""
    context: tuple[str, ...] = ()
    """Contexts that must hold for the match."""
    cited: bool | None = None
    """Whether a source stands in the sentence or the next; None when it does not matter."""


ANYWHERE = Where()
"""No frame: the words are a claim wherever they stand."""


@dataclass(frozen=True)
class Rule:
    """One YAML file."""

    id: str
    """Kebab-case, equals the file name, names the fault: reads well after "allow"."""
    family: str
    severity: Severity
    message: str
    """One sentence; may hold {match} and the details its check gives, such as {missing}."""
    why: str
    fix: str
    sources: tuple[str, ...]
    """Keys of the source register, or URLs."""
    url: str
    """The address of the first source."""
    path: str
    """Where the rule was read from."""
    vocabulary: Vocabulary = field(repr=False, compare=False)
    """The words it was compiled with; all rules of one load share it."""
    default: bool = True
    """Whether it is on without being selected."""
    phrases: tuple[Phrase, ...] = ()
    tokens: str = ""
    """spaCy Matcher patterns as JSON, and in `token_words` the words that some pattern needs."""
    token_words: frozenset[str] = frozenset()
    absent: tuple[Requirement, ...] = ()
    when: tuple[Phrase, ...] = ()
    """For `absent`: only articles that mention one of these outside of excuses."""
    about: tuple[Phrase, ...] = ()
    """For `absent`: only articles whose subject is one of these."""
    metadata: tuple[str, ...] = ()
    """Names of metadata fields, of which one must have a value."""
    placeholders: tuple[str, ...] = ()
    """For `metadata`: values that do not count."""
    check: str = ""
    """The name of a Python check."""
    limit: int = 0
    """For `check`: the number from which on it finds fault; 0 when it has none."""
    unless: tuple[str, ...] = ()
    """Contexts that excuse a match."""
    excepted: tuple[Phrase, ...] = ()
    """Phrases in which the words mean something else."""
    where: Where = ANYWHERE
    once: bool = False
    """Whether only the first place in an article is reported, for what is mild and often said."""
    suggest: Mapping[str, str] = field(default_factory=dict)
    """Words as matched, lower case, and what to put in their place."""
    packs: tuple[str, ...] = ()
    """The packs that ask for it: that switched it on or gave it its severity."""
    proof: tuple[PlainExample, ...] = ()
    """The examples: of all rules they are thousands, and only who tests or explains a rule asks for them."""

    @property
    def bad(self) -> tuple[Example, ...]:
        """The examples in which it must flag the mark."""
        return tuple(each for each in self._examples if each.mark is not None)

    @property
    def good(self) -> tuple[Example, ...]:
        """The examples in which it must flag nothing."""
        return tuple(each for each in self._examples if each.mark is None)

    @cached_property
    def _examples(self) -> tuple[Example, ...]:
        return tuple(
            Example(text, mark and Span(*mark), language, line, page)
            for text, mark, language, line, page in self.proof
        )


class Match(NamedTuple):
    """Where a rule pointed, before context was asked."""

    span: Span
    """In the source, code points, half-open."""
    text: str
    """The words found, as normalised prose."""
    sentence: Sentence | None = None
    """None when the article as a whole is at fault, wherever the finding points."""
    literals: tuple[int, ...] = ()
    """For a match in a sentence: the tokens that the rule's own words and slots took, rising."""
    details: Mapping[str, str] = {}
    """What the message may name besides {match}."""

    def for_article(self) -> Match:
        """The same place, for a finding about what the article as a whole says or leaves out."""
        return self._replace(sentence=None)


def match_at(sentence: Sentence, place: PhraseMatch) -> Match:
    """The match of a phrase at its `place` in `sentence`."""
    return words_match(sentence, place.start, place.end)._replace(literals=place.literals)


def words_match(sentence: Sentence, start: int, end: int) -> Match:
    """The tokens `start` to `end` (exclusive) of `sentence`, as a match."""
    text = sentence.block.text[slice(*sentence.offsets(start, end - 1))]
    return Match(sentence.span(start, end - 1), text, sentence, tuple(range(start, end)))
