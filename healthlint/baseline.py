"""Violations that are known and wait for their turn: a file of fingerprints that a team works off.

A fingerprint says rule, document and the words of the sentence, not the line: moving a paragraph keeps it,
editing the sentence does not. The file is JSON with sorted keys, so that two branches merge readably::

    {"version": 1, "entries": {"guides/tea.md": {"cure-claim": {"6f1c2a...": 1}}}}
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from healthlint.datafile import data_of
from healthlint.errors import DataError
from healthlint.report import Report
from healthlint.violation import Violation

VERSION = 1
"""Rises when fingerprints are made in another way."""
LARGEST = 100_000_000
"""The largest file that is read, in bytes: some million violations."""
_MOST = 1_000_000_000
"""So often can a violation be known."""


class Key(NamedTuple):
    """What makes a violation the same as an old one."""

    path: str
    """Relative to the folder of the baseline, with `/`."""
    rule: str
    sentence: str
    """A digest of the sentence, see `sentence_digest`."""


@dataclass(frozen=True)
class Baseline:
    """How often each violation is known."""

    folder: Path
    """Where the file stands; paths in it are relative to it."""
    entries: Mapping[Key, int] = field(default_factory=dict)

    def inside(self, path: str) -> str:
        """A path of a report as the baseline has it."""
        try:
            return Path(os.path.relpath(path, self.folder)).as_posix()
        except ValueError:  # on another drive, to which no relative path leads
            return Path(path).as_posix()

    def _has(self, key: Key) -> bool:
        # `Path.exists` raises for names that no file can have, and anybody may have written the baseline.
        return os.path.exists(self.folder / key.path)

    def key(self, violation: Violation) -> Key:
        """What `violation` is known by."""
        return Key(self.inside(violation.path), violation.rule, sentence_digest(violation))

    def of(self, violations: Iterable[Violation]) -> Baseline:
        """A baseline in the same folder that knows `violations`."""
        return replace(self, entries=Counter(map(self.key, violations)))

    def applied(self, report: Report) -> Report:
        """`report` with what is known taken out of its violations; `gone` counts what no longer stands.

        What is known of a file that is not there any more is looked for in files of other names.
        """
        left = Counter(self.entries)
        absent = {key for key in left if not self._has(key)}
        known: set[int] = set()
        for number, violation in enumerate(report.violations):
            key = self.key(violation)
            if left[key] > 0:
                left[key] -= 1
                known.add(number)
        moved: Counter[tuple[str, str]] = Counter()
        for key in absent:
            moved[key.rule, key.sentence] += left[key]
        for number, violation in enumerate(report.violations):
            said = (violation.rule, sentence_digest(violation))
            if number not in known and moved[said] > 0:
                moved[said] -= 1
                known.add(number)
        return replace(
            report,
            violations=tuple(each for n, each in enumerate(report.violations) if n not in known),
            known=tuple(each for n, each in enumerate(report.violations) if n in known),
            gone=moved.total() + sum(left[key] for key in self._looked_for(report) if key not in absent),
        )

    def _looked_for(self, report: Report) -> Iterator[Key]:
        """The entries that would have been found if they still stood: their article and rule had their turn."""
        checked = {self.inside(each.path) for each in report.checked}
        running = {rule.id for rule in report.rules}
        return (key for key in self.entries if key.path in checked and key.rule in running)

    def pruned(self, report: Report) -> Baseline:
        """The baseline without what is gone, under the present names of moved files.

        `report` is one to which it was `applied`. What is known of files that were not checked, and of rules
        that were not run, stays.
        """
        looked_for = set(self._looked_for(report))
        unseen = {
            key: count for key, count in self.entries.items() if key not in looked_for and self._has(key)
        }
        return replace(self, entries=Counter(map(self.key, report.known)) + Counter(unseen))

    def to_json(self) -> str:
        """The text of the file."""
        entries: dict[str, dict[str, dict[str, int]]] = {}
        for key, count in sorted(self.entries.items()):
            entries.setdefault(key.path, {}).setdefault(key.rule, {})[key.sentence] = count
        return json.dumps({"version": VERSION, "entries": entries}, indent=2, ensure_ascii=True) + "\n"


def sentence_digest(violation: Violation) -> str:
    """The first 64 bits of a BLAKE2 digest of the sentence's words, in hexadecimal."""
    words = violation.sentence.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(words, digest_size=8).hexdigest()


def fingerprints(violations: Iterable[Violation]) -> Iterator[str]:
    """For each violation, what stays the same when lines move: 128 bits in hexadecimal, all different.

    Rule, path, the words of the sentence, and how many of these three came before.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    for each in violations:
        said = (each.rule, each.path, each.sentence)
        whole = "\0".join((*said, str(seen[said]))).encode("utf-8", "surrogatepass")
        seen[said] += 1
        yield hashlib.blake2b(whole, digest_size=16).hexdigest()


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file that `Baseline.to_json` wrote. Raises `DataError` when it is none."""
    shown = path.as_posix()
    try:
        data = json.loads(data_of(path, LARGEST), object_pairs_hook=_once)
    except FileNotFoundError:
        raise DataError("does not exist; `--write-baseline` makes it", path=shown) from None
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", path=shown) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"is no baseline: {error}", path=shown) from error
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise DataError(
            f"is no baseline of version {VERSION}; write it again with `--write-baseline`", path=shown
        )
    try:
        return Baseline(path.absolute().parent, dict(_entries(data["entries"])))
    except (KeyError, TypeError, AttributeError, ValueError):
        raise DataError(
            "is no baseline: “entries” should hold a count for each path, rule and fingerprint", path=shown
        ) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"“{twice}” stands in it twice; keep one, or write it again")
    return found


def _entries(entries: Mapping[str, Any]) -> Iterator[tuple[Key, int]]:
    for path, rules in entries.items():
        for rule, sentences in rules.items():
            for sentence, count in sentences.items():
                if type(count) is not int or not 1 <= count <= _MOST:
                    raise ValueError
                yield Key(path, rule, sentence), count
