"""The HTML reader: every zone of a page, exact places, broken pages, and the line between article and chrome."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readercontract import holds

from healthlint.document import HOLE, Block, Document, Link, Run
from healthlint.readers import html
from healthlint.span import Span


def read(source: str, path: str = "page.html") -> Document:
    document = html.read(source, path)
    holds(document)
    return document


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def outline(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def block_with(document: Document, word: str) -> Block:
    found = [block for block in document.blocks if word in block.text]
    assert len(found) == 1, (word, texts(document))
    return found[0]


def place(document: Document, word: str) -> str:
    """The source at which `word` is reported."""
    block = block_with(document, word)
    at = block.text.index(word)
    span = block.source_span(at, at + len(word))
    return document.source[span.start : span.end]


PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<title>Zone01 for a stiff back</title>
<meta name="description" content="Zone02 &amp; other remedies">
<meta property="og:title" content='Zone03 for backs'>
<meta name=author content="Ada Osei">
<meta name="keywords" content="gone01">
<style>.gone02 { color: red }</style>
<script>var claim = "gone03";</script>
</head>
<body class="gone04">
<nav><ul><li><a href="/gone05">Zone04</a></li></ul></nav>
<main>
<h1>Zone05 at home</h1>
<p>Zone06 in a paragraph with <a href="/gone06" title="Zone07">zone08</a>.</p>
<ul><li>Zone09<ul><li>Zone10</li></ul></li></ul>
<dl><dt>Zone11</dt><dd>Zone12</dd></dl>
<table><caption>Zone13</caption><tr><th>Zone14</th><th>Dose</th></tr><tr><td>Zone15</td><td>2 mg</td></tr></table>
<blockquote><p>Zone16</p></blockquote>
<figure><img src="/gone07.png" alt="Zone17"><figcaption>Zone18</figcaption></figure>
<details><summary>Zone19</summary>Zone20</details>
<p><small>Zone21</small></p>
<p><code>gone08</code> and <em>zone22</em></p>
<p hidden>gone09</p><p style="color: red; Display : None">gone10</p><div aria-hidden="true">gone11</div>
<p style="visibility:hidden">gone12</p><!-- gone13 --><template><p>gone14</p></template>
<noscript>gone15</noscript><textarea>gone16</textarea><select><option>gone17</select>
<svg><title>gone18</title><text>gone19</text></svg><math><mi>gone20</mi></math>
<button>Zone23</button>
<div role="doc-endnotes"><ol><li>Zone24</li></ol></div>
<p aria-label="Zone25">Zone26</p>
</main>
<aside>Zone27</aside>
<footer>Zone28</footer>
</body>
</html>
"""


