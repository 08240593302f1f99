"""XML that every parser reads, whatever stands in texts and file names."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(parent: Element | None, name: str, text: str = "", /, **attributes: object) -> Element:
    """A new element, the last one in `parent`.

    For what XML 1.0 forbids in `text` and in values (controls, halves of surrogate pairs) stands U+FFFD.
    """
    legal = {key: _FORBIDDEN.sub("\ufffd", str(value)) for key, value in attributes.items()}
    made = Element(name, legal) if parent is None else ElementTree.SubElement(parent, name, legal)
    made.text = _FORBIDDEN.sub("\ufffd", text) or None
    return made


def document(root: Element) -> str:
    """The XML document of `root`, in ASCII, with a line end."""
    ElementTree.indent(root)
    # ASCII, because standard output may be in another encoding than the one that is declared.
    body = ElementTree.tostring(root, encoding="us-ascii").decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
