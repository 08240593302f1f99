"""Configuration: `[tool.healthlint]` in `pyproject.toml`, or `.healthlint.yaml`, checked key by key."""

from __future__ import annotations

import datetime
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from healthlint.datafile import Keys, Node, bounded, data_of, yaml_node
from healthlint.document import Document
from healthlint.errors import DataError, DataErrors, nearest
from healthlint.files import git_spec, is_glob, relative
from healthlint.profile import EDITORIAL
from healthlint.rule import Severity
from healthlint.rulebook import Rulebook, limits, rule_names, rulebook, severities, unknown_rule
from healthlint.settings import NO_ADDITIONS, Additions, Settings
from healthlint.tomlfile import toml_node
from healthlint.tree import is_inside, links_out, tree_left, tree_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

RULES_GROUP = "healthlint.rules"
"""The group of entry points by which installed packages publish folders of rules."""

YAML_NAME = ".healthlint.yaml"
TOML_NAME = "pyproject.toml"

_FOR_FILES = (
    "select", "ignore", "severity", "profile", "packs", "limits", "locale", "exclude", "site-disclaimer", "fix",
)  # fmt: skip
_IN_ARTICLE = (
    "healthlint.disable",
    "healthlint.reason",
    "healthlint.until",
    "healthlint.profile",
    "healthlint.packs",
)
_LOCALE = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
_KEYS = (*_FOR_FILES, "overrides", "rules", "packages", "baseline")
_OVERRIDE_KEYS = ("paths", *_FOR_FILES)


@dataclass(frozen=True)
class Override:
    """What is different for some files; None means as elsewhere."""

    paths: tuple[str, ...]
    """Globs, relative to the configuration file."""
    exclude: tuple[str, ...] = ()
    """Globs of those of `paths` that are not checked."""
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    """In addition to what is ignored elsewhere."""
    severity: tuple[tuple[str, Severity], ...] = ()
    profile: str | None = None
    packs: tuple[str, ...] | None = None
    limits: tuple[tuple[str, int], ...] = ()
    locale: str | None = None
    site_disclaimer: tuple[str, ...] | None = None
    line: int = field(default=0, compare=False)
    """Where it begins in the configuration file, from 1."""
    fix: Additions = NO_ADDITIONS

    def applied(self, settings: Settings) -> Settings:
        """`settings` with what this override changes."""
        return Settings(
            settings.select if self.select is None else self.select,
            settings.ignore + self.ignore,
            tuple(sorted({**dict(settings.severity), **dict(self.severity)}.items())),
            settings.profile if self.profile is None else self.profile,
            settings.packs if self.packs is None else self.packs,
            tuple(sorted({**dict(settings.limits), **dict(self.limits)}.items())),
            settings.locale if self.locale is None else self.locale,
            settings.site_disclaimer if self.site_disclaimer is None else self.site_disclaimer,
            self.fix.over(settings.fix),
        )


class Choice(NamedTuple):
    """What applies to one article, and who said so."""

    settings: Settings
    profile_from: str
    """"the default", or where the profile was chosen: "paths: news/", "line 3 of the article"."""
    packs_from: tuple[str, ...]
    """For each pack of the settings, where it was chosen."""
    errors: tuple[str, ...]
    """What is wrong with what the article chose."""