@pytest.mark.parametrize(
    ("word", "kind", "zone", "containers"),
    [
        ("Zone01", "title", "metadata", ()),
        ("Zone02", "description", "metadata", ()),
        ("Zone03", "title", "metadata", ()),
        ("Zone04", "item", "chrome", ("nav", "list")),
        ("Zone05", "heading", "article", ()),
        ("Zone06", "paragraph", "article", ()),
        ("Zone07", "label", "article", ()),
        ("zone08", "paragraph", "article", ()),
        ("Zone09", "item", "article", ("list",)),
        ("Zone10", "item", "article", ("list", "list")),
        ("Zone11", "term", "article", ("list",)),
        ("Zone12", "item", "article", ("list",)),
        ("Zone13", "caption", "article", ("table",)),
        ("Zone14", "cell", "article", ("table",)),
        ("Zone15", "cell", "article", ("table",)),
        ("Zone16", "paragraph", "article", ("quote",)),
        ("Zone17", "alt", "article", ("figure",)),
        ("Zone18", "caption", "article", ("figure",)),
        ("Zone19", "paragraph", "article", ("details",)),
        ("Zone20", "paragraph", "article", ("details",)),
        ("Zone21", "paragraph", "article", ("small",)),
        ("zone22", "paragraph", "article", ()),
        ("Zone23", "paragraph", "chrome", ()),
        ("Zone24", "footnote", "article", ("footnote", "list")),
        ("Zone25", "label", "article", ()),
        ("Zone26", "paragraph", "article", ()),
        ("Zone27", "paragraph", "chrome", ("aside",)),
        ("Zone28", "paragraph", "chrome", ("footer",)),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_zone_of_a_page(word, kind, zone, containers, line_end):
    document = read(PAGE.replace("\n", line_end))
    block = block_with(document, word)
    assert (block.kind, block.zone, block.containers) == (kind, zone, containers)
    assert place(document, word) == word


def test_what_is_no_prose():
    assert "gone" not in " ".join(texts(read(PAGE)))


def test_positions_count_code_points_and_every_line_end():
    source = "<p>\U0001f9b4 One\r\ntwo\rthree\nfour e\u0301 five</p>"
    document = read(source)
    assert texts(document) == ["\U0001f9b4 One two three four e\u0301 five"]
    at = document.blocks[0].text.index("five")
    assert document.blocks[0].source_span(at, at + 4) == Span(source.index("five"), source.index("five") + 4)
    assert document.position(source.index("five")) == (4, 9)


@pytest.mark.parametrize(
    ("source", "text", "word", "written"),
    [
        ("<p>It c&#117;res warts</p>", "It cures warts", "cures", "c&#117;res"),
        ("<p>It cure&#x73; warts</p>", "It cures warts", "cures", "cure&#x73;"),
        ("<p>no side&nbsp;effects</p>", "no side effects", "side effects", "side&nbsp;effects"),
        ("<p>mir<b>acle</b> tea</p>", "miracle tea", "miracle", "mir<b>acle"),
        ("<p>mir&shy;acle tea</p>", "miracle tea", "miracle", "mir&shy;acle"),
        ("<p>mir\u200bacle tea</p>", "miracle tea", "miracle", "mir\u200bacle"),
        ("<p>cure<!-- soft -->s warts</p>", "cures warts", "cures", "cure<!-- soft -->s"),
        ("<p>cure</>s warts</p>", "cures warts", "cures", "cure</>s"),
        ("<p>salt &amp pepper &copy 2020</p>", "salt & pepper \u00a9 2020", "&", "&amp"),
        ("<p>the patient&#146;s knee</p>", "the patient's knee", "patient's", "patient&#146;s"),
        ("<p>cures<br>warts</p>", "cures warts", "cures warts", "cures<br>warts"),
        ("<p>cures\n   warts</p>", "cures warts", "cures warts", "cures\n   warts"),
        ("<p>a < b and x<3 cures</p>", "a < b and x<3 cures", "cures", "cures"),
        ("<p>AT&T cures; &bogus; end</p>", "AT&T cures; &bogus; end", "cures", "cures"),
        ("<p>cur<wbr>es</p>", "cures", "cures", "cur<wbr>es"),
        ("<p>ri<span hidden>x<span>y</span>z</span>sk</p>", "risk", "risk", "ri<span hidden>x<span>y</span>z</span>sk"),
    ],
)  # fmt: skip
def test_a_word_is_reported_where_it_stands(source, text, word, written):
    document = read(source)
    assert texts(document) == [text]
    assert place(document, word) == written


def test_entities_in_attributes():
    source = '<p><img alt="Tom &amp; Jerry&#39;s \u201ccure\u201d &copy=1 &notit" src="a?b=1&amp;c=2"> x</p>'
    document = read(source)
    assert outline(document) == [
        ("paragraph", f"{HOLE} x"),
        ("alt", 'Tom & Jerry\'s "cure" &copy=1 &notit'),
    ]
    assert place(document, "& J") == "&amp; J"
    assert place(document, "Jerry's") == "Jerry&#39;s"
    assert document.blocks[0].links == (Link(1, 1, "a?b=1&c=2"),)


@pytest.mark.parametrize(
    "tag",
    [
        '<p title="knee pain">',
        "<p title='knee pain'>",
        '<p\r\n  TITLE = "knee pain"\r\n>',
        "<p a=1 title='knee pain'/>",
    ],
)
def test_attribute_values_however_they_are_quoted(tag):
    document = read(f"{tag}text</p>")
    assert outline(document) == [("paragraph", "text"), ("label", "knee pain")]
    span = html.attributes(document.source, 0)["title"]
    assert document.source[span.start : span.end] == "knee pain"
    assert document.blocks[1].span == span


def test_bare_and_empty_attributes():
    source = '<img alt=Knee width=3 title="" data-x>'
    assert outline(read(f"<p>{source}</p>")) == [("alt", "Knee")]
    found = html.attributes(source, 0)
    assert {name: source[span.start : span.end] for name, span in found.items()} == {
        "alt": "Knee",
        "width": "3",
        "title": "",
        "data-x": "",
    }


def test_links_and_addresses():
    source = '<p>Read <a href="/dose">the <b>dose</b></a> at https://example.org/a?b. Or not<sup><a href="#fn1">[1]</a></sup>.</p>'
    (block,) = read(source).blocks
    assert block.text == f"Read the dose at {HOLE}. Or not."
    assert block.links == (
        Link(5, 13, "/dose"),
        Link(17, 18, "https://example.org/a?b"),
        Link(26, 26, "#footnote"),
    )


def test_a_superscript_that_is_no_reference_stays():
    assert texts(read("<p>10<sup>6</sup> cells in 5 m<sup>2</sup></p>")) == ["106 cells in 5 m2"]


def test_line_breaks_and_lists_typed_by_hand():
    source = "<p>Signs:<br>• fever<br />&bull; rash<br>3. cough<br>\n&nbsp;<br>Rest well<br>and drink.</p>"
    document = read(source)
    assert outline(document) == [
        ("paragraph", "Signs:"),
        ("item", "fever"),
        ("item", "rash"),
        ("item", "cough"),
        ("paragraph", "Rest well and drink."),
    ]
    assert place(document, "rash") == "rash"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>one<p>two", ["one", "two"]),
        ("<ul><li>one<li>two</ul>three", ["one", "two", "three"]),
        ("<dl><dt>one<dd>two<dt>three</dl>", ["one", "two", "three"]),
        ("<table><tr><td>one<td>two<tr><td>three</table>four", ["one", "two", "three", "four"]),
        ("<b><p>one</b> still</p>two", ["one still", "two"]),
        ("<p><i><b>one</i> two</b></p><div>three</div>", ["one two", "three"]),
        ("<div><p>one</div></p></section>two", ["one", "two"]),
        ("<h2>one<p>two<div>three</div>", ["one", "two", "three"]),
        ("<table>one<tr><td><div>two</td></tr></table></div>three", ["one", "two", "three"]),
        ("<p>one<div hidden><p>gone</div>two", ["one", "two"]),
        ("one<svg><g><p>two</p>", ["one", "two"]),
        ("<p>one</br>two", ["one two"]),
        ("<title>unclosed<p>one", ["unclosed", "one"]),
        ("<ul><li>one<ul><li>two</ul>three</ul>", ["one", "two", "three"]),
        ("<select><option>gone<option>gone</select><p>one", ["one"]),
        ("", []),
        ("<", ["<"]),
        ("one<!-- gone", ["one"]),
        ("one<b title='gone", ["one"]),
    ],
)
def test_broken_markup(source, expected):
    assert texts(read(source)) == expected


