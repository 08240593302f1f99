"""What is around the article: site header, navigation, sidebars, comments, footer.

Pages say it by tag, by role, by class and id names, or, the old ones, not at all: there a menu is known
by being nothing but links.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Landmark = Literal[
    "",
    "surely",  # by tag or role
    "likely",  # by a name that is used for nothing else
    "perhaps",  # by a name that also wraps articles
    "header",  # a site header, unless it holds the article's title
    "button",  # a short label, or the question that opens an answer
]

_ROLES: dict[str, Landmark] = {
    "navigation": "surely",
    "contentinfo": "surely",
    "search": "surely",
    "menu": "surely",
    "menubar": "surely",
    "toolbar": "surely",
    "complementary": "likely",
    "banner": "header",
}

_LIKELY = frozenset((
    "footer", "copyright", "breadcrumb", "breadcrumbs", "cookie", "cookies", "gdpr", "comment",
    "comments", "commentlist", "respond", "pagination", "pager", "navbar", "navigation", "nav",
    "colophon", "sidenav", "topnav", "leftnav", "rightnav", "subnav", "mainnav", "navbox", "catlinks",
    "toc", "printfooter", "blogroll", "skip"
))  # fmt: skip
_PERHAPS = frozenset((
    "menu", "menus", "mainmenu", "submenu", "topmenu", "leftmenu", "sidebar", "sidebars", "widget",
    "widgets", "related", "share", "sharing", "sharethis", "addthis", "sharedaddy", "social", "advert",
    "adverts", "ad", "ads", "advertisement", "newsletter", "subscribe", "subscription", "signup",
    "search", "searchbox", "login", "toolbar", "tagcloud", "archives", "offcanvas", "drawer", "leftcol",
    "rightcol", "leftcolumn", "rightcolumn", "leftbar", "rightbar", "leftrail", "rightrail", "rail",
    "recommended", "trending", "blogarchive", "topbar", "sponsored"
))  # fmt: skip
_HEADER = frozenset(("header", "masthead", "logo", "siteheader", "topheader", "banner"))
# Beside one of these words, the others mean a part of the article, or the layout around all of it.
_PARTS = frozenset((
    "entry", "article", "post", "section", "content", "card", "page", "block", "box", "title", "table",
    "modal", "blog", "hero", "elementor", "column", "row", "heading", "question", "accordion", "panel",
    "text", "main", "body", "has", "no", "with", "wrap", "image", "inner"
))  # fmt: skip
_HINT = re.compile("|".join(sorted(_LIKELY | _PERHAPS | _HEADER)), re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def by_role(role: str) -> Landmark:
    """What an element's `role` says."""
    return _ROLES.get(role.strip().lower(), "")


@lru_cache(maxsize=4096)
def by_names(names: str) -> Landmark:
    """What an element's class and id names say, separated by white space."""
    if not _HINT.search(names):
        return ""
    said: set[Landmark] = set()
    for token in names.split():
        words = {word.lower() for word in _WORD.findall(token)}
        words.add(token.lower())
        if not _LIKELY.isdisjoint(words) and not ("footer" in words and not _PARTS.isdisjoint(words)):
            said.add("likely")
        elif _PARTS.isdisjoint(words):
            if not _PERHAPS.isdisjoint(words):
                said.add("perhaps")
            elif not _HEADER.isdisjoint(words):
                said.add("header")
    for landmark in ("likely", "perhaps", "header"):
        if landmark in said:
            return landmark
    return ""


def is_menu(characters: int, linked: int, links: int) -> bool:
    """Whether an element with so many characters, so many of them linked, in so many links, is only a menu.

    A list of references is linked as well, but its links are as long as titles of papers.
    """
    return links >= 4 and linked >= 0.8 * characters and linked < 45 * links
