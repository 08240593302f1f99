"""The audit record: complete, the same each time, and different where the rules are."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from reported import CLAIMS
from rulefolder import data_file, rule_file, stops_file

from healthlint.baseline import Baseline, fingerprints
from healthlint.changes import Changes
from healthlint.config import Config, read_config
from healthlint.files import articles
from healthlint.report import Report
from healthlint.rulebook import Rulebook, rulebook
from healthlint.run import lint_text, report_of, unread_of

DOCS = Path(__file__).parent.parent / "docs"

SUPPRESSING = """\
# Sciatica

<!-- healthlint-disable-next-line cure-claim until=2999-12-31 -- the label of 1910 -->
This balm cures sciatica. It cures gout.

<!-- healthlint-disable-next-line cure-claim until=2020-01-31 -- for the winter -->
Our tea cures colds.

<!-- healthlint-disable-next-line overclaim -->
Most people like to walk. None of them is sure.
"""


def record(report: Report) -> dict[str, Any]:
    rendered = report.to("audit-json")
    assert rendered.isascii()
    return json.loads(rendered)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return rulebook()


@pytest.fixture
def folder(tmp_path, monkeypatch, book):
    monkeypatch.setattr("healthlint.config.rulebook", lambda *_folders: book)  # read once is enough
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".healthlint.yaml").write_text(
        "overrides:\n  - paths: [news/]\n    profile: news\n    packs: [uk-cap]\n", encoding="utf-8"
    )
    (tmp_path / "news").mkdir()
    (tmp_path / "a.md").write_text(SUPPRESSING, encoding="utf-8")
    (tmp_path / "news" / "b.html").write_bytes(b"\xef\xbb\xbf<p>This balm cures sciatica.</p>\r\n")
    (tmp_path / "c.md").write_bytes(b"\0" * 100)
    return tmp_path


def of_folder(**options: object) -> Report:
    config = read_config(Path(".healthlint.yaml"))
    return report_of(unread_of(articles(["."])), config, **options)


# --- the same each time --------------------------------------------------------------------------------


def test_two_runs_differ_only_in_the_date(folder):
    """In processes of their own, in which sets are in another order."""
    texts = []
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "healthlint", "check", ".", "--output", f"audit-json:{seed}.json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        )
        texts.append(Path(f"{seed}.json").read_text(encoding="ascii"))
    dates = [json.loads(text)["date"] for text in texts]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date) for date in dates)
    first, second = (text.replace(date, "DATE", 1) for text, date in zip(texts, dates, strict=True))
    assert first == second
    found = json.loads(first)
    assert found["violations"]
    assert found["suppressions"]
    assert found["failures"]


def test_it_asks_for_the_version_of_spacy_without_loading_it():
    code = "import sys; from healthlint.report import Report; Report().to('audit-json'); print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# --- complete ------------------------------------------------------------------------------------------


def test_what_was_checked_with_what(folder):
    found = record(of_folder())
    assert found["schema"] == 1
    assert found["versions"] == {
        "healthlint": version("healthlint"),
        "python": ".".join(map(str, sys.version_info[:3])),
        "spacy": version("spacy"),
    }
    assert found["configuration"] == {
        "path": ".healthlint.yaml",
        "sha256": hashlib.sha256(Path(".healthlint.yaml").read_bytes()).hexdigest(),
    }
    assert found["articles"] == [
        {
            "path": "a.md",
            "sha256": hashlib.sha256(Path("a.md").read_bytes()).hexdigest(),
            "format": "markdown",
            "profile": "editorial",
            "packs": [],
        },
        {
            "path": "news/b.html",
            "sha256": hashlib.sha256(Path("news/b.html").read_bytes()).hexdigest(),
            "format": "html",
            "profile": "news",
            "packs": ["uk-cap"],
        },
    ]
    assert [each["path"] for each in found["failures"]] == ["c.md"]
    assert found["summary"]["exit_code"] == 2


def test_without_a_configuration_there_is_none():
    assert record(lint_text(CLAIMS))["configuration"] is None


def test_a_configuration_is_read_only_once():
    """As with `--config <(command)`: what a pipe held is gone once it was read."""
    out, into = os.pipe()
    with open(into, "w") as file:
        file.write("ignore: [cure-claim]")
    config = read_config(Path(f"/dev/fd/{out}"))
    os.close(out)
    assert record(lint_text(CLAIMS, config=config))["configuration"] == {
        "path": f"/dev/fd/{out}",
        "sha256": hashlib.sha256(b"ignore: [cure-claim]").hexdigest(),
    }


def test_every_suppression_is_told_whether_it_covers_anything_or_not(folder):
    found = record(of_folder())["suppressions"]
    assert [
        {**each, "violations": [covered["text"] for covered in each["violations"]]} for each in found
    ] == [
        {
            "path": "a.md",
            "line": 3,
            "column": 6,
            "action": "disable-next-line",
            "rules": ["cure-claim"],
            "reason": "the label of 1910",
            "until": "2999-12-31",
            "expired": False,
            "violations": ["cures sciatica", "cures gout"],
        },
        {
            "path": "a.md",
            "line": 6,
            "column": 6,
            "action": "disable-next-line",
            "rules": ["cure-claim"],
            "reason": "for the winter",
            "until": "2020-01-31",
            "expired": True,
            "violations": [],
        },
        {
            "path": "a.md",
            "line": 9,
            "column": 6,
            "action": "disable-next-line",
            "rules": ["overclaim"],
            "reason": "",
            "until": "",
            "expired": False,
            "violations": [],
        },
    ]


def test_suppressions_that_were_not_heeded_cover_nothing(folder):
    found = record(of_folder(suppressions=False))
    assert found["scope"]["suppressions_heeded"] is False
    assert len(found["suppressions"]) == 3
    assert not any(each["violations"] for each in found["suppressions"])
    assert found["summary"]["suppressed"] == 0


def test_what_was_found_is_as_in_the_json_report(folder):
    report = of_folder()
    assert record(report)["violations"] == json.loads(report.to("json"))["violations"]


def test_what_the_baseline_knows(folder):
    report = of_folder()
    assert (record(report)["known"], record(report)["gone"]) == (None, None)
    baseline = Baseline(folder).of(report.violations)
    Path("news/b.html").write_text("<p>This balm is green.</p>", encoding="utf-8")
    found = record(baseline.applied(of_folder()))
    assert found["violations"] == []
    assert {each["path"] for each in found["known"]} == {"a.md", "news/b.html"}
    assert found["gone"] == 1
    assert found["summary"]["known"] == len(found["known"])
    assert [each["fingerprint"] for each in found["known"]] == list(
        fingerprints(baseline.applied(of_folder()).known)
    )


def test_what_was_fixed(folder):
    report = of_folder()
    assert record(report)["fixed"] is None
    found = record(replace(report, fixed=report.violations[:1]))["fixed"]
    assert [each["text"] for each in found] == [report.violations[0].text]


def test_what_was_excused_is_counted_when_asked():
    assert record(lint_text(CLAIMS))["excused"] is None
    config = Config()
    documents = list(unread_of([]))
    assert record(report_of(documents, config, excused=True))["excused"] == {}
    with contextlib.chdir(DOCS.parent):
        report = report_of(unread_of([Path("examples/sciatica.md")]), config, excused=True)
    assert record(report)["excused"] == {"cure-claim": 2, "sole-cause": 1}


def test_the_scope_says_what_was_left_out(folder):
    assert record(of_folder())["scope"] == {
        "min_severity": "info",
        "changes_only": False,
        "suppressions_heeded": True,
        "interrupted": False,
    }
    narrow = record(of_folder(min_severity="error", changes=Changes()))["scope"]
    assert (narrow["min_severity"], narrow["changes_only"]) == ("error", True)
    assert record(replace(of_folder(), interrupted=True))["scope"]["interrupted"] is True


# --- the rules -----------------------------------------------------------------------------------------


def own_rules(folder: Path) -> Path:
    """A rule in a folder that is complete in itself, so that no other is read; gives the rule's file."""
    stops_file(folder, "clause: [because]\n")
    data_file(folder, "lexicon/food.yaml", "name: food\nabout: Food.\nterms: [porridge]\n")
    return rule_file(folder, "phrases: [wonder food, wonder <food>]")


