"""Texts, names, rules and configurations that try to act, sent through everything that is printed or written.

Each output is read back with a parser of its format where it has one. What a person or a log reads holds no character
that steers a terminal, turns the direction of writing or cannot be seen, and no line that a service takes for a command.
"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest
import turbohtml
from conftest import Done
from reported import EVIL, NAMES
from rulefolder import rule_file

from healthlint.rulebook import rulebook

ACTIVE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\u200b\ufeff\u2028"
"""What would act in a terminal or hide something, but may stand in a text."""
COMMANDS = "::error file=pwn.md::injected ##[error]y ##vso[task.complete]z ##teamcity[w]"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b> [a](javascript:alert(1))"
FORMULA = "=cmd|'/c calc'!A1"
WORST = f"{ACTIVE}\r{COMMANDS} {MARKUP} {FORMULA}"
QUOTED = json.dumps(f"{WORST}\n{COMMANDS}")
"""As YAML and TOML write it, with a line end."""

ARTICLES = {
    **dict.fromkeys(NAMES, f"Our tea {ACTIVE} cures gout {COMMANDS} {MARKUP}.\n"),
    "::group::a.md": f"{COMMANDS}\n\n::error::x This is a wonder food.\n",
    "=cmd|' ! A1.md": f"---\ntitle: {QUOTED}\n{QUOTED}: x\nhealthlint:\n  {QUOTED}: x\n---\n\n{FORMULA} cures gout.\n",
    "suppressed.md": f"<!-- healthlint-disable-next-line cure-claim -- {WORST} -->\nOur tea cures gout.\n\n"
    f"<!-- healthlint-disable-next-line {COMMANDS} -->\nRest well.\n",
    "chosen.md": f"---\nhealthlint:\n  profile: {QUOTED}\n  packs: [{QUOTED}]\n---\n\nRest well.\n",
    "excused.md": f"There is no {WORST} tea that cures gout.\n",
    "page.html": f"<p>Our tea cures gout &#27;[2J &#x202e; {WORST}</p><script type='application/ld+json'>{{</script>",
    "binary\n\x1b[31m.md": "\0" * 100,
}
RULE = f"""\
message: {json.dumps(f"“{{match}}” {ACTIVE}.")}
why: {QUOTED}
fix: {QUOTED}
"""
CONFIG = """\
rules: hostile-rules
select: [cure-claim, wonder-food, no-author, suppression, reading]
exclude: [{glob}]
site-disclaimer: [{text}]
fix:
  front-matter:
    no-author: {{author: Jo Lee, notes: "::error::x <b>"}}
