"""Links, codes and sponsors that earn money, and whether the article says so."""

from __future__ import annotations

import pytest
from checked import places

from healthlint.checks import interest
from healthlint.rule import Rule


def undisclosed(rules: list[Rule], text: str, format: str = "markdown", kind: str = "") -> list[str]:
    return places(rules, interest.undisclosed, text, format=format, kind=kind)


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("Try [this brace](https://amzn.to/abc).", "this brace"),
        ("Try [this brace](https://www.amazon.co.uk/dp/B0?tag=wrists-21).", "this brace"),
        ("Try [this brace](https://seller.example.com/brace?affid=9).", "this brace"),
        ("Try [this brace](https://track.hop.clickbank.net/?affiliate=x).", "this brace"),
        ("[Order now](https://seller.example.com/?ref=wrists).", "Order now"),
        ("[Shop braces](https://seller.example.com/products/brace).", "Shop braces"),
        ("The [Lumo brace](/products/lumo) is firm.", "Lumo brace"),
        ("The [Lumo brace](/go/aff/lumo) is firm.", "Lumo brace"),
        ("Enter promo code WRIST-20 to save.", "promo code WRIST-20"),
    ],
)
def test_who_earns(rules: list[Rule], link: str, place: str) -> None:
    text = f"# Wrist braces\n\nA brace rests the wrist.\n\n{link}"
    assert undisclosed(rules, text) == [place]
    assert undisclosed(rules, text.replace("A brace", "This page holds affiliate links. A brace")) == []


@pytest.mark.parametrize(
    "link",
    [
        "See the [NHS page](https://www.nhs.uk/conditions/wrist-pain/?tag=wrist).",
        "See the [standard](https://store.iso.org/products/1234).",
        "See [chapter two](/chapters/two?ref=menu).",
        "The [book](https://www.amazon.com/dp/B0) is out of print.",
        "The nurse types a code for each brace.",
        "![A brace](https://seller.example.com/products/brace.jpg?affid=9)",
    ],
)
def test_who_does_not(rules: list[Rule], link: str) -> None:
    assert undisclosed(rules, f"# Wrist braces\n\nA brace rests the wrist.\n\n{link}") == []


def test_a_notice_below_the_link_comes_too_late(rules: list[Rule]) -> None:
    link = "[This brace](https://amzn.to/abc) is firm."
    notice = "We earn a small commission when you buy."
    assert undisclosed(rules, f"# Braces\n\n{link}\n\n{notice}") == ["This brace"]
    assert undisclosed(rules, f"# Braces\n\n{notice}\n\n{link}") == []


def test_a_shop_is_plainly_one(rules: list[Rule]) -> None:
    text = "# Braces\n\nThe [Lumo brace](/shop/lumo) is firm."
    assert undisclosed(rules, text, kind="shop") == []
    assert undisclosed(rules, text) == ["Lumo brace"]
    assert undisclosed(rules, "# Braces\n\nSee [our shop](/shop), or [buy one now](/shop/lumo).") == []
    # ... but not who pays it for links to others.
    assert undisclosed(rules, "# Braces\n\n[Softer one](https://amzn.to/abc).", kind="shop") == ["Softer one"]


def test_sponsored_metadata(rules: list[Rule]) -> None:
    text = "---\ntitle: Braces\nsponsor: BraceCo\n---\nA brace rests the wrist."
    assert undisclosed(rules, text) == ["BraceCo"]
    assert undisclosed(rules, text.replace("---\nA brace", "---\nPaid for by BraceCo. A brace")) == []
    assert undisclosed(rules, text.replace("BraceCo", "false")) == []


def test_menus_are_not_the_article(rules: list[Rule]) -> None:
    text = '<nav><a href="/shop">Shop</a></nav><main><h1>Braces</h1><p>A brace rests the wrist.</p></main>'
    assert undisclosed(rules, text, "html") == []
