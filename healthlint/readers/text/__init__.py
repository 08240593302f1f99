"""Plain text, in the shape in which people paste articles: no markup, or a little Markdown.

What a line is, is decided by its form and by what stands around it: a lone short line is a heading, a
bullet begins a list item, a blank line ends a paragraph. Whether a line end inside a paragraph is a hard
wrap or the end of a paragraph is decided once for the file, by how long its lines are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from itertools import islice

from healthlint.document import Document
from healthlint.readers.text.article import Article

_BLOCK_TAG = re.compile(
    r"<(?:!doctype|html|head|body|p|div|h[1-6]|ul|ol|li|table|tr|td|article|section|header|footer|main)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)


def read(source: str, path: str) -> Document:
    """The article in plain text. Never raises; a web page saved as .txt is read as HTML."""
    if _is_html(source):
        as_html: Callable[[str, str], Document] = import_module("healthlint.readers.html").read
        return as_html(source, path)
    return Article(source, path).document()


def _is_html(source: str) -> bool:
    """Whether this is a web page in a file named .txt."""
    return len(list(islice(_BLOCK_TAG.finditer(source), 3))) == 3
