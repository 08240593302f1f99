"""How fast healthlint is, as ratios measured in one run: `python benchmarks/speed.py [FOLDER]`.

Prints articles and words a second, peak memory, and the cold start of one article, beside a bare `re` scan
for as many words, beside `import spacy`, and beside the prose linters that this machine has installed. Times of
one machine mean little; the ratios are what to compare.
"""

from __future__ import annotations

import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus

import healthlint

REPEATS = 5
PHRASES = (
    "cure|cures|cured|miracle|guarantee|guaranteed|no side effects|sole cause|only cause|root cause|permanently|"
    "instantly|overnight|100% safe|completely safe|harmless|secret|forever|for good|always works|never fails|"
    "clinically proven|breakthrough|detox|toxins|works for everyone|risk free|instead of surgery"
)
PEERS: dict[str, Sequence[str]] = {
    "codespell (its own word list)": ["codespell", "-q", "3"],
    "proselint (its own rules)": ["proselint", "check"],
    "typos (its own word list)": ["typos", "--format", "brief"],
    "vale (needs its own configuration)": ["vale"],
}


def seconds(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """The median wall time of `run`."""
    taken = []
    for _ in range(repeats):
        begin = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def process(*command: str) -> Callable[[], object]:
    """A call that runs a command and throws its output away."""
    return lambda: subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def main() -> None:
    """Measure and print."""
    scratch = Path(tempfile.mkdtemp())
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else scratch / "articles"
    if len(sys.argv) == 1:
        corpus.write(folder)
    paths = sorted(path for path in folder.rglob("*.md") if path.is_file())
    words = sum(len(path.read_text(encoding="utf-8", errors="replace").split()) for path in paths)
    print(f"{len(paths)} Markdown articles, {words:,} words; median of {REPEATS} runs\n")

    python = sys.executable
    one = scratch / "one.md"
    one.write_text(corpus.article(1, 1000), encoding="utf-8")
    plain = scratch / "plain.md"
    plain.write_text("# A walk\n\n" + "A walk after lunch is pleasant. " * 160, encoding="utf-8")
    empty = seconds(process(python, "-c", "pass"))
    spacy = seconds(process(python, "-c", "import spacy"))
    print("cold start of a new process            seconds   of `import spacy`")
    for name, run in {
        "python -c pass": None,
        "python -c 'import spacy'": None,
        "healthlint --version": process(python, "-m", "healthlint", "--version"),
        "healthlint check, 1,000 plain words": process(
            python, "-m", "healthlint", "check", "--no-config", str(plain)
        ),
        "healthlint check, 1,000 words of claims": process(
            python, "-m", "healthlint", "check", "--no-config", str(one)
        ),
    }.items():
        taken = seconds(run) if run else spacy if "spacy" in name else empty
        print(f"  {name:40}{taken:6.2f}   {taken / spacy:6.2f}")

    linter = healthlint.Linter([rule for rule in healthlint.load_rules() if rule.default])
    healthlint_one = seconds(lambda: linter.lint(healthlint.read(one)), 20)
    print(f"\none 1,000-word article, once loaded: {1000 * healthlint_one:.1f} ms\n")

    scan = re.compile(rf"\b(?:{PHRASES})\b", re.IGNORECASE)
    ours = seconds(lambda: [linter.lint(healthlint.read(path)) for path in paths], 3)
    bare = seconds(
        lambda: [scan.findall(path.read_text(encoding="utf-8", errors="replace")) for path in paths], 3
    )
    print("the whole corpus                       seconds   articles/s     words/s   times a bare scan")
    rows = {
        "bare re scan, 28 phrases, in process": bare,
        f"healthlint, {len(linter.rules)} rules, in process": ours,
    }
    for name, command in PEERS.items():
        if shutil.which(command[0]):
            rows[name] = seconds(process(*command, *map(str, paths)), 1)
    for name, taken in rows.items():
        print(
            f"  {name:38}{taken:6.2f}   {len(paths) / taken:10.0f}  {words / taken:10.0f}   {taken / bare:10.1f}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of this process, healthlint and the corpus in it: {peak:.0f} MB")
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
