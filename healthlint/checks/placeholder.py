"""Places where an article promises a source and gives none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from healthlint.checks import CheckSettings
from healthlint.checks.references import entries, host, reference_list_length
from healthlint.document import Block, Link
from healthlint.page import Page
from healthlint.rule import Match

_WORD = r"(?:citations?|sources?|references?|refs?|cites?|links?|stud(?:y|ies)|evidence)"
_LACKING = (
    r"(?:needed|required|missing|wanted|to come|to follow|to be added|tbc|tbd|tk|here|please|pending|\?+)"
)
_NOTE = re.compile(
    r"\[\s*(?:citation|source|reference|ref|cite)\s*\]"
    rf"|\[\s*(?:insert|add|find|todo:?|tk:?|need|needs|check)\s+(?:a\s+|the\s+)?{_WORD}(?:\s*{_LACKING})?\s*\]"
    rf"|\[\s*{_WORD}\s*{_LACKING}\s*\]"
    rf"|\(\s*(?:(?:insert|add|find|todo:?|tk:?|need|needs)\s+(?:a\s+|the\s+)?{_WORD}(?:\s+{_LACKING})?|{_WORD}\s*{_LACKING})\s*\)"
    rf"|\b(?:TODO|TK|FIXME|XXX)\b:?\s*(?:(?:add|insert|find|check)\s+)?(?:a\s+|the\s+)?{_WORD}\b"
    rf"|\b(?:insert|add)\s+(?:citation|reference|source|ref)\s+here\b"
    r"|\[(?:TK|TODO|tbc|tbd)\]",
    re.IGNORECASE,
)
_MAY_BE_NOTE = re.compile(r"[\[(]|[dD][oO][iI]\.")
_WORDS_OF_NOTES = frozenset(("todo", "tk", "fixme", "xxx", "insert", "add"))
"""One of the two stands in all of these, and is told at once."""
_FOOTNOTE = re.compile(r"\[\^[\w-]+\]")
_NUMBERED = re.compile(r"(?<![\w\])])\[(\d{1,3})\]|(?<=[\w.,;:)\]'\"])\s?\[(\d{1,3})\]")
_DOI = re.compile(r"\b(?:https?://)?(?:dx\.)?doi\.org/?(?![\w/.])", re.IGNORECASE)
_NOWHERE = frozenset(
    ("", "#", "#!", "todo", "tbd", "tbc", "tk", "url", "link", "http://", "https://", "javascript:void(0)")
)
_RESERVED = frozenset(("example.com", "example.org", "example.net"))
"""The hosts that stand for others in documentation; nobody has them."""


def unfilled(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """Each such place: a note to the author, a footnote that is not there, a link that leads nowhere."""
    listed = set(entries(page))
    most = reference_list_length(page)
    told: set[str] = set()
    for index, block in enumerate(page.document.blocks):
        if not block.is_visible or block.zone != "article":
            continue
        if _MAY_BE_NOTE.search(block.text) or any(
            not _WORDS_OF_NOTES.isdisjoint(said.words) for said in page.block_sentences(index)
        ):
            yield from _notes(block)
        yield from (
            _place(block, link)
            for link in block.links
            if link.start < link.end and _leads_nowhere(page, block, link)
        )
        for found in _NUMBERED.finditer(block.text) if most and index not in listed else ():
            number = found[1] or found[2]
            if int(number) > most and number not in told and not block.is_linked(found.start(), found.end()):
                told.add(number)
                start = block.text.index("[", found.start())
                yield _match(block, start, found.end())


def _notes(block: Block) -> Iterator[Match]:
    for pattern in (_NOTE, _FOOTNOTE, _DOI):
        for found in pattern.finditer(block.text):
            if not block.is_linked(found.start(), found.end()):
                yield _match(block, found.start(), found.end())


def _leads_nowhere(page: Page, block: Block, link: Link) -> bool:
    """Whether the words of a link promise a source, and it has no target or one that is nobody's."""
    there = host(link.url)
    if there in ("doi.org", "dx.doi.org"):
        return not re.search(r"doi\.org/+\w", link.url)
    is_nowhere = link.url.strip().lower() in _NOWHERE and block.kind != "heading"
    if there not in _RESERVED and not (is_nowhere and link.end - link.start < len(block.text.strip())):
        return False
    text = page.free_sentence(block.text[link.start : link.end])
    return page.vocabulary.signals["source-link"].found_in(text)


def _place(block: Block, link: Link) -> Match:
    return _match(block, link.start, link.end)


def _match(block: Block, start: int, end: int) -> Match:
    return Match(block.source_span(start, end), block.text[start:end])
