"""Configuration: `[tool.healthlint]` in `pyproject.toml`, or `.healthlint.yaml`, checked key by key."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from pathspec import GitIgnoreSpec

from healthlint.datafile import Keys, Node, yaml_file
from healthlint.errors import DataError, DataErrors, nearest
from healthlint.files import is_glob, relative
from healthlint.rule import SEVERITIES, Rule, Severity
from healthlint.rulebook import BUILTIN, Rulebook, rulebook
from healthlint.tomlfile import toml_node

YAML_NAME = ".healthlint.yaml"
TOML_NAME = "pyproject.toml"

_FOR_FILES = ("select", "ignore", "severity", "profile", "exclude", "site-disclaimer")
_KEYS = (*_FOR_FILES, "overrides", "rules")
_OVERRIDE_KEYS = ("paths", *_FOR_FILES)


@dataclass(frozen=True)
class Settings:
    """What applies to one file."""

    select: tuple[str, ...] = ()
    """Rule ids and families that are on; empty means every rule that is on by default."""
    ignore: tuple[str, ...] = ()
    """Rule ids and families that are off, even when they are selected."""
    severity: tuple[tuple[str, Severity], ...] = ()
    """Rule ids and families and the severity to report them with, sorted; the id decides over the family."""
    profile: str = "editorial"
    """The kind of content."""
    site_disclaimer: tuple[str, ...] = ()
    """Names or globs of layouts, partials, shortcodes and components that carry the disclaimer for the site."""

    def enabled(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        """Those of `rules` that are on, each with the severity it has here.

        A family selects its rules that are on by default; a rule that is off by default must be named.
        """
        severity = dict(self.severity)
        return tuple(
            replace(rule, severity=severity.get(rule.id, severity.get(rule.family, rule.severity)))
            for rule in rules
            if rule.id not in self.ignore and rule.family not in self.ignore and self._selects(rule)
        )

    def _selects(self, rule: Rule) -> bool:
        if rule.id in self.select:
            return True
        return rule.default and (not self.select or rule.family in self.select)


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
    site_disclaimer: tuple[str, ...] | None = None

    def applied(self, settings: Settings) -> Settings:
        """`settings` with what this override changes."""
        return Settings(
            settings.select if self.select is None else self.select,
            settings.ignore + self.ignore,
            tuple(sorted({**dict(settings.severity), **dict(self.severity)}.items())),
            settings.profile if self.profile is None else self.profile,
            settings.site_disclaimer if self.site_disclaimer is None else self.site_disclaimer,
        )


@dataclass(frozen=True)
class Config:
    """A configuration; `Config()` is what holds without any file."""

    base: Settings = Settings()
    """What applies to a file that no override names."""
    exclude: tuple[str, ...] = ()
    """Globs of files and folders that are not checked, relative to `folder`."""
    overrides: tuple[Override, ...] = ()
    """In the order of the file: later ones win."""
    folder: Path | None = None
    """Where the configuration file stands, absolute."""
    rulebook: Rulebook = field(default_factory=rulebook)
    """The built-in rules and one's own."""

    def settings(self, path: str | Path) -> Settings:
        """What applies to the file at `path` (absolute, or relative to the working directory)."""
        settings = self.base
        for override in self.overrides:
            if self._matches(override.paths, path):
                settings = override.applied(settings)
        return settings

    def excludes(self, path: str | Path) -> bool:
        """Whether the configuration says not to check the file or folder at `path`.

        A folder is asked for with a trailing `/`.
        """
        return self._matches(self.exclude, path) or any(
            self._matches(override.exclude, path) and self._matches(override.paths, path)
            for override in self.overrides
            if override.exclude
        )

    def narrowed(self, select: Sequence[str], ignore: Sequence[str]) -> Config:
        """The configuration under the options `--select` and `--ignore`.

        A selection replaces what the file selects, in overrides too; what is ignored is ignored in
        addition. Raises `DataErrors` for names that are no rule and no family.
        """
        known = _names(self.rulebook)
        errors = [
            DataError(_unknown(name, known), path=option)
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

    def _matches(self, globs: tuple[str, ...], path: str | Path) -> bool:
        if not globs or self.folder is None:
            return False
        slash = "/" if str(path).endswith("/") else ""
        try:
            inside = Path(os.path.abspath(path)).relative_to(self.folder).as_posix()
        except ValueError:
            return False
        return _spec(globs).match_file(inside + slash)


@lru_cache(maxsize=256)
def _spec(globs: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(globs)


def nearest_config(folder: Path) -> Path | None:
    """The configuration file that governs `folder`: the nearest one, in it or above it; None without any.

    A `pyproject.toml` without a table `[tool.healthlint]` is passed over. In one folder `.healthlint.yaml`
    comes before `pyproject.toml`. Raises `DataErrors` for a `pyproject.toml` that has to be read and cannot.
    """
    folder = Path(os.path.abspath(folder))
    for place in (folder, *folder.parents):
        if (place / YAML_NAME).is_file():
            return place / YAML_NAME
        if (place / TOML_NAME).is_file() and _toml_table(place / TOML_NAME) is not None:
            return place / TOML_NAME
    return None


def read_config(path: Path) -> Config:
    """The configuration in `path`: the table `[tool.healthlint]` of a `.toml` file, else a YAML file.

    Raises `DataErrors` naming every fault with file, line and key, those of one's own rules included.
    """
    shown = relative(path).as_posix()
    if path.suffix == ".toml":
        table = _toml_table(path)
        if table is None:
            raise DataErrors([DataError("has no table [tool.healthlint]", path=shown)])
    elif path.exists():
        table = yaml_file(relative(path))
    else:
        raise DataErrors([DataError("does not exist", path=shown)])
    errors: list[DataError] = []
    keys = Keys.of(table, shown, errors, "the configuration", _KEYS)
    folder = Path(os.path.abspath(path)).parent
    rules, known = _rulebook(keys, folder)
    override = _override(keys, known)
    overrides = tuple(_overrides(keys, known))
    if errors or rules is None:
        raise DataErrors(sorted(errors, key=lambda error: (error.path != shown, error.path, error.line)))
    return Config(override.applied(Settings()), override.exclude, overrides, folder, rules)


def _toml_table(path: Path) -> Node | None:
    shown = relative(path).as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataErrors([DataError(f"cannot be read: {error}", path=shown)]) from error
    if "healthlint" not in text:  # other people's files need not even be sound
        return None
    table: Node | None = toml_node(text, shown)
    for name in ("tool", "healthlint"):
        pairs = table.pairs if table else ()
        table = next((value for key, value in pairs if key.text == name), None)
    return table


def _rulebook(keys: Keys, folder: Path) -> tuple[Rulebook | None, frozenset[str]]:
    """The rules to use and the names that can be selected. What is wrong is added to the errors of `keys`."""
    folders: list[Path] = []
    for node in keys.text_nodes("rules"):
        if (folder / node.text).is_dir():
            folders.append(relative(folder / node.text))
        else:
            keys.wrong(node, f"“rules”: there is no folder “{node.text}” beside this file")
    try:
        rules = rulebook(*folders)
    except DataErrors as broken:
        keys.errors.extend(broken.errors)
        # One's own rules are broken, so their names cannot be told from misspelt ones.
        return None, frozenset()
    return rules, _names(rules)


def _overrides(keys: Keys, known: frozenset[str]) -> Iterator[Override]:
    node = keys.get("overrides")
    if node and node.kind == "text":
        keys.wrong(node, "“overrides” must be a list of mappings, each with “paths”")
        return
    for entry in keys.mappings("overrides", _OVERRIDE_KEYS):
        entry.require("paths")
        yield _override(entry, known)


def _override(keys: Keys, known: frozenset[str]) -> Override:
    return Override(
        _globs(keys, "paths"),
        _globs(keys, "exclude"),
        _rule_names(keys, "select", known) if "select" in keys else None,
        _rule_names(keys, "ignore", known),
        _severity(keys, known),
        _profile(keys),
        _carriers(keys) if "site-disclaimer" in keys else None,
    )


def _globs(keys: Keys, key: str) -> tuple[str, ...]:
    nodes = _no_flags(keys, key, "a list of globs")
    for node in nodes:
        if not is_glob(node.text):
            keys.wrong(node, f"“{key}”: “{node.text}” is no glob; globs are written as in .gitignore")
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


def _rule_names(keys: Keys, key: str, known: frozenset[str]) -> tuple[str, ...]:
    nodes = keys.text_nodes(key)
    for node in nodes:
        if known and node.text not in known:
            keys.wrong(node, f"“{key}”: {_unknown(node.text, known)}")
    return tuple(node.text for node in nodes)


def _severity(keys: Keys, known: frozenset[str]) -> tuple[tuple[str, Severity], ...]:
    node = keys.get("severity")
    if node is None:
        return ()
    if node.kind != "mapping":
        keys.wrong(node, "“severity” must be a mapping of rule ids to error, warning or info")
        return ()
    found: dict[str, Severity] = {}
    for rule, value in node.pairs:
        if known and rule.text not in known:
            keys.wrong(rule, f"“severity”: {_unknown(rule.text, known)}")
        if value.text not in SEVERITIES:
            hint = nearest(value.text, SEVERITIES) or "; to switch it off, put it under “ignore”"
            keys.wrong(value, f"“severity: {rule.text}” must be error, warning or info{hint}")
        else:
            found[rule.text] = value.text
    return tuple(sorted(found.items()))


def _profile(keys: Keys) -> str | None:
    if "profile" not in keys:
        return None
    known = ["editorial", *sorted(path.stem for path in (BUILTIN / "profiles").glob("*.yaml"))]
    return keys.choice("profile", dict.fromkeys(known), "editorial")


def _names(rules: Rulebook) -> frozenset[str]:
    return frozenset({*(rule.id for rule in rules.rules), *rules.families})


def _unknown(name: str, known: Iterable[str]) -> str:
    hint = nearest(name, known) or "; `healthlint rules` lists them"
    return f"there is no rule or family “{name}”{hint}"