def test_kinds_survive_unclosed_elements():
    document = read("<h2>Causes<p>Many.<ul><li>One<li>Two</ul>After")
    assert [(block.kind, block.level) for block in document.blocks] == [
        ("heading", 2),
        ("paragraph", 0),
        ("item", 1),
        ("item", 1),
        ("paragraph", 0),
    ]


def test_what_is_never_closed_and_hides_much_is_a_fault():
    (fault,) = read("<p>one</p><script>" + "var x;\n" * 200).faults
    assert "script" in fault.message
    assert fault.span == Span(10, 18)
    assert read("<p>one</p><!-- " + "gone " * 300).faults[0].span == Span(10, 14)
    assert read("<p>one</p><!-- breaks off").faults == ()


def test_tables_of_data_and_of_layout():
    data = read(
        "<table><tr><th>Dose</th><th>Effect</th></tr><tr><td>2 mg</td><td><p>None.</p></td></tr></table>"
    )
    assert {block.kind for block in data.blocks} == {"cell"}
    layout = read("<table><tr><td><h1>Warts</h1>One.<p>Two.</p></td></tr></table>")
    assert outline(layout) == [("heading", "Warts"), ("paragraph", "One."), ("paragraph", "Two.")]
    assert {block.containers for block in layout.blocks} == {()}


