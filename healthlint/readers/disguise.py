"""Words that are not spelt as they are read: look-alike letters, digits for letters, letters set apart.

They are read as the words that people see. What an honest writer has cause to write is folded without a word
(`Fold.by` is ""), or left alone: “β-carotene”, “TNFα”, “H2O”, “rehydrated” across two lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import accumulate, pairwise, product
from typing import Literal, NamedTuple
from unicodedata import normalize

from healthlint.document import Block, Disguise, Link, Run
from healthlint.language import MARKS, composed
from healthlint.span import Span

CLAIMED = frozenset(
    """
    100 aids allergies allergy alzheimer alzheimers amazing anxiety arthritis asthma autism banish beat beats best
    better blood body breakthrough burn burns cancer cancers chemo chemotherapy cholesterol clinically completely
    covid cure cureall cured cures curing dangerous deadly dementia depression detox detoxes detoxifies detoxify
    diabetes diabetic disease diseases doctor doctors drug drugs eczema effect effective effects eliminate
    eliminates eliminating epilepsy eradicate eradicates erectile fast forever free gone gout guarantee guaranteed
    guarantees harmless heal healed healing heals heart hepatitis herbal herpes immune immunity infection instant
    instantly insulin kill kills lose lupus magic magical medical medication medications medicine medicines melt
    melts migraine migraines miracle miracles miraculous natural naturally never obesity overnight pain painless
    permanent permanently pharma prevent prevents promise promised proof proven psoriasis quickly relief relieve
    relieves remedies remedy reverse reversed reverses reversing risk safe safely sciatica science scientifically
    secret secrets side sole statins steroids stop stops stroke supplement supplements toxin toxins treat treated
    treatment treatments treats tumor tumors tumour tumours vaccine vaccines vanish virus weight without wonder
    works
    """.split()
)
"""Words of claims: the only ones made out where the same signs have honest uses too."""
_LONGEST = max(map(len, CLAIMED))
_SMALL = frozenset(
    "a all and any are by can every for from has have in is it my no not of on or our that the this to we will with"
    " you your".split()
)
"""Words that stand between them where every letter is set apart."""


def _pairs(pairs: str) -> dict[str, str]:
    """Each character of a group, to the letter that the group begins with."""
    return {alike: group[0] for group in pairs.split() for alike in group[1:]}


_GREEK = _pairs(
    "aα bβ cϲ eε iι jϳ kκ nη oοσ pρ tτ uυμ vν wω xχ yγ AΑ BΒ EΕ ZΖ HΗ IΙ KΚ MΜ NΝ OΟ PΡ TΤ YΥ XΧ CϹ"
)
_PHONETIC = _pairs("aᴀɑ bʙ cᴄ dᴅ eᴇ fꜰ gɢɡ hʜɦ iɪɩı jᴊ kᴋ lʟ mᴍ nɴ oᴏ pᴘ qꞯ rʀ sꜱ tᴛ uᴜ vᴠ wᴡ yʏ zᴢ")
_FOREIGN = {
    # Cyrillic
    **_pairs(
        "aа bв cс dԁ eеёє gԍ hһн iіїӏ jј kкҡқ mм nпӊ oоө pр qԛ rг sѕ tт uц vѵ wԝѡ xхҳ yуүў AА BВ CС DԀ EЕЁ"
    ),
    **_pairs("GԌ HН IІЇӀ JЈ KК MМ OО PР QԚ RЯ SЅ TТ VѴ WԜ XХ YУҮ ZꙀ NИ"),
    # Armenian, Cherokee, Lisu, and Latin letters of other alphabets
    **_pairs("gց hհ jյ nոռ oօ qզ uս LԼ OՕ SՏ UՍ AᎪꓮ BᏴꓐ CᏟꓚ DᎠꓓ EᎬꓰ FꓝϜ GᏀꓖ HᎻꓧ IᏆꓲ JᎫꓙ KᏦꓗ LᏞꓡ MᎷꓟ NꓠƝ OꓳƟ"),
    **_pairs("PᏢꓑ RᎡꓣ SᏚꓢ TᎢꓔ UꓴƱ VᏙꓦ WᎳꓪ XꓫꞳ YᎩꓬ ZᏃꓜ"),
}
_EXACT = frozenset("οΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ")
"""Greek letters that nobody can tell from Latin ones."""
_ENCLOSED = "\u24b6-\u24e9\U0001f110-\U0001f189"
_FLAG = "\U0001f1e6-\U0001f1ff"
_STYLED = f"\u00aa\u00ba\u02b0-\u02b8\u02e1-\u02e3\u1d2c-\u1d6a\u2071\u207f\u2090-\u209c\u2100-\u214f\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff{_ENCLOSED}"
_LIGATURE = "\ufb00-\ufb06"
# Pictures, without those that mark the items of lists: pointing hands, circles, squares and triangles.
_EMOJI = "\u2600-\u2604\u2618-\u26ff\u2764\U0001f300-\U0001f445\U0001f44a-\U0001f517\U0001f525-\U0001f533\U0001f54a-\U0001f7df\U0001f900-\U0001faff"
_ODD = re.compile(
    f"[{MARKS}{_STYLED}{_LIGATURE}{_FLAG}{_EMOJI}€\u00c0-\u017f\u1e00-\u1eff"
    f"{''.join(map(re.escape, {**_GREEK, **_PHONETIC, **_FOREIGN}))}]"
)
_WORD = re.compile(f"(?:[^\\W_]|[{MARKS}{_ENCLOSED}{_FLAG}])+")
_PICTURED = re.compile(f"(?<![A-Za-z])[A-Za-z]+(?:[{_EMOJI}]+[A-Za-z]+)+")
_PARTED_BY_PICTURE = re.compile(f"(?<=[a-z]) ?[{_EMOJI}]+ ?(?=[a-z])")
_REFERENCE = re.compile(r"&(?:amp;)*(?P<what>#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_REFERENCES = re.compile(rf" *(?:{_REFERENCE.pattern.replace('?P<what>', '?:')} *)+")
_SPACES = re.compile(r"\s+")
_SPELT_BY_REFERENCES = re.compile(
    r"(?<![A-Za-z])[A-Za-z]*(?:&(?:amp;)*#(?:\d{1,7}|[xX][0-9A-Fa-f]{1,6});[A-Za-z]*)+"
)
_LATIN = re.compile(r"[A-Za-z]{2,}")
_LONG_PIECE = 4
"""Zero-width spaces part long words where a line may end, between parts of at least so many letters."""
_LONGEST_ACRONYM = 5
"""From so many capitals on, letters that are set apart make a word: “F A S T” is an acronym."""
_LINE_END = re.compile(r"(?<![\w-])(?P<first>[A-Za-z]+)- (?P<second>[a-z]+)(?![\w-])")
_SET_APART = re.compile(
    r"(?<![\w.*-])[A-Za-z](?: {1,3}[A-Za-z]){3,}(?![\w'])"
    r"|(?<![\w.*-])(?:[a-z](?P<mark>[.*_·-])(?:[a-z](?P=mark)){2,}[a-z])(?!\w)"
)
_SPELT = re.compile(r"(?<![\w@$/.#+-])[A-Za-z0134578@$€!|]{3,23}[A-Za-z$](?![\w@/])")
_SIGNS = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "€": "e", "!": "i", "|": "il",
}  # fmt: skip
# Each begins with one character or one set of them: so a search passes quickly over what begins nothing.
_PERHAPS = re.compile(
    r"[&.*_\-0134578@$!|](?:(?<=[0134578@$!|])[A-Za-z]|(?<=[A-Za-z][@$])|(?<=[.*_-])[a-z][.*_-][a-z][.*_-]|(?<=-) [a-z]"
    r"|(?<=&)[#\w]+;)"
)
_PERHAPS_SET_APART = re.compile(r" [A-Za-z] {1,3}[A-Za-z] ")


class Fold(NamedTuple):
    """A stretch of a block's text, and how it is to be read."""

    start: int
    end: int
    instead: str
    by: str = ""
    """How it is disguised; "" when honest writers do so too."""


