"""The page docs/licences.md: under which licence each package comes that healthlint needs when it runs.

`python -m pip install '.[lsp,tables,spark,ray]' && python .ci/licences.py > docs/licences.md`
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

EXTRAS = ("lsp", "tables", "spark", "ray")

PAGE = """\
# Licences

healthlint is under the MIT licence. So that it runs, `pip` installs these packages with it, each under a licence of its
own; none of them is in healthlint’s wheel. The licences are permissive, but for one: the MPL 2.0 asks whoever passes on
changed files of a package to pass on their source. healthlint uses such packages as they are: {by_file}.

A test fails when a package is needed that is not on this page, or has a licence of another kind. The page is made with
`python .ci/licences.py > docs/licences.md`; the versions are those that were installed then.

{tables}"""

NAMES: Mapping[str, str] = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "BSD 3-Clause License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "http://www.apache.org/licenses/LICENSE-2.0": "Apache-2.0",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""How packages call the licences that have an SPDX identifier; which of the BSD licences it is, not all say."""


class Package(NamedTuple):
    """An installed package."""

    name: str
    version: str
    licence: str
    """An SPDX expression, where the package says enough."""


def needed(name: str, extra: str = "") -> dict[str, Package]:
    """All that the installed package needs here with that extra, by name; raises PackageNotFoundError.

    What it needs without the extra is left out.
    """
    found = dict(_tree(name, extra, set()))
    without = dict(_tree(name, "", set())) if extra else {name: None}
    return {each: found[each] for each in sorted(found.keys() - without.keys())}


def _tree(name: str, extra: str, seen: set[tuple[str, str]]) -> Iterator[tuple[str, Package]]:
    if (name, extra) in seen:
        return
    seen.add((name, extra))
    installed = distribution(name)
    yield name, Package(installed.metadata["Name"], installed.version, licence(installed))
    for requirement in map(Requirement, installed.requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            for more in ("", *requirement.extras):
                yield from _tree(canonicalize_name(requirement.name), more, seen)


def licence(installed: Distribution) -> str:
    """What a package says of its licence: in its metadata, or else on the first line of the file that has the terms."""
    said = installed.metadata.get("License-Expression") or installed.metadata.get("License") or ""
    if not said or "\n" in said:
        classifiers = installed.metadata.get_all("Classifier") or []
        said = " AND ".join(
            line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License :: OSI")
        )
    if not said:
        said = next(
            each.read_text(encoding="utf-8").strip().partition("\n")[0]
            for each in installed.files or ()
            if each.name.startswith("LICENSE")
        )
    return NAMES.get(said, said)


def table(packages: Mapping[str, Package]) -> str:
    """In Markdown."""
    rows = "".join(f"| {' | '.join(package)} |\n" for package in packages.values())
    return f"| package | version | licence |\n| --- | --- | --- |\n{rows}"


def page() -> str:
    """The page, in Markdown; raises PackageNotFoundError when an extra is not installed."""
    parts = {"Always": needed("healthlint")}
    parts |= {f"With `healthlint[{extra}]`": needed("healthlint", extra) for extra in EXTRAS}
    everything = {name: package for part in parts.values() for name, package in part.items()}
    return PAGE.format(
        by_file=", ".join(each.name for each in everything.values() if "MPL" in each.licence),
        tables="\n".join(f"## {heading}\n\n{table(part)}" for heading, part in parts.items()),
    )


if __name__ == "__main__":
    try:
        sys.stdout.write(page())
    except PackageNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed; python -m pip install '.[{','.join(EXTRAS)}]'")
