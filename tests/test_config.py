import re
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from rulefolder import cached_rulebook

from healthlint.config import Config, nearest_config, read_config
from healthlint.errors import DataErrors
from healthlint.rulebook import rulebook
from healthlint.settings import Settings
from healthlint.tomlfile import toml_node

TONIC = Path(__file__).parent / "house"
BOOK = rulebook(TONIC)


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("healthlint.config.rulebook", cached_rulebook)
    shutil.copytree(TONIC, tmp_path / "house")


def config(text: str, name: str = ".healthlint.yaml") -> Config:
    Path(name).write_text(text, encoding="utf-8")
    return read_config(Path(name))


def faults(text: str, name: str = ".healthlint.yaml") -> list[str]:
    with pytest.raises(DataErrors) as raised:
        config(text, name)
    return str(raised.value).splitlines()


# --- which file ----------------------------------------------------------------------------------------


def test_the_nearest_file_upwards_governs(tmp_path):
    below = tmp_path / "site" / "articles"
    below.mkdir(parents=True)
    assert nearest_config(below) is None
    (tmp_path / "pyproject.toml").write_text("[tool.healthlint]\n")
    assert nearest_config(below) == tmp_path / "pyproject.toml"
    (tmp_path / "site" / ".healthlint.yaml").write_text("exclude: drafts\n")
    assert nearest_config(below) == tmp_path / "site" / ".healthlint.yaml"


def test_a_pyproject_without_the_table_is_passed_over(tmp_path):
    below = tmp_path / "site"
    below.mkdir()
    (tmp_path / ".healthlint.yaml").write_text("exclude: drafts\n")
    (below / "pyproject.toml").write_text('[project]\ndependencies = ["healthlint"]\n')
    assert nearest_config(below) == tmp_path / ".healthlint.yaml"


def test_in_one_folder_the_yaml_file_comes_first(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.healthlint]\n")
    (tmp_path / ".healthlint.yaml").write_text("exclude: drafts\n")
    assert nearest_config(tmp_path) == tmp_path / ".healthlint.yaml"


