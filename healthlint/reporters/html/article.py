"""Articles as the page shows them: their text in pieces, and each finding beside the words it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from healthlint.document import HOLE, Block, Document
from healthlint.report import Checked, Report
from healthlint.rule import SEVERITIES
from healthlint.span import Span
from healthlint.violation import Evidence, Suppression, Violation

State = Literal["new", "known", "suppressed", "excused"]
"""What became of a violation: reported, in the baseline, let stand by its author, excused by its context."""

WHOLE_UP_TO = 1_000
"""Articles; in a report of more, only what stands around the findings is shown: browsers have limits."""

_NEXT_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_NEXT_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)


class Finding(NamedTuple):
    """A violation on the page."""

    violation: Violation
    state: State
    suppression: Suppression | None = None
    """What let it stand; None unless it is "suppressed"."""
    contexts: tuple[Evidence, ...] = ()
    """What excuses it; empty unless it is "excused"."""
    id: str = ""
    """Of its note, one on the page: "f12"."""
    number: int = 0
    """In its article, from 1."""

    @property
    def tone(self) -> str:
        """How grave it looks: its severity, or its state when it is not new."""
        return self.violation.severity if self.state == "new" else self.state


class Spot(NamedTuple):
    """Where a finding stands in the text of one block."""

    block: int
    """The number of the block, from 0."""
    start: int
    end: int
    """Offsets into the block's text, half-open."""


class Piece(NamedTuple):
    """A stretch of a block's text that the same findings are about."""

    text: str
    findings: tuple[Finding, ...]
    """The shortest first; empty for text in which nothing was found."""
    closed: tuple[Finding, ...]
    """Those whose words end here."""


class Text(NamedTuple):
    """A block as the page shows it."""

    block: Block
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]
    """Those that begin here: their notes stand beside it."""
    row: int
    """Cells that follow one another in one row of a table share it."""

    @property
    def is_quoted(self) -> bool:
        """Whether it stands in a quotation."""
        return "quote" in self.block.containers


class Article(NamedTuple):
    """An article on the page."""

    id: str
    path: str
    folder: str
    """"." for the one in which the run began."""
    title: str
    checked: Checked | None
    """None when the report does not say under what it was checked."""
    findings: tuple[Finding, ...]
    about: tuple[Finding, ...]
    """Those about the article as a whole, and those whose words cannot be shown."""
    texts: tuple[Text, ...]
    """Empty when the report did not keep the article."""
    is_whole: bool
    """Whether `texts` is all of the article; otherwise the blocks with findings and their neighbours."""

    @property
    def standing(self) -> list[Finding]:
        """What there is to do, now or later."""
        return [finding for finding in self.findings if finding.state in ("new", "known")]

    @property
    def fresh(self) -> list[Finding]:
        """What the baseline does not have."""
        return [finding for finding in self.findings if finding.state == "new"]


def articles_of(report: Report) -> list[Article]:
    """The articles of `report`, by folder and path, each with its findings as a reader meets them."""
    checked = {each.path: each for each in report.checked}
    found: dict[str, list[Finding]] = {path: [] for path in checked}
    for finding in _findings(report):
        found.setdefault(finding.violation.path, []).append(finding)
    ids = count(1)
    is_whole = len(found) <= WHOLE_UP_TO
    return [
        _article(f"a{number}", path, checked.get(path), found[path], ids, is_whole=is_whole)
        for number, path in enumerate(sorted(found, key=lambda path: (_folder(path), path)), 1)
    ]


def _findings(report: Report) -> Iterator[Finding]:
    yield from (Finding(each, "new") for each in report.violations)
    yield from (Finding(each, "known") for each in report.known)
    yield from (Finding(each.violation, "suppressed", each.suppression) for each in report.suppressed)
    yield from (Finding(each.violation, "excused", contexts=each.contexts) for each in report.excused or ())


def _folder(path: str) -> str:
    return PurePosixPath(path).parent.as_posix()


