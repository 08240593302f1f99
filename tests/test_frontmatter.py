"""Front matter: every value with its place, and what is wrong with it."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readercontract import holds

from healthlint.document import Directive, Document
from healthlint.readers.frontmatter import FrontMatter, front_matter, metadata_kind

YAML = """\
---
title: "Sciatica: what \\u201chelps\\u201d \\
  and why"
description: 'It''s a
  common pain'
author:
  name: Dr. Ada Moor
  url:
reviewers: [Jo Lund, "Bo Ek"]
draft: no
version: 1.10
date: 2024-05-01
summary: |
  Rest is not best.

  Keep moving &amp; ask.
excerpt: >-
    Folded
    text
tags: # of the page
  - back pain
  - 'legs'
layout: &kind post
type: *kind
note: !!str kept
---
# Body
"""

TOML = """\
+++
title = "Sciatica: what \\u201chelps\\u201d" # of the page
description = \"\"\"
It is a \\
    common "pain"
\"\"\"
date = 1979-05-27 07:32:00
draft = false
tags = ["back pain", 'legs "both"',
  # and
  \"\"\"feet\"\"\"]
doses = [[1, 2], [3]]
seo = { title = "Back", more = { list = [ {a = 1}, {a = 2} ] }, none = [] }

[author]
name = 'Ada \\ Moor'
"job title".kind = 'GP'
a.b . c = true

[[sources]]
title = "One"
[[sources]]
title = 'Two'
+++
# Body
"""


def values(source: str) -> list[tuple[str, str, str]]:
    """Name, value and source of every field."""
    return [(name, value, source[slice(*span)]) for name, value, span, _ in front_matter(source).fields]


def blocks(source: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in front_matter(source).blocks]


def faults(source: str) -> list[tuple[str, str]]:
    """The faults as message and place, "line:column" from 1."""
    found = []
    for message, span in front_matter(source).faults:
        before = source[: span.start].split("\n")
        found.append((message, f"{len(before)}:{len(before[-1]) + 1}"))
    return found


def test_yaml_values_are_text_with_their_places():
    assert values(YAML) == [
        ("title", "Sciatica: what “helps” and why", "Sciatica: what \\u201chelps\\u201d \\\n  and why"),
        ("description", "It's a common pain", "It''s a\n  common pain"),
        ("author.name", "Dr. Ada Moor", "Dr. Ada Moor"),
        ("author.url", "", "url"),
        ("reviewers", "Jo Lund", "Jo Lund"),
        ("reviewers", "Bo Ek", "Bo Ek"),
        ("draft", "no", "no"),
        ("version", "1.10", "1.10"),
        ("date", "2024-05-01", "2024-05-01"),
        (
            "summary",
            "Rest is not best.\n\nKeep moving &amp; ask.",
            "Rest is not best.\n\n  Keep moving &amp; ask.",
        ),
        ("excerpt", "Folded text", "Folded\n    text"),
        ("tags", "back pain", "back pain"),
        ("tags", "legs", "legs"),
        ("layout", "post", "post"),
        ("type", "post", "*kind"),
        ("note", "kept", "kept"),
    ]


def test_what_people_read_of_yaml_is_blocks():
    assert blocks(YAML) == [
        ("title", 'Sciatica: what "helps" and why'),
        ("description", "It's a common pain"),
        ("field", "Rest is not best. Keep moving & ask."),
        ("field", "Folded text"),
        ("field", "back pain"),
        ("field", "legs"),
    ]
    assert {block.zone for block in front_matter(YAML).blocks} == {"metadata"}


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("helps", "helps"),
        ('"helps"', "\\u201chelps\\u201d"),
        ("and", "and"),
        ("It's", "It''s"),
        ("& ask", "&amp; ask"),
    ],
)
def test_a_word_of_yaml_is_where_it_stands(word, written):
    block = next(block for block in front_matter(YAML).blocks if word in block.text)
    start = block.text.index(word)
    assert YAML[slice(*block.source_span(start, start + len(word)))] == written


def test_toml_values_are_text_with_their_places():
    assert values(TOML) == [
        ("title", "Sciatica: what “helps”", "Sciatica: what \\u201chelps\\u201d"),
        ("description", 'It is a common "pain"', 'It is a \\\n    common "pain"'),
        ("date", "1979-05-27 07:32:00", "1979-05-27 07:32:00"),
        ("draft", "false", "false"),
        ("tags", "back pain", "back pain"),
        ("tags", 'legs "both"', 'legs "both"'),
        ("tags", "feet", "feet"),
        ("doses", "1", "1"),
        ("doses", "2", "2"),
        ("doses", "3", "3"),
        ("seo.title", "Back", "Back"),
        ("seo.more.list.a", "1", "1"),
        ("seo.more.list.a", "2", "2"),
        ("author.name", "Ada \\ Moor", "Ada \\ Moor"),
        ("author.job title.kind", "GP", "GP"),
        ("author.a.b.c", "true", "true"),
        ("sources.title", "One", "One"),
        ("sources.title", "Two", "Two"),
    ]
    assert blocks(TOML) == [
        ("title", 'Sciatica: what "helps"'),
        ("description", 'It is a common "pain"'),
        ("field", "back pain"),
        ("field", 'legs "both"'),
        ("field", "feet"),
        ("field", "Back"),
    ]


def test_the_places_in_toml_agree_with_tomllib():
    read = tomllib.loads(TOML.removeprefix("+++\n").partition("+++")[0])
    found = values(TOML)
    assert ("title", read["title"]) in [field[:2] for field in found]
    assert [value for name, value, _ in found if name == "tags"] == read["tags"]
    assert [value for name, value, _ in found if name == "sources.title"] == [
        s["title"] for s in read["sources"]
    ]
    assert read["author"]["a"]["b"]["c"] is True


@pytest.mark.parametrize("source", [YAML, TOML])
def test_line_ends_change_no_value(source):
    crlf = source.replace("\n", "\r\n")
    assert [field[:2] for field in values(crlf)] == [field[:2] for field in values(source)]
    assert blocks(crlf) == blocks(source)
    assert crlf[front_matter(crlf).end :] == "# Body\r\n"
    assert source[front_matter(source).end :] == "# Body\n"


def test_offsets_count_code_points():
    source = "---\ntitle: 💊 Ca\u0301fe pills\ndescription: 𝒜 cure\n---\n"
    assert [written for _, _, written in values(source)] == ["💊 Ca\u0301fe pills", "𝒜 cure"]


@pytest.mark.parametrize(
    "source",
    [
        "---\n\nPain is a signal.\n\n---\n\nMore.",
        "---\nPain is a signal.\n---\n",
        "---\nWarning: do not wait.\n\nCall for help.\n",
        "---\n- one\n- two\n---\n",
        "---\n# Heading\n\nText\n\n---\n",
        "----\ntitle: x\n----\n",
        "--- text\ntitle: x\n---\n",
        "---",
        "---\n",
        "+++\nPain is a signal.\n+++\n",
        "+++\ntitle = 'x'\n",
        "Text first.\n---\ntitle: x\n---\n",
        "",
    ],
)
def test_a_thematic_break_is_no_front_matter(source):
    assert front_matter(source) == FrontMatter(0)


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("---\n---\nBody", "Body"),
        ("\n\n---\ntitle: x\n---\nBody", "Body"),
        ("---\ntitle: x\n...\nBody", "Body"),
        ("---  \ntitle: x\n---  \nBody", "Body"),
        ("---\n# of the page\ntitle: x\n---\nBody\n\n---\n", "Body\n\n---\n"),
        ('---\n{"title": "x"}\n---\nBody', "Body"),
        ("---\ntitle: x\n---", ""),
        ("---\rtitle: x\r---\rBody", "Body"),
    ],
)
def test_where_the_body_begins(source, body):
    found = front_matter(source)
    assert source[found.end :] == body
    assert found.faults == ()


def test_a_key_that_stands_twice():
    source = "---\ntitle: a\nauthor: {name: x, name: y}\ntitle: b\n---\n"
    assert faults(source) == [
        ("the key “name” stands twice in the front matter", "3:19"),
        ("the key “title” stands twice in the front matter", "4:1"),
    ]
    assert [value for name, value, _ in values(source) if name == "title"] == ["a", "b"]


def test_broken_yaml_is_a_fault_and_the_rest_is_read():
    source = "---\nlayout: post\ntitle: Back pain: what helps\ndescription: 'Rest'\ntags: [a\n---\nBody"
    assert faults(source) == [
        ("the front matter is not valid YAML: mapping values are not allowed in this context", "3:17")
    ]
    assert values(source) == [
        ("layout", "post", "post"),
        ("title", "Back pain: what helps", "Back pain: what helps"),
        ("description", "Rest", "Rest"),
    ]
    assert source[front_matter(source).end :] == "Body"


def test_broken_toml_is_a_fault_and_the_rest_is_read():
    source = "+++\r\ntitle = \"Back pain\"\r\ndate = \r\nauthor = 'Ada'\r\n+++\r\nBody"
    assert faults(source) == [("the front matter is not valid TOML: Invalid value", "3:8")]
    assert [field[:2] for field in values(source)] == [("title", "Back pain"), ("author", "Ada")]
    assert source[front_matter(source).end :] == "Body"


@pytest.mark.parametrize(
    "source",
    [
        "---\ntitle: Back pain\ndate: today\n\n# Heading\n\nText.\n",
        "---\ntitle: Back pain\ndate: today\n\n# Heading\n\nText.\n\n---\n\nMore text.\n",
        "---\ntitle: Back pain\ndate: today\n\n- a list\n- of the body\n\nText.\n\n---\n\nMore text.\n",
    ],
)
def test_front_matter_that_is_never_closed(source):
    assert faults(source) == [
        ("the front matter that begins here is not closed; put a line “---” after it", "1:1")
    ]
    assert [field[:2] for field in values(source)] == [("title", "Back pain"), ("date", "today")]
    assert front_matter(source).end == len("---\ntitle: Back pain\ndate: today\n")


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("a: " + "[" * 20_000, "the front matter has nested too deeply and is not read further"),
        ("a: " + "{a: " * 20_000, "the front matter has nested too deeply and is not read further"),
        (
            "a0: &a0 x\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)),
            "the front matter has over 50 aliases and is not read further",
        ),
    ],
)
def test_bombs(inside, message):
    assert [fault[0] for fault in faults(f"---\ntitle: x\n{inside}\n---\nBody")] == [message]


@pytest.mark.parametrize("value", ["[" * 5_000 + "]" * 5_000, "1\n" + "a." * 5_000 + "a = 1", "9" * 5_000])
def test_bombs_in_toml(value):
    assert len(faults(f"+++\na = {value}\n+++\nBody")) == 1


@pytest.mark.parametrize(
    ("written", "rules", "reason"),
    [
        (
            "healthlint: {disable: [cure-claim, risk-free], reason: quoted}",
            ("cure-claim", "risk-free"),
            "quoted",
        ),
        ("healthlint:\n  disable: cure-claim\n  reason: it is\n    quoted", ("cure-claim",), "it is quoted"),
        ("healthlint:\n  disable: all", (), ""),
    ],
)
def test_suppression_by_key(written, rules, reason):
    source = f"---\ntitle: x\n{written}\nlayout: post\n---\n"
    (found,) = front_matter(source).directives
    assert found[:3] == ("disable-file", rules, reason)
    assert written.startswith(source[slice(*found.span)].rstrip("}"))


def test_suppression_in_toml_and_in_comments():
    source = "+++\n# healthlint-disable-file cure-claim -- quoted\ntitle = 'x'\n[healthlint]\ndisable = ['a-b']\n+++\n"
    found = front_matter(source).directives
    assert [directive[:3] for directive in found] == [
        ("disable-file", ("cure-claim",), "quoted"),
        ("disable-file", ("a-b",), ""),
    ]
    assert source[slice(*found[0].span)] == "healthlint-disable-file cure-claim -- quoted"


@pytest.mark.parametrize(
    "written", ["healthlint: {disable: []}", "healthlint: {disable: false}", "healthlint: x"]
)
def test_no_suppression(written):
    assert [d for d in front_matter(f"---\n{written}\n---\n").directives if isinstance(d, Directive)] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("title", "title"),
        ("Title", "title"),
        ("description", "description"),
        ("summary", "field"),
        ("seo.title", "field"),
        ("meta_description", "field"),
        ("metaDescription", "field"),
        ("faq.question", "field"),
        ("tags", "field"),
        ("sources.title", None),
        ("author.name", None),
        ("slug", None),
    ],
)
def test_what_is_prose(name, kind):
    assert metadata_kind(name) == kind


@pytest.mark.parametrize("items", ["\n-", " \n- \n- a", "\n- a\n-", " {''}"])
def test_an_empty_item_is_where_its_list_is_named(items):
    source = f"---\ntitle:{items}\n---\nBody\n"
    empty = [field for field in front_matter(source).fields if not field.value]
    assert [source[field.span.start : field.span.end] for field in empty] == ["title"]


SCALARS = st.text(st.sampled_from("ab '\"\\:#&*[]{}💊é\u0301-,\n\t"), max_size=12)


@given(st.lists(st.tuples(st.sampled_from(["title", "summary", "x"]), SCALARS), max_size=4), st.booleans())
def test_whatever_stands_there_is_read(pairs, crlf):
    source = "---\n" + "".join(f"{key}: {value}\n" for key, value in pairs) + "---\nBody\n"
    if crlf:
        source = source.replace("\n", "\r\n")
    found = front_matter(source)
    assert 0 <= found.end <= len(source)
    assert all(field.span.start < field.span.end for field in found.fields)
    holds(Document(source, blocks=found.blocks, fields=found.fields))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), st.sampled_from(["'", '"']))
def test_a_quoted_value_is_found_where_it_stands(text, quote):
    written = text.replace("'", "''") if quote == "'" else text.replace("\\", "\\\\").replace('"', '\\"')
    source = f"---\nlayout: post\ntitle: {quote}{written}{quote}\n---\nBody"
    found = front_matter(source)
    title = found.fields[-1]
    assert found.faults == ()
    assert title.name == "title"
    assert source[slice(*title.span)] == (written if text.strip() else "title")


# --- JSON -------------------------------------------------------------------------------------------------

JSON = '\n{\n\t"title": "Tea \\"hot\\" \\u201cnow\\u201d \\ud83c\\udf75",\n\t"author": {"name": "Jo Lee"},\n  "tags": ["a", "b"], "draft": false\n}\r\n# Tea\n'


def test_a_json_object_is_front_matter():
    found = front_matter(JSON)
    assert found.faults == ()
    assert [(field.name, JSON[slice(*field.span)]) for field in found.fields[1:]] == [
        ("author.name", "Jo Lee"), ("tags", "a"), ("tags", "b"), ("draft", "false"),
    ]  # fmt: skip
    assert found.blocks[0].text.startswith('Tea "hot" "now"')
    assert JSON[found.end :] == "# Tea\n"
    assert (found.mark, JSON[found.inside.start], JSON[found.inside.end - 1]) == ("{", "{", "}")


@pytest.mark.parametrize(
    "source",
    [
        "{/* a remark of MDX */}\n# Tea",
        "{}\n# Tea",
        "{{< notice >}}\n",
        "{% include a.html %}\n",
        '{"title": "Tea"} is how it begins.\n',
        '{"title": "Tea"\n# Tea',
        "{title: Tea}\n",
        "{" * 100_000,
        '{"a":' * 100_000,
        "Text\n" + '{"title": "Tea"}\n',
    ],
)
def test_other_braces_are_no_front_matter(source):
    assert front_matter(source) == FrontMatter(0)
