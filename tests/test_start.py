"""What a new process does not do before its first finding."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

WATCHED = """
import gc, json, sys
from healthlint import cli

collections = []
gc.callbacks.append(lambda phase, info: collections.append(phase))
try:
    cli.main()
except SystemExit:
    print(json.dumps([collections.count("start"), list(sys.modules)]), file=sys.stderr)
"""


class Watched(NamedTuple):
    collections: int
    """How often garbage was looked for."""
    modules: list[str]
    """What was imported."""


def watched(folder: Path, *arguments: str) -> Watched:
    """What a command did in a process of its own that keeps its rules in `folder`."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments],
        cwd=folder,
        env={**os.environ, "HEALTHLINT_CACHE_DIR": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=True,
    )
    return Watched(*json.loads(done.stderr))


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> list[Watched]:
    """The first check of an article with claims, and the second."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "article.md").write_text(
        "# Flu\n\n" + "Garlic cures flu, and there is no cure for a cold. " * 40
    )
    return [watched(folder, "check", "article.md") for _ in range(2)]


def test_a_check_seldom_looks_for_garbage(checks: list[Watched]) -> None:
    assert checks[1].collections < 10  # `garbage.collect_seldom` sees to it; without it there are eighty


def test_rules_that_are_kept_are_not_read_from_yaml(checks: list[Watched]) -> None:
    assert ["healthlint.loading" in check.modules for check in checks] == [True, False]


@pytest.mark.parametrize("name", ["jinja2", "pathspec", "rich", "spacy"])
def test_a_check_imports_only_what_it_needs(checks: list[Watched], name: str) -> None:
    assert name not in checks[1].modules


def test_the_version_is_told_without_rules_and_readers(tmp_path: Path) -> None:
    modules = watched(tmp_path, "--version").modules
    assert [name for name in modules if name.partition(".")[0] == "healthlint"] == [
        "healthlint",
        "healthlint.commands",
        "healthlint.tree",
        "healthlint.outfile",
        "healthlint.commands.output",
        "healthlint.errors",
        "healthlint.garbage",
        "healthlint.cli",
    ]
