import base64
import hashlib
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthlint.config import Config
from healthlint.document import HOLE, Block, Document, Run
from healthlint.readers import read_text
from healthlint.report import Checked, Report
from healthlint.reporters.html.article import Finding, Spot, pieces, text_span
from healthlint.reporters.html.chart import bars, trend
from healthlint.reporters.notebook import ROWS
from healthlint.run import report_of
from healthlint.span import Position, Span
from healthlint.violation import Failure, Violation
from healthlint.visible import visible


@cache
def config(select: tuple[str, ...] = ()) -> Config:
    return Config().narrowed(select, ())


FORMATS = {"md": "markdown", "html": "html"}


def report_on(articles: dict[str, str], select: tuple[str, ...] = (), **options) -> Report:
    """What is found in articles, given by path; their texts are kept."""
    documents = [
        read_text(text, format=FORMATS[path.rpartition(".")[2]], path=path) for path, text in articles.items()
    ]
    return report_of(documents, config(select), keep=True, **options)


# --- reading the page ----------------------------------------------------------------------------------


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]
    above: tuple["Element", ...]
    words: list[str]
    """What stands in it, below it too."""

    @property
    def text(self) -> str:
        return "".join(self.words)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def inside(self, selector: str) -> bool:
        """Whether it is, or stands in, an element of this tag or ".class"."""
        return any(
            selector[1:] in each.classes if selector.startswith(".") else selector == each.tag
            for each in (self, *self.above)
        )


VOID = {"meta", "input", "rect", "link", "br", "img"}


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self.open, "every element is closed"

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open), [])
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop().tag == tag

    def handle_data(self, data):
        for element in self.open:
            element.words.append(data)

    def all(self, selector: str) -> list[Element]:
        """The elements of a tag, a ".class" or both: "p.note"."""
        tag, _, name = selector.partition(".")
        return [
            each for each in self.elements if tag in ("", each.tag) and (not name or name in each.classes)
        ]

    def by_id(self, id: str) -> Element:
        (element,) = (each for each in self.elements if each.attributes.get("id") == id)
        return element

    def marks(self) -> list[tuple[Element, str]]:
        """The marks in texts with their words, without the numbers."""
        numbers = {id(mark): "" for mark in self.all("mark")}
        for each in self.all("sup"):
            numbers[id(each.above[-2])] = each.text
        return [
            (mark, mark.text.removesuffix(numbers[id(mark)]))
            for mark in self.all("mark")
            if mark.inside(".text")
        ]


def page_of(report: Report) -> Page:
    return Page(report.to("html"))


# --- from the source to the text -----------------------------------------------------------------------

SOURCES = {
    "markdown": "---\ntitle: 'Tea &amp; you'\n---\n# A *tea*\n\nIt **cu**res\r\ncolds &amp; flu[^1], `x` ![an image](a.png 'a title').\n\n"
    "> quoted\n> over lines\n\n- one\n  two\n\n| a | b c |\n|---|---|\n| d\\* | e |\n\n[^1]: A note.\n",
    "html": "<title>Tea &amp; you</title><p>It <b>cu</b>res&nbsp;colds,\n  no <img alt='words of an image'> doubt.</p><ul><li>so<li>it",
    "rst": "Tea\n===\n\nIt *cures* colds\nand ``x`` flu.\n\n* one\n* two\n",
    "mdx": "# Tea\n\nIt <b>cures</b> {x} colds.\n\n<Note title='some words'>Flu &amp; more</Note>\n",
    "text": "Tea\n\nIt cures colds,\n   flu and more.\n",
}


@pytest.mark.parametrize("format", SOURCES)
def test_every_word_is_found_again(format):
    document = read_text(SOURCES[format], format=format)
    words = [(block, word.span()) for block in document.blocks for word in re.finditer(r"\w+", block.text)]
    assert len(words) > 5
    for block, (start, end) in words:
        assert text_span(block, block.source_span(start, end)) == (start, end)


