"""reStructuredText, as docutils and Sphinx write it.

The article is read line by line, not by walking docutils' tree: a docutils node knows its line but no
column, and csv tables and field lists not even that; nested input overruns its stack; a paragraph of
unclosed marks takes it quadratic time; and the directives and roles of Sphinx would have to be
registered in tables that the whole process shares. Here every block is cut out of the source and keeps
its offsets, unknown directives and roles need no registering, and no file is ever opened. The tests hold
the result against docutils.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from healthlint.document import Block, Directive, Document, Fault, Field, Include, Kind, Zone
from healthlint.readers.directive import directive
from healthlint.readers.frontmatter import front_matter, metadata_kind
from healthlint.readers.prose import Prose
from healthlint.readers.text import ADDRESS_BEGINS, Line, Passage, address_end, address_url, lines
from healthlint.span import Span

DEEPEST = 60
"""Quotes, lists and directives nested deeper than this are read as plain paragraphs."""

_LONGEST_SUBSTITUTE = 500

_NAME = r"[^\W_]+(?:[-._+:][^\W_]+)*"

# ---------------------------------------------------------------------------- the forms of the blocks

_BULLET = re.compile(r"[-+*•‣⁃](?:\s+|\Z)")
_ENUMERATOR = re.compile(
    r"(?:\((?:[a-zA-Z]|\d+|[ivxlcdm]+|[IVXLCDM]+|\#)\)|(?:[a-zA-Z]|\d+|[ivxlcdm]+|[IVXLCDM]+|\#)(?P<end>[.)]))(?:\s+|\Z)"
)
_FIELD = re.compile(r":(?![: ])(?P<name>(?:[^:\\]|\\.|:(?![ `]|\Z)){1,200})(?<! ):(?:\s+|\Z)")
_ARGUMENT = r"(?:[a-zA-Z][\w-]{0,60}|<[^<>]{1,60}>)"
_ONE_OPTION = rf"(?:[-+][a-zA-Z0-9](?: ?{_ARGUMENT})?|(?:--|/)[a-zA-Z0-9][\w-]{{0,60}}(?:[ =]{_ARGUMENT})?)"
_OPTION = re.compile(rf"{_ONE_OPTION}(?:, {_ONE_OPTION}){{0,9}}(?:\s\s+|\Z)")
_LINE_BLOCK = re.compile(r"\|(?:\s+|\Z)")
_GRID_TOP = re.compile(r"\+-[-+]*-\+\Z")
_GRID_RULE = re.compile(r"[-=+]+\Z")
_SIMPLE_RULE = re.compile(r"=+(?:\s+=+)+\Z")
_SIMPLE_SPANS = re.compile(r"-+(?:\s+-+)*\Z")
_EXPLICIT = re.compile(r"\.\.(?:\s+|\Z)")
_ANONYMOUS = re.compile(r"__(?:\s+(?P<url>\S.*)|\Z)")
_ATTRIBUTION = re.compile(r"(?:---?(?!-)|—)\s*(?=\S)")
_PUNCTUATION_LINE = re.compile(r"([!-/:-@\[-`{-~])\1*\Z")

_FOOTNOTE = re.compile(rf"\[(?:\d+|\#(?:{_NAME})?|\*|{_NAME})\](?:\s+|\Z)")
_TARGET = re.compile(
    r"_(?![_\s])(?P<name>`[^`]{1,300}`|(?:\\.|[^:\\]){1,300}):(?:\s+(?P<url>\S.*)|\Z)|__:(?:\s+(?P<anonymous>\S.*)|\Z)"
)
_SUBSTITUTION = re.compile(
    rf"\|(?P<name>[^|\s](?:[^|]{{0,200}}[^|\s])?)\|\s+(?P<directive>{_NAME})\s?::(?:\s+|\Z)"
)
_DIRECTIVE = re.compile(rf"(?P<name>{_NAME})\s?::(?:\s+|\Z)")
_ROLE_DEFINITION = re.compile(rf"role\s?::\s+(?P<name>{_NAME})\s?\(\s?(?P<base>{_NAME})\s?\)")
_META_COMMENT = re.compile(r"(?P<name>[a-z][a-z_-]{1,30}):(?:\s+(?P<value>\S.*)|\Z)")

# ------------------------------------------------------------------------------ what directives hold

_HIDDEN = frozenset((
    "code", "code-block", "sourcecode", "parsed-literal", "literalinclude", "highlight", "math", "raw",
    "toctree", "contents", "sectnum", "section-numbering", "role", "default-role", "unicode",
    "date", "target-notes", "index", "tabularcolumns", "graphviz",
    "graph", "digraph", "mermaid", "uml", "plantuml", "plot", "inheritance-diagram", "productionlist",
    "doctest", "testcode", "testsetup", "testcleanup", "testoutput", "prompt", "program-output", "ipython",
    "jupyter-execute", "automodule", "autoclass", "autofunction", "automethod", "autosummary",
    "currentmodule", "module", "youtube", "vimeo", "video", "iframe", "bibliography", "footbibliography",
    "listing", "slide", "gist", "soundcloud", "chart", "thumbnail"
))  # fmt: skip
"""Directives whose argument and content are no prose."""

_ASIDES = frozenset((
    "attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning", "admonition",
    "seealso", "todo", "sidebar", "topic", "dropdown", "details", "versionadded", "versionchanged",
    "deprecated", "versionremoved"
))  # fmt: skip
_QUOTES = frozenset(("epigraph", "highlights", "pull-quote"))
_CONTENT = frozenset((
    "attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning", "seealso",
    "todo", "epigraph", "highlights", "pull-quote", "compound", "replace",
    "header", "footer", "hlist", "glossary", "centered", "rubric", "caption"
))  # fmt: skip
"""Directives whose first line belongs to their content."""
_UNREAD_ARGUMENT = frozenset((
    "container", "class", "rst-class", "only", "ifconfig", "hlist", "grid", "list-group", "figure", "image",
    "include", "tab-set", "tabs", "columns", "column", "post", "author", "versionadded", "versionchanged",
    "deprecated", "versionremoved", "meta", "nav", "data-viewer", "button-link", "button-ref"
))  # fmt: skip
"""Directives whose argument is a name, a condition or an address, not prose."""
_OPTION_KINDS: dict[str, Kind] = {"alt": "alt", "caption": "caption", "title": "label", "subtitle": "label"}

# ------------------------------------------------------------------------------------- inline markup

_CODE_ROLES = frozenset((
    "code", "math", "literal", "raw", "samp", "file", "program", "command", "kbd", "option", "envvar",
    "makevar", "mimetype", "regexp", "func", "function", "class", "meth", "mod", "attr", "data", "exc",
    "obj", "const", "token", "keyword", "confval", "setting", "eq"
))  # fmt: skip
_CODE_DOMAINS = frozenset(("py", "c", "cpp", "js", "rst", "std"))
_TEXT_ROLES = frozenset(("abbr", "sub", "sup", "subscript", "superscript"))
"""Roles in whose text `<…>` is no target."""
_POINTING_ROLES = frozenset((
    "ref", "doc", "numref", "download", "cite", "footcite", "footcite:t", "footcite:p", "cite:t", "cite:p",
    "cite:ts", "cite:ps", "pep", "rfc", "cve", "cwe", "doi", "pmid", "pmc", "isbn", "issue", "user", "pr",
    "gh"
))  # fmt: skip
"""Roles whose text, unless it has the form `title <target>`, is the target."""
_START = re.compile(
    rf"(?P<strong>\*\*(?=\S))|(?P<emphasis>\*(?=[^\s*]))|(?P<literal>``(?=\S))|(?P<target>_`(?=[^\s`]))"
    rf"|(?P<substitution>\|(?=[^\s|]))|:(?P<role>[a-zA-Z][\w.+:-]{{0,60}}):`(?=[^\s`])|(?P<interpreted>`(?=[^\s`]))"
    rf"|(?P<footnote>\[(?:\d{{1,9}}|\#(?:{_NAME})?|\*|{_NAME})\]_)|(?<=\w)(?P<reference>__?)(?![\w`])"
    rf"|(?P<address>{ADDRESS_BEGINS})",
    re.IGNORECASE,
)
_SPECIAL = re.compile(rf"\0|{ADDRESS_BEGINS}", re.IGNORECASE)
_ENDS = {
    "strong": re.compile(r"(?<![\s\0])\*\*"),
    "emphasis": re.compile(r"(?<![\s\0])\*"),
    "literal": re.compile(r"(?<!\s)``"),
    "target": re.compile(r"(?<![\s\0])`"),
    "substitution": re.compile(r"(?<![\s\0])\|_{0,2}"),
    # An escaped space may stand before the end of interpreted text.
    "interpreted": re.compile(rf"(?<!(?<!\0)[\s\0])`(?::(?P<role>{_NAME}):)?(?P<refers>__?)?"),
}
_SIMPLE_NAME = re.compile(rf"{_NAME}\Z")
_EMBEDDED = re.compile(r"(?:(?<=\s)|\A)<((?:[^<>\0]|\0.)+)>\Z", re.DOTALL)
_CSV_CELL = re.compile(r'[ \t]*(?:"(?P<quoted>(?:[^"]|"")*)"[^,\n]*|(?P<bare>[^,\n]*))(?P<end>,|\n|\Z)')


@lru_cache(maxsize=1024)
def _may_precede(character: str) -> bool:
    """Whether inline markup may begin after this character."""
    if character.isspace() or character in "\"'(<[{-/:":
        return True
    return character > "\x7f" and unicodedata.category(character) in ("Ps", "Pi", "Pf", "Pd", "Po")


@lru_cache(maxsize=1024)
def _may_follow(character: str) -> bool:
    """Whether inline markup may end before this character."""
    if character.isspace() or character in "\0\\.,;!?-/:\"')>]}":
        return True
    return character > "\x7f" and unicodedata.category(character) in ("Pe", "Pi", "Pf", "Pd", "Po")


_CLOSING_QUOTES = {'"': '"', "'": "'", "(": ")", "<": ">", "[": "]", "{": "}", "“": "”", "‘": "’", "«": "»"}


@dataclass
class _Names:
    """What the names in an article stand for, wherever they are defined."""

    targets: dict[str, str] = field(default_factory=dict)
    anonymous: deque[str] = field(default_factory=deque)
    """The targets of links with two underscores, in order; taken off as the links turn up."""
    substitutes: dict[str, str] = field(default_factory=dict)
    """The text of each substitution; "" for an image or for text that itself has markup."""
    roles: dict[str, str] = field(default_factory=dict)
    """The role on which a role of the article's own is based; "" names the default role."""

    def target(self, name: str, marks: str) -> str:
        """Where a link leads; two underscores mean the next anonymous target."""
        if marks == "__":
            return self.anonymous.popleft() if self.anonymous else ""
        plain = _plain_name(name)
        return self.targets.get(plain) or "#" + plain


