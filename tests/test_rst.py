from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from docutils import frontend, nodes, utils
from docutils.parsers.rst import Parser
from hypothesis import given, settings
from hypothesis import strategies as st
from readercontract import holds, place

from healthlint.document import HOLE, Document
from healthlint.readers import read_text
from healthlint.readers.prose import FOLDS
from healthlint.readers.rst.article import DEEPEST


def article(source: str) -> Document:
    document = read_text(source, format="rst")
    holds(document)
    return document


def texts(source: str) -> list[str]:
    return [block.text for block in article(source).blocks]


def outline(source: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(block.kind, block.text, block.containers) for block in article(source).blocks]


# ---------------------------------------------------------------------------------------------- blocks


def test_titles_get_their_levels_from_the_order_of_their_punctuation() -> None:
    document = article(
        "====\nMint\n====\n\nUses\n----\n\nTea\n~~~\n\nRisks\n-----\n\nIt is *safe*\n============\n"
    )
    assert [(block.kind, block.level, block.text) for block in document.blocks] == [
        ("heading", 1, "Mint"),
        ("heading", 2, "Uses"),
        ("heading", 3, "Tea"),
        ("heading", 2, "Risks"),
        ("heading", 4, "It is safe"),
    ]


def test_lists_and_what_stands_in_them() -> None:
    document = article(
        "* Rest the knee\n  for two days.\n\n  Then walk.\n\n  1. Slowly\n  #. With a stick\n\n* Cool it.\n\n(a) first\n(b) second\n"
    )
    assert [(block.kind, block.text, block.level) for block in document.blocks] == [
        ("item", "Rest the knee for two days.", 1),
        ("paragraph", "Then walk.", 0),
        ("item", "Slowly", 2),
        ("item", "With a stick", 2),
        ("item", "Cool it.", 1),
        ("item", "first", 1),
        ("item", "second", 1),
    ]
    assert place(document, document.blocks[0], "knee for two") == "1:12-2:10"


def test_a_paragraph_that_begins_like_an_item_is_none() -> None:
    assert outline("C. difficile is a germ that\nlives in the gut.\n") == [
        ("paragraph", "C. difficile is a germ that lives in the gut.", ())
    ]


def test_quotes_and_their_attribution() -> None:
    assert outline("She said:\n\n    It cured\n    my back.\n\n    -- a reader\n\nIt did not.\n") == [
        ("paragraph", "She said:", ()),
        ("paragraph", "It cured my back.", ("quote",)),
        ("paragraph", "a reader", ("quote",)),
        ("paragraph", "It did not.", ()),
    ]


def test_definitions_fields_and_options() -> None:
    source = (
        "Mint.\n\nsprain : injury\n    A torn ligament.\n\n:Dose: 5 mg\n    a day\n\n-v  more\n    words\n"
    )
    assert outline(source) == [
        ("paragraph", "Mint.", ()),
        ("term", "sprain", ()),
        ("term", "injury", ()),
        ("paragraph", "A torn ligament.", ()),
        ("term", "Dose", ()),
        ("paragraph", "5 mg a day", ()),
        ("item", "more words", ("list",)),
    ]


def test_line_blocks() -> None:
    assert texts("| 12 Spring Road\n| a line that\n  goes on\n") == ["12 Spring Road", "a line that goes on"]


def test_grid_table() -> None:
    document = article(
        "+--------+-------------------+\n| Herb   | What it does      |\n+========+===================+\n"
        "| Mint   | - calms the       |\n|        |   gut             |\n+--------+ - smells          |\n"
        "| Dill   |                   |\n+--------+-------------------+\n| Neither cures anything     |\n+----------------------------+\n"
    )
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("cell", "Herb"),
        ("cell", "What it does"),
        ("cell", "Mint"),
        ("cell", "Dill"),
        ("item", "calms the gut"),
        ("item", "smells"),
        ("cell", "Neither cures anything"),
    ]
    assert place(document, document.blocks[4], "the gut") == "4:20-5:17"


def test_simple_table_with_wrapped_cells_and_spanned_columns() -> None:
    document = article(
        "=====  ========  =====\nTwo columns      One\n---------------  -----\nHerb   Use       Risk\n=====  ========  =====\n"
        "Mint   calms     none\n       the gut   known\nDill             \n=====  ========  =====\n\nThat is all.\n"
    )
    assert texts(document.source) == [
        *("Two columns", "One", "Herb", "Use", "Risk"),
        *("Mint", "calms the gut", "none known", "Dill", "That is all."),
    ]
    assert place(document, document.blocks[6], "calms the") == "6:8-7:11"


