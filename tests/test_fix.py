"""What `--fix` makes of articles: only what is asked for, in every format, encoding and kind of line end."""

import dataclasses
import re
import signal
import subprocess
import sys
import textwrap
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rulefolder import COMPLETE, cached_rulebook, rule_file

from healthlint import outfile
from healthlint.baseline import Baseline
from healthlint.config import Config, read_config
from healthlint.errors import DataErrors
from healthlint.fix import Fixed, fixes, written
from healthlint.linter import Linter
from healthlint.readers import read, read_text
from healthlint.readers.frontmatter import front_matter
from healthlint.readers.insertion import front_matter_keys, paragraph
from healthlint.readers.prose import Prose
from healthlint.report import Report
from healthlint.rulebook import load_rules
from healthlint.run import Linters, report_of, unread_of
from healthlint.settings import Additions, Settings
from healthlint.span import Span
from healthlint.testing import verify
from healthlint.violation import Edit, Failure, edited

TESTS = Path(__file__).parent
NOTICE = "This page is general information. It is not medical advice. Ask your doctor or pharmacist."
AUTHOR = ("no-author", (("author", "Elm Street Surgery"),))
RULES = ("disclaimer", "no-author", "language", "suppression")


@lru_cache
def linters(
    disclaimer: str | None = NOTICE, front_matter: tuple = (AUTHOR,), select: tuple[str, ...] = RULES
) -> Linters:
    base = Settings(select=select, fix=Additions(disclaimer, front_matter))
    return Linters(Config(base, rulebook=cached_rulebook()))


def report(path: Path, using: Linters, **options: object) -> Report:
    return report_of(unread_of([path]), using, **options)


def outcome(path: Path, using: Linters, **options: object) -> Fixed | Failure | None:
    """What becomes of the file at `path`, which is not written."""
    return next(fixes(report(path, using, **options), using), None)


def made(folder: Path, name: str, data: bytes, using: Linters | None = None) -> bytes:
    """The bytes of a file that held `data`, once it was fixed."""
    path = folder / name
    path.write_bytes(data)
    found = outcome(path, using or linters())
    if found:
        assert isinstance(found, Fixed), found
        assert written(found) is None
    return path.read_bytes()


# --- phrases -------------------------------------------------------------------------------------------


@lru_cache
def language() -> Linters:
    return linters(None, (), ("language",))


def rewritten(text: str, format: str = "markdown") -> str:
    found = report_of([read_text(text, format=format)], language())
    return edited(text, [edit for each in found for edit in each.edits])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("He committed suicide in May.", "He died by suicide in May."),
        ("Committing suicide is no crime.", "Dying by suicide is no crime."),
        ("HE COMMITTED SUICIDE", "HE DIED BY SUICIDE"),
        ("# A Poet Who Committed Suicide Last Year", "# A Poet Who Died by Suicide Last Year"),
        ("He committed\nsuicide in May.", "He died by\nsuicide in May."),
        ("- He committed\r\n  suicide in May.", "- He died by\r\n  suicide in May."),
        ("He committed  \nsuicide.", "He died by  \nsuicide."),
        ("He committed\u00a0suicide.", "He died by suicide."),
        ("After an\nunsuccessful suicide\nattempt", None),
        ("His unsuccessful suicide attempt", "His suicide attempt"),
        ("After an unsuccessful suicide attempt he moved.", None),
        ("After a failed suicide attempt he moved.", "After a suicide attempt he moved."),
        ("He had attempted to commit suicide twice.", "He had attempted suicide twice."),
        ("He had attempted to commit\nsuicide twice.", "He had attempted\nsuicide twice."),
        ("He had attempted\nto commit\nsuicide twice.", None),
        ("He **committed** suicide.", None),
        ("He committed&nbsp;suicide.", None),
        ("He [committed suicide](a.html).", "He [died by suicide](a.html)."),
        ("> He committed\n> suicide.", None),
        ("In prose he Committed Suicide again.", None),
        ("He cOmmitted suicide.", None),
        ("He com\u00admitted suicide.", None),
        ("He <!-- x -->committed<!-- y --> suicide.", None),
    ],
)
def test_words_are_rewritten_as_they_are_written_or_left_alone(before, after):
    assert rewritten(before) == (before if after is None else after)


@pytest.mark.parametrize(
    ("rewrite", "after"),
    [
        ("good food", "---\ntitle: 'A good food'\n---\nGood food is here."),
        ("cook's food", "---\ntitle: 'A wonder food'\n---\nCook's food is here."),
        ("**food**", None),
        ("<food>", None),
        ("food: good", None),
    ],
)
def test_a_rewrite_that_could_be_markup_is_only_suggested(tmp_path, rewrite, after):
    rule_file(tmp_path, f"phrases:\n  - wonder food\nsuggest:\n  wonder food: {rewrite!r}")
    (rule,) = [rule for rule in load_rules(tmp_path) if rule.id == "wonder-food"]
    before = "---\ntitle: 'A wonder food'\n---\nWonder food is here."
    found = Linter([rule]).lint(read_text(before))
    assert len(found) == 2
    assert all(each.fix == rewrite for each in found)
    assert edited(before, [edit for each in found for edit in each.edits]) == (
        before if after is None else after
    )


@pytest.mark.parametrize(
    ("suggest", "problem"),
    [
        ("kitchen tea: good food", ""),
        ("good kitchen tea: food", "“suggest: good kitchen tea” is in no bad example; add one, or drop it"),
        (
            "kitchen tea: food that cures gout",
            "“This is a food that cures gout.”, as it is put right, is flagged by cure-claim",
        ),
    ],
)
def test_rules_prove_their_suggestions(tmp_path, suggest, problem):
    body = f"phrases:\n  - kitchen tea\nsuggest:\n  {suggest}"
    text = COMPLETE.format(id="kitchen-tea", body=body).replace("wonder food", "kitchen tea")
    rule_file(tmp_path, "", id="kitchen-tea", text=text)
    assert [each.message for each in verify(tmp_path)] == ([problem] if problem else [])


