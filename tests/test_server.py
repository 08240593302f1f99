from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

pytest.importorskip("pygls", reason="the language server needs pygls: pip install 'healthlint[lsp]'")

from lspclient import Editor
from lsprotocol import types

from healthlint.config import Config
from healthlint.document import Document
from healthlint.readers import read_text
from healthlint.report import Report
from healthlint.run import Linters, report_of
from healthlint.server.actions import FIX_ALL, actions
from healthlint.server.article import article, file_of
from healthlint.server.comment import suppressing_here, suppressing_in_file
from healthlint.server.configs import Configs
from healthlint.server.hover import hover
from healthlint.server.places import Places
from healthlint.span import Span
from healthlint.violation import Edit, Violation

LINTERS = Linters(Config())
CLAIM = "Our tea cures gout."


def linted(text: str, format: str = "markdown") -> tuple[Document, Report]:
    document = read_text(text, format=format)
    return document, report_of([document], LINTERS)


def claim(text: str, format: str = "markdown", rule: str = "cure-claim") -> tuple[Document, Violation]:
    document, report = linted(text, format)
    return document, next(each for each in report if each.rule == rule)


def applied(text: str, edits: list[Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def said(report: Report) -> Counter[tuple[str, str]]:
    return Counter((each.rule, each.text) for each in report)


# --- places --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "column"),
    # an emoji, a letter with a combining accent, a precomposed letter, a space
    [("utf-8", 4 + 3 + 2 + 1), ("utf-16", 2 + 2 + 1 + 1), ("utf-32", 1 + 2 + 1 + 1)],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_places_in_the_units_of_the_editor(encoding, column, line_end, bom):
    before = f"One\u2028line\x0cstill.{line_end}"
    places = Places(f"{bom}{before}🍵e\u0301é cures", encoding)
    offset = len(before) + len("🍵e\u0301é ")
    assert places.source[offset:] == "cures"
    assert places.position(offset) == types.Position(1, column)
    assert places.offset(types.Position(1, column)) == offset
    assert places.position(0).line == 0
    assert places.offset(types.Position(0, 0)) == 0


def test_what_lies_beyond_is_at_the_end():
    places = Places("one\r\ntwo", "utf-16")
    assert places.offset(types.Position(0, 99)) == 3
    assert places.offset(types.Position(9, 0)) == 8
    assert Places("🍵", "utf-16").offset(types.Position(0, 1)) == 0  # within the character


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/a%20b/%C3%A9t%C3%A9.md", "/home/a b/été.md"),
        ("file:///home/caf%E9.md", "/home/caf\udce9.md"),
        ("file:///home/a;b%23c%3Fd.md", "/home/a;b#c?d.md"),
        ("file://localhost/home/a.md", "/home/a.md"),
        ("file:///c%3A/Users/a.md", "c:/Users/a.md"),
        ("file:///C:/Users/a.md", "C:/Users/a.md"),
        ("file://server/share/a.md", "//server/share/a.md"),
    ],
)
def test_files_of_uris(uri, path):
    assert PurePosixPath(file_of(uri)) == PurePosixPath(path)


def test_what_is_no_file_has_no_path():
    assert file_of("untitled:Untitled-1") is None


@pytest.mark.parametrize(
    ("uri", "language", "format"),
    [
        ("file:///a/b.mdx", "markdown", "mdx"),  # the ending decides, as for the command
        ("file:///a/b", "markdown", "markdown"),
        ("file:///a/b.blade", "php", "html"),
        ("untitled:Untitled-1", "restructuredtext", "rst"),
        ("untitled:Untitled-1", "plaintext", "text"),
    ],
)
def test_the_format_of_an_article(uri, language, format):
    found = article(uri, 1, language, "", Path("/a"))
    assert found is not None
    assert found.format == format


def test_a_program_is_no_article():
    assert article("file:///a/b.py", 1, "python", "", Path("/a")) is None


# --- suppressions --------------------------------------------------------------------------------------

