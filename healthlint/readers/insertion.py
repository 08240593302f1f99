"""Where a paragraph, or a key of the front matter, can be put into an article, and as what it is written there.

Readers know every trap of their format. So a place is guessed from the blocks around it, and counts only when
the reader, given the article with the addition, finds the same article and the addition.
"""

from __future__ import annotations

import json
import re
import textwrap
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import import_module
from itertools import accumulate, takewhile
from typing import NamedTuple

import yaml

from healthlint.document import Block, Document, bare
from healthlint.readers import read_text
from healthlint.readers.frontmatter import FrontMatter, front_matter
from healthlint.span import Span, line_starts
from healthlint.tomlfile import toml_entries

Pair = tuple[str, str | tuple[str, ...]]
"""A key of the front matter, and its value or values."""

_LONGEST_INTRODUCTION = 250
"""A notice stands before the first section, unless the introduction has more words than this."""

_FULL = 12
"""A paragraph of so many words that ends a sentence is no byline and no teaser."""

_MOST_PLACES = 40
"""After so many places that were tried in vain, an article is left alone."""

_APART = frozenset(
    ("quote", "list", "table", "footnote", "details", "aside", "small", "figure", "footer", "nav")
)
"""Containers in which a notice would not be one of the article's."""

_UNWRAPPED = 100
"""A paragraph of more characters would have several lines where lines are wrapped by hand."""
_NARROWEST, _WIDEST = 40, 120
"""Characters of such a line."""

_WITH_FRONT_MATTER = ("markdown", "mdx")
_WITH_REFERENCES = ("markdown", "mdx", "html")
"""Formats in which `&#8220;` can stand for a character that the encoding lacks."""

_ENDS_SENTENCE = re.compile(r"[.!?…][\"')\]*]*\Z")
_LINE_END = re.compile(r"\r\n|[\r\n]")
_BLANK_LINE_BEFORE = re.compile(r"(?:\A|\r\n|\n|\r(?!\n))[ \t]*(?:\A|\r\n|\n|\r(?!\n))\Z")
_BLANK_LINE = re.compile(r"[ \t]*(?:[\r\n]|\Z)")
_INDENT = re.compile(r"[ \t]*")
_COVERS_NEXT = "healthlint-disable-next-line"

# What would be markup. Within words "_" is a letter like any other.
_MARKDOWN = re.compile(
    r"[\\`*\[\]<>|~${}]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])|^[-+#=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]"
)
_RST = re.compile(r"[\\`*|]|_(?![^\W_])|^[-+.:>]")

_BARE_KEY = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_NO_TOML_KEY = re.compile(r"[ \t]*(?:#|[\r\n])")


class Insertion(NamedTuple):
    """Text to be put into a source."""

    at: int
    """The offset before which it is put: code points, from 0."""
    text: str

    def into(self, source: str) -> str:
        """`source` with the text in it."""
        return source[: self.at] + self.text + source[self.at :]


# --- a paragraph -------------------------------------------------------------------------------------------


def paragraph(document: Document, text: str) -> Insertion | None:
    """`text` as a paragraph of the article, near its top.

    It stands between the introduction and the first section, or behind the first paragraph of a long
    introduction, or as near to that as can be. None when there is no such place, or the encoding of the file
    lacks a character.
    """
    article = _article(document)
    outer = _shared(article)
    written = _written(document, " ".join(text.split()))
    if not article or written is None or not _APART.isdisjoint(outer):
        return None
    alone = read_text(written, format=document.format, path=document.path)
    wanted = " ".join(block.text for block in alone.blocks)
    tried = 0
    for index in _order(document, article, outer):
        for insertion in _insertions(document, article, index, outer, written):
            if tried == _MOST_PLACES:
                return None
            if _adds_paragraph(document, insertion, outer, wanted):
                return insertion
            tried += 1
    return None


def _article(document: Document) -> list[Block]:
    """The blocks of the article itself that have words, in order."""
    return [
        block
        for block in document.blocks
        if block.is_visible and block.zone == "article" and any(map(str.isalnum, block.text))
    ]


