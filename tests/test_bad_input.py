"""Each kind of bad input is made to happen; what could be read is reported all the same."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from healthlint.config import read_config
from healthlint.errors import DataErrors
from healthlint.files import articles
from healthlint.report import Report
from healthlint.rulebook import rulebook
from healthlint.run import lint, report_of, unread_of

HOUSE = Path(__file__).parent / "house"
CLAIM = "This tonic cures everything.\n"
GOOD = "good.md:1:12 tonic-claim"


@pytest.fixture(scope="module")
def book():
    return rulebook(HOUSE)


@pytest.fixture
def config(tmp_path, monkeypatch, book):
    monkeypatch.setattr("healthlint.config.rulebook", lambda *_folders: book)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(HOUSE, "house")
    Path(".healthlint.yaml").write_text(
        "rules: house\nselect: [house, shouting, suppression, reading]\n", encoding="utf-8"
    )
    Path("good.md").write_text(CLAIM, encoding="utf-8")
    return read_config(Path(".healthlint.yaml"))


def told(report: Report) -> tuple[list[str], list[str]]:
    """The violations and the failures, each on one line."""
    return (
        [f"{each.path}:{each.start.line}:{each.start.column} {each.rule}" for each in report],
        [f"{each.path}: {each.message}" for each in report.failures],
    )


# --- files that cannot be checked ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"caf\xe9 \x81 cures everything",
            "is neither UTF-8 (see byte 3) nor Windows-1252; save it as UTF-8",
        ),
        (
            b"\xef\xbb\xbfcaf\xe9",
            "begins with a UTF-8 byte-order mark but is not UTF-8 at byte 6; save it as UTF-8",
        ),
        (
            b"\xff\xfea\0b\0c",
            "begins with a UTF-16-LE byte-order mark but is not UTF-16-LE at byte 6; save it as UTF-8",
        ),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
            "looks like a binary file, not text; exclude it, or save the article as UTF-8",
        ),
        (
            "This tonic cures everything.".encode("utf-16-le"),
            "looks like a binary file, not text; exclude it, or save the article as UTF-8",
        ),
    ],
    ids=["no encoding", "broken UTF-8", "broken UTF-16", "binary", "UTF-16 without a mark"],
)
def test_bytes_that_are_no_text(config, data, said):
    Path("bad.md").write_bytes(data)
    report = lint(".", config=config)
    assert told(report) == ([GOOD], [f"bad.md: {said}"])
    assert (report.exit_code, report.documents) == (2, 1)


def test_a_file_that_is_too_large(config, monkeypatch):
    monkeypatch.setattr("healthlint.readers.decoding.LARGEST", 1000)
    Path("bad.md").write_text(CLAIM * 100, encoding="utf-8")
    report = lint(".", config=config)
    assert told(report) == (
        [GOOD],
        [
            "bad.md: is 2,900 bytes; the largest article that is read has 1,000. Split it, exclude it, or "
            "allow more with `--largest`"
        ],
    )
    assert report.exit_code == 2


def test_twenty_megabytes(config):
    Path("bad.md").write_bytes(b"Rest well. " * 2_000_000)
    report = lint(".", config=config)
    assert told(report)[0] == [GOOD]
    assert told(report)[1][0].startswith("bad.md: is 22,000,000 bytes; the largest article")
    assert report.exit_code == 2


def test_a_pipe_is_not_opened(config):
    os.mkfifo("pipe.md")
    report = lint("pipe.md", "good.md", config=config)
    assert told(report) == (
        [GOOD],
        ["pipe.md: is not a plain file but a pipe, socket or device; it is not opened"],
    )
    assert lint(".", config=config).exit_code == 1


def test_a_file_that_vanishes(config):
    Path("bad.md").write_text(CLAIM, encoding="utf-8")
    found = list(articles(["."]))
    Path("bad.md").unlink()
    report = report_of(unread_of(found), config)
    assert told(report) == ([GOOD], ["bad.md: cannot be read: No such file or directory"])
    assert report.exit_code == 2


def test_a_folder_that_vanishes(config, monkeypatch):
    Path("going").mkdir()
    Path("going/bad.md").write_text(CLAIM, encoding="utf-8")
    listing = os.scandir

    def vanishing(folder):
        if Path(folder).name == "going":
            Path("going/bad.md").unlink()
            Path("going").rmdir()
        return listing(folder)

    monkeypatch.setattr("healthlint.files.os.scandir", vanishing)
    report = lint(".", config=config)
    assert told(report) == ([GOOD], ["going: this folder cannot be listed: No such file or directory"])
    assert report.exit_code == 2


def test_links_that_lead_nowhere_or_round_in_circles(config):
    Path("gone.md").symlink_to("nowhere.md")
    Path("round.md").symlink_to("round.md")
    Path("loop").symlink_to(".", target_is_directory=True)
    report = lint(".", config=config)
    assert told(report) == (
        [GOOD],
        [
            "gone.md: is a link to a file that does not exist",
            "round.md: cannot be read: Too many levels of symbolic links",
        ],
    )
    assert report.exit_code == 2


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("what?"), "internal error (ZeroDivisionError: what?); please report it"),
        (RecursionError("too deep"), "internal error (RecursionError: too deep); please report it"),
        (MemoryError(), "needs more memory than there is; split it, or exclude it"),
    ],
)
def test_a_bug_costs_one_file_and_no_traceback(config, monkeypatch, error, said):
    from healthlint.linter import Linter

    outcome = Linter.outcome_of

    def broken(self, page):
        if page.document.path == "bad.md":
            raise error
        return outcome(self, page)

    monkeypatch.setattr(Linter, "outcome_of", broken)
    Path("bad.md").write_text(CLAIM, encoding="utf-8")
    report = lint(".", config=config)
    assert told(report) == ([GOOD], [f"bad.md: {said}"])
    assert (report.exit_code, report.documents) == (2, 1)


def test_a_parser_that_panics_costs_one_file(config, monkeypatch):
    """What parsers that are written in Rust raise when they give up is no `Exception`."""
    from healthlint.readers import markdown

    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
    read = markdown.read

    def panicking(source, path):
        if path == "bad.md":
            raise panic("index out of bounds")
        return read(source, path)

    monkeypatch.setattr(markdown, "read", panicking)
    Path("bad.md").write_text(CLAIM, encoding="utf-8")
    report = lint(".", config=config)
    said = "internal error (PanicException: index out of bounds); please report it"
    assert told(report) == ([GOOD], [f"bad.md: {said}"])


# --- odd files that can be checked ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (b"\xef\xbb\xbf" + CLAIM.encode(), ["1:12"]),
        (b"\xff\xfe" + CLAIM.encode("utf-16-le"), ["1:12"]),
        (b"\xfe\xff" + CLAIM.encode("utf-16-be"), ["1:12"]),
        (b"\xff\xfe\0\0" + CLAIM.encode("utf-32-le"), ["1:12"]),
        (b"Caf\xe9 notes \x96 it cures everything.\n", ["1:17"]),
        (b"It cu\0res everything.\n", ["1:4"]),
        (b"", []),
        (b"\n \r\n", []),
        (b"\xef\xbb\xbf", []),
        (b"One.\r\rIt cures everything.\r", ["3:4"]),
        (b"One.\r\n\r\nIt cures\r\neverything.", ["3:4"]),
    ],
    ids=[
        "mark",
        "UTF-16",
        "UTF-16 BE",
        "UTF-32",
        "cp1252",
        "NUL",
        "empty",
        "blank",
        "only a mark",
        "CR",
        "CRLF",
    ],
)
def test_odd_bytes(config, data, places):
    Path("odd.md").write_bytes(data)
    report = lint(".", config=config)
    hidden = ["odd.md:1:4 disguised-text"] if b"cu\0res" in data else []
    assert told(report) == ([GOOD, *hidden, *(f"odd.md:{place} tonic-claim" for place in places)], [])
    assert (report.exit_code, report.documents) == (1, 2)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("odd.html", "<div><p>It <b>cures everything.\n<td></i>", "1:15"),
        ("odd.html", "<p>It cures everything.</p><!-- never closed", "1:7"),
        ("odd.html", "<p>It cures everything.</p><a href='never closed", "1:7"),
        ("odd.mdx", "<Note>\n\nIt cures everything.\n\n{never.closed(\n", "3:4"),
        ("odd.md", "It **cures everything.\n\n```\nnever closed", "1:6"),
        ("odd.rst", "It **cures everything.\n\n.. note:\n", "1:6"),
    ],
)
def test_what_is_never_closed(config, name, text, place):
    Path(name).write_text(text, encoding="utf-8")
    violations, failures = told(lint(".", config=config))
    # The brace of an expression is the one thing here that hides what comes after it.
    hidden = [f"{name}:5:1 unreadable-part"] if name.endswith(".mdx") else []
    assert violations == [GOOD, f"{name}:{place} tonic-claim", *hidden]
    assert failures == []


def test_broken_front_matter_is_told_and_the_body_is_checked(config):
    Path("odd.md").write_text(f"---\ntitle: [Tea\nauthor: Ann\n---\n\n{CLAIM}", encoding="utf-8")
    report = lint(".", config=config)
    violations, failures = told(report)
    assert violations == [GOOD, "odd.md:3:7 unreadable-part", "odd.md:6:12 tonic-claim"]
    assert failures == []
    assert (report.exit_code, report.documents) == (1, 2)


def test_duplicate_keys_in_front_matter_are_told(config):
    Path("odd.md").write_text(
        f"---\ntitle: Tea\nauthor: Ann\ntitle: Coffee\n---\n\n{CLAIM}", encoding="utf-8"
    )
    report = lint(".", config=config)
    violations, _ = told(report)
    assert violations == [GOOD, "odd.md:4:1 unreadable-part", "odd.md:7:12 tonic-claim"]
    assert "title" in next(each for each in report if each.rule == "unreadable-part").message


def test_names_that_are_not_utf8(config):
    Path(os.fsdecode(b"caf\xe9.md")).write_text(CLAIM, encoding="utf-8")
    report = lint(".", config=config)
    assert told(report)[0] == ["caf\udce9.md:1:12 tonic-claim", GOOD]
    assert "caf\\udce9.md:1:12: error" in report.to("text")
    report.to("json").encode("ascii")


@pytest.mark.parametrize(
    "text",
    [
        "> " * 20_000 + "Rest.",
        "- " * 5_000 + "Rest.",
        "<div>" * 20_000 + "Rest.",
        "[" * 50_000,
        "*" * 50_000,
        "---\na: " + "[" * 20_000 + "\n---\nRest.",
        "<!-- healthlint-disable-next-line -->\n" * 300,
    ],
    ids=["quotes", "lists", "tags", "brackets", "stars", "front matter", "directives"],
)
@pytest.mark.parametrize("ending", ["md", "html", "mdx", "rst", "txt"])
def test_absurd_nesting_is_survived(config, text, ending):
    Path(f"odd.{ending}").write_text(text, encoding="utf-8")
    violations, failures = told(lint(".", config=config))
    assert violations[0] == GOOD
    assert not any("internal error" in failure for failure in failures)


# --- what stops the run --------------------------------------------------------------------------------


def test_a_broken_rule_stops_the_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rule = (HOUSE / "claims" / "tonic-claim.yaml").read_text(encoding="utf-8")
    Path("own").mkdir()
    Path("own/broken.yaml").write_text(rule.replace("severity: error", "severity: fatal"), encoding="utf-8")
    Path(".healthlint.yaml").write_text("rules: own\n", encoding="utf-8")
    with pytest.raises(DataErrors) as raised:
        lint(".", config=".healthlint.yaml")
    faults = str(raised.value).splitlines()
    assert any(
        line.startswith("own/broken.yaml:3: ") and "one of info, warning, error" in line for line in faults
    )
    assert any(line.startswith("own/broken.yaml:1: ") and "like the file" in line for line in faults)


@pytest.mark.parametrize("arguments", [["check"], ["rules"], ["explain", "cure-claim"]])
def test_a_broken_configuration_stops_every_command(tmp_path, monkeypatch, capsys, arguments):
    from healthlint.cli import main

    monkeypatch.chdir(tmp_path)
    Path("good.md").write_text(CLAIM, encoding="utf-8")
    Path(".healthlint.yaml").write_text("profil: editorial\nseverity: 3\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["healthlint", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Error: .healthlint.yaml:1: unknown key “profil”; did you mean “profile”?",
        "Error: .healthlint.yaml:2: “severity” must be a mapping of rule ids to error, warning or info",
    ]
