"""Mutation testing: does a test fail when the code is made wrong?

    python benchmarks/mutation.py                    # a sample of 40 mutants of each module
    python benchmarks/mutation.py --sample 0         # all of them: hours
    python benchmarks/mutation.py --skip 40          # others than in the first sample
    python benchmarks/mutation.py healthlint/span.py

mutmut makes the mutants and runs the tests, in a copy of the checkout. Which tests each group of modules is tried with
stands in `GROUPS`: those that are about it, and quick. Which mutants are in the sample depends on their names alone, so
a second run has the same. It prints a table and the survivors as Markdown, for `docs/mutation.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
COPIED = (
    "healthlint",
    "rules",
    "fuzz",
    "benchmarks",
    "tests",
    "docs",
    "examples",
    "README.md",
    "pyproject.toml",
)


PLAIN_NAMES = """

def pytest_make_parametrize_id(config, val):
    import zlib

    return f"t{zlib.crc32(val.encode()):x}" if isinstance(val, str) and not (val.isascii() and val.isidentifier()) else None
"""
"""mutmut names tests on the command line of pytest, which does not find all names again that hold brackets and colons."""


class Group(NamedTuple):
    """Modules that are tried with the same tests."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


def proofs(*rules: str) -> tuple[str, ...]:
    """The tests of the examples of these rules."""
    return tuple(f"tests/test_rules.py::test_rule_proves_itself[{rule}]" for rule in rules)


GROUPS = (
    Group(
        (
            "healthlint/span.py",
            "healthlint/document.py",
            "healthlint/readers/line.py",
            "healthlint/readers/prose.py",
            "healthlint/readers/view.py",
        ),
        (
            "tests/test_document.py",
            "tests/test_prose.py",
            "tests/test_text.py",
            "tests/test_markdown.py",
            "tests/test_positions.py",
            "tests/test_rst.py",
            "tests/test_disguises.py",
        ),
    ),
    Group(
        ("healthlint/suppression.py", "healthlint/baseline.py"),
        (
            "tests/test_suppression.py",
            "tests/test_suppressions_command.py",
            "tests/test_directive.py",
            "tests/test_baseline.py",
        ),
    ),
    Group(("healthlint/changes.py",), ("tests/test_changes.py",)),
    Group(("healthlint/applied.py",), ("tests/test_config_command.py",)),
    Group(
        ("healthlint/checks/disclaimer.py", "healthlint/checks/consultation.py"),
        (
            "tests/test_disclaimer.py",
            "tests/test_professional.py",
            *proofs(
                "disclaimer-missing",
                "disclaimer-incomplete",
                "disclaimer-liability-only",
                "disclaimer-placement",
                "disclaimer-hard-to-read",
                "no-professional-referral",
                "referral-only-in-disclaimer",
                "new-regimen-without-consult",
            ),
        ),
    ),
    Group(
        ("healthlint/context.py",),
        (
            "tests/test_context.py",
            "tests/test_claim_rules.py",
            "tests/test_overclaim_rules.py",
            "tests/test_hard_cases.py",
            "tests/test_rules.py",
        ),
    ),
    Group(
        ("healthlint/phrase.py",),
        (
            "tests/test_phrase.py",
            "tests/test_language.py",
            "tests/test_fuzz.py::test_a_phrase_is_found_where_a_slow_reader_finds_it",
        ),
    ),
)

LEFT_OUT = "is_slow or hostile or arbitrary or spacy or every_run or words_of_paragraphs or wcombining or wrtl or wastral"
"""Tests that each mutant would wait for, and three whose names pytest does not find again."""

STATUS = {1: "killed", 3: "killed", 0: "survived", 5: "no test", 33: "no test", -24: "timeout", 24: "timeout"}
"""What the exit codes of mutmut mean that are not of a timeout."""


class Mutant(NamedTuple):
    """One change of the code."""

    module: str
    name: str
    status: str
    """"killed", "survived", "no test" or "timeout"."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("modules", nargs="*", help="those to mutate; all without any")
    parser.add_argument("--sample", type=int, default=40, help="how many mutants of each module; 0 for all")
    parser.add_argument("--skip", type=int, default=0, help="how many of each module are not in the sample")
    parser.add_argument("--children", type=int, default=2, help="how many processes at once")
    options = parser.parse_args()
    print("| module | mutants | tried | killed | timeout | survived | no test | killed, % |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: |", flush=True)
    survivors: list[str] = []
    for group in GROUPS:
        modules = [each for each in group.modules if not options.modules or each in options.modules]
        if not modules:
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            prepare(folder, modules, group.tests)
            for module in modules:
                names = tuple(mutants(folder, module))
                chosen = sample(names, options.sample, options.skip)
                run(folder, options.children, chosen)
                tried = [each for each in results(folder, module) if each.name in set(chosen)]
                print(row(module, len(names), tried), flush=True)
                survivors += [
                    f"{each.name} ({each.status})\n\n{shown(folder, each.name)}"
                    for each in tried
                    if each.status not in ("killed", "timeout")
                ]
    for each in survivors:
        print(f"\n{each}")


def prepare(folder: Path, modules: Iterable[str], tests: Iterable[str]) -> None:
    """A copy of the checkout in `folder`, and its mutants; the tests have run once, to see which code each needs."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    with (folder / "tests" / "conftest.py").open("a", encoding="utf-8") as file:
        file.write(PLAIN_NAMES)
    settings = {
        "source_paths": ["healthlint"],
        "only_mutate": list(modules),
        "also_copy": ["rules", "fuzz", "benchmarks", "docs", "examples", "README.md"],
        "timeout_multiplier": 3.0,
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-k", f"not ({LEFT_OUT})"],
        "pytest_add_cli_args_test_selection": list(tests),
    }
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n")
        file.writelines(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    run(folder, 1, ["none"])


def run(folder: Path, children: int, names: Sequence[str]) -> None:
    """Try these mutants."""
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *names],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "mutants"), "CI": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode and names != ["none"]:
        sys.exit(done.stdout.decode()[-2000:])


def exit_codes(folder: Path, module: str) -> dict[str, int | None]:
    path = folder / "mutants" / f"{module}.meta"
    found: dict[str, int | None] = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def mutants(folder: Path, module: str) -> Iterator[str]:
    """The names of the mutants of `module`."""
    yield from exit_codes(folder, module)


def sample(names: Sequence[str], size: int, skip: int) -> list[str]:
    """`size` of `names`, the same each time, but not the first `skip` of them; all others for 0."""
    by_digest = sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())[skip:]
    return by_digest[:size] if size else by_digest


def results(folder: Path, module: str) -> Iterator[Mutant]:
    for name, code in exit_codes(folder, module).items():
        if code is not None:
            yield Mutant(module, name, STATUS.get(code, "timeout"))


def row(module: str, known: int, tried: Sequence[Mutant]) -> str:
    count = {
        name: sum(each.status == name for each in tried)
        for name in ("killed", "timeout", "survived", "no test")
    }
    share = 100 * (count["killed"] + count["timeout"]) // max(len(tried), 1)
    return f"| {module.removeprefix('healthlint/')} | {known} | {len(tried)} | {' | '.join(map(str, count.values()))} | {share} |"


def shown(folder: Path, name: str) -> str:
    """The mutant as a diff."""
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name], cwd=folder, stdout=subprocess.PIPE, check=False
    )
    return done.stdout.decode()


if __name__ == "__main__":
    main()
