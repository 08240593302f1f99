"""The notice of 21 CFR 101.93, there and word for word."""

from __future__ import annotations

from checked import places

from healthlint.checks import statutory
from healthlint.rule import Rule

NOTICE = (
    "*These statements have not been evaluated by the Food and Drug Administration. This product is not intended to "
    "diagnose, treat, cure, or prevent any disease.*"
)
PAGE = "# Night drops\n\nNight drops support restful sleep and maintain healthy blood pressure.\n\n60 ml."


def test_missing(rules: list[Rule]) -> None:
    def missing(text: str, kind: str = "shop") -> list[str]:
        return places(rules, statutory.dshea_missing, text, kind=kind)

    assert missing(PAGE) == ["support restful sleep"]
    assert missing(f"{PAGE}\n\n{NOTICE}") == []
    assert missing(f"{PAGE}\n\n{NOTICE.partition('. ')[0]}.*") == ["support restful sleep"]
    assert missing(PAGE, kind="clinic") == []
    assert missing("# Night drops\n\nVegan, 60 ml.") == []


def test_reworded(rules: list[Rule]) -> None:
    def reworded(text: str) -> list[str]:
        return places(rules, statutory.dshea_reworded, text)

    assert reworded(f"{PAGE}\n\n{NOTICE}") == []
    assert reworded(NOTICE.replace(", or prevent", "")) == [
        "This product is not intended to diagnose, treat, cure any disease."
    ]
    assert reworded(NOTICE.replace("have not been evaluated", "were never reviewed")) == [
        "These statements were never reviewed by the Food and Drug Administration."
    ]
    assert reworded("The Food and Drug Administration evaluated the tablet in 2019.") == []
