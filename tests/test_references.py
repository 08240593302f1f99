"""Sources of an article, entries of reference lists, and which sentences are cited."""

from __future__ import annotations

import pytest

from healthlint.checks import CheckSettings, references
from healthlint.page import Page
from healthlint.readers import read_text
from healthlint.rule import Rule

WALKING = (
    "Walk on most days of the week, at a pace at which you can still talk. Ten minutes are enough to begin with, and a "
    "flat path in the park is as good as any. Add a few minutes every week. Wear shoes that bend where your foot bends, "
    "and take the stairs when there are only two floors. On wet days a shopping centre will do, or the corridor of the "
    "building. Some people like a dog, a friend or a book in their ears; others count their steps. Write down what you "
    "did, because a row of ticks is hard to break. Rest when you are ill, and start again with half of what you did "
    "before. After three months look back at the first page, and you may be surprised at how little you walked then."
)


def page(rules: list[Rule], text: str, format: str = "markdown") -> Page:
    return Page(read_text(text, format=format), rules[0].vocabulary)


@pytest.mark.parametrize(
    "tail",
    [
        "## References\n\n1. NICE guideline NG59, 2020.",
        "## Sources and references\n\n- Smith J, Lund S. Walking and mood. BMJ 2019;364:l1.",
        "**References**\n\n1. Smith J, Lund S. Walking and mood. BMJ 2019;364:l1.",
        "## Further reading\n\n- [Walking for health](https://www.nhs.uk/live-well/exercise/walking/)",
        "## References\n\n- https://www.nhs.uk/live-well/exercise/walking/\n- https://www.who.int/publications/i/",
        "Sources: NHS, 2023; World Health Organization, 2020.",
        "See the [activity guideline](https://www.who.int/publications/i/item/9789240015128) for more.",
        "Walking lifted mood in one trial (PMID: 12345678).",
        "Walking lifts mood.[^1]\n\n[^1]: Smith J. Walking and mood. BMJ 2019;364:l1.",
        "[1] Smith J, Lund S. Walking and mood. https://doi.org/10.1136/bmj.l1",
        "Walking lifts mood.[^1]\n\n[^1]: Smith J and others. Walking and mood. BMJ 2019.",
        "<sup>1</sup> Smith J. Walking and mood. BMJ 2019.",
        "- Smith J, Lund S. Walking and mood. BMJ, 2019.",
    ],
)
def test_sources(rules: list[Rule], tail: str) -> None:
    assert not list(references.no_sources(page(rules, f"# Walking\n\n{WALKING}\n\n{tail}"), CheckSettings()))


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "## References",
        "## References\n\nTo follow.",
        "## Sources\n\n- Oily fish\n- Egg yolks",
        "Buy the [shoes](https://shop.example.com/shoes).",
        "Read [our other post](/posts/running).",
        "Follow us on [Instagram](https://www.instagram.com/walkers).",
        "Thanks to the [NHS](https://www.nhs.uk/).",
        "Studies show that it works.",
    ],
)
def test_no_sources(rules: list[Rule], tail: str) -> None:
    [match] = references.no_sources(page(rules, f"# Walking\n\n{WALKING}\n\n{tail}"), CheckSettings())
    assert match.span == (2, 9)


def test_sources_in_front_matter(rules: list[Rule]) -> None:
    text = f"---\nsources:\n  - title: Activity guideline\n    year: 2020\n---\n# Walking\n\n{WALKING}"
    assert not list(references.no_sources(page(rules, text), CheckSettings()))
    empty = f"---\nsources:\n---\n# Walking\n\n{WALKING}"
    assert list(references.no_sources(page(rules, empty), CheckSettings()))


def test_short_pages_need_none(rules: list[Rule]) -> None:
    assert not list(references.no_sources(page(rules, "# Walking\n\nWalk on most days."), CheckSettings()))


def test_a_site_does_not_cite_itself(rules: list[Rule]) -> None:
    link = '<a href="https://www.elm.nhs.uk/walking">our page on walking</a>'
    said = '<link rel="canonical" href="https://www.elm.nhs.uk/walks"><meta property="og:url" content="https://www.elm.nhs.uk/walks">'
    body = f"<body><h1>Walking</h1><p>{WALKING} See {link}.</p></body>"
    assert list(
        references.no_sources(page(rules, f"<html><head>{said}</head>{body}</html>", "html"), CheckSettings())
    )
    assert not list(
        references.no_sources(page(rules, f"<html><head></head>{body}</html>", "html"), CheckSettings())
    )


def test_sentences_of_reference_lists(rules: list[Rule]) -> None:
    document = page(
        rules,
        "# Walking\n\nIt helps.\n\n## References\n\n1. Smith J. Does walking cure low mood? BMJ 2019;364:l1.\n"
        "2. Lund S. Walking. 2020.\n\n## About us\n\nWe walk.",
    )
    assert references.entries(document) == (3, 4)
    said = [
        document.block_sentences(block)[number].text
        for block, number in sorted(references.sentences(document))
    ]
    assert " ".join(said) == "Smith J. Does walking cure low mood? BMJ 2019;364:l1. Lund S. Walking. 2020."


def test_a_numbered_paragraph_is_no_reference(rules: list[Rule]) -> None:
    text = "1) Walk a mile in 2026 and [read on](https://www.nhs.uk/live-well/exercise/). It cures low mood, as a friend told me."
    assert references.entries(page(rules, text, "text")) == ()


def test_a_list_under_sources_must_look_like_one(rules: list[Rule]) -> None:
    food = page(rules, "# Vitamin D\n\n## Sources\n\n- Oily fish cures rickets\n- Egg yolks")
    assert references.entries(food) == ()
    label = page(
        rules, "# Vitamin D\n\nTake it.\n\nReferences:\n\n- Lund S. Vitamin D. 2020.\n\nAsk your doctor."
    )
    assert references.entries(label) == (3,)


@pytest.mark.parametrize(
    ("text", "is_cited"),
    [
        ("Walking lifts mood [3].", True),
        ("Walking lifts mood (Smith et al., 2019).", True),
        ("Walking lifts mood (Lund and Smith 2020).", True),
        ("Walking [lifts mood](https://doi.org/10.1136/bmj.l1).", True),
        ("Walking lifts mood.[^1]\n\n[^1]: Lund 2020.", True),
        ("Walking lifts mood. A 2019 Cochrane review of 30 trials found that.", True),
        ("A 2021 meta-analysis in The BMJ found that walking lifts mood.", True),
        ("Walking lifts mood. It is cheap. See [the review](https://www.cochranelibrary.com/x).", False),
        ("Walking lifts mood. Try [our shoes](/shoes).", False),
        ("Walking lifts mood. [Buy shoes](https://www.amazon.com/shoes).", False),
        ("Studies show that walking lifts mood.", False),
        ("In 2019 walking became popular.", False),
        ("Experts at Harvard say that walking lifts mood.", False),
    ],
)
def test_cited(rules: list[Rule], text: str, is_cited: bool) -> None:
    document = page(rules, text)
    assert references.cited(document, document.block_sentences(0)[0]) is is_cited