HERE = {
    "paragraph": ("markdown", f"# Tea\n\n{CLAIM}\n", "paragraph"),
    "paragraph below a heading": ("markdown", f"# Tea\n{CLAIM}\n\nMore.\n", "paragraph"),
    "wrapped paragraph": ("markdown", "# Tea\n\nOur tea is\nwarm, and\nit cures gout.\n", "paragraph"),
    "heading": ("markdown", "# Tea cures gout\n\nMore.\n", "heading"),
    "setext heading": ("markdown", "Tea cures gout\n==============\n\nMore.\n", "heading"),
    "first item": ("markdown", f"One:\n\n- {CLAIM}\n- It is warm.\n", "list item"),
    "middle item": ("markdown", f"- It is warm.\n- {CLAIM}\n- It is sweet.\n", "list item"),
    "numbered item": ("markdown", f"9. It is warm.\n10. {CLAIM}\n11. It is sweet.\n", "list item"),
    "loose item": ("markdown", f"- It is warm.\n\n- {CLAIM}\n\n- It is sweet.\n", "list item"),
    "nested first item": ("markdown", f"- It is warm.\n  - {CLAIM}\n  - It is sweet.\n", "list item"),
    "nested middle item": ("markdown", f"- Tea\n  - It is warm.\n  - {CLAIM}\n- Milk\n", "list item"),
    "second paragraph of an item": ("markdown", f"- It is warm.\n\n  {CLAIM}\n- It is sweet.\n", "paragraph"),
    "quotation": ("markdown", f"> It is warm.\n>\n> {CLAIM} That is so.\n", "paragraph"),
    "item in a quotation": ("markdown", f"> - It is warm.\n> - {CLAIM}\n", "list item"),
    "table": ("markdown", f"| tea | use |\n|---|---|\n| mint | {CLAIM} |\n| lime | none |\n", "line"),
    "bold": ("markdown", "Warm.\n\n**Our tea cures gout.**\n", "paragraph"),
    "hard break": ("markdown", "Our tea is warm.  \nIt cures gout.  \nIt is sweet.\n", "paragraph"),
    "picture": ("markdown", "Warm.\n\n![Our tea cures gout.](tea.png)\n", "paragraph"),
    "HTML in Markdown": ("markdown", f'<div\n  class="x">\n\n{CLAIM}\n\n</div>\n', "paragraph"),
    "CRLF": ("markdown", f"# Tea\r\n\r\n{CLAIM}\r\n", "paragraph"),
    "front matter above": ("markdown", f"---\ntitle: Tea\n---\n{CLAIM}\n", "paragraph"),
    "no line end": ("markdown", CLAIM, "paragraph"),
    "MDX paragraph": ("mdx", f"import X from './x'\n\n# Tea\n\n{CLAIM}\n", "paragraph"),
    "MDX item": ("mdx", f"- It is warm.\n- {CLAIM}\n", "list item"),
    "MDX component": ("mdx", f"<Callout>\n\n{CLAIM}\n\n</Callout>\n", "paragraph"),
    "MDX indented component": ("mdx", f"<Callout>\n  {CLAIM}\n</Callout>\n", "paragraph"),
    "HTML": ("html", f"<h1>Tea</h1>\n<div>\n  <p>{CLAIM}</p>\n  <p>Warm.</p>\n</div>\n", "paragraph"),
    "HTML over lines": ("html", f"<p\n  class='x'>\n    {CLAIM}\n</p>\n", "paragraph"),
    "HTML item": ("html", f"<ul>\n<li>Warm.</li>\n<li>{CLAIM}</li>\n</ul>\n", "list item"),
    "HTML title": ("html", "<html><head>\n<title>\nTea cures gout\n</title>\n</head><body></body></html>", "paragraph"),
    "HTML attribute": ("html", '<p>Warm.</p>\n<img\n  src="x.png"\n  alt="Our tea cures gout.">\n', "paragraph"),
    "HTML on one line": ("html", f"<p>Warm.</p><p>{CLAIM}</p><p>Sweet.</p>", "line"),
    "HTML table": ("html", f"<table>\n<tr>\n<td>Mint</td>\n<td>{CLAIM}</td>\n</tr>\n</table>\n", "paragraph"),
    "reST": ("rst", f"Tea\n===\n\n{CLAIM}\n\nMore.\n", "paragraph"),
    "reST title": ("rst", "===============\nTea cures gout\n===============\n\nMore.\n", "heading"),
    "reST item": ("rst", f"- It is warm.\n- {CLAIM}\n- It is sweet.\n", "list item"),
    "reST note": ("rst", f".. note::\n\n   {CLAIM}\n\nMore.\n", "paragraph"),
    "reST picture": ("rst", "Tea.\n\n.. figure:: a.png\n   :alt: Our tea cures gout.\n\nMore.\n", "paragraph"),
    "text": ("text", f"Tea\n\n{CLAIM}\nIt is warm.\n\nMore.\n", "paragraph"),
    "text item": ("text", f"Tea\n\n* It is warm.\n* {CLAIM}\n* It is sweet.\n", "list item"),
}  # fmt: skip


