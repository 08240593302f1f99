"""Numbers to call, and the country of those who read them."""

from __future__ import annotations

from functools import cache

import pytest

from healthlint.checks import CheckSettings
from healthlint.checks.emergency import COUNTRIES
from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rulebook import load_rules
from healthlint.violation import Violation

RULES = [rule for rule in load_rules() if rule.id == "emergency-number-locale"]


@cache
def linter(locale: str) -> Linter:
    return Linter(RULES, checks=CheckSettings(locale=locale))


def violations(text: str, locale: str = "", format: str = "markdown") -> list[Violation]:
    return linter(locale).lint(read_text(text, format=format))


@pytest.mark.parametrize(
    ("locale", "text", "number"),
    [
        ("en-GB", "If he does not wake, call 911.", "911"),
        ("en_GB", "If he does not wake, dial 911 or 000.", "911"),
        ("en-US", "If he does not wake, ring 999.", "999"),
        ("en-AU", "Call 911 at once.", "911"),
        ("en-NZ", "Call 999 at once.", "999"),
        ("en-IN", "Call 911 at once.", "911"),
        ("de-DE", "Call 911 at once.", "911"),
        ("en-GB", "Call or text 988 if you think of suicide.", "988"),
        ("en-US", "Samaritans answer on 116 123.", "116 123"),
        ("en-US", "Call Lifeline on 13 11 14.", "13 11 14"),
        ("en-GB", "If he does not wake, call 9-1-1 now.", "9-1-1"),
        ("en-US", "If he does not wake, call triple zero.", "triple zero"),
    ],
)
def test_a_number_of_another_country(locale: str, text: str, number: str) -> None:
    [found] = violations(text, locale)
    assert (found.text, found.span.start) == (number, text.index(number))
    assert COUNTRIES[locale[-2:]].name in found.message


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("", "Call 911."),
        ("en", "Call 911."),
        ("xx-XX", "Call 911."),
        ("en-GB", "Call 999. In the United States call 911."),
        ("en-GB", "Call 112."),
        ("en-IE", "Call 999."),
        ("es-ES", "Call 112."),
        ("en-NZ", "Call 111."),
        ("en-AU", "Call 000, or Lifeline on 13 11 14."),
        ("en-CA", "Call 911, or 988 if you think of suicide."),
        ("en-IN", "Call 108 for an ambulance."),
        ("en-GB", "Call 911 in America, or your local emergency number."),
        ("en-GB", "Text us on 0800 911 2233."),
        ("en-GB", "The clinic is on 555-911-2000."),
        ("en-GB", "We had to call 911 people back."),
        ("en-GB", "On 9/11 she was at work. Of 911 runners, 120 felt sick."),
        ("en-GB", "The pill has 108 mg."),
        ("en-US", "Dial 9-1-1."),
        ("en-AU", "Ring triple zero (000), or 131114."),
        ("en-GB", "For advice call 111, day and night."),
    ],
)
def test_no_fault(locale: str, text: str) -> None:
    assert violations(text, locale) == []


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("---\nlang: en-GB\n---\n\nCall 911.", "markdown"),
        ("---\nlocale: en_GB\n---\n\nCall 911.", "markdown"),
        ("---\nlanguage: en-GB\n---\n\nCall 911.", "markdown"),
        ('<html lang="en-GB"><p>Call 911.</p></html>', "html"),
        ('<meta property="og:locale" content="en_GB"><p>Call 911.</p>', "html"),
    ],
)
def test_what_the_article_says_of_itself_goes_before_the_configuration(text: str, format: str) -> None:
    [found] = violations(text, "en-US", format)
    assert found.message == "“911” is no number of the United Kingdom; there it is 999 or 112."


def test_a_language_leaves_the_country_to_the_configuration() -> None:
    assert len(violations("---\nlang: en\n---\n\nCall 911.", "en-AU")) == 1


def test_the_retired_line() -> None:
    [found] = violations("In a crisis call 1-800-273-8255.")
    assert found.message == "“1-800-273-8255” is a retired line; the number is now 988."
    assert violations("In a crisis call 988 (before 2022, people had to call 1-800-273-8255).") == []


def test_the_advice_line_is_not_for_when_life_is_in_danger() -> None:
    [found] = violations("If she is unconscious, call 111.", "en-GB")
    assert found.message == "“111” is for advice; when life is in danger it is 999 or 112."
    assert violations("If she is unconscious, call 999. For a rash call 111.", "en-GB") == []


def test_every_country_has_an_emergency_number_of_digits() -> None:
    assert all(
        country.emergency and all(number.isdigit() for number in country.emergency)
        for country in COUNTRIES.values()
    )
