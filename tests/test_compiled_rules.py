"""Rules that are kept compiled: they are the ones that the YAML says, whatever happens to the files and the cache."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rulefolder import data_file, rule_file, stops_file

from healthlint import loading
from healthlint import rulebook as module
from healthlint.errors import DataErrors
from healthlint.linter import Linter
from healthlint.phrase import Phrase
from healthlint.readers import read_text
from healthlint.rulebook import BUILTIN, Rulebook, load_rules, rulebook
from healthlint.vocabulary import Vocabulary, term_lines

OWN = Path(__file__).parent.parent / "examples" / "own-rules"
WONDER = "phrases: [wonder food]"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("HEALTHLINT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that rules are read from YAML."""
    found: list[str] = []
    loaded = loading.loaded

    def counted(folders: object) -> Rulebook:
        found.append("read")
        return loaded(folders)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "loaded", counted)
    return found


def complete(folder: Path) -> Path:
    """A small folder of rules that stands in the place of the built-in ones."""
    stops_file(folder, "contrast: [but]\nclause: [because]\nafter-comma: [which]\n")
    data_file(folder, "lexicon/food.yaml", "name: food\nterms: [rice, olive oil]\n")
    rule_file(folder, "phrases: [wonder <food>, wonder food]")
    return folder


def words(vocabulary: Vocabulary) -> list[object]:
    """All that a vocabulary holds, as what can be compared."""
    return [
        vocabulary.lexicons,
        [lexicon.terms for lexicon in vocabulary.lexicons],
        vocabulary.cues,
        vocabulary.pseudo_cues,
        {name: phrases.phrases for name, phrases in vocabulary.signals.items()},
        vocabulary.pairs,
        vocabulary.contrast_stops,
        vocabulary.clause_stops,
        vocabulary.comma_stops,
        vocabulary.inflector,
        vocabulary.term_lines,
    ]


def phrases_of(book: Rulebook) -> Iterator[Phrase]:
    for rule in book.rules:
        yield from (*rule.phrases, *rule.when, *rule.about, *rule.excepted)
        yield from (*rule.where.heading, *rule.where.sentence, *rule.where.nearby)
        yield from (phrase for need in rule.absent for phrase in need.phrases)
    vocabulary = book.rules[0].vocabulary
    yield from (cue.phrase for cue in vocabulary.cues)
    yield from (phrase for phrases in vocabulary.pseudo_cues.values() for phrase in phrases)
    yield from (phrase for phrases in vocabulary.signals.values() for phrase in phrases.phrases)
    yield from (*vocabulary.contrast_stops, *vocabulary.clause_stops, *vocabulary.comma_stops)


@pytest.mark.parametrize("folders", [[], [OWN], [BUILTIN]], ids=["built-in", "own rules", "a checkout"])
def test_compiled_rules_are_the_ones_of_the_yaml(folders: list[Path], readings: list[str]) -> None:
    module._builtin.cache_clear()
    from_yaml = rulebook(*folders)
    module._builtin.cache_clear()
    compiled = rulebook(*folders)
    assert readings == ["read"]
    assert compiled is not from_yaml
    assert compiled == from_yaml
    assert [(rule.bad, rule.good) for rule in compiled.rules] == [
        (rule.bad, rule.good) for rule in from_yaml.rules
    ]
    assert (compiled.folders, compiled.sha256) == (from_yaml.folders, from_yaml.sha256)
    assert compiled.folders == tuple(folders)
    assert len({id(rule.vocabulary) for rule in compiled.rules}) == 1
    assert words(compiled.rules[0].vocabulary) == words(from_yaml.rules[0].vocabulary)
    assert compiled.rules[0].vocabulary.term_lines == term_lines(compiled.rules[0].vocabulary.lexicons)
    both = list(zip(phrases_of(compiled), phrases_of(from_yaml), strict=True))
    assert len(both) > 4000
    assert [
        each.source for each, other in both if (each.tree, each.needed) != (other.tree, other.needed)
    ] == []


