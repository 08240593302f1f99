"""`healthlint config`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from healthlint.commands.given import config_of, config_options
from healthlint.commands.output import tell_failures, write, write_lines
from healthlint.errors import UNREADABLE

if TYPE_CHECKING:
    from healthlint.applied import Applied, Ruling, Value
    from healthlint.config import Config, Override
    from healthlint.violation import Suppression

SCHEMA = 1
"""Rises when a key of the JSON changes its meaning or goes away."""
NAMES = 17
"""Columns for the names of things."""


@click.command(short_help="Say what applies to an article, and why.")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@config_options
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(files: tuple[Path, ...], config_file: Path | None, no_config: bool, output_format: str) -> int:
    """Say what applies to each FILE and who says so: whether it is checked, its profile, packs and
    overrides, and the rules that are not as they are by default. Without any FILE, what the configuration
    says in general.

    Exit code 0, or 2 when a file could not be read.
    """  # noqa: D205
    from healthlint.applied import applied
    from healthlint.files import relative
    from healthlint.readers import read
    from healthlint.violation import Failure
    from healthlint.work import attempted

    config = config_of(config_file, no_config)
    if not files:
        if output_format == "json":
            write(_config_json(config))
        else:
            write_lines(_config_lines(config))
        return 0
    found = [attempted(path.as_posix(), read, path) for path in map(relative, files)]
    failures = [each for each in found if isinstance(each, Failure)]
    articles = [applied(config, each) for each in found if not isinstance(each, Failure)]
    if output_format == "json":
        write(
            _json(
                config,
                articles=[_article(each) for each in articles],
                failures=[each._asdict() for each in failures],
            )
        )
    else:
        write_lines(line for each in articles for line in _article_lines(config, each))
    tell_failures(failures)
    return UNREADABLE if failures else 0


# --- as text -------------------------------------------------------------------------------------------


def _config_lines(config: Config) -> Iterator[str]:
    from healthlint.applied import general_rulings, values

    yield _row("configuration", config.name or "none")
    for value in values(config):
        yield _row(value.key, _valued(value))
    yield from _rows("overrides", map(_overriding, config.overrides))
    on = len(config.base.enabled(config.rulebook))
    yield from _rule_lines(on, len(config.rulebook.rules) - on, general_rulings(config))


def _article_lines(config: Config, article: Applied) -> Iterator[str]:
    settings, document = article.choice.settings, article.document
    yield document.path
    yield _row("configuration", config.name or "none")
    excluded = f"no: `exclude` has “{article.excluded_by}”"
    yield _row("checked", excluded if article.excluded_by else "yes")
    if article.passed_over and not article.excluded_by:
        yield _row("", f"when it is named; in folders it is passed over: {article.passed_over}")
    yield _row("format", document.format)
    yield _row("profile", f"{settings.profile} ({article.choice.profile_from})")
    packs = zip(settings.packs, article.choice.packs_from, strict=True)
    yield _row("packs", ", ".join(f"{name} ({where})" for name, where in packs) or "none")
    for error in article.choice.errors:
        yield _row("", f"failure: {error}")
    for value in article.values:
        yield _row(value.key, _valued(value))
    if settings.site_disclaimer:
        yield _row(
            "", "this article " + ("uses one of them" if article.site_disclaimer else "uses none of them")
        )
    yield from _rows("overrides", map(_overriding, article.overrides))
    if article.known is not None:
        yield _row("baseline", f"{config.baseline}: knows {_count(article.known, 'violation')} in it")
    yield from _rows("suppressions", map(_suppressing, article.suppressions))
    yield from _rule_lines(article.on, article.off, article.rulings)
    yield ""


def _rule_lines(on: int, off: int, rulings: tuple[Ruling, ...]) -> Iterator[str]:
    yield _row("rules", f"{on} on, {off} off; {len(rulings) or 'none'} not as by default")
    width = max((len(each.rule) for each in rulings), default=0)
    for each in rulings:
        usual, here = each.usual or "off", each.severity or "off"
        change = f"{usual} → {here}" if usual != here else f"limit {each.limit}"
        yield _row("", f"{each.rule:<{width}}  {change:<17}  {'; '.join(each.reasons)}")


def _row(name: str, value: str) -> str:
    return f"  {name:<{NAMES}}{value}"


def _rows(name: str, values: Iterable[str]) -> Iterator[str]:
    for number, value in enumerate([*values] or ["none"]):
        yield _row("" if number else name, value)


def _suppressing(each: Suppression) -> str:
    return f"line {each.start.line}: {each.said}: {each.reason or 'no reason given'}"


def _valued(value: Value) -> str:
    return f"{', '.join(value.value) or 'none'} ({value.origin})"


def _overriding(override: Override) -> str:
    from healthlint.applied import override_values

    values = (f"{key}: {', '.join(value) or 'none'}" for key, value in override_values(override))
    return f"line {override.line}: {', '.join(override.paths)}: {'; '.join(values)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# --- as JSON -------------------------------------------------------------------------------------------


def _json(config: Config, **found: object) -> str:
    from healthlint.reporters.json import written

    return written({"schema": SCHEMA, "config": config.name, **found})


def _config_json(config: Config) -> str:
    from healthlint.applied import general_rulings, values

    return _json(
        config,
        values=[_value(each) for each in values(config)],
        overrides=[_override(each) for each in config.overrides],
        rules=[_ruling(each) for each in general_rulings(config)],
    )


def _article(article: Applied) -> dict[str, Any]:
    choice = article.choice
    return {
        "path": article.document.path,
        "checked": not article.excluded_by,
        "excluded_by": article.excluded_by,
        "passed_over": article.passed_over,
        "format": article.document.format,
        "profile": {"name": choice.settings.profile, "from": choice.profile_from},
        "packs": [
            {"name": name, "from": where}
            for name, where in zip(choice.settings.packs, choice.packs_from, strict=True)
        ],
        "errors": list(choice.errors),
        "values": [_value(each) for each in article.values],
        "uses_site_disclaimer": article.site_disclaimer,
        "overrides": [_override(each) for each in article.overrides],
        "known": article.known,
        "suppressions": [
            {
                "line": each.start.line,
                "action": each.action,
                "rules": list(each.rules),
                "reason": each.reason,
                "until": each.until,
                "expired": each.expired,
            }
            for each in article.suppressions
        ],
        "on": article.on,
        "off": article.off,
        "rules": [_ruling(each) for each in article.rulings],
    }


def _value(value: Value) -> dict[str, Any]:
    return {"key": value.key, "value": list(value.value), "from": value.origin}


def _override(override: Override) -> dict[str, Any]:
    from healthlint.applied import override_values

    values = {key: list(value) for key, value in override_values(override)}
    return {"line": override.line, "paths": list(override.paths), "values": values}


def _ruling(ruling: Ruling) -> dict[str, Any]:
    return {
        "rule": ruling.rule,
        "default": ruling.usual,
        "severity": ruling.severity,
        "limit": ruling.limit,
        "reasons": list(ruling.reasons),
    }
