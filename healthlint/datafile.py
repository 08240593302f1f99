"""YAML files of rules, lexicons, cues and configuration, read with the line of everything in them.

Every scalar is text: `no`, `1.10` and `2025-01-01` stay as they are written, and the code that asks for a
flag or a number says what it accepts. Duplicate keys, aliases, tags, and what is absurdly deep, large or long
are errors: such a file may come from whoever wants this process to hang, to fill the memory or to run code.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from healthlint.errors import DataError, DataErrors, nearest
from healthlint.span import line_starts

DEPTH = 30
"""The deepest nesting that is read."""
LARGEST = 1_000_000
"""The largest file that is read, in bytes; the largest of the built-in rules has 55,000."""
MOST_KEYS = 1_000
"""So many keys may a mapping have."""
MOST_FAULTS = 100
"""After so many faults nobody wants to hear of more."""
LONGEST_NUMBER = 9
"""So many digits may a number have."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Node(NamedTuple):
    """One value of a data file."""

    line: int
    """From 1."""
    kind: Literal["text", "list", "mapping"]
    text: str = ""
    items: tuple[Node, ...] = ()
    pairs: tuple[tuple[Node, Node], ...] = ()

    def value(self, key: str) -> Node | None:
        """The value of `key` in a mapping, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def as_items(self) -> tuple[Node, ...]:
        """The items of a list; anything else is a list of one."""
        if self.kind == "list":
            return self.items
        return (self,)

    def at(self, line: int) -> Node:
        """The same value as if it stood in another line."""
        return Node(
            line,
            self.kind,
            self.text,
            tuple(item.at(line) for item in self.items),
            tuple((key.at(line), value.at(line)) for key, value in self.pairs),
        )

    def plain(self) -> Any:
        """The value as str, list and dict."""
        if self.kind == "list":
            return [item.plain() for item in self.items]
        if self.kind == "mapping":
            return {key.text: value.plain() for key, value in self.pairs}
        return self.text


def yaml_node(text: str, path: str) -> Node:
    """The one document in a YAML text. Raises `DataErrors` with path and line for what is not sound YAML."""
    last = len(line_starts(text))  # what is missing at the end would be missing one line behind it
    try:
        _check_events(text, path)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or "is not YAML").rstrip(".")
        raise DataErrors(
            [
                DataError(
                    f"not valid YAML: {problem}; quote text that holds “: ”, “#” or begins with a mark such as [ * & % @",
                    path=path,
                    line=min(mark.line + 1, last) if mark else 1,
                )
            ]
        ) from error
    except yaml.reader.ReaderError as error:  # its position is in code units of the parser's own
        line = text.count("\n", 0, text.find(chr(error.character))) + 1
        message = f"not valid YAML: the character U+{error.character:04X} may not stand here; take it out"
        raise DataErrors([DataError(message, path=path, line=line)]) from error
    if node is None:
        raise DataErrors([DataError("is empty", path=path, line=1)])
    errors: list[DataError] = []
    converted = _node(node, path, errors, last)
    if errors:
        raise DataErrors(errors)
    return bounded(converted, path)


def bounded(node: Node, path: str) -> Node:
    """`node` as it is. Raises `DataErrors` for a mapping of more than `MOST_KEYS` keys in it."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if len(here.pairs) > MOST_KEYS:
            message = f"a mapping has {len(here.pairs):,} keys, and the largest that is read {MOST_KEYS:,}"
            raise DataErrors([DataError(message, path=path, line=here.line)])
        waiting += here.items
        waiting += (value for _, value in here.pairs)
    return node


def yaml_data(data: bytes | OSError, path: str) -> Node:
    """The document in what was read from a YAML file at `path`. Raises `DataErrors` when it is not sound."""
    try:
        if isinstance(data, OSError):
            raise data
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or error
        raise DataErrors([DataError(f"cannot be read: {said}", path=path)]) from error
    return yaml_node(text, path)


