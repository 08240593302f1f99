"""`healthlint rules`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from pathlib import Path

import click

from healthlint.commands.given import config_of, config_options
from healthlint.commands.output import write_lines


@click.command(short_help="List the rules.")
@config_options
def command(config_file: Path | None, no_config: bool) -> int:
    """List the rules: id, family, severity, whether it is on, what it says."""
    from healthlint.explanation import said

    config = config_of(config_file, no_config)
    on = {rule.id: rule for rule in config.base.enabled(config.rulebook)}
    rows = [("RULE", "FAMILY", "SEVERITY", "ON", "MESSAGE")]
    for rule in config.rulebook.rules:
        severity = on.get(rule.id, rule).severity
        rows.append((rule.id, rule.family, severity, "on" if rule.id in on else "off", said(rule)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    write_lines(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
        for row in rows
    )
    return 0
