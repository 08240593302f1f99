"""What the benchmarks measure is what they say: the articles, the list, the costs and the rules they make."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import healthlint
from healthlint.page import Page
from healthlint.readers import read_text
from healthlint.rule import Rule
from healthlint.rulebook import BUILTIN

sys.path.insert(0, str(BUILTIN.parent / "benchmarks"))
import corpus
import measure
import peers
import scaling
import startup
import throughput

BENCHMARKS = Path(corpus.__file__).parent
PHRASES = throughput.PHRASES.read_text(encoding="utf-8").splitlines()


def printed(code: str, *arguments: str | Path) -> str:
    """What Python code prints that runs beside the benchmarks, in a process whose children are its own."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(BENCHMARKS)!r})\n{code}",
            *map(str, arguments),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


# --- articles ----------------------------------------------------------------------------------------------


def sentences(text: str, format: str, rules: list[Rule]) -> list[str]:
    page = Page(read_text(text, format=format), rules[0].vocabulary)
    return [each.text for each in page.sentences() if each.block.zone != "metadata"]


def test_articles_hardly_repeat_a_sentence(rules: list[Rule]) -> None:
    told = Counter(each for seed in range(20) for each in sentences(corpus.article(seed), "markdown", rules))
    long = {each: count for each, count in told.items() if len(each) > 40 and each not in corpus.NOTICE}
    assert sum(long.values()) > 1000
    assert len(long) > 0.99 * sum(long.values())


def test_articles_are_as_long_as_asked_and_the_same_each_time() -> None:
    assert corpus.article(3) == corpus.article(3) != corpus.article(4)
    for words in (300, 3000):
        assert words <= len(corpus.article(3, words).split()) <= words + 400


def test_markdown_and_html_tell_the_same(rules: list[Rule]) -> None:
    markdown, html = (
        sentences(corpus.article(5, 600, markup), markup, rules) for markup in ("markdown", "html")
    )
    assert markdown == html


def test_one_sentence_in_forty_holds_a_phrase_of_a_claim(rules: list[Rule]) -> None:
    told = [each for seed in range(60) for each in sentences(corpus.article(seed), "markdown", rules)]
    listed = re.compile(rf"\b(?:{'|'.join(map(re.escape, PHRASES))})\b", re.IGNORECASE)
    assert 0.01 < sum(bool(listed.search(each)) for each in told) / len(told) < 0.04


# --- the list ----------------------------------------------------------------------------------------------


def test_the_list_is_in_order_and_finds_each_of_its_phrases(tmp_path: Path) -> None:
    assert sorted(set(PHRASES)) == PHRASES
    assert len(PHRASES) == 62
    throughput.ours(PHRASES, tmp_path)
    listed, excused = (tmp_path / name / "healthlint.yaml" for name in ("listed", "excused"))
    text = "\n\n".join(f"This {phrase} here." for phrase in PHRASES)
    found = healthlint.lint_text(text, config=listed)
    assert [each.start.line for each in found] == [2 * number + 1 for number in range(62)]
    said = "Is it a miracle? Nothing is risk-free. Our tea cures gout."
    assert [each.text for each in healthlint.lint_text(said, config=listed)] == [
        "miracle",
        "risk-free",
        "cures",
    ]
    assert [each.text for each in healthlint.lint_text(said, config=excused)] == ["cures"]


# --- peers -------------------------------------------------------------------------------------------------


def test_peers_are_found_where_they_and_their_rules_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/bin")
    programs, modules = tmp_path / "bin", tmp_path / "node_modules"
    for program in (
        programs / "typos",
        modules / "textlint" / "textlint",
        modules / "markdownlint" / "markdownlint-cli2",
    ):
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\necho version 1.2.3\n", encoding="utf-8")
        program.chmod(0o755)
    (modules / ".bin").mkdir()
    for program in (modules / "textlint" / "textlint", modules / "markdownlint" / "markdownlint-cli2"):
        (modules / ".bin" / program.name).symlink_to(program)
    (modules / "@textlint-rule" / "textlint-rule-pattern").mkdir(parents=True)
    found = list(peers.peers(PHRASES, [programs, modules], tmp_path / "scratch"))
    assert [(each.name, each.version) for each in found] == [
        (peers.TEXTLINT, "1.2.3"),
        (peers.TEXTLINT_ONE, "1.2.3"),
        ("typos", "1.2.3"),
    ]
    assert found[0].command(tmp_path).line[-1] == f"{tmp_path}/*.md"


# --- costs -------------------------------------------------------------------------------------------------

