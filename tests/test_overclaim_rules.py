"""What the first overclaim rules must report, and the ordinary sentences beside it that they must leave alone."""

from __future__ import annotations

import pytest

from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rule import Rule

RULES = {
    "cure-claim",
    "disease-reversal",
    "hedged-cure-claim",
    "permanent-fix",
    "guaranteed-outcome",
    "absolute-effectiveness",
    "instant-results",
    "miracle-language",
    "secret-or-suppressed-remedy",
}

CLAIMS: dict[str, list[tuple[str, str]]] = {
    # to cure and to heal
    "Turmeric cures arthritis.": [("cure-claim", "cures arthritis")],
    "This simple routine can cure sciatica without surgery.": [("cure-claim", "cure sciatica")],
    "Apple cider vinegar is a proven cure for acid reflux.": [("cure-claim", "proven cure for acid reflux")],
    "Reiki will heal your diabetes from within.": [("cure-claim", "Reiki will heal your diabetes")],
    "Finally, the cure for tinnitus your neighbour swears by.": [("cure-claim", "cure for tinnitus")],
    "It is one of the best ways to cure acne.": [("cure-claim", "cure acne")],
    "This herb has cured thousands of people of asthma.": [
        ("cure-claim", "cured thousands of people of asthma")
    ],
    "Kidney disease can be cured naturally.": [("cure-claim", "Kidney disease can be cured naturally")],
    "Yoga helps cure asthma, diabetes and high blood pressure.": [("cure-claim", "cure asthma")],
    "The tonic cures whatever ails you.": [("cure-claim", "cures whatever ails you")],
    "I healed my Hashimoto's with bone broth.": [("cure-claim", "healed my Hashimoto's")],
    "Alzheimer's disease can be reversed with coconut oil.": [
        ("disease-reversal", "Alzheimer's disease can be reversed with coconut oil")
    ],
    "My wife's lupus was healed on a retreat.": [("cure-claim", "My wife's lupus was healed")],
    "He was healed of his psoriasis.": [("cure-claim", "healed of his psoriasis")],
    "When nothing else helped, cupping cured my sciatica.": [("cure-claim", "cured my sciatica")],
    "Find a cure for your migraine in our shop.": [("cure-claim", "cure for your migraine")],
    "Forget antibiotics, garlic cures cystitis.": [("cure-claim", "cures cystitis")],
    "Years after surgery, cupping cured her back pain.": [("cure-claim", "cured her back pain")],
    "# Eczema cured in six weeks": [("cure-claim", "Eczema cured in")],
    # to do away with a condition
    "A daily spoonful will rid you of hay fever.": [("cure-claim", "rid you of hay fever")],
    "Free your child from migraine.": [("cure-claim", "Free your child from migraine")],
    "Our method eliminates migraines at the source.": [("cure-claim", "Our method eliminates migraines")],
    "Wipe out your arthritis pain this weekend.": [("cure-claim", "Wipe out your arthritis pain")],
    "Get rid of your tinnitus tonight.": [("cure-claim", "Get rid of your tinnitus")],
    "Kiss your allergies goodbye.": [("cure-claim", "Kiss your allergies goodbye")],
    "Free yourself from chronic pain.": [("cure-claim", "Free yourself from chronic pain")],
    "Put an end to your insomnia.": [("cure-claim", "Put an end to your insomnia")],
    "Make heartburn a thing of the past.": [("cure-claim", "Make heartburn a thing of the past")],
    "No more back pain!": [("cure-claim", "No more back pain")],
    "This programme reverses autism.": [("disease-reversal", "reverses autism")],
    # what would be a cure if it were true
    "The juice dissolves kidney stones.": [("cure-claim", "juice dissolves kidney stones")],
    "Garlic kills cancer cells in days.": [("cure-claim", "Garlic kills cancer cells")],
    "Regrow your hair with rosemary oil.": [("cure-claim", "Regrow your hair")],
    "Restore your vision without glasses.": [("cure-claim", "Restore your vision")],
    "Cider vinegar melts belly fat.": [("cure-claim", "melts belly fat")],
    # a hedge excuses a mild condition, and lowers the charge for a serious one
    "Soursop may cure cancer.": [("hedged-cure-claim", "cure cancer")],
    "A keto diet could cure type 1 diabetes.": [("hedged-cure-claim", "cure type 1 diabetes")],
    "Some herbs might possibly heal multiple sclerosis.": [("hedged-cure-claim", "heal multiple sclerosis")],
    "Soursop can cure cancer.": [("cure-claim", "cure cancer")],
    "Soursop cures cancer.": [("cure-claim", "cures cancer")],
    # for ever
    "Get rid of back pain for good with one exercise.": [("permanent-fix", "Get rid of back pain for good")],
    "Say goodbye to migraines forever.": [("permanent-fix", "Say goodbye to migraines forever")],
    "This adjustment fixes sciatica once and for all.": [
        ("permanent-fix", "fixes sciatica once and for all")
    ],
    "You will never suffer from eczema again.": [
        ("permanent-fix", "You will never suffer from eczema again")
    ],
    "A permanent solution to hair loss.": [("permanent-fix", "permanent solution to hair loss")],
    "Back pain gone forever.": [("permanent-fix", "Back pain gone forever")],
    "Keep the weight off for good.": [("permanent-fix", "Keep the weight off for good")],
    # guaranteed
    "Guaranteed relief from heartburn.": [("guaranteed-outcome", "Guaranteed relief")],
    "These drills are guaranteed to fix your posture.": [("guaranteed-outcome", "are guaranteed to fix")],
    "We promise you will be pain free by summer.": [("guaranteed-outcome", "you will be pain free")],
    "It is a surefire way to lower blood pressure.": [
        ("guaranteed-outcome", "surefire way to lower blood pressure")
    ],
    "We guarantee results.": [("guaranteed-outcome", "guarantee results")],
    # an error, though a promise of speed stands around it
    "In just three days your inflammation will be gone.": [
        ("guaranteed-outcome", "your inflammation will be gone")
    ],
    "Your migraines will disappear.": [("guaranteed-outcome", "Your migraines will disappear")],
    "You will lose 10 pounds in the first week.": [("guaranteed-outcome", "You will lose 10 pounds")],
    "This syrup is sure to cure your cough.": [("guaranteed-outcome", "is sure to cure your cough")],
    # without exception
    "The brace is 100% effective against knee pain.": [("absolute-effectiveness", "100% effective")],
    "Ginger always stops nausea.": [("absolute-effectiveness", "always stops nausea")],
    "This method never fails to relieve cramps.": [
        ("absolute-effectiveness", "never fails to relieve cramps")
    ],
    "The programme has a 100% success rate.": [("guaranteed-outcome", "100% success rate")],
    "With a success rate of 100 %, our lamp beats every cream.": [
        ("absolute-effectiveness", "success rate of 100 %")
    ],
    "It works every time you have a headache.": [("absolute-effectiveness", "works every time")],
    "The diet completely eliminates the risk of a heart attack.": [
        ("absolute-effectiveness", "completely eliminates the risk of a heart attack")
    ],
    "Our honey rub works every time.": [("absolute-effectiveness", "works every time")],
    # at once
    "Instant relief from sciatica in 60 seconds.": [
        ("instant-results", "Instant relief from sciatica in 60 seconds")
    ],
    "Clear your eczema overnight.": [("instant-results", "Clear your eczema overnight")],
    "Watch how the wrinkles disappear before your eyes.": [
        ("instant-results", "wrinkles disappear before your eyes")
    ],
    "Instantly relieves toothache.": [("instant-results", "Instantly relieves toothache")],
    "Stop a panic attack in 60 seconds.": [("instant-results", "Stop a panic attack in 60 seconds")],
    "Feel relief within seconds.": [("instant-results", "Feel relief within seconds")],
    # wonders
    "This miracle root calms nerve pain.": [("miracle-language", "miracle root")],
    "Collagen is the holy grail for joints.": [("miracle-language", "holy grail for joints")],
    "Doctors call it a magic bullet for belly fat.": [("miracle-language", "call it a magic bullet")],
    "A miraculous tea melts kidney stones.": [
        ("miracle-language", "miraculous tea"),
        ("cure-claim", "melts kidney stones"),
    ],
    "It is nothing short of a miracle.": [("miracle-language", "nothing short of a miracle")],
    "The elixir of youth is in your kitchen.": [("miracle-language", "elixir of youth")],
    # secrets
    "The secret remedy doctors don’t want you to know.": [
        ("secret-or-suppressed-remedy", "secret remedy"),
        ("secret-or-suppressed-remedy", "doctors don’t want you to know"),
    ],
    "Big Pharma is hiding this natural cure.": [
        ("secret-or-suppressed-remedy", "Big Pharma is hiding this natural cure")
    ],
    "One weird trick to end joint pain.": [
        ("secret-or-suppressed-remedy", "One weird trick"),
        ("cure-claim", "end joint pain"),
    ],
    "What your doctor isn't telling you about statins.": [
        ("secret-or-suppressed-remedy", "What your doctor isn't telling you")
    ],
    "The herb that they want to ban.": [("secret-or-suppressed-remedy", "herb that they want to ban")],
    "The government has covered up this cure.": [
        ("secret-or-suppressed-remedy", "The government has covered up this cure")
    ],
    "They buried the research.": [("secret-or-suppressed-remedy", "buried the research")],
    "Do they have a hidden cure for gout?": [("secret-or-suppressed-remedy", "hidden cure")],
}

