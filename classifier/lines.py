"""Sentences of an article as models see them, each read once: an entry's rows, its strongest sentence, its facts and
its telling passages all ask the same sentences.

`dense` gives a fixed row of figures (see `names`) for trees: presence, order and nearness of the word list's groups.
"""

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from classifier.features import FOREIGN_MARK, NAME_MARK, STOP, grams
from classifier.hashing import hashes
from classifier.indicators import Hit
from classifier.signals import (
    CHILD,
    FAR,
    GROUPS,
    HARM_GROUPS,
    HARMS,
    PERSONS,
    WHO,
    YOUNG,
    ages,
    roles,
    suffered,
    tag_terms,
    with_ages,
)

Figures = npt.NDArray[np.float32]
KEPT = 16384
"""Sentences remembered: those of a batch of articles."""
_SCENE_FIGURES = (
    "child_bi",
    "adult_bi",
    "child_does",
    "youngest",
    "grown_ages",
    "length",
    "first_child",
    "first_harm",
    "name_marks",
    "foreign_marks",
    *(f"suffers_{who}" for who in WHO),
    *(f"does_{who}" for who in WHO),
    *(f"child_suffers_{harm}" for harm in HARMS),
)
_NEAR = {GROUPS.index(harm): len(GROUPS) + 3 * n for n, harm in enumerate(HARMS)}
_NEARER = {"C": 0, "K": 1, "A": 2}
_SCENE = {figure: len(GROUPS) + 3 * len(HARMS) + n for n, figure in enumerate(_SCENE_FIGURES)}
_FIELD = len(GROUPS) + 3 * len(HARMS) + len(_SCENE_FIGURES)
_HARMED = [n for n in range(len(GROUPS)) if n in HARM_GROUPS]
MOST = 4.0
OLDEST = 18


def names() -> list[str]:
    """Names of the figures of `dense`, in order."""
    made: list[str] = []
    for field in ("title", "sapo"):
        made.extend(f"{field}.{group}" for group in GROUPS)
        made.extend(f"{field}.{harm}.{who}_near" for harm in HARMS for who in ("child", "kin", "adult"))
        made.extend(f"{field}.{figure}" for figure in _SCENE_FIGURES)
    return [*made, "child_and_harm", "question", "sentences"]


WIDTH = len(names())


class Line:
    """One sentence's tokens and hits.

    `hashes` are its terms. `more` names figures of a field that it raises by one each time, `lows` and `low_values`
    figures that are at most so much, `opens` where its first child and first harm stand (FAR: nowhere).
    """

    __slots__ = ("hashes", "hits", "low_values", "lows", "more", "opens", "tokens")

    def __init__(self, tokens: tuple[str, ...]) -> None:
        said = ages(tokens)
        self.tokens = tokens
        self.hits = with_ages(tokens, said)
        self.hashes = hashes(chain(grams("", tokens), tag_terms("", tokens, self.hits)))
        self.more = array("i", [hit.group for hit in self.hits])
        self.lows = array("i")
        self.low_values = array("i")
        self._read_persons()
        self._read_roles()
        self.more.extend([_SCENE["name_marks"]] * tokens.count(NAME_MARK))
        self.more.extend([_SCENE["foreign_marks"]] * tokens.count(FOREIGN_MARK))
        for _, age in said:
            self._low(_SCENE["youngest"], YOUNG.get(age, OLDEST))
            if age not in YOUNG:
                self.more.append(_SCENE["grown_ages"])
        self.opens = (
            min([hit.first for hit in self.hits if hit.group in CHILD], default=FAR),
            min([hit.first for hit in self.hits if hit.group in HARM_GROUPS and hit.group not in CHILD], default=FAR),
        )

    def prefixed(self, prefix: str) -> "array[int]":
        """The same terms under another name."""
        return hashes(chain(grams(prefix, self.tokens), tag_terms(prefix, self.tokens, self.hits)))

    def _low(self, figure: int, value: int) -> None:
        self.lows.append(figure)
        self.low_values.append(value)

    def _read_persons(self) -> None:
        """Nearness of persons to harms, and who suffers or does them."""
        harms = [hit for hit in self.hits if hit.group in HARM_GROUPS]
        persons = [(hit, PERSONS[hit.group]) for hit in self.hits if hit.group in PERSONS] if harms else []
        for hit in harms if persons else ():
            before = ""
            for person, who in persons:
                gap = max(person.first - hit.end, hit.first - person.end, 0)
                self._low(_NEAR[hit.group] + _NEARER[who], gap)
                if person.end <= hit.first:
                    before = who
            if before == "C":
                self.more.append(_SCENE["child_bi" if suffered(self.tokens, hit) else "child_does"])
            elif before == "A" and suffered(self.tokens, hit):
                self.more.append(_SCENE["adult_bi"])

    def _read_roles(self) -> None:
        """Who suffers, who does it, and what children suffer."""
        for deed, patient, agent in roles(self.tokens, self.hits):
            if patient:
                self.more.append(_SCENE[f"suffers_{patient}"])
                if patient in ("child", "kin"):
                    self.more.append(_SCENE[f"child_suffers_{GROUPS[deed.group]}"])
            if agent:
                self.more.append(_SCENE[f"does_{agent}"])


