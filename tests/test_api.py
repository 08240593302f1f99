"""The public API: small, documented, and cheap to import."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import healthlint

ARTICLE = "# Knee pain\n\nThis balm cures arthritis.\n"


def modules_after(code: str) -> set[str]:
    """The names of the modules that a fresh interpreter has loaded after `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_importing_is_cheap() -> None:
    loaded = modules_after("import healthlint")
    assert "healthlint" in loaded
    assert not loaded & {"spacy", "yaml", "click", "docutils", "pyromark", "turbohtml", "numpy"}


def test_a_file_with_nothing_to_report_does_not_import_spacy(tmp_path: Path) -> None:
    (tmp_path / "plain.md").write_text("# Walking\n\nA walk after lunch is pleasant.\n", encoding="utf-8")
    code = f"import healthlint; healthlint.lint({str(tmp_path)!r}, config=None)"
    assert "spacy" not in modules_after(code)


def test_every_public_name_exists_and_is_documented() -> None:
    for name in healthlint.__all__:
        thing = getattr(healthlint, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="lnit"):
        healthlint.lnit  # noqa: B018


def test_lint_text() -> None:
    report = healthlint.lint_text(ARTICLE)
    cures = [violation for violation in report if violation.rule == "cure-claim"]
    assert [violation.text for violation in cures] == ["cures arthritis"]
    (cure,) = cures
    assert ARTICLE[cure.span.start : cure.span.end] == "cures arthritis"
    assert cure.start == (3, 11)
    assert not report.ok
    assert report.exit_code == 1


def test_lint_paths_gives_the_same_as_reading_and_linting(tmp_path: Path) -> None:
    path = tmp_path / "knee.md"
    path.write_text(ARTICLE, encoding="utf-8")
    report = healthlint.lint(path)
    rules = [rule for rule in healthlint.load_rules() if rule.default]
    by_hand = healthlint.Linter(rules).lint(healthlint.read(path))
    assert [(violation.rule, violation.span) for violation in report] == [
        (violation.rule, violation.span) for violation in by_hand
    ]


def test_lint_reports_what_it_could_not_read(tmp_path: Path) -> None:
    report = healthlint.lint(tmp_path / "missing.md")
    assert [failure.path.endswith("missing.md") for failure in report.failures] == [True]
    assert report.exit_code == 2


def test_positions_count_lines_as_editors_do() -> None:
    document = healthlint.Document("a\r\nbé\n")
    assert document.position(3) == (2, 1)
    assert document.position(5) == (2, 3)
    assert document.line(2) == "bé"
