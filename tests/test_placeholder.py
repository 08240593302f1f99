"""Promises of a source that is not there."""

from __future__ import annotations

import pytest
from checked import places

from healthlint.checks import placeholder
from healthlint.rule import Rule


def unfilled(rules: list[Rule], text: str, format: str = "markdown") -> list[str]:
    return places(rules, placeholder.unfilled, text, format=format)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Ginger eases nausea [citation needed].", "[citation needed]"),
        ("Ginger eases nausea (citation needed).", "(citation needed)"),
        ("Ginger eases nausea [source?].", "[source?]"),
        ("Ginger eases nausea [ref].", "[ref]"),
        ("Ginger eases nausea [add link].", "[add link]"),
        ("Ginger eases nausea (insert reference here).", "(insert reference here)"),
        ("Ginger eases nausea. TK source", "TK source"),
        ("Ginger eases nausea [TK].", "[TK]"),
        ("Ginger eases nausea.[^note]", "[^note]"),
        ("See https://doi.org/ for more.", "https://doi.org/"),
        ("A [recent review](#) found little.", "recent review"),
        ("A [trial]() found little.", "trial"),
        ("A [trial](TODO) found little.", "trial"),
        ("Read the [guideline](https://www.example.org/colic).", "guideline"),
    ],
)
def test_each_kind(rules: list[Rule], text: str, place: str) -> None:
    assert unfilled(rules, f"# Ginger\n\n{text}") == [place]


@pytest.mark.parametrize(
    "text",
    [
        "Ginger eases nausea [[source](https://www.nhs.uk/conditions/nausea/)].",
        "Ginger eases nausea ([reference](https://pubmed.ncbi.nlm.nih.gov/1234567/)).",
        "Ginger eases nausea.[^1]\n\n[^1]: Lee A. BMJ 2019.",
        "Nobody found the source of the outbreak.",
        "The tick is a source of Lyme disease; a link is suspected.",
        "[Top](#)\n\n[Studies](#)",
        "`[citation needed]` is what editors write.",
        "Take [1] tablet.",
        "See doi.org/10.1136/bmj.l1 for more.",
        "The TK enzyme copies DNA.",
        "Ask about the evidence (if there is any).",
        "Our [favourite brand](https://example.com/tea) is on offer.",
    ],
)
def test_what_is_none(rules: list[Rule], text: str) -> None:
    assert unfilled(rules, f"# Ginger\n\n{text}") == []


def test_numbers_beyond_the_list(rules: list[Rule]) -> None:
    text = (
        "# Ginger\n\nIt eases nausea [1], vomiting [4] and, they say, cramps [4].\n\n## References\n\n"
        "1. Lee A. Ginger at sea. BMJ 2019;364:l1.\n2. Ruiz P. Ginger in the clinic. Lancet 2020;395:1.\n"
    )
    assert unfilled(rules, text) == ["[4]"]
    assert unfilled(rules, text.replace("[4]", "[2]")) == []
    assert unfilled(rules, text.replace("[4]", "[[4]](#ref-4)")) == []


def test_a_list_that_prints_its_own_numbers(rules: list[Rule]) -> None:
    text = (
        "<h1>Ginger</h1><p>It eases nausea [12].</p><h2>References</h2>"
        "<p>11. Lee A. Ginger at sea. BMJ 2019;364:l1.</p><p>12. Ruiz P. Ginger. Lancet 2020;395:1.</p>"
    )
    assert unfilled(rules, text, "html") == []


def test_links_of_the_site_itself_are_left_alone(rules: list[Rule]) -> None:
    text = '<nav><a href="#">Studies</a></nav><main><h1>Ginger</h1><p>It eases nausea.</p></main>'
    assert unfilled(rules, text, "html") == []
