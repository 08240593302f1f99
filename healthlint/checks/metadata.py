"""Who wrote an article, who checked it, and when: in its metadata, its byline, or a line that says so."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from healthlint.checks import CheckSettings, whole_document
from healthlint.document import Block, Field, Run
from healthlint.language import HARD, Sentence, tokens
from healthlint.page import Page, Signal
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
_DATE = (
    *("date", "dates", "time", "pubdate", "published", "posted", "created", "updated", "modified", "revised"),
    *(
        "reviewed",
        "lastmod",
        "lastreviewed",
        "lastupdated",
        "lastupdate",
        "lastmodified",
        "lastedited",
        "*publishedtime",
    ),
    *(
        "publishdate",
        "publisheddate",
        "publishedon",
        "publishedat",
        "publicationdate",
        "datepublished",
        "*pubdate",
    ),
    *(
        "createdat",
        "createdon",
        "datecreated",
        "*modifiedtime",
        "*updatedtime",
        "updatedat",
        "updatedon",
        "updatedate",
    ),
    *("modifiedat", "modifieddate", "datemodified", "dateupdated", "reviewedat", "reviewedon", "reviewdate"),
    *(
        "datereviewed",
        "*reviewedat",
        "*reviewedon",
        "*reviewdate",
        "*publicationdate",
        "dcdate*",
        "dcterms*",
        "*date",
    ),
)
_NOT_DATE = (
    "*nextreview*",
    "*reviewdue*",
    "*expir*",
    "*founding*",
    "*validuntil*",
    "*birth*",
    "*death*",
    "*event*",
    "*start*",
    "*end*",
)
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

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<number>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<number>[01]\d)(?P<day>[0-3]\d)(?!\d)",
        r"(?<![\d./-])(?P<number>\d{1,2})(?P<mark>[-/.])(?P<day>\d{1,2})(?P=mark)(?P<year>(?:(?:19|20)\d\d|\d\d))(?![\d/-])",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,./-]*(?:of\s+)?{_MONTH}[\s,./'-]*{_YEAR}",
        rf"\b{_MONTH}[\s,./-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b[\s,./-]*(?:at [\d:]+ ?[ap]m[\s,]*)?{_YEAR}",
        rf"\b{_MONTH}[\s,./-]*(?:of\s+)?{_YEAR}",
        rf"(?<![\d./-])(?P<number>[01]?\d)[-/.]{_YEAR}",
        # As programs write it: Tue May 6 10:11:12 EDT 2014
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})\s+[\d:]{{5,8}}(?:\s+[A-Z+\d]{{1,5}})?\s+{_YEAR}",
    )
)
_ONLY_YEAR = re.compile(r"\W*(?:in\s+)?(?P<year>(?:19|20)\d\d)\W*\Z")
_IN_PATH = re.compile(r"(?:\A|[/\\])(?P<year>(?:19|20)\d\d)[-/\\](?P<number>\d\d)[-/\\](?P<day>\d\d)[-/\\_]")
_EARLIEST = 1980

_TOP = 12
"""So many blocks at the top of an article may hold a line with a bare date."""

_LONGEST_BYLINE = 200
"""A byline has at most so many characters."""

_SOON = 8
"""A sentence says within so many words that it is about the page: "This article was written by"."""

_NEAR = 80
"""So far from the words that announce it, in characters, a name or date still belongs to them."""

_BEFORE_BY = re.compile(rf"(?:[|·•—–/,-]|\d|\b{_MONTH})\s*\Z", re.IGNORECASE)
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
        _is_signed(page, "byline") or _is_signed_by(page)
    ):
        yield from _nothing(page, fields)


def no_reviewer(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, or the value that names nobody, when no reviewer is named."""
    fields = _fields(page, _REVIEWER)
    if not any(_is_name(page, field.value) for field in fields) and not _is_signed(page, "review-line"):
        yield from _nothing(page, [field for field in fields if not dated(field.value, None)])


