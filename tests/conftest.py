"""What several tests need: the built-in rules, loaded once."""

from __future__ import annotations

import pytest

from healthlint.linter import Linter
from healthlint.rule import Rule
from healthlint.rulebook import load_rules

CLAIM_KINDS = ("phrases", "tokens")


@pytest.fixture(scope="session")
def rules() -> list[Rule]:
    return load_rules()


@pytest.fixture(scope="session")
def claims(rules: list[Rule]) -> Linter:
    """A linter with the rules that judge sentences, and none about the whole document."""
    return Linter([rule for rule in rules if rule.default and (rule.phrases or rule.tokens)])
