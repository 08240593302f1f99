"""TOML read with the place of everything in it, which `tomllib` does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from healthlint.datafile import DEPTH, Node
from healthlint.errors import DataError, DataErrors
from healthlint.span import Span, line_starts, position

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|\#[^\n]*)"""
    r'''|"{3}(?:[^"\\]|\\.|"(?!""))*"{3,5}|"(?:[^"\\\n]|\\.)*"'''
    r"""|'{3}(?:[^']|'(?!''))*'{3,5}|'[^'\n]*'"""
    r"""|[\[\]{}=,]"""
    r"""|\d{4}-\d\d-\d\d[ ]\d\d:[^\s,\]}\#]*|[^\s\#"'\[\]{}=,]+""",
    re.DOTALL,
)
_KINDS: dict[str, Literal["list", "mapping"]] = {"[": "list", "{": "mapping"}
_CLOSERS = {"list": "]", "mapping": "}"}
_QUOTES = "\"'"
_NAME = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP_KEY = re.compile(rf"(?:^|[\[{{,])[ \t]*+(?:{_NAME}[ \t]*+\.[ \t]*+){{{DEPTH}}}", re.MULTILINE)
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")

_Path = tuple[str | int, ...]


class TomlError(ValueError):
    """A text that is not TOML; `str()` says why, `at` is the offset at which that shows."""

    def __init__(self, problem: str, at: int) -> None:
        self.at = at
        super().__init__(problem)


class Entry(NamedTuple):
    """A value in a TOML text: of a key, or an item of a list."""

    path: _Path
    """The keys that lead to it, and in lists the numbers of the items, from 0."""
    kind: Literal["text", "list", "mapping"]
    """Numbers, dates and truth values are text too."""
    key: Span
    """The key it is assigned to, from its first name to its last; for an item of a list, that of the list."""
    span: Span
    """The text with its quotes, or the bracket that opens it; the key again when that is all, in a header."""


def toml_entries(source: str, inside: Span) -> list[Entry]:
    """Everything in the TOML at `inside` of `source`, in order, each table before what is in it.

    Raises `TomlError` when `tomllib` finds it unsound, `RecursionError` when it is nested too deeply.
    """
    text = source[inside.start : inside.end]
    if _DEEP_KEY.search(text):  # which takes `tomllib` time that grows with the square of its length
        raise RecursionError
    try:
        tomllib.loads(text)
    except ValueError as error:
        problem, at = _problem(text, str(error))
        raise TomlError(problem, inside.start + at) from error
    return _Entries(source, inside).found


def toml_text(written: str) -> str:
    """A value or a part of a key as text: a string without its quotes and escapes, all else as written."""
    if written[0] not in _QUOTES:
        return written
    value = tomllib.loads(f"text = {written}")["text"]
    assert isinstance(value, str)
    return value


def toml_node(text: str, path: str) -> Node:
    """The document in a TOML text. Raises `DataErrors` with path and line for what is not sound TOML.

    Numbers, dates and truth values are text, as they are written.
    """
    starts = line_starts(text)

    def line(at: int) -> int:
        return position(starts, at).line

    root = _Branch(1, "mapping")
    try:
        for entry in toml_entries(text, Span(0, len(text))):
            root.grow(text, entry, line)
        return root.node()
    except TomlError as error:
        raise DataErrors([DataError(f"not valid TOML: {error}", path=path, line=line(error.at))]) from error
    except RecursionError as error:
        raise DataErrors([DataError("is nested too deeply", path=path, line=1)]) from error


