"""The command `healthlint`, also as `python -m healthlint`."""

import signal


def main() -> None:
    """Run the command as `healthlint.cli.main` does."""
    # Until there is something to say about it, Ctrl-C just ends the process, and not with a traceback.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from healthlint import cli  # noqa: PLC0415 - which is what takes its time

    cli.main()


if __name__ == "__main__":
    main()