def test_an_edit_is_exactly_the_span_that_is_reported():
    (found,) = report_of([read_text("He committed suicide, she says.\n")], language())
    assert found.edits == (Edit(found.span, "died by suicide"),)


def test_words_without_one_right_rewrite_have_none():
    (found,) = report_of([read_text("Diabetics need help.\n")], language())
    assert found.edits == ()


# --- a notice, in every format ---------------------------------------------------------------------------

NAMES = {"markdown": "a.md", "mdx": "a.mdx", "html": "a.html", "rst": "a.rst", "text": "a.txt"}
PAGES = {
    "markdown": """\
        ---
        author: Jo Lee, RD
        ---
        # Café au lait and sleep

        Coffee with milk keeps many people awake.

        ## What to drink at night

        Warm water.
        """,
    "mdx": """\
        ---
        author: Jo Lee, RD
        ---
        import Chart from './chart'

        # Café au lait and sleep

        Coffee with milk keeps many people awake.

        <Chart of={nights} />

        ## What to drink at night

        Warm water.
        """,
    "html": """\
        <!DOCTYPE html>
        <html>
        <head><title>Coffee</title><meta name="author" content="Jo Lee, RD"></head>
        <body>
        <nav><a href="/">Home</a></nav>
        <main>
          <h1>Café au lait and sleep</h1>
          <p>Coffee with milk, so we hear, keeps many people awake for most of the night.</p>
          <h2>What to drink at night</h2>
          <p>Warm water.</p>
        </main>
        </body>
        </html>
        """,
    "rst": """\
        =======================
        Café au lait and sleep
        =======================

        :Author: Jo Lee, RD

        Coffee with milk keeps many people awake.

        .. _night:

        What to drink at night
        ----------------------

        Warm water.
        """,
    "text": """\
        Author: Jo Lee, RD

        Café au lait and sleep

        Coffee with milk keeps many people awake.

        What to drink at night

        Warm water.
        """,
}
BEHIND = {"html": "for most of the night.</p>\n"}
ADDED = {"html": f"  <p>{NOTICE}</p>\n"}
ENCODINGS = {
    "utf-8": ("utf-8", b""),
    "utf-8 with a mark": ("utf-8", b"\xef\xbb\xbf"),
    "utf-16": ("utf-16-le", b"\xff\xfe"),
    "utf-16 the other way": ("utf-16-be", b"\xfe\xff"),
    "windows": ("cp1252", b""),
}


def page(format: str, newline: str) -> tuple[str, str]:
    """A page that lacks a notice, and the same with it."""
    before = textwrap.dedent(PAGES[format])
    behind = BEHIND.get(format, "keeps many people awake.\n\n")
    assert before.count(behind) == 1
    after = before.replace(behind, behind + ADDED.get(format, f"{NOTICE}\n\n"))
    return before.replace("\n", newline), after.replace("\n", newline)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("format", "newline"),
    [
        *((name, newline) for name in PAGES for newline in ("\n", "\r\n")),
        # To the parser of Markdown an article with lone CRs is one line, and such an article is left alone.
        *((name, "\r") for name in ("html", "rst", "text")),
    ],
)
def test_a_notice_is_put_before_the_first_section_and_nothing_else_changes(
    tmp_path, format, newline, encoding
):
    codec, mark = ENCODINGS[encoding]
    before, after = (mark + text.encode(codec) for text in page(format, newline))
    assert made(tmp_path, NAMES[format], before) == after
    assert made(tmp_path, NAMES[format], after) == after
    left = report(tmp_path / NAMES[format], linters())
    assert not any(each.rule.startswith("disclaimer") for each in left)


@pytest.mark.parametrize("format", PAGES)
def test_every_line_keeps_its_own_end(tmp_path, format):
    before, _ = page(format, "\n")
    ends = ["\r\n", "\n", "\n"]
    mixed = "".join(line + ends[at % 3] for at, line in enumerate(before.split("\n")))
    data = mixed.encode()
    new = made(tmp_path, NAMES[format], data).decode()
    at = new.index(NOTICE)
    start, stop = shrunk(mixed, new)
    assert start <= at < stop
    assert new[:start] + new[stop:] == mixed


def shrunk(before: str, after: str) -> Span:
    """What has to be taken out of `after` to get `before`, if that is one stretch."""
    length = len(after) - len(before)
    start = next(
        (at for at, pair in enumerate(zip(before, after, strict=False)) if len(set(pair)) > 1), len(before)
    )
    return Span(start, start + length)


@pytest.mark.parametrize(
    "tail", ["", "\n", "\r\n", "\n\n\n", "  "], ids=["none", "one", "CRLF", "several", "spaces"]
)
def test_the_end_of_the_file_stays_as_it_is(tmp_path, tail):
    before = "# Tea\n\nTea is drunk in many countries, and most people like it hot." + tail
    new = made(tmp_path, "a.md", before.encode(), linters(NOTICE, ())).decode()
    assert new.startswith(before.rstrip())
    assert NOTICE in new
    assert new[len(new.rstrip()) :] in (tail, "")
    assert made(tmp_path, "a.md", new.encode(), linters(NOTICE, ())).decode() == new