def test_somebody_elses_broken_pyproject_is_none_of_our_business(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project\n")
    assert nearest_config(tmp_path) is None


def test_a_broken_pyproject_that_configures_us_stops_the_search(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.healthlint]\nselect = ["overclaim"\n\nignore = 1\n')
    with pytest.raises(DataErrors, match=r"^pyproject.toml:4: not valid TOML: Unclosed array"):
        nearest_config(tmp_path)


# --- what it says --------------------------------------------------------------------------------------

YAML = """\
rules: house
select: [house, tonic-claim]
ignore:
  - suppression
severity: {tonic-claim: info}
profile: editorial
exclude: ["drafts/", "*.tmp.md"]
site-disclaimer: [partials/disclaimer.html, MedicalNotice]
overrides:
  - paths: news/**
    select: suppression
    severity:
      house: warning
  - paths: [news/*.md, "!news/live.md"]
    ignore: [tonic-claim]
    exclude: news/old.md
    site-disclaimer: []
"""
TOML = """\
[project]
name = "site"

[tool.healthlint]
rules = ["house"]
select = ["house", "tonic-claim"]
ignore = [
    "suppression",  # not yet
]
severity = { tonic-claim = "info" }
profile = "editorial"
exclude = ["drafts/", "*.tmp.md"]
site-disclaimer = ["partials/disclaimer.html", "MedicalNotice"]

[[tool.healthlint.overrides]]
paths = ["news/**"]
select = ["suppression"]
severity.house = "warning"

[[tool.healthlint.overrides]]
paths = ["news/*.md", "!news/live.md"]
ignore = ["tonic-claim"]
exclude = ["news/old.md"]
site-disclaimer = []
"""


@pytest.mark.parametrize(("text", "name"), [(YAML, ".healthlint.yaml"), (TOML, "pyproject.toml")])
def test_both_forms_say_the_same(text, name):
    found = config(text, name)
    assert found.base == Settings(
        select=("house", "tonic-claim"),
        ignore=("suppression",),
        severity=(("tonic-claim", "info"),),
        profile="editorial",
        site_disclaimer=("partials/disclaimer.html", "MedicalNotice"),
    )
    assert found.settings("sleep.md") == found.base
    assert found.settings("news/deep/sleep.md") == replace(
        found.base, select=("suppression",), severity=(("house", "warning"), ("tonic-claim", "info"))
    )
    assert found.settings("news/sleep.md") == replace(
        found.settings("news/deep/sleep.md"), ignore=("suppression", "tonic-claim"), site_disclaimer=()
    )
    assert found.settings("news/live.md") == found.settings("news/deep/sleep.md")
    assert [
        path for path in ("drafts/", "a/drafts/x.md", "x.tmp.md", "news/old.md") if found.excludes(path)
    ] == [
        "drafts/",
        "a/drafts/x.md",
        "x.tmp.md",
        "news/old.md",
    ]
    assert not found.excludes("sleep.md")
    assert not found.excludes("old.md")
    assert "tonic-claim" in {rule.id for rule in found.rulebook.rules}


def test_globs_are_relative_to_the_file_and_not_to_the_working_directory(tmp_path, monkeypatch):
    found = config("exclude: /drafts/*.md\n")
    (tmp_path / "drafts").mkdir()
    monkeypatch.chdir(tmp_path / "drafts")
    assert found.excludes("sleep.md")
    assert found.excludes(tmp_path / "drafts" / "sleep.md")
    assert not found.excludes("drafts/sleep.md")
    assert not found.excludes("../../drafts/sleep.md")


def test_an_explicit_file_may_have_any_name(tmp_path):
    (tmp_path / "ci").mkdir()
    found = config("exclude: ../drafts\nignore: suppression\n", "ci/strict.yml")
    assert found.base.ignore == ("suppression",)
    assert found.path.parent == tmp_path / "ci"


# --- which rules are on --------------------------------------------------------------------------------


def on(settings: Settings) -> dict[str, str]:
    return {
        rule.id: rule.severity for rule in settings.enabled(BOOK) if rule.family in ("house", "suppression")
    }


@pytest.mark.parametrize(
    ("settings", "enabled"),
    [
        (Settings(), {"suppression-without-reason", "tonic-claim", "unused-suppression"}),
        (Settings(select=("tonic-claim",)), {"tonic-claim"}),
        (Settings(select=("house",)), {"tonic-claim"}),
        (Settings(select=("shouting",)), {"shouting"}),
        (Settings(select=("house", "shouting")), {"tonic-claim", "shouting"}),
        (Settings(ignore=("suppression",)), {"tonic-claim"}),
        (Settings(select=("tonic-claim",), ignore=("house",)), set()),
        (Settings(select=("suppression",), ignore=("unused-suppression",)), {"suppression-without-reason"}),
    ],
)
def test_selected_and_ignored(settings, enabled):
    assert set(on(settings)) == enabled


def test_severity_by_id_comes_before_severity_by_family():
    settings = Settings(
        select=("house", "shouting"), severity=(("house", "info"), ("tonic-claim", "warning"))
    )
    assert on(settings) == {"tonic-claim": "warning", "shouting": "info"}


def test_options_replace_the_selection_and_add_to_what_is_ignored():
    found = config(YAML).narrowed(["shouting"], ["tonic-claim"])
    assert found.base.select == ("shouting",)
    assert found.base.ignore == ("suppression", "tonic-claim")
    assert found.settings("news/deep/sleep.md").select == ("shouting",)
    assert config(YAML).narrowed([], []) == config(YAML)


def test_options_name_rules_that_exist():
    with pytest.raises(DataErrors) as raised:
        config(YAML).narrowed(["tonic-clam"], ["unheard-of"])
    assert str(raised.value).splitlines() == [
        "--select: there is no rule or family “tonic-clam”; did you mean “tonic-claim”?",
        "--ignore: there is no rule or family “unheard-of”; `healthlint rules` lists them",
    ]


# --- what is wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selct: [house]\n", "1: unknown key “selct”; did you mean “select”?"),
        (
            "rules: house\n\nselect:\n  - suppression\n  - tonic-clam\n",
            "5: “select”: there is no rule or family “tonic-clam”; did you mean “tonic-claim”?",
        ),
        ("ignore: {tonic-claim: yes}\n", "1: “ignore” must be a list"),
        (
            "ignore: [[suppression]]\n",
            "1: “ignore” must be a list of texts; quote an item that holds “: ” or begins with [ or {",
        ),
        ("severity: error\n", "1: “severity” must be a mapping of rule ids to error, warning or info"),
        (
            "severity:\n  suppression: warn\n",
            "2: “severity: suppression” must be error, warning or info; did you mean “warning”?",
        ),
        (
            "severity:\n  suppression: off\n",
            "2: “severity: suppression” must be error, warning or info; to switch it off, put it under “ignore”",
        ),
        (
            "severity:\n  unused: error\n",
            "2: “severity”: there is no rule or family “unused”; `healthlint rules` lists them",
        ),
        ("profile: magazine\n", "1: “profile: magazine” must be one of editorial"),
        ("profile: [editorial]\n", "1: “profile” must be text, not a list"),
        ("exclude: true\n", "1: “exclude” must be a list of globs, not true"),
        (
            "exclude:\n  - drafts/\n  - '[z-a].md'\n",
            "3: “exclude”: “[z-a].md” is no glob; globs are written as in .gitignore, with few stars",
        ),
        ("overrides:\n  - paths: 'old\\'\n", "2: “paths”: “old\\” is no glob"),
        (
            "site-disclaimer: yes\n",
            "1: “site-disclaimer” must be a list of layouts, partials, shortcodes or components, not yes",
        ),
        ("rules: [hose]\n", "1: “rules”: there is no folder “hose” beside this file"),
        ("overrides: news\n", "1: “overrides” must be a list of mappings, each with “paths”"),
        ("overrides:\n  - ignore: suppression\n", "2: an item of “overrides” needs “paths”"),
        (
            "overrides:\n  - paths: a\n    rules: house\n",
            "3: unknown key “rules”; known: paths, select, ignore, severity, profile, packs, limits, locale, exclude, site-disclaimer",
        ),
        ("- select\n", "1: the configuration must be a mapping of keys to values"),
        ("ignore: suppression\nignore: house\n", "2: the key “ignore” stands here twice; keep one"),
        ("exclude: [a\n", "2: not valid YAML: did not find expected ',' or ']'"),
    ],
)
def test_a_broken_yaml_file_names_the_line_and_what_to_write(text, said):
    found = faults(text)
    assert len(found) == 1
    assert found[0].startswith(f".healthlint.yaml:{said}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[tool.healthlint]\nselct = ["house"]\n', "2: unknown key “selct”; did you mean “select”?"),
        (
            '[tool.healthlint]\nselect = [\n  "suppression",\n  "tonic-clam",\n]\nrules = "house"\n',
            "4: “select”: there is no rule or family “tonic-clam”; did you mean “tonic-claim”?",
        ),
        ("[tool.healthlint]\nexclude = true\n", "2: “exclude” must be a list of globs, not true"),
        ("[tool]\nhealthlint = 3\n", "2: the configuration must be a mapping of keys to values"),
        (
            "[tool.healthlint.severity]\n'suppression' = \"warn\"\n",
            "2: “severity: suppression” must be error",
        ),
        (
            '[[tool.healthlint.overrides]]\npaths = "a"\n[[tool.healthlint.overrides]]\n',
            "3: an item of “overrides” needs “paths”",
        ),
        ("# healthlint\n[project]\n", " has no table [tool.healthlint]"),
        ('[tool.healthlint]\nselect = "house\n', "2: not valid TOML: Illegal character '\\n'"),
        ("[tool.healthlint]\nignore = []\nignore = []\n", "3: not valid TOML: Cannot overwrite a value"),
    ],
)
def test_a_broken_toml_file_names_the_line_and_what_to_write(text, said):
    found = faults(text, "pyproject.toml")
    assert len(found) == 1
    assert found[0].startswith(f"pyproject.toml:{said}")


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    (broken := Path("own")).mkdir()
    (broken / "rule.yaml").write_text("id: rule\nseverty: error\n")
    found = faults(
        "select: [a]\nprofil: x\nexclude: {a: b}\nrules: own\nseverity: {unused-suppression: bad}\n"
    )
    assert [line.split(": ")[0] for line in found[:3]] == [f".healthlint.yaml:{line}" for line in (2, 3, 5)]
    # With a broken rule nobody can say which names are wrong, so “a” is not called unknown.
    assert found[3].startswith("own/rule.yaml:")
    assert any("unknown key “severty”; did you mean “severity”?" in line for line in found)


