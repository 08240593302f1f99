"""How cost grows with length, rules and jobs: `python benchmarks/scaling.py [--only PART] [--repeats N] [--write]`.

Every figure is a whole process that checks articles of benchmarks/corpus.py with no cache of results; what an article of
one word costs is taken off before it is divided by the number of words. Length is measured through the library, for the
command refuses files of more than 5 MB. `--write` puts the tables into docs/performance.md.
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
REFERENCE = 100 * KB
TOTAL = 4 * MB
"""Bytes of all articles of one size, about, where one is not more."""
RULES = (250, 500, 1000)
ARTICLES = 200
"""Checked under each number of rules."""

LETTERS: Mapping[corpus.Markup, float] = {"markdown": 6.1, "html": 6.6}
"""Bytes a word of the corpus takes."""


def check(target: Path, *options: str) -> Command:
    """Checks `target` with a cache of its own for what is not results."""
    cache = {"HEALTHLINT_CACHE_DIR": str(target.parent / "cache")}
    return Command([*HEALTHLINT, "check", "--no-cache", *options, str(target)], None, cache)


LIBRARY = """
import sys
from pathlib import Path
import healthlint
texts = (path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[1]).iterdir()))
found = sum(len(report.violations) for report in healthlint.lint_many(texts, format=sys.argv[2]))
"""


def linted(folder: Path, markup: corpus.Markup) -> Command:
    """Lints the files in `folder`, one after the other, through the library."""
    cache = {"HEALTHLINT_CACHE_DIR": str(folder.parent / "cache")}
    return Command([sys.executable, "-c", LIBRARY, str(folder), markup], None, cache)


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


def spent(commands: Mapping[str, tuple[Path, Command, Command]], repeats: int) -> dict[str, Spent]:
    """What each of the named commands costs, all run in turn.

    Each comes with the folder that it checks, and with the same command on an article of one word.
    """
    runs: dict[str, Callable[[], Cost]] = {}
    for name, (_, command, start) in commands.items():
        cost(start)  # what is kept between runs is made before they are timed
        runs[name] = partial(cost, command)
        runs[f"start {name}"] = partial(cost, start)
    found = medians(runs, repeats)
    return {
        name: Spent(words_in(folder), found[name], found[f"start {name}"])
        for name, (folder, _, _) in commands.items()
    }


# --- length ------------------------------------------------------------------------------------------------


def lengths(scratch: Path, repeats: int) -> Iterator[str]:
    """Cost per word of articles of each size, in Markdown and in HTML."""
    commands = {}
    for markup, letters in LETTERS.items():
        word = _one_word(scratch / f"word.{markup}")
        for size in SIZES:
            folder = scratch / f"{size}.{markup}"
            corpus.write(folder, max(1, TOTAL // size), int(size / letters), markup=markup)
            commands[folder.name] = folder, linted(folder, markup), linted(word, markup)
    found = spent(commands, repeats)
    rows = []
    for size in SIZES:
        row = [f"{max(1, TOTAL // size):,} of {_size(size)}"]
        for markup in LETTERS:
            one = found[f"{size}.{markup}"]
            memory = peak_memory(commands[f"{size}.{markup}"][1])
            row += [
                f"{one.per_word:.2f}",
                f"{one.per_word / found[f'{REFERENCE}.{markup}'].per_word:.2f}",
                f"{memory / MB:.0f}" if memory else "–",
            ]
        rows.append(row)
    parts = ("CPU µs a word", f"to {_size(REFERENCE)}", "peak MB")
    yield from table(
        ("articles", *(f"{_NAMES[markup]}: {part}" for markup in LETTERS for part in parts)), rows
    )
    yield ""
    for markup in LETTERS:
        ratio = found[f"{SIZES[-1]}.{markup}"].per_word / found[f"{REFERENCE}.{markup}"].per_word
        said = f"{_NAMES[markup]}, a word in {_size(SIZES[-1])}"
        yield gate(said, ratio, 1.5, unit=f"times a word in {_size(REFERENCE)}")


_NAMES: Mapping[corpus.Markup, str] = {"markdown": "Markdown", "html": "HTML"}


def _one_word(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "word.md").write_text("Hello.\n", encoding="utf-8")
    return folder


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


def rules(scratch: Path, repeats: int) -> Iterator[str]:
    """Cost per word under the rules that are on by default, and with more and more others."""
    built_in = sum(each.default for each in load_rules())
    folder, word = scratch / "articles", _one_word(scratch / "word")
    corpus.write(folder, ARTICLES)
    under: dict[str, Sequence[str]] = {str(built_in): ("--no-config",)}
    for count in RULES:
        config = scratch / f"{count}.yaml"
        config.write_text(f"rules: [own-{count}]\n", encoding="utf-8")
        write_rules(scratch / f"own-{count}", count - built_in)
        under[str(count)] = "--config", str(config)
    commands = {
        name: (folder, check(folder, *options, *one_job()), check(word, *options, *one_job()))
        for name, options in under.items()
    }
    found = spent(commands, repeats)
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


def jobs(scratch: Path, repeats: int) -> Iterator[str]:
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


PARTS: Mapping[str, Callable[[Path, int], Iterable[str]]] = {
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
            lines = list(part(Path(folder), arguments.repeats))
        first = f"Medians of {arguments.repeats}; {here}."
        report(f"scaling-{name}", [first, "", *lines, ""][:-1], write=arguments.write)
        print()


if __name__ == "__main__":
    main()
