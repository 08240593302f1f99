"""Time against length for input that was made to be slow: `python benchmarks/attacks.py [WORD ...] [--write]`.

Each attack is a function of a length. It runs in a process of its own, at a length that is doubled until it takes long
enough to be judged. What takes more than `WORST` times as long for twice the length is a failure. WORDs choose the
attacks whose name has one of them; `--write` puts those that cost most into docs/performance.md.
"""

from __future__ import annotations

import os
import pickle
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, count, takewhile
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from measure import PAGE, between, machine, table

import healthlint
from healthlint.changes import Changes, patches
from healthlint.fix import fixes
from healthlint.page import Page
from healthlint.phrase import LONGEST, PhraseSet, phrase
from healthlint.readers import read_text
from healthlint.run import builtin, report_of, unread_of
from healthlint.vocabulary import Inflector, Vocabulary

WORST = 2.6
"""The most times as long as for half the length. Linear is 2; memory that is no longer near costs a little."""
ENOUGH = 1.0
"""What took so many seconds is not tried at twice the length."""
LENGTHS = tuple(6_250 * 2**power for power in range(10))
"""In characters."""

SHOWN = 30
"""So many of the attacks are in the page."""

Text = Callable[[int], str]
"""A text of about so many characters."""

# --- how texts are made ------------------------------------------------------------------------------------


