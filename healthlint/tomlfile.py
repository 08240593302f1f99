"""TOML files read with the line of everything in them, which `tomllib` does not tell."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from healthlint.datafile import Node
from healthlint.errors import DataError, DataErrors

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|\#[^\n]*)"""
    r'''|(?P<string>"{3}(?:[^"\\]|\\.|"(?!""))*"{3,5}|"(?:[^"\\\n]|\\.)*"'''
    r"""|'{3}(?:[^']|'(?!''))*'{3,5}|'[^'\n]*')"""
    r"""|(?P<mark>[\[\]{}=,])"""
    r"""|(?P<bare>\d{4}-\d\d-\d\d[ ]\d\d:[^\s,\]}\#]*|[^\s\#"'\[\]{}=,]+)""",
    re.DOTALL,
)
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)\Z")


def toml_file(path: Path, shown: str = "") -> Node:
    """The document in a TOML file. Raises `DataErrors` when it cannot be read or is not sound.

    `shown` is the path as messages name it.
    """
    shown = shown or path.as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataErrors([DataError(f"cannot be read: {error}", path=shown)]) from error
    return toml_node(text, shown)


def toml_node(text: str, path: str) -> Node:
    """The document in a TOML text. Raises `DataErrors` with path and line for what is not sound TOML.

    Numbers, dates and truth values are text, as they are written.
    """
    try:
        tomllib.loads(text)
        return _Parser(text).document()
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1
        problem = _PLACE.sub("", str(error))
        raise DataErrors([DataError(f"not valid TOML: {problem}", path=path, line=line)]) from error
    except RecursionError as error:
        raise DataErrors([DataError("is nested too deeply", path=path, line=1)]) from error


@dataclass
class _Table:
    line: int
    pairs: dict[str, tuple[int, _Value]] = field(default_factory=dict)

    def node(self) -> Node:
        pairs = tuple(
            (Node(line, "text", name), value.node() if isinstance(value, (_Table, _Array)) else value)
            for name, (line, value) in self.pairs.items()
        )
        return Node(self.line, "mapping", pairs=pairs)


@dataclass
class _Array:
    line: int
    items: list[_Value] = field(default_factory=list)

    def node(self) -> Node:
        items = (item.node() if isinstance(item, (_Table, _Array)) else item for item in self.items)
        return Node(self.line, "list", items=tuple(items))


_Value = _Table | _Array | Node


class _Parser:
    """Walks the tokens of a text that `tomllib` has found sound; so it need not look for faults."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, int]] = []
        line, at = 1, 0
        for token in _TOKEN.finditer(text):
            line += text.count("\n", at, token.start())
            at = token.start()
            if token.lastgroup != "space":
                self._tokens.append((token.group(), line))
        self._at = 0

    def document(self) -> Node:
        root = table = _Table(1)
        while self._at < len(self._tokens):
            if self._take("["):
                several = self._take("[")
                table = self._header(root, self._key(), several)
                self._at += 2 if several else 1
            else:
                self._pair(table)
        return root.node()

    def _header(self, table: _Table, key: list[tuple[str, int]], several: bool) -> _Table:
        *above, (name, line) = key
        table = self._inside(table, above)
        if several:
            array = table.pairs.setdefault(name, (line, _Array(line)))[1]
            assert isinstance(array, _Array)
            array.items.append(_Table(line))
            return self._last(array)
        return self._last(table.pairs.setdefault(name, (line, _Table(line)))[1])

    def _inside(self, table: _Table, key: list[tuple[str, int]]) -> _Table:
        for name, line in key:
            table = self._last(table.pairs.setdefault(name, (line, _Table(line)))[1])
        return table

    def _last(self, value: _Value) -> _Table:
        if isinstance(value, _Array):
            value = value.items[-1]
        assert isinstance(value, _Table)
        return value

    def _pair(self, table: _Table) -> None:
        *above, (name, line) = self._key()
        self._at += 1  # the equals sign
        self._inside(table, above).pairs[name] = (line, self._value())

    def _key(self) -> list[tuple[str, int]]:
        key: list[tuple[str, int]] = []
        while self._tokens[self._at][0] not in ("=", "]"):
            text, line = self._tokens[self._at]
            names = [_unquoted(text)] if text[0] in "\"'" else [name for name in text.split(".") if name]
            key.extend((name, line) for name in names)
            self._at += 1
        return key

    def _value(self) -> _Value:
        line = self._tokens[self._at][1]
        if self._take("["):
            array = _Array(line)
            while not self._take("]"):
                array.items.append(self._value())
                self._take(",")
            return array
        if self._take("{"):
            table = _Table(line)
            while not self._take("}"):
                self._pair(table)
                self._take(",")
            return table
        text = self._tokens[self._at][0]
        self._at += 1
        return Node(line, "text", _unquoted(text) if text[0] in "\"'" else text)

    def _take(self, mark: str) -> bool:
        if self._tokens[self._at][0] == mark:
            self._at += 1
            return True
        return False


def _unquoted(text: str) -> str:
    value = tomllib.loads(f"text = {text}")["text"]
    assert isinstance(value, str)
    return value
