"""The sources of an article: lists of references, links to health bodies and journals, citations in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from healthlint.checks import CheckSettings, whole_document
from healthlint.document import Block, Field, Link, bare
from healthlint.language import HARD, Sentence
from healthlint.page import Page, free_sentence, once_a_page
from healthlint.phrase import PhraseMatch
from healthlint.rule import Match
from healthlint.span import Span
from healthlint.vocabulary import Vocabulary

_SHORT = 120
"""An article of fewer words needs no sources."""

_SHORT_ENTRY = 15
"""A numbered line of at most so many words that links to another site is a reference."""

_LONGEST_ENTRY = 40
"""A paragraph of more words is no reference unless it looks like one."""

_LONGEST_LABELLED = 1000
"""A block that begins with "Sources:" and is longer, in characters, is no list of sources."""

_FIELDS = frozenset(
    ("sources", "references", "citations", "citation", "bibliography", "citationreference", "isbasedon")
)

_ADDRESSES = frozenset(("og:url", "canonical", "canonical_url", "canonicalurl", "url", "dc.identifier"))
"""The fields that say where the page itself is."""

_MENU = 3
"""So many links of a page's menus to one host make it the page's own."""

_IDENTIFIER = re.compile(r"\b10\.\d{4,9}/\S|\bPMID:?\s?\d|\bPMC\s?\d{5}|\bISBN\b|\barXiv:", re.IGNORECASE)
_CITED = re.compile(
    r"\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]"  # [1] [2, 5-7]
    r"|\((?:[^()]{0,60}[\s,;])?[A-Z][\w'-]+(?: (?:and|&) [A-Z][\w'-]+| et al\.?)?,? (?:19|20)\d\d[a-z]?[^()]{0,80}\)"
    r"|\b[A-Z][\w'-]{1,60} et al\b"
    r"|[⁰¹²³⁴-⁹]"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Authors with initials, a volume with pages, or a report's usual words, which only make a citation with a year.
_BIBLIOGRAPHIC = re.compile(
    r"\b[A-Z][\w'-]{1,60},? (?:[A-Z]\.? ?){1,3}(?=[,.;:&(]|\Z|and (?:others|colleagues)\b)|\bet al\b"
    r"|\b\d+\s?\(\d+\)|\b\d+:\s?[eES]?\d+|\bpp?\.\s?\d"
    r"|(?i:\bvol\b|\beds?\.|\baccessed\b|\bretrieved\b|\bavailable (?:at|from)\b|\bjournal\b|\buniversity press\b)"
)
_AUTHORED = re.compile(r"[A-Z][\w'-]{1,60},? (?:[A-Z]\.? ?){1,3}(?=[,.;:&(]|and (?:others|colleagues)\b)")
_NUMBERED = re.compile(rf"(?:\[\d{{1,3}}\]|\d{{1,3}}[.)])\s|\d{{1,3}}\s(?={_AUTHORED.pattern})")
_NOTE = re.compile(
    r"#(?:footnote|fn|cite|ref|note|_ftn|_edn|endnote|bib|source|citation|user-content-fn)", re.IGNORECASE
)


def no_sources(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, when it is long enough to need sources and shows none."""
    whole = whole_document(page)
    if whole and _length(page) >= _SHORT and not _has_sources(page):
        yield whole


@once_a_page
def sentences(page: Page) -> frozenset[tuple[int, int]]:
    """Every sentence of the entries of reference lists, as (block index, sentence number)."""
    return frozenset((index, said.number) for index in entries(page) for said in page.block_sentences(index))


def cited(page: Page, sentence: Sentence) -> bool:
    """Whether a source stands in `sentence` or the next: a link, a note, a citation, or a named body and year."""
    around = page.block_sentences(sentence.block_index)[sentence.number : sentence.number + 2]
    return any(_cites(page, said) for said in around)


@once_a_page
def entries(page: Page) -> tuple[int, ...]:
    """The indices of the blocks that are entries of reference lists, in order."""
    site = site_of(page)
    found = {
        index
        for index, block in enumerate(page.document.blocks)
        if block.is_visible and _is_entry(site, block)
    }
    for name, strictly in (("references-heading", False), ("sources-heading", True)):
        end = 0
        for sentence, match in page.signals(name):
            # What stands below a second label was found below the first.
            is_new = sentence.block.kind == "heading" or sentence.block_index >= end
            if is_new and _is_whole(sentence, match) and not (strictly and sentence.block.zone == "chrome"):
                below, end = _under(site, sentence.block_index, strictly=strictly)
                found.update(below)
    for name in ("references-heading", "source-label"):
        for sentence, match in page.signals(name):
            if _is_label(sentence, match) and (
                _is_citation(site, sentence.block, strictly=True) or _names_body(page, sentence)
            ):
                found.add(sentence.block_index)
    return tuple(sorted(found))