def again(piece: str, before: str = "", after: str = "") -> Text:
    """`piece` again and again, between two others; each `{}` in it is a number that goes up."""
    holes = piece.count("{}")
    if not holes:
        return lambda n: before + piece * (n // len(piece)) + after
    parts = piece.split("{}")

    def text(n: int) -> str:
        pieces = (str(number).join(parts) for number in range(n // (len(piece) + 2 * holes)))
        return before + "".join(pieces) + after

    return text


def nested(opening: str, inside: str, closing: str, before: str = "") -> Text:
    """`inside` in as many `opening` and `closing` as have room."""

    def text(n: int) -> str:
        depth = n // len(opening + closing)
        return before + opening * depth + inside + closing * depth

    return text


def rising(piece: str, after: str = " a ") -> Text:
    """Runs of `piece`, each longer by one than the one before."""

    def text(n: int) -> str:
        total = accumulate(len(piece) * length + len(after) for length in count(1))
        return "".join(piece * length + after for length, _ in enumerate(takewhile(n.__ge__, total), 1))

    return text


def halves(first: str, second: str, before: str = "", between: str = "") -> Text:
    """`first` again and again, then `second` as many times; each `{}` is a number that goes up."""

    def text(n: int) -> str:
        return before + again(first)(n // 2) + between + again(second)(n // 2)

    return text


def staircase(piece: str, line: str) -> Text:
    """Lines, each indented by one more `piece` than the one before."""

    def text(n: int) -> str:
        total = accumulate(len(piece) * depth + len(line) for depth in count())
        return "".join(piece * depth + line for depth, _ in enumerate(takewhile(n.__ge__, total)))

    return text


# --- texts -------------------------------------------------------------------------------------------------

CLAIM = "This tea cures cancer. "

PLAIN: Mapping[str, Text] = {
    # characters
    "dots": again("."),
    "dots before a letter": again(".", "", "a"),
    "letters with dots": again("a.", "", "bc"),
    "commas": again(","),
    "spaces": again(" ", "a", "a"),
    "tabs": again("\t", "a", "a"),
    "no-break spaces": again("\u00a0", "a", "a"),
    "line ends": again("\n", "a", "a"),
    "line ends of Windows": again("\r\n", "", "Tea"),
    "carriage returns": again("\r", "a", "a"),
    "lines of spaces": again("   \n", "a", "a"),
    "double quotes": again('"'),
    "opening quotes": again("“"),
    "apostrophes": again("'"),
    "quoted letters": again("'a' "),
    "hyphens": again("-"),
    "letters and hyphens": again("a-"),
    "em dashes": again("—"),
    "colons": again(":"),
    "colons in words": again("a:b "),
    "semicolons": again("a; "),
    "ellipses": again("… "),
    "dots and spaces": again(". "),
    "initials": again("A. B. "),
    "abbreviations": again("e.g. i.e. Dr. "),
    "question marks": again("? "),
    "parentheses": again("("),
    "closing parentheses": again(")"),
    "nested parentheses": nested("(", "a", ")"),
    "brackets": again("["),
    "closing brackets": again("]"),
    "double brackets": again("[["),
    "nested brackets": nested("[", "a", "]"),
    "braces": again("{"),
    "double braces": again("{{"),
    "double braces, closed": again("{{a}}"),
    "percent braces": again("{% a "),
    "percent braces, closed": again("{% a %}"),
    "comment braces": again("{% comment %}"),
    "comment braces, ends first": halves("{% endcomment %}", "{% comment %}"),
    "hash braces": again("{# "),
    "angle percent": again("<% "),
    "angle braces": again("{{< a "),
    "handlebars comments": again("{{!-- "),
    "brace soup": again("{{ {% {# <% [a "),
    "shortcodes": again("[gallery_a] "),
    "shortcodes, ends": again("[/abc] [abc x=1] "),
    "shortcode with spaces": again(" ", "[gallery", "x"),
    "shortcode attributes": again(" a=1", "[gallery", ""),
    "less than": again("<"),
    "greater than": again(">"),
    "ampersands": again("&"),
    "ampersand letters": again("&a"),
    "entities": again("&amp;"),
    "numeric entities": again("&#99;"),
    "backslashes": again("\\"),
    "pipes": again("|"),
    "stars": again("*"),
    "underscores": again("_"),
    "tildes": again("~"),
    "backquotes": again("`"),
    "hashes": again("#"),
    "dollars": again("$"),
    "dollars and digits": again("$1 "),
    "exclamations": again("!"),
    "at signs": again("@"),
    "plus signs": again("+"),
    "equals signs": again("="),
    "digits": again("1"),
    "digits and dots": again("1."),
    "NUL": again("a\0"),
    # words
    "one word": again("a"),
    "one word of a claim": again("cure"),
    "one-letter words": again("a "),
    "different words": again("w{} "),
    "numbers": again("{} "),
    "one sentence": again("the tea that we drink and "),
    "one sentence with commas": again("the tea, which we drink, "),
    "one sentence of claims": again("this tea cures cancer and "),
    "one sentence of claims and commas": again("this tea cures cancer, "),
    "claims": again(CLAIM),
    "claims in paragraphs": again(CLAIM + "\n\n"),
    "different claims": again("Tea {} cures cancer. "),
    "different claims in paragraphs": again("Tea {} cures cancer.\n\n"),
    "claims of many rules": again(
        "A miracle cure with no side effects, guaranteed, stop taking your pills. "
    ),
    "claims in one sentence of many rules": again("a miracle cure with no side effects guaranteed and "),
    "denied claims": again("There is no evidence that this tea cures cancer. "),
    "denied claims in one sentence": again("no evidence that this tea cures cancer and "),
    "denials and claims": again("not this tea cures cancer but "),
    "denials": again("not "),
    "no evidence": again("no evidence that "),
    "not only": again("not only "),
    "a claim, then denials": again("not no never without ", CLAIM[:-2] + " "),
    "first words of claims": again("cures "),
    "last words of claims": again("cancer "),
    "contrasts": again("but "),
    "joints": again("and "),
    "or-lists": again("fever, "),
    "or-list of claims": again("cures cancer, ", "No tea ", "or cures gout."),
    "stops": again("which, so, because, "),
    "myths": again("Myth: tea cures cancer. "),
    "questions": again("Does tea cure cancer? "),
    "quotations": again("“Tea cures cancer,” said Jo. "),
    "speakers": again("said Jo "),
    "quotations never closed": again("“Tea cures cancer, said Jo. "),
    "names and hyphens": again("A-"),
    "headings, then claims": halves("# Tea {}\n\n", CLAIM + "\n\n"),
    "labels of references": again("- References\n"),
    "quotations in one paragraph": again('"Tea cures cancer" is what they say. '),
    "notices and other sentences": again(
        "This is not medical advice. Tea is hot. Tea is good. Tea is wet. Tea is old. "
    ),
    "terms": again("diabetes "),
    "term beginnings": again("low back low lower "),
    "long terms": again("irritable bowel syndrome and "),
    "gaps": again("cure one two three four "),
    "disclaimers": again("This is not medical advice. See your doctor. "),
    "emergencies": again("Call 999 if you have chest pain. "),
    "chest pain": again("chest pain "),
    "doctors": again("see your doctor "),
    "pregnancy": again("do not take if pregnant "),
    "dates": again("12 May 2024 "),
    "reviewed": again("Reviewed by Jo Lee, MD, 12 May 2024. "),
    "written by": again("By Jo Lee. "),
    "by": again("by "),
    "bylines": again("By Jo Lee\n\n"),
    "reviewers": again("Medically reviewed by Dr Jo Lee\n\n"),
    "updates": again("Updated: 12 May 2024\n\n"),
    "studies": again("A study found (Lee et al., 2020) that "),
    "citations": again("[{}] "),
    "references": again("{}. Lee J, et al. Tea. BMJ 2020;1:2-3. doi:10.1136/bmj.{}\n", "References\n\n"),
    "references, one paragraph": again("Lee J. Tea. BMJ 2020;1:2. ", "References\n\n"),
    "addresses": again("https://example.org/{} "),
    "address, one": again("a/", "https://example.org/"),
    "address beginnings": again("https://"),
    "www": again("www."),
    "e-mail": again("a@b.c "),
    "e-mail, one": again("a.", "", "@b.org"),
    "DOIs": again("10.1000/a{} "),
    "placeholders": again("[TODO] lorem ipsum "),
    "interests": again("Conflict of interest: none declared. "),
    "percentages": again("90% "),
    "authorities": again("The NHS recommends it. "),
    "animals": again("in mice "),
    "hard words": again("immunohistochemistry "),
    "capitals": again("TEA CURES CANCER! "),
    # Unicode
    "zero-width spaces": again("\u200b", "a", "a"),
    "zero-width in words": again("cu\u200bre "),
    "zero-width joiners": again("\u200d"),
    "combining marks": again("\u0301", "a"),
    "combining marks, mixed": again("\u0301\u0323", "a"),
    "letters with marks": again("e\u0301"),
    "bidi": again("\u202e"),
    "bidi in words": again("c\u202eure "),
    "soft hyphens": again("\u00ad", "cu", "re"),
    "full-width letters": again("ｃｕｒｅ "),
    "mathematical letters": again("𝐜𝐮𝐫𝐞 "),
    "Cyrillic look-alikes": again("сurе "),
    "ligatures": again("\ufdfa"),
    "emoji": again("👍🏽"),
    "Chinese": again("茶能治癌"),
    "line separators": again("a\u2028"),
    "variation selectors": again("a\ufe0f"),
    "tags": again("\U000e0061"),
    "astral and not": again("a𝐛é"),
    # blocks
    "short lines": again("a\n"),
    "short paragraphs": again("a\n\n"),
    "indented more and more": staircase(" ", "a\n"),
    "bullets": again("- a\n"),
    "bullets on one line": again("- "),
    "bullets, deeper": staircase(" ", "- a\n"),
    "bullets, deeper by two": staircase("  ", "- a\n"),
    "numbered": again("{}. a\n"),
    "claims in bullets": again("- tea cures cancer\n", "Tea:\n\n"),
    "items led in": again("- cures cancer\n", "There is no evidence that tea:\n\n"),
    "items led in, cells": again("| cures cancer |\n", "| No evidence: |\n|---|\n"),
    "underlined": again("a\n=\n"),
    "underlined with dashes": again("a\n---\n"),
    "rules": again("---\n"),
    "rules with spaces": again("* * *\n"),
    "stars and spaces": again("* "),
    "headings": again("# Tea {}\n\n"),
    "headings with text": again("## Tea {}\n\nIt cures cancer.\n\n"),
    "headings, deeper": again("# a\n## b\n### c\n#### d\n##### e\n###### f\n"),
    "headings of references": again("## References\n\n"),
    "quoted lines": again("> a\n"),
    "deep quotes": again("> "),
    "deep quotes, lines": staircase(">", " a\n"),
    "FAQ": again("## Does tea {} cure cancer?\n\nNo.\n\n"),
    # suppressions
    "suppressions": again("<!-- healthlint-disable-next-line cure-claim -- why -->\n" + CLAIM + "\n\n"),
    "suppressions alone": again("<!-- healthlint-disable-next-line -->\n"),
    "suppressions of a line": again(CLAIM + "<!-- healthlint-disable-line -->\n\n"),
    "switched off and on": again(
        "<!-- healthlint-disable -->\n\n" + CLAIM + "\n\n<!-- healthlint-enable -->\n\n"
    ),
    "switched off": again("<!-- healthlint-disable -->\n\n" + CLAIM + "\n\n"),
    "switched off, then claims": halves("<!-- healthlint-disable cure-claim -->\n\n", CLAIM + "\n\n"),
    "switched on, then claims": halves(
        "<!-- healthlint-enable x -->\n\n", CLAIM + "\n\n", "<!-- healthlint-disable -->\n\n"
    ),
    "suppression of many rules": again("a{}, ", "<!-- healthlint-disable ", " -->\n\n" + CLAIM),
    "suppressions misspelt": again("<!-- healthlint-disabel cure-claim -->\n\n"),
    "suppression misspelt at length": again("b", "<!-- healthlint-disa", " -->\n"),
    "suppression of a long name": again("cure-", "<!-- healthlint-disable ", " -->\n"),
    "suppressions of unknown rules": again("<!-- healthlint-disable-line cure-clam{} -->\n\n"),
    "suppression before tags": again("<b>", "<!-- healthlint-disable-next-line -->\n", CLAIM),
    "suppressions before tags": again("<!-- healthlint-disable-next-line -->\n<b>\n\n"),
    "suppression before less than": again("<", "<!-- healthlint-disable-next-line -->\n", CLAIM),
    "suppression before blank lines": again("\n", "<!-- healthlint-disable-next-line -->\n", CLAIM),
    "suppressions before blank lines": halves("<!-- healthlint-disable-next-line -->\n", "\n"),
    "suppression with spaces": again(" ", "<!-- healthlint-disable-line x -- a", "b -->"),
    "suppressions, then claims on a line": halves("<!-- healthlint-disable-next-line -->\n", CLAIM),
    "suppressions in comments": again("<!-- healthlint-disable-line -- "),
    # front matter
    "front matter, keys": again("k{}: v\n", "---\n", "---\n\nTea.\n"),
    "front matter, same key": again("k: v\n", "---\n", "---\n\nTea.\n"),
    "front matter, titles": again("title{}: Tea cures cancer\n", "---\n", "---\n\nTea.\n"),
    "front matter, deep": staircase(" ", "a:\n"),
    "front matter, deeper": lambda n: "---\n" + staircase(" ", "a:\n")(n) + "---\n\nTea.\n",
    "front matter, brackets": again("[", "---\na: ", "\n---\n\nTea.\n"),
    "front matter, braces": again("{a: ", "---\na: ", "\n---\n\nTea.\n"),
    "front matter, a list": again("- a\n", "---\ntags:\n", "---\n\nTea.\n"),
    "front matter, a list on one line": again("a, ", "---\ntags: [", "]\n---\n\nTea.\n"),
    "front matter, a long text": again("tea ", "---\ntitle: ", "\n---\n\nTea.\n"),
    "front matter, a quoted text": again("tea\\n", '---\ntitle: "', '"\n---\n\nTea.\n'),
    "front matter, a folded text": again("  tea\n", "---\ndescription: >\n", "---\n\nTea.\n"),
    "front matter, comments": again("# a\n", "---\na: b\n", "---\n\nTea.\n"),
    "front matter, blank lines": again("\n", "---\na: b\n", "---\n\nTea.\n"),
    "front matter, spaces": again(" ", "---\na: b\n", "---\n\nTea.\n"),
    "front matter, anchors": again("a{}: &a{} v\n", "---\n", "---\n\nTea.\n"),
    "front matter, aliases": again("b: *a\n", "---\na: &a v\n", "---\n\nTea.\n"),
    "front matter, tags": again("!a ", "---\na: ", "v\n---\n\nTea.\n"),
    "front matter, not closed": again("k{}: v\n", "---\n"),
    "front matter, broken": again("k: [\n", "---\n", "---\n\nTea.\n"),
    "front matter, broken at the end": again("k{}: v\n", "---\n", "k: [\n---\n\nTea.\n"),
    "front matter, suppressions": again(
        "# healthlint-disable-line cure-claim -- why\n", "---\na: b\n", "---\n\nTea.\n"
    ),
    "front matter, own choices": again("  profile{}: news\n", "---\nhealthlint:\n", "---\n\nTea.\n"),
    "front matter, choice of packs": again("a{}, ", "---\nhealthlint:\n  packs: [", "]\n---\n\nTea.\n"),
    "front matter, dates": again("date{}: 2024-05-01\n", "---\n", "---\n\nTea.\n"),
    "front matter, authors": again("- name: Jo Lee {}\n", "---\nauthors:\n", "---\n\nTea.\n"),
    "front matter, long key": again("k", "---\n", ": v\n---\n\nTea.\n"),
    "front matter, backslashes": again("\\\\", '---\ntitle: "', '"\n---\n\nTea.\n'),
    "front matter, surrogates": again("\\ud83d", '---\ntitle: "', '"\n---\n\nTea.\n'),
    "front matter, entities": again("&amp;", "---\ntitle: ", "\n---\n\nTea.\n"),
    "front matter, broken, with spaces": again(" ", "---\nk: [\nt: a", "b\n---\n\nTea.\n"),
    "TOML, a long word": again("a", '+++\nb = "', '"\n+++\n\nTea.\n'),
    "TOML, broken, with spaces": again(" ", "+++\nk = [\nt = a", "b\n+++\n\nTea.\n"),
    "TOML, keys": again('k{} = "v"\n', "+++\n", "+++\n\nTea.\n"),
    "TOML, tables": again("[t{}]\na = 1\n", "+++\n", "+++\n\nTea.\n"),
    "TOML, arrays of tables": again("[[t]]\na = 1\n", "+++\n", "+++\n\nTea.\n"),
    "TOML, dotted": again("a.", "+++\n", "b = 1\n+++\n\nTea.\n"),
    "TOML, dotted keys": again("a.b.c{} = 1\n", "+++\n", "+++\n\nTea.\n"),
    "TOML, brackets": again("[", "+++\na = ", "\n+++\n\nTea.\n"),
    "TOML, a list": again("1, ", "+++\na = [", "]\n+++\n\nTea.\n"),
    "TOML, inline tables": again("{a = ", "+++\na = ", "\n+++\n\nTea.\n"),
    "TOML, a long text": again("tea\n", '+++\na = """', '"""\n+++\n\nTea.\n'),
    "TOML, a text never closed": again("tea\n", '+++\na = """', "\n+++\n\nTea.\n"),
    "TOML, comments": again("# a\n", "+++\na = 1\n", "+++\n\nTea.\n"),
    "TOML, broken": again("a = \n", "+++\n", "+++\n\nTea.\n"),
    "JSON, keys": again('"k{}": 1, ', "{", '"a": 1}\n\nTea.\n'),
    "JSON, deep": nested('{"a": ', "1", "}"),
    "JSON, lists": nested("[", "1", "]", '{"a": '),
    "JSON, never closed": again('{"a": '),
    "JSON, a long text": again("tea ", '{"title": "', '"}\n\nTea.\n'),
}
"""Tried in every format."""

MARKDOWN: Mapping[str, Text] = {
    "links opened": again("[a]("),
    "links": again("[a](b) "),
    "links in links": nested("[", "a", "](b)"),
    "links with titles": again('[a](b "c") '),
    "link with a long title": again("c ", '[a](b "', '")'),
    "link with quotes in its title": again('\\"', '[a](b "', '")'),
    "links with open titles": again('[a](b "'),
    "link parentheses": again("(", "[a]("),
    "links in angle brackets": again("[a](<b"),
    "link texts": again("[a] "),
    "image beginnings": again("!["),
    "images": again("![a](b)"),
    "images in images": nested("![", "a", "](b)"),
    "images with titles": again('![a](b "c") '),
    "titles by reference": again('![a][r{}]\n\n[r{}]: b "c"\n\n'),
    "references": again("[r{}]: b\n"),
    "references used": halves("[r{}] ", "[r{}]: b\n", between="\n\n"),
    "references used, not defined": again("[r{}][s{}] "),
    "references, one used": again("[r] ", "[r]: b 'c'\n\n"),
    "reference with a long title": again("c\n", "[r]: b '", "'\n\n[r]"),
    "references with open titles": again("[r{}]: b '\n"),
    "reference, long label": again("r ", "[", "]: b\n\n[r]"),
    "link templates": again("[a]({{b}}) "),
    "footnotes": again("[^{}]: a\n\n"),
    "footnotes used": halves("a[^{}] ", "[^{}]: b\n\n", between="\n\n"),
    "footnotes calling each other": again("[^{}]: see [^{}]\n\n"),
    "footnotes in footnotes": again("[^a]: "),
    "footnotes, one used": again("[^1] ", "[^1]: a\n\n"),
    "emphasis": again("*a* "),
    "emphasis opened": again("*a "),
    "emphasis of both kinds": again("*a_ "),
    "emphasis in emphasis": again("a**b"),
    "emphasis, nested": nested("*a ", "b", " c*"),
    "emphasis, triple": again("***a** b "),
    "emphasis and underscores": again("_*"),
    "emphasis, thirds": again("**x *b **x *b* "),
    "strikethrough": again("~~a "),
    "code spans": again("`a` "),
    "code, longer and longer": rising("`"),
    "code and less than": rising("`", "<a "),
    "fences": again("```\n"),
    "fences, longer": rising("`", "\n"),
    "fence, never closed": again("a\n", "```\n"),
    "fences of both kinds": again("```\n~~~\n"),
    "formulas": again("$a$ "),
    "formulas opened": again("$a "),
    "formulas, display": again("$$a "),
    "formulas in braces": again("${a} "),
    "autolinks": again("<https://a.org/{}> "),
    "autolinks opened": again("<https://a.org/"),
    "autolinks, bare": again("http://a.org/(("),
    "autolinks and stars": again("https://a.org/*_"),
    "HTML, opened": again("<a "),
    "HTML, attributes": again("<a b=c "),
    "HTML, quoted attribute": again('<a b="'),
    "HTML, inline": again("a <b>b</b> "),
    "HTML, inline never closed": again("a <b>"),
    "HTML, inline links": again('a <a href="b">'),
    "HTML, inline hidden": again("a <span hidden> "),
    "HTML, inline svg": again("a <svg> "),
    "HTML, ends": again("a </b>"),
    "HTML, block ends": again("a </div>"),
    "HTML, small": again("a <small>"),
    "HTML, blocks": again("<div>\n\n"),
    "HTML, blocks with text": again("<div>\n\na\n\n"),
    "HTML, blocks and ends": nested("<div>\n\n", "a\n\n", "</div>\n\n"),
    "HTML, one block": again("<div>\n"),
    "HTML, details": again("<details>\n\na\n\n"),
    "HTML, details and ends": halves("<details>\n\na\n\n", "</summary>\n\na\n\n"),
    "HTML, scripts": again("<script>\n\n"),
    "HTML, scripts closed": again("<script>\n\n</script>\n\n"),
    "HTML, styles": again("<style>\n\n<script>\n\n"),
    "HTML, raw of every kind": again("<title>\n\n<xmp>\n\n<iframe>\n\n"),
    "HTML, comments": again("<!-- "),
    "HTML, comments closed": again("<!-- a --> "),
    "HTML, comment blocks": again("<!-- a -->\n\n"),
    "HTML, comment with dashes": again("-", "<!--"),
    "HTML, declarations": again("<!A "),
    "HTML, CDATA": again("<![CDATA["),
    "HTML, instructions": again("<?a "),
    "HTML, instructions inline": again("a <?php b ?> "),
    "HTML, indented": again("     <div>\n"),
    "HTML, indented more": staircase(" ", "<p>\n"),
    "HTML, indented in lists": again("- a\n\n      <div>\n\n"),
    "HTML in quotes": again("> <div>\n"),
    "HTML in deep quotes": staircase(">", "<div>\n"),
    "tables": again("| a | b |\n", "| a | b |\n|---|---|\n"),
    "tables, many": again("| a | b |\n|---|---|\n| c | d |\n\n"),
    "table, columns": lambda n: "|a" * (n // 6) + "|\n" + "|-" * (n // 6) + "|\n" + "|b" * (n // 6) + "|\n",
    "table, ragged": lambda n: "|a" * (size := int(n**0.5)) + "|\n" + "|-" * size + "|\n" + "|b\n" * (n // 3),
    "tables, ragged": again("|a" * 50 + "|\n" + "|-" * 50 + "|\n" + "|b\n" * 300 + "\n"),
    "table, heads only": again("a|\n-|\n"),
    "table, columns and claims": lambda n: (
        "|a" * (size := n // 30) + "|\n" + "|-" * size + "|\n" + "|cures cancer" * size + "|\n"
    ),
    "table, pipes": again("|", "a|b\n-|-\n"),
    "list in list": staircase("  ", "- a\n"),
    "lists on one line": again("- "),
    "lists of both kinds": again("- 1. "),
    "lists and quotes": again("- > "),
    "list, blank lines": again("- a\n\n\n"),
    "list, lazy": again("a\n", "- a\n"),
    "lists, many": again("- a\n\n<!-- -->\n\n"),
    "definitions": again("a\n: b\n\n"),
    "definitions, many": again(": b\n", "a\n"),
    "indented code": again("    a\n"),
    "heading attributes": again("# a {#b{} .c}\n\n"),
    "heading, never ended": again("a {", "# "),
    "admonitions": again("!!! note\n    a\n\n"),
    "admonitions, deep": staircase("    ", "!!! note\n"),
    "colons, nested": again("::: note\n"),
    "colons, nested and closed": nested("::: note\n", "a\n", ":::\n"),
    "colons and spaces": again(" ", ":::", "!"),
    "colons, a title with colons": again(" :", "::: note a", "b"),
    "fence of Windows": again("`", "", "\r\na\r\n"),
    "colons with text": again("::: note\n\na\n\n"),
    "colons with attributes": again("a=", ":::note{", "}\n"),
    "alerts": again("> [!NOTE]\n> a\n\n"),
    "attribute lists": again("{: .a }\n"),
    "attribute lists opened": again("{: .a "),
    "attribute of width": again("{width="),
    "reference comments": again("[//]: # (a)\n"),
    "reference comments, suppressions": again("[//]: # (healthlint-disable-next-line)\n"),
    "reference comments opened": again("[//]: # ("),
    "wiki links": again("[[a]] "),
    "superscripts": again("a<sup>[1](#a)</sup> "),
    "money": again("$5 $6 "),
    "task lists": again("- [ ] a\n"),
    "underlined more and more": again("a\n", "", "===\n"),
    "html entities in titles": again("&amp;", '[a](b "', '")'),
}

MDX: Mapping[str, Text] = {
    **MARKDOWN,
    "braces opened": again("{a "),
    "braces nested": nested("{", "a", "}"),
    "braces closed": again("{a} "),
    "brace strings": again('{" "}'),
    "brace comments": again("{/* a */}"),
    "brace comments opened": again("{/* "),
    "templates opened": again("{`"),
    "templates nested": nested("{`${", "a", "}`}"),
    "quotes in braces": again("{'"),
    "elements": again("<A>\n\na\n\n"),
    "elements nested": nested("<A>\n\n", "a\n\n", "</A>\n\n"),
    "elements nested on a line": nested("<A>", "a", "</A>"),
    "elements never closed": halves("<A>\n", "</B>\n"),
    "elements indented": staircase("  ", "<A>\n"),
    "fragments": again("<>"),
    "fragments closed": nested("<>", "a", "</>"),
    "attributes": again(" a=b", "<A"),
    "attributes in braces": again(" a={b}", "<A", ">"),
    "attributes in quotes": again(' a="b"', "<A", " />"),
    "attributes opened": again("<A b={"),
    "attributes quoted and opened": again('<A b="'),
    "attributes, names": again(" a{}", "<A", ">"),
    "spread": again(" {...a}", "<A", ">"),
    "hidden elements": again("<A hidden>"),
    "braces with escaped quotes": again('\\"', '{"'),
    "imports": again("import a from 'b'\n"),
    "imports never ended": again("import {\n"),
    "import on one line": again("a,", "import {"),
    "exports": again("export const a{} = 1\n"),
    "exports nested": nested("{a:", "1", "}", "export const metadata = "),
    "exports of metadata": again('a{}: "b", ', "export const metadata = {", "}\n"),
    "exports, strings": again('"a" + ', "export const title = ", '"b"\n'),
    "exports never closed": again("export const a = {\n"),
    "exports, templates": again("export const a = `\n"),
    "labels": again('<A title="Tea cures cancer" />\n'),
    "label, entities": again("&amp;", '<A title="', '" />'),
    "ends": again("</A>"),
    "less than and spaces": again("< "),
    "generic": again("a<b"),
}

HTML: Mapping[str, Text] = {
    "tags": again("<b>"),
    "tags closed": nested("<div>", "a", "</div>"),
    "tags, never closed": again("<div>a"),
    "tags, text between": again("<b>a "),
    "tags opened": again("<a "),
    "tags, ends only": again("</b>"),
    "tags, other ends": halves("<b>", "</i>"),
    "tags, every second end": again("<b><i></b>"),
    "tags, two kinds": again("<b>a<i>b</b>c</i>"),
    "tags, ends without names": again("</>"),
    "paragraphs": again("<p>a"),
    "paragraphs in inline": again("<p><b>"),
    "paragraphs in links": again('<a href="b"><p>a'),
    "paragraphs, ends": again("</p>"),
    "paragraphs in buttons": again("<button><p>"),
    "adoption": again("<a><p></a>"),
    "adoption of many": halves("<b>", "<p>a</b>"),
    "adoption, eight": again("<b><i><u><s><em><font><big><tt><p></b>a"),
    "list items": again("<li>a"),
    "lists": again("<ul><li>a"),
    "lists closed": nested("<ul><li>", "a", "</li></ul>"),
    "definitions": again("<dl><dt>a<dd>b"),
    "options": again("<select><option>"),
    "tables": again("<table><tr><td>a"),
    "tables closed": nested("<table><tr><td>", "a", "</td></tr></table>"),
    "rows": again("<tr><td>a<td>b", "<table>"),
    "cells": again("<td>a", "<table><tr>"),
    "cells, claims": again("<td>cures cancer", "<table><tr>"),
    "cells, spans": again("<td colspan=1000 rowspan=1000>a", "<table><tr>"),
    "text in tables": again("<table>a"),
    "attributes": again(" a=b", "<p", ">a"),
    "attributes, different": again(" a{}=b", "<p", ">a"),
    "attributes, no values": again(" a", "<p", ">"),
    "attributes, slashes": again("/", "<p ", ">"),
    "attribute, long": again("a ", '<p title="', '">b'),
    "attribute, never closed": again('<p title="a '),
    "attribute of style": again("display:", '<p style="', '">a'),
    "attribute of class": again("a ", '<div class="', '">a'),
    "attributes of style": again('<p style="display:none">a'),
    "attributes of class": again('<div class="author">Jo'),
    "itemprops": again('<span itemprop="author">Jo '),
    "titles": again('<img title="Tea cures cancer" alt="Tea">'),
    "labels": again('<p aria-label="Tea cures cancer">'),
    "describedby": again('<p id="a{}" aria-describedby="a{}">a'),
    "links": again('<a href="b">a</a> '),
    "links in links": again('<a href="b">a'),
    "comments": again("<!-- "),
    "comments closed": again("<!-- a -->"),
    "comments ended with a bang": again("<!--a--!>"),
    "comments, dashes": again("-", "<!--"),
    "comments, bangs": again("<!--!>"),
    "comments, conditional": again("<!--[if IE]>"),
    "declarations": again("<!A "),
    "CDATA": again("<![CDATA["),
    "CDATA in svg": again("<svg><![CDATA[a]]>"),
    "instructions": again("<?a "),
    "instructions closed": again("<?a ?>"),
    "doctypes": again("<!DOCTYPE html>"),
    "scripts": again("<script>a</script>"),
    "scripts opened": again("<script>"),
    "script comments": again("<!--<script>", "<script>"),
    "script of less than": again("<", "<script>"),
    "script of ends": again("</scrip", "<script>"),
    "styles": again("<style>a</style>"),
    "textareas": again("<textarea>"),
    "titles opened": again("<title>a"),
    "titles closed": again("<title>a</title>"),
    "templates": again("<template>"),
    "noscript": again("<noscript>a"),
    "svg": again("<svg><g>"),
    "svg and math": again("<svg><math><mi>"),
    "plaintext": again("<b>", "<plaintext>"),
    "bodies": again("<body a=b>"),
    "frames": again("<iframe>"),
    "headings": again("<h1>a</h1>"),
    "headings opened": again("<h1>a<h2>b"),
    "sections": again("<section><h2>a</h2>"),
    "sections closed": nested("<section><h2>a</h2>", "a", "</section>"),
    "mains": again("<main>a"),
    "articles": again("<article><p>a"),
    "articles closed": again("<article><p>Tea cures cancer.</p></article>"),
    "navs": again("<nav><a href=b>a</a>"),
    "asides": again("<aside>a"),
    "headers": again("<header>a<footer>b"),
    "footers": again("<footer>a</footer>"),
    "divs of links": again('<div><a href="b">a</a></div>'),
    "divs of links, deep": again('<div><a href="b">a</a>'),
    "forms": again("<form><input>"),
    "details": again("<details><summary>a"),
    "figures": again("<figure><figcaption>a"),
    "quotations": again("<blockquote>a"),
    "small": again("<small>a"),
    "superscripts": again('a<sup><a href="#b">1</a></sup>'),
    "superscripts opened": again("a<sup>1"),
    "superscript, long": again("1 ", "a<sup>", "</sup>"),
    "ruby": again("<ruby>a<rt>b"),
    "breaks": again("a<br>"),
    "breaks and bullets": again("• a<br>"),
    "references": again('<a href="#n{}">{}</a><p id="n{}">b</p>'),
    "footnotes": again('<li id="fn{}" role="doc-endnote">a <a href="#r{}">b</a></li>', "<ol>"),
    "meta": again('<meta name="a{}" content="b">'),
    "meta authors": again('<meta name="author" content="Jo{}">'),
    "meta titles": again('<meta property="og:title" content="Tea cures cancer">'),
    "meta authors and sites": again(
        '<meta name="author" content="Jo {}"><meta property="og:site_name" content="a{}">'
    ),
    "meta refresh": again('<meta http-equiv="refresh" content="0">'),
    "hidden": again("<p hidden>a"),
    "hidden, deep": again("<div hidden>a"),
    "hidden by comment": again("<div aria-hidden=true>a"),
    "entities": again("&lt;&#x63;&NotAnEntity;"),
    "entity, long": again("a", "&"),
    "entity, digits": again("1", "&#"),
    "JSON-LD": again('<script type="application/ld+json">{"@type": "Article"}</script>'),
    "JSON-LD, deep": nested('{"a":', "1", "}", '<script type="application/ld+json">'),
    "JSON-LD, lists": nested("[", "1", "]", '<script type="application/ld+json">'),
    "JSON-LD, keys": again('"a{}":1,', '<script type="application/ld+json">{', '"b":1}</script>'),
    "JSON-LD, same key": again('"name":"a",', '<script type="application/ld+json">{', '"b":1}</script>'),
    "JSON-LD, graph": again(
        '{"@type":"Article","headline":"Tea cures cancer"},',
        '<script type="application/ld+json">{"@graph":[',
        "1]}</script>",
    ),
    "JSON-LD, authors": again(
        '{"@type":"Person","name":"Jo"},',
        '<script type="application/ld+json">{"@type":"Article","author":[',
        "1]}</script>",
    ),
    "JSON-LD, long text": again("\\n", '<script type="application/ld+json">{"headline":"', '"}</script>'),
    "JSON-LD, digits": again("1", '<script type="application/ld+json">{"a":', "}</script>"),
    "JSON-LD, broken": again('<script type="application/ld+json">{"a":</script>'),
    "JSON-LD, articles": again(
        '<script type="application/ld+json">{"@type":"Article","author":{"name":"Jo"}}</script>'
    ),
    "JSON-LD, questions": again(
        '{"@type":"Question","name":"Does tea cure cancer?","acceptedAnswer":{"text":"Yes"}},',
        '<script type="application/ld+json">{"@type":"FAQPage","mainEntity":[',
        "1]}</script>",
    ),
    "bylines": again('<p class="byline">By Jo Lee'),
    "bylines, long": again("Jo ", '<p class="byline">By '),
    "times": again("<time datetime=2024-05-01>1 May</time>"),
    "addresses": again("<address>Jo"),
    "server includes": again('<!--#include virtual="a" -->'),
    "PHP": again("<?php a ?>b"),
    "PHP opened": again("<?php a "),
    "PHP includes": again("<?php include 'a.php'; ?>"),
    "PHP quotes": again("<?php '"),
    "PHP comments": again("<?php /* "),
    "PHP heredocs": again("<?php <<<A\n"),
    "carriage returns": again("a\r"),
    "less than": again("a < b "),
    "words cut": again("c<b>u</b>re "),
    "custom elements": again("<x-a{}>a"),
    "long names": again("a", "<"),
    "long end": again("a", "</"),
}

RST: Mapping[str, Text] = {
    "sections": again("Tea\n===\n\na\n\n"),
    "sections, overlined": again("===\nTea\n===\n\na\n\n"),
    "sections, marks": again("a\n=\n\nb\n-\n\nc\n~\n\nd\n^\n\n"),
    "underlines": again("=\n"),
    "underline": again("=", "Tea\n"),
    "directives": again(".. note:: a\n\n"),
    "directives, bodies": again(".. note::\n\n   a\n\n"),
    "directives, deep": staircase("   ", ".. note::\n\n"),
    "directives, options": again("   :a{}: b\n", ".. image:: c\n"),
    "directives, unknown": again(".. a{}:: b\n\n"),
    "directive, arguments": again("a ", ".. note:: "),
    "include": again(".. include:: a{}.rst\n\n"),
    "raw": again(".. raw:: html\n\n   <p>a\n\n"),
    "raw, one": again("   <b>\n", ".. raw:: html\n\n"),
    "comments": again(".. a\n\n"),
    "comment, one": again("   a\n", "..\n"),
    "comments, deep": staircase(" ", ".. \n"),
    "substitutions": again(".. |a{}| replace:: b\n\n"),
    "substitutions used": halves("|a{}| ", ".. |a{}| replace:: b\n", between="\n\n"),
    "substitutions, each other": again(".. |a{}| replace:: |a{}|\n\n"),
    "substitutions opened": again("|a "),
    "substitutions growing": lambda n: (
        "".join(f".. |a{i}| replace:: |a{i + 1}| |a{i + 1}|\n" for i in range(n // 40)) + "\n|a0|\n"
    ),
    "emphasis": again("*a* "),
    "emphasis opened": again("*a "),
    "strong": again("**a** "),
    "strong opened": again("**a "),
    "literals": again("``a`` "),
    "literals opened": again("``a "),
    "roles": again(":a:`b` "),
    "roles opened": again(":a:`b "),
    "role marks": again(":a:"),
    "backquotes": again("`a "),
    "backquotes, closed": again("`a`_ "),
    "backquotes, embedded": again("`a <b>`_ "),
    "backquotes, embedded opened": again("`a <b "),
    "targets": again(".. _a{}: https://b.org\n"),
    "targets used": halves("`a{}`_ ", ".. _a{}: https://b.org\n", between="\n\n"),
    "targets chained": again(".. _a{}: a{}_\n"),
    "targets, indirect": lambda n: (
        "".join(f".. _a{i}: a{i + 1}_\n" for i in range(n // 20)) + "\n".join(["", "a0_ "])
    ),
    "targets, anonymous": halves("`a`__ ", "__ https://b.org\n", between="\n\n"),
    "targets, internal": again("_`a{}` "),
    "underscored words": again("a_ "),
    "underscored twice": again("a__ "),
    "footnotes": again(".. [{}] a\n"),
    "footnotes used": halves("a [{}]_ ", ".. [{}] b\n", between="\n\n"),
    "footnotes, automatic": halves("a [#]_ ", ".. [#] b\n", between="\n\n"),
    "citations": halves("a [b{}]_ ", ".. [b{}] c\n", between="\n\n"),
    "grid tables": again("+-+-+\n|a|b|\n+-+-+\n\n"),
    "grid table, rows": again("|a|b|\n+-+-+\n", "+-+-+\n"),
    "grid table, columns": lambda n: (line := "+-" * (n // 6) + "+\n") + "|a" * (n // 6) + "|\n" + line,
    "grid table, square": lambda n: (
        (line := "+-" * int((n / 4) ** 0.5) + "+\n")
        + ("|a" * int((n / 4) ** 0.5) + "|\n" + line) * int((n / 4) ** 0.5)
    ),
    "grid table, one cell": lambda n: (
        (line := "+" + "-" * (size := int(n**0.5)) + "+\n") + ("|" + "a" * size + "|\n") * size + line
    ),
    "grid table, crosses": again("+", "", "\n"),
    "grid table, spans": lambda n: (
        (line := "+" + "-" * (size := int(n**0.5)) + "+\n")
        + "".join("|" + "-" * at + "+" + "-" * (size - at - 1) + "|\n" for at in range(1, size - 1))
        + line
    ),
    "grid tables opened": again("+-+\n"),
    "simple tables": again("= =\na b\n= =\n\n"),
    "simple table, rows": again("a b\n", "= =\n", "= =\n"),
    "simple table, columns": lambda n: (line := "= " * (n // 6) + "\n") + "a " * (n // 6) + "\n" + line,
    "simple table, square": lambda n: (
        (line := "= " * int((n / 2) ** 0.5) + "\n")
        + ("a " * int((n / 2) ** 0.5) + "\n") * int((n / 2) ** 0.5)
        + line
    ),
    "simple tables opened": again("= =\n\na b\n\n"),
    "csv tables": again("   a, b\n", ".. csv-table:: c\n\n"),
    "csv quotes": again('   "a\n', ".. csv-table:: c\n\n"),
    "list tables": again("   * - a\n     - b\n", ".. list-table:: c\n\n"),
    "bullets, deep": staircase("  ", "* a\n\n"),
    "bullets, one line": again("* "),
    "numbers": again("#. a\n"),
    "numbers, Roman": again("iv. a\n"),
    "definitions": again("a\n  b\n"),
    "definition with spaces": again(" ", "a", "b\n  c\n"),
    "definitions, deep": staircase(" ", "a\n"),
    "definitions, classifiers": again(" : b", "a", "\n  c\n"),
    "fields": again(":a{}: b\n"),
    "fields, opened": again(":a"),
    "field, long": again("  a\n", ":a: b\n"),
    "options": again("-a  b\n"),
    "options, long": again("--a{}=b, ", "", "  c\n"),
    "line blocks": again("| a\n"),
    "line blocks, deep": staircase(" ", "| a\n"),
    "doctests": again(">>> a\n"),
    "literal blocks": again("a::\n\n  b\n\n"),
    "literal block, one": again("  a\n", "a::\n\n"),
    "quotations": again("a\n\n  b\n\n"),
    "quotations, in and out": lambda n: staircase(" ", "a\n\n")(n // 2) + "a\n\n" * (n // 6),
    "attributions": again("  a\n\n  -- b\n\n"),
    "meta": again("   :a{}: b\n", ".. meta::\n"),
    "only": again(".. only:: html\n\n   a\n\n"),
    "suppressions": again(".. healthlint-disable-next-line cure-claim -- why\n\n" + CLAIM + "\n\n"),
    "escaped": again("\\*"),
    "standalone": again("http://a.org/{} "),
    "PEP": again("PEP 8 "),
    "transitions": again("a\n\n----\n\n"),
    "contents": again(".. contents::\n\n"),
    "epigraphs": again(".. epigraph::\n\n   a\n\n   -- b\n\n"),
    "containers": again(".. container:: a\n\n   b\n\n"),
}

TEXT: Mapping[str, Text] = {
    "headings in capitals": again("TEA AND CANCER\n\na\n\n"),
    "headings underlined": again("Tea\n===\n\n"),
    "sections of references": again("References\n\n1. a\n\n"),
    "heading with spaces": again(" ", "# a", "b"),
    "digit with spaces": again(" ", "1", "x"),
    "indented": staircase(" ", "a\n\n"),
    "tables by tabs": again("a\tb\n"),
    "mail quotes": again("> > a\n"),
    "boxes": again("+---+\n|a|\n"),
}

FORMATS: Mapping[str, Mapping[str, Text]] = {
    "markdown": {**PLAIN, **MARKDOWN},
    "mdx": {**PLAIN, **MDX},
    "html": {**PLAIN, **HTML},
    "rst": {**PLAIN, **RST},
    "text": {**PLAIN, **TEXT},
}

# --- what is not text --------------------------------------------------------------------------------------

Action = Callable[[int], Callable[[], object]]
"""What is made ready for a length, and then measured."""


def linted(language: str, text: Text) -> Action:
    """A text is checked."""

    def made(n: int) -> Callable[[], object]:
        source = text(n)
        return lambda: healthlint.lint_text(source, format=language)

    return made


def reported(name: str, text: Text) -> Action:
    """A report on a text is written in a format."""

    def made(n: int) -> Callable[[], object]:
        report = healthlint.lint_text(text(n), format="markdown")
        return lambda: report.to(name)

    return made


def found(source: Text) -> Action:
    """A phrase as long as one can be is looked for in a text that has nothing but its words."""

    def made(n: int) -> Callable[[], object]:
        phrases = PhraseSet([phrase(source(LONGEST // 2), Inflector())])
        words = phrases.phrases[0].source.translate(_NO_MARKS).split()
        text = (" ".join(words) + " ") * (n // sum(len(word) + 1 for word in words) + 1)
        document = read_text(text, format="text")
        return lambda: list(Page(document, Vocabulary()).found(phrases))

    return made


_NO_MARKS = str.maketrans("()[]|.", "      ")


def changed(lines: Text) -> Action:
    """A diff of a file is read, and asked whether the claims of a text stand in it."""

    def made(n: int) -> Callable[[], object]:
        document = read_text(lines(n), path="a.md")
        violations = healthlint.lint_text(document.source, path="a.md").violations
        count = document.source.count("\n")
        patch = b"diff --git a b\n" + b"".join(b"@@ -%d +%d @@\n" % (at, at) for at in range(1, count, 2))

        def touched() -> None:
            changes = Changes({str(Path("a.md").resolve()): next(iter(patches(patch)))})
            list(map(changes.touched(document), violations))

        return touched

    return made


def rewritten(text: Text) -> Action:
    """What is found in a file is set right."""

    def made(n: int) -> Callable[[], object]:
        with tempfile.NamedTemporaryFile("w", suffix=".md", delete=False, encoding="utf-8") as file:
            file.write(text(n))
        linters = builtin()
        report = report_of(unread_of([Path(file.name)]), linters)
        return lambda: list(fixes(report, linters))

    return made


OTHERS: Mapping[str, Action] = {
    "phrase: alternatives": found(again("b{}|", "a (", "c)")),
    "phrase: alternatives of two words": found(again("b{} c|", "a (", "c d)")),
    "phrase: optional words": found(again("[b{}] ", "a ", "c")),
    "phrase: choices of optional words": found(again("([b]|[c]) ", "a ", "d")),
    "phrase: gaps": found(again("... b ", "a ", "c")),
    "phrase: optional gaps": found(again("[... b] ", "a ", "c")),
    "phrase: words": found(again("b{} ", "a ", "c")),
    "diff: every second line": changed(again(CLAIM + "\n\n")),
    "fix: words with one right rewrite": rewritten(again("He committed suicide.\n\n")),
    **{
        f"report: {name}, claims": reported(name, again(CLAIM + "\n\n"))
        for name in ("text", "json", "sarif", "html", "junit", "rdjson")
    },
    "report: text, claims on one line": reported("text", again(CLAIM)),
    "report: json, claims on one line": reported("json", again(CLAIM)),
}

ATTACKS: Mapping[str, Action] = {
    **{
        f"{language}: {name}": linted(language, text)
        for language, texts in FORMATS.items()
        for name, text in texts.items()
    },
    **OTHERS,
}

# --- measuring ---------------------------------------------------------------------------------------------


class Measured(NamedTuple):
    """What an attack cost at one length."""

    length: int
    seconds: float
    """Of CPU."""
    memory: int
    """By how many bytes the process grew."""


def measured(action: Action, lengths: Iterable[int] = LENGTHS) -> list[Measured]:
    """What an attack costs at rising lengths, until one takes `ENOUGH`, or far more to be made ready."""
    held = _held()
    taken: list[Measured] = []
    for length in lengths:
        started = time.process_time()
        act = action(length)
        began = time.process_time()
        act()
        ended = time.process_time()
        taken.append(Measured(length, ended - began, _held() - held))
        if ended - began > ENOUGH or began - started > 5 * ENOUGH:
            break
    return taken


def _held() -> int:
    """The most bytes that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def growth(taken: Sequence[Measured]) -> float:
    """How many times as long the last took as the one before it."""
    return taken[-1].seconds / taken[-2].seconds if len(taken) > 1 else 0.0


def is_linear(taken: Sequence[Measured]) -> bool:
    """Whether twice the length took about twice the time, or no time worth the name."""
    # What is over at once says nothing: the report on an empty article takes as long.
    return taken[-1].seconds <= ENOUGH / 4 or (len(taken) > 1 and growth(taken) <= WORST)


def apart(name: str) -> list[Measured]:
    """What the attack `name` costs, measured in a process of its own, which has loaded what it needs."""
    read, write = os.pipe()
    process = os.fork()
    if not process:
        with os.fdopen(write, "wb") as pipe:
            pickle.dump(measured(ATTACKS[name]), pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        taken: list[Measured] = pickle.load(pipe)
    os.waitpid(process, 0)
    return taken


def rows(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """A row of the table for each attack."""
    for name in names:
        taken = apart(name)
        if not is_linear(taken):  # once more, in case the machine was disturbed
            taken = min(taken, apart(name), key=growth)
        last, ratio = taken[-1], growth(taken)
        yield (
            name,
            f"{last.length:,}",
            f"{last.seconds:.2f}",
            f"{1e6 * last.seconds / last.length:.2f}",
            f"{ratio:.2f}",
            f"{last.memory / last.length:.0f}",
            "yes" if is_linear(taken) else "**no**",
        )


def main() -> None:
    """Measure the attacks whose names hold one of the words given, or all."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    names = [name for name in ATTACKS if not words or any(word in name for word in words)]
    for language in FORMATS:
        healthlint.lint_text("Tea *cures* [gout](https://a.org).\n\n<div>a</div>\n", format=language)
    head = (
        "attack",
        "characters",
        "CPU s",
        "µs a character",
        "to half the length",
        "bytes a character",
        "linear",
    )
    measured_rows = []
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head), flush=True)
    for row in rows(names):
        measured_rows.append(row)
        print("| " + " | ".join(row) + " |", flush=True)
    slow = [row for row in measured_rows if row[-1] != "yes"]
    print(f"\n{len(measured_rows)} attacks, {len(slow)} of them not linear.")
    if "--write" in sys.argv:
        worst = sorted(measured_rows, key=lambda row: -float(row[3]))[:SHOWN]
        text = PAGE.read_text(encoding="utf-8")
        lines = [
            f"{len(measured_rows)} attacks, {len(slow)} of them not linear; {machine()}. The {len(worst)} that cost most:",
            "",
            *table(head, worst),
        ]
        PAGE.write_text(between(text, "attacks", lines), encoding="utf-8")
    sys.exit(bool(slow))


if __name__ == "__main__":
    main()
