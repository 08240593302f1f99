"""Which files are articles: what was named, and what is found in the folders that were named."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from healthlint.readers import FORMATS
from healthlint.tree import is_inside
from healthlint.violation import Failure

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SKIPPED = frozenset({"node_modules", "__pycache__"})
"""Folders that are never walked into, besides those whose name begins with a dot."""

_LARGEST_IGNORE = 1_000_000
"""Bytes; an ignore file that is larger is passed over."""

MOST_STARS = 3
"""So many `*` may stand in one name of a glob, and so many more than one a name with the `**` in all of it: each multiplies
the time that it takes by the length of a name."""
MOST_DEEP = 2
"""So many `**/` may a glob have, for the same reason."""
_STARS = re.compile(r"\*+")

_Ignores = tuple[tuple[str, "GitIgnoreSpec"], ...]
"""Absolute folders with the ignore patterns that hold below them, outermost first."""


def relative(path: str | Path) -> Path:
    """`path` as it is shown: as given, or relative to the working directory when it is absolute and below it."""
    path = Path(path)
    if path.is_absolute():
        try:
            return Path(os.path.abspath(path)).relative_to(os.getcwd())
        except ValueError:
            return path
    return path


def articles(
    paths: Iterable[str | Path],
    excludes: Callable[[str], bool] = lambda path: False,
    *,
    endings: Collection[str] = FORMATS,
) -> Iterator[Path | Failure]:
    """The articles among `paths` and in the folders among them, each once, in a fixed order.

    A file that is named is an article whatever its ending; in folders `endings` (lower case) are looked for:
    the files of a folder by name, links last, then its folders.
    `.gitignore` files and `.git/info/exclude` are honoured, except for a folder that is ignored itself and
    was named all the same. Hidden files and folders, `node_modules` and links to folders are passed over.
    `excludes` is asked for each file, and for each folder with a trailing `/`; it holds for named files too.

    What cannot be read is a `Failure`: a named file that is missing or no plain file, a folder that cannot
    be listed, a link that leads nowhere or out of the folder and its repository; and each of the folders when
    nothing at all is found.
    """
    seen: set[str] = set()
    folders: list[Path] = []
    for path in map(relative, paths):
        if os.path.isdir(path):
            folders.append(path)
            walked = _walked(path, excludes, endings)
        else:
            walked = iter([] if excludes(path.as_posix()) else [_checked(path)])
        for each in walked:
            real = f"failure {each}" if isinstance(each, Failure) else os.path.realpath(each)
            if real not in seen:
                seen.add(real)
                yield each
    if not seen:
        for folder in folders:
            message = f"holds no article ({' '.join(endings)}) that is not ignored or excluded"
            yield Failure(folder.as_posix(), message)


def _checked(path: Path) -> Path | Failure:
    """`path`, or why it must not be opened: opening a named pipe would wait for ever."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        gone = "is a link to a file that does not exist" if path.is_symlink() else "does not exist"
        return Failure(path.as_posix(), gone)
    except (OSError, ValueError) as error:
        return Failure(path.as_posix(), f"cannot be read: {_reason(error)}")
    if not stat.S_ISREG(mode):
        return Failure(path.as_posix(), "is not a plain file but a pipe, socket or device; it is not opened")
    return path


def _followed(link: Path, top: Path, root: Path) -> Path | Failure:
    """`link` as it is, or why it is not followed: whoever wrote the articles may have made it, to anywhere."""
    if is_inside(link, top, root):
        return _checked(link)
    message = f"is a link that leads out of {root.as_posix()} and is not followed; exclude it, or name the file itself"
    return Failure(link.as_posix(), message)