SILENT = [
    # the catalogue's
    "There is no cure for arthritis, but treatment can ease pain.",
    "Antibiotics cure bacterial pneumonia in most people.",
    "Hepatitis C can be cured with direct-acting antivirals.",
    "Can turmeric cure arthritis?",
    "Myth: turmeric cures arthritis.",
    "Prosciutto is a dry-cured ham.",
    "We saw The Cure play in Leeds.",
    "In the 1800s mercury was sold as a cure for syphilis.",
    "Be wary of any clinic that promises to cure autism.",
    "The cut should heal within two weeks.",
    "Surgery may cure early-stage bowel cancer.",
    "Brachytherapy could cure prostate cancer that is found early.",
    "Researchers are testing whether the gene therapy could cure sickle cell disease.",
    "Could a vaccine cure cancer one day?",
    "Rest may ease a strained muscle.",
    "No single exercise gets rid of back pain for good.",
    "Nerve damage can be permanent.",
    "Vasectomy is meant to be permanent.",
    "Want to end back pain for good? Be careful with programmes that promise this.",
    "No treatment is guaranteed to work.",
    "We cannot guarantee any specific result.",
    "The pump comes with a two-year guarantee.",
    "There’s no guarantee that surgery will help.",
    "Beware of guaranteed results.",
    "No contraceptive is 100% effective.",
    "Ginger does not always help.",
    "Always stop if you feel sharp pain.",
    "Drink 100% fruit juice in moderation.",
    "Seek help immediately.",
    "Adrenaline works within minutes in anaphylaxis.",
    "Pain does not vanish overnight.",
    "Symptoms can appear overnight.",
    "Instant oats are fine.",
    "There is no miracle cure for back pain.",
    "Exercise is not a magic bullet.",
    "Claims such as “miracle cure” are a warning sign.",
    "Magic mushrooms contain psilocybin.",
    "Is collagen a miracle cure?",
    "Claims of a secret formula are a red flag.",
    "The secret to better sleep is a routine.",
    "Doctors want you to know the signs of stroke.",
    "Patients sometimes keep symptoms secret.",
    # healing, leaving and losing that happen by themselves
    "The wound healed in ten days without a scar.",
    "Your body heals itself after a sprain, given time.",
    "The rash will fade and vanish on its own.",
    "A cold goes away by itself in a week or two.",
    "The liver can regenerate after part of it is removed.",
    "You will lose a little blood after the procedure.",
    "You will notice some swelling for a few days.",
    # accepted care
    "Doctors can cure most basal cell skin cancers with surgery.",
    "Chemotherapy drugs kill cancer cells.",
    "Cataract surgery restores your vision in most cases.",
    "Iron tablets cure iron deficiency anaemia.",
    "Naloxone reverses an opioid overdose within minutes.",
    "A reliever inhaler works within minutes.",
    "Insulin lowers blood sugar within minutes.",
    "Paracetamol can ease pain within 30 minutes.",
    "The vaccine is nearly 100% effective after two doses.",
    "You will be pain free during the scan because of the anaesthetic.",
    "Treatment aims to reduce or eliminate back pain.",
    "Her leukaemia was cured by a bone marrow transplant.",
    "My thyroid cancer was cured with surgery and radioiodine.",
    "If your chlamydia is cured, you still need a repeat test.",
    "A healthy weight does not completely eliminate the risk of heart disease.",
    "Find out what suits you; nothing works for everyone.",
    "It is hard to find a diet that works for everyone.",
    "Elimination of malaria from the island took twenty years.",
    # the end of a disease in a country, and the search for a cure
    "Health workers eradicated smallpox in 1980.",
    "The plan would eliminate cervical cancer as a public health problem by 2040.",
    "Scientists hope to find a cure for Alzheimer's disease.",
    "The charity raises money to beat cancer sooner.",
    # other senses
    "Cured meats such as bacon raise the risk of bowel cancer.",
    "Leave the resin to cure for 24 hours.",
    "The magic mouthwash was prescribed by her oncologist.",
    "The clinic offers a money-back guarantee on its shoes.",
    "Satisfaction guaranteed.",
    "Patients never fail to ask about the bill.",
    "Be sure to stop the medicine if you get a rash.",
    "Say goodbye to your visitors before the nurse arrives.",
    "Ask a dermatologist how to get rid of a wart safely.",
    "Fix your posture by moving your screen up.",
    "Ancient Egyptians used honey on wounds.",
    "A suppressed immune system raises the risk of infection.",
    "Doctors won't tell your employer about your illness.",
    "One simple trick is to keep a glass of water by the bed.",
    "There is no secret remedy for sciatica.",
    "The rotator cuff works every time you lift a bag.",
]