def no_dates(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The document, or the value that is no possible date, when it has no date."""
    today = settings.today
    fields = [
        field
        for field in _fields(page, _DATE)
        if not any(fnmatchcase(_bare(field.name), no) for no in _NOT_DATE)
    ]
    in_path = _IN_PATH.search(page.document.path)
    if in_path and _possible(in_path, today):
        return
    if not any(dated(field.value, today) for field in fields) and not _shows_date(page, today):
        yield from _nothing(page, fields)


def dated(text: str, today: datetime.date | None) -> bool:
    """Whether a possible date stands in `text`, not later than `today`."""
    return any(_possible(found, today) for pattern in _DATES for found in pattern.finditer(text))


def _nothing(page: Page, fields: Iterable[Field]) -> Iterator[Match]:
    whole = whole_document(page)
    if whole:
        yield next((Match(field.span, field.value) for field in fields), whole)


# --- fields ------------------------------------------------------------------------------------------------


def _fields(page: Page, names: tuple[str, ...]) -> list[Field]:
    return [field for field in page.document.fields if _is_called(field.name, names)]


def _is_called(name: str, names: tuple[str, ...]) -> bool:
    parts = [_bare(part) for part in name.split(".")]
    if len(parts) > 1 and parts[-1] in _NAME_OF:
        parts.pop()
    if not _OTHER.isdisjoint(parts[:-1]):
        return False
    return any(fnmatchcase(said, known) for said in {parts[-1], "".join(parts[-2:])} for known in names)


def _bare(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _is_site(page: Page, field: Field) -> bool:
    """Whether a meta tag names the site as the author, as templates do for every page."""
    if field.origin != "meta":
        return False
    sites: list[str] = []
    kind = ""
    for other in page.document.fields:
        if any(fnmatchcase(_bare(other.name), known) for known in _SITE):
            sites.append(other.value)
        if other.name == "@type":
            kind = other.value
        if other.name == "name" and other.origin == "json-ld" and kind != "Person":
            sites.append(other.value)
        if _bare(other.name) in ("title", "ogtitle"):
            sites.extend(_TITLE_PARTS.split(other.value)[1:])
    return any(_bare(field.value) == _bare(site) for site in sites)


def _is_name(page: Page, value: str) -> bool:
    """Whether a value names somebody: a person, a role or a body, not "admin", an address or a date."""
    if not any(map(str.isalpha, value)) or value.startswith(("http", "/", "@", "#")) or dated(value, None):
        return False
    block = Block("paragraph", (Run(value, Span(0, len(value))),))
    said = Sentence(block, 0, 0, 0, len(value), tokens(value), page.vocabulary)
    return not any(
        match.start == 0 and match.end == len(said.tokens)
        for _, match in page.vocabulary.signals["placeholder-author"].matches(said)
    )


# --- visible lines -----------------------------------------------------------------------------------------


def _is_signed(page: Page, name: str) -> bool:
    """Whether a visible line names somebody after the words of a signal."""
    return any(
        signal.sentence.block.is_visible and _opens(signal) and _is_name_next(page, signal)
        for signal in page.signals(name)
    )


def _is_signed_by(page: Page) -> bool:
    """Whether a short line of the article is, or begins or ends with, "By" and a full name."""
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
            return True
    return False


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
    return dated(sentence.block.text[max(sentence.start, at - _NEAR) : at], None)


def _is_name_next(page: Page, signal: Signal) -> bool:
    """Whether a name or role follows in the block, or makes the next block when nothing follows."""
    sentence, match = signal
    block = sentence.block
    at = sentence.tokens[match.end - 1].end
    rest = block.text[at : at + 2 * _NEAR]
    if not any(map(str.isalnum, rest)):
        following = (after for after in page.document.blocks[sentence.block_index + 1 :] if after.is_visible)
        after = next(following, None)
        rest = after.text if after and len(after.text) <= _NEAR else ""
    # Names with initials and letters after them run over what looks like the end of a sentence.
    said = _NAME_ENDS.split(rest.lstrip(" :,-|*"), maxsplit=1)[0].strip()
    if match.start == 0 and len(block.text) <= _LONGEST_BYLINE:
        return _is_name(page, said)
    found = _NAME.match(rest)
    if found and _is_name(page, found["name"]):
        return True
    return any(match.end <= at <= match.end + 4 for at in sentence.terms.get("professional", {}))


def _shows_date(page: Page, today: datetime.date | None) -> bool:
    for signal in page.signals("date-label"):
        sentence, match = signal
        if sentence.block.is_visible and (
            _opens(signal) or "last" in sentence.words[match.start : match.end]
        ):
            rest = sentence.block.text[sentence.tokens[match.end - 1].end :][:60]
            year = _ONLY_YEAR.match(rest)
            if dated(rest, today) or (year and _possible(year, today)):
                return True
    top = [
        block
        for block in page.document.blocks
        if block.is_visible and block.zone == "article" and any(map(str.isalnum, block.text))
    ][:_TOP]
    return any(_is_date_line(page, block, today) for block in top)


def _is_date_line(page: Page, block: Block, today: datetime.date | None) -> bool:
    """Whether a block is little more than a date: "3 min read 08-09-2025", "By Ana Ruiz, 5 May 2024"."""
    if len(block.text) > _LONGEST_BYLINE:
        return False
    for pattern in _DATES:
        for found in pattern.finditer(block.text):
            words = tokens(block.text[: found.start()] + " " + block.text[found.end() :])
            # A line that ends in a full stop is a sentence, and its date that of something told.
            most = 3 if block.text.rstrip().endswith(".") else 8
            if len(words) <= most and not _is_of_something_else(page, block):
                return _possible(found, today)
    return False


def _is_of_something_else(page: Page, block: Block) -> bool:
    said = Sentence(block, 0, 0, 0, len(block.text), tokens(block.text), page.vocabulary)
    return "©" in block.text or any(True for _ in page.vocabulary.signals["other-date"].matches(said))


def _possible(found: re.Match[str], today: datetime.date | None) -> bool:
    parts = found.groupdict()
    year = int(parts["year"])
    if year < 100:
        year += 2000
    month = (
        _MONTHS.index(parts["month"][:3].lower()) + 1 if parts.get("month") else int(parts.get("number") or 1)
    )
    day = int(parts.get("day") or 1)
    dates = [(year, month, day)]
    if parts.get("mark") and found.start("number") < found.start("year"):
        dates.append((year, day, month))  # 03/04/2025 is read in two ways
    for date in dates:
        try:
            read = datetime.date(*date)
        except ValueError:
            continue
        if read.year >= _EARLIEST and (today is None or read <= today):
            return True
    return False
