"""What commands are given: options that several share, and what they stand for."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from healthlint.config import Config


def config_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--config` and `--no-config`, the parameters `config_file` and `no_config`."""
    function = click.option(
        "--no-config", is_flag=True, help="Use no configuration file; every rule that is on by default."
    )(function)
    return click.option(
        "--config",
        "config_file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Use this configuration file instead of the nearest .healthlint.yaml or pyproject.toml.",
    )(function)


def config_of(config_file: Path | None, no_config: bool) -> Config:
    """The configuration that these options mean. Raises `DataErrors` for one that cannot be used."""
    from healthlint.config import Config, read_config

    found = config_path(config_file, no_config)
    return read_config(found) if found else Config()


def config_path(config_file: Path | None, no_config: bool) -> Path | None:
    """The file of the configuration that these options mean; None for no file."""
    from healthlint.config import nearest_config

    if no_config:
        if config_file:
            raise click.UsageError("--config and --no-config exclude each other.")
        return None
    return config_file or nearest_config(Path.cwd())


def names(context: click.Context, option: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    """The names in the values of an option that may be given several times, with commas."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def timeout_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--timeout`, the parameter of the same name, in seconds."""
    return click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0, min_open=True),
        default=60.0,
        show_default=True,
        help="So long may one article take (on Unix).",
    )(function)


def work_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--jobs` and `--no-cache`, the parameters `jobs` and `no_cache`."""
    function = click.option(
        "--no-cache", is_flag=True, help="Neither use nor keep results of unchanged articles."
    )(function)
    return click.option(
        "--jobs",
        metavar="N",
        type=click.IntRange(min=1),
        help="Share the work among so many processes (default: one for each processor, when there is much of it).",
    )(function)