@dataclass(frozen=True)
class Config:
    """A configuration; `Config()` is what holds without any file."""

    base: Settings = Settings()  # noqa: RUF009 - frozen
    """What applies to a file that no override names."""
    exclude: tuple[str, ...] = ()
    """Globs of files and folders that are not checked, relative to its folder."""
    overrides: tuple[Override, ...] = ()
    """In the order of the file: later ones win."""
    path: Path | None = None
    """The configuration file, absolute."""
    rulebook: Rulebook = field(default_factory=rulebook)
    """The built-in rules and one's own."""
    baseline: Path | None = None
    """The file of violations that are known."""
    folders: tuple[Path, ...] = ()
    """Where one's own rules are, those of packages included."""
    sha256: str = field(default="", compare=False)
    """Of the bytes of its file, in hexadecimal; "" for none."""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    """The line of each key of the file, from 1."""

    @property
    def name(self) -> str:
        """Its file as it is shown: relative to the working directory when below it; "" for none."""
        return relative(self.path).as_posix() if self.path else ""

    def settings(self, path: str | Path) -> Settings:
        """What applies to the file at `path` (absolute, or relative to the working directory)."""
        settings = self.base
        for override in self.overrides_of(path):
            settings = override.applied(settings)
        return settings

    def overrides_of(self, path: str | Path) -> tuple[Override, ...]:
        """The overrides that hold for the file at `path`: later ones win."""
        return tuple(each for each in self.overrides if self._matches(each.paths, path))

    def choice(self, document: Document) -> Choice:
        """What applies to `document`: its own `healthlint.profile` and `healthlint.packs` count most.

        Its packs are added to those of the configuration.
        """
        settings = self.settings(document.path)
        given = settings.profile != EDITORIAL.name
        profile_from = "the configuration" if given else "the default"
        packs_from = dict.fromkeys(settings.packs, "the configuration")
        for override in self.overrides_of(document.path):
            where = f"paths: {', '.join(override.paths)}"
            profile_from = where if override.profile is not None else profile_from
            packs_from = dict.fromkeys(settings.packs, where) if override.packs is not None else packs_from
        errors: list[str] = []
        known = {"profile": self.rulebook.profiles, "packs": self.rulebook.packs}
        for key, names, line in _own_choices(document):
            where = f"line {line} of the article"
            if key not in known:
                errors.append(f"{where}: {_unknown('key', f'healthlint.{key}', _IN_ARTICLE)}")
                continue
            errors.extend(
                f"{where}: {_unknown(key.removesuffix('s'), name, known[key])}"
                for name in names
                if name not in known[key]
            )
            sound = [name for name in names if name in known[key]]
            if key == "packs":
                packs_from.update(dict.fromkeys(sound, where))
            elif sound:
                settings, profile_from = replace(settings, profile=sound[0]), where
        settings = replace(settings, packs=tuple(sorted(packs_from)))
        return Choice(
            settings, profile_from, tuple(packs_from[name] for name in settings.packs), tuple(errors)
        )

    def excludes(self, path: str | Path) -> bool:
        """Whether the configuration says not to check the file or folder at `path`.

        A folder is asked for with a trailing `/`.
        """
        return bool(self.excluded_by(path))

    def excluded_by(self, path: str | Path) -> str:
        """The glob that excludes the file or folder at `path`; "" when none does."""
        lists = (
            self.exclude,
            *(each.exclude for each in self.overrides if each.exclude and self._matches(each.paths, path)),
        )
        return next(filter(None, (self._matching(globs, path) for globs in lists)), "")

    def narrowed(self, select: Sequence[str], ignore: Sequence[str]) -> Config:
        """The configuration under the options `--select` and `--ignore`.

        A selection replaces what the file selects, in overrides too; what is ignored is ignored in
        addition. Raises `DataErrors` for names that are no rule and no family.
        """
        known = self.rulebook.names
        errors = [
            DataError(unknown_rule(name, known), path=option)
            for option, names in (("--select", select), ("--ignore", ignore))
            for name in names
            if name not in known
        ]
        if errors:
            raise DataErrors(errors)
        base, overrides = self.base, self.overrides
        if select:
            base = replace(base, select=tuple(select))
            overrides = tuple(replace(override, select=None) for override in overrides)
        return replace(self, base=replace(base, ignore=base.ignore + tuple(ignore)), overrides=overrides)

    def without_additions(self) -> Config:
        """The configuration with nothing for `--fix` to put in, for runs of which nobody reads the edits."""
        overrides = tuple(replace(override, fix=NO_ADDITIONS) for override in self.overrides)
        return replace(self, base=replace(self.base, fix=NO_ADDITIONS), overrides=overrides)

    def _matches(self, globs: tuple[str, ...], path: str | Path) -> bool:
        return bool(self._matching(globs, path))

    def _matching(self, globs: tuple[str, ...], path: str | Path) -> str:
        """The last of `globs` that speaks of `path`, when it names it; "" when none does or it takes back."""
        if not globs or self.path is None:
            return ""
        slash = "/" if str(path).endswith("/") else ""
        try:
            inside = Path(os.path.abspath(path)).relative_to(self.path.parent).as_posix()
        except ValueError:
            return ""
        verdict = _spec(globs).check_file(inside + slash)
        return globs[verdict.index] if verdict.include and verdict.index is not None else ""


