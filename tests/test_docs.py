"""The README and the pages in `docs/` show what really happens, and make a site whose links lead somewhere."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
import pytest
import yaml
from docpage import DOCS, ROOT, Fence, anchors, fences, links, name, pages

import healthlint
from healthlint.cli import COMMANDS, command
from healthlint.config import _KEYS, read_config
from healthlint.rulebook import BUILTIN

SHELLS = ("console", "sh", "bash", "shell", "powershell", "bat")
"""The languages of blocks that hold command lines."""

KEYS = frozenset(_KEYS)
"""Of a configuration."""

BLOCKS = [(page, fence) for page in pages() for fence in fences(page.read_text(encoding="utf-8"))]


def blocks(*languages: str) -> Sequence[object]:
    """Parameters: each block in one of `languages`, with its page."""
    return [
        pytest.param(page, fence, id=f"{name(page)}:{fence.line}")
        for page, fence in BLOCKS
        if fence.language in languages
    ]


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory as the pages suppose it: with the examples, and one article of one's own."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(DOCS / "recipes", tmp_path / "docs" / "recipes")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "tea.md").write_text("Our tea cures gout.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- what is shown is real -----------------------------------------------------------------------------


def is_session(fence: Fence) -> bool:
    """Whether a block shows what healthlint does by itself, in this folder, another one or a copy."""
    commands = re.findall(r"^\$ (.*)$", fence.code, re.MULTILINE)
    return bool(commands) and all(line.split()[0] in ("healthlint", "cd", "cp") for line in commands)


def session(code: str, folder: Path) -> str:
    """The block as it comes when its commands are run one after the other, starting in `folder`."""
    lines = []
    for line in re.findall(r"^\$ .*\n", code, re.MULTILINE):
        lines.append(line)
        program, *arguments = shlex.split(line[2:])
        if program == "cd":
            folder /= arguments[0]
            continue
        started = [sys.executable, "-m", "healthlint"] if program == "healthlint" else [program]
        done = subprocess.run(
            [*started, *arguments],
            cwd=folder,
            env={**os.environ, "COLUMNS": "90", "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        lines.append(done.stdout.decode())
    return "".join(lines)


@pytest.mark.parametrize(("page", "fence"), blocks("console"))
def test_shown_output_is_real(page: Path, fence: Fence, content: Path) -> None:
    if not is_session(fence):
        return
    real = session(fence.code, content)
    if os.environ.get("UPDATE"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(fence.code, real), encoding="utf-8")
    else:
        assert real == fence.code


def test_outputs_are_shown() -> None:
    shown = [(page, fence) for page, fence in BLOCKS if fence.language == "console" and is_session(fence)]
    assert len(shown) > len(COMMANDS)


ENGINES = DOCS / "engines.md"
"""The tests of each engine run its blocks there, since starting one takes long."""


@pytest.mark.parametrize(
    "page", sorted({page for page, block in BLOCKS if block.language == "python"} - {ENGINES}), ids=name
)
def test_python_blocks_run(page: Path, content: Path) -> None:
    """One after the other, as a reader would try them."""
    space: dict[str, object] = {"__name__": "__main__"}
    for fence in fences(page.read_text(encoding="utf-8")):
        if fence.language == "python":
            exec(compile("\n" * fence.line + fence.code, str(page), "exec"), space)


# --- configurations and command lines ------------------------------------------------------------------


def file_name(fence: Fence) -> str:
    """The file that a block is, which its first line says in a comment; "" when it does not."""
    said = re.match(r"(?:#|//|<!--) ([\w./-]+\.\w+)(?: -->)?$", fence.code, re.MULTILINE)
    return said[1] if said else ""


def is_configuration(fence: Fence, data: object) -> bool:
    """By its file name, or else by its keys: a block with one of ours that is another file has to say so."""
    if file_name(fence):
        return file_name(fence).endswith(".healthlint.yaml")
    return isinstance(data, dict) and not KEYS.isdisjoint(data)


@pytest.mark.parametrize(("page", "fence"), blocks("yaml", "yml"))
def test_yaml_is_sound_and_configurations_are_read(page: Path, fence: Fence, content: Path) -> None:
    [data, *_] = list(yaml.safe_load_all(fence.code))
    if is_configuration(fence, data):
        read(fence, content / ".healthlint.yaml", data)


@pytest.mark.parametrize(("page", "fence"), blocks("toml"))
def test_toml_is_sound_and_configurations_are_read(page: Path, fence: Fence, content: Path) -> None:
    data = tomllib.loads(fence.code)
    if "healthlint" in data.get("tool", {}):
        read(fence, content / "pyproject.toml", data["tool"]["healthlint"])


def read(fence: Fence, file: Path, data: Mapping[str, Any]) -> None:
    for folder in data.get("rules", ()):
        (file.parent / folder).mkdir(parents=True, exist_ok=True)
    file.write_text(fence.code, encoding="utf-8")
    assert read_config(file).path == file


def command_lines(text: str) -> Iterator[list[str]]:
    """The arguments of each call of healthlint in a script, a session or a workflow."""
    lines = re.sub(r" *\\\n *", " ", text).splitlines()
    for line in [line for line in lines if line.startswith("$ ")] or lines:
        try:
            words = shlex.split(line, comments=True)
        except ValueError:  # prose with an apostrophe, a quotation that goes on
            continue
        calls = [n for n, word in enumerate(words) if word.rsplit("/")[-1] == "healthlint"]
        for at in calls:
            if at and not re.fullmatch(r"[$>|-]|&&|\|\||-m|\w+:|[A-Z_]+=.*", words[at - 1]):
                continue
            rest = itertools.takewhile(lambda word: not re.match(r"[|&;<>)]|\d>", word), words[at + 1 :])
            yield list(rest)


def parsed(arguments: Sequence[str]) -> None:
    """Nothing, when healthlint has the command and the options that are given; else click's error."""
    context = click.Context(command, info_name="healthlint")
    _, words, _ = command.make_parser(context).parse_args(list(arguments))
    if not words:
        return
    called = command.get_command(context, words[0])
    assert called, f"no command “{words[0]}”"
    within = click.Context(called, context, info_name=words[0])
    if len(words) == 1 or {"-h", "--help"} & set(words):
        return
    values, surplus, order = called.make_parser(within).parse_args(words[1:])
    assert not surplus, f"too many arguments: {surplus}"
    for parameter in order:
        if not isinstance(parameter.type, click.Path):  # need not be there
            parameter.process_value(within, values.get(parameter.name))