class Told(NamedTuple):
    """The prose of a block, as it is read."""

    runs: tuple[Run, ...]
    links: tuple[Link, ...]
    disguises: tuple[Disguise, ...]


Sign = Literal["soft hyphen", "unseen", "reference", "backwards"]


class Note(NamedTuple):
    """Something about how a character is written that its text no longer shows."""

    at: int
    """In the text of the block: the character, or the one behind what is not seen."""
    sign: Sign


def unmasked(runs: tuple[Run, ...], links: tuple[Link, ...], notes: Sequence[Note] = ()) -> Told:
    """`runs` in which disguised words are plain, each at its place, and what was disguised and how."""
    text = "".join(run.text for run in runs)
    told = Told(runs, links, tuple(_interrupted(text, runs, notes)) if notes else ())
    is_plain = text.isascii() or not _ODD.search(text)
    if is_plain and not _PERHAPS.search(text) and not _PERHAPS_SET_APART.search(text):
        return told
    for folds in _FOLDS:
        found = list(folds(text))
        if found:
            told = _folded(told, found)
            text = "".join(run.text for run in told.runs)
    return told


def _interrupted(text: str, runs: tuple[Run, ...], notes: Sequence[Note]) -> Iterator[Disguise]:
    """The words inside which stands what nobody sees, or whose letters are written as references."""
    block, first = Block("paragraph", runs), 0
    for word in _LATIN.finditer(text):
        start, end = word.span()
        while first < len(notes) and notes[first].at < start:
            first += 1
        last = first
        while last < len(notes) and notes[last].at < end:
            last += 1
        inside = [
            note for note in notes[first:last] if note.at > start or note.sign in ("reference", "backwards")
        ]
        by = _interruption(word[0], start, inside)
        if by and not (
            "@" in text[end : end + 40].split(" ", maxsplit=1)[0] or text[start - 1 : start] == "@"
        ):
            yield Disguise(word[0], block.source_span(start, end), by)


