"""The prose of a block, character by character."""

from __future__ import annotations

from healthlint.document import HOLE, Block, Link
from healthlint.readers.prose import MASK, Prose
from healthlint.span import Span


def literal(source: str) -> Block | None:
    prose = Prose(source)
    prose.literal(0, len(source))
    return prose.block("paragraph")


def runs(block: Block | None) -> list[tuple[str, tuple[int, int]]]:
    assert block
    return [(text, tuple(span)) for text, span in block.runs]


def test_white_space_is_one_space_at_its_place() -> None:
    assert runs(literal("  No \t\u00a0 side\n\neffects \n")) == [
        ("No", (2, 4)),
        (" ", (4, 8)),
        ("side", (8, 12)),
        (" ", (12, 14)),
        ("effects", (14, 21)),
    ]


def test_typography_is_folded_at_its_length() -> None:
    assert runs(literal("It’s “tea” now")) == [('It\'s "tea" now', (0, 14))]


def test_what_nobody_sees_is_nothing() -> None:
    assert runs(literal(f"cu\u00adre{MASK}s")) == [("cu", (0, 2)), ("re", (3, 5)), ("s", (6, 7))]


def test_holes_beside_each_other_are_one() -> None:
    prose = Prose("a{{b}}{{c}} d")
    prose.literal(0, 1)
    prose.hole(Span(1, 6))
    prose.hole(Span(6, 11))
    prose.literal(11, 13)
    assert runs(prose.block("paragraph")) == [("a", (0, 1)), (HOLE, (1, 11)), (" d", (11, 13))]


def test_only_holes_and_spaces_are_no_block() -> None:
    assert literal(" \n ") is None
    assert literal(f"{HOLE} {HOLE}") is None
    assert not Prose("")


def test_a_literal_begins_and_ends_where_it_is_said() -> None:
    prose = Prose("xx tea yy")
    prose.literal(3, 6)
    assert prose
    assert runs(prose.block("paragraph")) == [("tea", (3, 6))]


def test_what_is_decoded_stands_for_all_of_its_source() -> None:
    prose = Prose("a&amp;b")
    prose.literal(0, 1)
    prose.decoded("&", Span(1, 6))
    prose.literal(6, 7)
    block = prose.block("paragraph")
    assert runs(block) == [("a", (0, 1)), ("&", (1, 6)), ("b", (6, 7))]


def test_what_is_decoded_to_its_own_length_is_not_taken_character_by_character() -> None:
    prose = Prose("Mint, |tea|")
    prose.decoded("green", Span(6, 11))
    block = prose.block("paragraph")
    assert block
    assert block.text == "green"
    assert block.source_span(1, 3) == (6, 7)
    assert block.source_span(0, 5) == (6, 11)


def test_what_is_decoded_as_it_stands_is_literal() -> None:
    prose = Prose("green")
    prose.decoded("green", Span(0, 5))
    assert runs(prose.block("paragraph")) == [("green", (0, 5))]


def test_a_space_is_cut_off_and_the_place_stays() -> None:
    prose = Prose("|tea|")
    prose.decoded("a ", Span(0, 5))
    assert runs(prose.block("paragraph")) == [("a", (0, 5))]
    prose.decoded("green ", Span(0, 5))
    block = prose.block("paragraph")
    assert block
    assert block.text == "green"
    assert block.source_span(0, 5) == (0, 5)
    assert block.source_span(1, 2) == (0, 1)


def test_white_space_that_is_decoded() -> None:
    prose = Prose("a&nbsp;&#8203;b")
    prose.literal(0, 1)
    prose.decoded("\u00a0", Span(1, 7))
    prose.decoded("\u200b", Span(7, 14))
    prose.literal(14, 15)
    assert runs(prose.block("paragraph")) == [("a", (0, 1)), (" ", (1, 7)), ("b", (14, 15))]


