"""The directives of reST: which of their parts are prose, and where those stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from healthlint.document import Kind
from healthlint.readers.line import Line
from healthlint.readers.rst.form import FIELD
from healthlint.readers.rst.indentation import hung, left_margin, trimmed
from healthlint.span import Span

HIDDEN = frozenset((
    "code", "code-block", "sourcecode", "parsed-literal", "literalinclude", "highlight", "math",
    "toctree", "contents", "sectnum", "section-numbering", "role", "default-role", "unicode",
    "date", "target-notes", "index", "tabularcolumns", "graphviz",
    "graph", "digraph", "mermaid", "uml", "plantuml", "plot", "inheritance-diagram", "productionlist",
    "doctest", "testcode", "testsetup", "testcleanup", "testoutput", "prompt", "program-output", "ipython",
    "jupyter-execute", "automodule", "autoclass", "autofunction", "automethod", "autosummary",
    "currentmodule", "module", "youtube", "vimeo", "video", "iframe", "bibliography", "footbibliography",
    "listing", "slide", "gist", "soundcloud", "chart", "thumbnail"
))  # fmt: skip
"""Directives whose argument and content are no prose."""

ASIDES = frozenset((
    "attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning", "admonition",
    "seealso", "todo", "sidebar", "topic", "dropdown", "details", "versionadded", "versionchanged",
    "deprecated", "versionremoved"
))  # fmt: skip
QUOTES = frozenset(("epigraph", "highlights", "pull-quote"))
CONTENT = frozenset((
    "attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning", "seealso",
    "todo", "epigraph", "highlights", "pull-quote", "compound", "replace",
    "header", "footer", "hlist", "glossary", "centered", "rubric", "caption"
))  # fmt: skip
"""Directives whose first line belongs to their content."""
UNREAD_ARGUMENT = frozenset((
    "container", "class", "rst-class", "only", "ifconfig", "hlist", "grid", "list-group", "figure", "image",
    "include", "tab-set", "tabs", "columns", "column", "post", "author", "versionadded", "versionchanged",
    "deprecated", "versionremoved", "meta", "nav", "data-viewer", "button-link", "button-ref"
))  # fmt: skip
"""Directives whose argument is a name, a condition or an address, not prose."""
OPTION_KINDS: dict[str, Kind] = {"alt": "alt", "caption": "caption", "title": "label", "subtitle": "label"}

AUTHORS = frozenset(("author", "sectionauthor", "codeauthor"))
VERSIONS = frozenset(("versionadded", "versionchanged", "deprecated", "versionremoved"))
"""Directives whose argument is a version, and behind it prose."""
TABLES = frozenset(("table", "csv-table", "list-table", "flat-table"))
"""Directives whose argument is the caption of a table."""


class Parts(NamedTuple):
    """The lines of a directive."""

    argument: list[Line]
    options: list[Line]
    content: list[Line]


class Option(NamedTuple):
    """One `:name: value` of a directive."""

    name: str
    value: list[Line]
    span: Span
    """Where the name stands."""


def parts(source: str, first: Line, rest: Sequence[Line]) -> Parts:
    """The parts of a directive: `first` is what stands behind its name, `rest` the lines after that."""
    at = 0
    while at < len(rest) and not rest[at].is_blank:
        at += 1
    head = hung(first, rest[:at])
    content = trimmed(rest[at:])
    for index, line in enumerate(head):
        if line.start != first.start and FIELD.match(source[line.start : line.end]):
            return Parts(head[:index], head[index:], content)
    return Parts(head, [], content)


def options(source: str, block: Sequence[Line]) -> Iterator[Option]:
    """The options in a stretch of lines."""
    margin = left_margin(block)
    at = 0
    while at < len(block):
        line = block[at]
        at += 1
        marker = FIELD.match(source[line.start : line.end])
        if not marker:
            continue
        value = [line.cut(marker.end())]
        while at < len(block) and (block[at].is_blank or block[at].column > margin):
            value.append(block[at])
            at += 1
        name = marker["name"]
        span = Span(line.start + 1, line.start + 1 + len(name))
        yield Option(name.lower(), trimmed(value), span)


def meta_name(option: str) -> str:
    r"""The name in a field of the meta directive: `description lang=en`, `property=og\:title`."""
    name = option.replace("\\", "").split()[0]
    return name.partition("=")[2] or name