def _interruption(word: str, start: int, notes: Sequence[Note]) -> str:
    """How `notes` disguise a word that begins at `start`; "" when they do not."""
    places = {
        sign: [note.at - start for note in notes if note.sign == sign]
        for sign in {note.sign for note in notes}
    }
    if "backwards" in places:
        return "a mark that turns its letters round"
    if "unseen" in places and min(_pieces(word, places["unseen"])) < _LONG_PIECE:
        return "characters that nobody sees"
    if _pieces(word, places.get("soft hyphen", [])).count(1) > 1:
        return "soft hyphens between its letters"
    return "character references" if "reference" in places else ""


def _pieces(word: str, cuts: Sequence[int]) -> list[int]:
    """How long the parts of `word` are between `cuts`."""
    return [end - start for start, end in pairwise([0, *dict.fromkeys(cuts), len(word)])]


def _folded(told: Told, folds: Sequence[Fold]) -> Told:
    """`told` with `folds`, which are in order and do not overlap."""
    folds = _within_runs(told.runs, folds)
    runs: list[Run] = []
    disguises = list(told.disguises)
    ahead = iter([*folds, Fold(1 << 62, 1 << 62, "")])
    fold, at, first = next(ahead), 0, -1
    for text, span in told.runs:
        end, here = at + len(text), at
        is_literal = len(text) == span.end - span.start
        while here < end:
            stop = min(end, fold.end if here >= fold.start else fold.start)
            begin = span.start + here - at if is_literal else span.start
            ending = span.start + stop - at if is_literal else span.end
            piece = text[here - at : stop - at]
            if here >= fold.start:
                first = begin if here == fold.start else first
                piece, begin = fold.instead if stop == fold.end else "", first
                if stop == fold.end and fold.by:
                    disguises.append(Disguise(fold.instead, Span(first, ending), fold.by))
                fold = next(ahead) if stop == fold.end else fold
            if piece and here > at and not is_literal and runs and runs[-1].span == span:
                runs[-1] = Run(runs[-1].text + piece, span)
            elif piece:
                runs.append(Run(piece, Span(begin, ending)))
            here = stop
        at = end
    places = _Places(folds)
    links = tuple(Link(places[start], places[end], url) for start, end, url in told.links)
    return Told(tuple(runs), links, tuple(disguises))


def _within_runs(runs: Sequence[Run], folds: Sequence[Fold]) -> Sequence[Fold]:
    """`folds` without those that begin or end inside a run that is one piece, and go on outside of it."""
    whole: list[Span] = []
    at = 0
    for text, span in runs:
        if len(text) > 1 and len(text) != span.end - span.start:
            whole.append(Span(at, at + len(text)))
        at += len(text)
    return (
        [fold for fold in folds if _piece_at(whole, fold.start) == _piece_at(whole, fold.end)]
        if whole
        else folds
    )


def _piece_at(whole: Sequence[Span], at: int) -> int:
    """The number of the piece that a place is inside of; -1 for one between them or at the edge of one."""
    number = bisect_left(whole, (at,)) - 1
    return number if number >= 0 and at < whole[number].end else -1