def test_a_blockquote_around_the_article_is_no_quotation():
    inside = "<p>" + "Warts are common and go away by themselves. " * 40 + "</p>"
    assert read(f"<blockquote>{inside}</blockquote>").blocks[0].containers == ()
    assert read("<blockquote>It cures all.</blockquote>").blocks[0].containers == ("quote",)


ARTICLE = "<p>" + "Most warts go away by themselves within two years. " * 12 + "</p>"


@pytest.mark.parametrize(
    "chrome",
    [
        "<nav>Marker</nav>",
        "<header><a href=/>Marker</a></header>",
        "<footer><p>Marker</p></footer>",
        "<div role=navigation>Marker</div>",
        "<div role='contentinfo'>Marker</div>",
        "<div class='site-footer'>Marker</div>",
        "<div id=footer>Marker</div>",
        "<div class='widget widget_recent_entries'>Marker</div>",
        "<div class='breadcrumbs'>Marker</div>",
        "<div id='cookie-banner'>Marker</div>",
        "<ol class='comment-list'><li>Marker</li></ol>",
        "<td class=leftNav>Marker</td>",
        "<div class='related-posts'>Marker</div>",
        "<div class='social-share'>Marker</div>",
        "<table><tr><td><a href=a>Marker</a><br><br><a href=b>Two</a><br><br><a href=c>Three</a> | <a href=d>Four</a></td></tr></table>",
        "<ul><li><a href=a>Marker</a><li><a href=b>Back</a><li><a href=c>Neck</a><li><a href=d>Knee</a></ul>",
    ],
)
def test_chrome(chrome):
    document = read(f"<body class='has-sidebar page'><div class=wrap>{chrome}<h1>Warts</h1>{ARTICLE}</div>")
    assert block_with(document, "Marker").zone == "chrome"
    assert block_with(document, "Most warts").zone == "article"


@pytest.mark.parametrize(
    "article",
    [
        "<header class=entry-header><h1>Marker</h1></header>",
        "<header><h1>Marker</h1></header>",
        "<article><header><p>Marker</p></header></article>",
        "<article><footer><p>Marker</p></footer></article>",
        "<div class='elementor-widget elementor-widget-text'>Marker</div>",
        "<div class='content-sidebar-wrap'><h1>Marker</h1></div>",
        "<div class='section-header'>Marker</div>",
        "<div class=navigate>Marker</div>",
        "<p>Marker <a href=a>one</a>, <a href=b>two</a>, <a href=c>three</a> and <a href=d>four</a> are quite common.</p>",
        "<ol>" + "<li><a href=x>Marker: a trial of salicylic acid for warts of hands and feet in adults</a></li>" + "".join(
            f"<li><a href={n}>Another long title of a trial that somebody cited here, number {n}</a></li>" for n in range(5)
        ) + "</ol>",
    ],
)  # fmt: skip
def test_what_only_looks_like_chrome(article):
    document = read(f"<body class='page sidebar-right'>{article}{ARTICLE}")
    assert block_with(document, "Marker").zone == "article"


def test_a_sidebar_that_holds_the_page_is_no_sidebar():
    document = read(f"<div class='sidebar'>{ARTICLE}{ARTICLE}</div>")
    assert {block.zone for block in document.blocks} == {"article"}


def test_main_is_the_article_even_inside_chrome():
    document = read(f"<div id=menu><main>{ARTICLE}</main></div>")
    assert document.blocks[0].zone == "article"


