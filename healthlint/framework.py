"""What kind of site a repository is: what builds it, where its articles are, which templates hold a disclaimer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path
from typing import NamedTuple

from healthlint.checks import CheckSettings
from healthlint.checks.disclaimer import disclaimers, of_site
from healthlint.document import Document, Include
from healthlint.errors import ReadError
from healthlint.files import articles, git_spec, is_skipped
from healthlint.page import Page
from healthlint.readers import read_bytes
from healthlint.span import Span
from healthlint.tree import tree_left
from healthlint.vocabulary import Vocabulary


class Marker(NamedTuple):
    """A file that gives a framework away."""

    file: str
    words: str = ""
    """A regular expression for what it must hold, when others have a file of that name."""


class Framework(NamedTuple):
    """What builds a site. Paths are relative to the folder of its marker."""

    name: str
    markers: tuple[Marker, ...] = ()
    templates: tuple[str, ...] = ()
    """Globs, as in .gitignore, of the folders and files that are put around articles or into them."""
    around: tuple[str, ...] = ()
    """Globs of the templates that are put around every article without being named in it."""
    naming: tuple[str, ...] = ()
    """Globs, as of a shell, of the files that name such a template: `layout: post`."""
    content: tuple[str, ...] = ()
    """The folders of the articles to which that happens."""
    others: tuple[tuple[str, str], ...] = ()
    """Folders of neither articles nor templates, and what they are."""


PLAIN = Framework(
    "plain files",
    templates=(
        "layouts/",
        "_layouts/",
        "_includes/",
        "includes/",
        "partials/",
        "templates/",
        "components/",
        "header.*",
        "footer.*",
        "*disclaimer*.*",
    ),
)

FRAMEWORKS = (
    Framework(
        "Hugo",
        (
            *(Marker(f"hugo.{ending}") for ending in ("toml", "yaml", "yml", "json")),
            *(Marker(f"config/_default/{name}.toml") for name in ("hugo", "config")),
            *(Marker(f"config.{ending}", r"(?i)\bbaseURL\b") for ending in ("toml", "yaml", "yml", "json")),
        ),
        templates=("/layouts/", "/themes/*/layouts/"),
        around=("**/layouts/**/baseof*.html", "**/layouts/**/single.html", "**/layouts/page.html"),
        content=("content",),
        others=(
            ("public", "what Hugo builds"),
            ("resources", "what Hugo builds"),
            ("themes", "made by others"),
            ("archetypes", "patterns for new articles"),
        ),
    ),
    Framework(
        "Docusaurus",
        tuple(Marker(f"docusaurus.config.{ending}") for ending in ("js", "ts", "mjs", "cjs")),
        templates=("/src/components/", "/src/theme/"),
        around=("/src/theme/**",),
        content=("docs", "blog"),
        others=(("build", "what Docusaurus builds"),),
    ),
    Framework(
        "Astro",
        tuple(Marker(f"astro.config.{ending}") for ending in ("mjs", "ts", "js", "mts", "cjs")),
        templates=("/src/layouts/", "/src/components/", "/src/pages/**/*.astro"),
        around=("/src/pages/**/*\\[*.astro",),
        content=("src/content", "src/data"),
        others=(("dist", "what Astro builds"),),
    ),
    Framework(
        "Next.js",
        (
            *(Marker(f"next.config.{ending}") for ending in ("js", "mjs", "ts", "cjs")),
            *(Marker(f"contentlayer.config.{ending}") for ending in ("ts", "js")),
            Marker("package.json", r'"next"\s*:'),
        ),
        templates=(
            "components/",
            "/layouts/",
            "/src/layouts/",
            "layout.tsx",
            "layout.jsx",
            "layout.js",
            "_app.tsx",
            "_app.jsx",
            "_app.js",
            "\\[*].tsx",
            "\\[*].jsx",
            "\\[*].js",
            "\\[*]/**/page.tsx",
            "\\[*]/**/page.jsx",
            "\\[*]/**/page.js",
        ),
        around=("/app/**/layout.*", "/src/app/**/layout.*", "_app.*", "\\[*].*", "\\[*]/**/page.*"),
        content=(
            "content",
            "posts",
            "data",
            "articles",
            "src/content",
            "app",
            "src/app",
            "pages",
            "src/pages",
        ),
        others=(("out", "what Next.js builds"),),
    ),
    Framework(
        "Eleventy",
        (
            Marker(".eleventy.js"),
            *(Marker(f"eleventy.config.{ending}") for ending in ("js", "mjs", "cjs", "ts")),
            Marker("package.json", r'"@11ty/eleventy"\s*:'),
        ),
        templates=("_includes/", "_layouts/"),
        naming=(".eleventy.js", "eleventy.config.*", "content/**/*.json", "src/**/*.json", "*/*.json"),
        content=("content", "src", "posts", "articles"),
        others=(("_site", "what Eleventy builds"),),
    ),
    Framework(
        "MkDocs",
        (Marker("mkdocs.yml"), Marker("mkdocs.yaml")),
        templates=("/overrides/", "/theme/", "/custom_theme/"),
        around=("main.html", "base.html", "content.html", "footer.html", "announce.html"),
        content=("docs",),
        others=(("site", "what MkDocs builds"),),
    ),
    Framework(
        "Sphinx",
        (Marker("conf.py", r"(?m)^\s*(extensions|html_theme|project)\s*="),),
        templates=("/_templates/",),
        around=("layout.html", "page.html"),
        content=(".",),
        others=(("_build", "what Sphinx builds"),),
    ),
    Framework(
        "Jekyll",
        (Marker("_config.yml"), Marker("_config.yaml")),
        templates=("/_layouts/", "/_includes/"),
        naming=("_config.yml", "_config.yaml"),
        content=(".",),
        others=(("_site", "what Jekyll builds"),),
    ),
)
"""In the order in which they are looked for in one folder; `_config.yml` says least."""

TEMPLATES = (
    ".html", ".htm", ".php", ".njk", ".liquid", ".hbs", ".ejs", ".twig", ".j2", ".jinja", ".jsx", ".tsx", ".js",
    ".ts", ".astro", ".vue", ".svelte", ".md", ".mdx", ".rst",
)  # fmt: skip
"""The endings of files that may be templates."""

PAPERS = (
    "README*", "CHANGELOG*", "CHANGES*", "CONTRIBUTING*", "CODE_OF_CONDUCT*", "SECURITY*", "SUPPORT*", "AUTHORS*",
    "LICENSE*", "LICENCE*", "NOTICE*",
)  # fmt: skip
"""Files beside the configuration that are about the repository."""
MACHINES = ("robots.txt", "humans.txt", "ads.txt", "security.txt", "llms*.txt", "requirements*.txt", "CMakeLists.txt", "404.html", "404.md")  # fmt: skip
"""Files anywhere that are for programs, or for nobody in particular."""

LANGUAGES = frozenset(
    "ar bg bn ca cs da de el es et fa fi fr ga he hi hr hu id is it ja ko lt lv mr ms nb nl nn no pa pl pt ro ru sk"
    " sl sq sr sv sw ta te th tl tr uk ur vi zh".split()
)
"""Languages that folders are called after, other than English."""

_LOCALE = re.compile(
    r"""^(?!\s*(?:\#|//|\*|;))[^\n]*?"""
    r"""\b(?:languageCode|defaultContentLanguage|defaultLocale|locale|language|lang|LANGUAGE_CODE)["']?\s*[:=]\s*"""
    r"""(?P<quote>["'])?(?P<language>[a-z]{2,3})(?:[-_](?P<country>[A-Za-z]{2}))?(?(quote)(?P=quote)|\s*(?:\#.*)?$)""",
    re.MULTILINE,
)
_HTML_LANG = re.compile(
    r"""<html\b[^>{]*\blang=["'](?P<language>[a-z]{2,3})(?:-(?P<country>[A-Za-z]{2}))?["']"""
)
_LAYOUT = re.compile(r"""\blayout\b["']?\s*[:=,]\s*["']?(?P<name>[\w./-]+)""")
_USED = re.compile(r"<([A-Z]\w*)|^layout:\s*[\"']?([\w./-]+)", re.MULTILINE)
"""A component, or the layout in the front matter of a layout."""


class Stated(NamedTuple):
    """Something that a file of the site says about the site."""

    value: str
    path: str
    line: int


class Carrier(NamedTuple):
    """A template that brings a disclaimer onto pages."""

    path: str
    words: str
    """The beginning of its disclaimer; "" when it takes in another carrier."""
    through: str = ""
    """The path of that carrier."""

    @property
    def name(self) -> str:
        """What a page that uses it is known by: its path, or for an index file that of its folder."""
        path = Path(self.path)
        return escape((path.parent if path.stem == "index" else path).as_posix())


@dataclass(frozen=True)
class Site:
    """What was found in a repository. Paths are relative to it, with `/`."""

    framework: Framework
    marker: str
    """The file that gave the framework away; "" for none."""
    root: str
    """The folder of the marker, with a trailing `/`; "" for that of the repository."""
    articles: tuple[Path, ...]
    """Without what `excluded` names."""
    excluded: tuple[tuple[str, str], ...]
    """Globs, as in .gitignore, of what is no article, each with what it is."""
    templates: int
    """How many were looked at."""
    carriers: tuple[Carrier, ...]
    around: tuple[tuple[str, str], ...]
    """Folders whose articles are all shown inside a carrier, each with that carrier's path."""
    languages: tuple[Stated, ...]
    """Every different statement of the language, "en" or "en-GB"."""


def site_in(folder: Path, vocabulary: Vocabulary) -> Site:
    """What kind of site is in `folder`. Nothing in it is run."""
    framework, marker, root = _framework(folder)
    templating = git_spec(framework.templates)
    listed = [path for path in _walked(folder, TEMPLATES) if templating.match_file(_below(path, root))]
    templates = list(_documents(folder, listed))
    carriers = tuple(_carriers(templates, vocabulary))
    settings = list(_settings(folder, marker))
    languages = tuple(_languages(folder, settings, templates))
    walked = list(_walked(folder, None))
    excluded = tuple(_excluded(folder, walked, framework, root, settings))
    spec = git_spec(glob for glob, _ in excluded)
    kept = tuple(path for path in walked if not spec.match_file(path.as_posix()))
    wrapping = tuple(_wrapping(folder / root, framework, carriers, root, _text(folder / marker)))
    around = tuple(
        ((Path(root) / name).as_posix(), wrapping[0].path)
        for name in (framework.content if wrapping else ())
        if any(path.is_relative_to(Path(root) / name) for path in kept)
    )
    return Site(framework, marker, root, kept, excluded, len(listed), carriers, around, languages)


def _framework(folder: Path) -> tuple[Framework, str, str]:
    """The framework, its marker and the folder of that: the nearest to the top."""
    for place in _places(folder):
        for framework in FRAMEWORKS:
            for marker in framework.markers:
                file = place / marker.file
                if file.is_file() and re.search(marker.words, _text(file)):
                    root = place.relative_to(folder).as_posix()
                    return framework, file.relative_to(folder).as_posix(), "" if root == "." else f"{root}/"
    return PLAIN, "", ""


def _places(folder: Path) -> Iterator[Path]:
    """`folder`, the folders in it and those in them, the nearest first."""
    level = [folder]
    for _ in range(3):
        yield from level
        level = [below for place in level for below in _folders(place)]


def _folders(place: Path) -> list[Path]:
    try:
        found = sorted(place.iterdir())
    except OSError:
        return []
    return [each for each in found if each.is_dir() and not each.is_symlink() and not is_skipped(each.name)]


def _walked(folder: Path, endings: Collection[str] | None) -> Iterator[Path]:
    """The files below `folder` with these endings, relative to it; None stands for those of articles."""
    found = articles([folder]) if endings is None else articles([folder], endings=endings)
    for path in found:
        if isinstance(path, Path):
            below = path.absolute().relative_to(folder.absolute())
            if below.as_posix().isprintable():  # others cannot be written into a configuration
                yield below


def _below(path: Path, root: str) -> str:
    """`path` relative to the folder of the marker; outside of it, an address that no glob means."""
    return path.as_posix()[len(root) :] if path.as_posix().startswith(root) else "\0"


def _text(file: Path) -> str:
    if tree_left(file) or not file.is_file():
        return ""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


# --- disclaimers ---------------------------------------------------------------------------------------


def _documents(folder: Path, paths: Iterable[Path]) -> Iterator[Document]:
    """The templates as HTML, which they are once their code is overlooked, with the components they use."""
    for path in paths:
        try:
            document = read_bytes((folder / path).read_bytes(), format="html", path=path.as_posix())
        except (OSError, ReadError):
            continue
        used = (
            Include(found[found.lastindex or 0], Span(*found.span()))
            for found in _USED.finditer(document.source)
        )
        yield replace(document, includes=(*document.includes, *used))


def _carriers(templates: Sequence[Document], vocabulary: Vocabulary) -> Iterator[Carrier]:
    """The templates that hold a disclaimer, and those that take one of these in."""
    found = []
    for template in templates:
        said = disclaimers(Page(template, vocabulary))
        if said:
            found.append(Carrier(template.path, " ".join(said[0].sentences[0].text.split())))
    taken = {carrier.path for carrier in found}
    for carrier in found:  # it grows while we go
        yield carrier
        alone = CheckSettings(site_disclaimer=(carrier.name,))
        for template in templates:
            if template.path not in taken and of_site(template, alone):
                taken.add(template.path)
                found.append(Carrier(template.path, "", carrier.path))


def _wrapping(
    place: Path, framework: Framework, carriers: Iterable[Carrier], root: str, settings: str
) -> Iterator[Carrier]:
    """The carriers that are put around every article, because they always are or the site's settings say so."""
    spec = git_spec(framework.around)
    named = {
        Path(found["name"]).with_suffix("").name
        for glob in framework.naming
        for file in sorted(place.glob(glob))
        for found in _LAYOUT.finditer(_text(file))
    }
    for carrier in carriers:
        below = _below(Path(carrier.path), root)
        if spec.match_file(below) or f"/{below}" in settings or Path(carrier.path).stem in named:
            yield carrier


# --- what is stated ------------------------------------------------------------------------------------


def _settings(folder: Path, marker: str) -> Iterator[str]:
    """The files in which a site says what language it is in: its marker, and what stands beside it for Hugo."""
    if marker:
        yield marker
    if marker.startswith("config/"):
        for path in sorted((folder / marker).parent.glob("*.toml")):
            if path.name != Path(marker).name:
                yield path.relative_to(folder).as_posix()


def _languages(folder: Path, settings: Iterable[str], templates: Iterable[Document]) -> Iterator[Stated]:
    told = set()
    sources = [
        *((path, _text(folder / path), _LOCALE) for path in settings),
        *((template.path, template.source, _HTML_LANG) for template in templates),
    ]
    for path, text, pattern in sources:
        for found in pattern.finditer(text):
            country = found["country"]
            value = found["language"] + (f"-{country.upper()}" if country else "")
            if value not in told:
                told.add(value)
                yield Stated(value, path, text.count("\n", 0, found.start("language")) + 1)


# --- what is no article --------------------------------------------------------------------------------


def _excluded(
    folder: Path, walked: Sequence[Path], framework: Framework, root: str, settings: Sequence[str]
) -> Iterator[tuple[str, str]]:
    candidates = [
        *(
            (f"/{root}{glob[1:]}" if glob.startswith("/") else glob, "templates")
            for glob in framework.templates
            if glob.endswith("/")
        ),
        *((f"/{root}{name}/", what) for name, what in framework.others),
        *((f"/{name}", "about the repository") for name in PAPERS),
        *((name, "no article") for name in MACHINES),
        *_foreign(folder, walked, settings),
    ]
    for glob, what in candidates:
        if any(map(git_spec([glob]).match_file, walked)):
            yield glob, what
    if any((folder / ".github").glob("**/*.md")):
        yield "/.github/", "about the repository; a hook names its files"


def _foreign(folder: Path, walked: Sequence[Path], settings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The folders and endings of articles in other languages, as far as the settings of the site name these."""
    stated = "\n".join(_text(folder / path) for path in settings)
    for language in sorted(LANGUAGES):
        if re.search(
            rf"""(?m)["'\[\].\s]{language}(?:[-_][A-Za-z]{{2}})?["'\]]|^\s*{language}\s*:""", stated
        ):
            what = f"in another language ({language}); healthlint reads English"
            for place in sorted(
                {
                    Path(*path.parts[: at + 1]).as_posix()
                    for path in walked
                    for at, name in enumerate(path.parts[:-1])
                    if name.lower() == language or name.lower().startswith((f"{language}-", f"{language}_"))
                }
            ):
                yield f"/{place}/", what
            yield f"*.{language}.md", what


# --- kinds of content ----------------------------------------------------------------------------------

_KINDS = {
    "news": "news",
    "press": "news",
    "recipes": "recipe",
    "recipe": "recipe",
    "exercises": "exercise",
    "exercise": "exercise",
    "workouts": "exercise",
    "stretches": "exercise",
    "products": "product",
    "product": "product",
    "shop": "product",
    "store": "product",
    "leaflets": "patient-leaflet",
    "patient-information": "patient-leaflet",
    "mental-health": "mental-health",
    "research": "research-summary",
    "studies": "research-summary",
    "professionals": "clinician",
    "clinicians": "clinician",
    "hcp": "clinician",
}
"""What folders are called in which a kind of content is found, and the profile for it."""


class Kind(NamedTuple):
    """A folder whose name sounds like a kind of content."""

    folder: str
    profile: str
    articles: int


def kinds_in(paths: Iterable[Path]) -> tuple[Kind, ...]:
    """The folders of articles that are named after a kind of content, the outermost on each way, sorted."""
    found: dict[str, list[str]] = {}
    for path in paths:
        for at, name in enumerate(path.parts[:-1]):
            profile = _KINDS.get(re.sub(r"[_\s]+", "-", name.lower()))
            if profile:
                found.setdefault(Path(*path.parts[: at + 1]).as_posix(), []).append(profile)
                break
    return tuple(Kind(folder, profiles[0], len(profiles)) for folder, profiles in sorted(found.items()))
