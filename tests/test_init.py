"""`healthlint init`: what it sees in repositories, and that what it writes is read and used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from rulefolder import cached_rulebook

from healthlint.cli import command as healthlint
from healthlint.config import read_config
from healthlint.framework import FRAMEWORKS, kinds_in, site_in

NOTICE = "This page gives general information. It is not medical advice. Talk to your doctor or pharmacist."
ARTICLE = "# Ginger tea\n\nGinger tea is a warm drink that many people like in winter.\n"
JSX = f"export function Notice() {{\n  return (\n    <aside>\n      <p>{NOTICE}</p>\n    </aside>\n  );\n}}\n"


def with_layout(name: str) -> str:
    return f"---\ntitle: Ginger tea\nlayout: {name}\n---\n\n{ARTICLE}"


class Case(NamedTuple):
    """A small site."""

    name: str
    files: dict[str, str]
    carriers: list[str]
    """What the configuration names for the disclaimer."""
    covered: list[str]
    """Articles that need no disclaimer of their own."""
    bare: list[str]
    """Articles that need one."""
    exclude: list[str]
    locale: str = ""


CASES = [
    Case(
        "Hugo",
        {
            "hugo.toml": 'baseURL = "https://example.org/"\nlanguageCode = "en-gb"\n\n[languages.de]\nweight = 2\n',
            "layouts/_default/baseof.html": '<body>{{ block "main" . }}{{ end }}{{ partial "notice.html" . }}</body>',
            "layouts/_default/single.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ end }}',
            "layouts/partials/notice.html": f"<p>{NOTICE}</p>",
            "themes/calm/exampleSite/content/demo.md": ARTICLE,
            "content/guides/tea.md": ARTICLE,
            "content/de/tee.md": "# Ingwertee\n",
            "README.md": "# Our site\n",
            "notes/draft.md": ARTICLE,
        },
        ["layouts/partials/notice.html", "layouts/_default/baseof.html", "content/*"],
        ["content/guides/tea.md"],
        ["notes/draft.md"],
        ["/layouts/", "/themes/", "/README*", "/content/de/"],
        "en-GB",
    ),
    Case(
        "Jekyll",
        {
            "_config.yml": "title: Herbs\nlang: en-US # for the feed\n",
            "_includes/notice.html": f"<p>{NOTICE}</p>\n",
            "_layouts/default.html": "<html><body>{{ content }}{% include notice.html %}</body></html>",
            "_layouts/post.html": "---\nlayout: default\n---\n<article>{{ content }}</article>",
            "_layouts/bare.html": "<html><body>{{ content }}</body></html>",
            "_posts/2026-01-02-tea.md": with_layout("post"),
            "_posts/2026-01-03-tea.md": with_layout("bare"),
            "robots.txt": "User-agent: *\n",
        },
        ["_includes/notice.html", "_layouts/default.html", "_layouts/post.html"],
        ["_posts/2026-01-02-tea.md"],
        ["_posts/2026-01-03-tea.md"],
        ["/_layouts/", "/_includes/", "robots.txt"],
        "en-US",
    ),
    Case(
        "Jekyll",
        {
            "_config.yml": "defaults:\n  - scope: {path: ''}\n    values:\n      layout: post\n",
            "_layouts/post.html": f"<article>{{{{ content }}}}<p>{NOTICE}</p></article>",
            "guides/tea.md": ARTICLE,
        },
        ["_layouts/post.html", "*"],
        ["guides/tea.md"],
        [],
        ["/_layouts/"],
    ),
    Case(
        "Docusaurus",
        {
            "website/docusaurus.config.js": "module.exports = {\n  i18n: { defaultLocale: 'en', locales: ['en', 'fr'] },\n};\n",
            "website/src/components/Notice/index.jsx": JSX,
            "website/docs/tea.mdx": f"import Notice from '@site/src/components/Notice';\n\n{ARTICLE}\n<Notice />\n",
            "website/docs/plain.md": ARTICLE,
            "website/i18n/fr/docs/the.md": "# Le thé\n",
        },
        ["website/src/components/Notice"],
        ["website/docs/tea.mdx"],
        ["website/docs/plain.md"],
        ["/website/i18n/fr/"],
    ),
    Case(
        "Docusaurus",
        {
            "docusaurus.config.ts": "export default { title: 'Herbs' };\n",
            "src/theme/DocItem/Footer/index.tsx": JSX,
            "docs/tea.md": ARTICLE,
            "blog/tea.md": ARTICLE,
        },
        ["src/theme/DocItem/Footer", "docs/*", "blog/*"],
        ["docs/tea.md", "blog/tea.md"],
        [],
        [],
    ),
    Case(
        "Astro",
        {
            "astro.config.mjs": "export default { site: 'https://example.org' };\n",
            "src/components/Notice.astro": f"---\nconst year = 2026;\n---\n<aside><p>{NOTICE}</p></aside>\n",
            "src/layouts/Post.astro": "---\nimport Notice from '../components/Notice.astro';\n---\n"
            '<html lang="en-AU"><body><slot /><Notice /></body></html>\n',
            "src/pages/blog/[...slug].astro": "---\nimport Post from '../../layouts/Post.astro';\n---\n"
            "<Post><Content /></Post>\n",
            "src/content/blog/tea.md": ARTICLE,
            "notes/tea.md": ARTICLE,
        },
        [
            "src/components/Notice.astro",
            "src/layouts/Post.astro",
            "src/pages/blog/[[]...slug].astro",
            "src/content/*",
        ],
        ["src/content/blog/tea.md"],
        ["notes/tea.md"],
        [],
        "en-AU",
    ),
    Case(
        "Astro",
        {
            "astro.config.mjs": "export default defineConfig({\n  integrations: [starlight({\n"
            "    locales: {root: {label: 'English', lang: 'en-GB'}},\n"
            "    components: {Footer: './src/components/Footer.astro'},\n  })],\n});\n",
            "src/components/Footer.astro": f"<footer><p>{NOTICE}</p></footer>\n",
            "src/content/docs/tea.md": ARTICLE,
        },
        ["src/components/Footer.astro", "src/content/*"],
        ["src/content/docs/tea.md"],
        [],
        [],
        "en-GB",
    ),
    Case(
        "MkDocs",
        {
            "mkdocs.yml": "site_name: Herbs\ntheme:\n  name: material\n  custom_dir: overrides\n  language: en\n",
            "overrides/main.html": '{% extends "base.html" %}\n{% block content %}{{ super() }}'
            f"<p>{NOTICE}</p>{{% endblock %}}\n",
            "docs/tea.md": ARTICLE,
            "requirements.txt": "mkdocs\n",
        },
        ["overrides/main.html", "docs/*"],
        ["docs/tea.md"],
        [],
        ["/overrides/", "requirements*.txt"],
    ),
    Case(
        "Next.js",
        {
            "package.json": '{"dependencies": {"next": "15.0.0", "contentlayer": "0.3.4"}}',
            "components/Notice.tsx": JSX,
            "app/layout.tsx": "import { Notice } from '../components/Notice';\n\nexport default function Root({ children })"
            ' {\n  return <html lang="en-GB"><body>{children}<Notice /></body></html>;\n}\n',
            "content/tea.mdx": ARTICLE,
            "notes/tea.mdx": f"{ARTICLE}\n<Notice />\n",
            "notes/bare.mdx": ARTICLE,
        },
        ["components/Notice.tsx", "app/layout.tsx", "content/*"],
        ["content/tea.mdx", "notes/tea.mdx"],
        ["notes/bare.mdx"],
        [],
        "en-GB",
    ),
    Case(
        "Eleventy",
        {
            "eleventy.config.js": "export default function (config) {}\n",
            "_includes/post.njk": f"<article>{{{{ content | safe }}}}</article><footer><p>{NOTICE}</p></footer>\n",
            "posts/posts.json": '{"layout": "post.njk"}\n',
            "posts/tea.md": ARTICLE,
            "pages/tea.md": with_layout("post.njk"),
            "pages/bare.md": ARTICLE,
        },
        ["_includes/post.njk", "posts/*"],
        ["posts/tea.md", "pages/tea.md"],
        ["pages/bare.md"],
        [],
    ),
    Case(
        "Sphinx",
        {
            "docs/conf.py": 'project = "Herbs"\nextensions = []\nlanguage = "en"\n',
            "docs/_templates/page.html": f'{{% extends "!page.html" %}}\n{{% block body %}}<p>{NOTICE}</p>{{% endblock %}}\n',
            "docs/tea.rst": "Ginger tea\n==========\n\nGinger tea is a warm drink.\n",
            "tea.rst": "Ginger tea\n==========\n\nGinger tea is a warm drink.\n",
        },
        ["docs/_templates/page.html", "docs/*"],
        ["docs/tea.rst"],
        ["tea.rst"],
        ["/docs/_templates/"],
    ),
    Case(
        "plain files",
        {
            "guides/tea.html": "<html><body><h1>Ginger tea</h1><p>Ginger tea is warm.</p></body></html>",
            "guides/tea.php": "<h1>Ginger tea</h1><p>Ginger tea is warm.</p><?php include 'includes/footer.php'; ?>",
            "includes/footer.php": f"<footer><p>{NOTICE}</p></footer>",
        },
        ["includes/footer.php"],
        ["guides/tea.php"],
        ["guides/tea.html"],
        ["includes/"],
    ),
]


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("healthlint.config.rulebook", cached_rulebook)
    monkeypatch.setattr("healthlint.rulebook.rulebook", cached_rulebook)


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(healthlint, arguments, standalone_mode=False)


def without_disclaimer() -> set[str]:
    done = run("check", "--select", "disclaimer-missing", "--quiet")
    return set(re.findall(r"^(\S+?):\d+:\d+: error disclaimer-missing", done.output, re.MULTILINE))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} {next(iter(case.files))}")
def test_frameworks(case):
    write(case.files)
    done = run("init")
    assert done.return_value == 0, done.output
    config = read_config(Path(".healthlint.yaml"))
    assert config.base.site_disclaimer == tuple(case.carriers)
    assert config.exclude == tuple(case.exclude)
    assert config.base.locale == case.locale
    assert f"site      {case.name}" in done.output
    assert without_disclaimer() == set(case.bare)
    for path in case.covered:
        assert not config.excludes(path)


def test_every_framework_has_a_case():
    assert {case.name for case in CASES} == {"plain files", *(each.name for each in FRAMEWORKS)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name} {next(iter(case.files))}")
def test_what_is_written_as_a_suggestion_can_be_taken_in(case):
    """Without the marks in front of them, the keys in comments make a sound configuration, too."""
    write(
        {**case.files, "news/today.md": ARTICLE, ".healthlint-baseline.json": '{"version": 1, "entries": {}}'}
    )
    run("init")
    text = Path(".healthlint.yaml").read_text(encoding="utf-8")
    taken_in = re.sub(r"^# (?=(?:[a-z-]+:|  -|    profile:)(?: |$))", "", text, flags=re.MULTILINE)
    assert taken_in.count("\n") == text.count("\n")
    assert taken_in != text
    Path(".healthlint.yaml").write_text(taken_in, encoding="utf-8")
    config = read_config(Path(".healthlint.yaml"))
    assert config.settings("news/today.md").profile == "news"
    assert config.baseline == Path(".healthlint-baseline.json")
    assert config.base.packs
    assert config.exclude
    assert config.base.site_disclaimer
    assert config.base.locale


# --- what it sees --------------------------------------------------------------------------------------


def seen():
    return site_in(Path(), cached_rulebook().rules[0].vocabulary)


def test_an_empty_folder():
    site = seen()
    assert (site.framework.name, site.articles, site.carriers, site.excluded) == ("plain files", (), (), ())
    assert run("init").return_value == 0
    assert read_config(Path(".healthlint.yaml")).base.profile == "editorial"


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"config.toml": 'base_url = "https://example.org"\n'}, "plain files"),  # Zola
        ({"config.toml": 'baseURL = "https://example.org"\n'}, "Hugo"),
        ({"config/_default/hugo.toml": ""}, "Hugo"),
        ({"package.json": '{"devDependencies": {"@11ty/eleventy": "3"}}'}, "Eleventy"),
        ({"package.json": '{"name": "next"}'}, "plain files"),
        ({"contentlayer.config.ts": ""}, "Next.js"),
        ({"conf.py": "import os\n"}, "plain files"),
        ({"docs/source/conf.py": "project = 'x'\n"}, "Sphinx"),
        ({"mkdocs.yml": "", "docs/conf.py": "project = 'x'\n"}, "MkDocs"),  # the nearer one
        ({"node_modules/x/astro.config.mjs": ""}, "plain files"),
        ({".cache/hugo.toml": ""}, "plain files"),
        ({"hugo.toml/x.md": "a folder"}, "plain files"),
    ],
)
def test_the_framework(files, name):
    write(files)
    assert seen().framework.name == name


@pytest.mark.parametrize(
    ("files", "languages"),
    [
        ({"_config.yml": "lang: en_GB\n"}, ["en-GB"]),
        ({"_config.yml": "# lang: en_GB\n"}, []),
        ({"_config.yml": "lang: en_GB\nlocale: en-US\n"}, ["en-GB", "en-US"]),
        ({"_config.yml": "language_note: fine\nslang: de\n"}, []),
        ({"_config.yml": "x: 1\n", "_layouts/a.html": '<!doctype html>\n<html class="x" lang="en-IE">'}, ["en-IE"]),
        ({"_config.yml": "x: 1\n", "_layouts/a.html": '<html lang="{{ page.lang }}">'}, []),
        ({"hugo.toml": "languageCode = 'en'\n"}, ["en"]),
        ({"docusaurus.config.js": "  i18n: {defaultLocale: 'en-AU', locales: ['en-AU', 'fr']},\n"}, ["en-AU"]),
        ({"docusaurus.config.js": "  // i18n: {defaultLocale: 'en-AU'},\n"}, []),
        ({"mkdocs.yml": "theme: {name: material, language: en}\n"}, []),  # not plain enough
        ({"hugo.toml": "[params]\n  locale = \"en-us\" # of the shop\n"}, ["en-US"]),
        ({"astro.config.mjs": "export default {\n  i18n: {\n    defaultLocale: 'en-au',\n  },\n}\n"}, ["en-AU"]),
    ],
)  # fmt: skip
def test_languages(files, languages):
    write(files)
    assert [each.value for each in seen().languages] == languages


def test_two_countries_are_no_locale():
    write({"_config.yml": "lang: en-GB\nlocale: en-US\n", "a.md": ARTICLE})
    run("init")
    assert read_config(Path(".healthlint.yaml")).base.locale == ""


def test_what_git_ignores_is_not_looked_at():
    write(
        {".git/HEAD": "", ".gitignore": "/public/\n_includes/\n", "_config.yml": "", "public/a.md": ARTICLE}
    )
    write({"_includes/notice.html": f"<p>{NOTICE}</p>", "a.md": ARTICLE})
    site = seen()
    assert [path.as_posix() for path in site.articles] == ["a.md"]
    assert site.carriers == ()


def test_templates_that_cannot_be_read_are_passed_over():
    write({"_config.yml": "", "_includes/a.html": f"<p>{NOTICE}</p>"})
    Path("_includes/b.html").write_bytes(b"\x00\x01\x02" * 400)
    Path("_includes/c.html").symlink_to("gone.html")
    assert [each.path for each in seen().carriers] == ["_includes/a.html"]


def test_templates_that_take_one_another_in():
    write({
        "_config.yml": "",
        "_includes/a.html": "{% include b.html %}",
        "_includes/b.html": "{% include a.html %}{% include notice.html %}",
        "_includes/notice.html": f"<p>{NOTICE}</p>",
    })  # fmt: skip
    assert [(each.path, each.through) for each in seen().carriers] == [
        ("_includes/notice.html", ""),
        ("_includes/b.html", "_includes/notice.html"),
        ("_includes/a.html", "_includes/b.html"),
    ]


def test_names_that_would_break_the_configuration():
    write({
        "_config.yml": "",
        "_includes/a: b # c.html": f"<p>{NOTICE}</p>",
        "_includes/-d.html": f"<p>{NOTICE} “Quoted”: #1.</p>",
        "_includes/e\nf.html": f"<p>{NOTICE}</p>",
        "new [s]/news/a.md": ARTICLE,
    })  # fmt: skip
    run("init")
    config = read_config(Path(".healthlint.yaml"))
    assert config.base.site_disclaimer == ("_includes/-d.html", "_includes/a: b # c.html")
    text = Path(".healthlint.yaml").read_text(encoding="utf-8")
    taken_in = re.sub(r"^# (?=overrides:|  -|    profile:)", "", text, flags=re.MULTILINE)
    Path(".healthlint.yaml").write_text(taken_in, encoding="utf-8")
    assert read_config(Path(".healthlint.yaml")).settings("new [s]/news/a.md").profile == "news"
    assert read_config(Path(".healthlint.yaml")).settings("new s/news/a.md").profile == "editorial"


def test_kinds_of_content():
    paths = ["content/news/a.md", "content/news/recipes/b.md", "Mental Health/c.md", "news.md", "other/d.md"]
    assert kinds_in(map(Path, paths)) == (
        ("Mental Health", "mental-health", 1),
        ("content/news", "news", 2),
    )


# --- what it does --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [(".healthlint.yaml", "profile: news\n"), ("pyproject.toml", '[tool.healthlint]\nprofile = "news"\n')],
)
def test_a_configuration_that_is_there_stays(name, text):
    write({name: text})
    done = run("init")
    assert done.exception is not None
    assert f"{name} is there already; `--force`" in str(done.exception.format_message())
    assert Path(name).read_text() == text
    assert run("init", "--force").return_value == 0
    assert read_config(Path(".healthlint.yaml")).base.profile == "editorial"


def test_a_dry_run_prints_it_and_writes_nothing():
    write({"a.md": ARTICLE})
    done = run("init", "--dry-run")
    assert not Path(".healthlint.yaml").exists()
    run("init")
    assert done.output == Path(".healthlint.yaml").read_text(encoding="utf-8")
    assert run("init", "--dry-run").return_value == 0  # though it is there now


def test_another_folder_whose_configuration_was_above():
    write({".healthlint.yaml": "profile: news\n", "site/a.md": ARTICLE, "pyproject.toml": "[project]\n"})
    done = run("init", "site")
    assert Path("site/.healthlint.yaml").exists()
    assert "In this folder it takes the place of " in done.output
    assert "cd site && healthlint check" in done.output


def test_the_next_steps_know_the_hook():
    assert "write .pre-commit-config.yaml" in run("init", "--force").output
    write({".pre-commit-config.yaml": "repos: []\n"})
    assert "add to `repos` in .pre-commit-config.yaml" in run("init", "--force").output
    write(
        {".pre-commit-config.yaml": "repos:\n  - repo: x\n    rev: v1\n    hooks:\n      - id: healthlint\n"}
    )
    assert "has the hook `healthlint` already" in run("init", "--force").output


def test_the_same_again():
    write(CASES[0].files)
    assert run("init", "--dry-run").output == run("init", "--dry-run").output