@pytest.fixture(scope="module")
def overclaims(rules: list[Rule]) -> Linter:
    return Linter([rule for rule in rules if rule.id in RULES])


@pytest.mark.parametrize(("text", "expected"), CLAIMS.items())
def test_overclaim_is_reported_once_at_its_words(
    text: str, expected: list[tuple[str, str]], overclaims: Linter
) -> None:
    found = overclaims.lint(read_text(text, format="text"))
    assert [(violation.rule, violation.text) for violation in found] == expected
    assert all(text[each.span.start : each.span.end] == each.text for each in found)


@pytest.mark.parametrize("text", SILENT)
def test_ordinary_sentence_is_left_alone(text: str, overclaims: Linter) -> None:
    found = overclaims.lint(read_text(text, format="text"))
    assert [(violation.rule, violation.text) for violation in found] == []


@pytest.mark.parametrize("remedy", ["miracle cure for baldness", "instant cure for hangovers"])
def test_one_place_has_one_violation_that_names_the_other_rule(remedy: str, overclaims: Linter) -> None:
    (violation,) = overclaims.lint(read_text(f"It is an {remedy}.", format="text"))
    assert violation.text == remedy
    assert violation.rule == "cure-claim"
    assert violation.also in (("miracle-language",), ("instant-results",))


