"""A table of articles for the engines: a few hundred, in all states in which rows come, and what the core has for them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from healthlint.readers import format_of
from healthlint.rulebook import load_rules
from healthlint.tables import BatchLinter, lint_batches

ROOT = Path(__file__).parent.parent
COLUMNS: dict[str, Any] = {"text_column": "body", "format_column": "kind", "profile_column": "as"}
POISON = "This article ends the process that checks it."
ENDLESS = "This article is never done."


@cache
def articles() -> pa.Table:
    """Examples of the rules, the articles of the repository, and rows that cannot be checked; two have the same id, two others are quite the same."""
    examples = [each for rule in load_rules() for each in (*rule.bad, *rule.good)][::12]
    rows = [(f"a{number:04}", each.text, each.format, None) for number, each in enumerate(examples)]
    rows += [
        (file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"), format_of(file), None)
        for folder in ("examples", "tests/corpus")
        for file in sorted((ROOT / folder).rglob("*"))
        if file.suffix in (".md", ".mdx", ".html", ".rst", ".txt")
    ]
    rows += [
        ("no-text", None, "markdown", None),
        ("empty", "", "markdown", None),
        ("format", "Our tea cures gout.", "docx", None),
        ("no-format", "Our *tea* cures gout.", None, None),
        ("profile", "Our tea cures gout.", "text", "nonesuch"),
        ("product", "Our tea cures gout.", "text", "product"),
        (rows[3][0], "The third of that name cures gout.", "text", None),
        rows[4],
    ]
    ids, texts, formats, profiles = zip(*rows, strict=True)
    return pa.table(
        {
            "id": ids,
            "body": texts,
            "kind": formats,
            "as": profiles,
            "other": [{"n": n} for n in range(len(rows))],
        }
    )


@cache
def expected() -> pa.Table:
    """What the core has for them, sorted."""
    return sorted_rows(pa.Table.from_batches(lint_batches(articles().to_batches(), **COLUMNS)))


def sorted_rows(table: pa.Table) -> pa.Table:
    """The rows in an order that does not depend on that in which they came."""
    return table.sort_by([("id", "ascending"), ("text_sha256", "ascending")]).combine_chunks()


class PoisonedLinter(BatchLinter):
    """Stands for one that breaks on an article: `POISON` ends its process, `ENDLESS` holds it up."""

    def linted(
        self, batch: pa.RecordBatch, begun: Callable[[int], object] = lambda row: None
    ) -> pa.RecordBatch:
        texts = batch.column(self.text_column).to_pylist()

        def at(row: int) -> None:
            begun(row)
            if texts[row] == POISON:
                os.kill(os.getpid(), signal.SIGKILL)
            if texts[row] == ENDLESS:
                time.sleep(3600)

        return super().linted(batch, at)


def poisoned() -> pa.Table:
    """Ten articles, of which the fifth ends the process that checks it."""
    texts = ["Our tea cures gout." if number != 4 else POISON for number in range(10)]
    return pa.table({"id": range(10), "text": texts})


def states(linted: pa.Table) -> list[tuple[int, str, str | None, int]]:
    """Of each row the id, status and reason, and the number of claims of a cure."""
    return sorted(
        (
            row["id"],
            row["status"],
            row["reason"],
            sum(each["rule"] == "cure-claim" for each in row["findings"]),
        )
        for row in linted.to_pylist()
    )


POISONED_STATES = [
    (number, "ok", None, 1)
    if number != 4
    else (4, "error", "ended the process that checked it: signal 9 (SIGKILL)", 0)
    for number in range(10)
]
"""What `states` gives for `poisoned`."""
