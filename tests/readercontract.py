"""What every reader promises of a document, and the place at which its words are reported."""

from __future__ import annotations

from healthlint.document import HOLE, Block, Document
from healthlint.readers.prose import FOLDS


def holds(document: Document) -> None:
    """Assert the contract of readers (see `healthlint.document`)."""
    source = document.source
    assert all(block.zone in ("hidden", "article") for block in document.hidden)
    for block in (*document.blocks, *document.hidden):
        at = 0
        disguised = {disguise.span for disguise in block.disguises}
        for disguise in block.disguises:
            assert 0 <= disguise.span.start < disguise.span.end <= len(source)
        for text, span in block.runs:
            assert text
            assert at <= span.start < span.end <= len(source), (text, span)
            at = span.end
            if len(text) == span.end - span.start and text not in (HOLE, " "):
                written = source[slice(*span)].translate(FOLDS)
                assert written == text or not written.isascii() or span in disguised
        assert block.text == " ".join(block.text.split())
        for start, end, _ in block.links:
            assert 0 <= start <= end <= len(block.text)
    for found in (*document.fields, *document.directives, *document.includes, *document.faults):
        assert 0 <= found.span.start <= found.span.end <= len(source)
    zones = [block.zone == "metadata" for block in document.blocks]
    assert zones == sorted(zones, reverse=True)


def place(document: Document, block: Block, words: str) -> str:
    """Where the first `words` of a block stand in the source: "line:column-line:column"."""
    start = block.text.index(words)
    span = block.source_span(start, start + len(words))
    first, last = document.position(span.start), document.position(span.end)
    return f"{first.line}:{first.column}-{last.line}:{last.column}"