def data_of(path: str | Path, largest: int = LARGEST) -> bytes:
    """What is in a file. Raises `OSError`, also for one of more than `largest` bytes, and for a pipe or device.

    Opening a pipe that lies about would wait for ever; who names `/dev/stdin` knows what comes from there.
    """
    mode = os.stat(path).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or str(path).startswith("/dev/")):
        raise OSError("is not a plain file but a pipe, socket or device; it is not opened")
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if size > largest:
            raise OSError(errno.EFBIG, f"it has {size:,} bytes, and the largest that is read {largest:,}")
        return file.read()


class DataFolder(NamedTuple):
    """The YAML files in and below a folder, as they were when it was read."""

    place: Path
    files: Mapping[str, bytes | OSError]
    """By path inside of `place`, with “/”, in the order of the paths: what each holds, or why it cannot be read.

    Folders are there only when they cannot be read, `place` itself as "".
    """


def data_folder(place: Path) -> DataFolder:
    """The YAML files in and below `place`; none when it is no folder."""
    found: dict[tuple[str, ...], bytes | OSError] = {}

    def closed(error: OSError) -> None:
        found[Path(error.filename).relative_to(place).parts] = error

    for folder, _, names in os.walk(place, onerror=closed if place.is_dir() else None):
        inside = Path(folder).relative_to(place).parts
        for name in names:
            if name.endswith((".yaml", ".yml")):
                found[*inside, name] = _data(os.path.join(folder, name))
    return DataFolder(place, {"/".join(parts): found[parts] for parts in sorted(found)})


def _data(path: str) -> bytes | OSError:
    try:
        return data_of(path)
    except OSError as error:
        return error


def _check_events(text: str, path: str) -> None:
    # PyYAML has no limits of its own: a "billion laughs" of aliases or 20,000 brackets would hang it.
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise DataErrors(
                [DataError("aliases (*name) are not read here; write the value out", path=path, line=line)]
            )
        if isinstance(event, yaml.NodeEvent) and (tag := getattr(event, "tag", None)):
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            message = f"tags ({shown}) are not read here; every value is text, a list or a mapping"
            raise DataErrors([DataError(message, path=path, line=line)])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH:
                raise DataErrors([DataError(f"is nested deeper than {DEPTH} levels", path=path, line=line)])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _node(node: Any, path: str, errors: list[DataError], last: int) -> Node:
    line = min(node.start_mark.line + 1, last)
    if isinstance(node, yaml.ScalarNode):
        empty = node.style is None and node.value in ("", "~", "null")
        return Node(line, "text", "" if empty else node.value)
    if isinstance(node, yaml.SequenceNode):
        return Node(line, "list", items=tuple(_node(item, path, errors, last) for item in node.value))
    pairs, seen = [], set()
    for key_node, value_node in node.value:
        key = _node(key_node, path, errors, last)
        if key.kind != "text":
            message = f"a key must be text, not a {key.kind}; quote text that begins with [ or {{"
            note(errors, DataError(message, path=path, line=key.line))
        elif key.text in seen:
            note(
                errors,
                DataError(f"the key “{key.text}” stands here twice; keep one", path=path, line=key.line),
            )
        seen.add(key.text)
        pairs.append((key, _node(value_node, path, errors, last)))
    return Node(line, "mapping", pairs=tuple(pairs))


def note(errors: list[DataError], error: DataError) -> None:
    """Add `error` to `errors`. Raises them all as `DataErrors` once there are `MOST_FAULTS`."""
    errors.append(error)
    if len(errors) >= MOST_FAULTS:
        enough = DataError(
            f"{MOST_FAULTS} faults are enough; there may be more", path=error.path, line=error.line
        )
        raise DataErrors([*errors, enough])


