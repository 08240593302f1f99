"""The notice of 21 CFR 101.93, there and word for word."""

from __future__ import annotations

from checked import places

from healthlint.checks import statutory
from healthlint.rule import Rule

EVALUATED = "been evaluated by the Food and Drug Administration."


def notice(number: str = "These statements have", aims: str = "diagnose, treat, cure, or prevent") -> str:
    """Both sentences of the notice, as they are printed at the foot of a label."""
    return f"*{number} not {EVALUATED} This product is not intended to {aims} any disease.*"


NOTICE = notice()
WORD_FOR_WORD = [
    notice(number, aims)
    for number in ("This statement has", "These statements have")
    for aims in ("diagnose, treat, cure, or prevent", "diagnose, treat, cure or prevent")
]
PAGE = "# Night drops\n\nNight drops support restful sleep and maintain healthy blood pressure.\n\n60 ml."


def test_missing(rules: list[Rule]) -> None:
    def missing(text: str, kind: str = "shop") -> list[str]:
        return places(rules, statutory.dshea_missing, text, kind=kind)

    assert missing(PAGE) == ["support restful sleep"]
    for text in WORD_FOR_WORD:
        assert missing(f"{PAGE}\n\n{text}") == []
        assert missing(f"# Collagen\n\nPromotes joint flexibility.†\n\n†{text.strip('*')}") == []
    assert missing(f"{PAGE}\n\n{NOTICE.partition('. ')[0]}.*") == ["support restful sleep"]
    assert missing(PAGE, kind="clinic") == []
    assert missing("# Night drops\n\nVegan, 60 ml.") == []


def test_reworded(rules: list[Rule]) -> None:
    def reworded(text: str) -> list[str]:
        return places(rules, statutory.dshea_reworded, text)

    for text in WORD_FOR_WORD:
        assert reworded(f"{PAGE}\n\n{text}") == []
    assert reworded(NOTICE.replace(", or prevent", "")) == [
        "This product is not intended to diagnose, treat, cure any disease."
    ]
    assert reworded(NOTICE.replace("have not been evaluated", "were never reviewed")) == [
        "These statements were never reviewed by the Food and Drug Administration."
    ]
    assert reworded("The Food and Drug Administration evaluated the tablet in 2019.") == []
