"""The README shows what really happens: every `$ healthlint …` block is run, every Python block too."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from healthlint.rulebook import BUILTIN

ROOT = BUILTIN.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n\$ healthlint (?P<arguments>[^\n]*)\n(?P<output>.*?)```\n", re.DOTALL)


def run(arguments: str) -> str:
    """What the command prints, started at the root of the repository."""
    done = subprocess.run(
        [sys.executable, "-m", "healthlint", *arguments.split()], cwd=ROOT, capture_output=True, check=False
    )
    assert done.stderr == b""
    return done.stdout.decode()


def blocks() -> list[re.Match[str]]:
    return list(BLOCK.finditer(README.read_text(encoding="utf-8")))


def test_there_is_something_to_check() -> None:
    assert len(blocks()) >= 2


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block["arguments"])
def test_shown_output_is_real(block: re.Match[str]) -> None:
    if os.environ.get("UPDATE"):
        text = README.read_text(encoding="utf-8")
        real = f"```console\n$ healthlint {block['arguments']}\n{run(block['arguments'])}```\n"
        README.write_text(text.replace(block.group(), real), encoding="utf-8")
    else:
        assert run(block["arguments"]) == block["output"]


def test_python_blocks_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "tea.md").write_text("Our tea cures gout.\n", encoding="utf-8")
    codes = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert codes
    for code in codes:
        exec(compile(code, "README.md", "exec"), {})


def test_links_to_files_lead_somewhere() -> None:
    for document in [README, *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_documented_settings_and_contexts_exist() -> None:
    contexts = (ROOT / "docs" / "contexts.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([a-z-]+)` \|", contexts, re.MULTILINE))
    cues = {path.stem for path in (BUILTIN / "cues").glob("*.yaml")}
    helpers = {
        "stops",
        "speech",
        "wording",
        "myth-label",
        "myth-heading",
        "fact-label",
        "present",
        "official",
    }
    assert cues - helpers <= told
