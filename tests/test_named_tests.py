"""Pages that name the tests which prove what they say, as `test_x.py::test_y`, name tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"
NAMED = re.compile(r"`(test_\w+\.py)(?:::(test_\w+))?`")
TABLES = ("bad-input.md", "security.md")
"""Pages in which every row of a table ends with its tests."""


@cache
def functions_of(module: str) -> frozenset[str]:
    path = TESTS / module
    if not path.exists():
        return frozenset()
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    )


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md")))
def test_the_tests_that_a_page_names_exist(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert [
        found[0] for found in NAMED.finditer(text) if (found[2] or "") not in {"", *functions_of(found[1])}
    ] == []
    assert [found[0] for found in NAMED.finditer(text) if not functions_of(found[1])] == []


@pytest.mark.parametrize("page", TABLES)
def test_every_row_names_a_test(page: str) -> None:
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    rows = [
        line
        for table in re.findall(r"^\| (?:input|boundary) .*(?:\n\|.*)+", "\n".join(lines), re.MULTILINE)
        for line in table.splitlines()[2:]
    ]
    assert len(rows) > 5
    assert [row for row in rows if not NAMED.search(row.rpartition(" | ")[2])] == []
    assert {row.count(" | ") for row in rows} <= {2, 3}
