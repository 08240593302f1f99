"""Readers: a file becomes a `Document`. One module or package per format, each with `read(source, path)`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from healthlint.document import Document
from healthlint.errors import ReadError
from healthlint.readers.decoding import decoded, prove_size

FORMATS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "mdx",
    ".html": "html",
    ".htm": "html",
    ".php": "html",
    ".rst": "rst",
    ".txt": "text",
}
"""File-name endings, lower case, and the format each is read as."""

READERS = {
    "markdown": "healthlint.readers.markdown",
    "mdx": "healthlint.readers.mdx",
    "html": "healthlint.readers.html",
    "rst": "healthlint.readers.rst",
    "text": "healthlint.readers.text",
}
"""Formats and the module that reads each; imported when the first such file turns up."""


class Unread(NamedTuple):
    """An article that is at hand as the bytes of its file."""

    path: str
    format: str
    data: bytes
    largest: int | None = None
    """The most bytes that it may have; None is `decoding.LARGEST`."""

    def read(self) -> Document:
        """The article itself. Raises `ReadError` as `read` does."""
        return read_bytes(self.data, format=self.format, path=self.path, largest=self.largest)


def unread(path: str | Path, largest: int | None = None) -> Unread:
    """The file at `path`, to be read by the format of its ending (plain text for others).

    Raises `ReadError` when the file is missing or unreadable, or has more than `largest` bytes, which are not read
    then; None is `decoding.LARGEST`.
    """
    try:
        prove_size(Path(path).stat().st_size, largest)
        return Unread(Path(path).as_posix(), format_of(path), Path(path).read_bytes(), largest)
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror or error}") from error


def read(path: str | Path) -> Document:
    """The article in the file at `path`, read by the format of its ending (plain text for others).

    Raises `ReadError` when the file is missing, unreadable, binary, too large or in no known encoding.
    """
    return unread(path).read()


def read_bytes(data: bytes, *, format: str, path: str, largest: int | None = None) -> Document:
    """The article in the bytes of a file, at most `largest` of them. Raises `ReadError` as `read` does."""
    text, encoding, _ = decoded(data, largest)
    document = read_text(text, format=format, path=path)
    return replace(document, sha256=hashlib.sha256(data).hexdigest(), encoding=encoding)


def format_of(path: str | Path) -> str:
    """The format that the ending of `path` stands for; "text" for endings that say nothing."""
    return FORMATS.get(Path(path).suffix.lower(), "text")


def read_text(text: str, *, format: str = "markdown", path: str = "<text>") -> Document:
    """The article in `text`. Raises `ReadError` for a format that has no reader."""
    if format not in READERS:
        raise ReadError(f"no reader for the format “{format}”; known: {', '.join(READERS)}")
    reader: Callable[[str, str], Document] = import_module(READERS[format]).read
    return reader(text, path)
