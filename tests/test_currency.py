"""Articles that are due for review, and sources that are old."""

from __future__ import annotations

import datetime

import pytest
from checked import found, places

from healthlint.checks import currency
from healthlint.rule import Rule

BODY = "# Ear wax\n\nWarm oil softens it."


def overdue(rules: list[Rule], text: str, limit: int = 36, **settings: object) -> list[str]:
    return places(rules, currency.review_overdue, text, limit=limit, **settings)


def test_what_it_says(rules: list[Rule]) -> None:
    [(value, details)] = found(
        rules, currency.review_overdue, f"---\nlast_reviewed: 2019-06-01\n---\n{BODY}", limit=36
    )
    assert value == "2019-06-01"
    assert details == {"reason": "last reviewed 2019-06-01, 85 months ago, the limit is 36"}


@pytest.mark.parametrize(
    ("front", "place"),
    [
        ("date: 2016-01-01", ["2016-01-01"]),
        ("date: 2016-01-01\nlastmod: 2018-01-01", ["2018-01-01"]),
        ("lastmod: 2026-01-01\nlast_reviewed: 2018-01-01", ["2018-01-01"]),
        ("date: 2016-01-01\nreviewed: 2025-01-01", []),
        ("next_review: 2023-01-01", ["2023-01-01"]),
        ("next_review_date: 2026-06-30", ["2026-06-30"]),
        ("review_by: 2027-01-01\nlast_reviewed: 2019-01-01", []),
        ("next_review: 2024-01-01\nlast_reviewed: 2025-01-01", []),
        ("archived: true\ndate: 2009-01-01", []),
        ("status: archived\ndate: 2009-01-01", []),
        ("archived: false\ndate: 2009-01-01", ["2009-01-01"]),
        ("expires: 2020-01-01", []),
        ("date: soon", []),
    ],
)
def test_front_matter(rules: list[Rule], front: str, place: list[str]) -> None:
    assert overdue(rules, f"---\n{front}\n---\n{BODY}") == place


@pytest.mark.parametrize(
    ("tail", "place"),
    [
        ("Page last reviewed: 4 March 2021", ["4 March 2021"]),
        ("Page last reviewed: 4 March 2021\n\nNext review due: 4 March 2024", ["4 March 2024"]),
        ("Last reviewed: March 2024. Next review due: March 2027.", []),
        ("Last updated: 07/2023", []),
        ("Last updated: 05/2023", ["05/2023"]),
        ("A trial of May 1998 found no harm.", []),
    ],
)
def test_visible_lines(rules: list[Rule], tail: str, place: list[str]) -> None:
    assert overdue(rules, f"{BODY}\n\n{tail}") == place


@pytest.mark.parametrize(
    "title",
    ["Ibuprofen for children", "Eating well in pregnancy", "Long COVID", "The flu vaccine", "Your medicines"],
)
def test_some_subjects_age_within_a_year(rules: list[Rule], title: str) -> None:
    text = f"---\nlast_reviewed: 2025-03-01\n---\n# {title}\n\nAsk a pharmacist."
    assert overdue(rules, text) == ["2025-03-01"]
    assert overdue(rules, text.replace("2025-03", "2026-03")) == []
    assert overdue(rules, text.replace(f"# {title}", "# Ear wax")) == []


def test_a_passing_mention_makes_no_subject(rules: list[Rule]) -> None:
    assert (
        overdue(rules, "---\nlast_reviewed: 2025-03-01\n---\n# Back pain\n\nIbuprofen may help in pregnancy.")
        == []
    )


def test_the_limit_is_the_rules(rules: list[Rule]) -> None:
    text = f"---\nlast_reviewed: 2025-01-01\n---\n{BODY}"
    assert overdue(rules, text, limit=12) == ["2025-01-01"]
    assert overdue(rules, text, limit=18) == []


def test_without_a_calendar_nothing_is_too_old(rules: list[Rule]) -> None:
    assert overdue(rules, f"---\ndate: 1999-01-01\n---\n{BODY}", today=None) == []


def test_outdated_sources(rules: list[Rule]) -> None:
    text = (
        "# Bunions\n\nWear wide shoes.\n\n## References\n\n1. Ruiz P. Shoes. Lancet 1998;351:7.\n"
        "2. Lee A. Bunions in dancers. BMJ 2009;338:1-9. Accessed 3 May 2026.\n"
    )
    [(entry, details)] = found(rules, currency.outdated_sources, text, limit=10)
    assert entry.startswith("Lee A. Bunions")
    assert details == {"year": "2009", "limit": "10"}
    assert not places(rules, currency.outdated_sources, text, limit=17)
    assert not places(rules, currency.outdated_sources, text.replace("2009;", "2019;"), limit=10)
    assert not places(
        rules, currency.outdated_sources, text.replace("# Bunions", "# A history of bunions"), limit=10
    )
    assert not places(rules, currency.outdated_sources, text, limit=10, today=None)
    assert places(rules, currency.outdated_sources, text, limit=10, today=datetime.date(2020, 1, 1))
