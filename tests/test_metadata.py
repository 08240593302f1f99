"""Authors, reviewers and dates, in every usual place."""

from __future__ import annotations

import datetime

import pytest

from healthlint.checks import CheckSettings, metadata
from healthlint.page import Page
from healthlint.readers import read_text
from healthlint.rule import Rule

SETTINGS = CheckSettings(today=datetime.date(2026, 3, 1))


def html(head: str = "", body: str = "<h1>Moles</h1><p>Look at them.</p>") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


def ld(json: str) -> str:
    return html(f'<script type="application/ld+json">{json}</script>')


def says_none(rules: list[Rule], check: str, text: str, format: str = "", path: str = "a.md") -> list[str]:
    """The source that a check points at when it finds nobody, or no date."""
    page = Page(
        read_text(text, format=format or ("html" if "<html>" in text else "markdown"), path=path),
        rules[0].vocabulary,
    )
    return [text[match.span.start : match.span.end] for match in getattr(metadata, check)(page, SETTINGS)]


@pytest.mark.parametrize(
    "text",
    [
        "---\nauthor: Priya Shah\n---\n# Gout",
        "---\nauthors:\n  - name: Priya Shah\n    role: dietitian\n---\n# Gout",
        "---\nwritten_by: [Priya Shah, Tom Lindqvist]\n---\n# Gout",
        '+++\n[params]\nauthor = "Priya Shah"\n+++\n# Gout',
        "---\nauthor: British Heart Foundation\n---\n# Salt",
        "# Gout\n\nBy Priya Shah, RD\n\nBeer brings on attacks.",
        "# Gout\n\n5 May 2024 | By Dr Priya Shah\n\nBeer brings on attacks.",
        "# Gout\n\nPosted on 12 May by Priya Shah\n\nBeer brings on attacks.",
        "# Gout\n\n*Written by Priya Shah*",
        "# Gout\n\nWritten by the physiotherapy team at St Olave's",
        "# Gout\n\nBeer brings on attacks.\n\nAuthor: Priya Shah",
        "# Gout\n\nAuthor\n\n[Priya Shah](/people/priya)",
        "# Gout\n\nThis article was written by a dietitian.",
        html('<meta name="author" content="Priya Shah">'),
        html('<meta property="article:author" content="Priya Shah">'),
        html(body='<h1>Moles</h1><p class="byline">Priya Shah</p><p>Look at them.</p>'),
        html(body='<h1>Moles</h1><a rel="author" href="/priya">Priya Shah</a><p>Look at them.</p>'),
        ld('{"@type": "Article", "author": {"@type": "Person", "name": "Priya Shah"}}'),
        ld('{"@graph": [{"@type": "BlogPosting", "author": "Priya Shah"}]}'),
    ],
)
def test_author(rules: list[Rule], text: str) -> None:
    assert says_none(rules, "no_author", text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("---\ntitle: Gout\n---\nBeer brings on attacks.", "Gout"),
        ("---\ntitle: Gout\nauthor: admin\n---\nBeer brings on attacks.", "admin"),
        ("---\ntitle: Gout\nauthor: Our Editorial Team\n---\nBeer.", "Our Editorial Team"),
        ("---\ntitle: Gout\nauthor:\n---\nBeer brings on attacks.", "author"),
        ("---\nauthor: https://example.org/people/1\n---\n# Gout", "https://example.org/people/1"),
        ("# Gout\n\nPosted by admin on 5 May 2024", "Gout"),
        ("# Gout\n\nWritten by our team", "Gout"),
        ("# Gout\n\nBy Monday Morning it was gone.", "Gout"),
        ("# Gout\n\nBy eating less meat you may have fewer attacks.", "Gout"),
        ("# Gout\n\nThe diary, written by a monk in 1683, describes the pain.", "Gout"),
        ("# Gout\n\n![](a.png)\n\nPhoto by Priya Shah", "Gout"),
        (html('<title>Moles | Elm Clinic</title><meta name="author" content="Elm Clinic">'), "Elm Clinic"),
        (ld('{"@type": "Article", "publisher": {"@type": "Organization", "name": "Elm Clinic"}}'), "Moles"),
        (ld('{"@type": "Article", "comment": {"author": {"name": "Priya Shah"}}}'), "Moles"),
    ],
)
def test_no_author(rules: list[Rule], text: str, place: str) -> None:
    assert says_none(rules, "no_author", text) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "---\nmedically_reviewed_by: Dr Lin Wu, GP\n---\n# Gout",
        "---\nmedicallyReviewedBy:\n  name: Lin Wu\n---\n# Gout",
        "---\nreviewer: Lin Wu\n---\n# Gout",
        "# Gout\n\nClinically reviewed by Maya Ray, physiotherapist, May 2025.",
        "# Gout\n\nReviewed by: Noah Stein, DPM\n\nBeer brings on attacks.",
        "# Gout\n\nMedical reviewer: Sofia Lund",
        "# Gout\n\nFact-checked by a rheumatology nurse",
        "# Gout\n\n*This article was reviewed for accuracy by a pharmacist.*",
        html(body='<h1>Moles</h1><p>Look.</p><span itemprop="reviewedBy">Lin Wu</span>'),
        ld('{"@type": "MedicalWebPage", "reviewedBy": {"@type": "Person", "name": "Lin Wu"}}'),
    ],
)
def test_reviewer(rules: list[Rule], text: str) -> None:
    assert says_none(rules, "no_reviewer", text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("---\ntitle: Gout\nauthor: Priya Shah\n---\nBeer.", "Gout"),
        ("---\ntitle: Gout\nreviewed_by: Editor\n---\nBeer.", "Editor"),
        ("---\ntitle: Gout\nreviewed: 2024-05-01\n---\nBeer.", "Gout"),
        ("# Gout\n\nThe figures come from a peer-reviewed study by Lin Wu.", "Gout"),
        ("# Gout\n\nYour scan should be reviewed by a radiologist.", "Gout"),
        ("# Gout\n\nReviewed by our team", "Gout"),
    ],
)
def test_no_reviewer(rules: list[Rule], text: str, place: str) -> None:
    assert says_none(rules, "no_reviewer", text) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "---\ndate: 2025-02-01\n---\n# Gout",
        "---\nlastReviewed: March 2025\n---\n# Gout",
        "+++\nlastmod = 2024-11-30T10:00:00Z\n+++\n# Gout",
        "# Gout\n\nPublished 3 May 2025\n\nBeer brings on attacks.",
        "# Gout\n\nBeer brings on attacks.\n\nLast reviewed: 04/03/2025",
        "# Gout\n\nBeer brings on attacks.\n\nPage last updated in March 2025.",
        "# Gout\n\nUpdated: 12/2024",
        "# Gout\n\n3 min read 08-09-2025\n\nBeer brings on attacks.",
        "# Gout\n\nMay 3rd, 2024 · Priya Shah",
        html('<meta property="article:published_time" content="2024-05-03T09:00:00+01:00">'),
        html(body='<h1>Moles</h1><time datetime="2024-05-03">Friday</time><p>Look at them.</p>'),
        html(body="<h1>Moles</h1><p>Look at them.</p><footer>Last modified: Fri, 04 Jul 2014</footer>"),
        ld('{"@type": "Article", "dateModified": "2025-03-04"}'),
    ],
)
def test_date(rules: list[Rule], text: str) -> None:
    assert says_none(rules, "no_dates", text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# Gout\n\nBeer brings on attacks.", "Gout"),
        ("---\ndate: soon\n---\n# Gout", "soon"),
        ("---\ndate: 2024-13-45\n---\n# Gout", "2024-13-45"),
        ("---\ndate: 2031-01-01\n---\n# Gout", "2031-01-01"),
        ("---\ntitle: Gout\nnext_review: 2025-01-01\n---\nBeer.", "Gout"),
        ("# Gout\n\nThe clinic opened on 3 May 2011.", "Gout"),
        (ld('{"@type": "Organization", "foundingDate": "2001-01-01"}'), "Moles"),
        ("# Gout\n\n© 2019 Elm Street Surgery", "Gout"),
        (
            "# Gout\n\nA trial that was published on 3 May 2015 followed four thousand people for ten years.",
            "Gout",
        ),
        (
            "# Gout\n\nThe last king to suffer from it died on 29 January 1820, and nobody dared to tell him why.",
            "Gout",
        ),
    ],
)
def test_no_date(rules: list[Rule], text: str, place: str) -> None:
    assert says_none(rules, "no_dates", text) == [place]


