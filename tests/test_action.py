"""The GitHub Action: its scripts, run by the bash and with the environment that GitHub gives them."""

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
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"] if "id" in step}
CLEAN = (ROOT / "examples" / "sciatica.md").read_text(encoding="utf-8")
BAD = CLEAN.replace("## ", "Our ginger balm cures sciatica within two weeks.\n\n## ", 1)

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="Git is not installed")
installs = pytest.mark.timeout(900)


# --- what it says about itself -------------------------------------------------------------------------


def expressions(value: object) -> list[str]:
    return re.findall(r"\$\{\{(.*?)\}\}", json.dumps(value))


def test_no_input_is_written_into_a_script():
    for step in ACTION["runs"]["steps"]:
        assert expressions(step.get("run", "")) == []


def test_every_input_is_used_and_explained():
    used = re.findall(r"inputs\.([\w-]+)", json.dumps(ACTION["runs"]))
    assert set(used) == set(ACTION["inputs"])
    for about in ACTION["inputs"].values():
        assert about["description"].endswith(".")
        assert isinstance(about["default"], str)


def test_other_actions_are_pinned_by_commit():
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert len(used) == 2
    for action in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)


def test_every_script_has_its_shell():
    assert all(step["shell"] == "bash" for step in STEPS.values() if "run" in step)


# --- what it does --------------------------------------------------------------------------------------


class Done(NamedTuple):
    code: int
    out: str
    err: str
    outputs: dict[str, str]
    summary: str


class Job:
    """A job on a runner, in the folder of a repository."""

    def __init__(self, folder: Path, temp: Path, known: dict[str, str]) -> None:
        self.folder = folder
        self._temp = temp
        self._known = known

    def step(self, name: str, **inputs: str) -> Done:
        """A step as GitHub runs it: expressions become environment variables, the script a file."""
        given = {key: about["default"] for key, about in ACTION["inputs"].items()}
        given |= {key.replace("_", "-"): value for key, value in inputs.items()}
        assert set(given) == set(ACTION["inputs"])
        known = self._known | {f"inputs.{key}": value for key, value in given.items()}
        step = STEPS[name]
        files = {key: self._temp / key for key in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        script = self._temp / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            **{key: str(file) for key, file in files.items()},
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "RUNNER_TEMP": str(self._temp),
            **{
                key: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: known[found[1]], value)
                for key, value in step["env"].items()
            },
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        return Done(
            done.returncode,
            done.stdout.decode(),
            done.stderr.decode(),
            dict(line.split("=", 1) for line in lines),
            files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8"),
        )

    def check(self, **inputs: str) -> Done:
        return self.step("check", **inputs)


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> str:
    """The program that the step `install` makes out of this checkout."""
    temp = tmp_path_factory.mktemp("install")
    known = {"steps.python.outputs.python-path": sys.executable, "github.action_path": str(ROOT)}
    done = Job(temp, temp, known).step("install")
    assert done.code == 0, done.err
    assert list(done.outputs) == ["healthlint"]
    return done.outputs["healthlint"]


@pytest.fixture
def job(installed, tmp_path) -> Job:
    (tmp_path / "site" / "guides").mkdir(parents=True)
    (tmp_path / "temp dir").mkdir()
    (tmp_path / "site/guides/sciatica.md").write_text(CLEAN, encoding="utf-8")
    return Job(tmp_path / "site", tmp_path / "temp dir", {"steps.install.outputs.healthlint": installed})


pytestmark = [needs_bash, installs]