def _names(source: str, article: Sequence[Line]) -> _Names:
    """The names that an article defines."""
    names = _Names()
    for index, line in enumerate(article):
        if source.startswith("__ ", line.start) and (
            found := _ANONYMOUS.match(source[line.start : line.end])
        ):
            names.anonymous.append(found["url"] or "")
        if not source.startswith("..", line.start):
            continue
        text = source[line.start + 2 : line.end].lstrip()
        if found := _TARGET.match(text):
            if found["name"]:
                names.targets.setdefault(_plain_name(found["name"].strip("`")), found["url"] or "")
            else:
                names.anonymous.append(found["anonymous"] or "")
        elif found := _ROLE_DEFINITION.match(text):
            names.roles[found["name"].lower()] = found["base"].lower()
        elif found := _SUBSTITUTION.match(text):
            value = text[found.end() :]
            after = article[index + 1] if index + 1 < len(article) else line
            is_whole = _is_blank(after) or after.column <= line.column
            is_plain = not re.search(r"[*`|\\]|_\b", value) and len(value) <= _LONGEST_SUBSTITUTE
            is_usable = found["directive"] == "replace" and is_whole and is_plain
            names.substitutes.setdefault(_plain_name(found["name"]), value if is_usable else "")
    return names


class _Inline:
    """The inline markup of one passage, read into a `Prose`."""

    def __init__(self, prose: Prose, passage: Passage, names: _Names) -> None:
        self._prose = prose
        self._passage = passage
        self._names = names
        # A back-slash becomes NUL, as in docutils: what stands after it is no markup.
        self._text = re.sub(r"\\(.?)", "\0\\1", passage.text.replace("\0", "\u200b"), flags=re.DOTALL)
        self.includes: list[Include] = []

    def pour(self) -> None:
        """Adds the whole passage to the prose."""
        prose, passage, text = self._prose, self._passage, self._text
        exhausted: set[str] = set()
        at = poured = 0
        while start := _START.search(text, at):
            begin, what = start.start(), start.lastgroup or ""
            at = max(start.end(), begin + 1)
            before = text[begin - 1] if begin else " "
            if what == "reference":
                name = _SIMPLE_NAME.search(text, max(poured, begin - 100), begin)
                if name and self._stands_free(name.start(), start.end()):
                    self._plain(poured, name.start())
                    prose.open_link(self._names.target(name[0], start[0]))
                    self._plain(name.start(), begin)
                    prose.close_link()
                    poured = at
                continue
            if what == "address":
                # No mark inside an address is markup.
                end = address_end(text, begin)
                if end > begin:
                    self._plain(poured, end)
                    poured = at = end
                continue
            if what == "footnote":
                if self._stands_free(begin, at):
                    self._plain(poured, begin)
                    prose.point_link("#footnote")
                    poured = at
                continue
            if (
                not _may_precede(before)
                or _CLOSING_QUOTES.get(before) == text[at : at + 1]
                or at >= len(text)
            ):
                continue
            ending = "interpreted" if what == "role" else what
            end_mark = None if ending in exhausted else _end(text, ending, at + 1)
            if end_mark is None:
                exhausted.add(ending)
                continue
            self._plain(poured, begin)
            inside, whole = Span(at, end_mark.start()), passage.span(begin, end_mark.end())
            poured = at = end_mark.end()
            match what:
                case "strong" | "emphasis" | "target":
                    self._plain(*inside)
                case "literal":
                    prose.hole(whole)
                case "substitution":
                    self._substitute(text[slice(*inside)], whole)
                case _:
                    role = start["role"] or end_mark["role"] or ""
                    if end_mark["refers"] and not role:
                        self._phrase(inside, whole, end_mark["refers"])
                    else:
                        self._role(inside, whole, role.lower())
        self._plain(poured, len(text))

    def _stands_free(self, start: int, end: int) -> bool:
        """Whether what stands before and after a reference lets it be one."""
        text = self._text
        return (not start or _may_precede(text[start - 1])) and (end >= len(text) or _may_follow(text[end]))

    def _plain(self, start: int, end: int) -> None:
        """Adds text without markup; an escaped space is no space, any other escaped character is itself."""
        text, prose, passage = self._text, self._prose, self._passage
        while start < end:
            special = _SPECIAL.search(text, start, end)
            stop = special.start() if special else end
            passage.pour(prose, start, stop)
            start = stop
            if special and special[0]:
                start += 2 if text[start + 1 : start + 2].isspace() else 1
                if special.end() == start and start < end:
                    passage.pour(prose, start, start + 1)
                    start += 1
            elif special:
                stop = min(end, address_end(text, start))
                if stop > start:
                    prose.point_link(address_url(text[start:stop].replace("\0", "")))
                    prose.hole(passage.span(start, stop))
                else:
                    stop = start + 1
                    passage.pour(prose, start, stop)
                start = stop

    def _phrase(self, inside: Span, whole: Span, marks: str) -> None:
        """Adds `text`_ or `text <address>`_."""
        start, end = inside
        text = self._text[start:end]
        embedded = _EMBEDDED.search(text)
        if not embedded:
            self._prose.open_link(self._names.target(text, marks))
            self._plain(start, end)
        elif embedded[1].endswith("_") and not embedded[1].endswith("\0_"):
            self._prose.open_link(self._names.target(embedded[1][:-1], "_"))
            if embedded.start():
                self._plain(start, start + len(text[: embedded.start()].rstrip()))
            else:
                self._plain(start + 1, end - 2)
        else:
            self._prose.open_link(re.sub(r"\s+", "", embedded[1].replace("\0", "")))
            if embedded.start():
                self._plain(start, start + len(text[: embedded.start()].rstrip()))
            else:
                self._prose.hole(whole)
        self._prose.close_link()

    def _role(self, inside: Span, whole: Span, role: str) -> None:
        """Adds :role:`text`; of a role that is not known here the text is taken for prose."""
        start, end = inside
        role = self._names.roles.get(role, role)
        text = self._text[start:end]
        title, _, target = text.rpartition("<")
        if role in _CODE_ROLES or role.partition(":")[0] in _CODE_DOMAINS:
            self._prose.hole(whole)
        elif text.endswith(">") and title.strip() and role not in _TEXT_ROLES:
            self._prose.open_link(target[:-1])
            self._plain(start, start + len(title.rstrip()))
            self._prose.close_link()
        elif role in _POINTING_ROLES:
            self._prose.point_link(text.replace("\0", ""))
            self._prose.hole(whole)
        else:
            self._plain(start, end)

    def _substitute(self, name: str, whole: Span) -> None:
        plain = _plain_name(name)
        if value := self._names.substitutes.get(plain):
            self._prose.decoded(value, whole)
            return
        if plain not in self._names.substitutes:
            # Sphinx defines such names for the whole site, in its configuration.
            self.includes.append(Include(name, whole))
        self._prose.hole(whole)


