"""What the rules on safety, causation, evidence, care and urgent care say to single sentences and short articles.

The rules prove their own examples (`healthlint test`); here are the wordings that were argued about: near misses,
hard cases, and other ways of saying the same. In a text, `<<…>>` marks the one place that is flagged.
"""

from __future__ import annotations

from functools import cache

import pytest

from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rulebook import load_rules
from healthlint.span import Span
from healthlint.violation import Violation

RULES = (
    "absolutely-safe",
    "care-called-unnecessary",
    "cauda-equina-signpost",
    "discourages-professional-care",
    "inevitable-harm",
    "natural-is-safe",
    "no-side-effects",
    "replaces-treatment",
    "root-cause",
    "root-cause-pitch",
    "sole-cause",
    "stop-medication",
    "suicide-crisis-signpost",
    "universal-causation",
    "weasel-source",
)

FLAGGED = {
    "no-side-effects": [
        "Get relief <<free from side effects>>.",
        "Acupuncture <<carries zero risk>>.",
        "The cream has <<no unwanted side effects>>, so use it as often as you like.",
        "Sleep well <<with none of the side effects>> of tablets.",
        "Unlike drugs, magnets <<never cause any side effects>>.",
        "A remedy that is <<devoid of any adverse effects>>.",
        "Benefits: natural, tasty, <<zero side effects>>!",
        "The <<treatment works without any risk>>.",
        "It is cheap and it <<has no known contraindications>>.",
        "Relief <<without risk, side effects>> or downtime.",
        "The programme has <<no side effects>>, but it is hard work.",
    ],
    "absolutely-safe": [
        "Spinal manipulation of the neck is <<perfectly safe>>.",
        "It <<can’t hurt to double>> the dose.",
        "Our detox drink is <<safe for everyone>>, from babies to grandparents.",
        "Vitamin C is <<safe at any dose>>.",
        "The <<supplement is harmless>> and tastes of mint.",
        "These pills are <<100 percent harmless>>.",
        "A <<risk-free treatment>> for snoring.",
        "Colloidal silver is <<absolutely non-toxic>>.",
        "The study proved the vaccine is <<safe for everyone>> over 12.",
    ],
    "natural-is-safe": [
        "A gentle, <<herbal and therefore risk-free>> option.",
        "<<All-natural, so you can take as much as you like>>.",
        "It is <<safe because it is plant-based>>.",
        "Our <<safe, natural alternative>> to sleeping tablets.",
        "The blend is <<natural and therefore safe>>.",
        "<<Natural remedies are always gentle>> on the liver.",
        "Made from flowers, it is <<herbal, so it is harmless>>.",
        "<<Being natural, the drops are safe>>.",
    ],
    "sole-cause": [
        "Hip misalignment is <<the sole cause of sciatica>>.",
        "Sugar is <<the only reason people get acne>>.",
        "Anxiety <<is caused entirely by>> gut imbalance.",
        "<<All back pain comes from>> weak core muscles.",
        "Poor posture is <<the single culprit behind headaches>>.",
        "<<Every disease begins in>> the gut.",
        "Your migraine <<is solely due to>> stress.",
        "Stress is <<the one true cause of eczema>>.",
        "Acne <<is caused only by>> dairy.",
        "Gluten <<alone is to blame for brain fog>>.",
        "<<Arthritis has just one cause>>: acid.",
        "<<Acne has a single cause>>: dairy.",
        "Poor posture is <<the one and only reason for neck pain>>.",
        "<<The only thing that causes obesity>> is sugar.",
    ],
    "root-cause": [
        "A tilted pelvis <<is the true cause of your sciatica>>.",
        "Leaky gut <<is actually the hidden cause of your tiredness>>.",
        "<<The true cause of your fatigue lies in>> the adrenal glands.",
        "Chronic stress <<is at the root of most illness>>.",
        "Toxins <<are the underlying cause of most illnesses>>.",
    ],
    "root-cause-pitch": [
        "Chiropractic <<treats the root cause, not just the symptoms>>.",
        "<<Treating the root cause instead of masking the pain>>.",
        "<<We get to the root cause>> of your pain.",
        "Our practitioners <<identify the real cause rather than just treating symptoms>>.",
        "<<Our treatment goes deeper and fixes the root cause>>.",
        "<<Osteopathy focuses on correcting the root cause>> of headaches.",
        "<<By fixing the root cause of headaches, osteopathy>> keeps you at work.",
        "<<Reflexology gets to the root of>> your insomnia.",
        "Osteopathy <<looks for the root of the problem rather than treating symptoms>>.",
        "<<Instead of masking the pain with tablets, we remove what causes>> it.",
        "<<While painkillers only mask the symptoms, our programme goes to the source>>.",
        "Our osteopaths <<hunt down the root cause instead of handing out painkillers>>.",
    ],
    "universal-causation": [
        "Sitting <<always leads to disc damage>>.",
        "Bread <<inevitably triggers inflammation>>.",
        "Bad posture <<will cripple your spine>>.",
        "Seed oils <<will wreck your liver>>.",
        "Late dinners <<are guaranteed to cause heartburn>>.",
        "Dairy <<always causes acne>>.",
        "<<Everyone who eats gluten gets headaches>>.",
        "<<Every woman who takes the pill ends up with a hormone imbalance>>.",
        "A crooked spine <<is guaranteed to wear out your joints>>.",
        "Stress <<will inevitably cause heart disease>>.",
    ],
    "inevitable-harm": [
        "<<Ignoring hip misalignment will lead to permanent damage>>.",
        "<<Ignoring hip misalignment will lead to chronic pain>>.",
        "<<Unless you fix your posture, you will end up in a wheelchair>>.",
        "<<Without this supplement your joints are going to crumble>>.",
        "<<If you ignore the early signs, your knees will only get worse>>.",
        "It is <<just a matter of time before you need surgery>>.",
        "Left <<uncorrected, a bad bite will inevitably cause headaches>>.",
        "<<Failing to treat a tight hip will end in surgery>>.",
        "A <<crooked pelvis will lead to permanent damage>>.",
        "If left <<untreated, sciatica leads to permanent>> paralysis.",
        "<<Without treatment from us, your hips will wear out>> by sixty.",
    ],
    "weasel-source": [
        "<<Studies show>> that ginger eases nausea.",
        "<<Research suggests>> walking helps sciatica.",
        "<<Science says>> cold water burns fat.",
        "It works, <<and many studies have shown>> it.",
        "<<A recent study proved>> that magnets ease pain.",
        "<<Countless scientific studies confirm>> the power of cold showers.",
    ],
    "discourages-professional-care": [
        "Fix your sciatica <<without ever seeing a doctor>>.",
        "You <<don’t need to see a GP for chest tightness>>.",
        "<<Doctors can’t help with>> this.",
        "So <<be your own doctor>>.",
        "<<Forget the doctor>>: turmeric is all you need.",
        "There is really <<no need to trouble your doctor>> with it.",
        "<<Don’t waste your time with doctors>>.",
        "<<Rather than going to the doctor>>, I rub in some onion.",
        "<<Conventional medicine offers no solution>> for people like us.",
        "You can <<heal your back at home without seeing a physiotherapist>>.",
        "Live well and <<never have to visit a dentist again>>.",
        "<<No doctor needed>>, no waiting room.",
        "<<Save yourself the trip to the emergency room>>.",
        "<<Seeing a physiotherapist is a waste>> of money.",
        "<<Doctors only want to sell you drugs>>.",
    ],
    "care-called-unnecessary": [
        "<<You do not need to see a doctor>>.",
        "<<There is no need to see a specialist>>: your body knows how to heal.",
        "<<No need to call an ambulance>>: chew this capsule.",
        "<<Vaccination is unnecessary if you>> eat well.",
    ],
    "stop-medication": [
        "Once you feel better, <<stop taking your antidepressants>>.",
        "<<Ditch your statins>> and eat oats instead.",
        "Follow this plan and <<you will no longer need insulin>>.",
        "<<You no longer need your inhaler>> once you breathe correctly.",
        "<<Throw away your pills>> and breathe.",
        "After a fortnight you can <<come off your blood pressure tablets>>.",
        "Do the breathing and you <<won’t need your inhaler any more>>.",
        "<<Say goodbye to your medication>> for good.",
        "<<Quit taking your blood thinners>> and try garlic.",
        "After a week, <<stop taking your painkillers>>. You do not need to see a doctor.",
        "<<Stop your thyroid pills>> and eat seaweed. No doctor’s permission needed.",
        "<<Come off statins>> without asking your doctor.",
        "<<Bin the beta blockers>>, whatever your doctor says.",
        "What you can look forward to:\n\n- <<Throw away your painkillers>>\n- Sleep better",
    ],
    "replaces-treatment": [
        "<<Choose cannabis oil instead of chemotherapy>>.",
        "<<Beat type 1 diabetes with diet in place of insulin>>.",
        "<<Treat pneumonia with garlic rather than antibiotics>>.",
        "A <<natural alternative to insulin>> that grows in your garden.",
        "<<Turmeric replaces your blood thinners>>.",
        "You can <<control your blood sugar without medication>>.",
        "<<Skip chemo>> and cleanse instead.",
        "<<Cure cancer without chemotherapy>>.",
        "Drink <<essiac tea instead of conventional treatment>>.",
        "<<Choose us instead of surgery>>.",
        "<<Turmeric works better than chemotherapy>>.",
        "<<Cannabis oil can be used in place of epilepsy medication>>.",
    ],
}

