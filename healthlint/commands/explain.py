"""`healthlint explain`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from pathlib import Path

import click

from healthlint.commands.given import config_of, config_options
from healthlint.commands.output import write_lines


@click.command(short_help="Explain a rule.")
@click.argument("rule_id", metavar="RULE")
@config_options
def command(rule_id: str, config_file: Path | None, no_config: bool) -> int:
    """Explain a rule: why, sources, examples, how to fix it, how to switch it off."""
    from healthlint.errors import DataError, nearest
    from healthlint.explanation import explanation

    config = config_of(config_file, no_config)
    known = {rule.id: rule for rule in config.rulebook.rules}
    if rule_id not in known:
        hint = nearest(rule_id, known) or "; `healthlint rules` lists them"
        raise DataError(f"there is no rule “{rule_id}”{hint}")
    on = [rule for rule in config.base.enabled(config.rulebook) if rule.id == rule_id]
    write_lines(explanation(on[0] if on else known[rule_id], bool(on), config.rulebook))
    return 0