class _Place(NamedTuple):
    """Where a stretch of lines stands in the article."""

    containers: tuple[str, ...] = ()
    first: Kind = "paragraph"
    """The kind of its first paragraph."""
    rest: Kind = "paragraph"
    """The kind of the paragraphs after that."""
    level: int = 0
    """How many lists it stands in."""
    rows: int = 0
    """2 in a list-table, 1 in its rows: how many lists are still no lists but rows and cells."""
    depth: int = 0
    zone: Zone = "article"

    def inside(self, *containers: str) -> _Place:
        return self._replace(containers=(*self.containers, *containers), depth=self.depth + 1)


def read(source: str, path: str) -> Document:
    """The article in reStructuredText. Never raises and never reads another file."""
    return _Article(source, path).document()


def _is_blank(line: Line) -> bool:
    return line.start == line.end


def _cut(line: Line, width: int) -> Line:
    """The line without its first `width` characters, a marker and the white space after it."""
    return Line(line.start + width, line.column + width, line.end)


def _trimmed(block: Sequence[Line]) -> list[Line]:
    """The lines without the blank ones before and after."""
    start, end = 0, len(block)
    while start < end and _is_blank(block[start]):
        start += 1
    while end > start and _is_blank(block[end - 1]):
        end -= 1
    return list(block[start:end])


