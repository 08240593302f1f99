"""The configurations of the folders in which articles are open, read again when their files change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from healthlint.baseline import Baseline, read_baseline
from healthlint.config import Config, nearest_config, read_config
from healthlint.errors import DataError, DataErrors
from healthlint.run import builtin
from healthlint.work import Linters

_Stamps = Mapping[Path, tuple[int, int] | None]


@dataclass(frozen=True)
class Ready:
    """A configuration that can be used."""

    linters: Linters
    baseline: Baseline | None

    @property
    def config(self) -> Config:
        """The configuration itself."""
        return self.linters.config


@dataclass(frozen=True)
class _Known:
    ready: Ready | None
    """The last that could be used; None when none could so far."""
    errors: tuple[DataError, ...]
    stamps: _Stamps
    """Of all files that it was made of."""


class Configs:
    """The configurations that were asked for. To be used by one thread at a time."""

    def __init__(self, *, file: Path | None = None, none: bool = False) -> None:
        """`file` is the configuration of all folders; with `none` no file is looked for."""
        self._file = file
        self._none = none
        self._known: dict[Path, _Known] = {}
        self._governing: dict[Path, Path | None] = {}

    @property
    def faults(self) -> Mapping[Path, tuple[DataError, ...]]:
        """What is wrong with the configurations that govern some folder, by configuration file."""
        governing = set(self._governing.values())
        return {
            file: known.errors for file, known in self._known.items() if known.errors and file in governing
        }

    def of(self, folder: Path) -> Ready | None:
        """What governs the articles in `folder`: as it is now, or as it last could be read; None if it never could."""
        file, error = self._found(folder)
        self._governing[folder] = file
        if file is None:
            return Ready(builtin(), None)
        if error or self._outdated(file):
            return self._read(file, error)
        return self._known[file].ready

    def changed(self) -> bool:
        """Whether `of` would have to read something again."""
        return any(
            self._found(folder)[0] != file or (file is not None and self._outdated(file))
            for folder, file in self._governing.items()
        )

    def _found(self, folder: Path) -> tuple[Path | None, DataErrors | None]:
        """The configuration file that governs `folder`, and why it cannot be told whether it really does."""
        try:
            return self._file or (None if self._none else nearest_config(folder)), None
        except DataErrors as error:
            return Path(error.path).absolute(), error

    def _outdated(self, file: Path) -> bool:
        known = self._known.get(file)
        return known is None or known.stamps != _stamps(known.stamps, known.ready)

    def _read(self, file: Path, error: DataErrors | None = None) -> Ready | None:
        before = self._known.get(file)
        ready, errors = before.ready if before else None, error.errors if error else ()
        if not errors:
            try:
                ready = _ready(read_config(file))
            except DataErrors as broken:
                errors = broken.errors
            except DataError as broken:
                errors = (broken,)
        places = [file, *(Path(error.path).absolute() for error in errors if error.path)]
        self._known[file] = _Known(ready, errors, _stamps(places, ready))
        return ready


def _ready(config: Config) -> Ready:
    return Ready(Linters(config), read_baseline(config.baseline) if config.baseline else None)


def _stamps(places: Iterable[Path], ready: Ready | None) -> _Stamps:
    return {file: _stamp(file) for file in {*places, *(_files(ready.config) if ready else ())}}


def _files(config: Config) -> Iterator[Path]:
    for folder in config.folders:
        yield from folder.rglob("*.y*ml")
    if config.baseline:
        yield config.baseline


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
