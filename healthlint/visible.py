"""What articles and their names say, so that it does nothing to a terminal or the log of a service."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories that are spelt out: controls, formats, surrogates, line and paragraph separators."""
_COMMAND = re.compile(r"##(?=(?:vso|teamcity)?\[)|\A\s*:(?=:)", re.IGNORECASE)
"""Azure Pipelines, TeamCity, and GitHub Actions in its old style, take what follows for a command wherever it stands in a line;
GitHub in its new style when nothing but white space is before it."""
JOINERS = "\u200c\u200d"
"""They belong to the spelling of some scripts and of emoji."""


def visible(text: str) -> str:
    r"""`text` with everything that could steer a terminal, or that cannot be seen, spelt out.

    Control characters, marks of writing direction, zero-width spaces, odd line ends and halves of
    surrogate pairs become `\x1b`, `\u202e`; so does what would begin a command in the log of a service.
    """
    text = without_commands(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_spelt, text))


def without_commands(text: str) -> str:
    """`text` with what would begin a command in the log of a service spelt out."""
    return _COMMAND.sub(lambda found: f"{found[0][:-1]}\\x{ord(found[0][-1]):02x}", text)


def _spelt(character: str) -> str:
    if character in JOINERS or unicodedata.category(character) not in _UNSEEN:
        return character
    if ord(character) < 0x80:
        return f"\\x{ord(character):02x}"
    return character.encode("ascii", "backslashreplace").decode()
