"""`healthlint init`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from healthlint.commands.output import write, write_file, write_lines

if TYPE_CHECKING:
    from healthlint.framework import Carrier, Site
    from healthlint.rulebook import Rulebook

BASELINE = ".healthlint-baseline.json"
PRE_COMMIT = ".pre-commit-config.yaml"
FOLDERS_SHOWN = 3
WORDS_SHOWN = 70

JURISDICTIONS = {
    "GB": "United Kingdom",
    "US": "United States",
    "AU": "Australia",
    **dict.fromkeys(
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(),
        "European Union",
    ),
}
"""Whose law applies to readers in a country, as packs call it."""


@click.command(short_help="Write a configuration for a repository.")
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Write over a configuration that is there.")
@click.option("--dry-run", is_flag=True, help="Print the configuration; write nothing.")
def command(folder: Path, force: bool, dry_run: bool) -> int:
    """Look at the repository in FOLDER (default: the working directory) and write a .healthlint.yaml
    for it: what is no article, which templates carry the disclaimer, where the readers live. Its comments
    say what was found. Nothing of the repository is run.
    """  # noqa: D205
    from healthlint.config import YAML_NAME, nearest_config
    from healthlint.framework import site_in
    from healthlint.rulebook import rulebook

    present = nearest_config(folder)
    in_folder = present is not None and present.parent == folder.absolute()
    if present and in_folder and not (force or dry_run):
        raise click.ClickException(
            f"{folder / present.name} is there already; `--force` writes "
            + ("over it" if present.name == YAML_NAME else f"a {YAML_NAME}, which counts before it")
            + ", `--dry-run` prints what would be written."
        )
    book = rulebook()
    site = site_in(folder, book.rules[0].vocabulary)
    text = "".join(line + "\n" for line in _config(site, book))
    if dry_run:
        write(text)
        return 0
    write_file(folder / YAML_NAME, text)
    lines = [f"{folder / YAML_NAME} is written. It rests on what was found:", ""]
    lines += [f"  {line}" for line in _found(site)]
    if present and not in_folder:
        lines += ["", f"In this folder it takes the place of {present}."]
    lines += ["", *_next_steps(folder)]
    write_lines(lines)
    return 0


# --- the configuration ---------------------------------------------------------------------------------


def _config(site: Site, book: Rulebook) -> Iterator[str]:
    yield "# The configuration of healthlint, made by `healthlint init`. Every key may be left out."
    yield "#"
    yield "# It rests on what was found here:"
    yield from (f"#   {line}" for line in _found(site))
    yield ""
    yield f"# The kind of content: {', '.join(sorted(book.profiles))}."
    yield "profile: editorial"
    yield ""
    yield from _overrides(site)
    yield from _exclude(site)
    yield from _site_disclaimer(site)
    yield from _readers(site, book)
    yield "# To begin with what is new and leave the rest for later, run"
    yield f"# `healthlint check --write-baseline {BASELINE}` and take the next line in."
    yield f"# baseline: {BASELINE}"


def _found(site: Site) -> Iterator[str]:
    rows = [
        ("site", f"{site.framework.name} ({site.marker})" if site.marker else site.framework.name),
        ("articles", _formats(site.articles)),
        *([("", _folders(site.articles))] if site.articles else []),
        ("templates", f"{site.templates} looked at, {len(site.carriers) or 'none'} with a disclaimer"),
        (
            "language",
            " and ".join(f"{each.value} ({each.path}, line {each.line})" for each in site.languages),
        ),
    ]
    for name, value in rows:
        yield f"{name:<10}{value or 'not stated'}"


def _formats(paths: Sequence[Path]) -> str:
    from healthlint.readers import format_of

    formats = Counter(map(format_of, paths))
    total = f"{len(paths)}: " if len(formats) > 1 else ""
    return total + ", ".join(f"{count} {name}" for name, count in _most(formats)) or "none"


def _folders(paths: Sequence[Path]) -> str:
    folders = Counter(path.parent.as_posix() for path in paths)
    shown = ", ".join(
        f"{'this folder' if name == '.' else f'{name}/'} ({count})"
        for name, count in _most(folders)[:FOLDERS_SHOWN]
    )
    more = len(folders) - FOLDERS_SHOWN
    return f"in {shown}" + (f" and {_count(more, 'more folder')}" if more > 0 else "")


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _overrides(site: Site) -> Iterator[str]:
    from healthlint.framework import kinds_in

    kinds = kinds_in(site.articles)
    if kinds:
        yield "# These folders are named after a kind of content. Where that is right, take the lines in."
        yield "# overrides:"
        for kind in kinds:
            yield f"#   - paths: {_scalar(_glob(f'/{kind.folder}/'))}  # {_count(kind.articles, 'article')}"
            yield f"#     profile: {kind.profile}"
    else:
        yield "# For some folders only:"
        yield "# overrides:"
        yield "#   - paths: /news/"
        yield "#     profile: news"
    yield ""


def _exclude(site: Site) -> Iterator[str]:
    yield "# What is no article. Globs as in .gitignore, relative to this file; what Git ignores is left out anyway."
    yield from _list("exclude", ((_scalar(glob), what) for glob, what in site.excluded), "drafts/")
    yield ""


def _site_disclaimer(site: Site) -> Iterator[str]:
    if site.carriers:
        yield "# Templates with a disclaimer: an article that uses one of them needs none of its own. Please look whether"
        yield "# readers really meet it on the page, and take out those of which that is not so."
    else:
        yield "# Templates that carry a disclaimer for the articles that use them. None was found, so each article needs"
        yield "# its own; name layouts, partials, shortcodes or components here when they carry one all the same."
    rows = [
        *((_scalar(carrier.name), _why(carrier)) for carrier in site.carriers),
        *((_scalar(_everything_in(place)), f"shown inside {path}") for place, path in site.around),
    ]
    yield from _list("site-disclaimer", rows, "partials/disclaimer.html")
    yield ""


def _why(carrier: Carrier) -> str:
    if carrier.through:
        return f"takes in {carrier.through}"
    words = carrier.words
    return f"“{words if len(words) <= WORDS_SHOWN else words[: WORDS_SHOWN - 1] + '…'}”"


def _everything_in(place: str) -> str:
    from glob import escape

    return "*" if place == "." else f"{escape(place)}/*"


def _readers(site: Site, book: Rulebook) -> Iterator[str]:
    places = [each for each in site.languages if "-" in each.value and each.value.startswith("en-")]
    yield "# Where the readers live, for articles that do not say it: which emergency number, whose spelling."
    if len(places) == 1:
        yield f"locale: {places[0].value}  # {_comment(f'{places[0].path}, line {places[0].line}')}"
    else:
        yield "# locale: en-GB"
    yield ""
    packs = {pack.jurisdiction: pack.name for pack in book.packs.values()}
    likely = [JURISDICTIONS.get(each.value.partition("-")[2], "") for each in places]
    names = [packs[each] for each in dict.fromkeys(likely) if each in packs]
    yield "# Whose law and codes apply to what you publish: " + ", ".join(sorted(packs.values())) + "."
    yield f"# packs: [{', '.join(names) or 'uk-cap'}]"
    yield ""


def _list(key: str, rows: Iterable[tuple[str, str]], example: str) -> Iterator[str]:
    """A list with a comment at each item, one comment for neighbours that have the same; an example without any."""
    rows = list(rows)
    if not rows:
        yield f"# {key}: [{example}]"
        return
    yield f"{key}:"
    width = max(len(value) for value, _ in rows)
    for what, same in groupby(rows, key=lambda row: row[1]):
        for number, (value, _) in enumerate(same):
            yield f"  - {value:<{width}}  # {_comment(what)}" if not number else f"  - {value}"


def _scalar(text: str) -> str:
    """`text` as one YAML value."""
    return text if re.fullmatch(r"[A-Za-z/._][\w/.-]*", text, re.ASCII) else json.dumps(text)


def _comment(text: str) -> str:
    """`text` on one line of a YAML file."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _glob(path: str) -> str:
    """What means this path, and nothing else, in a `.gitignore`."""
    return re.sub(r"([\\*?\[!#])", r"\\\1", path)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# --- what comes next -----------------------------------------------------------------------------------


def _next_steps(folder: Path) -> Iterator[str]:
    where = "" if folder == Path() else f"cd {folder} && "
    yield "Next:"
    yield f"  {where}healthlint check     what it has to say"
    yield f"  {where}healthlint stats     where it says most"
    yield ""
    yield "To begin with what is new, and leave what stands for later:"
    yield f"  {where}healthlint check --write-baseline {BASELINE}"
    yield "and take the line `baseline` into the configuration."
    yield ""
    yield from _hook(folder / PRE_COMMIT)


def _hook(file: Path) -> Iterator[str]:
    try:
        present = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        present = ""
    if re.search(r"^\s*-?\s*id:\s*healthlint\s*$", present, re.MULTILINE):
        yield f"{PRE_COMMIT} has the hook `healthlint` already."
        return
    if present:
        yield f"To check each commit, add to `repos` in {PRE_COMMIT}:"
    else:
        yield f"To check each commit with pre-commit, write {PRE_COMMIT}:"
        yield "  repos:"
    yield "    - repo: <where healthlint is hosted>"
    yield "      rev: <a tag or commit of it>"
    yield "      hooks:"
    yield "        - id: healthlint"
