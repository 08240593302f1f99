"""Tables of articles become tables of findings: Arrow in, Arrow out, one batch after the other.

    from healthlint.tables import lint_batches

    for batch in lint_batches(table.to_batches(), text_column="body"):
        ...

This is what `healthlint scan` and the distributed engines run; it needs the extra `tables`.
"""

from __future__ import annotations

from healthlint.tables.batches import BatchLinter, lint_batches, rules_sha256
from healthlint.tables.layout import FINDING, STATUSES, documents, findings, schema

__all__ = [
    "FINDING",
    "STATUSES",
    "BatchLinter",
    "documents",
    "findings",
    "lint_batches",
    "rules_sha256",
    "schema",
]