def fields(source: str) -> list[tuple[str, str, str]]:
    document = read(source)
    for field in document.fields:
        written = document.source[field.span.start : field.span.end]
        assert (
            field.value in written or "&" in written or "\n" in written or "<" in written or not field.value
        )
    return [(field.name, field.value, field.origin) for field in document.fields]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<meta name="Author" content="Ada Osei">', ("author", "Ada Osei", "meta")),
        ('<meta name="author" content="">', ("author", "", "meta")),
        ('<meta property="article:published_time" content="2024-05-01">', ("article:published_time", "2024-05-01", "meta")),
        ('<p><meta itemprop="datePublished" content="2024-05-01"></p>', ("datePublished", "2024-05-01", "meta")),
        ("<title>Warts &amp; all</title>", ("title", "Warts & all", "meta")),
        ('<time datetime="2024-05-01">May</time>', ("time", "2024-05-01", "html")),
        ("<time>1 May 2024</time>", ("time", "1 May 2024", "html")),
        ('<p>By <a rel="author" href="/ada">Ada <b>Osei</b></a></p>', ("author", "Ada Osei", "html")),
        ('<span itemprop="reviewedBy">Bo Lind, RN</span>', ("reviewedBy", "Bo Lind, RN", "html")),
        ('<div class="post-author">By Ada&nbsp;Osei</div>', ("author", "By Ada Osei", "html")),
        ('<div class="byline">Medically reviewed by Bo Lind</div>', ("reviewer", "Medically reviewed by Bo Lind", "html")),
        ('<span class="reviewed-by">Bo Lind</span>', ("reviewer", "Bo Lind", "html")),
        ('<span class="entry-date">1 May 2024</span>', ("date", "1 May 2024", "html")),
        ('<footer><p id="lastUpdated">Last updated 1 May 2024</p></footer>', ("updated", "Last updated 1 May 2024", "html")),
    ],
)  # fmt: skip
def test_fields(source, expected):
    assert fields(source) == [expected]


@pytest.mark.parametrize(
    "source",
    [
        '<span class="author"></span>',
        '<span class="author">By</span>',
        '<span class="entry-date">soon</span>',
        '<div class="sidebar"><span class="entry-date">1 May 2024</span></div>' + ARTICLE,
        '<ol class="comment-list"><li class="comment-author">Jo</li></ol>' + ARTICLE,
        '<div class="reviewer">Jo, a happy customer</div>',
        '<div class="author">' + "Ada Osei writes about skin. " * 20 + "</div>",
        '<p hidden class="author">Ada Osei</p>',
    ],
)
def test_what_is_no_byline(source):
    assert fields(source) == []


def test_an_empty_value_points_at_its_key():
    source = '<meta name="author" content="">'
    assert read(source).fields[0].span == Span(12, 18)


def test_json_ld_in_a_page():
    source = (
        '<script type="application/ld+json">{"@type": "Article", "headline": "Warts \\u0026 all",\r\n'
        ' "author": {"name": "Ada Osei"}}</script><p>Text</p>'
    )
    document = read(source)
    assert outline(document) == [("title", "Warts & all"), ("paragraph", "Text")]
    assert place(document, "&") == "\\u0026"
    assert ("author.name", "Ada Osei") in [(field.name, field.value) for field in document.fields]


def test_directives_in_comments():
    source = "<p>one</p>\r\n<!-- healthlint-disable-next-line cure-claim -- quoted -->\r\n<p>two</p>"
    (directive,) = read(source).directives
    assert (directive.action, directive.rules, directive.reason) == (
        "disable-next-line",
        ("cure-claim",),
        "quoted",
    )
    assert (
        source[directive.span.start : directive.span.end]
        == "healthlint-disable-next-line cure-claim -- quoted"
    )
    assert read("<script>// <!-- healthlint-disable-file -->\n</script>").directives == ()


def test_php_is_a_hole():
    source = (
        "<p>Rest <?php echo 'no ?> end'; // don't\n?>and drink <?= $water ?>.</p>"
        "<?php include 'inc/disclaimer.php'; get_footer(); ?>\n<p><?xml version='1.0'?>Tea</p>"
    )
    document = read(source, "page.php")
    assert texts(document) == [f"Rest {HOLE}and drink {HOLE}.", "Tea"]
    assert [include.name for include in document.includes] == ["inc/disclaimer.php", "footer"]
    assert place(document, "drink") == "drink"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("<?php get_template_part( 'parts/disclaimer', 'short' ) ?>", ["parts/disclaimer-short"]),
        ("<?php require_once __DIR__ . '/disclaimer.php' ?>", ["/disclaimer.php"]),
        ("<?php echo do_shortcode('[medical_disclaimer id=3]'); ?>", ["medical_disclaimer"]),
        ("<p>x</p>{% include 'disclaimer.html' %}", ["disclaimer.html"]),
        ("<!--#include virtual='/footer.html' -->", ["/footer.html"]),
        ("<!-- {% include 'disclaimer.html' %} -->", []),
        ("<div hidden><?php include 'disclaimer.php' ?></div>", []),
        ("<!-- <?php include 'disclaimer.php' ?> --><?php include 'real.php' ?>", ["real.php"]),
    ],
)
def test_includes(source, names):
    assert [include.name for include in read(source, "page.php").includes] == names


