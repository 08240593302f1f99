"""Whether the numbers that an article tells its readers to call are those of their country."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from healthlint.checks import CheckSettings
from healthlint.document import bare
from healthlint.language import Sentence, tokens
from healthlint.page import Page
from healthlint.rule import Match, words_match


class Country(NamedTuple):
    """Whom to call in a country."""

    name: str
    """As in “not a number of …”."""
    emergency: tuple[str, ...]
    """Emergency numbers, the one to name first."""
    others: tuple[str, ...] = ()
    """Numbers for people in crisis, for poisonings and for advice."""


_US_LINES = ("988", "741741", "1-800-222-1222")
_UK_LINES = ("111", "116 123", "85258", "0800 1111")

COUNTRIES: Mapping[str, Country] = {
    "US": Country("the United States", ("911",), _US_LINES),
    "CA": Country("Canada", ("911",), (*_US_LINES, "811", "686868", "1-844-764-7669")),
    "GB": Country("the United Kingdom", ("999", "112"), _UK_LINES),
    "IE": Country("Ireland", ("112", "999"), ("116 123", "50808")),
    "AU": Country("Australia", ("000", "112"), ("13 11 14", "13 11 26", "1300 22 4636")),
    "NZ": Country("New Zealand", ("111",), ("1737", "0800 764 766")),
    "IN": Country("India", ("112", "108", "102", "100"), ("14416",)),
    "ZA": Country("South Africa", ("10177", "112", "10111")),
    "SG": Country("Singapore", ("995", "999")),
    "HK": Country("Hong Kong", ("999", "112")),
    "MY": Country("Malaysia", ("999", "112")),
    "PH": Country("the Philippines", ("911",)),
    "PK": Country("Pakistan", ("1122", "115")),
    "BD": Country("Bangladesh", ("999",)),
    "LK": Country("Sri Lanka", ("1990", "119")),
    "NG": Country("Nigeria", ("112", "767")),
    "KE": Country("Kenya", ("999", "112")),
    "GH": Country("Ghana", ("112", "193")),
    "AE": Country("the United Arab Emirates", ("998", "999", "112")),
    "IL": Country("Israel", ("101", "112")),
    "JP": Country("Japan", ("119",)),
    "KR": Country("South Korea", ("119", "112")),
    "CN": Country("China", ("120",)),
    "BR": Country("Brazil", ("192",)),
    "MX": Country("Mexico", ("911",)),
    "CH": Country("Switzerland", ("144", "112")),
    "NO": Country("Norway", ("113", "112")),
    "IS": Country("Iceland", ("112",)),
    "TR": Country("Turkey", ("112",)),
    "AT": Country("Austria", ("112", "144")),
    "FR": Country("France", ("112", "15")),
    "IT": Country("Italy", ("112", "118")),
    "GR": Country("Greece", ("112", "166")),
    "PL": Country("Poland", ("112", "999")),
    **{
        code: Country(name, ("112",))
        for code, name in {
            "BE": "Belgium",
            "BG": "Bulgaria",
            "CY": "Cyprus",
            "CZ": "Czechia",
            "DE": "Germany",
            "DK": "Denmark",
            "EE": "Estonia",
            "ES": "Spain",
            "FI": "Finland",
            "HR": "Croatia",
            "HU": "Hungary",
            "LT": "Lithuania",
            "LU": "Luxembourg",
            "LV": "Latvia",
            "MT": "Malta",
            "NL": "the Netherlands",
            "PT": "Portugal",
            "RO": "Romania",
            "SE": "Sweden",
            "SI": "Slovenia",
            "SK": "Slovakia",
        }.items()
    },
}
"""By ISO 3166 code. Numbers that several countries share are in each of them."""

RETIRED = {"1-800-273-8255": "988", "1-800-273-TALK": "988"}
"""Lines that another number has replaced."""

WRITTEN = {
    "9-1-1": "911",
    "9-9-9": "999",
    "9-8-8": "988",
    "741-741": "741741",
    "triple zero": "000",
    "triple 0": "000",
    "triple nine": "999",
    "131114": "13 11 14",
    "131126": "13 11 26",
    "116123": "116 123",
    "116-123": "116 123",
}
"""Other ways to write a number, and how the tables have it."""

_FIELDS = ("lang", "locale", "language", "oglocale", "contentlanguage", "inlanguage")
_LOCALE = re.compile(r"[A-Za-z]{2,3}[-_](?:[A-Za-z]{4}[-_])?(?P<country>[A-Za-z]{2})\b")

_CALLING = frozenset("call calling dial dials dialling dialing ring ringing phone phoning telephone".split())
_NAMING = frozenset("text texting contact number line lifeline helpline hotline samaritans on at".split())
"""Before a number that is known everywhere or is long, these do as well: “Samaritans on 116 123”."""
_FAMOUS = frozenset(["911", "988", "999"])
_AFTER = frozenset(
    """
    or and if for in now immediately straight right at as when to on from the then without urgently first before
    because day free any is so
    """.split()
)
"""What may stand after a short number, where "call 100 people" goes on otherwise."""
_SHORT = 4
"""A number of so many characters at most could count something as well."""
_REACH = 7
"""So many words before a number, or between it and another, words still say that it is to be called."""

_LIFE_THREATENING = frozenset(
    """
    unconscious unresponsive stroke choking anaphylaxis breathing breathe breathless bleeding collapse collapses
    collapsed threatening emergency emergencies
    """.split()
)


class _Called(NamedTuple):
    number: str
    sentence: Sentence
    first: int
    last: int


def number_locale(page: Page, settings: CheckSettings) -> Iterator[Match]:
    """The first number to call that is not one of the readers' country, when none of the article's is; and a retired line.

    Where the readers live is what the article says of itself ("en-GB"), else what the configuration says. A language
    without a country says nothing.
    """
    called = list(_called(page))
    said = {each.number for each in called}
    for each in called:
        if each.number in RETIRED and RETIRED[each.number] not in said:
            yield _match(each, f"is a retired line; the number is now {RETIRED[each.number]}")
            return
    country = COUNTRIES.get(_country(page) or _of_locale(settings.locale))
    if country is None or not called or page.signals("emergency-in-words"):
        return
    own = {*country.emergency, *country.others}
    named = " or ".join(country.emergency[:2])
    if said.isdisjoint(own):
        foreign = next((each for each in called if each.number not in RETIRED), None)
        if foreign:
            instead = f"; there it is {named}" if foreign.number in _EMERGENCY else ""
            yield _match(foreign, f"is no number of {country.name}{instead}")
    elif country.name == "the United Kingdom" and said.isdisjoint(country.emergency):
        for each in called:
            if each.number == "111" and _is_life_threatening(each.sentence):
                yield _match(each, f"is for advice; when life is in danger it is {named}")
                return


def _match(called: _Called, fault: str) -> Match:
    words = words_match(called.sentence, called.first, called.last + 1)
    return words._replace(details={"fault": fault})


def _country(page: Page) -> str:
    """The code of the country that the article names as its own; "" when it names none."""
    fields = [each for name in _FIELDS for each in page.document.fields if bare(each.name) == name]
    return next((code for each in fields if (code := _of_locale(each.value))), "")


def _of_locale(locale: str) -> str:
    found = _LOCALE.fullmatch(locale.strip())
    code = found["country"].upper() if found else ""
    return {"UK": "GB"}.get(code, code)


def _numbers() -> dict[tuple[str, ...], str]:
    """The words of each number, in all ways to write it, and the number."""
    every = {
        number for country in COUNTRIES.values() for number in (*country.emergency, *country.others)
    } | RETIRED.keys()
    written = {**{number: number for number in sorted(every)}, **WRITTEN}
    return {tuple(token.word for token in tokens(way)): number for way, number in written.items()}


_NUMBERS = _numbers()
_FIRST_WORDS = frozenset(words[0] for words in _NUMBERS)
_LONGEST = max(map(len, _NUMBERS))
_EMERGENCY = frozenset(number for country in COUNTRIES.values() for number in country.emergency)


def _called(page: Page) -> Iterator[_Called]:
    """The numbers that the visible article tells its readers to call, in order."""
    for sentence in page.sentences(_FIRST_WORDS):
        if not sentence.block.is_visible:
            continue
        calling = naming = -_REACH - 1
        for at, word in enumerate(sentence.words):
            if word in _CALLING:
                calling = at
            elif word in _NAMING:
                naming = at
            elif word in _FIRST_WORDS:
                words = next(
                    (
                        sentence.words[at:end]
                        for end in range(at + _LONGEST, at, -1)
                        if sentence.words[at:end] in _NUMBERS
                    ),
                    (),
                )
                number, end = _NUMBERS.get(words, ""), at + len(words)
                is_long = len(number) > _SHORT
                is_known = is_long or number in _FAMOUS
                reached = at - (max(calling, naming) if is_known else calling) <= _REACH
                if (
                    number
                    and reached
                    and not _is_part(sentence, at, end)
                    and (is_long or _ends(sentence, end))
                ):
                    calling = end - 1
                    yield _Called(number, sentence, at, end - 1)


def _ends(sentence: Sentence, end: int) -> bool:
    """Whether nothing that could be counted stands behind a number."""
    return end == len(sentence.words) or bool(sentence.breaks[end]) or sentence.words[end] in _AFTER


def _is_part(sentence: Sentence, first: int, end: int) -> bool:
    """Whether the words are a part of a longer number: the "911" of "555-911-2000"."""
    words, text = sentence.words, sentence.block.text
    before = first > 0 and words[first - 1][0].isdigit()
    after = end < len(words) and words[end][0].isdigit()
    return (before and _joined(text[sentence.tokens[first - 1].end : sentence.tokens[first].start])) or (
        after and _joined(text[sentence.tokens[end - 1].end : sentence.tokens[end].start])
    )


def _joined(between: str) -> bool:
    return between.strip() in ("", "-", "–", ")", ") ", ".")


def _is_life_threatening(sentence: Sentence) -> bool:
    words = sentence.vocabulary_words
    return not _LIFE_THREATENING.isdisjoint(words) and words.isdisjoint({"non", "not", "isn't"})