class _Places:
    """Where the places of a text are once it is folded."""

    def __init__(self, folds: Sequence[Fold]) -> None:
        self._folds = folds
        self._ends = [fold.end for fold in folds]
        longer = (len(fold.instead) - (fold.end - fold.start) for fold in folds)
        self._moved = list(accumulate(longer, initial=0))

    def __getitem__(self, at: int) -> int:
        number = bisect_right(self._ends, at)
        moved = self._moved[number]
        if number < len(self._folds) and self._folds[number].start < at:
            start, _, instead, _ = self._folds[number]
            return start + moved + min(at - start, len(instead))
        return at + moved


# --- what is folded ------------------------------------------------------------------------------------


def _words_of_references(text: str) -> Iterator[Fold]:
    """Words with references for letters that were written twice: `&amp;#99;ure` is “&#99;ure” on the page."""
    if "&" in text:
        for found in _SPELT_BY_REFERENCES.finditer(text):
            plain = _REFERENCE.sub(lambda reference: unescape(f"&{reference['what']};"), found[0])
            if plain.isalpha():
                yield Fold(*found.span(), plain, "character references")


def _references(text: str) -> Iterator[Fold]:
    """Other references that were written twice, as content systems do by mistake: `&amp;nbsp;`."""
    if "&" in text:
        for found in _REFERENCES.finditer(text):
            plain = _REFERENCE.sub(_shown, found[0])
            if plain != found[0]:
                plain = _SPACES.sub(" ", plain)
                plain = plain.lstrip(" ") if found.start() == 0 else plain
                yield Fold(*found.span(), plain.rstrip(" ") if found.end() == len(text) else plain)


def _shown(reference: re.Match[str]) -> str:
    """What people see of a reference that is decoded once more; itself where it means nothing."""
    written = f"&{reference['what']};"
    plain = unescape(written)
    return (
        reference[0] if plain == written else plain if plain.isprintable() else " " if plain.isspace() else ""
    )


def _words_with_pictures(text: str) -> Iterator[Fold]:
    """Words of claims with emoji between their letters."""
    if not text.isascii():
        for found in _PICTURED.finditer(text):
            plain = "".join(character for character in found[0] if character.isascii())
            if plain.lower() in CLAIMED:
                yield Fold(*found.span(), plain, "an emoji inside it")


def _pictures(text: str) -> Iterator[Fold]:
    """Emoji between words in small letters: they do not part a sentence."""
    if not text.isascii():
        for found in _PARTED_BY_PICTURE.finditer(text):
            yield Fold(*found.span(), " ")


def _foreign_letters(text: str) -> Iterator[Fold]:
    """Words with letters of other alphabets and shapes, and with marks over them."""
    if not text.isascii():
        for found in _WORD.finditer(text):
            if not found[0].isascii():
                plain, by = _plain(found[0])
                if plain != found[0]:
                    yield Fold(*found.span(), plain, by)


def _letters_set_apart(text: str) -> Iterator[Fold]:
    """“c u r e s”, “c-u-r-e”."""
    for found in _SET_APART.finditer(text):
        letters = [at for at in range(*found.span()) if text[at].isalpha()]
        if len(letters) < _LONGEST_ACRONYM and found[0].isupper():
            continue
        words = _words("".join(text[at].lower() for at in letters))
        end = 0
        for number, word in enumerate(words):
            here = letters[end : end + len(word)]
            if number and text[letters[end - 1] + 1 : here[0]].strip(" "):
                yield Fold(letters[end - 1] + 1, here[0], " ")
            end += len(word)
            if len(word) > 1:
                yield Fold(here[0], here[-1] + 1, "".join(text[at] for at in here), "letters set apart")


def _words(letters: str) -> list[str]:
    """The words that `letters` are, one of them a word of claims; empty when they are none."""
    last: list[str | None] = [""]
    for end in range(1, len(letters) + 1):
        ways = (letters[start:end] for start in range(max(0, end - _LONGEST), end) if last[start] is not None)
        last.append(next((word for word in ways if word in CLAIMED or word in _SMALL), None))
    words, end = [], len(letters)
    while end and (word := last[end]):
        words.append(word)
        end -= len(word)
    return words[::-1] if end == 0 and not CLAIMED.isdisjoint(words) else []


