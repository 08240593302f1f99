"""Contexts are decided on the marked words inside their clause; the marked words are what a rule matched."""

from __future__ import annotations

import re

import pytest

from healthlint.context import Contexts, CueSet, Frame
from healthlint.page import Page
from healthlint.phrase import Phrase, phrase
from healthlint.readers import read_text
from healthlint.rule import Match, Rule
from healthlint.vocabulary import Cue, Inflector, Vocabulary

NAMES = ("negated", "hedged", "capability", "question", "quoted", "attributed", "myth", "mentioned", "historical",
         "conditional", "established", "research")  # fmt: skip

# The marked words, and the contexts that hold for them.
CASES = {
    # negation, its reach and its ends
    "Turmeric does not <<cure arthritis>>.": {"negated"},
    "Turmeric doesn’t <<cure arthritis>>.": {"negated"},
    "No herb <<cures arthritis>>.": {"negated"},
    "There is no evidence that garlic <<cures colds>>.": {"negated"},
    "It won’t cure arthritis, but it <<cures the pain>>.": set(),
    "The diet is not tasty, and it <<reverses diabetes>>.": set(),
    "It is not expensive; it <<cures gout>>.": set(),
    "Not only does it soothe, it <<cures gout>>.": set(),
    "There is no doubt that it <<cures gout>>.": set(),
    "No pills, no needles: it <<cures gout>>.": set(),
    "No pills, no needles, it simply <<cures gout>>.": set(),
    "Nothing works like ginger, which <<cures nausea>>.": set(),
    "It never fails to <<cure hiccups>>.": set(),
    "Bad posture is rarely <<the sole cause>> of backache.": {"negated"},
    "Posture is hardly ever <<the only cause>>.": {"negated"},
    "Neither rest nor heat <<cures sciatica>>.": {"negated"},
    "A plaster cast cannot <<cure arthritis>>.": {"negated"},
    "That honey <<cures asthma>> is not true.": {"negated"},
    "The plan aims to control, not <<cure, the disease>>.": {"negated"},
    "The tea <<cures gout>> without any effort.": set(),
    "It has no risks and <<cures gout>>.": set(),
    "Choose it instead of tablets and <<cure gout>>.": set(),
    "No food or herb <<cures gout>>.": {"negated"},
    "Few of these products <<cure anything>>.": {"negated"},
    "It isn’t cheap, takes patience and <<cures gout>>.": set(),
    "We do not treat symptoms, we <<cure gout>>.": set(),
    "It does not soothe, calm or <<cure gout>>.": {"negated"},
    "It does not, however, <<cure gout>>.": {"negated"},
    "It does not follow that the tea lowers pressure and <<cures gout>>.": {"negated"},
    "We do not sell pills, powders or <<cures for gout>>.": {"negated"},
    "No vitamin, herb or diet that you find in shops <<cures gout>>.": {"negated"},
    "No amount of rest, even over months, will <<cure gout>>.": {"negated"},
    "Not one of the creams that we tried, and we tried ten, <<cured gout>>.": {"negated"},
    "A few drops <<cure gout>>.": set(),
    "With no effort at all you can <<reverse diabetes>>.": {"capability"},
    "You do not have to <<cure every cold>>.": {"negated"},
    "No herb does all of this:\n\n- soothes colds\n- <<cures gout>>": {"negated"},
    "No herb tastes like it.\n\n- <<cures gout>>": set(),
    "Intro.\n\n## “Turmeric <<cures gout>>”\n\nNo, it doesn’t.": {"negated"},
    # hedges
    "Green tea may <<prevent colds>>.": {"hedged"},
    "Stress might well be <<the only cause>>.": {"hedged"},
    "In May the clinic <<cured asthma>>.": set(),
    "Walking <<causes back pain>> in some people.": {"hedged"},
    "It may be bitter, but it <<prevents colds>>.": set(),
    "Whatever your age may be, this balm <<cures gout>>.": set(),
    "The balm may soothe the skin, ease the itch and <<cure gout>>.": {"hedged"},
    "It may be that the lamp warms the skin and <<cures gout>>.": {"hedged"},
    # weak modals are no hedge
    "A bad hip can even be <<the root cause>> of leg pain.": {"capability"},
    "This stretch can <<cure sciatica>>.": {"capability"},
    # questions
    "Can garlic <<cure a cold>>?": {"question", "capability"},
    "## Does cracking joints <<cause arthritis>>": {"question"},
    "Does it help? It <<cures colds>>.": set(),
    "can cinnamon <<reverse diabetes>>": {"question", "capability"},
    "## Can <<cure gout>>": {"capability"},
    "## Can help <<cure gout>>": {"capability"},
    "- Can honey <<cure gout>>": {"capability"},
    # quotations need a speaker, and no heading
    "The leaflet called it a “<<miracle cure>>” for gout.": {"quoted", "mentioned"},
    "We sell a “<<miracle cure>>” for gout.": set(),
    "## Yoga “<<cures>>” back pain": set(),
    "“It <<cured my gout>>,” says Ann.": set(),
    "“It <<cures gout>>,” says our founder.": set(),
    "“It <<cures gout>>,” says the seller.": {"quoted"},
    # distance
    "The seller claims that the tea <<cures cancer>>.": {"attributed"},
    "It is marketed as a <<miracle cure>>.": {"attributed"},
    "Dr Lee says that the tea <<cures cancer>>.": set(),
    "According to Dr Lee, the tea <<cures cancer>>.": set(),
    # myths and warnings
    "It is a myth that copper <<cures arthritis>>.": {"myth"},
    "Myth: copper <<cures arthritis>>.": {"myth"},
    "Myth: it is common. Copper <<cures arthritis>>.": {"myth"},
    "Myth: gold helps. Fact: copper <<cures arthritis>>.": set(),
    "Beware of clinics that promise to <<cure autism>>.": {"myth", "attributed"},
    "## Myths about gout\n\n- Cherries <<cure gout>>": {"myth"},
    "Do not trust anyone who says:\n\n- Cherries <<cure gout>>": {"myth", "negated"},
    "Our promise to you:\n\n- Cherries <<cure gout>>": set(),
    "Walk away from any clinic that:\n\n- <<cures gout>>": {"myth"},
    "They wrongly think that the tea <<cures gout>>.": {"myth"},
    # words spoken about
    "Ask more when an advert uses these words:\n\n- <<instant cure for gout>>": {"mentioned"},
    "The word “<<cure>>” has no place here.": {"mentioned", "quoted"},
    # history
    "In the nineteenth century, mercury <<cured syphilis>>, people thought.": {"historical"},
    # conditions
    "If a product claims to <<cure cancer>>, walk away.": {"conditional", "attributed"},
    "Ask whether the tea <<cures cancer>>.": {"conditional"},
    # what is known to work
    "Antibiotics <<cure strep throat>>.": {"established"},
    "Antibiotics <<cure the common cold>>.": set(),
    "Unlike antibiotics, garlic <<cures strep throat>>.": set(),
    "Garlic is as strong as penicillin and <<cures strep throat>>.": set(),
    "When antibiotics had failed, silver <<cured strep throat>>.": set(),
    # research
    "The mice in the study were <<cured of gout>>.": {"research"},
    "Scientists are testing a gene therapy to <<cure sickle cell disease>>.": {"research", "established"},
    # how far a list goes, and where a verb has its own subject
    "No tea, powder of dried roots, or diet <<cures gout>>.": {"negated"},
    "No pills; teas or diets <<cure gout>>.": set(),
    "Tea may soothe, but pills or drops <<cure gout>>.": set(),
    "Nothing could stop them, the very old balm of my aunt <<wiped out gout>>.": set(),
    "It can’t, the authors say, <<cure gout>>.": {"negated"},
    "It can’t, the authors of this long report say, <<cure gout>>.": {"negated"},
    "Nothing would help, and in three days the cream <<wiped out gout>>.": set(),
    "Nothing would help, and in three days our new cream <<wiped out gout>>.": set(),
    "It could soothe and in the end <<cure gout>>.": {"hedged"},
    "It could soothe, calm and <<cure gout>>.": {"hedged"},
    "It could soothe, and it <<cures gout>>.": set(),
    "It could help sleep and simply <<cure gout>>.": {"hedged"},
    "It could help sleep, simply <<cure gout>>.": set(),
    "It could help sleep and balms will <<cure gout>>.": set(),
    "There is no need to <<cure gout>>.": {"negated"},
    "There is no need to diet to <<cure gout>>.": set(),
    "You have no reason to <<cure gout>>.": {"negated"},
    "Nobody has to fast to <<cure gout>>.": {"negated"},
    "Nothing could stop them, the old balm of my aunts <<wiped out gout>>.": set(),
    "It can’t, the old authors of a note of hers say, <<cure gout>>.": {"negated"},
    "It may soothe, and for fevers <<cure gout>>.": {"hedged"},
    "It may soothe all fevers, chills and <<cures gout>>.": set(),
    "It could soothe and my cream <<wiped out gout>>.": set(),
    "It could soothe and my new cream <<wiped out gout>>.": set(),
    "It could soothe and in my cream <<wiped out gout>>.": {"hedged"},
    "It works without rest, powder of very old dried roots, or a <<cure for gout>>.": {"negated"},
    "It works without rest, powder of very old dried dark roots, or a <<cure for gout>>.": set(),
    "It works without rest, pills or <<cures for gout>>.": {"negated"},
    "It works without rest, pills nor <<cures for gout>>.": {"negated"},
    "It works without rest, pills and <<cures for gout>>.": set(),
    "It works without rest, you take pills or <<cure gout>>.": set(),
    "It works without rest; pills or teas <<cure gout>>.": set(),
    "Nobody knows if tea soothes fevers and <<cures gout>>.": {"negated"},
    "Nobody knows that tea soothes fevers and <<cures gout>>.": {"negated"},
    "Nobody knows whether tea soothes fevers and <<cures gout>>.": {"negated", "conditional"},
    # history, and what is told of today as well
    "In ancient Rome they drank it, and today it <<cures gout>>.": set(),
    "In the nineteenth century doctors found a tea that today <<cures gout>>.": set(),
    "In the 1800s it <<cured gout>>, and it still does.": {"historical"},
    "People once believed that it now <<cures gout>>.": {"historical"},
    "People once believed it still <<cures gout>>.": set(),
    # which treatment is established
    "Antibiotics <<cure strep throat>>, unlike tea.": {"established"},
    "Tea and antibiotics <<cure strep throat>>.": {"established"},
    "Unlike antibiotics for colds, antibiotics <<cure strep throat>>.": {"established"},
    "Antibiotics exist, but garlic <<cures strep throat>>.": set(),
    "Doctors give penicillin; a fennel supplement <<cures strep throat>>.": set(),
    "Garlic soothes, but antibiotics <<cure strep throat>>.": {"established"},
    "Penicillin is bitter, but it <<cures strep throat>>.": {"established"},
    "Unlike antibiotics, tea <<cures strep throat>>.": set(),
    "Tea <<cures strep throat>> without antibiotics.": set(),
    "Nothing could stop them, the very old balm <<wiped out gout>>.": set(),
    "It could soothe and my cream <<wiped out, in a week, gout>>.": set(),
    "It could soothe and my cream, <<wiped out>> gout.": {"hedged"},
    "Did you know that turmeric <<cures gout>>?": set(),
    "Tea <<cures gout>>. It did not.": {"negated"},
    "Tea <<cures gout>>. They do not.": {"negated"},
    "Tea <<cures gout>>. They have not.": {"negated"},
    "Tea <<cures gout>>. It works not.": set(),
    # what leads to a list
    "It may do all of this:\n\n- <<cure gout>>": {"hedged"},
    "No herb tastes so good; it does all of this:\n\n- <<cures gout>>": set(),
    "No herb tastes so good, and it does all of this:\n\n- <<cures gout>>": set(),
    # what asks without a mark
    "Can turmeric <<cure gout>>\n: No.": {"capability", "question"},
    "Does it really <<cure gout>>": {"question"},
    "# Can <<cure gout>>": {"capability"},
    "# Can help <<cure gout>>": {"capability"},
    "# Can turmeric <<cure gout>>.": {"capability"},
    "- Can turmeric <<cure gout>>": {"capability"},
    "Does <<turmeric cure gout>>": {"question"},
    "Can snails <<cure gout>>": {"capability", "question"},
    "Can <<snails cure gout>>": {"capability"},
    # verdicts
    "Tea <<cures gout>>. It isn’t.": {"negated"},
    "Tea <<cures gout>>, it does not.": {"negated"},
    "Tea <<cures gout>>, if it does not hurt.": set(),
    "Tea <<cures gout>> when it doesn’t.": set(),
    "Tea <<cures gout>>. They say it does, but it doesn’t, and nobody cares.": set(),
    "## “Tea <<cures gout>>”\n\nIt does not.\n\nMore.": {"negated"},
    "## “Tea <<cures gout>>”": set(),
    "## Tea <<cures gout>>\n\nNo, it doesn’t.": set(),
    # who speaks
    "“My tea <<cures gout>>,” said the owner.": set(),
    "The owner said tea <<cures gout>>.": set(),
    "“He said tea <<cures gout>>.”": set(),
    "“Tea,” said the owner, <<cures gout>>.": set(),
    "“Tea” <<cures gout>>.": set(),
    "They asked what “tea <<cures gout>>” means.": {"quoted", "mentioned"},
    "---\ndescription: “Tea <<cures gout>>,” said Jo.\n---\n\nTea.": set(),
    "It <<cures what they can’t>>, gout.": set(),
}  # fmt: skip