SILENT = {
    "no-side-effects": [
        "The dose is raised slowly, and the aim is relief with no side effects.",
        "There is no risk of catching flu from the vaccine.",
        "No medicine is free from side effects.",
        "Nothing works without some side effects.",
        "In a 12-week trial of 80 adults, no serious side effects were reported [2].",
        "If you have no side effects after a week, your doctor may raise the dose.",
        "Does turmeric have side effects?",
        "No painkiller is without side effects.",
        "In a four-week study, no side effects were reported.",
        "There is no treatment without side effects.",
        "Patients who had no side effects stayed on the higher dose.",
        "Tell the nurse even if you have not noticed any side effects.",
        "The vaccine rarely causes serious side effects.",
        "People with no risk factors can still have a stroke.",
        "It is wrong to say that acupuncture has no side effects.",
        "Researchers hope to find a painkiller without the side effects of opioids.",
        "“No side effects” is a claim that should make you wary.",
    ],
    "absolutely-safe": [
        "A blood test is a completely safe test.",
        "Some moles are harmless but should be checked if they change.",
        "No drug is completely safe.",
        "Paracetamol is generally safe at the stated dose.",
        "Is melatonin completely safe for children?",
        "It is not risk-free.",
        "Most moles are harmless.",
        "An ECG is painless and harmless.",
        "It can’t hurt to ask your pharmacist.",
        "First, do no harm.",
        "Wash the knife to make sure that the chicken is safe to eat.",
        "Claim your risk-free trial today.",
        "The tumour turned out to be harmless.",
        "Exercise in pregnancy is safe for most people.",
        "There is no dose of alcohol that is completely safe.",
        "It is perfectly safe to walk with a pacemaker.",
        "Herbal medicines are not always safe.",
        "You can overdose on iron tablets.",
    ],
    "natural-is-safe": [
        "Natural does not mean safe.",
        "Some natural remedies interact with medicines.",
        "The natural history of sciatica is recovery over weeks.",
        "Is natural always safe?",
        "Natural latex can cause allergy.",
        "Just because a product is natural does not make it safe.",
        "Do not assume that natural remedies are safe.",
        "People often take kava because it is natural.",
        "Safe handling of natural gas is a matter for an engineer.",
    ],
    "sole-cause": [
        "Shingles is only caused by the reactivation of the chickenpox virus.",
        "Smoking is the single biggest cause of lung cancer.",
        "Hip misalignment is rarely the sole cause of sciatica.",
        "Can hip alignment problems be the sole cause of sciatica?",
        "A hip out of alignment can contribute to, or even be the root cause of, sciatica.",
        "Stress is not the only cause of ulcers.",
        "Cystic fibrosis is caused by changes in one gene, CFTR.",
        "The only way to know the cause is an examination.",
        "Measles is caused by a virus.",
        "All colds are caused by viruses.",
        "Every cancer begins in a cell whose DNA has changed.",
        "Not all back pain comes from the discs.",
        "The main cause of COPD is smoking.",
        "There is no single cause of depression.",
        "Age is the only factor that nobody can change.",
        "The only reason for the operation is pain.",
    ],
    "root-cause": [
        "A blocked artery is the underlying cause of most heart attacks.",
        "Hip problems may be the root cause of some people’s pain.",
        "Your doctor will look for the underlying cause.",
        "Treating the underlying cause, such as iron deficiency, often helps.",
        "What is the root cause of sciatica?",
        "The root canal was infected.",
        "The true cause of fibromyalgia is not known.",
        "Finding the underlying cause of anaemia is essential.",
        "Treatment depends on the underlying cause of the symptoms.",
    ],
    "root-cause-pitch": [
        "Treatment also depends on the underlying cause.",
        "Antibiotics do not treat the root cause of a viral cold.",
        "Doctors try to treat the underlying cause of high blood pressure rather than just the number.",
        "Tests help to find the root cause of anaemia.",
        "Does osteopathy treat the root cause?",
        "Your physiotherapist will assess you to find the cause of your pain.",
    ],
    "universal-causation": [
        "Sitting for long periods may make pain worse.",
        "Bread does not always trigger symptoms.",
        "Total sleep loss will affect anyone’s concentration.",
        "Untreated rabies is almost always fatal.",
        "Not everyone who carries the gene gets breast cancer.",
        "A cold always starts with a virus.",
        "The injection will cause a little pain.",
        "Smoking will damage your lungs.",
        "High blood pressure does not always cause headaches.",
        "The dose will automatically be lowered.",
    ],
    "inevitable-harm": [
        "Left untreated, cataracts will get worse over time.",
        "Leaving the dressing on will result in faster healing.",
        "Ignoring hip misalignment can lead to chronic pain.",
        "Untreated sciatica usually improves within weeks.",
        "Untreated diabetic ketoacidosis is life-threatening; call an ambulance.",
        "If you ignore chest pain, you may miss a heart attack.",
        "Early intervention is crucial to prevent long-term problems.",
        "If you do not feel better, your doctor will suggest another test.",
        "Without insulin, people with type 1 diabetes will die.",
        "If you leave the dressing on, the wound will heal faster.",
        "Unless you are told otherwise, you will go home the same day.",
        "If you don’t have a GP, you will need to register.",
        "Untreated syphilis will lead to damage of the heart and brain.",
        "Poor posture will lead to permanent damage. There is no evidence for this.",
        "For someone with coeliac disease, gluten will cause damage to the gut.",
    ],
    "weasel-source": [
        "Ask what studies show before you buy.",
        "Research is under way.",
        "No studies show that it works.",
        "Some early research suggests a small benefit.",
        "Research suggests that walking might help.",
        "Studies have shown an association between sleep and weight.",
        "What does the research show?",
        "The blood test will show whether you are anaemic.",
        "Scientists do not yet know why.",
        "The cream has never been clinically proven to work.",
        "It is a myth that research proves homeopathy works.",
    ],
    "discourages-professional-care": [
        "Call NHS 111 instead of going to your GP.",
        "Stay away from hospitals if you have norovirus.",
        "There is no need to see a doctor unless symptoms last more than three weeks.",
        "Don’t wait to see a doctor if symptoms get worse.",
        "Do I need to see a doctor? Yes, if you have a fever.",
        "You usually do not need to see a GP for a cold, but see one if you are short of breath.",
        "Never avoid seeing a doctor because of cost; clinics can help.",
        "Doctors don’t always know the cause of tinnitus.",
        "See a doctor: this leaflet does not replace the advice of a professional, and we are not doctors.",
        "You don’t need to see a GP for this, but you should call 111 if the fever does not go down in three days.",
        "You can book directly, so you don’t need to see a doctor first.",
        "Do not stop the tablets without seeing your doctor.",
        "Some people go without seeing a dentist for years.",
        "Instead of waiting, call your doctor.",
        "Don’t skip your regular doctor’s appointments.",
        "Doctors cannot cure a cold, but they can rule out pneumonia.",
        "Avoid contact sports until the surgeon says so.",
        "You do not need a referral from your doctor.",
        "Don’t trust a surgeon who promises a result.",
    ],
    "care-called-unnecessary": [
        "You usually do not need to see a GP for a cold, but see one if it lasts three weeks.",
        "You do not need to see a doctor about a small bruise. See a doctor if it has not faded.",
        "You don’t need to see a doctor. Call one if the rash spreads.",
        "If the bite is clean, you don’t have to see a doctor.",
        "You do not need to see a dermatologist to get this cream.",
        "Most people with a cold do not need to see a doctor.",
    ],
    "stop-medication": [
        "Stop taking your antihistamine a few days before an allergy test.",
        "Once your blood pressure is under control you may no longer need tablets.",
        "If you no longer need your medicine, return it to a pharmacy.",
        "Do not stop taking your antidepressants without talking to your doctor.",
        "Your doctor may reduce your dose slowly.",
        "If you get a severe rash, stop the medicine and call your doctor straight away.",
        "Stop smoking before surgery.",
        "Never skip your inhaler.",
        "Ask your GP whether you can come off your blood thinner before surgery.",
        "Stop taking ibuprofen and call 999 if you have black, tarry stool.",
        "Never stop your steroid tablets suddenly.",
        "Can I stop taking my tablets when I feel well?",
        "You may be told to stop taking your blood thinner before the operation.",
        "When you stop taking your tablets, the symptoms can come back.",
        "You don’t need antibiotics for a cold.",
        "It can be hard to come off your medication, so plan it with your doctor.",
        "People who quit their drugs suddenly can become very ill.",
        "Quit tobacco and drugs.",
        "It is dangerous to:\n\n- stop taking your insulin",
        "Come off your antidepressants, but never without your doctor’s help.",
        "You can stop taking folic acid at 12 weeks of pregnancy.",
    ],
    "replaces-treatment": [
        "Acupuncture should not be used instead of chemotherapy.",
        "Physiotherapy is often tried instead of surgery for meniscal tears [2].",
        "Use massage alongside, not in place of, your treatment.",
        "Can diet replace insulin in type 1 diabetes? No.",
        "Use paracetamol instead of ibuprofen if you have an ulcer.",
        "The insulin pump replaces daily injections.",
        "Low back pain can usually be treated without surgery.",
        "Knee replacement is surgery on the joint.",
        "Radiotherapy may be used instead of surgery.",
        "These herbs should not replace prescribed medicines.",
        "Never take herbs instead of antibiotics for pneumonia.",
        "The newer tablets replaced older insulins in some trials.",
        "He chose prayer instead of insulin and died at 34.",
        "A mother was jailed for giving garlic instead of insulin.",
        "The maker claims it replaces insulin.",
        "It is dangerous to:\n\n- use herbs instead of chemotherapy",
    ],
}