def test_unclosed_php_runs_to_the_end_of_a_php_file_only():
    source = "<p>one</p><?php echo 'two'; <p>three</p>"
    assert texts(read(source, "page.php")) == ["one"]
    assert "three" in " ".join(texts(read(source, "page.html")))


def test_an_apostrophe_in_php_does_not_swallow_the_page():
    source = "<p>one</p><?php echo it's ?><p>two</p><?php $x = 1 ?><p>three</p>"
    assert texts(read(source, "page.php")) == ["one", "two", "three"]


def test_template_tags_are_holes():
    source = '<p {% if x > 1 %}class="a"{% endif %} title="The {{ name }} tea">Drink {{ tea }} now</p>'
    assert texts(read(source)) == [f"Drink {HOLE} now", f"The {HOLE} tea"]


def test_bare_addresses_are_no_prose():
    document = read("<p>Ask cure@elm.org (doi:10.1000/cure.1, www.elm.org/cure).</p><p>ada@elm.org</p>")
    assert texts(document) == [f"Ask {HOLE} ({HOLE}, {HOLE})."]
    assert [link.url for link in document.blocks[0].links] == [
        "mailto:cure@elm.org",
        "https://doi.org/10.1000/cure.1",
        "www.elm.org/cure",
    ]


def test_an_address_does_not_cut_a_byline_short():
    document = read('<p>Tea is warm.</p><p class="byline">By Ada Moor, www.elm.org</p>')
    assert [field.value for field in document.fields] == ["By Ada Moor, www.elm.org"]


def test_template_tags_in_addresses_stay_as_written():
    (block,) = read('<p><a href="{{ base }}/notes">Notes</a> <img src="{{ base }}/a.png?a&amp;b"></p>').blocks
    assert [link.url for link in block.links] == ["{{ base }}/notes", "{{ base }}/a.png?a&b"]


def test_small_print():
    document = read(
        "<title>Tea</title><p><small>No advice.</small></p><p>Large and <small>small</small>.</p>"
    )
    assert [block.containers for block in document.blocks] == [(), ("small",), ()]
    start = len("<small>")
    source = "<small>one</small><p>two"
    found = html.fragment(source, Span(start, len(source)), (html.OpenElement("small", container="small"),))
    assert found.document.blocks[0].containers == ("small",)


def test_huge_numeric_references_are_read():
    source = (
        "<p title='&#"
        + "9" * 10_000
        + ";'>x &#"
        + "9" * 10_000
        + ";</p><meta name=author content='&#"
        + "1" * 9_000
        + "'>"
    )
    assert "x \ufffd" in texts(read(source))


def test_a_fragment_keeps_the_places_of_the_whole():
    source = "Some *Markdown*.\n\n<div class=note>\n<p title='Tip'>No c&#117;re</p>\n<!-- healthlint-disable-file -->\n</div>\n\nMore."
    start, end = source.index("<div"), source.index("\n\nMore")
    document = html.fragment(source, Span(start, end)).document
    holds(document)
    assert outline(document) == [("paragraph", "No cure"), ("label", "Tip")]
    assert place(document, "cure") == "c&#117;re"
    assert place(document, "Tip") == "Tip"
    (directive,) = document.directives
    assert source[directive.span.start : directive.span.end] == "healthlint-disable-file"


def test_elements_open_across_fragments():
    source = "<details><summary>More</summary>\n<div hidden>\n<p>gone</p>\n</div>\n<p>seen</p>\n</details>\n"
    cut = [0, source.index("<p>gone"), source.index("</div>"), source.index("</details>"), len(source)]
    opened: tuple[html.OpenElement, ...] = ()
    seen, open_names = [], []
    for start, end in pairwise(cut):
        document, opened = html.fragment(source, Span(start, end), opened)
        seen += texts(document)
        open_names.append([(element.container or element.name, element.is_hidden) for element in opened])
    assert seen == ["More", "seen"]
    assert open_names == [
        [("details", False), ("div", True)],
        [("details", False), ("div", True)],
        [("details", False)],
        [],
    ]