@pytest.fixture(scope="module")
def cues(rules: list[Rule]) -> CueSet:
    return CueSet(rules[0].vocabulary)


def marked(text: str, rules: list[Rule]) -> tuple[Page, Match]:
    """The page of a text, and a match of the words between << and >>."""
    words = re.search("<<(.*)>>", text)
    assert words
    document = read_text(text.replace("<<", "").replace(">>", ""))
    page = Page(document, rules[0].vocabulary)
    for sentence in page.sentences():
        start = sentence.block.text.find(words[1].replace("’", "'"))
        taken = tuple(
            number
            for number, token in enumerate(sentence.tokens)
            if 0 <= start <= token.start and token.end <= start + len(words[1])
        )
        if taken:
            return page, Match(sentence.span(taken[0], taken[-1]), words[1], sentence, taken)
    raise AssertionError(f"no sentence holds “{words[1]}”")


@pytest.mark.parametrize("text", CASES)
def test_contexts(text: str, rules: list[Rule], cues: CueSet) -> None:
    page, match = marked(text, rules)
    contexts = Contexts(page, cues, {})
    found = {context.name: context.span for context in contexts.of(match, NAMES)}
    assert set(found) == CASES[text]
    for span in found.values():
        assert page.document.source[span.start : span.end].strip()


