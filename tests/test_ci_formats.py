"""What services read: GitHub's log, GitLab, JUnit, Checkstyle, reviewdog."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import Error, JUnitXml
from junitparser import Failure as Failed
from reported import CLAIMS, CLEAN, NAMES, hostile, many, run

from healthlint.baseline import fingerprints
from healthlint.commands.check import FORMATS
from healthlint.report import REPORTERS, Report
from healthlint.run import lint_text
from healthlint.span import Position, Span, line_starts
from healthlint.violation import Edit, Failure, Violation

XML = ("junit", "checkstyle")
JSON = ("json", "sarif", "gitlab", "rdjson", "audit-json")


@pytest.fixture(scope="module")
def hostile_report(tmp_path_factory) -> Report:
    return hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def claims() -> Report:
    return lint_text(CLAIMS, path="claims.md")


def messages(format: str, report: Report) -> list[str]:
    """What a reader of `format` sees of each finding, by a parser of that format."""
    rendered = report.to(format)
    if format == "github":
        return [each.data for each in commands(rendered)]
    if format == "junit":
        return [
            found.get("message") or found.text
            for tag in ("failure", "error", "system-out")
            for found in ElementTree.fromstring(rendered).iter(tag)
        ]
    if format == "checkstyle":
        return [found.get("message") for found in ElementTree.fromstring(rendered).iter("error")]
    found = json.loads(rendered)
    if format == "gitlab":
        return [each["description"] for each in found]
    if format == "rdjson":
        return [each["message"] for each in found["diagnostics"]]
    return [each["message"] for key in ("violations", "failures") for each in found[key]]


# --- all of them ---------------------------------------------------------------------------------------


def test_the_command_knows_all_formats():
    assert tuple(REPORTERS) == FORMATS


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_has_a_reporter(format):
    assert callable(import_module(REPORTERS[format]).render)


SPAN, PLACE = Span(0, 1), Position(1, 1)
SERVICES = ("github", "gitlab", "junit", "checkstyle", "rdjson", "audit-json")


@pytest.mark.parametrize("format", SERVICES)
def test_hostile_names_and_texts_are_told_and_do_nothing(format, hostile_report):
    report, rendered = hostile_report, hostile_report.to(format)
    assert len(messages(format, report)) == len(report.violations) + len(report.failures)
    assert not set(rendered) & set("\x00\x07\x1b\x9b\r\u202e\u2028\ud800\udfff\udce9")
    assert rendered.endswith("\n")
    if format != "github":
        assert rendered.isascii()


ANYTHING = st.text(st.characters(exclude_categories=()), min_size=1)


@settings(deadline=None)
@given(message=ANYTHING, path=ANYTHING)
def test_any_text_and_name_is_one_finding(message, path):
    found = Violation("a-rule", "house", "error", message, path, SPAN, PLACE, PLACE, message, message)
    report = Report((found,), failures=(Failure(path, message),))
    for each in SERVICES:
        assert len(messages(each, report)) == 2
    (run,) = json.loads(report.to("sarif"))["runs"]
    assert len(run["results"]) == 1


@pytest.mark.parametrize("format", ["sarif", "gitlab", "rdjson"])
def test_json_for_others_holds_no_half_of_a_surrogate_pair(format, hostile_report):
    decoded = json.loads(hostile_report.to(format))
    json.dumps(decoded, ensure_ascii=False).encode("utf-8")  # raises for one


@pytest.mark.parametrize("format", SERVICES)
def test_nothing_found(format):
    assert messages(format, Report()) == []


@pytest.mark.parametrize("format", FORMATS)
def test_ten_thousand_violations(format, claims):
    rendered = many(claims.violations[0], 10_000).to(format)
    if format in XML:
        ElementTree.fromstring(rendered)
    elif format in JSON:
        json.loads(rendered)
    if format in SERVICES:
        assert len(messages(format, many(claims.violations[0], 10_000))) == 10_000


# --- GitHub --------------------------------------------------------------------------------------------


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> Iterator[Command]:
    """The commands that GitHub's runner finds in a log, as its `ActionCommand.cs` does, old style included."""
    for line in re.split(r"\r\n|\r|\n", log):
        found = re.match(r"\s*::(?P<name>[a-z-]+)(?: (?P<given>.*?))?::(?P<data>.*)", line)
        if found:
            pairs = (pair.partition("=") for pair in (found["given"] or "").split(","))
            yield Command(
                found["name"],
                {key: unescaped(value, ("%0D", "%0A", "%3A", "%2C", "%25")) for key, _, value in pairs},
                unescaped(found["data"], ("%0D", "%0A", "%25")),
            )
        elif old := re.search(r"##\[(?P<name>[a-z-]+)[^]]*\](?P<data>.*)", line):
            yield Command(old["name"], {}, old["data"])


