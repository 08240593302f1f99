"""Rules that hold in one country only: on the pages of shops and clinics, when a pack switches them on."""

from __future__ import annotations

from functools import cache

import pytest

from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rulebook import load_rules

OFF = {rule.id for rule in load_rules() if rule.family == "jurisdiction"} | {"product-treats-disease"}

SHOP = """
# Hawthorn & Honey, Whitby

Our presses run every Tuesday. Free delivery over £30, and thirty days to change your mind.

{}

Store in a cool place. Best before end: see base.
"""
CLINIC = """
# The Mill Lane Practice

Two rooms above the bakery, step-free from the yard.

{}

Parking is behind the church. We are closed on Mondays.
"""


@cache
def linter(page: str) -> Linter:
    return Linter([rule for rule in load_rules() if rule.id in OFF], page=page)


def found(text: str, page: str) -> list[tuple[str, str]]:
    article = (CLINIC if page == "clinic" else SHOP).format(text)
    return [
        (rule, each.text)
        for each in linter(page).lint(read_text(article, format="markdown"))
        for rule in (each.rule, *each.also)
    ]


def test_all_are_off_until_a_pack_asks() -> None:
    assert not [rule.id for rule in load_rules() if rule.id in OFF and rule.default]


@pytest.mark.parametrize(
    ("page", "text", "rule", "words"),
    [
        (
            "clinic",
            "Since 2011 we have treated lymphoma with light.",
            "uk-cancer-treatment-ad",
            "we have treated lymphoma",
        ),
        ("shop", "A natural cancer remedy, pressed cold.", "uk-cancer-treatment-ad", "natural cancer remedy"),
        (
            "clinic",
            "Book an integrative cancer programme today.",
            "uk-cancer-treatment-ad",
            "Book an integrative cancer programme",
        ),
        ("clinic", "Wegovy pens from £149 a month.", "uk-pom-promotion", "Wegovy pens from £149"),
        (
            "clinic",
            "This month: 15% off all anti-wrinkle injections.",
            "uk-pom-promotion",
            "15% off all anti-wrinkle injections",
        ),
        ("shop", "Order sildenafil online without the queue.", "uk-pom-promotion", "Order sildenafil online"),
        (
            "clinic",
            "Acupuncture for high blood pressure.",
            "uk-serious-condition-treatment",
            "Acupuncture for high blood pressure",
        ),
        (
            "clinic",
            "Can reflexology help infertility?",
            "uk-serious-condition-treatment",
            "reflexology help infertility",
        ),
        ("shop", "It brings a youthful glow.", "eu-general-benefit-alone", "youthful glow"),
        ("shop", "This is good for your gut.", "eu-general-benefit-alone", "good for your gut"),
        (
            "shop",
            "Professor Hale recommends our syrup.",
            "eu-doctor-recommends-food",
            "Professor Hale recommends our",
        ),
        ("shop", "My dentist told me about the drops.", "eu-doctor-recommends-food", "My dentist told"),
        (
            "shop",
            "Don’t let your immune system run low this winter.",
            "eu-not-consuming-harms",
            "Don’t let your immune system run low",
        ),
        ("shop", "Is your child lacking in iron?", "eu-not-consuming-harms", "Is your child lacking in"),
        ("shop", "A comfort for people with dementia.", "au-serious-representation", "people with dementia"),
        (
            "shop",
            "May slow the progression of glaucoma.",
            "au-serious-representation",
            "progression of glaucoma",
        ),
        (
            "shop",
            "Homeopathic drops for earache, for all the family.",
            "us-homeopathy-disclosure",
            "Homeopathic drops for earache",
        ),
        ("shop", "The balm may help with eczema.", "product-treats-disease", "balm may help with eczema"),
        (
            "shop",
            "Suffering from migraine? We have just the thing.",
            "product-treats-disease",
            "Suffering from migraine",
        ),
    ],
)
def test_what_a_seller_may_not_say(page: str, text: str, rule: str, words: str) -> None:
    assert (rule, words) in found(text, page)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("clinic", "We do not treat cancer; the hospital has a support centre."),
        ("clinic", "A consultation about your weight costs £40."),
        ("clinic", "Wegovy is a prescription-only medicine, and we may not advertise it."),
        ("clinic", "Sports massage for tired legs."),
        ("clinic", "Ask your GP about high blood pressure."),
        ("shop", "Vitamin C contributes to the normal function of the immune system."),
        (
            "shop",
            "Good for you and full of flavour: iron contributes to the reduction of tiredness and fatigue.",
        ),
        ("shop", "Do not use it if your doctor has told you to avoid honey."),
        ("shop", "Take no more than a pharmacist has recommended."),
        ("shop", "Sold without a box, to save paper."),
        ("shop", "This honey is not intended to diagnose, treat, cure or prevent any disease."),
        ("shop", "Hawthorn grows on the cliff behind the shed."),
    ],
)
def test_what_a_seller_may_say(page: str, text: str) -> None:
    assert found(text, page) == []


def test_an_article_that_sells_nothing_may_name_treatments() -> None:
    text = "Radiotherapy is a treatment for cancer. Doctors recommend it after surgery. Ozempic from 2024 on was scarce."
    assert linter("").lint(read_text(f"# After surgery\n\n{text}", format="markdown")) == []


def test_the_disclosure_on_homeopathy_has_two_parts() -> None:
    claim = "Homeopathic tablets for hay fever, in a tin."
    evidence = "There is no scientific evidence that this product works."
    theories = "Its claims rest on theories from the 1700s that most modern medical experts do not accept."
    [(rule, _)] = found(f"{claim} {theories}", "shop")
    assert rule == "us-homeopathy-disclosure"
    assert found(f"{claim} {evidence} {theories}", "shop") == []
