"""What comes out: a row for each article, with the findings in it, and how that becomes two plain tables."""

from __future__ import annotations

import pyarrow as pa

STATUSES = ("ok", "skipped", "error", "timeout")
"""What became of an article: checked; not to be checked; could not be checked; took too long."""

FINDING = pa.struct(
    {
        "rule": pa.string(),
        "family": pa.string(),
        "severity": pa.string(),
        "message": pa.string(),
        "text": pa.string(),
        "start_offset": pa.int32(),
        "end_offset": pa.int32(),
        "start_line": pa.int32(),
        "start_column": pa.int32(),
        "end_line": pa.int32(),
        "end_column": pa.int32(),
        "whole": pa.bool_(),
        "fix": pa.string(),
        "url": pa.string(),
        "also": pa.list_(pa.string()),
        "packs": pa.list_(pa.string()),
    }
)
"""One violation. Offsets are code points of the text, from 0, half-open; lines and columns count from 1. `whole`
says that it concerns the article as a whole, and not the words at that place; the rest is as in `Violation`."""

_STATUS = {
    "status": pa.string(),
    "reason": pa.string(),
    "format": pa.string(),
    "profile": pa.string(),
    "packs": pa.list_(pa.string()),
    "suppressed": pa.int32(),
    "text_sha256": pa.string(),
    "healthlint": pa.string(),
    "rules_sha256": pa.string(),
    "config_sha256": pa.string(),
}


def schema(id_type: pa.DataType | None = None) -> pa.Schema:
    """The schema of `lint_batches`, for ids of that type; without one they are strings.

    `status` is one of `STATUSES`, `reason` says why it is not “ok” and is null when it is. `format`, `profile` and
    `packs` are as what and under what the article was checked, null when it was not; `suppressed` counts what its
    author let stand. `text_sha256` is that of its bytes, in UTF-8 for what came as text, in hexadecimal; null without
    a text. `healthlint` is the version, `rules_sha256` the digest of all rules read, `config_sha256` that of the
    configuration file, "" for none. `findings` is a list of `FINDING`, in the order of the text.
    """
    return pa.schema({"id": id_type or pa.string(), **_STATUS, "findings": pa.list_(FINDING)})


def documents(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A row for each article, with the number of its findings, `finding_count`, in place of these."""
    counts = batch.column("findings").value_lengths()
    return batch.drop_columns(["findings"]).append_column("finding_count", counts)


def findings(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A row for each finding: the columns of the article that come before `status`, then those of `FINDING`."""
    found = batch.column("findings")
    article = batch.select(batch.schema.names[: batch.schema.get_field_index("status")]).take(
        found.value_parent_indices()
    )
    flat = found.flatten().flatten()
    return pa.record_batch(
        [*article.columns, *flat],
        schema=pa.schema([*article.schema, *FINDING.fields]),
    )
