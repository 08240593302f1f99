"""Who speaks, on whose word, and whether it was software."""

from __future__ import annotations

import pytest
from checked import places

from healthlint.checks import authority
from healthlint.rule import Rule


@pytest.mark.parametrize(
    ("front", "place"),
    [
        ("author: Alex Kim", ["Alex Kim"]),
        ("author: Alex Kim, RN", []),
        ("author: Alex Kim MD", []),
        ("author: Prof. Alex Kim", []),
        ("author: Nurse Alex Kim", []),
        ("author: Alex Kim, dietitian", []),
        ("author: Alex Kim\nauthor_title: Pharmacist", []),
        ("author: Alex Kim\nauthor_url: /people/kim", []),
        ("author:\n  name: Alex Kim\n  bio: Twenty years on a ward", []),
        ("author:\n  name: Alex Kim\n  twitter: kim", ["Alex Kim"]),
        ("author: admin", []),
        ("title: Gout", []),
    ],
)
def test_credentials_in_front_matter(rules: list[Rule], front: str, place: list[str]) -> None:
    assert (
        places(rules, authority.no_credentials, f"---\n{front}\n---\n# Gout\n\nBeer brings it on.") == place
    )


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("By Alex Kim", ["Alex Kim"]),
        ("By Alex Kim, MRCP", []),
        ("By [Alex Kim](/people/kim)", []),
        ("By Alex Kim\n\nBeer brings it on.\n\n**Alex Kim** is a practice nurse in Leeds.", []),
        ("By Alex Kim\n\nBeer brings it on.\n\nAlex Kim (RD) runs our clinic.", []),
        ("By Alex Kim\n\nBeer brings it on. Ask your doctor.", ["Alex Kim"]),
    ],
)
def test_credentials_in_bylines(rules: list[Rule], line: str, place: list[str]) -> None:
    assert places(rules, authority.no_credentials, f"# Gout\n\n{line}") == place


def test_sources_that_sell(rules: list[Rule]) -> None:
    text = (
        "# Sleep tea\n\nSteep it well.\n\n## References\n\n"
        "1. [A tea that calms](https://www.prnewswire.com/tea)\n2. Customer reviews, our shop\n"
    )
    assert places(rules, authority.low_sources, text) == ["A tea that calms"]
    assert places(rules, authority.low_sources, text + "3. NHS. Insomnia. 2023.\n") == []
    assert places(rules, authority.low_sources, text.replace("## References", "## Shops")) == []


@pytest.mark.parametrize(
    ("front", "place"),
    [
        ("ai_generated: true", ["true"]),
        ("generator: gpt-4o", ["gpt-4o"]),
        ("generated_by: Claude", ["Claude"]),
        ("ai_generated: false", []),
        ("generator: Hugo 0.120", []),
        ("ai_generated: true\nreviewed_by: Lin Wu, GP", []),
        ("ai_generated: true\nreviewed_by: admin", ["true"]),
    ],
)
def test_software_that_writes(rules: list[Rule], front: str, place: list[str]) -> None:
    text = f"---\n{front}\n---\n# Gout\n\nBeer brings it on."
    assert places(rules, authority.undisclosed_ai, text) == place
    assert (
        places(rules, authority.undisclosed_ai, text + "\n\nThis text was drafted with the help of AI.") == []
    )