def test_letters_as_references_are_a_disguise_and_others_are_not() -> None:
    def of(reference: str, letter: str) -> list[tuple[str, tuple[int, int], str]]:
        source = f"It {reference}ures gout"
        prose = Prose(source)
        prose.literal(0, 3)
        prose.decoded(letter, Span(3, 3 + len(reference)))
        prose.literal(3 + len(reference), len(source))
        block = prose.block("paragraph")
        assert block
        return [(each.text, tuple(each.span), each.by) for each in block.disguises]

    assert of("&#99;", "c") == [("cures", (3, 12), "character references")]
    assert of("&#39;", "'") == []
    assert of("&eacute;", "é") == []


def test_a_hidden_text_of_tags_is_told_but_no_flag() -> None:
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in "cures")
    block = literal(f"Tea{tags} helps.")
    assert block
    assert [(each.text, tuple(each.span)) for each in block.disguises] == [("cures", (3, 8))]
    behind = literal(f"Tea\u200b{tags} helps.")
    assert behind
    assert [(each.text, tuple(each.span)) for each in behind.disguises] == [("cures", (4, 9))]
    flag = literal(f"Tea \U0001f3f4{tags} helps.")
    assert flag
    assert flag.disguises == ()
    two = literal(f"Tea{tags[:2]} helps.")
    assert two
    assert two.disguises == ()


def test_text_that_is_turned_round() -> None:
    block = literal("Tea \u202eseruc\u202c gout.")
    assert block
    assert block.text == "Tea cures gout."
    assert block.source_span(4, 9) == (4, 11)
    assert [each.by for each in block.disguises] == ["a mark that turns its letters round"]


def test_two_stretches_that_are_turned_round() -> None:
    block = literal("\u202esaet\u202c can \u202eeruc\u202c gout")
    assert block
    assert block.text == "teas can cure gout"
    assert block.source_span(9, 13) == (11, 17)


def test_text_that_is_turned_round_to_its_end() -> None:
    block = literal("Tea \u202etuog seruc")
    assert block
    assert block.text == "Tea cures gout"
    assert block.source_span(4, 14) == (4, 15)


def test_what_nobody_sees_behind_text_that_is_turned_round() -> None:
    assert runs(literal(f"\u202eaet\u202c{MASK}\u00ad hot")) == [("tea", (0, 5)), (" hot", (7, 11))]


def test_a_mark_of_direction_without_latin_letters_turns_nothing() -> None:
    block = literal("Tea \u202e123\u202c gout.")
    assert block
    assert block.text == "Tea 123 gout."
    assert block.disguises == ()


def test_links() -> None:
    prose = Prose("the page here")
    prose.literal(0, 4)
    prose.open_link("a")
    prose.literal(4, 8)
    prose.close_link()
    prose.point_link("b")
    prose.literal(8, 13)
    prose.close_link()
    block = prose.block("paragraph")
    assert block
    assert block.links == (Link(4, 8, "a"), Link(8, 8, "b"))


def test_a_link_goes_on_in_the_next_block() -> None:
    prose = Prose("one two ")
    prose.open_link("a")
    prose.literal(0, 4)
    first = prose.block("paragraph")
    prose.literal(4, 8)
    second = prose.block("item", level=2, containers=("list",), zone="chrome")
    assert first
    assert second
    assert first.links == second.links == (Link(0, 3, "a"),)
    assert (second.kind, second.level, second.containers, second.zone) == ("item", 2, ("list",), "chrome")


def test_an_address_is_a_hole_with_a_link_and_a_block_of_its_own() -> None:
    source = "https://example.org"
    prose = Prose(source)
    prose.address(source, Span(0, len(source)))
    block = prose.block("paragraph")
    assert runs(block) == [(HOLE, (0, len(source)))]
    assert block
    assert block.links == (Link(0, 1, source),)


def test_an_image_with_a_link_is_no_block() -> None:
    source = "![](https://example.org/a.png)"
    prose = Prose(source)
    prose.address("https://example.org/a.png", Span(0, len(source)))
    assert prose.block("paragraph") is None
    prose = Prose("  /tea")
    prose.address("/tea", Span(2, 6))
    assert prose.block("paragraph") is None
