"""The same word in every zone that a format has: found where people read it, exactly, and nowhere else.

Each file in `zones/` has the word "miracle" (or the phrase "no side effects") once in each zone. `SEEN` holds
the zones in which a reader has to find it, with its place in the source as line:column-line:column, the end
exclusive; `UNSEEN` those that are no prose.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from healthlint.document import Document
from healthlint.readers import read
from healthlint.span import Span, line_starts

ZONES = Path(__file__).parent / "zones"

SEEN = {
    "md": {
        "front matter title": "2:12-2:19",
        "front matter tag": "4:16-4:23",
        "heading": "8:7-8:14",
        "paragraph": "10:3-10:10",
        "quote": "12:5-12:12",
        "list": "14:5-14:12",
        "nested list": "15:8-15:15",
        "table cell": "19:16-19:23",
        "footnote": "23:12-23:19",
        "link text": "25:17-25:24",
        "title attribute": "25:57-25:64",
        "alt text": "30:5-30:12",
        "inline HTML": "40:25-40:32",
        "text in an HTML block": "44:3-44:10",
        "wrapped phrase": "50:14-51:13",
        "wrapped phrase in a quote": "53:32-54:15",
        "entity": "56:3-56:15",
        "entity for a space": "56:21-56:41",
        "split emphasis": "58:3-58:12",
        "split link": "58:26-58:34",
        "soft hyphen": "60:3-60:11",
        "zero-width space": "60:18-60:26",
        "emphasis": "60:31-60:38",
        "escape": "60:46-60:53",
    },
    "mdx": {
        "front matter title": "2:12-2:19",
        "front matter tag": "4:5-4:12",
        "heading": "11:7-11:14",
        "paragraph": "13:3-13:10",
        "quote": "15:5-15:12",
        "list": "17:5-17:12",
        "table cell": "21:16-21:23",
        "footnote": "25:12-25:19",
        "link text": "27:17-27:24",
        "title attribute": "27:57-27:64",
        "alt text": "29:5-29:12",
        "JSX title": "37:34-37:41",
        "JSX children": "38:5-38:12",
        "inline JSX": "41:29-41:36",
        "wrapped phrase": "45:14-46:13",
        "entity": "48:3-48:15",
        "entity for a space": "48:21-48:41",
        "split emphasis": "50:3-50:12",
        "split tag": "50:26-50:36",
        "soft hyphen": "52:3-52:11",
        "zero-width space": "52:18-52:26",
    },
    "html": {
        "head title": "4:12-4:19",
        "meta description": "5:37-5:44",
        "og:title": "6:40-6:47",
        "JSON-LD headline": "11:39-11:46",
        "navigation": "15:25-15:32",
        "heading": "17:9-17:16",
        "paragraph": "18:6-18:13",
        "quote": "19:18-19:25",
        "list": "20:11-20:18",
        "table caption": "21:21-21:28",
        "table cell": "22:25-22:32",
        "title attribute": "23:56-23:63",
        "link text": "23:80-23:87",
        "alt text": "24:39-24:46",
        "figure caption": "25:15-25:22",
        "inline element": "28:48-28:55",
        "aria-label": "29:24-29:31",
        "summary": "30:23-30:30",
        "details": "30:45-30:52",
        "wrapped phrase": "35:17-36:16",
        "entity": "37:6-37:18",
        "entity for a space": "37:24-37:44",
        "split emphasis": "38:6-38:16",
        "split link": "38:32-38:69",
        "soft hyphen": "39:6-39:14",
        "soft hyphen entity": "39:18-39:30",
        "zero-width space": "39:37-39:45",
        "after a break": "40:17-40:24",
        "small print": "41:13-41:20",
        "footer": "43:14-43:21",
    },
    "php": {
        "head title": "9:18-9:25",
        "heading": "11:9-11:16",
        "paragraph": "12:6-12:13",
        "quote": "14:15-14:22",
        "list": "15:51-15:58",
        "table cell": "16:32-16:39",
        "title attribute": "17:52-17:59",
        "link text": "17:76-17:83",
        "alt text": "18:31-18:38",
        "inline element": "20:28-20:35",
        "wrapped phrase": "22:17-23:13",
        "entity": "24:6-24:18",
        "entity for a space": "24:24-24:44",
        "split emphasis": "25:6-25:16",
        "soft hyphen": "26:6-26:14",
        "zero-width space": "26:21-26:29",
    },
    "rst": {
        "heading": "2:5-2:12",
        "field": "5:16-5:23",
        "meta description": "9:20-9:27",
        "paragraph": "11:3-11:10",
        "quote": "13:7-13:14",
        "list": "15:5-15:12",
        "nested list": "17:8-17:15",
        "term": "19:3-19:10",
        "definition": "20:7-20:14",
        "grid table cell": "25:16-25:23",
        "cell before": "26:14-26:29",
        "simple table cell": "32:13-32:20",
        "table caption": "35:20-35:27",
        "csv cell": "37:17-37:24",
        "footnote": "41:10-41:17",
        "link text": "43:17-43:24",
        "alt text": "49:12-49:19",
        "figure caption": "52:6-52:13",
        "role": "54:58-54:65",
        "admonition": "71:13-71:20",
        "only": "75:6-75:13",
        "wrapped phrase": "79:14-80:13",
        "wrapped phrase in a list": "82:27-83:15",
        "split emphasis": "85:3-85:14",
        "emphasis": "85:29-85:36",
        "escape": "85:44-85:52",
        "soft hyphen": "87:3-87:11",
        "zero-width space": "87:18-87:26",
        "substitution": "87:36-87:43",
        "raw HTML": "69:7-69:14",
    },
    "txt": {
        "head title": "1:12-1:19",
        "head tag": "2:15-2:22",
        "heading": "5:5-5:12",
        "paragraph": "7:3-7:10",
        "question heading": "9:9-9:16",
        "quote": "11:5-11:12",
        "list": "13:7-13:14",
        "wrapped item": "14:23-14:30",
        "nested list": "15:11-15:18",
        "table cell": "17:12-17:19",
        "link text": "19:17-19:24",
        "title attribute": "19:57-19:64",
        "alt text": "22:5-22:12",
        "inline HTML": "30:25-30:32",
        "wrapped phrase": "32:14-33:13",
        "wrapped phrase in a quote": "35:32-36:15",
        "entity": "38:3-38:15",
        "entity for a space": "38:21-38:41",
        "split emphasis": "40:3-40:12",
        "emphasis": "40:28-40:35",
        "soft hyphen": "40:43-40:51",
        "zero-width space": "40:57-40:65",
    },
}

UNSEEN = {
    "md": {
        "front matter key": "3:1-3:8",
        "front matter comment": "5:5-5:12",
        "link URL": "25:46-25:53",
        "autolink": "26:25-26:32",
        "bare URL": "26:57-26:64",
        "reference URL": "28:26-28:33",
        "image URL": "30:32-30:39",
        "inline code": "32:7-32:14",
        "fenced code": "35:1-35:8",
        "indented code": "38:5-38:12",
        "class attribute": "40:16-40:23",
        "data attribute": "42:17-42:24",
        "comment": "48:8-48:15",
    },
    "mdx": {
        "import": "7:40-7:47",
        "export": "9:22-9:29",
        "expression": "13:35-13:42",
        "link URL": "27:46-27:53",
        "image URL": "29:32-29:39",
        "inline code": "31:7-31:14",
        "fenced code": "34:1-34:8",
        "JSX attribute": "37:16-37:23",
        "class attribute": "41:20-41:27",
        "comment": "43:7-43:14",
    },
    "html": {
        "canonical URL": "7:49-7:56",
        "style": "8:9-8:16",
        "script": "9:21-9:28",
        "JSON-LD URL": "11:83-11:90",
        "body class": "14:14-14:21",
        "navigation URL": "15:16-15:23",
        "link URL": "23:38-23:45",
        "image URL": "24:19-24:26",
        "inline code": "26:15-26:22",
        "preformatted code": "27:12-27:19",
        "class attribute": "28:19-28:26",
        "data attribute": "28:39-28:46",
        "hidden element": "31:13-31:20",
        "display:none": "32:27-32:34",
        "template": "33:16-33:23",
        "comment": "34:8-34:15",
    },
    "php": {
        "PHP line comment": "2:6-2:13",
        "PHP comment": "3:6-3:13",
        "PHP string": "4:10-4:17",
        "PHP include": "5:10-5:17",
        "PHP expression": "12:42-12:49",
        "PHP short tag": "13:11-13:18",
        "PHP loop": "15:32-15:39",
        "PHP in an attribute": "17:30-17:37",
        "image URL": "18:11-18:18",
        "inline code": "19:15-19:22",
        "class attribute": "20:19-20:26",
        "comment": "21:8-21:15",
    },
    "rst": {
        "field name": "6:2-6:9",
        "link URL": "43:46-43:53",
        "bare URL": "43:80-43:87",
        "target URL": "46:31-46:38",
        "image URL": "48:20-48:27",
        "class option": "50:12-50:19",
        "inline literal": "54:8-54:15",
        "code role": "54:28-54:35",
        "math role": "55:8-55:15",
        "code block": "59:4-59:11",
        "literal block": "63:4-63:11",
        "doctest": "65:5-65:12",
        "condition": "73:11-73:18",
        "comment": "77:6-77:13",
        "substituted text": "89:22-89:29",
    },
    "txt": {
        "head URL": "3:29-3:36",
        "link URL": "19:46-19:53",
        "bare URL": "20:21-20:28",
        "address without scheme": "20:48-20:55",
        "e-mail address": "20:63-20:70",
        "image URL": "22:32-22:39",
        "inline code": "24:7-24:14",
        "fenced code": "27:1-27:8",
        "class attribute": "30:16-30:23",
        "comment": "30:62-30:69",
    },
}

KINDS = {
    # The kind of the zone's block, the part of the document it belongs to, a container it stands in.
    "front matter title": ("title", "metadata", ""),
    "front matter tag": ("field", "metadata", ""),
    "head title": ("title", "metadata", ""),
    "head tag": ("field", "metadata", ""),
    "field": ("field", "metadata", ""),
    "meta description": ("description", "metadata", ""),
    "heading": ("heading", "article", ""),
    "question heading": ("heading", "article", ""),
    "paragraph": ("paragraph", "article", ""),
    "quote": ("paragraph", "article", "quote"),
    "list": ("item", "article", "list"),
    "nested list": ("item", "article", "list"),
    "term": ("term", "article", ""),
    "table cell": ("cell", "article", "table"),
    "grid table cell": ("cell", "article", "table"),
    "simple table cell": ("cell", "article", "table"),
    "csv cell": ("cell", "article", "table"),
    "table caption": ("caption", "article", "table"),
    "figure caption": ("caption", "article", "figure"),
    "footnote": ("footnote", "article", "footnote"),
    "title attribute": ("label", "article", ""),
    "aria-label": ("label", "article", ""),
    "JSX title": ("label", "article", ""),
    "alt text": ("alt", "article", ""),
    "admonition": ("paragraph", "article", "aside"),
    "details": ("paragraph", "article", "details"),
    "small print": ("paragraph", "article", "small"),
    "navigation": ("paragraph", "chrome", "nav"),
    "footer": ("paragraph", "chrome", "footer"),
}


def place(document: Document, span: Span) -> str:
    start, end = document.position(span.start), document.position(span.end)
    return f"{start.line}:{start.column}-{end.line}:{end.column}"


def span(document: Document, place: str) -> Span:
    starts = line_starts(document.source)
    line, column, end_line, end_column = map(int, re.split("[:-]", place))
    return Span(starts[line - 1] + column - 1, starts[end_line - 1] + end_column - 1)


def occurrences(document: Document) -> list[str]:
    """The places at which the word or the phrase stands in the prose of the document."""
    return [
        place(document, block.source_span(*found.span()))
        for block in document.blocks
        for found in re.finditer("miracle|no side effects", block.text, re.IGNORECASE)
    ]


@pytest.fixture(scope="module", params=sorted(SEEN))
def document(request: pytest.FixtureRequest) -> Document:
    return read(ZONES / f"zones.{request.param}")


def zones(table: dict[str, dict[str, str]], document: Document) -> dict[str, str]:
    return table[Path(document.path).suffix[1:]]


def test_the_word_is_found_in_every_zone_that_people_read_and_nowhere_else(document: Document) -> None:
    names = {place: zone for zone, place in {**zones(UNSEEN, document), **zones(SEEN, document)}.items()}
    found = {names.get(place, place): place for place in occurrences(document)}
    assert found == zones(SEEN, document)


def test_no_place_is_found_twice(document: Document) -> None:
    assert [place for place, count in Counter(occurrences(document)).items() if count > 1] == []


def test_the_table_names_every_place_of_the_word_in_the_file(document: Document) -> None:
    written = [place(document, Span(*found.span())) for found in re.finditer("(?i)miracle", document.source)]
    named = {*zones(SEEN, document).values(), *zones(UNSEEN, document).values()}
    assert [word for word in written if word not in named] == []
    unseen = [span(document, place) for place in zones(UNSEEN, document).values()]
    assert {document.source[start:end] for start, end in unseen} == {"miracle"}


def test_each_zone_is_the_kind_of_block_it_looks_like(document: Document) -> None:
    kinds = {}
    for block in document.blocks:
        for found in re.finditer("miracle", block.text, re.IGNORECASE):
            kinds[place(document, block.source_span(*found.span()))] = (
                block.kind,
                block.zone,
                block.containers,
            )
    for zone, where in zones(SEEN, document).items():
        if zone in KINDS:
            kind, part, container = KINDS[zone]
            assert (zone, *kinds[where][:2]) == (zone, kind, part)
            assert not container or container in kinds[where][2], (zone, kinds[where])
