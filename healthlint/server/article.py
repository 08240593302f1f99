"""An article as an editor has it open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from healthlint.files import relative
from healthlint.readers import FORMATS

LANGUAGES = {
    "markdown": "markdown",
    "mdx": "mdx",
    "html": "html",
    "php": "html",
    "restructuredtext": "rst",
    "rst": "rst",
    "plaintext": "text",
    "text": "text",
}
"""Language ids of editors, and the format each is read as."""

_DRIVE = re.compile(r"/[A-Za-z]:")


@dataclass(frozen=True, eq=False)
class Article:
    """One version of a text."""

    uri: str
    version: int
    path: str
    """As in reports: with `/`, relative to the working directory when below it."""
    format: str
    text: str


def article(uri: str, version: int, language: str, text: str, root: Path) -> Article | None:
    """The text of an editor as an article; None for one that is no article.

    The ending of a file decides, as it does for `healthlint check`, before the editor's `language`. What was
    never saved stands in `root`.
    """
    file = file_of(uri) or root / (_parts(uri).path.rpartition("/")[2] or "untitled")
    read_as = FORMATS.get(file.suffix.lower()) or LANGUAGES.get(language.lower())
    if read_as is None:
        return None
    return Article(uri, version, relative(file).as_posix(), read_as, text)


def file_of(uri: str) -> Path | None:
    """The file that a `file:` URI names, on Windows too; None for other URIs."""
    parts = _parts(uri)
    if parts.scheme != "file":
        return None
    path = unquote(parts.path, errors="surrogateescape")
    if parts.netloc not in ("", "localhost"):
        return Path(f"//{unquote(parts.netloc)}{path}")
    return Path(path[1:] if _DRIVE.match(path) else path)


def _parts(uri: str) -> SplitResult:
    """The parts of a URI; all of them are empty when it is none."""
    try:
        return urlsplit(uri)
    except ValueError:
        return urlsplit("")
