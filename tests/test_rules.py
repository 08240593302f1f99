"""Every built-in rule proves itself against its own examples; so does the example rule of a user."""

from __future__ import annotations

from pathlib import Path

import pytest

from healthlint.rule import Rule
from healthlint.rulebook import BUILTIN, load_rules
from healthlint.testing import proofs, verify

RULES = load_rules()
PROMISED = frozenset(
    """
    absolute-effectiveness absolute-prognosis absolutely-safe ai-content-undisclosed
    anaphylaxis-signpost animal-to-human anti-ageing-claim anti-medicine-conspiracy
    au-serious-representation author-no-credentials beats-medicine benefit-without-harm
    best-treatment-superlative breakthrough-hype cauda-equina-signpost certainty-booster
    chemical-free-fear chest-pain-signpost child-caution-missing citation-placeholder clickbait-heading
    clinically-proven-unsourced condition-as-identity correlation-as-cause cure-all-list cure-claim
    detox-claim disability-language disclaimer-contradicted disclaimer-hard-to-read
    disclaimer-incomplete disclaimer-liability-only disclaimer-missing disclaimer-no-emergency-line
    disclaimer-placement discourages-professional-care disease-reversal dose-without-caution
    dshea-disclaimer-missing dshea-disclaimer-reworded eating-disorder-numbers emergency-number-locale
    emergency-signpost-missing eu-doctor-recommends-food eu-general-benefit-alone eu-not-consuming-harms
    fda-approved-misuse fear-of-inaction guaranteed-outcome harmful-practice headline-stronger-than-body
    hedged-cure-claim home-remedy-for-emergency immune-boost inevitable-harm
    infection-emergency-signpost instant-results interaction-caution-missing long-sentence
    low-authority-sources-only mental-health-slang miracle-language natural-is-safe
    new-regimen-without-consult no-alternatives no-author no-dates no-medical-reviewer
    no-professional-referral no-side-effects no-sources no-uncertainty outdated-sources permanent-fix
    pregnancy-caution-missing prescription-without-prescriber prevents-disease product-treats-disease
    professional-endorsement reading-grade relative-risk-only replaces-treatment review-overdue
    root-cause sales-pressure secret-or-suppressed-remedy self-treat-serious-condition
    single-study-certainty sole-cause statistic-without-source stop-medication stroke-signpost
    structural-blame substance-use-stigma suffering-language suicide-commit suicide-crisis-signpost
    suicide-method-detail suicide-outcome-words suicide-single-cause tells-reader-diagnosis
    testimonial-as-evidence traditional-use-as-proof uk-cancer-treatment-ad uk-pom-promotion
    uk-serious-condition-treatment undefined-term undisclosed-commercial-interest universal-causation
    unnamed-experts us-homeopathy-disclosure vague-frequency weasel-source weight-loss-no-effort
    weight-loss-rate weight-stigma works-for-everyone
    """.split()
)
"""Ids that configurations and suppressions out there may name."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_proves_itself(rule: Rule) -> None:
    assert [str(problem) for problem in proofs(rule, RULES)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_is_complete(rule: Rule) -> None:
    assert Path(rule.path).parent.name == rule.family
    assert len(rule.bad) >= 5
    assert len(rule.good) >= 8
    examples = [(example.text, example.page) for example in (*rule.bad, *rule.good)]
    assert len(set(examples)) == len(examples)


def test_the_promised_rules_are_there() -> None:
    assert {rule.id for rule in RULES} >= PROMISED


def test_the_example_of_a_users_own_rules_proves_itself() -> None:
    folder = BUILTIN.parent / "examples" / "own-rules"
    assert [str(problem) for problem in verify(folder)] == []