def _signs_for_letters(text: str) -> Iterator[Fold]:
    """“c4ncer”, “guar@nteed”."""
    for found in _SPELT.finditer(text):
        word = found[0].lower()
        signs = sum(not "a" <= character <= "z" for character in word)
        if signs and 2 * signs <= len(word):
            choices = (_SIGNS.get(character, character) for character in word)
            for letters in product(*choices) if word.count("1") + word.count("|") < 4 else ():
                plain = "".join(letters)
                if plain in CLAIMED:
                    yield Fold(*found.span(), plain, "digits or signs for letters")
                    break


def _line_ends(text: str) -> Iterator[Fold]:
    """“guaran-” at the end of a line, “teed” on the next."""
    for found in _LINE_END.finditer(text):
        if (found["first"] + found["second"]).lower() in CLAIMED:
            yield Fold(*found.span(), found["first"] + found["second"])


_FOLDS: tuple[Callable[[str], Iterator[Fold]], ...] = (
    _words_of_references,
    _references,
    _words_with_pictures,
    _pictures,
    _foreign_letters,
    _letters_set_apart,
    _signs_for_letters,
    _line_ends,
)


# --- one word ------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _plain(word: str) -> tuple[str, str]:
    """`word` as it is read, and how it is disguised; itself and "" when it is what it looks like."""
    shapes = [_shape(character) for character in composed(word)]
    plain = "".join(letter for letter, _ in shapes)
    sorts = {sort for _, sort in shapes}
    if not plain.isascii() or not any(map(str.isalpha, plain)):
        return word, ""
    is_claimed = plain.lower() in CLAIMED
    letters = sum(map(str.isalpha, plain))
    if sorts <= {"", "accent", "mark"}:
        marks = sum(sort == "mark" for _, sort in shapes)
        accents = sum(sort == "accent" for _, sort in shapes)
        is_covered = marks > 1 and 3 * marks >= letters
        is_marked = is_claimed and (marks or accents > 1)
        return (plain, "marks over its letters") if is_covered or is_marked else (word, "")
    if sorts <= {"", "ligature", "accent"} or letters < 2:
        return (plain if "ligature" in sorts and "accent" not in sorts else word), ""
    if "flag" in sorts:
        return (plain, "flags for letters") if is_claimed else (word, "")
    by = "letters of another alphabet that look like its own"
    if "foreign" in sorts:
        is_mixed = "" in sorts or len(sorts) > 1
        return (plain, by if letters > 2 else "") if is_mixed or is_claimed else (word, "")
    if "Greek" in sorts:
        return (plain, by) if is_claimed or _is_among_small_letters(word) else (word, "")
    if "phonetic" in sorts:
        is_small_capitals = letters > 2 and all(
            sort == "phonetic" or letter in "xsqf" or not letter.islower() for letter, sort in shapes
        )
        return (plain, "letters of odd shapes") if is_claimed or is_small_capitals else (word, "")
    styled = sum(sort == "styled" for _, sort in shapes)
    return plain, "letters of odd shapes" if styled > 2 or is_claimed else ""


def _is_among_small_letters(word: str) -> bool:
    """Whether Greek letters stand inside a Latin word, which no name of a protein or vitamin has."""
    places = [at for at, character in enumerate(word) if character in _GREEK]
    latin = sum("a" <= character <= "z" for character in word)
    return (
        latin > 1
        and len(word) > 2
        and all(
            0 < at < len(word) - 1
            and all(
                beside in _GREEK or "a" <= beside <= "z" for beside in (word[at + 1], word[at - 1].lower())
            )
            for at in places
            if word[at] not in _EXACT or len(word) < 4
        )
    )


def _shape(character: str) -> tuple[str, str]:
    """What a character is read as, and what sort of character it is ("" for plain ones)."""
    if character.isascii():
        return character, ""
    for letters, sort in ((_FOREIGN, "foreign"), (_GREEK, "Greek"), (_PHONETIC, "phonetic")):
        if character in letters:
            return letters[character], sort
    if re.match(f"[{MARKS}]", character):
        return "", "mark"
    code = ord(character)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return chr(code - 0x1F1E6 + ord("A")), "flag"
    if 0x1F150 <= code <= 0x1F189:
        return chr((code - 0x1F150) % 32 + ord("A")), "styled"
    alike = normalize("NFKC", character).strip("()")
    if alike.isascii() and alike.isalpha():
        return alike, "styled" if len(alike) == 1 else "ligature"
    bare = normalize("NFD", character)
    if len(bare) > 1 and bare[0].isascii():
        return bare[0], "accent"
    return character, "other"
