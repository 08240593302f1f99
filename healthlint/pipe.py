"""healthlint as a component of spaCy pipelines: `nlp.add_pipe("healthlint")`.

spaCy finds this module by its entry point and imports it for every pipeline, with or without the component; so it
imports little itself. Nothing of healthlint imports it, so that only those who have a pipeline pay for spaCy.
"""
# ruff: noqa: PLC0415 - see above.

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as TokenSpan

if TYPE_CHECKING:
    from healthlint.violation import Violation
    from healthlint.work import Linters


@dataclass(frozen=True)
class Component:
    """Puts what is found in the text of a `Doc` on the `Doc`.

    A violation in a sentence becomes a span in `doc.spans[spans_key]`: its label is the rule, its tokens are
    those that hold some of the violation, and `span._.healthlint` is the `Violation` with its exact place in
    `doc.text`, but without its `source_line`. `doc._.healthlint` is a tuple of the violations that concern the
    article as a whole.
    """

    linters: Linters
    format: str
    spans_key: str

    def __call__(self, doc: Doc) -> Doc:
        """`doc` with what is found in it. Raises `ReadError` when it cannot be checked."""
        from healthlint.errors import ReadError
        from healthlint.readers import read_text
        from healthlint.run import report_of

        report = report_of([read_text(doc.text, format=self.format)], self.linters)
        if report.failures:
            raise ReadError("; ".join(failure.message for failure in report.failures))
        doc._.healthlint_data = [_data(each) for each in report if not each.sentence]
        doc.spans[self.spans_key] = [_span(doc, each) for each in report if each.sentence]
        return doc


@Language.factory(
    "healthlint",
    assigns=["doc.spans", "doc._.healthlint", "span._.healthlint"],
    default_config={"format": "text", "config": None, "select": [], "ignore": [], "spans_key": "healthlint"},
)
def component(
    nlp: Language,
    name: str,
    *,
    format: str,
    config: str | None,
    select: list[str],
    ignore: list[str],
    spans_key: str,
) -> Component:
    """The component, all of which is in the configuration of the pipeline.

    `format` is as what the text is read; `config` names a configuration file, without which the built-in rules
    hold as they are; `select` and `ignore` are rules and families, as for `healthlint check`. Raises `ReadError`
    for a format that has no reader, and `DataErrors` for a configuration or names that cannot be used.
    """
    from healthlint.config import read_config
    from healthlint.readers import read_text
    from healthlint.run import builtin
    from healthlint.work import Linters

    read_text("", format=format)
    given = read_config(Path(config)) if config else builtin().config
    return Component(Linters(given.narrowed(select, ignore)), format, spans_key)


# --- what spaCy stores ---------------------------------------------------------------------------------


def _span(doc: Doc, violation: Violation) -> TokenSpan:
    start, end = violation.span
    span = doc.char_span(start, end, label=violation.rule, alignment_mode="expand")
    assert span is not None  # every character that is no space is in some token
    # Violations of two rules may lie in the same tokens, and attributes belong to the tokens.
    span._.healthlint_data = {**(span._.healthlint_data or {}), violation.rule: _data(violation)}
    return span


def _data(violation: Violation) -> dict[str, Any]:
    # In text without line ends the line is all there is, and the document has it already.
    return {**asdict(violation), "source_line": ""}


def _in_doc(doc: Doc) -> tuple[Violation, ...]:
    from healthlint.violation import violation_of

    return tuple(map(violation_of, doc._.healthlint_data or ()))


def _in_span(span: TokenSpan) -> Violation | None:
    from healthlint.violation import violation_of

    found = (span._.healthlint_data or {}).get(span.label_)
    return violation_of(found) if found else None


Doc.set_extension("healthlint_data", default=None, force=True)
TokenSpan.set_extension("healthlint_data", default=None, force=True)
Doc.set_extension("healthlint", getter=_in_doc, force=True)
TokenSpan.set_extension("healthlint", getter=_in_span, force=True)