def test_compiled_rules_find_the_same(readings: list[str]) -> None:
    text = "# Olive oil\n\nOlive oil is a superdrink. There is no cure for flu, but garlic cures flu.\n"
    document = read_text(text, format="markdown")
    first, second = (Linter(load_rules(OWN)).outcome(document) for _ in range(2))
    assert readings == ["read"]
    assert first == second
    assert first.violations
    assert first.excused


CHANGES: dict[str, Callable[[Path], object]] = {
    "another phrase": lambda folder: rule_file(folder, "phrases: [wonder foods, wonder food]"),
    "only the place of a line break": lambda folder: rule_file(folder, "\nphrases: [wonder <food>]"),
    "a term": lambda folder: data_file(folder, "lexicon/food.yaml", "name: food\nterms: [rice, olives]\n"),
    "a new rule": lambda folder: rule_file(folder, WONDER, id="another"),
    "one rule fewer": lambda folder: (folder / "house" / "second.yaml").unlink(),
    "a rule moved": lambda folder: (folder / "house").rename(folder / "elsewhere"),
    "another ending": lambda folder: (folder / "house" / "second.yaml").rename(
        folder / "house" / "second.yml"
    ),
    "the folder moved": lambda folder: folder.rename(folder.with_name("moved")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_read_again(
    tmp_path: Path, readings: list[str], change: Callable[[Path], object]
) -> None:
    folder = complete(tmp_path / "rules")
    rule_file(folder, WONDER, id="second")
    first = rulebook(folder)
    assert rulebook(folder) == first
    assert len(readings) == 1
    change(folder)
    folder = folder if folder.exists() else folder.with_name("moved")
    second = rulebook(folder)
    assert len(readings) == 2
    assert second.sha256 != first.sha256
    assert second == loading.loaded([module.data_folder(folder)])


def test_a_file_that_was_touched_is_not_read_again(tmp_path: Path, readings: list[str]) -> None:
    folder = complete(tmp_path / "rules")
    first = rulebook(folder)
    for path in folder.rglob("*.yaml"):
        os.utime(path, (1, 1))
    assert rulebook(folder) == first
    assert len(readings) == 1


def test_the_same_size_and_time_do_not_hide_a_change(tmp_path: Path) -> None:
    folder = complete(tmp_path / "rules")
    path = folder / "house" / "wonder-food.yaml"
    rulebook(folder)
    before = path.stat()
    path.write_text(path.read_text().replace("[wonder <food>, wonder food]", "[wonder <food>, wander food]"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert rulebook(folder).rules[0].phrases[1].source == "wander food"


def test_two_folders_are_not_one(tmp_path: Path, readings: list[str]) -> None:
    one, other = complete(tmp_path / "one"), tmp_path / "other"
    rule_file(other, WONDER, id="another")
    assert len(rulebook(one, other).rules) == 2
    assert len(rulebook(one).rules) == 1
    assert [each.path for each in rulebook(other, one).rules] == [
        each.path for each in rulebook(one, other).rules
    ]
    assert len(readings) == 3


def test_rules_with_faults_are_never_kept(tmp_path: Path, cache: Path) -> None:
    folder = complete(tmp_path / "rules")
    rule_file(folder, "phrases: [wonder (food]")
    told = []
    for _ in range(2):
        with pytest.raises(DataErrors) as raised:
            rulebook(folder)
        told.append(str(raised.value))
    assert told[0] == told[1]
    assert "wonder-food.yaml:8" in told[0]
    assert not cache.exists()
    with pytest.raises(DataErrors, match="is not a folder of rules"):
        rulebook(tmp_path / "absent")
    assert not cache.exists()


def test_what_cannot_be_read_is_never_kept(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = complete(tmp_path / "rules")

    def refused(path: str, *given: object, **named: object) -> object:
        if str(path).endswith("wonder-food.yaml"):
            raise PermissionError(13, "Permission denied", str(path))
        return open(path, *given, **named)  # type: ignore[call-overload]

    monkeypatch.setattr("healthlint.datafile.open", refused, raising=False)  # root may read anything
    with pytest.raises(DataErrors, match=r"wonder-food.yaml: cannot be read: .*Permission denied"):
        rulebook(folder)
    assert not cache.exists()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda data: b"",
    "cut short": lambda data: data[: len(data) // 2],
    "one bit flipped": lambda data: data[:-9] + bytes([data[-9] ^ 4]) + data[-8:],
    "zeroed": lambda data: bytes(len(data)),
    "without its digest": lambda data: data[32:],
}


@pytest.mark.parametrize("damaged", DAMAGE.values(), ids=DAMAGE)
def test_damaged_rules_are_read_again(
    tmp_path: Path, cache: Path, readings: list[str], damaged: Callable[[bytes], bytes]
) -> None:
    folder = complete(tmp_path / "rules")
    first = rulebook(folder)
    (kept,) = (cache / "rules").iterdir()
    kept.write_bytes(damaged(kept.read_bytes()))
    assert rulebook(folder) == first
    assert rulebook(folder) == first
    assert len(readings) == 2


def test_rules_are_read_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readings: list[str]
) -> None:
    folder = complete(tmp_path / "rules")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("HEALTHLINT_CACHE_DIR", str(tmp_path / "file"))
    first = rulebook(folder)
    monkeypatch.setattr("healthlint.cachedir.folder", lambda: None)
    assert rulebook(folder) == first
    assert len(readings) == 2


def test_code_that_was_edited_meanwhile_keeps_nothing(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_code", lambda: b"edited")
    rulebook(complete(tmp_path / "rules"))
    assert not cache.exists()


def test_other_code_does_not_find_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readings: list[str]
) -> None:
    folder = complete(tmp_path / "rules")
    rulebook(folder)
    for name in ("_CODE_READ", "_code"):
        monkeypatch.setattr(module, name, b"edited" if name == "_CODE_READ" else lambda: b"edited")
    rulebook(folder)
    rulebook(folder)
    assert len(readings) == 2


def test_code_is_known_by_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "healthlint"
    package.mkdir()
    monkeypatch.setattr(module, "__file__", str(package / "rulebook.py"))
    (package / "rulebook.py").write_text("one = 1")
    (package / "phrase.py").write_text("two = 2")
    before = module._code()
    (package / "phrase.py").write_text("two = 3")
    assert module._code() not in (before, b"")
    (package / "phrase.py").write_text("two = 2")
    assert module._code() == before


def test_old_rules_are_pruned(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = complete(tmp_path / "rules")
    rulebook(folder)
    (first,) = (cache / "rules").iterdir()
    os.utime(first, (time.time() - 100,) * 2)
    monkeypatch.setattr(module, "_MOST_KEPT", first.stat().st_size * 2)
    for letter in "abc":
        rule_file(folder, f"phrases: [wonder food{letter}]")
        rulebook(folder)
    left = list((cache / "rules").iterdir())
    assert len(left) == 2
    assert first not in left


CHECK = "import healthlint.cli; healthlint.cli.main()"
ARTICLE = "# Flu\n\nGarlic cures flu.\n"


def test_two_processes_at_once_and_one_that_is_killed(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "article.md").write_text(ARTICLE)

    def begun(code: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", code, "check", "article.md"]
        return subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    killed = begun(
        "import os, signal, pathlib\n"
        "pathlib.Path.replace = lambda *given: os.kill(os.getpid(), signal.SIGKILL)\n" + CHECK
    )
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    (unfinished,) = (cache / "rules").iterdir()
    processes = [begun(CHECK) for _ in range(2)]
    reports = [process.communicate() for process in processes]
    reports.append(begun(CHECK).communicate())
    assert reports[0] == reports[1] == reports[2]
    assert "cure-claim “cures flu”" in reports[0][0]
    assert reports[0][1] == ""
    assert len([each for each in (cache / "rules").iterdir() if each != unfinished]) == 1