def test_date_in_the_file_name(rules: list[Rule]) -> None:
    assert says_none(rules, "no_dates", "# Gout", path="_posts/2025-03-04-gout.md") == []
    assert says_none(rules, "no_dates", "# Gout", path="_posts/2025-13-04-gout.md") == ["Gout"]


def test_nothing_to_report_without_prose(rules: list[Rule]) -> None:
    for check in ("no_author", "no_reviewer", "no_dates"):
        assert says_none(rules, check, "---\nauthor: admin\ndate: soon\n---\n") == []


@pytest.mark.parametrize(
    ("framework", "text", "kinds"),
    [
        (
            "Hugo",
            "+++\ndate = 2024-01-02\npublishDate = 2024-01-03\nlastmod = 2024-01-04\n+++\n# Gout",
            "ppu",
        ),
        ("Hugo, expiry", "---\nexpiryDate: 2024-01-02\n---\n# Gout", ""),
        ("Jekyll", "---\ndate: 2024-01-02 10:00:00 +0000\nlast_modified_at: 2024-01-04\n---\n# Gout", "pu"),
        (
            "Docusaurus",
            "---\ndate: 2024-01-02\nlast_update:\n  date: 2024-01-04\n  author: Priya Shah\n---\n# Gout",
            "pu",
        ),
        ("Astro", "---\npubDate: Jan 02 2024\nupdatedDate: Jan 04 2024\n---\n# Gout", "pu"),
        (
            "Astro Paper",
            "---\npubDatetime: 2024-01-02T10:00:00Z\nmodDatetime: 2024-01-04T10:00:00Z\n---\n# Gout",
            "pu",
        ),
        ("MkDocs Material", "---\ndate:\n  created: 2024-01-02\n  updated: 2024-01-04\n---\n# Gout", "pu"),
        ("Next, Contentlayer", "---\npublishedAt: '2024-01-02'\nupdatedAt: '2024-01-04'\n---\n# Gout", "pu"),
        ("Eleventy", "---\ndate: 2024-01-02\nmodified: 2024-01-04\n---\n# Gout", "pu"),
        ("ours", "---\nlast_reviewed: 2024-01-02\nnext_review: 2027-01-02\n---\n# Gout", "rn"),
        ("reviewed on", "---\nmedically_reviewed_on: 2024-01-02\nreview_due: 2027-01-02\n---\n# Gout", "rn"),
        (
            "schema.org",
            ld('{"@type": "MedicalWebPage", "lastReviewed": "2024-01-02", "dateModified": "2024-01-04"}'),
            "ru",
        ),
        ("Open Graph", html('<meta property="article:modified_time" content="2024-01-04T09:00:00Z">'), "u"),
        ("Dublin Core", html('<meta name="DC.date.issued" content="2024-01-02">'), "p"),
        ("<time>", html(body='<h1>Moles</h1><time datetime="2024-01-02">Tuesday</time><p>Look.</p>'), "p"),
        (
            "microdata",
            html(
                body='<h1>Moles</h1><p>Look.</p><time itemprop="dateModified" datetime="2024-01-04">4</time>'
            ),
            "u",
        ),
        (
            "a line",
            "# Gout\n\nBeer brings it on.\n\nReviewed: 2 January 2024\n\nNext review due: January 2027",
            "rn",
        ),
        ("another", "# Gout\n\nBeer brings it on.\n\nTo be reviewed again in March 2027.", "n"),
    ],
)
def test_dates_of_the_frameworks(rules: list[Rule], framework: str, text: str, kinds: str) -> None:
    page = Page(read_text(text, format="html" if "<html>" in text else "markdown"), rules[0].vocabulary)
    stated = sorted({(each.text, each.kind) for each in metadata.stated_dates(page)})
    assert sorted({kind[0] for _, kind in stated}) == sorted(set(kinds)), (framework, stated)
    # Each date of the text is told once, whatever its key.
    assert len({text for text, _ in stated}) == len(kinds)


