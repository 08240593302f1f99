"""What changed since a revision of a Git repository: which lines of which files."""

from __future__ import annotations

import os
import re
import subprocess
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from healthlint.document import Document
from healthlint.errors import HealthlintError
from healthlint.span import Span
from healthlint.violation import Violation

_HARMLESS = ("-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
"""So that Git runs nothing that a repository lying about in the articles asks for."""
_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(?P<first>\d+)(?:,(?P<count>\d+))? @@")
_WHOLE = re.compile(rb"^(?:new file mode|Binary files) ", re.MULTILINE)


class Lines(NamedTuple):
    """Lines that changed, from 1, half-open; an empty range says that lines before `first` were taken out."""

    first: int
    end: int


@dataclass(frozen=True)
class Changes:
    """The changed lines of every changed file."""

    files: dict[str, tuple[Lines, ...] | None] = field(default_factory=dict)
    """By real path; None for a file of which everything counts as changed: it is new, or binary to Git."""

    def changed(self, path: str | Path) -> bool:
        """Whether anything in the file at `path` changed."""
        return os.path.realpath(path) in self.files

    def touched(self, document: Document) -> Callable[[Violation], bool]:
        """A predicate: whether a violation in `document` stands in a sentence of which a line changed.

        What concerns the article as a whole counts as soon as anything in it changed.
        """
        if not self.changed(document.path):
            return lambda violation: False
        hunks = self.files[os.path.realpath(document.path)]
        if hunks is None:
            return lambda violation: True
        source = document.source
        starts = [0, *(found.end() for found in re.finditer("\n", source)), len(source) + 1]
        spans = sorted(_span(lines, starts) for lines in hunks)

        def touched(violation: Violation) -> bool:
            # They do not overlap, so of those that begin before its end the last reach furthest.
            before = bisect_left(spans, (violation.within.end,))
            return any(_meet(violation.within, span) for span in spans[max(0, before - 2) : before])

        return touched


def _span(lines: Lines, starts: Sequence[int]) -> Span:
    """Where `lines` stand in a source whose lines, as Git counts them, begin at `starts`."""
    last = len(starts) - 1
    return Span(starts[min(lines.first - 1, last)], starts[min(lines.end - 1, last)])


def _meet(within: Span, changed: Span) -> bool:
    if changed.start == changed.end:  # something was taken out here
        return within.start < changed.start < within.end
    return within.start < changed.end and changed.start < within.end


def changes_since(revision: str, folder: Path) -> Changes:
    """What differs between the files in the repository of `folder` and where its branch left `revision`.

    Files that Git does not know yet are new. A moved file is compared with what it was. Raises
    `HealthlintError` when `folder` is in no repository, `revision` is none, or Git is not there.
    """
    if revision.startswith("-"):
        raise HealthlintError(f"--diff: “{revision}” is no revision")
    root = Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel")).rstrip("\n"))
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    parted = _git(folder, "merge-base", commit.decode().strip(), "HEAD", missing=b"")
    if not parted and _git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true":
        raise HealthlintError(
            f"--diff: this clone is too shallow to tell where its branch left “{revision}”; fetch the whole "
            "history (git fetch --unshallow, or fetch-depth: 0 in a workflow)"
        )
    base = (parted or commit).decode().strip()
    diff = ("diff", "--find-renames", "--diff-filter=ACMRT", "--no-ext-diff", "--no-textconv", "--no-color")
    names = _names(_git(root, *diff, "--name-status", "-z", base))
    patch = _git(root, *diff, "--unified=0", base)
    files = dict(zip((os.path.realpath(root / name) for name in names), patches(patch), strict=True))
    untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    files |= {os.path.realpath(root / os.fsdecode(name)): None for name in untracked.split(b"\0") if name}
    return Changes(files)


def _names(listing: bytes) -> Iterator[str]:
    """The present names of the files in a `--name-status -z` listing, in order."""
    parts = iter(listing.split(b"\0"))
    for status in parts:
        if status:
            name = next(parts)
            yield os.fsdecode(next(parts) if status[:1] in b"RC" else name)


def patches(diff: bytes) -> Iterator[tuple[Lines, ...] | None]:
    """For each file of a patch without context, in order, its changed lines."""
    for patch in re.split(rb"^diff --git ", diff, flags=re.MULTILINE)[1:]:
        header = patch.partition(b"\n@@ ")[0]
        yield None if _WHOLE.search(header) else tuple(_hunks(patch))


def _hunks(patch: bytes) -> Iterator[Lines]:
    for line in patch.split(b"\n"):
        hunk = _HUNK.match(line)
        if hunk:
            first, count = int(hunk["first"]), int(hunk["count"] or b"1")
            yield Lines(first, first + count) if count else Lines(first + 1, first + 1)


def _git(folder: Path, *arguments: str, missing: bytes | None = None) -> bytes:
    """What Git prints. `missing` is the answer when it finds nothing (exit code 1 without a word)."""
    try:
        done = subprocess.run(["git", *_HARMLESS, *arguments], cwd=folder, capture_output=True, check=False)
    except OSError as error:
        raise HealthlintError(f"--diff needs Git, which cannot be run: {error.strerror or error}") from error
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip()
    if missing is not None and not said:
        return missing
    if arguments[:2] == ("rev-parse", "--verify"):
        raise HealthlintError(
            f"--diff: there is no revision “{arguments[-1].removesuffix('^{commit}')}” here"
        )
    raise HealthlintError(f"--diff: git {arguments[0]} says: {said}")
