"""What a repository under test may make of us: its configuration, rules and baseline are data, and stay inside of it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import Done
from rulefolder import rule_file

import healthlint
from healthlint.baseline import read_baseline
from healthlint.config import read_config
from healthlint.datafile import LARGEST, MOST_FAULTS, MOST_KEYS, data_folder, yaml_data
from healthlint.errors import DataError, DataErrors
from healthlint.files import articles
from healthlint.phrase import MOST_TERMS, PhraseError, expanded
from healthlint.rulebook import BUILTIN, rulebook
from healthlint.testing import verify
from healthlint.tree import tree_left, tree_of
from healthlint.violation import Failure

PACKAGE = Path(healthlint.__file__).parent
CLAIM = "Our tea cures gout.\n"
SELECT = "select: [cure-claim]\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, which is the working directory; what is beside it is none of its business."""
    place = tmp_path / "repository"
    (place / ".git").mkdir(parents=True)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def run(
    repository: Path, run_here: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Done]:
    """Runs the command in the repository."""
    monkeypatch.chdir(repository)
    return run_here


def write(path: str | Path, text: str = CLAIM) -> Path:
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: str, text: str) -> list[str]:
    """What is wrong with a configuration."""
    with pytest.raises(DataErrors) as raised:
        read_config(write(path, text))
    return str(raised.value).splitlines()


# --- data that is meant to hang, to fill the memory, or to run ---------------------------------------------

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

EXPLOSIVE = {
    "a tag that makes an object": (
        "select: !!python/object/apply:os.system [id]\n",
        "1: tags (!!python/object/apply:os.system) are not read here",
    ),
    "a tag of one's own": ("locale: !x en-GB\n", "1: tags (!x) are not read here"),
    "a billion laughs": (LAUGHS, "2: aliases (*name) are not read here"),
    "keys twice": ("ignore: a\nignore: b\n", "2: the key “ignore” stands here twice"),
    "a key that is no text": ("? [a, b]\n: c\n", "1: a key must be text, not a list"),
    "brackets": ("select: " + "[" * 200_000, "1: is nested deeper than 30 levels"),
    "mappings": ("".join(" " * depth + "a:\n" for depth in range(1_200)), "31: is nested deeper"),
    "keys of keys": ("? " * 400_000, "1: is nested deeper than 30 levels"),
    "a hundred thousand keys": (
        "".join(f"k{number}: 1\n" for number in range(90_000)),
        f"1: a mapping has 90,000 keys, and the largest that is read {MOST_KEYS:,}",
    ),
    "a million bytes and more": (
        "#" * LARGEST + "\n",
        f": cannot be read: it has {LARGEST + 1:,} bytes, and the largest that is read {LARGEST:,}",
    ),
    "a number without end": (
        f"limits: {{reading-grade: {'9' * 900_000}}}\n",
        "1: “reading-grade: 9999",
    ),
    "NUL": (f"{SELECT}locale: en\0GB\n", "2: not valid YAML: the character U+0000 may not stand here"),
    "many documents": ("---\n" * 100_000, "2: not valid YAML: but found another document"),
    "nothing": ("", "1: is empty"),
    "a list": ("- a\n", "1: the configuration must be a mapping"),
}


@pytest.mark.parametrize("name", EXPLOSIVE)
@pytest.mark.usefixtures("repository")
def test_a_configuration_that_is_meant_to_hurt_is_refused(name: str) -> None:
    text, said = EXPLOSIVE[name]
    first, *_ = faults(".healthlint.yaml", text)
    assert first.startswith(
        f".healthlint.yaml:{said}" if said[0] == "1" or said[0] != ":" else ".healthlint.yaml: "
    )
    assert said.lstrip(":") in first
    assert len(first) < 1_200


@pytest.mark.usefixtures("repository")
def test_faults_are_counted() -> None:
    found = faults(".healthlint.yaml", "".join(f"k{number}: 1\n" for number in range(MOST_KEYS)))
    assert len(found) == MOST_FAULTS + 1
    assert found[-1] == f".healthlint.yaml:100: {MOST_FAULTS} faults are enough; there may be more"


DEEP = {
    "dots": f"[tool.healthlint]\n{'.'.join(['a'] * 100_000)} = 1\n",
    "a header": f"[tool.healthlint.{'.'.join(['a'] * 100_000)}]\n",
    "brackets": f"[tool.healthlint]\na = {'[' * 100_000}",
    "tables": f"[tool.healthlint]\na = {'{a=' * 1_000}",
}


