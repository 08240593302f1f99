import errno
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from rulefolder import cached_rulebook

from healthlint import __version__
from healthlint.commands import output
from healthlint.readers import FORMATS

TESTS = Path(__file__).parent
CASES = sorted(path.parent for path in (TESTS / "cmd").glob("*/args"))


@pytest.fixture
def healthlint(tmp_path, run_here):
    """Runs the command in this process, in a folder with a configuration that knows two small rules."""
    shutil.copytree(TESTS / "house", tmp_path / "house")
    (tmp_path / ".healthlint.yaml").write_text("rules: house\nselect: [house, shouting, suppression]\n")
    return run_here


def write(name: str, text: str = "This tonic cures everything.\n") -> Path:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


# --- folders of input and output -----------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_output(case, healthlint, monkeypatch):
    """`args` is run in `in/`; `output` is what it prints and its exit code (rewritten when UPDATE is set)."""
    monkeypatch.chdir(case / "in")
    done = healthlint(*shlex.split((case / "args").read_text(encoding="utf-8")))
    output = f"{done.out}{done.err}exit code {done.code}\n".replace(f'"{__version__}"', '"VERSION"')
    if "UPDATE" in os.environ:
        (case / "output").write_text(output, encoding="utf-8")
    assert output == (case / "output").read_text(encoding="utf-8")


# --- check ---------------------------------------------------------------------------------------------


def test_a_clean_folder(healthlint):
    write("a.md", "Rest well.\n")
    assert healthlint("check") == (0, "1 article checked: no errors, no warnings, no info.\n", "")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 1),
        (["--fail-on", "never"], 0),
        (["--fail-on", "info"], 1),
        (["--ignore", "tonic-claim"], 0),
        (["--ignore", "tonic-claim", "--fail-on", "warning"], 1),
        (["--select", "shouting"], 0),
        (["--select", "shouting", "--fail-on", "warning"], 1),
        (["--select", "shouting", "--fail-on", "warning", "--min-severity", "error"], 0),
        (["--ignore", "shouting,house"], 0),
        (["--ignore", "shouting", "--ignore", "house", "--fail-on", "info"], 0),
        (["--no-cache"], 1),
    ],
)
def test_the_exit_code(healthlint, options, code):
    write("a.md", "This tonic cures everything. Act now.\n")
    assert healthlint("check", "a.md", *options).code == code


def test_standard_input(healthlint):
    done = healthlint("check", "-", "--quiet", stdin=b"\xef\xbb\xbfThis tonic cures everything.")
    assert done == (
        1,
        "<stdin>:1:12: error tonic-claim “cures everything” promises what no tonic can do.\n",
        "",
    )


def test_the_name_of_standard_input_decides_format_and_settings(healthlint):
    page = b"<!-- x --><p>This tonic c&#117;res everything.</p><code>cures everything</code>"
    with Path(".healthlint.yaml").open("a") as config:
        config.write("overrides:\n  - paths: old/\n    ignore: house\nexclude: drafts/\n")
    done = healthlint("check", "-", "--quiet", "--stdin-filename", "site/tea.HTML", stdin=page)
    assert done.out.startswith("site/tea.HTML:1:25: error tonic-claim")
    assert len(done.out.splitlines()) == 1
    assert healthlint("check", "-", "--stdin-filename", "old/tea.html", stdin=page).code == 0
    excluded = healthlint("check", "-", "--stdin-filename", "drafts/tea.html", stdin=page)
    assert excluded == (0, "no articles checked: no errors, no warnings, no info.\n", "")


def test_standard_input_that_is_no_text(healthlint):
    done = healthlint("check", "-", "--stdin-filename", "a.md", stdin=bytes(range(32)) * 10)
    assert done.code == 2
    assert done.out.startswith("a.md: failure: looks like a binary file")


def test_excluded_files_are_not_checked_even_when_named(healthlint):
    with Path(".healthlint.yaml").open("a") as config:
        config.write("exclude: drafts/\n")
    write("drafts/a.md")
    assert healthlint("check", "drafts/a.md").code == 0
    assert healthlint("check", "--no-config", "--select", "suppression", "drafts/a.md").out.startswith(
        "1 article"
    )


