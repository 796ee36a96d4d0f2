"""Ways of writing one name made equal. Folding keeps every character's place, so that offsets stay true."""

import re
import unicodedata
from functools import lru_cache

ACCENTS = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
TONE = re.compile(rf"(?<!q)({'|'.join(ACCENTS)})(?!\w)")
"""The newer placement (hoà, thuý) at the end of a syllable; in "quý" the u is part of the consonant."""

LETTERS = str.maketrans(
    dict.fromkeys('-–—‑.,;:/\\()[]{}"“”«»!?…*|\t\xa0\u200b\ufeff\r', " ") | dict.fromkeys("’‘`´ʼ", "'") | {"ð": "đ"}
)
SPELLINGS = {"đăk": "đắk", "đak": "đắk", "đắc lắc": "đắk lắk", "đắk lăk": "đắk lắk", "đắc nông": "đắk nông"}


Y_FOR_I = {"qui": "quy", "quí": "quý", "quì": "quỳ", "mĩ": "mỹ", "kì": "kỳ", "lí": "lý", "sĩ": "sỹ", "vĩ": "vỹ"}


def fold(text: str) -> str:
    """Lower case, one tone placement, punctuation as spaces; of the same length as an NFC `text`."""
    low = text.lower()
    if len(low) != len(text):  # a letter whose small form is longer (İ)
        low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    low = low.translate(LETTERS)
    return TONE.sub(_placed, low)


def _placed(match: re.Match[str]) -> str:
    return ACCENTS[match[1]]


def composed(text: str) -> tuple[str, list[int] | None]:
    """(NFC text, position in the input of each of its characters and of its end), None where nothing moved."""
    if unicodedata.is_normalized("NFC", text):
        return text, None
    parts: list[str] = []
    places: list[int] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and (unicodedata.combining(text[at]) or 0x1160 <= ord(text[at]) <= 0x11FF):
            continue
        part = unicodedata.normalize("NFC", text[start:at])
        parts.append(part)
        places.extend([start] * len(part))
        start = at
    places.append(len(text))
    return "".join(parts), places


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """The form under which names are compared: folded, single spaces, apostrophes and spelling variants gone."""
    key = " ".join(fold(unicodedata.normalize("NFC", name)).replace("'", "").split())
    for variant, usual in SPELLINGS.items():
        if variant in key:
            key = re.sub(rf"\b{variant}\b", usual, key)
    return " ".join(Y_FOR_I.get(word, word) for word in key.split(" "))


PLAIN = str.maketrans("đĐ", "dD")


@lru_cache(maxsize=65536)
def bare_key(name: str) -> str:
    """Without any diacritics, for typing: "Đắk Lắk" -> "dak lak"."""
    plain = unicodedata.normalize("NFD", name.lower()).translate(PLAIN)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "").replace("’", "")
    return " ".join(re.sub(r"[^0-9a-z]+", " ", plain).split())