@pytest.mark.parametrize(("format", "text", "what"), HERE.values(), ids=HERE)
def test_a_suppression_suppresses_and_does_nothing_else(format, text, what):
    document, found = claim(text, format)
    suppressing = suppressing_here(document, found)
    assert suppressing is not None
    changed = applied(text, [suppressing.edit])
    after, report = linted(changed, format)
    assert [(each.kind, each.text.strip()) for each in after.blocks] == [
        (each.kind, each.text.strip()) for each in document.blocks
    ]
    before = linted(text, format)[1]
    assert said(before) - said(report) == Counter([(found.rule, found.text)])
    assert not said(report) - said(before)
    assert suppressing.what == what
    assert ("\r\n" in text) == ("\r\n" in suppressing.edit.text)


@pytest.mark.parametrize(("format", "text", "what"), HERE.values(), ids=HERE)
def test_a_rule_is_switched_off_in_the_file(format, text, what):
    document, found = claim(text, format)
    suppressing = suppressing_in_file(document, found)
    assert suppressing is not None
    report = linted(applied(text, [suppressing.edit]), format)[1]
    assert "cure-claim" not in {each.rule for each in report}
    assert not {each.family for each in report} & {"suppression"}


def test_the_comment_goes_where_an_author_would_put_it():
    def marked(text: str) -> str:
        document, found = claim(text)
        suppressing = suppressing_here(document, found)
        assert suppressing is not None
        return re.sub("<!--.*-->", "<!-- … -->", applied(text, [suppressing.edit]))

    assert marked("- Warm.\n- It cures gout.\n") == "- Warm.\n  <!-- … -->\n- It cures gout.\n"
    assert marked("Tea.\n\n1. It cures gout.\n") == "Tea.\n\n<!-- … -->\n1. It cures gout.\n"
    assert marked("> Warm.\n>\n> It cures gout.\n") == "> Warm.\n>\n> <!-- … -->\n> It cures gout.\n"
    assert marked("|a|\n|-|\n|It cures gout|\n") == "|a|\n|-|\n|It cures gout <!-- … -->|\n"


def test_all_rules_at_the_place_are_suppressed():
    text = "Warm.\n\nOur mint tea cures gout.\n"
    document, found = claim(text)
    assert found.also
    suppressing = suppressing_here(document, found)
    assert suppressing is not None
    assert " ".join((found.rule, *found.also)) in suppressing.edit.text
    document, report = linted(applied(text, [suppressing.edit]))
    assert not [each for each in report if each.sentence]


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("markdown", "---\ntitle: Tea cures gout\n---\n\nWarm.\n"),
        ("html", '<script type="application/ld+json">\n{"@type": "Article",\n"headline": "Tea cures gout"}\n</script>\n<p>Warm.</p>'),
    ],
)  # fmt: skip
def test_where_no_comment_can_stand_only_the_file_is_offered(format, text):
    document, found = claim(text, format)
    assert suppressing_here(document, found) is None
    suppressing = suppressing_in_file(document, found)
    assert suppressing is not None
    report = linted(applied(text, [suppressing.edit]), format)[1]
    assert "cure-claim" not in {each.rule for each in report}


def test_what_concerns_the_article_is_no_matter_of_a_paragraph():
    document, found = claim("# Tea\n\nWarm.\n", rule="disclaimer-missing")
    assert suppressing_here(document, found) is None
    suppressing = suppressing_in_file(document, found)
    assert suppressing is not None
    assert suppressing.what == "file"


def test_suppressions_are_not_suppressed():
    text = "<!-- healthlint-disable-next-line cure-claim -- quoted -->\nWarm.\n"
    document, found = claim(text, rule="unused-suppression")
    assert suppressing_here(document, found) is None
    assert suppressing_in_file(document, found) is None


# --- actions -------------------------------------------------------------------------------------------


def offered(
    text: str, selected: Span, edits: dict[str, tuple[Edit, ...]], only=None
) -> list[types.CodeAction]:
    document, report = linted(text)
    violations = [replace(each, edits=edits.get(each.rule, ())) for each in report]
    places = Places(text, "utf-16")
    return actions(
        document,
        violations,
        selected,
        only=only,
        proved=lambda found: [each for each in found if each.edits],
        changed=lambda edits: types.WorkspaceEdit(changes={"x": [places.edit(each) for each in edits]}),
        shown=lambda found: types.Diagnostic(places.range(found.span), found.message),
    )