def test_no_article_at_all(healthlint):
    done = healthlint("check")
    assert done.code == 2
    assert done.out.startswith(".: failure: holds no article")


@pytest.mark.parametrize("format", ["text", "json"])
def test_the_order_of_the_paths_does_not_matter(healthlint, format):
    for name in ("b.md", "site/c.md", "a.md"):
        write(name)
    write("z.md", "\0\1\2\3" * 50)
    paths = ["z.md", "b.md", "gone.md", "site", "a.md"]
    one = healthlint("check", *paths, "--output-format", format)
    assert one == healthlint("check", *reversed(paths), "--output-format", format)
    assert one.code == 2


def test_a_configuration_can_be_named(healthlint, tmp_path):
    write("a.md")
    Path("ci.yaml").write_text("select: [suppression]\n")
    assert healthlint("check", "--config", "ci.yaml").code == 0
    assert healthlint("check", "--config", "gone.yaml") == (2, "", "Error: gone.yaml: does not exist\n")
    done = healthlint("check", "--config", "ci.yaml", "--no-config")
    assert done.code == 2
    assert "--config and --no-config exclude each other" in done.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["check", "--selct", "x"], "No such option"),
        (["check", "--output-format", "yaml"], "'yaml' is not one of 'text', 'json'"),
        (["chekc"], "No such command 'chekc'"),
        (
            ["check", "--select", "tonic-clam"],
            "there is no rule or family “tonic-clam”; did you mean “tonic-claim”?",
        ),
        (["explain", "tonic-clam"], "there is no rule “tonic-clam”; did you mean “tonic-claim”?"),
        (["test", "nowhere"], "Directory 'nowhere' does not exist"),
    ],
)
def test_usage_errors(healthlint, args, said):
    write("a.md")
    done = healthlint(*args)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


# --- where the report goes -----------------------------------------------------------------------------


def test_output_file(healthlint):
    write("a.md")
    Path("report.json").write_text("old")
    Path("report.json").chmod(0o640)
    done = healthlint("check", "a.md", "gone.md", "--output-format", "json", "--output-file", "report.json")
    assert done == (2, "", "gone.md: failure: does not exist\n")
    assert json.loads(Path("report.json").read_text())["summary"]["error"] == 1
    assert Path("report.json").stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir()) == [".healthlint.yaml", "a.md", "house", "report.json"]


def test_an_output_file_never_replaces_an_article(healthlint):
    write("a.md")
    Path("alias").symlink_to("a.md")
    for target in ("a.md", "./a.md", "alias"):
        done = healthlint("check", ".", "--output-file", target)
        assert done.code == 2
        assert "is one of the articles to be checked" in done.err
    assert Path("a.md").read_text() == "This tonic cures everything.\n"


def test_several_reports_of_one_run(healthlint):
    write("a.md")
    done = healthlint("check", "a.md", "--output", "json:report.json", "--output", "text", "--quiet")
    assert (done.code, done.err) == (1, "")
    assert [line[:27] for line in done.out.splitlines()] == ["a.md:1:12: error tonic-clai"]
    assert json.loads(Path("report.json").read_text())["violations"][0]["rule"] == "tonic-claim"
    done = healthlint("check", "a.md", "--output", "json:a:b.json", "--output", "text:report.txt")
    assert done == (1, "", "")
    assert Path("report.txt").read_text().startswith("a.md:1:12: error tonic-claim")
    assert json.loads(Path("a:b.json").read_text())["summary"]["documents"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--output", "jsn"], "“jsn” is none of text, json, sarif,"),
        (["--output", "json:"], "“json:” names no file after the colon."),
        (["--output", "json", "--output", "text"], "each report needs a place of its own"),
        (["--output", "json:a", "--output", "text:a"], "each report needs a place of its own"),
        (["--output", "json:a", "--output-file", "b"], "--output says both format and file"),
        (["--output", "json", "--output-format", "text"], "--output says both format and file"),
        (["--output", "json:a.md"], "a.md is one of the articles to be checked"),
    ],
)
def test_outputs_that_make_no_sense(healthlint, options, message):
    write("a.md")
    done = healthlint("check", "a.md", *options)
    assert done.code == 2
    assert message in " ".join(done.err.split())
    assert sorted(os.listdir()) == [".healthlint.yaml", "a.md", "house"]
    assert Path("a.md").read_text() == "This tonic cures everything.\n"