@dataclass(frozen=True)
class Keys:
    """The keys of one mapping; what is wrong with them is added to `errors`, so that all is told at once."""

    node: Node
    path: str
    errors: list[DataError]
    name: str = ""
    """What the mapping is, for messages: "rule", "where", "examples"."""

    @classmethod
    def of(cls, node: Node, path: str, errors: list[DataError], name: str, known: Iterable[str]) -> Keys:
        """The keys of `node`; keys that are not `known` are errors, and so is a node that is no mapping."""
        keys = cls(node, path, errors, name)
        if node.kind != "mapping":
            keys.wrong(node, f"{name or 'the file'} must be a mapping of keys to values")
            return cls(Node(node.line, "mapping"), path, errors, name)
        allowed = tuple(known)
        for key, _ in node.pairs:
            if key.text not in allowed:
                keys.wrong(
                    key,
                    f"unknown key “{key.text}”{nearest(key.text, allowed) or '; known: ' + ', '.join(allowed)}",
                )
        return keys

    def wrong(self, node: Node, message: str) -> None:
        """Note an error at `node`."""
        note(self.errors, DataError(message, path=self.path, line=node.line))

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def get(self, key: str) -> Node | None:
        """The value of `key`, or None."""
        return self.node.value(key)

    def require(self, *keys: str) -> None:
        """Note an error for each of `keys` that is missing or empty."""
        for key in keys:
            value = self.get(key)
            if value is None or not (value.text.strip() or value.items or value.pairs):
                self.wrong(value or self.node, f"{self.name} needs “{key}”")

    def text(self, key: str, default: str = "") -> str:
        """The value of `key` as text."""
        node = self.get(key)
        if node is None:
            return default
        if node.kind != "text":
            self.wrong(node, f"“{key}” must be text, not a {node.kind}")
            return default
        return node.text.strip()

    def choice(self, key: str, choices: Iterable[str], default: str) -> str:
        """The value of `key`, which must be one of `choices`."""
        value, known = self.text(key, default), tuple(choices)
        if value not in known:
            self.wrong(
                self.get(key) or self.node,
                f"“{key}: {value}” must be one of {', '.join(known)}{nearest(value, known)}",
            )
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """The value of `key` as a truth value: true, false, on or off."""
        value = self.choice(key, ("true", "false", "on", "off"), "true" if default else "false")
        return value in ("true", "on")

    def number(self, key: str, default: int) -> int:
        """The value of `key` as a whole number."""
        value = self.text(key, str(default))
        if not value.isdecimal() or len(value) > LONGEST_NUMBER:
            number = f"a whole number of at most {LONGEST_NUMBER} digits"
            self.wrong(self.get(key) or self.node, f"“{key}: {value}” must be {number}")
            return default
        return int(value)

    def items(self, key: str) -> tuple[Node, ...]:
        """The items of the list at `key`; a single text is a list of one."""
        node = self.get(key)
        if node is None:
            return ()
        if node.kind == "mapping":
            self.wrong(node, f"“{key}” must be a list")
            return ()
        return node.as_items()

    def texts(self, key: str) -> tuple[str, ...]:
        """The items of the list of texts at `key`; a single text is a list of one."""
        return tuple(node.text for node in self.text_nodes(key))

    def text_nodes(self, key: str) -> tuple[Node, ...]:
        """As `texts`, with the line of each."""
        found = []
        for node in self.items(key):
            if node.kind == "text" and node.text.strip():
                found.append(node._replace(text=node.text.strip()))
            else:
                self.wrong(
                    node,
                    f"“{key}” must be a list of texts; quote an item that holds “: ” or begins with [ or {{",
                )
        return tuple(found)

    def mapping(self, key: str, known: Iterable[str]) -> Keys | None:
        """The keys of the mapping at `key`, or None when there is none."""
        node = self.get(key)
        return None if node is None else Keys.of(node, self.path, self.errors, f"“{key}”", known)

    def mappings(self, key: str, known: Iterable[str]) -> Iterator[Keys]:
        """The keys of each mapping in the list at `key`."""
        allowed = tuple(known)
        for node in self.items(key):
            yield Keys.of(node, self.path, self.errors, f"an item of “{key}”", allowed)