@pytest.mark.parametrize("name", [".healthlint.yaml", "pyproject.toml"])
def test_a_file_that_cannot_be_read_is_named(name):
    Path(name).write_bytes(b"# healthlint \xff\n")
    with pytest.raises(DataErrors, match=rf"^{name}: cannot be read: 'utf-8' codec"):
        read_config(Path(name))
    Path(name).unlink()
    with pytest.raises(DataErrors, match=rf"^{name}: (does not exist|cannot be read)"):
        read_config(Path(name))


# --- TOML with lines -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a = 'x'\n[b]\nc = [\"y\", 'z',]\n",
        'a."b.c".d = "x"\n[a.e]\nf = {g = "h", i.j = "k"}\n',
        '[[a]]\nb = "1"\n[[a]]\n[a.c]\nd = "2"\n[[a.e]]\nf = "3"\n',
        'a = """\none "two" \\\n   three""" # four\nb = \'\'\'x\ny\'\'\'\nc = "\\u00e9 \\" ]"\n',
        '"quoted key" = "x"\n\'another\'.b = []\n',
        'a = [[], [["x"]], {}]\r\nb = "y"\r\n',
    ],
)
def test_toml_values_are_what_tomllib_says(text):
    assert toml_node(text, "x.toml").plain() == tomllib.loads(text)