"""


@pytest.fixture
def here(tmp_path: Path, run_here: Callable[..., Done]) -> Callable[..., Done]:
    """Runs the command in a folder in which everything is hostile."""
    for name, text in ARTICLES.items():
        Path(name).write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    own = rule_file(tmp_path / "hostile-rules", "phrases:\n  - wonder food")
    kept = re.sub(r"^(message|why|fix): .*\n", "", own.read_text(encoding="utf-8"), flags=re.MULTILINE)
    own.write_text(kept + RULE, encoding="utf-8")
    glob = json.dumps(f"/{ACTIVE} ::error::x")
    Path(".healthlint.yaml").write_text(CONFIG.format(text=QUOTED, glob=glob), encoding="utf-8")
    return run_here


# --- what must not be there ----------------------------------------------------------------------------

STEERING = frozenset(
    chr(code)
    for code in range(sys.maxunicode + 1)
    if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp") and chr(code) not in "\n\u200c\u200d"
)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def acting(text: str) -> list[str]:
    """What in `text` would act, in a terminal or in the log of a service."""
    commands = (
        line
        for line in text.split("\n")
        if re.match(r"\s*::", line) or re.search(r"##(vso|teamcity)?\[", line, re.IGNORECASE)
    )
    return [*sorted(set(text) & STEERING), *commands]


def test_the_search_finds_what_acts() -> None:
    assert acting(ACTIVE) == sorted("\x07\x1b\x9b\u200b\u2028\u202e\u2066\ufeff")
    assert acting("\r\ud800") == ["\r", "\ud800"]
    for line in ("::error::x", "  ::error::x", "a ##[error]x", "##VSO[task]", "##teamcity[x]"):
        assert acting(f"fine\n{line}\n") == [line]
    assert acting("a::b: 🧑\u200d⚕️ #[x] ## y ##z[1]\n") == []


# --- what commands print -------------------------------------------------------------------------------

LISTS: dict[str, tuple[str, ...]] = {
    "check": ("check",),
    "check, everything": ("check", "--show-excused", "--statistics", "--no-suppressions"),
    "check, quiet": ("check", "-q"),
    "check, profiles": ("check", "--explain-profile"),
    "fix, shown": ("check", "--fix", "--dry-run"),
    "stats": ("stats", "--top", "0"),
    "suppressions": ("suppressions",),
    "config": ("config",),
    "config of articles": ("config", *(name for name in ARTICLES if not name.startswith("-"))),
    "rules": ("rules",),
    "explain": ("explain", "wonder-food"),
    "test": ("test", "hostile-rules"),
    "init": ("init", "--dry-run"),
    "init, written": ("init", "--force"),
}
ERRORS: dict[str, tuple[str, ...]] = {
    "no such article": ("check", f"gone {WORST}.md"),
    "no such option": ("check", f"--x{WORST}"),
    "no such command": (WORST,),
    "no such format": ("check", "--output", WORST),
    "no such rule": ("explain", WORST),
    "no such selection": ("check", "--select", WORST),
    "no such revision": ("check", "--diff", f"-{WORST}"),
    "no such configuration": ("check", "--config", WORST),
    "no such baseline": ("check", "--baseline", WORST),
    "no such folder": ("test", WORST),
    "no such place": ("check", "--output", f"json:{ACTIVE}/x\n::error::y/z"),
    "an article as output": ("check", "--output", f"json:{NAMES[0]}"),
    "a table": ("scan", WORST, "--out", "found"),
}


@pytest.mark.parametrize("name", LISTS)
def test_what_is_printed_does_nothing(name: str, here: Callable[..., Done]) -> None:
    done = here(*LISTS[name])
    assert acting(done.out) == acting(done.err) == []
    assert len(done.out) > 40
    assert "Error:" not in done.err


@pytest.mark.parametrize("name", ERRORS)
def test_what_is_given_does_nothing_in_an_error(name: str, here: Callable[..., Done]) -> None:
    done = here(*ERRORS[name])
    assert acting(done.out) == acting(done.err) == []
    assert done.code == 2
    assert "\\x1b" in done.out + done.err or name == "an article as output"


def test_in_colour_nothing_but_colours_comes_from_us(here: Callable[..., Done]) -> None:
    plain, tinted = here("check"), here("check", "--color", "always")
    assert tinted.out != plain.out
    assert COLOUR.sub("", tinted.out) == plain.out


def test_the_harmless_stays_readable(here: Callable[..., Done]) -> None:
    out = here("check", "--show-excused").out
    for shown in ("漢字 \\u202e😀.md:1:", "\\x1b]0;owned\\x07", "\\x3a:error", "#\\x23[error]", FORMULA):
        assert shown in out, shown


# --- configurations, rules and baselines that are wrong ------------------------------------------------

BROKEN: dict[str, dict[str, str]] = {
    "a key": {".healthlint.yaml": f"{QUOTED}: 1\n"},
    "values": {
        ".healthlint.yaml": f"profile: {QUOTED}\npacks: [{QUOTED}]\nselect: [{QUOTED}]\nignore: [{QUOTED}]\n"
        f"severity: {{{QUOTED}: {QUOTED}}}\nlimits: {{{QUOTED}: 1}}\nlocale: {QUOTED}\nexclude: [{QUOTED}]\n"
        f"packages: [{QUOTED}]\nrules: [{QUOTED}]\nbaseline: {QUOTED}\noverrides: [{{{QUOTED}: 1}}]\n"
        f"fix: {{{QUOTED}: 1, front-matter: {{{QUOTED}: 1}}}}\n"
    },
    "no YAML": {".healthlint.yaml": f"a: b: {QUOTED}\n"},
    "a tag": {".healthlint.yaml": "a: !<::error::x%1b%5b2J> b\n"},
    "raw controls": {".healthlint.yaml": "a: \x1b[2J\n"},
    "TOML": {"pyproject.toml": f"[tool.healthlint]\n{QUOTED} = 1\n"},
    "no TOML": {"pyproject.toml": f"[tool.healthlint]\n{QUOTED} = = \x1b\n"},
    "a rule": {
        ".healthlint.yaml": "rules: own\n",
        "own/house/x\x1b[2J\n::error::y.yaml": f"id: {QUOTED}\nfamily: {QUOTED}\nseverity: {QUOTED}\n"
        f"{QUOTED}: 1\nphrases: [{QUOTED}]\nunless: [{QUOTED}]\nsources: [{QUOTED}]\nextends: {QUOTED}\n",
    },
    "a rule that is read": {
        ".healthlint.yaml": "rules: own\n",
        "own/house/x\x1b[2J\n::error::y.yaml": f"id: {QUOTED}\nfamily: {QUOTED}\nseverity: {QUOTED}\n"
        f"{QUOTED}: 1\nphrases: [{QUOTED}]\nunless: [{QUOTED}]\nsources: [{QUOTED}]\nwhere: {{{QUOTED}: 1}}\n",
    },
    "a lexicon": {
        ".healthlint.yaml": "rules: own\n",
        "own/lexicon/x.yaml": f"name: {QUOTED}\nincludes: [{QUOTED}]\nterms: [{QUOTED}]\n",
        "own/cues/::x.yaml": f"context: {QUOTED}\ncues: [{{direction: {QUOTED}, phrases: [{QUOTED}]}}]\n",
        "own/packs/y.yaml": f"pack: {QUOTED}\nselect: [{QUOTED}]\nunexcused: {{{QUOTED}: 1}}\n",
        "own/sources.yaml": f"{QUOTED}: {{url: {QUOTED}}}\n",
    },
    "a baseline": {".healthlint.yaml": "baseline: known.json\n", "known.json": f'{{{QUOTED}: 1, {QUOTED}: 1}}'},
    "no baseline": {".healthlint.yaml": "baseline: known.json\n", "known.json": WORST},
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_errors_quote_and_do_nothing(
    name: str, run_here: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthlint.config.rulebook", rulebook)  # each has rules of its own
    for file, text in BROKEN[name].items():
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text(text, encoding="utf-8")
    Path("a.md").write_text("Rest well.\n", encoding="utf-8")
    done = run_here("check")
    assert (done.code, done.out) == (2, "")
    assert acting(done.err) == []
    lines = done.err.splitlines()
    assert lines
    assert all(line.startswith("Error: ") for line in lines)


# --- formats -------------------------------------------------------------------------------------------


def reports(here: Callable[..., Done], *formats: str) -> Iterator[str]:
    done = here("check", *(f"--output={name}:report.{name}" for name in formats), "--show-excused")
    assert done.code == 2
    assert acting(done.err) == []
    for name in formats:
        yield Path(f"report.{name}").read_text(encoding="utf-8")


def test_formats_for_programs_are_ascii_and_sound(here: Callable[..., Done]) -> None:
    names = ("json", "sarif", "gitlab", "rdjson", "audit-json", "junit", "checkstyle")
    for name, text in zip(names, reports(here, *names), strict=True):
        assert text.isascii()
        assert not set(text) & STEERING
        ElementTree.fromstring(text) if name in ("junit", "checkstyle") else json.loads(text)


def test_stats_and_config_as_json(here: Callable[..., Done]) -> None:
    for arguments in (("stats",), ("config",), ("config", *NAMES[:3])):
        done = here(*arguments, "--output-format", "json")
        assert done.out.isascii()
        json.loads(done.out)


def test_a_path_in_sarif_names_that_file_and_no_other(here: Callable[..., Done]) -> None:
    [sarif] = reports(here, "sarif")
    [run] = json.loads(sarif)["runs"]
    places = [each["locations"][0]["physicalLocation"]["artifactLocation"] for each in run["results"]]
    assert places
    assert {place["uriBaseId"] for place in places} == {"SRCROOT"}
    named = {os.fsdecode(unquote_to_bytes(place["uri"])) for place in places}
    assert named <= ARTICLES.keys()
    for place in places:
        assert re.fullmatch(r"[\w/.~%-]+", place["uri"], re.ASCII)
        assert not re.match(r"[a-z]+:|/|.*\.\./", place["uri"])


def test_commands_for_github_are_ours(here: Callable[..., Done]) -> None:
    [log] = reports(here, "github")
    lines = log.splitlines()
    ours = [
        line for line in lines if re.match(r"::(?:error|warning|notice) title=healthlint [\w -]+,file=", line)
    ]
    assert acting(log) == ours
    assert len(lines) - len(ours) <= 2  # the summary
    for line in ours:
        # Neither file nor message can end its part of the command.
        head, separator, _ = line[2:].partition("::")
        assert separator
        assert not re.search(r"[\r\n]", head)
        assert set(re.findall(r"(?:^|,)(\w+)=", head.partition(" ")[2])) <= {
            "title", "file", "line", "endLine", "col", "endColumn",
        }  # fmt: skip


ELEMENTS = frozenset(
    "html head meta title style script body a header h1 h2 h3 h4 p time button nav main section dl div dt dd table thead"
    " tbody tr th td svg rect span ul ol li form label input fieldset legend select option details summary kbd article"
    " mark sup q b del ins blockquote footer".split()
)


def test_the_page_holds_no_markup_but_ours(here: Callable[..., Done]) -> None:
    [page] = reports(here, "html")
    assert not set(page) & STEERING
    found = [each for each in turbohtml.parse(page).descendants if isinstance(each, turbohtml.Element)]
    assert {each.tag for each in found} <= ELEMENTS
    assert sum(each.tag == "script" for each in found) == 1
    addresses = [
        (name, value)
        for each in found
        for name, value in each.attrs.items()
        if name in ("href", "src", "action", "srcdoc", "formaction", "data") or name.startswith("on")
    ]
    assert addresses
    assert all(name == "href" and re.match(r"#|https?://", str(value)) for name, value in addresses)


def test_pages_about_rules_hold_no_html(here: Callable[..., Done]) -> None:
    done = here("docs", "pages")
    assert done.code == 0
    written = Path("pages/wonder-food.md").read_text(encoding="utf-8")
    prose = re.sub(r"(?ms)^(`{3,}).*?^\1$|<https?://[^>]*>|`[^`]*`", "", written)
    assert "alert(1)" in prose
    assert "<" not in prose
    assert "](javascript" not in prose


def test_a_formula_stays_text_in_a_table(tmp_path: Path, run_here: Callable[..., Done]) -> None:
    """Parquet has types; that no spreadsheet is handed a formula is up to whoever makes a CSV of it."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra “tables” is not installed")
    row = {"id": FORMULA + ACTIVE, "text": f"{FORMULA} cures gout."}
    Path("in.jsonl").write_text(json.dumps(row) + '\n{"id": "\\u001b[2J", "text": 1}\n', encoding="utf-8")
    done = run_here("scan", "in.jsonl", "--out", "out", "--jobs", "1")
    assert acting(done.out + done.err) == []
    assert "\\x1b[2J" in done.err
    ids = parquet.read_table("out/findings").column("id").to_pylist()
    assert set(ids) == {FORMULA + ACTIVE}