def test_the_evidence_is_the_words_that_say_so(rules: list[Rule], cues: CueSet) -> None:
    page, match = marked("There is no good evidence that garlic <<cures colds>>.", rules)
    (context,) = Contexts(page, cues, {}).of(match, ["negated"])
    assert page.document.source[context.span.start : context.span.end] == "no good evidence that"


def evidence(text: str, name: str, rules: list[Rule], cues: CueSet, **frames: Frame) -> str:
    page, match = marked(text, rules)
    (context,) = Contexts(page, cues, frames).of(match, [name])
    return page.document.source[context.span.start : context.span.end]


def test_the_evidence_of_a_label_is_the_label(rules: list[Rule], cues: CueSet) -> None:
    assert evidence("Myth: turmeric <<cures gout>>.", "myth", rules, cues) == "Myth"


def test_the_evidence_of_a_question_is_its_own_mark(rules: list[Rule], cues: CueSet) -> None:
    text = "Why not? Does tea <<cure gout>>? Or not? Ask."
    page, match = marked(text, rules)
    (context,) = Contexts(page, cues, {}).of(match, ["question"])
    assert context.span.start == len("Why not? Does tea cure gout")


def test_the_evidence_of_what_is_established_is_the_first_treatment(rules: list[Rule], cues: CueSet) -> None:
    text = "Antibiotics <<cure strep throat>> and antibiotics help."
    assert evidence(text, "established", rules, cues) == "Antibiotics"
    text = "A course of antibiotics <<cures strep throat>>, as antibiotics do."
    assert evidence(text, "established", rules, cues) == "antibiotics"