def test_a_fix_is_offered_first_and_by_its_words():
    text = "Warm.\n\nOur tea cures gout.\n"
    at = text.index("cures")
    fix = {"cure-claim": (Edit(Span(at, at + 5), "may ease"),)}
    found = offered(text, Span(at, at), fix)
    assert [each.title for each in found] == [
        "Write “may ease”",
        "Suppress cure-claim for this paragraph",
        "Switch cure-claim off in this file",
        "Fix all that healthlint can fix",
    ]
    assert found[0].is_preferred
    assert found[0].edit == types.WorkspaceEdit(
        changes={"x": [types.TextEdit(types.Range(types.Position(2, 8), types.Position(2, 13)), "may ease")]}
    )
    assert found[0].diagnostics
    assert found[0].diagnostics[0].message == "“cures gout” promises a cure."


def test_only_what_was_asked_for_is_offered():
    text = "Warm.\n\nOur tea cures gout.\n"
    at = text.index("cures")
    fix = {"cure-claim": (Edit(Span(at, at + 5), "may ease"),)}

    def kinds(*only: str) -> set[str | None]:
        return {each.kind for each in offered(text, Span(at, at), fix, only)}

    assert kinds("quickfix") == {"quickfix"}
    assert kinds("source") == kinds("source.fixAll") == kinds("source.fixAll.healthlint") == {FIX_ALL}
    assert kinds("refactor") == set()
    assert not offered(text, Span(at, at), {}, ["source.fixAll"])


def test_long_fixes_have_short_titles():
    text = "Warm.\n\nOur tea cures gout.\n"
    at = text.index("cures")
    titles = [
        offered(text, Span(at, at), {"cure-claim": edits})[0].title
        for edits in (
            (Edit(Span(at, at), "x " * 200),),
            (Edit(Span(at, at), "perhaps "),),
            (Edit(Span(at, at + 6), ""),),
        )
    ]
    assert titles == ["Fix cure-claim", "Insert “perhaps”", "Take out “cures gout”"]


def test_words_that_somebody_must_look_at_are_offered_as_such():
    text = "Warm.\n\nHe *committed* suicide.\n"
    at = text.index("suicide")
    assert linted(text)[1].violations[-1].edits == ()
    suggested, *others = offered(text, Span(at, at), {}, ["quickfix"])
    assert suggested.title == "Write “died by suicide”, and look whether it fits"
    assert not suggested.is_preferred
    ((change,),) = suggested.edit.changes.values()
    assert change.new_text == "died by suicide"
    assert change.range == types.Range(types.Position(2, 4), types.Position(2, 22))
    assert [each.title for each in others if "suicide-commit" in each.title] == [
        "Suppress suicide-commit for this paragraph",
        "Switch suicide-commit off in this file",
    ]


def test_elsewhere_nothing_is_offered():
    text = "Warm.\n\nOur tea cures gout.\n\nSweet.\n"
    at = text.index("Sweet")
    assert offered(text, Span(at, at), {}) == []


# --- hover ---------------------------------------------------------------------------------------------


def test_nothing_from_an_article_acts_in_a_hover():
    report = linted(f"# Tea\n\n{CLAIM}\n")[1]
    evil = "“![x](https://a.test/b.png) <img src=x> www.a.test `c` *d* &amp; a@b.test”\n\n# e"
    found = replace(next(each for each in report if each.rule == "cure-claim"), message=evil)
    shown = hover([found], report, markdown=True)
    line = next(line for line in shown.splitlines() if "a.test" in line)
    assert line == (
        r"“\!\[x\](https\://a.test/b.png) \<img src=x\> www\.a.test \`c\` \*d\* \&amp; a\@b.test” \# e"
    )


def test_a_hover_without_markdown_has_no_marks():
    report = linted(f"# Tea\n\n{CLAIM}\n")[1]
    found = next(each for each in report if each.rule == "cure-claim")
    shown = hover([found], report, markdown=False)
    assert shown.startswith("cure-claim (overclaim, error)\n\n“cures gout” promises a cure.\n\nWhy: ")
    assert "**" not in shown
    assert "https://" in shown


# --- configurations ------------------------------------------------------------------------------------


def test_a_configuration_is_read_again_only_when_its_files_changed(tmp_path):
    config, rules = tmp_path / ".healthlint.yaml", tmp_path / "own"
    rules.mkdir()
    config.write_text("rules: [own]\n")
    configs = Configs()
    first = configs.of(tmp_path)
    assert configs.of(tmp_path) is first
    (rules / "sources.yaml").write_text("[broken")
    assert configs.of(tmp_path) is first  # the last that could be used
    assert [error.path for errors in configs.faults.values() for error in errors]
    (rules / "sources.yaml").unlink()
    assert configs.of(tmp_path) is not first
    assert not configs.faults


