import re
from dataclasses import replace

import pytest

from healthlint.document import Document
from healthlint.readers import read_text
from healthlint.rulebook import load_rules
from healthlint.span import Span
from healthlint.suppression import UNUSED, WITHOUT_REASON, divided, suppressions
from healthlint.violation import Violation

_OWN = {rule.id: rule for rule in load_rules() if rule.family == "suppression"}
CURE = replace(_OWN[UNUSED], id="cure-claim", family="overclaim", check="")
SOLE = replace(_OWN[UNUSED], id="sole-cause", family="causation", check="")
RULES = (CURE, SOLE, *_OWN.values())
KNOWN = {"cure-claim", "overclaim", "sole-cause", "causation", "no-sources", "sourcing", *_OWN, "suppression"}


def violations(document: Document) -> list[Violation]:
    """A violation of cure-claim at each “cures”, one of sole-cause at each “only cause”."""
    rules = {"cures": CURE, "only cause": SOLE}
    return [
        Violation(
            rules[found[0]].id,
            rules[found[0]].family,
            "error",
            "A message.",
            document.path,
            Span(*found.span()),
            document.position(found.start()),
            document.position(found.end()),
            found[0],
            "Mend it.",
        )
        for found in re.finditer("cures|only cause", document.source)
    ]


def left(text: str, format: str = "markdown", rules=RULES, known=KNOWN) -> list[str]:
    """Rule and line of what is reported."""
    document = read_text(text, format=format)
    found = divided(document, violations(document), rules, known).standing
    assert all(each.text == text[each.span.start : each.span.end] for each in found)
    return [f"{each.rule}:{each.start.line}" for each in found]


def said(text: str, **options) -> list[str]:
    document = read_text(text, format="markdown")
    return [
        each.message
        for each in divided(document, violations(document), RULES, KNOWN).standing
        if each.family == "suppression"
    ]


# --- the next line -------------------------------------------------------------------------------------


def test_the_next_line_and_no_other():
    text = """\
Balm cures gout.

<!-- healthlint-disable-next-line cure-claim -- quoted -->
Balm cures gout.

Balm cures gout.
"""
    assert left(text) == ["cure-claim:1", "cure-claim:6"]


def test_what_begins_the_line_is_covered():
    assert left("<!-- healthlint-disable-next-line cure-claim -- quoted -->\ncures gout.\n") == []


def test_the_last_line_needs_no_line_end():
    assert left("It cures gout. <!-- healthlint-disable-line cure-claim -- quoted -->") == []
    assert left(
        "It cures gout.\n\n<!-- healthlint-disable-next-line cure-claim -- quoted -->\nIt cures it."
    ) == ["cure-claim:1"]


def test_soft_wrapped_text_is_covered_to_the_end_of_its_block():
    text = """\
<!-- healthlint-disable-next-line cure-claim -- quoted -->

Balm, so the leaflet of the maker says
in its second edition, cures gout, and it
cures colds.

It cures gout.
"""
    assert left(text) == ["cure-claim:7"]


def test_inside_a_paragraph_only_the_line_is_covered():
    text = """\
Balm cures gout.
It cures colds <!-- healthlint-disable-next-line cure-claim -- quoted -->
and cures warts,
and it cures coughs.
"""
    assert left(text) == ["cure-claim:1", "cure-claim:2", "cure-claim:4"]


@pytest.mark.parametrize(
    "text",
    [
        "- one\n- <!-- healthlint-disable-next-line cure-claim -- q -->\n  Balm\n  cures gout.\n- it cures colds\n",
        "> <!-- healthlint-disable-next-line cure-claim -- q -->\n>\n> Balm\n> cures gout.\n>\n> It cures colds.\n",
        "<!-- healthlint-disable-next-line cure-claim -- q -->\n| a | b |\n|---|---|\n| it cures | x |\n",
        "<!-- healthlint-disable-next-line cure-claim -- q -->\n\nBalm\ncures gout\n==========\n\nIt cures colds.\n",
        "<!--\nhealthlint-disable-next-line cure-claim\n-- quoted\n-->\nBalm\ncures gout.\n\nIt cures colds.\n",
    ],
    ids=["list", "quote", "table", "heading", "long comment"],
)
def test_in_every_kind_of_block(text):
    cures = [text[: found.start()].count("\n") + 1 for found in re.finditer("cures", text)]
    assert left(text) == [f"cure-claim:{cures[-1]}", *(["unused-suppression:1"] if "|" in text else [])]


def test_several_on_top_of_each_other():
    text = """\
<!-- healthlint-disable-next-line cure-claim -- quoted -->
<!-- healthlint-disable-next-line sole-cause -- quoted -->
The only cause is cold, and balm cures it.
"""
    assert left(text) == []


