"""`healthlint test`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from pathlib import Path

import click

from healthlint.commands.output import write_lines


@click.command(short_help="Prove rules against their own examples.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(folder: Path) -> int:
    """Prove the rules in FOLDER against their own examples."""
    from healthlint.errors import DataError
    from healthlint.rulebook import BUILTIN
    from healthlint.testing import verify
    from healthlint.tree import links_out, tree_of

    for link in links_out(folder):
        raise DataError(f"is a link that leads out of {tree_of(folder)}", path=link.as_posix())
    problems = verify(None if folder.resolve() == BUILTIN.resolve() else folder)
    lines = [str(problem) for problem in problems]
    lines.append(
        f"{len(problems)} to mend." if problems else f"Every rule in {folder.as_posix()} proves itself."
    )
    write_lines(lines)
    return 1 if problems else 0
