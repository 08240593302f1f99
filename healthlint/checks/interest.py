"""Who earns money from an article: affiliate links, links to shops, codes, sponsors; and whether it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from healthlint.checks import CheckSettings
from healthlint.checks.references import Site, site_of
from healthlint.document import HOLE, Field, Link, bare
from healthlint.page import Page
from healthlint.pagekind import is_of_kind
from healthlint.rule import Match

_PAYING = frozenset(
    """
    aff affid aff_id affiliate affiliateid affiliate_id afid a_aid awinaffid awinmid irclickid hop ascsubtag linkcode
    partnerid partner_id refid ref_id ranmid utm_affiliate
    """.split()
)
"""Parameters of an address by which a shop knows whom to pay."""

_PERHAPS_PAYING = frozenset(("tag", "ref"))
"""The same, but only in the address of a shop or behind words that sell: sites count their visitors with them."""

_PAYING_FOLDERS = frozenset(("aff", "affiliate", "affiliates", "recommends", "refer"))
"""Folders of an address that lead to a shop by way of whoever counts."""

_SHOP_FOLDERS = frozenset(
    "shop store cart basket checkout buy order product products add-to-cart our-products our-shop".split()
)
"""Folders of an address under which things are sold."""

_SPONSORED = frozenset(
    """
    sponsored sponsor sponsoredby sponsors issponsored paid paidpartnership paidcontent paidpost advertorial
    affiliate affiliatelinks hasaffiliatelinks brandedcontent partnercontent
    """.split()
)
_NO = frozenset(("", "false", "no", "none", "0", "off", "null", "[]"))
_CODE = re.compile(rf"[\s:\"'(-]*(?:{HOLE}|[A-Z][A-Z0-9-]{{2,}}\b)")


def undisclosed(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first link, code or field by which somebody earns, unless words that say so stand before it."""
    earning = _earning(page)
    if earning and not any(
        signal.sentence.block.is_visible and signal.sentence.block_index <= earning[0]
        for signal in page.signals("interest-disclosure")
    ):
        yield earning[1]


def _earning(page: Page) -> tuple[int, Match] | None:
    """Where somebody first earns: the index of the block before which it must be said, and what shows it."""
    blocks = page.document.blocks
    visible = [index for index, block in enumerate(blocks) if block.is_visible and block.zone == "article"]
    site, in_shop = site_of(page), is_of_kind(page, "shop")
    found: list[tuple[int, Match]] = []
    for index in visible:
        for link in blocks[index].links:
            text = blocks[index].text[link.start : link.end]
            if text.strip(f" {HOLE}") and _earns(site, link, text, in_shop=in_shop):
                found.append((index, Match(blocks[index].source_span(link.start, link.end), text)))
    for signal in page.signals("coupon-code"):
        sentence, match = signal
        at, end = sentence.tokens[match.start].start, sentence.tokens[match.end - 1].end
        code = _CODE.match(sentence.block.text, end)
        if code and sentence.block.is_visible and sentence.block.zone == "article":
            found.append(
                (
                    sentence.block_index,
                    Match(sentence.block.source_span(at, code.end()), sentence.block.text[at : code.end()]),
                )
            )
    if found:
        return min(found, key=lambda each: each[1].span)
    sponsored = next((field for field in page.document.fields if _is_sponsored(field)), None)
    if sponsored is None or not visible:
        return None
    # A sponsored article says so at its top.
    top = next((index for index in visible if blocks[index].kind != "heading"), visible[0])
    return top, Match(sponsored.span, f"{sponsored.name}: {sponsored.value}")


def _earns(site: Site, link: Link, text: str, *, in_shop: bool) -> bool:
    """Whether a link pays who placed it, or leads into a shop; who is plainly a shop need not say so."""
    if site.is_of(link, "affiliate-site"):
        return True
    try:
        parts = urlsplit(link.url)
    except ValueError:
        return False
    names = {name.lower() for name, _ in parse_qsl(parts.query)}
    folders = {folder.lower() for folder in parts.path.split("/")}
    if names & _PAYING or folders & _PAYING_FOLDERS:
        return True
    may_pay = bool(names & _PERHAPS_PAYING)
    if not may_pay and (in_shop or parts.scheme not in ("", "http", "https")):
        return False
    is_shop = site.is_of(link, "shop-site")
    is_buying = _is_buying(site.page, text)
    if may_pay and (is_shop or (is_buying and site.is_stranger(link))):
        return True
    if in_shop or parts.scheme not in ("", "http", "https"):
        return False
    if site.is_stranger(link):
        return is_buying and (is_shop or bool(folders & _SHOP_FOLDERS))
    # "Buy now" and "our store" say themselves who sells; a product's bare name does not.
    return bool(folders & _SHOP_FOLDERS) and not is_buying and "our" not in text.lower().split()


def _is_buying(page: Page, text: str) -> bool:
    return page.vocabulary.signals["buying-link"].found_in(page.free_sentence(text))


def _is_sponsored(field: Field) -> bool:
    name = bare(field.name)
    return field.origin == "front matter" and name in _SPONSORED and field.value.lower() not in _NO
