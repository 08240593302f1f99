from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthlint.readers.address import Marks, addresses


def found(text: str) -> list[tuple[str, str]]:
    return [(text[address.start : address.end], address.url) for address in addresses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Walk more: https://elm.org/walk?a=1#top.", [("https://elm.org/walk?a=1#top",) * 2]),
        ("HTTPS://Elm.org, FTP://elm.org", [("HTTPS://Elm.org",) * 2, ("FTP://elm.org",) * 2]),
        ("Www.elm.org/rest is where to look", [("Www.elm.org/rest",) * 2]),
        ("www.elm alone is none, nor is awww.elm.org", []),
        ("the study (doi:10.1000/rest.1), 2024", [("doi:10.1000/rest.1", "https://doi.org/10.1000/rest.1")]),
        ("DOI: 10.1000/a(b)c;", [("DOI: 10.1000/a(b)c", "https://doi.org/10.1000/a(b)c")]),
        ("a dose of 10.5 or 110.1000/x", []),
        ("Write to ada.moor+x@elm.org_", [("ada.moor+x@elm.org", "mailto:ada.moor+x@elm.org")]),
        ("mailto:ada@elm.org", [("mailto:ada@elm.org", "mailto:ada@elm.org")]),
        ("two pills @ night", []),
        ("(see https://elm.org/rest_(bed)), then", [("https://elm.org/rest_(bed)",) * 2]),
        ("“https://elm.org/rest”…", [("https://elm.org/rest",) * 2]),
        ("[https://elm.org](https://elm.org)", [("https://elm.org",) * 2] * 2),
        (r"https://elm.org/bed\_rest\*", [(r"https://elm.org/bed\_rest", "https://elm.org/bed_rest")]),
        ("https://elm.org/\ufffc/rest", [("https://elm.org/",) * 2]),
        ("xhttps://elm.org and http:/elm.org", []),
    ],
)
def test_addresses_end_before_the_punctuation_of_the_sentence(text, expected):
    assert found(text) == expected


def test_none_stands_inside_another():
    text = "https://www.elm.org/10.1000/x?to=ada@elm.org www.elm.org"
    assert [(start, end) for start, end, _ in addresses(text)] == [(0, 44), (45, 56)]


def test_only_a_part_of_a_text_is_searched_but_what_stands_before_it_counts():
    text = "See ada@elm.org and www.elm.org/rest."
    assert addresses(text, 20, 31) == [(20, 31, "www.elm.org")]
    assert addresses(text, 5) == [(20, 36, "www.elm.org/rest")]
    assert addresses(text, 0, 8) == []


def test_marks_and_addresses_come_in_order():
    text = "*a* www.elm.org/*b* c@elm.org *d*"
    marks = Marks(re.compile(r"\*"), text)
    assert [marks.next(at)[0] for at in (0, 1, 3, 16, 19, 20)] == ["*", "*", 4, "*", 20, 20]
    assert marks.next(30)[0] == "*"
    assert marks.next(33) is None


@pytest.mark.parametrize("piece", ["a@", "10.", "http://a)", "www.a.", "@a.b", "doi:10.1000/", "http://\\_"])
def test_hostile_text_takes_no_longer_than_other_text(piece):
    addresses(piece * 50_000)


@given(
    st.lists(st.sampled_from(["www.", "a", "@", "10.1000/", "://", "http", ".", ")", "(", " ", "\\_", "*"]))
)
def test_addresses_are_in_order_and_apart(pieces):
    text = "".join(pieces)
    at = 0
    for start, end, _ in addresses(text):
        assert at <= start < end <= len(text)
        at = end