@pytest.mark.parametrize(("page", "fence"), blocks(*SHELLS, "yaml", "yml", "json", "toml"))
def test_command_lines_are_understood(page: Path, fence: Fence) -> None:
    for arguments in command_lines(fence.code):
        parsed(arguments)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_commands_in_the_text_are_understood(page: Path) -> None:
    for said in re.findall(r"(?<!`)`(healthlint [^`\n]+)`(?!`)", page.read_text(encoding="utf-8")):
        for arguments in command_lines(said):
            parsed(arguments)


def test_a_wrong_command_line_is_seen() -> None:
    (arguments,) = command_lines("$ cd content && healthlint check --colour never . | tail")
    assert arguments == ["check", "--colour", "never", "."]
    with pytest.raises(click.NoSuchOption):
        parsed(arguments)


def test_every_command_shows_its_help() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert re.findall(r"^\$ healthlint (\w+) --help$", text, re.MULTILINE) == list(COMMANDS)


def test_the_whole_api_is_described() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    described = re.findall(r"^\.\. auto\w+:: healthlint\.(\w+)$", text, re.MULTILINE)
    assert sorted([*described, "__version__"]) == sorted(healthlint.__all__)


@pytest.mark.parametrize(("page", "fence"), blocks("json"))
def test_json_is_sound(page: Path, fence: Fence) -> None:
    json.loads(fence.code)


SERVING = {"stops", "speech", "wording", "myth-label", "myth-heading", "fact-label", "present", "official"}
"""Cue files that are no context by themselves."""


