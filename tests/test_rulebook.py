"""Rules, lexicons and cues are read whole or refused with file, line, key and what to write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rulefolder import COMPLETE, data_file, rule_file

from healthlint.errors import DataErrors
from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rulebook import BUILTIN, load_rules, rulebook
from healthlint.testing import proofs

PHRASES = "phrases:\n  - wonder food"


def faults(folder: Path) -> list[str]:
    """What loading the folder complains of, without the folder's path."""
    with pytest.raises(DataErrors) as caught:
        load_rules(folder)
    return [str(error).replace(folder.as_posix() + "/", "") for error in caught.value.errors]


def flagged(folder: Path, text: str) -> list[tuple[str, str]]:
    """The (rule, words) that the folder's own rules flag."""
    rules = [rule for rule in load_rules(folder) if rule.path.startswith(folder.as_posix())]
    return [(violation.rule, violation.text) for violation in Linter(rules).lint(read_text(text))]


def test_a_rule_of_ones_own(tmp_path: Path) -> None:
    rule_file(tmp_path, PHRASES)
    assert flagged(tmp_path, "A wonder\nfood.") == [("wonder-food", "wonder\nfood")]


@pytest.mark.parametrize(
    ("body", "line", "part"),
    [
        ("phrases:\n  - wonder food\nunles: [negated]", 10, "unknown key “unles”; did you mean “unless”?"),
        ("phrases:\n  - wonder food\nunless: [negatd]", 10, "no context “negatd”; did you mean “negated”?"),
        ("phrases:\n  - (wonder food", 9, "“(” is never closed"),
        (
            "phrases:\n  - <remedi> food",
            9,
            "there is no lexicon <remedi>; did you mean <remedy>?".replace("<remedy>", "“remedy”"),
        ),
        ("phrases:\n  - <remedy>", 9, "no plain word"),
        ("phrases: {a: b}", 8, "“phrases” must be a list"),
        ("phrases:\n  - {a: b}", 9, "must be a list of texts"),
        ("phrases:\n  - wonder food\ncheck: disclaimer-missing", 10, "exactly one of"),
        ("default: on", 1, "this one has none"),
        ("phrases:\n  - wonder food\nwhen:\n  - tea", 11, "“when” goes with “absent”"),
        (
            "phrases:\n  - wonder food\nwhere:\n  headng: [x]",
            11,
            "unknown key “headng”; did you mean “heading”?",
        ),
        ("phrases:\n  - wonder food\nwhere:\n  cited: perhaps", 11, "must be one of true, false"),
        ("phrases:\n  - wonder food\ndefault: maybe", 10, "“default: maybe” must be one of"),
        ("tokens:\n  - wonder", 9, "spaCy Matcher patterns"),
        ("tokens:\n  - [{LIKE_NUM: true}]", 9, "needs a token with LOWER"),
        (
            "tokens:\n  - [{LOWER: food, WORD: a}]",
            9,
            "spaCy refuses this token pattern: Invalid token patterns",
        ),
        ("tokens:\n  - [{LOWER: a}, {TEXT: {REGEX: (}}]", 9, "missing ), unterminated subpattern"),
        ("absent:\n  tea:\n    at-least: few\n    phrases: [tea]", 10, "must be a whole number"),
    ],
)
def test_a_fault_names_line_and_cure(tmp_path: Path, body: str, line: int, part: str) -> None:
    rule_file(tmp_path, body)
    (fault,) = faults(tmp_path)
    assert fault.startswith(f"house/wonder-food.yaml:{line}: ")
    assert part in fault


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    rule_file(tmp_path, "phrases:\n  - (a\nunless: [maybe]\nexcept:\n  - b]")
    rule_file(tmp_path, "colour: red", id="other")
    found = faults(tmp_path)
    assert len([fault for fault in found if "wonder-food" in fault]) == 3
    assert len([fault for fault in found if "other" in fault]) == 2


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("id: wonder-food", "id: wonderfood", "“id” must be “wonder-food”, like the file"),
        ("severity: warning", "severity: fatal", "must be one of info, warning, error"),
        ("why: Our readers asked for it.\n", "", "a rule needs “why”"),
        ("sources: [https://example.org/style]", "sources: [FTC-HPGC]", "did you mean “FTC-HPCG”?"),
        ("sources: [https://example.org/style]", "sources: []", "a rule needs “sources”"),
        ("is not house style.", "is not house style", "ends with a full stop"),
        ("is not house style.", "is not house style" + " at all" * 20 + ".", "at most 120 characters"),
        ("<<wonder food>>", "wonder food", "marks the one place"),
        ("- This is food.", "- This is <<food>>.", "has no << >> mark"),
        ("family: house", "family: house\nfamily: home", "stands here twice"),
        ("why: Our readers", "why: &a Our readers\nfix: *a", "aliases"),
        ("family: house", "family: [house", "not valid YAML"),
    ],
)
def test_faults_of_the_common_keys(tmp_path: Path, old: str, new: str, part: str) -> None:
    text = COMPLETE.format(id="wonder-food", body=PHRASES)
    assert old in text
    rule_file(tmp_path, "", text=text.replace(old, new))
    assert any(part in fault for fault in faults(tmp_path)), faults(tmp_path)


