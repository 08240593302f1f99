"""Where offsets stand for an editor, which counts lines from 0 and columns in units of its own."""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol import types

from healthlint.span import Span, line_starts
from healthlint.violation import Edit

BOM = "\ufeff"

_SURROGATE = re.compile("[\ud800-\udfff]")

_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
"""Encodings of positions, and the codec and the bytes of one unit."""


class Places:
    """The places of one text as an editor has it; offsets are those of `source`, as which it is read."""

    def __init__(self, text: str, encoding: str) -> None:
        """`encoding` is the one agreed upon: "utf-8", "utf-16" or "utf-32"."""
        # An editor may send half of a character that is two units long.
        self._text = text = _SURROGATE.sub("\ufffd", text)
        self.source = text.removeprefix(BOM)
        self._shift = len(text) - len(self.source)
        self._starts = line_starts(text)
        self._codec, self._width = _CODECS[encoding]

    def position(self, offset: int) -> types.Position:
        """Where the offset of a code point stands."""
        at = offset + self._shift
        line = bisect_right(self._starts, at) - 1
        before = self._text[self._starts[line] : at]
        units = len(before) if before.isascii() else len(before.encode(self._codec)) // self._width
        return types.Position(line, units)

    def range(self, span: Span) -> types.Range:
        """Where a span stands."""
        return types.Range(self.position(span.start), self.position(span.end))

    def offset(self, position: types.Position) -> int:
        """The offset of the code point at `position`; what lies beyond a line or the text is at its end."""
        if position.line >= len(self._starts):
            return len(self.source)
        start = self._starts[position.line]
        end = self._starts[position.line + 1] if position.line + 1 < len(self._starts) else len(self._text)
        line = self._text[start:end].rstrip("\r\n").encode(self._codec)
        before = line[: position.character * self._width].decode(self._codec, "ignore")
        return max(0, start + len(before) - self._shift)

    def edit(self, edit: Edit) -> types.TextEdit:
        """A change as editors take it."""
        return types.TextEdit(self.range(edit.span), edit.text)
