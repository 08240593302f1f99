"""The inline markup of reST: emphasis, code, links, roles, substitutions."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from healthlint.document import Include
from healthlint.readers.address import Address, Marks, addresses
from healthlint.readers.line import Passage
from healthlint.readers.prose import Prose
from healthlint.readers.rst.form import NAME
from healthlint.readers.rst.name import Names, plain_name
from healthlint.span import Span

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
# The look ahead spares most characters the trial of every alternative.
_START = re.compile(
    rf"(?=[*`_|:\[])(?:(?P<strong>\*\*(?=\S))|(?P<emphasis>\*(?=[^\s*]))|(?P<literal>``(?=\S))|(?P<target>_`(?=[^\s`]))"
    rf"|(?P<substitution>\|(?=[^\s|]))|:(?P<role>[a-zA-Z][\w.+:-]{{0,60}}):`(?=[^\s`])|(?P<interpreted>`(?=[^\s`]))"
    rf"|(?P<footnote>\[(?:\d{{1,9}}|\#(?:{NAME})?|\*|{NAME})\]_)|(?<=\w)(?P<reference>__?)(?![\w`]))"
)
_ENDS = {
    "strong": re.compile(r"(?<![\s\0])\*\*"),
    "emphasis": re.compile(r"(?<![\s\0])\*"),
    "literal": re.compile(r"(?<!\s)``"),
    "target": re.compile(r"(?<![\s\0])`"),
    "substitution": re.compile(r"(?<![\s\0])\|_{0,2}"),
    # An escaped space may stand before the end of interpreted text.
    "interpreted": re.compile(rf"(?<!(?<!\0)[\s\0])`(?::(?P<role>{NAME}):)?(?P<refers>__?)?"),
}
_SIMPLE_NAME = re.compile(rf"{NAME}\Z")
_EMBEDDED = re.compile(r"(?:(?<=\s)|\A)<((?:[^<>\0]|\0.)+)>\Z", re.DOTALL)


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


class Inline:
    """The inline markup of one passage, read into a `Prose`."""

    def __init__(self, prose: Prose, passage: Passage, names: Names) -> None:
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
        marks = Marks(_START, text)
        at = poured = 0
        while start := marks.next(at):
            if isinstance(start, Address):
                # No mark inside an address is markup.
                self._plain(poured, start.end)
                poured = at = start.end
                continue
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
        """Adds text without markup; the addresses in it are holes."""
        for address in addresses(self._text, start, end):
            self._unescaped(start, address.start)
            self._prose.address(address.url.replace("\0", ""), self._passage.span(address.start, address.end))
            start = address.end
        self._unescaped(start, end)

    def _unescaped(self, start: int, end: int) -> None:
        """Adds text in which an escaped space is no space and any other escaped character is itself."""
        while start < end:
            stop = self._text.find("\0", start, end)
            stop = end if stop < 0 else stop
            self._passage.pour(self._prose, start, stop)
            start = stop + (2 if self._text[stop + 1 : stop + 2].isspace() else 1)

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
        plain = plain_name(name)
        if value := self._names.substitutes.get(plain):
            self._prose.decoded(value, whole)
            return
        if plain not in self._names.substitutes:
            # Sphinx defines such names for the whole site, in its configuration.
            self.includes.append(Include(name, whole))
        self._prose.hole(whole)


def _end(text: str, what: str, at: int) -> re.Match[str] | None:
    """The mark that ends the inline markup `what`, looked for from `at` on."""
    while mark := _ENDS[what].search(text, at):
        if mark.end() >= len(text) or _may_follow(text[mark.end()]):
            return mark
        at = mark.start() + 1
    return None
