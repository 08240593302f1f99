"""Dates as articles write them, and the days that each may mean."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from typing import NamedTuple

EARLIEST = 1980
"""No article on the web is older."""

MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
"""The name of a month, for a regular expression that ignores case."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<number>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2}))?(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<number>[01]\d)(?P<day>[0-3]\d)(?!\d)",
        r"(?<![\d./-])(?P<number>\d{1,2})(?P<mark>[-/.])(?P<day>\d{1,2})(?P=mark)(?P<year>(?:(?:19|20)\d\d|\d\d))(?![\d/-])",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,./-]*(?:of\s+)?{MONTH}[\s,./'-]*{_YEAR}",
        rf"\b{MONTH}[\s,./-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b[\s,./-]*(?:at [\d:]+ ?[ap]m[\s,]*)?{_YEAR}",
        rf"\b{MONTH}[\s,./-]*(?:of\s+)?{_YEAR}",
        rf"(?<![\d./-])(?P<number>[01]?\d)[-/.]{_YEAR}",
        # As programs write it: Tue May 6 10:11:12 EDT 2014
        rf"\b{MONTH}\s+(?P<day>\d{{1,2}})\s+[\d:]{{5,8}}(?:\s+[A-Z+\d]{{1,5}})?\s+{_YEAR}",
    )
)
_MAY_BE_DATE = re.compile(r"\d\d")
"""Stands in all of these, and is told at once."""
_ONLY_YEAR = re.compile(r"\W*(?:in\s+)?(?P<year>(?:19|20)\d\d)\W*\Z")
_IN_PATH = re.compile(r"(?:\A|[/\\])(?P<year>(?:19|20)\d\d)[-/\\](?P<number>\d\d)[-/\\](?P<day>\d\d)[-/\\_]")


class Date(NamedTuple):
    """A date in a text: "May 2024" may be any day of the month, 03/04/2025 one of two."""

    first: datetime.date
    last: datetime.date
    """The earliest and the latest day that it may mean."""
    start: int
    end: int
    """Where it stands in the text (half-open, from 0)."""


def dates(text: str, today: datetime.date | None = None) -> Iterator[Date]:
    """The possible dates in `text`, in order, none later than `today`; "May 2024" is none within "5 May 2024"."""
    end = -1
    for date in sorted(_dates(text, today), key=lambda date: (date.start, -date.end)):
        if date.end > end:
            yield date
            end = date.end


def _dates(text: str, today: datetime.date | None) -> Iterator[Date]:
    for pattern in _DATES if _MAY_BE_DATE.search(text) else ():
        for found in pattern.finditer(text):
            date = _date(found, today)
            if date:
                yield date


def date_or_year(text: str, today: datetime.date | None = None) -> Date | None:
    """The first possible date in `text`, or the year that it is all of: "in 2019"."""
    year = _ONLY_YEAR.match(text)
    return next(dates(text, today), year and _date(year, today))


def path_date(path: str, today: datetime.date | None = None) -> Date | None:
    """The date in the names of folders and file: "_posts/2025-03-04-gout.md"."""
    found = _IN_PATH.search(path)
    return _date(found, today) if found else None


def months_between(date: datetime.date, today: datetime.date) -> int:
    """The whole months from `date` to `today`."""
    return 12 * (today.year - date.year) + today.month - date.month - (today.day < date.day)


def _date(found: re.Match[str], today: datetime.date | None) -> Date | None:
    parts = found.groupdict()
    year = int(parts["year"])
    if year < 100:
        year += 2000
    month = int(parts["number"]) if parts.get("number") else 0
    if parts.get("month"):
        month = _MONTHS.index(parts["month"][:3].lower()) + 1
    day = int(parts.get("day") or 0)
    readings = [(year, month, day)]
    if parts.get("mark") and found.start("number") < found.start("year"):
        readings.append((year, day, month))  # 03/04/2025 is read in two ways
    ranges = [
        (first, last)
        for first, last in (_days(*reading) for reading in readings if _is_day(*reading))
        if first.year >= EARLIEST and (today is None or first <= today)
    ]
    if not ranges:
        return None
    return Date(min(first for first, _ in ranges), max(last for _, last in ranges), *found.span())


def _is_day(year: int, month: int, day: int) -> bool:
    """Whether the calendar has such a day; 0 stands for a part that is not said."""
    return month <= 12 and (not day or (month > 0 and day <= calendar.monthrange(year, month)[1]))


def _days(year: int, month: int, day: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day that a year, with perhaps a month and a day, may mean."""
    last_month = month or 12
    return (
        datetime.date(year, month or 1, day or 1),
        datetime.date(year, last_month, day or calendar.monthrange(year, last_month)[1]),
    )
