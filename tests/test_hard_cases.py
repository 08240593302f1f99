"""What a word list gets wrong: sentences that must be flagged, and many more that must not."""

from __future__ import annotations

import pytest

from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rule import Rule

MUST_FIRE = {
    "Ignoring hip misalignment will lead to chronic pain.": "inevitable-harm",
    "Hip misalignment is the sole cause of sciatica.": "sole-cause",
    "This stretch can cure sciatica.": "cure-claim",
    "It will not cure arthritis, but it cures the pain.": "cure-claim",
    "Antibiotics cure the common cold.": "cure-claim",
    "We guarantee you will feel better in a week.": "guaranteed-outcome",
    "You no longer need your inhaler once you breathe correctly.": "stop-medication",
    # the four that every phrase-list linter finds, and that context must not lose
    "Our tea cures cancer.": "cure-claim",
    "This supplement has no side effects and is guaranteed to work.": "no-side-effects",
    "Poor posture is the sole cause of back pain.": "sole-cause",
    "Turmeric is 100% effective against arthritis.": "absolute-effectiveness",
}

SILENT = [
    "Hip misalignment is rarely the sole cause of sciatica.",
    "Can hip alignment problems be the sole cause of sciatica?",
    "A hip out of alignment can contribute to leg pain or even be the root cause of sciatica.",
    "Early intervention is crucial to prevent long-term problems.",
    "Ignoring hip misalignment can lead to chronic pain.",
    "There is no miracle cure for sciatica, but physiotherapy helps most people.",
    "Antibiotics cure strep throat.",
    "Hepatitis C can be cured with direct-acting antivirals in more than 9 in 10 people [1].",
    "The aim of treatment is to control, not cure, the disease.",
    "Prosciutto is dry-cured with sea salt.",
    "Let the gel cure under the lamp for 60 seconds.",
    "We danced to The Cure at the charity ball.",
    "She volunteers with Race for the Cure.",
    "A manicure will not harm your nails.",
    "The insurer guaranteed payment of the claim.",
    "This product is guaranteed for two years.",
    "No results are guaranteed.",
    "These statements have not been evaluated by the FDA. This supplement is not intended to diagnose, treat, cure, or prevent any disease.",
    "The surgeon said, “There is no way surgery can be guaranteed to fix it.”",
    "Beware of websites that promise a miracle cure.",
    "In the nineteenth century, radium water was sold as a cure for arthritis.",
    "Myth: cracking your neck causes stroke. Fact: serious harm is rare but has been reported.",
    "Exercise reduces the risk of back pain returning.",
    "People who exercised were less likely to develop back pain in a ten-year cohort study.",
    "Walking causes back pain in some people.",
    "Sitting causes back pain.",
    "No painkiller is without side effects.",
    "In a four-week study, no side effects were reported.",
    "Ask your GP whether you can come off your blood thinner before surgery.",
    "Stop taking ibuprofen and call 999 if you have black, tarry stool.",
    "Never stop your steroid tablets suddenly.",
    "Doctors don’t always know the cause of tinnitus.",
    "See a doctor: this leaflet does not replace the advice of a professional, and we are not doctors.",
    "The drug halved the number of attacks, from 8 to 4 a month on average.",
    "He has diabetes; diabetic foot checks are free.",
    "Suicide inhibition is used in enzyme chemistry.",
    "Herpes zoster (shingles) can be cured by nothing at present, but antivirals shorten it.",
    "Claims such as “detoxes your liver” are meaningless.",
    "Detoxification is done by your liver; no tea can do it better.",
    "If you feel suicidal, call 988 or your local crisis line now.",
    # nine that every phrase-list linter flags
    "There is no cure for diabetes.",
    "Can garlic cure a cold?",
    "Myth: vitamin C cures colds.",
    "The FDA warned a company that claimed its tea cures cancer.",
    "HDR brachytherapy may cure some early cancers, according to the NCI.",
    "Try cured ham.",
    "Keep your data secure.",
    "The treatment cannot guarantee results.",
]


@pytest.mark.parametrize("sentence", MUST_FIRE)
def test_is_flagged(sentence: str, claims: Linter) -> None:
    found = claims.lint(read_text(sentence))
    assert MUST_FIRE[sentence] in [violation.rule for violation in found]
    assert all(violation.severity != "info" for violation in found)


def test_only_the_second_clause_is_flagged(claims: Linter) -> None:
    (violation,) = claims.lint(read_text("It will not cure arthritis, but it cures the pain."))
    assert violation.text == "cures the pain"


@pytest.mark.parametrize("sentence", SILENT)
def test_is_silent(sentence: str, claims: Linter) -> None:
    assert [(violation.rule, violation.text) for violation in claims.lint(read_text(sentence))] == []


@pytest.mark.parametrize("format", ["markdown", "html", "text"])
def test_the_silent_set_is_silent_as_one_article(format: str, claims: Linter) -> None:
    """A neighbour must neither excuse nor accuse."""
    joint = "</p>\n<p>" if format == "html" else "\n\n"
    text = joint.join(SILENT)
    assert claims.lint(read_text(f"<p>{text}</p>" if format == "html" else text, format=format)) == []


def test_suicide_inhibitors_need_no_crisis_line(rules: list[Rule]) -> None:
    linter = Linter([rule for rule in rules if rule.id == "suicide-crisis-signpost"])
    assert linter.lint(read_text("# Enzymes\n\nSuicide inhibition is used in enzyme chemistry.")) == []
    assert (
        linter.lint(read_text("# Low mood\n\nIf you feel suicidal, call 988 or your local crisis line now."))
        == []
    )
    assert linter.lint(read_text("# Low mood\n\nSome people with low mood feel suicidal. Rest helps."))
