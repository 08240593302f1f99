"""How long one article takes from the shell: `python benchmarks/startup.py [--repeats N] [--write]`.

Whole new processes, run in turn, beside the import of spaCy and of nothing. Rules that are compiled and results that are
kept between runs lie in a cache of its own, which is warm except where it says so. `--write` puts the table into
docs/performance.md.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus
import scaling
from measure import HEALTHLINT, Command, Cost, cost, gate, machine, medians, parser, report, table

EMPTY, SPACY = "`python -c pass`", "`python -c 'import spacy; spacy.blank(\"en\")'`"
VERSION = "`healthlint --version`"
CHANGED, UNCHANGED = "a changed article with claims", "the same article unchanged"
PLAIN = "a changed article with nothing to look at"
OWN, UNCHANGED_OWN = "a changed article, with 20 own rules", "the same unchanged"
FIRST = "the first run ever, with an empty cache"

ARTICLE = corpus.article(1, 1000)
WALK = "# A walk\n\n" + "A walk after lunch is pleasant, and the weather was kind to us all day long. " * 70

LOAD = """
import time
from healthlint.rulebook import load_rules
begin = time.process_time()
load_rules()
print(time.process_time() - begin)
"""


def runs(scratch: Path) -> Mapping[str, Callable[[], Cost]]:
    """What is measured, each ready to be run again and again."""
    cache = scratch / "cache"
    number = itertools.count()

    def healthlint(*arguments: str) -> Cost:
        return cost(Command([*HEALTHLINT, *arguments], scratch, {"HEALTHLINT_CACHE_DIR": str(cache)}))

    def checked(name: str, text: str, *options: str, changed: bool) -> Callable[[], Cost]:
        path = scratch / name

        def run() -> Cost:
            if changed or not path.exists():
                path.write_text(f"{text}\n\nThis is version {next(number)}.\n", encoding="utf-8")
            return healthlint("check", *options, str(path))

        return run

    def first() -> Cost:
        shutil.rmtree(cache, ignore_errors=True)
        spent = checked("first.md", ARTICLE, "--no-config", changed=True)()
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(scratch / "kept", cache)
        return spent

    config = scratch / "own.yaml"
    config.write_text("rules: [own]\n", encoding="utf-8")
    scaling.write_rules(scratch / "own", 20)
    own = ("--config", str(config))
    python = sys.executable
    found = {
        EMPTY: lambda: cost(Command([python, "-c", "pass"])),
        SPACY: lambda: cost(Command([python, "-c", 'import spacy; spacy.blank("en")'])),
        VERSION: lambda: healthlint("--version"),
        CHANGED: checked("claims.md", ARTICLE, "--no-config", changed=True),
        UNCHANGED: checked("same.md", ARTICLE, "--no-config", changed=False),
        PLAIN: checked("plain.md", WALK, "--no-config", changed=True),
        OWN: checked("own.md", ARTICLE, *own, changed=True),
        UNCHANGED_OWN: checked("own-same.md", ARTICLE, *own, changed=False),
    }
    for run in found.values():
        run()
    cache.mkdir(exist_ok=True)
    shutil.copytree(cache, scratch / "kept")
    return {**found, FIRST: first}


def loading(scratch: Path, repeats: int) -> float:
    """CPU seconds that the built-in rules take to load in a new process, without the import of the code; the median."""
    environment = {**os.environ, "HEALTHLINT_CACHE_DIR": str(scratch / "cache")}
    command = [sys.executable, "-c", LOAD]
    printed = (
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(repeats)
    )
    return sorted(map(float, printed))[repeats // 2]


def tables(found: Mapping[str, Cost], loaded: float) -> list[str]:
    """Seconds, and what they are to the import of spaCy; then what they should be."""
    rows = [
        (name, f"{spent.wall:.2f}", f"{spent.cpu:.2f}", f"{spent.wall / found[SPACY].wall:.2f}")
        for name, spent in found.items()
    ]
    share = "of the import of spaCy"
    return [
        *table(("new process", "s", "CPU s", share), rows),
        "",
        gate(CHANGED, found[CHANGED].wall / found[SPACY].wall, 0.8, unit=share),
        *(
            gate(f"{name} ({found[name].cpu:.2f} s of CPU)", found[name].wall, limit, unit="s")
            for name, limit in ((CHANGED, 0.4), (UNCHANGED, 0.25), (PLAIN, 0.25), (VERSION, 0.1))
        ),
        gate("the built-in rules, loaded", 1000 * loaded, 30, unit="ms of CPU"),
    ]


def main() -> None:
    """Measure, print and, if asked, write."""
    options = parser(__doc__)
    options.set_defaults(repeats=15)
    arguments = options.parse_args()
    here = machine()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        found = medians(runs(scratch), arguments.repeats)
        loaded = loading(scratch, arguments.repeats)
    first = f"One article of 1,000 words; medians of {arguments.repeats}; {here}."
    report("startup", [first, "", *tables(found, loaded)], write=arguments.write)


if __name__ == "__main__":
    main()
