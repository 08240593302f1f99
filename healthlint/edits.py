"""What may be put into an article to set a violation right, when the configuration holds it ready."""

from __future__ import annotations

from healthlint.document import Document
from healthlint.readers.insertion import front_matter_keys, paragraph
from healthlint.settings import Additions
from healthlint.span import Span
from healthlint.violation import Edit

DISCLAIMER_MISSING = "disclaimer-missing"
"""The check whose violations a notice sets right."""


def additions_for(document: Document, rule: str, check: str, ready: Additions) -> tuple[Edit, ...]:
    """The edits that set right what `rule`, which asks the check `check`, has found in `document`; often none."""
    insertion = None
    pairs = dict(ready.front_matter).get(rule)
    if pairs:
        insertion = front_matter_keys(document, pairs)
    elif check == DISCLAIMER_MISSING and ready.disclaimer:
        insertion = paragraph(document, ready.disclaimer)
    return (Edit(Span(insertion.at, insertion.at), insertion.text),) if insertion else ()
