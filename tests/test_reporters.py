import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from healthlint.baseline import fingerprints
from healthlint.document import Document
from healthlint.report import Checked, Report
from healthlint.reporters.text import WIDTH, excerpt, render
from healthlint.span import Span
from healthlint.violation import Edit, Evidence, Excused, Failure, Violation
from healthlint.visible import visible

SOURCE = "# Sciatica\n\nThis balm cures sciatica,\nand for good.\n\nIt never cures arthritis.\n"
DOCUMENT = Document(SOURCE, "pages/sciatica.md", "markdown")


def violation(words: str, document: Document = DOCUMENT, **changes) -> Violation:
    start = document.source.index(words)
    span = Span(start, start + len(words))
    found = Violation(
        rule="cure-claim",
        family="overclaim",
        severity="error",
        message=f"“{' '.join(words.split())}” promises a cure.",
        path=document.path,
        span=span,
        start=document.position(span.start),
        end=document.position(span.end),
        text=words,
        fix="Say\n“may ease”.\n",
        url="https://example.org/cure-claim",
        source_line=document.line(document.position(start).line),
    )
    return replace(found, **changes)


def evidence(name: str, words: str) -> Evidence:
    span = Span(start := SOURCE.index(words), start + len(words))
    return Evidence(name, words, span, DOCUMENT.position(span.start), DOCUMENT.position(span.end))


CHECKED = Checked("pages/sciatica.md", "markdown", "", "editorial", (), ())
REPORT = Report(
    violations=(
        violation("cures sciatica,\nand for good", also=("permanent-fix",)),
        violation(
            "Sciatica", rule="no-author", family="sourcing", severity="warning", message="Nobody signs this."
        ),
    ),
    excused=(Excused(violation("cures arthritis"), (evidence("negated", "never"),)),),
    failures=(Failure("pages/old.md", "looks like a binary file"),),
    checked=(CHECKED, CHECKED),
    version="1.2.3",
)


# --- the report ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ([], "info", 0),
        (["error"], "error", 1),
        (["warning", "info"], "error", 0),
        (["warning"], "warning", 1),
        (["info"], "warning", 0),
        (["info"], "info", 1),
        (["error", "error"], "never", 0),
    ],
)
def test_the_exit_code_depends_on_the_gravest(severities, fail_on, code):
    report = Report(tuple(violation("cures", severity=severity) for severity in severities), fail_on=fail_on)
    assert report.exit_code == code
    assert report.ok == (code == 0)


@pytest.mark.parametrize("fail_on", ["error", "never"])
def test_what_could_not_be_checked_comes_before_everything(fail_on):
    report = Report((violation("cures"),), failures=(Failure("a.md", "is gone"),), fail_on=fail_on)
    assert (report.exit_code, report.ok) == (2, False)


def test_a_report_is_its_violations():
    assert list(REPORT) == list(REPORT.violations)
    assert [REPORT.count(severity) for severity in ("error", "warning", "info")] == [1, 1, 0]


def test_unknown_formats_are_refused():
    with pytest.raises(KeyError):
        REPORT.to("sarif2")


# --- JSON ----------------------------------------------------------------------------------------------


def test_json_is_the_contract():
    found = json.loads(REPORT.to("json"))
    assert list(found) == ["schema", "version", "violations", "excused", "failures", "summary"]
    assert found["schema"] == 1
    assert found["version"] == "1.2.3"
    assert found["violations"][0] == {
        "rule": "cure-claim",
        "family": "overclaim",
        "severity": "error",
        "message": "“cures sciatica, and for good” promises a cure.",
        "path": "pages/sciatica.md",
        "start": {"line": 3, "column": 11, "offset": 22},
        "end": {"line": 4, "column": 13, "offset": 50},
        "text": "cures sciatica,\nand for good",
        "fix": "Say\n“may ease”.\n",
        "also": ["permanent-fix"],
        "url": "https://example.org/cure-claim",
        "packs": [],
        "edits": [],
        "fingerprint": next(fingerprints(REPORT.violations)),
    }
    keys = [
        "rule",
        "family",
        "severity",
        "message",
        "path",
        "start",
        "end",
        "text",
        "fix",
        "also",
        "url",
        "packs",
        "edits",
    ]
    assert list(found["violations"][0]) == [*keys, "fingerprint"]
    (excused,) = found["excused"]
    assert list(excused) == [*keys, "contexts"]
    assert excused["contexts"] == [
        {
            "name": "negated",
            "text": "never",
            "start": {"line": 6, "column": 4, "offset": 56},
            "end": {"line": 6, "column": 9, "offset": 61},
        }
    ]
    assert found["failures"] == [{"path": "pages/old.md", "message": "looks like a binary file"}]
    assert list(found["summary"].items()) == [("documents", 2), ("error", 1), ("warning", 1), ("info", 0)]


