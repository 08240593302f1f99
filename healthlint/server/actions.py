"""What an editor offers to do about violations: fixes, and suppressions for who knows better."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from lsprotocol import types

from healthlint.document import Document
from healthlint.server.comment import suppressing_here, suppressing_in_file
from healthlint.span import Span
from healthlint.violation import Edit, Violation
from healthlint.visible import visible

FIX_ALL = "source.fixAll.healthlint"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)
"""The kinds of action there are."""

_MOST = 8
"""Of how many violations at one place suppressions are offered; who selects a whole article wants none."""
_LONGEST = 60

_Proved = Callable[[Sequence[Violation]], Sequence[Violation]]
_Changed = Callable[[Sequence[Edit]], types.WorkspaceEdit]
_Shown = Callable[[Violation], types.Diagnostic]


def actions(
    document: Document,
    violations: Sequence[Violation],
    selected: Span,
    *,
    only: Sequence[str] | None,
    proved: _Proved,
    changed: _Changed,
    shown: _Shown,
) -> list[types.CodeAction]:
    """What can be done about those of the `violations` of `document` that meet the `selected` span.

    `only` are the kinds that were asked for, None for all. `proved` says of which violations the edits can be
    made together, `changed` makes a change of the article of edits, and `shown` is how a violation was shown.
    """
    found: list[types.CodeAction] = []
    if _wanted(types.CodeActionKind.QuickFix, only):
        touched = [each for each in violations if _meet(each.span, selected)]
        fixable = [each for one in touched for each in proved([one])]
        found.extend(_fix(each, changed, shown) for each in fixable)
        found.extend(
            _suggestion(each, changed, shown) for each in touched if each.suggestion and each not in fixable
        )
        for each in touched if len(touched) <= _MOST else ():
            found.extend(_suppressions(document, each, changed, shown))
    if _wanted(FIX_ALL, only) and (edits := [edit for each in proved(violations) for edit in each.edits]):
        found.append(types.CodeAction("Fix all that healthlint can fix", FIX_ALL, edit=changed(edits)))
    return found


def _wanted(kind: str, only: Sequence[str] | None) -> bool:
    return only is None or any(kind == each or kind.startswith(f"{each}.") for each in only)


def _fix(found: Violation, changed: _Changed, shown: _Shown) -> types.CodeAction:
    return types.CodeAction(
        _title(found),
        types.CodeActionKind.QuickFix,
        diagnostics=[shown(found)],
        is_preferred=True,
        edit=changed(found.edits),
    )


def _suggestion(found: Violation, changed: _Changed, shown: _Shown) -> types.CodeAction:
    return types.CodeAction(
        f"Write “{visible(found.suggestion)}”, and look whether it fits",
        types.CodeActionKind.QuickFix,
        diagnostics=[shown(found)],
        edit=changed([Edit(found.span, found.suggestion)]),
    )


def _title(found: Violation) -> str:
    words = visible(" ".join(found.edits[0].text.split()))
    if len(found.edits) > 1 or len(words) > _LONGEST:
        return f"Fix {found.rule}"
    if not words:
        return f"Take out “{visible(found.text)}”" if len(found.text) <= _LONGEST else f"Fix {found.rule}"
    return f"Insert “{words}”" if found.edits[0].span.start == found.edits[0].span.end else f"Write “{words}”"


def _suppressions(
    document: Document, found: Violation, changed: _Changed, shown: _Shown
) -> Iterator[types.CodeAction]:
    here, in_file = suppressing_here(document, found), suppressing_in_file(document, found)
    for title, suppressing in chain(
        [(f"Suppress {found.rule} for this {here.what}", here)] if here else [],
        [(f"Switch {found.rule} off in this file", in_file)] if in_file else [],
    ):
        yield types.CodeAction(
            title,
            types.CodeActionKind.QuickFix,
            diagnostics=[shown(found)],
            edit=changed([suppressing.edit]),
        )


def _meet(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