ODD_PLACES = {
    "an attribute list stays with its paragraph": (
        "a.md",
        "# Tea\n\nTea is hot.\n{: .lead}\n\n## More\n\nMilk.\n",
        "# Tea\n\nTea is hot.\n{: .lead}\n\nNOTICE\n\n## More\n\nMilk.\n",
    ),
    "not inside code": (
        "a.md",
        "# Tea\n\nTea is hot. Boil it:\n```\na\n\nb\n```\n\n## More\n\nMilk.\n",
        "# Tea\n\nNOTICE\n\nTea is hot. Boil it:\n```\na\n\nb\n```\n\n## More\n\nMilk.\n",
    ),
    "not between the items of a list": (
        "a.md",
        "# Tea\n\n1. Boil.\n\n2. Pour.\n\n## More\n\nMilk.\n",
        "# Tea\n\n1. Boil.\n\n2. Pour.\n\nNOTICE\n\n## More\n\nMilk.\n",
    ),
    "no blank lines between title and text": (
        "a.md",
        "# Tea\nTea is hot.\n## More\nMilk.\n",
        "# Tea\nTea is hot.\n\nNOTICE\n\n## More\nMilk.\n",
    ),
    "a suppression stays with what it covers": (
        "a.md",
        "# Tea\n\nTea is hot.\n\n<!-- healthlint-disable-next-line language -- a quotation -->\n\n## Diabetics\n\nMilk.\n",
        "# Tea\n\nTea is hot.\n\nNOTICE\n\n<!-- healthlint-disable-next-line language -- a quotation -->\n\n## Diabetics\n\nMilk.\n",
    ),
    "a title in the metadata": (
        "a.md",
        "---\ntitle: Tea\n---\n## What it is\n\nA drink.\n",
        "---\ntitle: Tea\n---\n\nNOTICE\n\n## What it is\n\nA drink.\n",
    ),
    "behind a byline": (
        "a.md",
        "# Tea\n\n*By Jo Lee, 3 May 2024*\n\nTea is a drink that people have liked for more than two thousand years.\n\nIt is hot.\n",
        "# Tea\n\n*By Jo Lee, 3 May 2024*\n\nTea is a drink that people have liked for more than two thousand years.\n\nNOTICE\n\nIt is hot.\n",
    ),
    "within an element around all": (
        "a.mdx",
        "import Page from './page'\n\n<Page>\n\n# Tea\n\nTea is hot.\n\n## More\n\nMilk.\n\n</Page>\n",
        "import Page from './page'\n\n<Page>\n\n# Tea\n\nTea is hot.\n\nNOTICE\n\n## More\n\nMilk.\n\n</Page>\n",
    ),
    "not within an element that holds a part": (
        "a.mdx",
        "# Tea\n\n<Tab>\n\nTea is hot.\n\n</Tab>\n\n## More\n\nMilk.\n",
        "# Tea\n\n<Tab>\n\nTea is hot.\n\n</Tab>\n\nNOTICE\n\n## More\n\nMilk.\n",
    ),
    "without line ends": (
        "a.html",
        "<html><body><h1>Tea</h1><p>Tea is a drink that people have liked for more than two thousand years.</p><h2>More</h2></body></html>",
        "<html><body><h1>Tea</h1><p>Tea is a drink that people have liked for more than two thousand years.</p><p>NOTICE</p><h2>More</h2></body></html>",
    ),
    "with a paragraph that nobody closed": (
        "a.html",
        "<h1>Tea</h1>\n<p>Tea is a drink that people have liked for more than two thousand years.\n<h2>More</h2>\n",
        "<h1>Tea</h1>\n<p>Tea is a drink that people have liked for more than two thousand years.\n<p>NOTICE</p>\n<h2>More</h2>\n",
    ),
    "a body without elements": (
        "a.html",
        "<html><body>Tea is hot.</body></html>",
        "<html><body><p>NOTICE</p>Tea is hot.</body></html>",
    ),
    "not between the cells of a table": (
        "a.html",
        "<table><tr><td>Tea is a drink that people have liked for more than two thousand years.</td></tr></table>",
        "<table><tr><td>Tea is a drink that people have liked for more than two thousand years.</td></tr></table>\n<p>NOTICE</p>",
    ),
    "indented as the paragraph before": (
        "a.html",
        "<div>\n  <p>Tea is a drink that people\n    have liked for more than two thousand years.</p>\n  <p>Hot.</p>\n</div>\n",
        "<div>\n  <p>Tea is a drink that people\n    have liked for more than two thousand years.</p>\n  <p>NOTICE</p>\n  <p>Hot.</p>\n</div>\n",
    ),
    "behind code of the server": (
        "a.php",
        "<?php $a = '<h1>x</h1>'; ?>\n<h1>Tea</h1>\n<p>Tea is a drink that people have liked for more than <?= $n ?> thousand years.</p>\n",
        "<?php $a = '<h1>x</h1>'; ?>\n<h1>Tea</h1>\n<p>Tea is a drink that people have liked for more than <?= $n ?> thousand years.</p>\n<p>NOTICE</p>\n",
    ),
    "not between a title and its underline": (
        "a.rst",
        "Tea\n===\nTea is hot.\n\nMore\n----\nMilk.\n",
        "Tea\n===\nTea is hot.\n\nNOTICE\n\nMore\n----\nMilk.\n",
    ),
    "not between a title and its fields": (
        "a.rst",
        "Tea\n===\n\n:Author: Jo Lee\n\n* Boil.\n* Pour.\n",
        "Tea\n===\n\n:Author: Jo Lee\n\nNOTICE\n\n* Boil.\n* Pour.\n",
    ),
}


@pytest.mark.parametrize(("name", "before", "after"), ODD_PLACES.values(), ids=ODD_PLACES)
def test_where_a_notice_stands(tmp_path, name, before, after):
    using = linters(NOTICE, ())
    assert made(tmp_path, name, before.encode(), using).decode() == after.replace("NOTICE", NOTICE)


