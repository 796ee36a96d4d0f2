"""Which language a text is in, as far as a press scan needs to know: Vietnamese or not."""

import re
import unicodedata
from collections import Counter

from classifier.lexicon import lexicon, word_set

_MARKED = re.compile("[ăâđêôơưàằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹáắấéếíóốớúứýạặậẹệịọộợụựỵ]", re.IGNORECASE)
_PLAIN_VIETNAMESE = word_set("languages", "vi_plain")
_COMMON = {code: frozenset(words.split()) for code, words in lexicon("languages")["common"].items()}
_OWN = re.compile("[ăđơưảạẻẽẹỉĩịỏọủũụỷỹỵ\u1ea0-\u1ef9]", re.IGNORECASE)
"""Letters that French, Spanish, German and Portuguese do not write."""
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
)
_LETTERS = re.compile(r"[^\W\d_]+")
READ = 1500
_NEITHER, _MARK, _LETTER, _BOTH = range(4)


class _Signs(dict[str, int]):
    """Whether a word bears a Vietnamese mark and a letter that others do not write, of the words read lately."""

    MOST = 1 << 15

    def __missing__(self, word: str) -> int:
        if len(self) >= self.MOST:
            self.clear()
        value = self[word] = (_MARK if _MARKED.search(word) else 0) + (_LETTER if _OWN.search(word) else 0)
        return value


_SIGNS = _Signs()


def language_of(text: str) -> tuple[str | None, bool]:
    """(ISO 639-1 code or None, whether it is Vietnamese written without its marks)."""
    sample = unicodedata.normalize("NFC", text[: READ * 2])[:READ]
    found = _LETTERS.findall(sample.lower())
    if not found:
        return None, False
    letters = sum(map(len, found))
    for code, script in _SCRIPTS:
        if len(script.findall(sample)) * 3 > letters:
            return code, False
    signs = Counter(map(_SIGNS.__getitem__, found))
    marked, own = signs[_BOTH] + signs[_MARK], signs[_BOTH] + signs[_LETTER]
    if marked >= max(1, len(found) // 5) and (own * 8 >= len(found) or len(found) < 4):
        return "vi", False
    plain = sum(word in _PLAIN_VIETNAMESE for word in found) / len(found)
    common = {code: sum(word in known for word in found) / len(found) for code, known in _COMMON.items()}
    best, share = Counter(common).most_common(1)[0]
    if plain > share and plain >= 0.12:
        return "vi", True
    if share >= 0.08 and len(found) >= 3:
        return best, False
    return ("vi", False) if own else (None, False)