def _walked(top: Path, excludes: Callable[[str], bool], endings: Collection[str]) -> Iterator[Path | Failure]:
    waiting: list[tuple[Path, _Ignores]] = [(top, _ignores_above(top))]
    root = _root(Path(os.path.abspath(top)))
    while waiting:
        folder, ignores = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: (entry.is_symlink(), entry.name))
            ignores += _ignores_in(folder, entries)
        except OSError as error:
            yield Failure(folder.as_posix(), f"this folder cannot be listed: {_reason(error)}")
            continue
        folders: list[tuple[Path, _Ignores]] = []
        for entry in entries:
            path = folder / entry.name
            if is_skipped(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if not _ignored(path, "/", ignores) and not excludes(path.as_posix() + "/"):
                    folders.append((path, ignores))
            elif (
                path.suffix.lower() in endings
                and (entry.is_file(follow_symlinks=False) or entry.is_symlink())
                and not os.path.isdir(path)
                and not _ignored(path, "", ignores)
                and not excludes(path.as_posix())
            ):
                yield _followed(path, top, root) if entry.is_symlink() else _checked(path)
        waiting.extend(reversed(folders))


# --- ignore files --------------------------------------------------------------------------------------


def _ignores_above(top: Path) -> _Ignores:
    """The patterns that hold in `top` because of the folders above it, up to the root of the repository.

    Without a repository, those up to the working directory.
    """
    inside = Path(os.path.abspath(top))
    above = [inside, *inside.parents]
    root = _root(inside)
    ignores = _spec(_info_exclude(root), root)
    for folder in reversed(above[1 : above.index(root) + 1]):
        ignores += _spec(folder / ".gitignore", folder)
    for folder in reversed(above[: above.index(root)]):
        if _ignored(folder, "/", ignores):
            return ()
    return ignores


def is_skipped(name: str) -> bool:
    """Whether a file or folder of this name is never come by in a search."""
    return name.startswith(".") or name in SKIPPED


def passed_over(path: str | Path) -> str:
    """Why a search of the repository does not come by the file at `path`; "" when it does."""
    file = Path(os.path.abspath(path))
    folder = _root(file.parent)
    ignores = _spec(_info_exclude(folder), folder)
    for name in file.relative_to(folder).parts:
        ignores += _spec(folder / ".gitignore", folder)
        folder /= name
        shown = relative(folder).as_posix() + ("" if folder == file else "/")
        if is_skipped(name):
            return f"“{shown}” is never searched"
        if _ignored(folder, "" if folder == file else "/", ignores):
            return f"Git ignores “{shown}”"
    known = " ".join(FORMATS)
    return "" if file.suffix.lower() in FORMATS else f"its ending is none of {known}"


def _root(folder: Path) -> Path:
    """The root of the repository in which `folder` is; without one the working directory, if that is above."""
    above = [folder, *folder.parents]
    here = Path(os.getcwd())
    found = next((each for each in above if (each / ".git").exists()), None)
    return found or (here if here in above else folder)


def _info_exclude(root: Path) -> Path:
    git = root / ".git"
    if git.is_file():  # a worktree or submodule: "gitdir: <where it really is>"
        try:
            git = root / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
            git = git / (git / "commondir").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            pass
    return git / "info" / "exclude"


def _ignores_in(folder: Path, entries: Iterable[os.DirEntry[str]]) -> _Ignores:
    if any(entry.name == ".gitignore" for entry in entries):
        return _spec(folder / ".gitignore", Path(os.path.abspath(folder)))
    return ()


def git_spec(lines: Iterable[str]) -> GitIgnoreSpec:
    """What matches the paths that `lines` name, as in a `.gitignore` file. Raises `ValueError` and `re.error`."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - as slow to import as all else here, and seldom needed

    # The engine that is always there: others, used where they are installed, refuse names that are not text.
    return GitIgnoreSpec.from_lines(lines, backend="simple")


def is_glob(line: str) -> bool:
    """Whether `line` may stand in a `.gitignore` file, and is no glob with which some name takes hours to compare."""
    parts = line.split("/")
    stars = [len(_STARS.findall(part)) for part in parts]
    deep = parts.count("**")
    if deep > MOST_DEEP or max(stars) > MOST_STARS or deep + sum(n - 1 for n in stars if n) > MOST_STARS:
        return False
    try:
        git_spec([line])
    except (ValueError, re.error):
        return False
    return True


def _spec(file: Path, folder: Path) -> _Ignores:
    try:
        # Opening a named pipe would wait for ever; Git follows no links here, and so do we.
        is_read = file.is_file() and not file.is_symlink() and file.stat().st_size <= _LARGEST_IGNORE
        text = file.read_bytes().decode("utf-8-sig", "surrogateescape") if is_read else ""
    except OSError:
        return ()
    # Git passes over a line that is no pattern, and so do we.
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line and is_glob(line)]
    return ((os.path.join(folder, ""), git_spec(lines)),) if lines else ()


def _ignored(path: Path, slash: str, ignores: _Ignores) -> bool:
    """Whether the last pattern that speaks of `path` ignores it, the innermost file first."""
    if not ignores:
        return False
    absolute = os.path.abspath(path)
    for folder, spec in reversed(ignores):
        verdict = spec.check_file(absolute.removeprefix(folder) + slash).include
        if verdict is not None:
            return verdict
    return False


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)
