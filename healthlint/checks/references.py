"""The sources of an article: lists of references, links to health bodies and journals, citations in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from healthlint.checks import CheckSettings, whole_document
from healthlint.document import Block, Field, Link, Run
from healthlint.language import HARD, Sentence, tokens
from healthlint.page import Page
from healthlint.rule import Match
from healthlint.span import Span

_SHORT = 120
"""An article of fewer words needs no sources."""

_SHORT_ENTRY = 15
"""A numbered line of at most so many words that links to another site is a reference."""

_LONGEST_ENTRY = 40
"""A paragraph of more words is no reference unless it looks like one."""

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
    r"|\b[A-Z][\w'-]+ et al\b"
    r"|[⁰¹²³⁴-⁹]"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Authors with initials, a volume with pages, or a report's usual words, which only make a citation with a year.
_BIBLIOGRAPHIC = re.compile(
    r"\b[A-Z][\w'-]+,? (?:[A-Z]\.? ?){1,3}(?=[,.;:& ]|\Z)|\bet al\b|\b\d+\s?\(\d+\)|\b\d+:\s?[eS]?\d+|\bvol\b|\bpp?\.\s?\d"
    r"|\beds?\.|accessed|retrieved|available (?:at|from)|journal|university press",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\[\d{1,3}\]|\d{1,3}[.)])\s")
_NOTE = re.compile(
    r"#(?:footnote|fn|cite|ref|note|_ftn|_edn|endnote|bib|source|citation|user-content-fn)", re.IGNORECASE
)


def no_sources(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, when it is long enough to need sources and shows none."""
    whole = whole_document(page)
    if whole and _length(page) >= _SHORT and not _has_sources(page):
        yield whole


def sentences(page: Page) -> frozenset[tuple[int, int]]:
    """Every sentence of the entries of reference lists, as (block index, sentence number)."""
    return frozenset((index, said.number) for index in entries(page) for said in page.block_sentences(index))


def cited(page: Page, sentence: Sentence) -> bool:
    """Whether a source stands in `sentence` or the next: a link, a note, a citation, or a named body and year."""
    around = page.block_sentences(sentence.block_index)[sentence.number : sentence.number + 2]
    return any(_cites(page, said) for said in around)


def entries(page: Page) -> tuple[int, ...]:
    """The indices of the blocks that are entries of reference lists, in order."""
    document = page.document
    found: set[int] = set()
    for index, block in enumerate(document.blocks):
        if not block.is_visible:
            continue
        strength = _announces(page, index)
        if strength:
            found.update(_under(page, index, strictly=strength == "perhaps"))
        elif _is_entry(page, block) or _is_labelled(page, index):
            found.add(index)
    return tuple(sorted(found))


def _has_sources(page: Page) -> bool:
    if any(_is_source(page, field) for field in page.document.fields if field.value):
        return True
    if entries(page):
        return True
    article = [block for block in page.document.blocks if block.is_visible and block.zone == "article"]
    return any(
        _IDENTIFIER.search(block.text) or any(_is_health_site(page, link) for link in block.links)
        for block in article
    )


def _is_source(page: Page, field: Field) -> bool:
    """Whether a field lists sources, or names a body or site as the one."""
    names = {_bare(part) for part in field.name.split(".")}
    if not _FIELDS.isdisjoint(names):
        return True
    if "source" not in names:
        return False
    return _host_is(page, _host(field.value), "health-site") or _names_body(
        page, _sentence(page, field.value)
    )


def _announces(page: Page, index: int) -> str:
    """Whether a block is a heading or label of a reference list: "surely", "perhaps" or ""."""
    block = page.document.blocks[index]
    if block.kind not in ("heading", "paragraph", "term", "item", "cell") or len(block.text) > 80:
        return ""
    said = page.block_sentences(index)
    for name, strength in (("references-heading", "surely"), ("sources-heading", "perhaps")):
        if strength == "perhaps" and block.zone == "chrome":
            continue
        if len(said) == 1 and any(
            match.end == len(said[0].tokens) for _, match in page.vocabulary.signals[name].matches(said[0])
        ):
            return strength
    return ""