@pytest.mark.parametrize(
    "text",
    [
        f"[tool.healthlint]\nignore = ['cure-claim'] # {'a.' * 40}\n",
        f"[tool.healthlint]# {'a.' * 40}\n",
        f"[project]\ndescription = 'It is. {'One. ' * 40}'\n[tool.healthlint]\n",
        f"[tool.healthlint]\n[a.{'a.' * 20}b]\n",
    ],
)
@pytest.mark.usefixtures("repository")
def test_dots_that_part_no_keys_are_not_counted(text: str) -> None:
    read_config(write("pyproject.toml", text))


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.usefixtures("repository")
def test_toml_without_end_is_refused(name: str) -> None:
    assert faults("pyproject.toml", DEEP[name]) == ["pyproject.toml:1: is nested too deeply"]


@pytest.mark.usefixtures("repository")
def test_toml_that_is_large_is_refused() -> None:
    [fault] = faults("pyproject.toml", "[tool.healthlint]\n" + "".join(f"k{n} = 1\n" for n in range(50_000)))
    assert fault == "pyproject.toml:1: a mapping has 50,000 keys, and the largest that is read 1,000"
    [fault] = faults("pyproject.toml", f"[tool.healthlint]\nlimits.reading-grade = {'9' * 10_000}\n")
    assert fault.startswith("pyproject.toml:1: not valid TOML: ")


@pytest.mark.parametrize(
    "name", [name for name in EXPLOSIVE if name not in ("a number without end", "a list")]
)
def test_the_same_in_a_folder_of_rules(name: str, tmp_path: Path) -> None:
    text, said = EXPLOSIVE[name]
    file = write(tmp_path / "own" / "lexicon" / "herbs.yaml", text)
    with pytest.raises(DataErrors) as raised:
        yaml_data(data_folder(tmp_path / "own").files["lexicon/herbs.yaml"], file.as_posix())
    first = str(raised.value).splitlines()[0]
    assert first.startswith(f"{file.as_posix()}:")
    assert said.lstrip(":") in first


def test_a_term_does_not_stand_for_millions(tmp_path: Path) -> None:
    with pytest.raises(PhraseError, match=f"terms; at most {MOST_TERMS:,} can be written as one"):
        expanded(" ".join(["[a|b]"] * 60))
    term = " ".join(["(a|b)"] * 13)  # 8,192 each
    terms = "".join(f"  - {term} x{number}\n" for number in range(26))
    write(tmp_path / "own" / "lexicon" / "herbs.yaml", f"name: herbs\nterms:\n{terms}")
    with pytest.raises(
        DataErrors, match=r"herbs\.yaml:\d+: with this line all lexicons have more than 200,000"
    ):
        rulebook(tmp_path / "own")


@pytest.mark.parametrize("opening", ["(", "[", "(a|("])
def test_a_phrase_is_not_nested_without_end(opening: str, tmp_path: Path) -> None:
    rule_file(tmp_path / "own", f"phrases:\n  - '{opening * 1_000}'")
    with pytest.raises(DataErrors, match="has more than 20 brackets inside one another"):
        rulebook(tmp_path / "own")


def test_addresses_of_sources_are_addresses(tmp_path: Path) -> None:
    addresses = ("javascript:alert(1)", "https://x.example/><script>", "file:///etc/passwd", "//x.example")
    text = "".join(
        f'{number}:\n  title: A\n  body: B\n  url: "{address}"\n  status: verified\n  checked: 2026-01-01\n'
        for number, address in enumerate(addresses)
    )
    write(tmp_path / "own" / "sources.yaml", text)
    with pytest.raises(DataErrors) as raised:
        rulebook(tmp_path / "own")
    found = [error for error in raised.value.errors if error.path.endswith("sources.yaml")]
    assert [error.line for error in found] == [4, 10, 16, 22]
    assert all("“url” must be an address that begins with https:// or" in error.message for error in found)


BASELINES = {
    "keys twice": ('{"version": 1, "entries": {}, "entries": {}}', "“entries” stands in it twice"),
    "brackets": ("[" * 100_000, "maximum recursion depth exceeded"),
    "a number without end": (f'{{"version": {"9" * 10_000}}}', "Exceeds the limit"),
    "a count without end": ('{"version": 1, "entries": {"a": {"b": {"c": 99999999999}}}}', "“entries” should hold"),
    "no number": ('{"version": 1, "entries": {"a": {"b": {"c": NaN}}}}', "“entries” should hold"),
    "no UTF-8": ("\udcff", "can't decode byte 0xff"),
}  # fmt: skip


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_that_is_meant_to_hurt_is_refused(name: str, tmp_path: Path) -> None:
    text, said = BASELINES[name]
    file = tmp_path / "known.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError) as raised:
        read_baseline(file)
    assert str(raised.value).startswith(f"{file.as_posix()}: is no baseline")
    assert said in str(raised.value)


