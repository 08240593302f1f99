"""What several tests need: the built-in rules, loaded once."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from healthlint.linter import Linter
from healthlint.rule import Rule
from healthlint.rulebook import load_rules

# In CI the same examples are tried each time, so that a change is never refused for a find that is not its own.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def rules() -> list[Rule]:
    return load_rules()


@pytest.fixture(scope="session")
def claims(rules: list[Rule]) -> Linter:
    """A linter with the rules that judge sentences, and none about the whole document."""
    return Linter([rule for rule in rules if rule.default and (rule.phrases or rule.tokens)])
