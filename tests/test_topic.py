"""What a page is about, and why: in a title, a description, or again and again in the text."""

from __future__ import annotations

import pytest

from healthlint.checks import excuse
from healthlint.page import Page
from healthlint.phrase import PhraseSet, phrase
from healthlint.readers import read_text
from healthlint.rule import Rule
from healthlint.topic import Topic, topic
from healthlint.vocabulary import Inflector

STROKE = PhraseSet([phrase("(stroke|strokes|mini stroke)", Inflector())])


def subject(rules: list[Rule], text: str, format: str = "markdown") -> Topic | None:
    page = Page(read_text(text, format=format), rules[0].vocabulary)
    return topic(page, STROKE, excuse.contexts(page))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# After a stroke\n\nRest.", "“stroke” (in the title)"),
        ("# After a stroke\n\nA stroke tires people.", "“stroke” (in the title, once in the text)"),
        (
            "# After a stroke\n\n## Stroke and sleep\n\nStrokes tire people. A mini stroke does too.",
            "“stroke” (in the title and a heading, twice in the text)",
        ),
        ("---\ntitle: Stroke\n---\n\nThe face droops.", "“Stroke” (in the title)"),
        (
            "---\ndescription: What a stroke does.\n---\n\n# Arms\n\nA stroke weakens one arm. A stroke comes at once.",
            "“stroke” (in the description, twice in the text)",
        ),
        (
            "# Arms\n\nA stroke weakens one arm. A mini stroke passes. A stroke stays.",
            "“stroke” (3 times in the text, also as “mini stroke”)",
        ),
        (
            "# Arms\n\n## Stroke\n\nA stroke weakens one arm. Call at once. A stroke stays.",
            "“Stroke” (in a heading, twice in the text)",
        ),
        (
            "---\ntitle: Stroke\ndescription: A stroke, from the first hour on.\n---\n\n## Stroke\n\nRest.\n\n## Stroke again\n\nRest.",
            "“Stroke” (in the title, the description and 2 headings)",
        ),
    ],
)
def test_a_subject_and_the_reason(rules: list[Rule], text: str, reason: str) -> None:
    found = subject(rules, text)
    assert found is not None
    assert found.subject == reason


@pytest.mark.parametrize(
    "text",
    [
        # a passing mention
        "# Blood pressure\n\nHigh pressure raises the risk of a stroke. Eat less salt.",
        "# Salt\n\nA stroke is one reason, and a second stroke another." + " Use herbs on your food." * 200,
        # other pages
        "# Sleep\n\n- [Stroke: the signs](/stroke)\n- [Life after stroke](/after-stroke)\n- [Stroke and work](/work)",
        "# Sleep\n\nGo to bed.\n\n## Related articles\n\nStroke and sleep. Stroke and food. Stroke and work. A stroke at night.",
        "# Sleep\n\nGo to bed.\n\nSee also: stroke, the signs of stroke, life after stroke.",
        "# Sleep\n\nGo to bed.\n\n## References\n\n1. Lee A. Sleep and stroke. Stroke 2019;3:4-9.\n2. Lund B. Stroke at night. Stroke 2020;4:1.",
        # what it says that it is not
        "# This page is not about stroke\n\nIt is about fainting.",
        "# Fainting\n\nThis leaflet does not cover stroke. For a stroke, see our page on stroke. It is not about mini stroke.",
        # lists of conditions
        "# Conditions\n\nWe see stroke, gout, asthma, eczema, migraine and acne. We see stroke, gout, asthma, eczema and acne.\n\n"
        "Ask about stroke, gout, asthma, eczema, migraine or acne.",
        "# What we treat\n\n- stroke\n- gout\n- a second stroke\n- strokes in the young\n- acne",
        # offers in headings
        "# Our clinic\n\n## Stroke\n\nBook now.\n\n## After a stroke\n\nBook now.\n\n## Stroke at home\n\nBook now.",
        # a site's name
        "---\ntitle: Fish on Friday | The Stroke Kitchen\n---\n\nFry the fish.",
        # only in a description
        "---\ndescription: Fainting, stroke and falls.\n---\n\n# Fainting\n\nLie down.",
    ],
)
def test_no_subject(rules: list[Rule], text: str) -> None:
    assert subject(rules, text) is None


def test_the_main_heading_is_pointed_at_before_the_title(rules: list[Rule]) -> None:
    text = "<html><head><title>Stroke | Site</title></head><body><h1>A stroke, told slowly</h1><p>Rest.</p></body></html>"
    found = subject(rules, text, "html")
    assert found is not None
    assert (found.match.span.start, found.match.text) == (text.index("stroke, told"), "stroke")


def test_navigation_does_not_count(rules: list[Rule]) -> None:
    text = "<nav><p>Stroke. Stroke. Stroke.</p></nav><main><h1>Sleep</h1><p>Go to bed.</p></main>"
    assert subject(rules, text, "html") is None
