"""No input is slow: work grows with the length of a text and not with its square, and what takes too long is given up.

Work is counted, never timed: the calls that Python makes, or whether something ends at all that would take hours.
"""

from __future__ import annotations

import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
import attacks

import healthlint
from healthlint.config import Config
from healthlint.deadline import Late, deadline
from healthlint.document import Directive, Document
from healthlint.files import is_glob
from healthlint.language import LONGEST, sentence_bounds
from healthlint.phrase import PhraseError, expanded, phrase
from healthlint.readers import read_text
from healthlint.run import report_of, unread_of
from healthlint.span import Span
from healthlint.suppression import divided
from healthlint.violation import Violation
from healthlint.vocabulary import Inflector

# --- every attack -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", attacks.FORMATS)
def test_every_attack_ends_in_a_report(language: str) -> None:
    for name, text in attacks.FORMATS[language].items():
        report = healthlint.lint_text(text(1_000), format=language)
        # Only what an article chooses for itself can be wrong with it.
        assert all("of the article: there is no" in each.message for each in report.failures), name


@pytest.mark.parametrize("name", attacks.OTHERS)
def test_every_other_attack_ends(name: str) -> None:
    attacks.OTHERS[name](1_000)()


def calls(action: Callable[[], object]) -> int:
    """How many functions Python calls for an action, its own and those written in C."""
    count = 0

    def count_one(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(count_one)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "name",
    [
        "markdown: one sentence of claims",
        "markdown: denied claims in one sentence",
        "markdown: claims in bullets",
        "markdown: quotations in one paragraph",
        "markdown: myths",
        "markdown: headings, then claims",
        "markdown: labels of references",
        "markdown: headings of references",
        "markdown: notices and other sentences",
        "markdown: suppressions alone",
        "markdown: switched off, then claims",
        "markdown: switched on, then claims",
        "markdown: suppressions, then claims on a line",
        "markdown: suppressions before tags",
        "markdown: links with titles",
        "markdown: footnotes used",
        "html: meta authors and sites",
        "html: cells, claims",
        "html: definitions",
        "html: tags, never closed",
        "rst: definitions, classifiers",
        "rst: substitutions growing",
        "text: bylines",
        "diff: every second line",
    ],
)
def test_calls_grow_with_length(name: str) -> None:
    action = attacks.ATTACKS[name]
    action(1_000)()  # what is kept from now on is made
    short, long = (calls(action(length)) for length in (4_000, 16_000))
    assert long < 6 * short


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("markdown", "dots before a letter"),
        ("markdown", "letters with dots"),
        ("markdown", "carriage returns"),
        ("markdown", "line ends of Windows"),
        ("markdown", "suppression with spaces"),
        ("markdown", "front matter, broken, with spaces"),
        ("markdown", "TOML, a long word"),
        ("markdown", "TOML, broken, with spaces"),
        ("markdown", "colons and spaces"),
        ("markdown", "colons, a title with colons"),
        ("markdown", "fence of Windows"),
        ("html", "comments ended with a bang"),
        ("mdx", "braces with escaped quotes"),
        ("rst", "definition with spaces"),
        ("text", "heading with spaces"),
        ("text", "digit with spaces"),
    ],
)
def test_patterns_end(language: str, name: str) -> None:
    """Each of these would take from an hour to for ever if a pattern could go back and try again."""
    text = attacks.FORMATS[language][name](1_000_000)
    document = read_text(text, format=language)
    for block in document.blocks:
        list(sentence_bounds(block.text))


# --- what is bounded ----------------------------------------------------------------------------------------


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "word " * 1_000 + "end"
    parts = [text[start:end] for start, end in sentence_bounds(text)]
    assert " ".join(parts) == text
    assert max(map(len, parts)) <= LONGEST
    [first, second] = sentence_bounds("a" * (LONGEST + 1))
    assert (first, second) == ((0, LONGEST), (LONGEST, LONGEST + 1))


def test_claims_of_a_long_sentence_are_found() -> None:
    text = "this tea cures cancer and " * 1_000
    found = [each for each in healthlint.lint_text(text) if each.rule == "cure-claim"]
    assert 990 < len(found) <= 1_000


def test_fences_with_line_ends_of_windows() -> None:
    text = "```\r\n::: note\r\nTea cures gout.\r\n:::\r\n```\r\n"
    assert [block.text for block in read_text(text).blocks] == []


def test_one_copy_of_a_line() -> None:
    report = healthlint.lint_text("Tea cures gout. " * 300)
    lines = {id(each.source_line) for each in report if each.rule == "cure-claim"}
    assert len(lines) == 1


def test_terms_that_stand_for_too_many() -> None:
    assert len(expanded("(a|b) (c|d) [e]")) == 8
    with pytest.raises(PhraseError, match="stands for 1,099,511,627,776 terms; at most 10,000"):
        expanded(" ".join(["(a|b)"] * 40))


def test_a_phrase_that_is_too_long() -> None:
    with pytest.raises(PhraseError, match="has 12,003 characters; at most 10,000"):
        phrase("(" + "ab|" * 4_000 + "c)", Inflector())


