"""How often healthlint is right, on articles and sentences in which every fault is marked.

    python benchmarks/accuracy.py [FOLDER] [--peer] [--show N] [--rule ID] [--write]

FOLDER is a corpus as `tests/corpus` is (the default); benchmarks/cases.py says how one is written. Prints precision,
recall and F1: of sentences that overclaim, beside a bare word list; by register, family and rule; and how often a
context was right to excuse. `--peer` also runs the prose linters found on the PATH (it says how to install those that
are not). `--write` puts the tables into docs/accuracy.md and README.md.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from cases import CORPUS, Case, CorpusError, cases

from healthlint.linter import Linter
from healthlint.page import Page
from healthlint.readers import read_text
from healthlint.rule import Rule
from healthlint.rulebook import load_rules
from healthlint.span import Span
from healthlint.violation import Excused, Violation

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs" / "accuracy.md"
README = ROOT / "README.md"

CLAIMS = frozenset(["overclaim", "safety-claim", "causation", "referral", "urgent-care"])
"""The families that judge what is claimed and advised."""

WORD_LIST = """
100% effective|100% natural|100% safe|all natural cure|alternative to medication|ancient remedy|ancient secret|
anti-aging|anti-ageing|banish|big pharma|boosts immunity|boost your immune system|breakthrough|chemical-free|
clinically proven|completely safe|cure|cured|cures|cure-all|curing|detox|detoxify|detoxifies|doctor recommended|
doctors don't want you to know|eliminate|eliminates|eradicate|fat burning|flush out toxins|forever|for good|guarantee|
guaranteed|harmless|heal|heals|instant|instantly|instant relief|life-changing|magic|melts fat|miracle|miraculous|
natural remedy|never fails|no side effects|overnight|pain-free|permanent|permanently|proven to work|reverse|reverses|
revolutionary|risk-free|root cause|scientifically proven|secret|sole cause|superfood|toxins|wonder drug|
works for everyone
""".replace("\n", "").split("|")
"""What style guides and in-house checkers for health copy usually ban, from general knowledge of the trade. They are
parts of a regular expression, for `re` and for textlint."""


class Score(NamedTuple):
    """Counts, and what follows from them."""

    found: int = 0
    """Faults that were flagged."""
    missed: int = 0
    alarms: int = 0
    """What was flagged and is no fault."""

    @property
    def marked(self) -> int:
        """How many faults there are."""
        return self.found + self.missed

    @property
    def precision(self) -> float:
        """The share of what was flagged that is a fault; 0 when nothing was."""
        return self.found / max(1, self.found + self.alarms)

    @property
    def recall(self) -> float:
        """The share of the faults that was flagged; 0 when there are none."""
        return self.found / max(1, self.marked)

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.alarms)

    def __add__(self, other: tuple[object, ...]) -> Score:
        """Both together."""
        assert isinstance(other, Score)
        return Score(self.found + other.found, self.missed + other.missed, self.alarms + other.alarms)


class Passage(NamedTuple):
    """A sentence of a case."""

    case: Case
    span: Span
    """Where it stands in the case (code points)."""
    text: str
    """As normalised prose."""
    overclaims: bool
    """Whether it is marked with a claim rule at warning or above."""
    flagged: tuple[Violation, ...]
    """The violations of such rules in it, or in the sentences that share its mark."""


class Result(NamedTuple):
    """A case, and what healthlint said of it."""

    case: Case
    violations: tuple[Violation, ...]
    excused: tuple[Excused, ...]
    passages: tuple[Passage, ...]


class Book(NamedTuple):
    """The rules, by what they can be measured on."""

    rules: Mapping[str, Rule]

    def judges_sentences(self, name: str) -> bool:
        """Whether the rule finds words, and does not judge the article as a whole."""
        return bool(self.rules[name].phrases or self.rules[name].tokens)

    def is_claim(self, name: str) -> bool:
        """Whether its violations say that a sentence claims too much, in so grave a way that it must be changed."""
        rule = self.rules[name]
        return (
            rule.default and rule.family in CLAIMS and rule.severity != "info" and self.judges_sentences(name)
        )


def named(violation: Violation) -> tuple[str, ...]:
    """The rules that found the place of a violation."""
    return (violation.rule, *violation.also)


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end


def results(corpus: Sequence[Case], rules: Sequence[Rule]) -> list[Result]:
    """Every case linted; rules that are off by default run beside the others if some mark names them.

    Raises `CorpusError` for a mark that names no rule.
    """
    book = Book({rule.id: rule for rule in rules})
    marked = {name: each for each in corpus for mark in each.marks for name in mark.rules}
    listed = {name: each for each in corpus for name in each.document or ()}
    for name, where in (listed | marked).items():
        if name not in book.rules:
            raise CorpusError(f"{where.path}:{where.line}: there is no rule “{name}”")
    on = Linter([rule for rule in rules if rule.default])
    off = Linter([rule for rule in rules if not rule.default and rule.id in marked])
    found = []
    for case in corpus:
        document = read_text(case.text, format=case.format, path=case.path)
        outcome = on.outcome(document)
        violations = (*outcome.violations, *off.outcome(document).violations)
        page = Page(document, rules[0].vocabulary)
        found.append(Result(case, violations, outcome.excused, tuple(passages(case, page, violations, book))))
    return found


def passages(case: Case, page: Page, violations: Sequence[Violation], book: Book) -> Iterator[Passage]:
    """The sentences of a case; those left out that are marked, but only for less than a claim to be changed."""
    claims = [each for each in violations if any(map(book.is_claim, named(each)))]
    told: set[str] = set()
    for sentence in page.sentences():
        copy = sentence.block.zone == "metadata" and sentence.text in told
        if sentence.block.zone == "chrome" or not sentence.tokens or copy:
            continue
        told.add(sentence.text)
        span = sentence.block.source_span(sentence.start, sentence.end)
        marks = [mark for mark in case.marks if overlap(mark.span, span)]
        grave = [mark.span for mark in marks if any(map(book.is_claim, mark.rules))]
        if not grave and any(book.rules[name].family in CLAIMS for mark in marks for name in mark.rules):
            continue
        whole = Span(
            min([span.start, *(mark.start for mark in grave)]), max([span.end, *(mark.end for mark in grave)])
        )
        flagged = tuple(each for each in claims if overlap(each.span, whole))
        yield Passage(case, span, sentence.text, bool(grave), flagged)


def sentence_score(told: Iterable[Passage], flagged: Callable[[Passage], bool]) -> Score:
    """How well `flagged` tells sentences that overclaim from others."""
    count = Counter((each.overclaims, flagged(each)) for each in told)
    return Score(count[True, True], count[True, False], count[False, True])


def scores(found: Iterable[Result], book: Book, name_of: Callable[[Rule], str]) -> dict[str, Score]:
    """Scores by what `name_of` makes of a rule: its id, its family.

    In place, a mark is found by a violation of one of its rules that overlaps it; when there is none, the first of its
    rules has missed it. A violation that overlaps no mark of its rule is a false alarm. A rule about whole articles is
    judged once an article, by whether it speaks; in a sentence on its own only where it is marked.
    """
    total: dict[str, Score] = {}

    def count(name: str, score: Score) -> None:
        total[name] = total.get(name, Score()) + score

    def names(rules: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(name_of(book.rules[rule]) for rule in rules))

    for case, violations, _, _ in found:
        of_words = book.judges_sentences
        for mark in case.marks:
            if case.document is None or any(map(of_words, mark.rules)):
                said = {
                    name
                    for each in violations
                    if overlap(each.span, mark.span)
                    for name in names(named(each))
                }
                hits = [name for name in names(mark.rules) if name in said]
                for name in hits or names(mark.rules)[:1]:
                    count(name, Score(found=bool(hits), missed=not hits))
        of_article = case.document or frozenset()
        for each in violations:
            name = name_of(book.rules[each.rule])
            marked = any(overlap(each.span, mark.span) and name in names(mark.rules) for mark in case.marks)
            if of_words(each.rule) and each.rule not in of_article and not marked:
                count(name, Score(alarms=1))
        if case.document is not None:
            told = {each.rule for each in violations if each.rule in of_article or not of_words(each.rule)}
            wanted = of_article | {rule for mark in case.marks for rule in mark.rules if not of_words(rule)}
            for rule in told | wanted:
                count(
                    name_of(book.rules[rule]),
                    Score(rule in told & wanted, rule in wanted - told, rule in told - wanted),
                )
    return dict(sorted(total.items()))


def context_scores(found: Iterable[Result]) -> dict[str, Score]:
    """By context, how many matches it excused: `found` of them rightly, `alarms` at a mark of their rule."""
    total: dict[str, Score] = {}
    for result in found:
        for each in result.excused:
            wrong = any(
                overlap(each.violation.span, mark.span) and each.violation.rule in mark.rules
                for mark in result.case.marks
            )
            for name in {context.name for context in each.contexts}:
                total[name] = total.get(name, Score()) + Score(found=not wrong, alarms=wrong)
    return dict(sorted(total.items()))


# --- peers -----------------------------------------------------------------------------------------------

Lines = frozenset[int]
"""Numbers of the lines, from 1, in which a peer finds something."""


def listed(text: str) -> bool:
    """Whether a bare word list finds one of its words."""
    return _LISTED.search(text) is not None


_LISTED = re.compile(rf"(?<!\w)(?:{'|'.join(WORD_LIST)})(?!\w)", re.IGNORECASE)


def proselint_lines(text: Path) -> Lines:
    """What proselint flags by its own rules."""
    printed = _printed("proselint", "check", "--output-format", "json", str(text))
    checked = json.loads(printed)["result"].values()
    return frozenset(each["pos"][0] for one in checked for each in one["diagnostics"])


def textlint_lines(text: Path) -> Lines:
    """What textlint flags with the word list, as the dictionary of its rule prh."""
    folder = text.parent
    terms = [{"expected": "(unsaid)", "pattern": f"/{_LISTED.pattern}/i"}]
    (folder / "words.yml").write_text(json.dumps({"version": 1, "rules": terms}), encoding="utf-8")
    (folder / ".textlintrc.json").write_text(
        json.dumps({"rules": {"prh": {"rulePaths": ["words.yml"]}}}), encoding="utf-8"
    )
    modules = Path(shutil.which("textlint") or "").resolve().parents[2]
    printed = _printed(
        "textlint", "--format", "json", "--rules-base-directory", str(modules), text.name, folder=folder
    )
    return frozenset(each["line"] for one in json.loads(printed) for each in one["messages"])


def _printed(*command: str, folder: Path | None = None) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


class Peer(NamedTuple):
    """A prose linter that can be run on sentences, one a line."""

    name: str
    does: str
    version: tuple[str, ...]
    """The command that prints its version."""
    install: str
    lines: Callable[[Path], Lines]


PEERS = (
    Peer(
        "textlint",
        "with that list in its rule `prh`",
        ("textlint", "--version"),
        "npm install -g textlint textlint-rule-prh",
        textlint_lines,
    ),
    Peer(
        "proselint",
        "with its own rules",
        ("proselint", "version"),
        "python -m pip install proselint",
        proselint_lines,
    ),
)


def peer_scores(told: Sequence[Passage]) -> dict[str, Score]:
    """Scores of those peers that are installed; says on standard error how to install the others."""
    scored = {}
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "sentences.txt"
        text.write_text("\n\n".join(" ".join(each.text.split()) for each in told) + "\n", encoding="utf-8")
        for peer in PEERS:
            if not shutil.which(peer.name):
                print(f"{peer.name} is not on the PATH: {peer.install}", file=sys.stderr)
                continue
            version = re.search(r"\d[\w.]*", _printed(*peer.version))
            try:
                lines = peer.lines(text)
            except ValueError:
                print(f"{peer.name} cannot be run here: {peer.install}", file=sys.stderr)
                continue
            flagged = frozenset(id(each) for number, each in enumerate(told) if 2 * number + 1 in lines)
            name = f"{peer.name} {version.group() if version else ''} {peer.does} ({len(told):,} sentences)"
            scored[name] = sentence_score(told, _is_one_of(flagged))
    return scored


def _is_one_of(chosen: frozenset[int]) -> Callable[[Passage], bool]:
    return lambda passage: id(passage) in chosen


# --- tables ----------------------------------------------------------------------------------------------


def table(title: str, rows: Mapping[str, Score]) -> list[str]:
    """A Markdown table of scores."""
    return [
        f"| {title} | marked | found | false alarms | precision | recall | F1 |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {name} | {row.marked} | {row.found} | {row.alarms} | {_share(row.precision, row.found + row.alarms)}"
            f" | {_share(row.recall, row.marked)} | {_share(row.f1, row.marked)} |"
            for name, row in rows.items()
        ),
    ]


def _share(value: float, of: int) -> str:
    return f"{value:.2f}" if of else "–"


def context_table(rows: Mapping[str, Score]) -> list[str]:
    """A Markdown table of what contexts excused."""
    return [
        "| context | excused | at a mark of the rule |",
        "| --- | ---: | ---: |",
        *(f"| `{name}` | {row.found + row.alarms} | {row.alarms} |" for name, row in rows.items()),
    ]


class Tables(NamedTuple):
    """What is printed and written, as Markdown lines."""

    comparison: list[str]
    rest: list[str]


def tables(
    found: Sequence[Result], rules: Sequence[Rule], peers: Mapping[str, Score] | None = None
) -> Tables:
    """All tables for a corpus that was linted."""
    book = Book({rule.id: rule for rule in rules})
    told = [passage for result in found for passage in result.passages]
    marks = sum(len(result.case.marks) for result in found)
    articles = sum(result.case.document is not None for result in found)
    comparison = [
        f"{len(told):,} sentences ({articles} article{'s'[: articles != 1]}, the others on their own), {marks} marks:",
        "",
        *table(
            "which sentences overclaim",
            {
                "**healthlint**": sentence_score(told, lambda each: bool(each.flagged)),
                f"a bare list of {len(WORD_LIST)} banned phrases": sentence_score(
                    told, lambda each: listed(each.text)
                ),
                **(peers or {}),
            },
        ),
    ]
    registers = sorted({result.case.register for result in found})
    rest = [
        *table(
            "sentences, by register",
            {
                name: sentence_score(
                    (each for each in told if each.case.register == name), lambda each: bool(each.flagged)
                )
                for name in registers
            },
        ),
        "",
        *table("by family", scores(found, book, lambda rule: rule.family)),
        "",
        *table(
            "by rule", {f"`{name}`": row for name, row in scores(found, book, lambda rule: rule.id).items()}
        ),
        "",
        *context_table(context_scores(found)),
    ]
    return Tables(comparison, rest)


def block(text: str, lines: Sequence[str]) -> str:
    """`text` with `lines` between its markers; rows of peers that were not run this time are kept."""
    begin, end = "<!-- accuracy -->\n", "<!-- /accuracy -->"
    before, _, rest = text.partition(begin)
    old, _, after = rest.partition(end)
    rows = [f"| {peer.name} " for peer in PEERS]
    absent = tuple(row for row in rows if not any(line.startswith(row) for line in lines))
    kept = [line for line in old.splitlines() if line.startswith(absent)]
    at = 1 + next(number for number, line in enumerate(lines) if line.startswith("| a bare list"))
    return before + begin + "\n".join([*lines[:at], *kept, *lines[at:]]) + "\n" + end + after


def written(found: Tables) -> dict[Path, str]:
    """What docs/accuracy.md and README.md, where they have markers, should hold."""
    wanted = {DOCS: [*found.comparison, "", *found.rest], README: found.comparison}
    texts = {path: path.read_text(encoding="utf-8") for path in wanted if path.exists()}
    return {path: block(text, wanted[path]) for path, text in texts.items() if "<!-- accuracy -->" in text}


def wrong(found: Iterable[Result], rule: str) -> tuple[list[str], list[str]]:
    """What is missed and what is flagged wrongly: sentences that overclaim, or the places of one `rule`."""
    missed: list[str] = []
    alarms: list[str] = []
    for result in found:
        case = result.case
        if not rule:
            for each in result.passages:
                if each.overclaims != bool(each.flagged):
                    names = ", ".join(dict.fromkeys(one.rule for one in each.flagged))
                    (alarms if each.flagged else missed).append(
                        f"{_line(case, each.span)} {each.text}{f'  [{names}]' if names else ''}"
                    )
            continue
        said = [each.span for each in result.violations if rule in named(each)]
        marks = [mark.span for mark in case.marks if rule in mark.rules]
        missed += [_place(case, span) for span in marks if not _met(span, said)]
        if rule not in (case.document or ()):
            alarms += [_place(case, span) for span in said if not _met(span, marks)]
    return missed, alarms


def _met(span: Span, others: Iterable[Span]) -> bool:
    return any(overlap(span, other) for other in others)


def _line(case: Case, span: Span) -> str:
    return f"{case.path}:{case.line + case.text[: span.start].count(chr(10))}"


def _place(case: Case, span: Span) -> str:
    before, after = case.text[max(0, span.start - 60) : span.start], case.text[span.end : span.end + 60]
    words = " ".join(f"{before}<<{case.text[slice(*span)]}>>{after}".split())
    return f"{_line(case, span)} {words}"


def main() -> None:
    """Measure, print and, if asked, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--peer", action="store_true", help="also run the prose linters that are installed")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N misses and N false alarms")
    parser.add_argument("--rule", default="", metavar="ID", help="with --show, of this rule")
    parser.add_argument("--write", action="store_true", help="write the tables into the documentation")
    arguments = parser.parse_args()
    rules = load_rules()
    found = results(cases(arguments.folder), rules)
    told = [passage for result in found for passage in result.passages]
    made = tables(found, rules, peer_scores(told) if arguments.peer else None)
    print("\n".join([*made.comparison, "", *made.rest]))
    for title, lines in zip(
        ("missed", "false alarms"), wrong(found, arguments.rule) if arguments.show else (), strict=False
    ):
        print(f"\n{title}: {len(lines)}", *lines[: arguments.show], sep="\n  - ")
    if arguments.write:
        for path, text in written(made).items():
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