def _own_choices(document: Document) -> Iterator[tuple[str, list[str], int]]:
    """What an article says about itself, as key, values and line: `healthlint: {profile: news}`."""
    for each in document.fields:
        prefix, dot, key = each.name.lower().partition(".")
        names = [name.strip(" []\"'") for name in each.value.split(",")]
        if prefix == "healthlint" and dot and key not in ("disable", "reason", "until") and any(names):
            yield key, names, document.position(each.span.start).line


@lru_cache(maxsize=256)
def _spec(globs: tuple[str, ...]) -> GitIgnoreSpec:
    return git_spec(globs)


def nearest_config(folder: Path) -> Path | None:
    """The configuration file that governs `folder`: the nearest one, in it or above it; None without any.

    A `pyproject.toml` without a table `[tool.healthlint]` is passed over. In one folder `.healthlint.yaml`
    comes before `pyproject.toml`. Raises `DataErrors` for a `pyproject.toml` that has to be read and cannot.
    """
    folder = Path(os.path.abspath(folder))
    for place in (folder, *folder.parents):
        if (place / YAML_NAME).is_file():
            return place / YAML_NAME
        if (place / TOML_NAME).is_file() and _has_table(place / TOML_NAME):
            return place / TOML_NAME
    return None


def _has_table(path: Path) -> bool:
    return _toml_table(_bytes(path), relative(path).as_posix()) is not None


def read_config(path: Path) -> Config:
    """The configuration in `path`: the table `[tool.healthlint]` of a `.toml` file, else a YAML file.

    Raises `DataErrors` naming every fault with file, line and key, those of one's own rules included.
    """
    shown = relative(path).as_posix()
    if path.suffix != ".toml" and not path.exists():
        raise DataErrors([DataError("does not exist", path=shown)])
    data = _bytes(path)
    table = _toml_table(data, shown) if path.suffix == ".toml" else yaml_node(_text(data, shown), shown)
    if table is None:
        raise DataErrors([DataError("has no table [tool.healthlint]", path=shown)])
    errors: list[DataError] = []
    keys = Keys.of(table, shown, errors, "the configuration", _KEYS)
    absolute = Path(os.path.abspath(path))
    folders = tuple(_rule_folders(keys, absolute.parent))
    book = _rulebook(keys, folders)
    override = _override(keys, book)
    base = override.applied(Settings())
    _prove_additions(keys, base, book)
    overrides = tuple(_overrides(keys, base, book))
    baseline = _baseline(keys, absolute.parent)
    if errors:
        raise DataErrors(sorted(errors, key=lambda error: (error.path != shown, error.path, error.line)))
    return Config(
        base,
        override.exclude,
        overrides,
        absolute,
        book,
        baseline,
        folders,
        hashlib.sha256(data).hexdigest(),
        {key.text: key.line for key, _ in keys.node.pairs},
    )


def _bytes(path: Path) -> bytes:
    shown = relative(path).as_posix()
    if tree := tree_left(path):
        message = f"is a link that leads out of {tree.as_posix()}; put the file itself here"
        raise DataErrors([DataError(message, path=shown)])
    try:
        return data_of(path)
    except OSError as error:
        said = error.strerror or error
        raise DataErrors([DataError(f"cannot be read: {said}", path=shown)]) from error


def _text(data: bytes, shown: str) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise DataErrors([DataError(f"cannot be read: {error}", path=shown)]) from error


