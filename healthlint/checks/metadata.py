"""Who wrote an article, who checked it, and when: in its metadata, its byline, or a line that says so."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from healthlint.checks import CheckSettings, whole_document
from healthlint.checks.dates import MONTH, Date, date_or_year, dates, path_date
from healthlint.document import Block, Field, bare
from healthlint.language import HARD, tokens
from healthlint.page import Page, Signal, once_a_page
from healthlint.rule import Match
from healthlint.span import Span

# Names of metadata as `_bare` makes them. "author.name" is "author"; "seo:author" is "seoauthor".
_AUTHOR = (
    "author",
    "authors",
    "*author",
    "by",
    "byline",
    "writer",
    "writers",
    "writtenby",
    "creator",
    "*dccreator",
)
_REVIEWER = (
    *("reviewedby", "reviewer", "reviewers", "*reviewedby", "*reviewer", "expertreview", "medicalreview"),
    *("factchecker", "factcheckedby", "*checkedby", "*approvedby", "medicaleditor", "reviewed"),
)
_DONE = (
    *("published", "posted", "created", "updated", "modified", "revised", "edited", "reviewed"),
    *("factchecked", "issued"),
)
_DATE = (
    *("date", "dates", "time", "*date", "*datetime", "lastmod", "lastupdate", "dcdate*", "dcterms*"),
    *_DONE,
    *(f"{before}{done}" for done in _DONE for before in ("last", "date")),
    *(f"*{done}{after}" for done in _DONE for after in ("at", "on", "time")),
)
_UPDATED = ("updat", "modif", "moddate", "revis", "edited", "lastmod")
_NEXT_REVIEW = ("*nextreview*", "*reviewdue*", "*duereview*", "reviewby", "*reviewbydate", "reviewbefore*")
_NOT_DATE = ("*expir*", "*founding*", "*validuntil*", "*birth*", "*death*", "*event*", "*start*", "*end*")
# Fields of other things than the article.
_OTHER = frozenset(
    ("comment", "comments", "review", "reviews", "image", "photo", "video", "event", "offers", "rating")
)
_NAME_OF = frozenset(("name", "title", "displayname", "fullname", "label", "0", "value"))

_SITE = (
    "ogsitename",
    "sitename",
    "applicationname",
    "*webapptitle",
    "publisher",
    "publishername",
    "*dc*publisher*",
)
_TITLE_PARTS = re.compile(r"\s+[-|–—:·»•]+\s+")

_TOP = 12
"""So many blocks at the top of an article may hold a line with a bare date."""

_LONGEST_BYLINE = 200
"""A byline has at most so many characters."""

_SOON = 8
"""A sentence says within so many words that it is about the page: "This article was written by"."""

_LABELLED = 60
"""So far after a label, in characters, its date still stands."""

_NEAR = 80
"""So far from the words that announce it, in characters, a name or date still belongs to them."""

_BEFORE_BY = re.compile(rf"(?:[|·•—–/,-]|\d|\b{MONTH})\s*\Z", re.IGNORECASE)
_AFTER_NAME = re.compile(r"\s*(?:\Z|[,|·•/(–—-]|\d|(?:on|at|in|for|and)\b|&)")
_NAME_ENDS = re.compile(r"[,;|·•()\n]|\s[-–—]\s|\s(?:on|at|in|for|to|under|with)\s|(?<=\w\w)\.\s|\d")

# A name after "by": a title or an initial, or words with capitals.
_NAME = re.compile(
    r"[\s:,\-|*]*(?:(?:the|our|a|an)\s+)?(?P<name>(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dame|Sister|Nurse)\b\.?\s*)?"
    r"(?:[A-Z]\.\s*)*[^\W\d_a-z][\w'.-]*(?:\s+(?:[a-z]{1,3}\s+)?[^\W\d_a-z][\w'.-]*)*)"
)


def no_author(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, or the value that names nobody, when nobody is named as its author."""
    fields = _fields(page, _AUTHOR)
    if not any(_is_name(page, field.value) and not _is_site(page, field) for field in fields) and not (
        _is_signed(page, "byline") or any(_signatures(page))
    ):
        yield from _nothing(page, fields)


def names_of_authors(page: Page) -> tuple[Match, ...]:
    """The names in the metadata, or else the byline, that say who wrote the article."""
    named = tuple(
        Match(field.span, field.value)
        for field in _fields(page, _AUTHOR)
        if _is_name(page, field.value) and not _is_site(page, field)
    )
    return named or tuple(_signatures(page))


