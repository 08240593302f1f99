"""The command `healthlint`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib import import_module
from types import FrameType
from typing import NoReturn

import click

from healthlint import __version__
from healthlint.commands.output import remark, silence, telling
from healthlint.errors import INTERRUPTED, UNREADABLE, DataErrors, HealthlintError
from healthlint.garbage import collect_seldom

COMMANDS = {
    "check": "healthlint.commands.check",
    "scan": "healthlint.commands.scan",
    "suppressions": "healthlint.commands.suppressions",
    "stats": "healthlint.commands.stats",
    "init": "healthlint.commands.init",
    "config": "healthlint.commands.config",
    "rules": "healthlint.commands.rules",
    "explain": "healthlint.commands.explain",
    "test": "healthlint.commands.test",
    "docs": "healthlint.commands.docs",
    "server": "healthlint.commands.server",
}
"""The commands in the order of the help, and the module of each, which has a click command `command`."""


def main() -> None:
    """Run the command and exit with its code: 0 clean, 1 violations, 2 something could not be read or run."""
    collect_seldom()
    _fill_streams()
    heeding = (signal.default_int_handler, signal.SIG_DFL)  # unless somebody says to ignore it
    if signal.getsignal(signal.SIGINT) in heeding:
        signal.signal(signal.SIGINT, _interrupt)
    faults: list[str] = []
    try:
        code = command.main(prog_name="healthlint", standalone_mode=False) or 0
    except click.ClickException as error:
        with telling():
            _harmless_error(error).show()
        code = UNREADABLE
    except HealthlintError as error:
        faults = [str(each) for each in (error.errors if isinstance(error, DataErrors) else (error,))]
        code = UNREADABLE
    except click.Abort:
        code = INTERRUPTED
    except SystemExit:  # so click ends when nobody reads the help on
        code = 0
    except OSError as error:  # where nobody expects one: each command says what it can better itself
        silence(sys.stdout)
        faults, code = [_cause(error)], UNREADABLE
    except MemoryError:
        faults, code = ["there is not enough memory"], UNREADABLE
    for fault in faults:
        remark(f"Error: {fault}")
    if code == INTERRUPTED:
        remark("healthlint: interrupted")
    gc.freeze()  # or the interpreter, before it ends, looks for garbage among all rules once more
    sys.exit(code)


def _harmless_error(error: click.ClickException) -> click.ClickException:
    from healthlint.visible import visible  # noqa: PLC0415 - start-up is a feature, errors are seldom

    message = visible(error.format_message())
    return (
        click.UsageError(message, error.ctx)
        if isinstance(error, click.UsageError)
        else click.ClickException(message)
    )


def _fill_streams() -> None:
    """Let what was closed before we were started lead nowhere, or a file that is opened gets its number and its text."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it gets the lowest number that is free
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as we run


def _cause(error: OSError) -> str:
    try:
        os.getcwd()
    except OSError:
        return "the working directory is not there any more; go to one that is"
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    # Whoever presses Ctrl-C again does not want to wait for the report.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise KeyboardInterrupt


class _Commands(click.Group):
    """The commands, each imported when it is asked for: start-up is a feature."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = import_module(COMMANDS[cmd_name]).command
        assert isinstance(found, click.Command)
        return found


@click.command(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def command(context: click.Context) -> None:
    """Find overclaims, missing disclaimers and missing professional advice in health articles."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
