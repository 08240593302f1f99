"""`healthlint test`."""
# ruff: noqa: PLC0415 - start-up is a feature: a command imports what it needs when it is run.

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from healthlint.commands.output import write_lines


@click.command(short_help="Prove rules against their own examples.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--unproved",
    is_flag=True,
    help="List the phrases, exceptions, cues and terms instead that no example needs: nobody would notice their loss.",
)
def command(folder: Path, unproved: bool) -> int:
    """Prove the rules in FOLDER against their own examples."""
    from healthlint.errors import DataError
    from healthlint.rulebook import BUILTIN
    from healthlint.testing import verify
    from healthlint.tree import links_out, tree_of

    for link in links_out(folder):
        raise DataError(f"is a link that leads out of {tree_of(folder)}", path=link.as_posix())
    own = None if folder.resolve() == BUILTIN.resolve() else folder
    if unproved:
        write_lines(_unproved(own))
        return 0
    problems = verify(own)
    lines = [str(problem) for problem in problems]
    lines.append(
        f"{len(problems)} to mend." if problems else f"Every rule in {folder.as_posix()} proves itself."
    )
    write_lines(lines)
    return 1 if problems else 0


def _unproved(folder: Path | None) -> list[str]:
    """What no example needs, one a line, and how many there are of each kind."""
    from healthlint.unproved import KINDS, findings

    found = findings(folder)
    left, all_items = (Counter(item.kind for item in items) for items in (found.unproved, found.items))
    counts = [f"{kind} {left[kind]} of {all_items[kind]}" for kind in KINDS if all_items[kind]]
    return [
        *map(str, found.unproved),
        f"No example needs: {', '.join(counts) or 'nothing is here to be needed'}.",
    ]
