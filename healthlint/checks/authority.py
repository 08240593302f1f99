"""With what authority an article speaks: who its authors are, whom its sources sell for, what wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from healthlint.checks import CheckSettings
from healthlint.checks.metadata import is_reviewed, names_of_authors
from healthlint.checks.references import is_authoritative, links_at, listed, site_of
from healthlint.document import Document, Field, bare
from healthlint.page import Page
from healthlint.rule import Match

_LETTERS = re.compile(
    r"(?<![A-Za-z])(?:M\.?D|D\.?O|Ph\.?D|Dr\.?P\.?H|Pharm\.?D|Psy\.?D|D\.?P\.?T|D\.?C|N\.?D|D\.?D\.?S|D\.?M\.?D|D\.?P\.?M|O\.?D"
    r"|R\.?N|L\.?P\.?N|N\.?P|A\.?P\.?R\.?N|A\.?R\.?N\.?P|F\.?N\.?P|C\.?R\.?N\.?P|P\.?A(?:-C)?|B\.?S\.?N|M\.?S\.?N|D\.?N\.?P"
    r"|R\.?D\.?N?|L\.?D\.?N?|C\.?N\.?S|P\.?T|O\.?T(?:R/L)?|S\.?L\.?P|L\.?C\.?S\.?W|L\.?M\.?F\.?T|L\.?P\.?C|C\.?P\.?T|C\.?S\.?C\.?S"
    r"|M\.?P\.?H|M\.?Sc|B\.?Sc|M\.?Phil|M\.?A|M\.?S|M\.?B\.?B\.?S|M\.?B\.?Ch\.?B|B\.?D\.?S|BVSc|R\.?P\.?h|R\.?Ph|FACC|FACS"
    r"|FACOG|FAAP|FAAFP|FACP|MCSP|HCPC|SRP|[MF]R(?:CP|CS|CGP|COG|CPsych|CPCH|COphth|CPath|PharmS)(?:CH)?)\b\.?"
)
"""Letters after a name that stand for a qualification."""

_BEFORE = re.compile(r"\b(?:Dr|Prof|Professor|Doctor|Sister|Nurse)\b\.?", re.IGNORECASE)

_ABOUT = frozenset(
    """
    jobtitle role title credentials credential qualification qualifications description bio biography url link sameas
    profile honorificsuffix honorificprefix hascredential knowsabout affiliation alumniof worksfor
    """.split()
)
"""Parts of an author's metadata that say who that is."""

_AI_FIELDS = frozenset(
    """
    aigenerated aiassisted aiwritten aicontent generatedby generator writtenbyai isaigenerated aidrafted
    contentgenerator createdwith aitool aimodel llm
    """.split()
)
_MOST_AUTHORS = 20
"""Of so many authors at most it is looked for whether the article says more about them."""
_NO = frozenset(("", "false", "no", "none", "0", "off", "null"))


def low_sources(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first listed source, when all are shops, press releases, social media, AI answers or the site itself."""
    sources = listed(page)
    if sources and not any(is_authoritative(page, source) for source in sources):
        low = [source for source in sources if _is_low(page, source)]
        if low:
            yield low[0]


def no_credentials(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first author named without a qualification, a role, or a link that tells more."""
    authors = names_of_authors(page)[:_MOST_AUTHORS]
    if authors and not any(_is_qualified(page, author) for author in authors):
        yield authors[0]


def undisclosed_ai(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The field that says that software wrote the article, when neither its text does nor a person checked it."""
    made = next((field for field in page.document.fields if _is_of_ai(page, field)), None)
    told = any(signal.sentence.block.is_visible for signal in page.signals("ai-disclosure"))
    if made and page.document.blocks and not told and not is_reviewed(page):
        yield Match(made.span, made.value)


def _is_low(page: Page, source: Match) -> bool:
    words = page.free_sentence(source.text)
    return page.vocabulary.signals["low-source"].found_in(words) or _leads_low(page, source)


def _leads_low(page: Page, source: Match) -> bool:
    site, links = site_of(page), links_at(page).get(source.span, ())
    return bool(links) and all(
        not site.is_stranger(link)
        or any(site.is_of(link, name) for name in ("shop-site", "social-site", "press-release-site"))
        for link in links
    )


def _is_qualified(page: Page, author: Match) -> bool:
    """Whether a qualification stands with a name, or the metadata or a sentence about the author gives one."""
    name = author.text
    if _LETTERS.search(name) or _BEFORE.search(name) or _names_role(page, name):
        return True
    if _has_details(page.document, author):
        return True
    said = re.compile(re.escape(_plain(name)), re.IGNORECASE)
    for block in page.document.blocks:
        found = said.search(block.text) if block.is_visible and _plain(name) else None
        if found and (
            block.is_linked(*found.span())
            or _LETTERS.match(block.text[found.end() :].lstrip(" ,("))
            or _names_role(page, block.text)
        ):
            return True
    return False


def _has_details(document: Document, author: Match) -> bool:
    """Whether the metadata of an author has a role, a qualification or a page about the author."""
    own = next((field for field in document.fields if field.span == author.span), None)
    if own is None:
        return False
    parent = own.name.lower().rpartition(".")[0] if own.name.lower().endswith(".name") else own.name.lower()
    return any(
        field.value and field.origin == own.origin and _is_detail(field, parent) for field in document.fields
    )


def _is_detail(field: Field, parent: str) -> bool:
    """Whether a field is "author.jobTitle" or "author_bio" for "author"."""
    name = field.name.lower()
    if not name.startswith(parent):
        return False
    return bare(name[len(parent) :]) in _ABOUT


def _names_role(page: Page, text: str) -> bool:
    return bool(page.free_sentence(text).terms_of("professional"))


def _plain(name: str) -> str:
    return re.split(r"[,(]", name, maxsplit=1)[0].strip()


def _is_of_ai(page: Page, field: Field) -> bool:
    """Whether a field says that software wrote the article; the generator of the site is none."""
    name = bare(field.name)
    value = field.value.lower()
    if name in ("generator", "generatedby", "createdwith", "author", "contentgenerator"):
        return page.vocabulary.signals["ai-author"].found_in(page.free_sentence(field.value))
    return name in _AI_FIELDS and value not in _NO
