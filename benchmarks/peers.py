"""The prose linters that are installed, each set up as well as it can be for a list of phrases to avoid."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from measure import Command


class Peer(NamedTuple):
    """A linter with rules."""

    name: str
    version: str
    rules: str
    """What it looks for."""
    command: Callable[[Path], Command]
    """Checks a folder of Markdown files, or one of them."""
    finding: str
    """A regular expression: what each finding prints once."""
    lists: bool = True
    """Whether it looks for the list, and not for what it was made with."""


MARKDOWNLINT = "markdownlint-cli2, search-replace"
TEXTLINT, TEXTLINT_ONE = "textlint, pattern", "textlint, pattern, one alternation"

INSTALL = """\
npm install textlint @textlint-rule/textlint-rule-pattern markdownlint-cli2 markdownlint-rule-search-replace \
remark-cli remark-lint remark-lint-prohibited-strings write-good alex
python -m pip install proselint codespell typos"""


def peers(phrases: Sequence[str], folders: Sequence[Path], scratch: Path) -> Iterator[Peer]:
    """Those found in `folders` (node_modules, or where programs are) and on the PATH; `scratch` gets their settings."""
    path = os.pathsep.join(
        [*(str(each) for one in folders for each in (one / ".bin", one)), os.environ["PATH"]]
    )
    scratch.mkdir(parents=True, exist_ok=True)
    for name, made in _PEERS.items():
        program = shutil.which(name, path=path)
        if program:
            yield from made(Path(program).absolute(), phrases, scratch)


def _version(*command: str) -> str:
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(\.\d+)+", printed)
    return found.group() if found else ""


def _modules(program: Path, *packages: str) -> Path | None:
    """The node_modules that a program is in, if all `packages` are there, too."""
    home = next((each for each in program.resolve().parents if each.name == "node_modules"), None)
    return home if home and all((home / package).is_dir() for package in packages) else None


def _escaped(phrase: str) -> str:
    """As a part of a regular expression that JavaScript, Go and Python read alike."""
    return re.sub(r"[.*+?^${}()|\[\]\\]", r"\\\g<0>", phrase)


def _alternation(phrases: Sequence[str]) -> str:
    return "|".join(sorted(map(_escaped, phrases), key=len, reverse=True))


def _markdown_files(target: Path) -> list[str]:
    return [str(each) for each in sorted(target.glob("*.md"))] if target.is_dir() else [str(target)]


def _pattern(target: Path) -> str:
    return f"{target}/*.md" if target.is_dir() else str(target)


def _markdownlint(program: Path, phrases: Sequence[str], scratch: Path) -> Iterator[Peer]:
    modules = _modules(program, "markdownlint-rule-search-replace")
    if not modules:
        return
    rule = {
        "name": "overclaim",
        "message": "Overclaim",
        "searchPattern": rf"/\b(?:{_alternation(phrases)})\b/gi",
        "searchScope": "text",
    }
    settings = scratch / ".markdownlint-cli2.jsonc"
    config = {"default": False, "search-replace": {"rules": [rule]}}
    custom = [str(modules / "markdownlint-rule-search-replace" / "rule.js")]
    settings.write_text(json.dumps({"customRules": custom, "config": config}), encoding="utf-8")
    yield Peer(
        MARKDOWNLINT,
        _version(str(program), "--help"),
        "the list",
        lambda target: Command([str(program), "--config", str(settings), _pattern(target)], scratch),
        r"search-replace",
    )


def _textlint(program: Path, phrases: Sequence[str], scratch: Path) -> Iterator[Peer]:
    modules = _modules(program, "@textlint-rule/textlint-rule-pattern")
    if not modules:
        return
    version = _version(str(program), "--version")
    each = [{"message": "Overclaim", "pattern": rf"/\b{_escaped(phrase)}\b/i"} for phrase in phrases]
    one = [{"message": "Overclaim", "pattern": rf"/\b(?:{_alternation(phrases)})\b/i"}]
    for name, patterns, stem in ((TEXTLINT, each, "each"), (TEXTLINT_ONE, one, "one")):
        settings = scratch / f"textlint-{stem}.json"
        settings.write_text(
            json.dumps({"rules": {"@textlint-rule/pattern": {"patterns": patterns}}}), encoding="utf-8"
        )
        line = [str(program), "--config", str(settings), "--rules-base-directory", str(modules)]
        yield Peer(name, version, "the list", _textlint_command(line, modules.parent), r"(?m)^ +\d+:\d+ ")


def _textlint_command(line: Sequence[str], folder: Path) -> Callable[[Path], Command]:
    return lambda target: Command([*line, _pattern(target)], folder)


def _remark(program: Path, phrases: Sequence[str], scratch: Path) -> Iterator[Peer]:
    modules = _modules(program, "remark-lint", "remark-lint-prohibited-strings")
    if not modules:
        return
    settings = scratch / "remark.mjs"
    prohibited = json.dumps([{"no": _escaped(phrase), "yes": "(unsaid)"} for phrase in phrases])
    settings.write_text(
        f"import lint from {json.dumps(str(modules / 'remark-lint' / 'index.js'))}\n"
        f"import strings from {json.dumps(str(modules / 'remark-lint-prohibited-strings' / 'index.js'))}\n"
        f"export default {{plugins: [lint, [strings, {prohibited}]]}}\n",
        encoding="utf-8",
    )
    yield Peer(
        "remark, prohibited-strings",
        _version(str(program), "--version"),
        "the list, case-sensitive",
        lambda target: Command(
            [str(program), "--no-stdout", "--no-color", "--rc-path", str(settings), str(target)],
            modules.parent,
        ),
        r"\d+:\d+(-\d+:\d+)? +warning",
    )


def _write_good(program: Path, phrases: Sequence[str], scratch: Path) -> Iterator[Peer]:
    yield Peer(
        "write-good",
        _version(str(program), "--version"),
        "its own",
        lambda target: Command([str(program), *_markdown_files(target)]),
        r"(?m)^\".* on line \d+",
        lists=False,
    )


def _alex(program: Path, phrases: Sequence[str], scratch: Path) -> Iterator[Peer]:
    yield Peer(
        "alex",
        _version(str(program), "--version"),
        "its own",
        lambda target: Command([str(program), str(target)], scratch),
        r"(?m)^ +\d+:\d+",
        lists=False,
    )


_PROSELINT = """\
import sys
from pathlib import Path
from proselint.registry import CheckRegistry
from proselint.registry.checks import Check, types
from proselint.tools import LintFile, extract_files
items = tuple({phrases!r})
check = Check(check_type=types.Existence(items=items), path="overclaim", message="Overclaim {{}}")
CheckRegistry().register_many((check,))
for file in extract_files([Path(path) for path in sys.argv[1:]]):
    for found in LintFile(file).lint({{"max_errors": 1000, "checks": {{"overclaim": True}}}}):
        print("%s:%d:%d: %s" % (file, *found.pos, found.check_result.message))