def test_brackets_in_brackets() -> None:
    phrase("(" * 19 + "a" + ")" * 19, Inflector())
    with pytest.raises(PhraseError, match="more than 20 brackets inside one another"):
        phrase("(" * 500 + "a" + ")" * 500, Inflector())


@pytest.mark.parametrize(
    ("glob", "sound"),
    [
        ("*a*b*.md", True),
        ("**/a*/**/*b*", True),
        ("*a*a*a*b", False),
        ("**/a/**/b/**/c/**/d", False),
    ],
)
def test_globs_that_can_be_matched_quickly(glob: str, sound: bool) -> None:
    assert is_glob(glob) is sound


# --- suppressions -------------------------------------------------------------------------------------------


def covers(name: str, span: Span, directive: Directive, found: Violation, document: Document) -> bool:
    """The definition, asked of each pair."""
    names, at = {found.rule, found.family}, found.span.start
    if name not in (*names, "") or not span.start <= at < span.end:
        return False
    return directive.action != "disable" or not any(
        span.start < each.span.start <= at and (not each.rules or names & set(each.rules))
        for each in document.directives
        if each.action == "enable"
    )


def test_what_is_suppressed_is_what_each_directive_says_of_each_violation() -> None:
    from healthlint.suppression import _parts

    chance = random.Random(6)
    pieces = [
        *(f"<!-- healthlint-{action} {rules} -- why -->\n\n"
          for action in ("disable", "enable", "disable-next-line", "disable-line")
          for rules in ("", "cure-claim", "overclaim", "miracle-claim")),
        *["Tea cures gout.\n\n", "A miracle.\n\n", "> Tea cures gout, a miracle.\n\n"] * 6,
    ]  # fmt: skip
    for _ in range(40):
        text = "".join(chance.choices(pieces, k=25))
        document = read_text(text)
        violations = [
            each
            for each in report_of([document], Config(), suppressions=False).violations
            if each.rule in ("cure-claim", "miracle-claim")
        ]
        wanted = {}
        for number, found in enumerate(violations):
            by = [
                part
                for part in _parts(document)
                if covers(part.name, part.span, part.directive, found, document)
            ]
            if by:
                wanted[number] = by[0].directive.span.start
        chance.shuffle(violations)
        suppressed = {
            (each.violation.rule, each.violation.span.start): each.suppression.start
            for each in divided(document, violations, ()).suppressed
        }
        ordered = sorted(violations, key=lambda each: each.order)
        assert suppressed == {
            (ordered[number].rule, ordered[number].span.start): document.position(start)
            for number, start in wanted.items()
        }


# --- limits -------------------------------------------------------------------------------------------------

GOOD = "Tea cures gout.\n"
LATE = "took longer than 0.3 s. Split it, exclude it, or allow more with `--timeout`"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two articles, of which nobody can check the first in less than hours."""
    monkeypatch.chdir(tmp_path)
    Path("bad.md").write_text("endless\n", encoding="utf-8")
    Path("good.md").write_text(GOOD, encoding="utf-8")
    return [Path("bad.md"), Path("good.md")]


def endless(document: object) -> None:
    while True:
        time.sleep(0.01)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
@pytest.mark.parametrize(
    "where", ["healthlint.readers.markdown.with_front_matter", "healthlint.linter.Linter.outcome_of"]
)
def test_an_article_that_takes_too_long_costs_no_other(
    site: list[Path], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    from importlib import import_module

    place, _, name = where.rpartition(".")
    owner = import_module("healthlint.linter").Linter if place.endswith("Linter") else import_module(place)
    real = getattr(owner, name)

    def slow(*given: object) -> object:
        if "endless" in str(getattr(getattr(given[-1], "document", None), "source", given[-1])):
            endless(None)
        return real(*given)

    monkeypatch.setattr(owner, name, slow)
    report = report_of(unread_of(site), Config(), timeout=0.3)
    assert [(each.path, each.message) for each in report.failures] == [("bad.md", LATE)]
    assert [each.path for each in report if each.rule == "cure-claim"] == ["good.md"]
    assert report.exit_code == 2


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
def test_a_deadline_puts_back_what_it_found() -> None:
    def own(number: int, frame: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGALRM, own)
    others = signal.setitimer(signal.ITIMER_REAL, 10_000)
    try:
        with pytest.raises(Late), deadline(0.05):
            endless(None)
        assert signal.getsignal(signal.SIGALRM) is own
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 1_000
        with deadline(None):
            assert signal.getsignal(signal.SIGALRM) is own
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *others)


def test_a_larger_file_is_not_even_read(site: list[Path]) -> None:
    with Path("bad.md").open("wb") as file:
        file.truncate(50_000_000_000)  # a hole: it takes no room
    report = report_of(unread_of(site), Config())
    assert [(each.path, each.message) for each in report.failures] == [
        (
            "bad.md",
            "is 50,000,000,000 bytes; the largest article that is read has 5,000,000. "
            "Split it, exclude it, or allow more with `--largest`",
        )
    ]
    assert report.exit_code == 2


def test_more_or_less_may_be_allowed(site: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert [each.path for each in report_of(unread_of(site, 10), Config()).failures] == ["good.md"]
    monkeypatch.setattr("healthlint.readers.decoding.LARGEST", 10)
    assert report_of(unread_of(site, 20), Config()).failures == ()
