"""Names that stand in an article as a child's or as their kin's: hidden wherever the article is shown.

`exposure` marks what breaks the law, so that a paper can be asked to correct it: few mistakes, names of parents only in
full. What is merely hidden may err on the safe side, and is looked for in the whole article: each name that our rules
propose and the words around it give to a child or to kin; and names that rules cannot tell from places and other
capitalised words (a given name alone: "ông nội Mẫu") where underthesea takes them for a person's.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from classifier.alternation import any_case
from classifier.bearers import CAP, NAME, bearers, main_role
from classifier.calling import EVERYDAY, SHORTEST, given_names, places_of
from classifier.features import PLACE_GROUPS, SAPO_LIMIT, TITLE_LIMIT
from classifier.indicators import phrases
from classifier.lexicon import lexicon
from classifier.persons import READ, Tagger, person_names
from classifier.pieces import candidates
from classifier.spans import NOTE, Sentence, remarks_of
from classifier.text import clean, sentences
from models.records import Reading, Span

SHELTERED = frozenset(
    f"<{role}>" for role in ("young", "child", "kid", "after:child", "after:kinship", "of", "mother", "father", "kin")
)
SUSPECTED = SHELTERED | {"<suspect>", "<after:suspect>"}
"""Where the suspect is of the family: whoever knows the suspect's name knows the child."""
FAMILY = frozenset(("cha_me", "nguoi_than"))
APART = frozenset(("thay_co", "nguoi_trong_tre", "tre_khac"))
"""Suspects that the words of the home are not about, whatever stands in the article; of any others they are believed
rather than the relation, which is wrong for three in ten."""
OFFICIAL = frozenset(("<official>", "<after:official>"))
CERTAIN = ("name", "aged")
"""Kinds of pieces that are a child's by their shape alone: "cháu Na", "Na (8 tuổi)"."""
_KIN = r"(?:cha|bố|mẹ|ông|bà|dượng|cậu|dì|chú|bác|anh|chị)"
_KIN_BEHIND = re.compile(
    rf"(?P<name>{NAME})\s?\([^()]{{0,40}}?\b{_KIN}(?:\s(?:ruột|đẻ|nội|ngoại|dượng|kế|nuôi|trai|gái))?"
    r"(?:\scủa)?\s(?i:bé|cháu|em|trẻ|nạn nhân|bị hại|nữ sinh|nam sinh)\b"
)
""""(69 tuổi, bà nội bé …)": kin by what stands in brackets behind the name."""


def _home(part: str) -> re.Pattern[str]:
    words = (" ".join(phrase.split()) for phrase in lexicon("bearers")["home"][part].split(","))
    return re.compile(rf"\b(?:{any_case(word for word in words if word)})\b")


_AT_HOME, _COUPLE = _home("suspect"), _home("couple")
_ANY_NAME = re.compile(NAME)
_LIKE_A_PLACE = re.compile(rf"\b(?:bé|cháu|em)\s(?P<name>{CAP})(?!\s?[^\W\d_a-zđ])")
"""A child that is called like a place ("cháu Đức") is hidden together with the word before: the place is not."""
_NO_WORD = re.compile(r"\w{60}")
_VOWEL = re.compile("[aeiouy]")
SHORT = (("title", TITLE_LIMIT), ("sapo", SAPO_LIMIT))
"""What lists show: there every place is given, in the text the first is enough to find the others by."""


def sheltered(
    reading: Reading, exposed: Sequence[Span], relation: str | None, *, named: bool, tag: Tagger | None = None
) -> tuple[Span, ...]:
    """Spans beside the exposed ones. `relation` of suspect and child; `named`: underthesea is asked too (`persons`)."""
    read = _sentences(reading)
    fields = {"title": reading.title, "sapo": reading.sapo, "text": reading.text}
    known = {text for field, start, end in exposed if len(text := fields[field][start:end].strip()) >= SHORTEST}
    found: list[Span] = []
    for sentence, start, end in _names(read, _roles(read, relation), named=named, tag=tag):
        span = sentence.span(start, end)
        text = fields[span[0]][span[1] : span[2]]
        if len(text) >= SHORTEST and text not in known:
            known.add(text)
            found.append(span)
    again = sorted(known | given_names(known))
    for field, limit in SHORT:
        found += ((field, *place) for place in places_of(fields[field][:limit], again))
    marked = set(exposed)
    return tuple(span for span in dict.fromkeys(found) if span not in marked)


def _sentences(reading: Reading) -> list[Sentence]:
    """As `sentences_of`, much farther into the text; not those with a word that is none, which take rules too long."""
    found: list[Sentence] = []
    for field, limit in (*SHORT, ("text", READ)):
        source = clean(getattr(reading, field), limit)
        found += (Sentence(field, source, *place, order) for order, place in enumerate(sentences(source.text)))
    return [sentence for sentence in (*found, *remarks_of(reading)) if not _NO_WORD.search(sentence.text)]


def _roles(read: Sequence[Sentence], relation: str | None) -> Collection[str]:
    """Whose names are hidden: the suspect's too where the relation or words of the home say that it is family."""
    if relation in FAMILY:
        return SUSPECTED
    at_home = relation not in APART and any(_AT_HOME.search(sentence.text) for sentence in read)
    return SUSPECTED if at_home else SHELTERED


def _couples(read: Sequence[Sentence], main: Mapping[str, str]) -> set[str]:
    """Whoever is told of where a marriage is spoken of, officials aside: "anh Mẫu và chị Na ly hôn"."""
    named = (
        match[0].split()[-1]
        for sentence in read
        if _COUPLE.search(sentence.text)
        for match in _ANY_NAME.finditer(sentence.text)
    )
    return {name for name in named if main.get(name, "<official>") not in OFFICIAL}


def _names(
    read: Sequence[Sentence], roles: Collection[str], *, named: bool, tag: Tagger | None
) -> Iterator[tuple[Sentence, int, int]]:
    main = {name: main_role(about) for name, about in bearers(read).items()}
    kin = {match["name"].split()[-1] for sentence in read for match in _KIN_BEHIND.finditer(sentence.text)}
    kin |= _couples(read, main)
    kept = kin | {name for name, role in main.items() if role in roles}
    proposed = list(candidates(read, names_alone=True))
    for piece in proposed:
        if piece.kind in CERTAIN or piece.quote.split()[-1] in kept:
            yield piece.sentence, piece.start, piece.end
            given = piece.quote.split()[-1]
            if piece.kind in CERTAIN and given.lower() not in EVERYDAY:
                yield piece.sentence, piece.end - len(given), piece.end
    for sentence in read:
        for match in _LIKE_A_PLACE.finditer(sentence.text) if sentence.field != NOTE else ():
            if match["name"] in kept and match["name"].lower() in phrases("indicators", PLACE_GROUPS):
                yield sentence, *match.span()
    unsure = {name for name in kin | {name for name, role in main.items() if role in SHELTERED} if _spoken(name)}
    unsure -= {piece.quote.split()[-1] for piece in proposed}
    if named and unsure:
        for sentence, start, end in person_names(list(_holding(read, unsure)), tag):
            if sentence.text[start:end].split()[-1] in unsure:
                yield sentence, start, end


def _spoken(name: str) -> bool:
    """No initials ("N", "Ng", "TTT")."""
    return not name.isupper() and _VOWEL.search(unicodedata.normalize("NFD", name).lower()) is not None


def _holding(read: Sequence[Sentence], names: Iterable[str]) -> Iterator[Sentence]:
    any_of = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)")
    return (sentence for sentence in read if any_of.search(sentence.text))