@once_a_page
def listed(page: Page) -> tuple[Match, ...]:
    """The sources that an article lists: the values of its metadata, and the entries of its lists of references."""
    blocks = page.document.blocks
    return (
        *(
            Match(field.span, field.value)
            for field in page.document.fields
            if field.value and _is_source(page, field)
        ),
        *(Match(blocks[index].span, blocks[index].text) for index in entries(page)),
    )


def is_authoritative(page: Page, source: Match) -> bool:
    """Whether a listed source names a public body, a journal or an identifier, or leads to one."""
    if _is_bibliographic(source.text) or _names_body(page, page.free_sentence(source.text)):
        return True
    site = site_of(page)
    if _host_is(page.vocabulary, host(source.text), "health-site"):
        return True
    return any(map(site.is_health_source, links_at(page).get(source.span, ())))


@once_a_page
def links_at(page: Page) -> Mapping[Span, Sequence[Link]]:
    """The links of each block, by its span."""
    found: dict[Span, list[Link]] = {}
    for block in page.document.blocks:
        found.setdefault(block.span, []).extend(block.links)
    return found


@once_a_page
def reference_list_length(page: Page) -> int:
    """The highest number that an entry of the list of references can have; 0 when there is no such list.

    Everything below the heading counts as an entry, so the list may be shorter, and never longer.
    """
    longest = 0
    is_labelled = False
    for sentence, match in page.signals("references-heading"):
        heading = sentence.block_index
        is_heading = sentence.block.kind == "heading"
        # Below the second label stands nothing that is not below the first.
        if _is_whole(sentence, match) and (is_heading or not is_labelled):
            is_labelled = is_labelled or not is_heading
            below = [block.text for block in _below(page, heading) if block.is_visible]
            printed = [int(number[0]) for text in below if (number := re.search(r"\d+", text[:6]))]
            longest = max(longest, len(below), *printed)
    return longest


def _below(page: Page, heading: int) -> Iterator[Block]:
    """The blocks in the section of a heading, or all that come after a label."""
    blocks, sections = page.document.blocks, page.document.sections
    for index in range(heading + 1, len(blocks)):
        if blocks[heading].kind == "heading" and heading not in sections[index]:
            return
        yield blocks[index]


def _has_sources(page: Page) -> bool:
    if any(_is_source(page, field) for field in page.document.fields if field.value):
        return True
    if entries(page):
        return True
    site = site_of(page)
    article = [block for block in page.document.blocks if block.is_visible and block.zone == "article"]
    return any(
        _IDENTIFIER.search(block.text) or any(site.is_health_source(link) for link in block.links)
        for block in article
    )


def _is_source(page: Page, field: Field) -> bool:
    """Whether a field lists sources, or names a body or site as the one."""
    names = {bare(part) for part in field.name.split(".")}
    if not _FIELDS.isdisjoint(names):
        return True
    if "source" not in names:
        return False
    return _host_is(page.vocabulary, host(field.value), "health-site") or _names_body(
        page, page.free_sentence(field.value)
    )


def _is_whole(sentence: Sentence, match: PhraseMatch) -> bool:
    """Whether a phrase is all that a visible block says, so that it is a heading or label."""
    block = sentence.block
    return (
        block.is_visible
        and block.kind in ("heading", "paragraph", "term", "item", "cell")
        and sentence.number == 0
        and match.start == 0
        and match.end == len(sentence.words)
        and not any(map(str.isalnum, block.text[sentence.end :]))
    )


def _is_label(sentence: Sentence, match: PhraseMatch) -> bool:
    """Whether a phrase begins a visible block as a label: "Sources: NICE guideline NG59, 2020"."""
    return (
        sentence.block.is_visible
        and sentence.block.kind != "caption"
        and sentence.number == 0
        and match.start == 0
        and match.end < len(sentence.words)
        and sentence.breaks[match.end] == HARD
        and len(sentence.block.text) < _LONGEST_LABELLED
    )


def _under(site: Site, heading: int, *, strictly: bool) -> tuple[list[int], int]:
    """The entries below a heading or label, to the end of its section or list, and where that is."""
    found: list[int] = []
    blocks, sections = site.page.document.blocks, site.page.document.sections
    is_heading = blocks[heading].kind == "heading"
    started = False
    for index in range(heading + 1, len(blocks)):
        block = blocks[index]
        if not block.is_visible:
            continue
        if block.zone != blocks[heading].zone or (
            heading not in sections[index] if is_heading else block.kind == "heading"
        ):
            return found, index
        citation = _is_citation(site, block, strictly=strictly and block.kind != "item")
        if block.kind != "heading" and (citation or (not strictly and block.kind != "paragraph")):
            started = True
            found.append(index)
        elif block.kind == "paragraph" and (started or not is_heading):
            return found, index
        elif block.kind == "paragraph" and not strictly and _may_cite(block):
            found.append(index)
    return found, len(blocks)


