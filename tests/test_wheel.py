"""What is given to others: the wheel and the source distribution, looked into, installed and used."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from docpage import ROOT
from packaging.metadata import Metadata

import healthlint

needs_git = pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="no Git checkout"
)

installs = pytest.mark.timeout(900)  # what the wheel needs is downloaded and installed

WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH

DATA = {
    f"healthlint/reporters/html/{name}" for name in ("notebook.html", "report.html", "script.js", "style.css")
}
INFO = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}

REFUSED = 99
OFFLINE = f"""
import os, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        os.write(2, f"the network was asked for: {{event}} {{arguments}}\\n".encode())
        os._exit({REFUSED})

sys.addaudithook(refuse)
"""
"""A module that every Python process of an environment begins with: who asks for the network is ended."""


class Built(NamedTuple):
    wheel: Path
    source: Path

    @property
    def wheel_files(self) -> set[str]:
        with zipfile.ZipFile(self.wheel) as archive:
            return set(archive.namelist())


def build(checkout: Path, into: Path, *what: str) -> Path:
    """The folder `into`, with what the build backend makes of a checkout; nothing is downloaded for it."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(into), *what, str(checkout)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return into


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """As a release is built: the source distribution, and the wheel out of that."""
    folder = build(ROOT, tmp_path_factory.mktemp("dist"))
    (wheel,) = folder.glob("*.whl")
    (source,) = folder.glob("*.tar.gz")
    assert len(list(folder.iterdir())) == 2
    return Built(wheel, source)


# --- what is in them -----------------------------------------------------------------------------------


def test_the_wheel_holds_the_package_and_its_rules_only(built: Built) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "healthlint").rglob("*.py")}
    rules = {f"healthlint/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*.yaml")}
    about = {f"healthlint-{healthlint.__version__}.dist-info/{name}" for name in INFO}
    assert len(modules) > 100
    assert len(rules) > 300
    assert built.wheel_files == modules | rules | DATA | {"healthlint/py.typed"} | about
    assert built.wheel.name == f"healthlint-{healthlint.__version__}-py3-none-any.whl"


@needs_git
def test_the_source_distribution_holds_the_checkout(built: Built) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    ours = {name for name in listed.split("\0") if name and (ROOT / name).exists()}
    with tarfile.open(built.source) as archive:
        files = {member.name.partition("/")[2] for member in archive if member.isfile()}
        assert {member.name.partition("/")[0] for member in archive} == {
            f"healthlint-{healthlint.__version__}"
        }
    assert files == ours | {"PKG-INFO"}


def test_metadata_is_valid_and_says_what_pyproject_says(built: Built) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(built.wheel) as archive:
        about = f"healthlint-{healthlint.__version__}.dist-info/"
        metadata = Metadata.from_email(archive.read(about + "METADATA"), validate=True)
        entries = archive.read(about + "entry_points.txt").decode()
    assert (metadata.name, str(metadata.version)) == ("healthlint", healthlint.__version__)
    assert str(metadata.requires_python) == project["requires-python"]
    assert metadata.license_expression == "MIT"
    assert set(metadata.provides_extra or ()) == set(project["optional-dependencies"])
    assert metadata.description_content_type == "text/markdown"
    assert metadata.description == (ROOT / "README.md").read_text(encoding="utf-8")
    assert "healthlint = healthlint.__main__:main" in entries
    assert "healthlint = healthlint.pipe:component" in entries


def test_the_same_is_built_wherever_and_whenever(built: Built, tmp_path: Path) -> None:
    """From a copy whose files are newer and may be read by their owner only, in another time zone."""
    with tarfile.open(built.source) as archive:
        # Python 3.11.3 and earlier have no filters, and 3.14 has no extraction without one.
        archive.extractall(tmp_path, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (copy,) = tmp_path.iterdir()
    for path in copy.rglob("*"):
        if path.is_file():
            path.chmod(stat.S_IRUSR | stat.S_IWUSR)
            os.utime(path, (2_000_000_000, 2_000_000_000))
    (again,) = build(copy, tmp_path / "wheel", "--wheel").iterdir()
    assert again.read_bytes() == built.wheel.read_bytes()


# --- installed -----------------------------------------------------------------------------------------


class Installation(NamedTuple):
    """An environment of its own with the wheel, where the network is refused and nothing may be written."""

    folder: Path
    python: str

    def run(self, *arguments: str, cwd: Path) -> Done:
        """What Python does there with these arguments, whatever the environment variables of these tests say."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        return done(self.python, *arguments, cwd=cwd, environment=environment)

    def state(self) -> dict[str, int]:
        """When each file was changed last, in nanoseconds."""
        return {str(path): path.lstat().st_mtime_ns for path in self.folder.rglob("*")}


class Done(NamedTuple):
    code: int
    out: str
    err: str


def done(*command: str, cwd: Path, environment: Mapping[str, str] = os.environ) -> Done:
    ended = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    return Done(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The packages that it needs are downloaded first; from then on there is no network."""
    folder = tmp_path_factory.mktemp("environment")
    wheels = tmp_path_factory.mktemp("wheels")
    venv.create(folder, with_pip=True)
    (packages,) = folder.glob("**/site-packages")
    installation = Installation(folder, str(packages.parents[2] / "bin" / "python"))
    pip = ("-m", "pip", "--disable-pip-version-check")
    downloaded = installation.run(*pip, "download", "--dest", str(wheels), str(built.wheel), cwd=folder)
    assert downloaded.code == 0, downloaded.err

    (packages / "offline.py").write_text(OFFLINE, encoding="utf-8")
    (packages / "offline.pth").write_text("import offline\n", encoding="utf-8")
    install = installation.run(
        *pip, "install", "--no-index", "--find-links", str(wheels), "healthlint", cwd=folder
    )
    assert install.code == 0, install.err
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~WRITE)
    yield installation
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(path.stat().st_mode | stat.S_IWUSR)


@installs
def test_who_asks_for_the_network_is_ended(installed: Installation, tmp_path: Path) -> None:
    """So that the other tests would notice."""
    code = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')"
    assert installed.run("-c", code, cwd=tmp_path).code == REFUSED


@installs
def test_what_is_installed_finds_what_the_checkout_finds(installed: Installation, tmp_path: Path) -> None:
    """Without the network, and without a change to what is installed."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    before = installed.state()
    for command in (
        ("check", "examples"),
        ("check", "examples", "--output", "json", "--jobs", "2"),
        ("test", "examples/own-rules"),
        ("explain", "cure-claim"),
    ):
        there = installed.run("-m", "healthlint", *command, cwd=tmp_path)
        assert there == done(sys.executable, "-m", "healthlint", *command, cwd=tmp_path), command
        assert there.code == ("check" in command), there.err
    page = installed.run("-m", "healthlint", "check", "examples", "--output", "html", cwd=tmp_path)
    assert (page.code, page.out[:15], page.err) == (1, "<!doctype html>", "")
    assert installed.state() == before


@installs
def test_the_command_and_the_type_hints_are_there(installed: Installation, tmp_path: Path) -> None:
    (packages,) = installed.folder.glob("**/site-packages")
    assert (packages / "healthlint" / "py.typed").exists()
    command = Path(installed.python).with_name("healthlint")
    assert done(str(command), "--version", cwd=tmp_path).out.split()[-1] == healthlint.__version__
