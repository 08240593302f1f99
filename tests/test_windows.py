"""Paths of Windows, and what is written on one system and read on another; made here with the path rules of Windows."""

from __future__ import annotations

import json
import ntpath
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from healthlint import Config, baseline, read_config
from healthlint.baseline import Baseline, read_baseline
from healthlint.errors import DataErrors
from healthlint.reporters import sarif
from healthlint.run import lint_text

CLAIM = "# Tea\n\nOur tea cures gout.\n"
CONFIG = Config().narrowed(["cure-claim"], [])


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "os", SimpleNamespace(path=ntpath))
    monkeypatch.setattr(baseline, "Path", PureWindowsPath)
    monkeypatch.setattr(ntpath, "abspath", ntpath.normpath)


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("C:/site/guides/tea.md", "guides/tea.md"),
        ("C:\\site\\guides\\tea.md", "guides/tea.md"),
        ("c:\\Site\\tea.md", "tea.md"),
        ("C:/other/tea.md", "../other/tea.md"),
        ("D:/tea.md", "D:/tea.md"),
        ("//server/share/tea.md", "//server/share/tea.md"),
    ],
)
def test_a_baseline_has_the_same_paths_on_every_system(path: str, inside: str) -> None:
    known = Baseline(PureWindowsPath("C:/site"))  # type: ignore[arg-type]
    assert known.inside(path) == inside


def test_a_baseline_of_windows_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text comes with other line ends, and with a mark when an editor saved it."""
    monkeypatch.chdir(tmp_path)
    report = lint_text(CLAIM, path="guides/tea.md", config=CONFIG)
    with monkeypatch.context() as patched:
        patched.setattr(baseline, "os", SimpleNamespace(path=ntpath))
        patched.setattr(baseline, "Path", PureWindowsPath)
        patched.setattr(ntpath, "abspath", lambda path: ntpath.normpath(ntpath.join("C:\\site", path)))
        written = Baseline(PureWindowsPath("C:/site")).of(report).to_json()  # type: ignore[arg-type]
    assert list(json.loads(written)["entries"]) == ["guides/tea.md"]
    file = tmp_path / "known.json"
    file.write_bytes(b"\xef\xbb\xbf" + written.replace("\n", "\r\n").encode())
    found = read_baseline(file).applied(report)
    assert (found.violations, len(found.known)) == ((), 1)


def test_sarif_names_drives_and_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "Path", PureWindowsPath)
    located = {
        "guides/tea time.md": {"uri": "guides/tea%20time.md", "uriBaseId": "SRCROOT"},
        "C:/site/tea.md": {"uri": "file:///C:/site/tea.md"},
        "//server/share/tea.md": {"uri": "file://server/share/tea.md"},
    }
    assert {path: sarif._location(path) for path in located} == located


def test_globs_with_backslashes_name_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a configuration a slash parts folders on every system, as in .gitignore."""
    monkeypatch.chdir(tmp_path)
    for glob, excluded in (("news/", True), ("news\\", False)):
        (tmp_path / ".healthlint.yaml").write_text(f"exclude: ['{glob}']\n", encoding="utf-8")
        if excluded:
            assert read_config(tmp_path / ".healthlint.yaml").excludes("news/a.md")
        else:
            with pytest.raises(DataErrors, match="news"):
                read_config(tmp_path / ".healthlint.yaml")
