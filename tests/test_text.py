from __future__ import annotations

import pytest
from readercontract import holds, place

from healthlint.document import Document
from healthlint.readers import read_text


def article(source: str) -> Document:
    document = read_text(source, format="text")
    holds(document)
    return document


def outline(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


PASTED = """\
stiff shoulder after sleeping

4 min read 12-03-2025
stiff shoulder after sleeping


Table of Contents

Waking up with a stiff shoulder is common, and it often passes within an hour of getting up.

Why Does It Happen?

Several things can add to it, including:

  • Mattress: A soft one lets the joint sink in.
  • Posture: Lying on one side puts weight on the joint,
    and the tendons have no room.

What Helps?

1. Move it gently
2. Keep it warm

See a physiotherapist if it lasts for more than two weeks."""


def test_a_pasted_article() -> None:
    assert outline(article(PASTED)) == [
        ("heading", "stiff shoulder after sleeping"),
        ("paragraph", "4 min read 12-03-2025"),
        ("paragraph", "stiff shoulder after sleeping"),
        ("heading", "Table of Contents"),
        (
            "paragraph",
            "Waking up with a stiff shoulder is common, and it often passes within an hour of getting up.",
        ),
        ("heading", "Why Does It Happen?"),
        ("paragraph", "Several things can add to it, including:"),
        ("item", "Mattress: A soft one lets the joint sink in."),
        ("item", "Posture: Lying on one side puts weight on the joint, and the tendons have no room."),
        ("heading", "What Helps?"),
        ("item", "Move it gently"),
        ("item", "Keep it warm"),
        ("paragraph", "See a physiotherapist if it lasts for more than two weeks."),
    ]


def test_the_title_is_the_first_heading_and_the_others_are_below_it() -> None:
    document = article(PASTED)
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2, 2, 2]
    last = len(document.blocks) - 1
    assert [document.blocks[index].text for index in document.sections[last]] == [
        "stiff shoulder after sleeping",
        "What Helps?",
    ]


def test_words_over_a_hard_wrap_are_together_and_their_place_is_exact() -> None:
    document = article("Ginger tea is safe for most people and has no\n   side effects in small amounts.\n")
    (block,) = document.blocks
    assert place(document, block, "no side effects") == "1:44-2:16"


def test_in_a_file_of_long_lines_each_line_is_a_paragraph() -> None:
    long = (
        "Drinking enough water matters for the kidneys, the skin and the gut, and most adults manage it. " * 2
    )
    document = article(f"{long}\nAnother paragraph begins here.\nhaving a fever\nbeing tired\n")
    assert [block.text for block in document.blocks][1:] == [
        "Another paragraph begins here.",
        "having a fever",
        "being tired",
    ]


def test_short_lines_that_begin_with_capitals_stay_apart_in_a_wrapped_file() -> None:
    document = article(
        "Call for help at once when one of these comes on\nsuddenly, even when it passes again within\nminutes:\n\n"
        "Weakness in one arm\nTrouble speaking\nA drooping face\n"
    )
    assert [block.text for block in document.blocks][1:] == [
        "Weakness in one arm",
        "Trouble speaking",
        "A drooping face",
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("When To See A Doctor", "heading"),
        ("Is it safe in pregnancy?", "heading"),
        ("SIDE EFFECTS", "heading"),
        ("Disclaimer:", "heading"),
        ("Symptoms of a slipped disc", "heading"),
        ("Symptoms may include:", "paragraph"),
        ("It may help.", "paragraph"),
        ("nausea and vomiting", "paragraph"),
        ("7 min read", "paragraph"),
        ("March 3, 2024", "paragraph"),
        ("12/03/2025", "paragraph"),
        ("Honey soothes a sore throat in adults, in children above one year, and in anybody who asks for it", "paragraph"),
    ],
)  # fmt: skip
def test_a_lone_line_is_a_heading_by_its_form(line: str, kind: str) -> None:
    document = article(f"Sore throats\n\nA sore throat hurts.\n\n{line}\n\nIt gets better in a week.\n")
    assert outline(document)[2] == (kind, line)


@pytest.mark.parametrize(
    ("source", "level"),
    [("Fever in children\n=====\n", 1), ("Sore\n\nA fever.\n\nCool baths\n----------\n", 2), ("# Sore\n\n### Cool baths ##\n", 3)],
)  # fmt: skip
def test_underlined_and_hashed_headings(source: str, level: int) -> None:
    headings = [block for block in article(source).blocks if block.kind == "heading"]
    assert headings[-1].level == level
    assert headings[-1].text in ("Fever in children", "Cool baths")


