from __future__ import annotations

import pytest

from healthlint.document import HOLE, Block, Document, Link, Run, bare
from healthlint.span import Position, Span


def paragraph(text: str, *links: Link, **how: object) -> Block:
    return Block("paragraph", (Run(text, Span(10, 10 + len(text))),), links=links, **how)  # type: ignore[arg-type]


@pytest.fixture
def block() -> Block:
    """The worked example of the module, with a hole behind it."""
    return Block(
        "paragraph",
        (
            Run("No side", Span(0, 7)),
            Run(" ", Span(7, 8)),
            Run("&", Span(8, 13)),
            Run(" ", Span(13, 14)),
            Run("ef", Span(16, 18)),
            Run("fects", Span(20, 25)),
            Run(HOLE, Span(25, 40)),
        ),
    )


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("No", (0, 2)),
        ("side", (3, 7)),
        ("side &", (3, 13)),
        ("&", (8, 13)),
        ("& ef", (8, 18)),
        ("f", (17, 18)),
        ("fects", (20, 25)),
        ("ffec", (17, 23)),
        ("effects", (16, 25)),
        (f"ects{HOLE}", (21, 40)),
        (HOLE, (25, 40)),
    ],
)
def test_source_span(block: Block, words: str, span: tuple[int, int]) -> None:
    start = block.text.index(words)
    assert block.source_span(start, start + len(words)) == span


def test_block_is_what_its_runs_are(block: Block) -> None:
    assert block.text == f"No side & effects{HOLE}"
    assert block.word_count == 4
    assert block.span == (0, 40)


@pytest.mark.parametrize(
    ("kind", "zone", "seen"),
    [
        ("paragraph", "article", True),
        ("paragraph", "chrome", True),
        ("title", "metadata", False),
        ("alt", "article", False),
        ("label", "article", False),
        ("field", "article", False),
    ],
)
def test_who_sees_a_block(kind: str, zone: str, seen: bool) -> None:
    assert Block(kind, (Run("Tea", Span(0, 3)),), zone).is_visible is seen  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "linked"),
    [
        (0, 2, False),
        (0, 3, True),  # what begins at 2 and reaches to 8
        (2, 3, True),
        (7, 8, True),
        (8, 9, False),
        (8, 12, False),  # a mark at 12 points from behind it
        (8, 13, True),
        (12, 13, False),
        (13, 20, False),
    ],
)
def test_what_is_linked(start: int, end: int, linked: bool) -> None:
    block = paragraph("See the tea leaf page", Link(12, 12, "#1"), Link(2, 8, "b"), Link(3, 5, "a"))
    assert block.is_linked(start, end) is linked


def test_links_that_begin_in_a_stretch() -> None:
    links = Link(8, 9, "c"), Link(2, 4, "a"), Link(5, 5, "b")
    block = paragraph("See the tea leaf page", *links)
    assert block.linked == 3
    assert [link.url for link in block.links_from(2, 8)] == ["a", "b", "c"]
    assert [link.url for link in block.links_from(3, 7)] == ["b"]
    assert [link.url for link in block.links_from(5, 5)] == ["b"]
    assert list(block.links_from(9, 21)) == []
    assert not paragraph("Tea").is_linked(0, 3)


def test_names_are_compared_without_marks_and_case() -> None:
    assert bare("last_reviewed-By 2") == bare("lastReviewedBy2") == "lastreviewedby2"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_and_places(end: str) -> None:
    document = Document(f"one{end}{end}three")
    assert [document.line(number) for number in (1, 2, 3)] == ["one", "", "three"]
    assert document.position(0) == Position(1, 1)
    assert document.position(3) == Position(1, 4)
    assert document.position(3 + len(end)) == Position(2, 1)
    assert document.position(len(document.source)) == Position(3, 6)
    assert document.line(3) is document.line(3)
    assert Document(f"Vitamin X{end}X").line(1) == "Vitamin X"


def test_headings_above_each_block() -> None:
    def of(kind: str, level: int = 0) -> Block:
        return Block(kind, (Run("Tea", Span(0, 3)),), level=level)  # type: ignore[arg-type]

    blocks = of("paragraph"), of("heading", 1), of("heading", 3), of("paragraph"), of("heading", 2)
    document = Document("", blocks=(*blocks, of("item"), of("heading", 2), of("heading", 1)))
    assert document.sections == ((), (), (1,), (1, 2), (1,), (1, 4), (1,), ())
