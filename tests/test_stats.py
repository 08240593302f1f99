"""`healthlint stats`, and what it counts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rulefolder import cached_rulebook

from healthlint.commands.stats import command
from healthlint.report import Checked, Report
from healthlint.span import Position, Span
from healthlint.statistics import statistics
from healthlint.violation import Violation

HOUSE = Path(__file__).parent / "house"


def violation(path: str, rule: str = "cure-claim", severity: str = "error") -> Violation:
    place = Position(1, 1)
    return Violation(rule, "overclaim", severity, "", path, Span(0, 1), place, place, "x", "")


def report(*violations: Violation, articles: dict[str, str]) -> Report:
    checked = tuple(
        Checked(path, "markdown", "", profile, (), ()) for path, profile in articles.items()
    )  # fmt: skip
    return Report(violations, checked=checked)


def counts(tallies) -> list[tuple[object, ...]]:
    return [(each.name, each.violations, each.affected, each.articles) for each in tallies]


def test_rules_folders_profiles_and_articles():
    found = statistics(
        report(
            violation("site/a/x.md"),
            violation("site/a/x.md"),
            violation("site/a/y.md", "no-author", "warning"),
            violation("site/b/z.md", "no-author", "warning"),
            violation("site/b/z.md", "reading-grade", "info"),
            violation("site/b/z.md", "reading-grade", "info"),
            violation("site/b/z.md", "reading-grade", "info"),
            articles={
                "site/a/x.md": "editorial",
                "site/a/y.md": "editorial",
                "site/b/z.md": "news",
                "site/c/clean.md": "recipe",
            },
        )
    )
    assert found.total == ("", 2, 2, 3, 3, 4)
    assert counts(found.rules) == [
        ("reading-grade", 3, 1, 4),
        ("cure-claim", 2, 1, 4),
        ("no-author", 2, 2, 4),
    ]
    assert counts(found.folders) == [("site/b/", 4, 1, 1), ("site/a/", 3, 2, 2), ("site/c/", 0, 0, 1)]
    assert counts(found.profiles) == [("news", 4, 1, 1), ("editorial", 3, 2, 2), ("recipe", 0, 0, 1)]
    assert [each.name for each in found.articles] == ["site/a/x.md", "site/b/z.md", "site/a/y.md"]
    assert found.folders[1] == ("site/a/", 2, 1, 0, 2, 2)


@pytest.mark.parametrize(
    ("depth", "folders"),
    [
        (0, ["site/"]),
        (1, ["site/", "site/a/", "site/b/"]),
        (2, ["site/", "site/a/one/", "site/b/"]),
    ],
)
def test_folders_are_counted_from_the_one_that_holds_them_all(depth, folders):
    paths = ["site/index.md", "site/a/one/two/x.md", "site/b/y.md"]
    found = statistics(report(articles=dict.fromkeys(paths, "editorial")), depth)
    assert sorted(each.name for each in found.folders) == folders


def test_folders_that_nothing_holds():
    paths = ["x.md", "../other/y.md", "/elsewhere/deep/down/here/z.md"]
    found = statistics(report(articles=dict.fromkeys(paths, "editorial")), 2)
    assert sorted(each.name for each in found.folders) == ["../other/", "./", "/elsewhere/"]


def test_nothing_at_all():
    found = statistics(report(articles={}))
    assert found.total.articles == 0
    assert (found.rules, found.folders, found.profiles, found.articles) == ((), (), (), ())


# --- the command ---------------------------------------------------------------------------------------


@pytest.fixture
def stats(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("healthlint.config.rulebook", cached_rulebook)
    shutil.copytree(HOUSE, "house")
    Path(".healthlint.yaml").write_text("rules: house\nselect: [house, shouting, suppression]\n")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(command, arguments, standalone_mode=False)

    return run


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


CLAIM = "This tonic cures everything.\n"


def test_the_tables(stats):
    write("site/herbs/a.md", CLAIM * 2)
    write("site/herbs/b.md", CLAIM)
    write("site/rest/c.md", "Rest well.\n")
    done = stats("site")
    assert done.return_value == 0
    assert done.output == (
        "3 violations in 2 of 3 articles: 3 errors, 0 warnings, 0 info.\n"
        "\n"
        "RULE         VIOLATIONS  SHARE  ERRORS  WARNINGS  INFO  ARTICLES  OF\n"
        "tonic-claim           3  100 %       3         0     0         2   3  67 %\n"
        "\n"
        "FOLDER       VIOLATIONS  SHARE  ERRORS  WARNINGS  INFO  ARTICLES  OF\n"
        "site/herbs/           3  100 %       3         0     0         2   2  100 %\n"
        "site/rest/            0    0 %       0         0     0         0   1    0 %\n"
        "\n"
        "PROFILE    VIOLATIONS  SHARE  ERRORS  WARNINGS  INFO  ARTICLES  OF\n"
        "editorial           3  100 %       3         0     0         2   3  67 %\n"
        "\n"
        "ARTICLE          VIOLATIONS  SHARE  ERRORS  WARNINGS  INFO\n"
        "site/herbs/a.md           2   67 %       2         0     0\n"
        "site/herbs/b.md           1   33 %       1         0     0\n"
    )


def test_so_many_rows_and_no_more(stats):
    for name in "abcd":
        write(f"{name}.md", CLAIM)
    assert "and 2 more; `--top 0` shows all\n" in stats("--top", "2").output
    assert "more;" not in stats("--top", "0").output


def test_as_json(stats):
    write("a.md", CLAIM)
    write("b.md", "Rest.\n")
    found = json.loads(stats("--output-format", "json").output)
    assert found["total"] == {
        "violations": 1, "error": 1, "warning": 0, "info": 0, "affected": 1, "articles": 2,
    }  # fmt: skip
    assert found["folders"] == [{"name": "./", **found["total"]}]
    assert list(found) == ["schema", "total", "rules", "folders", "profiles", "articles", "failures"]


def test_what_cannot_be_read_is_a_failure_and_the_rest_is_counted(stats):
    write("a.md", CLAIM)
    done = stats("a.md", "gone.md")
    assert done.return_value == 2
    assert "1 violation in 1 of 1 article: 1 error, " in done.output
    assert "gone.md: failure: does not exist" in done.output


def test_a_file_name_steers_no_terminal(stats):
    write("a\x1b[31m.md", CLAIM)
    write("::error::b.md", CLAIM)
    assert "\x1b" not in stats().output
    assert "a\\x1b[31m.md" in stats().output
    assert "\n\\x3a:error::b.md  " in stats().output


def test_a_share_is_nothing_or_all_only_when_it_is(stats):
    for number in range(201):
        write(f"{number}.md", CLAIM if number else "Rest.\n")
    rows = stats("--top", "1").output
    assert "  200  201  >99 %" in rows
    assert "<1 %" in rows