ARTICLES = [
    ("# Sciatica: causes and stretches\n\nPain runs down the leg. See a GP after six weeks.", "Sciatica"),
    ("# Herniated disc\n\nMost heal. Use heat.", "Herniated disc"),
    ("# Low back pain relief\n\nCall your doctor if it lasts. Bladder trouble can occur.", "Low back pain"),
    # signs without the word that it is urgent, and urgency without signs
    ("# Sciatica\n\nTell your doctor about numbness in the groin or weakness in both legs.", "Sciatica"),
    ("# Sciatica\n\nGo to an emergency department if the pain is unbearable.", "Sciatica"),
    # what every sciatica feels like is no warning sign
    (
        "# Sciatica\n\nPain, tingling or a dead feeling runs through the buttocks and legs. Call 999 for chest pain.",
        "Sciatica",
    ),
    # one sign in three wordings is one sign
    (
        "# Sciatica\n\nGo to A&E at once for loss of bladder control, bowel problems or trouble urinating.",
        "Sciatica",
    ),
    # nobody reads a comment
    ("# Sciatica\n\nMove.\n\n<!-- Call 999 for saddle numbness or loss of bladder control. -->", "Sciatica"),
    ("# Depression\n\nSome people think about suicide. Exercise may help mood.", "about suicide"),
    ("# Teen self-harm\n\nParents often feel guilty.", "self-harm"),
    ("# Side effects\n\nThis medicine can cause suicidal thoughts in young people.", "suicidal"),
    ("# Grief\n\nSome people lose their partner to suicide and tell nobody.", "to suicide"),
    ("# Sciatica\n\nGo to A&E immediately if you have numbness around your genitals or bottom, trouble peeing or pooing, or weakness in both legs.", ""),
    ("# Back pain\n\nCall 911 right away for loss of bladder control or numbness between your legs.", ""),
    ("# Neck pain\n\nGentle movement helps.", ""),
    ("# Arm pain\n\nCauses are strain, poor posture and herniated discs. Herniated discs press on nerves.", ""),
    ("# Hip pain\n\nSciatica is one of the things that a doctor will think of.", ""),
    ("# Slipped disc\n\n## Red flags\n\n- saddle anaesthesia\n- incontinence\n\nThis is a medical emergency.", ""),
    ("# Depression\n\nIf you think about suicide, call or text 988 (US) or Samaritans on 116 123 (UK) now.", ""),
    ("# Teen self-harm\n\nIn an emergency call 000; Lifeline 13 11 14 is open day and night.", ""),
    ("# Enzymes\n\nSuicide inhibitors bind forever.", ""),
    ("# Enzymes\n\nSuicide inhibition is used in enzyme chemistry.", ""),
    ("# Low mood\n\nIf you feel suicidal, call 988 or your local crisis line now.", ""),
    ("# Lifting\n\nBend your knees, or you may hurt yourself.", ""),
]  # fmt: skip
"""An article, and the words of it that a signpost rule points to; none when it says what it should."""


