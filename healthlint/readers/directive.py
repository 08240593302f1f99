"""Suppressions written in an article's comments."""

from __future__ import annotations

import datetime
import re
from typing import get_args

from healthlint.document import Action, Directive
from healthlint.span import Span

_DIRECTIVE = re.compile(
    r"\s*(?P<whole>healthlint-(?P<action>[a-z-]+)(?P<rules>(?:[ \t,]+(?!--|until=)[\w-]+)*)"
    r"(?:[ \t,]+until=(?P<until>[\d-]+))?"
    r"(?:\s+(?:--|–|—)(?:\s*+(?P<reason>.+))?)?)\Z",
    re.DOTALL,
)
_ATTEMPT = re.compile(r"\s*(?P<whole>healthlint-\S.*)", re.DOTALL | re.IGNORECASE)
_ACTIONS: dict[str, Action] = {action: action for action in get_args(Action) if action != "unknown"}


def directive(comment: str, offset: int) -> Directive | None:
    """The directive that `comment` holds, or None when it holds none.

    `comment` is the source text between the comment marks, `offset` where it begins in the source.
    """
    comment = comment.rstrip()
    found = _DIRECTIVE.match(comment)
    if found and found["action"] in _ACTIONS and is_date(found["until"] or ""):
        start, end = found.span("whole")
        return Directive(
            _ACTIONS[found["action"]],
            tuple(re.findall(r"[\w-]+", found["rules"])),
            " ".join((found["reason"] or "").split()),
            Span(offset + start, offset + end),
            found["until"] or "",
        )
    attempt = _ATTEMPT.match(comment)
    if attempt:
        start, end = attempt.span("whole")
        return Directive("unknown", (), "", Span(offset + start, offset + end))
    return None


def is_date(until: str) -> bool:
    """Whether `until` is a day as it is written in ISO 8601, or nothing."""
    try:
        return not until or datetime.date.fromisoformat(until).isoformat() == until
    except ValueError:
        return False
