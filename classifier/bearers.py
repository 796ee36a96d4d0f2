"""Who the bearers of the names in an article are: child, kin, suspect, official, by the words beside their names.

A name is known by its last syllable, the given name, because papers give the full name once and the given name after.
"""

import re
from collections.abc import Mapping, Sequence

from classifier.alternation import any_case, behind
from classifier.lexicon import lexicon
from classifier.spans import Sentence

CAPITAL = "[A-ZĐÁÀẢÃẠĂẮẰẲẴẶÂẤẦẨẪẬÉÈẺẼẸÊẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰÝỲỶỸỴ]"
CAP = rf"(?:{CAPITAL}[^\W\d_]*+)"
NAME = rf"{CAP}(?:\s{CAP}){{0,4}}"


def _roles(part: str) -> dict[str, str]:
    """Phrase -> role, of one part of the word list."""
    return {
        " ".join(phrase.split()): role
        for role, phrases in lexicon("bearers")[part].items()
        for phrase in phrases.split(",")
        if phrase.strip()
    }


_BEFORE, _AFTER = _roles("before"), _roles("after")
CALLS = frozenset(phrase.rsplit(maxsplit=1)[-1] for phrase in _BEFORE)
"""Words that stand right before a name and are no part of it: "bé", "bà", "theo"."""
_CALLED = re.compile(rf"\b(?P<call>{any_case(_BEFORE)})(?:\s(?:là|tên|tên là))?\s?:?\s(?P<name>{NAME})")
_SAID = re.compile(
    rf"(?P<name>{NAME})(?:\s?\([^()]{{0,90}}\)?)?\s?[,–-]?\s?(?:(?:đã|là|thì|vẫn|còn)\s)?(?P<said>{any_case(_AFTER)})\b"
)
_AGED = re.compile(
    rf"(?P<name>{NAME})\s?[,(–-]\s?(?:(?P<age>\d{{1,2}})\s?tuổi|(?i:SN|sinh năm|sinh)[ :.]{{0,2}}(?P<born>\d{{4}}))"
)
_INITIAL = re.compile(
    r"\b(?i:bé|cháu|em|con gái|con trai|nữ sinh|nam sinh|học sinh|nạn nhân)(?: (?:gái|trai|là|tên))?\s"
    rf"(?:{CAP}\s){{0,3}}(?:[A-ZĐ][a-z]?\.?\s?){{1,4}}(?![^\W\d_])"
)


def bearers(sentences: Sequence[Sentence]) -> dict[str, set[str]]:
    """Given name -> what the article makes of its bearer: codes such as `child`, `suspect`, `after:official`."""
    found: dict[str, set[str]] = {}
    for sentence in sentences:
        text = sentence.text
        for match in _CALLED.finditer(text):
            found.setdefault(match["name"].split()[-1], set()).add(_BEFORE[match["call"].lower()])
        for match in _SAID.finditer(text):
            found.setdefault(match["name"].split()[-1], set()).add(f"after:{_AFTER[match['said'].lower()]}")
        for match in _AGED.finditer(text):
            young = int(match["age"]) < 18 if match["age"] else int(match["born"]) >= 1998
            found.setdefault(match["name"].split()[-1], set()).add("young" if young else "old")
    return found


_CHILD_WORDS = ("bé", "cháu", "em", "gái", "trai", "sinh", "nhân", "là", "tên")
_CHILD_NAMED = re.compile(CAPITAL + behind(f"(?i:{word})" for word in _CHILD_WORDS))
"""A capital behind one of the words after which initials may stand: a quick look before the long one."""


def abbreviates(sentences: Sequence[Sentence]) -> bool:
    """Whether the article calls a child by initials, as papers do that hide names."""
    return any(_CHILD_NAMED.search(text) and _INITIAL.search(text) for text in (each.text for each in sentences))


_PERSON = re.compile(rf"\b(?P<word>{any_case(_roles('owner'))})\b|(?P<name>{NAME})")


def owners(text: str, start: int, known: Mapping[str, set[str]]) -> list[str]:
    """Whose a piece of text at `start` is, as far as the words before it tell: nearest person first, at most two."""
    said: list[str] = []
    for match in reversed(list(_PERSON.finditer(text, 0, start))):
        if match["word"]:
            said.append(match["word"].lower())
        else:
            roles = known.get(match["name"].split()[-1])
            if roles:
                said.append(main_role(roles))
        if len(said) == 2:
            break
    return said


ORDER = (
    "after:official",
    "official",
    "suspect",
    "after:suspect",
    "young",
    "child",
    "kid",
    "after:kinship",
    "mother",
    "father",
    "of",
    "after:child",
    "after:victim",
    "kin",
    "teacher",
    "grown",
    "old",
    "after:speaks",
)


def main_role(roles: set[str]) -> str:
    return next((f"<{role}>" for role in ORDER if role in roles), "<none>")
