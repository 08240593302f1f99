"""Whether an article, and what it rests on, is too old to be trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from healthlint.checks import CheckSettings, references, subject
from healthlint.checks.dates import months_between
from healthlint.checks.metadata import Stated, stated_dates
from healthlint.page import Page
from healthlint.rule import Match

FAST_MOVING_MONTHS = 12
"""After so many months at the latest, pages on medicines, COVID and pregnancy are due for review."""

_SAID = {
    "review": "last reviewed",
    "update": "last updated",
    "publication": "published",
    "next review": "next review due",
}

_YEAR = re.compile(r"(?<![\d/.:-])(?:19|20)\d\d(?![\d-])")
_VISITED = re.compile(
    r"\b(?:accessed|retrieved|visited|viewed|cited|last checked)\b.*", re.IGNORECASE | re.DOTALL
)
_EARLIEST_YEAR = 1900


def review_overdue(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The date of the last review when it is more than `limit` months ago, or that of a next one that has passed.

    An article without a date of review is as old as its last update, or its publication.
    """
    today = settings.today
    if today is None or _is_archived(page):
        return
    stated = [each for each in stated_dates(page) if each.kind == "next review" or each.date.first <= today]
    reviews = [each for each in stated if each.kind == "review"]
    last = _newest(reviews) or _newest([each for each in stated if each.kind != "next review"])
    due = _newest([each for each in stated if each.kind == "next review"])
    if due and not (reviews and last and last.date.last > due.date.last):
        if due.date.last < today:
            yield _overdue(due, "it has passed")
        return
    limit = min(settings.limit, FAST_MOVING_MONTHS) if _is_fast_moving(page) else settings.limit
    if last and months_between(last.date.last, today) > limit:
        yield _overdue(last, f"{months_between(last.date.last, today)} months ago, the limit is {limit}")


def outdated_sources(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The newest dated source, when it is more than `limit` years old and the article does not tell of the past."""
    if settings.today is None or subject.named_by(page, "history-heading"):
        return
    newest: tuple[int, Match] | None = None
    for match in references.listed(page):
        years = [
            int(year)
            for year in _YEAR.findall(_VISITED.sub("", match.text))
            if _EARLIEST_YEAR <= int(year) <= settings.today.year
        ]
        if years and (newest is None or max(years) > newest[0]):
            newest = max(years), match
    if newest and settings.today.year - newest[0] > settings.limit:
        yield newest[1]._replace(details={"year": str(newest[0]), "limit": str(settings.limit)})


def _newest(stated: list[Stated]) -> Stated | None:
    return max(stated, key=lambda each: each.date.last, default=None)


def _overdue(stated: Stated, reason: str) -> Match:
    return Match(
        stated.span, stated.text, details={"reason": f"{_SAID[stated.kind]} {stated.text}, {reason}"}
    )


def _is_fast_moving(page: Page) -> bool:
    return subject.named_by(page, "fast-moving-topic") or subject.named(page, "medicine") is not None


def _is_archived(page: Page) -> bool:
    """Whether the front matter, or a line at the top, says that the article is kept as it was."""
    return any(
        (
            field.name.lower() in ("archived", "isarchived")
            and field.value.lower() in ("true", "yes", "1", "on")
        )
        or (field.name.lower() in ("status", "state") and field.value.lower() == "archived")
        for field in page.document.fields
    )