def test_json_tells_what_is_excused_only_when_asked():
    assert "excused" not in json.loads(replace(REPORT, excused=None).to("json"))
    assert json.loads(replace(REPORT, excused=()).to("json"))["excused"] == []


def test_json_is_ascii_whatever_the_names():
    report = Report(failures=(Failure("caf\udce9/\x1b[31m\U0001f600.md", "ist weg – für immer"),))
    rendered = report.to("json")
    assert rendered.isascii()
    assert json.loads(rendered)["failures"][0]["path"] == "caf\udce9/\x1b[31m\U0001f600.md"


# --- text ----------------------------------------------------------------------------------------------

TEXT = """\
pages/sciatica.md:3:11: error cure-claim “cures sciatica, and for good” promises a cure.
    This balm cures sciatica,
              ^^^^^^^^^^^^^^^
    fix: Say “may ease”.
    also: permanent-fix

pages/sciatica.md:1:3: warning no-author Nobody signs this.
    # Sciatica
      ^^^^^^^^
    fix: Say “may ease”.

pages/sciatica.md:6:10: excused cure-claim “cures arthritis” promises a cure.
    It never cures arthritis.
             ^^^^^^^^^^^^^^^
    negated: “never” at 6:4

pages/old.md: failure: looks like a binary file
2 articles checked: 1 error, 1 warning, no info, 1 excused; 1 failure.
"""


def test_text():
    assert REPORT.to("text") == TEXT


def test_quiet_is_one_line_each():
    assert render(REPORT, quiet=True).splitlines() == [
        line for line in TEXT.splitlines() if line.startswith("pages/")
    ]


def test_statistics_count_the_rules():
    report = Report(
        (*[violation("balm", rule="soothing", severity="info")] * 3, *REPORT.violations),
        checked=(CHECKED,) * 1234,
    )
    assert render(report, statistics=True).splitlines()[-5:] == [
        "     3  info     soothing",
        "     1  error    cure-claim",
        "     1  warning  no-author",
        "",
        "1,234 articles checked: 1 error, 1 warning, 3 info.",
    ]


def test_colours_change_nothing_but_the_colours():
    colored = render(REPORT, color=True, statistics=True)
    assert "\x1b[" in colored
    plain = colored
    for code in ("0", "1", "31", "32", "33", "35", "36"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == render(REPORT, statistics=True)


def test_nothing_to_report():
    assert Report(checked=(CHECKED,)).to("text") == "1 article checked: no errors, no warnings, no info.\n"


def test_long_evidence_is_cut():
    long = evidence("quoted", "never")._replace(text="so they say " * 40)
    (line,) = [
        line
        for line in render(Report(excused=(Excused(violation("cures"), (long,)),))).splitlines()
        if "quoted" in line
    ]
    assert line == f"    quoted: “{('so they say ' * 40)[: WIDTH - 1]}…” at 6:4"


# --- hostile text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – “text”, été, 漢字", "plain – “text”, été, 漢字"),
        ("a\x1b[31mb\x07\x7f", r"a\x1b[31mb\x07\x7f"),
        ("a\x9bb\x85", r"a\x9bb\x85"),
        ("a\nb\r\tc", r"a\x0ab\x0d\x09c"),
        ("\u202ecure\u2066", r"\u202ecure\u2066"),
        ("mi\u200bra\u00adcle\ufeff", r"mi\u200bra\xadcle\ufeff"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("caf\udce9", r"caf\udce9"),
        ("a ##[add-mask]b ##VSO[task.x]c ###[d]", r"a #\x23[add-mask]b #\x23VSO[task.x]c ##\x23[d]"),
        ("## [a] #[b] ##c[", "## [a] #[b] ##c["),
        ("\U000e0041", r"\U000e0041"),
        ("👩\u200d⚕️ می\u200cخواهم", "👩\u200d⚕️ می\u200cخواهم"),
    ],
)
def test_what_could_steer_a_terminal_is_spelt_out(text, shown):
    assert visible(text) == shown