def _hung(first: Line, rest: Sequence[Line]) -> list[Line]:
    """The lines of what begins on the line of its marker, with that first line at the margin of the others."""
    left = _left(rest) if any(not _is_blank(line) for line in rest) else first.column
    return _trimmed([first._replace(column=left), *rest])


def _joined(first: Sequence[Line], second: Sequence[Line]) -> list[Line]:
    """Two stretches of lines with a blank line between them and one margin."""
    if not first or not second:
        return [*first, *second]
    left, shift = _left(second), _left(second) - _left(first)
    gap = Line(second[0].start, left, second[0].start)
    return [*(line._replace(column=line.column + shift) for line in first), gap, *second]


def _left(block: Sequence[Line]) -> int:
    """The column at which the leftmost line begins."""
    return min((line.column for line in block if not _is_blank(line)), default=0)


class _Article:
    """What has been read so far of one article."""

    def __init__(self, source: str, path: str) -> None:
        self._source = source
        self._path = path
        self._blocks: list[Block] = []
        self._metadata: list[Block] = []
        self._fields: list[Field] = []
        self._directives: list[Directive] = []
        self._includes: list[Include] = []
        self._faults: list[Fault] = []
        self._styles: list[str] = []
        """The punctuation of the section titles met so far; its order gives the levels."""
        self._names = _Names()

    def document(self) -> Document:
        front = front_matter(self._source)
        self._metadata += front.blocks
        self._fields += front.fields
        self._directives += front.directives
        self._faults += front.faults
        article = lines(self._source, front.end)
        self._names = _names(self._source, article)
        self._body(article, 0, _Place())
        return Document(
            self._source,
            self._path,
            "rst",
            (*self._metadata, *self._blocks),
            tuple(self._fields),
            tuple(self._directives),
            tuple(self._includes),
            tuple(self._faults),
        )

    def _text(self, line: Line) -> str:
        return self._source[line.start : line.end]

    def _add(self, block: Sequence[Line], kind: Kind, place: _Place, url: str = "") -> None:
        prose = Prose(self._source)
        if url:
            prose.point_link(url)
        self._pour(prose, block)
        level = place.level if kind == "item" else 0
        if added := prose.block(kind, zone=place.zone, level=level, containers=place.containers):
            self._blocks.append(added)

    def _pour(self, prose: Prose, block: Sequence[Line]) -> None:
        inline = _Inline(prose, Passage(self._source, block), self._names)
        inline.pour()
        self._includes += inline.includes

    # ----------------------------------------------------------------------------------------- blocks

    def _body(self, block: Sequence[Line], base: int, place: _Place) -> None:
        """Reads lines whose left margin is at column `base`."""
        if place.depth > DEEPEST:
            self._flat(block, place)
            return
        at, before = 0, len(self._blocks)
        while at < len(block):
            line = block[at]
            if _is_blank(line):
                at += 1
                continue
            here = place
            if place.first != place.rest and len(self._blocks) > before:
                here = place._replace(first=place.rest)
            if line.column > base:
                end = _indented_end(block, at, base)
                self._quote(_trimmed(block[at:end]), here.inside("quote")._replace(first=here.rest))
                at = end
            else:
                at = self._element(block, at, base, here)

    def _quote(self, quote: list[Line], place: _Place) -> None:
        """Reads a block quote; the dashes before the attribution at its end are no prose."""
        left = _left(quote)
        for index in range(len(quote) - 1, 0, -1):
            if _is_blank(quote[index - 1]):
                dashes = _ATTRIBUTION.match(self._text(quote[index]))
                if dashes and quote[index].column == left:
                    self._body(quote[:index], left, place)
                    attribution = [_cut(quote[index], dashes.end()), *quote[index + 1 :]]
                    self._add(attribution, place.rest, place)
                    return
                break
        self._body(quote, left, place)

    def _flat(self, block: Sequence[Line], place: _Place) -> None:
        line = next((line for line in block if not _is_blank(line)), None)
        if line is None:
            return
        if not any(fault.message.startswith("nested") for fault in self._faults):
            message = f"nested more than {DEEPEST} deep; what is deeper was read as plain paragraphs"
            self._faults.append(Fault(message, Span(line.start, line.end)))
        paragraph: list[Line] = []
        for line in [*block, Line(0, 0, 0)]:
            if not _is_blank(line):
                paragraph.append(line)
            elif paragraph:
                self._add(paragraph, place.rest, place)
                paragraph = []

    def _element(self, block: Sequence[Line], at: int, base: int, place: _Place) -> int:
        """Reads what begins at line `at`, which stands at the margin; the index of the line after it."""
        line = block[at]
        text = self._text(line)
        following = block[at + 1] if at + 1 < len(block) else Line(0, 0, 0)
        if marker := _BULLET.match(text):
            return self._item(block, at, base, marker.end(), place)
        if (marker := _ENUMERATOR.match(text)) and self._is_enumerated(following, base, marker["end"]):
            return self._item(block, at, base, marker.end(), place)
        if _FIELD.match(text):
            return self._field(block, at, base, place)
        if (marker := _OPTION.match(text)) and (marker.end() < len(text) or following.column > base):
            end = _indented_end(block, at + 1, base)
            content = _hung(_cut(line, marker.end()), block[at + 1 : end])
            self._body(
                content, _left(content), place.inside("list")._replace(first="item", level=place.level + 1)
            )
            return end
        if text.startswith(">>> ") or text == ">>>":
            return _blank_after(block, at)
        if marker := _LINE_BLOCK.match(text):
            end = at + 1
            while end < len(block) and not _is_blank(block[end]) and block[end].column > base:
                end += 1
            self._add([_cut(line, marker.end()), *block[at + 1 : end]], place.first, place)
            return end
        if _GRID_TOP.match(text):
            return self._grid(block, at, place)
        if _SIMPLE_RULE.match(text) and (end := self._simple_end(block, at)):
            self._simple(block[at:end], place)
            return end
        if marker := _EXPLICIT.match(text):
            return self._explicit(block, at, base, marker.end(), place)
        if _ANONYMOUS.match(text):
            return _blank_after(block, at, base)
        if _PUNCTUATION_LINE.match(text) and text != "::":
            after = block[at + 2] if at + 2 < len(block) else None
            if (
                after
                and not _is_blank(following)
                and self._is_underline(after, text[0])
                and len(self._text(after)) >= len(text)
            ):
                self._heading(following, text[0] * 2, place)
                return at + 3
            if len(text) >= 4:
                return at + 1
        if not _is_blank(following) and following.column <= base:
            under = self._text(following)
            if self._is_underline(following, under[0]) and (len(under) >= 4 or len(under) >= len(text)):
                self._heading(line, under[0], place)
                return at + 2
        if not _is_blank(following) and following.column > base:
            return self._definition(block, at, base, place)
        return self._paragraph(block, at, base, place)

    def _is_underline(self, line: Line, character: str) -> bool:
        text = self._text(line)
        return bool(text) and text[0] == character and bool(_PUNCTUATION_LINE.match(text)) and text != "::"

    def _is_enumerated(self, following: Line, base: int, ending: str | None) -> bool:
        """Whether a line that begins like “2.” is a list item; “C. difficile is ⏎ a germ” is not."""
        if _is_blank(following) or following.column > base:
            return True
        marker = _ENUMERATOR.match(self._text(following))
        return marker is not None and marker["end"] == ending

    def _item(self, block: Sequence[Line], at: int, base: int, width: int, place: _Place) -> int:
        first = _cut(block[at], width)
        margin = base if _is_blank(first) else first.column - 1
        end = _indented_end(block, at + 1, margin)
        content = [first, *block[at + 1 : end]]
        if place.rows:
            kind: Kind = "cell" if place.rows == 1 else "paragraph"
            inner = place._replace(first=kind, rest=kind, rows=place.rows - 1, depth=place.depth + 1)
        else:
            rest: Kind = "paragraph" if place.rest == "item" else place.rest
            inner = place.inside("list")._replace(first="item", rest=rest, level=place.level + 1)
        self._body(content, _left(content) if _is_blank(first) else first.column, inner)
        return end

    def _field(self, block: Sequence[Line], at: int, base: int, place: _Place) -> int:
        line = block[at]
        marker = _FIELD.match(self._text(line))
        assert marker is not None
        end = _indented_end(block, at + 1, base)
        content = _hung(_cut(line, marker.end()), block[at + 1 : end])
        name = marker["name"].lower()
        name_span = Span(line.start + 1, line.start + 1 + len(marker["name"]))
        is_head = place.depth == 0 and all(block.kind == "heading" for block in self._blocks)
        if is_head:
            self._note(name, content, name_span)
        else:
            self._add([Line(name_span.start, line.column + 1, name_span.end)], "term", place)
            self._body(content, _left(content), place._replace(first=place.rest, depth=place.depth + 1))
        return end

    def _note(
        self,
        name: str,
        content: Sequence[Line],
        name_span: Span,
        origin: Literal["front matter", "meta"] = "front matter",
    ) -> None:
        """Notes a field and, where people read its value, its prose."""
        span = Span(content[0].start, content[-1].end) if content else name_span
        value = self._source[span.start : span.end] if content else ""
        self._fields.append(Field(name, value, span, origin))
        kind = metadata_kind(name)
        if name in ("abstract", "dedication"):
            # These stand on the page itself.
            self._body(content, _left(content), _Place())
        elif kind and content:
            prose = Prose(self._source)
            self._pour(prose, content)
            if block := prose.block(kind, zone="metadata"):
                self._metadata.append(block)

    def _heading(self, line: Line, style: str, place: _Place) -> None:
        if style not in self._styles:
            self._styles.append(style)
        prose = Prose(self._source)
        self._pour(prose, [line])
        level = min(self._styles.index(style) + 1, 6)
        if block := prose.block("heading", zone=place.zone, level=level, containers=place.containers):
            self._blocks.append(block)

    def _definition(self, block: Sequence[Line], at: int, base: int, place: _Place) -> int:
        line = block[at]
        text = self._text(line)
        start = 0
        for colon in re.finditer(r"\s+:\s+", text):
            if text.count("`", 0, colon.start()) % 2 == 0:
                classified = Line(line.start + start, line.column + start, line.start + colon.start())
                self._add([classified], "term", place)
                start = colon.end()
        end = _indented_end(block, at + 1, base)
        term = Line(line.start + start, line.column + start, line.end)
        content = _trimmed(block[at + 1 : end])
        if text.endswith("::"):
            # The author forgot a blank line: what follows is meant as code.
            self._add([_without_colons(text, term)], place.first, place)
            return end
        self._add([term], "term", place)
        self._body(content, _left(content), place._replace(first=place.rest, depth=place.depth + 1))
        return end

    def _paragraph(self, block: Sequence[Line], at: int, base: int, place: _Place) -> int:
        end = at + 1
        while end < len(block) and not _is_blank(block[end]) and block[end].column <= base:
            end += 1
        paragraph = list(block[at:end])
        text = self._text(paragraph[-1])
        is_before_code = text.endswith("::")
        if is_before_code:
            paragraph[-1] = _without_colons(text, paragraph[-1])
        self._add(paragraph, place.first, place)
        return self._literal_end(block, end, base) if is_before_code else end

    def _literal_end(self, block: Sequence[Line], at: int, base: int) -> int:
        """The line after the literal block that a paragraph with `::` at its end announces."""
        while at < len(block) and _is_blank(block[at]):
            at += 1
        if at == len(block):
            return at
        if block[at].column > base:
            return _indented_end(block, at, base)
        mark = self._source[block[at].start]
        if re.match(r"[!-/:-@\[-`{-~]", mark):
            while at < len(block) and not _is_blank(block[at]) and self._source[block[at].start] == mark:
                at += 1
        return at

    # ---------------------------------------------------------------------------------------- tables

    def _grid(self, block: Sequence[Line], at: int, place: _Place) -> int:
        end = at
        while end < len(block) and not _is_blank(block[end]) and self._source[block[end].start] in "+|":
            end += 1
        rows = block[at:end]
        left = rows[0].column
        corners = sorted(
            {
                row.column - left + index
                for row in rows
                if self._source[row.start] == "+"
                for index, character in enumerate(self._text(row))
                if character == "+"
            }
        )
        # The cells that are open, by the column at which they begin.
        cells: dict[int, list[Line]] = {}
        for row in rows:
            text = self._text(row)
            shift = row.column - left
            within = corners[bisect_left(corners, shift) : bisect_left(corners, shift + len(text))]
            edges = [corner for corner in within if text[corner - shift] in "+|"]
            for start, stop in pairwise(edges):
                piece = text[start - shift + 1 : stop - shift]
                if text[start - shift] == text[stop - shift] == "+" and _GRID_RULE.match(piece):
                    for corner in within[bisect_left(within, start) : bisect_left(within, stop)]:
                        self._cell(cells.pop(corner, ()), place)
                else:
                    part = _slice(self._source, row, start - shift + 1, stop - shift)
                    cells.setdefault(start, []).append(part)
        for cell in cells.values():
            self._cell(cell, place)
        return end

    def _cell(self, cell: Sequence[Line], place: _Place) -> None:
        content = _trimmed(cell)
        inner = place.inside("table")._replace(first="cell", rest="cell")
        self._body(content, _left(content), inner)

    def _simple_end(self, block: Sequence[Line], at: int) -> int:
        """The line after a simple table: its third rule, or one with a blank line after it; 0 for no table."""
        rules = 1
        for index in range(at + 1, len(block)):
            text = self._text(block[index])
            if _SIMPLE_RULE.match(text) and block[index].column == block[at].column:
                rules += 1
                if rules == 3 or index + 1 == len(block) or _is_blank(block[index + 1]):
                    return index + 1
        return 0

    def _simple(self, table: Sequence[Line], place: _Place) -> None:
        left = table[0].column
        columns = _columns(self._text(table[0]))
        row: list[Line] = []
        for line in table[1:]:
            text = self._text(line)
            if _SIMPLE_RULE.match(text):
                self._row(row, left, columns, place)
                row = []
            elif _SIMPLE_SPANS.match(text) and line.column == left and row and len(text) > 1:
                self._row(row, left, _columns(text), place)
                row = []
            elif not _is_blank(line) and line.column - left < columns[0][1] and row:
                # Text in the first column begins a row; without any, the row goes on.
                self._row(row, left, columns, place)
                row = [line]
            else:
                row.append(line)
        self._row(row, left, columns, place)

    def _row(self, row: Sequence[Line], left: int, columns: Sequence[tuple[int, int]], place: _Place) -> None:
        cells: dict[int, list[Line]] = {}
        for line in row:
            shift = line.column - left
            width = line.end - line.start
            for start, stop in columns:
                if start - shift >= width:
                    break
                part = _slice(self._source, line, max(0, start - shift), max(0, stop - shift))
                cells.setdefault(start, []).append(part)
        for _, cell in sorted(cells.items()):
            self._cell(cell, place)

    def _csv(self, content: Sequence[Line], place: _Place) -> None:
        passage = Passage(self._source, content)
        at = 0
        inner = place.inside("table")._replace(first="cell", rest="cell")
        while at < len(passage.text) and (cell := _CSV_CELL.match(passage.text, at)):
            group = "quoted" if cell["quoted"] is not None else "bare"
            start = cell.start(group)
            found = []
            for piece in cell[group].split("\n"):
                lead = len(piece) - len(piece.lstrip())
                stripped = piece.strip()
                if stripped:
                    span = passage.span(start + lead, start + lead + len(stripped))
                    found.append(Line(span.start, 0, span.end))
                start += len(piece) + 1
            if found:
                self._add(found, "cell", inner)
            at = max(cell.end(), at + 1)

    # ------------------------------------------------------------------------------- explicit markup

    def _explicit(self, block: Sequence[Line], at: int, base: int, width: int, place: _Place) -> int:
        first = _cut(block[at], width)
        if _is_blank(first) and (at + 1 == len(block) or _is_blank(block[at + 1])):
            return at + 1
        end = _indented_end(block, at + 1, base)
        rest = block[at + 1 : end]
        text = self._text(first)
        if found := _FOOTNOTE.match(text):
            content = _hung(_cut(first, found.end()), rest)
            self._body(
                content, _left(content), place.inside("footnote")._replace(first="footnote", rest="footnote")
            )
        elif _TARGET.match(text):
            return _blank_after(block, at, base)
        elif found := _SUBSTITUTION.match(text):
            name = found["directive"].lower()
            if name == "image" or not self._names.substitutes.get(_plain_name(found["name"])):
                self._directive(name, _cut(first, found.end()), rest, place)
        elif found := _DIRECTIVE.match(text):
            self._directive(found["name"].lower(), _cut(first, found.end()), rest, place)
        else:
            self._comment([first, *rest], place)
        return end

    def _comment(self, comment: Sequence[Line], place: _Place) -> None:
        content = _trimmed(comment)
        if not content:
            return
        start, end = content[0].start, content[-1].end
        if found := directive(self._source[start:end], start):
            self._directives.append(found)
            return
        if place.depth or self._blocks or len(content) > 1:
            return
        # Nikola keeps an article's metadata in comments at its top.
        if meta := _META_COMMENT.match(self._text(content[0])):
            value = [_cut(content[0], meta.start("value"))] if meta["value"] else []
            self._note(meta["name"], value, Span(start, start + len(meta["name"])))

    def _directive(self, name: str, first: Line, rest: Sequence[Line], place: _Place) -> None:
        """Reads a directive: its argument, its options, its content."""
        argument, options, content = self._parts(first, rest)
        if name == "include":
            if argument:
                span = Span(argument[0].start, argument[0].end)
                self._includes.append(Include(self._text(argument[0]), span))
            return
        if name == "meta":
            for option, value, span in self._options([*options, *content]):
                self._note(_meta_name(option), value, span, "meta")
            return
        if name in ("sectionauthor", "codeauthor", "title", "author"):
            key = "title" if name == "title" else "author"
            self._note(key, argument, Span(first.start, first.end))
            return
        if name == "post":
            if argument:
                self._note("date", argument, Span(first.start, first.end))
            for option, value, span in self._options(options):
                self._note(option, value, span)
        if name == "default-role":
            self._names.roles[""] = self._text(argument[0]).lower() if argument else ""
        if name in _HIDDEN:
            return
        if name in _ASIDES:
            place = place.inside("aside")
        elif name in _QUOTES:
            place = place.inside("quote")
        elif name == "figure":
            place = place.inside("figure")._replace(first="caption")
        elif name in ("header", "footer"):
            place = place.inside(name)._replace(zone="chrome")
        else:
            place = place._replace(depth=place.depth + 1)
        if name != "figure":
            place = place._replace(first=place.rest)
        if name in _CONTENT or (
            argument and argument[0].start != first.start and name not in _UNREAD_ARGUMENT
        ):
            content, argument = _joined(argument, content), []
        if name in ("versionadded", "versionchanged", "deprecated", "versionremoved") and argument:
            text = self._text(argument[0])
            version = re.match(r"\S+\s*", text)
            argument[0] = _cut(argument[0], version.end() if version else 0)
            self._add([line for line in argument if not _is_blank(line)], place.rest, place)
        elif argument and name not in _UNREAD_ARGUMENT and ":" not in name:
            if name in ("table", "csv-table", "list-table", "flat-table"):
                self._add(argument, "caption", place.inside("table"))
            elif (
                name in _ASIDES
                or len(argument) > 1
                or " " in self._text(argument[0])
                or name.startswith(("tab", "card"))
            ):
                self._add(argument, place.rest, place)
        url = self._text(argument[0]) if argument and name in ("image", "figure") else ""
        for option, value, _ in self._options(options):
            if option in _OPTION_KINDS and value:
                self._add(value, _OPTION_KINDS[option], place, url if option == "alt" else "")
            elif option == "header" and name == "csv-table":
                self._csv(value, place)
        if name == "csv-table":
            self._csv(_trimmed(content), place)
        elif name in ("list-table", "flat-table"):
            self._body(content, _left(content), place.inside("table")._replace(rows=2))
        elif name != "image":
            self._body(content, _left(content), place)

    def _parts(self, first: Line, rest: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
        """The argument, option and content lines of a directive."""
        at = 0
        while at < len(rest) and not _is_blank(rest[at]):
            at += 1
        head = _hung(first, rest[:at])
        content = _trimmed(rest[at:])
        for index, line in enumerate(head):
            if line.start != first.start and _FIELD.match(self._text(line)):
                return head[:index], head[index:], content
        return head, [], content

    def _options(self, options: Sequence[Line]) -> Iterator[tuple[str, list[Line], Span]]:
        """The name, the value's lines and the name's place of each `:option:`."""
        margin = _left(options)
        at = 0
        while at < len(options):
            line = options[at]
            at += 1
            marker = _FIELD.match(self._text(line))
            if not marker:
                continue
            value = [_cut(line, marker.end())]
            while at < len(options) and (_is_blank(options[at]) or options[at].column > margin):
                value.append(options[at])
                at += 1
            name = marker["name"].lower()
            yield name, _trimmed(value), Span(line.start + 1, line.start + 1 + len(marker["name"]))


def _end(text: str, what: str, at: int) -> re.Match[str] | None:
    """The mark that ends the inline markup `what`, looked for from `at` on."""
    while mark := _ENDS[what].search(text, at):
        if mark.end() >= len(text) or _may_follow(text[mark.end()]):
            return mark
        at = mark.start() + 1
    return None


def _plain_name(name: str) -> str:
    """A reference name as docutils compares them: lower case, white space joined."""
    return " ".join(name.replace("\\", "").replace("\0", "").lower().split())


def _meta_name(option: str) -> str:
    r"""The name in a field of the meta directive: `description lang=en`, `property=og\:title`."""
    name = option.replace("\\", "").split()[0]
    return name.partition("=")[2] or name


def _without_colons(text: str, line: Line) -> Line:
    """The line without the `::` at its end, or with one colon left where it ends a word."""
    kept = text[:-2].rstrip() if text[:-2] != text[:-2].rstrip() or text == "::" else text[:-1]
    return Line(line.start, line.column, line.end - len(text) + len(kept))


def _indented_end(block: Sequence[Line], at: int, margin: int) -> int:
    """The line after those from `at` on that are blank or begin right of `margin`; blank ones at the end go."""
    end = at
    while at < len(block) and (_is_blank(block[at]) or block[at].column > margin):
        at += 1
        if not _is_blank(block[at - 1]):
            end = at
    return end


def _blank_after(block: Sequence[Line], at: int, margin: int | None = None) -> int:
    """The next blank line after `at`, or, given a margin, the next that is not right of it."""
    at += 1
    while at < len(block) and not _is_blank(block[at]) and (margin is None or block[at].column > margin):
        at += 1
    return at


def _columns(rule: str) -> list[tuple[int, int]]:
    """Where the columns of a simple table begin and end; the last one has no end."""
    starts = [piece.start() for piece in re.finditer(r"\S+", rule)]
    return list(pairwise([*starts, sys.maxsize]))


def _slice(source: str, line: Line, start: int, stop: int) -> Line:
    """The part of a line from its character `start` to `stop`, without the white space around it."""
    begin, end = min(line.start + start, line.end), min(max(line.start + stop, line.start), line.end)
    while begin < end and source[begin].isspace():
        begin += 1
    while end > begin and source[end - 1].isspace():
        end -= 1
    return Line(begin, line.column + begin - line.start, max(begin, end))