def test_every_context_is_described() -> None:
    text = (DOCS / "contexts.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE))
    assert {path.stem for path in (BUILTIN / "cues").glob("*.yaml")} - SERVING <= described


# --- recipes -------------------------------------------------------------------------------------------

RECIPES = sorted((DOCS / "recipes").glob("*.md"))


@pytest.mark.parametrize("recipe", RECIPES, ids=name)
def test_files_in_a_recipe_are_those_of_its_site(recipe: Path) -> None:
    shown = [fence for fence in fences(recipe.read_text(encoding="utf-8")) if file_name(fence)]
    assert len(shown) >= 3
    for fence in shown:
        file = recipe.with_suffix("") / file_name(fence)
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        part = [line.strip() for line in fence.code.splitlines()[1:]]
        assert any(lines[at : at + len(part)] == part for at in range(len(lines))), file


@pytest.mark.parametrize("recipe", RECIPES, ids=name)
def test_a_site_needs_the_configuration_of_its_recipe(recipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(recipe.with_suffix(""))
    config = read_config(Path(".healthlint.yaml"))
    assert list(healthlint.lint(".", config=config)) == []
    [article] = healthlint.lint(".", config=config).checked
    assert [found.rule for found in healthlint.lint(article.path)] == ["disclaimer-missing"]


@pytest.mark.parametrize("recipe", RECIPES, ids=name)
def test_init_writes_a_configuration_that_fits(
    recipe: Path, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(content / "docs" / "recipes" / recipe.stem)
    Path(".healthlint.yaml").unlink()
    subprocess.run([sys.executable, "-m", "healthlint", "init"], check=True, capture_output=True)
    found = healthlint.lint(".", config=".healthlint.yaml")
    assert found.documents
    assert {violation.path for violation in found} <= {"_drafts/magnets.md"}


BUILDS = {
    "hugo": ("hugo --quiet --destination public", "public/articles/knee-pain"),
    "jekyll": ("jekyll build --quiet --destination _site", "_site/2026"),
    "mkdocs": ("mkdocs build --quiet --site-dir site", "site/tennis-elbow"),
}
"""For each site that can be built here: how, and the folder in which its article then stands."""


@pytest.mark.parametrize("generator", BUILDS)
def test_the_built_site_carries_the_notice(generator: str, content: Path) -> None:
    program, *arguments = BUILDS[generator][0].split()
    found = shutil.which(
        program, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    )
    if not found:
        pytest.skip(f"{program} is not installed")
    site = content / "docs" / "recipes" / generator
    subprocess.run([found, *arguments], cwd=site, check=True, capture_output=True)
    report = healthlint.lint(site / BUILDS[generator][1])
    assert report.documents == 1
    assert list(report) == []


# --- links ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*pages(), *sorted((DOCS / "rules").glob("*.md"))], ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page.read_text(encoding="utf-8")):
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme in ("http", "https", "mailto"), link
            assert re.fullmatch(r"[\w.-]+\.[a-z]{2,}", parts.hostname or parts.path.rpartition("@")[2]), link
            continue
        target = page.parent / unquote(parts.path) if parts.path else page
        assert target.exists(), link
        if parts.fragment:
            assert parts.fragment in anchors(target.read_text(encoding="utf-8")), link


# --- the site ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built without a warning."""
    for package in ("sphinx", "myst_parser", "furo"):
        pytest.importorskip(package, reason="the extra “docs” is not installed")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", DOCS, folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder


class _Html(HTMLParser):
    """What a page of the site loads, where it leads, and what can be led to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.ids.add(given.get("id", ""))
        if tag == "a":
            self.links.append(given.get("href", ""))
        else:
            self.loaded += [given[key] for key in ("src", "href", "srcset", "data", "poster") if key in given]


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    loaded = {link for page in site.rglob("*.html") for link in _Html(page).loaded}
    assert "_static/searchtools.js" in {link.partition("?")[0] for link in loaded}
    assert [link for link in loaded if re.match(r"\s*(\w+:|//)(?!image/)", link)] == []
    for sheet in site.rglob("*.css"):
        fetched = re.findall(
            r"(?:@import|url\()\s*[\"']?((?:https?:)?//[^\"')]*)", sheet.read_text(encoding="utf-8")
        )
        assert fetched == [], sheet.name


def test_links_of_the_site_lead_somewhere(site: Path) -> None:
    found = {page: _Html(page) for page in site.rglob("*.html")}
    for page, html in found.items():
        for link in html.links:
            parts = urlsplit(link)
            if parts.scheme or not (parts.path or parts.fragment):
                continue
            target = Path(os.path.normpath(page.parent / unquote(parts.path))) if parts.path else page
            assert target.is_file(), f"{page.name}: {link}"
            if parts.fragment and target in found:
                assert unquote(parts.fragment) in found[target].ids, f"{page.name}: {link}"


def test_the_site_can_be_searched_without_a_server(site: Path, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("no Chromium")
    done = subprocess.run(
        [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"),
            *(
                "--virtual-time-budget=20000",
                "--dump-dom",
                f"{(site / 'search.html').as_uri()}?q=suppression",
            ),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "configuration.html" in done.stdout.partition('id="search-results"')[2]