def test_scalars_stay_as_written(tmp_path: Path) -> None:
    rule_file(tmp_path, "phrases:\n  - no\n  - 1.10")
    assert flagged(tmp_path, "No. It costs 1.10 today.") == [("wonder-food", "No"), ("wonder-food", "1.10")]


def test_ids_are_unique(tmp_path: Path) -> None:
    rule_file(tmp_path, PHRASES, id="cure-claim")
    assert "the rule “cure-claim” exists already" in faults(tmp_path)[0]


# --- extending -----------------------------------------------------------------------------------------

EXTENDING = """\
id: {id}
extends: {base}
except:
  - wonder food festival
examples:
  bad:
    - "Our <<wonder food>> again."
  good:
    - We met at the Wonder Food Festival.
"""


def test_a_rule_is_added_to_under_its_own_name(tmp_path: Path) -> None:
    """An editor's exception to a rule that stays as it is otherwise."""
    rule_file(tmp_path / "base", PHRASES)
    rule_file(tmp_path / "own", "", text=EXTENDING.format(id="wonder-food", base="wonder-food"))
    book = rulebook(tmp_path / "base", tmp_path / "own")
    rule = book.rule("wonder-food")
    assert rule.path == (tmp_path / "own" / "house" / "wonder-food.yaml").as_posix()
    assert (rule.message, rule.sources) == ("“{match}” is not house style.", ("https://example.org/style",))
    assert [example.text for example in rule.bad] == ["This is a wonder food.", "Our wonder food again."]
    assert [example.line for example in rule.bad] == [2, 7]
    assert [phrase.source for phrase in rule.excepted] == ["wonder food festival"]
    assert list(proofs(rule, book.rules)) == []


def test_a_built_in_rule_is_extended_under_another_name(tmp_path: Path) -> None:
    text = """\
id: house-cure
extends: cure-claim
severity: warning
phrases:
  - chase away <condition>
examples:
  bad:
    - "These drops <<chase away eczema>>."
  good:
    - No drops chase away eczema.
"""
    rule_file(tmp_path, "", id="house-cure", text=text)
    book = rulebook(tmp_path)
    base, rule = book.rule("cure-claim"), book.rule("house-cure")
    assert len(rule.phrases) == len(base.phrases) + 1
    assert (rule.family, rule.severity, base.severity) == ("overclaim", "warning", "error")
    assert rule.unless == base.unless
    assert list(proofs(rule, book.rules)) == []


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    rule_file(tmp_path, "", id="a-later", text=EXTENDING.format(id="a-later", base="b-middle"))
    rule_file(tmp_path, "", id="b-middle", text=EXTENDING.format(id="b-middle", base="wonder-food"))
    rule_file(tmp_path, PHRASES)
    assert len(rulebook(tmp_path).rule("a-later").bad) == 3


def test_what_cannot_be_extended_is_told(tmp_path: Path) -> None:
    rule_file(tmp_path, "", id="a", text=EXTENDING.format(id="a", base="cure-clam"))
    rule_file(tmp_path, "", id="b", text=EXTENDING.format(id="b", base="c"))
    rule_file(tmp_path, "", id="c", text=EXTENDING.format(id="c", base="b"))
    assert faults(tmp_path) == [
        "house/a.yaml:2: “extends”: there is no rule “cure-clam”; did you mean “cure-claim”?",
        "house/b.yaml:2: “extends”: there is no rule “c”",
        "house/c.yaml:2: “extends”: there is no rule “b”",
    ]


