"""What is advice to turn to a professional, and what only mentions one."""

from __future__ import annotations

import pytest

from healthlint.checks import CheckSettings, consultation, professional
from healthlint.page import Page
from healthlint.readers import read_text
from healthlint.rule import Rule

ADVICE = """
If the rash spreads, ask your health visitor.
Get it looked at by a podiatrist.
Have it checked if it bleeds.
Raise it with your midwife at the next visit.
See a GP if the pain lasts more than six weeks.
Talk it over with your pharmacist before you buy any supplement.
If the numbness does not go away, a physio can help.
Do not stop taking your tablets without talking to your doctor.
Never start a fast without first checking with a dietitian.
It is best to be assessed by a physiotherapist.
Make an appointment if you notice blood.
Seek medical advice if the fever lasts.
Get medical help if it spreads.
Call NHS 111 if you are unsure.
Your doctor may suggest a scan.
Speak to someone qualified, such as a dietitian.
Do not hesitate to ring your GP.
A physiotherapist should look at it.
A doctor should be consulted before a second course.
Anyone with night pain needs to be seen by a doctor.
It is worth seeing a dentist.
Parents should take the child to a doctor.
Only take it under medical supervision.
Let your nurse know if you feel dizzy.
Your GP can refer you to a pain clinic.
Pop into your local pharmacy for advice.
Go to A&E if the bleeding does not stop.
When should you see a doctor?
Should I see a doctor? Yes, when the joint is hot.
If the nail turns black, have a podiatrist look at it.
Get to an optician the same day.
It is worth a trip to the physio if it is no better by then.
Your health visitor can weigh the baby and tell you what to do.
Urgent care is the right place for a cut that gapes.
In these cases contact your doctor.
Your own clinician knows your history, so check with them before you change anything.
Get the all-clear from your cardiologist before you start.
Why not ask your pharmacist about it?
Your pharmacist knows your tablets. Talk to them before you buy a supplement.
""".strip().splitlines()

NO_ADVICE = """
There is no need to bother your GP.
You don't need to see a doctor for this.
Fix your sciatica without ever seeing a doctor.
Instead of seeing a doctor, drink ginger tea.
Skip the doctor and try this tea.
Why waste money on doctors?
Should I see a doctor? No, try this tea.
Do not see a doctor before you have tried this.
Take the drops and talk to them nicely.
I asked my doctor and she laughed.
I asked my doctor, and she laughed.
She went to see a doctor, then a nurse.
I went to see my doctor last spring.
She decided to see a surgeon.
He was told to see a specialist, but he never went.
Patients who see a doctor late do worse.
Most people see a GP within a year.
In the study, nurses asked patients to walk.
Many doctors prescribe it.
The specialist explained the scan.
Book our experts today.
Talk to our chiropractors.
Our physiotherapists can create a plan for you.
Call us to talk to a specialist.
Consult our wellness experts.
In an emergency call 999.
Call an ambulance.
Ask your friends.
See the section below.
See Provider Notice for the details.
Do I need to see a doctor?
The app does not replace a consultation with your doctor.
He spent years resting, seeing doctors and paying for scans.
Pharmacists stand all day. Their feet hurt. Talk to them.
Skip assessment by a specialist, because it is slow.
""".strip().splitlines()


@pytest.mark.parametrize("text", ADVICE)
def test_advice(rules: list[Rule], text: str) -> None:
    page = Page(read_text(f"# Notes\n\n{text}"), rules[0].vocabulary)
    assert consultation.advice(page)
    assert not list(professional.no_referral(page, CheckSettings()))


@pytest.mark.parametrize(
    ("text", "is_advice"),
    [
        ("Feet swell.\n\n## Should I see a doctor?\n\nYes, when it hurts.", True),
        ("Yes, feet swell.\n\n## Should I see a doctor?\n\nNo, try this tea.", False),
        ("Feet swell.\n\nShould I see a doctor? Yes, when it hurts.", True),
        ("Feet swell.\n\nShould I see a doctor? No. Yes, tea helps.", False),
        ("Yes.\n\nFeet swell. Should I see a doctor?", False),
    ],
)
def test_a_question_that_is_answered_with_yes(rules: list[Rule], text: str, is_advice: bool) -> None:
    assert bool(consultation.advice(Page(read_text(text), rules[0].vocabulary))) is is_advice


@pytest.mark.parametrize("text", NO_ADVICE)
def test_no_advice(rules: list[Rule], text: str) -> None:
    page = Page(read_text(f"# Notes\n\n{text}"), rules[0].vocabulary)
    assert not consultation.advice(page)
    [match] = professional.no_referral(page, CheckSettings())
    assert match.span == (2, 7)


def test_a_heading_is_enough(rules: list[Rule]) -> None:
    page = Page(
        read_text("# Moles\n\n## When to see a doctor\n\n- it bleeds\n- it grows"), rules[0].vocabulary
    )
    assert not list(professional.no_referral(page, CheckSettings()))


@pytest.mark.parametrize(
    "text",
    [
        "# Moles\n\n<!-- See a doctor if it bleeds. -->\n\nLook at them.",
        "---\ndescription: See a doctor if it bleeds.\n---\n# Moles\n\nLook at them.",
        "# Moles\n\n![See a doctor](a.png)",
    ],
)
def test_hidden_advice_does_not_count(rules: list[Rule], text: str) -> None:
    page = Page(read_text(text), rules[0].vocabulary)
    assert list(professional.no_referral(page, CheckSettings()))


def test_an_entry_of_a_menu_is_no_advice(rules: list[Rule]) -> None:
    text = "<nav><a href='/gp'>See your doctor</a></nav><h1>Moles</h1><p>Look at them.</p>"
    assert not consultation.advice(Page(read_text(text, format="html"), rules[0].vocabulary))


def test_a_sentence_of_which_half_is_a_link_is_advice(rules: list[Rule]) -> None:
    def advice(link: str, rest: str) -> bool:
        text = f"<h1>Moles</h1><p>Look.</p><footer><p><a href='/gp'>{link}</a>{rest}</p></footer>"
        return bool(consultation.advice(Page(read_text(text, format="html"), rules[0].vocabulary)))

    assert advice("Ask a GP", " before.")
    assert not advice("Ask a GP", " first.")


def test_what_is_somebody_elses_takes_nothing_before_it(rules: list[Rule]) -> None:
    text = "Ask your doctor or call your internet provider."
    [signal] = consultation.advice(Page(read_text(text), rules[0].vocabulary))
    assert text[signal.span.start : signal.span.end] == "Ask your doctor"


def test_only_in_the_disclaimer(rules: list[Rule]) -> None:
    text = "# Cramps\n\nWarmth helps.\n\nThis is not medical advice. Always talk to your doctor first."
    page = Page(read_text(text), rules[0].vocabulary)
    assert not list(professional.no_referral(page, CheckSettings()))
    [match] = professional.referral_only_in_disclaimer(page, CheckSettings())
    assert text[match.span.start : match.span.end] == "talk to your doctor"

    page = Page(
        read_text(text.replace("Warmth helps.", "See a GP if warmth is no help.")), rules[0].vocabulary
    )
    assert not list(professional.referral_only_in_disclaimer(page, CheckSettings()))