def test_toml_keys_and_values_know_their_lines():
    node = toml_node('# top\na = [\n  "x",\n\n  "y" ]\n\n[b.c]\nd = """\n\n"""\ne = "z"\n', "x.toml")
    (a, array), (b, table) = node.pairs
    assert (a.line, [item.line for item in array.items]) == (2, [3, 5])
    assert b.line == 7
    assert [(key.text, key.line) for key, _ in table.pairs[0][1].pairs] == [("d", 8), ("e", 11)]


def test_toml_nested_without_end_is_an_error_and_no_traceback():
    with pytest.raises(DataErrors, match="nested too deeply"):
        toml_node("a = " + "[" * 50_000 + "]" * 50_000, "x.toml")


def test_a_number_too_long_for_python_is_an_error_and_no_traceback():
    with pytest.raises(DataErrors, match=r"^x\.toml:1: not valid TOML: Exceeds the limit"):
        toml_node("a = " + "9" * 50_000, "x.toml")


# --- the documentation ---------------------------------------------------------------------------------

DOCS = Path(__file__).parent.parent / "docs" / "configuration.md"


def test_the_documented_examples_say_the_same_and_name_rules_that_exist():
    Path("editorial-rules").mkdir()
    yaml, toml, _ = re.findall(r"```(?:yaml|toml)\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    first, second = config(yaml), config(toml, "pyproject.toml")
    assert replace(first, path=None) == replace(second, path=None)
    assert first.settings("news/a.md").severity == (("overclaim", "warning"), ("sole-cause", "error"))
    assert first.settings("news/live/a.md").severity == (("sole-cause", "error"),)


def test_every_key_is_documented():
    documented = re.findall(r"^\| `([a-z-]+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert {
        "select",
        "ignore",
        "severity",
        "profile",
        "packs",
        "limits",
        "locale",
        "exclude",
        "rules",
        "packages",
        "site-disclaimer",
        "overrides",
    } <= set(documented)


# --- rules from installed packages ---------------------------------------------------------------------


@pytest.fixture
def published(tmp_path, monkeypatch):
    """An installed distribution that publishes the house rules as “tonics”, and a broken one."""
    site = tmp_path / "site-packages"
    shutil.copytree(TONIC, site / "tonic_rules")
    info = site / "tonic_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tonic-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[healthlint.rules]\ntonics = tonic_rules\ngone = nowhere.at_all\nmodule = colorsys\n"
    )
    monkeypatch.syspath_prepend(site)


@pytest.mark.usefixtures("published")
def test_an_installed_package_brings_rules_when_it_is_named():
    assert "tonic-claim" not in config("select: overclaim\n").rulebook.names
    found = config("packages: [tonics]\nselect: [tonic-claim]\n")
    assert [rule.id for rule in found.base.enabled(found.rulebook)] == ["tonic-claim"]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tonic", "there is no installed package of rules “tonic”; did you mean “tonics”?"),
        ("gone", "“gone” should be a package with YAML files; nowhere.at_all is none"),
        ("module", "“module” should be a package with YAML files; colorsys is none"),
    ],
)
def test_a_package_that_is_not_there_is_told(name, said):
    assert faults(f"packages: [{name}]\n") == [f".healthlint.yaml:1: “packages”: {said}"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("locale: British\n", "“locale: British” must be a language and a country, as in en-GB or en-US"),
        ("packs: [uk]\n", "“packs”: there is no pack “uk”"),
        ("limits: {cure-claim: 2}\n", "unknown key “cure-claim”"),
    ],
)
def test_faults_of_packs_limits_and_locale(text, said):
    assert faults(text)[0].startswith(f".healthlint.yaml:1: {said}")


def test_packs_limits_and_locale_are_read_and_overridden():
    found = config(
        "packs: [uk-cap]\nlocale: en-GB\nlimits: {reading-grade: 9}\n"
        "overrides:\n  - paths: us/\n    packs: [us-ftc-fda]\n    locale: en-US\n    limits: {review-overdue: 24}\n"
    )
    assert found.base == Settings(packs=("uk-cap",), locale="en-GB", limits=(("reading-grade", 9),))
    assert found.settings("us/a.md") == Settings(
        packs=("us-ftc-fda",), locale="en-US", limits=(("reading-grade", 9), ("review-overdue", 24))
    )
    by_id = {rule.id: rule for rule in found.settings("us/a.md").enabled(found.rulebook)}
    assert (by_id["reading-grade"].limit, by_id["review-overdue"].limit) == (9, 24)
