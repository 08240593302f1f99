"""The hook, run by the real pre-commit in repositories of articles."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from healthlint.readers import FORMATS

ROOT = Path(__file__).parent.parent
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
CLEAN = (ROOT / "examples" / "sciatica.md").read_text(encoding="utf-8")
BAD = CLEAN.replace("## ", "Our ginger balm cures sciatica within two weeks.\n\n## ", 1)

installs = pytest.mark.timeout(900)  # pre-commit makes an environment first, with everything in it
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="Git is not installed")
needs_pre_commit = pytest.mark.skipif(
    importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed"
)


# --- which files it takes ------------------------------------------------------------------------------


def takes(name: str) -> bool:
    identify = pytest.importorskip("identify.identify")
    (hook,) = HOOKS
    tags = identify.tags_from_filename(name)
    return bool(tags & set(hook["types_or"]) and re.search(hook["files"], name))


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_taken(ending):
    assert takes(f"guides/tea{ending}")
    assert takes(f"guides/TEA{ending.upper()}")


@pytest.mark.parametrize(
    "name", ["LICENSE", "tea.md.bak", "tea.json", "tea.css", "md", "tea.png", "tea.yaml"]
)
def test_nothing_else_is_taken(name):
    assert not takes(name)


@needs_pre_commit
def test_pre_commit_finds_no_fault_in_the_manifest():
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- in a repository -----------------------------------------------------------------------------------


class Done(NamedTuple):
    code: int
    out: str
    """Both streams."""


class Repository(NamedTuple):
    """A repository of articles."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str) -> Done:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode())

    def git(self, *arguments: str) -> str:
        done = self.run("git", *arguments)
        assert done.code == 0, done.out
        return done.out

    def pre_commit(self, *arguments: str) -> Done:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, *options: str) -> Done:
        """Everything is staged and committed."""
        self.git("add", "--all")
        return self.run("git", "commit", "--message", "Articles", *options)

    def commits(self) -> int:
        return int(self.git("rev-list", "--count", "--all"))


