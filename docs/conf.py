"""The site of the documentation: `sphinx-build -W --keep-going -b html docs BUILD`."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

import healthlint

project = html_title = "healthlint"
version = release = healthlint.__version__
html_theme = "furo"
exclude_patterns = ["recipes/*/**"]  # the sites that the recipes are about
html_copy_source = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["site.css"]

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_heading_anchors = 4
smartquotes = False
default_role = "code"  # docstrings write `name` for code
autodoc_member_order = "bysource"
autodoc_class_signature = "separated"
autodoc_default_options = {"no-value": True}
# Examples hold <<marks>>, which are no HTML: they are shown without colours.
suppress_warnings = ["misc.highlighting_failure"]


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", add_rules)
    app.connect("doctree-read", unlink_folders)


def add_rules(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the pages of the rules below their list, which `healthlint docs` writes for readers without Sphinx."""
    if page == "rules/README":
        source[0] += "\n```{toctree}\n:hidden:\n:glob:\n*\n```\n"


def unlink_folders(app: Sphinx, doctree: nodes.document) -> None:
    """Leave the text of links to folders beside `docs`: only a code host can show them. Files become downloads."""
    for link in list(doctree.findall(pending_xref)):
        if link["refdomain"] is None and (Path(doctree["source"]).parent / link["reftarget"]).is_dir():
            link.replace_self(link.children)