def _article(
    id: str,
    path: str,
    checked: Checked | None,
    found: Sequence[Finding],
    ids: Iterator[int],
    *,
    is_whole: bool,
) -> Article:
    document = checked.document if checked else None
    blocks = [block for block in document.blocks if block.runs] if document else []
    placed = sorted(
        ((_spots(blocks, each.violation), each) for each in found),
        key=_order,
    )
    findings: list[Finding] = []
    about: list[Finding] = []
    beside: dict[int, list[Finding]] = {}
    marks: dict[int, list[tuple[Spot, Finding]]] = {}
    for number, (spots, each) in enumerate(placed, 1):
        finding = each._replace(id=f"f{next(ids)}", number=number)
        findings.append(finding)
        (beside.setdefault(spots[0].block, []) if spots else about).append(finding)
        for spot in spots:
            marks.setdefault(spot.block, []).append((spot, finding))
    texts = [
        Text(block, tuple(pieces(block.text, marks.get(number, ()))), tuple(beside.get(number, ())), row)
        for number, (block, row) in enumerate(zip(blocks, _rows(document, blocks), strict=True))
        if is_whole or not marks.keys().isdisjoint((number - 1, number, number + 1))
    ]
    return Article(
        id,
        path,
        _folder(path),
        _title(path, blocks),
        checked,
        tuple(findings),
        tuple(about),
        tuple(texts),
        is_whole,
    )


def _order(placed: tuple[list[Spot], Finding]) -> tuple[object, ...]:
    """What is about the article as a whole comes first, the graver before the milder."""
    spots, finding = placed
    return spots[:1], not spots and -SEVERITIES.index(finding.violation.severity), finding.violation.order


def _title(path: str, blocks: Sequence[Block]) -> str:
    titles = sorted((block for block in blocks if block.kind in ("title", "heading")), key=_rank)
    return next((block.text for block in titles if block.text.strip(HOLE + " ")), PurePosixPath(path).name)


def _rank(block: Block) -> tuple[bool, bool]:
    return block.kind != "title", block.zone != "article"


# --- places --------------------------------------------------------------------------------------------


def _spots(blocks: Sequence[Block], violation: Violation) -> list[Spot]:
    """Where `violation` stands in the text of `blocks`; nowhere when it is about the article as a whole."""
    if not violation.sentence:
        return []
    return [
        Spot(number, *place)
        for number, block in enumerate(blocks)
        if block.span.start < violation.span.end
        and violation.span.start < block.span.end
        and (place := text_span(block, violation.span))
    ]


def text_span(block: Block, span: Span) -> Span | None:
    """Where in `block.text` stands what is at `span` in the source: `Block.source_span` the other way round.

    None when none of the block's prose comes from there. What stands for an image is not prose: the words of
    its `alt` are a block of their own.
    """
    found: list[int] = []
    at = 0
    for text, source in block.runs:
        if text != HOLE and source.start < span.end and span.start < source.end:
            exact = len(text) == source.end - source.start
            found.append(at + max(0, span.start - source.start) if exact else at)
            found.append(at + min(len(text), span.end - source.start) if exact else at + len(text))
        at += len(text)
    return Span(min(found), max(found)) if found and min(found) < max(found) else None


def pieces(text: str, marks: Sequence[tuple[Spot, Finding]]) -> Iterator[Piece]:
    """`text` cut wherever a mark begins or ends; marks may overlap and lie inside one another."""
    edges = {0, len(text), *(edge for spot, _ in marks for edge in (spot.start, spot.end))}
    for start, end in pairwise(sorted(edges)):
        here = sorted(
            ((spot, finding) for spot, finding in marks if spot.start <= start and end <= spot.end),
            key=lambda mark: (mark[0].end - mark[0].start, mark[1].number),
        )
        yield Piece(
            text[start:end],
            tuple(finding for _, finding in here),
            tuple(finding for spot, finding in here if spot.end == end),
        )


def _rows(document: Document | None, blocks: Sequence[Block]) -> Iterator[int]:
    """For each of `blocks`, a number that only cells of the same row of a table share."""
    row = 0
    before: Block | None = None
    for block in blocks:
        if document and before and before.kind == block.kind == "cell":
            between = document.source[before.span.end : block.span.start]
            row += bool(_NEXT_ROW.search(between) or ("\n" in between and not _NEXT_CELL.search(between)))
        else:
            row += 1
        yield row
        before = block