def test_a_baseline_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "known.json").open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(DataError, match="the largest that is read 100,000,000"):
        read_baseline(tmp_path / "known.json")


# --- paths -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["rules", "baseline"])
@pytest.mark.parametrize("form", ["up", "absolute", "link"])
def test_a_path_in_a_configuration_stays_in_its_repository(key: str, form: str, repository: Path) -> None:
    secret = repository.parent / "secret"
    rule_file(secret, "phrases:\n  - wonder food")
    (repository / "link").symlink_to(secret)
    path = {"up": "../secret", "absolute": secret.as_posix(), "link": "link"}[form]
    assert faults(".healthlint.yaml", f"{key}: {path}\n") == [
        f".healthlint.yaml:1: “{key}: {path}” leads out of {repository.as_posix()}; "
        "a configuration speaks of its own repository"
    ]


def test_paths_in_a_configuration_may_lead_about_in_its_repository(repository: Path) -> None:
    rule_file(repository / "shared", "phrases:\n  - wonder food")
    config = read_config(write("site/.healthlint.yaml", "rules: ../shared\nbaseline: ../known.json\n"))
    assert config.rulebook.rule("wonder-food")
    assert config.baseline == Path("known.json")


def test_without_a_repository_the_folder_of_the_configuration_is_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_file(tmp_path / "shared", "phrases:\n  - wonder food")
    monkeypatch.chdir(tmp_path)
    [fault] = faults("site/.healthlint.yaml", "rules: ../shared\n")
    assert f"leads out of {tmp_path.as_posix()}/site" in fault


def test_a_file_of_rules_is_not_a_link_to_elsewhere(run: Callable[..., Done], repository: Path) -> None:
    secret = write(repository.parent / "secret.yaml", "token: hunter2\n")
    (repository / "own" / "house").mkdir(parents=True)
    (repository / "own" / "house" / "x.yaml").symlink_to(secret)
    write(".healthlint.yaml", "rules: own\n")
    for arguments in (["check"], ["rules"], ["test", "own"]):
        done = run(*arguments)
        assert done.code == 2
        assert "own/house/x.yaml is a link that leads out of" in done.err.replace(": is", " is")
        if arguments == ["test", "own"]:
            assert "token" not in done.err


@pytest.mark.parametrize("name", [".healthlint.yaml", "pyproject.toml"])
def test_a_configuration_is_not_a_link_to_elsewhere(
    name: str, run: Callable[..., Done], repository: Path
) -> None:
    secret = write(repository.parent / "secret", "healthlint: {token: hunter2}\n")
    (repository / name).symlink_to(secret)
    write("a.md")
    for arguments in (["check"], ["check", "--config", name]):
        done = run(*arguments)
        assert (done.code, done.out) == (2, "")
        assert f"{name}: is a link that leads out of {repository.as_posix()}" in done.err
        assert "token" not in done.err


def test_a_link_to_another_repository_is_a_way_out(repository: Path) -> None:
    (repository.parent / "other" / ".git").mkdir(parents=True)
    (repository / "link").symlink_to(repository.parent / "other")
    assert tree_of(repository / "link") == repository
    assert tree_left(repository / "link" / "x") == repository
    assert tree_of(repository.parent / "other") == repository.parent / "other"
    assert tree_left(repository / "sub" / "x") is None


def test_a_walk_follows_no_link_out(run: Callable[..., Done], repository: Path) -> None:
    secret = write(repository.parent / "secret.md", f"hunter2: {CLAIM}")
    write("site/a.md")
    write("elsewhere.md")
    (repository / "site" / "inside.md").symlink_to("../elsewhere.md")
    (repository / "site" / "outside.md").symlink_to(secret)
    (repository / "site" / "folder").symlink_to(repository.parent, target_is_directory=True)
    found = list(articles(["site"]))
    assert found[:2] == [Path("site/a.md"), Path("site/inside.md")]
    [failure] = found[2:]
    assert isinstance(failure, Failure)
    assert failure.path == "site/outside.md"
    assert failure.message.startswith(
        f"is a link that leads out of {repository.as_posix()} and is not followed"
    )
    done = run("check", "--no-config", "--select", "cure-claim")
    assert done.code == 2
    assert "hunter2" not in done.out + done.err
    assert run("check", "--no-config", "site/outside.md", "-q").out.startswith("site/outside.md:")
    write(".healthlint.yaml", f"{SELECT}exclude: [outside.md]\n")
    assert run("check", "site", "--fail-on", "never").code == 0


