"""Which components a notice has, where it may stand, and which sentences belong to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from checked import found

from healthlint.checks import CheckSettings, disclaimer
from healthlint.linter import Linter
from healthlint.page import Page
from healthlint.readers import read_text
from healthlint.rule import Rule

Pages = Callable[..., Page]

SETTINGS = CheckSettings()


@pytest.fixture(scope="session")
def page(rules: list[Rule]) -> Pages:
    def made(text: str, format: str = "markdown", path: str = "<text>") -> Page:
        return Page(read_text(text, format=format, path=path), rules[0].vocabulary)

    return made


def components(page: Page) -> list[str]:
    return ["".join(sorted(each.components)) for each in disclaimer.disclaimers(page)]


def flagged(page: Page, settings: CheckSettings = SETTINGS) -> list[str]:
    return [
        name
        for name in ("missing", "incomplete", "liability_only")
        for _ in getattr(disclaimer, name)(page, settings)
    ]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("This guide is for information only.", "A"),
        ("Talk to your GP if in doubt. This post is not medical advice.", "BC"),
        ("Nothing here is tailored to you.", "A"),
        ("Treat this page as background reading rather than a diagnosis.", "AB"),
        ("This post is not medical advice. It exists to inform. If in doubt, ask a nurse.", "ABC"),
        ("This is not medical advice. Your GP knows you, so ask them before you change a dose.", "BC"),
        ("General information, not medical advice.", "AB"),
        ("Nothing here replaces a visit to your doctor.", "B"),
        ("This page is not meant to replace treatment.", "B"),
        ("Please note: not a substitute for advice from a clinician.", "B"),
        ("I'm not a physician, just a runner who reads a lot.", "B"),
        ("We can't give you personal medical advice.", "B"),
        ("None of what I write here is meant to replace what your own doctor tells you.", "B"),
        ("Please don't treat this post as medical advice.", "B"),
        ("This page is not written in lieu of advice from a clinician.", "B"),
        ("This handout can't replace a consultation with your midwife.", "B"),
        ("Use of this site does not create a doctor-patient relationship.", "B"),
        (
            "The tips in this newsletter are general and do not take your own medical history into account.",
            "A",
        ),
        ("This is not medical advice; see a physiotherapist if your pain lasts.", "BC"),
        ("This article explains the test. It is no substitute for a talk with your GP.", "B"),
        (
            "This page gives general information. It is not medical advice. Talk to your doctor before you change a "
            "treatment. Do not put off getting help because of something you read here. In an emergency, call 999.",
            "ABCDE",
        ),
    ],
)
def test_components(page: Pages, text: str, letters: str) -> None:
    assert components(page(text)) == [letters]


@pytest.mark.parametrize(
    "text",
    [
        "Oats fill you up, but this is not a substitute for insulin.",
        "The test is not a diagnosis.",
        "Chatbots will never replace medical advice.",
        "This tea does not replace your medication.",
        "For educational purposes the operation was filmed.",
        "The samples were collected for informational purposes.",
        "He did not follow medical advice.",
        "Do not take this without medical advice.",
        "Never ignore medical advice.",
        "My doctor is not a specialist in this.",
        "Some links here are affiliate links, and we may earn a commission.",
        "We do not share your personal information with anybody.",
        "This tea is not intended to diagnose, treat, cure or prevent any disease.",
        "[Disclaimer](/disclaimer)",
        "Individual results may vary.",
    ],
)
def test_what_is_no_disclaimer(page: Pages, text: str) -> None:
    assert components(page(text)) == []


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("# Sleep\n\n<details><summary>Note</summary>\n\nNot medical advice.\n\n</details>", "markdown"),
        ("# Sleep\n\n<small>Not medical advice.</small>", "markdown"),
        ("<h1>Sleep</h1><p>Rest.</p><footer><p>This site is not medical advice.</p></footer>", "html"),
        ("<h1>Sleep</h1><aside>This is not medical advice.</aside>", "html"),
        ("# Sleep\n\n<Callout>This is not medical advice.</Callout>", "mdx"),
        ("Sleep\n=====\n\n.. note:: This is not medical advice.", "rst"),
        ("Sleep\n\nThis is not medical advice.", "text"),
    ],
)
def test_seen_by_readers(page: Pages, text: str, format: str) -> None:
    assert flagged(page(text, format)) == ["incomplete"]


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("# Sleep\n\n<!-- This is not medical advice. -->\n\nRest.", "markdown"),
        ("# Sleep\n\n```\nThis is not medical advice.\n```", "markdown"),
        ("# Sleep\n\n![This is not medical advice](a.png)", "markdown"),
        ("---\ndescription: This is not medical advice.\n---\n# Sleep", "markdown"),
        ("# Sleep\n\n{/* This is not medical advice. */}\n\nRest.", "mdx"),
        ('<h1>Sleep</h1><p style="display:none">This is not medical advice.</p>', "html"),
        ('<h1>Sleep</h1><p aria-hidden="true">This is not medical advice.</p>', "html"),
        (
            '<h1>Sleep</h1><script type="application/ld+json">{"abstract": "Not medical advice."}</script>',
            "html",
        ),
    ],
)
def test_hidden_from_readers(page: Pages, text: str, format: str) -> None:
    assert flagged(page(text, format)) == ["missing"]


def test_points_at_the_title(page: Pages) -> None:
    text = "---\ntitle: Night cramps\n---\nStretch the calf.\n\n## At night\n\nKeep the blanket loose."
    [match] = disclaimer.missing(page(text), SETTINGS)
    assert text[match.span.start : match.span.end] == "Night cramps"
    [match] = disclaimer.missing(
        page("Stretch.\n\n# Night cramps\n\nKeep the blanket loose."), CheckSettings()
    )
    assert match.span == (12, 24)
    assert not list(disclaimer.missing(page("---\ntitle: Night cramps\n---\n"), SETTINGS))


def test_template_code_around_the_title_is_left_out(page: Pages) -> None:
    text = "{% extends 'page.html' %}\n{% block title %}\n  Living with gout\n{% endblock %}\n"
    [match] = disclaimer.missing(page(text, "html"), CheckSettings())
    assert text[match.span.start : match.span.end] == match.text == "Living with gout"


def test_incomplete_points_at_the_notice(page: Pages) -> None:
    text = "# Cold sores\n\nKeep the cream cool. *This page is for information\nonly.* Wash your hands."
    [match] = disclaimer.incomplete(page(text), SETTINGS)
    assert text[match.span.start : match.span.end] == "This page is for information\nonly."
    assert match.details == {"missing": "whom to consult"}


def test_liability_is_reported_instead_of_missing(page: Pages) -> None:
    text = "# Tea\n\nDrink it hot.\n\nWe accept no liability for any loss that comes of it."
    assert flagged(page(text)) == ["liability_only"]
    assert flagged(page("# Tea\n\nDrink it hot.")) == ["missing"]
    assert flagged(page(text + " This is not medical advice: ask your doctor.")) == []


def test_advice_elsewhere_is_no_component(page: Pages) -> None:
    far = (
        "# Heels\n\nSee a podiatrist if it lasts.\n\nRest the foot.\n\nThis page is general information only."
    )
    near = "# Heels\n\nSee a podiatrist if it lasts.\n\nThis page is general information only."
    beside = "# Heels\n\nThis page is general information only.\n\nAlways ask your doctor before starting a new exercise."
    headed = "# Heels\n\n## Disclaimer\n\nThis page is general information only.\n\nSee a podiatrist."
    assert components(page(far)) == ["A"]
    assert components(page(near)) == ["A"]
    assert components(page(beside)) == ["AC"]
    assert components(page(headed)) == ["AC"]


def test_sentences_of_notices(page: Pages) -> None:
    found = disclaimer.sentences(
        page(
            "# Tea\n\n"
            "Our tea cures gout. These statements have not been evaluated by the FDA. The tea is our own. "
            "This tea is not intended to diagnose, treat, cure or prevent any disease. It heals the liver.\n\n"
            "Drink it twice a day. This is not medical advice. Ask your doctor. It cures colds."
        )
    )
    assert found == {(1, 1), (1, 3), (2, 1), (2, 2)}


def test_a_sentence_between_two_of_the_notice_belongs_to_it(page: Pages) -> None:
    text = "This page is for information only. It tells how people say they cured their gout. It is not medical advice."
    assert disclaimer.sentences(page(text)) == {(0, 0), (0, 1), (0, 2)}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It is not medical advice. Gout hurts. Tea is hot. This page is for information only.", "0123"),
        ("This page is for information only. Gout hurts. Tea is hot. It is not medical advice.", "0123"),
        (
            "It is not medical advice. Gout hurts. Tea is hot. Cups break. This page is for information only.",
            "04",
        ),
        ("This is not medical advice. See a GP or call 999 if it bleeds.", "01"),
        ("This is not medical advice. Gout hurts. See a GP or call 999 if it bleeds.", "0"),
        ("Call 999 if it bleeds. Gout hurts. This is not medical advice.", "2"),
        ("We accept no liability. Gout hurts. Tea is hot. This is not medical advice.", "0123"),
        ("We accept no liability. Gout hurts. Tea is hot. Cups break. This is not medical advice.", "4"),
        ("This is not medical advice. Gout hurts. Tea is hot. Cups break. We accept no liability.", "0"),
    ],
)
def test_how_far_apart_the_sentences_of_a_notice_may_stand(page: Pages, text: str, numbers: str) -> None:
    assert disclaimer.notices(page(text)) == {(0, int(number)) for number in numbers}
    assert len(components(page(text))) == (2 if numbers == "04" else 1)


def test_a_notice_of_two_paragraphs_below_a_title(page: Pages) -> None:
    text = (
        "---\ntitle: Gout\n---\n\nGout hurts.\n\nThis is for information only.\n\nIt is not medical advice."
    )
    assert components(page(text)) == ["AB"]


def test_a_picture_parts_no_notice(page: Pages) -> None:
    text = "Gout hurts.\n\nThis is for information only.\n\n![A cup](a.png)\n\nIt is not medical advice."
    assert components(page(text)) == ["AB"]


@pytest.mark.parametrize(
    ("text", "format", "path", "name"),
    [
        ("# Gout\n\n{{< medical-disclaimer >}}", "markdown", "a.md", "medical-disclaimer"),
        ("# Gout\n\n{% include disclaimer.html %}", "markdown", "a.md", "disclaimer"),
        ('# Gout\n\n{{ partial "notices/medical.html" . }}', "markdown", "a.md", "notices/*"),
        ("# Gout\n\n<MedicalDisclaimer />", "mdx", "a.mdx", "MedicalDisclaimer"),
        ("---\nlayout: health-article\n---\n# Gout", "markdown", "a.md", "health-article"),
        ("---\nlayout: article\n---\n# Gout", "markdown", "a.md", "layouts/article.html"),
        ("# Gout\n\n{% include notice.html %}", "markdown", "a.md", "_includes/notice.html"),
        ("# Gout\n\n{{< notice >}}", "markdown", "a.md", "layouts/shortcodes/notice.html"),
        ("# Gout\n\n<HealthNotice />", "mdx", "a.mdx", "components/HealthNotice.tsx"),
        ("# Gout", "markdown", "content/health/gout.md", "content/health/*"),
        ("# Gout\n\n{% include notice.v2.html %}", "markdown", "a.md", "notice.v2"),
        ("# Gout", "markdown", "content\\health\\gout.md", "content/health/*"),
        ("# Gout", "markdown", "v1.2/notice", "v1.2/notice"),
    ],
)
def test_disclaimer_of_the_site(page: Pages, text: str, format: str, path: str, name: str) -> None:
    document = page(text, format, path)
    assert flagged(document, CheckSettings(site_disclaimer=(name,))) == []
    assert flagged(document, CheckSettings(site_disclaimer=("other", "medical-notice"))) == ["missing"]


def test_where_a_notice_stands_is_of_no_matter_when_the_site_has_one(page: Pages) -> None:
    text = "# Gout\n\nIt hurts.\n\n<details>\n\nThis is not medical advice.\n\n</details>\n\n{{< notice >}}"
    assert len(list(disclaimer.misplaced(page(text), SETTINGS))) == 1
    assert not list(disclaimer.misplaced(page(text), CheckSettings(site_disclaimer=("notice",))))


@pytest.mark.parametrize(
    ("text", "path", "name"),
    [
        ("---\nlayout: ''\n---\n# Gout", "a.md", "partials/"),
        ("---\nlayout: '*'\n---\n# Gout", "a.md", "article"),
        ("---\nlayout: icle\n---\n# Gout", "a.md", "layouts/article.html"),
        ("# Gout\n\n{% include other/notice.html %}", "a.md", "partials/notice.html"),
        ("# Gout", "article.html", "layouts/article.html"),
    ],
)
def test_what_does_not_carry_the_disclaimer_of_the_site(page: Pages, text: str, path: str, name: str) -> None:
    document = page(text, "markdown", path)
    assert flagged(document, CheckSettings(site_disclaimer=(name,))) == ["missing"]


def test_contradicted_names_the_claim(rules: list[Rule]) -> None:
    text = "# Drops\n\nOur drops cure tinnitus.\n\nThis is not medical advice. Ask a doctor."
    violations = Linter(rules).lint(read_text(text))
    [found] = [violation for violation in violations if violation.rule == "disclaimer-contradicted"]
    assert found.text == "This is not medical advice."
    assert found.span == (35, 62)
    assert "“cure tinnitus” on line 3" in found.message


def test_the_first_of_several_claims_is_named(rules: list[Rule], page: Pages) -> None:
    text = "# Drops\n\nOur drops cure tinnitus.\n\nThey cure gout.\n\nThis is not medical advice."
    violations = Linter(rules).lint(read_text(text))
    [match] = disclaimer.contradicted(page(text), violations[::-1], SETTINGS)
    assert match.details == {"claim": "cure tinnitus", "line": "3"}


def test_a_notice_ends_at_a_heading(page: Pages) -> None:
    (first, _) = disclaimer.disclaimers(
        page("This page is for information only.\n\n## This is not medical advice")
    )
    assert [said.text for said in first.sentences] == ["This page is for information only."]


def test_claims_in_a_notice_are_no_claims(rules: list[Rule]) -> None:
    text = "# Zinc\n\nNot evaluated by the FDA. This product is not intended to treat, cure or prevent any disease."
    found = {violation.rule for violation in Linter(rules).lint(read_text(text))}
    assert "disclaimer-liability-only" in found
    assert found.isdisjoint({"cure-claim", "disclaimer-missing", "disclaimer-contradicted"})


MENU = (
    "Rinse the nose with salt water twice a day, and bend forward over the basin. Let the water run out by itself. Blow "
    "one side at a time. Wash the bottle with soap and leave it to dry. Use a fresh sachet each time. "
)


def misplaced(rules: list[Rule], text: str, format: str = "markdown") -> list[tuple[str, dict[str, str]]]:
    return found(rules, disclaimer.misplaced, text, format=format)


def test_placement(rules: list[Rule]) -> None:
    notice = "This is not medical advice; ask your doctor."
    long = "\n\n".join([MENU] * 10)
    assert misplaced(rules, f"# Sinusitis\n\n{notice}\n\n{long}") == []
    assert misplaced(rules, f"# Sinusitis\n\n{MENU}\n\n{notice}") == []
    [(said, details)] = misplaced(rules, f"# Sinusitis\n\n{long}\n\n{notice}")
    assert said == notice
    assert details == {"where": "after 98 % of the text"}
    references = "## References\n\n1. Lee A. Salt water for the nose. BMJ 2019;364:l1."
    [(_, details)] = misplaced(rules, f"# Sinusitis\n\n{long}\n\n{references}\n\n## About\n\n{notice}")
    assert details == {"where": "after the references"}
    assert misplaced(rules, f"# Sinusitis\n\n{notice}\n\n{long}\n\n{notice}") == []


def test_footers_are_the_end(rules: list[Rule]) -> None:
    body = "".join(f"<p>{MENU}</p>" for _ in range(10))
    notice = "This site does not give medical advice. See your doctor."
    text = f"<main><h1>Sinusitis</h1>{body}</main><footer><p>{notice}</p></footer>"
    assert [details for _, details in misplaced(rules, text, "html")] == [
        {"where": "after 100 % of the text"}
    ]


@pytest.mark.parametrize(
    ("needed", "missing"),
    [
        (("AB", "C"), ""),
        (("A",), "that it is general information only"),
        (("AB", "C", "D"), "not to delay or disregard care because of it"),
        (
            ("C", "D", "E"),
            "not to delay or disregard care because of it and where to turn in an emergency",
        ),
        (
            ("A", "D", "E"),
            "that it is general information only, not to delay or disregard care because of it and "
            "where to turn in an emergency",
        ),
    ],
)
def test_what_a_disclaimer_needs_is_a_setting(
    rules: list[Rule], needed: tuple[str, ...], missing: str
) -> None:
    text = "# Sinusitis\n\nThis is not medical advice; ask your doctor."
    told = found(rules, disclaimer.incomplete, text, disclaimer=needed)
    assert [details["missing"] for _, details in told] == ([missing] if missing else [])


def test_all_five_components(rules: list[Rule]) -> None:
    text = (
        "# Sinusitis\n\nThis page gives general information. It is not medical advice. Talk to your doctor or "
        "pharmacist before you start a treatment. Do not put off getting help because of something you read here. In an "
        "emergency, call your local emergency number."
    )
    assert found(rules, disclaimer.incomplete, text, disclaimer=("A", "B", "C", "D", "E")) == []


@pytest.mark.parametrize(
    ("notice", "reason"),
    [
        ("This page is general information. It is not medical advice. Ask your doctor.", ""),
        ("THIS PAGE IS NO SUBSTITUTE FOR MEDICAL ADVICE. ASK YOUR DOCTOR.", "it is all in capitals"),
        (
            "This page is not a substitute for individualised professional medical evaluation, diagnosis or "
            "rehabilitation by an appropriately qualified medical practitioner.",
            "grade 24.1; the limit is 10",
        ),
    ],
)
def test_how_hard_it_is_to_read(rules: list[Rule], notice: str, reason: str) -> None:
    told = found(rules, disclaimer.hard_to_read, f"# Sinusitis\n\n{notice}", limit=10)
    assert [details["reason"] for _, details in told] == ([reason] if reason else [])
