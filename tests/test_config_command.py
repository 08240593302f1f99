"""`healthlint config`: what applies to an article, and who says so."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rulefolder import cached_rulebook

from healthlint.cli import command as healthlint

CONFIG = """\
ignore: [reading-grade]
severity: {sole-cause: error}
packs: [uk-cap]
exclude: [drafts/, "*.draft.md", "!fine.draft.md"]
locale: en-GB
limits: {review-overdue: 12}
site-disclaimer: [layouts/article.html]
overrides:
  - paths: [news/, "!news/live/"]
    profile: news
    severity: {overclaim: warning}
  - paths: news/**
    ignore: [safety-claim]
    exclude: "*.old.md"
  - paths: shop/
    select: [overclaim, long-sentence]
    packs: []
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("healthlint.config.rulebook", cached_rulebook)


def write(name: str, text: str = "# Tea\n\nTea is warm.\n") -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(healthlint, ("config", *arguments), standalone_mode=False)


def said(*arguments: str) -> dict[str, list[str]]:
    """The lines of the text, by the name before them."""
    done = run(*arguments)
    assert done.return_value == 0, done.output
    found: dict[str, list[str]] = {}
    for line in done.output.splitlines():
        name, value = line[:19].strip(), line[19:]
        if value:
            name = name or list(found)[-1]
            found.setdefault(name, []).append(" ".join(value.split()))
    return found


def article(name: str) -> dict:
    (found,) = json.loads(run("--output-format", "json", name).output)["articles"]
    return found


def why(name: str) -> dict[str, tuple[str | None, str | None, list[str]]]:
    """The rules that are not as by default: before, now and why."""
    return {
        each["rule"]: (each["default"], each["severity"], each["reasons"]) for each in article(name)["rules"]
    }


def test_an_article_without_any_configuration():
    write("tea.md")
    on = sum(rule.default for rule in cached_rulebook().rules)
    assert run("tea.md").output == (
        "tea.md\n"
        "  configuration    none\n"
        "  checked          yes\n"
        "  format           markdown\n"
        "  profile          editorial (the default)\n"
        "  packs            none\n"
        "  select           none (the default)\n"
        "  ignore           none (the default)\n"
        "  severity         none (the default)\n"
        "  limits           none (the default)\n"
        "  locale           none (the default)\n"
        "  site-disclaimer  none (the default)\n"
        "  overrides        none\n"
        "  suppressions     none\n"
        f"  rules            {on} on, {len(cached_rulebook().rules) - on} off; none not as by default\n"
        "\n"
    )


def test_who_says_what():
    write(".healthlint.yaml", CONFIG)
    write(
        "news/tea.md",
        "---\nhealthlint:\n  packs: [us-ftc-fda]\nlayout: article\n---\n\n# Tea\n\nTea is warm.\n\n"
        "<!-- healthlint-disable-line cure-claim until=2020-01-01 -- an old label -->\n",
    )
    found = said("news/tea.md")
    assert found["configuration"] == [".healthlint.yaml"]
    assert found["profile"] == ["news (paths: news/, !news/live/)"]
    assert found["packs"] == ["uk-cap (the configuration), us-ftc-fda (line 3 of the article)"]
    assert found["ignore"] == ["reading-grade, safety-claim (line 1 and overrides, line 12)"]
    assert found["severity"] == ["overclaim: warning, sole-cause: error (line 2 and overrides, line 9)"]
    assert found["locale"] == ["en-GB (line 5)"]
    assert found["site-disclaimer"] == ["layouts/article.html (line 7)", "this article uses one of them"]
    assert found["overrides"] == [
        "line 9: news/, !news/live/: profile: news; severity: overclaim: warning",
        "line 12: news/**: exclude: *.old.md; ignore: safety-claim",
    ]
    assert found["suppressions"] == ["line 11: disable-line cure-claim, ended 2020-01-01: an old label"]
    assert found["rules"][0].endswith(f" off; {len(found['rules']) - 1} not as by default")


def test_why_a_rule_is_as_it_is():
    write(".healthlint.yaml", CONFIG)
    write("news/tea.md")
    rules = why("news/tea.md")
    assert rules["reading-grade"] == ("info", None, ["`ignore` (line 1)"])
    assert rules["no-side-effects"] == ("error", None, ["`ignore` (line 12)"])
    assert rules["sole-cause"] == ("warning", "error", ["`severity` (line 2)"])
    assert rules["cure-claim"] == ("error", "warning", ["`severity` (line 9)"])
    assert rules["review-overdue"] == ("warning", None, ["profile news (paths: news/, !news/live/)"])
    assert rules["no-uncertainty"] == (None, "info", ["profile news (paths: news/, !news/live/)"])
    assert rules["uk-pom-promotion"] == (None, "error", ["pack uk-cap (the configuration)"])


def test_where_everything_else_is_said():
    write(
        ".healthlint.yaml",
        "packs: []\nprofile: news\nbaseline: known.json\nlimits:\n  review-overdue: 12\n  reading-grade: 9\n"
        "overrides:\n  - paths: [a/]\n    locale: en-GB\n    limits: {reading-grade: 10}\n"
        "    site-disclaimer: notice.html\n    select: [overclaim]\n    packs: [uk-cap]\n",
    )
    write("a/tea.md")
    write("known.json", '{"version": 1, "entries": {}}')
    found = said()
    assert found["profile"] == ["news (line 2)"]
    assert found["packs"] == ["none (line 1)"]
    assert found["baseline"] == ["known.json (line 3)"]
    assert found["limits"] == ["reading-grade: 9, review-overdue: 12 (line 4)"]
    assert found["overrides"] == [
        "line 8: a/: packs: uk-cap; select: overclaim; limits: reading-grade: 10; locale: en-GB; "
        "site-disclaimer: notice.html"
    ]
    write("tea.md")
    rules = {each["rule"]: each for each in article("tea.md")["rules"]}
    assert rules["reading-grade"]["reasons"] == ["`limits` (line 4)"]


def test_a_pack_that_makes_a_rule_graver():
    write(".healthlint.yaml", "packs: [uk-cap]\n")
    write("a.md")
    rules = why("a.md")
    assert rules["professional-endorsement"] == ("info", "error", ["pack uk-cap (the configuration)"])
    assert rules["uk-pom-promotion"] == (None, "error", ["pack uk-cap (the configuration)"])
    assert list(rules) == sorted(rules)


def test_the_last_override_that_says_something_of_a_rule():
    write(
        ".healthlint.yaml",
        "limits: {reading-grade: 9}\noverrides:\n  - paths: [a/]\n    limits: {reading-grade: 11}\n"
        "  - paths: [a/]\n    limits: {review-overdue: 5}\n",
    )
    write("a/tea.md")
    rules = {each["rule"]: each for each in article("a/tea.md")["rules"]}
    assert rules["reading-grade"]["reasons"] == ["`limits` (line 3)"]


def test_why_under_a_selection():
    write(".healthlint.yaml", CONFIG)
    write("shop/tea.md")
    rules = why("shop/tea.md")
    assert rules["no-sources"] == ("warning", None, ["`select` (line 15) does not name it"])
    assert rules["long-sentence"] == (None, "info", ["`select` (line 15)"])
    assert "cure-claim" not in rules
    assert article("shop/tea.md")["packs"] == []


def test_a_limit_of_ones_own_and_of_a_profile():
    write(".healthlint.yaml", "limits: {review-overdue: 12}\nprofile: patient-leaflet\n")
    write("tea.md")
    rules = {each["rule"]: each for each in article("tea.md")["rules"]}
    assert rules["review-overdue"]["limit"] == 12
    assert rules["review-overdue"]["reasons"] == ["`limits` (line 1)"]
    assert rules["reading-grade"]["limit"] == 8
    assert rules["reading-grade"]["reasons"] == ["profile patient-leaflet (the configuration)"]
    assert "limit 12 `limits` (line 1)" in " ".join(said("tea.md")["rules"])


@pytest.mark.parametrize(
    ("name", "glob"),
    [
        ("drafts/deep/tea.md", "drafts/"),
        ("tea.draft.md", "*.draft.md"),
        ("fine.draft.md", ""),
        ("news/tea.old.md", "*.old.md"),
        ("tea.old.md", ""),
    ],
)
def test_whether_and_by_which_glob_it_is_excluded(name, glob):
    write(".healthlint.yaml", CONFIG)
    write(name)
    assert article(name)["excluded_by"] == glob
    assert article(name)["checked"] is not glob
    expected = [f"no: `exclude` has “{glob}”"] if glob else ["yes"]
    assert said(name)["checked"] == expected


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("public/tea.md", "Git ignores “public/”"),
        ("site/tea.tmp.md", "Git ignores “site/tea.tmp.md”"),
        ("site/kept.tmp.md", ""),
        (".github/tea.md", "“.github/” is never searched"),
        ("node_modules/a/tea.md", "“node_modules/” is never searched"),
        ("site/.tea.md", "“site/.tea.md” is never searched"),
        ("tea.adoc", "its ending is none of .md .markdown .mdx .html .htm .php .rst .txt"),
        ("site/tea.MD", ""),
    ],
)
def test_what_folders_are_searched_for(name, reason):
    write(".git/HEAD", "")
    write(".gitignore", "/public/\n*.tmp.md\n")
    write("site/.gitignore", "!kept.tmp.md\n")
    write(name)
    assert article(name)["passed_over"] == reason
    expected = ["yes", f"when it is named; in folders it is passed over: {reason}"] if reason else ["yes"]
    assert said(name)["checked"] == expected
    found = CliRunner().invoke(healthlint, ("check", "--explain-profile"), standalone_mode=False).output
    assert (f"{name}: " in found) is not bool(reason)


def test_the_baseline():
    write("a.md", "Our tea cures gout.\n")
    write("b.md")
    write("known/README")
    check = partial(CliRunner().invoke, healthlint, standalone_mode=False)
    check(("check", "--write-baseline", "known/old.json"))
    count = len(check(("check", "a.md", "--quiet")).output.splitlines())
    write(".healthlint.yaml", "baseline: known/old.json\n")
    assert said("a.md")["baseline"] == [f"known/old.json: knows {count} violations in it"]
    write(".healthlint.yaml", "baseline: gone.json\n")
    assert "gone.json: does not exist" in str(run("a.md").exception)


def test_the_configuration_in_general():
    write(".healthlint.yaml", CONFIG)
    found = said()
    assert found["packs"] == ["uk-cap (line 3)"]
    assert found["exclude"] == ["drafts/, *.draft.md, !fine.draft.md (line 4)"]
    assert found["select"] == ["none (the default)"]
    assert found["overrides"][2] == ("line 15: shop/: packs: none; select: overclaim, long-sentence")
    assert "sole-cause warning → error `severity` (line 2)" in found["rules"]
    as_json = json.loads(run("--output-format", "json").output)
    assert [each["key"] for each in as_json["values"]] == [
        "select", "ignore", "severity", "limits", "locale", "site-disclaimer", "profile", "packs", "exclude",
        "rules, packages", "baseline",
    ]  # fmt: skip
    assert as_json["overrides"][0] == {
        "line": 9,
        "paths": ["news/", "!news/live/"],
        "values": {"profile": ["news"], "severity": ["overclaim: warning"]},
    }


def test_a_configuration_in_pyproject_toml():
    write(
        "pyproject.toml",
        '[project]\nname = "x"\n\n[tool.healthlint]\nignore = ["reading-grade"]\n\n'
        '[[tool.healthlint.overrides]]\npaths = ["a.md"]\nprofile = "recipe"\n',
    )
    write("a.md")
    found = said("a.md")
    assert found["configuration"] == ["pyproject.toml"]
    assert found["ignore"] == ["reading-grade (line 5)"]
    assert found["overrides"] == ["line 7: a.md: profile: recipe"]


def test_files_that_cannot_be_read():
    write("tea.md")
    done = run("gone.md", "tea.md")
    assert done.return_value == 2
    assert "gone.md: failure: cannot be read: No such file or directory" in done.output
    assert "tea.md\n  configuration" in done.output


def test_vain_choices_of_the_article_are_told():
    write("tea.md", "---\nhealthlint: {profile: newz}\n---\n# Tea\n")
    assert said("tea.md")["packs"] == [
        "none",
        "failure: line 2 of the article: there is no profile “newz”; did you mean “news”?",
    ]


def test_nothing_steers_the_terminal():
    write("tea\x1b[31m.md", "<!-- healthlint-disable-line -- \x1b[31mred -->\n")
    done = run("tea\x1b[31m.md")
    assert "\x1b" not in done.output
    assert "tea\\x1b[31m.md" in done.output
