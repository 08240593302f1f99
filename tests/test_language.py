"""Words, sentences and clauses."""

from __future__ import annotations

import pytest

from healthlint.document import Block, Document, Run
from healthlint.language import HARD, SOFT, composed, sentence_bounds, spacy_matches, tokens
from healthlint.page import Page
from healthlint.phrase import phrase
from healthlint.span import Span
from healthlint.vocabulary import Inflector, Lexicon, Vocabulary, plural

INFLECTOR = Inflector({"get": ("got", "getting")})
VOCABULARY = Vocabulary(
    (
        Lexicon.of("condition", (("back", "pain"), ("allergy",), ("virus",))),
        Lexicon.of("remedy", (("green", "tea"),)),
    ),
    contrast_stops=(phrase("but", INFLECTOR),),
    clause_stops=(phrase("and it", INFLECTOR),),
    comma_stops=(phrase("which", INFLECTOR),),
)


def first_sentence(text: str):
    document = Document(text, blocks=(Block("paragraph", (Run(text, Span(0, len(text))),)),))
    return next(Page(document, VOCABULARY).sentences())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's the doctor's idea; don't!", ["it", "'s", "the", "doctor", "'s", "idea", "don't"]),
        ("You'll lose 2.5 kg (100%) on B12.", ["you", "'ll", "lose", "2.5", "kg", "100%", "on", "b12"]),
        ("Go to A&E in the U.S. today", ["go", "to", "a&e", "in", "the", "u.s.", "today"]),
        ("side-effect-free", ["side", "effect", "free"]),
        ("the #1 cure", ["the", "#1", "cure"]),
        ("naïve café", ["naïve", "café"]),
        ("", []),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    found = tokens(text)
    assert [token.word for token in found] == words
    assert all(text[token.start : token.end].lower() == token.word for token in found)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("See Dr. Lee at 2.5 mg, e.g. in St. John's.", ["See Dr. Lee at 2.5 mg, e.g. in St. John's."]),
        ("Ask J. R. Smith. He knows.", ["Ask J. R. Smith.", "He knows."]),
        ("Take vitamin C. It helps.", ["Take vitamin C.", "It helps."]),
        ('She said "no." Then she left.', ['She said "no."', "Then she left."]),
        ("Good for your health.Cleansing helps.", ["Good for your health.", "Cleansing helps."]),
        ("Visit example.com today.", ["Visit example.com today."]),
        ("Wait... what? Yes.", ["Wait... what?", "Yes."]),
        ("   ", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end].strip() for start, end in sentence_bounds(text)] == sentences


def test_breaks_and_clauses() -> None:
    sentence = first_sentence("It eases pain, but nothing cures it; and it works, which helps (a bit).")
    parts = dict(zip(sentence.words, sentence.breaks, strict=True))
    assert parts["but"] == SOFT
    assert parts["and"] == HARD
    assert parts["a"] == HARD
    assert sentence.clauses == (0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4)
    assert sentence.contrasts == (0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3)
    assert sentence.segments == (0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4)


def test_a_full_stop_parts_words_even_before_a_small_letter() -> None:
    sentence = first_sentence("good for gout. cures colds, says Dr. Lee at St. Mary's.")
    parts = dict(zip(sentence.words, sentence.breaks, strict=True))
    assert parts["cures"] == HARD
    assert parts["lee"] == parts["mary"] == 0


def test_terms_with_plurals_and_hyphens() -> None:
    sentence = first_sentence("Green-tea helps allergies, viruses and back pains.")
    assert sentence.terms == {"remedy": {0: (2,)}, "condition": {3: (4,), 4: (5,), 6: (8,)}}


def test_a_comma_parts_a_term() -> None:
    assert "condition" not in first_sentence("My back, pain aside, is fine.").terms


@pytest.mark.parametrize(
    ("noun", "expected"),
    [("allergy", "allergies"), ("day", "days"), ("virus", "viruses"), ("rash", "rashes"), ("cure", "cures")],
)
def test_plural(noun: str, expected: str) -> None:
    assert plural(noun) == expected


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("cure", {"cure", "cures", "cured", "curing"}),
        ("stop", {"stop", "stops", "stopped", "stopping"}),
        ("remedy", {"remedy", "remedies", "remedied", "remedying"}),
        ("get", {"get", "gets", "got", "getting"}),
        ("die", {"die", "dies", "died", "dying"}),
        ("heal", {"heal", "heals", "healed", "healing"}),
    ],
)
def test_inflections(verb: str, forms: set[str]) -> None:
    assert forms <= INFLECTOR(verb)


def test_spacy_patterns_find_exact_ranges_and_lexicon_terms() -> None:
    text = "Yes. Green tea ends back pain in 3 days."
    document = Document(text, blocks=(Block("paragraph", (Run(text, Span(0, len(text))),)),))
    sentence = list(Page(document, VOCABULARY).sentences())[1]
    patterns = (
        '[[{"ENT_TYPE": "condition", "OP": "+"}, {"LOWER": "in"}, {"LIKE_NUM": true}, {"LOWER": "days"}]]'
    )
    assert [text[start:end] for start, end in spacy_matches(sentence, patterns)] == ["back pain in 3 days"]


def test_an_accent_typed_apart_parts_no_word() -> None:
    text = "The cafe\u0301 near Bozca\u0308k's clinic"
    assert [token.word for token in tokens(text)] == [
        "the",
        "caf\u00e9",
        "near",
        "bozc\u00e4k",
        "'s",
        "clinic",
    ]
    assert [text[token.start : token.end] for token in tokens(text)][1] == "cafe\u0301"


def test_of_many_marks_over_a_letter_only_some_are_put_in_order() -> None:
    assert composed("e\u0301") == "é"
    assert composed("e\u0323\u0301") == composed("e\u0301\u0323")
    assert composed("e" + "\u0323" * 30) == composed("e" + "\u0323" * 31)
    assert len(composed("e" + "\u0301\u0323" * 50_000 + "d")) < 33