"""


def _proselint(program: Path, phrases: Sequence[str], scratch: Path) -> Iterator[Peer]:
    version = _version(str(program), "version")
    script = scratch / "proselint-list.py"
    script.write_text(_PROSELINT.format(phrases=list(map(_escaped, phrases))), encoding="utf-8")
    python = program.parent / "python"
    if python.exists():
        yield Peer(
            "proselint, check of our own in Python",
            version,
            "the list",
            lambda target: Command([str(python), str(script), str(target)]),
            r":\d+:\d+: ",
        )
    yield Peer(
        "proselint",
        version,
        "its own",
        lambda target: Command([str(program), "check", str(target)]),
        r":\d+:\d+: ",
        lists=False,
    )


def _typos(program: Path, phrases: Sequence[str], scratch: Path) -> Iterator[Peer]:
    yield Peer(
        "typos",
        _version(str(program), "--version"),
        "its own words",
        lambda target: Command([str(program), "--format", "brief", str(target)]),
        r":\d+:\d+: ",
        lists=False,
    )


def _codespell(program: Path, phrases: Sequence[str], scratch: Path) -> Iterator[Peer]:
    yield Peer(
        "codespell",
        _version(str(program), "--version"),
        "its own words",
        lambda target: Command([str(program), str(target)]),
        r":\d+: ",
        lists=False,
    )


def _vale(program: Path, phrases: Sequence[str], scratch: Path) -> Iterator[Peer]:
    style = scratch / "vale" / "styles" / "Health"
    style.mkdir(parents=True, exist_ok=True)
    tokens = "".join(f"  - {json.dumps(_escaped(phrase))}\n" for phrase in phrases)
    (style / "Overclaim.yml").write_text(
        f"extends: existence\nmessage: \"Overclaim: '%s'\"\nlevel: error\nignorecase: true\ntokens:\n{tokens}",
        encoding="utf-8",
    )
    settings = scratch / "vale" / ".vale.ini"
    settings.write_text(
        f"StylesPath = {style.parent}\nMinAlertLevel = suggestion\n[*.md]\nBasedOnStyles = Health\n",
        encoding="utf-8",
    )
    yield Peer(
        "Vale, existence",
        _version(str(program), "--version"),
        "the list",
        lambda target: Command([str(program), "--no-exit", f"--config={settings}", str(target)]),
        r"Health\.Overclaim",
    )


_PEERS: dict[str, Callable[[Path, Sequence[str], Path], Iterator[Peer]]] = {
    "markdownlint-cli2": _markdownlint,
    "vale": _vale,
    "remark": _remark,
    "textlint": _textlint,
    "write-good": _write_good,
    "alex": _alex,
    "proselint": _proselint,
    "typos": _typos,
    "codespell": _codespell,
}