def test_csv_and_list_tables() -> None:
    document = article(
        '.. csv-table:: Herbs\n   :header: "Herb", Use\n\n   Mint, "calms, they\n   say, the gut"\n\n'
        ".. list-table::\n   :widths: 1 2\n\n   * - Dill\n     - none\n\n       known\n"
    )
    assert outline(document.source) == [
        ("caption", "Herbs", ("table",)),
        ("cell", "Herb", ("table",)),
        ("cell", "Use", ("table",)),
        ("cell", "Mint", ("table",)),
        ("cell", "calms, they say, the gut", ("table",)),
        ("cell", "Dill", ("table",)),
        ("cell", "none", ("table",)),
        ("cell", "known", ("table",)),
    ]
    assert place(document, document.blocks[4], "they say") == "4:18-5:7"


def test_footnotes_and_citations() -> None:
    document = article(
        "It helps [1]_, they say [Bell2020]_.\n\n.. [1] In mice,\n   not people.\n\n.. [Bell2020] A book.\n"
    )
    assert outline(document.source) == [
        ("paragraph", "It helps , they say .", ()),
        ("footnote", "In mice, not people.", ("footnote",)),
        ("footnote", "A book.", ("footnote",)),
    ]
    assert [(link.start, link.url) for link in document.blocks[0].links] == [
        (9, "#footnote"),
        (20, "#footnote"),
    ]


def test_admonitions_figures_and_directives_of_sphinx() -> None:
    source = (
        ".. warning:: Do not mix\n   the two.\n\n   Ever.\n\n.. figure:: images/tea.jpg\n   :alt: A cup of tea\n   :width: 50%\n\n"
        "   Tea in a cup.\n\n   It was hot.\n\n.. image:: a.png\n   :alt: A leaf\n\n.. admonition:: Medical disclaimer\n\n   Ask a nurse.\n\n"
        ".. only:: html\n\n   Seen on the web.\n\n.. versionchanged:: 2.1 New doses.\n\n.. tab-set::\n\n   .. tab-item:: Adults\n\n"
        "      Two tablets.\n\n.. never-heard-of:: 3 things\n   :flag:\n\n   Body.\n"
    )
    assert outline(source) == [
        ("paragraph", "Do not mix the two.", ("aside",)),
        ("paragraph", "Ever.", ("aside",)),
        ("alt", "A cup of tea", ("figure",)),
        ("caption", "Tea in a cup.", ("figure",)),
        ("paragraph", "It was hot.", ("figure",)),
        ("alt", "A leaf", ()),
        ("paragraph", "Medical disclaimer", ("aside",)),
        ("paragraph", "Ask a nurse.", ("aside",)),
        ("paragraph", "Seen on the web.", ()),
        ("paragraph", "New doses.", ("aside",)),
        ("paragraph", "Adults", ()),
        ("paragraph", "Two tablets.", ()),
        ("paragraph", "3 things", ()),
        ("paragraph", "Body.", ()),
    ]
    assert article(source).blocks[2].links[0].url == "images/tea.jpg"


@pytest.mark.parametrize(
    "hidden",
    ["::\n\n   cure", "Code::\n\n   cure\n\n   cure", "Code::\n\n> cure\n> cure", ">>> cure", ".. code-block:: text\n\n   cure",
    ".. raw:: latex\n\n   cure", ".. math:: cure", ".. a cure\n   and a cure", "..\n   cure", ".. _cure: https://example.org/cure",
    "__ https://example.org/cure", ".. toctree::\n   :maxdepth: 2\n\n   cure", ".. |cure| image:: cure.png", ".. highlight:: cure",
    ".. class:: cure", ".. container:: cure", ".. literalinclude:: cure.py", ".. contents:: cure", ".. role:: cure(raw)"],
)  # fmt: skip
def test_what_is_no_prose(hidden: str) -> None:
    words = " ".join(texts(f"Before.\n\n{hidden}\n\nAfter.\n"))
    assert "cure" not in words
    assert words.startswith("Before.")
    assert words.endswith("After.")


