"""Folders of YAML become rules: everything is checked, every fault names file, line and key.

A folder holds

    <family>/<rule-id>.yaml    one rule
    lexicon/<slot>.yaml        terms for <slot>; a folder of one's own adds to the built-in terms
    cues/<context>.yaml        what excuses a claim; stops.yaml says where clauses end
    signals/<name>.yaml        what the Python checks look for
    profiles/<name>.yaml       a kind of content
    packs/<name>.yaml          a jurisdiction
    sources.yaml               the register of sources

Who wants rules asks `rulebook.rulebook`, which comes here for those that it does not know yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from healthlint.context import STRUCTURAL_CONTEXTS
from healthlint.datafile import LONGEST_NUMBER, DataFolder, Keys, Node, yaml_data
from healthlint.errors import DataError, DataErrors, nearest
from healthlint.language import spacy_fault
from healthlint.pagekind import KINDS
from healthlint.phrase import Phrase, PhraseError, PhraseSet, expanded, phrase
from healthlint.profile import EDITORIAL, Pack, Profile, Unexcused
from healthlint.rule import ANYWHERE, SEVERITIES, PlainExample, Requirement, Rule, Severity, Where
from healthlint.rulebook import BUILTIN, STOPS, Rulebook, Source, limits, rule_names, severities
from healthlint.vocabulary import Cue, Inflector, Lexicon, Pair, Vocabulary, joined, term_lines, with_plurals

_DATA_FOLDERS = ("lexicon", "cues", "signals", "packs", "profiles")
_KINDS = ("phrases", "tokens", "absent", "metadata", "check")
_RULE_KEYS = (
    "id", "extends", "family", "severity", "default", "message", "why", "fix", "sources", *_KINDS, "limit", "when",
    "about", "not", "unless", "except", "where", "once", "suggest", "examples",
)  # fmt: skip
_GROWING = ("phrases", "except", "unless", "sources", "bad", "good")
"""Lists of a rule that grow when another rule extends it."""
_LONGEST_MESSAGE = 120
_MOST_TERMS = 200_000
"""So many terms may all lexicons have together; the built-in ones have 22,000."""
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""What a rule or a family may be called."""
_WEB = re.compile(r"https?://[^\s<>\"\\]+")
"""An address that people may be sent to, and that ends where it stands between < and >."""


def loaded(folders: Sequence[DataFolder]) -> Rulebook:
    """The rules in `folders`. Raises `DataErrors` naming every fault in them."""
    loading = _Loading(folders)
    sources: dict[str, Source] = {}
    for folder in folders:
        sources |= loading.sources(folder.place / "sources.yaml")
    vocabulary = loading.vocabulary()
    rules = loading.rules(vocabulary, sources)
    book = Rulebook(tuple(sorted(rules.values(), key=lambda rule: (rule.family, rule.id))), sources)
    profiles = {
        each.name: each for path in loading.in_folder("profiles") for each in loading.profiles(path, book)
    }
    packs = {each.name: each for path in loading.in_folder("packs") for each in loading.packs(path, book)}
    if loading.errors:
        raise DataErrors(loading.errors)
    return replace(book, profiles={**book.profiles, **profiles}, packs=packs)


def extended(base: Node, node: Node) -> Node:
    """The rule in `base` with what `node` says in addition: lists grow, other keys are replaced.

    What is inherited has the line of “extends”, where the author of `node` can do something about it.
    """
    extends = node.value("extends")
    return _grown(base.at(extends.line if extends else node.line), node)


def _grown(base: Node, node: Node) -> Node:
    pairs = {key.text: (key, value) for key, value in base.pairs}
    for key, value in node.pairs:
        inherited = base.value(key.text)
        grown = value
        if inherited and key.text in _GROWING:
            grown = Node(value.line, "list", items=(*inherited.as_items(), *value.as_items()))
        elif inherited and key.text == "examples" and value.kind == "mapping":
            grown = _grown(inherited, value)
        pairs[key.text] = (key, grown)
    return Node(node.line, "mapping", pairs=tuple(pairs.values()))