@pytest.mark.parametrize(
    ("framework", "text"),
    [
        ("Hugo", '+++\nauthors = ["Priya Shah"]\n+++\n# Gout'),
        ("Hugo, PaperMod", "---\nparams:\n  author: Priya Shah\n---\n# Gout"),
        ("Jekyll", "---\nauthor:\n  name: Priya Shah\n  twitter: shah\n---\n# Gout"),
        (
            "Docusaurus",
            "---\nauthors:\n  - name: Priya Shah\n    title: Dietitian\n    url: /shah\n---\n# Gout",
        ),
        ("Docusaurus, old", "---\nauthor: Priya Shah\nauthor_title: Dietitian\n---\n# Gout"),
        ("Starlight", "---\nlastUpdated: 2024-01-04\nauthor: Priya Shah\n---\n# Gout"),
        ("MkDocs Material", "---\nauthors:\n  - Priya Shah\n---\n# Gout"),
        ("Next", "---\nwriter: Priya Shah\n---\n# Gout"),
        (
            "schema.org",
            ld('{"@type": "MedicalWebPage", "author": [{"@type": "Person", "name": "Priya Shah"}]}'),
        ),
        ("microdata", html(body='<h1>Moles</h1><span itemprop="author">Priya Shah</span><p>Look.</p>')),
        ("byline", html(body='<h1>Moles</h1><div class="post-author">Priya Shah</div><p>Look.</p>')),
    ],
)
def test_authors_of_the_frameworks(rules: list[Rule], framework: str, text: str) -> None:
    page = Page(read_text(text, format="html" if "<html>" in text else "markdown"), rules[0].vocabulary)
    assert "Priya Shah" in [match.text for match in metadata.names_of_authors(page)], framework


def test_the_name_in_a_byline(rules: list[Rule]) -> None:
    text = "# Gout\n\n5 May 2024 | By Dr Priya Shah\n\nBeer brings on attacks."
    [match] = metadata.names_of_authors(Page(read_text(text, format="markdown"), rules[0].vocabulary))
    assert text[match.span.start : match.span.end] == "Dr Priya Shah"


@pytest.mark.parametrize(
    "text",
    [
        "---\nreviewedBy: Lin Wu\n---\n# Gout",
        "---\nmedical_reviewer: Lin Wu\n---\n# Gout",
        "---\nreviewers:\n  - name: Lin Wu\n---\n# Gout",
        ld(
            '{"@graph": [{"@type": "MedicalWebPage", "reviewedBy": [{"@type": "Person", "name": "Lin Wu"}]}]}'
        ),
    ],
)
def test_reviewers_of_the_frameworks(rules: list[Rule], text: str) -> None:
    page = Page(read_text(text, format="html" if "<html>" in text else "markdown"), rules[0].vocabulary)
    assert metadata.is_reviewed(page)