def digests(folder: Path) -> dict[str, str]:
    """Of each rule that ran, and of the vocabulary under ""."""
    found = record(lint_text(CLAIMS, config=Config(rulebook=rulebook(folder))))
    return {**{rule["id"]: rule["sha256"] for rule in found["rules"]}, "": found["vocabulary"]}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[wonder food", "[wonderful food, wonder food"),
        ("[wonder food", "[wonder~ food"),
        ("]\nexamples", "]\nunless: [quoted]\nexamples"),
        ("]\nexamples", "]\nwhere: {blocks: [paragraph]}\nexamples"),
        ("]\nexamples", "]\nonce: true\nexamples"),
        ("asked for it", "begged for it"),
        ("otherwise", "in another way"),
        ("not house style", "no house style"),
        ("example.org/style", "example.org/styles"),
    ],
)
def test_every_change_of_a_rule_shows(tmp_path, old, new):
    written = own_rules(tmp_path)
    before = digests(tmp_path)
    assert set(before) == {"wonder-food", ""}
    text = written.read_text(encoding="utf-8")
    assert text.count(old) == 1
    written.write_text(text.replace(old, new), encoding="utf-8")
    assert changed(before, digests(tmp_path)) == {"wonder-food"}


def test_a_change_of_its_examples_is_none(tmp_path):
    written = own_rules(tmp_path)
    before = digests(tmp_path)
    text = written.read_text(encoding="utf-8")
    written.write_text(text.replace("This is food.", "This is only food."), encoding="utf-8")
    assert changed(before, digests(tmp_path)) == set()