def unescaped(text: str, escapes: tuple[str, ...]) -> str:
    for escape in escapes:
        text = text.replace(escape, chr(int(escape[1:], 16)))
    return text


def test_github_shows_a_violation_beside_its_lines(claims):
    log = claims.to("github")
    cure, pair = (each for each in commands(log) if each.properties["title"] == "healthlint cure-claim")
    assert cure.name == "error"
    assert cure.properties == {
        "title": "healthlint cure-claim",
        "file": "claims.md",
        "line": "3",
        "endLine": "3",
        "col": "11",
        "endColumn": "25",
    }
    message, fix = cure.data.split("\n")
    assert message.startswith("“cures sciatica”")
    assert fix
    # With columns GitHub refuses what stands on several lines.
    assert set(pair.properties) == {"title", "file", "line", "endLine"}
    assert (pair.properties["line"], pair.properties["endLine"]) == ("5", "6")


def test_github_has_a_command_for_each_severity_and_failure():
    found = lint_text(CLAIMS).violations[0]
    report = Report(
        tuple(replace(found, severity=severity) for severity in ("error", "warning", "info")),
        failures=(Failure("a.md", "is gone"),),
    )
    *told, summary = report.to("github").splitlines()
    assert [each.name for each in commands("\n".join(told))] == ["error", "warning", "notice", "error"]
    assert told[-1] == "::error title=healthlint failure,file=a.md::is gone"
    assert summary == "no articles checked: 1 error, 1 warning, 1 info; 1 failure."


def test_github_finds_no_command_but_ours(hostile_report):
    found = list(commands(hostile_report.to("github")))
    assert Counter(each.properties.get("file") for each in found) == Counter(
        # Line ends come back; other controls, which would act in the log, stay spelt out.
        re.sub(r"[^\n -~漢字😀]", lambda sign: spelt(sign[0]), each.path)
        for each in (*hostile_report.violations, *hostile_report.failures)
    )
    assert {each.name for each in found} == {"error", "warning", "notice"}
    said = {f"{each.message}\n{' '.join(each.fix.split())}" for each in hostile_report.violations[1:]}
    assert said < {each.data for each in found}


def spelt(sign: str) -> str:
    return f"\\x{ord(sign):02x}" if ord(sign) < 0x80 else f"\\u{ord(sign):04x}"


@pytest.mark.parametrize(("count", "told"), [(10, False), (11, True)])
def test_github_says_that_it_shows_only_some(count, told, claims):
    error = next(each for each in claims if each.severity == "error")
    assert ("GitHub shows 10 errors" in Report((error,) * count).to("github")) == told


# --- GitLab --------------------------------------------------------------------------------------------


def test_gitlab(claims):
    cure = next(each for each in claims if each.rule == "cure-claim")
    found = json.loads(Report((cure,), failures=(Failure("a.md", "is gone"),)).to("gitlab"))
    assert found == [
        {
            "description": cure.message,
            "check_name": "cure-claim",
            "fingerprint": next(fingerprints((cure,))),
            "severity": "major",
            "location": {"path": "claims.md", "lines": {"begin": 3, "end": 3}},
        },
        {
            "description": "is gone",
            "check_name": "failure",
            "fingerprint": found[1]["fingerprint"],
            "severity": "blocker",
            "location": {"path": "a.md", "lines": {"begin": 1}},
        },
    ]


