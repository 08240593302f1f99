"""The command in a process of its own, where something is wrong: permissions, disks, limits, streams, places."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import healthlint

COMMAND = (sys.executable, "-m", "healthlint")
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))},
    "PYTHONPATH": Path(healthlint.__file__).parent.parent.as_posix(),
    "PYTHONDONTWRITEBYTECODE": "1",  # what is cut short here would be found damaged by the next
}
"""With this healthlint, whatever is installed, and as little else as possible."""
CONFIG = """\
select: [cure-claim, language, disclaimer]
fix: {disclaimer: "This page gives general information. It is not medical advice. Talk to your doctor."}
"""
SAD = "# Tea\n\nTea is hot.\n\nHe committed suicide.\n"
"""What `--fix` has something to do with."""
GLAD = SAD.replace("committed", "died by")
CLAIM = "# Tea\n\nOur tea cures gout.\n"


class Done(NamedTuple):
    code: int
    out: str
    err: str


def site(folder: Path, **articles: str) -> Path:
    """Write articles, called as given with `.md`, and a configuration with few rules; gives `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".healthlint.yaml").write_text(CONFIG, encoding="utf-8")
    for name, text in articles.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def run(
    folder: Path,
    *args: str | Path,
    before: Sequence[str] = (),
    env: Mapping[str, str | None] | None = None,
    prepared: Callable[[], object] | None = None,
    **streams: Any,
) -> Done:
    """Run the command in `folder`, `before` standing before it, after `prepared` was called in its process.

    None in `env` takes a variable out.
    """
    environment = {**ENVIRONMENT, **(env or {})}
    done = subprocess.run(
        [*before, *COMMAND, *map(str, args)],
        cwd=folder,
        env={name: value for name, value in environment.items() if value is not None},
        preexec_fn=prepared,
        check=False,
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )
    said = (stream.decode("utf-8", "replace") if stream else "" for stream in (done.stdout, done.stderr))
    return Done(done.returncode, *said)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in and below `folder`."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def ordinary() -> list[str]:
    """What to put before a command so that permissions hold for it, also where the tests are run by root."""
    if os.name != "posix":
        pytest.skip("permissions are those of POSIX")
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may do everything, and there is no setpriv to forbid it")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def mounting() -> list[str]:
    """What to put before a shell so that it may mount what nobody else sees."""
    before = ["unshare", "--mount"] if os.name == "posix" and os.geteuid() == 0 else ["unshare", "-rm"]
    if not shutil.which("unshare"):
        pytest.skip("nothing can be mounted here")
    if subprocess.run(
        [*before, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    ).returncode:
        pytest.skip("nothing may be mounted here")
    return before