def test_the_evidence_of_a_frame_is_the_sentence(rules: list[Rule], cues: CueSet) -> None:
    text = "It is nice. It is not meant to <<cure any disease>>."
    said = evidence(text, "disclaimer", rules, cues, disclaimer=lambda _: frozenset({(0, 1)}))
    assert said == "It is not meant to cure any disease"


def test_a_public_body_is_the_source_of_a_figure(rules: list[Rule], cues: CueSet) -> None:
    text = "Of 100 people with cystitis, the NHS says, 90 are well soon: antibiotics <<cure it>>."
    assert evidence(text, "established", rules, cues) == "NHS"


def test_the_head_of_a_column_excuses_as_a_myth_only(rules: list[Rule], cues: CueSet) -> None:
    for head, held in (("Myth", True), ("Wrong", True), ("Perhaps", False)):
        page, match = marked(f"| {head} | Why |\n| --- | --- |\n| Tea <<cures gout>> | no |\n", rules)
        assert bool(list(Contexts(page, cues, {}).of(match, ["myth"]))) is held


def test_a_title_asks_without_a_question_mark(rules: list[Rule], cues: CueSet) -> None:
    page, match = marked("---\ntitle: Can turmeric <<cure gout>>\n---\n\nRest.\n", rules)
    assert list(Contexts(page, cues, {}).of(match, ["question"]))


