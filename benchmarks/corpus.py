"""A deterministic corpus of health-like Markdown articles: `python benchmarks/corpus.py FOLDER [N] [WORDS]`."""

from __future__ import annotations

import random
import sys
from pathlib import Path

CONDITIONS = [
    "sciatica",
    "type 2 diabetes",
    "asthma",
    "eczema",
    "migraine",
    "gout",
    "hay fever",
    "high blood pressure",
    "insomnia",
    "osteoarthritis",
    "acid reflux",
    "psoriasis",
    "shingles",
    "tinnitus",
    "endometriosis",
    "iron deficiency",
]
TREATMENTS = [
    "physiotherapy",
    "ibuprofen",
    "metformin",
    "a low-salt diet",
    "talking therapy",
    "a steroid cream",
    "magnesium",
    "vitamin D",
    "gentle stretching",
    "an inhaler",
    "probiotics",
    "turmeric",
    "acupuncture",
    "massage",
    "fish oil",
    "regular walking",
]
BODIES = [
    "the NHS",
    "the World Health Organization",
    "a 2021 Cochrane review",
    "your pharmacist",
    "a trial of 300 adults",
]
SYMPTOMS = [
    "pain",
    "itching",
    "tiredness",
    "swelling",
    "a cough",
    "poor sleep",
    "bloating",
    "dizziness",
    "numbness",
    "stiffness",
]
PLAIN = (
    "According to {body}, {treatment} may ease {symptom} in some people with {condition}.",
    "Most people with {condition} notice {symptom} that comes and goes over the weeks.",
    "Ask your doctor or pharmacist before you start {treatment}, above all if you are pregnant.",
    "In one study, {number} percent of the people who tried {treatment} had less {symptom} after {small} months.",
    "If {symptom} gets worse or lasts longer than {small} weeks, make an appointment.",
    "Side effects of {treatment} include a headache, feeling sick and, rarely, an allergic reaction.",
    "Genes, sleep, work and stress can all contribute to {condition}.",
    "It is **not** clear whether {treatment} prevents {condition}; {body} does not recommend it for that.",
    "Living with {condition} is hard on some days, and [support groups](https://example.org/groups) can help.",
    "A diary of {symptom} shows your care team what makes a difference.",
    "People over {number} are more likely to have {condition} than younger adults.",
    "Doctors usually review {treatment} after {small} weeks and change the dose if they need to.",
)
DOUBTFUL = (
    "{Treatment} cures {condition} for good.",
    "{Treatment} has no side effects and works for everyone.",
    "This miracle plan is guaranteed to end {symptom}.",
    "Stress is the sole cause of {condition}.",
    "There is no cure for {condition}.",
    "Can {treatment} cure {condition}?",
    "Myth: {treatment} cures {condition}.",
    "Regulators fined a shop that claimed its tea cures {condition}.",
    "Poor posture is rarely the sole cause of {condition}.",
)


def article(seed: int, words: int) -> str:
    """One article of about `words` words; the same for the same seed."""
    chance = random.Random(seed)

    def sentence() -> str:
        template = chance.choice(DOUBTFUL if chance.random() < 0.03 else PLAIN)
        treatment = chance.choice(TREATMENTS)
        return template.format(
            body=chance.choice(BODIES),
            treatment=treatment,
            Treatment=treatment[0].upper() + treatment[1:],
            condition=chance.choice(CONDITIONS),
            symptom=chance.choice(SYMPTOMS),
            number=chance.randint(20, 80),
            small=chance.randint(2, 12),
        )

    topic = chance.choice(CONDITIONS)
    lines = [
        "---",
        f'title: "{topic.capitalize()}: what helps"',
        "author: Rosa Ibekwe",
        f"date: 2025-03-{seed % 28 + 1:02d}",
        "---",
        "",
    ]
    lines += [f"# {topic.capitalize()}: what helps", "", sentence(), ""]
    written = 30
    while written < words:
        body = " ".join(sentence() for _ in range(chance.randint(4, 8)))
        items = [f"- {sentence()}" for _ in range(chance.choice((0, 0, 3, 4)))]
        lines += [
            f"## {chance.choice(('Causes of', 'Treating', 'Living with'))} {chance.choice(CONDITIONS)}",
            "",
            body,
            "",
            *items,
            "",
        ]
        written += len(body.split()) + sum(len(item.split()) for item in items) + 4
    lines += [
        "*This page is general information, not medical advice. Talk to your doctor about your own health.*",
        "",
    ]
    return "\n".join(lines)


def write(folder: Path, count: int = 200, words: int = 1000) -> None:
    """Write `count` articles into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        (folder / f"article-{seed:05d}.md").write_text(article(seed, words), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:4]))
