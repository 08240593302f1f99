"""Templates in which nothing that comes from articles can become markup."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from healthlint.document import HOLE
from healthlint.visible import visible

_HERE = Path(__file__).parent


class Asset(NamedTuple):
    """A style sheet or script that stands in the page as it is."""

    text: Markup
    digest: str
    """What a content security policy names it by."""


def template(name: str) -> Template:
    """A template of this folder. All that it is given is escaped, and control characters are spelt out."""
    return _environment().get_template(name)


def asset(name: str) -> Asset:
    """A file of this folder."""
    text = (_HERE / name).read_text(encoding="utf-8").strip()
    hashed = hashlib.sha256(text.encode("utf-8")).digest()
    return Asset(Markup(text), f"sha256-{base64.b64encode(hashed).decode('ascii')}")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"one_line": _one_line, "counted": _counted, "alike": _alike}
    environment.tests |= {"web": _is_web}
    environment.globals |= {"HOLE": HOLE}
    return environment


def _seen(value: Any) -> Any:
    # What is Markup was escaped here, or is ours.
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 or noun == "info" else f"{number:,} {noun}s"


def _alike(items: Iterable[Any], attribute: str) -> list[tuple[Any, list[Any]]]:
    """`items` in stretches that agree in `attribute`, with what they agree in; dots lead further."""
    return [(key, list(group)) for key, group in groupby(items, attrgetter(attribute))]


def _is_web(address: str) -> bool:
    return address.lower().startswith(("https://", "http://"))