@given(
    runs=st.lists(
        st.tuples(st.sampled_from(["a", "abc", " ", "&", "e", "long words", HOLE]), st.integers(0, 3)),
        min_size=1,
        max_size=6,
    ),
    data=st.data(),
)
def test_a_place_is_found_again_and_grows_over_runs_that_stand_for_something_as_a_whole(runs, data):
    at, made, whole = 0, [], []
    for text, more in runs:
        # With `more` the text is shorter than what it stands for.
        made.append(Run(text, Span(at, at + len(text) + more)))
        first = sum(map(len, whole))
        whole.append([range(first, first + len(text)) if more else [first + n] for n in range(len(text))])
        at += len(text) + more + 1
    block = Block("paragraph", tuple(made))
    reach = [each for run in whole for each in run]
    start = data.draw(st.integers(0, len(block.text) - 1))
    end = data.draw(st.integers(start + 1, len(block.text)))
    expected = [n for at in range(start, end) if block.text[at] != HOLE for n in reach[at]]
    found = text_span(block, block.source_span(start, end))
    assert found == ((min(expected), max(expected) + 1) if expected else None)


def test_what_stands_for_an_image_is_not_its_alternative_text():
    document = read_text("See ![sage tea](a.png) there.", format="markdown")
    at = document.source.index("sage")
    found = [(block.kind, text_span(block, Span(at, at + 8))) for block in document.blocks]
    assert sorted(found) == [("alt", (0, 8)), ("paragraph", None)]


# --- marks ---------------------------------------------------------------------------------------------

ARTICLE = """---
title: "Tea cures colds"
---

# Green tea

This tea **cu**res *colds* &amp; more.

> Our balm cures
> arthritis.

- This herb cures asthma.
  - This herb cures eczema.

| Herb | Use                     |
|------|-------------------------|
| Sage | Sage cures sore throats |
| Mint | It is pleasant          |

![Mint cures flu](a.png "Thyme cures gout")
"""


@pytest.fixture(scope="module")
def marked() -> Page:
    return page_of(report_on({"guides/tea.md": ARTICLE}, select=("cure-claim",)))


def test_claims_are_marked_where_they_stand(marked):
    found = [(words, mark.above[-1]) for mark, words in marked.marks()]
    assert [(words, place.tag, place.attributes.get("class")) for words, place in found] == [
        ("cures colds", "p", "title"),
        ("cures colds", "p", None),
        ("cures arthritis", "p", None),
        ("cures asthma", "p", "item"),
        ("cures eczema", "p", "item"),
        ("cures sore throats", "p", "cell"),
        ("cures flu", "p", "alt"),
        ("cures gout", "p", "label"),
    ]
    assert [place.inside("blockquote") for _, place in found].index(True) == 2
    assert [place.inside("ul") for _, place in found].count(True) == 2
    assert found[0][1].inside(".zone")
    assert ["open" in each.attributes for each in marked.all("details.zone")] == [True]


def test_text_is_shown_as_what_it_is(marked):
    (heading,) = marked.all("div.heading")
    assert (heading.text, heading.attributes["role"], heading.attributes["aria-level"]) == (
        "Green tea",
        "heading",
        "5",
    )
    assert [each.text.split() for each in marked.all("div.row")] == [
        ["Herb", "Use"],
        ["Sage", "Sage", "cures", "sore", "throats6"],
        ["Mint", "It", "is", "pleasant"],
    ]
    assert [each.classes for each in marked.all("li") if each.inside(".text")] == [["level-1"], ["level-2"]]


def test_rows_of_tables_in_html_are_kept():
    table = (
        "<table><tr><th>a</th>\n<th>b</th></tr><tr><td>c</td><td>d</td></tr>\n<tr>\n<td>e</td></tr></table>"
    )
    page = page_of(report_on({"a.html": table}))
    assert [each.text.split() for each in page.all("div.row")] == [["a", "b"], ["c", "d"], ["e"]]


def test_each_mark_leads_to_its_note_and_has_its_number(marked):
    notes = marked.all("details.note")
    assert [each.text.split()[0] for each in notes] == [str(number) for number in range(1, len(notes) + 1)]
    for number, (mark, words) in enumerate(marked.marks(), 1):
        (link,) = (each for each in marked.all("a") if each.above[-1] is mark)
        note = marked.by_id(link.attributes["href"].removeprefix("#")).above[-1]
        assert mark.text == f"{words}{number}"
        assert note.text.split()[:2] == [str(number), "error"]
        assert f"“{words}” promises a cure." in note.text