def test_numbered_lines_over_paragraphs_are_headings() -> None:
    document = article(
        "Three teas\n\nTea is warm.\n\n1. Chamomile\n\nChamomile is said to calm the stomach.\n\n"
        "2. Peppermint\n\nPeppermint oil has been studied for bowel cramps.\n"
    )
    assert [block.text for block in document.blocks if block.kind == "heading"] == [
        "Three teas",
        "Chamomile",
        "Peppermint",
    ]


@pytest.mark.parametrize("bullet", ["•", "-", "*", "–", "o", "1.", "1)", "(a)", "b)", "(iv)", "✓", "\uf0b7"])
def test_bullets(bullet: str) -> None:
    document = article(f"It can cause:\n\n  {bullet} dry skin that itches\n\nThat is all.\n")
    item = document.blocks[1]
    assert (item.kind, item.text, item.level, item.containers) == (
        "item",
        "dry skin that itches",
        1,
        ("list",),
    )
    assert place(document, item, "dry skin") == f"3:{len(bullet) + 4}-3:{len(bullet) + 12}"


def test_nested_items_have_levels_and_paragraphs_may_stand_in_them() -> None:
    document = article(
        "- Food\n  - Fibre\n    comes first\n  - Water\n\n    Six glasses a day.\n- Sleep\n\nThat is it.\n"
    )
    assert [(block.kind, block.text, block.level, len(block.containers)) for block in document.blocks] == [
        ("item", "Food", 1, 1),
        ("item", "Fibre comes first", 2, 2),
        ("item", "Water", 2, 2),
        ("paragraph", "Six glasses a day.", 0, 2),
        ("item", "Sleep", 1, 1),
        ("paragraph", "That is it.", 0, 0),
    ]


def test_a_wrapped_line_that_looks_like_an_item_is_none() -> None:
    document = article(
        "The dose was raised from 5 mg to\n10. That is twice as much as before, and the trial\nwas stopped.\n"
    )
    assert len(document.blocks) == 1


def test_a_head_of_labels_becomes_fields() -> None:
    document = article(
        "Title: Garlic and the heart\nAuthor: Ada Bell, RN\nLast updated:\nURL: https://example.org/garlic\n\nGarlic smells.\n"
    )
    assert [(field.name, field.value, field.origin) for field in document.fields] == [
        ("title", "Garlic and the heart", "front matter"),
        ("author", "Ada Bell, RN", "front matter"),
        ("last-updated", "", "front matter"),
        ("url", "https://example.org/garlic", "front matter"),
    ]
    assert [document.source[field.span.start : field.span.end] for field in document.fields] == [
        "Garlic and the heart",
        "Ada Bell, RN",
        "Last updated",
        "https://example.org/garlic",
    ]
    assert [(block.kind, block.zone) for block in document.blocks] == [
        ("title", "metadata"),
        ("paragraph", "article"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "Warning: do not take both.\n\nThey clash.\n",
        "Garlic\n\nBy Ada Bell\n\nAuthor: Ada Bell\n\nIt smells.\n",
    ],
)
def test_labels_elsewhere_are_prose(source: str) -> None:
    document = article(source)
    assert document.fields == ()
    assert all(block.is_visible for block in document.blocks)


def test_front_matter() -> None:
    document = article("---\ntitle: Garlic\nauthor: Ada Bell\n---\nGarlic smells.\n")
    assert [field.name for field in document.fields] == ["title", "author"]
    assert outline(document) == [("title", "Garlic"), ("paragraph", "Garlic smells.")]


def test_light_markup_is_dropped_and_unpaired_marks_stay() -> None:
    document = article(
        "It is **not** a *cure* at __all__, says mir**acle** Joe* and _nobody_ else at 5*3*2 snake_case_here.\n"
    )
    assert document.blocks[0].text == (
        "It is not a cure at all, says miracle Joe* and nobody else at 5*3*2 snake_case_here."
    )
    assert place(document, document.blocks[0], "miracle") == "1:41-1:50"


def test_addresses_are_holes_with_links() -> None:
    document = article(
        "See https://example.org/cures_all), or www.example.org/cure. Write to cure@example.org (doi:10.1000/cure.1).\n"
    )
    block = document.blocks[0]
    assert "cure" not in block.text
    assert block.text == "See \ufffc), or \ufffc. Write to \ufffc (\ufffc)."
    assert [link.url for link in block.links] == [
        "https://example.org/cures_all",
        "www.example.org/cure",
        "mailto:cure@example.org",
        "https://doi.org/10.1000/cure.1",
    ]


def test_an_address_that_is_the_text_of_a_link_ends_with_it() -> None:
    block = article(
        "Soup is food.\n\nIt says so at [www.example.org/a](https://example.org/a), twice.\n"
    ).blocks[1]
    assert block.text == "It says so at \ufffc, twice."
    assert [link.url for link in block.links] == ["www.example.org/a", "https://example.org/a"]


