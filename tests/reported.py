"""Reports for tests of the formats: of real runs, and with texts and names that try to act."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from healthlint.report import Checked, Report
from healthlint.run import lint
from healthlint.span import Position
from healthlint.violation import Failure, Suppressed, Suppression, Violation

CLAIMS = "# Sciatica\n\nThis balm cures sciatica.\n\nÉté 😀: it cures\narthritis, say all.\n"
"""An article with a claim on one line, and one over two after signs of two and four bytes."""
CLEAN = "# Walking\n\nMost people like to walk.\n"

NAMES = (
    "x\n::error file=pwn.md::injected\n.md",
    "a,line=99.md",
    "b::warning::%0A%3A.md",
    "##[error]c ##vso[task.complete].md",
    os.fsdecode(b"caf\xe9 \x1b[31m\x07.md"),
    "<d a=\"1\"&b='2'>]]>.md",
    "-e {0} [f](g).md",
    "漢字 \u202e😀.md",
)
"""File names that mean something to some format."""

EVIL = (
    "“x”]]>\x00\x1b[31m\x9b\u202e\r\n::error file=pwn.md::injected\n##[error]y ##vso[task.complete]z "
    "%0A::stop-commands::t {0} {{1}} [a](http://b.example) <b>&amp;\"'\ud800\udfff\ufffe\uffff \u2028"
)
"""A text that means something to some format."""


def run(folder: Path, articles: Mapping[str, str]) -> Report:
    """What is found in `articles` (by name), run in `folder`."""
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    with contextlib.chdir(folder):
        return lint(*(f"./{name}" for name in articles))


def hostile(folder: Path) -> Report:
    """A run over files with the names in `NAMES`, one that cannot be read, and violations that say `EVIL`."""
    report = run(folder, {**dict.fromkeys(NAMES, CLAIMS), "binary\n.md": "\0" * 100})
    worst = replace(report.violations[0], message=EVIL, fix=EVIL, text=EVIL)
    let_stand = Suppression(worst.path, Position(1, 1), "disable-file", (), EVIL, "", expired=False)
    assert report.failures
    return replace(
        report,
        violations=(worst, *report.violations[1:]),
        failures=(*report.failures, Failure("gone\ud800.md", EVIL)),
        suppressed=(Suppressed(worst, let_stand),),
        known=(worst,),
        gone=1,
    )


def many(violation: Violation, count: int) -> Report:
    """A report of `count` violations, each on a line of its own, of which every third is an info."""
    found = (
        replace(
            violation,
            path=f"articles/{number % 100}.md",
            start=Position(number + 1, 1),
            end=Position(number + 1, 6),
            severity=("info", "warning", "error")[number % 3],
        )
        for number in range(count)
    )
    checked = tuple(
        Checked(f"articles/{number}.md", "markdown", "", "editorial", (), ()) for number in range(100)
    )
    return Report(tuple(sorted(found, key=lambda each: each.path)), checked=checked)