# ------------------------------------------------------------------------------------- inline markup


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("It *is* **not** a cure.", "It is not a cure."),
        ("mir\\ **acle** and H\\ :sub:`2`\\ O", "miracle and H2O"),
        ("2 * 3 * 4 and *args, **kwargs", "2 * 3 * 4 and *args, **kwargs"),
        ("\\*not\\* marked, a\\\nb", "*not* marked, ab"),
        ("a \"*\" and (*) and '*'", "a \"*\" and (*) and '*'"),
        ("*a* b*c* *d", "a b*c* *d"),
        ("``cure`` :code:`cure` :math:`x` :py:func:`f`", ""),
        ("``a `b`` c```", f"{HOLE} c```"),
        (
            ":term:`sprain` :abbr:`BP (blood pressure)` :unknown:`role` `default`",
            "sprain BP (blood pressure) role default",
        ),
        (":doc:`the guide </guide>` and :ref:`guide`", f"the guide and {HOLE}"),
        ("`a page <https://example.org/cure>`_ and `page`__ and page_.", "a page and page and page."),
        ("`<https://example.org/cure>`_ it", f"{HOLE} it"),
        ("snake_case_ and snake_case", "snake_case and snake_case"),
        ("an _`inline target` here", "an inline target here"),
        ("see https://example.org/cure_all, ask nurse@example.org.", f"see {HOLE}, ask {HOLE}."),
        ("so\u00adft mi\u200bracle don’t\u00a0go", "soft miracle don't go"),
    ],
)
def test_inline_markup(source: str, text: str) -> None:
    assert texts(source + "\n") == ([text] if text else [])


def test_links_lead_where_their_targets_say() -> None:
    document = article(
        "Read `this <https://example.org/a>`_, page_, `Other Page`_, `that`__ or `none`_.\n\n"
        ".. _page: https://example.org/b\n.. _other page: https://example.org/c\n.. __: https://example.org/d\n"
    )
    assert [
        (document.blocks[0].text[link.start : link.end], link.url) for link in document.blocks[0].links
    ] == [
        ("this", "https://example.org/a"),
        ("page", "https://example.org/b"),
        ("Other Page", "https://example.org/c"),
        ("that", "https://example.org/d"),
        ("none", "#none"),
    ]


def test_substitutions_are_read_where_they_are_used() -> None:
    document = article(
        "The |drug| is a |logo| for |site-disclaimer|.\n\n.. |drug| replace:: wonder drug\n.. |logo| image:: a.png\n"
    )
    (block,) = document.blocks
    assert block.text == f"The wonder drug is a {HOLE} for {HOLE}."
    assert place(document, block, "wonder drug") == "1:5-1:11"
    assert [(include.name, document.source[slice(*include.span)]) for include in document.includes] == [
        ("site-disclaimer", "|site-disclaimer|")
    ]


def test_roles_of_the_article_itself() -> None:
    source = ".. role:: raw-html(raw)\n   :format: html\n\n.. default-role:: math\n\nIt is :raw-html:`<b>cure</b>` and `cure`.\n"
    assert texts(source) == [f"It is {HOLE} and {HOLE}."]


# ------------------------------------------------------------------------------------------ metadata


def test_metadata_in_all_its_places() -> None:
    document = article(
        ".. title: Mint tea\n.. tags: herbs, tea\n\nMint\n====\n\n:Author: Ada Bell\n:Date: 2024-05-01\n:Summary: What mint\n    does.\n\n"
        ".. meta::\n   :description lang=en: Mint for the gut.\n   :property=og\\:title: All about mint\n\n.. sectionauthor:: Cy Dale\n\nIt smells.\n"
    )
    assert [(field.name, field.value, field.origin) for field in document.fields] == [
        ("title", "Mint tea", "front matter"),
        ("tags", "herbs, tea", "front matter"),
        ("author", "Ada Bell", "front matter"),
        ("date", "2024-05-01", "front matter"),
        ("summary", "What mint\n    does.", "front matter"),
        ("description", "Mint for the gut.", "meta"),
        ("og:title", "All about mint", "meta"),
        ("author", "Cy Dale", "front matter"),
    ]
    assert all(document.source[slice(*field.span)] == field.value for field in document.fields)
    assert [(block.kind, block.text) for block in document.blocks if block.zone == "metadata"][:4] == [
        ("title", "Mint tea"),
        ("field", "herbs, tea"),
        ("field", "What mint does."),
        ("description", "Mint for the gut."),
    ]
    assert [block.text for block in document.blocks if block.zone == "article"] == ["Mint", "It smells."]