def test_a_configuration_that_never_was_sound_checks_nothing(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.healthlint\n")
    configs = Configs()
    assert configs.of(tmp_path) is None
    assert configs.faults
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    assert configs.of(tmp_path) is not None
    assert not configs.faults


# --- a session -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def editor(tmp_path_factory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("site")
    (folder / ".healthlint.yaml").write_text("select: [cure-claim]\n")
    editor = Editor(folder)
    yield editor
    assert editor.quit() == 0
    assert not editor.log


@pytest.fixture
def uri(editor, request) -> Iterator[str]:
    """An article that is not there yet, in a folder of its own."""
    folder = editor.folder / request.node.name.replace("[", "-").replace("]", "")
    folder.mkdir()
    uri = (folder / "tea 🍵.md").as_uri()
    yield uri
    editor.close(uri)


def rules_in(shown: types.PublishDiagnosticsParams) -> list[str]:
    return [str(each.code) for each in shown.diagnostics]


def folder_of(uri: str) -> Path:
    file = file_of(uri)
    assert file is not None
    return file.parent


def only(rules: str, uri: str) -> Path:
    config = folder_of(uri) / ".healthlint.yaml"
    config.write_text(f"select: [{rules}]\n")
    return config


def span(line: int, start: int, end: int) -> types.Range:
    return types.Range(types.Position(line, start), types.Position(line, end))


def test_what_the_server_can_do(editor):
    found = editor.initialized.capabilities
    assert found.position_encoding == "utf-16"
    assert found.hover_provider
    assert found.code_action_provider.code_action_kinds == ("quickfix", FIX_ALL)
    assert editor.initialized.server_info.name == "healthlint"
    registration = editor.until(lambda: editor.registered[0] if editor.registered else None)
    assert "**/.healthlint.yaml" in json.dumps(registration.register_options, default=str)


def test_what_is_shown_of_a_claim(editor, uri):
    (shown,) = editor.open(uri, "# Tea 🍵\n\n🍵 e\u0301 It cures gout.\n").diagnostics
    assert shown.range == span(2, 9, 19)
    assert shown.code == "cure-claim"
    assert shown.severity == types.DiagnosticSeverity.Error
    assert shown.source == "healthlint"
    assert shown.message == "“cures gout” promises a cure."
    assert shown.code_description.href.startswith("https://")
    assert "evidence" in shown.data["fix"]


@pytest.mark.parametrize(
    ("encodings", "agreed", "columns"),
    [
        (("utf-8", "utf-16"), "utf-8", (12, 22)),
        (("utf-32",), "utf-32", (8, 18)),
        (("ebcdic",), "utf-16", (9, 19)),
    ],
)
def test_positions_in_the_encoding_that_was_agreed_upon(tmp_path, encodings, agreed, columns):
    only("cure-claim", (tmp_path / "x").as_uri())
    editor = Editor(tmp_path, encodings=encodings)
    uri = (tmp_path / "a.md").as_uri()
    (shown,) = editor.open(uri, "# Tea 🍵\n\n🍵 e\u0301 It cures gout.\n").diagnostics
    assert editor.initialized.capabilities.position_encoding == agreed
    assert shown.range == span(2, *columns)
    assert editor.hover(uri, 2, columns[0]).range == shown.range
    assert editor.hover(uri, 2, columns[0] - 1) is None
    assert editor.quit() == 0


def test_half_a_character_does_no_harm(editor, uri):
    editor.open(uri, "")
    (shown,) = editor.change(uri, "\ud83c It cures gout.").diagnostics
    assert shown.range == span(0, 5, 15)


def test_only_what_ends_a_line_for_editors_ends_one(editor, uri):
    (shown,) = editor.open(uri, "One\u2028line\x0cand\x85more.\r\rIt cures gout.").diagnostics
    assert shown.range == span(2, 3, 13)


def test_what_is_typed_changes_what_is_shown(editor, uri):
    assert rules_in(editor.open(uri, CLAIM)) == ["cure-claim"]
    assert rules_in(editor.change(uri, "Our tea is warm.")) == []
    assert rules_in(editor.change(uri, f"{CLAIM} It cures gout.")) == ["cure-claim", "cure-claim"]


def test_nothing_stale_is_shown(editor, uri):
    editor.open(uri, "Warm.")
    last = [editor.type(uri, f"Warm.\n\n{CLAIM[:end]}") for end in range(len(CLAIM) + 1)][-1]
    assert rules_in(editor.shown(uri)) == ["cure-claim"]
    versions = [each.version for each in editor.published if each.uri == uri]
    assert versions == sorted(set(versions))
    assert versions[-1] == last
    assert len(versions) < len(CLAIM) / 2


def test_a_hover_explains(editor, uri):
    editor.open(uri, f"# Tea\n\n{CLAIM}\n")
    shown = editor.hover(uri, 2, 10)
    assert shown.range == span(2, 8, 18)
    assert shown.contents.kind == types.MarkupKind.Markdown
    for part in ("**cure-claim** (overclaim, error)", "**Why:**", "**Write instead:**", "](<https://"):
        assert part in shown.contents.value
    assert editor.hover(uri, 0, 3) is None


def test_an_action_can_be_applied_and_leaves_nothing(editor, uri):
    text = f"# Tea 🍵\r\n\r\n- 🍵 Warm.\r\n- 🍵 {CLAIM}\r\n"
    (shown,) = editor.open(uri, text).diagnostics
    here, in_file = editor.actions(uri, shown.range)
    assert here.title == "Suppress cure-claim for this list item"
    assert in_file.title == "Switch cure-claim off in this file"
    assert here.diagnostics == (shown,)
    for action in (here, in_file):
        (change,) = action.edit.document_changes
        assert change.text_document.version == 1
        (edit,) = change.edits
        places = Places(text, "utf-16")
        at = places.offset(edit.range.start)
        assert edit.range.start == edit.range.end
        other = uri.replace(".md", f"-{len(edit.new_text)}.md")
        assert rules_in(editor.open(other, text[:at] + edit.new_text + text[at:])) == []
        editor.close(other)


NOTICE = "This page gives general information. It is not medical advice. Talk to your doctor before you change a treatment."


def test_fixes_can_be_applied_one_by_one_and_all_at_once(editor, uri):
    (folder_of(uri) / ".healthlint.yaml").write_text(
        f"select: [disclaimer-missing, no-author, suicide-commit]\n"
        f"fix:\n  disclaimer: {NOTICE}\n  front-matter: {{no-author: {{author: Jo Lee}}}}\n"
    )
    text = "---\r\ntitle: Tea\r\n---\r\n# 🍵 Tea\r\n\r\n🍵 He committed suicide in 1990.\r\n"
    shown = editor.open(uri, text)
    assert sorted(rules_in(shown)) == ["disclaimer-missing", "no-author", "suicide-commit"]

    def after(action: types.CodeAction) -> list[str]:
        (change,) = action.edit.document_changes
        places = Places(text, "utf-16")
        edits = [
            Edit(Span(places.offset(each.range.start), places.offset(each.range.end)), each.new_text)
            for each in change.edits
        ]
        left = rules_in(editor.change(uri, applied(text, edits)))
        editor.change(uri, text)
        return sorted(left)

    fixed = {
        str(diagnostic.code): after(action)
        for each in shown.diagnostics
        for action in editor.actions(uri, each.range, ["quickfix"])
        if action.is_preferred
        for diagnostic in action.diagnostics
    }
    assert fixed == {
        "disclaimer-missing": ["no-author", "suicide-commit"],
        "no-author": ["disclaimer-missing", "suicide-commit"],
        "suicide-commit": ["disclaimer-missing", "no-author"],
    }
    (everything,) = editor.actions(uri, span(0, 0, 0), [FIX_ALL])
    assert after(everything) == []


def test_what_the_command_refuses_is_not_offered(editor, uri):
    (folder_of(uri) / ".healthlint.yaml").write_text(
        f"select: [disclaimer, cure-claim, suicide-commit]\nfix:\n  disclaimer: {NOTICE}\n"
    )
    shown = editor.open(uri, f"# Tea\n\n{CLAIM}\n\nHe committed suicide.\n")
    assert rules_in(shown) == ["disclaimer-missing", "cure-claim", "suicide-commit"]
    offered = [
        action for each in shown.diagnostics for action in editor.actions(uri, each.range, ["quickfix"])
    ]
    assert [each.title for each in offered if each.is_preferred] == ["Write “died by suicide”"]
    (everything,) = editor.actions(uri, span(0, 0, 0), [FIX_ALL])
    (change,) = everything.edit.document_changes
    assert [edit.new_text for edit in change.edits] == ["died by suicide"]


def test_actions_are_about_the_present_text(editor, uri):
    editor.open(uri, "Warm.\n")
    editor.type(uri, f"Warm.\n\n{CLAIM}\n")
    assert [each.title for each in editor.actions(uri, span(2, 10, 10))] == [
        "Suppress cure-claim for this paragraph",
        "Switch cure-claim off in this file",
    ]


def test_a_text_that_was_never_saved(editor):
    shown = editor.open("untitled:Untitled-1", f"<h1>Tea</h1><p>{CLAIM}</p>", "html")
    assert "cure-claim" in rules_in(shown)
    editor.close("untitled:Untitled-1")


def test_a_configuration_that_changes(editor, uri):
    config = only("cure-claim", uri)
    assert rules_in(editor.open(uri, CLAIM)) == ["cure-claim"]
    config.write_text("select: [cure-claim]\nseverity: {cure-claim: info}\n")
    before = len(editor.published)
    editor.watched(config)
    shown = editor.until(lambda: next((each for each in editor.published[before:] if each.uri == uri), None))
    assert [each.severity for each in shown.diagnostics] == [types.DiagnosticSeverity.Information]
    config.write_text("ignore: [overclaim]\n")  # and nobody tells
    assert "cure-claim" not in rules_in(editor.change(uri, f"{CLAIM}\n"))


def test_rules_of_ones_own_that_change(editor, uri):
    folder = folder_of(uri)
    (folder / ".healthlint.yaml").write_text("rules: [house]\nselect: [no-kettle]\n")
    rule = folder / "house" / "house" / "no-kettle.yaml"
    rule.parent.mkdir(parents=True)
    text = (
        "id: no-kettle\nfamily: house\nseverity: warning\nmessage: “{match}” is a kettle.\nwhy: House style.\n"
        "fix: Say pot.\nsources: [https://example.org/style]\nphrases: [a kettle]\n"
        'examples:\n  bad: ["Take <<a kettle>>."]\n  good: [Take a pot.]\n'
    )
    rule.write_text(text)
    assert rules_in(editor.open(uri, "Take a kettle or a jug.")) == ["no-kettle"]
    rule.write_text(text.replace("a kettle]", "a jug]").replace("<<a kettle>>", "<<a jug>>"))
    (shown,) = editor.change(uri, "Take a kettle or a jug. ").diagnostics
    assert shown.message == "“a jug” is a kettle."
    rule.write_text("id: [\n")
    assert rules_in(editor.change(uri, "Take a kettle or a jug.")) == ["no-kettle"]
    broken = editor.until(
        lambda: next((each for each in editor.published if each.uri == rule.as_uri()), None)
    )
    assert broken.diagnostics
    rule.write_text(text)
    editor.change(uri, "Take a kettle.")
    editor.until(
        lambda: (
            [each for each in editor.published if each.uri == rule.as_uri() and not each.diagnostics] or None
        )
    )


def test_a_broken_configuration_is_shown_and_the_last_good_one_holds(editor, uri):
    config = only("cure-claim", uri)
    editor.open(uri, CLAIM)
    config.write_text("select: [cure-claim]\nseverty: {}\n")
    assert rules_in(editor.change(uri, f"{CLAIM} ")) == ["cure-claim"]
    shown = editor.until(
        lambda: next((each for each in editor.published if each.uri == config.as_uri()), None)
    )
    (fault,) = shown.diagnostics
    assert fault.range == types.Range(types.Position(1, 0), types.Position(2, 0))
    assert "severity" in fault.message
    (message,) = [each.message for each in editor.messages if config.parent.name in each.message]
    assert message.startswith("healthlint goes on with the last configuration that can be used: ")
    assert f"{config.name}:2: " in message
    editor.change(uri, CLAIM)  # told once
    assert len([each for each in editor.messages if config.parent.name in each.message]) == 1
    only("cure-claim", uri)
    editor.change(uri, f"{CLAIM} ")
    editor.until(lambda: [each for each in editor.published if each.uri == config.as_uri()][1:] or None)
    assert [each.diagnostics for each in editor.published if each.uri == config.as_uri()][-1] == ()


def test_a_configuration_that_is_broken_from_the_beginning(editor, uri):
    config = folder_of(uri) / ".healthlint.yaml"
    config.write_text("select: [cure-clam]\n")
    assert rules_in(editor.open(uri, CLAIM)) == []
    (message,) = [each.message for each in editor.messages if config.parent.name in each.message]
    assert message.startswith("healthlint checks nothing without a configuration that can be used: ")
    assert message.endswith("did you mean “cure-claim”?")
    only("cure-claim", uri)
    assert rules_in(editor.change(uri, f"{CLAIM} ")) == ["cure-claim"]


def test_excluded_articles_and_known_violations_are_not_shown(editor, uri):
    folder = folder_of(uri)
    only("cure-claim", uri)
    file = file_of(uri)
    file.write_text(CLAIM, encoding="utf-8")
    command = [sys.executable, "-m", "healthlint", "check", ".", "--write-baseline", "known.json"]
    assert subprocess.run(command, cwd=folder, check=False).returncode == 0
    (folder / ".healthlint.yaml").write_text(
        "select: [cure-claim]\nbaseline: known.json\nexclude: [drafts/]\n", encoding="utf-8"
    )
    shown = editor.open(uri, f"Warm.\n\n{CLAIM}\n\nIt cures colds.\n")
    assert [each.range.start.line for each in shown.diagnostics] == [4]
    draft = (folder / "drafts" / "a.md").as_uri()
    assert rules_in(editor.open(draft, CLAIM)) == []
    assert editor.actions(draft, span(0, 0, 18)) == []
    assert editor.hover(draft, 0, 10) is None


def test_an_article_that_chooses_what_is_not_there(editor, uri):
    (shown,) = editor.open(uri, "---\ntitle: Tea\nhealthlint:\n  profile: newz\n---\nWarm.\n").diagnostics
    assert shown.range == span(3, 11, 15)
    assert "“news”" in shown.message


def test_what_is_closed_shows_nothing(editor, uri):
    editor.open(uri, CLAIM)
    editor.close(uri)
    last = editor.until(
        lambda: next((each for each in editor.published if each.uri == uri and each.version is None), None)
    )
    assert last.diagnostics == ()
    assert editor.hover(uri, 0, 10) is None
    assert editor.actions(uri, span(0, 0, 18)) == []


def test_a_program_is_left_alone(editor, uri):
    other = uri.replace(".md", ".py")
    editor._tell(
        editor._client.text_document_did_open,
        types.DidOpenTextDocumentParams(types.TextDocumentItem(other, "python", 1, f"# {CLAIM}")),
    )
    assert editor.hover(other, 0, 10) is None
    editor.close(other)
    editor.open(uri, CLAIM)
    assert other not in {each.uri for each in editor.published}


def test_a_long_article_does_not_hold_up_the_editor(editor, uri):
    """While it is linted, the server answers what needs no linting."""
    editor.open(uri, "Warm.")
    sentence = "It is a warm and sweet drink that people have had with their supper since long ago. "
    version = editor.type(uri, f"{CLAIM}\n\n" + (sentence * 10 + "\n\n") * 400)
    asked = threading.Thread(target=editor.actions, args=(uri, span(0, 0, 0), ["source.fixAll"]))
    asked.start()  # begins linting at once
    assert editor.hover("untitled:unknown", 0, 0) is None
    assert version not in [each.version for each in editor.published if each.uri == uri]
    asked.join()
    assert "cure-claim" in rules_in(editor.shown(uri))


def test_an_editor_that_can_do_little(tmp_path):
    editor = Editor(tmp_path, capabilities=types.ClientCapabilities(), arguments=("--stdio", "--no-config"))
    only("no-author", (tmp_path / "x").as_uri())
    uri = (tmp_path / "a.md").as_uri()
    assert "cure-claim" in rules_in(editor.open(uri, CLAIM))  # the configuration is not looked at
    assert editor.hover(uri, 0, 10).contents.kind == types.MarkupKind.PlainText
    assert list(editor.actions(uri, span(0, 10, 10))[0].edit.changes) == [uri]
    assert not editor.registered
    assert editor.quit() == 0


def test_an_editor_that_watches_no_files(tmp_path):
    editor = Editor(tmp_path, capabilities=types.ClientCapabilities())
    config = only("cure-claim", (tmp_path / "x").as_uri())
    uri = (tmp_path / "a.md").as_uri()
    assert rules_in(editor.open(uri, CLAIM)) == ["cure-claim"]
    config.write_text("select: [no-author]\n")
    shown = editor.until(lambda: next(iter([each for each in editor.published if each.uri == uri][1:]), None))
    assert rules_in(shown) == ["no-author"]
    assert editor.quit() == 0


def test_a_fault_of_ours_is_logged_and_the_session_goes_on(tmp_path):
    program = (
        "import healthlint.readers.markdown as reader; read = reader.read\n"
        "def broken(source, path):\n"
        "    if 'boom' in source: raise RuntimeError('a fault')\n"
        "    return read(source, path)\n"
        "reader.read = broken\n"
        "from healthlint.cli import main; main()\n"
    )
    editor = Editor(tmp_path, program=("-c", program))
    uri = (tmp_path / "a.md").as_uri()
    assert rules_in(editor.open(uri, "boom")) == []
    assert "RuntimeError: a fault" in editor.until(lambda: editor.log[0].message if editor.log else None)
    assert "cure-claim" in rules_in(editor.change(uri, CLAIM))
    assert not editor.messages
    assert editor.quit() == 0


def test_without_pygls_it_says_what_to_install():
    program = (
        "import sys; sys.modules['pygls'] = None; sys.argv = ['healthlint', 'server']\n"
        "from healthlint.cli import main; main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "Error: the language server needs pygls, which is not installed: pip install 'healthlint[lsp]'\n"
    )
