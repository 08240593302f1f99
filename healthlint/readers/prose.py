"""Prose as a reader builds it: literal source text, decoded pieces and holes become the runs of a block."""

from __future__ import annotations

import re

from healthlint.document import HOLE, Block, Disguise, Kind, Link, Run, Zone
from healthlint.readers.disguise import Note, Sign, unmasked
from healthlint.span import Span

_FOLDED = {
    **dict.fromkeys("‘’‚‛ʼ′＇", "'"),
    **dict.fromkeys("“”„‟″＂", '"'),
    **dict.fromkeys("‐‑﹣－", "-"),
    **dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
        " ",
    ),
}
FOLDS = str.maketrans(_FOLDED)
"""One character for one: typographic quotes, hyphens and spaces as their ASCII forms."""

# Characters that a reader of the page cannot see. They are dropped, so that they cannot hide a claim.
_INVISIBLE = "\x00\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
MASK = "\u2065"
"""Overwrites what is nothing at all to a reader, not even a gap in a word; no character, and no disguise."""
# A single plain space needs no care and stays inside its run.
_PIECE = re.compile(rf"[{_INVISIBLE}]+|{HOLE}+|(?: (?=[\s{_INVISIBLE}])|[^\S ])[\s{_INVISIBLE}]*")
# Tag characters and the rarer variation selectors spell out whole texts; the flags of countries in a country are
# written with them too.
_UNSEEN_TEXT = re.compile("[\U000e0020-\U000e007e\U000e0100-\U000e01ef]{3,}")
_FLAG = "\U0001f3f4"
_NOT_SEEN = re.compile(f"[{_INVISIBLE}]")
_SPACES = re.compile(r"\s+")
_TURNED, _TURNED_END = "\u202e", "\u202c"
_LONGEST_TURNED = 1_000
_LATIN = re.compile("[A-Za-z]")
_IMAGE = re.compile(r"!\[|<(?!https?:|ftp:)", re.IGNORECASE)