def test_a_notice_is_wrapped_where_the_article_is(tmp_path):
    lines = "Tea is a drink that people have liked for more\nthan two thousand years, and in many countries\nit is had hot with milk and with a biscuit."
    new = made(
        tmp_path, "a.md", f"# Tea\n\n{lines}\n\n## More\n\nMilk.\n".encode(), linters(NOTICE, ())
    ).decode()
    notice = new.split("\n\n")[2]
    assert notice.split() == NOTICE.split()
    assert max(map(len, notice.split("\n"))) <= 46


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.html", "Jo &amp; Co: «not medical advice» &#8594; ask 5 &lt; 6 doctors"),
        ("a.md", "Jo & Co: «not medical advice» &#8594; ask 5 \\< 6 doctors"),
        ("a.mdx", "Jo & Co: «not medical advice» &#8594; ask 5 \\< 6 doctors"),
    ],
)
def test_what_the_encoding_lacks_is_a_reference(tmp_path, name, shown):
    notice = "Jo & Co: «not medical advice» → ask 5 < 6 doctors"
    before = "# Café\n\nTea is hot.\n" if name != "a.html" else "<h1>Café</h1>\n<p>Tea is hot.</p>\n"
    new = made(tmp_path, name, before.encode("cp1252"), linters(notice, (), ("disclaimer-missing",)))
    assert shown in new.decode("cp1252")


@pytest.mark.parametrize("name", ["a.rst", "a.txt"])
def test_what_the_encoding_cannot_say_at_all_is_left_out(tmp_path, name):
    before = "Café\n====\n\nTea is hot.\n".encode("cp1252")
    assert (
        made(
            tmp_path, name, before, linters("This is not medical advice → ask.", (), ("disclaimer-missing",))
        )
        == before
    )


words = st.text(
    st.sampled_from(list("abcXYZ 019") + list("*_`[]()<>{}#+-=|~$&\\!.:;'\"/@%^")), min_size=1, max_size=60
).map(lambda text: " ".join(text.split()))


@settings(max_examples=150, deadline=None)
@given(words, st.sampled_from(sorted(PAGES)))
def test_a_notice_is_plain_text_whatever_is_in_it(text, format):
    notice = f"Notice: {text} is no advice."
    document = read_text(page(format, "\n")[0], format=format, path=NAMES[format])
    insertion = paragraph(document, notice)
    if format == "text" or "@" in text or "//" in text or not insertion:
        return  # plain text has no escapes, and addresses are links wherever they stand
    prose = Prose(notice)
    prose.literal(0, len(notice))
    wanted = prose.block("paragraph")
    after = read_text(insertion.into(document.source), format=format, path=NAMES[format])
    assert wanted
    assert wanted.text in [block.text for block in after.blocks]


# --- front matter ----------------------------------------------------------------------------------------

FRONT = {
    "YAML": ("---\ntitle: Tea\n---\n# Tea\n", "---\ntitle: Tea\nauthor: Elm Street Surgery\n---\n# Tea\n"),
    "YAML, a block at its end": (
        "---\ntitle: |\n  Tea\n\n  and milk\n---\n",
        "---\ntitle: |\n  Tea\n\n  and milk\nauthor: Elm Street Surgery\n---\n",
    ),
    "YAML, empty": ("---\n---\n# Tea\n", "---\nauthor: Elm Street Surgery\n---\n# Tea\n"),
    "YAML in braces": (
        "---\n{title: Tea, tags: [a]}\n---\n",
        '---\n{title: Tea, tags: [a], "author": "Elm Street Surgery"}\n---\n',
    ),
    "TOML": ('+++\ntitle = "Tea"\n+++\n', '+++\ntitle = "Tea"\nauthor = "Elm Street Surgery"\n+++\n'),
    "TOML with tables": (
        '+++\ntitle = "Tea"\n\n# of the theme\n[params]\na = 1\n+++\n',
        '+++\ntitle = "Tea"\nauthor = "Elm Street Surgery"\n\n# of the theme\n[params]\na = 1\n+++\n',
    ),
    "TOML, only a table": (
        "+++\n[params]\na = 1\n+++\n",
        '+++\nauthor = "Elm Street Surgery"\n[params]\na = 1\n+++\n',
    ),
    "JSON": (
        '{\n  "title": "Tea",\n  "tags": []\n}\n\n# Tea\n',
        '{\n  "title": "Tea",\n  "tags": [],\n  "author": "Elm Street Surgery"\n}\n\n# Tea\n',
    ),
    "JSON on one line": ('{"title": "Tea"}\n', '{"title": "Tea", "author": "Elm Street Surgery"}\n'),
    "none": ("# Tea\n", "---\nauthor: Elm Street Surgery\n---\n\n# Tea\n"),
    "none, but a comment": (
        "<!-- of 2019 -->\n# Tea\n",
        "---\nauthor: Elm Street Surgery\n---\n\n<!-- of 2019 -->\n# Tea\n",
    ),
    "none, but a rule": (
        "---\n\nTea is hot.\n",
        "---\nauthor: Elm Street Surgery\n---\n\n---\n\nTea is hot.\n",
    ),
}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("before", "after"), FRONT.values(), ids=FRONT)
def test_a_key_is_added_to_the_front_matter(tmp_path, before, after, newline, mark):
    body = "\nTea is hot.\n"
    old, new = (mark + (text + body).replace("\n", newline).encode() for text in (before, after))
    using = linters(None)
    assert made(tmp_path, "a.md", old, using) == new
    assert made(tmp_path, "a.md", new, using) == new
    assert not [each for each in report(tmp_path / "a.md", using) if each.rule == "no-author"]


def test_front_matter_stands_before_the_imports_of_mdx(tmp_path):
    new = made(tmp_path, "a.mdx", b"import A from './a'\n\n# Tea\n\nTea is hot.\n", linters(None))
    assert new == b"---\nauthor: Elm Street Surgery\n---\n\nimport A from './a'\n\n# Tea\n\nTea is hot.\n"


