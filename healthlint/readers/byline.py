"""Bylines and dates by the names that pages give the elements they stand in."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 200
"""A byline is shorter than this, in characters; what is longer only contains one."""

ITEM_PROPERTIES = frozenset((
    "author", "editor", "creator", "contributor", "reviewedBy", "datePublished", "dateModified", "dateCreated",
    "lastReviewed",
))  # fmt: skip
"""The microdata properties that say who wrote or reviewed an article, and when."""

DATES = frozenset(("date", "updated", "time", "datePublished", "dateModified", "dateCreated", "lastReviewed"))
"""The names whose value holds a date."""

LASTING = frozenset(("updated", "reviewer", "reviewedBy", "dateModified", "lastReviewed"))
"""The names that speak of this article even where they stand in its footer."""

_HINT = re.compile(r"author|byline|review|publish|updat|modifi|date|writ|check", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# In the reviews of customers, in comments and in forms, these names mean something else.
_OTHER = frozenset((
    "comment", "comments", "updates", "reviews", "testimonial", "testimonials", "rating", "ratings",
    "picker", "publisher",
))  # fmt: skip
_REVIEWER = frozenset((
    "reviewed", "reviewedby", "medicalreviewer", "factchecked", "factchecker",
))  # fmt: skip
_REVIEWING = frozenset((
    "reviewer", "reviewers", "checker",
))  # fmt: skip
_MEDICAL = frozenset((
    "medical", "medically", "clinical", "clinically", "expert", "fact", "article", "post", "content",
))  # fmt: skip
_UPDATED = frozenset((
    "updated", "modified", "lastupdated", "lastmodified",
))  # fmt: skip
_DATE = frozenset((
    "published", "pubdate", "date", "dateline", "postdate", "entrydate", "publishdate", "datetime",
))  # fmt: skip
_AUTHOR = frozenset((
    "author", "authors", "byline", "writer", "authorname", "postauthor", "writtenby", "written",
))  # fmt: skip

_LABEL = re.compile(
    r"(?:(?:posted|written|published|updated)\s+)?(?:by|on|date|author|and)?\W*", re.IGNORECASE
)
_REVIEWED = re.compile(
    r"(?:\w+ly )?(?:reviewed|fact[ -]?checked|checked|verified|approved) by\b", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def name(names: str) -> str:
    """What an element with these class and id names holds: "author", "reviewer", "date", "updated" or ""."""
    if not _HINT.search(names):
        return ""
    words = {word.lower() for word in _WORD.findall(names)}
    if words & _OTHER:
        return ""
    if words & _REVIEWER or (words & _REVIEWING and words & _MEDICAL):
        return "reviewer"
    if words & _UPDATED:
        return "updated"
    if words & _DATE:
        return "date"
    return "author" if words & _AUTHOR else ""


def told(name: str, value: str) -> str:
    """The name that `value` asks for: a byline that begins with "Reviewed by" names a reviewer."""
    return "reviewer" if name == "author" and _REVIEWED.match(value) else name


def is_value(name: str, value: str) -> bool:
    """Whether `value` can be what `name` says: a date has a digit, a name is more than "By"."""
    if not value or len(value) > LONGEST:
        return False
    if name in DATES:
        return any(map(str.isdigit, value))
    return any(map(str.isalpha, value)) and not _LABEL.fullmatch(value)