def test_an_output_file_that_cannot_be_written(healthlint):
    write("a.md")
    done = healthlint("check", "--output-file", "nowhere/report.txt")
    assert done.code == 2
    assert done.err == "Error: nowhere/report.txt could not be written: No such file or directory\n"


def test_an_output_file_is_whole_or_as_it_was(healthlint, monkeypatch):
    write("a.md")
    Path("report.txt").write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    done = healthlint("check", "a.md", "--output-file", "report.txt")
    assert done.code == 2
    assert "could not be written: No space left on device" in done.err
    assert Path("report.txt").read_text() == "old"
    assert sorted(os.listdir()) == [".healthlint.yaml", "a.md", "house", "report.txt"]


def test_a_device_is_written_to_and_not_replaced(healthlint):
    write("a.md")
    assert healthlint("check", "a.md", "--output-file", "/dev/null").code == 1
    assert not Path("/dev/null").is_file()


def test_with_json_failures_are_told_on_standard_error_too(healthlint):
    done = healthlint("check", "gone\x1b[31m.md", "--output-format", "json")
    assert done.err == "gone\\x1b[31m.md: failure: does not exist\n"
    assert json.loads(done.out)["failures"] == [{"path": "gone\x1b[31m.md", "message": "does not exist"}]


# --- colour --------------------------------------------------------------------------------------------