def test_gitlab_knows_all_severities(claims):
    report = Report(
        tuple(replace(claims.violations[0], severity=each) for each in ("error", "warning", "info"))
    )
    assert [each["severity"] for each in json.loads(report.to("gitlab"))] == ["major", "minor", "info"]


def test_gitlab_gets_no_fingerprint_twice(hostile_report):
    report = hostile_report
    twice = replace(report, violations=report.violations * 2, failures=report.failures * 2)
    prints = [each["fingerprint"] for each in json.loads(twice.to("gitlab"))]
    assert len(prints) == len(set(prints)) == 2 * len(report.violations) + len(report.failures)


def test_gitlab_knows_a_finding_again_when_lines_move():
    def prints(text: str) -> set[str]:
        return {each["fingerprint"] for each in json.loads(lint_text(text).to("gitlab"))}

    assert prints(CLAIMS) == prints(CLAIMS.replace("\n\n", "\n\nWalking is fine.\n\n", 1))
    assert prints(CLAIMS) != prints(CLAIMS.replace("sciatica.", "gout."))


def test_gitlab_reads_paths_as_git_has_them(tmp_path):
    report = run(tmp_path, dict.fromkeys(NAMES, CLAIMS))
    found = {each["location"]["path"] for each in json.loads(report.to("gitlab"))}
    assert found == {name.replace("\udce9", r"\udce9") for name in NAMES}


# --- JUnit ---------------------------------------------------------------------------------------------


def test_junit_fails_what_fails_the_run(tmp_path):
    report = run(tmp_path, {"claims.md": CLAIMS, "clean.md": CLEAN, "binary.md": "\0" * 100})
    report = replace(report, violations=tuple(each for each in report if each.path == "claims.md"))
    suites = {suite.name: suite for suite in JUnitXml.fromstring(report.to("junit").encode())}
    assert list(suites) == ["binary.md", "claims.md", "clean.md"]
    (clean,) = suites["clean.md"]
    assert (clean.name, clean.classname, clean.is_passed) == ("no violations", "clean", True)
    (unread,) = suites["binary.md"]
    assert [type(each) for each in unread.result] == [Error]
    failed = [test for test in suites["claims.md"] if any(isinstance(each, Failed) for each in test.result)]
    assert len(failed) == report.count("error") > 0
    passed = [test for test in suites["claims.md"] if test.is_passed]
    assert len(passed) == report.count("warning") + report.count("info") > 0
    assert all(test.system_out for test in passed)
    assert "cure-claim at 3:11" in {test.name for test in failed}


@pytest.mark.parametrize("fail_on", ["error", "warning", "info", "never"])
def test_junit_fails_as_the_run_does(fail_on, claims):
    report = replace(claims, fail_on=fail_on)
    root = ElementTree.fromstring(report.to("junit"))
    assert (int(root.get("failures")) > 0) == (report.exit_code == 1)


def test_junit_counts_are_right_and_names_are_unique(hostile_report):
    root = ElementTree.fromstring(hostile_report.to("junit"))
    for suite in (root, *root):
        tests = suite.findall(".//testcase")
        assert int(suite.get("tests")) == len(tests) > 0
        assert int(suite.get("failures")) == len(suite.findall(".//failure"))
        assert int(suite.get("errors")) == len(suite.findall(".//error"))
        if suite is not root:
            assert len({test.get("name") for test in tests}) == len(tests)


def test_junit_has_a_test_even_without_articles():
    (suite,) = JUnitXml.fromstring(Report().to("junit").encode())
    (test,) = suite
    assert test.is_passed


# --- Checkstyle ----------------------------------------------------------------------------------------


def test_checkstyle(claims):
    cure = next(each for each in claims if each.rule == "cure-claim")
    report = replace(claims, violations=(cure,), failures=(Failure("a.md", "is gone"),))
    root = ElementTree.fromstring(report.to("checkstyle"))
    assert (root.tag, root.get("version")) == ("checkstyle", "4.3")
    failure, found = root.iter("error")
    assert [each.get("name") for each in root] == ["a.md", "claims.md"]
    assert found.attrib == {
        "line": "3",
        "column": "11",
        "severity": "error",
        "message": f"{cure.message} {' '.join(cure.fix.split())}",
        "source": "healthlint.overclaim.cure-claim",
    }
    assert failure.attrib == {
        "line": "1", "severity": "error", "message": "is gone", "source": "healthlint.failure"
    }  # fmt: skip


