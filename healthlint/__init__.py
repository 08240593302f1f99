"""A linter for health articles: overclaims, missing disclaimers, no word of seeing a professional.

    import healthlint

    report = healthlint.lint("articles/")
    for violation in report:
        print(violation.path, violation.start.line, violation.rule, violation.text)

It checks wording, not truth. Importing it is cheap: readers, rules and spaCy are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from healthlint.config import Config as Config
    from healthlint.config import read_config as read_config
    from healthlint.document import Document as Document
    from healthlint.errors import DataError as DataError
    from healthlint.errors import HealthlintError as HealthlintError
    from healthlint.errors import ReadError as ReadError
    from healthlint.linter import Linter as Linter
    from healthlint.readers import read as read
    from healthlint.report import Report as Report
    from healthlint.rule import Rule as Rule
    from healthlint.rulebook import load_rules as load_rules
    from healthlint.run import lint as lint
    from healthlint.run import lint_many as lint_many
    from healthlint.run import lint_text as lint_text
    from healthlint.span import Position as Position
    from healthlint.span import Span as Span
    from healthlint.violation import Violation as Violation
    from healthlint.work import Linters as Linters

__version__ = "0.1.0"

_HOMES = {
    "Config": "config",
    "DataError": "errors",
    "Document": "document",
    "HealthlintError": "errors",
    "Linter": "linter",
    "Linters": "work",
    "Position": "span",
    "ReadError": "errors",
    "Report": "report",
    "Rule": "rule",
    "Span": "span",
    "Violation": "violation",
    "lint": "run",
    "lint_many": "run",
    "lint_text": "run",
    "load_rules": "rulebook",
    "read": "readers",
    "read_config": "config",
}

__all__ = [
    "Config",
    "DataError",
    "Document",
    "HealthlintError",
    "Linter",
    "Linters",
    "Position",
    "ReadError",
    "Report",
    "Rule",
    "Span",
    "Violation",
    "__version__",
    "lint",
    "lint_many",
    "lint_text",
    "load_rules",
    "read",
    "read_config",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"healthlint.{_HOMES[name]}"), name)
    raise AttributeError(f"module “healthlint” has no attribute “{name}”")
