"""Folders of rules for tests, written as they would be by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from healthlint.rulebook import BUILTIN, rulebook

cached_rulebook = cache(rulebook)
"""As `rulebook`, but each set of folders is read only once; for folders that no test changes."""

COMPLETE = """\
id: {id}
family: house
severity: warning
message: "“{{match}}” is not house style."
why: Our readers asked for it.
fix: Write it otherwise.
sources: [https://example.org/style]
{body}
examples:
  bad:
    - This is a <<wonder food>>.
  good:
    - This is food.
"""


def rule_file(folder: Path, body: str, *, id: str = "wonder-food", text: str | None = None) -> Path:
    """Write a rule whose kind and frame are `body` (or a whole file `text`); gives its path."""
    path = folder / "house" / f"{id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if text is not None else COMPLETE.format(id=id, body=body), encoding="utf-8")
    return path


def data_file(folder: Path, name: str, text: str) -> Path:
    """Write any other file of a rule folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def stops_file(folder: Path, text: str) -> Path:
    """Say in `text` where clauses end, so that `folder` stands in the place of the built-in rules.

    Its signals, of which none may be missing, have no phrases.
    """
    for signal in (BUILTIN / "signals").iterdir():
        data_file(folder, f"signals/{signal.name}", f"signal: {signal.stem}\nabout: Nothing.\nphrases: []\n")
    return data_file(folder, "cues/stops.yaml", text)
