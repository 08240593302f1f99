"""The page of licences: everything that healthlint needs is on it, and nothing that a publisher could not take."""

from __future__ import annotations

import re
import runpy
from importlib.metadata import PackageNotFoundError

import pytest
from docpage import DOCS, ROOT
from packaging.utils import canonicalize_name

LICENCES = runpy.run_path(str(ROOT / ".ci" / "licences.py"))
PAGE = (DOCS / "licences.md").read_text(encoding="utf-8")

PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "PSF-2.0",
    "Zlib",
}
BY_FILE = {"certifi", "pathspec", "tqdm"}
"""Under the MPL 2.0, which a publisher’s lawyer may ask about."""


def named(extra: str) -> set[str]:
    """The packages that the page says are needed with an extra, or always for ""."""
    heading = f"## With `healthlint[{extra}]`" if extra else "## Always"
    part = PAGE.partition(f"{heading}\n")[2].partition("\n## ")[0]
    return set(map(canonicalize_name, re.findall(r"^\| (\S+) \| \d", part, re.MULTILINE)))


@pytest.mark.parametrize("extra", ["", *LICENCES["EXTRAS"]])
def test_what_is_needed_is_on_the_page_and_may_be_passed_on(extra: str) -> None:
    try:
        needed = LICENCES["needed"]("healthlint", extra)
    except PackageNotFoundError as missing:
        pytest.skip(f"{missing.name} is not installed")
    assert set(needed) == named(extra)
    for name, package in needed.items():
        others = set(re.split(" AND | OR ", package.licence)) - PERMISSIVE
        assert others == ({"MPL-2.0"} if name in BY_FILE else set()), name