class Stream(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("option", "terminal", "environment", "colored"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": "0"}, False),
        ("auto", True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_who_decides_about_colour(monkeypatch, option, terminal, environment, colored):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert output.colored(option, Stream(terminal)) is colored


def test_a_file_is_coloured_only_on_request(healthlint, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    write("a.md")
    healthlint("check", "a.md", "--output-file", "plain.txt")
    healthlint("check", "a.md", "--output-file", "colored.txt", "--color", "always")
    assert "\x1b[" not in Path("plain.txt").read_text()
    assert "\x1b[" in Path("colored.txt").read_text()
    assert "\x1b[" in healthlint("check", "a.md").out


# --- the other commands --------------------------------------------------------------------------------


def test_rules(healthlint):
    with Path(".healthlint.yaml").open("a") as config:
        config.write("ignore: [shouting]\nseverity: {tonic-claim: info}\n")
    done = healthlint("rules")
    assert done.code == 0
    rows = {line.split()[0]: line.split(maxsplit=4)[1:] for line in done.out.splitlines()}
    assert rows["RULE"] == ["FAMILY", "SEVERITY", "ON", "MESSAGE"]
    assert rows["tonic-claim"] == ["house", "info", "on", "… promises what no tonic can do."]
    assert rows["shouting"][:3] == ["house", "warning", "off"]
    assert rows["unused-suppression"][3] == "This suppression does nothing: …."


def test_explain(healthlint):
    done = healthlint("explain", "tonic-claim")
    assert done.code == 0
    assert done.out == (TESTS / "cmd" / "explain.txt").read_text(encoding="utf-8")


def test_explain_names_the_sources_of_the_register(healthlint):
    book = cached_rulebook(TESTS / "house")
    rule = next((rule for rule in book.rules if set(rule.sources) & set(book.sources)), None)
    if rule is None:
        pytest.skip("no rule cites the register")
    source = book.sources[next(key for key in rule.sources if key in book.sources)]
    done = healthlint("explain", rule.id)
    assert f"{source.key}: {source.title}" in done.out
    assert f"{source.url} ({source.status}" in done.out


def test_test_proves_a_folder_of_rules(healthlint, tmp_path):
    assert healthlint("test", TESTS / "house") == (0, f"Every rule in {TESTS / 'house'} proves itself.\n", "")
    rule = (TESTS / "house" / "claims" / "tonic-claim.yaml").read_text(encoding="utf-8")
    write("own/idle.yaml", rule.replace("id: tonic-claim", "id: idle").replace("No tonic", "The tonic"))
    done = healthlint("test", "own")
    assert done.code == 1
    assert "own/idle.yaml:16: good example is flagged by idle: “cures everything”" in done.out
    write("own/idle.yaml", "id: idle\nseverty: error\n")
    done = healthlint("test", "own")
    assert done.code == 2
    assert "Error: own/idle.yaml:2: unknown key “severty”; did you mean “severity”?" in done.err


def test_a_folder_without_rules_proves_nothing(healthlint):
    write("articles/tea.md")
    done = healthlint("test", "articles")
    assert done == (1, "articles: holds no rule (<family>/<rule-id>.yaml)\n1 to mend.\n", "")


def test_without_a_command_help_is_printed(healthlint):
    done = healthlint()
    assert done.code == 0
    assert all(name in done.out for name in ("check", "rules", "explain", "test", "--version"))
    assert healthlint("--help").out == done.out


def test_version_loads_nothing_heavy():
    code = "import sys; sys.argv = ['healthlint', '--version']\nfrom healthlint.cli import main\ntry: main()\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, modules = done.stdout.splitlines()
    assert version == f"healthlint {__version__}"
    assert not {"yaml", "pyromark", "spacy", "docutils", "turbohtml", "pathspec"} & set(modules.split())


# --- a process of its own ------------------------------------------------------------------------------


def command(*args: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "healthlint", *args], stderr=subprocess.PIPE, text=True, check=False, **options
    )


def test_a_reader_that_goes_away_is_no_error(healthlint):
    for number in range(3):
        write(f"{number}.md", "This tonic cures everything.\n\n" * 1000)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = command("check", stdout=pipe)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_an_error(healthlint):
    write("a.md", "Rest well.\n")
    with open("/dev/full", "w") as full:
        done = command("check", "a.md", stdout=full)
    assert done.returncode == 2
    assert done.stderr == "Error: the report could not be written: No space left on device\n"


def test_a_closed_standard_output_is_an_error(healthlint):
    write("a.md", "Rest well.\n")
    done = command("check", "a.md", preexec_fn=lambda: os.close(1))
    assert done.returncode == 2
    assert done.stderr == "Error: the report could not be written: standard output is closed\n"


def test_a_closed_standard_input_is_a_failure_and_files_are_checked(healthlint):
    write("a.md")
    done = command("check", "-", "a.md", "--quiet", stdout=subprocess.PIPE, preexec_fn=lambda: os.close(0))
    assert (done.returncode, done.stderr) == (2, "")
    assert [line[:35] for line in done.stdout.splitlines()] == [
        "a.md:1:12: error tonic-claim “cures",
        "<stdin>: failure: standard input is",
    ]


def test_a_narrow_encoding_is_no_error(healthlint):
    write("a.md")
    done = command(
        "check", "a.md", stdout=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "iso-8859-1"}
    )
    assert done.returncode == 1
    assert "\\u201ccures everything\\u201d promises" in done.stdout


def test_control_c(healthlint, monkeypatch):
    def interrupted(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    write("a.md")
    monkeypatch.setattr("healthlint.run.report_of", interrupted)
    done = healthlint("check")
    assert done.code == 128 + signal.SIGINT
    assert done.err.strip() == "healthlint: interrupted"


# --- pre-commit ----------------------------------------------------------------------------------------


def test_the_hook_takes_every_format_and_passes_files_to_check():
    (hook,) = yaml.safe_load((TESTS.parent / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["entry"] == "healthlint check"
    assert all(re.search(hook["files"], f"site/Tea{ending.upper()}") for ending in FORMATS)
    assert not any(re.search(hook["files"], name) for name in ("a.py", "md", "a.md.bak", "html"))