@pytest.mark.parametrize("format", XML)
def test_xml_keeps_the_names_that_it_can(format, tmp_path):
    report = run(tmp_path, dict.fromkeys(NAMES, CLAIMS))
    names = {each.get("name") for each in ElementTree.fromstring(report.to(format))}
    assert names == {re.sub("[\x07\x1b\udce9]", "\ufffd", name) for name in NAMES}


# --- reviewdog -----------------------------------------------------------------------------------------


def pointed_at(source: str, range: dict[str, dict[str, int]]) -> str:
    """What a range of reviewdog's means in a file: lines from 1, columns in bytes from 1, the end exclusive."""
    data = source.encode("utf-8")
    starts = line_starts(data.decode("latin-1"))  # one character a byte
    begin, end = (starts[range[key]["line"] - 1] + range[key]["column"] - 1 for key in ("start", "end"))
    return data[begin:end].decode("utf-8")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "\ufeff", "Naïve 漢字 😀 e\u0301 "])
def test_rdjson_counts_bytes(line_end, before):
    source = (before + CLAIMS).replace("\n", line_end).removeprefix("\ufeff")
    report = lint_text(source)
    found = json.loads(report.to("rdjson"))["diagnostics"]
    assert {"cures sciatica", f"cures{line_end}arthritis"} <= {each.text for each in report}
    for violation, diagnostic in zip(report, found, strict=True):
        assert pointed_at(source, diagnostic["location"]["range"]) == violation.text


def test_rdjson(claims):
    cure = next(each for each in claims if each.rule == "cure-claim")
    found = json.loads(Report((cure,), failures=(Failure("a.md", "is gone"),)).to("rdjson"))
    assert found == {
        "source": {"name": "healthlint"},
        "diagnostics": [
            {
                "message": f"{cure.message} {' '.join(cure.fix.split())}",
                "location": {
                    "path": "claims.md",
                    "range": {"start": {"line": 3, "column": 11}, "end": {"line": 3, "column": 25}},
                },
                "severity": "ERROR",
                "code": {"value": "cure-claim", "url": cure.url},
            },
            {
                "message": "is gone",
                "location": {"path": "a.md"},
                "severity": "ERROR",
                "code": {"value": "failure"},
            },
        ],
    }


def edited(violation: Violation, *edits: Edit) -> list[dict[str, object]]:
    report = Report((replace(violation, edits=edits),))
    return json.loads(report.to("rdjson"))["diagnostics"][0].get("suggestions", [])


def test_rdjson_suggests_the_edit_of_a_place(claims):
    cure = next(each for each in claims if "\n" in each.text)
    (suggestion,) = edited(cure, Edit(cure.span, "may ease\narthritis"))
    assert suggestion["text"] == "may ease\narthritis"
    assert pointed_at(CLAIMS, suggestion["range"]) == cure.text
    inner = CLAIMS.index("arthritis")
    (suggestion,) = edited(cure, Edit(Span(inner, inner + 2), "gar"))
    assert pointed_at(CLAIMS, suggestion["range"]) == "ar"


def test_rdjson_suggests_nothing_that_it_cannot_say(claims):
    cure = next(each for each in claims if each.rule == "cure-claim")
    assert edited(cure, Edit(Span(0, 0), "---\n")) == []
    assert edited(cure, Edit(cure.span, ""), Edit(cure.span, "x")) == []


def test_rdjson_speaks_of_lines_as_long_as_a_file():
    source = "Été. " * 20_000 + "It cures gout."
    (cure,) = (each for each in lint_text(source) if each.rule == "cure-claim")
    (diagnostic,) = json.loads(Report((cure,)).to("rdjson"))["diagnostics"]
    assert pointed_at(source, diagnostic["location"]["range"]) == "cures gout"