def test_an_addition_that_breaks_what_is_inherited_is_told(tmp_path: Path) -> None:
    rule_file(tmp_path / "base", PHRASES)
    text = EXTENDING.format(id="wonder-food", base="wonder-food").replace(
        "wonder food festival", "a wonder food"
    )
    rule_file(tmp_path / "own", "", text=text)
    book = rulebook(tmp_path / "base", tmp_path / "own")
    told = [str(problem) for problem in proofs(book.rule("wonder-food"), book.rules)]
    assert any(":2: bad example: nothing is flagged in “This is a wonder food.”" in each for each in told)


def test_a_missing_folder(tmp_path: Path) -> None:
    assert faults(tmp_path / "nowhere") == [f"{(tmp_path / 'nowhere').as_posix()}: is not a folder of rules"]


def test_an_empty_file_and_a_binary_one(tmp_path: Path) -> None:
    rule_file(tmp_path, "", text="")
    (tmp_path / "house" / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    assert [fault.split(": ", 1)[1][:14] for fault in faults(tmp_path)] == ["cannot be read", "is empty"]


@pytest.mark.parametrize("text", ["[" * 20000, "a: " + "[" * 20000])
def test_absurd_depth_is_refused(tmp_path: Path, text: str) -> None:
    rule_file(tmp_path, "", text=text)
    assert "nested deeper" in faults(tmp_path)[0]


def test_a_lexicon_extends_the_built_in_one_and_new_ones_can_be_made(tmp_path: Path) -> None:
    data_file(tmp_path, "lexicon/remedy.yaml", "name: remedy\nabout: More.\nterms: [moon milk]\n")
    data_file(
        tmp_path, "lexicon/brand.yaml", "name: brand\nabout: Ours.\nincludes: [remedy]\nterms: [Zibo]\n"
    )
    rule_file(tmp_path, "phrases:\n  - wonder <brand>")
    assert flagged(tmp_path, "A wonder zibo, a wonder moon milk, a wonder turmeric.") == [
        ("wonder-food", "wonder zibo"),
        ("wonder-food", "wonder moon milk"),
        ("wonder-food", "wonder turmeric"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("lexicon/brand.yaml", "name: brands\nterms: [x]\n", "“name” must be “brand”"),
        ("lexicon/brand.yaml", "name: brand\nabout: x\n", "needs “terms”"),
        ("lexicon/brand.yaml", "name: brand\nterms: ['a ... b']\n", "plain words"),
        ("lexicon/brand.yaml", "name: brand\nterms: [x]\nincludes: [remedi]\n", "did you mean “remedy”?"),
        (
            "cues/odd.yaml",
            "context: odd\ncues:\n  - direction: up\n    phrases: [x]\n",
            "must be one of forward, backward",
        ),
        ("cues/odd.yaml", "context: even\ncues: []\n", "“context” must be “odd”"),
        ("signals/odd.yaml", "signal: odd\nphrases: ['[x]']\n", "no plain word"),
        ("sources.yaml", "MINE:\n  title: x\n", "needs “body”"),
    ],
)
def test_faults_of_other_files(tmp_path: Path, name: str, text: str, part: str) -> None:
    data_file(tmp_path, name, text)
    found = faults(tmp_path)
    assert any(part in fault and fault.startswith(name + ":") for fault in found), found


def test_a_context_of_ones_own(tmp_path: Path) -> None:
    data_file(
        tmp_path,
        "cues/satire.yaml",
        "context: satire\nabout: Jokes.\ncues:\n  - direction: forward\n    within: sentence\n    phrases: [just kidding]\n",
    )
    rule_file(tmp_path, PHRASES + "\nunless: [satire]")
    assert flagged(tmp_path, "Just kidding, a wonder food.\n\nA wonder food.") == [
        ("wonder-food", "wonder food")
    ]


def test_a_complete_folder_stands_in_place_of_the_built_in_rules(tmp_path: Path) -> None:
    shutil.copytree(BUILTIN, tmp_path / "rules")
    rules = load_rules(tmp_path / "rules")
    assert [rule.id for rule in rules] == [rule.id for rule in load_rules()]
    assert all(Path(rule.path).is_relative_to(tmp_path) for rule in rules)


def test_rules_are_sorted_and_loading_is_repeatable() -> None:
    book = rulebook()
    assert [rule.id for rule in book.rules] == [
        rule.id for rule in sorted(book.rules, key=lambda rule: (rule.family, rule.id))
    ]
    assert rulebook(BUILTIN) == book
    assert book.rule(book.rules[0].id) is book.rules[0]
    with pytest.raises(KeyError):
        book.rule("nothing-like-it")
