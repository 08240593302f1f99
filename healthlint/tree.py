"""The tree a file belongs to, and links that lead out of it.

What is under test may hold links to anywhere. A path inside a tree must also end inside of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def tree_of(folder: str | Path) -> Path:
    """The Git repository in which `folder` is, as an absolute path; without one `folder` itself.

    A link does not make a tree: where one on the way to `folder` leads out of a repository or of the working
    directory, it is these.
    """
    folder = Path(os.path.abspath(folder))
    above = (folder, *folder.parents)
    repositories = [each for each in above if os.path.exists(each / ".git")]
    tree = repositories[0] if repositories else folder
    here = Path.cwd()
    around = [each for each in above if tree.is_relative_to(each) and (each == here or each in repositories)]
    return next((each for each in around if not is_inside(tree, each)), tree)


def is_inside(path: str | Path, *folders: str | Path) -> bool:
    """Whether `path` is one of `folders` or below one, when all links are followed."""
    try:
        real = Path(os.path.realpath(path))
    except ValueError:  # a name with a NUL, which no file has
        return False
    return any(real.is_relative_to(os.path.realpath(folder)) for folder in folders)


def tree_left(path: str | Path) -> Path | None:
    """The tree to which `path` belongs by its name, when links lead it out of that; None when they do not."""
    tree = tree_of(os.path.dirname(os.path.abspath(path)))
    return None if is_inside(path, tree) else tree


def links_out(folder: Path) -> Iterator[Path]:
    """The files in and below `folder` that are links out of its tree, in the order of their names."""
    tree = tree_of(folder)
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if os.path.islink(path) and not is_inside(path, tree):
                yield path
