"""Fuzz for long, guided by coverage: `python fuzz/run.py [TARGET ...] [--seconds N] [--jobs N] [--folder DIR]`.

Needs atheris. Several targets run `--jobs` at a time, all of them without names. What an input is made of and grows
into is kept in `build/fuzz/TARGET/`: `corpus/`, `log`, and `crash-…` or `timeout-…` for what was found; a run goes on
from the corpus of the last. Exits with 1 when something was found, and prints the input.

`--replay` tries every input of the corpora and of `fuzz/found` once, without atheris: for coverage.py.
`--shrink` leaves in the corpora only what adds to their coverage.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
LONGEST = 2_000
"""So many bytes has an input at most."""
SLOWEST = 10
"""So many seconds of the processor may an input take, though instrumented; what takes longer is not linear."""
HANGS = 300
"""After so many seconds an input is given up."""
MEMORY = 3_000
"""So many megabytes may a process take."""


class Done(NamedTuple):
    """How a run of one target went."""

    target: str
    found: list[Path]
    """The inputs that showed something."""
    failed: bool
    summary: str


def main() -> int:
    """Fuzz what is asked for; gives the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=1800, help="for each target")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="so many targets at a time")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "fuzz")
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help="start again after something was found, until the time is up",
    )
    parser.add_argument("--replay", action="store_true")
    parser.add_argument("--shrink", action="store_true")
    parser.add_argument("--instrumented", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.instrumented:
        fuzz(asked)
    sys.path.insert(0, str(Path(__file__).parent))
    from targets import TARGETS  # noqa: PLC0415 - not before it can be instrumented

    unknown = sorted(set(asked.targets) - set(TARGETS))
    if unknown:
        parser.error(f"there is no target {', '.join(unknown)}; known: {', '.join(TARGETS)}")
    names = asked.targets or list(TARGETS)
    if asked.replay:
        return replay(names, asked.folder)
    if find_spec("atheris") is None:
        parser.error("needs atheris: python -m pip install atheris")
    failed = False
    with ThreadPoolExecutor(asked.jobs) as pool:
        for done in pool.map(lambda name: run(name, asked), names):
            print(f"{done.target}: {done.summary}", flush=True)
            for path in done.found:
                print(f"  {path}: {path.read_bytes()[:2000]!r}", flush=True)
            failed = failed or done.failed
    return int(failed)


def run(name: str, asked: argparse.Namespace) -> Done:
    """Fuzz one target, each time in a process of its own."""
    from targets import TARGETS  # noqa: PLC0415

    place = asked.folder / name
    (place / "corpus").mkdir(parents=True, exist_ok=True)
    before = set(_finds(place))
    began = time.monotonic()
    executions, cpu = 0, 0.0
    failed, left = True, asked.seconds
    while failed and left > 0:
        command = [
            *(sys.executable, __file__, name, "--folder", asked.folder, "--seconds", left),
            *("--instrumented", *TARGETS[name].modules),
        ]
        started = time.monotonic()
        with (place / "log").open("a+b") as log:
            at = log.tell()
            process = subprocess.Popen(
                [*map(str, command), *(["--shrink"] if asked.shrink else [])], stdout=log, stderr=log
            )
            _, status, used = os.wait4(process.pid, 0)
            log.seek(at)
            said = log.read().decode("utf-8", "replace")
        runs = re.findall(r"^stat::number_of_executed_units: (\d+)", said, re.MULTILINE)
        executions += sum(map(int, runs))
        spent = used.ru_utime + used.ru_stime
        cpu += spent
        with (place / "log").open("a", encoding="utf-8") as log_of_text:
            log_of_text.write(
                f"\nspent {spent:.0f} s of the processor in {time.monotonic() - started:.0f} s\n"
            )
        failed, left = status != 0, round(asked.seconds - (time.monotonic() - began))
        if not (asked.keep_going and runs):
            break
    found = sorted(set(_finds(place)) - before)
    summary = (
        f"{executions:,} executions in {time.monotonic() - began:.0f} s ({cpu:.0f} s CPU), {len(found)} found"
    )
    if failed and not found:
        summary += f"; it failed, see {place / 'log'}"
    return Done(name, found, failed, summary)


def _finds(place: Path) -> list[Path]:
    return [path for kind in ("crash", "timeout", "oom") for path in place.glob(f"{kind}-*")]


def fuzz(asked: argparse.Namespace) -> None:
    """Fuzz one target in this process, and end it."""
    import atheris  # noqa: PLC0415 - an extra

    (name,) = asked.targets
    sys.path.insert(0, str(Path(__file__).parent))
    modules = sorted(modules_of(ROOT / "healthlint"))
    wanted = [
        each for each in modules if f"{each}.".startswith(tuple(f"{name}." for name in asked.instrumented))
    ]
    others = [each for each in modules if each not in wanted]
    with atheris.instrument_imports(["healthlint"], others, enable_loader_override=False):
        from targets import FOUND, TARGETS  # noqa: PLC0415

        for module in wanted:  # what is imported only when it is used would not be instrumented
            importlib.import_module(module)
    target = TARGETS[name]
    place = asked.folder / name
    for number, beginning in enumerate(target.beginnings):
        (place / "corpus" / f"seed-{number}").write_bytes(beginning)
    (place / "tokens").write_text(
        "".join(f'"{escaped(token)}"\n' for token in target.tokens), encoding="ascii"
    )
    folders = [place / "corpus", *([FOUND / name] if (FOUND / name).is_dir() else [])]
    if asked.shrink:
        (place / "corpus").rename(place / "whole-corpus")
        (place / "corpus").mkdir()
        folders = [place / "corpus", place / "whole-corpus", *folders[1:]]
    target.check(target.beginnings[0])  # so that loading the rules is not counted as its time

    def check(data: bytes) -> None:
        began = time.process_time()
        target.check(data)
        assert time.process_time() - began < SLOWEST, "takes too long"

    options = ["-merge=1"] if asked.shrink else [f"-max_total_time={asked.seconds}"]
    atheris.Setup(
        [
            sys.argv[0], *options, f"-dict={place / 'tokens'}", f"-artifact_prefix={place}/", f"-timeout={HANGS}",
            f"-max_len={LONGEST}", f"-rss_limit_mb={MEMORY}", "-print_final_stats=1", f"-report_slow_units={HANGS}", "-reload=0", *map(str, folders),
        ],
        check,
    )  # fmt: skip
    atheris.Fuzz()


def modules_of(package: Path) -> Iterator[str]:
    """The dotted names of the modules of a package."""
    for path in package.rglob("*.py"):
        yield ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")


def escaped(token: str) -> str:
    """A token as libFuzzer reads it in a dictionary."""
    return "".join(
        chr(byte) if 32 < byte < 127 and byte not in b'"\\' else f"\\x{byte:02X}"
        for byte in token.encode("utf-8", "surrogatepass")
    )


def replay(names: Sequence[str], folder: Path) -> int:
    """Try every input that is kept, once."""
    from targets import TARGETS, found  # noqa: PLC0415

    failed = False
    for name in names:
        paths = [*sorted((folder / name / "corpus").glob("*")), *found(name)]
        for path in paths:
            try:
                TARGETS[name].check(path.read_bytes())
            except Exception as error:
                failed = True
                print(f"{path}: {type(error).__name__}: {error}")
        print(f"{name}: {len(paths)} inputs")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