# --- editors -------------------------------------------------------------------------------------------


def test_an_editor_is_told_nothing_that_acts(tmp_path: Path) -> None:
    pytest.importorskip("pygls", reason="the extra “lsp” is not installed")
    from lspclient import Editor

    config, article = tmp_path / ".healthlint.yaml", (tmp_path / "tea.md").as_uri()
    config.write_text("select: [cure-claim]\n", encoding="utf-8")
    editor = Editor(tmp_path)
    try:
        text = f"---\nhealthlint:\n  profile: {QUOTED}\n---\n\nOur tea cures {MARKUP} {ACTIVE} gout.\n"
        told = editor.open(article, text)
        said = [each.message for each in told.diagnostics]
        assert any("\\u202e" in each for each in said)
        config.write_text(f"{QUOTED}: 1\n", encoding="utf-8")
        editor.watched(config)
        said += [editor.until(lambda: editor.messages[-1:])[0].message]
        said += [each.message for each in editor.shown(config.as_uri()).diagnostics]
        assert [acting(each) for each in said] == [[]] * len(said)
    finally:
        editor.quit()


# --- names ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="names there are text")
def test_a_name_that_begins_with_a_hyphen_is_no_option(tmp_path: Path, run_here: Callable[..., Done]) -> None:
    for name in ("--fix.md", "-q.md"):
        Path(name).write_text("Our tea cures gout.\n", encoding="utf-8")
    done = run_here("check", ".", "-q", "--no-config", "--select", "cure-claim")
    assert [line.partition(":")[0] for line in done.out.splitlines()] == ["--fix.md", "-q.md"]
    assert run_here("check", "--no-config", "--", "--fix.md").code == 1
    assert Path("--fix.md").read_text(encoding="utf-8") == "Our tea cures gout.\n"


def test_evil_itself(tmp_path: Path, run_here: Callable[..., Done]) -> None:
    """The text of the tests of formats, as an article that was saved by someone."""
    Path("a.md").write_bytes(f"Our tea cures gout. {EVIL}\n".encode("utf-8", "surrogatepass"))
    done = run_here("check", "--no-config")
    assert acting(done.out + done.err) == []
