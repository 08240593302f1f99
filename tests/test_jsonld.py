"""JSON-LD: fields by path, prose at its place, references, and what is broken."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthlint.document import HOLE
from healthlint.readers.jsonld import DEEPEST, Properties, properties
from healthlint.span import Span


def read(source: str) -> Properties:
    return properties(source, Span(0, len(source)))


def values(source: str) -> list[tuple[str, str]]:
    return [(field.name, field.value) for field in read(source).fields]


ARTICLE = """{
  "@context": "https://schema.org",
  "@type": ["Article", "MedicalWebPage"],
  "headline": "Does tea cure warts?",
  "description": "What \\"cures\\" warts \\u2013 and what doesn\\u2019t",
  "author": [{"@type": "Person", "name": "Ada Osei"}, {"@type": "Person", "name": "Bo Lind"}],
  "reviewedBy": {"@id": "#jo"},
  "datePublished": "2024-05-01",
  "wordCount": 1200,
  "isAccessibleForFree": true,
  "image": null,
  "citation": ["https://example.org/1", "https://example.org/2"]
}"""


def test_fields_are_named_by_their_path():
    assert values(ARTICLE) == [
        ("@context", "https://schema.org"),
        ("@type", "Article"),
        ("@type", "MedicalWebPage"),
        ("headline", "Does tea cure warts?"),
        ("description", 'What "cures" warts \u2013 and what doesn\u2019t'),
        ("author.@type", "Person"),
        ("author.name", "Ada Osei"),
        ("author.@type", "Person"),
        ("author.name", "Bo Lind"),
        ("reviewedBy.@id", "#jo"),
        ("datePublished", "2024-05-01"),
        ("wordCount", "1200"),
        ("isAccessibleForFree", "true"),
        ("image", ""),
        ("citation", "https://example.org/1"),
        ("citation", "https://example.org/2"),
    ]


def test_each_value_is_where_it_stands():
    found = read(ARTICLE)
    (name,) = [field for field in found.fields if field.value == "Bo Lind"]
    assert name.span.start == ARTICLE.index("Bo Lind")
    assert ARTICLE[name.span.start : name.span.end] == "Bo Lind"
    (image,) = [field for field in found.fields if field.name == "image"]
    assert ARTICLE[image.span.start : image.span.end] == "image"
    assert {field.origin for field in found.fields} == {"json-ld"}


def test_prose_becomes_blocks():
    title, description = read(ARTICLE).blocks
    assert (title.kind, title.zone, title.text) == ("title", "metadata", "Does tea cure warts?")
    assert (description.kind, description.text) == (
        "description",
        'What "cures" warts \u2013 and what doesn\'t',
    )
    span = description.source_span(*_at(description.text, "doesn't"))
    assert ARTICLE[span.start : span.end] == "doesn\\u2019t"
    span = description.source_span(*_at(description.text, '"cures"'))
    assert ARTICLE[span.start : span.end] == '\\"cures\\"'


def _at(text: str, word: str) -> tuple[int, int]:
    return text.index(word), text.index(word) + len(word)


def test_questions_and_answers():
    source = json.dumps(
        {
            "@type": "FAQPage",
            "mainEntity": [
                {
                    "@type": "Question",
                    "name": "Do warts go away?",
                    "acceptedAnswer": {
                        "@type": "Answer",
                        "text": "<p>Most <b>do</b>.</p><p>See a GP &amp; ask.</p>",
                    },
                }
            ],
        }
    )
    assert [(block.kind, block.text) for block in read(source).blocks] == [
        ("title", "Do warts go away?"),
        ("field", "Most do. See a GP & ask."),
    ]
    assert ("mainEntity.name", "Do warts go away?") in values(source)


@pytest.mark.parametrize(
    "source",
    [
        '{"@type": "Person", "name": "Ada"}',
        '{"name": "Ada", "@type": "MedicalOrganization"}',
        '{"author": {"name": "Ada"}}',
        '{"publisher": [{"name": "Ada"}]}',
        '{"itemListElement": [{"@type": "ListItem", "name": "Home"}]}',
        '{"url": "https://example.org"}',
        '{"name": 12}',
    ],
)
def test_names_of_people_and_sites_are_no_prose(source):
    assert read(source).blocks == ()


def test_a_graph_adds_nothing_to_the_path_and_references_are_followed():
    source = """{"@graph": [
      {"@type": "Article", "headline": "Warts", "author": {"@id": "https://example.org/#ada"}},
      {"@id": "https://example.org/#ada", "@type": "Person", "name": "Ada Osei", "jobTitle": "Dermatologist", "url": "x"}
    ]}"""
    found = read(source)
    named = [(field.name, field.value) for field in found.fields]
    assert ("headline", "Warts") in named
    assert ("author.name", "Ada Osei") in named
    assert ("author.jobTitle", "Dermatologist") in named
    assert ("author.url", "x") not in named
    (author,) = [field for field in found.fields if field.name == "author.name"]
    assert author.span.start == source.index("Ada Osei")


def test_lists_at_the_top():
    assert values('[{"name": "a"}, [{"name": "b"}]]') == [("name", "a"), ("name", "b")]


@pytest.mark.parametrize(
    ("source", "expected", "at"),
    [
        ('{"name": "a" "text": "b"}', [("name", "a"), ("text", "b")], 13),
        ('{"name": "a",,}', [("name", "a")], 13),
        ('{"author": {"name": "a"}', [("author.name", "a")], 23),
        ('{"name": "a', [("name", "a")], 9),
        ("{'name': 'a'}", [], 1),
        ('{"a": 1}}', [("a", "1")], 8),
        ("nonsense", [], 0),
    ],
)
def test_broken_json_is_one_fault_and_what_can_be_read(source, expected, at):
    found = read(source)
    assert [(field.name, field.value) for field in found.fields] == expected
    (fault,) = found.faults
    assert fault.message.startswith("JSON-LD is broken: ")
    assert fault.span == Span(at, at + 1)


@pytest.mark.parametrize(
    "source", ["", "  \n", '{"a": "b"}', '{"a": "line\nend"}', '{"a": "\\ud83e\\uddb4"}']
)
def test_what_is_not_broken(source):
    assert read(source).faults == ()


def test_escapes():
    source = r'{"text": "\ud83e\uddb4 a\/b\n\tc \ud800 \u00e9"}'
    (block,) = read(source).blocks
    assert block.text == "\U0001f9b4 a/b c \ufffd \u00e9"
    span = block.source_span(0, 1)
    assert source[span.start : span.end] == r"\ud83e\uddb4"


def test_holes_are_no_fault():
    written = '{"headline": {{ page.title | jsonify }}, "name": "About {{ x }}"}'
    masked = written.replace("{{ page.title | jsonify }}", HOLE * 26).replace("{{ x }}", HOLE * 7)
    found = properties(written, Span(0, len(written)), masked)
    assert found.faults == ()
    assert [(field.name, field.value) for field in found.fields] == [
        ("headline", "{{ page.title | jsonify }}"),
        ("name", "About {{ x }}"),
    ]
    assert [block.text for block in found.blocks] == [f"About {HOLE}"]


@pytest.mark.parametrize(
    "source", ["[" * 50_000, '{"a":' * 50_000, '{"name": "' + "<" * 50_000, '"\\' * 50_000, "9" * 50_000]
)
def test_hostile_text_is_read(source):
    found = read(source)
    assert len(found.faults) == 1
    assert found.fields == () or len(found.fields) == 1


def test_nothing_is_read_below_the_deepest_level():
    source = '{"a":' * (DEEPEST + 5) + '"gone"' + "}" * (DEEPEST + 5)
    assert read('{"b": 1, "c": ' + source + ', "d": 2}').fields[-1].name == "d"
    assert "gone" not in [value for _, value in values(source)]


KEYS = st.sampled_from(["name", "headline", "text", "author", "@type", "@id", "citation", "a b", "é"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=5), st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_every_plain_value_of_an_object_is_a_field(value, ascii_only, indent):
    source = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    found = read(source)
    assert found.faults == ()
    names = [field.name for field in found.fields]
    for key, plain in value.items():
        if not isinstance(plain, list | dict):
            assert key in names
    for block in found.blocks:
        assert all(0 <= span.start < span.end <= len(source) for _, span in block.runs)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*'{}[]:,"\\ u0<>&;\n', '"name"', '"a"', "null", "\\ud800", HOLE]), max_size=40
    ).map("".join)
)
def test_any_text_is_read(source):
    found = read(source)
    assert len(found.faults) <= 1
    for block in found.blocks:
        assert all(0 <= span.start < span.end <= len(source) for _, span in block.runs)
