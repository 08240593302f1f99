"""Health articles made by chance, the same at every run: `python benchmarks/corpus.py FOLDER [ARTICLES] [WORDS]`.

They stand in for ordinary articles where speed is measured. As in those, hardly a sentence comes twice, most words are
common and a long tail of names is rare, and about one sentence in forty holds the words of a claim; half of those are
excused by their context. The sentences are composed from a small grammar and mean little.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

ARTICLES, WORDS = 500, 1100
"""How many articles a corpus has, and about how many words each of them."""
CLAIMS = 1 / 40
"""The share of sentences that hold the words of a claim."""

Markup = Literal["markdown", "html"]
Kind = Literal["title", "heading", "paragraph", "quotation", "bullets", "steps", "table"]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in text.split("|"))


WORD: Mapping[str, Sequence[str]] = {
    "condition": _listed(
        """asthma|eczema|gout|migraine|shingles|tinnitus|psoriasis|osteoarthritis|hay fever|high blood pressure|
        type 2 diabetes|acid reflux|iron deficiency|coeliac disease|endometriosis|sleep apnoea|chickenpox|rosacea|
        plantar fasciitis|sciatica|glandular fever|an underactive thyroid|carpal tunnel syndrome|whooping cough|vertigo|
        gallstones|kidney stones|chronic kidney disease|heart failure|an irregular heartbeat|bronchitis|cystitis|
        irritable bowel syndrome|ulcerative colitis|anxiety|depression|insomnia|restless legs|a frozen shoulder|
        tennis elbow|osteoporosis|rheumatoid arthritis|lupus|glaucoma|cataracts|conjunctivitis|sinusitis|tonsillitis|
        hepatitis|long covid|dementia|epilepsy|cluster headaches|polycystic ovary syndrome|varicose veins|cellulitis|
        ringworm|scabies|cold sores|hives|a slipped disc|stroke|anaemia|norovirus"""
    ),
    "treatment": _listed(
        """physiotherapy|ibuprofen|paracetamol|metformin|naproxen|an inhaler|a steroid cream|talking therapy|magnesium|
        vitamin D|folic acid|gentle stretching|probiotics|turmeric|acupuncture|massage|fish oil|brisk walking|swimming|
        light therapy|a blood thinner|an antihistamine|a nasal spray|antibiotics|a low-salt diet|a Mediterranean diet|
        cognitive behavioural therapy|breathing exercises|a water tablet|a beta blocker|a statin|insulin|an antiviral|
        eye drops|compression stockings|a splint|shoe inserts|heat packs|ice packs|peppermint oil|ginger|garlic capsules|
        glucosamine|St John's wort|a moisturiser|a mouth guard|pelvic floor exercises|yoga|tai chi|hormone therapy|
        iron tablets|an emollient bath|a short course of steroids|keyhole surgery|cryotherapy|a hearing aid"""
    ),
    "symptom": _listed(
        """pain|itching|tiredness|swelling|a cough|poor sleep|bloating|dizziness|numbness|stiffness|nausea|a rash|
        shortness of breath|a high temperature|night sweats|blurred vision|a sore throat|tingling|weight loss|cramps|
        palpitations|a runny nose|hair loss|dry skin|muscle weakness|low mood|brain fog|hot flushes|heartburn|
        a headache|joint pain|constipation|diarrhoea|loss of appetite|a stiff neck|a hoarse voice|redness|bruising"""
    ),
    "part": _listed(
        """the lower back|the hip|the knee|the immune system|the small intestine|the thyroid gland|the airways|the skin|
        the nervous system|the bloodstream|the liver|the kidneys|the inner ear|the heel|the wrist|the lining of the nose|
        the lungs|the stomach|the bladder|the pancreas|the eye|the scalp|the jaw|the shoulder|the arteries|the spine|
        the retina|the heart muscle|the large bowel|the gums|the sinuses|the tendons|the lymph nodes|the gall bladder"""
    ),
    "people": _listed(
        """adults|older people|children|teenagers|pregnant women|office workers|runners|shift workers|carers|
        new parents|people with diabetes|men over fifty|women after the menopause|students|nurses|drivers|athletes|
        people with a family history|newcomers to exercise|smokers|people with asthma|gardeners|musicians|teachers"""
    ),
    "helper": _listed(
        """your doctor|a pharmacist|your GP|a physiotherapist|a dietitian|a practice nurse|a specialist|a dermatologist|
        the midwife|a health visitor|your dentist|an optician|a counsellor|the diabetes team|a podiatrist"""
    ),
    "thing": _listed(
        """the dose|the appointment|a blood test|the leaflet|a scan|the waiting list|a diary|the weather|a good mattress|
        the workplace|a second opinion|the diagnosis|an allergy test|the label|a referral|the prescription|sleep|stress|
        the menu|a daily walk|the journey to work|a birthday party|a holiday|the kitchen cupboard|screen time|caffeine|
        alcohol|breakfast|a heavy meal|the school run|pollen|dust|air pollution|a pet|central heating|loose clothing|
        a busy week|the evening routine|a support group|the local surgery|an infection|a previous injury|family life"""
    ),
    "verb": _listed(
        """affects|changes|explains|shapes|concerns|reaches|follows|disturbs|touches|slows|interrupts|complicates|
        resembles|accompanies|irritates|weakens|influences|precedes|shows up in|depends on|puts strain on|draws on|
        takes longer than|sits behind|is measured by|is often confused with|is linked with|varies with|comes before"""
    ),
    "manner": _listed(
        """slowly|a little|in small steps|over several weeks|quite often|from time to time|more than expected|unevenly|
        during the night|in the morning|in cold weather|after meals|for a few days|in the long run|once in a while|
        without any clear reason|more in winter|on most days|at first|later in life|to some extent|in many homes"""
    ),
    "quality": _listed(
        """common|mild|uncomfortable|complicated|familiar|frustrating|unusual|short-lived|manageable|tiresome|hard to spot|
        easy to overlook|worth writing down|different for everyone|less frequent|more likely|well described|unpredictable|
        better understood today|rarely dangerous|seldom discussed|simple to measure|expensive to treat|part of ageing"""
    ),
    "body": _listed(
        """the National Health Service|the World Health Organization|a Cochrane review|a trial of <number> adults|
        a survey of <number> households|the Department of Public Health in <name>|Professor <name>|Dr <name>|
        researchers in <name>|the University of <name>|the <name> cohort study|a team led by <name>|national guidelines"""
    ),
    "start": _listed(
        """In practice|At the same time|For many people|After a while|As a rule|In the first weeks|On the other hand|
        In winter|During pregnancy|At home|At work|Later on|In most surgeries|By contrast|For some families|In <name>|
        Since <year>|Until recently|With time|In small studies|Among <people>|In hospital|On bad days|When travelling"""
    ),
    "advice": _listed(
        """ask <helper> about <thing>|make a note of <symptom>|keep <thing> in mind|take <thing> to the appointment|
        talk to <helper> before starting <treatment>|read <thing> with care|plan for <thing>|go easy on <thing>|
        bring a list of medicines|tell <helper> about <symptom>|write down when <symptom> began|rest <part> for a day|
        build up <manner>|drink enough water|leave time for <thing>|check <thing> twice|mention <condition> to <helper>"""
    ),
    "aside": _listed(
        """and that is <quality>|which is <quality>|although opinions differ|and <people> notice it first|
        even if <thing> <verb> <part>|because <thing> <verb> <symptom>|while <treatment> <verb> <part> <manner>|
        as <body> pointed out in <year>|so <advice>|but the evidence is thin|and <number> in a hundred report <symptom>|
        unless <thing> <verb> <condition>|especially when <symptom> comes with <symptom>|which <helper> can check|
        and nobody knows exactly why|if <symptom> lasts longer than <small> weeks|before <thing> <verb> daily life"""
    ),
    "sentence": _listed(
        """<Thing> <verb> <part> <manner>, <aside>.|<Symptom> is <quality> in <people>, <aside>.|
        According to <body>, <treatment> may ease <symptom> in some <people>, <aside>.|
        <start>, <thing> <verb> <symptom> and <advice>.|<start>, <people> with <condition> describe <symptom> <manner>.|
        If <symptom> gets worse after <small> weeks, <advice>, <aside>.|<Body> followed <number> <people> for <small> years.|
        <Condition> <verb> <part>, <aside>.|<Treatment> is usually reviewed after <small> weeks, <aside>.|
        About <number> percent of <people> in <name> had <symptom>, <aside>.|<start>, <advice>, <aside>.|
        Side effects of <treatment> include <symptom>, <symptom> and, rarely, <symptom>.|
        It is **not** clear whether <treatment> changes <condition>, <aside>.|<Advice> and <advice>.|
        [<Body>](https://www.nhs.uk/<year>/<number>) has a page on <condition> and <thing>, <aside>.|
        <Name>, who lives with <condition>, says that <thing> <verb> <thing> <manner>.|
        <start>, <helper> will ask about <symptom>, <thing> and <thing>, <aside>.|
        The link between <thing> and <condition> is *<quality>*, <aside>.|<Thing> <verb> <thing>; for <people> it is <quality>.|
        Few <people> know that <part> <verb> <part>, <aside>.|Scientists at <name> compared <treatment> with <treatment>.|
        <start>, <symptom> and <symptom> tend to come together, <aside>.|A course of <treatment> lasts <small> weeks.|
        What <helper> looks at first is <part>, then <part>, <aside>.|Some <people> find <treatment> <quality>.|
        <start>, <thing> comes first and <thing> second.|Both <thing> and <thing> are <quality>, and neither changes <manner>.|
        <Name> and <name> met at <thing> in <year>, <aside>.|<start>, nobody asks about <thing>.|
        Most <people> would rather <advice> than wait.|A photograph from <year> shows <people> in <name>.|
        <Thing> is <quality>; <thing> is not.|Not long ago <people> were told to <advice>."""
    ),
    "claim": _listed(
        """<Treatment> cures <condition> for good.|<Treatment> has no side effects and works for everyone.|
        This miracle plan is guaranteed to end <symptom>.|Stress is the sole cause of <condition>.|
        <Treatment> is completely safe for <people>, <aside>.|Our tea reverses <condition> in <small> days.|
        You can throw away your tablets once <treatment> starts to work.|<start>, <treatment> gives instant relief.|
        Doctors do not want you to know how <treatment> heals <part>.|<Treatment> wipes out <condition> without any risk.|
        There is no cure for <condition>, <aside>.|Can <treatment> cure <condition>?|Myth: <treatment> cures <condition>.|
        <Body> fined a shop that claimed its drops cure <condition>.|Nobody can guarantee results, <aside>.|
        <Thing> is rarely the sole cause of <condition>, <aside>.|No treatment is risk-free, <aside>.|
        “A miracle cure”, the advert called it, and <body> disagreed.|<Treatment> is not a magic bullet for <condition>.|
        <Treatment> might reduce <symptom>, but it does not work for everyone."""
    ),
    "title": _listed(
        """<Condition>: what helps|Living with <condition>|<Condition> and <thing>|What <people> ask about <condition>|
        <Treatment> for <condition>|When <symptom> comes back|<Condition> after <thing>|<Symptom>, <thing> and <part>"""
    ),
    "heading": _listed(
        """Causes of <condition>|How <thing> <verb> <part>|Treating <condition>|Living with <condition>|Who is at risk|
        What to tell <helper>|<Treatment> and <treatment>|When to see <helper>|<Symptom> in <people>|Tests for <condition>|
        Questions about <treatment>|<Symptom> at night|What the research says|<Thing> and <symptom>"""
    ),
    "source": _listed(
        "[<Body>](https://www.nhs.uk/<year>/<number>), <year>.|<Name> and others: <thing> and <condition>, <year>."
    ),
    "syllable": _listed(
        "an|bel|cor|dal|er|fen|gar|hol|in|jor|kel|lan|mor|nes|or|pel|quin|ros|sel|tor|ul|vin|wes|yar|zel"
    ),
    "ending": _listed(
        "ham|ton|berg|sson|ova|field|stad|well|ley|mann|ska|court|bury|dale|ez|ino|by|worth|aki|ine"
    ),
}


def _made(chance: random.Random, name: str) -> str:
    if name in _RARE:
        return _RARE[name](chance)
    said = _SLOT.sub(lambda slot: _made(chance, slot[1]), chance.choice(WORD[name.lower()]))
    return said[:1].upper() + said[1:] if name[0].isupper() else said


_SLOT = re.compile(r"<(\w+)>")
_RARE: Mapping[str, Callable[[random.Random], str]] = {
    "number": lambda chance: str(chance.randint(11, 990)),
    "small": lambda chance: str(chance.randint(2, 12)),
    "year": lambda chance: str(chance.randint(1998, 2025)),
    "name": lambda chance: "".join(_made(chance, part) for part in ("Syllable", "syllable", "ending")),
    "Name": lambda chance: _made(chance, "name"),
}


def sentence(chance: random.Random) -> str:
    """A sentence with Markdown's marks in it, now and then one with the words of a claim."""
    return _made(chance, "claim" if chance.random() < CLAIMS else "sentence")


class Block(NamedTuple):
    """A heading, paragraph, quotation, list or table."""

    kind: Kind
    texts: tuple[str, ...]
    """One, or the items; in a table its cells, two a row."""


def section(chance: random.Random) -> Iterator[Block]:
    """A heading and what stands below it, around 150 words."""
    yield Block("heading", (_made(chance, "heading"),))
    for _ in range(chance.randint(1, 3)):
        yield Block("paragraph", (" ".join(sentence(chance) for _ in range(chance.randint(3, 6))),))
    kind = chance.choice(_AFTER)
    if kind == "quotation":
        yield Block(kind, (sentence(chance),))
    elif kind == "table":
        cells = [(_made(chance, "Treatment"), _made(chance, "quality")) for _ in range(chance.randint(2, 5))]
        yield Block(kind, ("Treatment", "For most people", *(text for row in cells for text in row)))
    elif kind:
        yield Block(kind, tuple(sentence(chance) for _ in range(chance.randint(3, 5))))


_AFTER: Sequence[Kind | None] = ("bullets", "bullets", "steps", "table", "quotation", None, None, None)


def blocks(chance: random.Random, words: int) -> Iterator[Block]:
    """A title and sections of about `words` words; three articles in four end with sources and a notice."""
    yield Block("title", (_made(chance, "title"),))
    written = 0
    while written < words:
        for block in section(chance):
            written += sum(len(text.split()) for text in block.texts)
            yield block
    if chance.random() < 3 / 4:
        yield Block("heading", ("Sources",))
        yield Block("steps", tuple(_made(chance, "source") for _ in range(3)))
        yield Block("paragraph", (NOTICE,))


NOTICE = "*This page is general information, not medical advice. Talk to your doctor about your own health.*"


def article(seed: int, words: int = WORDS, markup: Markup = "markdown") -> str:
    """One article of about `words` words; the same for the same seed."""
    chance = random.Random(seed)
    author = _made(chance, "name")
    made = list(blocks(chance, words))
    title, date = (
        made[0].texts[0],
        f"{chance.randint(2015, 2025)}-0{chance.randint(1, 9)}-{chance.randint(10, 28)}",
    )
    if markup == "markdown":
        head = f'---\ntitle: "{title}"\nauthor: Rosa {author}\ndate: {date}\ntags: [health]\n---\n'
        return "\n".join([head, *map(_markdown, made)])
    meta = f'<title>{escape(title)}</title><meta name="author" content="Rosa {author}"><meta name="date" content="{date}">'
    return "\n".join(
        [
            f"<!DOCTYPE html>\n<html lang=en><head>{meta}</head><body><main>",
            *map(_html, made),
            "</main></body></html>\n",
        ]
    )


def _markdown(block: Block) -> str:
    texts = block.texts
    match block.kind:
        case "bullets":
            lines = [f"- {text}" for text in texts]
        case "steps":
            lines = [f"{number}. {text}" for number, text in enumerate(texts, 1)]
        case "table":
            rows = [f"| {one} | {other} |" for one, other in zip(texts[::2], texts[1::2], strict=True)]
            lines = [rows[0], "| --- | --- |", *rows[1:]]
        case _:
            mark = {"title": "# ", "heading": "## ", "quotation": "> "}.get(block.kind, "")
            lines = [mark + texts[0]]
    return "\n".join([*lines, ""])


def _html(block: Block) -> str:
    texts = [_tagged(text) for text in block.texts]
    match block.kind:
        case "bullets" | "steps":
            tag, inner = (
                ("ul" if block.kind == "bullets" else "ol"),
                "".join(f"<li>{text}</li>\n" for text in texts),
            )
        case "table":
            cells = zip(texts[::2], texts[1::2], strict=True)
            tag, inner = (
                "table",
                "".join(f"<tr><td>{one}</td><td>{other}</td></tr>\n" for one, other in cells),
            )
        case _:
            tag = {"title": "h1", "heading": "h2", "quotation": "blockquote"}.get(block.kind, "p")
            inner = texts[0]
    return f"<{tag}>{inner}</{tag}>"


def _tagged(text: str) -> str:
    text = re.sub(r"\[(.*?)\]\((.*?)\)", r'<a href="\2">\1</a>', escape(text, quote=False))
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text))


def write(folder: Path, articles: int = ARTICLES, words: int = WORDS, *, markup: Markup = "markdown") -> None:
    """Write `articles` articles into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    ending = ".md" if markup == "markdown" else ".html"
    for seed in range(articles):
        (folder / f"article-{seed:05d}{ending}").write_text(article(seed, words, markup), encoding="utf-8")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[2:4]]
    write(Path(sys.argv[1]), *given)
