"""What the long runs did: `python fuzz/report.py [TARGET ...] [--folder DIR] [--write]`.

Executions and time are those in the logs of `fuzz/run.py`. Coverage is that of the corpus and of what was found, replayed
under coverage.py: lines and branches of the target's modules. `--write` puts the table into docs/fuzzing.md.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from run import ROOT
from targets import TARGETS, found

PAGE = ROOT / "docs" / "fuzzing.md"
MARKS = ("<!-- fuzz -->\n", "<!-- /fuzz -->")


class Done(NamedTuple):
    """What was done with one target."""

    executions: int
    seconds: int
    processor: int
    inputs: int
    coverage: float
    """Of lines and branches, in percent."""


def done(name: str, folder: Path) -> Done:
    """What the log and the corpus of a target tell."""
    log = (folder / name / "log").read_text(encoding="utf-8", errors="replace")
    spent = re.findall(r"^spent (\d+) s of the processor in (\d+) s$", log, re.MULTILINE)
    runs = re.findall(r"^stat::number_of_executed_units: (\d+)", log, re.MULTILINE)
    return Done(
        sum(map(int, runs)),
        sum(int(seconds) for _, seconds in spent),
        sum(int(seconds) for seconds, _ in spent),
        len(list((folder / name / "corpus").iterdir())),
        coverage(name, folder),
    )


def coverage(name: str, folder: Path) -> float:
    """How much of the modules of a target its inputs reach."""
    paths = [module.replace(".", "/") for module in TARGETS[name].modules]
    only = ",".join(pattern for path in paths for pattern in (f"{path}.py", f"{path}/*"))
    measure = [sys.executable, "-m", "coverage"]
    with tempfile.TemporaryDirectory() as place:
        data = f"--data-file={place}/data"
        replayed = [*measure, "run", "--branch", "--source=healthlint", data, "fuzz/run.py", name]
        subprocess.run([*replayed, "--replay", "--folder", folder], cwd=ROOT, check=True, capture_output=True)
        told = [*measure, "json", "--quiet", data, f"--include={only}", "-o", f"{place}/told"]
        subprocess.run(told, cwd=ROOT, check=True)
        covered = json.loads(Path(place, "told").read_text(encoding="utf-8"))["totals"]["percent_covered"]
    assert isinstance(covered, float)
    return covered


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "fuzz")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = [
        "| target | executions | minutes | of the processor | inputs kept | coverage | cases |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in asked.targets or TARGETS:
        if (asked.folder / name / "log").exists():
            each = done(name, asked.folder.absolute())
            minutes, processor = each.seconds / 60, each.processor / 60
            lines.append(
                f"| {name} | {each.executions:,} | {minutes:.0f} | {processor:.1f} | {each.inputs:,} "
                f"| {each.coverage:.0f} % | {len(found(name))} |"
            )
    table = "\n".join(lines) + "\n"
    print(table)
    if asked.write:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(MARKS[0])
        PAGE.write_text(f"{before}{MARKS[0]}{table}{MARKS[1]}{rest.partition(MARKS[1])[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
