"""Every fuzz target holds for what was found once, for what it begins with, and for inputs made of its tokens."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent.parent / "fuzz"))
import data
import phrases
import run
import targets
from run import escaped
from targets import FOUND, TARGETS

EXAMPLES = {"rules-together": 10, "changes": 10, "editor": 25, "reports": 25, "baseline": 50, "fixing": 50}
"""How many inputs are tried of targets that are slow to try; of others more."""

CASES = [
    pytest.param(name, path, id=f"{name}/{path.name}") for name in TARGETS for path in targets.found(name)
]


def test_every_case_has_a_target() -> None:
    assert {path.name for path in FOUND.iterdir()} <= set(TARGETS)


@pytest.mark.parametrize(("name", "path"), CASES)
def test_what_was_found_once(name: str, path: Path) -> None:
    TARGETS[name].check(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_what_it_begins_with(name: str) -> None:
    for beginning in TARGETS[name].beginnings:
        TARGETS[name].check(beginning)


@pytest.mark.parametrize("name", TARGETS)
def test_what_it_is_made_of(name: str) -> None:
    target = TARGETS[name]
    tokens = [token.encode("utf-8", "surrogatepass") for token in target.tokens]
    pieces = st.one_of(st.sampled_from(tokens), st.sampled_from(tokens), st.binary(max_size=3))
    beginnings = st.sampled_from([b"", *target.beginnings])
    inputs = st.tuples(beginnings, st.integers(0, 200), st.lists(pieces, max_size=25))

    @settings(deadline=None, max_examples=EXAMPLES.get(name, 100), suppress_health_check=list(HealthCheck))
    @given(inputs.map(lambda given: given[0][: given[1]] + b"".join(given[2]) + given[0][given[1] :]))
    def tried(made: bytes) -> None:
        target.check(made)

    tried()


# --- inputs that have the shape of a file ------------------------------------------------------------------

NAMES = st.sampled_from(
    ("house/wonder-food.yaml", "house/own.yaml", "lexicon/own.yaml", "cues/negated.yaml", "cues/stops.yaml",
     "signals/hint.yaml", "sources.yaml", "profiles/plain.yaml", "packs/here.yaml", "lexicon/established-cures.yaml")
)  # fmt: skip
KEYS = st.sampled_from(sorted(
    {word.partition(":")[0].strip("- ") for word in (*targets.RULES, *targets.CONFIG) if ":" in word}
    | {"terms", "phrases", "bad", "good", "IN", "LOWER", "OP", "house", "own", "negated", "cure-claim", "paths", "at-least"}
))  # fmt: skip
TEXTS = st.one_of(st.sampled_from((*targets.PHRASE, *targets.RULES, *targets.CONFIG)), st.text(max_size=6))
VALUES = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
FILES = st.dictionaries(KEYS, VALUES, max_size=12)


@settings(deadline=None, max_examples=100)
@given(name=NAMES, changed=FILES)
def test_rules_of_any_keys_and_values(name: str, changed: dict[str, object]) -> None:
    known = yaml.safe_load(data.BOOK.get(name, b"{}"))
    written = yaml.safe_dump({**known, **changed}, allow_unicode=True)
    data.rules(f"{name}\n{written}".encode("utf-8", "replace"))


@settings(deadline=None, max_examples=100)
@given(content=FILES)
def test_configurations_of_any_keys_and_values(content: dict[str, object]) -> None:
    written = yaml.safe_dump(content, allow_unicode=True)
    data.config(f".healthlint.yaml\n{written}".encode("utf-8", "replace"))


@settings(deadline=None, max_examples=50)
@given(
    entries=st.dictionaries(
        st.text(max_size=9),
        st.dictionaries(st.text(max_size=4), st.dictionaries(st.text(), st.integers(-1, 3))),
    )
)
@example(entries={"a" * 300: {"cure-claim": {"": 1}}})
def test_baselines_of_any_entries(entries: dict[str, dict[str, dict[str, int]]]) -> None:
    data.baseline(json.dumps({"version": 1, "entries": entries}).encode())


PHRASES = st.recursive(
    st.sampled_from(("a", "b", "b~", "c", "d", "=A", "<x>", "...", "a-b", "c d")),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(" ".join),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: f"({'|'.join(parts)})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"[{'|'.join(parts)}]"),
    ),
    max_leaves=8,
)
SENTENCES = st.lists(
    st.sampled_from(
        ("a", "b", "c", "d", "A", "bs", "bore", "but", "as", "so", "and", ",", ";", ".", "-", ". A")
    ),
    max_size=16,
).map(" ".join)


@settings(deadline=None, max_examples=1500)
@given(begins=st.booleans(), source=PHRASES, text=SENTENCES)
@example(begins=False, source="a (a|<x>)", text="a")
@example(begins=False, source="[b] <x> c", text="a b a c")
@example(begins=False, source="<x> ... c", text="a b d a d c")
@example(begins=False, source="a ... c", text="a c a d d")
@example(begins=False, source="(a [c] b|a [d] b|a b) d", text="a b b d a b d")
def test_a_phrase_is_found_where_a_slow_reader_finds_it(begins: bool, source: str, text: str) -> None:
    phrases.found(f"{'^ ' if begins else ''}{source}\n{text}".encode())


# --- the driver --------------------------------------------------------------------------------------------


def test_tokens_are_written_as_libfuzzer_reads_them() -> None:
    assert escaped('a"\\ é\n') == "a\\x22\\x5C\\x20\\xC3\\xA9\\x0A"


@pytest.mark.parametrize("failed", [False, True])
def test_a_find_is_shown_and_fails_the_run(
    failed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "crash-1").write_bytes(b"cure~\x00")
    finds = [tmp_path / "crash-1"] if failed else []
    monkeypatch.setattr(run, "find_spec", lambda name: name)
    monkeypatch.setattr(run, "run", lambda name, asked: run.Done(name, finds, failed, "9 executions"))
    monkeypatch.setattr(sys, "argv", ["run.py", "phrase", "--seconds", "1"])
    assert run.main() == int(failed)
    told = capsys.readouterr().out
    assert "phrase: 9 executions" in told
    assert ("crash-1: b'cure~\\x00'" in told) == failed


def test_a_target_that_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["run.py", "markdwon"])
    with pytest.raises(SystemExit):
        run.main()
    assert "there is no target markdwon; known: markdown, mdx" in capsys.readouterr().err