@pytest.mark.parametrize(
    "before",
    [
        "---\nauthor:\n---\n# Tea\n\nHot.\n",
        "---\nAuthor: admin\n---\n# Tea\n\nHot.\n",
        "---\ntitle: Tea\n\nauthor of this\n",
        "---\ntitle: [Tea\n---\n# Tea\n\nHot.\n",
        "+++\ntitle = Tea\n+++\n# Tea\n\nHot.\n",
        "+++\nauthor = []\n+++\n# Tea\n\nHot.\n",
        '{\n  "author": ""\n}\n# Tea\n\nHot.\n',
    ],
)
def test_a_key_that_is_there_and_broken_front_matter_are_left_alone(tmp_path, before):
    assert made(tmp_path, "a.md", before.encode(), linters(None)) == before.encode()


@pytest.mark.parametrize("name", ["a.html", "a.rst", "a.txt"])
def test_other_formats_get_no_front_matter(tmp_path, name):
    assert made(tmp_path, name, b"Tea\n===\n\nTea is hot.\n", linters(None)) == b"Tea\n===\n\nTea is hot.\n"


values = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn", "Co"]), min_size=1, max_size=30
).map(lambda text: " ".join(text.split()))


@settings(max_examples=200, deadline=None)
@given(
    values.filter(bool),
    st.sampled_from(["", "---\ntitle: Tea\n---\n", '+++\ntitle = "Tea"\n+++\n', '{"title": "Tea"}\n']),
)
def test_a_value_is_quoted_so_that_it_is_read_as_it_is(value, top):
    document = read_text(top + "# Tea\n\nHot.\n")
    insertion = front_matter_keys(document, [("author", value), ("also", (value, "b"))])
    if insertion is None:
        # what no reader of YAML takes, or what means something else as a reference of HTML
        assert re.search(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", value)
        return
    after = insertion.into(document.source)
    fields = [each.value for each in front_matter(after).fields if each.name in ("author", "also")]
    assert fields == [value, value, "b"]
    if not top:
        assert (
            yaml.safe_load(after.split("---")[1]) == {"author": value, "also": [value, "b"]} or "---" in value
        )


# --- what is kept ------------------------------------------------------------------------------------------


def test_several_edits_are_made_at_once_and_in_several_rounds(tmp_path):
    data = b"# Tea\n\nHe committed suicide. She committed suicide.\n\n## More\n\nMilk.\n"
    reviewer = ("no-medical-reviewer", (("reviewed_by", "Dr A. Khan, MRCGP"),))
    using = linters(NOTICE, (AUTHOR, reviewer), (*RULES, "no-medical-reviewer"))
    path = tmp_path / "a.md"
    path.write_bytes(data)
    found = outcome(path, using)
    assert isinstance(found, Fixed)
    assert sorted(each.rule for each in found.violations) == [
        "disclaimer-missing", "no-author", "no-medical-reviewer", "suicide-commit", "suicide-commit",
    ]  # fmt: skip
    assert found.after == (
        "---\nauthor: Elm Street Surgery\nreviewed_by: Dr A. Khan, MRCGP\n---\n\n# Tea\n\n"
        f"He died by suicide. She died by suicide.\n\n{NOTICE}\n\n## More\n\nMilk.\n"
    )
    assert path.read_bytes() == data


def test_an_edit_that_brings_another_violation_is_refused_and_the_others_are_kept(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(b"# Drops\n\nOur drops cure gout.\n\nHe committed suicide.\n")
    using = linters(NOTICE, (), ("disclaimer", "overclaim", "language"))
    found = outcome(path, using)
    assert isinstance(found, Fixed)
    assert found.after == "# Drops\n\nOur drops cure gout.\n\nHe died by suicide.\n"
    (refused,) = found.refused
    assert (refused.violation.rule, refused.reason) == (
        "disclaimer-missing",
        "it would bring disclaimer-contradicted",
    )


def test_the_milder_form_of_what_went_is_no_other_violation(tmp_path):
    using = linters(NOTICE, (), ("disclaimer-missing", "referral"))
    path = tmp_path / "a.md"
    path.write_bytes(b"# Tea\n\nTea is hot.\n")
    before = {each.rule for each in report(path, using)}
    assert NOTICE.encode() in made(tmp_path, "a.md", path.read_bytes(), using)
    after = {each.rule for each in report(path, using)}
    assert (before - after, after - before) == (
        {"disclaimer-missing", "no-professional-referral"}, {"referral-only-in-disclaimer"},
    )  # fmt: skip


def test_what_is_suppressed_is_left_alone_unless_suppressions_are_not_heeded(tmp_path):
    path = tmp_path / "a.md"
    text = "<!-- healthlint-disable-next-line suicide-commit -- a title -->\nHe committed suicide.\n\nShe committed suicide.\n"
    path.write_text(text, encoding="utf-8")
    found = outcome(path, language())
    assert isinstance(found, Fixed)
    assert found.after == text.replace("She committed", "She died by")
    (both,) = fixes(report(path, language(), suppressions=False), language(), suppressions=False)
    assert isinstance(both, Fixed)
    assert both.after == text.replace("committed", "died by")


def test_what_the_baseline_knows_and_what_is_too_mild_is_left_alone(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("He committed suicide.\n\nShe committed suicide.\n", encoding="utf-8")
    whole = report(path, language())
    known = Baseline(tmp_path).of(whole.violations[:1]).applied(whole)
    (found,) = fixes(known, language())
    assert isinstance(found, Fixed)
    assert found.after == "He committed suicide.\n\nShe died by suicide.\n"
    assert outcome(path, language(), min_severity="error") is None


def test_an_override_of_a_folder_has_a_notice_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr("healthlint.config.rulebook", cached_rulebook)
    monkeypatch.chdir(tmp_path)
    Path("news").mkdir()
    for name in ("a.md", "news/a.md"):
        Path(name).write_text("# Tea\n\nHot.\n", encoding="utf-8")
    Path(".healthlint.yaml").write_text(
        f"select: [disclaimer]\nfix: {{disclaimer: {NOTICE}}}\n"
        "overrides:\n- paths: news/\n  fix: {disclaimer: News is not medical advice. Ask your doctor.}\n",
        encoding="utf-8",
    )
    using = Linters(read_config(Path(".healthlint.yaml")))
    found = fixes(report_of(unread_of([Path("a.md"), Path("news/a.md")]), using), using)
    first, second = found
    assert isinstance(first, Fixed)
    assert isinstance(second, Fixed)
    assert NOTICE in first.after
    assert "News is not medical advice." in second.after


# --- files ---------------------------------------------------------------------------------------------------


@pytest.fixture
def sad(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(b"He committed suicide.\r\n")
    return path


def test_a_file_that_changed_in_between_is_not_written(sad):
    found = report(sad, language())
    sad.write_bytes(b"He committed suicide, they say.\n")
    (failure,) = fixes(found, language())
    assert isinstance(failure, Failure)
    assert failure.message.startswith("changed since it was checked; nothing was written")
    fixed = outcome(sad, language())
    assert isinstance(fixed, Fixed)
    sad.write_bytes(b"Something else.\n")
    failed = written(fixed)
    assert failed
    assert failed.message.startswith("changed since it was checked")
    assert sad.read_bytes() == b"Something else.\n"


def test_a_file_that_is_read_only_or_gone_is_a_failure(sad):
    fixed = outcome(sad, language())
    assert isinstance(fixed, Fixed)
    sad.chmod(0o444)
    assert written(fixed) == Failure(fixed.path, "is read-only; nothing was written to it")
    sad.unlink()
    assert written(fixed) == Failure(fixed.path, "could not be written: No such file or directory")


def test_a_link_stays_a_link_and_permissions_stay(sad, tmp_path):
    sad.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(sad)
    fixed = outcome(link, language())
    assert isinstance(fixed, Fixed)
    assert written(fixed) is None
    assert link.is_symlink()
    assert sad.read_bytes() == b"He died by suicide.\r\n"
    assert sad.stat().st_mode & 0o777 == 0o640


def test_a_write_that_is_killed_leaves_the_old_or_the_new(tmp_path):
    target = tmp_path / "a.md"
    old, new = b"old\n" * 300_000, b"new!\n" * 300_000
    target.write_bytes(old)
    code = (
        "import sys; from pathlib import Path; from healthlint import outfile\n"
        f"old, new = {old[:4]!r} * 300_000, {new[:5]!r} * 300_000\n"
        "print('ready', flush=True)\n"
        "while True:\n    outfile.write(Path(sys.argv[1]), new)\n    outfile.write(Path(sys.argv[1]), old)\n"
    )
    for delay in (0.02, 0.05, 0.11):
        process = subprocess.Popen([sys.executable, "-c", code, target], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert target.read_bytes() in (old, new)


def test_a_write_that_fails_leaves_the_old(sad, monkeypatch):
    fixed = outcome(sad, language())
    assert isinstance(fixed, Fixed)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outfile.os, "fsync", full)
    assert written(fixed) == Failure(fixed.path, "could not be written: No space left on device")
    assert sad.read_bytes() == b"He committed suicide.\r\n"
    assert [path.name for path in sad.parent.iterdir()] == ["a.md"]


# --- over many articles --------------------------------------------------------------------------------------

ARTICLES = sorted(
    path
    for folder in (TESTS.parent / "examples", TESTS / "corpus", TESTS / "zones")
    for path in folder.rglob("*")
    if path.suffix in (".md", ".mdx", ".html", ".php", ".rst", ".txt")
)


def test_there_are_articles_in_every_format():
    assert {path.suffix for path in ARTICLES} == {".md", ".mdx", ".html", ".php", ".rst", ".txt"}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda path: path.relative_to(TESTS.parent).as_posix())
def test_real_articles_are_set_right_once_and_for_all(tmp_path, article):
    path = tmp_path / article.name
    path.write_bytes(article.read_bytes())
    found = outcome(path, linters())
    if found is None:
        return
    assert isinstance(found, Fixed)
    assert written(found) is None
    after = report(path, linters())
    kept = {(each.rule, each.sentence) for each in found.violations}
    assert kept.isdisjoint((each.rule, each.sentence) for each in after)
    refused = {each.violation.rule for each in found.refused}
    assert {each.rule for each in after if each.edits} <= refused
    again = outcome(path, linters())
    assert again is None or (isinstance(again, Fixed) and again.new == found.new)


PIECES = [
    "# Tea",
    "## More tea",
    "Tea is hot.",
    "Tea is a drink that people have liked for more than two thousand years.",
    "He committed suicide.",
    "He committed\nsuicide after a failed\nsuicide attempt.",
    "- milk\n- sugar",
    "1. boil\n\n2. pour",
    "> She committed suicide.",
    "| a | b |\n|---|---|\n| tea | hot |",
    "```\ntea\n\n# no title\n```",
    "    tea in code",
    "<div>\n\nTea in a box.\n\n</div>",
    "<!-- a remark -->",
    "<!-- healthlint-disable-next-line disclaimer -- of the site -->",
    "Tea\n===",
    "---",
    "[^1]: A note.",
    "![A cup](cup.png)",
    "A list follows:",
    "{% include tea.html %}",
    ".. note:: Hot.",
]


def original(text: str) -> list[str]:
    """The words of `text` as they were before any of the changes that are made to the pieces."""
    text = " ".join(text.split())
    for new in (f"<p>{NOTICE}</p>", NOTICE, "author: Elm Street Surgery", "failed ", "---"):
        text = text.replace(new, "")
    return text.replace("died by", "committed").split()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8),
    st.lists(st.sampled_from(["\n\n", "\n", "\r\n\r\n", "\r\n", "\n\n\n"]), min_size=8, max_size=8),
    st.sampled_from(["a.md", "a.mdx", "a.html", "a.rst", "a.txt"]),
)
def test_fixing_twice_is_fixing_once_and_only_edits_are_made(tmp_path, pieces, gaps, name):
    before = "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=False))
    path = tmp_path / name
    path.write_bytes(before.encode())
    found = outcome(path, linters())
    if found is None:
        return
    assert isinstance(found, Fixed), found
    assert found.old == before.encode()
    path.write_bytes(found.new)
    after = read(path)
    assert len(after.faults) <= len(read_text(before, format=after.format, path=after.path).faults)
    assert original(found.after) == original(before)
    again = outcome(path, linters())
    assert again is None or (isinstance(again, Fixed) and again.new == found.new)


# --- the configuration -----------------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.setattr("healthlint.config.rulebook", cached_rulebook)
    monkeypatch.chdir(tmp_path)

    def read(text: str, name: str = ".healthlint.yaml") -> Config:
        Path(name).write_text(textwrap.dedent(text), encoding="utf-8")
        return read_config(Path(name))

    return read


def test_what_may_be_added_is_read_from_yaml_and_toml(config):
    wanted = Additions(
        "This is not medical advice. Ask your doctor.",
        (("no-author", (("author", "Elm & Co"), ("authors", ("A", "B")))),),
    )
    in_yaml = config("""\
        fix:
          disclaimer: >
            This is not medical advice.
            Ask your doctor.
          front-matter:
            no-author: {author: Elm & Co, authors: [A, B]}
        """)
    in_toml = config(
        """\
        [tool.healthlint.fix]
        disclaimer = "This is not medical advice. Ask your doctor."
        front-matter.no-author = {author = "Elm & Co", authors = ["A", "B"]}
        """,
        "pyproject.toml",
    )
    assert in_yaml.base.fix == in_toml.base.fix == wanted
    assert hash(in_yaml.base) == hash(in_toml.base)


def test_an_override_adds_to_what_may_be_added_and_takes_back(config):
    found = config(f"""\
        fix:
          disclaimer: {NOTICE}
          front-matter: {{no-author: {{author: Elm & Co}}}}
        overrides:
        - paths: news/
          fix: {{disclaimer: ""}}
        - paths: blog/
          fix: {{front-matter: {{no-author: {{author: Jo Lee}}}}}}
        """)
    both = ("no-author", (("author", "Elm & Co"),))
    assert found.settings("a.md").fix == Additions(NOTICE, (both,))
    assert found.settings("news/a.md").fix == Additions("", (both,))
    assert found.settings("blog/a.md").fix == Additions(NOTICE, (("no-author", (("author", "Jo Lee"),)),))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("fix: {disclaimers: x}", 1, "unknown key “disclaimers”; did you mean “disclaimer”?"),
        ("fix: notice", 1, "“fix” must be a mapping"),
        ("fix:\n  front-matter:\n    no-athor: {author: A}", 3, "unknown key “no-athor”; did you mean “no-author”?"),
        ("fix:\n  front-matter:\n    no-author: Elm", 3, "“no-author” needs the keys to add, as in {author: Jo Lee}"),
        ("fix:\n  front-matter:\n    no-author: {author: }", 3, "“no-author” needs “author”"),
        ("fix:\n  front-matter: {no-author: {author: {name: A}}}", 2, "“author” must be text, not a mapping"),
        ("fix:\n  disclaimer: Drink more tea.", 2, "it does not say what readers must know"),
        ("fix:\n  disclaimer: For information only.", 2, "disclaimer-incomplete would be reported in it"),
        ("fix:\n\n  disclaimer: This is not medical advice. Ask a doctor. Our tea cures gout.", 3, "disclaimer-contradicted would be"),
        ("fix:\n  front-matter:\n    no-author: {author: admin}", 3, "“author” so written would not satisfy no-author"),
        ("fix:\n  front-matter:\n    cure-claim: {author: A. Lee}", 3, "would not satisfy cure-claim"),
        ("overrides:\n- paths: a/\n  fix: {disclaimer: Tea.}", 3, "it does not say what readers must know"),
    ],
)  # fmt: skip
def test_what_would_be_added_in_vain_is_an_error_with_its_line(config, text, line, message):
    with pytest.raises(DataErrors) as caught:
        config(text)
    (error,) = caught.value.errors
    assert error.line == line
    assert message in error.message