def test_an_abstract_stands_on_the_page_and_among_the_metadata() -> None:
    document = article(
        "Tea\n===\n\n:abstract: Garlic cures flu.\n:author: Ada Moor\n\nText.\n\n:author: Not she\n"
    )
    assert [(field.name, field.value) for field in document.fields] == [
        ("abstract", "Garlic cures flu."),
        ("author", "Ada Moor"),
    ]
    assert outline(document.source)[:3] == [
        ("heading", "Tea", ()),
        ("paragraph", "Garlic cures flu.", ()),
        ("paragraph", "Text.", ()),
    ]


def test_quotes_and_the_head_and_foot_of_pages_as_directives() -> None:
    source = ".. epigraph::\n\n   It cured me.\n\n.. header:: Our clinic\n\n.. footer::\n\n   All rights reserved\n\nText.\n"
    assert [(block.text, block.containers, block.zone) for block in article(source).blocks] == [
        ("It cured me.", ("quote",), "article"),
        ("Our clinic", ("header",), "chrome"),
        ("All rights reserved", ("footer",), "chrome"),
        ("Text.", (), "article"),
    ]


def test_a_post_tells_its_date_author_and_tags() -> None:
    document = article(".. post:: May 1, 2024\n   :author: Ada Moor\n   :tags: tea,\n      garlic\n\nText.\n")
    assert [(field.name, field.value) for field in document.fields] == [
        ("date", "May 1, 2024"),
        ("author", "Ada Moor"),
        ("tags", "tea,\n      garlic"),
    ]
    assert texts(document.source)[-1] == "Text."


def test_links_that_name_their_target_in_brackets() -> None:
    (block,) = article(
        "See `the guideline <guide_>`_ and `<guide_>`_.\n\n.. _guide: https://a.example/g\n"
    ).blocks
    assert [(block.text[link.start : link.end], link.url) for link in block.links] == [
        ("the guideline", "https://a.example/g"),
        ("guide", "https://a.example/g"),
    ]


def test_directives_and_includes() -> None:
    document = article(
        "Mint.\n\n.. healthlint-disable-next-line cure-claim --\n   quoted from\n   the leaflet\n\n* It cures.\n\n  .. healthlint-enable\n\n"
        ".. include:: /shared/disclaimer.rst\n"
    )
    assert [(found.action, found.rules, found.reason) for found in document.directives] == [
        ("disable-next-line", ("cure-claim",), "quoted from the leaflet"),
        ("enable", (), ""),
    ]
    assert document.position(document.directives[0].span.start) == (3, 4)
    assert [include.name for include in document.includes] == ["/shared/disclaimer.rst"]