@cache
def linter() -> Linter:
    return Linter([rule for rule in load_rules() if rule.id in RULES])


def violations(text: str) -> list[Violation]:
    return linter().lint(read_text(text, format="markdown", path="example.md"))


def marked(text: str) -> tuple[str, Span]:
    start, end = text.index("<<"), text.index(">>") - 2
    return text.replace("<<", "").replace(">>", ""), Span(start, end)


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in FLAGGED.items() for text in texts]
)
def test_a_claim_is_flagged_at_its_words(rule: str, text: str) -> None:
    bare, span = marked(text)
    found = [(each.rule, each.span) for each in violations(bare) if rule in (each.rule, *each.also)]
    assert [at for _, at in found] == [span]


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in SILENT.items() for text in texts])
def test_what_only_looks_like_a_claim_is_let_be(rule: str, text: str) -> None:
    assert not [each.text for each in violations(text) if rule in (each.rule, *each.also)]


@pytest.mark.parametrize(("text", "words"), ARTICLES)
def test_an_article_on_a_grave_subject_says_where_help_is(text: str, words: str) -> None:
    found = [each for each in violations(text) if each.rule.endswith("-signpost")]
    assert [each.text for each in found] == ([words] if words else [])
    assert [each.span for each in found] == (
        [Span(text.index(words), text.index(words) + len(words))] if words else []
    )