def test_what_it_installs_is_this_version(installed):
    from healthlint import __version__

    done = subprocess.run([installed, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"healthlint {__version__}\n"
    assert not Path(installed).is_relative_to(Path(sys.prefix))


def test_a_clean_site(job):
    done = job.check()
    assert (done.code, done.err) == (0, "")
    assert done.outputs == {"exit-code": "0"}
    token = re.search(r"^::stop-commands::([0-9a-f]{32})$", done.out, re.MULTILINE)
    assert token
    assert done.out.endswith(f"1 article checked: no errors, no warnings, no info.\n::{token[1]}::\n")
    assert done.summary == (
        "### healthlint\n\n```text\n1 article checked: no errors, no warnings, no info.\n\n```\n"
    )


def test_a_violation_fails_the_job_and_is_shown(job):
    (job.folder / "guides/balm.md").write_text(BAD, encoding="utf-8")
    done = job.check()
    assert done.code == 1
    assert done.outputs == {"exit-code": "1"}
    assert re.search(
        r"^::error title=healthlint cure-claim,file=guides/balm\.md,line=\d+,endLine=\d+,col=17,endColumn=31"
        r"::“cures sciatica” promises a cure\.",
        done.out,
        re.MULTILINE,
    )
    assert "error cure-claim “cures sciatica” promises a cure.\n    Our ginger balm" in done.summary


def test_without_annotations_and_summary(job):
    (job.folder / "guides/balm.md").write_text(BAD, encoding="utf-8")
    done = job.check(annotations="false", summary="false")
    assert done.code == 1
    assert done.summary == ""
    assert not re.search(r"^::(error|warning|notice)", done.out, re.MULTILINE)
    assert "error cure-claim" in done.out


def test_fail_on(job):
    (job.folder / "guides/balm.md").write_text(BAD, encoding="utf-8")
    assert job.check(fail_on="never").code == 0
    assert job.check(fail_on="info").code == 1


def test_reports_in_files(job):
    done = job.check(sarif_file="out.sarif", outputs="junit:report.xml\njson:my report.json\n")
    assert done.code == 0
    assert done.outputs == {"exit-code": "0", "has-sarif": "true"}
    assert json.loads((job.folder / "out.sarif").read_text())["version"] == "2.1.0"
    assert (job.folder / "report.xml").read_text().startswith("<?xml")
    assert json.loads((job.folder / "my report.json").read_text())["violations"] == []


def test_paths_are_lines_and_may_hold_spaces(job):
    (job.folder / "more guides").mkdir()
    (job.folder / "more guides/balm, 2.md").write_text(BAD, encoding="utf-8")
    (job.folder / "left out.md").write_text(BAD, encoding="utf-8")
    done = job.check(paths="guides\nmore guides\n")
    assert done.code == 1
    assert "2 articles checked" in done.out
    assert "file=more guides/balm%2C 2.md," in done.out


def test_options_and_a_configuration(job):
    (job.folder / "guides/balm.md").write_text(BAD, encoding="utf-8")
    done = job.check(args="--ignore cure-claim\n  --min-severity error")
    assert done.code == 0
    assert "no errors, no warnings" in done.out
    assert "2 warnings" in job.check(args="--ignore cure-claim").out
    (job.folder / "ci.yaml").write_text("ignore: [cure-claim]\n")
    assert job.check(config="ci.yaml").code == 0
    assert job.check().code == 1


def test_a_baseline(job):
    (job.folder / "guides/balm.md").write_text(BAD, encoding="utf-8")
    assert job.check(args="--write-baseline known.json").code == 0
    done = job.check(baseline="known.json")
    assert done.code == 0
    assert "known from the baseline" in done.out


@needs_git
def test_only_what_changed(job):
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=E", "-c", "user.email=e@example.org", *arguments],
            cwd=job.folder,
            check=True,
            capture_output=True,
        )

    (job.folder / "guides/balm.md").write_text(BAD, encoding="utf-8")
    git("init", "--initial-branch", "main")
    git("add", "--all")
    git("commit", "--message", "Before")
    git("checkout", "-b", "new")
    (job.folder / "guides/tea.md").write_text(BAD.replace("ginger balm", "tea"), encoding="utf-8")
    git("add", "--all")
    git("commit", "--message", "After")
    done = job.check(diff="main")
    assert done.code == 1
    assert "guides/tea.md:" in done.out
    assert "guides/balm.md" not in done.out
    done = job.check(diff="origin/main")
    assert done.code == 2
    assert "there is no revision “origin/main” here" in done.err


def test_what_cannot_be_run_is_told_and_uploads_nothing(job):
    done = job.check(config="gone.yaml", sarif_file="out.sarif")
    assert done.code == 2
    assert done.outputs == {"exit-code": "2"}
    assert "gone.yaml: does not exist" in done.err
    assert done.summary == ""


HOSTILE = '"; touch pwned; $(touch pwned) `touch pwned` ${IFS}; | touch pwned & \\'


@pytest.mark.parametrize(
    "name", [name for name in ACTION["inputs"] if name not in ("upload-sarif", "python-version")]
)
def test_nothing_in_an_input_is_run(job, name):
    before = {path.name for path in job.folder.iterdir()}
    done = job.check(**{name.replace("-", "_"): HOSTILE})
    assert not any(path.name == "pwned" for path in job.folder.parent.rglob("*"))
    made = {path.name for path in job.folder.iterdir()} - before
    assert made <= {HOSTILE}
    expected = {"annotations": 0, "summary": 0, "sarif-file": 0}
    assert done.code == expected.get(name, 2)


def test_a_path_is_never_an_option(job):
    done = job.check(paths="--write-baseline=pwned\n*")
    assert done.code == 2
    assert not (job.folder / "pwned").exists()
    assert "“" in done.out or "does not exist" in done.out


def test_an_article_gives_no_command_and_ends_no_block(job):
    said = "::error::This tea cures acne.\n\nIt cures gout, ````` <b>and</b> more.\n"
    (job.folder / "guides/::warning::x.md").write_text(said, encoding="utf-8")
    done = job.check(annotations="false")
    start = re.search(r"^::stop-commands::([0-9a-f]{32})$", done.out, re.MULTILINE)
    assert start
    shown, _, after = done.out[start.end() :].partition(f"\n::{start[1]}::")
    assert "    It cures gout, ````` <b>and</b> more.\n" in shown
    assert (done.out[: start.start()], after) == ("", "\n")
    fence = done.summary.splitlines()[2].removesuffix("text")
    assert fence == "``````"
    inner = done.summary.split(f"{fence}text\n")[1].removesuffix(f"\n{fence}\n")
    assert fence not in inner


def test_a_long_summary_is_cut(job):
    (job.folder / "guides/long.md").write_text("# Gout\n" + "\nIt cures gout and it cures acne.\n" * 5000)
    done = job.check()
    assert done.code == 1
    assert 890_000 < len(done.summary.encode()) < 1_000_000
    assert done.summary.endswith("\n```\n")
