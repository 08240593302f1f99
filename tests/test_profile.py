"""Kinds of content and jurisdictions: what they change, who chooses them, what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from rulefolder import data_file, rule_file

from healthlint import lint
from healthlint.cli import command
from healthlint.config import Config, read_config
from healthlint.errors import DataErrors
from healthlint.rule import SEVERITIES
from healthlint.rulebook import Rulebook, rulebook
from healthlint.settings import Settings

HOUSE = "phrases:\n  - wonder food\nunless: [question, hedged]"
LABEL = """\
profile: label
about: The text on a jar.
page: shop
select: [tonic-word]
ignore: [sources]
severity: {wonder-food: info}
unexcused:
  question: [house]
disclaimer: [B]
"""
RURITANIA = """\
pack: ruritania
about: The Tonics Act 1911.
jurisdiction: Ruritania
select: [tonic-word]
severity: {wonder-food: error}
unexcused:
  hedged: [wonder-food]
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a folder of rules, a profile and a pack."""
    monkeypatch.chdir(tmp_path)
    rule_file(tmp_path / "rules", HOUSE)
    rule_file(tmp_path / "rules", "phrases:\n  - tonic\ndefault: off", id="tonic-word")
    data_file(tmp_path, "rules/profiles/label.yaml", LABEL)
    data_file(tmp_path, "rules/packs/ruritania.yaml", RURITANIA)
    return tmp_path


def config(folder: Path, text: str = "") -> Config:
    return read_config(data_file(folder, ".healthlint.yaml", f"rules: rules\nselect: [house]\n{text}"))


def found(folder: Path, article: str, settings: str = "", name: str = "jar.md") -> list[tuple[str, str]]:
    data_file(folder, name, article)
    report = lint(folder / name, config=config(folder, settings))
    assert not report.failures
    return [(violation.rule, violation.severity) for violation in report.violations]


ASKED = "Is honey a wonder food?\n\nHoney may be a wonder food.\n\nHoney is a tonic.\n"


def test_without_a_profile_the_rules_are_as_they_stand(house: Path) -> None:
    assert found(house, "Honey is a wonder food and a tonic.") == [("wonder-food", "warning")]
    assert found(house, ASKED) == []


def test_a_profile_selects_softens_and_refuses_excuses(house: Path) -> None:
    assert found(house, ASKED, "profile: label\n") == [("wonder-food", "info"), ("tonic-word", "warning")]


def test_a_pack_adds_raises_and_refuses_excuses(house: Path) -> None:
    assert found(house, ASKED, "packs: [ruritania]\n") == [
        ("wonder-food", "error"),
        ("tonic-word", "warning"),
    ]


def test_the_stricter_of_profile_and_pack_wins_and_the_user_over_both(house: Path) -> None:
    both = "profile: label\npacks: ruritania\n"
    assert found(house, "A wonder food.", both) == [("wonder-food", "error")]
    assert found(house, "A wonder food.", both + "severity: {house: info}\n") == [("wonder-food", "info")]
    assert found(house, "A wonder food, a tonic.", both + "ignore: [tonic-word]\n") == [
        ("wonder-food", "error")
    ]


def test_the_report_says_which_pack_asked(house: Path) -> None:
    article = data_file(house, "jar.md", "A wonder food, a tonic.\n")
    for settings, asked in {
        "": [()],
        "packs: ruritania\n": [("ruritania",), ("ruritania",)],
        "packs: ruritania\nprofile: label\n": [("ruritania",), ()],
    }.items():
        report = lint(article, config=config(house, settings))
        assert [violation.packs for violation in report.violations] == asked
    assert "asked for by: ruritania" in report.to("text")
    assert '"packs": [\n        "ruritania"\n      ]' in report.to("json")


def test_paths_choose(house: Path) -> None:
    shop = "overrides:\n  - paths: shop/\n    profile: label\n  - paths: shop/old/\n    profile: editorial\n"
    assert found(house, "A wonder food.", shop) == [("wonder-food", "warning")]
    assert found(house, "A wonder food.", shop, "shop/jar.md") == [("wonder-food", "info")]
    assert found(house, "A wonder food.", shop, "shop/old/jar.md") == [("wonder-food", "warning")]


@pytest.mark.parametrize(
    ("name", "article"),
    [
        ("jar.md", "---\nhealthlint:\n  profile: label\n  packs: [ruritania]\n---\nA wonder food?\n"),
        ("jar.md", '+++\n[healthlint]\nprofile = "label"\npacks = ["ruritania"]\n+++\nA wonder food?\n'),
        (
            "jar.html",
            "<html><head><title>Jar</title><meta name='healthlint.profile' content='label'>"
            "<meta name='healthlint.packs' content='ruritania'></head><body><p>A wonder food?</p></body></html>",
        ),
    ],
)
def test_an_article_chooses_for_itself(house: Path, name: str, article: str) -> None:
    assert found(house, article, "profile: editorial\n", name) == [("wonder-food", "error")]


def test_what_an_article_chooses_in_vain_is_told_and_hides_nothing(house: Path) -> None:
    article = "---\ntitle: Jar\nhealthlint:\n  profile: labels\n  packs: [ruritannia]\n  pack: x\n---\nA wonder food.\n"
    data_file(house, "jar.md", article)
    report = lint(house / "jar.md", config=config(house))
    assert [failure.message for failure in report.failures] == [
        "line 4 of the article: there is no profile “labels”; did you mean “label”?",
        "line 5 of the article: there is no pack “ruritannia”; did you mean “ruritania”?",
        "line 6 of the article: there is no key “healthlint.pack”; did you mean “healthlint.packs”?",
    ]
    assert [violation.rule for violation in report.violations] == ["wonder-food"]
    assert report.exit_code == 2


def test_explain_profile_says_who_chose(house: Path) -> None:
    data_file(house, "a.md", "Text.\n")
    data_file(house, "b.md", "---\nhealthlint: {packs: ruritania}\n---\nText.\n")
    data_file(house, "shop/c.md", "Text.\n")
    config(house, "overrides:\n  - paths: shop/\n    profile: label\n")
    result = CliRunner().invoke(command, ["check", "--explain-profile", "."], standalone_mode=False)
    assert result.output.splitlines() == [
        "a.md: profile editorial (the default)",
        "b.md: profile editorial (the default), pack ruritania (line 2 of the article)",
        "shop/c.md: profile label (paths: shop/)",
    ]
    assert result.return_value == 0


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        (
            "profiles/label.yaml",
            "profile: jar\nabout: A jar.\n",
            "1: “profile” must be “label”, like the file",
        ),
        ("profiles/label.yaml", "profile: label\n", "1: a profile needs “about”"),
        (
            "profiles/label.yaml",
            "profile: label\nabout: A jar.\nselect: [tonic-words]\n",
            "3: “select”: there is no rule or family “tonic-words”; did you mean “tonic-word”?",
        ),
        (
            "profiles/label.yaml",
            "profile: label\nabout: A jar.\nunexcused: {questions: [house]}\n",
            "3: unknown key “questions”; did you mean “question”?",
        ),
        (
            "profiles/label.yaml",
            "profile: label\nabout: A jar.\ndisclaimer: [AB, F]\n",
            "3: “disclaimer: F” must be a list of components A to E",
        ),
        (
            "profiles/label.yaml",
            "profile: label\nabout: A jar.\nlimits: {wonder-food: 3}\n",
            "3: unknown key “wonder-food”",
        ),
        (
            "profiles/label.yaml",
            "profile: label\nabout: A jar.\npage: market\n",
            "3: “page: market” must be one of",
        ),
        (
            "packs/ruritania.yaml",
            "pack: ruritania\nabout: Law.\njurisdiction: Ruritania\nseverity: {wonder-food: info}\n",
            "4: “severity: wonder-food”: a pack never softens a rule; this one is warning everywhere",
        ),
        ("packs/ruritania.yaml", "pack: ruritania\nabout: Law.\n", "1: a pack needs “jurisdiction”"),
    ],
)
def test_a_fault_in_the_data_names_line_and_cure(house: Path, name: str, text: str, fault: str) -> None:
    data_file(house, f"rules/{name}", text)
    with pytest.raises(DataErrors) as raised:
        rulebook(house / "rules")
    said = [error for error in str(raised.value).splitlines() if f"rules/{name}" in error]
    assert len(said) == 1
    assert said[0].partition(f"rules/{name}:")[2].startswith(fault)


# --- those that come with healthlint -------------------------------------------------------------------


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return rulebook()


def test_nine_kinds_of_content_and_four_jurisdictions(book: Rulebook) -> None:
    assert sorted(book.profiles) == [
        "clinician",
        "editorial",
        "exercise",
        "mental-health",
        "news",
        "patient-leaflet",
        "product",
        "recipe",
        "research-summary",
    ]
    assert sorted(book.packs) == ["au-tga", "eu-nhcr", "uk-cap", "us-ftc-fda"]


def test_no_pack_softens_or_switches_off_anything_under_any_profile(book: Rulebook) -> None:
    for profile in book.profiles:
        without = {rule.id: rule for rule in Settings(profile=profile).enabled(book)}
        for pack in book.packs:
            under = {rule.id: rule for rule in Settings(profile=profile, packs=(pack,)).enabled(book)}
            assert without.keys() <= under.keys()
            for name, rule in without.items():
                assert SEVERITIES.index(under[name].severity) >= SEVERITIES.index(rule.severity), (pack, name)
                assert set(under[name].unless) <= set(rule.unless)


def test_each_pack_and_profile_changes_something(book: Rulebook) -> None:
    plain = {(rule.id, rule.severity, rule.limit, rule.unless) for rule in Settings().enabled(book)}
    for settings in (
        *(Settings(profile=name) for name in book.profiles if name != "editorial"),
        *(Settings(packs=(name,)) for name in book.packs),
    ):
        changed = {(rule.id, rule.severity, rule.limit, rule.unless) for rule in settings.enabled(book)}
        assert changed != plain, settings


def test_rules_of_a_jurisdiction_are_off_without_its_pack(book: Rulebook) -> None:
    jurisdiction = {rule.id for rule in book.rules if rule.family == "jurisdiction"}
    assert len(jurisdiction) >= 8
    assert jurisdiction.isdisjoint(rule.id for rule in Settings().enabled(book))
    on = {rule.id for rule in Settings(packs=tuple(sorted(book.packs))).enabled(book)}
    assert jurisdiction <= on