def test_a_rule_that_is_ignored_does_not_judge_the_notice(config):
    found = config("ignore: [disclaimer-incomplete]\nfix: {disclaimer: For information only.}")
    assert found.base.fix.disclaimer == "For information only."


# --- the command -----------------------------------------------------------------------------------------------


@pytest.fixture
def healthlint(run_here):
    """Runs the command in this process, in a folder with a configuration that adds a notice."""
    Path(".healthlint.yaml").write_text(f"select: [disclaimer, language]\nfix: {{disclaimer: {NOTICE}}}\n")
    return run_here


OLD = "# Tea\r\n\r\nHe committed suicide.\r\n\r\n## Diabetics\r\n"
NEW = f"# Tea\r\n\r\nHe died by suicide.\r\n\r\n{NOTICE}\r\n\r\n## Diabetics\r\n"


def test_articles_are_rewritten_and_the_rest_is_reported(healthlint):
    Path("a.md").write_bytes(OLD.encode())
    Path("b.md").write_bytes(f"{NOTICE}\n".encode())
    code, out, err = healthlint("check", "--fix")
    assert (code, err) == (0, "")
    assert Path("a.md").read_bytes() == NEW.encode()
    assert "a.md:7:4: info condition-as-identity" in out
    assert out.endswith("2 articles checked: no errors, no warnings, 1 info; 2 fixed in 1 article.\n")
    code, out, err = healthlint("check", "--fix")
    assert out.endswith("1 info; nothing fixed.\n")
    assert Path("a.md").read_bytes() == NEW.encode()


