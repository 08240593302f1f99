"""Bars that show how much was found of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from healthlint.rule import SEVERITIES

_TONES = (*reversed(SEVERITIES), "known")


class Part(NamedTuple):
    """A stretch of a bar, in percent of the room there is."""

    tone: str
    start: float
    width: float


class Bar(NamedTuple):
    """One line of a chart."""

    name: str
    counts: Mapping[str, int]
    """How much of each tone, from left to right."""
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """How much of all tones."""
        return sum(self.counts.values())


def bars(tones: Iterable[tuple[str, str]]) -> list[Bar]:
    """A bar for each name among pairs of a name and a tone, the longest first; that one takes all the room."""
    found: dict[str, Counter[str]] = {}
    for name, tone in tones:
        found.setdefault(name, Counter())[tone] += 1
    most = max((counts.total() for counts in found.values()), default=0)
    return sorted(
        (
            bar(name, {tone: counts[tone] for tone in _TONES if counts[tone]}, most)
            for name, counts in found.items()
        ),
        key=lambda each: (-each.total, each.name),
    )


def trend(known: int, gone: int, new: int) -> list[Bar]:
    """What the baseline had, and what there is now."""
    most = max(known + gone, known + new, 1)
    return [
        bar("Baseline", {"known": known, "gone": gone}, most),
        bar("Now", {"known": known, "new": new}, most),
    ]


def bar(name: str, counts: Mapping[str, int], most: int) -> Bar:
    """The bar of `counts` where a count of `most` takes all the room."""
    parts, before = [], 0
    for tone, count in counts.items():
        parts.append(Part(tone, round(100 * before / most, 2), round(100 * count / most, 2)))
        before += count
    return Bar(name, counts, tuple(parts))
