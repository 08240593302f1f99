"""Whatever is in a file, its reader neither raises nor loses its place in it."""

from __future__ import annotations

import re
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readercontract import holds

from healthlint.document import Document
from healthlint.readers import read_text
from healthlint.readers.prose import FOLDS
from healthlint.span import Span, line_starts

FORMATS = ["markdown", "mdx", "html", "rst", "text"]

WORDS = st.sampled_from((
    "garlic", "cures", "arthritis", "without", "side", "effects", "Naturally", "café", "naïve", "ﬁbre",
    "“honest”", "don’t", "5", "mg", "10–20", "\U0001f469\u200d\u2695\ufe0f", "𝒄ure", "e\u0301clair",
    "שלום", "مرحبا", "\u202eright\u202c", "so\xadft", "zero\u200bwidth", "a\xa0b", "\x00", "\ufeff",
    "\ufffc", "\u2028", "\x85", "\x0c", "\t", "\ud800",
))  # fmt: skip
MARKS = st.sampled_from((
    "**", "*", "_", "__", "`", "``", "~~", "[", "](https://example.org)", "![", "](a.jpg)", "[^1]",
    "[1]_", "|x|", "\\", "&amp;", "&#117;", "&nbsp;", "&shy;", "&", "<b>", "</b>", "<br>", "<p>",
    "</p>", "<", ">", "<!--", "-->", "<div hidden>", "{x}", "{/*", "*/}", "<Note title='a b'>",
    "</Note>", "{", "}", "{{< a >}}", "{% b %}", "<?php", "?>", "<script>", "</script>", ":term:`",
    "`_", "_`", "<https://example.org>`_", "\\ ", "https://example.org/a_b", "www.example.org",
    "doi:10.1000/1", "a@b.org",
))  # fmt: skip
STARTS = st.sampled_from((
    "# ", "## ", "- ", "* ", "  - ", "1. ", "2) ", "• ", "> ", ">> ", "    ", "\t", "   ", "| a | ",
    "|---|---|", "[^1]: ", "[a]: b", "```", "~~~", "---", "===", "***", "+++", "title: ", "tags: [a, ",
    "+---+---+", "| a | b |", "=== ===", "a   b", ":a: ", "::", ".. note:: ", ".. [1] ", ".. _a: ",
    ".. figure:: a.png", "   :alt: ", ".. |x| replace:: ", ".. code::", ".. ", ".. list-table::",
    "   * - ", "     - ", ".. csv-table::", '   "a", ', ".. meta::", "   :description: ", "| ", ">>> ",
    "-a  ", "__ ", "import a from 'b'", "export const a = 1", "<table><tr><td>", "</td></tr></table>",
    "<ul><li>", '<img alt="', '">', "<title>", "</title>", ": ",
))  # fmt: skip
ENDS = st.sampled_from(["\n", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", " ", "  \n", ""])
ARTICLES = st.lists(st.one_of(WORDS, WORDS, st.just(" "), MARKS, STARTS, ENDS), max_size=60).map("".join)


@pytest.mark.parametrize("format", FORMATS)
@settings(deadline=None, max_examples=300)
@given(source=ARTICLES)
def test_every_run_is_what_stands_in_the_source(format: str, source: str) -> None:
    document = read_text(source, format=format)
    assert document.source == source
    holds(document)


@pytest.mark.parametrize("format", FORMATS)
@settings(deadline=None, max_examples=100)
@given(source=st.text(max_size=80))
def test_arbitrary_text_is_read(format: str, source: str) -> None:
    document = read_text(source, format=format)
    assert document.source == source
    holds(document)


@pytest.mark.parametrize("format", FORMATS)
@settings(deadline=None, max_examples=100)
@given(
    words=st.lists(WORDS.filter(str.isalnum), min_size=1, max_size=12),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_the_span_of_a_word_is_the_word(format: str, words: list[str], end: str) -> None:
    wrapped = "".join(word + (end if number % 4 == 3 else " ") for number, word in enumerate(words)).strip()
    source = {"html": f"<p>{wrapped}</p>"}.get(format, f"Garlic {wrapped}.{end}")
    document = read_text(source, format=format)
    found = [
        (normalize("NFKC", source[slice(*block.source_span(*word.span()))]), word[0])
        for block in document.blocks
        for word in re.finditer(r"\w+", block.text)
    ]
    assert all(there.translate(FOLDS) == here for there, here in found)
    assert " ".join(here for _, here in found).endswith(normalize("NFKC", " ".join(words)))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind_give_the_same_prose(format: str, end: str) -> None:
    lines = ["A first paragraph of garlic", "that goes on.", "", "A second one.", ""]
    source = end.join(["<p>", *lines[:2], "</p>", "<p>", lines[3], "</p>"] if format == "html" else lines)
    document = read_text(source, format=format)
    texts = [block.text for block in document.blocks]
    assert texts == ["A first paragraph of garlic that goes on.", "A second one."]
    assert [block.level for block in document.blocks] == [0, 0]
    second = document.blocks[1].span
    assert source[second.start : second.end] == "A second one."
    assert document.position(second.start).line == (6 if format == "html" else 4)


@pytest.mark.parametrize(
    ("source", "starts"),
    [
        ("", (0,)),
        ("\n", (0, 1)),
        ("\ra", (0, 1)),
        ("\na\rb", (0, 1, 3)),
        ("a \nb\t", (0, 3)),
        ("a\nb\rc\r\nd\n", (0, 2, 4, 7, 9)),
        ("a\u2028b\x85c\x0cd", (0,)),
    ],
)
def test_where_lines_begin(source: str, starts: tuple[int, ...]) -> None:
    assert line_starts(source) == starts
    document = Document(source)
    assert [document.position(start) for start in starts] == [(line, 1) for line in range(1, len(starts) + 1)]
    assert "".join(document.line(number) for number in range(1, len(starts) + 1)) == re.sub(
        "[\r\n]", "", source
    )


def test_a_span_contains_what_reaches_as_far_as_it_does() -> None:
    whole = Span(3, 9)
    assert all(whole.contains(part) for part in (whole, Span(3, 4), Span(8, 9), Span(9, 9)))
    assert not any(whole.contains(other) for other in (Span(2, 9), Span(3, 10), Span(0, 2)))
