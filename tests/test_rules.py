"""Every built-in rule proves itself against its own examples; so does the example rule of a user."""

from __future__ import annotations

from pathlib import Path

import pytest

from healthlint.rule import Rule
from healthlint.rulebook import BUILTIN, load_rules, rulebook
from healthlint.testing import proofs, verify

RULES = load_rules()
BUILD_FIRST = {
    "disclaimer-missing",
    "disclaimer-incomplete",
    "disclaimer-contradicted",
    "cure-claim",
    "hedged-cure-claim",
    "permanent-fix",
    "guaranteed-outcome",
    "absolute-effectiveness",
    "instant-results",
    "miracle-language",
    "secret-or-suppressed-remedy",
    "no-side-effects",
    "absolutely-safe",
    "natural-is-safe",
    "sole-cause",
    "universal-causation",
    "inevitable-harm",
    "weasel-source",
    "no-professional-referral",
    "discourages-professional-care",
    "stop-medication",
    "replaces-treatment",
    "no-sources",
    "no-dates",
    "cauda-equina-signpost",
    "suicide-crisis-signpost",
    "no-author",
    "no-medical-reviewer",
    "root-cause",
    "referral-only-in-disclaimer",
    "disclaimer-liability-only",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_proves_itself(rule: Rule) -> None:
    assert [str(problem) for problem in proofs(rule, RULES)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_is_complete(rule: Rule) -> None:
    assert Path(rule.path).parent.name == rule.family
    assert len(rule.bad) >= 5
    assert len(rule.good) >= 8
    assert len({example.text for example in (*rule.bad, *rule.good)}) == len(rule.bad) + len(rule.good)


def test_the_promised_rules_are_there() -> None:
    assert {rule.id for rule in RULES} >= BUILD_FIRST


def test_every_cited_source_is_in_the_register_and_has_an_address() -> None:
    book = rulebook()
    for source in book.sources.values():
        assert source.url.startswith(("https://", "http://")), source.key
        assert source.status in ("verified", "secondary", "unverified")


def test_the_example_of_a_users_own_rules_proves_itself() -> None:
    folder = BUILTIN.parent / "examples" / "own-rules"
    assert [str(problem) for problem in verify(folder)] == []