def repository(folder: Path, home: Path) -> Repository:
    """An empty one, whose pre-commit keeps its environments in `home`."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL")
    found = Repository(
        folder,
        {
            **{
                name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PIP_USER"))
            },
            **dict.fromkeys(names, "editor@example.org"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PRE_COMMIT_HOME": str(home),
            "PRE_COMMIT_COLOR": "never",
        },
    )
    found.git("init", "--quiet", "--initial-branch", "main")
    return found


@pytest.fixture(scope="session")
def checkout(tmp_path_factory) -> Repository:
    """This checkout as it stands, changes that nobody has committed included, as a repository of its own."""
    folder = tmp_path_factory.mktemp("checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    found = repository(folder, tmp_path_factory.mktemp("home"))
    assert found.commit().code == 0
    return found


@pytest.fixture
def site(checkout, tmp_path) -> Repository:
    """A repository of articles that uses the hook. All of them share the environment that the first one makes."""
    found = repository(tmp_path / "site", Path(checkout.environment["PRE_COMMIT_HOME"]))
    found.write(
        ".pre-commit-config.yaml",
        f"repos:\n  - repo: {checkout.folder}\n    rev: {checkout.git('rev-parse', 'HEAD').strip()}\n"
        "    hooks:\n      - id: healthlint\n",
    )
    found.write("guides/sciatica.md", CLEAN)
    assert found.commit().code == 0
    done = found.pre_commit("install", "--install-hooks")
    assert done.code == 0, done.out
    return found


@installs
@needs_git
@needs_pre_commit
def test_try_repo(checkout, tmp_path):
    """As a stranger tries it: no configuration, one command."""
    site = repository(tmp_path / "site", tmp_path / "home")
    site.write("guides/sciatica.md", CLEAN)
    site.write("guides/balm.md", BAD)
    site.write("guides/notes.yaml", "claim: Our balm cures sciatica.\n")
    site.git("add", "--all")
    done = site.pre_commit("try-repo", str(checkout.folder), "healthlint", "--all-files")
    report = done.out[done.out.index("healthlint....") :].splitlines()
    assert done.code == 1
    assert re.fullmatch(r"healthlint\.+Failed", report[0])
    assert report[1:4] == ["- hook id: healthlint", "- exit code: 1", ""]
    at = report.index("    Our ginger balm cures sciatica within two weeks.")
    place = r"guides/balm\.md:\d+:17: error cure-claim “cures sciatica” promises a cure\."
    assert re.fullmatch(place, report[at - 1])
    assert report[at + 1] == "                    ^^^^^^^^^^^^^^"
    assert report[at + 2].startswith("    fix: ")
    assert report[-2].startswith("2 articles checked: ")
    assert "sciatica.md:" not in done.out
    page = (ROOT / "docs" / "pre-commit.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```text\n(healthlint\.\.\..*?)^```", page, re.MULTILINE | re.DOTALL)
    assert shown.splitlines() == report[: len(shown.splitlines())]
    assert "notes.yaml" not in done.out


@installs
@needs_git
@needs_pre_commit
class TestCommits:
    def test_a_clean_article_is_committed(self, site):
        site.write("guides/back.md", CLEAN)
        done = site.commit()
        assert done.code == 0
        assert re.search(r"^healthlint\.+Passed$", done.out, re.MULTILINE)
        assert site.commits() == 2

    def test_a_bad_one_is_refused_and_what_is_wrong_is_said(self, site):
        site.write("guides/a balm, new.md", BAD)
        done = site.commit()
        assert done.code == 1
        assert re.search(r"^healthlint\.+Failed$", done.out, re.MULTILINE)
        assert re.search(
            r"^guides/a balm, new\.md:\d+:17: error cure-claim “cures sciatica” promises a cure\.$",
            done.out,
            re.MULTILINE,
        )
        assert site.commits() == 1

    def test_what_was_bad_before_stops_nobody_who_does_not_touch_it(self, site):
        site.write("guides/balm.md", BAD)
        site.commit("--no-verify")
        site.write("guides/back.md", CLEAN)
        assert site.commit().code == 0

    def test_a_deleted_article_is_not_looked_for(self, site):
        site.write("guides/balm.md", BAD)
        site.commit("--no-verify")
        (site.folder / "guides/balm.md").unlink()
        done = site.commit()
        assert done.code == 0
        assert re.search(r"^healthlint\.+\(no files to check\)Skipped$", done.out, re.MULTILINE)

    def test_one_that_is_deleted_beside_a_change(self, site):
        site.write("guides/balm.md", BAD)
        site.commit("--no-verify")
        (site.folder / "guides/balm.md").unlink()
        site.write("guides/back.md", CLEAN)
        assert site.commit().code == 0

    def test_one_that_is_staged_and_then_deleted(self, site):
        site.write("guides/back.md", CLEAN)
        site.git("add", "--all")
        (site.folder / "guides/back.md").unlink()
        done = site.run("git", "commit", "--message", "Articles")
        assert done.code == 0, done.out
        assert site.commits() == 2

    def test_a_renamed_article_is_checked_under_its_new_name(self, site):
        site.git("mv", "guides/sciatica.md", "guides/leg.md")
        assert site.commit().code == 0
        site.write("guides/balm.md", BAD)
        site.commit("--no-verify")
        site.git("mv", "guides/balm.md", "guides/cream.md")
        done = site.commit()
        assert done.code == 1
        assert "guides/cream.md:" in done.out
        assert "guides/balm.md" not in done.out

    def test_excluded_articles_stay_excluded_though_they_are_named(self, site):
        site.write(".healthlint.yaml", "exclude: [/drafts/]\n")
        site.write("drafts/balm.md", BAD)
        assert site.commit().code == 0
        assert site.pre_commit("run", "--all-files").code == 0
        site.write(".healthlint.yaml", "ignore: [long-sentence]\n")
        site.git("add", "--all")
        assert "drafts/balm.md:" in site.pre_commit("run", "--all-files").out

    def test_a_configuration_that_cannot_be_used_stops_the_commit(self, site):
        site.write(".healthlint.yaml", "ignore: [cure-clam]\n")
        site.write("guides/back.md", CLEAN)
        done = site.commit()
        assert done.code == 1
        assert "- exit code: 2" in done.out
        assert ".healthlint.yaml:1:" in done.out
        assert "did you mean “cure-claim”?" in done.out

    def test_options_of_the_site(self, site):
        config = (site.folder / ".pre-commit-config.yaml").read_text()
        site.write(".pre-commit-config.yaml", config + "        args: [--ignore, cure-claim]\n")
        site.write("guides/balm.md", BAD)
        assert site.commit().code == 0

    def test_a_baseline_lets_old_faults_pass_and_no_new_ones(self, site):
        site.write("guides/balm.md", BAD)
        command = [sys.executable, "-m", "healthlint", "check", "--write-baseline", "known.json"]
        assert site.run(*command).code == 0
        site.write(".healthlint.yaml", "baseline: known.json\n")
        assert site.commit().code == 0
        site.write("guides/balm.md", BAD.replace("# Sci", "# On sci") + "\nIt cures gout, too.\n")
        done = site.commit()
        assert done.code == 1
        assert "“cures gout”" in done.out
        assert "“cures sciatica”" not in done.out
