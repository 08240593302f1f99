"""Web addresses, DOIs and e-mail addresses that stand bare in running text."""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"(?:https?|ftp)://[^\s<>\"“”]{1,2000}"
    r"|www\.[^\s<>\"“”]{1,2000}"
    r"|(?:doi:\s?)?10\.\d{4,9}/[^\s<>\"“”]{1,500}"
    r"|(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
    re.IGNORECASE,
)
ADDRESS_BEGINS = r"(?<![\w.+/@-])(?:(?=https?://|ftp://|www\.|doi:|mailto:|10\.\d)|(?=[\w.+-]{1,64}@\w))"


def address_end(text: str, start: int) -> int:
    """Where the web address, DOI or e-mail address that begins at `text[start]` ends; `start` if none does.

    Punctuation that belongs to the sentence, not to the address, is left out.
    """
    found = _ADDRESS.match(text, start)
    if not found:
        return start
    end = found.end()
    opened = text.count("(", start, end) - text.count(")", start, end)
    while end > start and (text[end - 1] in ".,;:!?'’*_]}>" or (text[end - 1] == ")" and opened < 0)):
        opened += text[end - 1] == ")"
        end -= 1
    return end


def address_url(text: str) -> str:
    """The link target of an address as written: with `mailto:` or the DOI resolver where it is left out."""
    lower = text.lower()
    if lower.startswith("doi:"):
        return "https://doi.org/" + text[4:].strip()
    if lower.startswith("10."):
        return "https://doi.org/" + text
    if "@" in text and "/" not in text and not lower.startswith("mailto:"):
        return "mailto:" + text
    return text
