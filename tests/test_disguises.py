"""A claim stays found, at its exact place, however its characters are written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readercontract import holds

from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.readers.disguise import CLAIMED
from healthlint.rule import Rule
from healthlint.rulebook import BUILTIN

CLAIM = "has no side effects"
"""The rule no-side-effects reports the last three words of it."""
FOUND = "no side effects"

LETTER = {
    "markdown": ["{0}", "&#{1};", "&#x{1:x};", "**{0}**", "{0}\u00ad", "{0}\u200b", "<b>{0}</b>"],
    "html": [
        "{0}",
        "&#{1};",
        "&#x{1:X};",
        "<b>{0}</b>",
        "{0}&shy;",
        "{0}\u2060",
        "<!-- x -->{0}",
        "<i class='no'>{0}</i>",
    ],
    "mdx": ["{0}", "&#{1};", "**{0}**", "{0}\u00ad", "<b>{0}</b>"],
    "rst": ["{0}", "{0}\u00ad", "{0}\u200b"],
    "text": ["{0}", "{0}\u00ad", "{0}\u200b"],
}
SPACE = {
    "markdown": [" ", "\n", "\r\n", "&nbsp;", "\u00a0", "  \n", "<br>", "\u2009"],
    "html": [" ", "\n  ", "\r\n", "&nbsp;", "\u00a0", "<br>", " <span> ", "&#32;"],
    "mdx": [" ", "\n", "&nbsp;", "\u00a0"],
    "rst": [" ", "\n", "\r\n", "\u00a0"],
    "text": [" ", "\n", "\r\n", "\u00a0"],
}
BEFORE = ["", "Zoë’s 🌿 tea: naïve, e\u0301lan. ", "שלום 𝒜𝓁𝑙 ", "Good &amp; bad. "]


@pytest.fixture(scope="module")
def linter(rules: list[Rule]) -> Linter:
    return Linter([rule for rule in rules if rule.id == "no-side-effects"])


@pytest.mark.parametrize("format", LETTER)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_disguised_claim_is_found_where_it_is(format: str, linter: Linter, data: st.DataObject) -> None:
    written, start = "", 0
    for at, character in enumerate(CLAIM):
        if at == CLAIM.index(FOUND):
            start = len(written)
        if character == " ":
            written += data.draw(st.sampled_from(SPACE[format]))
        else:
            # a tag or mark may split a word anywhere, but two marks in a row would mean something else
            shape = data.draw(st.sampled_from(LETTER[format]))
            if "**" in shape and (
                written.endswith("**") or not CLAIM[at - 1].isalpha() or at == len(CLAIM) - 1
            ):
                shape = "{0}"
            written += shape.format(character, ord(character))
    before = data.draw(st.sampled_from(BEFORE))
    text = f"{before}Our balm {written} at all."
    source = f"<p>{text}</p>" if format == "html" else text
    (violation,) = linter.lint(read_text(source, format=format))
    shift = source.index(written)
    said = violation.text
    assert said == source[violation.span.start : violation.span.end]
    # Marks around the first and the last letter may lie inside or outside of what is reported.
    assert shift + start <= violation.span.start <= shift + start + len("<!-- x --><i class='no'>")
    assert violation.span.end <= shift + len(written)
    assert said[0] in "n&" and said[-1] in "s;"  # noqa: PT018


@pytest.mark.parametrize(
    ("format", "source", "said"),
    [
        ("markdown", "It has no\nside **eff**ects.", "no\nside **eff**ects"),
        (
            "markdown",
            "- It has [no side](http://x.org/no-side-effects) effects.",
            "no side](http://x.org/no-side-effects) effects",
        ),
        ("markdown", "| a |\n| --- |\n| It has no side&nbsp;effects |", "no side&nbsp;effects"),
        ("markdown", "> It has no\n> side effects.", "no\n> side effects"),
        ("html", "<p>It has <em>n</em>o side\r\n  effe&#99;ts.</p>", "n</em>o side\r\n  effe&#99;ts"),
        ("mdx", "<Note>\n  It has no {/* really */} side effects.\n</Note>", None),
        ("rst", "It has *no side*\neffects.", "no side*\neffects"),
        ("text", "• It has no\n  side effects.", "no\n  side effects"),
    ],
)
def test_exact_places(format: str, source: str, said: str | None, linter: Linter) -> None:
    found = [violation.text for violation in linter.lint(read_text(source, format=format))]
    assert found == ([said] if said else ["no {/* really */} side effects"])


# --- words in disguise -----------------------------------------------------------------------------------

PLAIN = "cures"
WORDS = {
    "several alphabets": "\u0441\u057d\u0433\u0435\u0455",
    "one Cyrillic letter": "cur\u0435s",
    "one Greek letter": "c\u03c5res",
    "Armenian": "c\u057dres",
    "Cherokee": "\u13dfures",
    "full width": "ｃｕｒｅｓ",
    "bold mathematical": "𝐜𝐮𝐫𝐞𝐬",
    "script mathematical": "𝒸𝓊𝓇ℯ𝓈",
    "small capitals": "ᴄᴜʀᴇꜱ",
    "circled": "ⓒⓤⓡⓔⓢ",
    "circled black": "🅒🅤🅡🅔🅢",
    "squared": "🅲🆄🆁🅴🆂",
    "zero-width space": "cu\u200bres",
    "zero-width joiner": "c\u200dures",
    "word joiner": "cure\u2060s",
    "byte-order mark": "cu\ufeffres",
    "combining joiner": "cu\u034fres",
    "tag character": "cu\U000e0041res",
    "variation selector": "cu\ufe0fres",
    "mark of direction": "cu\u200fres",
    "many soft hyphens": "c\u00adu\u00adr\u00ade\u00ads",
    "struck through": "c\u0336u\u0336r\u0336e\u0336s\u0336",
    "accents": "c\u00fcr\u00e9s",
    "letters set apart": "c u r e s",
    "hyphens between letters": "c-u-r-e-s",
    "points between letters": "c.u.r.e.s",
    "digit": "cur3s",
    "sign": "cure$",
    "emoji": "cu🌿res",
    "reference written twice": "c&amp;#117;res",
    "written thrice, hexadecimal": "c&amp;amp;#x75;res",
    "override": "\u202eseruc\u202c",
}
"""The word of the claim, disguised."""
REFERENCES = {
    "decimal": "c&#117;res",
    "hexadecimal": "c&#x75;res",
    "invisible": "cu&#8203;res",
    "named and invisible": "cu&zwnj;res",
    "soft hyphens": "c&shy;u&shy;res",
    "look-alike": "cur&#1077;s",
    "full width": "&#xFF43;ures",
}
"""Where references are markup; that of a tag character or of many zeros is the same."""
SHAPES = {
    "markdown": "Our balm {} gout at once.\n",
    "mdx": "<Note>\n\nOur balm {} gout at once.\n\n</Note>\n",
    "html": "<p>Our balm {} gout at once.</p>\n",
    "rst": "Our balm {} gout at once.\n",
    "text": "Our balm {} gout at once.\n",
}
TWO = ("cure-claim", "disguised-text", "hidden-claim")


@pytest.fixture(scope="module")
def both(rules: list[Rule]) -> Linter:
    return Linter([rule for rule in rules if rule.id in TWO])


def reported(linter: Linter, source: str, format: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for violation in linter.lint(read_text(source, format=format)):
        assert violation.text == source[violation.span.start : violation.span.end]
        found.setdefault(violation.rule, []).append(violation.text)
    return found


@pytest.mark.parametrize("format", SHAPES)
@pytest.mark.parametrize("how", WORDS)
def test_a_word_in_disguise_is_read_and_reported(how: str, format: str, both: Linter) -> None:
    source = SHAPES[format].format(WORDS[how])
    assert reported(both, source, format) == {
        "cure-claim": [f"{WORDS[how]} gout"],
        "disguised-text": [WORDS[how]],
    }


@pytest.mark.parametrize("format", ["markdown", "mdx", "html"])
@pytest.mark.parametrize("how", REFERENCES)
def test_references_hide_nothing(how: str, format: str, both: Linter) -> None:
    source = SHAPES[format].format(REFERENCES[how])
    assert reported(both, source, format) == {
        "cure-claim": [f"{REFERENCES[how]} gout"],
        "disguised-text": [REFERENCES[how]],
    }


@pytest.mark.parametrize("format", SHAPES)
@pytest.mark.parametrize(
    "claim",
    [
        "cures can-\ncer",
        "cures can\u00adcer",
        "cures 🌿 cancer",
        "cures🌿cancer",
        "cures\u00a0cancer",
        "cures cancer\u200b",
    ],
)
def test_what_honest_writers_do_is_read_and_not_reported(claim: str, format: str, both: Linter) -> None:
    source = SHAPES[format].replace(" gout", "").format(claim)
    assert reported(both, source, format) == {"cure-claim": [claim.removesuffix("\u200b")]}


HONEST = (
    "Carrots hold β-carotene, and TNFα, TGF-β, IFNγ, NFκB, PPARγ, αβ T cells and Δ9-THC are names.",
    "Take 5 µg, or 5 μg, in 10 μl; χ² and p̂ and x̄ and V̇O2max are signs.",
    "B12, H2O, CO2, A1c, 4U, COVID-19, Q10, 3rd, 1st, 5mg, 30mins, mp3, p53, CD4 and 0800 are no words.",
    "Zoë’s naïve café serves crème fraîche, pâté and jalapeños to Dvořák, Łukasz and Núñez.",
    "El cáncer y la diabetes; le traitement du médecin; der Arzt für Kühe.",
    "Лекарство значит лекарство, и рак тоже: сор, роса, сон, нос.",
    "θεραπεία, φάρμακο και υγεία.",
    "שלום\u200f וברכה (2024)\u200e, \u2067מרחבא\u2069 and \u202bعلاج\u202c.",
    "Doctors 👩\u200d⚕️ 👨\u200d👩\u200d👧 wave the flags 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f and 🇬🇧 ❤️.",
    "Hydroxy\u00adchloro\u00adquine and ibu\u00adprofen, hydroxy\u200bchloro\u200bquine.",
    "Temp\u00e9rature\u00a0: 38\u202f°C\u00a0!",
    "The beneﬁts and eﬀects were ﬁve.",
    "Know F A S T and S.M.A.R.T., i.e. the U.S.A. way, at 9 a.m. on plan A B or C D E.",
    "It is /ˈɡæstrɪk/, /ˈkænsə/, [kɪt]; yʊə ʃʊə.",
    "Ask at info@cure.example or @healer, or see www.heal.example/c4ncer.",
    "The 1ˢᵗ and 2ⁿᵈ, m², 10⁵, ½, ™, №, Ⅷ, ª and º.",
    "Salt &amp;amp; pepper, &amp;nbsp; and R&amp;D.",
    "It can raise the risk of over- and under-use, and is well-\nknown.",
    "Kanamalı, Utkat\u0301a and Ud\u0301d are names.",
)


@pytest.mark.parametrize("format", SHAPES)
@pytest.mark.parametrize("text", HONEST)
def test_honest_text_is_no_disguise(text: str, format: str, both: Linter) -> None:
    source = f"<p>{text}</p>" if format == "html" else text
    assert reported(both, source, format) == {}


@pytest.mark.parametrize("text", HONEST[:6])
def test_honest_text_stays_as_it_is(text: str) -> None:
    (block,) = read_text(text, format="text").blocks
    assert block.text == text.replace("’", "'")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Salt &amp;amp; pepper", "Salt & pepper"),
        ("a&amp;nbsp;&amp;nbsp; b &amp;shy; c&amp;shy;d &amp;nbsp;", "a b cd"),
        ("&amp;nbsp;a &amp;unknown; b", "a &unknown; b"),
    ],
)
def test_references_written_twice_by_mistake(written: str, read: str) -> None:
    (block,) = read_text(written, format="markdown").blocks
    assert block.text == read
    holds(read_text(f"<p>{written}</p>", format="html"))


def test_text_of_tag_characters_is_spelt_out(both: Linter) -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "it cures gout")
    source = f"Our balm is mild.{hidden} Try it."
    (violation,) = both.lint(read_text(source, format="markdown"))
    assert (violation.rule, violation.text) == ("disguised-text", hidden)
    assert "it cures gout" in violation.message


def test_links_stay_around_their_words() -> None:
    source = "Our [balm c u r e s](https://a.example) [ｇｏｕｔ now](https://b.example) and c4n[cer](https://c.example)."
    (block,) = read_text(source, format="markdown").blocks
    assert block.text == "Our balm cures gout now and cancer."
    assert [block.text[start:end] for start, end, _ in block.links] == ["balm cures", "gout now", "cer"]


def test_the_words_of_claims_are_words_of_rules() -> None:
    written = " ".join(path.read_text(encoding="utf-8") for path in BUILTIN.rglob("*.yaml"))
    assert CLAIMED - set(re.findall(r"[a-z]+|\d+", written.lower())) == frozenset()


@pytest.mark.parametrize("format", SHAPES)
@settings(max_examples=150, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                *WORDS.values(),
                *REFERENCES.values(),
                "&amp;nbsp;",
                "&amp;shy;",
                "&amp;quot;",
                "&amp;x;",
                *"cures gout<>*_-. \n&;#🌿\u202e\u202c\u200b\u0301",
            ]
        )
    )
)
def test_any_mixture_is_read(pieces: list[str], format: str) -> None:
    holds(read_text("".join(pieces), format=format))


# --- text that is not shown ------------------------------------------------------------------------------

STYLES = (
    "display:none",
    "color:red; DISPLAY : none",
    "visibility: hidden",
    "font-size:0",
    "font-size: 0px",
    "opacity:0",
    "opacity: 0.0; margin:1px",
    "position:absolute; left:-9999px",
    "text-indent:-10000px",
    "color:#fff; background:#ffffff",
    "background-color:white;color:rgb(255, 255, 255)",
)
JSX_STYLES = (
    "display: 'none'",
    "fontSize: 0",
    "opacity: 0",
    "left: '-9999px'",
    "color: '#fff', background: 'white'",
)
CLAIM_HERE = "Our balm cures gout."


def places(format: str, style: str) -> list[str]:
    """Texts with the claim in an element with this style."""
    block = f'<div style="{style}">{CLAIM_HERE}</div>'
    inline = f'It is mild <span style="{style}">{CLAIM_HERE}</span> indeed.'
    match format:
        case "html":
            return [
                f"<p>It is mild.</p>{block}<p>So it is.</p>",
                f"<p>{inline}</p>",
                f"<table><tr><td>Mild</td><td>{block}",
            ]
        case "markdown":
            return [
                f"It is mild.\n\n{block}\n\nSo it is.\n",
                f"{inline}\n",
                f'It is mild.\n\n<div style="{style}">\n\n{CLAIM_HERE}\n\n</div>\n\nSo it is.\n',
                f"- It is mild.\n\n  {block}\n",
                f"> {inline}\n",
            ]
        case "rst":
            indented = block.replace("\n", "\n   ")
            return [f"It is mild.\n\n.. raw:: html\n\n   {indented}\n\nSo it is.\n"]
    return [
        f"It is mild.\n\n<div style={{{{{style}}}}}>\n\n{CLAIM_HERE}\n\n</div>\n",
        f"It is mild <span style={{{{{style}}}}}>{CLAIM_HERE}</span> indeed.\n",
        f"It is mild.\n\n<div style={{{{{style}}}}}>{CLAIM_HERE}</div>\n",
    ]


@pytest.mark.parametrize(
    ("format", "style"),
    [
        *((language, style) for language in ("html", "markdown", "rst") for style in STYLES),
        *(("mdx", style) for style in JSX_STYLES),
    ],
)
def test_a_claim_that_is_not_shown_is_found_and_said_to_be_hidden(
    format: str, style: str, both: Linter
) -> None:
    for source in places(format, style):
        document = read_text(source, format=format)
        holds(document)
        assert "cures" not in " ".join(block.text for block in document.blocks)
        assert reported(both, source, format) == {
            "cure-claim": ["cures gout"],
            "hidden-claim": ["cures gout"],
        }, source


@pytest.mark.parametrize(
    "opening",
    [
        '<div class="tab-pane" style="display:none">',
        '<div class="accordion-body" hidden>',
        '<div role="tabpanel" hidden>',
        '<div x-show="open" style="display:none">',
        '<div aria-hidden="true">',
        '<a href="#more">More</a><div id="more" style="display:none">',
        "<button>Read on</button><div hidden>",
    ],
)
def test_what_opens_is_read_and_not_called_hidden(opening: str, both: Linter) -> None:
    source = f"<p>It is mild.</p>{opening}{CLAIM_HERE}</div>"
    assert reported(both, source, "html") == {"cure-claim": ["cures gout"]}


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="opacity:0; transform:translateY(9px)">{}</p>',
        '<p style="opacity:0.9">{}</p>',
        '<p style="font-size:0.9em">{}</p>',
        '<p style="color:#fff; background:#060">{}</p>',
        '<p style="color:white">{}</p>',
        '<p style="background:#fff">{}</p>',
        '<p style="left:-10px; text-indent:-2em">{}</p>',
        '<p style="background-color:inherit; color:inherit">{}</p>',
    ],
)
def test_what_is_shown_is_the_article(shown: str, both: Linter) -> None:
    source = shown.format(CLAIM_HERE)
    assert read_text(source, format="html").hidden == ()
    assert reported(both, source, "html") == {"cure-claim": ["cures gout"]}


@pytest.mark.parametrize(
    "unread",
    [
        "<script>say('{}')</script>",
        "<template><p>{}</p></template>",
        "<style>p::after {{ content: '{}' }}</style>",
        '<template><p style="display:none">{}</p></template>',
        '<nav style="display:none"><a href="/a">{}</a></nav>',
        '<div class="site-footer" style="display:none">{}</div>',
        "<!-- {} -->",
    ],
)
def test_what_is_no_text_of_the_article_is_not_read(unread: str, both: Linter) -> None:
    assert reported(both, f"<p>It is mild.</p>{unread.format(CLAIM_HERE)}", "html") == {}


def test_hidden_text_meets_no_duty(rules: list[Rule]) -> None:
    wanted = {"disclaimer-missing", "no-sources", "no-professional-referral"}
    linter = Linter([rule for rule in rules if rule.id in wanted])
    shown = (
        "<h1>Gout</h1>"
        + "<p>Gout is a painful disease of the joints. Studies show that 40% of men get it.</p>" * 20
    )
    duties = (
        "<div{}><p>This page gives general information and is not medical advice. Talk to your doctor before you"
        " change a treatment, and see a GP if the pain lasts.</p><h2>Sources</h2><ul>"
        '<li><a href="https://www.nhs.uk/conditions/gout/">NHS: Gout, 2023</a></li></ul></div>'
    )
    for style in (
        ' style="display:none"',
        " hidden",
        ' style="font-size:0"',
        ' class="tab" style="display:none"',
    ):
        document = read_text(shown + duties.format(style), format="html")
        assert {violation.rule for violation in linter.lint(document)} == wanted, style
    assert linter.lint(read_text(shown + duties.format(""), format="html")) == []


def test_a_negated_claim_in_hidden_text_is_excused(both: Linter) -> None:
    assert reported(both, "<p>Mild.</p><p style='display:none'>No balm cures gout.</p>", "html") == {}


def test_hidden_claims_can_be_suppressed(both: Linter) -> None:
    source = (
        "<p>Mild.</p>\n<!-- healthlint-disable-next-line -- an old page -->\n"
        f'<p style="display:none">{CLAIM_HERE}</p>\n'
    )
    assert reported(both, source, "html") == {}
