"""The MDX reader: Markdown between imports, exports, expressions and components."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readercontract import holds

from healthlint.document import HOLE, Block, Document
from healthlint.readers import mdx

ZONES = """\
---
title: wfront
---
import Callout from '../components/wnot1'
import {
  Card,
  Wnot2,
} from "wnot3"

export const metadata = {
  title: 'wtitle, it\\'s wescaped',
  authors: [{ name: "Ada Moor", url: 'wnot4' }],
  openGraph: { description: `wopen` },
  date: '2024-05-01', // wnot5
  robots: { index: true },
}

export const Wnot6 = () => <p className="wnot7">it's {wnot8}</p>

# wheading {props.wnot9} {#wnot10}

wpara {wnot11} <Mark tone="wnot12">wmark</Mark> mir<b className="x" style={{ wnot13: 1 }}>acle</b> wwrapped
wafter{" "}<a href="/wnot14" title="wlinktitle">wlink</a> `wnot15 {x} <Y />` {/* wnot16 */} {"wstring"} <Wnot17 />

<Inline>wstart</Inline> wcontinues on the same line.

<Callout tone="wnot18" title="wcallout &amp; wand" description={'wdescription'} onClick={() => wnot19('}')}>
  wchild **wbold**

  - witem
  - witem2
      wmore

      wdeep *wdeepem*
  <Card>
      <p>wnested</p>
      <h3>wsub</h3>
      <img src={wnot20} alt="walt" />
  </Card>
  wlastchild</Callout>

<details>
<summary>wsummary</summary>

wdetails

</details>

<div hidden>

wnot21

</div>
<section style={{display: 'none'}}>wnot22</section>

| whead | <Badge>wbadge</Badge> |
|-------|-----------------------|
| wcell | {wnot23} |

> wquote <Mark>wquoted</Mark>

{wnot24.map((x) => (
  <li key={x}>{x}</li>
))}

      windented **wbolded** text

<>wfragment</>

:::tip[wtip]
wtipbody
:::

```jsx
<Wnot25 title="wnot26">{wnot27}</Wnot25>
```