def test_nothing_from_a_file_reaches_the_terminal_as_it_is():
    evil = "\x1b]0;owned\x07\u202e\n::error::x ##[add-mask]y ##vso[task.setvariable]z"
    document = Document(f"This {evil} cures.\n", f"a{evil}.md")
    bad = violation("cures", document, message=evil, fix=evil, rule=evil, also=(evil,))
    about = Evidence("negated", evil, bad.span, bad.start, bad.end)
    report = Report((bad,), (Excused(bad, (about,)),), (Failure(f"::{evil}", evil), Failure("##[x]", "gone")))
    for rendered in (render(report), render(report, quiet=True), render(report, statistics=True)):
        assert not set(rendered) & set("\x1b\x07\u202e")
        assert not any(line.startswith(("::", "##")) for line in rendered.splitlines())
        assert "##[" not in rendered
        assert "##vso[" not in rendered
    assert "./::" in rendered
    assert r"./#\x23[x]: failure: gone" in rendered


# --- the excerpt ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "claim", "shown", "marks"),
    [
        ("It cures.", "cures", "It cures.", "   ^^^^^"),
        ("   It cures.", "cures", "It cures.", "   ^^^^^"),
        ("\t\tIt\tcures.", "cures", "It    cures.", "      ^^^^^"),
        ("漢字 cures 漢字", "cures 漢字", "漢字 cures 漢字", "     ^^^^^^^^^^"),
        ("cafe\u0301 cu\u0301res", "cu\u0301res", "cafe\u0301 cu\u0301res", "     ^^^^^"),
        ("it cu\u00adres", "cu\u00adres", r"it cu\xadres", "   ^^^^^^^^^"),
        ("\u202eit cures", "cures", r"\u202eit cures", "         ^^^^^"),
        ("👩\u200d⚕ cures", "cures", "👩\u200d⚕ cures", "    ^^^^^"),
        ("  trailing space cures   ", "cures   ", "trailing space cures", "               ^^^^^"),
    ],
)
def test_the_marks_stand_under_the_claim(line, claim, shown, marks):
    start = line.index(claim)
    text, before, width = excerpt(line, start, start + len(claim))
    assert text == shown
    assert " " * before + "^" * width == marks


@pytest.mark.parametrize(
    ("before", "after"), [(0, 300), (300, 0), (300, 300), (3, 300), (300, 2), (100_000, 100_000), (50, 50)]
)
@pytest.mark.parametrize("word", ["word ", "漢字", "e\u0301 "])
def test_of_a_long_line_the_surroundings_of_the_claim_are_shown(before, after, word):
    line = word * before + "cures everything" + " " + word * after
    start = len(word) * before
    text, _, width = excerpt(line, start, start + len("cures everything"))
    assert width == len("cures everything")
    assert "cures everything" in text
    assert len(text) <= 2 * WIDTH
    assert text.startswith("…") == (before > 3)
    assert text.endswith("…") == (after > 2)


def test_a_claim_that_is_too_long_itself_is_cut():
    text, before, width = excerpt("cures " * 1000, 6, 6000)
    assert text == "…" + ("cures " * 1000)[6 : 6 + WIDTH - 2] + "…"
    assert (before, width) == (1, WIDTH - 2)


@pytest.mark.parametrize(("line", "start", "end"), [("", 0, 1), ("short", 5, 6), ("   ", 1, 2), ("x", 0, 0)])
def test_something_is_always_marked(line, start, end):
    _, _, width = excerpt(line, start, end)
    assert width == 1


def test_the_documented_types_are_those_of_the_report():
    text = (Path(__file__).parent.parent / "docs" / "json.md").read_text(encoding="utf-8")
    types = {
        name: re.findall(r"^  (\w+)\??:", body, re.MULTILINE)
        for name, body in re.findall(r"interface (\w+)[^{]*\{(.*?)\n\}", text, re.DOTALL)
    }
    edited = violation("cures", edits=(Edit(Span(0, 0), "# Tea\n"),))
    report = replace(
        REPORT,
        violations=(edited,),
        known=REPORT.violations,
        gone=2,
        fixed=REPORT.violations,
        interrupted=True,
    )
    found = json.loads(report.to("json"))
    (excused,) = found["excused"]
    assert types == {
        "Report": list(found),
        "Violation": list(found["violations"][0]),
        "Edit": list(found["violations"][0]["edits"][0]),
        "Excused": ["contexts"],
        "Evidence": list(excused["contexts"][0]),
        "Place": list(excused["start"]),
        "Failure": list(found["failures"][0]),
        "Summary": list(found["summary"]),
    }
