"""The forms by which the blocks of reST are told: what the text of a line has to match."""

from __future__ import annotations

import re

NAME = r"[^\W_]+(?:[-._+:][^\W_]+)*"
"""The name of a directive, a role or a reference, as a part of larger patterns."""

# Lists.

BULLET = re.compile(r"[-+*•‣⁃](?:\s+|\Z)")
ENUMERATOR = re.compile(
    r"(?:\((?:[a-zA-Z]|\d+|[ivxlcdm]+|[IVXLCDM]+|\#)\)|(?:[a-zA-Z]|\d+|[ivxlcdm]+|[IVXLCDM]+|\#)(?P<end>[.)]))(?:\s+|\Z)"
)
FIELD = re.compile(r":(?![: ])(?P<name>(?:[^:\\]|\\.|:(?![ `]|\Z)){1,200})(?<! ):(?:\s+|\Z)")
_ARGUMENT = r"(?:[a-zA-Z][\w-]{0,60}|<[^<>]{1,60}>)"
_ONE_OPTION = rf"(?:[-+][a-zA-Z0-9](?: ?{_ARGUMENT})?|(?:--|/)[a-zA-Z0-9][\w-]{{0,60}}(?:[ =]{_ARGUMENT})?)"
OPTION = re.compile(rf"{_ONE_OPTION}(?:, {_ONE_OPTION}){{0,9}}(?:\s\s+|\Z)")

# Titles, paragraphs, quotes.

PUNCTUATION_LINE = re.compile(r"([!-/:-@\[-`{-~])\1*\Z")
LINE_BLOCK = re.compile(r"\|(?:\s+|\Z)")
ATTRIBUTION = re.compile(r"(?:---?(?!-)|—)\s*(?=\S)")

# Tables.

GRID_TOP = re.compile(r"\+-[-+]*-\+\Z")
GRID_RULE = re.compile(r"[-=+]+\Z")
SIMPLE_RULE = re.compile(r"=+(?:\s+=+)+\Z")
SIMPLE_SPANS = re.compile(r"-+(?:\s+-+)*\Z")

# Explicit markup, and what stands behind its two dots.

EXPLICIT = re.compile(r"\.\.(?:\s+|\Z)")
ANONYMOUS = re.compile(r"__(?:\s+(?P<url>\S.*)|\Z)")
FOOTNOTE = re.compile(rf"\[(?:\d+|\#(?:{NAME})?|\*|{NAME})\](?:\s+|\Z)")
TARGET = re.compile(
    r"_(?![_\s])(?P<name>`[^`]{1,300}`|(?:\\.|[^:\\]){1,300}):(?:\s+(?P<url>\S.*)|\Z)|__:(?:\s+(?P<anonymous>\S.*)|\Z)"
)
SUBSTITUTION = re.compile(
    rf"\|(?P<name>[^|\s](?:[^|]{{0,200}}[^|\s])?)\|\s+(?P<directive>{NAME})\s?::(?:\s+|\Z)"
)
DIRECTIVE = re.compile(rf"(?P<name>{NAME})\s?::(?:\s+|\Z)")
ROLE_DEFINITION = re.compile(rf"role\s?::\s+(?P<name>{NAME})\s?\(\s?(?P<base>{NAME})\s?\)")
META_COMMENT = re.compile(r"(?P<name>[a-z][a-z_-]{1,30}):(?:\s+(?P<value>\S.*)|\Z)")