BURN = "import time\nwhile time.process_time() < 0.3: pass"
ORPHAN = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BURN!r}])"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere orphans are not counted")
def test_a_cost_includes_orphans() -> None:
    line = [sys.executable, "-c", ORPHAN]
    assert float(printed(f"import measure; print(measure.cost(measure.Command({line!r})).cpu)")) >= 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="without /proc nothing is known of memory")
def test_memory_is_that_of_the_whole_family() -> None:
    hold = "held = b'x' * 30_000_000; print(flush=True); input()"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {hold!r}]); {hold}"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.readline()
        process.stdout.readline()
        assert measure.held(process.pid) > 60_000_000
        process.communicate(b"\n\n")


def test_medians_of_runs_in_turn() -> None:
    ran = []

    def run(name: str, *walls: float) -> measure.Cost:
        ran.append(name)
        return measure.Cost(walls[ran.count(name) - 1], 0)

    found = measure.medians({"a": lambda: run("a", 1, 9, 2), "b": lambda: run("b", 5, 4, 6)}, 3)
    assert ran == list("ababab")
    assert found == {"a": measure.Cost(2, 0), "b": measure.Cost(5, 0)}


def test_gates_say_whether_they_are_kept() -> None:
    assert measure.gate("start", 0.2, 0.25, unit="s") == "- yes: start: 0.20 s (at most 0.25)"
    assert (
        measure.gate("speed", 3, 4, unit="times", at_least=True) == "- **no**: speed: 3.00 times (at least 4)"
    )


def test_tables_are_written_between_their_markers() -> None:
    page = "Before.\n<!-- a -->\nold\n<!-- /a -->\nAfter.\n"
    assert measure.between(page, "a", ["new"]) == page.replace("old", "new")
    with pytest.raises(ValueError, match="no markers <!-- b -->"):
        measure.between(page, "b", ["new"])
    text = measure.PAGE.read_text(encoding="utf-8")
    for name in ("throughput", "startup", "attacks", *(f"scaling-{part}" for part in scaling.PARTS)):
        measure.between(text, name, [])


# --- the commands ------------------------------------------------------------------------------------------


def test_rules_are_made_that_can_be_used(tmp_path: Path) -> None:
    scaling.write_rules(tmp_path / "own", 300)
    config = tmp_path / "healthlint.yaml"
    config.write_text("rules: [own]\nselect: [made]\n", encoding="utf-8")
    report = healthlint.lint_text(corpus.article(1, 20_000), config=config)
    assert len(report.rules) == 300
    assert len({each.phrases for each in report.rules}) == 300
    assert 0 < len(report.violations) < 300


def test_throughput_is_printed_for_every_set_up(tmp_path: Path) -> None:
    for seed in range(2):
        (tmp_path / f"{seed}.md").write_text(corpus.article(seed, 200) + "\nA miracle.\n", encoding="utf-8")
    text = printed(
        "import throughput; throughput.peers = lambda *_: []; throughput.main()", tmp_path, "--repeats", "1"
    )
    assert text.startswith("No other linter is installed. These can be:\nnpm install textlint ")
    assert "\n2 articles, " in text
    for name in (throughput.ALL_CORES, throughput.LIST, throughput.LIST_IN_CONTEXT):
        [row] = [line for line in text.splitlines() if line.startswith(f"| {name} {healthlint.__version__} ")]
        assert int(row.split("|")[-2]) >= 2, "each finds the two miracles"


def test_scaling_is_printed_for_length_and_rules() -> None:
    small = "scaling.SIZES, scaling.REFERENCE, scaling.TOTAL = (1000, 3000), 1000, 3000; scaling.RULES = (150,); scaling.ARTICLES = 2"
    for part, rows in (("length", ("3 of 1 kB", "1 of 3 kB")), ("rules", ("150",))):
        text = printed(f"import scaling; {small}; scaling.main()", "--only", part, "--repeats", "1")
        for row in rows:
            [line] = [line for line in text.splitlines() if line.startswith(f"| {row} |")]
            assert list(map(float, line.split("|")[2:-1])), (
                "numbers, not to be judged where so little is done"
            )


def test_startup_is_printed_with_its_gates() -> None:
    text = printed("import startup; startup.main()", "--repeats", "1")
    assert all(
        f"\n| {name} | " in text for name in (startup.VERSION, startup.CHANGED, startup.OWN, startup.FIRST)
    )
    assert len(re.findall(r"(?m)^- (?:yes|\*\*no\*\*): ", text)) == 6
