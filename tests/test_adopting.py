"""`docs/adopting.md`: its sessions, run one after the other in a copy of the examples."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "adopting.md"
SESSION = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "sed", "printf"))), reason="there is no bash with sed and printf"
)
def test_what_is_shown_is_what_happens(tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(ROOT / "docs" / "recipes", tmp_path / "docs" / "recipes")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "NO_COLOR": "1",
    }

    def run(session: str) -> str:
        commands = re.findall(r"^\$ (.*)$", session, re.MULTILINE)
        told = "".join(f"printf '%s\\n' {quoted(f'$ {each}')}\n{each}\n" for each in commands)
        done = subprocess.run(
            ["bash", "-c", told],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.stdout.decode()

    page = PAGE.read_text(encoding="utf-8")
    real = SESSION.sub(lambda found: f"```console\n{run(found[1])}```", page)
    if os.environ.get("UPDATE"):
        PAGE.write_text(real, encoding="utf-8")
    assert real == page


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
