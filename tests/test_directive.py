"""A suppression is told from other comments, with its rules, its reason and its place."""

from __future__ import annotations

import pytest

from healthlint.readers.directive import directive


@pytest.mark.parametrize(
    ("comment", "action", "rules", "reason"),
    [
        (
            " healthlint-disable-next-line cure-claim -- an old label ",
            "disable-next-line",
            ("cure-claim",),
            "an old label",
        ),
        ("healthlint-disable-line", "disable-line", (), ""),
        ("healthlint-disable a, b c -- why  it\nstands", "disable", ("a", "b", "c"), "why it stands"),
        ("healthlint-enable", "enable", (), ""),
        (
            "healthlint-disable-file overclaim – typed in a word processor",
            "disable-file",
            ("overclaim",),
            "typed in a word processor",
        ),
        ("healthlint-disable cure-claim — likewise", "disable", ("cure-claim",), "likewise"),
        ("healthlint-disable cure-claim --", "disable", ("cure-claim",), ""),
    ],
)
def test_directives(comment: str, action: str, rules: tuple[str, ...], reason: str) -> None:
    found = directive(comment, 100)
    assert found
    assert (found.action, found.rules, found.reason) == (action, rules, reason)
    assert comment[found.span.start - 100 : found.span.end - 100] == comment.strip()


@pytest.mark.parametrize(
    "comment",
    [
        "healthlint-disabled x",
        " healthlint-disable-nextline cure-claim -- why ",
        "Healthlint-Disable cure-claim",
        "healthlint-disable-next-line cure-claim: a colon instead of dashes",
    ],
)
def test_attempts_are_not_lost(comment: str) -> None:
    found = directive(comment, 7)
    assert found
    assert found.action == "unknown"
    assert comment[found.span.start - 7 : found.span.end - 7] == comment.strip()


@pytest.mark.parametrize(
    "comment", ["", "healthlint", "see healthlint-disable", "eslint-disable x", "healthlint - x"]
)
def test_other_comments(comment: str) -> None:
    assert directive(comment, 0) is None
