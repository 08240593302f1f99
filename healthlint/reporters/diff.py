"""What became of articles, as a unified diff for people and for `patch`."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from click import style

from healthlint.span import line_starts
from healthlint.visible import visible

if TYPE_CHECKING:
    from healthlint.fix import Fixed

_COLOURS = {"@": "cyan", "-": "red", "+": "green"}
_UNENDED = "\\ No newline at end of file"


def render(changed: Iterable[Fixed], *, color: bool = False) -> str:
    """A unified diff of the articles in `changed`, with a line end; "" when none is different.

    Lines are shown without the ends they have in the file, and with their control characters spelt out.
    """
    return "".join(line + "\n" for each in changed if each.old != each.new for line in _lines(each, color))


def _lines(changed: Fixed, color: bool) -> Iterator[str]:
    name = visible(changed.path.lstrip("/"))
    diff = difflib.unified_diff(
        _split(changed.before), _split(changed.after), f"a/{name}", f"b/{name}", lineterm=""
    )
    for number, line in enumerate(diff):
        shown = "\t".join(map(visible, line.rstrip("\r\n").split("\t")))
        is_header = number < 2
        fg = None if is_header else _COLOURS.get(line[0])
        yield style(shown, fg=fg, bold=is_header or None) if color and (is_header or fg) else shown
        if not is_header and line[0] != "@" and not line.endswith(("\n", "\r")):
            yield _UNENDED


def _split(text: str) -> list[str]:
    """The lines of `text`, as editors count them, each with its end."""
    starts = (*line_starts(text), len(text))
    return [text[start:end] for start, end in itertools.pairwise(starts) if start < end]
