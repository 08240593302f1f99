"""Whether a vulnerability is known of any package installed in a folder: `python .ci/audit.py SITE-PACKAGES`.

Needs `pip-audit`, which asks PyPI. Exits with 0 when all packages were looked up and nothing is known, 1 when something
is, and 2 when some could not be looked up: then pip-audit itself says that it found none.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pip_audit._dependency_source import PipSource
from pip_audit._service import PyPIService, ServiceError
from requests import RequestException, Response, Session

OURS = "healthlint"


class _Mirrored(Session):
    """Some mirrors of PyPI have no page for a version, but one for the project, which tells of its newest version."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, url: str, *, timeout: float | None) -> Response:  # type: ignore[override]
        answer = self._session.get(url=url, timeout=timeout)
        if answer.status_code == 404:
            project, version = url.removesuffix("/json").rsplit("/", 1)
            newest = self._session.get(url=f"{project}/json", timeout=timeout)
            if newest.ok and newest.json()["info"]["version"] == version:
                return newest
        return answer


def main(folder: str) -> int:
    """Say what is known, and give the exit code."""
    service = PyPIService(timeout=30)
    service.session = _Mirrored(service.session)
    packages = [each for each in PipSource(paths=[Path(folder)]).collect() if each.name != OURS]
    known, unasked = False, []
    for package in packages:
        try:
            asked, faults = service.query(package)
        except (ServiceError, RequestException) as error:
            print(f"{package.name}: {error}", file=sys.stderr)
            unasked.append(package.name)
            continue
        if asked.is_skipped():
            unasked.append(f"{package.name} {package.version}")
        for fault in faults:
            known = True
            fixed = ", ".join(map(str, fault.fix_versions)) or "no version"
            print(f"{package.name} {package.version}: {fault.id}, fixed in {fixed}")
    if unasked:
        print(f"{len(unasked)} of {len(packages)} packages could not be looked up: {', '.join(unasked)}")
    if not known and not unasked:
        print(f"no vulnerability is known of {len(packages)} packages")
    return 1 if known else 2 if unasked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
