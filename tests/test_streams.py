"""Standard input, output and error that are closed, full or narrow, and the exit code all the same."""

from __future__ import annotations

import json
import os
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from faulty import CLAIM, SAD, run, site

pytestmark = pytest.mark.skipif(os.name != "posix", reason="streams are closed otherwise elsewhere")
CAFE = "# Café\n\nOur tea “cures gout”, Ωmega. He committed suicide.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return site(tmp_path / "site", a=CLAIM, b=SAD)


ERRORS = {
    "a failure": (["check", "gone.md", "a.md", "--output", "json:r.json"], 2),
    "a wrong option": (["check", "--nonsense"], 2),
    "a wrong configuration": (["check", "--config", "gone.yaml"], 2),
    "a refused fix": (["check", "--fix", "a.md"], 1),
    "nothing": (["check", "a.md"], 1),
}


@pytest.mark.parametrize("wrong", ERRORS)
def test_standard_error_that_is_closed_or_full_changes_no_exit_code(folder: Path, wrong: str) -> None:
    args, code = ERRORS[wrong]
    plain = run(folder, *args)
    assert plain.code == code
    assert run(folder, *args, prepared=lambda: os.close(2)) == (code, plain.out, "")
    if Path("/dev/full").exists():
        with open("/dev/full", "w") as full:
            assert run(folder, *args, stderr=full) == (code, plain.out, "")


def test_no_file_takes_the_place_of_a_closed_stream(folder: Path) -> None:
    """Or what is printed would get into an article."""
    done = run(
        folder, "check", "-q", "--fix", "--output", "json:r.json", prepared=lambda: os.closerange(0, 3)
    )
    assert done.code == 1
    assert "died by suicide" in (folder / "b.md").read_text(encoding="utf-8")
    assert (folder / "r.json").read_text(encoding="utf-8").startswith("{")
    done = run(folder, "check", "-q", prepared=lambda: os.closerange(0, 3))
    assert done.code == 2


@pytest.mark.parametrize(
    "args", [["rules"], ["stats"], ["config"], ["check", "--fix", "--dry-run"]], ids=" ".join
)
def test_standard_output_that_is_closed(folder: Path, args: list[str]) -> None:
    done = run(folder, *args, prepared=lambda: os.close(1))
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1] == "Error: the report could not be written: standard output is closed"


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["check", "--help"]], ids=" ".join)
def test_help_that_nobody_reads(folder: Path, args: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        assert run(folder, *args, stdout=pipe) == (0, "", "")


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_a_narrow_console(folder: Path, encoding: str) -> None:
    """What it does not know is spelt out for people; programs get the UTF-8 that they expect."""
    (folder / "café.md").write_text(CAFE, encoding="utf-8")
    narrow = {"PYTHONIOENCODING": encoding}

    def out(*args: str, env: dict[str, str] | None = None) -> bytes:
        return run_bytes(folder, *args, env={"PYTHONIOENCODING": "utf-8", **(env or {})})

    text = out("check", "-q", "café.md", env=narrow).decode(encoding)
    assert "cure-claim" in text
    assert ("\\u201c" in text) is (encoding == "cp437")
    assert "Ωmega" in out("check", "--output", "html", "café.md", env=narrow).decode("utf-8")
    for name in ("github", "checkstyle"):
        args = ("check", "--output", name, "café.md")
        assert out(*args, env=narrow) == out(*args)
    ET.fromstring(out("check", "--output", "junit", env=narrow))
    args = ("check", "--fix", "--dry-run", "--select", "language", "café.md")
    assert out(*args, env=narrow) == out(*args)
    subprocess.run(["git", "apply", "-"], cwd=folder, input=out(*args, env=narrow), check=True)
    assert (folder / "café.md").read_text(encoding="utf-8") == CAFE.replace("committed", "died by")


def run_bytes(folder: Path, *args: str, env: dict[str, str]) -> bytes:
    with open(folder / ".out", "wb") as file:
        run(folder, *args, env=env, stdout=file)
    return (folder / ".out").read_bytes()


LOCALES = {
    "C": {"LC_ALL": "C"},
    "C, and no UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "one that is not there": {"LC_ALL": "xx_XX.none", "LANG": "nonsense"},
}


@pytest.mark.parametrize("locale", LOCALES)
def test_no_locale(folder: Path, locale: str) -> None:
    (folder / "café.md").write_text(CAFE, encoding="utf-8")
    done = run(folder, "check", "--output", "json:r.json", "--output", "text", env=LOCALES[locale])
    assert (done.code, done.err) == (1, "")
    assert "cures gout" in done.out
    plain = json.loads(run(folder, "check", "--output", "json", env={"PYTHONUTF8": "1"}).out)
    found = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    # Without UTF-8 the name of the file is no text, and so is shown otherwise.
    assert [each["text"] for each in found["violations"]] == [each["text"] for each in plain["violations"]]
    assert run(folder, "check", "--fix", "-q", "--select", "language", env=LOCALES[locale]).code == 0
    assert (folder / "café.md").read_text(encoding="utf-8") == CAFE.replace("committed", "died by")