def test_the_json_report_says_what_was_fixed(healthlint):
    Path("a.md").write_bytes(OLD.encode())
    code, out, _ = healthlint("check", "--fix", "--output-format", "json")
    import json

    found = json.loads(out)
    assert code == 0
    assert [each["rule"] for each in found["fixed"]] == ["disclaimer-missing", "suicide-commit"]
    assert [each["rule"] for each in found["violations"]] == ["condition-as-identity"]
    _, out, _ = healthlint("check", "--output-format", "json")
    assert "fixed" not in json.loads(out)


def test_a_dry_run_prints_a_diff_and_writes_nothing(healthlint):
    Path("a.md").write_bytes(OLD.encode())
    Path("b.md").write_bytes(f"{NOTICE}\n".encode())
    assert healthlint("check", "--fix", "--dry-run") == (
        1,
        "--- a/a.md\n+++ b/a.md\n@@ -1,5 +1,7 @@\n # Tea\n \n-He committed suicide.\n+He died by suicide.\n+\n"
        f"+{NOTICE}\n \n ## Diabetics\n",
        "",
    )
    assert Path("a.md").read_bytes() == OLD.encode()
    assert healthlint("check", "--fix", "--dry-run", "b.md") == (0, "", "")


def test_a_diff_is_coloured_and_shows_control_characters(healthlint):
    Path("a\x1b[2J.md").write_bytes(f"{NOTICE}\n\nHe committed suicide.\tHe \x1b[31mlaughed.".encode())
    code, out, _ = healthlint("check", "--fix", "--dry-run", "--color", "always")
    assert code == 1
    assert out.splitlines() == [
        "\x1b[1m--- a/a\\x1b[2J.md\x1b[0m",
        "\x1b[1m+++ b/a\\x1b[2J.md\x1b[0m",
        "\x1b[36m@@ -1,3 +1,3 @@\x1b[0m",
        f" {NOTICE}",
        " ",
        "\x1b[31m-He committed suicide.\tHe \\x1b[31mlaughed.\x1b[0m",
        "\\ No newline at end of file",
        "\x1b[32m+He died by suicide.\tHe \\x1b[31mlaughed.\x1b[0m",
        "\\ No newline at end of file",
    ]