def test_the_message_names_what_is_missing() -> None:
    [found] = violations("# Sciatica\n\nGo to A&E at once if both legs feel weak.")
    assert found.message == "An article about “Sciatica” (in the title) needs the cauda equina warning signs."
    [found] = violations("# Sciatica\n\nWatch for saddle numbness and incontinence.")
    assert (
        found.message
        == "An article about “Sciatica” (in the title) needs the cauda equina emergency signpost."
    )


def test_a_named_source_answers_the_question_which_study() -> None:
    assert not violations(
        "Studies show that ginger eases nausea.[^1]\n\n[^1]: Marx W, 2017. doi:10.1080/10408398.2013.865590"
    )
    assert not violations(
        "Studies show that ginger [eases nausea](https://doi.org/10.1080/10408398.2013.865590)."
    )
    assert [each.rule for each in violations("Studies show that ginger eases nausea.")] == ["weasel-source"]


def test_each_clause_is_judged_by_itself() -> None:
    [found] = violations("It does not cure hay fever, but it has no side effects.")
    assert (found.rule, found.text) == ("no-side-effects", "no side effects")
    [found] = violations("Posture is not the only cause of back pain, but stress is the sole cause of acne.")
    assert (found.rule, found.text) == ("sole-cause", "the sole cause of acne")


