"""Nothing is looked up and nobody is called when it runs: every command works where sockets are refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from rulefolder import rule_file

import healthlint

ROOT = Path(healthlint.__file__).parent.parent

REFUSING = """
import os, sys
def refuse(event, arguments):
    if event == "socket.bind" and arguments[1] == ("::1", 0):
        return  # so urllib3, which spaCy imports, looks whether this machine knows IPv6
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg") or event.startswith("socket.get"):
        with open(os.environ["SOCKETS"], "a") as told:
            told.write(f"{event} {arguments[1:]}\\n")
        raise OSError("sockets are refused")
sys.addaudithook(refuse)
"""
"""What each Python does at its start, those that are started by another one too, and whatever opens the socket."""

COMMANDS = {
    "check": (
        1,
        ("check", "site", "--output", "text", "--output", "html:a.html", "--output", "sarif:a.sarif"),
    ),
    "check in processes": (1, ("check", "site", "--jobs", "2", "--no-cache")),
    "check token patterns": (0, ("check", "site", "--select", "took-time")),
    "fix": (0, ("check", "site", "--fix", "--dry-run")),
    "stats": (0, ("stats", "site")),
    "suppressions": (0, ("suppressions", "site")),
    "init": (0, ("init", "--dry-run")),
    "config": (0, ("config", "site/a.md")),
    "rules": (0, ("rules",)),
    "explain": (0, ("explain", "cure-claim")),
    "test": (0, ("test", "own")),
    "docs": (0, ("docs", "pages")),
    "scan": (0, ("scan", "site", "--out", "out", "--jobs", "2")),
}
TOKENS = """\
tokens:
  - [{LOWER: wonder}, {LOWER: food}]
"""


@pytest.fixture
def sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Makes processes started from here refuse sockets; gives what tells which were asked for."""
    (tmp_path / "start").mkdir()
    (tmp_path / "start" / "sitecustomize.py").write_text(REFUSING, encoding="utf-8")
    told = tmp_path / "sockets"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "start"), str(ROOT)]))
    monkeypatch.setenv("SOCKETS", str(told))
    (tmp_path / "here" / "site").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    for name in "ab":
        text = "# Tea\n\nOur tea cures gout. See [a shop](https://shop.example/). It is a wonder food.\n"
        Path("site", f"{name}.md").write_text(text, encoding="utf-8")
    rule_file(Path("own"), TOKENS, id="took-time")
    Path(".healthlint.yaml").write_text("rules: own\n", encoding="utf-8")
    return lambda: told.read_text(encoding="utf-8") if told.exists() else ""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-P", *arguments], capture_output=True, text=True, check=False)


def test_the_trap_works(sockets: Callable[[], str]) -> None:
    for program in (
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://localhost:9/')",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    ):
        before = sockets()
        assert "sockets are refused" in run("-c", program).stderr
        assert len(sockets()) > len(before)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_needs_no_network(name: str, sockets: Callable[[], str]) -> None:
    code, arguments = COMMANDS[name]
    if name == "scan" and not find_spec("pyarrow"):
        pytest.skip("the extra “tables” is not installed")
    done = run("-m", "healthlint", *arguments)
    assert sockets() == ""
    assert done.returncode == code, done.stderr


def test_the_language_server_needs_no_network(sockets: Callable[[], str]) -> None:
    pytest.importorskip("pygls", reason="the extra “lsp” is not installed")
    from lspclient import Editor

    editor = Editor(Path.cwd(), program=("-P", "-m", "healthlint"))
    try:
        told = editor.open(Path("site/a.md").absolute().as_uri(), "Our tea cures gout.\n")
        assert "cure-claim" in {each.code for each in told.diagnostics}
    finally:
        editor.quit()
    assert sockets() == ""
