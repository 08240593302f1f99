"""A claim stays found, at its exact place, however its characters are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rule import Rule

CLAIM = "has no side effects"
"""The rule no-side-effects reports the last three words of it."""
FOUND = "no side effects"

LETTER = {
    "markdown": ["{0}", "&#{1};", "&#x{1:x};", "**{0}**", "{0}\u00ad", "{0}\u200b", "<b>{0}</b>"],
    "html": [
        "{0}",
        "&#{1};",
        "&#x{1:X};",
        "<b>{0}</b>",
        "{0}&shy;",
        "{0}\u2060",
        "<!-- x -->{0}",
        "<i class='no'>{0}</i>",
    ],
    "mdx": ["{0}", "&#{1};", "**{0}**", "{0}\u00ad", "<b>{0}</b>"],
    "rst": ["{0}", "{0}\u00ad", "{0}\u200b"],
    "text": ["{0}", "{0}\u00ad", "{0}\u200b"],
}
SPACE = {
    "markdown": [" ", "\n", "\r\n", "&nbsp;", "\u00a0", "  \n", "<br>", "\u2009"],
    "html": [" ", "\n  ", "\r\n", "&nbsp;", "\u00a0", "<br>", " <span> ", "&#32;"],
    "mdx": [" ", "\n", "&nbsp;", "\u00a0"],
    "rst": [" ", "\n", "\r\n", "\u00a0"],
    "text": [" ", "\n", "\r\n", "\u00a0"],
}
BEFORE = ["", "Zoë’s 🌿 tea: naïve, e\u0301lan. ", "שלום 𝒜𝓁𝑙 ", "Good &amp; bad. "]


@pytest.fixture(scope="module")
def linter(rules: list[Rule]) -> Linter:
    return Linter([rule for rule in rules if rule.id == "no-side-effects"])


@pytest.mark.parametrize("format", LETTER)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_disguised_claim_is_found_where_it_is(format: str, linter: Linter, data: st.DataObject) -> None:
    written, start = "", 0
    for at, character in enumerate(CLAIM):
        if at == CLAIM.index(FOUND):
            start = len(written)
        if character == " ":
            written += data.draw(st.sampled_from(SPACE[format]))
        else:
            # a tag or mark may split a word anywhere, but two marks in a row would mean something else
            shape = data.draw(st.sampled_from(LETTER[format]))
            if "**" in shape and (
                written.endswith("**") or not CLAIM[at - 1].isalpha() or at == len(CLAIM) - 1
            ):
                shape = "{0}"
            written += shape.format(character, ord(character))
    before = data.draw(st.sampled_from(BEFORE))
    text = f"{before}Our balm {written} at all."
    source = f"<p>{text}</p>" if format == "html" else text
    (violation,) = linter.lint(read_text(source, format=format))
    shift = source.index(written)
    said = violation.text
    assert said == source[violation.span.start : violation.span.end]
    # Marks around the first and the last letter may lie inside or outside of what is reported.
    assert shift + start <= violation.span.start <= shift + start + len("<!-- x --><i class='no'>")
    assert violation.span.end <= shift + len(written)
    assert said[0] in "n&" and said[-1] in "s;"  # noqa: PT018


@pytest.mark.parametrize(
    ("format", "source", "said"),
    [
        ("markdown", "It has no\nside **eff**ects.", "no\nside **eff**ects"),
        (
            "markdown",
            "- It has [no side](http://x.org/no-side-effects) effects.",
            "no side](http://x.org/no-side-effects) effects",
        ),
        ("markdown", "| a |\n| --- |\n| It has no side&nbsp;effects |", "no side&nbsp;effects"),
        ("markdown", "> It has no\n> side effects.", "no\n> side effects"),
        ("html", "<p>It has <em>n</em>o side\r\n  effe&#99;ts.</p>", "n</em>o side\r\n  effe&#99;ts"),
        ("mdx", "<Note>\n  It has no {/* really */} side effects.\n</Note>", None),
        ("rst", "It has *no side*\neffects.", "no side*\neffects"),
        ("text", "• It has no\n  side effects.", "no\n  side effects"),
    ],
)
def test_exact_places(format: str, source: str, said: str | None, linter: Linter) -> None:
    found = [violation.text for violation in linter.lint(read_text(source, format=format))]
    assert found == ([said] if said else ["no {/* really */} side effects"])
