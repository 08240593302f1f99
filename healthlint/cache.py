"""Results of earlier runs, in the user's cache folder: an article that did not change is not checked again.

A result is kept under a digest of all that it depends on, and so is never wrong: when anything changes it is not
found. Dates are judged by the day, so it is good for the day on which it was made.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from healthlint import __version__, cachedir
from healthlint.errors import HealthlintError
from healthlint.readers import Unread
from healthlint.result import Result, from_json, to_json
from healthlint.rulebook import Rulebook
from healthlint.settings import Settings

LARGEST = 300_000_000
"""Bytes that results may take, of which the latest stay."""
_DISTRIBUTIONS = (".dist-info", ".egg-info")
"""How the folders end whose names tell a package and its version."""
_SELDOM = "000"
"""So one key in 4,096 begins, whatever it is of."""


@dataclass(frozen=True)
class Cache:
    """The results of one day, as far as they were made under the same circumstances."""

    folder: Path
    """Where they are, existing or not."""
    circumstances: str
    """A digest of what all of them depend on."""

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.folder, self.circumstances, _CODE)

    def key(self, article: Unread, settings: Settings, *, suppressions: bool) -> str:
        """Under what the result of `article` is kept: a digest of all that it depends on.

        `settings` are those of the configuration for its path; what the article says itself is in its bytes.
        """
        content = hashlib.sha256(article.data).hexdigest()
        return _digest(self.circumstances, article.path, article.format, content, settings, suppressions)

    def result(self, key: str, settings: Settings) -> Result | None:
        """What is kept under `key`; None when there is nothing, or something that cannot be used."""
        data = cachedir.kept(self.folder / key)
        return from_json(data, settings) if data else None

    def keep(self, key: str, result: Result) -> None:
        """Keep `result` if it can be kept: what went wrong is tried again the next time."""
        if not result.failures:
            self._keep(key, to_json(result))

    def is_sound(self, settings: Settings) -> bool:
        """Whether what `settings` would add was found sound before."""
        return cachedir.kept(self.folder / self._proof(settings)) is not None

    def keep_sound(self, settings: Settings) -> None:
        """Remember that what `settings` would add is sound: to prove it takes a linter."""
        self._keep(self._proof(settings), b"")

    def _proof(self, settings: Settings) -> str:
        return _digest(self.circumstances, "sound", settings)

    def _keep(self, key: str, data: bytes) -> None:
        if not os.path.exists(self.folder):  # what is there is of other days
            with suppress(OSError):  # unless it is nothing that we may look at
                for day in self.folder.parent.glob("????-??-??"):
                    shutil.rmtree(day, ignore_errors=True)
        cachedir.keep(self.folder / key, data)
        if key.startswith(_SELDOM):  # to look through the folder at each run would take longer than the run
            cachedir.prune(self.folder, LARGEST)


def _again(folder: Path, circumstances: str, code: str) -> Cache:
    if code != _CODE:
        raise HealthlintError("healthlint was changed while it ran; run the same again")
    return Cache(folder, circumstances)


def cache_of(book: Rulebook, today: datetime.date) -> Cache | None:
    """The results under the rules of `book`; None when nothing can be kept."""
    place = cachedir.folder()
    if place is None or not book.sha256:
        return None
    return Cache(place / "results" / today.isoformat(), _digest(_CODE, _LIBRARIES, book.sha256, today))


def _digest(*parts: object) -> str:
    # The representation of plain values, whose parts cannot run into one another.
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _code() -> str:
    """A digest of what runs: this package, in a checkout different each day, and the interpreter."""
    package = Path(__file__).parent
    files = [(file.relative_to(package), file.read_bytes()) for file in sorted(package.rglob("*.py"))]
    code = [(name.as_posix(), hashlib.sha256(data).digest()) for name, data in files]
    return _digest(__version__, code, sys.version)


def _installed() -> Iterator[str]:
    """The names and versions of all installed packages, as importlib.metadata reads them, which takes far longer."""
    for place in dict.fromkeys(sys.path):
        with suppress(OSError):  # no folder, or none that may be listed
            yield from sorted(name for name in os.listdir(place or ".") if name.endswith(_DISTRIBUTIONS))


_CODE = _code()
"""As it was when it was imported: a process may go on for days while its code is edited."""
_LIBRARIES = tuple(_installed())
"""Likewise. Not what another process sees: what it was told to import may have changed where it looks."""
