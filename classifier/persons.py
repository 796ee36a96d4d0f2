"""Names of people in a flagged article, by underthesea's named entity recognition (Apache-2.0; its CRF models come
inside the package, nothing is fetched).

A second look beside our own rules, which know a name by its family name or by the word before it. It is slow (some 60
ms a thousand characters), so only flagged whole articles get it, and the library is loaded with the first of them.
Where it cannot be loaded, the rules go on alone and one warning says so.

Text goes in sentence by sentence, cut to pieces of at most LONGEST characters and blanked of signs: the library's
pattern for addresses takes exponential time on some of them ("http://!!!!…"), and its features quadratic time on long
sentences.
"""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from threading import Lock

from classifier.bearers import CAP
from classifier.spans import NOTE, Sentence

logger = logging.getLogger(__name__)
LONGEST = 320
READ = 12_000
"""So many characters of an article are looked at; the rest is left to the rules."""
AHEAD = 40
"""How far behind the last one a token is looked for: the library may drop a sign, never a word."""
_SIGNS = re.compile(r"[^\w\s.,()“”\"'’;!?-]|_")
_SHAPE = re.compile(rf"{CAP}(?:['’]{CAP})?(?:\s{CAP}){{0,5}}")
"""What can be somebody's name: the library also takes signs and common words for parts of one."""
Tag = tuple[str, str]
"""A word as the library writes it, and what it takes it for (B-PER, I-PER, O, …)."""
Tagger = Callable[[str], Iterable[Tag]]
Found = tuple[Sentence, int, int]
"""A name at start..end, counted from the start of the sentence."""
_one_at_a_time = Lock()


@cache
def load() -> tuple[Tagger | None, str]:
    """underthesea's tagger; where it cannot be loaded, why (told once)."""
    try:
        from underthesea import pos_tag  # noqa: PLC0415 - half a second and 60 MB, for flagged articles only
        from underthesea.pipeline.ner import CRFNERPredictor  # noqa: PLC0415

        predictor = CRFNERPredictor.Instance()
    except Exception as error:  # noqa: BLE001 - whatever a broken installation raises, judging goes on
        logger.warning("underthesea cannot be loaded, names of people are found by rules alone: %s", error)
        return None, str(error)

    def tag(text: str) -> Iterable[Tag]:
        """`underthesea.ner` without the phrases that it finds on the way and never uses (a third of its time)."""
        return [(word, entity) for word, _, _, entity in predictor.predict([(*one, "X") for one in pos_tag(text)])]

    return tag, ""


def person_names(sentences: Sequence[Sentence], tag: Tagger | None = None) -> list[Found]:
    """Names of people where they stand. Safe in threads: one article at a time (the library keeps one state)."""
    with _one_at_a_time:
        tag = tag or load()[0]
        return [] if tag is None else list(_found(sentences, tag))


def _found(sentences: Sequence[Sentence], tag: Tagger) -> Iterator[Found]:
    left = READ
    for sentence in sentences:
        if sentence.field == NOTE or sentence.text.isupper():
            continue
        for start, text in _parts(sentence.text[:left]):
            if not any(map(str.isupper, text)):
                continue
            try:
                tags = list(tag(text))
            except Exception as error:  # noqa: BLE001 - hostile text: this piece is left to the rules
                logger.info("a piece of text has no names, underthesea failed: %s", type(error).__name__)
                continue
            for first, last in _places(text, tags):
                if _SHAPE.fullmatch(sentence.text, start + first, start + last):
                    yield sentence, start + first, start + last
        left -= len(sentence.text)
        if left <= 0:
            return


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """(start, piece) of at most LONGEST characters, cut at spaces, signs that no name holds blanked."""
    plain, at = _SIGNS.sub(" ", text), 0
    while at < len(plain):
        end = min(at + LONGEST, len(plain))
        if end < len(plain):
            space = plain.rfind(" ", at, end)
            end = space + 1 if space > at else end
        yield at, plain[at:end]
        at = end


def _places(text: str, tags: Sequence[Tag]) -> Iterator[tuple[int, int]]:
    """Where the people's names among the words stand in the text.

    The library composes letters anew, moves tone marks and splits or joins words at will; letters without their marks,
    white space aside, are what both have in common.
    """
    at = [place for place, letter in enumerate(text) if not letter.isspace()]
    letters = "".join(_bare(text[place]) for place in at)
    behind, open_name = 0, None
    for word, entity in tags:
        wanted = "".join(_bare(letter) for letter in unicodedata.normalize("NFC", word) if not letter.isspace())
        first = letters.find(wanted, behind, behind + len(wanted) + AHEAD) if wanted else -1
        if first >= 0:
            behind = first + len(wanted)
        if open_name is not None and (entity != "I-PER" or first < 0):
            yield open_name
            open_name = None
        if entity.endswith("-PER") and first >= 0:
            start = open_name[0] if open_name is not None else at[first]
            open_name = start, at[behind - 1] + 1
    if open_name is not None:
        yield open_name


def _bare(letter: str) -> str:
    """One letter for one: small, without marks."""
    if letter in "đĐ":
        return "d"
    return unicodedata.normalize("NFD", letter)[0].lower()[:1]