@pytest.mark.parametrize(
    ("format", "text"),
    [
        (
            "html",
            "<body>\n<!-- healthlint-disable-next-line cure-claim -- q -->\n<div>\n  <p class='x'>\n"
            "    Balm\n    cures gout.\n  </p>\n<p>It cures colds.</p></div>\n",
        ),
        (
            "mdx",
            "{/* healthlint-disable-next-line cure-claim -- q */}\n<Callout>\n\nBalm\ncures gout.\n\n</Callout>\n\nIt cures colds.\n",
        ),
        (
            "rst",
            ".. healthlint-disable-next-line cure-claim -- q\n\n.. note::\n\n   Balm\n   cures gout.\n\nIt cures colds.\n",
        ),
        (
            "rst",
            ".. healthlint-disable-next-line cure-claim -- q\n\n.. figure:: a.png\n   :width: 9\n   :alt: Balm cures gout.\n\n   It cures colds.\n",
        ),
        (
            "rst",
            ".. healthlint-disable-next-line cure-claim -- q\n\n=====  =========\nbalm   cures it\n=====  =========\nsalve  cures it\n=====  =========\n",
        ),
        (
            "rst",
            ".. healthlint-disable-next-line cure-claim -- q\n\n+------+---------+\n| balm | cures   |\n+------+---------+\n| it   | cures   |\n+------+---------+\n",
        ),
        (
            "html",
            "<head>\n<!-- healthlint-disable-next-line cure-claim -- q -->\n<meta\n  name='description'\n"
            "  content='Balm cures gout.'>\n<meta name='twitter:description' content='It cures colds.'></head>\n",
        ),
        (
            "html",
            "<table>\n<!-- healthlint-disable-next-line cure-claim -- q -->\n<tr>\n<td>Balm</td><td>cures gout</td>\n"
            "</tr><tr><td>It cures colds.</td></tr></table>\n",
        ),
        (
            "mdx",
            '{/* healthlint-disable-next-line cure-claim -- q */}\n<Card\n  wide\n  title="Balm cures gout."\n/>\n\nIt cures colds.\n',
        ),
    ],
)
def test_in_other_formats_markup_before_the_text_does_not_matter(format, text):
    cures = [text[: found.start()].count("\n") + 1 for found in re.finditer("cures", text)]
    assert left(text, format) == [f"cure-claim:{cures[-1]}"]


def test_a_directive_at_the_end_covers_nothing():
    text = "Balm cures gout.\n\n<!-- healthlint-disable-next-line cure-claim -- quoted -->\n\n"
    assert left(text) == ["cure-claim:1", "unused-suppression:3"]


# --- the line, a stretch, the file ---------------------------------------------------------------------


def test_its_own_line():
    text = """\
Balm cures gout.
It cures colds. <!-- healthlint-disable-line cure-claim -- quoted -->
It cures warts.
"""
    assert left(text) == ["cure-claim:1", "cure-claim:3"]


def test_from_disable_to_enable():
    text = """\
Balm cures gout.

<!-- healthlint-disable cure-claim -- quoted -->

It cures colds. The only cause is cold.

<!-- healthlint-enable cure-claim -->

It cures warts.
"""
    assert left(text) == ["cure-claim:1", "sole-cause:5", "cure-claim:9"]


def test_enable_without_rules_ends_all():
    text = """\
<!-- healthlint-disable cure-claim -- quoted -->
<!-- healthlint-disable sole-cause -- quoted -->

Balm cures gout. The only cause is cold.

<!-- healthlint-enable -->

It cures warts. The only cause is cold.
"""
    assert left(text) == ["cure-claim:8", "sole-cause:8"]


def test_enable_of_one_rule_leaves_the_others_off():
    text = """\
<!-- healthlint-disable -- quoted -->

Balm cures gout. The only cause is cold.

<!-- healthlint-enable cure-claim -->

It cures warts. The only cause is cold.

<!-- healthlint-disable overclaim -- quoted again -->

It cures colds. The only cause is cold.
"""
    assert left(text) == ["cure-claim:7"]


def test_without_enable_to_the_end():
    text = "It cures colds.\n\n<!-- healthlint-disable -- quoted -->\n\nIt cures colds.\n\nIt cures gout."
    assert left(text) == ["cure-claim:1"]


def test_the_whole_file_before_and_after():
    text = "Balm cures gout.\n\n<!-- healthlint-disable-file overclaim -- museum -->\n\nIt cures colds. The only cause is cold.\n"
    assert left(text) == ["sole-cause:5"]