def test_no_file_is_read(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.txt").write_text("hidden words")
    monkeypatch.chdir(tmp_path)
    source = ".. include:: secret.txt\n\n.. csv-table::\n   :file: secret.txt\n\n.. raw:: html\n   :file: secret.txt\n"
    assert article(source).blocks == ()


# ----------------------------------------------------------------------------------------- hostility


def test_what_is_nested_too_deep_is_read_flat_and_said() -> None:
    document = article("- " * 20_000 + "It cures.\n")
    (fault,) = document.faults
    assert f"more than {DEEPEST}" in fault.message
    assert document.blocks[-1].text.endswith("It cures.")


@pytest.mark.parametrize(
    "source",
    ["*a " * 50_000, "`a " * 50_000, "``a " * 50_000, "|a " * 50_000, "[a " * 50_000, "a-" * 50_000 + "_", ":a:`b " * 20_000,
    ":" * 100_000, "\\" * 100_000, "1. " * 20_000, ".. note:: " * 5_000, "+-" * 20_000 + "-+\n" + "|\n" * 20_000,
    "= " * 20_000 + "=\n" + "a\n" * 20_000 + "= " * 20_000 + "=\n", "\n".join(" " * depth + "x\n" for depth in range(1000)),
    "a__ " * 20_000 + "\n\n" + "__ x\n\n" * 20_000, "=== ===\na b\n" * 20_000, "a\n b\n" * 20_000],
)  # fmt: skip
def test_hostile_input_is_read_in_linear_time(source: str) -> None:
    assert article(source).source == source


# ------------------------------------------------------------------------------ docutils as the judge

_HOLES = (nodes.literal, nodes.math, nodes.image, nodes.substitution_reference)
_NO_PROSE = (
    nodes.literal_block,
    nodes.doctest_block,
    nodes.comment,
    nodes.system_message,
    nodes.math_block,
    nodes.raw,
)
_NO_PROSE += (nodes.target, nodes.substitution_definition, nodes.pending, nodes.option_group, nodes.image)
_BLOCKS = (
    nodes.paragraph,
    nodes.title,
    nodes.term,
    nodes.classifier,
    nodes.caption,
    nodes.attribution,
    nodes.rubric,
)
_BLOCKS += (nodes.line, nodes.field_name)


def judged(source: str) -> list[str]:
    """The text of each block that docutils sees in `source`."""
    options = frontend.get_default_settings(Parser)
    options.file_insertion_enabled = options.raw_enabled = False
    options._disable_config = True
    options.report_level = options.halt_level = 5
    options.warning_stream = False
    document = utils.new_document("article", options)
    Parser().parse(source, document)
    found = [normal(prose(node)) for node in blocks(document)]
    return [text for text in found if text.strip(f" {HOLE}")]


def blocks(node: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(node, _BLOCKS):
        yield node
    elif not isinstance(node, _NO_PROSE):
        for child in node.children:
            yield from blocks(child)


def prose(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        # An address is a hole for us in emphasis, too.
        return re.sub(r"https://example\.org(?:/a)?", HOLE, node.astext())
    if isinstance(node, nodes.footnote_reference | nodes.citation_reference):
        return ""
    if isinstance(node, _HOLES) or (isinstance(node, nodes.reference) and "://" in node.astext()):
        return HOLE
    return "".join(prose(child) for child in node.children)


def normal(text: str) -> str:
    return re.sub(f"{HOLE}+", HOLE, " ".join(text.translate(FOLDS).split()))


WORDS = st.sampled_from(
    [
        *(
            "garlic",
            "cures",
            "no",
            "*side*",
            "**effects**",
            "``code``",
            "`default`",
            ":math:`x`",
            "`a b`_",
            "page_",
        ),
        *(
            "[1]_",
            "|x|",
            "\\*",
            "mir\\ *acle*",
            "*lone",
            "**open",
            "(*)",
            '"*a*"',
            "5*3",
            "https://example.org/a",
            "don’t",
        ),
        *(
            "`text <https://example.org>`_",
            "a:",
            "--",
            "x_y",
            "__init__",
            "`",
            "``",
            "|",
            "*a*b",
            "é*a*",
            "«*a*»",
        ),
    ]
)
TEXT = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
WRAPPED = st.lists(TEXT.map(lambda text: "a " + text), min_size=1, max_size=3)


def indented(lines: list[str], first: str, rest: str) -> str:
    return "\n".join((first if number == 0 else rest) + line for number, line in enumerate(lines))


PIECES = st.one_of(
    WRAPPED.map("\n".join),
    WRAPPED.map(lambda lines: indented(lines, "* ", "  ")),
    WRAPPED.map(lambda lines: indented(lines, "1. ", "   ")),
    WRAPPED.map(lambda lines: indented(lines, "   ", "   ")),
    WRAPPED.map(lambda lines: indented(lines, "* - ", "    ")),
    WRAPPED.map(lambda lines: indented(lines, ".. note:: ", "   ")),
    WRAPPED.map(lambda lines: indented(lines, ".. tip::\n\n   ", "   ")),
    WRAPPED.map(lambda lines: indented(lines, ".. [1] ", "   ")),
    WRAPPED.map(lambda lines: indented(lines, ".. ", "   ")),
    WRAPPED.map(lambda lines: indented(lines, ":field: ", "    ")),
    WRAPPED.map(lambda lines: indented(lines, "term : class\n    ", "    ")),
    WRAPPED.map(lambda lines: indented(lines, "Code::\n\n    ", "    ")),
    WRAPPED.map(lambda lines: indented(lines, "| ", "| ")),
    WRAPPED.map(lambda lines: indented(lines, "====  ====\nab    ", "      ") + "\n====  ===="),
    WRAPPED.map(lambda lines: indented(lines, ".. code-block:: text\n\n   ", "   ")),
    WRAPPED.map(lambda lines: indented(lines, ".. figure:: a.png\n   :alt: words\n\n   ", "   ")),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, min_size=1, max_size=6).map("\n\n".join))
def test_docutils_sees_the_same_prose(source: str) -> None:
    source = f"Mint.\n\n{source}\n\nThe end.\n"
    ours = [normal(block.text) for block in article(source).blocks if block.kind != "alt"]
    assert ours == judged(source)
