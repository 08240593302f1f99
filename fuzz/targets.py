"""Everything that is fuzzed: for each target what is called with bytes, what to make inputs of, and where to begin.

A target raises only when something is wrong. `fuzz/run.py` (atheris, for long) and `tests/test_fuzz.py` (hypothesis, in
the suite) both go by this table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
import articles
import data
import phrases

ROOT = Path(__file__).parent.parent
FOUND = Path(__file__).parent / "found"
"""Inputs that once showed a fault, in a folder for each target; each stays as a test."""


class Target(NamedTuple):
    """One thing that takes what strangers wrote."""

    check: Callable[[bytes], None]
    """Raises when something is wrong."""
    tokens: tuple[str, ...]
    """What inputs are made of."""
    modules: tuple[str, ...]
    """Packages and modules whose coverage guides what is tried next."""
    seeds: tuple[str, ...]
    """Inputs to begin with."""

    @property
    def beginnings(self) -> list[bytes]:
        """The inputs to begin with, as bytes."""
        return [seed.encode("utf-8", "surrogatepass") for seed in self.seeds]


def found(name: str) -> list[Path]:
    """The files of what was found by the target of that name, in order."""
    return sorted((FOUND / name).glob("*"))


# --- what inputs are made of -------------------------------------------------------------------------------

WORDS = (
    "Our tea cures gout. ", "no side effects", "guaranteed ", "There is no ", "Myth: ", "committed suicide ",
    "stop taking your metformin", "not medical advice", "Ask your doctor or pharmacist.", "Last reviewed: ",
    "Written by ", "Call 999", "100% ", "may ", "studies show ", "mice", "diabetes", "“", "”", "’", "é", "😀", "ﬁ",
    "\u00ad", "\u200b", "\u202e", "\u00a0", "\ufffc", "\ufeff", "\u2028", "\x85", "\0", "\t", "\x0c", "\r\n", "\n\n", "\r",
    "e\u0301", "İ", "ß", "𝒄", "с", "ｃ", "https://example.org/a_(b)", "www.example.org", "doi:10.1000/1", "a@b.org", "[1]",
)  # fmt: skip
SUPPRESSIONS = (
    "<!-- healthlint-disable-next-line cure-claim -- why -->", "<!-- healthlint-disable-file -->",
    "<!-- healthlint-disable -->", "<!-- healthlint-enable -->", "{/* healthlint-disable-line */}",
    ".. healthlint-disable-next-line", " until=2026-07-31", "healthlint-", "disable", "-line", " -- ", " — ", "cure-claim",
    "healthlint:\n  disable: cure-claim\n", "language",
)  # fmt: skip
FRONT = (
    "---\n", "+++\n", "title: ", "title = ", "author: ", "description: |\n  ", "tags: [a, b]\n", "tags:\n- a\n", "reviewed_by: ",
    "healthlint:\n  profile: news\n", "date: 2026-01-01\n", "&a ", "*a", "!!str ", "'", '"', "''", "\\u0041", "\\x41", "{", "}",
    "[", "]", ", ", ": ", "#", ">-\n", "|+\n", "? ", '"""', "'''", "[a.b]\n", "[[a]]\n", "a.b = ", "...\n", "<<: ", "~", "null",
)  # fmt: skip
TEMPLATE = (
    "{{", "}}", "{%", "%}", "{#", "#}", "{{<", ">}}", "{{%", "%}}", "<%", "%>", "<?php", "?>", "{{!--", "--}}", "{{/*", "*/}}",
    "include disclaimer.html", "comment", "endcomment", "raw", "endraw", "verbatim", "if x", "endif", "- ", '"', "--8<-- 'a.md'",
    "[gallery ids=1]", "[/caption]", "[[", "]]", "highlight", "endhighlight", "{% comment %}", "{% endcomment %}",
)  # fmt: skip
HTML = (
    "<p>", "</p>", "<b>", "</b>", "<br>", "<div hidden>", "</div>", '<span style="display:none">', "<td>", "<table>", "</table>",
    "<li>", "<ul>", "<h1>", "<!--", "-->", "<![CDATA[", "]]>", "<script>", "</script>", "<style>", "</style>", "<title>", "</title>",
    '<script type="application/ld+json">', '<meta name="author" content="', '">', "<a href='", "'>", "<img alt=\"", "&amp;", "&#99;",
    "&#x63;", "&nbsp;", "&shy;", "&", "&#0;", "&notit;", "<textarea>", "<template>", "<svg>", "<math>", "<select>", "<nav>",
    "<article>", "<footer>", "<details>", "<noscript>", "<iframe>", "<plaintext>", "<html>", "<body>", "<", "</", "/>", "<!DOCTYPE html>",
    "<?php", "?>", " aria-label='", "<small>", "<time>", "<dl>", "<dt>", "<button>", "<blockquote>", "<code>", "<frameset>",
)  # fmt: skip
MARKDOWN = (
    "# ", "## ", "- ", "1. ", "> ", "    ", "```\n", "~~~", "`", "``", "**", "*", "_", "__", "~~", "[", "](a)", "![", "](a.jpg)", "[^1]",
    "[^1]: ", "[a]: b\n", "|", "|---|\n", "| a | b |\n|---|---|\n| ", "---\n", "===\n", "***\n", "\\", "<b>", "</b>", "<!--", "-->",
    "<div>", "</div>", "&amp;", "&#99;", "&nbsp;", "<https://a.b>", ":::", "::: note Title\n", "!!! note \"Title\"\n", "??? note\n",
    "=== \"Tab\"\n", "{: .a}", "{::comment}", "{:/}", "[TOC]", "{#a}", ": ", "  \n", "\\\n", "- [ ] ", "$$", "$", "^", "<br>", "\n",
)  # fmt: skip
MDX = (
    "import a from 'b'\n", "export const a = 'x'\n", "export default () => {\n", "{", "}", "{/*", "*/}", "{`", "`}", "${", "<Note>", "</Note>",
    "<Note title=\"a\">", "<Note title={'a'}>", "<>", "</>", "<A.B ", "/>", "{...a}", "=> ", "//", "/*", "*/", "'", '"', "\\'", "(", ")",
    "<div hidden={true}>", "<details>", "</details>", "export const metadata = {title: 'a'}\n", ";", "=", "/a/", "<Tabs>\n", "  <Note>\n",
)  # fmt: skip
RST = (
    "===\n", "---\n", "~~~\n", ".. note:: ", ".. ", "   ", "::\n", "``", "`", "`_", "`__", "_`", "|a|", ".. |a| replace:: ", ":term:`", ":a: ",
    "[1]_", ".. [1] ", "[#]_", ".. [#] ", ".. _a: b\n", "__ a\n", "+---+---+\n", "| a | b |\n", "+===+===+\n", "=== ===\n", "a   b\n",
    ".. figure:: a.png\n", "   :alt: ", ".. list-table::\n", "   * - ", "     - ", ".. csv-table::\n", '   "a", b\n', ".. code::\n", ".. meta::\n",
    "   :description: ", "| ", "- ", "* ", "1. ", "#. ", "(a) ", ">>> ", "-a  ", "--long=a  ", "**", "*", "\\ ", "\\", ".. raw:: html\n",
    ".. include:: a\n", ".. math::\n", ".. topic:: a\n", "\n", "<https://a.b>`_", ".. image:: a\n", ".. epigraph::\n", "\t", "term\n   ",
)  # fmt: skip
TEXT = (
    "• ",
    "- ",
    "1) ",
    "   ",
    "\n",
    "---\n",
    "TITLE\n",
    "* * *\n",
    ">",
    "|",
    "a    b\n",
    "“",
    "Q: ",
    "A: ",
)
JSON = (
    '{"', '": "', '", "', '"}', "[", "]", "{", "}", ",", ":", "\\u0063", "\\n", "\\", "\\ud800", "null", "true", "1.5e3", "headline", "@type",
    "@graph", "@id", "author", "name", "Article", "reviewedBy", "mainEntity", "acceptedAnswer", "text", "description", "&quot;", "<!--", "//",
)  # fmt: skip
PHRASE = (
    "(",
    ")",
    "[",
    "]",
    "|",
    "...",
    "^",
    "=",
    "~",
    "<x>",
    "<condition>",
    " ",
    "a",
    "b",
    "cure",
    "-",
    "'",
    "’",
    "&",
    "%",
    "100%",
    "é",
    ".",
)
SMALL = (
    *(
        "(",
        ")",
        "[",
        "]",
        "|",
        " ... ",
        "^",
        "=A",
        "~",
        "<x>",
        " ",
        "a",
        "b",
        "c",
        "d",
        "but",
        "as",
        "so",
        "and",
        "a b",
        "[a|b c]",
        "(a|b|c|d)",
    ),
    *("\n", ", ", "; ", ". ", ".", "! A", "bs", "bing", "c d a", "A", "B", "-", ": "),
)
RULES = (
    "house/wonder-food.yaml\n", "house/own.yaml\n", "lexicon/condition.yaml\n", "lexicon/own.yaml\n", "lexicon/irregular-verbs.yaml\n",
    "lexicon/established-cures.yaml\n", "cues/negated.yaml\n", "cues/own.yaml\n", "cues/stops.yaml\n", "signals/hint.yaml\n", "sources.yaml\n",
    "profiles/plain.yaml\n", "profiles/own.yaml\n", "packs/here.yaml\n", "packs/own.yaml\n",
    "id: wonder-food\n", "id: own\n", "extends: ", "family: house\n", "severity: error\n", "default: off\n", "message: A.\n", "why: A\n",
    "fix: A\n", "sources: [house-style]\n", "phrases:\n- ", "tokens:\n- [{LOWER: food}]\n", "OP: ", "{LOWER: {IN: [food]}}", "absent:\n  a: {phrases: [b]}\n",
    "metadata: ", "check: disclaimer-missing\n", "limit: 3\n", "when: [gout]\n", "about: A\n", "not: [a]\n", "unless: [negated]\n", "except:\n- ",
    "where: {blocks: [heading], page: [shop], context: [negated], cited: true}\n", "where: {heading: [a], sentence: [b], nearby: [c]}\n",
    "once: true\n", "suggest: {wonder food: food}\n", "examples:\n  bad: [A <<wonder food>>.]\n  good: [A.]\n", "name: own\n", "includes: [condition]\n",
    "terms: [a, (b|c) d]\n", "verbs: {go: [went, gone]}\n", "pairs:\n- {treatment: tea, condition: gout}\n", "context: own\n",
    "cues:\n- {direction: backward, within: sentence, phrases: [a]}\n", "pseudo: [a]\n", "contrast: [but]\n", "signal: hint\n", "profile: plain\n",
    "page: shop\n", "select: [own]\n", "ignore: [house]\n", "unexcused: {negated: [house]}\n", "disclaimer: [AB, C]\n", "limits: {own: 3}\n",
    "pack: here\n", "jurisdiction: Here\n", "severity: {house: error}\n", "(a|b)", "[c]", "...", "<condition>", "^", "~", "<<", ">>",
    "wonder-food", "- ", "  ", ": ", "{", "}", "[", "]", "|\n", "'", '"', "#", "\n", "?", "!!binary ", "LEMMA", "REGEX", "text: ", "format: html\n",
)  # fmt: skip
CONFIG = (
    "pyproject.toml\n", ".healthlint.yaml\n", "[tool.healthlint]\n", "[[tool.healthlint.overrides]]\n", "select", "ignore", "severity", "profile",
    "packs", "limits", "locale", "exclude", "site-disclaimer", "fix", "overrides", "rules", "packages", "baseline", "paths", "disclaimer",
    "front-matter", "no-author", "cure-claim", "editorial", "news", "us-ftc-fda", "uk-cap", "error", "warning", "info", "en-GB", "news/", "**/*.md",
    "!", "[!a]", "..", "/", "*", "known.json", ": ", " = ", "- ", "  ", "[", "]", "{", "}", ",", '"', "'", "\n", "true", "3", "author: Jo Lee",
    "This page is not medical advice. Ask your doctor.", "fix: {disclaimer: This is not medical advice. Ask your doctor.}\n",
)  # fmt: skip
KNOWN = (
    '{"version": 1, "entries": {"a.md": {"cure-claim": {"', '": 1}}}}', '"version": 1', '"entries": {', "a.md", "../", "cure-claim", ": 2", ": 0",
    ": -1", ": true", ": 1.0", "\\u0000", "\\ud800", "{", "}", '"', ",", "[", "]", "NaN", "6f1c2a", "\ufeff",
)  # fmt: skip
VERSIONS = (
    "\n====\n",
    "a.md\n",
    "\n",
    "\r\n",
    "a\n",
    "b\n",
    "@@ -1 +1 @@\n",
    "diff --git a/b b/b\n",
    "--- a\n",
    "+++ b\n",
    "\0",
    "é",
    '"',
    "\t",
    " ",
)
ADDRESSES = (
    "file:///site/a.md\n", "untitled:a.html\n", "file://host/c:/a.mdx\n", "file:///C:/a.txt\n", "%20", "%00", "[", "://", "?", "#", "vscode-remote:",
    "\r\n", "😀", "\ufeff", "\ud800", "He committed suicide. ",
)  # fmt: skip

