"""Every rule stands on a source that somebody has seen, and the register says what was seen, where and when."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

import pytest

from healthlint.rule import Rule
from healthlint.rulebook import Source, rulebook

BOOK = rulebook()
SOURCES = list(BOOK.sources.values())
SEEN = ("verified", "secondary")
LAW_HOSTS = (
    "ecfr.gov",
    "eur-lex.europa.eu",
    "federalregister.gov",
    "legislation.gov.au",
    "legislation.gov.uk",
)
LAW_TITLE = re.compile(r"\b(?:Act|CFR|Code|Directive|Instrument|Regulations?)\b")

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.key)


@each_source
def test_a_source_says_what_it_is_and_where(source: Source) -> None:
    assert source.title
    assert source.body
    address = urlsplit(source.url)
    assert address.scheme == "https"
    assert "." in address.netloc
    assert re.fullmatch(r"(?:1[89]|20)\d\d|", source.year)


@each_source
def test_a_source_says_who_saw_it_when(source: Source) -> None:
    assert source.status in (*SEEN, "unverified")
    # The clock of the machine is no witness: a check out of this project's time is a slip of the pen.
    assert 2026 <= date.fromisoformat(source.checked).year < 2100


@each_source
def test_a_law_names_its_jurisdiction(source: Source) -> None:
    law = LAW_TITLE.search(source.title) or urlsplit(source.url).netloc.endswith(LAW_HOSTS)
    assert re.fullmatch("[A-Z]{2}" if law else "(?:[A-Z]{2})?", source.jurisdiction)


def test_no_two_sources_are_one() -> None:
    assert len({source.url.rstrip("/") for source in SOURCES}) == len(SOURCES)


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_a_rule_cites_the_register_and_something_seen(rule: Rule) -> None:
    assert set(rule.sources) <= set(BOOK.sources)
    assert any(BOOK.sources[key].status in SEEN for key in rule.sources)
    assert len(set(rule.sources)) == len(rule.sources)


def test_no_source_is_unused() -> None:
    cited = {key for rule in BOOK.rules for key in rule.sources}
    assert sorted(set(BOOK.sources) - cited) == []