def test_an_ignore_file_is_no_link(repository: Path) -> None:
    write(repository.parent / "patterns", "*.md\n")
    (repository / ".gitignore").symlink_to(repository.parent / "patterns")
    write("a.md")
    assert list(articles(["."])) == [Path("a.md")]


OUTPUTS = {
    "a report": ("check", "--output", "json:link"),
    "another report": ("check", "--output-format", "html", "--output-file", "link"),
    "a report in a folder": ("check", "--output", "json:folder/target"),
    "a baseline": ("check", "--write-baseline", "link"),
    "a configuration": ("init", "--force"),
    "pages": ("docs", "folder"),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_nothing_is_written_through_a_link_out(name: str, run: Callable[..., Done], repository: Path) -> None:
    target = write(repository.parent / "outside" / "target", "precious\n")
    others = [write(target.with_name(each), "precious\n") for each in ("README.md", "cure-claim.md")]
    (repository / "folder").symlink_to(target.parent)
    for link in ("link", ".healthlint.yaml") if name == "a configuration" else ("link",):
        (repository / link).symlink_to(target)
    write("a.md")
    done = run(*OUTPUTS[name], *([] if name == "a configuration" else ["--no-config"]))
    assert done.code == 2
    assert f"leads out of {repository.as_posix()}" in done.out + done.err
    assert {each.read_text(encoding="utf-8") for each in (target, *others)} == {"precious\n"}
    assert len(list(target.parent.iterdir())) == 3


MANIFESTS = (
    "[]",
    "{}",
    '{"today": 1}',
    '{"today": "\\u001b[2J"}',
    "[" * 100_000,
    '"x"',
    "null",
    "9" * 10_000,
    "\x1b",
)


def test_a_scan_holds_its_folder_to_the_same(run: Callable[..., Done], repository: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra “tables” is not installed")
    write("site/a.md")
    for text in MANIFESTS:
        for name in ("manifest.json", "unfinished.json"):
            file = write(f"out/{name}", text)
            done = run("scan", "site", "--out", "out")
            assert (done.code, done.err) == (
                2,
                f"Error: out/{name}: is no record of a scan; name another folder\n",
            )
            file.unlink()
    outside = repository.parent / "outside"
    outside.mkdir()
    (repository / "link").symlink_to(outside)
    (repository / "out" / "findings").symlink_to(outside)
    for place in ("link", "out"):
        done = run("scan", "site", "--out", place)
        assert done.code == 2
        assert f"a link leads out of {repository}" in done.err
    assert list(outside.iterdir()) == []


@pytest.mark.usefixtures("repository")
def test_what_is_named_outside_is_written(run: Callable[..., Done], tmp_path: Path) -> None:
    write("a.md", "Rest well.\n")
    assert (
        run("check", "--no-config", "--output", f"json:{tmp_path}/report.json", "--fail-on", "never").code
        == 0
    )
    assert json.loads((tmp_path / "report.json").read_text())["schema"] == 1
    (tmp_path / "repository" / "real.json").touch()
    Path("link.json").symlink_to("real.json")
    assert run("check", "--no-config", "--output", "json:link.json", "--fail-on", "never").code == 0
    assert Path("link.json").is_symlink()
    assert json.loads(Path("real.json").read_text())["schema"] == 1


def test_a_fix_does_not_go_through_a_link_out(run: Callable[..., Done], repository: Path) -> None:
    text = "This is a unique article.\n\nDrug-free is best. Our tea cures gout.\n"
    outside = write(repository.parent / "outside.md", text)
    Path("link.md").symlink_to(outside)
    write(".healthlint.yaml", "select: [no-author]\nfix: {front-matter: {no-author: {author: Jo Lee}}}\n")
    done = run("check", "link.md", "--fix")
    assert done.code == 2
    assert "leads out of" in done.out + done.err
    assert outside.read_text(encoding="utf-8") == text
    Path("link.md").unlink()
    assert run("check", outside, "--fix").code == 0
    assert "Jo Lee" in outside.read_text(encoding="utf-8")


def test_a_report_does_not_overwrite_an_article(run: Callable[..., Done]) -> None:
    write("a.md")
    Path("link.html").symlink_to("a.md")
    for target in ("a.md", "./a.md", "link.html"):
        done = run("check", "a.md", "--no-config", "--output", f"json:{target}")
        assert done.code == 2
        assert "is one of the articles to be checked" in done.err
    assert Path("a.md").read_text(encoding="utf-8") == CLAIM


def test_an_editor_holds_a_configuration_to_the_same(repository: Path) -> None:
    pytest.importorskip("pygls", reason="the extra “lsp” is not installed")
    from healthlint.server.configs import Configs

    rule_file(repository.parent / "secret", "phrases:\n  - wonder food")
    config = write(repository / ".healthlint.yaml", "rules: ../secret\n")
    configs = Configs()
    assert configs.of(repository) is None
    [fault] = configs.faults[config]
    assert "leads out of" in fault.message


# --- code --------------------------------------------------------------------------------------------------

BY_NAME = {
    ("__init__.py", "import_module"): "a name of our own, from the table _HOMES",
    ("changes.py", "subprocess.run"): "git, in a way in which it runs nothing that lies about",
    ("checks/__init__.py", "import_module"): "the tables CHECKS and CROSS_CHECKS",
    ("cli.py", "import_module"): "the table COMMANDS",
    (
        "config.py",
        "entry_points",
    ): "packages of rules that are installed and named; nothing of them is imported",
    ("config.py", "find_spec"): "of a package at the top, which imports nothing",
    ("processes.py", "pickle.load"): "from a process of ours, through a pipe",
    ("processes.py", "subprocess.Popen"): "this Python, with -P",
    ("readers/__init__.py", "import_module"): "the table READERS",
    ("readers/insertion.py", "import_module"): "a literal",
    ("readers/markdown.py", "import_module"): "a literal",
    ("readers/rst/article.py", "import_module"): "a literal",
    ("readers/text/__init__.py", "import_module"): "a literal",
    ("report.py", "import_module"): "the table REPORTERS",
    ("rulebook.py", "marshal.loads"): "from the user's cache folder, with a digest",
    ("tables/pool.py", "multiprocessing.get_context"): "this Python, with PYTHONSAFEPATH",
}
"""Everything by which data could become code, and why it does not."""
NAMES = {
    "import_module",
    "__import__",
    "entry_points",
    "find_spec",
    "exec",
    "eval",
    "compile",
    "execfile",
}
MODULES = {"pickle", "marshal", "subprocess", "runpy", "shelve", "pty", "ctypes"}
HARMLESS = {"pickle.dump", "pickle.dumps", "marshal.dumps"}
YAML = {"yaml.parse", "yaml.compose", "yaml.safe_load"}
"""What makes no objects."""


def calls(path: Path) -> set[str]:
    """What a module calls by which data could become code."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            first = name.partition(".")[0]
            if name in NAMES or (first in MODULES and name not in HARMLESS):
                found.add(name)
            if name in ("os.system", "os.popen", "multiprocessing.get_context") or name.startswith("os.exec"):
                found.add(name)
            if first == "yaml" and name not in YAML:
                found.add(name)
    return found


def test_all_ways_from_data_to_code_are_known() -> None:
    found = {
        (path.relative_to(PACKAGE).as_posix(), name) for path in PACKAGE.rglob("*.py") for name in calls(path)
    }
    assert found == BY_NAME.keys()


def test_a_rule_names_no_code(tmp_path: Path) -> None:
    rule_file(tmp_path / "own", "check: os:system")
    [problem] = verify(tmp_path / "own")
    assert problem.message.startswith("there is no check “os:system”; known: ")


EVIL_MODULE = "import pathlib\npathlib.Path({mark!r}).touch()\n"


def test_what_lies_in_the_working_directory_is_not_installed(repository: Path, tmp_path: Path) -> None:
    """`python -m` looks there for modules, and so `importlib.metadata` for packages."""
    mark = str(tmp_path / "mark")
    write("evil/__init__.py", EVIL_MODULE.format(mark=mark))
    rule_file(repository / "evil" / "rules", "phrases:\n  - wonder food")
    write("evil-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    write("evil-1.0.dist-info/entry_points.txt", "[healthlint.rules]\nevil = evil.rules\n")
    write(".healthlint.yaml", "packages: [evil]\n")
    write("a.md")
    done = healthlint_run("-m", "healthlint", "check", "a.md")
    assert done.returncode == 2
    assert "there is no installed package of rules “evil”" in done.stderr
    assert not Path(mark).exists()


def test_no_code_of_an_installed_package_of_rules_is_run(repository: Path, tmp_path: Path) -> None:
    mark, site = str(tmp_path / "mark"), tmp_path / "site-packages"
    write(site / "tonics/__init__.py", EVIL_MODULE.format(mark=mark))
    write(site / "tonics/rules/__init__.py", EVIL_MODULE.format(mark=mark))
    rule_file(site / "tonics" / "rules", "phrases:\n  - wonder food")
    write(site / "tonics-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tonics\nVersion: 1.0\n")
    entry_points = "[healthlint.rules]\ntonics = tonics.rules\n[spacy_factories]\nx = tonics:x\n"
    write(site / "tonics-1.0.dist-info/entry_points.txt", entry_points)
    write("a.md", "This is a wonder food.\n")
    for config, code in (("packages: [tonics]\nselect: [wonder-food]\n", 1), (SELECT, 0)):
        write(".healthlint.yaml", config)
        done = healthlint_run("-m", "healthlint", "check", "a.md", "--fail-on", "warning", path=site)
        assert done.returncode == code, done.stderr
        assert not Path(mark).exists()


@pytest.mark.usefixtures("repository")
def test_processes_import_nothing_from_the_working_directory(tmp_path: Path) -> None:
    mark = str(tmp_path / "mark")
    names = ("multiprocessing", "pickle", "socket", "random", "yaml", "click", "sitecustomize", "healthlint")
    for name in names:
        write(f"{name}.py", EVIL_MODULE.format(mark=mark))
    write("site/a.md")
    write("site/b.md")
    program = ("-P", "-m", "healthlint")
    assert healthlint_run(*program, "check", "site", "--no-config", "--jobs", "2").returncode == 1
    if find_spec("pyarrow"):
        scan = healthlint_run(*program, "scan", "site", "--out", str(tmp_path / "out"), "--jobs", "2")
        assert scan.returncode == 0, scan.stderr
    assert not Path(mark).exists()


def healthlint_run(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, in the working directory."""
    places = [str(PACKAGE.parent), *([str(path)] if path else [])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, env=env)


@pytest.mark.usefixtures("repository")
def test_git_runs_nothing_that_lies_about(repository: Path, tmp_path: Path) -> None:
    """A bare repository inside of a checkout is found by Git before that, and may name a program to run."""
    mark = tmp_path / "mark"
    (repository / ".git").rmdir()
    bare = repository / "site"
    for arguments in (["init", "-q", "."], ["init", "-q", "--bare", "site"]):
        subprocess.run(["git", *arguments], check=True, capture_output=True)
    with (bare / "config").open("a", encoding="utf-8") as config:
        config.write(f'[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = "touch {mark}; false"\n')
    write("site/a.md")
    trap = ["git", "-c", "safe.bareRepository=all", "status"]
    subprocess.run(trap, cwd=bare, capture_output=True, check=False)
    assert mark.exists(), "the trap works"
    mark.unlink()
    program = [sys.executable, "-P", "-m", "healthlint", "check", "--no-config", "--diff", "HEAD"]
    done = subprocess.run(
        program,
        cwd=bare,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
    )
    assert done.returncode == 2
    assert not mark.exists()


def test_the_built_in_rules_are_within_the_bounds() -> None:
    sizes = [file.stat().st_size for file in BUILTIN.rglob("*.yaml")]
    assert max(sizes) * 10 < LARGEST


@pytest.mark.parametrize(
    "glob", ["*a" * 12 + "b", "**/a/" * 20 + "b", "[a-z]*" * 12 + "!", "**/*a*a*a/**/*a*a*ab"]
)
def test_a_glob_is_compared_in_little_time(glob: str, repository: Path) -> None:
    """With the first of them and a name of 200 letters the expression made of it would take years."""
    [fault] = faults(".healthlint.yaml", f"exclude: ['{glob}']\n")
    assert fault.endswith("is no glob; globs are written as in .gitignore, with few stars")
    write(".gitignore", f"{glob}\n*.html\n")
    deep = write("/".join(["a"] * 100) + "/a.md")
    long = write(f"{'a' * 200}.md")
    write("b.html")
    assert set(articles(["."])) == {deep, long}
    (repository / ".healthlint.yaml").unlink()
    read_config(
        write(
            ".healthlint.yaml",
            "exclude: ['**/drafts/**', 'a*b*c*.md', '/*/*/*/*/*.draft.*', '**/*_old_*.md']\n",
        )
    )