NEWS = "He committed suicide in May.\n\nOur tea cures gout.\n"
HEADS = tuple(f"{ending}\n" for ending in articles.ENDINGS)


def _reader(format: str, tokens: tuple[str, ...], modules: tuple[str, ...], *seeds: str) -> Target:
    names = ("prose", "directive", "address", *modules)
    return Target(
        partial(articles.article, format=format),
        (*WORDS, *SUPPRESSIONS, *tokens),
        tuple(f"healthlint.readers.{name}" for name in names),
        seeds,
    )


TARGETS = {
    "markdown": _reader(
        "markdown", (*MARKDOWN, *FRONT, *TEMPLATE, *HTML), ("markdown", "view", "template", "frontmatter"),
        "---\ntitle: Tea\nauthor: Jo\n---\n\n# Tea\n\n> Our **tea** [cures](a.html) gout[^1].\n\n- one\n  - two\n\n[^1]: A note.\n",
        "::: note\nTea.\n:::\n\n!!! tip \"Tea\"\n    It is hot.\n\n| a | b |\n|---|---|\n| no side&nbsp;effects | c |\n",
    ),
    "mdx": _reader(
        "mdx", (*MDX, *MARKDOWN, *FRONT, *HTML), ("mdx", "markdown", "view", "frontmatter"),
        "import A from 'a'\n\nexport const metadata = {title: 'Tea'}\n\n# Tea\n\n<Note title=\"It cures gout\">\n  Our {/* x */} tea.\n</Note>\n\n{a.map(b => <i>{b}</i>)}\n",
    ),
    "html": _reader(
        "html", (*HTML, *TEMPLATE, *JSON), ("html", "markup", "landmark", "jsonld", "php", "template"),
        "<!DOCTYPE html><html><head><title>Tea</title><meta name=author content='Jo'>"
        '<script type="application/ld+json">{"@type": "Article", "headline": "It cures gout"}</script></head>'
        "<body><nav><a href=/>Home</a></nav><main><h1>Tea</h1><p>Our <b>t</b>ea cures&nbsp;gout.<table><tr><td>a</table></main></body></html>",
        "<?php include 'a.php'; ?><p hidden>It cures gout.</p><ul><li>a<li>b</ul><img alt=\"no side effects\">",
    ),
    "rst": _reader(
        "rst", RST, ("rst", "line", "byline"),
        "Tea\n===\n\n:author: Jo\n\nOur *tea* cures gout [1]_.\n\n.. note:: It has\n   no side effects.\n\n+---+---+\n| a | b |\n+---+---+\n\n.. [1] A note.\n",
        ".. figure:: a.png\n   :alt: It cures gout.\n\n   A caption.\n\n=====  ====\nOne    Two\n=====  ====\na      b\n=====  ====\n",
    ),
    "text": _reader("text", (*TEXT, *FRONT), ("text", "line", "byline", "frontmatter"), "TEA\n\nOur tea cures gout.\n\n  * one\n  * two\n\nWritten by Jo Lee\n"),
    "front-matter": Target(
        articles.front, FRONT, ("healthlint.readers.frontmatter", "healthlint.readers.insertion", "healthlint.tomlfile"),
        (
            "---\ntitle: 'It''s tea'\nauthor:\n  name: \"Jo \\u0041\"\ntags: [a, b]\ndescription: >-\n  Hot\n  tea\n---\n\n# Tea\n\nHot.\n",
            "+++\ntitle = \"Tea\"\n[params]\nauthor = 'Jo'\n[[a]]\nb = {c = [1, 2]}\n+++\n\nHot.\n",
            "{\"title\": \"Tea\", \"tags\": [\"a\"]}\n\nHot.\n",
        ),
    ),
    "json-ld": Target(
        articles.json_ld, JSON, ("healthlint.readers.jsonld",),
        ('{"@graph": [{"@type": "Article", "@id": "a", "author": {"@id": "b"}, "headline": "T\\u0065a"}, {"@id": "b", "name": "Jo"}]}',),
    ),
    "template": Target(
        articles.template, TEMPLATE, ("healthlint.readers.template",), ("{% comment %}a {{ b }}{% endcomment %} {{< note >}}c{{< /note >}} <%= d %> {{!-- e --}}",),
    ),
    "suppression": Target(
        articles.suppression, (*HEADS, *SUPPRESSIONS, *WORDS, "<!--", "-->", "{/*", "*/}", ".. ", "\n", "> ", "- ", "<p>", "<b>", "| a |\n"), ("healthlint.suppression", "healthlint.readers"),
        (
            "healthlint-disable-next-line cure-claim, language until=2027-01-31 -- the label of 1910",
            "md\n<!-- healthlint-disable-next-line cure-claim -- why -->\nOur tea cures gout.\n\n<!-- healthlint-disable -->\nIt cures flu.\n<!-- healthlint-enable cure-claim -->\nIt cures colds.\n",
            "mdx\n{/* healthlint-disable-line */} Our tea cures gout.\n",
            "rst\n.. healthlint-disable-next-line cure-claim\n\nOur tea cures gout.\n",
            "html\n<p>Our tea cures gout.</p> <!-- healthlint-disable-line --><p>It cures flu.\n",
        ),
    ),
    "rules-together": Target(
        articles.rules_together, WORDS, ("healthlint.checks", "healthlint.context", "healthlint.topic", "healthlint.linter", "healthlint.language"),
        ("Our tea cures gout, with no side effects. Myth: a mattress cures sciatica. There is no cure, but rest may help.\n\nStudies in mice show it.\n",),
    ),
    "phrase": Target(phrases.written, PHRASE, ("healthlint.phrase",), ("(a|b c) [d|e~] ... <x> =F", "100% cure~", "^ (no|not a) side-effects")),
    "phrase-places": Target(
        phrases.found, SMALL, ("healthlint.phrase", "healthlint.language", "healthlint.vocabulary"),
        ("a ... (b|c d) [e]\nA b c d, so b. a b; c but a.", "^ <x> b~\nc d a bs as b.", "[a|b c] =A ... d\na b A, c d."),
    ),
    "values": Target(
        data.values, FRONT, ("healthlint.datafile", "healthlint.tomlfile"),
        ("a: [b, 'c', \"d\\u0041\"]\ne: {f: |\n  g\n}\n", "a = 1\n[b.c]\nd = [{e = 'f'}, {}]\n[[g]]\nh = 2026-01-01\n'i j'.k = true\n"),
    ),
    "rules": Target(
        data.rules, (*RULES, *PHRASE), ("healthlint.loading", "healthlint.rulebook"),
        tuple(f"{name}\n{text.decode()}" for name, text in data.BOOK.items() if b"phrases: []" not in text),
    ),
    "config": Target(
        data.config, CONFIG, ("healthlint.config", "healthlint.settings", "healthlint.datafile", "healthlint.tomlfile", "healthlint.profile"),
        (
            ".healthlint.yaml\nselect: [language]\nseverity: {cure-claim: info}\noverrides:\n- paths: [news/]\n  profile: news\n  packs: [uk-cap]\n",
            "pyproject.toml\n[tool.healthlint]\nexclude = ['**/a.md', '!b']\nlocale = 'en-GB'\n[tool.healthlint.limits]\nlong-sentences = 3\n",
            ".healthlint.yaml\nselect: [no-author]\nfix: {front-matter: {no-author: {author: Jo Lee}}}\n",
        ),
    ),
    "baseline": Target(data.baseline, KNOWN, ("healthlint.baseline",), ('{"version": 1, "entries": {"a.md": {"cure-claim": {"6f1c2a": 1}}}}',)),
    "changes": Target(data.changes, VERSIONS, ("healthlint.changes",), ("a.md\na\nb\nc\n====\na\nd\nc\ne\n", "é \".md\na\r\nb\n====\nb\n")),
    "reports": Target(
        articles.reports, (*WORDS, *MARKDOWN, *FRONT, "::error::", "##[error]", "]]>", "{0}", "\x1b[31m", "\x9b", "=1+1"), ("healthlint.reporters", "healthlint.violation"),
        (f"a.md\n{NEWS}", f"::error file=b::c,d%0A.md\n---\ntitle: Tea\n---\n\n# It cures gout\r\n\r\n{NEWS}"),
    ),
    "fixing": Target(
        articles.fixing, (*HEADS, *WORDS, *MARKDOWN, *FRONT, *RST, "<p>", "</p>", "<main>", "An unsuccessful suicide attempt"), ("healthlint.fix", "healthlint.edits", "healthlint.rewrite", "healthlint.readers.insertion", "healthlint.readers.decoding"),
        (
            *(f"{ending}\n{NEWS}" for ending in articles.ENDINGS),
            "md\n---\ntitle: Tea\n---\n\n# Tea\n\nHe committed\nsuicide.\n\n## More\n\n- a\n- b\n",
            "html\n<html><body><main><h1>Tea</h1>\n<p>He committed suicide.</p>\n</main></body></html>\n",
        ),
    ),
    "editor": Target(
        articles.editor, (*ADDRESSES, *WORDS, *MARKDOWN), ("healthlint.server",),
        (f"file:///site/a.md\n{NEWS}", f"untitled:a.html\n<p>{NEWS}</p>", f"file:///site/a%20b.mdx\n😀 {NEWS}", f"file:///a.rst\n\ufeff- 😀 {NEWS}"),
    ),
}  # fmt: skip
"""By name, which is also the name of its folder in `found/`."""