def is_reviewed(page: Page) -> bool:
    """Whether somebody is named as the reviewer."""
    return any(_is_name(page, field.value) for field in _fields(page, _REVIEWER)) or _is_signed(
        page, "review-line"
    )


def no_reviewer(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, or the value that names nobody, when no reviewer is named."""
    fields = _fields(page, _REVIEWER)
    if not is_reviewed(page):
        yield from _nothing(page, [field for field in fields if not any(dates(field.value))])


def no_dates(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, or the value that is no possible date, when it has no date."""
    today = settings.today
    if path_date(page.document.path, today):
        return
    if not any(each.kind != "next review" and _is_past(each.date, today) for each in stated_dates(page)):
        yield from _nothing(
            page, [field for field in _date_fields(page) if _date_kind(field) != "next review"]
        )


DateKind = Literal["review", "update", "publication", "next review"]
"""What a date says happened on that day, or is to happen."""


class Stated(NamedTuple):
    """A date that an article gives of itself."""

    kind: DateKind
    date: Date
    span: Span
    text: str


@once_a_page
def stated_dates(page: Page) -> tuple[Stated, ...]:
    """Every possible date of the article, in its metadata, after a label, or at its top; some may lie ahead."""
    found: list[Stated] = []
    for field in _date_fields(page):
        kind = _date_kind(field)
        found.extend(
            Stated(kind, date, field.span, field.value[date.start : date.end]) for date in dates(field.value)
        )
    return (*found, *_shown_dates(page))


def _is_past(date: Date, today: datetime.date | None) -> bool:
    return today is None or date.first <= today


def _nothing(page: Page, fields: Iterable[Field]) -> Iterator[Match]:
    whole = whole_document(page)
    if whole:
        yield next((Match(field.span, field.value) for field in fields), whole)


# --- fields ------------------------------------------------------------------------------------------------


def _fields(page: Page, names: tuple[str, ...]) -> list[Field]:
    return [field for field in page.document.fields if _is_called(field.name, names)]


@lru_cache(maxsize=4096)
def _is_called(name: str, names: tuple[str, ...]) -> bool:
    parts = [bare(part) for part in name.split(".")]
    if len(parts) > 1 and parts[-1] in _NAME_OF:
        parts.pop()
    if not _OTHER.isdisjoint(parts[:-1]):
        return False
    is_one_of = _pattern(names).match
    return bool(is_one_of(parts[-1]) or is_one_of("".join(parts[-2:])))


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """What matches all of any of these names, each of which is a glob."""
    return re.compile("|".join(map(translate, names)))


def _is_site(page: Page, field: Field) -> bool:
    """Whether a meta tag names the site as the author, as templates do for every page."""
    return field.origin == "meta" and bare(field.value) in _sites(page)


@once_a_page
def _sites(page: Page) -> frozenset[str]:
    """The names of the site, as `bare`."""
    sites: list[str] = []
    kind = ""
    for other in page.document.fields:
        if _pattern(_SITE).match(bare(other.name)):
            sites.append(other.value)
        if other.name == "@type":
            kind = other.value
        if other.name == "name" and other.origin == "json-ld" and kind != "Person":
            sites.append(other.value)
        if bare(other.name) in ("title", "ogtitle"):
            sites.extend(_TITLE_PARTS.split(other.value)[1:])
    return frozenset(map(bare, sites))


def _is_name(page: Page, value: str) -> bool:
    """Whether a value names somebody: a person, a role or a body, not "admin", an address or a date."""
    if not any(map(str.isalpha, value)) or value.startswith(("http", "/", "@", "#")) or any(dates(value)):
        return False
    said = page.free_sentence(value)
    return not any(
        match.start == 0 and match.end == len(said.words)
        for _, match in page.vocabulary.signals["placeholder-author"].matches(said)
    )


# --- visible lines -----------------------------------------------------------------------------------------


def _is_signed(page: Page, name: str) -> bool:
    """Whether a visible line names somebody after the words of a signal."""
    return any(
        signal.sentence.block.is_visible and _opens(signal) and _is_name_next(page, signal)
        for signal in page.signals(name)
    )


def _signatures(page: Page) -> Iterator[Match]:
    """The full names after "By", where that begins or ends a short line of the article, or is all of it."""
    for signal in page.signals("byline-by"):
        sentence, match = signal
        block = sentence.block
        if len(block.text) > _LONGEST_BYLINE:
            continue
        before = block.text[: sentence.tokens[match.start].start]
        found = _NAME.match(block.text, sentence.tokens[match.end - 1].end)
        if (
            found
            and block.is_visible
            and block.zone == "article"
            and block.kind != "heading"
            and (not before.strip() or _BEFORE_BY.search(before))
            and len(found["name"].split()) > 1
            and _AFTER_NAME.match(block.text, found.end())
            and _is_name(page, found["name"])
        ):
            yield Match(block.source_span(*found.span("name")), found["name"])


def _opens(signal: Signal) -> bool:
    """Whether the words begin a sentence, follow a strong mark or a date, or are said of the page."""
    sentence, match = signal
    if match.start == 0 or sentence.breaks[match.start] == HARD:
        return True
    if match.start <= _SOON and any(
        at.end <= match.start for _, at in sentence.vocabulary.signals["page"].matches(sentence)
    ):
        return True
    at = sentence.tokens[match.start].start
    return any(dates(sentence.block.text[max(sentence.start, at - _NEAR) : at]))


def _is_name_next(page: Page, signal: Signal) -> bool:
    """Whether a name or role follows in the block, or makes the next block when nothing follows."""
    sentence, match = signal
    block = sentence.block
    at = sentence.tokens[match.end - 1].end
    rest = block.text[at : at + 2 * _NEAR]
    if not any(map(str.isalnum, rest)):
        blocks = page.document.blocks
        following = (blocks[index] for index in range(sentence.block_index + 1, len(blocks)))
        after = next((block for block in following if block.is_visible), None)
        rest = after.text if after and len(after.text) <= _NEAR else ""
    # Names with initials and letters after them run over what looks like the end of a sentence.
    said = _NAME_ENDS.split(rest.lstrip(" :,-|*"), maxsplit=1)[0].strip()
    if match.start == 0 and len(block.text) <= _LONGEST_BYLINE:
        return _is_name(page, said)
    found = _NAME.match(rest)
    if found and _is_name(page, found["name"]):
        return True
    return any(match.end <= at <= match.end + 4 for at in sentence.terms_of("professional"))


def _shown_dates(page: Page) -> Iterator[Stated]:
    labels: list[tuple[Signal, DateKind | None]] = [
        *((signal, None) for signal in page.signals("date-label")),
        *((signal, "next review") for signal in page.signals("next-review-label")),
    ]
    labelled: set[int] = set()
    for signal, kind in labels:
        sentence, match = signal
        words = sentence.words[match.start : match.end]
        if sentence.block.is_visible and (_opens(signal) or "last" in words):
            at = sentence.tokens[match.end - 1].end
            date = date_or_year(sentence.block.text[at : at + _LABELLED])
            if date:
                labelled.add(sentence.block_index)
                yield _stated(kind or _kind("".join(words)), date, sentence.block, at)
    top = [
        (index, block)
        for index, block in enumerate(page.document.blocks)
        if block.is_visible and block.zone == "article" and any(map(str.isalnum, block.text))
    ][:_TOP]
    for index, block in top:
        date = None if index in labelled else _date_line(page, block)
        if date:
            yield _stated("publication", date, block)


def _stated(kind: DateKind, date: Date, block: Block, at: int = 0) -> Stated:
    start, end = at + date.start, at + date.end
    return Stated(kind, date, block.source_span(start, end), block.text[start:end].strip())


def _date_line(page: Page, block: Block) -> Date | None:
    """The date of a block that is little more: "3 min read 08-09-2025", "By Ana Ruiz, 5 May 2024"."""
    if len(block.text) > _LONGEST_BYLINE:
        return None
    for date in dates(block.text):
        words = tokens(block.text[: date.start] + " " + block.text[date.end :])
        # A line that ends in a full stop is a sentence, and its date that of something told.
        most = 3 if block.text.rstrip().endswith(".") else 8
        if len(words) <= most and not _is_of_something_else(page, block):
            return date
    return None


def _is_of_something_else(page: Page, block: Block) -> bool:
    said = page.free_sentence(block.text)
    return "©" in block.text or page.vocabulary.signals["other-date"].found_in(said)


def _date_fields(page: Page) -> list[Field]:
    return [
        field
        for field in _fields(page, _DATE + _NEXT_REVIEW)
        if not _pattern(_NOT_DATE).match(bare(field.name))
    ]


def _date_kind(field: Field) -> DateKind:
    return _kind(bare(field.name))


def _kind(name: str) -> DateKind:
    """What a date is of, by the letters of its label."""
    if _pattern(_NEXT_REVIEW).match(name):
        return "next review"
    if "review" in name or "checked" in name:
        return "review"
    return "update" if any(part in name for part in _UPDATED) else "publication"