def _under(page: Page, heading: int, *, strictly: bool) -> Iterator[int]:
    """The entries below a heading or label, to the end of its section or list."""
    blocks, sections = page.document.blocks, page.document.sections
    is_heading = blocks[heading].kind == "heading"
    started = False
    for index in range(heading + 1, len(blocks)):
        block = blocks[index]
        if not block.is_visible:
            continue
        if block.zone != blocks[heading].zone or (
            heading not in sections[index] if is_heading else block.kind == "heading"
        ):
            return
        citation = _is_citation(page, block, strictly=strictly and block.kind != "item")
        if block.kind != "heading" and (citation or (not strictly and block.kind != "paragraph")):
            started = True
            yield index
        elif block.kind == "paragraph" and (started or not is_heading):
            return
        elif block.kind == "paragraph" and not strictly and len(block.text.split()) <= _LONGEST_ENTRY:
            yield index


def _is_entry(page: Page, block: Block) -> bool:
    """Whether a block is a footnote or a numbered line that cites something."""
    if block.kind == "footnote":
        return _is_citation(page, block, strictly=False)
    is_short = len(block.text.split()) <= _SHORT_ENTRY
    return bool(_NUMBERED.match(block.text)) and (
        _is_bibliographic(block) or (is_short and any(_is_outside(page, link) for link in block.links))
    )


def _is_labelled(page: Page, index: int) -> bool:
    """Whether a block is a reference list by itself: "Sources: NICE guideline NG59, 2020"."""
    said = page.block_sentences(index) if len(page.document.blocks[index].text) < 1000 else ()
    if not said or page.document.blocks[index].kind == "caption":
        return False
    return any(
        match.start == 0 and match.end < len(said[0].tokens) and said[0].breaks[match.end] == HARD
        for name in ("references-heading", "source-label")
        for _, match in page.vocabulary.signals[name].matches(said[0])
    ) and (_is_citation(page, page.document.blocks[index], strictly=True) or _names_body(page, said[0]))


def _is_citation(page: Page, block: Block, *, strictly: bool) -> bool:
    """Whether a block looks like one entry of a list of references; `strictly`, a link alone does not."""
    leads_out = _is_health_site if strictly else _is_outside
    return any(leads_out(page, link) for link in block.links) or _is_bibliographic(block)


def _is_bibliographic(block: Block) -> bool:
    """Whether a block has an identifier, or a year with authors, pages or a journal."""
    text = block.text
    return bool(_IDENTIFIER.search(text) or (_YEAR.search(text) and _BIBLIOGRAPHIC.search(text)))


def _cites(page: Page, sentence: Sentence) -> bool:
    block = sentence.block
    if any(
        sentence.start <= link.start <= sentence.end and (_NOTE.match(link.url) or _is_outside(page, link))
        for link in block.links
    ):
        return True
    if _CITED.search(sentence.text) or _IDENTIFIER.search(sentence.text):
        return True
    return bool(_YEAR.search(sentence.text)) and _names_body(page, sentence)


def _names_body(page: Page, sentence: Sentence) -> bool:
    return any(True for _ in page.vocabulary.signals["health-body"].matches(sentence))


# --- addresses ---------------------------------------------------------------------------------------------


def _is_outside(page: Page, link: Link) -> bool:
    """Whether a link leads to another site, and not to a shop or a social network."""
    host = _host(link.url)
    return bool(host) and not _is_own(page, host) and not _host_is(page, host, "shop-site")


def _is_health_site(page: Page, link: Link) -> bool:
    """Whether a link leads to a page, not just the front page, of another site that is a source on health."""
    host = _host(link.url)
    if link.url.rstrip("/").lower().endswith(host):
        return False
    return bool(host) and not _is_own(page, host) and _host_is(page, host, "health-site")


def _is_own(page: Page, host: str) -> bool:
    return any(own and (host == own or host.endswith("." + own)) for own in _own_hosts(page))


def _host_is(page: Page, host: str, name: str) -> bool:
    """Whether the labels of a host name ("www", "nhs", "uk") hold a phrase of a signal."""
    return any(True for _ in page.vocabulary.signals[name].matches(_sentence(page, host)))


def _sentence(page: Page, text: str) -> Sentence:
    """Text that stands in no block, to be searched for phrases."""
    block = Block("field", (Run(text, Span(0, len(text))),))
    return Sentence(block, 0, 0, 0, len(text), tokens(text), page.vocabulary)


def _host(url: str) -> str:
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
    said = {_host(field.value) for field in page.document.fields if field.name.lower() in _ADDRESSES}
    menus = Counter(
        _host(link.url) for block in page.document.blocks if block.zone == "chrome" for link in block.links
    )
    menus.pop("", None)
    return said | {host for host, count in menus.most_common(1) if count >= _MENU}


def _length(page: Page) -> int:
    return sum(
        len(block.text.split())
        for block in page.document.blocks
        if (block.is_visible and block.zone == "article") or block.kind == "field"
    )


def _bare(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
