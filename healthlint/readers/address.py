"""Addresses that stand bare in running text: of the web, of papers (DOIs), of e-mail."""

from __future__ import annotations

import re
from collections import deque
from typing import NamedTuple

from healthlint.document import HOLE

_LONGEST_BEFORE = 75
"""How far before its sign an address can begin: `mailto:` and a name of 64 characters, and some."""

_CHARACTER = rf"[^\s<>\"“”`|\[\]{{}}\\{HOLE}]"
# A back-slash may stand where Markdown would take the character after it for markup.
_BODY = rf"{_CHARACTER}+(?:\\[-_*~.&#]{_CHARACTER}*)*"
_AFTER_ADDRESS = ".,;:!?'*_~\\…’”"


class Address(NamedTuple):
    """A bare address."""

    start: int
    end: int
    """Before the punctuation that belongs to the sentence."""
    url: str
    """As written, but "https://doi.org/10.…" for a DOI and "mailto:…" for e-mail."""


class _Form(NamedTuple):
    """How addresses of one sort are told."""

    sign: str
    """What none of them is without; to search for this is quick."""
    before: re.Pattern[str]
    """What of an address stands before its sign; what its link needs of that is `name`."""
    after: re.Pattern[str]
    """What of it stands from the sign on."""
    scheme: str = ""
    """What its link has before that."""


# A NUL is the back-slash of reST: what it stands before is no address.
_FORMS = (
    _Form(
        "://",
        re.compile(r"(?<![\w/@.\0-])(?P<name>https?|ftp)\Z", re.IGNORECASE),
        re.compile("://" + _BODY),
    ),
    _Form(
        "ww.",
        re.compile(r"(?<![\w@.\0-])(?P<name>w)\Z", re.IGNORECASE),
        re.compile(r"ww\.(?=[\w-]+\.)" + _BODY),
    ),
    _Form(
        "10.",
        re.compile(r"(?:(?<![\w\0])doi:\s?|(?<![\w/.\0]))(?P<name>)\Z", re.IGNORECASE),
        re.compile(r"10\.\d{4,9}/" + _BODY),
        "https://doi.org/",
    ),
    _Form(
        "@",
        re.compile(r"(?<![\w.+\0-])(?:mailto:)?(?P<name>[\w.+-]{1,64})\Z", re.IGNORECASE),
        re.compile(r"@[\w-]+(?:\.[\w-]+)+"),
        "mailto:",
    ),
)
_SIGN = re.compile("|".join(re.escape(form.sign) for form in _FORMS))
"""Most stretches of text have no sign at all."""


def addresses(text: str, start: int = 0, end: int | None = None) -> list[Address]:
    """The bare addresses in `text[start:end]`, in order, none inside another."""
    stop = len(text) if end is None else end
    found: list[Address] = []
    if not _SIGN.search(text, start, stop):
        return found
    for form in _FORMS:
        at = text.find(form.sign, start, stop)
        while at >= 0:
            before = form.before.search(text, max(start, at - _LONGEST_BEFORE), at)
            after = form.after.match(text, at, stop) if before else None
            if before and after:
                written = _without_end_of_sentence(text[before.start() : after.end()])
                close = before.start() + len(written)
                url = form.scheme + text[before.start("name") : close].replace("\\", "")
                found.append(Address(before.start(), close, url))
            at = text.find(form.sign, after.end() if after else at + len(form.sign), stop)
    apart: list[Address] = []
    for address in sorted(found):
        if not apart or address.start >= apart[-1].end:
            apart.append(address)
    return apart


def _without_end_of_sentence(written: str) -> str:
    written = written.rstrip(_AFTER_ADDRESS)
    depth = 0
    for at, character in enumerate(written):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return written[:at].rstrip(_AFTER_ADDRESS)
    return written


class Marks:
    """The marks of inline markup and the bare addresses of a text, to be asked for from left to right."""

    def __init__(self, mark: re.Pattern[str], text: str) -> None:
        self._pattern = mark
        self._text = text
        self._mark = mark.search(text)
        self._addresses = deque(addresses(text))

    def next(self, at: int) -> re.Match[str] | Address | None:
        """The first that begins at `text[at]` or behind it, no mark that begins in an address before it."""
        while self._addresses and self._addresses[0].start < at:
            self._addresses.popleft()
        if self._mark and self._mark.start() < at:
            self._mark = self._pattern.search(self._text, at)
        if self._addresses and (not self._mark or self._addresses[0].start <= self._mark.start()):
            return self._addresses[0]
        return self._mark