def test_a_change_of_words_shows(tmp_path):
    own_rules(tmp_path)
    before = digests(tmp_path)
    data_file(tmp_path, "lexicon/food.yaml", "name: food\nabout: Food.\nterms: [porridge, gruel]\n")
    assert changed(before, digests(tmp_path)) == {""}


def test_rules_do_not_depend_on_where_they_are(tmp_path):
    for name in ("here", "there"):
        own_rules(tmp_path / name)
    assert digests(tmp_path / "here") == digests(tmp_path / "there")


def test_no_two_rules_have_one_digest():
    rules = record(lint_text(CLAIMS))["rules"]
    assert len({rule["sha256"] for rule in rules}) == len(rules) > 100


def test_a_severity_is_told_and_changes_no_digest(folder):
    Path("mild.yaml").write_text("severity: {cure-claim: info}\n", encoding="utf-8")
    usual, mild = (record(lint_text(CLAIMS, config=each))["rules"] for each in (None, "mild.yaml"))
    assert [(old, new) for old, new in zip(usual, mild, strict=True) if old != new] == [
        (cure, {**cure, "severity": "info"}) for cure in usual if cure["id"] == "cure-claim"
    ]


# --- the documentation ---------------------------------------------------------------------------------


def test_the_documented_types_are_those_of_the_record(folder):
    text = (DOCS / "formats.md").read_text(encoding="utf-8")
    types = {
        name: re.findall(r"^  (\w+)\??:", body, re.MULTILINE)
        for name, body in re.findall(r"interface (\w+)[^{]*\{(.*?)\n\}", text, re.DOTALL)
    }
    found = record(of_folder())
    assert types == {
        "AuditRecord": list(found),
        "Versions": list(found["versions"]),
        "Configuration": list(found["configuration"]),
        "Scope": list(found["scope"]),
        "RunRule": list(found["rules"][0]),
        "Article": list(found["articles"][0]),
        "Suppression": list(found["suppressions"][0]),
        "Summary": list(found["summary"]),
    }