def test_a_note_says_what_to_write_and_leads_to_the_reason(marked):
    note = marked.all("details.note")[0]
    assert "Instead Say what the evidence supports" in note.text
    assert "line 2" in note.text
    rule = marked.by_id("rule-cure-claim")
    assert "Why Few conditions are cured" in rule.text
    links = [each.attributes["href"] for each in marked.all("a") if each.inside(".reason")]
    assert len(links) > 1
    assert all(link.startswith("https://") for link in links)
    (why,) = (each for each in marked.all("a.why") if note in each.above)
    assert why.attributes["href"] == "#rule-cure-claim"


def finding(number: int, severity: str = "error") -> Finding:
    violation = Violation(
        f"rule-{number}",
        "overclaim",
        severity,
        "No.",
        "a.md",
        Span(0, 1),
        Position(1, 1),
        Position(1, 2),
        "x",
        "Say less.",
    )
    return Finding(violation, "new", id=f"f{number}", number=number)


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda span: span[0] < span[1]), max_size=6
    )
)
def test_marks_may_overlap_and_lie_inside_one_another(spans):
    text = "abcdefghijkl"
    marks = [(Spot(0, *span), finding(number)) for number, span in enumerate(spans, 1)]
    cut = list(pieces(text, marks))
    assert "".join(piece.text for piece in cut) == text
    for spot, each in marks:
        mine = [piece for piece in cut if each in piece.findings]
        assert "".join(piece.text for piece in mine) == text[spot.start : spot.end]
        assert [each in piece.closed for piece in mine] == [*[False] * (len(mine) - 1), True]
    for piece in cut:
        lengths = [spans[each.number - 1][1] - spans[each.number - 1][0] for each in piece.findings]
        assert lengths == sorted(lengths)


def test_overlapping_claims_are_all_marked():
    page = page_of(report_on({"a.md": "This herb cures eczema without side effects."}))
    marks = [mark for mark, _ in page.marks()]
    assert len({mark.attributes["data-notes"] for mark in marks}) > 2
    assert "".join(mark.text for mark in marks if mark.text).startswith("herb cures eczema")


def test_what_concerns_the_whole_article_stands_at_its_head():
    page = page_of(report_on({"a.md": "# Tea\n\nIt is warm.\n"}))
    notes = page.all("details.note")
    assert any("does not say that it is general information" in note.text for note in notes)
    assert not any(note.inside(".text") for note in notes)
    assert page.marks() == []
    severities = [note.attributes["data-severity"] for note in notes]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


def test_every_violation_has_one_note_and_every_link_a_target():
    texts = {
        path.as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(Path(__file__).parent.parent.joinpath("examples").rglob("*"))
        if path.suffix[1:] in FORMATS
    }
    report = report_on(texts, excused=True)
    page = page_of(report)
    assert len(report.violations) > 20
    assert report.excused
    assert len(page.all("details.note")) == len(report.violations) + len(report.excused) + len(
        report.suppressed
    )
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    targets = {each.attributes["href"][1:] for each in page.all("a") if each.attributes["href"][0] == "#"}
    assert targets <= set(ids)
    assert [each.text for each in page.all("h4")] != []
    assert report.to("html") == report.to("html")


def test_a_report_that_kept_no_texts_quotes_the_claims():
    report = report_on({"a.md": "This tea cures colds."}, select=("cure-claim",))
    report = replace(report, checked=tuple(each._replace(document=None) for each in report.checked))
    page = page_of(report)
    assert len(page.all("details.note")) == 1
    assert "cures colds" in [each.text for each in page.all("q")]
    assert page.all("details.reading") == []


def test_a_report_on_very_many_articles_shows_only_the_surroundings(monkeypatch):
    monkeypatch.setattr("healthlint.reporters.html.article.WHOLE_UP_TO", 1)
    text = "One.\n\nTwo.\n\nThis tea cures colds.\n\nThree.\n\nFour.\n"
    page = page_of(report_on({"a.md": text, "b.md": "Five.\n"}, select=("cure-claim",)))
    shown = [each.text for each in page.all("p") if each.inside(".text") and not each.inside(".notes")]
    assert shown == ["Two.", "This tea cures colds1.", "Three."]
    assert any(each.text.startswith("Excerpts, with 1 finding") for each in page.all("summary"))


# --- what became of violations -------------------------------------------------------------------------

STATES = """# Tea

<!-- healthlint-disable-next-line cure-claim -- quoted by the board -->
Ginger cures nausea.

Sage cures asthma.

Mint cures flu.

Nobody says that thyme cures gout.
"""


