"""`healthlint server`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from pathlib import Path

import click

from healthlint.commands.given import config_options
from healthlint.errors import HealthlintError


@click.command(short_help="Check articles in an editor, as they are typed.")
@config_options
@click.option("--stdio", is_flag=True, help="Accepted, as some editors say it; there is no other way.")
def command(config_file: Path | None, no_config: bool, stdio: bool) -> int:
    """Speak the Language Server Protocol on standard input and output; an editor starts this."""
    if config_file and no_config:
        raise click.UsageError("--config and --no-config exclude each other.")
    try:
        from healthlint.server.service import server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise HealthlintError(
            "the language server needs pygls, which is not installed: pip install 'healthlint[lsp]'"
        ) from None
    from healthlint.server.configs import Configs

    server(Configs(file=config_file.absolute() if config_file else None, none=no_config)).start_io()
    return 0
