"""Files of labelled sentences, and the command line of the programs that measure on them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def asked(about: str, shown: str) -> tuple[list[dict[str, str]], int]:
    """The rows of FILE on the command line, one JSON object a line, and the N of `--show`: print N `shown`."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--show", type=int, default=0, metavar="N", help=f"print N {shown}")
    arguments = parser.parse_args()
    with arguments.file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()], arguments.show