@pytest.mark.parametrize(
    ("text", "context", "words"),
    [
        ("No herb, tea or cream cures gout.", "negated", "No herb, tea or"),
        ("Turmeric cures gout. It doesn't.", "negated", "It doesn't"),
        ("Sellers promise that their drops cure tinnitus.", "attributed", "Sellers promise"),
        ("Her great-grandfather took a mercury cure for syphilis.", "historical", "great-grandfather took"),
        ("I thought the cream had cured my rosacea, and then it was back.", "myth", "it was back"),
        ("I still google “permanent cure for acne”.", "mentioned", "google"),
    ],
)
def test_an_excuse_names_its_words(claims: Linter, text: str, context: str, words: str) -> None:
    outcome = claims.outcome(read_text(text))
    assert outcome.violations == ()
    told = {
        (each.name, each.text)
        for excused in outcome.excused
        if excused.violation.rule == "cure-claim"
        for each in excused.contexts
    }
    assert (context, words) in told


@pytest.mark.parametrize(
    "text",
    [
        "No pills, just drops that <<cure tinnitus>>.",
        "Unlike ibuprofen, our balm <<cures back pain>>.",
        "Doctors say it cannot be done, but our tea <<cures gout>>.",
        "Thousands swear by it: it <<cured their gout>>.",
    ],
)
def test_what_looks_like_an_excuse_frees_no_claim(claims: Linter, text: str) -> None:
    bare = text.replace("<<", "").replace(">>", "")
    place = (text.index("<<"), text.index(">>") - 2)
    found = [violation for violation in claims.lint(read_text(bare)) if violation.rule == "cure-claim"]
    assert [(violation.span.start, violation.span.end) for violation in found] == [place]
