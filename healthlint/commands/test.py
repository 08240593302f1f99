"""`healthlint test`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from pathlib import Path

import click

from healthlint.commands.output import write


@click.command(short_help="Prove rules against their own examples.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(folder: Path) -> int:
    """Prove the rules in FOLDER against their own examples."""
    from healthlint.rulebook import BUILTIN
    from healthlint.testing import verify

    problems = verify(None if folder.resolve() == BUILTIN.resolve() else folder)
    lines = [str(problem) for problem in problems]
    lines.append(
        f"{len(problems)} to mend." if problems else f"Every rule in {folder.as_posix()} proves itself."
    )
    write("\n".join(lines) + "\n")
    return 1 if problems else 0
