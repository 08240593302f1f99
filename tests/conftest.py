"""What several tests need: the built-in rules, loaded once."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings
from rulefolder import cached_rulebook

from healthlint import cli
from healthlint.linter import Linter
from healthlint.rule import Rule
from healthlint.rulebook import load_rules

# In CI the same examples are tried each time, so that a change is never refused for a find that is not its own.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cache folder of all tests, and not that of whoever runs them."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HEALTHLINT_CACHE_DIR", str(folder))
        yield folder


@pytest.fixture(scope="session")
def rules() -> list[Rule]:
    return load_rules()


@pytest.fixture(scope="session")
def claims(rules: list[Rule]) -> Linter:
    """A linter with the rules that judge sentences, and none about the whole document."""
    return Linter([rule for rule in rules if rule.default and (rule.phrases or rule.tokens)])


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Runs the command in this process, in an empty folder, and gives what it printed."""
    monkeypatch.setattr("healthlint.config.rulebook", cached_rulebook)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*args: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr("sys.argv", ["healthlint", *map(str, args)])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        assert isinstance(stopped.value.code, int)
        return Done(stopped.value.code, *capfd.readouterr())

    return run
