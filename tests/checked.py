"""What one check finds in a text, as the source that it points at."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace

from healthlint.checks import CheckSettings
from healthlint.page import Page
from healthlint.readers import read_text
from healthlint.rule import Match, Rule

TODAY = datetime.date(2026, 7, 1)

Check = Callable[[Page, CheckSettings], Iterator[Match]]


def page(
    rules: list[Rule], text: str, *, format: str = "markdown", path: str = "a.md", kind: str = ""
) -> Page:
    """The page that a text makes."""
    return Page(read_text(text, format=format, path=path), rules[0].vocabulary, kind)


def found(
    rules: list[Rule],
    check: Check,
    text: str,
    *,
    format: str = "markdown",
    kind: str = "",
    **settings: object,
) -> list[tuple[str, dict[str, str]]]:
    """The source of each match, and its details."""
    chosen = replace(CheckSettings(today=TODAY), **settings)  # type: ignore[arg-type]
    matches = check(page(rules, text, format=format, kind=kind), chosen)
    return [(text[match.span.start : match.span.end], dict(match.details)) for match in matches]


def places(rules: list[Rule], check: Check, text: str, **settings: object) -> list[str]:
    """The source of each match."""
    return [source for source, _ in found(rules, check, text, **settings)]  # type: ignore[arg-type]