def test_code_that_reaches_out_of_a_link_is_read_once() -> None:
    document = article("Soup is food.\n\nTake [two `spoons](/spoon) of` it warm.\n")
    assert document.blocks[1].text == "Take two \ufffc it warm."
    assert place(document, document.blocks[1], "it warm") == "3:32-3:39"


def test_a_link_and_an_image() -> None:
    document = article(
        'Soup is food.\nRead [what *it* does](https://example.org/a_(b) "A long read") first. ![A bowl of soup](soup.jpg)\n'
    )
    assert outline(document) == [
        ("paragraph", "Soup is food. Read what it does first. \ufffc"),
        ("label", "A long read"),
        ("alt", "A bowl of soup"),
    ]
    assert document.blocks[0].links[0] == (19, 31, "https://example.org/a_(b)")


def test_apostrophes_made_with_backticks_hide_nothing() -> None:
    document = article("It`s a cure and it won`t hurt.\n")
    assert document.blocks[0].text == "It`s a cure and it won`t hurt."


def test_code_is_no_prose_but_an_unclosed_fence_hides_nothing() -> None:
    assert [block.text for block in article("Type this:\n\n```\ncures all\n```\n\nDone now.\n").blocks][
        1:
    ] == ["Done now."]
    assert [block.text for block in article("Type this:\n\n```\nIt cures all.\n").blocks][1:] == [
        "It cures all."
    ]


def test_table_cells() -> None:
    document = article(
        "Herb\tUse\nMint\tCalms the gut\n\n| Herb | Use |\n|------|-----|\n| Dill | None known |\n"
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("cell", text)
        for text in ("Herb", "Use", "Mint", "Calms the gut", "Herb", "Use", "Dill", "None known")
    ]
    assert {block.containers for block in document.blocks} == {("table",)}
    assert place(document, document.blocks[3], "gut") == "2:16-2:19"


@pytest.mark.parametrize("mark", ["# ", "// ", ".. ", "#"])
def test_directives_on_a_line_of_their_own(mark: str) -> None:
    document = article(
        f"Mint\n\n{mark}healthlint-disable-next-line cure-claim -- quoted from the leaflet\nIt cures colds.\n"
    )
    (directive,) = document.directives
    assert (directive.action, directive.rules, directive.reason) == (
        "disable-next-line",
        ("cure-claim",),
        "quoted from the leaflet",
    )
    assert document.position(directive.span.start) == (3, len(mark) + 1)
    assert [block.text for block in document.blocks] == ["Mint", "It cures colds."]


def test_a_directive_in_a_comment_inside_a_paragraph() -> None:
    document = article("It cures colds. <!-- healthlint-disable-line -- a joke --> Not.\n")
    assert document.blocks[0].text == "It cures colds. Not."
    (directive,) = document.directives
    assert document.source[directive.span.start : directive.span.end] == "healthlint-disable-line -- a joke"


def test_template_tags_are_holes_remembered_by_name() -> None:
    document = article(
        "Mint {{ site.name }} calms [sic].\n\n[medical-disclaimer]\n\n{# healthlint-disable cure-claim -- a leaflet #}\n"
    )
    assert [(include.name, document.source[slice(*include.span)]) for include in document.includes] == [
        ("site.name", "{{ site.name }}"),
        ("medical-disclaimer", "[medical-disclaimer]"),
    ]
    assert [block.text for block in document.blocks] == ["Mint \ufffc calms [sic]."]
    assert [directive.rules for directive in document.directives] == [("cure-claim",)]


def test_a_web_page_named_txt_is_read_as_one() -> None:
    document = article("<h1>Mint</h1>\n<p>It calms.</p>\n<p class='cure'>It smells.</p>\n")
    assert [block.text for block in document.blocks] == ["Mint", "It calms.", "It smells."]


@pytest.mark.parametrize(
    "source", ["", "\n", "   \n\t\n", "\x00", "\ufeff", "```", "> ", "- ", "***", "\u200b"]
)
def test_nothing_to_read(source: str) -> None:
    assert article(source).blocks == ()


@pytest.mark.parametrize(
    "source",
    [
        "> " * 20_000 + "deep", "- " * 20_000 + "deep", "<" * 200_000, "[" * 200_000, "*a " * 100_000,
        "`a " * 100_000, "```a\n" * 50_000, "<!--" * 50_000, "\\" * 200_000, "www." * 50_000, "(" * 200_000,
    ],
)  # fmt: skip
def test_hostile_input_is_read_in_linear_time(source: str) -> None:
    assert article(source).source == source