class Prose:
    """The runs of one block while a reader is building it; `block` closes it and starts afresh.

    Spans given to it never run backwards. White space, however it is spelt, becomes one space; a block
    neither begins nor ends with one.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._runs: list[Run] = []
        self._length = 0
        self._links: list[Link] = []
        self._open_links: list[tuple[int, str]] = []
        self._notes: list[Note] = []
        self._disguises: list[Disguise] = []

    def __bool__(self) -> bool:
        """True when something other than white space has been added."""
        return bool(self._runs)

    def literal(self, start: int, end: int) -> None:
        """Add the source characters from `start` to `end` as they stand (folded, white space joined)."""
        at = start
        while piece := _PIECE.search(self._source, at, end):
            if piece.start() > at:
                self._add(self._source[at : piece.start()].translate(FOLDS), Span(at, piece.start()))
            at = piece.end()
            first = self._source[piece.start()]
            if first == HOLE:
                self.hole(Span(*piece.span()))
            elif first.isspace():
                turned = piece[0].find(_TURNED)
                self.space(Span(piece.start(), piece.start() + turned if turned > 0 else piece.end()))
                if not piece[0].isspace():
                    self._unseen(piece[0], piece.start())
            else:
                self._unseen(piece[0], piece.start())
            if _TURNED in piece[0]:
                at = self._turned(piece.start() + piece[0].index(_TURNED), at, end)
        if at < end:
            self._add(self._source[at:end].translate(FOLDS), Span(at, end))

    def decoded(self, text: str, span: Span) -> None:
        """Add `text` for the source at `span`: an entity, an escape, a string with escapes in it."""
        visible = _SPACES.sub(" ", _NOT_SEEN.sub("", text).translate(FOLDS))
        if visible == " ":
            self.space(span)
        elif visible:
            if len(visible) == 1 and visible.isalpha() and self._source.startswith("&#", span.start):
                self._note("reference")
            self._add_instead(visible, span)
        else:
            self._unseen(text, span.start)

    def _unseen(self, text: str, start: int) -> None:
        """Take note of characters that nobody sees; `start` is where they stand in the source."""
        if text.strip(MASK):
            self._note("unseen" if text.strip("\u00ad") else "soft hyphen")
            is_flag = self._source[start - 1 : start] == _FLAG
            for found in _UNSEEN_TEXT.finditer(text) if len(text) > 2 and not is_flag else ():
                told = "".join(chr(ord(each) - 0xE0000) for each in found[0] if each < "\U000e0100")
                place = Span(start + found.start(), start + found.end())
                self._disguises.append(Disguise(told, place, "characters that nobody sees"))

    def _note(self, sign: Sign) -> None:
        self._notes.append(Note(self._length, sign))

    def _turned(self, start: int, at: int, end: int) -> int:
        """Add what is shown from right to left, from the mark at `start` to its end, as people read it."""
        end = min(end, at + _LONGEST_TURNED)
        stop = self._source.find(_TURNED_END, at, end) + 1 or end
        text = _NOT_SEEN.sub("", self._source[at:stop])
        if not _LATIN.search(text):
            return at
        self._note("backwards")
        self._add(" ".join(text[::-1].split()).translate(FOLDS), Span(start, stop))
        return stop

    def space(self, span: Span) -> None:
        """Add white space for the source at `span`: a line break, `<br>`, indentation."""
        if self._runs and not self._runs[-1].text.endswith(" "):
            self._add(" ", span)

    def hole(self, span: Span) -> None:
        """Add a hole for the source at `span`: inline code, an expression, an inline image."""
        if self._runs and self._runs[-1].text == HOLE and self._runs[-1].span.end == span.start:
            self._runs[-1] = Run(HOLE, Span(self._runs[-1].span.start, span.end))
        else:
            self._add(HOLE, span)

    def open_link(self, url: str) -> None:
        """What is added from here to the matching `close_link` is the text of a link to `url`."""
        self._open_links.append((self._length, url))

    def close_link(self) -> None:
        """End the innermost open link; without one, nothing happens."""
        if self._open_links:
            start, url = self._open_links.pop()
            self._links.append(Link(start, self._length, url))

    def address(self, url: str, span: Span) -> None:
        """Add a bare address for the source at `span`: a hole that is a link."""
        self.open_link(url)
        self.hole(span)
        self.close_link()

    def point_link(self, url: str) -> None:
        """Note a link without text of its own at this place: an image source, a footnote reference."""
        self._links.append(Link(self._length, self._length, url))

    def block(
        self,
        kind: Kind,
        *,
        zone: Zone = "article",
        level: int = 0,
        containers: tuple[str, ...] = (),
    ) -> Block | None:
        """The block built so far, or None when it holds neither prose nor an address (only white space or holes).

        Links that are still open are closed here and opened again in the next block.
        """
        still_open = [url for _, url in self._open_links]
        while self._open_links:
            self.close_link()
        if self._runs and self._runs[-1].text.endswith(" "):
            last = self._runs.pop()
            if cut := last.text.rstrip(" "):
                if len(last.text) == last.span.end - last.span.start:
                    self._add(cut, Span(last.span.start, last.span.start + len(cut)))
                else:
                    self._add_instead(cut, last.span)
        runs, links, disguises = unmasked(tuple(self._runs), tuple(self._links), self._notes)
        disguises = tuple(sorted((*self._disguises, *disguises), key=lambda disguise: disguise.span))
        self._runs, self._links, self._length, self._notes, self._disguises = [], [], 0, [], []
        for url in still_open:
            self.open_link(url)
        has_prose = any(character not in f" {HOLE}" for run in runs for character in run.text)
        if not has_prose and not self._is_address(runs, links):
            return None
        length = sum(len(run.text) for run in runs)
        return Block(
            kind,
            runs,
            zone,
            level,
            containers,
            tuple(Link(min(link.start, length), min(link.end, length), link.url) for link in links),
            disguises,
        )

    def _is_address(self, runs: tuple[Run, ...], links: tuple[Link, ...]) -> bool:
        """Whether holes are all there is, and a link stands over one that is no image."""
        return any(link.end > link.start and "://" in link.url for link in links) and not all(
            _IMAGE.match(self._source, run.span.start) for run in runs if run.text == HOLE
        )

    def _add_instead(self, text: str, span: Span) -> None:
        """Add what stands for the source at `span`."""
        if 2 < len(text) == span.end - span.start and text != self._source[slice(*span)]:
            # As long as what it stands for, it would be taken to be that, character by character.
            self._add(text[:-1], Span(span.start, span.start + 1))
            self._add(text[-1], Span(span.start + 1, span.end))
        else:
            self._add(text, span)

    def _add(self, text: str, span: Span) -> None:
        if text.startswith(" ") and (not self._runs or self._runs[-1].text.endswith(" ")):
            stripped = text.lstrip(" ")
            if not stripped:
                return
            if len(text) == span.end - span.start:
                span = Span(span.end - len(stripped), span.end)
            text = stripped
        self._runs.append(Run(text, span))
        self._length += len(text)
