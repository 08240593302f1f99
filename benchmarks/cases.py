"""The open corpus of `tests/corpus`: articles and single sentences, with what is wrong marked where it stands.

    articles/<register>/<name>.<md|html|mdx|rst|txt>
        first line <<document: rule-id rule-id>>: the findings about the whole article; then the article
    sentences/*.md
        "## register", then paragraphs, each of them a case of its own

A mark is `<<rule-id: the words>>`; `<<rule-a|rule-b: the words>>` when either may say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from healthlint.readers import FORMATS
from healthlint.span import Span

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"

_MARK = re.compile(r"<<(?P<rules>[a-z0-9-]+(?:\|[a-z0-9-]+)*):\s*(?P<words>.*?)>>(?!>)", re.DOTALL)
_DOCUMENT = re.compile(r"\A\ufeff?<<document:(?P<rules>[a-z0-9 -]*)>>[^\S\n]*\n")
_HEADING = re.compile(r"(?P<level>#{1,2}) +(?P<words>\S.*)")


class CorpusError(ValueError):
    """A file of the corpus that cannot be read; says which, where and why."""


class Mark(NamedTuple):
    """Words that should be flagged."""

    rules: tuple[str, ...]
    """The rules of which one should say so, the likeliest first."""
    span: Span
    """In the text without marks (code points, half-open)."""


class Case(NamedTuple):
    """A text to be linted, and what should be found."""

    path: str
    """Below the folder of the corpus, with `/`."""
    line: int
    """Where it begins in its file, from 1."""
    register: str
    """What kind of text it is: leaflet, shop, news."""
    format: str
    text: str
    """Without marks."""
    marks: tuple[Mark, ...]
    document: frozenset[str] | None
    """The rules that the article as a whole breaks; None for a sentence on its own."""


def cases(folder: Path = CORPUS) -> list[Case]:
    """All cases of a corpus, articles first, in the order of their paths. Raises `CorpusError`."""
    articles = (path for path in sorted(folder.glob("articles/*/*")) if path.suffix in FORMATS)
    sentences = sorted(folder.glob("sentences/*.md"))
    return [
        *(_article(path, folder) for path in articles),
        *(case for path in sentences for case in _sentences(path, folder)),
    ]


def unmarked(text: str) -> tuple[str, tuple[Mark, ...]]:
    """The text without its marks, and the marks with their places in it."""
    bare, at, marks = "", 0, []
    for found in _MARK.finditer(text):
        bare += text[at : found.start()]
        marks.append(Mark(tuple(found["rules"].split("|")), Span(len(bare), len(bare) + len(found["words"]))))
        bare += found["words"]
        at = found.end()
    return bare + text[at:], tuple(marks)


def _article(path: Path, folder: Path) -> Case:
    name, content = path.relative_to(folder).as_posix(), _content(path)
    first = _DOCUMENT.match(content)
    if first is None:
        raise CorpusError(f"{name}:1: the first line is not <<document: the rules that the article breaks>>")
    text, marks = _bare(content[first.end() :], name, 2)
    rules = frozenset(first["rules"].split())
    return Case(name, 2, path.parent.name, FORMATS[path.suffix], text, marks, rules)


def _sentences(path: Path, folder: Path) -> Iterator[Case]:
    name, register, line = path.relative_to(folder).as_posix(), "", 1
    for paragraph in re.split(r"(\n(?:[^\S\n]*\n)+)", _content(path)):
        heading = _HEADING.fullmatch(paragraph.strip())
        if heading and heading["level"] == "##":
            register = heading["words"].strip().lower().replace(" ", "-")
        elif register and paragraph.strip() and not heading:
            text, marks = _bare(paragraph.strip("\n"), name, line)
            yield Case(name, line, register, "markdown", text, marks, None)
        line += paragraph.count("\n")


def _bare(marked: str, path: str, line: int) -> tuple[str, tuple[Mark, ...]]:
    text, marks = unmarked(marked)
    if "<<" in text:
        at = line + text[: text.index("<<")].count("\n")
        raise CorpusError(f"{path}:{at}: “<<” begins no mark; write <<rule-id: the words>>")
    return text, marks


def _content(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
