"""Template tags: where they stand, what they include, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthlint.readers import template
from healthlint.span import Span


def found(source: str) -> list[tuple[str, str]]:
    """Each tag as it is written, and what it includes."""
    return [(source[tag.span.start : tag.span.end], tag.include) for tag in template.tags(source)]


def comments(source: str) -> list[str]:
    return [source[slice(*tag.comment)] for tag in template.tags(source) if tag.comment]


@pytest.mark.parametrize(
    ("tag", "include"),
    [
        # Hugo
        ("{{< medical-disclaimer >}}", "medical-disclaimer"),
        ('{{% callout kind="warning" %}}', "callout"),
        ("{{< /callout >}}", ""),
        ('{{ partial "disclaimer.html" . }}', "disclaimer.html"),
        ('{{- partial "footer/disclaimer.html" (dict "page" .) -}}', "footer/disclaimer.html"),
        ('{{ template "_internal/opengraph.html" . }}', "_internal/opengraph.html"),
        ("{{ .Title }}", "Title"),
        ("{{ if .Params.reviewed }}", ""),
        ("{{ end }}", ""),
        # Liquid
        ('{% include disclaimer.html kind="short" %}', "disclaimer.html"),
        ("{%- render 'disclaimer' -%}", "disclaimer"),
        ("{% if page.reviewed %}", ""),
        ("{% endif %}", ""),
        ("{{ site.data.disclaimer | markdownify }}", "site.data.disclaimer"),
        ("{{ url }}", "url"),
        ("{% disclaimer %}", "disclaimer"),
        # Jinja, Twig, Nunjucks
        ('{% include "parts/disclaimer.html" %}', "parts/disclaimer.html"),
        ('{% extends "health.html" %}', "health.html"),
        ("{{ disclaimer() }}", "disclaimer"),
        ('{{ macros.warning("dose") }}', "macros.warning"),
        ('{% import "macros.html" as macros %}', ""),
        # Handlebars, ERB
        ("{{> disclaimer }}", "disclaimer"),
        ("{{{ body }}}", "body"),
        ("<%= render 'disclaimer' %>", "disclaimer"),
        ("<% if reviewed %>", ""),
        # WordPress
        ("[medical_disclaimer]", "medical_disclaimer"),
        ('[contact-form-7 id="12" title="Ask us"]', "contact-form-7"),
    ],
)
def test_a_tag_and_what_it_includes(tag, include):
    source = f"Drink water. {tag} Rest well."
    assert found(source) == [(tag, include)]


def test_a_snippet_and_a_short_code_on_lines_of_their_own():
    assert found('Rest.\n--8<-- "disclaimer.md"\n\n[disclaimer]\n') == [
        ('--8<-- "disclaimer.md"', "disclaimer.md"),
        ("[disclaimer]", "disclaimer"),
    ]


def test_short_codes_around_text():
    source = "[tip]Drink water.[/tip]"
    assert found(source) == [("[tip]", "tip"), ("[/tip]", "")]


@pytest.mark.parametrize(
    "source",
    [
        "Pain that is [sic] chronic, see [1] and [sciatica](/sciatica).",
        "The [sciatica][nerve_pain] page\n\n[nerve_pain]: /nerve",
        "![alt_text](x.png) and [[wiki_page]]",
        "## What helps {#what-helps}",
        "## What helps {#what-helps .wide}",
        "A set {a, b} and {{ never closed",
        "One {{ opens\n\nand a paragraph later }} closes.",
        "- [x] slept\n- [ ] drank water",
        "It is [long-term] pain.",
    ],
)
def test_what_is_no_tag(source):
    assert found(source) == []


@pytest.mark.parametrize(
    "comment",
    [
        "{# %s #}",
        "{{/* %s */}}",
        "{{- /* %s */ -}}",
        "{{!-- %s --}}",
        "{{! %s }}",
        "{%% # %s %%}",
        "<%%# %s %%>",
        "{%% comment %%} %s {%% endcomment %%}",
        "{{%% comment %%}} %s {{%% /comment %%}}",
    ],
)
def test_comments(comment):
    whole = comment % "healthlint-disable cure-claim -- quoted"
    source = f"A {whole} B"
    assert found(source) == [(whole, "")]
    assert [text.strip() for text in comments(source)] == ["healthlint-disable cure-claim -- quoted"]


def test_what_a_comment_or_a_listing_hides_is_one_tag():
    source = (
        "A {% comment %} a miracle {{ x }} {% endcomment %} B {% highlight py %} cure() {% endhighlight %} C"
    )
    assert found(source) == [
        ("{% comment %} a miracle {{ x }} {% endcomment %}", ""),
        ("{% highlight py %} cure() {% endhighlight %}", ""),
    ]


def test_an_end_without_a_beginning_does_not_reach_back():
    source = "{% comment %} a {% endhighlight %} b {% endcomment %} c"
    assert found(source) == [("{% comment %} a {% endhighlight %} b {% endcomment %}", "")]


def test_tags_begin_where_they_are_asked_for():
    assert [tag.include for tag in template.tags("{{ a }} {{ b }}", 3)] == ["b"]


def test_masking_keeps_every_offset():
    source = "💊 {{ dose }} daily\n{% if x %}\n  {% endif %}  \nRest"
    tags = template.tags(source)
    assert template.masked(source, tags) == f"💊 {'￼' * 10} daily\n{'￼' * 10}\n  {'￼' * 11}  \nRest"
    assert template.masked(source, tags, blank=True) == f"💊 {'￼' * 10} daily\n{' ' * 10}\n{' ' * 15}\nRest"


def test_the_innermost_opener_counts():
    source = "{{ a {{ b }}"
    assert [tag.span for tag in template.tags(source)] == [Span(5, 12)]


PIECES = st.sampled_from(
    (
        *(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "{{<",
            ">}}",
            "{{!--",
            "--}}",
            "<%",
            "%>",
            "[",
            "]",
            "/",
            "comment",
        ),
        *("end", " ", "\n", "\n\n", "a_b", "x", '"', "=", "8<", "--", "💊"),
    )
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_tags_are_in_order_and_apart(source):
    tags = template.tags(source)
    at = 0
    for tag in tags:
        assert at <= tag.span.start < tag.span.end <= len(source)
        at = tag.span.end
        if tag.comment:
            assert tag.span.start <= tag.comment.start <= tag.comment.end <= tag.span.end
    masked = template.masked(source, tags)
    assert len(masked) == len(source)
    # A tag inside another's marks leaves those marks behind, which are a tag again.
    left = masked.replace("￼", "")
    nested = "￼" in source or any(mark in left for mark in ("[", "{{", "{%", "{#", "<%", "8<"))
    assert template.tags(masked) == [] or nested


@pytest.mark.parametrize(
    "unit", ["{{", "{%", "{#", "<%", "{{!--", "[a b=", "[a_b ", "{% comment %}", "{{ x }}", "["]
)
def test_a_hundred_thousand_of_anything_is_read(unit):
    source = unit * 100_000
    assert len(template.masked(source, template.tags(source), blank=True)) == len(source)