def test_a_diff_is_one_that_patch_applies(healthlint):
    Path("a.md").write_bytes(OLD.replace("\r", "").encode())
    _, out, _ = healthlint("check", "--fix", "--dry-run")
    done = subprocess.run(["git", "apply", "-"], input=out.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert Path("a.md").read_bytes() == NEW.replace("\r", "").encode()


def test_what_is_refused_is_said(healthlint):
    Path("a.md").write_text("# Drops\n\nOur drops cure gout.\n", encoding="utf-8")
    code, out, err = healthlint("check", "--fix", "--select", "disclaimer,cure-claim")
    assert code == 1
    assert "a.md:1: disclaimer-missing is left to you: it would bring disclaimer-contradicted\n" in err
    assert "2 errors" in out
    assert "nothing fixed" in out
    _, _, err = healthlint("check", "--fix", "--quiet", "--select", "disclaimer,cure-claim")
    assert err == ""


def test_a_read_only_file_is_a_failure_and_the_others_are_fixed(healthlint):
    for name in ("a.md", "b.md"):
        Path(name).write_bytes(OLD.encode())
    Path("a.md").chmod(0o444)
    code, out, _ = healthlint("check", "--fix")
    assert code == 2
    assert "a.md: failure: is read-only; nothing was written to it\n" in out
    assert out.endswith("2 fixed in 1 article; 1 failure.\n")
    assert Path("a.md").read_bytes() == OLD.encode()
    assert Path("b.md").read_bytes() == NEW.encode()


def test_a_dry_run_with_a_failure_is_no_success(healthlint):
    Path("a.md").write_bytes(OLD.encode())
    Path("b.md").write_bytes(bytes(range(32)) * 9)
    code, out, err = healthlint("check", "--fix", "--dry-run")
    assert code == 2
    assert out.startswith("--- a/a.md\n")
    assert err.startswith("b.md: failure: looks like a binary file")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--dry-run"], "--dry-run goes with --fix."),
        (["--fix", "-"], "name the file instead of “-”"),
        (["--fix", "--dry-run", "--output-format", "json"], "prints a diff and no report"),
        (["--fix", "--write-baseline", "b.json"], "write the baseline in a run of its own"),
    ],
)
def test_options_that_do_not_go_together(healthlint, args, said):
    code, out, err = healthlint("check", *args)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())
    assert not Path("b.json").exists()


def test_only_changed_lines_are_fixed(healthlint):
    def git(*args: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *args], check=True, capture_output=True
        )

    Path("a.md").write_text("He committed suicide.\n", encoding="utf-8")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    Path("a.md").write_text("He committed suicide.\n\nShe committed suicide.\n", encoding="utf-8")
    code, out, _ = healthlint("check", "--fix", "--diff", "HEAD", "--select", "language")
    assert code == 0
    assert out.endswith("1 article checked: no errors, no warnings, no info; 1 fixed in 1 article.\n")
    assert Path("a.md").read_text(encoding="utf-8") == "He committed suicide.\n\nShe died by suicide.\n"


def test_settings_with_additions_stay_hashable():
    assert dataclasses.replace(Settings(), fix=Additions("x", (AUTHOR,))) in {
        Settings(fix=Additions("x", (AUTHOR,)))
    }