def test_front_matter():
    text = "---\ntitle: Balm cures gout\nhealthlint:\n  disable: [cure-claim]\n  reason: museum\n---\n\nIt cures colds.\n"
    assert left(text) == []


def test_a_family_and_several_names():
    text = "<!-- healthlint-disable-next-line causation, cure-claim -- quoted -->\nThe only cause is cold; balm cures it.\n"
    assert left(text) == []


def test_comments_in_code_do_not_count():
    text = "```html\n<!-- healthlint-disable-file -- quoted -->\n```\n\nBalm cures gout.\n"
    assert left(text) == ["cure-claim:5"]


# --- what is wrong with suppressions -------------------------------------------------------------------


def test_one_that_suppresses_nothing():
    text = "<!-- healthlint-disable-next-line cure-claim -- quoted -->\nRest well.\n"
    assert left(text) == ["unused-suppression:1"]
    assert said(text) == ["This suppression does nothing: “cure-claim” reports nothing here."]


def test_one_name_of_several_that_suppresses_nothing():
    text = "<!-- healthlint-disable-next-line cure-claim sole-cause -- quoted -->\nBalm cures gout.\n"
    assert said(text) == ["This suppression does nothing: “sole-cause” reports nothing here."]


def test_one_for_all_rules_that_suppresses_nothing():
    assert said("<!-- healthlint-disable-file -- quoted -->\nRest well.\n") == [
        "This suppression does nothing: no rule reports anything here."
    ]


def test_a_name_that_no_rule_has():
    assert said("<!-- healthlint-disable-next-line cure-clam -- quoted -->\nBalm cures gout.\n") == [
        "This suppression does nothing: there is no rule “cure-clam”; did you mean “cure-claim”?"
    ]


def test_a_rule_that_was_not_run_is_not_called_useless():
    text = "<!-- healthlint-disable-file no-sources, sourcing -- under review -->\nRest well.\n"
    assert left(text) == []


def test_unknown_names_are_passed_over_when_nobody_says_what_is_known():
    assert left("<!-- healthlint-disable-file no-such-rule -- why -->\nRest well.\n", known=()) == []


@pytest.mark.parametrize("action", ["disable-next-line", "disable-line", "disable", "disable-file"])
def test_one_without_a_reason(action):
    text = f"<!-- healthlint-{action} cure-claim --> Balm cures gout.\nIt cures gout.\n"
    found = divided(document := read_text(text), violations(document), RULES, KNOWN).standing
    (about,) = [each for each in found if each.family == "suppression"]
    assert about.rule == WITHOUT_REASON
    assert about.severity == "warning"
    assert about.text == f"healthlint-{action} cure-claim"
    assert (about.start, about.end) == ((1, 6), (1, 6 + len(about.text)))
    assert about.message == "This suppression gives no reason."


def test_an_enable_needs_no_reason():
    assert said("<!-- healthlint-enable -->\nRest well.\n") == []


def test_an_enable_is_no_suppression():
    text = "<!-- healthlint-disable -- quoted -->\nRest.\n\n<!-- healthlint-enable -->\nWalk.\n"
    assert [each.action for each in suppressions(read_text(text))] == ["disable"]


@pytest.mark.parametrize("off", [UNUSED, WITHOUT_REASON])
def test_the_rules_about_suppressions_can_be_off(off):
    text = "<!-- healthlint-disable-file cure-claim -->\nRest well.\n"
    rules = [rule for rule in RULES if rule.id != off]
    assert left(text, rules=rules) == [f"{UNUSED if off == WITHOUT_REASON else WITHOUT_REASON}:1"]


def test_their_severity_is_that_of_the_rule():
    document = read_text("<!-- healthlint-disable-file -->\nRest well.\n")
    rules = [replace(rule, severity="error") for rule in RULES]
    assert {each.severity for each in divided(document, [], rules).standing} == {"error"}


def test_a_bare_suppression_does_not_hide_its_own_faults():
    assert left("<!-- healthlint-disable-file -->\nRest well.\n") == [
        "suppression-without-reason:1",
        "unused-suppression:1",
    ]


def test_without_directives_nothing_changes():
    document = read_text("Balm cures gout.\n")
    assert divided(document, violations(document), RULES, KNOWN).standing == violations(document)


def test_a_misspelt_suppression_is_told(rules):
    from healthlint.linter import Linter
    from healthlint.readers import read_text

    linter = Linter([rule for rule in rules if rule.family == "suppression"])
    text = "A walk.\n\n<!-- healthlint-disable-nextline cure-claim -- why -->\n"
    (violation,) = linter.lint(read_text(text))
    assert violation.rule == "unused-suppression"
    assert violation.text == "healthlint-disable-nextline cure-claim -- why"
    assert "did you mean “disable-next-line”?" in violation.message
