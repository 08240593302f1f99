"""The Markdown reader: every zone with its exact place, in every spelling."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readercontract import holds

from healthlint.document import HOLE, Block, Document
from healthlint.readers import markdown, read_text
from healthlint.readers.view import characters, fences, shallow

# One word for every zone, so that a word found at the wrong place is noticed.
ZONES = """\
---
title: wtitle wastral🔴 words
description: >-
  wdescription
  wfolded
tags: [wtag]
---
# wh1 *wh1em* {#wnot1 .wnot2}

wpara **wbold _wnested_** ~~wstruck~~ mir**acle** e\u0301wcombining 👩‍⚕️ wzwj wrtl-שלום
wsoft-wrapped `wnot3` wbreak\\
wafter [wlink *wlinkem*](https://wnot4.org/wnot5 "wlinktitle") ![walt *waltem*](wnot6.png 'walttitle')
[wref][r] [wcollapsed][] [wshortcut] <https://wnot7.org> https://wnot8.org/wnot9_x www.wnot10.org
wesc\\*aped wnamed&amp;entity w&#110;umeric&nbsp;wnbsp $wnot11$ <b class="wnot12">winline</b> <!-- wnot13 -->
<span hidden>wnot14</span> <kbd>wnot15</kbd> wnote[^1] wsh\u00ady w\u200bzero {{ wnot16 }} {% wnot17 %}wend

wsetext
-------

> wquote
wlazy
> > wquote2

> [!WARNING]
> walert

- witem
  wcontinued

  wsecond
  - wsub
    1. wdeep
- [x] wtask

| whead | `wnot18` |
|-------|:---:|
| wcell | wpiped \\| **wboldcell** |

wterm
: wdefinition

[^1]: wfootnote
    wfootnote2

[r]: https://wnot19.org "wreftitle"
[wcollapsed]: /wnot20
[wshortcut]: /wnot21

```wnot22
wnot23
```

    wnot24

<div class="wnot25" title="wdivtitle">
whtml <i>whtmlem</i> <!-- wnot26 --><script>wnot27</script>
</div>

<details>
<summary>wsummary</summary>

wdetails

</details>

<div style="display:none">

wnot28

</div>

:::tip wcolons
wcolonbody
:::

!!! note "wmarks"
    wmarkbody

    - wmarkitem

Kramdown
{: .wnot29}

[//]: # (wnot30)

{{< wnot31 >}}

wlast
"""

EXPECTED = [
    ("wtitle", "title", ()),
    ("wastral🔴", "title", ()),
    ("wdescription", "description", ()),
    ("wfolded", "description", ()),
    ("wtag", "field", ()),
    ("wh1", "heading", ()),
    ("wh1em", "heading", ()),
    *[
        (word, "paragraph", ())
        for word in (
            *(
                "wpara",
                "wbold",
                "wnested",
                "wstruck",
                "e\u0301wcombining",
                "wzwj",
                "wrtl-שלום",
                "wsoft-wrapped",
            ),
            *(
                "wbreak",
                "wafter",
                "wlink",
                "wlinkem",
                "wref",
                "wcollapsed",
                "wshortcut",
                "wnbsp",
                "winline",
                "wnote",
            ),
            *("wend", "wlast"),
        )
    ],
    ("wlinktitle", "label", ()),
    ("walt", "alt", ()),
    ("waltem", "alt", ()),
    ("walttitle", "label", ()),
    ("wreftitle", "label", ()),
    ("wsetext", "heading", ()),
    ("wquote", "paragraph", ("quote",)),
    ("wlazy", "paragraph", ("quote",)),
    ("wquote2", "paragraph", ("quote", "quote")),
    ("walert", "paragraph", ("aside",)),
    ("witem", "item", ("list",)),
    ("wcontinued", "item", ("list",)),
    ("wsecond", "paragraph", ("list",)),
    ("wsub", "item", ("list", "list")),
    ("wdeep", "item", ("list", "list", "list")),
    ("wtask", "item", ("list",)),
    ("whead", "cell", ("table",)),
    ("wcell", "cell", ("table",)),
    ("wpiped", "cell", ("table",)),
    ("wboldcell", "cell", ("table",)),
    ("wterm", "term", ("list",)),
    ("wdefinition", "item", ("list",)),
    ("wfootnote", "footnote", ("footnote",)),
    ("wfootnote2", "footnote", ("footnote",)),
    ("wdivtitle", "label", ()),
    ("whtml", "paragraph", ()),
    ("whtmlem", "paragraph", ()),
    ("wsummary", "paragraph", ("details",)),
    ("wdetails", "paragraph", ("details",)),
    ("wcolons", "paragraph", ("aside",)),
    ("wcolonbody", "paragraph", ("aside",)),
    ("wmarks", "paragraph", ("aside",)),
    ("wmarkbody", "paragraph", ("aside",)),
    ("wmarkitem", "item", ("aside", "list")),
]

SPLIT = [
    ("miracle", "mir**acle"),
    ("wesc*aped", "wesc\\*aped"),
    ("wnamed&entity", "wnamed&amp;entity"),
    ("wnumeric", "w&#110;umeric"),
    ("wnumeric wnbsp", "w&#110;umeric&nbsp;wnbsp"),
    ("wshy", "wsh\u00ady"),
    ("wzero", "w\u200bzero"),
    ("wpiped | wboldcell", "wpiped \\| **wboldcell"),
]


def read(source: str) -> Document:
    document = markdown.read(source, "article.md")
    holds(document)
    return document


def texts(source: str) -> list[str]:
    return [block.text for block in read(source).blocks]


def outline(source: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(source).blocks]


def block_with(document: Document, word: str) -> Block:
    """The one block that has `word` in it as a word of its own."""
    found = [block for block in document.blocks if f" {word} " in f" {block.text} ".replace(HOLE, " ")]
    assert len(found) == 1, word
    return found[0]


def written(document: Document, word: str) -> str:
    """The source at the place of `word`."""
    block = block_with(document, word)
    start = f" {block.text} ".replace(HOLE, " ").index(f" {word} ")
    return document.source[slice(*block.source_span(start, start + len(word)))]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(("word", "kind", "containers"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_every_zone(word, kind, containers, line_end):
    document = read(ZONES.replace("\n", line_end))
    block = block_with(document, word)
    assert (block.kind, block.containers) == (kind, containers)
    assert written(document, word) == word


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(("word", "expected"), SPLIT)
def test_words_in_pieces(word, expected, line_end):
    assert written(read(ZONES.replace("\n", line_end)), word) == expected


def test_what_is_no_prose():
    assert not [block.text for block in read(ZONES).blocks if re.search(r"wnot\d", block.text)]


def test_a_phrase_over_a_line_end():
    for source in (
        "It has no side\n  effects.",
        "It has no side\r\neffects.",
        "> It has no side\n> effects.",
    ):
        document = read(source)
        assert document.blocks[0].text == "It has no side effects."
        span = document.blocks[0].source_span(10, 22)
        assert (source[span.start], source[span.end - 1]) == ("s", "s")


def test_levels():
    document = read("## Signs\n\nText\n\n- one\n  - two\n    1. three\n")
    assert [(block.kind, block.level) for block in document.blocks] == [
        ("heading", 2),
        ("paragraph", 0),
        ("item", 1),
        ("item", 2),
        ("item", 3),
    ]


def test_an_escape_does_not_end_an_address():
    document = read("Read https://elm.org/bed\\_rest\\_cure, then rest.\n")
    assert document.blocks[0].text.replace(HOLE, "") == "Read , then rest."
    assert document.blocks[0].links[0].url == "https://elm.org/bed_rest_cure"


def test_links_images_and_references():
    source = (
        "See [the *leaflet*](/leaflet), ![hip](hip.png), <https://a.org>, https://b.org/c_d_(e), www.c.org. "
        "doi:10.1000/xyz_1, (https://d.org), nurse@e.org and [![f](f.png)](/g)[^1].\n\n[^1]: Moor 2020.\n"
    )
    document = read(source)
    block = document.blocks[0]
    assert block.text == "See the leaflet, ￼, ￼, ￼, ￼. ￼, (￼), ￼ and ￼."
    assert [(block.text[start:end], url) for start, end, url in block.links] == [
        ("the leaflet", "/leaflet"),
        ("", "hip.png"),
        (HOLE, "https://a.org"),
        (HOLE, "https://b.org/c_d_(e)"),
        (HOLE, "http://www.c.org"),
        (HOLE, "https://doi.org/10.1000/xyz_1"),
        (HOLE, "https://d.org"),
        (HOLE, "mailto:nurse@e.org"),
        ("", "f.png"),
        (HOLE, "/g"),
        ("", "#footnote"),
    ]
    assert outline(source)[1:] == [("alt", "hip"), ("alt", "f"), ("footnote", "Moor 2020.")]


def test_an_image_alone_is_its_alternative_text():
    assert outline("![A sore hip](hip.png)\n") == [("alt", "A sore hip")]


def test_a_reference_in_a_superscript_link_is_no_word():
    document = read("Pain<sup>[1](#ref-1)</sup> lasts 10<sup>6</sup> s.")
    assert document.blocks[0].text == "Pain lasts 106 s."
    assert document.blocks[0].links == ((4, 4, "#footnote"),)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "It costs $20-$30 a month, or $5/day, up to 30$.",
            "It costs $20-$30 a month, or $5/day, up to 30$.",
        ),
        ("A dose of $x_1$ or $$y$$ daily", "A dose of ￼ or ￼ daily"),
        ("One<br>two<br/>three", "One two three"),
        ("`a`, ``b ` c`` d", "￼, ￼ d"),
        ("A [missing][nowhere] link", "A [missing][nowhere] link"),
        ("2 < 3 & 4 > 1 &nonsense; &", "2 < 3 & 4 > 1 &nonsense; &"),
        ("“Curly” ‘quotes’ and non\u2011breaking", "\"Curly\" 'quotes' and non-breaking"),
        ("A\ttab and  spaces", "A tab and spaces"),
        ("A \x00NUL", "A NUL"),
    ],
)
def test_text(source, text):
    assert texts(source) == [text]


def test_inline_html():
    source = (
        'A <a href="/x" title="More here">li*n*k</a>, <code>cure()</code> and <img src="i.png" alt="A &lt; B"> '
        '<span style="display: none">never <b>ever</b></span>end <abbr title="General practitioner">GP</abbr>.'
    )
    document = read(source)
    assert outline(source) == [
        ("paragraph", "A link, ￼ and ￼ end GP."),
        ("label", "More here"),
        ("alt", "A < B"),
        ("label", "General practitioner"),
    ]
    assert document.blocks[0].links == ((2, 6, "/x"), (14, 14, "i.png"))


def test_small_print():
    assert [
        block.containers for block in read("<small>All of it.</small>\n\nSome <small>of it</small>.\n").blocks
    ] == [
        ("small",),
        (),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "<details>\n<summary>More</summary>\n\nText\n\n- one\n\n</details>\n\nAfter\n",
            ["details"] * 2 + ["details list", ""],
        ),
        ("<aside>\n\n> Text\n\n</aside>\n\nAfter\n", ["aside quote", ""]),
        ("- one\n\n  <details>\n\n  two\n\n  </details>\n- three\n", ["list", "list details", "list"]),
        ("> <details>\n>\n> one\n\ntwo\n", ["quote details", ""]),
        ("<details>\n\nText</details>\n\nAfter\n", ["details", ""]),
    ],
)
def test_html_around_markdown(source, expected):
    assert [" ".join(block.containers) for block in read(source).blocks] == expected


@pytest.mark.parametrize(
    "hiding",
    ["hidden", 'aria-hidden="true"', 'style="display:none"', 'style="color: red; display : none"'],
)
def test_hidden_markdown(hiding):
    assert texts(f"Before\n\n<div {hiding}>\n\nSecret **text**\n\n- and\n\n</div>\n\nAfter\n") == [
        "Before",
        "After",
    ]


def test_hidden_until_the_end_of_a_script():
    source = "<div>\n<script>\nlet a = 1\n\nlet cure = 2\n\n    </script>\n</div>\n\nAfter\n"
    assert texts(source) == ["After"]


def test_indented_html_is_no_code_but_indented_text_is():
    source = "<div>\n\n      <p>A miracle</p>\n\n      <ul>\n        <li>One</li>\n      </ul>\n\n</div>\n\n    cure()\n"
    assert outline(source) == [("paragraph", "A miracle"), ("item", "One")]


def test_html_in_a_quotation_loses_the_marks():
    source = "> <div>\n> no side\n> effects\n> </div>\n"
    document = read(source)
    assert texts(source) == ["no side effects"]
    assert source[slice(*document.blocks[0].source_span(3, 15))] == "side\n> effects"


def test_admonitions():
    source = (
        ':::note[See a *doctor*]\nOne\n:::\n\n::: details More\nTwo\n\n:::: {.callout-tip title="Three"}\nFour\n::::\n'
        ':::\n\n!!! warning "Five"\n\n    Six\n\n        code\n\n    !!! tip\n        Seven\n\n??? faq\n    Eight\n\nNine\n'
    )
    assert [(" ".join(block.containers), block.kind, block.text) for block in read(source).blocks] == [
        ("aside", "paragraph", "See a doctor"),
        ("aside", "paragraph", "One"),
        ("details", "paragraph", "More"),
        ("details", "paragraph", "Two"),
        ("details aside", "paragraph", "Three"),
        ("details aside", "paragraph", "Four"),
        ("aside", "paragraph", "Five"),
        ("aside", "paragraph", "Six"),
        ("aside aside", "paragraph", "Seven"),
        ("details", "paragraph", "Eight"),
        ("", "paragraph", "Nine"),
    ]


@pytest.mark.parametrize(
    ("source", "container"),
    [
        ("!!! note\n    Tea", "aside"),
        ("??? note\n    Tea", "details"),
        ("???+ note\n\tTea", "details"),
        (":::spoiler\nTea\n:::", "details"),
        ("::: dropdown\nTea\n:::", "details"),
        ("::: note\nTea\n:::", "aside"),
        ('=== "Tab"\n    Tea', "aside"),
    ],
)
def test_what_an_admonition_without_a_title_is(source, container):
    assert [(block.text, block.containers) for block in read(source).blocks][-1] == ("Tea", (container,))
    assert all(block.kind == "paragraph" for block in read(source).blocks)


@pytest.mark.parametrize(
    ("indent", "columns", "count"),
    [
        ("    ", 4, 4),
        ("      ", 4, 4),
        ("\t", 4, 1),
        ("  \t ", 4, 3),
        ("  \t ", 5, 4),
        ("   \t\t", 8, 5),
        ("\t\t", 5, 2),
        ("\t  ", 8, 3),
        ("", 4, 0),
        ("  ", 0, 0),
    ],
)
def test_how_many_characters_make_so_many_columns(indent, columns, count):
    assert characters(indent, columns) == count


@pytest.mark.parametrize(
    "source",
    [
        "Text\n\n```\n:::note\n```\n\nAfter",
        "Is it safe???\n\nAfter!!!",
        "!!! this is a shout, not a note\n",
        ":::\n\nAfter",
    ],
)
def test_what_is_no_admonition(source):
    assert {block.containers for block in read(source).blocks} == {()}


def test_attribute_lists_are_nothing():
    source = '{:.lead}\nRest *well*{: .x}, walk[^1]{.y}.\n{: #id}\n\n## Signs {: .wide}\n\n[Book](/b){:target="_blank"}{#book} now {a, b}\n'
    assert texts(source) == ["Rest well, walk[^1].", "Signs", "Book now {a, b}"]
    assert read(source).includes == ()


def test_template_tags():
    source = (
        "{% include top.html %}\n{% if a %}\nTake {{ dose }} daily.\n{% endif %}\n---\n\n{{< medical-disclaimer >}}\n\n"
        "[{{ a }} book]({{ url }}/x)\n\n`{{ code }}`\n\n```\n{{< in-code >}}\n```\n\n[disclaimer_short]\n"
    )
    document = read(source)
    assert texts(source) == ["Take ￼ daily.", "￼ book"]
    assert [include.name for include in document.includes] == [
        "top.html",
        "dose",
        "medical-disclaimer",
        "a",
        "url",
        "disclaimer_short",
    ]
    assert [source[slice(*include.span)] for include in document.includes][2] == "{{< medical-disclaimer >}}"
    assert document.blocks[1].links == ((0, 6, "{{ url }}/x"),)


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- %s -->",
        "<!--\n%s\n-->",
        "[//]: # (%s)",
        '[//]: # "%s"',
        "[comment]: <> (%s)",
        "{# %s #}",
        "{%% comment %%}%s{%% endcomment %%}",
        "{::comment}%s{:/comment}",
        "<div><!-- %s --></div>",
        "Text <!-- %s --> here",
        "- item <!-- %s -->",
        "> <!-- %s -->",
        "| a <!-- %s --> |\n|---|\n| b |",
    ],
)
def test_suppressions(comment):
    source = "# Pain\n\n" + comment % "healthlint-disable-next-line cure-claim -- quoted" + "\n\nText\n"
    (found,) = read(source).directives
    assert found[:3] == ("disable-next-line", ("cure-claim",), "quoted")
    assert source[slice(*found.span)] == "healthlint-disable-next-line cure-claim -- quoted"


@pytest.mark.parametrize(
    "source",
    [
        "`<!-- healthlint-disable -->`",
        "```\n<!-- healthlint-disable -->\n[//]: # (healthlint-disable)\n{# healthlint-disable #}\n```",
        "    <!-- healthlint-disable -->"[4:].join(["    `", "`"]),
        "<!-- we use healthlint-disable -->",
    ],
)
def test_no_suppressions(source):
    assert read(source).directives == ()


def test_directives_are_in_order_whatever_their_kind():
    source = "---\nhealthlint: {disable: a}\n---\n{# healthlint-disable b #}\n\n<!-- healthlint-enable b -->\n\n[//]: # (healthlint-disable c)\n"
    assert [directive.rules for directive in read(source).directives] == [("a",), ("b",), ("b",), ("c",)]


@pytest.mark.parametrize(
    ("source", "label", "written"),
    [
        ('[a](/x "say \\"hi\\" &amp; go")', 'say "hi" & go', 'say \\"hi\\" &amp; go'),
        ("[a](/x (in brackets))", "in brackets", "in brackets"),
        ("![](d.png 'it\\'s')", "it's", "it\\'s"),
        ('[a][r] and [b][r]\n\n[r]: /x "once & for all"\n', "once & for all", "once & for all"),
    ],
)
def test_titles_of_links_and_images_are_labels(source, label, written):
    document = read(source)
    (found,) = (block for block in document.blocks if block.kind == "label")
    span = found.source_span(0, len(found.text))
    assert (found.text, document.source[span.start : span.end]) == (label, written)


def test_the_text_of_an_image_is_that_of_all_within_it():
    assert [
        (block.kind, block.text) for block in read("![a <b>bold</b> ![cat](b.png)](a.png) end").blocks
    ] == [
        ("paragraph", f"{HOLE} end"),
        ("alt", "a bold cat"),
    ]


def test_code_of_the_server_in_a_paragraph():
    document = read('Text <?php include "side.php" ?> more <?php echo 1 ?>.')
    assert [block.text for block in document.blocks] == [f"Text {HOLE} more {HOLE}."]
    assert [include.name for include in document.includes] == ["side.php"]


@pytest.mark.parametrize("opened", ["<sup>", "<small>", '<a href="/x">'])
def test_what_is_never_closed_ends_with_its_block(opened):
    """Also where nothing else stands in the block."""
    assert texts(f"Tea {opened}\n\n{opened}\n\nGarlic cures flu.") == ["Tea", "Garlic cures flu."]


def test_fields_and_faults_of_the_front_matter():
    document = read("---\ntitle: a: b\nauthor: Ada Moor\n---\n\nText\n")
    assert [(field.name, field.value, field.origin) for field in document.fields] == [
        ("title", "a: b", "front matter"),
        ("author", "Ada Moor", "front matter"),
    ]
    assert len(document.faults) == 1
    assert [block.text for block in document.blocks] == ["a: b", "Text"]


def test_a_thematic_break_at_the_top():
    assert texts("---\n\nText\n\n---\n\nMore\n") == ["Text", "More"]


def test_positions_after_astral_text_and_cuts():
    source = '💊 é\u0301 𝒜\n\n!!! note "Ünïcode 💊"\n    𝒜 body\n    miracle\n'
    document = read(source)
    assert written(document, "miracle") == "miracle"
    assert document.position(document.blocks[-1].source_span(2, 6).start) == (4, 7)


PIECES = st.sampled_from(
    (
        *(
            "word",
            "miracle",
            "it's",
            "💊",
            "e\u0301",
            "שלום",
            "a_b",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\r\n",
            "\t",
            "    ",
        ),
        *(
            "*",
            "**",
            "_",
            "`",
            "```",
            "~~",
            "[",
            "]",
            "(",
            ")",
            "](/u)",
            "![",
            "<",
            ">",
            "<b>",
            "</b>",
            "<br>",
        ),
        *(
            "# ",
            "> ",
            "- ",
            "1. ",
            "| ",
            "|\n|-|-|\n",
            "---\n",
            "===\n",
            "+++\n",
            ": ",
            "[^1]",
            "[^1]: ",
            "[x]: /y 't'",
        ),
        *(
            "&amp;",
            "&#117;",
            "&nbsp;",
            "\\",
            "\u00ad",
            "\u200b",
            "\x00",
            "\ud800",
            "“",
            "$",
            "$1",
            "{{ x }}",
            "{% y %}",
        ),
        *(
            "<div>",
            "</div>",
            "<div hidden>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<details>",
            "https://a.b/c",
        ),
        *(
            ":::note T\n",
            ":::\n",
            '!!! note "T"\n',
            "??? x\n",
            "{: .c}",
            "{#id}",
            "title: x\n",
            "￼",
            "\r",
            "\u2028",
        ),
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_the_contract_holds_for_anything(source):
    read(source)


WORDS = st.text("abcdefg", min_size=1, max_size=6)


@settings(deadline=None)
@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"])
)
def test_the_words_of_paragraphs_are_kept(paragraphs, line_end):
    source = (line_end * 2).join(line_end.join(words) for words in paragraphs)
    document = read(source)
    assert [block.text for block in document.blocks] == [" ".join(words) for words in paragraphs]
    for block in document.blocks:
        at = 0
        for word in block.text.split():
            assert source[slice(*block.source_span(at, at + len(word)))] == word
            at += len(word) + 1


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(text, id=text[:12])
        for text in (
            *(
                "<" * 50_000,
                "> " * 20_000 + "x",
                "- " * 5_000 + "x",
                "*a " * 20_000,
                "[" * 20_000,
                "[a](" * 20_000,
            ),
            *(
                "<div>\n\n" * 3_000,
                "<!-- " * 20_000,
                "|a" * 20_000 + "\n" + "|-" * 20_000,
                ":::note x\n" * 5_000,
            ),
            *(
                "".join(" " * 4 * n + '!!! note "x"\n' for n in range(200)),
                "{::comment}" * 20_000,
                "&amp;" * 20_000,
            ),
            *(
                "\x00" * 20_000,
                "\ud800 " * 20_000,
                "word " * 100_000,
                "```\n" * 20_000,
                "http://a.b/(" * 5_000,
            ),
            *(
                "[^1] " * 20_000 + "\n\n[^1]: x",
                "a@" * 20_000,
                "<details>\n\nx\n\n" * 1_000,
                "\n\n    <p>x" * 1_000,
            ),
        )
    ],
)
def test_hostile_markdown_is_read(source):
    assert markdown.read(source, "x.md").source == source


def test_a_linked_picture_is_no_address():
    blocks = markdown.read(
        "Rest.\n\n[![](a.png)](https://example.org)\n\n<https://example.org>\n", "x.md"
    ).blocks
    assert [block.text for block in blocks] == ["Rest.", HOLE]


def test_the_title_of_a_content_tab_is_prose():
    blocks = markdown.read('=== "For adults"\n\n    Rest well.\n', "x.md").blocks
    assert [block.text for block in blocks] == ["For adults", "Rest well."]


def test_what_follows_the_marks_of_a_fence():
    assert fences("~~~ a`b\ncode\n~~~\ntext\n", 0) == [(0, 16)]
    assert fences("``` a`b\ntext\n", 0) == []


def test_only_headings_and_items_have_a_level():
    blocks = markdown.read("---\ntitle: Tea\n---\n\n![A cup](b.png)\n\nRest.\n", "x.md").blocks
    assert [(block.kind, block.level) for block in blocks] == [("title", 0), ("alt", 0), ("paragraph", 0)]


@pytest.mark.parametrize(("marker", "left"), [(">", 64), ("> ", 64), ("- ", 64), ("1. ", 64), ("> - ", 32)])
def test_only_so_many_containers_on_a_line(marker, left):
    source = f"Tea.\r\n\r\n{marker * 500} cures gout"
    document = markdown.read(source, "deep.md")
    assert [block.text for block in document.blocks] == ["Tea.", "cures gout"]
    assert source[slice(*document.blocks[1].span)] == "cures gout"
    assert shallow(source).count(marker.strip()) == left  # each costs the parser a kilobyte
    assert len(shallow(source)) == len(source)


def test_a_line_of_dashes_is_as_it_stands():
    source = "- - -\n" + "> " * 64 + "Tea\n" + "-" * 500
    assert shallow(source) == source


def test_a_link_of_html_ends_where_the_next_begins() -> None:
    """Otherwise each would reach to the end of the paragraph."""
    (block,) = read_text('one <a href="/a">two <a href="/b">three</a> four\n', format="markdown").blocks
    assert [(block.text[link.start : link.end].strip(), link.url) for link in block.links] == [
        ("two", "/a"),
        ("three", "/b"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoted", ["", "> "])
def test_a_table_that_is_nearly_all_missing_is_a_paragraph(quoted: str, end: str) -> None:
    """The parser would make a cell for each that a row lacks."""
    rows = ["|a" * 40, "|-" * 40, *["|It cures gout."] * 5, *["|b"] * 60]
    source = end.join([*(quoted + row for row in rows), "", "Text.", ""])
    table, text = read_text(source, format="markdown").blocks
    assert (table.kind, text.text) == ("paragraph", "Text.")
    assert "It cures gout." in table.text


@pytest.mark.parametrize("columns", [2, 4, 9])
def test_a_table_may_lack_some_cells(columns: int) -> None:
    source = "|a" * columns + "\n" + "|-" * columns + "\n" + "|It cures gout.\n" * 50 + "\nText.\n"
    kinds = {block.kind for block in read_text(source, format="markdown").blocks}
    assert kinds == {"cell", "paragraph"}


def test_rows_of_dashes_in_a_table_begin_no_other() -> None:
    source = "|a|b\n|-|-\n|-|-\n|c|d\n\n|-|-\n"
    cells = [block.text for block in read_text(source, format="markdown").blocks if block.kind == "cell"]
    assert cells == ["a", "b", "-", "-", "c", "d"]
