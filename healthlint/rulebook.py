"""All rules of a run, as data: read from YAML once, and kept compiled from then on.

What the YAML means, and what is wrong with it, is told by `loading`. What comes out of it is made of texts and
tuples, and is kept in the cache folder for as long as the files, and the code that read them, are the same.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from healthlint import __version__, cachedir
from healthlint.datafile import DataFolder, Keys, data_folder
from healthlint.errors import nearest
from healthlint.garbage import uncollected
from healthlint.phrase import Phrase, PhraseSet
from healthlint.profile import EDITORIAL, Pack, Profile
from healthlint.rule import SEVERITIES, Requirement, Rule, Severity, Where
from healthlint.vocabulary import Cue, Inflector, Lexicon, Pair, Vocabulary

_PACKAGED = Path(__file__).with_name("rules")
BUILTIN = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parent.with_name("rules")
"""The folder of the built-in rules: inside the installed package, or beside it in a checkout."""
STOPS = "cues/stops.yaml"
"""Where clauses end; a folder that has it needs no built-in rules beside it."""

_PHRASES = ("phrases", "when", "about", "excepted")
"""Those fields of a rule that hold phrases, and of its frame."""
_FRAMES = ("heading", "sentence", "nearby")
_MOST_KEPT = 64_000_000
"""How many bytes compiled rules may take up together: some twenty books."""


class Source(NamedTuple):
    """An entry of the source register."""

    key: str
    title: str
    body: str
    year: str
    section: str
    url: str
    jurisdiction: str
    status: str
    """"verified" at the body itself, "secondary" through another page, or "unverified"."""
    checked: str
    """When somebody last looked, as an ISO date."""


@dataclass(frozen=True)
class Rulebook:
    """All that a run reads from YAML."""

    rules: tuple[Rule, ...]
    """Sorted by family and id."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=lambda: {EDITORIAL.name: EDITORIAL})
    """By name; "editorial" is always among them."""
    packs: Mapping[str, Pack] = field(default_factory=dict)
    """By name."""
    folders: tuple[Path, ...] = field(default=(), compare=False)
    """Those that were named, so without the built-in one."""
    sha256: str = field(default="", compare=False)
    """Of the files it was read from and their paths, in hexadecimal; "" when it was put together otherwise."""

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises `KeyError`."""
        return next((rule for rule in self.rules if rule.id == rule_id), None) or _missing(rule_id)

    @property
    def families(self) -> tuple[str, ...]:
        """The names of the families, sorted."""
        return tuple(sorted({rule.family for rule in self.rules}))

    @property
    def names(self) -> frozenset[str]:
        """What can be selected: the ids of all rules, on or off, and the families."""
        return frozenset({*(rule.id for rule in self.rules), *self.families})


def _missing(rule_id: str) -> Rule:
    raise KeyError(rule_id)


def load_rules(*folders: str | Path) -> list[Rule]:
    """The built-in rules and those in `folders`. Raises `DataErrors` naming every fault in them."""
    return list(rulebook(*folders).rules)


def rulebook(*folders: str | Path) -> Rulebook:
    """The built-in rules and those in `folders`, with the register of sources they cite.

    Lexicons and cues of the folders extend the built-in ones. A folder that says where clauses end
    (`cues/stops.yaml`) is complete in itself and stands in their place: a checkout of the built-in rules,
    for example. Raises `DataErrors` naming every fault. The built-in rules alone are read once in a process.
    """
    return _read(map(Path, folders)) if folders else _builtin()


@cache
def _builtin() -> Rulebook:
    return _read(())


def _read(places: Iterable[Path]) -> Rulebook:
    given = [data_folder(place) for place in places]
    complete = any(STOPS in folder.files for folder in given)
    folders = given if complete else [data_folder(BUILTIN), *given]
    sha256 = _sha256(folders)
    place = _place(sha256)
    with uncollected():
        compiled = cachedir.kept(place) if place else None
        if compiled is not None:
            book = _book(marshal.loads(compiled))
        else:
            from healthlint.loading import loaded  # noqa: PLC0415 - seldom needed

            book = loaded(folders)
            if place and _code() == _CODE_READ:
                cachedir.keep(place, marshal.dumps(_plain(book)))
                cachedir.prune(place.parent, _MOST_KEPT)
    return replace(book, folders=tuple(folder.place for folder in given), sha256=sha256)


# --- compiled rules ----------------------------------------------------------------------------------------


def _code() -> bytes:
    """A digest of the code that decides what becomes of a YAML file, as it is on the disk; empty without any."""
    digest = hashlib.sha256(f"{__version__} {sys.version}".encode())
    try:
        for path in sorted(Path(__file__).parent.glob("*.py")):
            digest.update(_framed(path.read_bytes()))
    except OSError:
        return b""
    return digest.digest()


def _sha256(folders: Sequence[DataFolder]) -> str:
    """A digest of every path and every byte of `folders`; "" when something in them cannot be read."""
    digest = hashlib.sha256()
    for folder in folders:
        digest.update(_framed(folder.place.as_posix().encode("utf-8", "surrogateescape")))
        for name, data in folder.files.items():
            if isinstance(data, OSError):
                return ""
            digest.update(_framed(name.encode("utf-8", "surrogateescape")) + _framed(data))
    return digest.hexdigest()


def _place(sha256: str) -> Path | None:
    """Where the rules of folders with that digest are kept, for this code; None when they cannot be."""
    caches = cachedir.folder()
    if caches is None or not sha256 or not _CODE_READ:
        return None
    return caches / "rules" / hashlib.sha256(_CODE_READ + sha256.encode()).hexdigest()


def _framed(data: bytes) -> bytes:
    return b"%d " % len(data) + data


_CODE_READ = _code()
"""As it was when it was imported: a process may go on for days while the code is edited."""


def _plain(book: Rulebook) -> Any:
    """The book as texts, numbers, tuples, dictionaries and sets of those, for `_book`."""
    vocabulary = book.rules[0].vocabulary if book.rules else Vocabulary()
    return (
        (
            tuple((each.name, each.listed, each.includes) for each in vocabulary.lexicons),
            tuple((*cue[:3], _sources([cue.phrase])) for cue in vocabulary.cues),
            {name: _sources(phrases) for name, phrases in vocabulary.pseudo_cues.items()},
            {name: _sources(phrases.phrases) for name, phrases in vocabulary.signals.items()},
            {kind: tuple(map(tuple, pairs)) for kind, pairs in vocabulary.pairs.items()},
            _sources(vocabulary.contrast_stops),
            _sources(vocabulary.clause_stops),
            _sources(vocabulary.comma_stops),
            dict(vocabulary.inflector.irregular),
            vocabulary.term_lines,
        ),
        tuple(map(_plain_rule, book.rules)),
        tuple(map(tuple, book.sources.values())),
        tuple(vars(each) for each in book.profiles.values()),
        tuple(vars(each) for each in book.packs.values()),
    )


def _book(plain: Any) -> Rulebook:
    """The book of which `plain` is what `_plain` gave."""
    words, rules, sources, profiles, packs = plain
    vocabulary = _vocabulary(words)
    return Rulebook(
        tuple(_rule(each, vocabulary) for each in rules),
        {each[0]: Source(*each) for each in sources},
        {each["name"]: Profile(**each) for each in profiles},
        {each["name"]: Pack(**each) for each in packs},
    )


def _vocabulary(plain: Any) -> Vocabulary:
    lexicons, cues, pseudo, signals, pairs, contrast, clause, comma, irregular, term_lines = plain
    inflector = Inflector(irregular)
    return Vocabulary(
        tuple(Lexicon(*each) for each in lexicons),
        tuple(Cue(*kind, *_phrases(sources, inflector)) for *kind, sources in cues),
        {name: _phrases(sources, inflector) for name, sources in pseudo.items()},
        {name: PhraseSet(_phrases(sources, inflector)) for name, sources in signals.items()},
        {kind: tuple(Pair(*each) for each in known) for kind, known in pairs.items()},
        _phrases(contrast, inflector),
        _phrases(clause, inflector),
        _phrases(comma, inflector),
        inflector,
        term_lines,
    )


def _plain_rule(rule: Rule) -> dict[str, Any]:
    """The fields of a rule by name, without the vocabulary, which is that of all rules."""
    return {
        **{each.name: getattr(rule, each.name) for each in fields(rule) if each.name != "vocabulary"},
        **{name: _sources(getattr(rule, name)) for name in _PHRASES},
        "absent": tuple((need.name, _sources(need.phrases), need.at_least) for need in rule.absent),
        "where": tuple(
            _sources(part) if name in _FRAMES else part for name, part in rule.where._asdict().items()
        ),
    }


def _rule(plain: dict[str, Any], vocabulary: Vocabulary) -> Rule:
    inflector = vocabulary.inflector
    where = dict(zip(Where._fields, plain["where"], strict=True))
    framed = {name: _phrases(where[name], inflector) for name in _FRAMES}
    return Rule(
        **{
            **plain,
            **{name: _phrases(plain[name], inflector) for name in _PHRASES},
            "vocabulary": vocabulary,
            "absent": tuple(
                Requirement(name, _phrases(sources, inflector), at_least)
                for name, sources, at_least in plain["absent"]
            ),
            "where": Where(**{**where, **framed}),
        }
    )


def _sources(phrases: Iterable[Phrase]) -> tuple[tuple[str, str], ...]:
    return tuple((each.source, each.words) for each in phrases)


def _phrases(sources: Iterable[tuple[str, str]], inflector: Inflector) -> tuple[Phrase, ...]:
    return tuple(Phrase(source, words, inflector) for source, words in sources)


# --- names of rules in other files -------------------------------------------------------------------------


def rule_names(keys: Keys, key: str, book: Rulebook, *, families: bool = True) -> tuple[str, ...]:
    """The rule ids and families in the list at `key`; what `book` does not have is an error of `keys`.

    A book without rules is one that could not be read: any name will do.
    """
    nodes = keys.text_nodes(key)
    known = book.names if families else frozenset(rule.id for rule in book.rules)
    for node in nodes:
        if book.rules and node.text not in known:
            keys.wrong(node, f"“{key}”: {unknown_rule(node.text, known)}")
    return tuple(node.text for node in nodes)


def severities(keys: Keys, book: Rulebook) -> tuple[tuple[str, Severity], ...]:
    """The mapping of rule ids and families to severities at “severity”, sorted; faults are errors of `keys`."""
    node = keys.get("severity")
    if node is None:
        return ()
    if node.kind != "mapping":
        keys.wrong(node, "“severity” must be a mapping of rule ids to error, warning or info")
        return ()
    found: dict[str, Severity] = {}
    for rule, value in node.pairs:
        if book.rules and rule.text not in book.names:
            keys.wrong(rule, f"“severity”: {unknown_rule(rule.text, book.names)}")
        if value.text not in SEVERITIES:
            hint = nearest(value.text, SEVERITIES) or "; to switch it off, put it under “ignore”"
            keys.wrong(value, f"“severity: {rule.text}” must be error, warning or info{hint}")
        else:
            found[rule.text] = value.text
    return tuple(sorted(found.items()))


def limits(keys: Keys, book: Rulebook) -> tuple[tuple[str, int], ...]:
    """The mapping of rule ids to numbers at “limits”, sorted; faults are errors of `keys`."""
    if not book.rules:
        return ()
    found = keys.mapping("limits", (rule.id for rule in book.rules if rule.limit))
    if found is None:
        return ()
    return tuple(sorted((key.text, found.number(key.text, 0)) for key, _ in found.node.pairs))


def unknown_rule(name: str, known: Iterable[str]) -> str:
    """Says that there is no rule or family `name`, and which of `known` may be meant."""
    hint = nearest(name, known) or "; `healthlint rules` lists them"
    return f"there is no rule or family “{name}”{hint}"
