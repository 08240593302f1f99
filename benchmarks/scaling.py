"""How cost grows with length, rules and jobs: `python benchmarks/scaling.py [--only PART] [--repeats N] [--write]`.

Every figure is a whole process that checks articles of benchmarks/corpus.py with no cache of results; what an article of
one word costs is taken off before it is divided by the number of words. `--write` puts the tables into docs/performance.md.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import corpus
from measure import (
    HEALTHLINT,
    Command,
    Cost,
    cores,
    cost,
    gate,
    machine,
    medians,
    parser,
    peak_memory,
    report,
    table,
)

from healthlint.rulebook import load_rules

KB, MB = 1000, 1_000_000
SIZES = (KB, 10 * KB, 100 * KB, MB, 20 * MB)
"""Bytes of an article, about."""
TOTAL = 4 * MB
"""Bytes of all articles of one size, about, where one is not more."""
RULES = (250, 500, 1000)

ENDINGS: Mapping[corpus.Markup, str] = {"markdown": "md", "html": "html"}
LETTERS = {"markdown": 6.1, "html": 6.6}
"""Bytes a word of the corpus takes."""


def check(target: Path, *options: str) -> Command:
    """Checks `target` with a cache of its own for what is not results."""
    cache = {"HEALTHLINT_CACHE_DIR": str(target.parent / "cache")}
    return Command([*HEALTHLINT, "check", "--no-cache", *options, str(target)], None, cache)


def one_job() -> Sequence[str]:
    """The options for one process; none where healthlint has no others."""
    shown = subprocess.run(
        [*HEALTHLINT, "check", "--help"], capture_output=True, text=True, check=True
    ).stdout
    return ("--jobs", "1") if "--jobs" in shown else ()


def words_in(folder: Path) -> int:
    """How many words the files of a folder have, tags counted as they stand."""
    return sum(len(path.read_text(encoding="utf-8").split()) for path in folder.iterdir())


class Spent(NamedTuple):
    """What a folder of articles costs."""

    words: int
    cost: Cost
    start: Cost
    """Of the same command on an article of one word."""

    @property
    def per_word(self) -> float:
        """CPU microseconds."""
        return 1e6 * (self.cost.cpu - self.start.cpu) / self.words


def spent(folders: Mapping[str, tuple[Path, Sequence[str]]], word: Path, repeats: int) -> dict[str, Spent]:
    """What each folder costs under its options, all run in turn; what an article of one `word` costs is run once a round."""
    runs: dict[str, Callable[[], Cost]] = {}
    for name, (folder, options) in folders.items():
        cost(check(word, *options))  # what is kept between runs is made before they are timed
        runs[name] = partial(cost, check(folder, *options))
        runs[f"start {name}"] = partial(cost, check(word, *options))
    found = medians(runs, repeats)
    return {
        name: Spent(words_in(folder), found[name], found[f"start {name}"])
        for name, (folder, _) in folders.items()
    }


# --- length ------------------------------------------------------------------------------------------------


def lengths(scratch: Path, word: Path, repeats: int) -> Iterator[str]:
    """Cost per word of articles of each size, in Markdown and in HTML."""
    options = ("--no-config", *one_job())
    folders = {}
    for markup, ending in ENDINGS.items():
        for size in SIZES:
            folder = scratch / f"{ending}-{size}"
            corpus.write(folder, max(1, TOTAL // size), int(size / LETTERS[markup]), markup=markup)
            folders[folder.name] = folder, options
    found = spent(folders, word, repeats)
    rows = []
    for size in SIZES:
        row = [f"{max(1, TOTAL // size):,} of {_size(size)}"]
        for ending in ENDINGS.values():
            one = found[f"{ending}-{size}"]
            memory = peak_memory(check(folders[f"{ending}-{size}"][0], *options))
            row += [
                f"{one.per_word:.2f}",
                f"{one.per_word / found[f'{ending}-{100 * KB}'].per_word:.2f}",
                f"{memory / MB:.0f}" if memory else "–",
            ]
        rows.append(row)
    parts = ("CPU µs a word", "to 100 kB", "peak MB")
    yield from table(
        ("articles", *(f"{name}: {part}" for name in ("Markdown", "HTML") for part in parts)), rows
    )
    yield ""
    for name, ending in (("Markdown", "md"), ("HTML", "html")):
        ratio = found[f"{ending}-{SIZES[-1]}"].per_word / found[f"{ending}-{100 * KB}"].per_word
        yield gate(f"{name}, a word in 20 MB", ratio, 1.5, unit="times a word in 100 kB")


def _size(count: int) -> str:
    return f"{count // MB} MB" if count >= MB else f"{count // KB} kB"


# --- rules -------------------------------------------------------------------------------------------------

SHAPES = (
    "{adjective} {noun}",
    "({adjective}|{adjective}) [{adverb}] {noun}",
    "({verb}|{verb}s) [your|the] {adjective} ... <condition>",
    "<remedy> ({verb}s|{verb}) [your|the] {noun}",
    "no [{adjective}] {noun} (of|for|in) {noun}",
    "{verb} your {noun} (in|within) <number> (days|weeks)",
    "the {adverb} {adjective} ({noun}|{noun})",
    "({noun}|{noun}|{noun}) that ({verb}|{verb}s)",
    "^ ({verb}|{verb}) [your|the|every] {noun}",
    "{noun} without [any|the] ({noun}|{noun})",
    "(is|are|'s) [{adverb}] {adjective} (for|to) ... <body-part>",
    "never {verb} [your|the] {noun}",
    "({adverb}|{adverb}) ({verb}s|{verb}) ... [...] {noun}",
    "{verb}~ {adverb}",
)
"""Of phrases, as built-in rules have them."""
WORDS = {
    "verb": """affect change explain follow touch slow weaken resemble irritate precede describe compare notice check plan
    rest build drink leave mention bring read ask tell write review measure blend brew chew soak rinse steam grind pour
    stir sip soften settle scrub peel press swap trim track unlock welcome watch wrap whisper wander""".split(),
    "noun": """dose appointment leaflet scan diary weather mattress workplace diagnosis label referral prescription sleep
    stress menu walk journey party holiday cupboard caffeine breakfast meal pollen dust clothing evening group infection
    injury family reviews percent years weeks course evidence trial team university survey adults office runners nurses
    kettle spoon capsule recipe pillow harvest orchard blossom berry grain broth candle bracelet magnet crystal moon""".split(),
    "adjective": """common mild uncomfortable familiar unusual manageable tiresome frequent likely described simple expensive
    rare short older chronic clear daily previous dry sore high low loose busy heavy second local good golden hidden sacred
    fresh bitter raw royal silver alpine desert coastal ancestral fabled potent lively radiant""".split(),
    "adverb": """often slowly usually rarely seldom long well once twice more less later first together exactly boldly calmly
    deeply gladly neatly quietly swiftly warmly""".split(),
}
"""Half of them are words of the corpus, as most words of claims are words of ordinary articles, too."""
CONTEXTS = (
    "negated",
    "question",
    "quoted",
    "attributed",
    "myth",
    "mentioned",
    "historical",
    "conditional",
    "hedged",
)


def rule(number: int) -> tuple[str, dict[str, object]]:
    """The id and the keys of a rule that is like no other, the same for the same number."""
    chance = random.Random(number)

    def phrase() -> str:
        shape = chance.choice(SHAPES)
        for name, words in WORDS.items():
            while f"{{{name}}}" in shape:
                shape = shape.replace(f"{{{name}}}", chance.choice(words), 1)
        return shape

    name = f"made-{number:04d}"
    found: dict[str, object] = {
        "id": name,
        "family": "made",
        "severity": chance.choice(("info", "warning", "error")),
        "message": "“{match}” is one of many.",
        "why": "To see what many rules cost.",
        "fix": "Leave it as it is.",
        "sources": ["https://www.nhs.uk/"],
        "phrases": [phrase() for _ in range(chance.randint(4, 12))],
        "unless": chance.sample(CONTEXTS, chance.randint(0, len(CONTEXTS))),
        "examples": {"bad": ["<<This>> is none."], "good": ["This is none."]},
    }
    if chance.random() < 0.5:
        found["except"] = [phrase() for _ in range(chance.randint(1, 3))]
    if chance.random() < 0.3:
        found["where"] = {"sentence": [phrase() for _ in range(chance.randint(2, 6))]}
    return name, found


def write_rules(folder: Path, count: int) -> None:
    """Write `count` rules into a folder of own rules."""
    (folder / "made").mkdir(parents=True)
    for name, keys in map(rule, range(count)):
        (folder / "made" / f"{name}.yaml").write_text(json.dumps(keys, ensure_ascii=False), encoding="utf-8")


def rules(scratch: Path, word: Path, repeats: int) -> Iterator[str]:
    """Cost per word under the rules that are on by default, and with more and more others."""
    built_in = sum(each.default for each in load_rules())
    folder = scratch / "articles"
    corpus.write(folder, 200)
    folders: dict[str, tuple[Path, Sequence[str]]] = {str(built_in): (folder, ("--no-config", *one_job()))}
    for count in RULES:
        own = scratch / f"own-{count}"
        write_rules(own, count - built_in)
        config = scratch / f"own-{count}.yaml"
        config.write_text(json.dumps({"rules": [str(own)]}), encoding="utf-8")
        folders[str(count)] = folder, ("--config", str(config), *one_job())
    found = spent(folders, word, repeats)
    base = found[str(built_in)]
    yield from table(
        ("rules", "CPU µs a word", "ratio", "start, CPU s"),
        [
            (name, f"{one.per_word:.2f}", f"{one.per_word / base.per_word:.2f}", f"{one.start.cpu:.2f}")
            for name, one in found.items()
        ],
    )
    yield ""
    ratio = found[str(RULES[-1])].per_word / base.per_word
    yield gate(f"a word under {RULES[-1]:,} rules", ratio, 1.5, unit=f"times a word under {built_in}")


# --- jobs --------------------------------------------------------------------------------------------------


def jobs(scratch: Path, word: Path, repeats: int) -> Iterator[str]:
    """Time and memory by the number of processes."""
    if not one_job():
        yield "healthlint has no `--jobs` here."
        return
    folder = scratch / "corpus"
    corpus.write(folder)
    numbers = [count for count in (1, 2, 4, 8, 16, 32, 64) if count <= max(2, cores())]
    commands = {count: check(folder, "--no-config", "--jobs", str(count)) for count in numbers}
    memory = {count: peak_memory(command) for count, command in commands.items()}
    found = medians({str(count): partial(cost, command) for count, command in commands.items()}, repeats)
    words = words_in(folder)
    yield from table(
        ("jobs", "words/s", "times as fast", "s", "CPU s", "peak MB"),
        [
            (
                str(count),
                f"{words / found[str(count)].wall:,.0f}",
                f"{found['1'].wall / found[str(count)].wall:.2f}",
                f"{found[str(count)].wall:.2f}",
                f"{found[str(count)].cpu:.2f}",
                f"{(memory[count] or 0) / MB:.0f}",
            )
            for count in numbers
        ],
    )
    yield ""
    most = numbers[-1]
    yield gate(f"memory with {most} jobs", (memory[most] or 0) / MB, 300 + 150 * most, unit="MB")


PARTS: Mapping[str, Callable[[Path, Path, int], Iterable[str]]] = {
    "length": lengths,
    "rules": rules,
    "jobs": jobs,
}


def main() -> None:
    """Measure, print and, if asked, write."""
    options = parser(__doc__)
    options.add_argument("--only", choices=PARTS, help="one part of the three")
    options.set_defaults(repeats=3)
    arguments = options.parse_args()
    here = machine()
    for name, part in PARTS.items():
        if arguments.only not in (None, name):
            continue
        with tempfile.TemporaryDirectory() as folder:
            word = Path(folder) / "word.md"
            word.write_text("Hello.\n", encoding="utf-8")
            lines = list(part(Path(folder), word, arguments.repeats))
        first = f"Medians of {arguments.repeats}; {here}."
        report(f"scaling-{name}", [first, "", *lines, ""][:-1], write=arguments.write)
        print()


if __name__ == "__main__":
    main()