@lru_cache(maxsize=KEPT)
def line(tokens: tuple[str, ...]) -> Line:
    return Line(tokens)


def split_sentences(tokens: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Runs of tokens between STOPs."""
    stops = [at for at, token in enumerate(tokens) if token is STOP] if STOP in tokens else []
    begin = 0
    for end in (*stops, len(tokens)):
        if end > begin:
            yield tuple(tokens[begin:end])
        begin = end + 1


class Part:
    """One field as sentences; `size` counts its tokens, stops included."""

    __slots__ = ("lines", "size")

    def __init__(self, tokens: Sequence[str]) -> None:
        self.size = len(tokens)
        self.lines = [line(sentence) for sentence in split_sentences(tokens)]

    @property
    def spans(self) -> list[tuple[tuple[str, ...], list[Hit]]]:
        return [(each.tokens, each.hits) for each in self.lines]

    def hashes(self) -> "array[int]":
        found = array("i")
        for each in self.lines:
            found += each.hashes
        return found


def dense(titles: Sequence[Part], rests: Sequence[Part], questions: Sequence[bool]) -> Figures:
    """(parts, WIDTH): a row for each title with what stands beside it."""
    first, second = _field(titles), _field(rests)
    groups = len(GROUPS)
    counts = np.maximum(first[:, :groups], second[:, :groups])
    both = counts[:, sorted(CHILD)].any(axis=1) & counts[:, _HARMED].any(axis=1)
    sentences = [len(rest.lines) for rest in rests]
    return np.hstack((first, second, np.column_stack((both, questions, sentences)).astype(np.float32)))


def _field(parts: Sequence[Part]) -> Figures:
    """(parts, _FIELD) figures of one field."""
    lines = [each for part in parts for each in part.lines]
    owner = np.repeat(np.arange(len(parts)), [len(part.lines) for part in parts])
    more = _flat([each.more for each in lines])
    places = np.repeat(owner, [len(each.more) for each in lines]) * _FIELD + more
    figures = np.bincount(places, minlength=len(parts) * _FIELD).reshape(len(parts), _FIELD).astype(np.float32)
    np.minimum(figures[:, : len(GROUPS)], MOST, out=figures[:, : len(GROUPS)])
    figures[:, len(GROUPS) : len(GROUPS) + 3 * len(HARMS)] = FAR
    figures[:, _SCENE["youngest"]] = OLDEST
    figures[:, _SCENE["length"]] = [part.size for part in parts]
    places = np.repeat(owner, [len(each.lows) for each in lines]) * _FIELD + _flat([each.lows for each in lines])
    np.minimum.at(figures.reshape(-1), places, _flat([each.low_values for each in lines]).astype(np.float32))
    for n, figure in enumerate(("first_child", "first_harm")):
        figures[:, _SCENE[figure]] = [_first(part, n) for part in parts]
    return figures


def _flat(arrays: Sequence["array[int]"]) -> npt.NDArray[np.int32]:
    return np.frombuffer(b"".join([each.tobytes() for each in arrays]), dtype=np.int32)


def _first(part: Part, which: int) -> int:
    """Where a part's first child (0) or first harm (1) stands, at most FAR."""
    at, best = 0, FAR
    for each in part.lines:
        best = min(best, at + each.opens[which])
        at += len(each.tokens)
        if at >= best:
            break
    return best
