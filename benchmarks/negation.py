"""Whether our negation decides as annotators did: `python benchmarks/negation.py FILE [--show N]`.

FILE has one JSON object a line: `text`, a sentence in which one concept stands in capitals; `concept`, its words;
`label`, "Affirmed" or "Negated". Such a file is made from the clinical sentences published with the code of NegEx
(Chapman et al., J Biomed Inform 2001;34:301-310). Notes are not articles: what they share is how English denies.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from labelled import asked

from healthlint.context import Context, Contexts, CueSet
from healthlint.page import Page
from healthlint.readers import read_text
from healthlint.rule import Match
from healthlint.rulebook import load_rules
from healthlint.span import Span
from healthlint.vocabulary import Vocabulary


class Decision(NamedTuple):
    """A sentence, what the annotators said of its concept, and what we say."""

    text: str
    negated: bool
    context: Context | None
    """The words that deny the concept, as we see it."""

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.negated == (self.context is not None)


def target(text: str, concept: str) -> Span | None:
    """Where the concept stands in capitals, else anywhere; None when the sentence holds no more than a part.

    Of several places the last: the heading of a section is in capitals too ("ALLERGIES: no known ALLERGIES").
    """
    pattern = r"\s*".join(re.escape(word) for word in concept.split())
    places = [Span(*found.span()) for found in re.finditer(pattern, text, re.IGNORECASE)]
    capitals = [place for place in places if text[place.start : place.end].isupper()]
    return next(reversed(capitals or places), None)


def denial(text: str, place: Span, vocabulary: Vocabulary, cues: CueSet) -> Context | None:
    """The words by which `text` denies what stands at `place` (code points); None when it is affirmed."""
    page = Page(read_text(text, format="text"), vocabulary)
    contexts = Contexts(page, cues, {})
    for sentence in page.sentences():
        literals = tuple(
            number
            for number in range(len(sentence.tokens))
            if sentence.span(number, number).start < place.end
            and place.start < sentence.span(number, number).end
        )
        if literals:
            match = Match(place, text[place.start : place.end], sentence, literals)
            for context in contexts.of(match, ["negated"]):
                return context
    return None


def decisions(rows: Iterable[Mapping[str, str]]) -> list[Decision]:
    """What we say of each row of such a file; rows cut off inside their concept are left out."""
    vocabulary = load_rules()[0].vocabulary
    cues = CueSet(vocabulary)
    targets = ((row, target(row["text"], row["concept"])) for row in rows)
    return [
        Decision(row["text"], row["label"] == "Negated", denial(row["text"], place, vocabulary, cues))
        for row, place in targets
        if place
    ]


def main() -> None:
    """Measure and print."""
    rows, show = asked(__doc__, "disagreements of each kind")
    decided = decisions(rows)
    count = Counter((each.negated, each.context is not None) for each in decided)
    both, missed, alarms = count[True, True], count[True, False], count[False, True]
    agreed = sum(each.agrees for each in decided)
    print(f"{len(decided)} sentences, {both + missed} of them negated")
    print(f"agreement            {agreed / max(1, len(decided)):6.1%}  ({agreed})")
    print(
        f"negation: precision  {both / max(1, both + alarms):6.1%}  ({alarms} affirmed ones taken for denied)"
    )
    print(f"          recall     {both / max(1, both + missed):6.1%}  ({missed} denied ones not seen)")
    for title, negated in (("denied, and not seen", True), ("affirmed, and taken for denied", False)):
        wrong = [each for each in decided if each.negated is negated and not each.agrees]
        if show and wrong:
            print(f"\n{title}:")
        for each in wrong[:show]:
            words = f"  [{each.text[slice(*each.context.span)]}]" if each.context else ""
            print(f"  - {each.text}{words}")


if __name__ == "__main__":
    main()
