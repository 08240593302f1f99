"""Results of earlier runs: found again when nothing changed, never when anything did, and never the reason for an error."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Done
from rulefolder import cached_rulebook, data_file, rule_file

import healthlint
from healthlint import cache, cachedir, read_config
from healthlint.cache import Cache, cache_of
from healthlint.config import Config
from healthlint.files import articles
from healthlint.linter import Linter
from healthlint.report import Report
from healthlint.result import from_json, to_json
from healthlint.run import report_of, unread_of
from healthlint.settings import Settings
from healthlint.work import Linters, Turn, Work

TODAY = datetime.date(2026, 11, 22)

CONFIG = """\
severity: {cure-claim: warning}
overrides:
  - paths: news/
    profile: news
"""
ARTICLES = {
    "tea.md": (
        "---\ntitle: Tea\nauthor: Jo Lee\n---\n\n# Tea\n\nLast reviewed: 20 November 2024.\n\n"
        "Our tea cures gout, and there is no cure for gout.\n\n"
        "<!-- healthlint-disable-next-line cure-claim -- the label of 1910 until=2026-11-30 -->\n"
        "Our tea cures asthma.\n\nCall 911 in an emergency. It is a wonder food. It cures grumbles.\n"
    ),
    "balm.html": '<h1>Balm</h1>\n<p>This balm cu&#114;es <b>sciatica</b>.</p>\n{{ partial "legal.html" }}\n',
    "old.txt": "The old balm\n\nThis balm cures sciatica.\n",
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with articles, their configuration, and a cache folder of its own."""
    monkeypatch.setattr("healthlint.config.rulebook", cached_rulebook)
    monkeypatch.setenv("HEALTHLINT_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, text in {".healthlint.yaml": CONFIG, **ARTICLES}.items():
        Path(name).write_text(text, encoding="utf-8")
    on(TODAY, monkeypatch)
    return folder


def on(day: datetime.date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be that day for the runs that follow."""
    date = SimpleNamespace(today=lambda: day)
    known = SimpleNamespace(datetime=datetime.datetime, UTC=datetime.UTC, date=date)
    for asking in ("run", "config"):  # of two days, each would throw away what the other keeps
        monkeypatch.setattr(f"healthlint.{asking}.datetime", known)


def run(*, cached: bool, **how: Any) -> Report:
    config = read_config(Path(".healthlint.yaml"))
    files = articles(["."], config.excludes)
    return report_of(unread_of(files), config, excused=True, cached=cached, **how)


def everything(report: Report) -> list[object]:
    """All that is known of a report, also what does not count when reports are compared."""
    violations = [*report, *(each.violation for each in (*report.suppressed, *(report.excused or ())))]
    return [report, *map(vars, violations)]


def entries(folder: Path) -> list[Path]:
    """The files of the results in a cache folder."""
    return sorted(folder.glob("results/*/*"))


class Counted:
    """How many articles are linted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.linted = 0
        outcome = Linter.outcome_of

        def counted(linter: Linter, page: Any) -> Any:
            self.linted += page.document.path != "<text>"  # by which a configuration is proved
            return outcome(linter, page)

        monkeypatch.setattr(Linter, "outcome_of", counted)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


# --- the same ------------------------------------------------------------------------------------------


def test_what_did_not_change_is_not_linted_again(site: Path, counted: Counted) -> None:
    plain = run(cached=False)
    assert counted.linted == 3
    assert plain.suppressed
    assert plain.excused
    cold = run(cached=True)
    assert counted.linted == 6
    warm = run(cached=True)
    assert counted.linted == 6
    assert everything(plain) == everything(cold) == everything(warm)


def test_only_what_changed_is_linted_again(site: Path, counted: Counted) -> None:
    run(cached=True)
    with Path("old.txt").open("a", encoding="utf-8") as file:
        file.write("It cures gout.\n")
    counted.linted = 0
    changed = run(cached=True)
    assert counted.linted == 1
    assert everything(changed) == everything(run(cached=False))


@pytest.mark.parametrize(
    "how",
    [
        {"min_severity": "error"},
        {"fail_on": "info"},
        {"keep": True},
        {"jobs": 2},
    ],
)
def test_what_is_asked_of_the_report_is_worked_out_anew(
    site: Path, counted: Counted, how: dict[str, Any]
) -> None:
    run(cached=True)
    counted.linted = 0
    warm = run(cached=True, **how)
    assert counted.linted == 0
    assert everything(warm) == everything(run(cached=False, **how))
    if "keep" in how:
        assert [each.document.path for each in warm.checked if each.document] == sorted(ARTICLES)


def test_a_result_is_the_same_when_it_comes_back(site: Path) -> None:
    linters = Linters(read_config(Path(".healthlint.yaml")))
    work = Work(linters, TODAY, suppressions=True, keep=False, cache=None)
    for number, article in enumerate(unread_of(sorted(map(Path, ARTICLES)))):
        [result] = work([Turn(number, article)])
        again = from_json(to_json(result), linters.config.settings(article.path))
        assert again == result
        assert [vars(each) for each in again.violations] == [vars(each) for each in result.violations]
        assert repr(again) == repr(result)  # and so the types of all parts


def test_half_a_character_comes_back(site: Path) -> None:
    """A file name need not be text; what JSON refuses elsewhere it keeps here."""
    name = os.fsdecode(b"caf\xe9.md")
    Path(name).write_text("Our tea cures gout.\n", encoding="utf-8")
    cold = run(cached=True)
    assert name in {each.path for each in cold}
    assert everything(run(cached=True)) == everything(cold)


# --- one thing changes ---------------------------------------------------------------------------------


def write(name: str, text: str) -> Callable[[], object]:
    return lambda: Path(name).write_text(text, encoding="utf-8")


def configured(text: str) -> Callable[[], object]:
    return write(".healthlint.yaml", CONFIG + text)


def moved(old: str, new: str) -> Callable[[], object]:
    def move() -> None:
        Path(new).parent.mkdir(exist_ok=True)
        Path(old).rename(new)

    return move


CHANGES: dict[str, Callable[[], object]] = {
    "a word": write("old.txt", ARTICLES["old.txt"].replace("cures", "heals")),
    "a space at the end": write("old.txt", ARTICLES["old.txt"] + " "),
    "a line end": write("old.txt", ARTICLES["old.txt"].replace("\n\n", "\n\n\n", 1)),
    "the encoding": lambda: Path("old.txt").write_bytes(ARTICLES["old.txt"].encode("utf-16")),
    "the profile that it chooses": write(
        "tea.md", ARTICLES["tea.md"].replace("title: Tea\n", "title: Tea\nhealthlint: {profile: product}\n")
    ),
    "the pack that it chooses": write(
        "tea.md", ARTICLES["tea.md"].replace("title: Tea\n", "title: Tea\nhealthlint: {packs: uk-cap}\n")
    ),
    "a choice in vain": write(
        "tea.md", ARTICLES["tea.md"].replace("title: Tea\n", "title: Tea\nhealthlint: {profile: nothing}\n")
    ),
    "the name": moved("old.txt", "older.txt"),
    "a date in the name": moved("tea.md", "2024-05-06-tea.md"),
    "the ending": moved("balm.html", "balm.txt"),
    "the folder": moved("tea.md", "news/tea.md"),
    "severity": write(".healthlint.yaml", CONFIG.replace("warning", "info")),
    "select": configured("select: overclaim\n"),
    "ignore": configured("ignore: cure-claim\n"),
    "profile": configured("profile: product\n"),
    "packs": configured("packs: us-ftc-fda\n"),
    "limits": configured("limits: {review-overdue: 12}\nselect: review-overdue\n"),
    "locale": configured("locale: en-GB\nselect: [emergency-number-locale]\n"),
    "site-disclaimer": configured("site-disclaimer: legal.html\n"),
    "exclude": configured("exclude: old.txt\n"),
    "what may be added": configured("fix: {front-matter: {no-medical-reviewer: {reviewer: Dr Jo Lee}}}\n"),
    "an override": configured("  - paths: old.txt\n    ignore: cure-claim\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_one_thing_changes(site: Path, change: str) -> None:
    before = run(cached=True)
    assert everything(before) == everything(run(cached=True))
    CHANGES[change]()
    plain = run(cached=False)
    assert everything(plain) != everything(before), "the change has no effect"
    assert everything(run(cached=True)) == everything(plain)
    assert everything(run(cached=True)) == everything(plain)


@pytest.mark.parametrize("days", [1, 9, 30, 365])
def test_the_day_changes(site: Path, monkeypatch: pytest.MonkeyPatch, counted: Counted, days: int) -> None:
    """A suppression ends, a review is due, "2 years ago" becomes 3."""
    run(cached=True)
    on(TODAY + datetime.timedelta(days=days), monkeypatch)
    counted.linted = 0
    later = run(cached=True)
    assert counted.linted == 3
    assert everything(later) == everything(run(cached=False))


def test_suppressions_are_not_heeded(site: Path) -> None:
    heeded = run(cached=True)
    plain = run(cached=False, suppressions=False)
    assert everything(plain) != everything(heeded)
    assert everything(run(cached=True, suppressions=False)) == everything(plain)
    assert everything(run(cached=True)) == everything(heeded)


def test_own_rules_change(site: Path) -> None:
    configured("rules: rules\n")()
    rule = rule_file(Path("rules"), "phrases: [wonder food]")
    files = {
        "severity": lambda: rule.write_text(rule.read_text().replace("severity: warning", "severity: error")),
        "phrases": lambda: rule.write_text(rule.read_text().replace("[wonder food]", "[cures, wonder food]")),
        "another rule": lambda: rule_file(Path("rules"), "phrases: [wonder food]", id="wonders"),
        "lexicon": lambda: data_file(Path("rules"), "lexicon/condition.yaml", LEXICON),
        "no rule": rule.unlink,
    }
    for change in files.values():
        before = everything(run(cached=True))
        change()
        cached_rulebook.cache_clear()  # as in a new process
        plain = everything(run(cached=False))
        assert everything(run(cached=True)) == plain != before
        assert everything(run(cached=True)) == plain


LEXICON = "name: condition\nabout: What people have.\nterms: [grumbles]\n"


def test_other_code_or_other_libraries_find_nothing(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, library = tmp_path / "healthlint", tmp_path / "library"
    package.mkdir()
    library.mkdir()
    (package / "a.py").write_text("1", encoding="utf-8")
    monkeypatch.setattr(cache, "__file__", str(package / "cache.py"))
    monkeypatch.syspath_prepend(str(library))
    seen = [(cache._code(), tuple(cache._installed()))]
    (package / "a.py").write_text("2", encoding="utf-8")
    seen.append((cache._code(), tuple(cache._installed())))
    (package / "a.py").rename(package / "b.py")
    seen.append((cache._code(), tuple(cache._installed())))
    (library / "parser-1.0.dist-info").mkdir()
    seen.append((cache._code(), tuple(cache._installed())))
    (library / "parser-1.0.dist-info").rename(library / "parser-1.1.dist-info")
    seen.append((cache._code(), tuple(cache._installed())))
    monkeypatch.setattr(cache, "__version__", "99")
    seen.append((cache._code(), tuple(cache._installed())))
    monkeypatch.setattr(sys, "version", "4.0")
    seen.append((cache._code(), tuple(cache._installed())))
    assert len(set(seen)) == len(seen)
    assert (cache._code(), tuple(cache._installed())) == seen[-1]


@pytest.mark.parametrize("name", ["_CODE", "_LIBRARIES"])
def test_what_an_older_program_kept_is_not_found(
    site: Path, counted: Counted, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    run(cached=True)
    monkeypatch.setattr(cache, name, "another")
    counted.linted = 0
    assert everything(run(cached=True)) == everything(run(cached=False))
    assert counted.linted == 6


def test_another_process_with_other_code_keeps_nothing(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_CODE", "older")
    with pytest.raises(healthlint.HealthlintError, match="healthlint was changed while it ran; run the same"):
        run(cached=True, jobs=2)
    assert entries(tmp_path / "cache") == []


def test_another_process_that_looks_elsewhere_for_libraries_is_the_same_program(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when setuptools, once it is imported, puts its own libraries on the path."""
    (tmp_path / "more" / "parser-1.0.dist-info").mkdir(parents=True)
    plain = everything(run(cached=False))
    monkeypatch.syspath_prepend(str(tmp_path / "more"))
    assert everything(run(cached=True, jobs=2)) == plain
    assert len(entries(tmp_path / "cache")) == 3


def test_rules_that_were_put_together_by_hand_keep_nothing() -> None:
    assert cache_of(Config().rulebook, TODAY)
    assert cache_of(type(Config().rulebook)(()), TODAY) is None


# --- what is kept --------------------------------------------------------------------------------------


def test_what_went_wrong_is_tried_again(site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(linter: Linter, document: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(Linter, "outcome_of", broken)
        assert len(run(cached=True).failures) == 3
    assert entries(tmp_path / "cache") == []
    assert run(cached=True).failures == ()


def test_other_days_are_forgotten(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "cache" / "results" / "mine" / "file"
    other.parent.mkdir(parents=True)
    other.touch()
    for days in range(3):
        on(TODAY + datetime.timedelta(days=days), monkeypatch)
        run(cached=True)
    assert sorted(each.name for each in other.parent.parent.iterdir()) == ["2026-11-24", "mine"]
    assert len(entries(tmp_path / "cache")) == 3 + 1


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    linters = Linters(Config(Settings(select=("cure-claim",))))
    work = Work(linters, TODAY, suppressions=True, keep=False, cache=None)
    [result] = work([Turn(0, healthlint.read(write_article(tmp_path)))])
    size = len(to_json(result)) + 32
    monkeypatch.setattr(cache, "LARGEST", 5 * size)
    kept = Cache(tmp_path / "results" / TODAY.isoformat(), "")
    for number in range(20):
        kept.keep(f"{number + 100:x}", result)
        os.utime(kept.folder / f"{number + 100:x}", (number, number))
    assert len(list(kept.folder.iterdir())) == 20  # it is not looked at each time
    kept.keep("000a", result)
    assert sorted(each.name for each in kept.folder.iterdir()) == ["000a", "74", "75", "76", "77"]


def write_article(folder: Path) -> Path:
    file = folder / "a.md"
    file.write_text("Our tea cures gout.\n", encoding="utf-8")
    return file


# --- the state of the disk -----------------------------------------------------------------------------


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "a bit is wrong": lambda file: file.write_bytes(file.read_bytes()[:-9] + b"x" + file.read_bytes()[-8:]),
    "something else": lambda file: file.write_bytes(b'{"checked": []}'),
    "that of another": lambda file: file.write_bytes(entries(file.parents[2])[0].read_bytes() + b""),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "gone": lambda file: file.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_files_are_as_good_as_absent(
    site: Path, tmp_path: Path, counted: Counted, damage: str
) -> None:
    plain = run(cached=True)
    for file in entries(tmp_path / "cache")[1:]:
        DAMAGE[damage](file)
    counted.linted = 0
    assert everything(run(cached=True)) == everything(plain)
    assert counted.linted == 2
    assert everything(run(cached=True)) == everything(plain)


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/nothing"])
def test_a_cache_that_cannot_be_written_is_done_without(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], place: str
) -> None:
    (tmp_path / "file").write_text("not mine", encoding="utf-8")
    plain = run(cached=False)
    monkeypatch.setenv("HEALTHLINT_CACHE_DIR", str(tmp_path / place))
    assert everything(run(cached=True)) == everything(run(cached=True)) == everything(plain)
    assert capfd.readouterr() == ("", "")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "not mine"


def test_without_a_home_there_is_none(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run(cached=False)
    monkeypatch.setattr(cachedir, "folder", lambda: None)
    assert everything(run(cached=True)) == everything(plain)


# --- the command ---------------------------------------------------------------------------------------


ENVIRONMENT = {**os.environ, "PYTHONPATH": Path(healthlint.__file__).parent.parent.as_posix()}
"""With this healthlint, whatever is installed."""
SITE = """import sys, time
from healthlint import cachedir
keep = cachedir.keep
def slowly(path, content):
    print("at", path.name, file=sys.stderr, flush=True)
    time.sleep(0.05)
    return keep(path, content)
cachedir.keep = slowly
from healthlint.cli import main
main()
"""
"""The command, which tells what it is about to keep, and takes its time to."""


def started(folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SITE, "check", "--output-format", "json", *options],
        cwd=folder,
        env={**ENVIRONMENT, "HEALTHLINT_CACHE_DIR": str(folder.parent / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def articles_in(folder: Path, number: int) -> None:
    folder.mkdir()
    (folder / ".healthlint.yaml").write_text("select: [cure-claim]\n", encoding="utf-8")
    for name in range(number):
        (folder / f"{name}.md").write_text(f"Our tea no. {name} cures gout.\n", encoding="utf-8")


def test_who_is_killed_leaves_nothing_that_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    articles_in(folder, 40)
    plain, _ = started(folder, "--no-cache").communicate()
    for after in (1, 5, 17):
        with started(folder) as killed:
            assert killed.stderr
            told = 0
            for line in killed.stderr:
                told += line.startswith("at ")
                if told == after:
                    killed.kill()
                    break
    again = started(folder)
    out, told = again.communicate()
    assert (out, again.returncode) == (plain, 1)
    assert 0 < told.count("at ") <= 40 - 17


def test_two_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    articles_in(folder, 40)
    plain, _ = started(folder, "--no-cache").communicate()
    both = [started(folder), started(folder, "--jobs", "2")]
    assert [each.communicate()[0] for each in both] == [plain, plain]
    out, told = started(folder).communicate()
    assert (out, told) == (plain, "")


@pytest.mark.parametrize("name", ["check", "stats", "suppressions"])
def test_the_command_keeps_results_unless_told_not_to(
    site: Path, tmp_path: Path, counted: Counted, run_here: Callable[..., Done], name: str
) -> None:
    os.chdir(site)
    plain = run_here(name, "--no-cache")
    assert entries(tmp_path / "cache") == []
    cold = run_here(name)
    assert len(entries(tmp_path / "cache")) == 3
    counted.linted = 0
    assert run_here(name) == cold == plain
    assert counted.linted == 0
    run_here(name, "--no-cache")
    assert counted.linted == 3


def test_formats_differ_only_in_what_they_show(
    site: Path, run_here: Callable[..., Done], counted: Counted
) -> None:
    """The edits that some formats show are not looked up where none were made."""
    os.chdir(site)
    configured(
        "fix: {disclaimer: This page is general information and no medical advice. Ask your doctor.}\n"
    )()
    text = run_here("check", "--no-cache")
    assert run_here("check") == run_here("check") == text
    found = run_here("check", "--output-format", "json")
    assert found == run_here("check", "--output-format", "json", "--no-cache")
    edits = [each["edits"] for each in json.loads(found.out)["violations"]]
    assert any(edits)
    counted.linted = 0
    assert run_here("check", "--output-format", "json") == found
    assert counted.linted == 0


def test_what_may_be_added_is_proved_once(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(".healthlint.yaml")
    configured(
        "fix: {disclaimer: This page gives general information and no medical advice. Ask your doctor.}\n"
    )()
    read_config(file)
    with monkeypatch.context() as patched:
        patched.delattr(Linter, "outcome_of")
        read_config(file)
    configured("fix: {disclaimer: Ask for our tea.}\n")()
    for _ in range(2):
        with pytest.raises(healthlint.DataError, match="does not say what readers must know"):
            read_config(file)


def test_fixes_are_made_of_what_is_there_now(site: Path, run_here: Callable[..., Done]) -> None:
    os.chdir(site)
    configured("fix: {front-matter: {no-medical-reviewer: {reviewer: Dr Jo Lee}}}\n")()
    run_here("check", "--fix", "--dry-run")
    Path("tea.md").write_text(ARTICLES["tea.md"].replace("# Tea", "# Our tea"), encoding="utf-8")
    run_here("check", "--fix")
    fixed = Path("tea.md").read_text(encoding="utf-8")
    assert "# Our tea" in fixed
    assert "reviewer: Dr Jo Lee" in fixed
    assert "no-medical-reviewer" not in run_here("check", "tea.md").out


def test_standard_input_is_known_too(site: Path, run_here: Callable[..., Done], counted: Counted) -> None:
    os.chdir(site)
    cold = run_here("check", "-", stdin=b"Our tea cures gout.\n")
    counted.linted = 0
    assert run_here("check", "-", stdin=b"Our tea cures gout.\n") == cold
    assert counted.linted == 0
    assert run_here("check", "-", stdin=b"Our tea heals gout.\n") != cold
    assert counted.linted == 1


def test_only_changed_lines(site: Path, run_here: Callable[..., Done], counted: Counted) -> None:
    os.chdir(site)
    git = ("git", "-c", "user.name=J", "-c", "user.email=j@example.org")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "a")):
        subprocess.run([*git, *arguments], check=True)
    with Path("old.txt").open("a", encoding="utf-8") as file:
        file.write("\nIt cures gout.\n")
    plain = run_here("check", "--diff", "HEAD", "--no-cache")
    assert "cures gout" in plain.out
    assert "cures sciatica" not in plain.out
    run_here("check", "old.txt")
    counted.linted = 0
    assert run_here("check", "--diff", "HEAD") == plain
    assert counted.linted == 0