@dataclass
class _Branch:
    """A value while the tree that it is in still grows."""

    line: int
    kind: Literal["text", "list", "mapping"]
    text: str = ""
    below: dict[str | int, tuple[int, _Branch]] = field(default_factory=dict)
    """By key or number, the line of the key and the value."""

    def grow(self, text: str, entry: Entry, line: Callable[[int], int]) -> None:
        """Add an entry, and the tables that the dots in its key imply."""
        branch, key_line = self, line(entry.key.start)
        *above, last = entry.path
        for name in above:
            branch = branch.below.setdefault(name, (key_line, _Branch(key_line, "mapping")))[1]
        value = toml_text(text[slice(*entry.span)]) if entry.kind == "text" else ""
        branch.below.setdefault(last, (key_line, _Branch(line(entry.span.start), entry.kind, value)))

    def node(self) -> Node:
        if self.kind == "list":
            return Node(self.line, "list", items=tuple(value.node() for _, value in self.below.values()))
        pairs = ((Node(line, "text", str(name)), value.node()) for name, (line, value) in self.below.items())
        return Node(self.line, self.kind, self.text, pairs=tuple(pairs))


class _Entries:
    """Walks the tokens of a text that `tomllib` has found sound; so it need not look for faults."""

    def __init__(self, source: str, inside: Span) -> None:
        self._source = source
        self._tokens = [
            Span(*token.span()) for token in _TOKEN.finditer(source, *inside) if token.lastgroup != "space"
        ]
        self._at = 0
        self._lengths: dict[_Path, int] = {}
        """How many items each list has so far."""
        self.found: list[Entry] = []
        table: _Path = ()
        while self._at < len(self._tokens):
            if self._take("["):
                table = self._header()
            else:
                names, key = self._key("=")
                self._value((*table, *names), key)

    def _take(self, mark: str) -> bool:
        """Whether the next token is this mark; if it is, it has been passed."""
        is_next = self._at < len(self._tokens) and self._source.startswith(mark, self._tokens[self._at].start)
        self._at += is_next
        return is_next

    def _key(self, end: str) -> tuple[list[str], Span]:
        """The names of a key, and its place. What ends it has been passed."""
        names: list[str] = []
        first = self._at
        while not self._take(end):
            written = self._source[slice(*self._tokens[self._at])]
            is_quoted = written[0] in _QUOTES
            names += [toml_text(written)] if is_quoted else [name for name in written.split(".") if name]
            self._at += 1
        start, stop = self._tokens[first].start, self._tokens[self._at - 2].end
        return names, Span(
            start + (self._source[start] in _QUOTES), stop - (self._source[stop - 1] in _QUOTES)
        )

    def _header(self) -> _Path:
        """Reads a header behind its first bracket; the path of its table."""
        in_list = self._take("[")
        (*above, name), key = self._key("]")
        path: _Path = ()
        for part in above:
            path = (*path, part)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        path = (*path, name)
        if in_list:
            self._take("]")
            if path not in self._lengths:
                self.found.append(Entry(path, "list", key, key))
            path = self._item(path)
        self.found.append(Entry(path, "mapping", key, key))
        return path

    def _item(self, path: _Path) -> _Path:
        """The path of the next item of the list at `path`."""
        number = self._lengths.get(path, 0)
        self._lengths[path] = number + 1
        return (*path, number)

    def _value(self, path: _Path, key: Span) -> None:
        """Reads a value and all that is in it."""
        opened: list[Entry] = []
        while True:
            span = self._tokens[self._at]
            entry = Entry(path, _KINDS.get(self._source[span.start], "text"), key, span)
            self._at += 1
            self.found.append(entry)
            if entry.kind == "text":
                self._take(",")
            else:
                opened.append(entry)
            while opened and self._take(_CLOSERS[opened[-1].kind]):
                opened.pop()
                self._take(",")
            if not opened:
                return
            if opened[-1].kind == "list":
                path, key = self._item(opened[-1].path), opened[-1].key
            else:
                names, key = self._key("=")
                path = (*opened[-1].path, *names)


def _problem(text: str, message: str) -> tuple[str, int]:
    """What `tomllib` has against a text, and the offset."""
    place = _PLACE.search(message)
    if not place:
        return message, 0
    problem = message[: place.start()]
    if not place[1]:
        return problem, len(text)
    # tomllib counts lines by "\n" and columns after it has turned "\r\n" into "\n".
    at = 0
    for _ in range(int(place[1]) - 1):
        at = text.find("\n", at) + 1
    return problem, at + int(place[2]) - 1
