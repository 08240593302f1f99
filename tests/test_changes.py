"""Only what changed since a revision is reported, seen by a real Git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from healthlint.changes import changes_since
from healthlint.cli import command
from healthlint.config import Config
from healthlint.errors import HealthlintError
from healthlint.files import articles
from healthlint.run import report_of, unread_of

Found = Callable[..., list[str]]

CLAIM = "Our tea cures gout.\n"
SECOND = "This balm cures arthritis.\n"
PLAIN = "Rest the knee for two days.\n"


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    git("init", "--quiet", "--initial-branch=main")
    git("config", "user.email", "editor@example.org")
    git("config", "user.name", "An editor")
    git("commit", "--quiet", "--allow-empty", "--message", "Begin")


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def commit(*paragraphs: str, name: str = "tea.md") -> None:
    write(*paragraphs, name=name)
    git("add", "--all")
    git("commit", "--quiet", "--message", name)


def write(*paragraphs: str, name: str = "tea.md", end: str = "\n") -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(end.join("\n".join(paragraphs).split("\n")).encode())


@pytest.fixture(scope="module")
def claims() -> Config:
    return Config().narrowed(["cure-claim"], [])


@pytest.fixture
def found(claims: Config) -> Callable[..., list[str]]:
    def reported(base: str = "HEAD", path: str = ".") -> list[str]:
        """Path, line, column and rule of the claims that are reported."""
        report = report_of(unread_of(articles([path])), claims, changes=changes_since(base, Path.cwd()))
        return [f"{each.path}:{each.start.line}:{each.start.column}" for each in report]

    return reported


def test_a_claim_on_a_changed_line_is_reported_and_old_ones_are_not(found: Found) -> None:
    commit(CLAIM, PLAIN)
    write(CLAIM, PLAIN, SECOND)
    assert found() == ["tea.md:5:11"]


def test_nothing_changed(found: Found) -> None:
    commit(CLAIM)
    assert found() == []


def test_lines_above_that_move_a_claim_do_not_report_it(found: Found) -> None:
    commit(CLAIM)
    write(PLAIN, PLAIN, CLAIM)
    assert found() == []


def test_a_sentence_over_several_lines_counts_when_any_of_them_changed(found: Found) -> None:
    commit("Drink it hot\nbecause our tea cures gout\nin a week.\n")
    write("Drink it cold\nbecause our tea cures gout\nin a week.\n")
    assert found() == ["tea.md:2:17"]


def test_a_word_taken_out_of_a_sentence_counts(found: Found) -> None:
    commit("There is no evidence\nand we do not claim\nthat our tea cures gout.\n")
    assert found("HEAD~1") == []
    write("There is evidence\nthat our tea cures gout.\n")
    assert found() == ["tea.md:2:14"]


def test_a_line_deleted_inside_a_sentence_counts_and_one_beside_it_does_not(found: Found) -> None:
    commit("Whoever says\nthe opposite is wrong:\nour tea cures gout.\n", PLAIN)
    write("Whoever says\nour tea cures gout.\n", PLAIN)
    assert found() == ["tea.md:2:9"]
    commit("Whoever says\nour tea cures gout.\n", PLAIN, PLAIN)
    write("Whoever says\nour tea cures gout.\n", PLAIN)
    assert found() == []


def test_a_line_deleted_right_before_a_sentence_does_not(found: Found) -> None:
    commit("- Walk a mile.\n- Our tea cures gout.\n")
    write("- Our tea cures gout.\n")
    assert found() == []


def test_new_files_are_reported_whole_whether_git_knows_them_or_not(found: Found) -> None:
    commit(PLAIN)
    write(CLAIM, name="known.md")
    git("add", "known.md")
    write(CLAIM, name="unknown.md")
    assert found() == ["known.md:1:9", "unknown.md:1:9"]


def test_an_ignored_file_has_not_changed(found: Found) -> None:
    commit("drafts/\n", name=".gitignore")
    write(CLAIM, name="drafts/tea.md")
    assert found("HEAD", "drafts/tea.md") == []


def test_a_renamed_file_is_compared_with_what_it_was(found: Found) -> None:
    commit(CLAIM, *[PLAIN] * 9)
    git("mv", "tea.md", "teas.md")
    assert found() == []
    write(CLAIM, *[PLAIN] * 9, SECOND, name="teas.md")
    assert found() == ["teas.md:21:11"]


def test_deleted_files_do_no_harm(found: Found) -> None:
    commit(CLAIM)
    commit(CLAIM, name="other.md")
    Path("tea.md").unlink()
    assert found() == []
    git("rm", "--quiet", "tea.md")
    write(CLAIM, SECOND, name="other.md")
    assert found() == ["other.md:3:11"]


def test_what_others_did_on_the_branch_since_is_not_ours(found: Found) -> None:
    commit(CLAIM, *[PLAIN] * 5)
    git("switch", "--quiet", "--create", "ours")
    commit(CLAIM, *[PLAIN] * 5, SECOND)
    git("switch", "--quiet", "main")
    commit("Tea is a drink.\n", *[PLAIN] * 5)
    git("switch", "--quiet", "ours")
    assert found("main") == ["tea.md:13:11"]


def test_a_branch_without_a_common_past_is_compared_as_it_stands(found: Found) -> None:
    commit(CLAIM)
    git("switch", "--quiet", "--orphan", "new")
    commit(CLAIM, SECOND)
    assert found("main") == ["tea.md:3:11"]


def test_a_shallow_clone_cannot_tell_what_is_ours(tmp_path: Path) -> None:
    commit(CLAIM)
    git("switch", "--quiet", "--create", "ours")
    commit(CLAIM, SECOND)
    git("switch", "--quiet", "main")
    commit(CLAIM, PLAIN)
    url = tmp_path.as_uri()
    git("clone", "--quiet", "--depth", "1", "--branch", "ours", "--no-single-branch", url, "shallow")
    with pytest.raises(HealthlintError) as raised:
        changes_since("origin/main", Path("shallow"))
    assert str(raised.value) == (
        "--diff: this clone is too shallow to tell where its branch left “origin/main”; fetch the whole history "
        "(git fetch --unshallow, or fetch-depth: 0 in a workflow)"
    )
    git("-C", "shallow", "fetch", "--quiet", "--unshallow")
    assert changes_since("origin/main", Path("shallow")).changed("shallow/tea.md")


@pytest.mark.parametrize(
    "name", ["tête à tête.md", 'a "b".md', "tab\there.md", "line\nend.md", " a .md", "--a.md"]
)
def test_any_name(name: str, found: Found) -> None:
    commit(CLAIM, name=f"folder/{name}")
    write(CLAIM, SECOND, name=f"folder/{name}")
    write(CLAIM, name="folder/after.md")
    changes = changes_since("HEAD", Path.cwd())
    assert changes.changed(f"folder/{name}")
    assert len(found("HEAD", "folder")) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends(end: str, found: Found) -> None:
    write(CLAIM, PLAIN, end=end)
    git("add", "--all")
    git("commit", "--quiet", "--message", "tea")
    write(CLAIM, PLAIN, SECOND, end=end)
    assert found() == ["tea.md:5:11"]


def test_line_ends_of_old_macs_make_one_line_for_git(found: Found) -> None:
    write(CLAIM, PLAIN, end="\r")
    git("add", "--all")
    git("commit", "--quiet", "--message", "tea")
    write(CLAIM, PLAIN, SECOND, end="\r")
    assert found() == ["tea.md:1:9", "tea.md:5:11"]


def test_a_file_that_git_takes_for_binary_has_changed_as_a_whole(found: Found) -> None:
    Path("tea.md").write_bytes(("\ufeff" + CLAIM).encode("utf-16-le"))
    git("add", "--all")
    git("commit", "--quiet", "--message", "tea")
    assert found() == []
    Path("tea.md").write_bytes(("\ufeff" + CLAIM + "\n" + PLAIN).encode("utf-16-le"))
    assert found() == ["tea.md:1:9"]


def test_a_file_whose_mode_changed_has_no_changed_line(found: Found) -> None:
    commit(CLAIM)
    Path("tea.md").chmod(0o755)
    assert found() == []


def test_a_merge_in_conflict_does_no_harm() -> None:
    commit(CLAIM)
    git("switch", "--quiet", "--create", "ours")
    commit(SECOND)
    git("switch", "--quiet", "main")
    commit(PLAIN)
    subprocess.run(["git", "merge", "ours"], check=False, capture_output=True)
    commit_free = changes_since("HEAD", Path.cwd())
    assert all(name.endswith(".md") for name in commit_free.files)


def test_whole_document_rules_speak_of_changed_articles_only() -> None:
    commit(CLAIM, name="old.md")
    commit(CLAIM, name="changed.md")
    write(CLAIM, PLAIN, name="changed.md")
    done = CliRunner().invoke(
        command, ["check", "--quiet", "--select", "disclaimer-missing,cure-claim", "--diff", "HEAD"]
    )
    assert [line.split()[:3] for line in done.output.splitlines()] == [
        ["changed.md:1:1:", "error", "disclaimer-missing"]
    ]


def test_from_a_folder_of_the_repository(found: Found) -> None:
    commit(CLAIM, name="a/tea.md")
    commit(CLAIM, name="b/tea.md")
    write(CLAIM, SECOND, name="a/tea.md")
    write(CLAIM, SECOND, name="b/tea.md")
    os.chdir("a")
    assert found() == ["tea.md:3:11"]
    assert found("HEAD", "../b") == ["../b/tea.md:3:11"]


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("nowhere", "--diff: there is no revision “nowhere” here"),
        ("--output=x", "--diff: “--output=x” is no revision"),
        ("", "--diff: there is no revision “” here"),
    ],
)
def test_a_revision_that_is_none(revision: str, message: str) -> None:
    with pytest.raises(HealthlintError) as raised:
        changes_since(revision, Path.cwd())
    assert str(raised.value) == message
    assert not Path("x").exists()


def test_outside_of_a_repository(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(HealthlintError, match="not a git repository"):
        changes_since("HEAD", tmp_path_factory.mktemp("outside"))


def test_without_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(HealthlintError, match="--diff needs Git, which cannot be run: No such file"):
        changes_since("HEAD", Path.cwd())


def test_with_a_baseline_nothing_is_called_fixed() -> None:
    commit(CLAIM, SECOND)
    runner = CliRunner()
    runner.invoke(command, ["check", "--select", "cure-claim", "--write-baseline", "known.json"])
    write(CLAIM, SECOND, "Our tea cures migraine.\n")
    done = runner.invoke(
        command, ["check", "--select", "cure-claim", "--baseline", "known.json", "--diff", "HEAD"]
    )
    assert done.output.splitlines()[-1] == "1 article checked: 1 error, no warnings, no info."
