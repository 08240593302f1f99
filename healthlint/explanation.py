"""What a rule is, for people: lines for a terminal, and a page of Markdown for the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from healthlint.rule import Example, Rule
from healthlint.rulebook import Rulebook, Source
from healthlint.settings import Settings

_ACTIVE = re.compile(r"\\.|(?P<run>`+)(?!`).*?(?<!`)(?P=run)(?!`)|(?P<tag><)|(?P<link>\]\()", re.DOTALL)
"""In Markdown: escapes and code, which are skipped, then what begins HTML or the address of a link."""
_LANGUAGES = {"markdown": "md", "mdx": "mdx", "html": "html", "rst": "rst", "text": "text"}


def said(rule: Rule) -> str:
    """The message with “…” for what only a finding can tell."""
    return re.sub(r"“?\{[^}]*\}”?", "…", rule.message)


def explanation(rule: Rule, on: bool, book: Rulebook) -> Iterator[str]:
    """Lines of plain text: what, why, how to fix, examples, sources, how to switch it off."""
    yield f"{rule.id}  ({rule.family}, {rule.severity}, {'on' if on else 'off'})"
    yield said(rule)
    yield from _section("Why", rule.why.strip().splitlines())
    yield from _section("What to write instead", rule.fix.strip().splitlines())
    yield from _section("Flagged", [line for example in rule.bad for line in _example(example)])
    yield from _section("Not flagged", [line for example in rule.good for line in _example(example)])
    yield from _section("Sources", [line for key in rule.sources for line in _source(key, book)])
    yield from _section("How to switch it off", [f"{where:19}{how}" for where, how in _off(rule)])


def pages(book: Rulebook) -> dict[str, str]:
    """Markdown pages by file name: one for each rule, and `README.md` that lists them by family."""
    found = {f"{rule.id}.md": "\n".join(_page(rule, book)) + "\n" for rule in book.rules}
    return {"README.md": "\n".join(_index(book)) + "\n", **found}


# --- text ----------------------------------------------------------------------------------------------


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title}:"
        yield from (f"    {line}".rstrip() for line in lines)


def _example(example: Example) -> list[str]:
    first, *more = _marked(example).strip().splitlines() or [""]
    return [f"- {first}", *(f"  {line}" for line in more)]


def _marked(example: Example) -> str:
    text, mark = example.text, example.mark
    if mark is None:
        return text
    return f"{text[: mark.start]}<<{text[mark.start : mark.end]}>>{text[mark.end :]}"


def _source(key: str, book: Rulebook) -> Iterator[str]:
    source = book.sources.get(key)
    if source is None:
        yield key
        return
    yield f"{key}: {source_title(source)}"
    yield f"    {source.url} ({source_status(source)})"


def source_title(source: Source) -> str:
    """What a source is called: title, section, body and year."""
    return ", ".join(part for part in (source.title, source.section, source.body, source.year) if part)


def source_status(source: Source) -> str:
    """How far it was looked up, and when: "verified, checked 2026-11-02"."""
    return source.status + (f", checked {source.checked}" if source.checked else "")


def _off(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "everywhere:", f"ignore: [{rule.id}] in .healthlint.yaml"
    yield "", f'ignore = ["{rule.id}"] in pyproject.toml, [tool.healthlint]'
    yield "for one paragraph:", f"<!-- healthlint-disable-next-line {rule.id} -- your reason -->"


# --- Markdown ------------------------------------------------------------------------------------------


def _page(rule: Rule, book: Rulebook) -> Iterator[str]:
    yield f"# {rule.id}"
    yield ""
    yield f"{rule.family} · {rule.severity} · {_when_on(rule, book)}"
    yield ""
    yield "## What it finds"
    yield ""
    yield _inert(said(rule))
    for line in _frame(rule):
        yield ""
        yield line
    yield ""
    yield "## Why"
    yield ""
    yield _inert(" ".join(rule.why.split()))
    yield ""
    yield "## How to fix it"
    yield ""
    yield _inert(rule.fix)
    yield ""
    yield "## Flagged"
    yield from _fenced(rule.bad)
    yield ""
    yield "## Not flagged"
    yield from _fenced(rule.good)
    yield ""
    yield "## Sources"
    yield ""
    for key in rule.sources:
        source = book.sources.get(key)
        jurisdiction = f" Law or code of: {source.jurisdiction}." if source and source.jurisdiction else ""
        yield (
            f"- {_inert(source_title(source))}: <{source.url}> ({source_status(source)}).{jurisdiction}"
            if source
            else f"- <{key}>"
        )
    yield ""
    yield "## How to switch it off"
    yield ""
    yield f'- Everywhere: `ignore: [{rule.id}]` in `.healthlint.yaml`, or `ignore = ["{rule.id}"]` in `[tool.healthlint]` of `pyproject.toml`.'
    yield f"- For one paragraph: `<!-- healthlint-disable-next-line {rule.id} -- your reason -->` on the line before it."


def _inert(text: str) -> str:
    """`text`, which may be Markdown, without HTML and links: a rule has addresses among its sources only."""
    return _ACTIVE.sub(lambda found: "&lt;" if found["tag"] else "]\\(" if found["link"] else found[0], text)


def _when_on(rule: Rule, book: Rulebook) -> str:
    if rule.default:
        return "on"
    by = [
        *(f"profile {name}" for name, profile in sorted(book.profiles.items()) if rule.id in profile.select),
        *(f"pack {name}" for name, pack in sorted(book.packs.items()) if rule.id in pack.select),
    ]
    return f"off, but on with {' or '.join(by)}" if by else "off"


def _frame(rule: Rule) -> Iterator[str]:
    """Where it looks, and what excuses a match."""
    if rule.where.page:
        yield f"Only on pages of the kind {' or '.join(rule.where.page)}."
    if rule.where.blocks:
        yield f"Only in a {' or '.join(rule.where.blocks)}."
    if rule.limit:
        yield f"The limit is {rule.limit}; `limits` in the configuration changes it."
    if rule.unless:
        yield f"Not when the words are {', '.join(rule.unless)} (see [contexts](../contexts.md))."


def _fenced(examples: Iterable[Example]) -> Iterator[str]:
    """Examples as code; those of one line that follow one another share a block."""
    for (language, page, _), block in groupby(examples, key=_block):
        texts = [_marked(example).strip("\n") for example in block]
        # Longer than any fence inside the examples.
        longest = max((len(run) for text in texts for run in re.findall(r"`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        yield ""
        if page:
            yield f"On a page of the kind {page}:"
            yield ""
        yield fence + _LANGUAGES[language]
        yield from texts
        yield fence


def _block(example: Example) -> tuple[str, str, int]:
    """What examples in one block share: several lines need a block of their own."""
    return example.format, example.page, example.line if "\n" in example.text.strip("\n") else 0


def _index(book: Rulebook) -> Iterator[str]:
    on = {rule.id: rule for rule in Settings().enabled(book)}
    yield "# Rules"
    yield ""
    yield f"{len(book.rules)} rules, {len(on)} of them on without any configuration. `healthlint explain RULE` shows the same."
    for family in book.families:
        yield ""
        yield f"## {family}"
        yield ""
        yield "| rule | severity | | what it says |"
        yield "| --- | --- | --- | --- |"
        for rule in book.rules:
            if rule.family == family:
                message = _inert(said(rule)).replace("|", "\\|")
                state = "on" if rule.id in on else "off"
                yield f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {state} | {message} |"