def test_a_frame_excuses_its_sentences_only(rules: list[Rule], cues: CueSet) -> None:
    page, match = marked("It is nice. It is not meant to <<cure any disease>>.", rules)
    named = {"disclaimer": lambda _: frozenset({(0, 1)})}
    assert [context.name for context in Contexts(page, cues, named).of(match, ["disclaimer"])] == [
        "disclaimer"
    ]
    assert (
        list(Contexts(page, cues, {"disclaimer": lambda _: frozenset({(0, 0)})}).of(match, ["disclaimer"]))
        == []
    )


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("<<Stop your tablets>>. Ask your doctor first.", True),
        ("<<Stop your tablets>>. You do not need to ask your doctor.", False),
        ("<<Stop your tablets>>. There is no need to see a doctor.", False),
        ("<<Stop your tablets>> without asking your doctor.", False),
        ("<<Stop your tablets>>, whatever your doctor says.", False),
        ("<<Stop your tablets>>, do not drive and call your doctor.", True),
        ("<<Stop your tablets>>, but not without your doctor’s help.", True),
    ],
)
def test_a_denied_cue_holds_nothing(text: str, held: bool, rules: list[Rule], cues: CueSet) -> None:
    page, match = marked(text, rules)
    assert bool(list(Contexts(page, cues, {}).of(match, ["supervised"]))) is held


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Copper <<cures arthritis>>. This is not true.", True),
        ("Copper <<cures arthritis>>. There is no evidence for this.", True),
        ("Gold helps. That is false. Copper <<cures arthritis>>.", False),
        ("It is no myth that copper <<cures arthritis>>.", False),
    ],
)
def test_what_the_next_sentence_takes_back(text: str, held: bool, rules: list[Rule], cues: CueSet) -> None:
    page, match = marked(text, rules)
    assert bool(list(Contexts(page, cues, {}).of(match, ["myth", "negated"]))) is held


def test_a_cue_may_end_in_the_first_word_of_the_claim(rules: list[Rule], cues: CueSet) -> None:
    page, match = marked("The maker claims <<it replaces insulin>>.", rules)
    assert [context.name for context in Contexts(page, cues, {}).of(match, NAMES)] == ["attributed"]


@pytest.mark.parametrize(
    ("cue", "pseudo", "held"),
    [
        ("no", "no wonder", False),
        ("no", "wonder", True),
        ("no wonder", "wonder", True),
        ("no wonder", "no wonder", False),
        ("no wonder", "wonder tea", False),
        ("no wonder tea", "wonder", True),
    ],
)
def test_a_pseudo_cue_hides_what_is_no_longer_than_it(cue: str, pseudo: str, held: bool) -> None:
    def compiled(source: str) -> Phrase:
        return phrase(source, Inflector({}))

    vocabulary = Vocabulary(
        cues=(Cue("negated", "forward", "sentence", compiled(cue)),),
        pseudo_cues={"negated": (compiled(pseudo),)},
    )
    [sentence] = Page(read_text("It is no wonder tea sells."), vocabulary).sentences()
    assert bool(CueSet(vocabulary).found(sentence).cues) is held