def _may_cite(block: Block) -> bool:
    """Whether a short paragraph under "References" has a name or number; "To follow" has none."""
    words = block.text.split()
    names = sum(word[:1].isupper() for word in words)
    return len(words) <= _LONGEST_ENTRY and (names > 1 or any(map(str.isdigit, block.text)))


def _is_entry(site: Site, block: Block) -> bool:
    """Whether a footnote, numbered line or list item cites something."""
    if block.kind == "footnote":
        return _is_citation(site, block, strictly=False)
    if not _NUMBERED.match(block.text):
        is_listed = block.kind == "item" and block.zone == "article"
        return is_listed and bool(_AUTHORED.match(block.text) and _YEAR.search(block.text))
    is_short = len(block.text.split()) <= _SHORT_ENTRY
    return _is_bibliographic(block.text) or (is_short and any(site.is_outside(link) for link in block.links))


def _is_citation(site: Site, block: Block, *, strictly: bool) -> bool:
    """Whether a block looks like one entry of a list of references; `strictly`, a link alone does not."""
    leads_out = site.is_health_source if strictly else site.is_outside
    return any(leads_out(link) for link in block.links) or _is_bibliographic(block.text)


def _is_bibliographic(text: str) -> bool:
    """Whether a text has an identifier, or a year with authors, pages or a journal."""
    return bool(_IDENTIFIER.search(text) or (_YEAR.search(text) and _BIBLIOGRAPHIC.search(text)))


def _cites(page: Page, sentence: Sentence) -> bool:
    links = sentence.block.links_from(sentence.start, sentence.end)
    if any(_NOTE.match(link.url) for link in links):
        return True
    if _CITED.search(sentence.text) or _IDENTIFIER.search(sentence.text):
        return True
    if links and any(map(site_of(page).is_outside, links)):
        return True
    return bool(_YEAR.search(sentence.text)) and _names_body(page, sentence)


def _names_body(page: Page, sentence: Sentence) -> bool:
    return page.vocabulary.signals["health-body"].found_in(sentence)


# --- addresses ---------------------------------------------------------------------------------------------


class Site:
    """The site on which a page stands, to tell its own links from those that lead out; lives as long as one check."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._own = _own_hosts(page)

    def is_outside(self, link: Link) -> bool:
        """Whether a link leads to another site, and not to a shop or a social network."""
        return self.is_stranger(link) and not any(
            self.is_of(link, name) for name in ("shop-site", "social-site")
        )

    def is_stranger(self, link: Link) -> bool:
        """Whether a link leads to another site."""
        there = host(link.url)
        return bool(there) and not self._is_own(there)

    def is_of(self, link: Link, name: str) -> bool:
        """Whether a link leads to one of the sites that a signal lists."""
        return _host_is(self.page.vocabulary, host(link.url), name)

    def is_health_source(self, link: Link) -> bool:
        """Whether a link leads to a page, not just the front page, of another site that is a source on health."""
        there = host(link.url)
        if not there or link.url.rstrip("/").lower().endswith(there):
            return False
        return not self._is_own(there) and _host_is(self.page.vocabulary, there, "health-site")

    def _is_own(self, there: str) -> bool:
        return any(own and (there == own or there.endswith("." + own)) for own in self._own)


@once_a_page
def site_of(page: Page) -> Site:
    """The site of a page, asked for once."""
    return Site(page)


@lru_cache(maxsize=4096)
def _host_is(vocabulary: Vocabulary, there: str, name: str) -> bool:
    """Whether the labels of a host name ("www", "nhs", "uk") hold a phrase of a signal."""
    return vocabulary.signals[name].found_in(free_sentence(vocabulary, there.replace(".", " ")))


def host(url: str) -> str:
    """The host of an absolute web address, lower case, without "www."; "" for other addresses."""
    if url.startswith("www."):
        url = "//" + url
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("", "http", "https") else ""


def _own_hosts(page: Page) -> set[str]:
    """The hosts of the page itself: as it says, or where most links of its menus lead."""
    said = {host(field.value) for field in page.document.fields if field.name.lower() in _ADDRESSES}
    menus = Counter(
        host(link.url) for block in page.document.blocks if block.zone == "chrome" for link in block.links
    )
    menus.pop("", None)
    return said | {there for there, count in menus.most_common(1) if count >= _MENU}


def _length(page: Page) -> int:
    return sum(
        len(block.text.split())
        for block in page.document.blocks
        if (block.is_visible and block.zone == "article") or block.kind == "field"
    )
