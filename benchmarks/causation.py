"""How often sentences that claim no cause are flagged: `python benchmarks/causation.py FILE [--show N]`.

FILE has one JSON object a line: `text`, a sentence, and `label_meaning`, how strongly it words a cause ("no
relationship", "correlational", "conditional causal", "direct causal"), such as the conclusions of PubMed abstracts
that Yu, Li and Wang labelled (EMNLP 2019, "Detecting causal language use in science findings"). Each sentence is
read as an article of its own. The share that is flagged should be near nought for all classes but the last; in that
one it need not be high, for a conclusion of a trial may say that one thing causes another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from labelled import asked

from healthlint.linter import Linter
from healthlint.readers import read_text
from healthlint.rulebook import load_rules
from healthlint.violation import Violation


class Verdict(NamedTuple):
    """A sentence, its class, and the warnings and errors that it gets."""

    text: str
    meaning: str
    violations: tuple[Violation, ...]

    @property
    def causal(self) -> bool:
        """Whether one of them is about a cause."""
        return any(each.family == "causation" for each in self.violations)


def verdicts(rows: Iterable[Mapping[str, str]]) -> Iterator[Verdict]:
    """What the rules that judge sentences, warning and above, say of each row of such a file."""
    linter = Linter(
        [
            rule
            for rule in load_rules()
            if rule.default and rule.severity != "info" and (rule.phrases or rule.tokens)
        ]
    )
    for row in rows:
        yield Verdict(
            row["text"], row["label_meaning"], tuple(linter.lint(read_text(row["text"], format="text")))
        )


def main() -> None:
    """Measure and print."""
    rows, show = asked(__doc__, "flagged ones of each class")
    all_verdicts = list(verdicts(rows))
    print(f"{'class':30}{'sentences':>10}{'causation':>16}{'any warning':>16}")
    classes = dict.fromkeys(each.meaning for each in all_verdicts)
    for meaning in classes:
        members = [each for each in all_verdicts if each.meaning == meaning]
        causal = sum(each.causal for each in members)
        flagged = sum(bool(each.violations) for each in members)
        print(
            f"{meaning:30}{len(members):10}"
            f"{causal:8} {causal / len(members):7.2%}{flagged:8} {flagged / len(members):7.2%}"
        )
    for meaning in classes if show else ():
        print(f"\n{meaning}, and flagged:")
        flagged_ones = [each for each in all_verdicts if each.meaning == meaning and each.violations]
        for each in flagged_ones[:show]:
            places = ", ".join(f"{found.rule}: {found.text}" for found in each.violations)
            print(f"  - {each.text}  [{places}]")


if __name__ == "__main__":
    main()