@pytest.mark.parametrize(
    ("text", "rule", "context", "words"),
    [
        ("Tight hips are rarely the sole cause of sciatica.", "sole-cause", "negated", "rarely"),
        ("Can tight hips be the sole cause of sciatica?", "sole-cause", "question", "?"),
        ("Tight hips can add to, or even be the root cause of, sciatica.", "root-cause", "capability", "can"),
        ("Ignoring it may mean that skipping care will lead to surgery.", "inevitable-harm", "hedged", "may"),
        ("Beware of a cure without side effects.", "no-side-effects", "myth", "Beware of"),
        ("Do not stop taking your insulin.", "stop-medication", "negated", "not"),
        ("Ask your nurse before you stop. Stop taking your pills then.", "stop-medication", "supervised", "Ask your nurse"),
    ],
)  # fmt: skip
def test_an_excuse_names_its_words(text: str, rule: str, context: str, words: str) -> None:
    outcome = linter().outcome(read_text(text, format="markdown", path="example.md"))
    assert not outcome.violations
    [excused] = outcome.excused
    assert excused.violation.rule == rule
    assert (context, words) in [(evidence.name, evidence.text) for evidence in excused.contexts]


def test_naming_a_cause_is_milder_than_selling_with_it() -> None:
    [naming] = violations("Inflammation is the root cause of joint pain.")
    [selling] = violations("Acupuncture treats the root cause of joint pain.")
    assert (naming.rule, naming.severity) == ("root-cause", "info")
    assert (selling.rule, selling.severity) == ("root-cause-pitch", "warning")
