"""The phrase language: what matches, where, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthlint.document import Block, Document, Run
from healthlint.page import Page
from healthlint.phrase import DEEPEST, Phrase, PhraseError, PhraseMatch, PhraseSet, expanded, phrase, widest
from healthlint.span import Span
from healthlint.vocabulary import Inflector, Lexicon, Vocabulary

INFLECTOR = Inflector({"get": ("got", "gotten", "getting")})
VOCABULARY = Vocabulary(
    (
        Lexicon.of("serious-condition", (("cancer",),)),
        Lexicon.of("condition", (("sciatica",), ("back", "pain"), ("arthritis",)), ("serious-condition",)),
    ),
    contrast_stops=(phrase("but", INFLECTOR),),
    clause_stops=(phrase("and (it|they)", INFLECTOR),),
    comma_stops=(phrase("which", INFLECTOR),),
)


def page(text: str) -> Page:
    return Page(Document(text, blocks=(Block("paragraph", (Run(text, Span(0, len(text))),)),)), VOCABULARY)


def found(source: str, text: str) -> list[str]:
    """The texts that a phrase matches in a paragraph."""
    compiled = phrase(source, INFLECTOR)
    return [
        text[sentence.tokens[match.start].start : sentence.tokens[match.end - 1].end]
        for sentence in page(text).sentences()
        for match in compiled.matches(sentence)
    ]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("sole cause", "Posture is the Sole  Cause.", ["Sole  Cause"]),
        ("side effects", "It has side-effects.", ["side-effects"]),
        ("side-effects", "It has side effects.", ["side effects"]),
        ("side-effect", "It has side effects.", []),
        (
            "cure~",
            "Cured, cures and curing; cure-all, but curate and secure.",
            ["Cured", "cures", "curing", "cure"],
        ),
        ("get~ rid of", "Getting rid of it, she got rid of them.", ["Getting rid of", "got rid of"]),
        ("the (cause|cause of [back] pain)", "It is the cause of pain.", ["the cause of pain"]),
        (
            "(red|green) leaf",
            "Red leaf, green leaf, blue leaf.",
            ["Red leaf", "green leaf"],
        ),
        (
            "our (red tea|green tea|green leaf|[old] black tea|<condition> tea|... mint) cures",
            "Our green leaf cures. Our black tea cures. Our back pain tea cures. Our very cool mint cures. Our cures.",
            [
                "Our green leaf cures",
                "Our black tea cures",
                "Our back pain tea cures",
                "Our very cool mint cures",
            ],
        ),
        ("(it [may]|it [can]|it will) help", "Well, it will help.", ["it will help"]),
        (
            "(sole|one true) [underlying] cause",
            "one true cause, sole underlying cause",
            ["one true cause", "sole underlying cause"],
        ),
        ("cure~ <condition>", "It cures back pains and cancer.", ["cures back pains"]),
        ("cure~ ... <condition>", "It cures all kinds of back pain.", ["cures all kinds of back pain"]),
        ("cure~ ... <condition>", "It cures one two three four five sciatica.", []),
        ("cure~ ... <condition>", "It cures boredom but arthritis stays.", []),
        ("cure~ ... <condition>", "It cures boredom; arthritis stays.", []),
        ("cure~ ... <condition>", "It cures boredom and they say arthritis too.", []),
        ("cure~ ... <condition>", "It cures boredom, which arthritis does not.", []),
        ("100% safe", "It is 100% safe and 100 % safe.", ["100% safe", "100 % safe"]),
        ("in <number> days", "in 3 days, in 2.5 days", ["in 3 days", "in 2.5 days"]),
        ("it's safe", "It’s safe.".replace("’", "'"), ["It's safe"]),
        ("=The =Cure", "The Cure is not the cure.", ["The Cure"]),
        ("=Miracle-Gro", "Miracle-Gro or Miracle Gro, no miracle-gro.", ["Miracle-Gro", "Miracle Gro"]),
        ("^ stop taking", "Stop taking it. You should stop taking it.", ["Stop taking"]),
        (
            "no [known] side effects",
            "no known side effects, no side effects",
            ["no known side effects", "no side effects"],
        ),
        ("doctor 's advice", "A doctor's advice", ["doctor's advice"]),
        ("cures (cancer)", "It cures (cancer).", []),
        ("cure cancer", "It will cure cure cancer.", ["cure cancer"]),
    ],
)
def test_matches(source: str, text: str, expected: list[str]) -> None:
    assert found(source, text) == expected


def test_literals_leave_out_the_gap() -> None:
    sentence = next(page("It cures all kinds of back pain.").sentences())
    (match,) = phrase("cure~ ... <condition>", INFLECTOR).matches(sentence)
    assert match == (1, 7, (1, 5, 6))


def test_the_widest_of_what_overlaps() -> None:
    def at(start: int, end: int) -> PhraseMatch:
        return PhraseMatch(start, end, (start,))

    assert at(0, 2).overlaps(at(1, 3))
    assert at(1, 3).overlaps(at(0, 2))
    assert at(0, 9).overlaps(at(3, 4))
    assert not at(0, 2).overlaps(at(2, 3))
    assert not at(2, 3).overlaps(at(0, 2))
    assert widest([at(5, 6), at(3, 5), at(1, 4), at(0, 2), at(8, 10), at(7, 9)]) == [
        at(1, 4),
        at(5, 6),
        at(7, 9),
    ]
    assert widest([]) == []


NOTHING_TO_LOOK_FOR = "has no plain word that must occur; add one outside [ ], < > and ..., so that healthlint knows where to look"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "a phrase cannot be empty"),
        ("   ", "a phrase cannot be empty"),
        ("cure|heal", "“cure|heal”: put alternatives in parentheses: (a|b)"),
        ("(cure", "“(cure”: “(” is never closed"),
        ("(cure [it", "“(cure [it”: “[” is never closed"),
        ("cure)", "“cure)”: “)” has no partner"),
        ("(cure]", "“(cure]”: “]” has no partner"),
        ("(a||b) cure", "“(a||b) cure”: an alternative is empty; use [ ] for what may be missing"),
        ("() cure", "“() cure”: an alternative is empty; use [ ] for what may be missing"),
        (
            "<Condition> cure",
            "“<Condition> cure”: “<” means nothing here; a slot is written <name>",
        ),
        ("[maybe]", f"“[maybe]” {NOTHING_TO_LOOK_FOR}"),
        ("<condition> ... <treatment>", f"“<condition> ... <treatment>” {NOTHING_TO_LOOK_FOR}"),
        ("(cure|[x])", f"“(cure|[x])” {NOTHING_TO_LOOK_FOR}"),
        ("***", "“***”: “***” is not a word that text could hold"),
        ("=*", "“=*”: “=*” is not a word that text could hold"),
        ("cure~...", "“cure~...”: put a space before and after “...”"),
        ("it...cures", "“it...cures”: put a space before and after “...”"),
        ("cure~s", "“cure~s”: “~” stands at the end of a word"),
        ("a=Cure", "“a=Cure”: “=” stands before a word of a phrase"),
        ("=Cure~", "“=Cure~”: “~” stands at the end of a word"),
        (
            "cure " * 2_001,
            "“cure cure cure cure cure cure cure cure …” has 10,005 characters; at most 10,000 can be one phrase",
        ),
    ],
)
def test_refused(source: str, message: str) -> None:
    with pytest.raises(PhraseError) as raised:
        phrase(source, INFLECTOR)
    assert str(raised.value) == message


def test_how_deep_brackets_may_stand() -> None:
    assert found("(" * DEEPEST + "cure" + ")" * DEEPEST, "A cure.") == ["cure"]
    with pytest.raises(PhraseError, match=f"more than {DEEPEST} brackets"):
        phrase("(" * (DEEPEST + 1) + "cure" + ")" * (DEEPEST + 1), INFLECTOR)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "(low|lower) back [pain]",
            [("low", "back", "pain"), ("low", "back"), ("lower", "back", "pain"), ("lower", "back")],
        ),
        ("Parkinson's [disease]", [("parkinson", "'s", "disease"), ("parkinson", "'s")]),
        ("long-term pain", [("long", "term", "pain")]),
        ("Suicide & Crisis Lifeline", [("suicide", "crisis", "lifeline")]),
    ],
)
def test_expanded_terms(source: str, expected: list[tuple[str, ...]]) -> None:
    assert list(expanded(source)) == expected


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("[a] " * 14, "16,384"),
        ("(a|b) " * 14, "16,384"),
        ("(a|[b]|c d) " * 7, "16,384"),
        ("(a|b|c) x y " * 9, "19,683"),
        ("(a b|[c|d e]) " * 7, "16,384"),
    ],
)
def test_a_term_that_stands_for_too_many(source: str, count: str) -> None:
    with pytest.raises(PhraseError, match=f"stands for {count} terms; at most 10,000 can be written as one"):
        expanded(source)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("cure~", "“cure~”: “cure~” is not a word that text could hold"),
        ("=Cure", "“=Cure”: “=” stands before a word of a phrase"),
        ("<condition>", "a term is made of plain words, ( | ) and [ ] only"),
        ("a ... b", "a term is made of plain words, ( | ) and [ ] only"),
        ("^ a", "a term is made of plain words, ( | ) and [ ] only"),
    ],
)
def test_terms_are_plain(source: str, message: str) -> None:
    with pytest.raises(PhraseError) as raised:
        expanded(source)
    assert str(raised.value) == message


def test_a_phrase_names_what_it_needs() -> None:
    compiled = phrase("(sole|only) cause of [the] <condition>", INFLECTOR)
    assert set(compiled.needed) == {frozenset({"cause"}), frozenset({"of"}), frozenset({"sole", "only"})}
    [passage] = page("The cause of back pain is not the only one.").passages
    assert compiled.places(passage) == (0, 0)
    [passage] = page("It is the only cause of back pain, and the sole cause of the back pain.").passages
    starts, ends = compiled.places(passage)
    assert [bin(places).count("1") for places in (starts, ends)] == [2, 2]


WORDS = st.sampled_from(
    [
        "cure",
        "cures",
        "sole",
        "only",
        "cause",
        "of",
        "the",
        "sciatica",
        "back",
        "pain",
        "no",
        "side",
        "effects",
        "but",
        "and",
        "it",
        "stop",
    ]
)
SOURCES = [
    "cure~ ... <condition>",
    "(sole|only) cause of [the] <condition>",
    "no ... effects",
    "[the] cause ... pain",
    "^ stop",
    "(no|only) [side] ... (of|it)",
]


@given(
    st.lists(WORDS, max_size=30),
    st.lists(st.sampled_from([" ", ", ", "; ", " (", ". "]), min_size=30, max_size=30),
)
def test_the_screen_changes_nothing(words: list[str], joints: list[str]) -> None:
    text = "".join(word + joint for word, joint in zip(words, joints, strict=False)).strip() or "x"
    phrases = [phrase(source, INFLECTOR) for source in SOURCES]
    for sentence in page(text).sentences():
        screened = list(PhraseSet(phrases).matches(sentence))
        assert screened == list(PhraseSet(phrases, screened=False).matches(sentence))
        for number, match in screened:
            assert 0 <= match.start < match.end <= len(sentence.tokens)
            assert list(match.literals) == sorted(set(match.literals))
            assert set(match.literals) <= set(range(match.start, match.end))
            assert isinstance(phrases[number], Phrase)


def test_no_phrase_is_slow() -> None:
    """Twelve gaps over 2,000 words: a backtracking matcher would not come back."""
    compiled = phrase("a " + "... a " * 12 + "b", INFLECTOR)
    sentence = next(page(" ".join(["a"] * 2000)).sentences())
    assert list(compiled.matches(sentence)) == []