def _shared(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The containers in which all of `blocks` stand, outermost first."""
    levels = zip(*(block.containers for block in blocks), strict=False)
    return tuple(level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels))


def _written(document: Document, text: str) -> str | None:
    """`text` without anything that the format takes for markup; None when the encoding lacks a character."""
    if document.format == "html":
        text = escape(text, quote=False)
    elif document.format in ("markdown", "mdx"):
        text = _MARKDOWN.sub(r"\\\g<0>", text)
    elif document.format == "rst":
        text = _RST.sub(r"\\\g<0>", text)
    if document.format in _WITH_REFERENCES:
        return text.encode(document.encoding, "xmlcharrefreplace").decode(document.encoding)
    return text if _can_hold(document.encoding, text) else None


def _can_hold(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _order(document: Document, article: Sequence[Block], outer: tuple[str, ...]) -> Iterator[int]:
    """The blocks behind which a notice may stand, the best first; -1 is before all."""
    full = [at for at, block in enumerate(article) if _is_full(block, outer)]
    start = _body(document, article, full)
    headings = (at for at in range(start, len(article)) if article[at].kind == "heading")
    stop = next(headings, len(article))
    words = list(accumulate(block.word_count for block in article[start:]))
    near = [at for at in range(start, len(article)) if words[at - start] <= _LONGEST_INTRODUCTION]
    opening = [at for at in near if at < stop]
    paragraphs = [at for at in near if at in full]
    best = [stop - 1] if stop < len(article) and len(opening) == stop - start else []
    if document.format == "html":
        # Between the paragraphs of a page stand banners, buttons, trails of links.
        best = [at for at in paragraphs if best and at < stop][-1:]
    else:
        paragraphs = [at for at in paragraphs if at < stop]
    for at in dict.fromkeys([*best, *paragraphs, start - 1, *opening, *range(start, len(article))]):
        after = article[at + 1] if at + 1 < len(article) else None
        if at < 0 or after is None or not _belong_together(article[at], after, outer):
            yield at


def _body(document: Document, article: Sequence[Block], full: Sequence[int]) -> int:
    """The block with which the text begins, behind the title if the article shows one."""
    before = full[0] if full else len(article)
    title = next(
        (at for at in range(before) if article[at].level == 1 and article[at].kind == "heading"), None
    )
    if title is not None:
        return title + 1
    return int(article[0].kind == "heading" and not any(block.kind == "title" for block in document.blocks))


def _is_full(block: Block, outer: tuple[str, ...]) -> bool:
    return (
        block.kind == "paragraph"
        and block.containers == outer
        and block.word_count >= _FULL
        and _ENDS_SENTENCE.search(block.text) is not None
    )


def _belong_together(block: Block, after: Block, outer: tuple[str, ...]) -> bool:
    """Whether nothing may come between two blocks: they are parts of one thing, or one announces the other."""
    announces = block.kind == "term" or block.text.endswith(":")
    return announces or len(_shared([block, after])) > len(outer)


def _insertions(
    document: Document, article: Sequence[Block], index: int, outer: tuple[str, ...], written: str
) -> Iterator[Insertion]:
    """The ways to put a paragraph behind the block at `index` and before what follows it, the best first."""
    source = document.source
    before = article[index] if index >= 0 else None
    start = before.span.end if before else 0
    following = (block.span.start for block in document.blocks if block.zone != "metadata")
    stop = min((at for at in following if at >= start), default=len(source))
    if document.format == "html":
        yield from _elements(document, before, stop, f"<p>{written}</p>")
        return
    indent = _indent(document, before) if before and before.containers == outer else ""
    wrapped = _wrapped(indent + written, indent, _width(source, article))
    for at in dict.fromkeys(_gaps(source, start, stop, is_top=before is None)):
        if _COVERS_NEXT in source[:at].rstrip().rpartition("\n")[2]:
            continue
        if document.format == "markdown" and _is_deep(source, at):
            continue  # with a blank line before it, it would be code
        for lines in dict.fromkeys((wrapped, indent + written)):
            yield Insertion(at, _between_blank_lines(source, at, lines))


def _gaps(source: str, start: int, stop: int, *, is_top: bool) -> Iterator[int]:
    """Beginnings of lines between the blocks that end at `start` and begin at `stop`, the best first."""
    starts = [*line_starts(source), len(source)]
    after = bisect_right(starts, stop) - 1
    if not is_top:
        # Behind all that is joined to the block: an attribute list, an underline, a closing tag.
        behind = bisect_right(starts, start - 1)
        end = behind
        while end < after and not _BLANK_LINE.match(source, starts[end]):
            end += 1
        if end < after or _BLANK_LINE.match(source, starts[end]):
            yield starts[end]
        yield starts[min(behind, after)]
    # Before all that is joined to what follows.
    begin = after
    while begin > 0 and starts[begin - 1] >= start and not _BLANK_LINE.match(source, starts[begin - 1]):
        begin -= 1
    yield starts[begin]
    yield starts[after]


def _line_start(source: str, at: int) -> int:
    return max(source.rfind("\n", 0, at), source.rfind("\r", 0, at)) + 1


def _is_deep(source: str, at: int) -> bool:
    return len(_margin(source, at).expandtabs(4)) >= 4 and not _BLANK_LINE.match(source, at)


def _indent(document: Document, block: Block) -> str:
    """The white space before the first line of `block`, which a paragraph behind it takes up."""
    found = _margin(document.source, block.span.start)
    return found if document.format != "markdown" or len(found.expandtabs(4)) < 4 else ""


def _width(source: str, article: Iterable[Block]) -> int:
    """How long the lines of an article are that is wrapped by hand; 0 for another one."""
    long = [block.span for block in article if len(block.text) > _UNWRAPPED and block.kind != "cell"]
    wrapped = [span for span in long if _LINE_END.search(source, *span)]
    if 2 * len(wrapped) <= len(long):
        return 0
    lines = [
        line
        for span in wrapped
        for line in _LINE_END.split(source[_line_start(source, span.start) : span.end])
    ]
    width = max(map(len, lines), default=0)
    return width if _NARROWEST <= width <= _WIDEST else 0


def _wrapped(text: str, indent: str, width: int) -> str:
    """`text` in lines of at most `width` characters, joined by line feeds; on one line when `width` is 0."""
    if not width:
        return text
    lines = textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)


def _between_blank_lines(source: str, at: int, lines: str) -> str:
    """`lines` as they are put before the line that begins at `at`; the last line keeps what it ends with."""
    newline = line_end(source, at)
    lines = lines.replace("\n", newline)
    before = source[:at]
    is_open = bool(before) and not before.endswith(("\n", "\r"))
    is_apart = not before.strip() or _BLANK_LINE_BEFORE.search(before)
    opening = (newline if is_open else "") + ("" if is_apart else newline)
    if at == len(source):
        return opening + lines + ("" if is_open else newline)
    return opening + lines + newline + ("" if _BLANK_LINE.match(source, at) else newline)


def line_end(source: str, at: int) -> str:
    """The line end that stands nearest before `at`, or else behind it; a line feed when there is none."""
    begin = _line_start(source, at)
    if begin:
        return "\r\n" if source[:begin].endswith("\r\n") else source[begin - 1]
    found = _LINE_END.search(source, at)
    return found[0] if found else "\n"


def _elements(document: Document, before: Block | None, stop: int, element: str) -> Iterator[Insertion]:
    """The ways to put an element between the tags behind `before` and those at `stop`, as those stand."""
    source = document.source
    span = Span(before.span.end if before else 0, stop)
    edges = list(import_module("healthlint.readers.html").edges(source, document.path, span))
    for edge in sorted(edges, key=lambda edge: not edge.is_behind) if before else reversed(edges):
        newline, margin = line_end(source, edge.at), _margin(source, edge.at)
        if not edge.is_behind:
            is_first = not source[_line_start(source, edge.at) : edge.at].strip()
            yield Insertion(edge.at, element + newline + margin if is_first else element)
        elif _BLANK_LINE.match(source, edge.at):
            # The line of an end tag may be the last of several that are indented further.
            indent = min(margin, _margin(source, before.span.start), key=len) if before else margin
            yield Insertion(_end_of_space(source, edge.at), newline + indent + element)
        else:
            yield Insertion(edge.at, element)


def _end_of_space(source: str, at: int) -> int:
    space = _INDENT.match(source, at)
    return space.end() if space else at


def _margin(source: str, at: int) -> str:
    """The white space at the beginning of the line on which the offset `at` stands."""
    line = _line_start(source, at)
    return source[line : _end_of_space(source, line)]


def _adds_paragraph(document: Document, insertion: Insertion, outer: tuple[str, ...], wanted: str) -> bool:
    """Whether `insertion` adds the paragraph that reads `wanted` to what stands in `outer`, and changes nothing."""
    changed = read_text(insertion.into(document.source), format=document.format, path=document.path)
    end = insertion.at + len(insertion.text)
    added = [block for block in changed.blocks if insertion.at <= block.span.start < end]
    return (
        [(block.kind, block.zone, block.containers, block.text) for block in added]
        == [("paragraph", "article", outer, wanted)]
        and _shapes(block for block in changed.blocks if block is not added[0]) == _shapes(document.blocks)
        and [(each.name, each.value) for each in changed.fields]
        == [(each.name, each.value) for each in document.fields]
        and [each.name for each in changed.includes] == [each.name for each in document.includes]
        and len(changed.faults) <= len(document.faults)
    )


def _shapes(blocks: Iterable[Block]) -> list[tuple[object, ...]]:
    return [(block.kind, block.zone, block.level, block.containers, block.text) for block in blocks]


# --- front matter ------------------------------------------------------------------------------------------


def front_matter_keys(document: Document, pairs: Sequence[Pair]) -> Insertion | None:
    """Those of `pairs` whose keys the front matter lacks, as a part of it.

    Markdown and MDX that have no front matter are given one. None for other formats, for front matter that
    has a fault, and when no key is lacking.
    """
    if document.format not in _WITH_FRONT_MATTER:
        return None
    front = front_matter(document.source)
    present = {bare(each.name.partition(".")[0]) for each in document.fields}
    lacking = [pair for pair in pairs if bare(pair[0]) not in present]
    if not lacking or front.faults:
        return None
    insertion = _keys_at(document, front, lacking)
    return insertion if _adds_keys(document, insertion, lacking) else None


def _keys_at(document: Document, front: FrontMatter, pairs: Sequence[Pair]) -> Insertion:
    source, (start, stop) = document.source, front.inside
    newline = line_end(source, stop)
    if not front.mark:
        lines = ["---", *(_yaml(pair, document.encoding) for pair in pairs), "---", "", ""]
        return Insertion(0, newline.join(lines))
    if front.mark == "+++":
        at = _end_of_root_table(source, front.inside)
        return Insertion(at, "".join(_toml(pair, document.encoding) + newline for pair in pairs))
    if source[start:stop].lstrip().startswith("{"):
        return _in_braces(source, front.inside, [_json(pair, document.encoding) for pair in pairs])
    return Insertion(stop, "".join(_yaml(pair, document.encoding) + newline for pair in pairs))


def _end_of_root_table(source: str, inside: Span) -> int:
    """Where the next key would stand: before the first header and the comments and blank lines above it."""
    headers = (
        each for each in toml_entries(source, inside) if each.kind == "mapping" and each.key == each.span
    )
    header = next(headers, None)
    at = _line_start(source, header.key.start) if header else inside.end
    while header and at > inside.start:
        above = _line_start(source, at - (2 if source[:at].endswith("\r\n") else 1))
        if not _NO_TOML_KEY.match(source, above):
            break
        at = above
    return at


def _in_braces(source: str, inside: Span, pairs: Iterable[str]) -> Insertion:
    """The pairs behind the last one in braces, parted as the first is from its brace."""
    first = source.index("{", inside.start) + 1
    at = len(source[: source.rindex("}", first, inside.end)].rstrip())
    space = source[first : len(source) - len(source[first:].lstrip())]
    if at < first or source[at - 1] == "{":
        return Insertion(first, ", ".join(pairs))
    comma = "" if source[at - 1] == "," else ","
    return Insertion(at, comma + (space or " ") + ("," + (space or " ")).join(pairs))


def _adds_keys(document: Document, insertion: Insertion, pairs: Sequence[Pair]) -> bool:
    """Whether `insertion` gives the front matter these keys, and changes nothing else."""
    changed = read_text(insertion.into(document.source), format=document.format, path=document.path)
    added = [
        (name, value) for name, values in pairs for value in ([values] if isinstance(values, str) else values)
    ]
    said = [(each.name, each.value) for each in changed.fields]
    return (
        sorted(said) == sorted([*((each.name, each.value) for each in document.fields), *added])
        and _shapes(block for block in changed.blocks if block.zone != "metadata")
        == _shapes(block for block in document.blocks if block.zone != "metadata")
        and len(changed.faults) <= len(document.faults)
    )


def _yaml(pair: Pair, encoding: str) -> str:
    """A line of YAML, in quotes only where it needs them."""
    name, value = pair
    plain = f"{name}: {value if isinstance(value, str) else '[' + ', '.join(value) + ']'}"
    try:
        is_plain = yaml.safe_load(plain) == {name: value if isinstance(value, str) else list(value)}
    except yaml.YAMLError:
        is_plain = False
    if is_plain and _can_hold(encoding, plain):
        return plain
    key = name if _BARE_KEY.fullmatch(name) else _quoted(name, encoding)
    return f"{key}: {_value(value, encoding)}"


def _toml(pair: Pair, encoding: str) -> str:
    name, value = pair
    key = name if _BARE_KEY.fullmatch(name) else _quoted(name, encoding)
    return f"{key} = {_value(value, encoding)}"


def _json(pair: Pair, encoding: str) -> str:
    name, value = pair
    return f"{_quoted(name, encoding)}: {_value(value, encoding)}"


def _value(value: str | tuple[str, ...], encoding: str) -> str:
    if isinstance(value, str):
        return _quoted(value, encoding)
    return "[" + ", ".join(_quoted(each, encoding) for each in value) + "]"


def _quoted(text: str, encoding: str) -> str:
    """`text` in double quotes, with escapes that JSON, YAML and TOML have in common, also for what `encoding` lacks."""
    return json.dumps(text, ensure_ascii=not _can_hold(encoding, text))
