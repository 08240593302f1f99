"""The names that an article in reST defines: link targets, substitutions, roles of its own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from healthlint.readers.line import Line
from healthlint.readers.rst.form import ANONYMOUS, ROLE_DEFINITION, SUBSTITUTION, TARGET

_LONGEST_SUBSTITUTE = 500


@dataclass
class Names:
    """What the names in an article stand for, wherever they are defined."""

    targets: dict[str, str] = field(default_factory=dict)
    anonymous: deque[str] = field(default_factory=deque)
    """The targets of links with two underscores, in order; taken off as the links turn up."""
    substitutes: dict[str, str] = field(default_factory=dict)
    """The text of each substitution; "" for an image or for text that itself has markup."""
    roles: dict[str, str] = field(default_factory=dict)
    """The role on which a role of the article's own is based; "" names the default role."""

    def target(self, name: str, marks: str) -> str:
        """Where a link leads; two underscores mean the next anonymous target."""
        if marks == "__":
            return self.anonymous.popleft() if self.anonymous else ""
        plain = plain_name(name)
        return self.targets.get(plain) or "#" + plain


def names_of(source: str, article: Sequence[Line]) -> Names:
    """The names that an article defines."""
    names = Names()
    for index, line in enumerate(article):
        if source.startswith("__ ", line.start) and (found := ANONYMOUS.match(source[line.start : line.end])):
            names.anonymous.append(found["url"] or "")
        if not source.startswith("..", line.start):
            continue
        text = source[line.start + 2 : line.end].lstrip()
        if found := TARGET.match(text):
            if found["name"]:
                names.targets.setdefault(plain_name(found["name"].strip("`")), found["url"] or "")
            else:
                names.anonymous.append(found["anonymous"] or "")
        elif found := ROLE_DEFINITION.match(text):
            names.roles[found["name"].lower()] = found["base"].lower()
        elif found := SUBSTITUTION.match(text):
            value = text[found.end() :]
            after = article[index + 1] if index + 1 < len(article) else line
            is_whole = after.is_blank or after.column <= line.column
            is_plain = not re.search(r"[*`|\\]|_\b", value) and len(value) <= _LONGEST_SUBSTITUTE
            is_usable = found["directive"] == "replace" and is_whole and is_plain
            names.substitutes.setdefault(plain_name(found["name"]), value if is_usable else "")
    return names


def plain_name(name: str) -> str:
    """A reference name as docutils compares them: lower case, white space joined."""
    return " ".join(name.replace("\\", "").replace("\0", "").lower().split())
