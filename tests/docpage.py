"""A page of the documentation, as its tests see it: fenced blocks, headings, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from healthlint.rulebook import BUILTIN

ROOT = BUILTIN.parent
DOCS = ROOT / "docs"

_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<info>[^\n]*)\n(?P<code>.*?)^(?P=indent)(?P=fence)`*[ ]*$",
    re.MULTILINE | re.DOTALL,
)
_INLINE_CODE = re.compile(r"(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"\]\((?P<inline>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)[^()]*\)|<(?P<bare>https?:[^>\n]*)>")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)


class Fence(NamedTuple):
    """A fenced block; its text is `page[start:end]`."""

    language: str
    code: str
    """Without the indentation of the fence."""
    start: int
    end: int
    line: int
    """Where the fence opens, from 1."""


def pages() -> list[Path]:
    """The README and the pages of the documentation that people wrote."""
    return [ROOT / "README.md", *sorted(DOCS.glob("*.md")), *sorted(DOCS.glob("recipes/*.md"))]


def name(page: Path) -> str:
    """As tests are called."""
    return page.relative_to(ROOT).as_posix()


def fences(text: str) -> Iterator[Fence]:
    """The fenced blocks of a page, in order."""
    for found in _FENCE.finditer(text):
        code = re.sub(rf"^{found['indent']}", "", found["code"], flags=re.MULTILINE)
        words = found["info"].split()
        yield Fence(
            words[0] if words else "", code, *found.span("code"), text.count("\n", 0, found.start()) + 1
        )


def prose(text: str) -> str:
    """A page without its code."""
    return _INLINE_CODE.sub("", _FENCE.sub("", text))


def links(text: str) -> list[str]:
    """Where the links and images of a page lead, as written."""
    return [found["inline"] or found["bare"] or "" for found in _LINK.finditer(prose(text))]


def anchors(text: str) -> set[str]:
    """The fragments that headings have, on code hosts and on the site."""
    found: dict[str, int] = {}
    anchors = set()
    for heading in _HEADING.findall(_FENCE.sub("", text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{found[slug]}" if slug in found else slug)
        found[slug] = found.get(slug, 0) + 1
    return anchors


def section_code(page: Path, heading: str) -> str:
    """The Python blocks of a page below one of its second headings, as one program."""
    _, found, section = page.read_text(encoding="utf-8").partition(f"\n## {heading}\n")
    assert found, f"{page.name} has no section “{heading}”"
    section, *_ = section.split("\n## ")
    return "\n".join(fence.code for fence in fences(section) if fence.language == "python")
