"""`healthlint docs`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from pathlib import Path

import click

from healthlint.commands.given import config_of, config_options
from healthlint.commands.output import make_folder, write_file, write_lines


@click.command(short_help="Write a page about each rule.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@config_options
def command(folder: Path, config_file: Path | None, no_config: bool) -> int:
    """Write a Markdown page about each rule into FOLDER, and a README.md that lists them."""
    from healthlint.explanation import pages

    found = pages(config_of(config_file, no_config).rulebook)
    make_folder(folder)
    for name, text in found.items():
        write_file(folder / name, text)
    write_lines([f"{len(found)} pages written to {folder.as_posix()}."])
    return 0