@pytest.fixture(scope="module")
def stateful() -> Report:
    report = report_on({"guides/tea.md": STATES}, select=("cure-claim",), excused=True)
    old = tuple(each for each in report.violations if "asthma" in each.text)
    new = tuple(each for each in report.violations if each not in old)
    report = replace(report, violations=new, known=old, gone=1)
    return replace(report, failures=(Failure("guides/old.md", "looks like a binary file"),))


def test_states_are_told_apart(stateful):
    page = page_of(stateful)
    states = {each.attributes["data-state"]: each for each in page.all("details.note")}
    assert list(states) == ["suppressed", "known", "new", "excused"]
    assert "Suppressed in line 3: quoted by the board." in states["suppressed"].text
    assert "Excused as" in states["excused"].text
    assert [mark.classes for mark, _ in page.marks()] == [["suppressed"], ["known"], ["error"], ["excused"]]


def test_the_trend_tells_what_is_new_known_and_fixed(stateful):
    page = page_of(stateful)
    section = next(each for each in page.all("section.trend"))
    assert "1 fixed, 1 new, 1 still there." in section.text
    assert [each.attributes["class"] for each in page.all("rect") if section in each.above] == [
        "known",
        "gone",
        "known",
        "new",
    ]
    assert page_of(replace(stateful, gone=None)).all("section.trend") == []


def test_totals_failures_and_conditions_are_told(stateful):
    report = replace(stateful, interrupted=True, changes_only=True, min_severity="warning", config="a.yaml")
    page = page_of(report)
    totals = dict(
        zip([each.text for each in page.all("dt")], [each.text for each in page.all("dd")], strict=True)
    )
    assert totals == {
        "new errors": "1",
        "new warnings": "0",
        "new info": "0",
        "known": "1",
        "suppressed": "1",
        "excused": "1",
        "guides/old.md": "looks like a binary file",
    }
    overview = page.by_id("overview").text
    assert "stopped before all articles were checked" in overview
    assert "1 file could not be checked" in overview
    assert "Only what stands on changed lines is reported." in overview
    assert "What is milder than “warning” is left out." in overview
    assert "settings from a.yaml" in page.all("header")[0].text


def test_an_empty_report_is_a_page_too():
    page = page_of(Report())
    assert "No article was checked." in page.by_id("overview").text
    assert page.all("article") == []


# --- charts --------------------------------------------------------------------------------------------


def test_bars_are_as_long_as_there_is_much_of_it():
    counted = [("b", "error"), ("a", "known"), ("b", "info"), ("b", "error"), ("b", "warning"), ("c", "info")]
    longest, *others = bars(counted)
    assert (longest.name, dict(longest.counts)) == ("b", {"error": 2, "warning": 1, "info": 1})
    assert longest.parts == (("error", 0, 50), ("warning", 50, 25), ("info", 75, 25))
    assert [(each.name, each.total, each.parts) for each in others] == [
        ("a", 1, (("known", 0, 25),)),
        ("c", 1, (("info", 0, 25),)),
    ]


def test_a_trend_without_anything_has_no_bars_to_draw():
    assert [each.total for each in trend(0, 0, 0)] == [0, 0]
    assert [each.total for each in trend(3, 2, 1)] == [5, 4]


def test_charts_count_by_rule_and_folder():
    page = page_of(
        report_on(
            {"a.md": "Tea cures flu.", "b/c.md": "Tea cures flu. Mint cures gout."}, select=("cure-claim",)
        )
    )
    rows = [
        (each.above[-2].text.split()[0], each.text.split()[0])
        for each in page.all("button")
        if "data-field" in each.attributes
    ]
    assert rows == [("cure-claim", "3"), ("b", "2"), ("top", "1")]
    (long, short) = (each.text for each in page.all("h3") if each.inside(".folder"))
    assert (long, short) == ("top folder", "b")


# --- nothing acts --------------------------------------------------------------------------------------

HOSTILE = (
    "<script>pwned()</script>",
    "</script><script>pwned()</script>",
    '"><img src=x onerror=pwned()>',
    "' onmouseover='pwned()",
    "</style><style>*{display:none}",
    "--><!-- </details></article></main>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&amp;lt;",
    "javascript:pwned()",
    "\u202egnp.exe\u2066",
    "\x1b[31m\x00\x07",
    "\ud800 \ufeff \u2028",
)


