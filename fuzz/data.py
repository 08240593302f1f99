"""What must hold for whatever stands in files that are data: rules, configurations, baselines, Git's differences."""

from __future__ import annotations

import marshal
import os
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from articles import TODAY

from healthlint import config as configuration
from healthlint.baseline import Baseline, read_baseline
from healthlint.changes import changes_since
from healthlint.checks import CheckSettings
from healthlint.config import TOML_NAME, YAML_NAME, read_config
from healthlint.datafile import DataFolder, yaml_node
from healthlint.errors import DataError, DataErrors
from healthlint.linter import Linter
from healthlint.loading import loaded
from healthlint.readers import read_text
from healthlint.rulebook import BUILTIN, _book, _plain, rulebook
from healthlint.run import lint_text
from healthlint.tomlfile import toml_node

_LINES = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Line ends as YAML counts them, which are all that anything here does."""
_LINES_OF_GIT = re.compile(b"[^\n]*\n|[^\n]+")

BOOK: Mapping[str, bytes] = {
    "sources.yaml": b"house-style:\n  {title: House style, body: Us, url: https://example.org/style,"
    b" status: verified, checked: 2026-01-01}\n",
    "cues/stops.yaml": b"contrast: [but]\nclause: [because]\nafter-comma: [so]\n",
    "cues/negated.yaml": b"context: negated\ncues:\n- {direction: forward, phrases: [no]}\n",
    "lexicon/condition.yaml": b"name: condition\nterms: [gout, (low|lower) back pain]\n",
    **{
        f"signals/{path.name}": f"signal: {path.stem}\nphrases: []\n".encode()
        for path in sorted((BUILTIN / "signals").glob("*.yaml"))
    },
    "signals/hint.yaml": b"signal: hint\nphrases: [ask (a|your) doctor]\n",
    "house/wonder-food.yaml": b"id: wonder-food\nfamily: house\nseverity: warning\n"
    b"message: \xe2\x80\x9c{match}\xe2\x80\x9d is not house style.\nwhy: Our readers asked.\n"
    b"fix: Write it otherwise.\nsources: [house-style]\nphrases: [wonder (food|fruit)]\n"
    b"unless: [negated]\nexamples:\n  bad: [This is a <<wonder food>>.]\n  good: [This is food.]\n",
    "profiles/plain.yaml": b"profile: plain\nabout: Plain words.\nignore: [house]\n",
    "packs/here.yaml": b"pack: here\nabout: Our law.\njurisdiction: Here\nseverity: {house: error}\n",
}
"""A folder of rules that is complete in itself, of which an input takes the place of one file; no signal may be missing."""

ARTICLE = (
    "# A wonder food for gout\n\nNo wonder fruit cures low back pain, but this tea does. Because it is hot, so are you.\n\n"
    "- Ask your doctor: 3 cups, 2 a day.\n"
)


def _told(errors: DataErrors, text: str, path: str) -> None:
    """Assert that every error has a message, and a place in the file."""
    lines = len(_LINES.findall(text)) + 1
    for each in errors.errors:
        assert each.message.strip()
        assert each.path == path, each
        assert 0 <= each.line <= lines, each


# --- YAML and TOML -----------------------------------------------------------------------------------------


def values(data: bytes) -> None:
    """YAML and TOML are read as other readers of them read it, or refused with a place."""
    text = data.decode("utf-8", "replace")
    try:
        node = yaml_node(text, "a.yaml")
    except DataErrors as errors:
        _told(errors, text, "a.yaml")
    else:
        try:
            theirs = yaml.load(text, Loader=yaml.CBaseLoader)
        except yaml.constructor.ConstructorError:  # a key that is a list
            return
        _same(node.plain(), theirs)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        entries = toml_node(text, "a.toml").plain()
    except DataErrors as errors:
        _told(errors, text, "a.toml")
        if [each.message for each in errors.errors] != ["is nested too deeply"]:
            _refused_by_tomllib(text)
    else:
        _same(entries, tomllib.loads(text))


def _refused_by_tomllib(text: str) -> None:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    raise AssertionError("tomllib reads it")


def _same(ours: Any, theirs: Any) -> None:
    """Assert that two values are the same when every scalar of ours is the text of one of theirs."""
    if isinstance(theirs, dict):
        assert list(map(str, theirs)) == list(ours), (ours, theirs)
        for name, value in theirs.items():
            _same(ours[name], value)
    elif isinstance(theirs, list):
        assert isinstance(ours, list)
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            _same(one, other)
    elif isinstance(theirs, bool):
        assert ours == str(theirs).lower()
    elif isinstance(theirs, int):
        assert int(ours.replace("_", ""), 0 if ours[:1] == "0" and len(ours) > 1 else 10) == theirs
    elif isinstance(theirs, str):
        assert ours == theirs or (ours == "" and theirs in ("~", "null")), (ours, theirs)
    else:  # numbers with a point, and dates
        assert isinstance(ours, str)
        assert ours


# --- rules -------------------------------------------------------------------------------------------------


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="healthlint-fuzz-")


def rules(data: bytes) -> None:
    """A file of a folder of rules is read or refused with its place; its name is the first line."""
    first, _, content = data.partition(b"\n")
    name = first.decode("ascii", "replace")
    if not re.fullmatch(r"[a-z]+/[a-z-]+\.yaml|sources\.yaml", name):
        return
    place = Path(_folder().name)
    try:
        book = loaded([DataFolder(place, dict(sorted({**BOOK, name: content}.items())))])
    except DataErrors as errors:
        for each in errors.errors:
            inside = Path(each.path).relative_to(place).as_posix()
            text = (content if inside == name else BOOK[inside]).decode("utf-8", "replace")
            _told(DataErrors([each]), text, each.path)
        return
    again = _book(marshal.loads(marshal.dumps(_plain(book))))
    assert _plain(again) == _plain(book)
    document = read_text(ARTICLE)
    found = [
        Linter(each.rules, checks=CheckSettings(today=TODAY), known=each.names).outcome(document)
        for each in (book, again)
    ]
    assert found[0] == found[1]


# --- configurations ----------------------------------------------------------------------------------------


def config(data: bytes) -> None:
    """A configuration is read or refused with its place; the first line may be its name."""
    first, _, content = data.partition(b"\n")
    name = TOML_NAME if first == TOML_NAME.encode() else YAML_NAME
    path = Path(_folder().name, name)
    path.write_bytes(content)
    shown = path.as_posix()
    try:
        # Folders of rules are not what is tried here, and the input may name any folder of the machine.
        with patch.object(configuration, "rulebook", lambda *_folders: rulebook()):
            made = read_config(path)
    except DataErrors as errors:
        text = content.decode("utf-8", "replace")
        _told(errors, text, shown)
        return
    for article in ("a.md", "news/a.md", "../a.md", "a\n.md"):
        inside = path.parent / article
        made.excludes(inside)
        made.settings(inside).enabled(made.rulebook)
    report = lint_text("Our tea cures gout.", path=(path.parent / "news/a.md").as_posix(), config=made)
    assert not any("internal error" in each.message for each in report.failures), report.failures


# --- baselines ---------------------------------------------------------------------------------------------


def baseline(data: bytes) -> None:
    """A baseline is read and written as it was, or refused; applied, it knows no more than it has."""
    path = Path(_folder().name, "known.json")
    path.write_bytes(data)
    try:
        known = read_baseline(path)
    except DataError as error:
        _told(DataErrors([error]), "", path.as_posix())
        return
    path.write_text(known.to_json(), encoding="utf-8")
    assert read_baseline(path) == known
    report = lint_text("Our tea cures gout.\n\nOur soup cures flu.", path=(path.parent / "a.md").as_posix())
    applied = known.applied(report)
    assert len(applied.known) <= sum(known.entries.values())
    assert sorted((*applied.known, *applied.violations), key=_order) == sorted(report.violations, key=_order)
    pruned = known.pruned(applied)
    assert sum(pruned.entries.values()) <= sum(known.entries.values())
    everything = Baseline(path.parent).of(report.violations)
    assert not everything.applied(report).violations


def _order(violation: Any) -> Any:
    return violation.order


# --- differences -------------------------------------------------------------------------------------------


@cache
def _repository() -> Path:
    folder = Path(_folder().name, "repository")
    folder.mkdir()
    _git(folder, "init", "--quiet")
    return folder


def _git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
    subprocess.run(
        ["git", *settings, *arguments], cwd=folder, check=True, capture_output=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
    )  # fmt: skip


def changes(data: bytes) -> None:
    """What did not change between two versions is not said to have changed, and nothing else is left out.

    The first line is the name of the file; a line of `====` parts the versions.
    """
    name, _, rest = data.partition(b"\n")
    old, _, new = rest.partition(b"\n====\n")
    name = name.replace(b"/", b"_").replace(b"\0", b"_")[:200]
    if name.lower() in (b"", b".", b"..") or name.lower().startswith((b".git", b"git~")):
        name = b"a.md"
    folder = _repository()
    path = folder / os.fsdecode(name)
    path.write_bytes(old)
    _git(folder, "add", "--all", "--force")
    _git(folder, "commit", "--quiet", "--allow-empty", "--message", "old")
    try:
        path.write_bytes(new)
        os.utime(path, (1, 1))  # so that Git looks, though the size and the second are the same
        found = changes_since("HEAD", folder).files
    finally:
        path.unlink()
    key = os.path.realpath(path)
    if old == new:
        assert key not in found
        return
    assert list(found) == [key]
    hunks = found[key]
    if hunks is None:  # binary to Git
        return
    lines = _LINES_OF_GIT.findall(new)
    assert all(1 <= each.first <= each.end <= len(lines) + 1 for each in hunks)
    touched = {number for each in hunks for number in range(each.first, each.end)}
    kept = [line for number, line in enumerate(lines, 1) if number not in touched]
    assert _is_part(kept, _LINES_OF_GIT.findall(old)), (kept, hunks)


def _is_part(some: list[bytes], every: list[bytes]) -> bool:
    """Whether `some` stand in `every`, in order."""
    rest = iter(every)
    return all(line in rest for line in some)
