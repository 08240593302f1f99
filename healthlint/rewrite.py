"""Other words for the words of a match, written as those are: case, line breaks, the article before them."""

from __future__ import annotations

import re

from healthlint.rule import Match, Rule

_SMALL = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)
"""Words that have no capital inside a title."""

_WORD = re.compile(r"\S+")
_PLAIN = re.compile(r"[\w ,.%-]+")
_ARTICLE = re.compile(r"(?<![\w'’-])an?\s+\Z", re.IGNORECASE)
_TITLES = ("title", "heading")


def rewritten(rule: Rule, match: Match, source: str) -> str | None:
    """What `rule` suggests in place of `match` in `source`; None unless it fits there as it is.

    It does when nothing but those words stands in the source, white space aside. A capital at the beginning,
    capitals throughout, those of a title and a line break are kept. What has other capitals may be a name, and
    where “a” or “an” stands before the words and the sound changes, somebody has to look.
    """
    words = rule.suggest.get(match.text.lower(), "").split()
    written = source[match.span.start : match.span.end]
    if not words or written.split() != match.text.split() or not _is_plain(" ".join(words), match):
        return None
    before = _ARTICLE.search(source, max(0, match.span.start - 9), match.span.start)
    if before and _begins_with_vowel(words[0]) != _begins_with_vowel(written):
        return None
    cased = _cased(words, written.split(), match)
    return _spaced(cased, _WORD.split(written)[1:-1]) if cased else None


def _is_plain(text: str, match: Match) -> bool:
    """Whether `text` cannot be markup where the match stands; an apostrophe may end a value of the metadata."""
    is_shown = match.sentence is not None and match.sentence.block.is_visible
    return _PLAIN.fullmatch(text.replace("'", "").replace("’", "") if is_shown else text) is not None


def _begins_with_vowel(text: str) -> bool:
    return text[0].lower() in "aeiou"


def _cased(words: list[str], written: list[str], match: Match) -> list[str] | None:
    """`words` with the capitals of what was written; None when those are of another kind."""
    first, *rest = words
    capital = first[0].upper() + first[1:]
    whole = " ".join(written)
    if whole == whole.lower():
        return words
    if whole == whole.upper():
        return [word.upper() for word in words]
    if whole[1:] == whole[1:].lower():
        return [capital, *rest]
    in_title = match.sentence is not None and match.sentence.block.kind in _TITLES
    if in_title and all(word[0] != word[0].lower() or word in _SMALL for word in written):
        return [capital, *(word if word in _SMALL else word[0].upper() + word[1:] for word in rest)]
    return None


def _spaced(words: list[str], gaps: list[str]) -> str | None:
    """`words` on as many lines as those had that `gaps` parted; None when they are too few for it."""
    breaks = {len(gaps) - at: gap for at, gap in enumerate(gaps) if "\n" in gap or "\r" in gap}
    count = len(words) - 1
    if any(at > count for at in breaks) and count < len(breaks):
        return None
    kept = {min(at, count): gap for at, gap in breaks.items()}
    if len(kept) < len(breaks):
        return None
    return "".join(word + (kept.get(count - at, " ") if at < count else "") for at, word in enumerate(words))