def hostile_report(words: str) -> Report:
    source = f"{words} cures {words} flu"
    start = len(words) + 1
    found = Violation(
        rule="cure-claim",
        family=words,
        severity="error",
        message=f"{words} promises",
        path=f"{words}/{words}.md",
        span=Span(start, start + 5),
        start=Position(1, start + 1),
        end=Position(1, start + 6),
        text=f"cures {words}",
        fix=words,
        url=words,
        also=(words,),
        packs=(words,),
        sentence=source,
    )
    blocks = tuple(
        Block(kind, (Run(source, Span(0, len(source))),), zone)
        for kind, zone in [
            ("title", "metadata"),
            ("heading", "article"),
            ("paragraph", "article"),
            ("cell", "article"),
            ("item", "chrome"),
        ]
    )
    checked = Checked(found.path, words, "", words, (words,), (), Document(source, found.path, words, blocks))
    rule = replace(
        next(rule for rule in config().rulebook.rules if rule.id == "cure-claim"),
        message=words,
        why=words,
        fix=words,
        sources=(
            words,
            "javascript:pwned()",
            "JAVASCRIPT:pwned()",
            "data:text/html,x",
            "https://example.org/" + words,
        ),
    )
    return Report(
        (found,),
        failures=(Failure(words, words),),
        checked=(checked,),
        rules=(rule,),
        config=words,
        date=words,
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_that_comes_from_articles_is_markup(words):
    html = hostile_report(words).to("html")
    html.encode("utf-8")
    plain, page = page_of(hostile_report("plain")), Page(html)
    assert [(each.tag, list(each.attributes)) for each in page.elements] == [
        (each.tag, list(each.attributes)) for each in plain.elements
    ]
    for each in page.elements:
        assert not any(name.startswith("on") or name in ("style", "src") for name in each.attributes)
        if "href" in each.attributes:
            assert each.attributes["href"].startswith(("#", "https://"))
    unseen = set("\u202e\u2066\x1b\x00\x07\ud800\ufeff\u2028") & set(html)
    assert unseen == set()
    (paragraph,) = (
        each for each in page.all("p") if each.inside(".text") and list(each.attributes) == ["dir"]
    )
    assert paragraph.text == f"{visible(words)} cures1 {visible(words)} flu"


def test_unseen_characters_are_spelt_out():
    assert "\\u202egnp.exe\\u2066" in page_of(hostile_report("\u202egnp.exe\u2066")).by_id("articles").text
    assert "\\x1b[31m\\x00\\x07" in page_of(hostile_report("\x1b[31m\x00\x07")).by_id("articles").text


def test_the_policy_lets_nothing_in_but_our_style_and_script():
    page = page_of(hostile_report("plain"))
    (policy,) = (
        each.attributes["content"]
        for each in page.all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    (style,), (script,) = page.all("style"), page.all("script")
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert allowed == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest(style.text)}'",
        "script-src": f"'sha256-{digest(script.text)}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert all(
        each.attributes["rel"] == "noopener noreferrer"
        for each in page.all("a")
        if each.attributes["href"].startswith("http")
    )


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# --- notebooks -----------------------------------------------------------------------------------------


def test_a_notebook_shows_a_table_of_the_first_violations():
    report = report_on({"a.md": "Tea cures flu.\n\n" * (ROWS + 3)}, select=("cure-claim",))
    page = Page(report._repr_html_())
    rows = [[cell.text for cell in page.all("td") if row in cell.above] for row in page.all("tr")[1:]]
    assert len(rows) == ROWS
    assert rows[1][:4] == ["a.md:3", "error", "cure-claim", "“cures flu” promises a cure."]
    assert [each.text for each in page.all("p")] == [
        "1 article checked: 23 errors, no warnings, no info.",
        "3 more.",
    ]


def test_a_notebook_shows_a_clean_report_as_one_line():
    page = Page(Report()._repr_html_())
    assert [each.tag for each in page.elements] == ["div", "p"]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_is_markup_in_a_notebook(words):
    page, plain = (Page(hostile_report(each)._repr_html_()) for each in (words, "plain"))
    assert [each.tag for each in page.elements] == [each.tag for each in plain.elements]
    assert page.elements[0].text.isprintable() or "\n" in page.elements[0].text
