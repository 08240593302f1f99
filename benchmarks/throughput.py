"""How many words a second healthlint checks, beside the prose linters that are installed.

    python benchmarks/throughput.py [FOLDER] [--peers FOLDER ...] [--repeats N] [--write]

FOLDER holds articles in Markdown; without it, those of benchmarks/corpus.py are checked. Peers are looked for on the PATH
and in the folders given (a node_modules, the bin folder of an environment); each looks for the phrases in
benchmarks/phrases.txt, as healthlint does in the second table, or for what it was made with. All are run in turn, so only
the ratios of one run mean something. `--write` puts the tables into docs/performance.md.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import corpus
from measure import (
    HEALTHLINT,
    Command,
    Cost,
    cost,
    gate,
    machine,
    medians,
    parser,
    peak_memory,
    report,
    table,
)
from peers import INSTALL, MARKDOWNLINT, TEXTLINT, TEXTLINT_ONE, Peer, peers

from healthlint import __version__

PHRASES = Path(__file__).parent / "phrases.txt"
ALL_CORES, ONE_CORE = "**healthlint**", "**healthlint**, `--jobs 1`"
LIST, LIST_IN_CONTEXT = "**healthlint**, the list", "**healthlint**, the list in context"
RULE = """\
id: listed-overclaim
family: listed
severity: error
message: “{{match}}” is on the list.
why: The list says so.
fix: Say it in other words.
sources: [https://www.nhs.uk/]
phrases: {phrases}
unless: {unless}
examples: {{bad: [This is <<a miracle>>.], good: [This is none.]}}
"""
CONTEXTS = "[attributed, conditional, hedged, historical, mentioned, myth, negated, question, quoted]"


class Measured(NamedTuple):
    """What checking a corpus costs a linter."""

    linter: Peer
    whole: Cost
    one: Cost
    """Of one article, in a new process."""
    memory: int | None
    """Bytes at the peak, on the corpus."""
    findings: int


def ours(phrases: Sequence[str], scratch: Path) -> list[Peer]:
    """healthlint in its several set-ups, none of which uses results of an earlier run."""
    jobs = (
        "--jobs"
        in subprocess.run([*HEALTHLINT, "check", "--help"], capture_output=True, text=True, check=True).stdout
    )
    cache = {"HEALTHLINT_CACHE_DIR": str(scratch / "cache")}

    def made(name: str, rules: str, *options: str, lists: bool = False) -> Peer:
        line = [*HEALTHLINT, "check", "--no-cache", *options]
        return Peer(
            name,
            __version__,
            rules,
            lambda target: Command([*line, str(target)], None, cache),
            r"(?m)^\S+:\d+:\d+: ",
            lists,
        )

    found = [made(ALL_CORES, "its own", "--no-config")]
    if jobs:
        found.append(made(ONE_CORE, "its own", "--no-config", "--jobs", "1"))
    for name, rules, unless in ((LIST, "the list", "[]"), (LIST_IN_CONTEXT, "the list in context", CONTEXTS)):
        home = scratch / ("listed" if unless == "[]" else "excused")
        rule = home / "rules" / "listed" / "listed-overclaim.yaml"
        rule.parent.mkdir(parents=True)
        rule.write_text(RULE.format(phrases=list(phrases), unless=unless), encoding="utf-8")
        config = home / "healthlint.yaml"
        config.write_text("rules: [rules]\nselect: [listed-overclaim]\n", encoding="utf-8")
        found.append(made(name, rules, "--config", str(config), lists=True))
    return found


def measured(
    linters: Sequence[Peer], articles: Path, one: Path, repeats: int, scratch: Path
) -> list[Measured]:
    """Every linter on the folder `articles` and on the article `one`; the first run warms up, and is not timed."""
    memory: dict[str, int | None] = {}
    findings: dict[str, int] = {}
    for linter in linters:
        printed = scratch / "printed"
        with printed.open("wb") as file:
            memory[linter.name] = peak_memory(linter.command(articles), file.fileno())
        text = printed.read_text(encoding="utf-8", errors="replace")
        findings[linter.name] = len(re.findall(linter.finding, text))
        if not findings[linter.name] and linter.lists:
            print(f"{linter.name} finds nothing: {text[-500:]}", file=sys.stderr)

    def costs(target: Path) -> Mapping[str, Cost]:
        runs: dict[str, Callable[[], Cost]] = {
            linter.name: partial(cost, linter.command(target)) for linter in linters
        }
        return medians(runs, repeats)

    whole, single = costs(articles), costs(one)
    return [
        Measured(each, whole[each.name], single[each.name], memory[each.name], findings[each.name])
        for each in linters
    ]


def tables(found: Sequence[Measured], words: int) -> list[str]:
    """All rules beside the peers, and the list alone beside those that look for it."""
    by_name = {each.linter.name: each for each in found}
    head = (
        "linter",
        "looks for",
        "words/s",
        "ratio",
        "s",
        "CPU s",
        "CPU ratio",
        "peak MB",
        "one article, s",
        "findings",
    )

    def rows(linters: Sequence[Measured], reference: Measured) -> list[Sequence[str]]:
        return [
            (
                f"{each.linter.name} {each.linter.version}",
                each.linter.rules,
                f"{words / each.whole.wall:,.0f}",
                f"{reference.whole.wall / each.whole.wall:.2f}",
                f"{each.whole.wall:.2f}",
                f"{each.whole.cpu:.2f}",
                f"{reference.whole.cpu / each.whole.cpu:.2f}",
                f"{each.memory / 1e6:.0f}" if each.memory else "–",
                f"{each.one.wall:.2f}",
                f"{each.findings:,}",
            )
            for each in sorted(linters, key=lambda each: each.whole.wall)
        ]

    lists = [each for each in found if each.linter.lists]
    everything = [each for each in found if each.linter.name not in (LIST, LIST_IN_CONTEXT)]
    return [
        "All the rules that are on by default:",
        "",
        *table(head, rows(everything, by_name[ALL_CORES])),
        "",
        "The list of phrases only:",
        "",
        *table(head, rows(lists, by_name[LIST])),
        "",
        *gates(by_name),
    ]


def gates(found: Mapping[str, Measured]) -> list[str]:
    """Whether healthlint, with all its rules, is as fast as it is meant to be."""
    wanted = ((MARKDOWNLINT, 0.6), (TEXTLINT, 4.0), (TEXTLINT_ONE, 4.0))
    return [
        gate(
            f"all rules, beside {name} with the list",
            found[name].whole.wall / found[ALL_CORES].whole.wall,
            limit,
            unit="times as fast",
            at_least=True,
        )
        for name, limit in wanted
        if name in found
    ]


def gathered(source: Path | None, folder: Path) -> int:
    """Put the articles to be checked into one folder; returns how many words they have."""
    if source is None:
        corpus.write(folder)
    else:
        folder.mkdir()
        for number, path in enumerate(sorted(source.rglob("*.md"))):
            shutil.copyfile(path, folder / f"{number:06d}-{path.name}")
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in folder.iterdir())
    return sum(len(text.split()) for text in texts)


def main() -> None:
    """Measure, print and, if asked, write."""
    options = parser(__doc__)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument(
        "--peers", nargs="+", type=Path, default=[], metavar="FOLDER", help="where peers are installed"
    )
    options.set_defaults(repeats=3)
    arguments = options.parse_args()
    here = machine()
    phrases = PHRASES.read_text(encoding="utf-8").split("\n")[:-1]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        articles = scratch / "articles"
        words = gathered(arguments.folder, articles)
        files = sorted(articles.iterdir())
        others = list(peers(phrases, [each.absolute() for each in arguments.peers], scratch / "peers"))
        if not others:
            print(f"No other linter is installed. These can be:\n{INSTALL}\n", file=sys.stderr)
        found = measured([*ours(phrases, scratch), *others], articles, files[0], arguments.repeats, scratch)
    first = (
        f"{len(files):,} articles, {words:,} words, {len(phrases)} phrases in the list;"
        f" medians of {arguments.repeats}; {here}."
    )
    report("throughput", [first, "", *tables(found, words)], write=arguments.write)


if __name__ == "__main__":
    main()
