"""What can go wrong, each with the place and what to do about it.

A broken article is a `ReadError` and ends up in `Report.failures`. A broken rule, lexicon or
configuration is a `DataError` and stops the run: a linter with half of its rules is worse than none.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

UNREADABLE = 2
"""The exit code when something could not be read or run."""
LONGEST_MESSAGE = 1_000
"""So many characters of a message are told: a value that is quoted may be as long as a file."""
INTERRUPTED = 130
"""The exit code of a run that was stopped with Ctrl-C, as shells give it."""


class HealthlintError(Exception):
    """The parent of every error that healthlint raises on purpose; `str()` is for the user."""


class ReadError(HealthlintError):
    """A file that could not be read as an article.

    Likely causes: it is binary, in an unknown encoding, too large, unreadable or gone.
    """


class DataError(HealthlintError):
    """A rule, lexicon, cue or configuration file that is wrong; names file, line and key."""

    def __init__(self, message: str, *, path: str = "", line: int = 0) -> None:
        if len(message) > LONGEST_MESSAGE:
            half = LONGEST_MESSAGE // 2  # what is quoted stands first or in the middle
            message = f"{message[:half]}…{message[1 - half :]}"
        self.message = message
        self.path = path
        self.line = line
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(place + message)


class DataErrors(DataError):  # noqa: N818  (it is several)
    """Several `DataError`s of one run, so that an author can mend them all at once."""

    def __init__(self, errors: Iterable[DataError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__(first.message, path=first.path, line=first.line)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint such as "; did you mean “cure-claim”?", or "" when nothing known comes near `name`."""
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean “{close[0]}”?" if close else ""