def _toml_table(data: bytes, shown: str) -> Node | None:
    if b"healthlint" not in data:  # other people's files need not even be sound
        return None
    table: Node | None = toml_node(_text(data, shown), shown)
    for name in ("tool", "healthlint"):
        pairs = table.pairs if table else ()
        table = next((value for key, value in pairs if key.text == name), None)
    return bounded(table, shown) if table else None


def _rule_folders(keys: Keys, folder: Path) -> Iterator[Path]:
    for node in keys.text_nodes("packages"):
        try:
            yield package_folder(node.text)
        except DataError as error:
            keys.wrong(node, f"“packages”: {error.message}")
    for node in keys.text_nodes("rules"):
        if not (folder / node.text).is_dir():
            keys.wrong(node, f"“rules”: there is no folder “{node.text}” beside this file")
        elif place := _inside(keys, "rules", node, folder):
            yield place
            for link in links_out(place):
                keys.wrong(node, f"“rules”: {link.as_posix()} is a link that leads out of {tree_of(place)}")


def _baseline(keys: Keys, folder: Path) -> Path | None:
    node = keys.get("baseline")
    return _inside(keys, "baseline", node._replace(text=keys.text("baseline")), folder) if node else None


def _inside(keys: Keys, key: str, node: Node, folder: Path) -> Path | None:
    """The path at `key`, as it is shown; None, and an error of `keys`, when it leads out of the tree of `folder`."""
    path, tree = folder / node.text, tree_of(folder)
    if is_inside(path, tree):
        return relative(path)
    keys.wrong(
        node,
        f"“{key}: {node.text}” leads out of {tree.as_posix()}; a configuration speaks of its own repository",
    )
    return None


def _rulebook(keys: Keys, folders: Iterable[Path]) -> Rulebook:
    """The rules to use; empty when they are broken. What is wrong is added to the errors of `keys`."""
    try:
        return rulebook(*folders)
    except DataErrors as broken:
        keys.errors.extend(broken.errors)
        # One's own rules are broken, so their names cannot be told from misspelt ones.
        return Rulebook(())


def package_folder(name: str) -> Path:
    """The folder of rules that an installed package publishes as `name` in the group "healthlint.rules".

    The entry point names the package that the YAML files are in; no code of it is run. What lies in the working
    directory is not installed, even where Python looks there for modules. Raises `DataError`.
    """
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import, seldom needed
    from importlib.util import find_spec  # noqa: PLC0415

    here = Path.cwd()
    published = {
        point.name: point
        for point in entry_points(group=RULES_GROUP)
        if point.dist and Path(str(point.dist.locate_file(""))).resolve() != here
    }
    if name not in published:
        raise DataError(_unknown("installed package of rules", name, published))
    # To look for what is inside a package, Python would import it.
    package, *inner = published[name].module.split(".")
    spec = find_spec(package)
    places = [Path(place, *inner) for place in (spec and spec.submodule_search_locations) or ()]
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        raise DataError(f"“{name}” should be a package with YAML files; {published[name].value} is none")
    return found


def _overrides(keys: Keys, base: Settings, book: Rulebook) -> Iterator[Override]:
    node = keys.get("overrides")
    if node and node.kind == "text":
        keys.wrong(node, "“overrides” must be a list of mappings, each with “paths”")
        return
    for entry in keys.mappings("overrides", _OVERRIDE_KEYS):
        entry.require("paths")
        override = _override(entry, book)
        _prove_additions(entry, override.applied(base), book)
        yield override


def _override(keys: Keys, book: Rulebook) -> Override:
    return Override(
        _globs(keys, "paths"),
        _globs(keys, "exclude"),
        rule_names(keys, "select", book) if "select" in keys else None,
        rule_names(keys, "ignore", book),
        severities(keys, book),
        _profile(keys, book),
        _packs(keys, book),
        limits(keys, book),
        _locale(keys),
        _carriers(keys) if "site-disclaimer" in keys else None,
        keys.node.line,
        _additions(keys, book),
    )


