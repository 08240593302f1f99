"""Imports go down only, so that every part can be understood without those above it."""

from __future__ import annotations

import ast
from pathlib import Path

import healthlint

PACKAGE = Path(healthlint.__file__).parent

FLOORS = {
    0: (
        "span",
        "errors",
        "tree",
        "visible",
        "outfile",
        "garbage",
        "cachedir",
        "processes",
        "pool",
        "deadline",
    ),
    1: ("document", "datafile", "tomlfile"),
    2: ("readers", "language", "phrase", "vocabulary", "page", "rule"),
    3: ("context", "loading", "pagekind", "profile", "rewrite", "rulebook"),
    4: ("violation", "topic", "settings"),
    5: ("checks", "edits", "suppression"),
    6: (
        "linter",
        "config",
        "files",
        "changes",
        "report",
        "baseline",
        "result",
        "cache",
        "work",
        "run",
        "fix",
        "framework",
        "applied",
    ),
    7: (
        "explanation",
        "reporters",
        "testing",
        "unproved",
        "statistics",
        "pipe",
        "progress",
        "server",
        "tables",
    ),
    8: ("commands", "cli", "__init__", "__main__"),
}
FLOOR_OF = {name: floor for floor, names in FLOORS.items() for name in names}


def room(path: Path) -> str:
    """The module, or the package for a module inside one."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imports(path: Path) -> set[str]:
    """The healthlint modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "healthlint":
            found.update(
                [node.module.split(".")[1]] if "." in node.module else [alias.name for alias in node.names]
            )
        elif isinstance(node, ast.Import):
            found.update(
                alias.name.split(".")[1] for alias in node.names if alias.name.startswith("healthlint.")
            )
    return found


def test_every_module_has_a_floor() -> None:
    rooms = {room(path) for path in PACKAGE.rglob("*.py")}
    assert rooms == set(FLOOR_OF)


def test_imports_go_down_only() -> None:
    upward = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "__init__.py" or path.parent != PACKAGE
        for name in sorted(imports(path) - {"__version__"})
        if FLOOR_OF[name] > FLOOR_OF[room(path)]
    ]
    assert upward == []


def test_only_language_and_the_component_for_spacy_import_it() -> None:
    users = [
        path.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "spacy" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "spacy")
    ]
    assert set(users) == {"language.py", "pipe.py"}
    # the component only when spaCy asks for it
    assert not any("pipe" in imports(path) for path in PACKAGE.rglob("*.py"))
    # and the language inside functions only
    tree = ast.parse((PACKAGE / "language.py").read_text(encoding="utf-8"))
    assert not any(
        "spacy" in ast.dump(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
    )
