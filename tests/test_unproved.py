"""What `healthlint test --unproved` says is what happens when a line is taken out of a file of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rulefolder import data_file, rule_file

from healthlint.errors import DataErrors
from healthlint.rulebook import BUILTIN
from healthlint.testing import verify
from healthlint.unproved import KINDS, findings

RULE = """\
id: tonic-claim
family: house
severity: error
message: "“{match}” promises what no tonic can do."
why: Nobody has tested it.
fix: Say what was measured.
sources: [https://example.org/style]
phrases:
  - <tonic> heals [...] <illness>
  - heals gout
  - heals everything
  - mends the (nerves|mind)
except:
  - heals everything but
where:
  nearby:
    - our
    - my
    - your own
unless: [denied]
examples:
  bad:
    - Our <<root beer heals chronic gout>>.
    - Our <<ginger heals colds>>; it does.
    - My tonic <<mends the nerves>>.
    - "My own tonic <<heals everything>>. Nobody denied it."
    - Our tonic is not dear, since it <<heals gout>>.
    - Our tonic is not dear but <<heals gout>>.
    - Our tonic not only <<heals gout>> but tastes good.
  good:
    - My tonic never heals gout.
    - Our tonic heals everything but the purse.
    - Nobody says that our tonic not only heals gout but tastes good.
"""

ARTICLE = """\
id: no-price
family: house
severity: info
message: The article names no price.
why: Readers ask.
fix: Name it.
sources: [https://example.org/style]
when:
  - our shop
  - our stall
absent:
  - the price is
  - (it|they) cost~
  - free of charge
examples:
  bad:
    - "<<Our shop>> sells tonics."
  good:
    - Our shop sells tonics. They cost a pound.
    - Our shop gives leaflets, free of charge.
"""

FILES = {
    "lexicon/tonic.yaml": "name: tonic\nabout: Drinks.\nterms:\n  - ginger\n  - root beer\n  - beer\n  - sage tea\n",
    "lexicon/illness.yaml": "name: illness\nabout: Ills.\nterms:\n  - gout\n  - cold\n  - cough\n",
    "cues/denied.yaml": (
        "context: denied\nabout: Denials.\ncues:\n  - direction: forward\n    within: clause\n    phrases:\n"
        "      - never\n      - nobody (says|claims)\n      - not\n      - no\npseudo:\n  - not only\n  - no wonder\n"
    ),
    "cues/stops.yaml": (
        "about: Ends.\ncontrast:\n  - but\n  - though\nclause:\n  - and (it|nobody)\n  - so it\nafter-comma:\n  - since\n  - which\n"
    ),
}


def complete(folder: Path) -> Path:
    """A folder that needs none of the built-in rules."""
    data_file(folder, "house/tonic-claim.yaml", RULE)
    data_file(folder, "house/no-price.yaml", ARTICLE)
    for name, text in FILES.items():
        data_file(folder, name, text)
    for path in (BUILTIN / "signals").iterdir():  # the checks ask for them, and here they find nothing
        data_file(folder, f"signals/{path.name}", f"signal: {path.stem}\nabout: None.\nphrases: []\n")
    assert verify(folder) == []
    return folder


def dropped_lines(folder: Path) -> Iterator[tuple[str, str]]:
    """The file and the text of each item of a list that can be taken out of it without any proof failing."""
    for path in sorted(folder.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        lines = text.partition("examples:")[0].splitlines(keepends=True)
        for number, line in enumerate(lines):
            if line.lstrip().startswith("- ") and "direction" not in line:
                rest = text[len("".join(lines)) :]
                path.write_text("".join(lines[:number] + lines[number + 1 :]) + rest, encoding="utf-8")
                try:
                    if not verify(folder):
                        yield path.relative_to(folder).as_posix(), line.strip(" -\n")
                except DataErrors:  # a rule that has nothing left to look for
                    pass
        path.write_text(text, encoding="utf-8")


def test_what_is_unproved_can_be_taken_out(tmp_path: Path) -> None:
    found = findings(complete(tmp_path))
    assert sorted((each.file, each.text) for each in found.unproved) == sorted(dropped_lines(tmp_path))


def test_what_is_unproved_is_named(tmp_path: Path) -> None:
    found = findings(complete(tmp_path))
    named = {str(each) for each in found.unproved}
    assert {
        "house/tonic-claim.yaml: frame “your own”",
        "lexicon/tonic.yaml: term “sage tea”",
        "cues/denied.yaml: pseudo-cue “no wonder”",
        "cues/stops.yaml: stop “though”",
        "house/no-price.yaml: when “our stall”",
        "house/no-price.yaml: absent “the price is”",
    } <= named
    assert not any("exception" in each for each in named)
    assert {each.kind for each in found.items} == set(KINDS) - {"signal", "pair", "about"}


def test_of_an_own_folder_only_what_it_adds(tmp_path: Path) -> None:
    rule_file(tmp_path, "phrases:\n  - wonder food\n  - marvel food\n  - (wonder|super) food")
    data_file(tmp_path, "lexicon/remedy.yaml", "name: remedy\nabout: More.\nterms:\n  - quokka milk\n")
    found = findings(tmp_path)
    assert [str(each) for each in found.items] == [
        "house/wonder-food.yaml: phrase “wonder food”",
        "house/wonder-food.yaml: phrase “marvel food”",
        "house/wonder-food.yaml: phrase “(wonder|super) food”",
        "lexicon/remedy.yaml: term “quokka milk”",
    ]
    assert found.unproved == found.items  # two phrases find the same words, so neither is needed


def test_only_the_kinds_that_are_asked_for(tmp_path: Path) -> None:
    found = findings(complete(tmp_path), kinds=["stop"])
    assert {each.kind for each in found.items} == {"stop"}


def test_the_command_lists_and_counts(tmp_path: Path, run_here: Callable[..., Any]) -> None:
    done = run_here("test", complete(tmp_path), "--unproved")
    assert done.code == 0
    *listed, last = done.out.splitlines()
    assert "lexicon/tonic.yaml: term “sage tea”" in listed
    assert last == (
        "No example needs: phrase 0 of 4, exception 0 of 1, frame 1 of 3, absent 1 of 3, when 1 of 2, cue 2 of 4, "
        "pseudo-cue 1 of 2, stop 5 of 6, term 3 of 7."
    )
