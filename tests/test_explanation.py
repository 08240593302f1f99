"""The pages about the rules are what the rules say now."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from healthlint.cli import command
from healthlint.explanation import pages
from healthlint.rulebook import rulebook

PAGES = Path(__file__).parent.parent / "docs" / "rules"
HEADINGS = [
    "What it finds",
    "Why",
    "How to fix it",
    "Flagged",
    "Not flagged",
    "Sources",
    "How to switch it off",
]


def headings(page: str) -> list[str]:
    """The headings of level 2, without what stands in fenced examples."""
    found, fence = [], ""
    for line in page.splitlines():
        if line.startswith("```") and (not fence or line == fence):
            fence = "" if fence else line.rstrip("abcdefghijklmnopqrstuvwxyz")
        elif not fence and line.startswith("## "):
            found.append(line[3:])
    return found


def test_the_pages_in_the_repository_are_not_stale() -> None:
    found = pages(rulebook())
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    stale = sorted(name for name in found.keys() | written.keys() if found.get(name) != written.get(name))
    assert not stale, "run `healthlint docs docs/rules --no-config`, and remove pages of rules that are gone"


def test_every_page_has_the_same_headings() -> None:
    for name, page in pages(rulebook()).items():
        if name != "README.md":
            assert headings(page) == HEADINGS, name


def test_the_command_writes_them(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        command, ["docs", str(tmp_path / "rules"), "--no-config"], standalone_mode=False
    )
    assert result.return_value == 0
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "rules").iterdir()}
    assert written == pages(rulebook())
    assert "\n```md\nTurmeric " in written["cure-claim.md"]