def test_runs_of_an_entity_and_a_wrap():
    assert read("<p>a &amp;\nb</p>").blocks[0].runs == (
        Run("a ", Span(3, 5)),
        Run("&", Span(5, 10)),
        Run(" ", Span(10, 11)),
        Run("b", Span(11, 12)),
    )


MANY = 20_000


@pytest.mark.parametrize(
    "source",
    [
        "<!--" * MANY,
        "<a " * MANY,
        "<" * MANY,
        "&" * MANY,
        "</>" * MANY,
        "<div>x" * MANY,
        "<blockquote>x" * MANY,
        "<table><tr><td>x" * MANY,
        "<ul><li>x" * MANY,
        "<b>" * MANY + "<p>" + "</b>" * MANY,
        "<table><td>" + "<b>" * MANY + "</div>" * MANY,
        "<div hidden>" * MANY + "</div>" * MANY,
        "<p " + " ".join(f"a{n}={n}" for n in range(MANY)) + " title='x y'>z",
        "<p class='" + "nav " * MANY + "'>x",
        "<div class=author>x" * MANY,
        "<sup><a href='x'>" * MANY,
        "<svg>" * MANY + "<p>x" * MANY,
        "<title>" * MANY,
        "<?php ' ?>" * MANY,
        "<?php <<<A\n" * MANY,
        "<?php /*" * MANY,
        "{{" * MANY,
        "<br>• " * MANY,
        "<script type='application/ld+json'>" + "[" * MANY,
        "<script type='application/ld+json'>" + '{"a":' * MANY,
    ],
    ids=lambda source: source[:12],
)
def test_hostile_pages_are_read(source):
    read(source, "page.php")


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<i hidden>", "</i>", "<ul>", "<li>", "</ul>", "<table>", "<tr>",
        "<td>", "</td>", "</table>", "<h2>", "</h2>", "<br>", "<br/>", "</br>", "<a href=x>", "</a>", "<img alt='a &amp; b'>",
        "<img alt=\"x\ny\" src=z>", "<span class='nav author' title='t&#39;u'>", "</span>", "<script>", "</script>", "<style>",
        "</style>", "<title>", "</title>", "<!--", "-->", "</>", "<", ">", "&", "&amp;", "&nbsp", "&#146;", "&#x1F9B4;", "&bogus;",
        "\r\n", "\r", "\n", " ", "\t", "\x00", "\u00ad", "\u200b", "\u2019", "\u00a0", "\u2028", "\x85", "e\u0301", "\U0001f9b4", "\ud800", "\ufffc",
        "cure", "side effects", "• ", "1. ", "https://a.example/b.", "<?php", "?>", "'", '"', "<?= $a ?>", "{{ a }}", "{% x %}",
        "<blockquote>", "</blockquote>", "<small>", "</small>", "<svg>", "</svg>", "<code>", "</code>", "<select>", "<option>",
        "<sup>", "</sup>", "<template>", "</template>", "<meta name=author content='A'>", "<time>", "1 May", "</time>",
        "<script type='application/ld+json'>", '{"name": "a\\u0041"}', "<!-- healthlint-disable-file -->", "<dl>", "<dt>", "<dd>",
        "<caption>", "<noscript>", "</noscript>", "<textarea>", "<div style='display:none'>", "<footer>", "<details>", "<![CDATA[", "]]>",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_the_contract_holds_for_tag_soup(source):
    read(source, "page.php")
    read(source, "page.html")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=20).map("".join),
    st.text(max_size=5),
)
def test_the_contract_holds_for_fragments(before, inside, after):
    source = before + inside + after
    span = Span(len(before), len(before) + len(inside))
    opened = html.fragment(source, Span(0, len(before))).opened
    document = html.fragment(source, span, opened).document
    holds(document)
    for block in document.blocks:
        assert span.contains(block.span)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_characters="<>&{}[]%#\x00", exclude_categories=("Cs",)), max_size=12),
        max_size=6,
    )
)
def test_the_words_of_paragraphs_are_kept(words):
    source = "".join(f"<p>k{word}k</p>\r\n" for word in words)
    found = read(source).blocks
    assert len([block for block in found if block.kind == "paragraph"]) == len(words)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read(source):
    read(source)