class _Loading:
    """What is read, the errors met so far, and what phrases need to be compiled."""

    def __init__(self, folders: Sequence[DataFolder]) -> None:
        self.errors: list[DataError] = [
            DataError("is not a folder of rules", path=folder.place.as_posix())
            for folder in folders
            if not folder.place.is_dir()
        ]
        self.folders = folders
        self.files = {folder.place / name: data for folder in folders for name, data in folder.files.items()}
        self.term_count = 0
        self.inflector = Inflector()
        self.slots: frozenset[str] = frozenset()
        self.contexts: frozenset[str] = frozenset(STRUCTURAL_CONTEXTS)
        self.includes: list[tuple[Keys, Node]] = []

    def node(self, path: Path) -> Node | None:
        try:
            return yaml_data(self.files[path], path.as_posix())
        except DataErrors as errors:
            self.errors.extend(errors.errors)
            return None

    def in_folder(self, name: str) -> Iterator[Path]:
        for folder in self.folders:
            yield from (folder.place / each for each in folder.files if each.startswith(f"{name}/"))

    def rule_files(self) -> Iterator[Path]:
        for path in self.files:
            if path.parent.name not in _DATA_FOLDERS and path.name != "sources.yaml":
                yield path

    def keys(self, path: Path, name: str, known: Iterable[str]) -> Keys | None:
        node = self.node(path)
        return None if node is None else Keys.of(node, path.as_posix(), self.errors, name, known)

    def phrase(self, node: Node, keys: Keys) -> Phrase | None:
        try:
            found = phrase(node.text, self.inflector)
        except PhraseError as error:
            keys.wrong(node, str(error))
            return None
        for slot in sorted(found.slots - self.slots):
            keys.wrong(node, f"“{node.text}”: there is no lexicon <{slot}>{nearest(slot, self.slots)}")
        return found

    def phrases(self, keys: Keys, key: str) -> tuple[Phrase, ...]:
        found = (self.phrase(node, keys) for node in keys.text_nodes(key))
        return tuple(each for each in found if each)

    def terms(self, keys: Keys, key: str) -> tuple[tuple[str, ...], ...]:
        found: dict[tuple[str, ...], None] = {}
        for node in keys.text_nodes(key):
            try:
                found |= dict.fromkeys(expanded(node.text))
            except PhraseError as error:
                keys.wrong(node, str(error))
            if self.term_count + len(found) > _MOST_TERMS:
                keys.wrong(node, f"with this line all lexicons have more than {_MOST_TERMS:,} terms")
                raise DataErrors(self.errors)
        self.term_count += len(found)
        return tuple(found)

    # --- words -----------------------------------------------------------------------------------------

    def vocabulary(self) -> Vocabulary:
        lexicons: list[Lexicon] = []
        pairs: dict[str, tuple[Pair, ...]] = {}
        for path in self.in_folder("lexicon"):
            if path.stem == "irregular-verbs":
                self._irregular_verbs(path)
            elif path.stem.startswith("established-"):
                pairs[path.stem] = pairs.get(path.stem, ()) + tuple(self._pairs(path))
            else:
                lexicons.extend(self._lexicon(path))
        self.slots = frozenset({lexicon.name for lexicon in lexicons} | {"number"})
        for keys, node in self.includes:
            if node.text not in self.slots:
                keys.wrong(
                    node, f"“includes”: there is no lexicon “{node.text}”{nearest(node.text, self.slots)}"
                )
        cues: list[Cue] = []
        pseudo: dict[str, tuple[Phrase, ...]] = {}
        stops: dict[str, tuple[Phrase, ...]] = {}
        for path in self.in_folder("cues"):
            if path.stem == "stops":
                kinds = ("contrast", "clause", "after-comma")
                stop_keys = self.keys(path, "stops", ("about", *kinds))
                if stop_keys:
                    stops |= {key: stops.get(key, ()) + self.phrases(stop_keys, key) for key in kinds}
            else:
                self._cues(path, cues, pseudo)
        self.contexts |= {cue.context for cue in cues}
        signals: dict[str, tuple[Phrase, ...]] = {}
        for path in self.in_folder("signals"):
            signal = self.keys(path, "a signal", ("signal", "about", "phrases"))
            if signal:
                self._named(signal, path, "signal")
                signals[path.stem] = signals.get(path.stem, ()) + self.phrases(signal, "phrases")
        self._need_signals()
        everything = joined(lexicons)
        return Vocabulary(
            everything,
            tuple(cues),
            pseudo,
            {name: PhraseSet(phrases) for name, phrases in signals.items()},
            pairs,
            stops.get("contrast", ()),
            stops.get("clause", ()),
            stops.get("after-comma", ()),
            self.inflector,
            term_lines(everything),
        )

    def _need_signals(self) -> None:
        """Note what is missing where a folder stands in the place of the built-in words, for which the checks ask."""
        present = {name for folder in self.folders for name in folder.files}
        needed = sorted(f"signals/{file.name}" for file in (BUILTIN / "signals").glob("*.yaml"))
        place = next(folder.place for folder in self.folders if STOPS in folder.files)
        message = f"is missing; a folder with {STOPS} needs each signal that the built-in rules have"
        self.errors += [
            DataError(message, path=(place / name).as_posix()) for name in needed if name not in present
        ]

    def _lexicon(self, path: Path) -> Iterator[Lexicon]:
        keys = self.keys(path, "a lexicon", ("name", "about", "includes", "terms"))
        if keys:
            self._named(keys, path, "name")
            if "includes" not in keys:
                keys.require("terms")
            self.includes.extend((keys, node) for node in keys.text_nodes("includes"))
            yield Lexicon.of(path.stem, self.terms(keys, "terms"), keys.texts("includes"))

    def _named(self, keys: Keys, path: Path, key: str) -> None:
        if keys.text(key) != path.stem:
            keys.wrong(keys.get(key) or keys.node, f"“{key}” must be “{path.stem}”, like the file")

    def _irregular_verbs(self, path: Path) -> None:
        keys = self.keys(path, "irregular verbs", ("name", "about", "verbs"))
        node = keys.get("verbs") if keys else None
        if keys and node and node.kind == "mapping":
            forms = {
                verb.text: tuple(part.text for part in (value.items or (value,)))
                for verb, value in node.pairs
            }
            self.inflector = Inflector({**self.inflector.irregular, **forms})

    def _pairs(self, path: Path) -> Iterator[Pair]:
        keys = self.keys(path, "pairs", ("name", "about", "pairs"))
        for pair in keys.mappings("pairs", ("treatment", "condition")) if keys else ():
            pair.require("treatment", "condition")
            treatments, conditions = self.terms(pair, "treatment"), self.terms(pair, "condition")
            yield Pair(with_plurals(treatments), with_plurals(conditions))

    def _cues(self, path: Path, cues: list[Cue], pseudo: dict[str, tuple[Phrase, ...]]) -> None:
        keys = self.keys(path, "a context", ("context", "about", "cues", "pseudo"))
        if not keys:
            return
        self._named(keys, path, "context")
        for entry in keys.mappings("cues", ("direction", "within", "phrases")):
            direction = entry.choice("direction", ("forward", "backward", "anywhere"), "forward")
            within = entry.choice("within", ("segment", "clause", "sentence", "nearby"), "clause")
            cues.extend(
                Cue(path.stem, direction, within, each)  # type: ignore[arg-type]
                for each in self.phrases(entry, "phrases")
            )
        pseudo[path.stem] = pseudo.get(path.stem, ()) + self.phrases(keys, "pseudo")

    # --- sources and rules -----------------------------------------------------------------------------

    def sources(self, path: Path) -> dict[str, Source]:
        node = self.node(path) if path in self.files else None
        if node is None:
            return {}
        found = {}
        known = ("title", "body", "year", "section", "url", "jurisdiction", "status", "checked")
        for key, value in node.pairs:
            keys = Keys.of(value, path.as_posix(), self.errors, f"the source “{key.text}”", known)
            keys.require("title", "body", "url", "status", "checked")
            if keys.text("url") and not _WEB.fullmatch(keys.text("url")):
                keys.wrong(
                    keys.get("url") or value, "“url” must be an address that begins with https:// or http://"
                )
            keys.choice("status", ("verified", "secondary", "unverified"), "unverified")
            found[key.text] = Source(key.text, *(keys.text(name) for name in known))
        return found

    def rules(self, vocabulary: Vocabulary, sources: Mapping[str, Source]) -> dict[str, Rule]:
        """By id; a rule that extends another waits until that one is read."""
        found: dict[str, Rule] = {}
        nodes: dict[str, Node] = {}
        waiting = [(path, node) for path in self.rule_files() if (node := self.node(path))]
        while waiting:
            later: list[tuple[Path, Node]] = []
            for path, node in waiting:
                base = node.value("extends")
                if base and base.text not in nodes:
                    later.append((path, node))
                    continue
                if path.stem in nodes and not (base and base.text == path.stem):
                    message = (
                        f"the rule “{path.stem}” exists already; choose another id, "
                        f"or write “extends: {path.stem}” to add to it"
                    )
                    self.errors.append(DataError(message, path=path.as_posix(), line=1))
                    continue
                nodes[path.stem] = extended(nodes[base.text], node) if base else node
                rule = self.rule(path, nodes[path.stem], vocabulary, sources)
                if rule:
                    found[rule.id] = rule
            if len(later) == len(waiting):
                for path, node in later:
                    base = node.value("extends") or node
                    message = f"“extends”: there is no rule “{base.text}”{nearest(base.text, nodes)}"
                    self.errors.append(DataError(message, path=path.as_posix(), line=base.line))
                break
            waiting = later
        return found

    def rule(
        self, path: Path, node: Node, vocabulary: Vocabulary, sources: Mapping[str, Source]
    ) -> Rule | None:
        before = len(self.errors)
        keys = Keys.of(node, path.as_posix(), self.errors, "a rule", _RULE_KEYS)
        keys.require("id", "family", "severity", "message", "why", "fix", "sources", "examples")
        self._named(keys, path, "id")
        for key in ("id", "family"):
            if keys.text(key) and not _NAME.fullmatch(keys.text(key)):
                keys.wrong(
                    keys.get(key) or keys.node,
                    f"“{key}: {keys.text(key)}” must be made of small letters, digits and hyphens: comments and services name it",
                )
        kinds = [kind for kind in _KINDS if kind in keys]
        if len(kinds) != 1:
            keys.wrong(
                keys.get(kinds[1]) if kinds else keys.node,  # type: ignore[arg-type]
                f"a rule has exactly one of {', '.join(_KINDS)}; this one has {', '.join(kinds) or 'none'}",
            )
        message = keys.text("message")
        if len(message) > _LONGEST_MESSAGE or not message.endswith("."):
            keys.wrong(
                keys.get("message") or keys.node,
                f"“message” must be one sentence of at most {_LONGEST_MESSAGE} characters that ends with a full stop",
            )
        for source in keys.text_nodes("sources"):
            if source.text not in sources and not _WEB.fullmatch(source.text):
                keys.wrong(
                    source,
                    f"“sources”: there is no source “{source.text}” in the register{nearest(source.text, sources)}",
                )
        self._contexts(keys, "unless")
        for key in ("when", "about"):
            if key in keys and "absent" not in keys:
                keys.wrong(
                    keys.get(key) or keys.node,
                    f"“{key}” goes with “absent”; for the frame of a phrase use “where”",
                )
        if "limit" in keys and "check" not in keys:
            keys.wrong(keys.get("limit") or keys.node, "“limit” goes with “check”")
        tokens, token_words = self._tokens(keys)
        cited = keys.texts("sources")
        suggest = keys.get("suggest")
        rule = Rule(
            id=path.stem,
            family=keys.text("family"),
            severity=cast("Severity", keys.choice("severity", SEVERITIES, "warning")),
            message=message,
            why=keys.text("why"),
            fix=" ".join(keys.text("fix").split()),
            sources=cited,
            url=sources[cited[0]].url if cited and cited[0] in sources else "".join(cited[:1]),
            path=path.as_posix(),
            vocabulary=vocabulary,
            default=keys.flag("default", default=True),
            phrases=self.phrases(keys, "phrases"),
            tokens=tokens,
            token_words=token_words,
            absent=tuple(self._absent(keys)),
            when=self.phrases(keys, "when"),
            about=self.phrases(keys, "about"),
            metadata=keys.texts("metadata"),
            placeholders=keys.texts("not"),
            check=keys.text("check"),
            limit=keys.number("limit", 0),
            unless=keys.texts("unless"),
            excepted=self.phrases(keys, "except"),
            where=self._where(keys),
            once=keys.flag("once", default=False),
            suggest={key.text.lower(): value.text for key, value in suggest.pairs} if suggest else {},
            proof=tuple(self._examples(keys)),
        )
        return rule if len(self.errors) == before else None

    # --- profiles and packs ----------------------------------------------------------------------------

    def profiles(self, path: Path, book: Rulebook) -> Iterator[Profile]:
        known = (
            *("profile", "about", "page", "select", "ignore", "severity", "unexcused"),
            *("disclaimer", "limits"),
        )
        keys = self.keys(path, "a profile", known)
        if keys:
            self._named(keys, path, "profile")
            keys.require("about")
            yield Profile(
                path.stem,
                keys.text("about"),
                path.as_posix(),
                keys.choice("page", ("", *KINDS), ""),
                rule_names(keys, "select", book, families=False),
                rule_names(keys, "ignore", book),
                severities(keys, book),
                self._unexcused(keys, book),
                self._components(keys),
                limits(keys, book),
            )

    def packs(self, path: Path, book: Rulebook) -> Iterator[Pack]:
        keys = self.keys(path, "a pack", ("pack", "about", "jurisdiction", "select", "severity", "unexcused"))
        if keys:
            self._named(keys, path, "pack")
            keys.require("about", "jurisdiction")
            found = severities(keys, book)
            node = keys.get("severity")
            for rule in book.rules:
                asked = dict(found).get(rule.id)
                if node and asked and SEVERITIES.index(asked) < SEVERITIES.index(rule.severity):
                    keys.wrong(
                        node,
                        f"“severity: {rule.id}”: a pack never softens a rule; this one is {rule.severity} everywhere",
                    )
            yield Pack(
                path.stem,
                keys.text("about"),
                path.as_posix(),
                keys.text("jurisdiction"),
                rule_names(keys, "select", book, families=False),
                found,
                self._unexcused(keys, book),
            )

    def _unexcused(self, keys: Keys, book: Rulebook) -> Unexcused:
        found = keys.mapping("unexcused", sorted(self.contexts))
        if found is None:
            return ()
        return tuple((key.text, rule_names(found, key.text, book)) for key, _ in found.node.pairs)

    def _components(self, keys: Keys) -> tuple[str, ...]:
        for node in keys.text_nodes("disclaimer"):
            if not node.text or set(node.text) - set("ABCDE"):
                keys.wrong(
                    node,
                    f"“disclaimer: {node.text}” must be a list of components A to E, those together of which one is enough: [AB, C]",
                )
        return keys.texts("disclaimer") if "disclaimer" in keys else EDITORIAL.disclaimer

    # --- parts of a rule -------------------------------------------------------------------------------

    def _contexts(self, keys: Keys, key: str) -> tuple[str, ...]:
        for node in keys.text_nodes(key):
            if node.text not in self.contexts:
                keys.wrong(
                    node,
                    f"“{key}”: there is no context “{node.text}”{nearest(node.text, self.contexts) or '; known: ' + ', '.join(sorted(self.contexts))}",
                )
        return keys.texts(key)

    def _where(self, keys: Keys) -> Where:
        where = keys.mapping("where", Where._fields)
        if where is None:
            return ANYWHERE
        for node in where.text_nodes("page"):
            if node.text not in KINDS:
                where.wrong(node, f"“page”: there is no kind “{node.text}”; known: {', '.join(KINDS)}")
        return Where(
            blocks=where.texts("blocks"),
            heading=self.phrases(where, "heading"),
            sentence=self.phrases(where, "sentence"),
            nearby=self.phrases(where, "nearby"),
            page=where.texts("page"),
            context=self._contexts(where, "context"),
            cited=where.flag("cited", default=True) if "cited" in where else None,
        )

    def _absent(self, keys: Keys) -> Iterator[Requirement]:
        node = keys.get("absent")
        if node is None:
            return
        if node.kind == "list":
            yield Requirement("", self.phrases(keys, "absent"), 1)
            return
        for name, value in node.pairs:
            part = Keys.of(value, keys.path, keys.errors, f"“absent: {name.text}”", ("at-least", "phrases"))
            part.require("phrases")
            yield Requirement(name.text, self.phrases(part, "phrases"), part.number("at-least", 1))

    def _tokens(self, keys: Keys) -> tuple[str, frozenset[str]]:
        node = keys.get("tokens")
        if node is None:
            return "", frozenset()
        patterns: list[object] = []
        words: set[str] = set()
        for item in keys.items("tokens"):
            if item.kind != "list" or any(token.kind != "mapping" for token in item.items):
                keys.wrong(item, "“tokens” is a list of spaCy Matcher patterns: lists of {ATTRIBUTE: value}")
                continue
            pattern = [{key.text: _spacy_value(value) for key, value in token.pairs} for token in item.items]
            needed = _token_words(pattern)
            if not needed:
                keys.wrong(
                    item,
                    "a token pattern needs a token with LOWER and no OP, so that healthlint knows where to look",
                )
            elif fault := spacy_fault(json.dumps([pattern])):
                keys.wrong(item, f"spaCy refuses this token pattern: {fault}")
            words |= needed
            patterns.append(pattern)
        return json.dumps(patterns, sort_keys=True), frozenset(words)

    def _examples(self, keys: Keys) -> Iterator[PlainExample]:
        examples = keys.mapping("examples", ("bad", "good"))
        if examples:
            examples.require("bad", "good")
            yield from self._example(examples, "bad")
            yield from self._example(examples, "good")

    def _example(self, keys: Keys, key: str) -> Iterator[PlainExample]:
        for node in keys.items(key):
            text, language, page = node.text, "markdown", ""
            if node.kind == "mapping":
                parts = Keys.of(node, keys.path, keys.errors, "an example", ("format", "page", "text"))
                parts.require("text")
                value = parts.get("text")
                text, language = value.text if value else "", parts.text("format", "markdown")
                page = parts.choice("page", ("", *KINDS), "")
            start, end = text.find("<<"), text.find(">>")
            if key == "bad" and (start < 0 or end < start or text.count("<<") > 1):
                keys.wrong(node, "a bad example marks the one place that must be flagged: <<like this>>")
            elif key == "good" and start >= 0:
                keys.wrong(node, "a good example has no << >> mark")
            elif key == "bad":
                bare = text[:start] + text[start + 2 : end] + text[end + 2 :]
                yield bare, (start, end - 2), language, node.line, page
            else:
                yield text, None, language, node.line, page


def _spacy_value(node: Node) -> object:
    if node.kind == "list":
        return [_spacy_value(item) for item in node.items]
    if node.kind == "mapping":
        return {key.text: _spacy_value(value) for key, value in node.pairs}
    if node.text in ("true", "false"):
        return node.text == "true"
    is_number = node.text.isdecimal() and len(node.text) <= LONGEST_NUMBER
    return int(node.text) if is_number else node.text


def _token_words(pattern: Sequence[Mapping[str, object]]) -> frozenset[str]:
    choices: list[frozenset[str]] = []
    for token in pattern:
        lower = token.get("LOWER")
        if "OP" in token or lower is None:
            continue
        words = lower.get("IN") if isinstance(lower, dict) else [lower]
        if isinstance(words, list):
            choices.append(frozenset(str(word) for word in words))
    return min(choices, key=lambda words: (len(words), sorted(words)), default=frozenset())
