"""What an editor shows about the violations under the pointer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from healthlint.explanation import source_status
from healthlint.report import Report
from healthlint.rule import Rule
from healthlint.rulebook import Source
from healthlint.violation import Violation
from healthlint.visible import visible

# What could be a link, an image, emphasis, code, HTML or an entity; an address is no link without its dot or colon.
_MARKUP = re.compile(r"([\\`*_\[\]<>&!#|~$@]|^[-+=]|(?<=www)\.|:(?=//))", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\\]+")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def hover(violations: Iterable[Violation], report: Report, *, markdown: bool) -> str:
    """Message, reason, rewrite and sources of each of `violations`, which are from `report`."""
    rules = {rule.id: rule for rule in report.rules}
    between = "\n\n---\n\n" if markdown else "\n\n"
    return between.join(
        "\n".join(_lines(each, rules[each.rule], report.sources, markdown)) for each in violations
    )


def _lines(found: Violation, rule: Rule, sources: Mapping[str, Source], markdown: bool) -> Iterator[str]:
    said = _escaped if markdown else _on_one_line
    mark = "**" if markdown else ""
    packs = f", {mark}asked for by{mark} {', '.join(found.packs)}" if found.packs else ""
    yield f"{mark}{rule.id}{mark} ({found.family}, {found.severity}{packs})"
    for title, text in (
        ("", found.message),
        ("Why", rule.why),
        ("Write instead", found.fix),
        ("Found here too", ", ".join(found.also)),
    ):
        if text.strip():
            yield ""
            yield f"{mark}{title}:{mark} {said(text)}" if title else said(text)
    if rule.sources:
        yield ""
        yield f"{mark}Sources:{mark}"
        yield ""
    for key in rule.sources:
        yield f"- {_source(key, sources.get(key), markdown)}"


def _source(key: str, source: Source | None, markdown: bool) -> str:
    if source is None:
        title, url, status = key, key, ""
    else:
        title = ", ".join(part for part in (source.title, source.body, source.year) if part)
        url, status = source.url, f" ({source_status(source)})"
    if not markdown:
        return f"{title}: {url}{status}"
    linked = f"[{_escaped(title)}](<{url}>)" if _ADDRESS.fullmatch(url) else _escaped(title)
    return linked + status


def _escaped(text: str) -> str:
    """`text` as Markdown that says just that."""
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", _on_one_line(text)))


def _on_one_line(text: str) -> str:
    return visible(" ".join(text.split()))
