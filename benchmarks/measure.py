"""What a command costs: wall time, CPU time and memory of the process and of all that it starts."""

from __future__ import annotations

import argparse
import ctypes
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
HEALTHLINT = (sys.executable, "-m", "healthlint")


class Cost(NamedTuple):
    """Seconds."""

    wall: float
    cpu: float
    """Of the process and all its descendants, user and system."""


class Command(NamedTuple):
    """A command line to be measured."""

    line: Sequence[str]
    folder: Path | None = None
    """Where it runs; None is here."""
    environment: Mapping[str, str] = {}
    """What is added to ours."""

    def start(self, output: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """The running process; it reads nothing, and what it prints goes to the file `output`."""
        return subprocess.Popen(
            self.line,
            cwd=self.folder,
            env={**os.environ, "NO_UPDATE_NOTIFIER": "1", **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def cost(command: Command) -> Cost:
    """What one run costs."""
    _adopt()
    begin = time.perf_counter()
    process = command.start()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    while True:
        try:
            _, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            return Cost(wall, cpu)
        cpu += used.ru_utime + used.ru_stime


def _adopt() -> None:
    """Make orphaned descendants our children, on Linux.

    The kernel adds up CPU time along the waits of parents for their children. Workers that outlive the process which
    started them, as those of a fork server do, would otherwise be counted nowhere.
    """
    if sys.platform == "linux":
        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def peak_memory(command: Command, output: int = subprocess.DEVNULL) -> int | None:
    """The most bytes that the process and its descendants held at once, shared pages counted once; None without /proc.

    Looked at every hundredth of a second, which costs time: such a run is not to be timed.
    """
    process = command.start(output)
    peak = 0
    while process.poll() is None:
        peak = max(peak, held(process.pid))
        time.sleep(0.01)
    return peak or None


def held(pid: int) -> int:
    """The bytes that a process and its descendants hold now; 0 without /proc."""
    return sum(map(_share, _family(pid)))


def _family(pid: int) -> Iterable[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in found:
            yield from _family(int(child))


def _share(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)
    return 1024 * int(found[1]) if found else 0


def medians(runs: Mapping[str, Callable[[], Cost]], repeats: int) -> dict[str, Cost]:
    """The median costs of each, run in turn `repeats` times, so that what else the machine does meets all alike."""
    taken: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            taken[name].append(run())
    return {name: Cost(*map(statistics.median, zip(*costs, strict=True))) for name, costs in taken.items()}


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine() -> str:
    """What the figures are measured on, and how many processes wanted to run there in the last minute."""
    count = cores()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{platform.system()} {platform.machine()}, {count} core{'s'[: count != 1]}, Python {platform.python_version()}{load}"


# --- what is printed and written ---------------------------------------------------------------------------


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def gate(said: str, value: float, limit: float, *, unit: str, at_least: bool = False) -> str:
    """One line on whether `value` keeps within its limit."""
    kept = value >= limit if at_least else value <= limit
    return f"- {'yes' if kept else '**no**'}: {said}: {value:.2f} {unit} (at {'least' if at_least else 'most'} {limit:g})"


def parser(description: str | None) -> argparse.ArgumentParser:
    """A command line with what all measurements have in common."""
    made = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument(
        "--repeats", type=int, default=5, metavar="N", help="medians of N runs (default: %(default)s)"
    )
    made.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    return made


def report(name: str, lines: Sequence[str], *, write: bool) -> None:
    """Print the lines and, if asked, put them between the markers `name` of docs/performance.md."""
    print("\n".join(lines))
    if write:
        PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), name, lines), encoding="utf-8")


def between(text: str, name: str, lines: Sequence[str]) -> str:
    """`text` with `lines` between the markers `<!-- name -->` and `<!-- /name -->`; raises ValueError without them."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    if begin not in text or end not in text:
        raise ValueError(f"the page has no markers {begin.strip()} and {end}")
    before, _, rest = text.partition(begin)
    return before + begin + "\n".join(lines) + "\n" + end + rest.partition(end)[2]
