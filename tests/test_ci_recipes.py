"""The recipes in `docs/ci.md`, run in a clone of a repository in which a branch has changed something."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
SHELL = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
FILES: dict[str, list[Any]] = {}
for name, text in re.findall(r"^```yaml\n# (\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
    FILES.setdefault(name, []).append(yaml.safe_load(text))

CLEAN = (ROOT / "examples" / "sciatica.md").read_text(encoding="utf-8")
OLD = CLEAN.replace("## ", "Our ginger balm cures sciatica within two weeks.\n\n## ", 1)
BAD = OLD.replace("ginger", "pepper")

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("git", "bash", "sh", "xargs"))), reason="Git or a shell is not installed"
)


class Done(NamedTuple):
    code: int
    out: str
    """Both streams."""


class Clone:
    """A clone with the branch of a merge request: one bad article is new, another was there before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        upstream = folder / "upstream"
        (upstream / "content").mkdir(parents=True)
        (upstream / "content/old.md").write_text(OLD, encoding="utf-8")
        (upstream / "content/gone.md").write_text(OLD, encoding="utf-8")
        (upstream / "content/moved.md").write_text(CLEAN, encoding="utf-8")
        self._git(upstream, "init", "--initial-branch", "main")
        self._git(upstream, "add", "--all")
        self._git(upstream, "commit", "--message", "Before")
        self._git(folder, "clone", str(upstream), "clone")
        self._git(self.folder, "checkout", "-b", "balm")
        self.base = self._git(self.folder, "rev-parse", "HEAD").strip()

    def _git(self, folder: Path, *arguments: str) -> str:
        identity = ("-c", "user.name=E", "-c", "user.email=e@example.org")
        done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)
        return done.stdout.decode()

    def commit(self, name: str, text: str) -> None:
        """One commit: this article is written, one is deleted, one is renamed."""
        (self.folder / "content" / name).write_text(text, encoding="utf-8")
        (self.folder / "content/gone.md").unlink()
        (self.folder / "content/moved.md").rename(self.folder / "content/new name, 'quoted'.md")
        self._git(self.folder, "add", "--all")
        self._git(self.folder, "commit", "--message", "After")

    def run(self, script: str, *shell: str, **variables: str) -> Done:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            [*(shell or ("sh",)), "-c", script],
            cwd=self.folder,
            env={**os.environ, "PATH": path, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode())


@pytest.fixture
def clone(tmp_path) -> Clone:
    return Clone(tmp_path)


def found(done: Done) -> set[str]:
    """The articles in which errors are told."""
    return set(re.findall(r"^content/(.+?):\d+:\d+: error", done.out, re.MULTILINE))


def test_everything(clone):
    clone.commit("balm.md", BAD)
    done = clone.run(SHELL[0])
    assert done.code == 1
    assert found(done) == {"balm.md", "old.md"}


def test_what_changed(clone):
    clone.commit("balm.md", BAD)
    done = clone.run(SHELL[1])
    assert done.code == 1
    assert found(done) == {"balm.md"}


def test_nothing_bad_changed(clone):
    clone.commit("back.md", CLEAN)
    assert clone.run(SHELL[1]).code == 0


def test_a_report_to_keep(clone):
    clone.commit("balm.md", BAD)
    done = clone.run(SHELL[2])
    assert done.code == 1
    assert "<html" in (clone.folder / "public/healthlint.html").read_text(encoding="utf-8")


def test_the_articles_of_a_commit(clone):
    clone.commit("it's a “balm”.md", BAD)
    done = clone.run(SHELL[3])
    assert done.code not in (0, 2)
    assert found(done) == {"it's a “balm”.md"}
    assert "2 articles checked" in done.out


def test_no_article_in_a_commit(clone):
    (clone.folder / "notes.yaml").write_text("a: b\n")
    clone._git(clone.folder, "add", "--all")
    clone._git(clone.folder, "commit", "--message", "Notes")
    assert clone.run(SHELL[3]) == (0, "")


@pytest.mark.parametrize(("text", "code"), [(BAD, 1), (CLEAN, 0)])
def test_gitlab_in_a_merge_request(clone, text, code):
    clone.commit("balm.md", text)
    (job,) = [job["healthlint"] for job in FILES[".gitlab-ci.yml"]]
    install, *script = job["script"]
    assert install.startswith("pip install ")
    done = clone.run("\n".join(script), "sh", "-e", CI_MERGE_REQUEST_DIFF_BASE_SHA=clone.base)
    assert done.code == code
    assert found(done) == ({"balm.md"} if code else set())
    report = json.loads((clone.folder / job["artifacts"]["reports"]["codequality"]).read_text())
    assert "content/old.md" in {issue["location"]["path"] for issue in report}


def test_gitlab_on_a_branch(clone):
    (job,) = [job["healthlint"] for job in FILES[".gitlab-ci.yml"]]
    done = clone.run("\n".join(job["script"][1:]), "sh", "-e", CI_MERGE_REQUEST_DIFF_BASE_SHA="")
    assert done.code == 1
    assert found(done) == {"gone.md", "old.md"}


def test_azure(clone):
    clone.commit(
        "balm.md", "# Balm\n\n::error::It cures gout ##vso[task.setvariable variable=x]y and acne.\n"
    )
    (pipeline,) = FILES["azure-pipelines.yml"]
    (script,) = [step["script"] for step in pipeline["steps"] if "healthlint check" in step.get("script", "")]
    done = clone.run(script, "bash", "--noprofile", "--norc")
    assert done.code == 1
    assert found(done) == {"balm.md", "old.md"}
    assert "cures gout" in done.out
    assert "##vso" not in done.out
    assert not re.search(r"^\s*::", done.out, re.MULTILINE)
    (results,) = [step["inputs"] for step in pipeline["steps"] if step.get("task", "").startswith("Publish")]
    assert "<testsuite" in (clone.folder / results["testResultsFiles"]).read_text(encoding="utf-8")


def test_github_without_the_action(clone):
    clone.commit("balm.md", BAD)
    steps = FILES[".github/workflows/healthlint.yml"][-1]["jobs"]["healthlint"]["steps"]
    (script,) = [step["run"] for step in steps if "healthlint check" in step.get("run", "")]
    done = clone.run(script, "bash", "-e")
    assert done.code == 1
    assert re.search(r"^::error title=healthlint cure-claim,file=content/balm\.md,", done.out, re.MULTILINE)


def test_workflows_use_the_inputs_that_the_action_has():
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    workflows = FILES[".github/workflows/healthlint.yml"]
    for workflow in workflows:
        for step in workflow["jobs"]["healthlint"]["steps"]:
            if step.get("uses", "").startswith("OWNER/healthlint@"):
                assert set(step.get("with", {})) <= set(action["inputs"])
                assert all(isinstance(value, str) for value in step.get("with", {}).values())
    told = re.findall(r"^\| `([\w-]+)` \| (?:`(.*?)`)? ?\|", PAGE, re.MULTILINE)
    assert told == [(name, about["default"]) for name, about in action["inputs"].items()]