2 < 3 and wless <https://wnot28.org> wend
"""

EXPECTED = [
    ("wfront", "title", ()),
    ("wescaped", "title", ()),
    ("wopen", "field", ()),
    ("wheading", "heading", ()),
    *[
        (word, "paragraph", ())
        for word in (
            "wpara",
            "wmark",
            "wwrapped",
            "wafter",
            "wlink",
            "wstring",
            "wend",
            "windented",
            "wbolded",
            "wfragment",
        )
    ],
    ("wlinktitle", "label", ()),
    ("wstart", "paragraph", ("inline",)),
    ("wcontinues", "paragraph", ("inline",)),
    ("wcallout", "label", ("callout",)),
    ("wand", "label", ("callout",)),
    ("wdescription", "label", ("callout",)),
    ("wchild", "paragraph", ("callout",)),
    ("wbold", "paragraph", ("callout",)),
    ("witem", "item", ("callout", "list")),
    ("wmore", "item", ("callout", "list")),
    ("wdeep", "paragraph", ("callout", "list")),
    ("wdeepem", "paragraph", ("callout", "list")),
    ("wnested", "paragraph", ("callout", "card")),
    ("wsub", "heading", ("callout", "card")),
    ("walt", "alt", ("callout", "card")),
    ("wlastchild", "paragraph", ("callout",)),
    ("wsummary", "paragraph", ("details",)),
    ("wdetails", "paragraph", ("details",)),
    ("whead", "cell", ("table",)),
    ("wbadge", "cell", ("badge", "table")),
    ("wquote", "paragraph", ("quote",)),
    ("wquoted", "paragraph", ("quote",)),
    ("wtip", "paragraph", ("aside",)),
    ("wtipbody", "paragraph", ("aside",)),
]


def read(source: str) -> Document:
    document = mdx.read(source, "article.mdx")
    holds(document)
    return document


def texts(source: str) -> list[str]:
    return [block.text for block in read(source).blocks]


def words(block: Block) -> str:
    return re.sub(f"[{HOLE},.]", " ", f" {block.text} ")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(("word", "kind", "containers"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_every_zone(word, kind, containers, line_end):
    document = read(ZONES.replace("\n", line_end))
    (block,) = (block for block in document.blocks if f" {word} " in words(block))
    assert (block.kind, block.containers) == (kind, containers)
    start = words(block).index(f" {word} ")
    assert document.source[slice(*block.source_span(start, start + len(word)))] == word


def test_what_is_no_prose():
    assert not [block.text for block in read(ZONES).blocks if re.search(r"wnot\d", block.text)]


def test_markup_does_not_break_a_word():
    document = read(ZONES)
    (block,) = (block for block in document.blocks if "miracle" in block.text)
    start = block.text.index("miracle")
    span = block.source_span(start, start + len("miracle"))
    assert ZONES[slice(*span)] == 'mir<b className="x" style={{ wnot13: 1 }}>acle'
    assert texts("mir<Mark>acle</Mark> side<br/>effects") == ["miracle side effects"]


def test_exported_metadata():
    found = [
        (field.name, field.value, ZONES[slice(*field.span)])
        for field in read(ZONES).fields
        if field.origin == "export"
    ]
    assert found == [
        ("title", "wtitle, it's wescaped", "wtitle, it\\'s wescaped"),
        ("authors.name", "Ada Moor", "Ada Moor"),
        ("authors.url", "wnot4", "wnot4"),
        ("openGraph.description", "wopen", "wopen"),
        ("date", "2024-05-01", "2024-05-01"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('export const title = "Back pain"\n\nText', [("title", "Back pain")]),
        ('export const meta: Metadata = { title: "Back pain" };', [("title", "Back pain")]),
        (
            'export const frontMatter = {\n  "title": "Back pain",\n\n  tags: ["hip", \'leg\'],\n}\n\nText',
            [("title", "Back pain"), ("tags", "hip"), ("tags", "leg")],
        ),
        (
            'export const metadata = {title: "", author: {name: "Ada"}, a: f("b, c"), e: 1}',
            [("title", ""), ("author.name", "Ada"), ("a", "b, c")],
        ),
        ("export const table = { title: 'Doses' }", []),
        ("export default { title: 'Doses' }", []),
    ],
)
def test_exports(source, expected):
    assert [(field.name, field.value) for field in read(source).fields] == expected


def test_exports_are_read_to_a_depth():
    def titles(depth):
        document = read(
            "export const metadata = " + "{a: " * depth + "{title: 'Tea'}" + "}" * depth + "\n\nTea."
        )
        return [field.name for field in document.fields]

    assert titles(1) == ["a.title"]
    assert titles(63) == ["a." * 63 + "title"]
    assert titles(64) == []


def test_includes_are_the_components():
    source = '<MedicalDisclaimer />\n\n<Tabs.Item label="One">\n\nText <Icon/> here\n\n</Tabs.Item>\n\n`<Code />`\n\n<p>x</p>\n'
    document = read(source)
    assert [(include.name, source[slice(*include.span)]) for include in document.includes] == [
        ("MedicalDisclaimer", "<MedicalDisclaimer />"),
        ("Tabs.Item", '<Tabs.Item label="One">'),
        ("Icon", "<Icon/>"),
    ]
    assert [(block.text, block.containers) for block in document.blocks] == [
        ("One", ("tabs.item",)),
        ("Text ￼ here", ("tabs.item",)),
        ("x", ()),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<ul>\n  <li>One</li>\n  <li>Two</li>\n</ul>", ["One", "Two"]),
        ("<Term>Statins</Term> cure <b>nothing</b>", ["Statins cure nothing"]),
        ("<Card>\nOne\n</Card>\nTwo", ["One", "Two"]),
        ("<Card>One\ntwo</Card>", ["One two"]),
        ("One <Card>\ntwo</Card> three", ["One two three"]),
        ('Our <a\n  href="https://example.org"\n>tea</a> cures\ngout.', ["Our tea cures gout."]),
        ("- <Tip>One</Tip>\n- Two", ["One", "Two"]),
        ("import is a word here.\n\nexport too.", ["import is a word here.", "export too."]),
        ("Text\nimport x from 'y'", ["Text import x from 'y'"]),
        ("{'One'} {`two`} {\"\"}three", ["One two three"]),
        ("{a ? 'x' : 'y'} side", ["￼ side"]),
        ("{`${a} }`} side {/* } */} effects", ["￼ side effects"]),
        ("\\{not code} \\<b>", ["{not code} <b>"]),
        ("<!-- an old comment -->\n\nText", ["Text"]),
        ("x <y and 5 <6> z", ["x <y and 5 <6> z"]),
    ],
)
def test_text(source, expected):
    assert texts(source) == expected


def test_a_brace_that_is_never_closed_swallows_nothing():
    source = 'One { two.\n\n<Card title="Three">four</Card>\n\n{five} six } seven'
    document = read(source)
    assert [block.text for block in document.blocks] == ["One { two.", "Three", "four", "￼ six } seven"]
    assert [(fault.message, fault.span) for fault in document.faults] == [
        ("this “{” is never closed; write “\\{” where it is text", (4, 5))
    ]


def test_only_so_many_braces_are_told():
    assert len(read("{ a\n\n" * 100).faults) == mdx.MOST_UNCLOSED


@pytest.mark.parametrize(
    "hiding",
    ["hidden", "hidden={true}", 'aria-hidden="true"', "aria-hidden={true}", "style={{ display: 'none' }}"],
)
def test_hidden_elements(hiding):
    source = f'Before\n\n<Card {hiding} title="Secret">\n\nSecret <b>text</b>\n\n<Card>more</Card>\n\n</Card>\n\nAfter'
    assert texts(source) == ["Before", "After"]


def test_shown_elements():
    assert texts("<Card hidden={false} title='One'>two</Card>") == ["One", "two"]


@pytest.mark.parametrize(
    "comment", ["{/* %s */}", "{ /* %s */ }", "<!-- %s -->", "{/*\n%s\n*/}", "- item {/* %s */}"]
)
def test_suppressions(comment):
    source = "# Pain\n\n" + comment % "healthlint-disable-next-line cure-claim -- quoted" + "\n\nText\n"
    (found,) = read(source).directives
    assert found[:3] == ("disable-next-line", ("cure-claim",), "quoted")
    assert source[slice(*found.span)] == "healthlint-disable-next-line cure-claim -- quoted"


def test_comments_in_code_are_no_suppressions():
    assert read("`{/* healthlint-disable */}`\n\n```\n{/* healthlint-disable */}\n```\n").directives == ()


PIECES = st.sampled_from(
    (
        *(
            "word",
            "it's",
            "💊",
            "e\u0301",
            " ",
            "\n",
            "\n\n",
            "\r\n",
            "    ",
            "*",
            "**",
            "`",
            "```",
            "[",
            "](/u)",
            "# ",
        ),
        *(
            "> ",
            "- ",
            "| ",
            "{",
            "}",
            "{x}",
            "{/*",
            "*/}",
            "{' '}",
            "{`",
            "${",
            "'",
            '"',
            "(",
            ")",
            "//",
            "<",
            ">",
            "/>",
        ),
        *(
            "<A>",
            "</A>",
            "<A ",
            "<b>",
            "</b>",
            "<p>",
            "</p>",
            "<img ",
            "alt='x' ",
            "title={'y'} ",
            "hidden ",
            "<>",
            "</>",
        ),
        *(
            "import a from 'b'\n",
            "export const metadata = {",
            "title: 'x',",
            "}\n",
            "<!--",
            "-->",
            "\\",
            "&amp;",
            "\x00",
        ),
        *(
            "<details>",
            "</details>",
            ":::note T\n",
            ":::\n",
            "<br/>",
            "\ud800",
            "￼",
            "---\n",
            "\t",
            "<div>\n",
            "</div>\n",
        ),
    )
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_the_contract_holds_for_anything(source):
    read(source)


WORDS = st.lists(st.text("abcdefg", min_size=1, max_size=6), min_size=1, max_size=5)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(WORDS, st.sampled_from(["%s", "<Card>\n  %s\n</Card>", "<p>%s</p>", "- %s", "> %s"])),
        min_size=1,
    )
)
def test_the_words_of_children_are_kept(paragraphs):
    source = "\n\n".join(around % " ".join(words) for words, around in paragraphs)
    document = read(source)
    assert [block.text for block in document.blocks] == [" ".join(words) for words, _ in paragraphs]
    for block in document.blocks:
        assert source[slice(*block.source_span(0, len(block.text)))] == block.text


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(text, id=text[:12].strip())
        for text in (
            *(
                "{" * 100_000,
                "{a}" * 20_000,
                "<A>" * 20_000,
                "<A>\n" * 10_000,
                "<A>" * 5_000 + "</A>" * 5_000,
            ),
            *(
                "<A b={" * 10_000,
                "<A b='" * 10_000,
                "<A a " * 10_000,
                "import a from 'b'\n" * 5_000,
                "{/*" * 10_000,
            ),
            *(
                "\n\nimport {\n" * 5_000,
                "{`${`" * 10_000,
                "`" * 20_000,
                "<!-- " * 20_000,
                "\n\n      x" * 3_000,
                "<" * 50_000,
            ),
        )
    ],
)
def test_hostile_mdx_is_read(source):
    assert mdx.read(source, "x.mdx").source == source
