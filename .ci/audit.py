"""Whether a vulnerability is known of any package installed in a folder: `python .ci/audit.py SITE-PACKAGES`.

Needs `pip-audit`, which asks PyPI. Exits with 0 when all packages were looked up and nothing is known, 1 when something
is, and 2 when some could not be looked up: then pip-audit itself says that it found none.
"""

from __future__ import annotations

import json
import subprocess
import sys

OURS = "healthlint"


def main(folder: str) -> int:
    """Say what is known, and give the exit code."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--path",
        folder,
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:  # it has said on standard error what failed
        return 2
    packages = [package for package in packages if package["name"] != OURS]
    known = [(package, fault) for package in packages for fault in package.get("vulns", ())]
    unasked = [package["name"] for package in packages if "vulns" not in package]
    for package, fault in known:
        fixed = ", ".join(fault["fix_versions"]) or "no version"
        print(f"{package['name']} {package['version']}: {fault['id']}, fixed in {fixed}")
    if unasked:
        print(f"{len(unasked)} of {len(packages)} packages could not be looked up: {', '.join(unasked)}")
    if not known and not unasked:
        print(f"no vulnerability is known of {len(packages)} packages")
    return 1 if known else 2 if unasked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
