"""Dates as people and programs write them."""

from __future__ import annotations

import datetime

import pytest

from healthlint.checks.dates import date_or_year, dates, months_between, path_date

TODAY = datetime.date(2026, 7, 1)


def day(year: int, month: int, number: int) -> datetime.date:
    return datetime.date(year, month, number)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-02-01", day(2025, 2, 1), day(2025, 2, 1)),
        ("2024-11-30T10:00:00Z", day(2024, 11, 30), day(2024, 11, 30)),
        ("20241130", day(2024, 11, 30), day(2024, 11, 30)),
        ("5 May 2024", day(2024, 5, 5), day(2024, 5, 5)),
        ("on the 5th of May 2024", day(2024, 5, 5), day(2024, 5, 5)),
        ("May 3rd, 2024", day(2024, 5, 3), day(2024, 5, 3)),
        ("Tue May 6 10:11:12 EDT 2014", day(2014, 5, 6), day(2014, 5, 6)),
        ("March 2025", day(2025, 3, 1), day(2025, 3, 31)),
        ("Feb 2024", day(2024, 2, 1), day(2024, 2, 29)),
        ("12/2024", day(2024, 12, 1), day(2024, 12, 31)),
        ("04/03/2025", day(2025, 3, 4), day(2025, 4, 3)),
        ("13/03/2025", day(2025, 3, 13), day(2025, 3, 13)),
        ("1/21/15", day(2015, 1, 21), day(2015, 1, 21)),
        ("in 2019", day(2019, 1, 1), day(2019, 12, 31)),
    ],
)
def test_a_date_is_the_days_it_may_mean(text: str, first: datetime.date, last: datetime.date) -> None:
    date = date_or_year(text, TODAY)
    assert date is not None
    assert (date.first, date.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["2024-13-45", "31/02/2024", "May 1899", "2031-01-01", "at 10:30", "version 3.2.1"]
)
def test_no_date(text: str) -> None:
    assert date_or_year(text, TODAY) is None


def test_where_it_stands() -> None:
    text = "Updated: 12/2024, first 3 May 2019"
    assert sorted({text[date.start : date.end] for date in dates(text)}) == ["12/2024", "3 May 2019"]


def test_a_later_date_is_one_without_a_calendar() -> None:
    assert date_or_year("2031-01-01") is not None


def test_date_in_a_path() -> None:
    date = path_date("_posts/2025-03-04-gout.md")
    assert date is not None
    assert date.first == day(2025, 3, 4)
    assert path_date("_posts/2025-13-04-gout.md") is None


@pytest.mark.parametrize(
    ("then", "months"),
    [(day(2025, 7, 1), 12), (day(2025, 7, 2), 11), (day(2026, 7, 1), 0), (day(2023, 6, 30), 36)],
)
def test_whole_months(then: datetime.date, months: int) -> None:
    assert months_between(then, TODAY) == months