def _additions(keys: Keys, book: Rulebook) -> Additions:
    fix = keys.mapping("fix", ("disclaimer", "front-matter"))
    if fix is None:
        return NO_ADDITIONS
    disclaimer = " ".join(fix.text("disclaimer").split()) if "disclaimer" in fix else None
    rules = {rule.id for rule in book.rules}
    asked = fix.get("front-matter")
    by_rule = fix.mapping("front-matter", rules or [name.text for name, _ in (asked.pairs if asked else ())])
    found = {}
    for rule, _ in by_rule.node.pairs if by_rule else ():
        node = by_rule.get(rule.text) if by_rule else None
        if node is None or node.kind != "mapping" or not node.pairs:
            fix.wrong(rule, f"“front-matter”: “{rule.text}” needs the keys to add, as in {{author: Jo Lee}}")
            continue
        added = Keys(node, keys.path, keys.errors, f"“{rule.text}”")
        found[rule.text] = tuple((name.text, _front_matter_value(added, name.text)) for name, _ in node.pairs)
    return Additions(disclaimer, tuple(sorted(found.items())))


def _front_matter_value(keys: Keys, name: str) -> str | tuple[str, ...]:
    node = keys.get(name)
    keys.require(name)
    if node and node.kind == "list":
        return tuple(" ".join(text.split()) for text in keys.texts(name))
    return " ".join(keys.text(name).split())


def _prove_additions(keys: Keys, settings: Settings, book: Rulebook) -> None:
    """Note errors for what `fix` would add in vain to files to which `settings` apply."""
    fix = keys.get("fix")
    if fix is None or keys.errors:
        return
    from healthlint.cache import cache_of  # noqa: PLC0415 - seldom needed

    cache = cache_of(book, datetime.date.today())
    if cache and cache.is_sound(settings):
        return
    from healthlint.fix import vain_additions  # noqa: PLC0415 - nearly all of healthlint, seldom needed

    front = fix.value("front-matter")
    places = {name.text: name for name, _ in fix.pairs + (front.pairs if front else ())}
    for place, message in vain_additions(Config(rulebook=book), settings):
        keys.wrong(places.get(place, fix), message)
    if cache and not keys.errors:
        cache.keep_sound(settings)


def _globs(keys: Keys, key: str) -> tuple[str, ...]:
    nodes = _no_flags(keys, key, "a list of globs")
    for node in nodes:
        if not is_glob(node.text):
            keys.wrong(
                node, f"“{key}”: “{node.text}” is no glob; globs are written as in .gitignore, with few stars"
            )
    return tuple(node.text for node in nodes)


def _carriers(keys: Keys) -> tuple[str, ...]:
    nodes = _no_flags(keys, "site-disclaimer", "a list of layouts, partials, shortcodes or components")
    return tuple(node.text for node in nodes)


def _no_flags(keys: Keys, key: str, wanted: str) -> tuple[Node, ...]:
    nodes = keys.text_nodes(key)
    for node in nodes:
        if node.text in ("true", "false", "yes", "no"):
            keys.wrong(node, f"“{key}” must be {wanted}, not {node.text}")
    return nodes


def _profile(keys: Keys, book: Rulebook) -> str | None:
    if "profile" not in keys:
        return None
    return keys.choice("profile", book.profiles, EDITORIAL.name) if book.rules else keys.text("profile")


def _packs(keys: Keys, book: Rulebook) -> tuple[str, ...] | None:
    nodes = keys.text_nodes("packs")
    for node in nodes:
        if book.rules and node.text not in book.packs:
            keys.wrong(node, f"“packs”: {_unknown('pack', node.text, book.packs)}")
    return tuple(sorted({node.text for node in nodes})) if "packs" in keys else None


def _locale(keys: Keys) -> str | None:
    if "locale" not in keys:
        return None
    value = keys.text("locale")
    if not _LOCALE.fullmatch(value):
        keys.wrong(
            keys.get("locale") or keys.node,
            f"“locale: {value}” must be a language and a country, as in en-GB or en-US",
        )
    return value


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    return f"there is no {what} “{name}”{nearest(name, known) or '; known: ' + ', '.join(sorted(known))}"
