"""Where an article lets readers recognise a child victim: name, school, address, parents, picture.

Rules propose pieces of text, a small linear model over their surroundings keeps those that readers would mark
(child victims' own details rather than those of suspects, officials or witnesses). Meanings: Luật Trẻ em Đ6.11, Đ21.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from classifier.bearers import abbreviates, bearers, main_role, owners
from classifier.corpus import Label
from classifier.features import FACTS_LIMIT, STOP, Floats, HashedTerms, syllables
from classifier.linear import fit_head, unpack
from classifier.pieces import NAMES, Candidate, alone, calls, candidates
from classifier.quotes import overlap
from classifier.spans import Sentence, sentences_of
from models.records import Span

CELLS = 16384
KEEP = 0.33
KEEP_PICTURE = 0.4
"""Captions are the hardest to tell: fewer are kept."""
SURE = 0.52
"""Nothing is marked in an article where no piece is as likely as this: one weak piece alone is mostly none."""
WINDOW = 6
REACH = 150
"""Characters that surely hold as many words as WINDOW."""


@dataclass(frozen=True, slots=True)
class Names:
    """What an article says of the bearers of its names (see `bearers` and `pieces.calls`); `hidden` tells whether it
    calls a child by initials."""

    called: Mapping[str, set[str]]
    roles: Mapping[str, set[str]]
    hidden: bool


def names_of(sentences: Sequence[Sentence]) -> Names:
    return Names(calls(sentences), bearers(sentences), abbreviates(sentences))


def context_terms(candidate: Candidate, article: Sequence[str], names: Names) -> list[str]:
    """What is said of the piece: its kind, words before and after, whose it is, and what the article is about."""
    text, kind = candidate.sentence.text, candidate.kind
    before = _plain_words(text[max(0, candidate.start - REACH) : candidate.start])[-WINDOW:]
    after = _plain_words(text[candidate.end : candidate.end + REACH])[:WINDOW]
    core = _plain_words(candidate.quote)
    terms = [f"k:{kind}", f"f:{kind}:{candidate.sentence.field}", f"hidden:{names.hidden}:{kind}"]
    terms += [f"b:{kind}:{w}" for w in before] + [f"a:{kind}:{w}" for w in after]
    terms += [f"b{n}:{kind}:{w}" for n, w in enumerate(reversed(before[-3:]))]
    terms += [f"a{n}:{kind}:{w}" for n, w in enumerate(after[:3])]
    terms += [f"p:{kind}:{' '.join(before[-2:])}", f"n:{kind}:{' '.join(after[:2])}", f"l:{kind}:{min(len(core), 6)}"]
    terms += [f"o:{kind}:{min(candidate.sentence.order // 4, 4)}"]
    terms += [f"{term}:{kind}" for term in article]
    if kind in NAMES:
        terms += _bearer_terms(candidate, article, names)
    else:
        terms += [f"c:{kind}:{w}" for w in core[:3]]
        terms += _owner_terms(candidate, article, names)
    if kind == "image":
        terms += [f"alone:{alone(candidate.sentence)}", f"long:{min(len(text) // 40, 4)}", f"point:{text[-1:] == '.'}"]
        terms += [f"first:{' '.join(core[:2])}"]
    terms += [f"s:{kind}:{clue}" for clue in _clues(text)]
    return terms


@lru_cache(maxsize=64)
def _clues(text: str) -> tuple[str, ...]:
    low = text.lower()
    return tuple(clue for clue in _CLUES if clue in low)


def _bearer_terms(candidate: Candidate, article: Sequence[str], names: Names) -> Iterator[str]:
    """Who the bearer of a name is, alone and beside the suspect's relation to the child."""
    roles = names.roles.get(candidate.quote.split()[-1], set())
    about = [*(f"role:{role}" for role in roles), *person_terms(candidate, names.called)]
    for word in about:
        yield f"{word}:{candidate.kind}"
        yield f"{word}:{article[0]}"
    main = main_role(roles)
    yield f"main:{main}"
    yield f"main:{main}:{article[0]}"
    yield f"main:{main}:{names.hidden}"


def _owner_terms(candidate: Candidate, article: Sequence[str], names: Names) -> Iterator[str]:
    """Whose school, address or picture it is: the persons said last before it."""
    near = owners(candidate.sentence.text, candidate.start, names.roles)
    for place, owner in enumerate(near):
        yield f"own{place}:{candidate.kind}:{owner}"
        yield f"own{place}:{candidate.kind}:{owner}:{article[0]}"
    if not near:
        yield f"own:{candidate.kind}:nobody"


def _plain_words(text: str) -> list[str]:
    """Words of the surroundings; names of people are marks here too."""
    return [token for token in syllables(text, FACTS_LIMIT) if token is not STOP]


_AGED = re.compile(r"^[\s,(]{0,3}(?:(\d{1,2}) tuổi|(?:SN|sinh năm|sn)\s?(\d{4})|lớp|học sinh|học lớp)")


def person_terms(candidate: Candidate, called: Mapping[str, set[str]]) -> Iterator[str]:
    """What the whole article says of the bearer of a name."""
    words = called.get(candidate.quote.split()[-1], set())
    for word in words:
        yield f"call:{word}"
    yield f"calls:{min(len(words), 3)}"
    aged = _AGED.match(candidate.sentence.text[candidate.end :])
    if aged:
        years, born = aged[1], aged[2]
        young = int(years) < 18 if years else int(born) >= 1998 if born else True
        yield f"aged:{'child' if young else 'grown'}"
    if candidate.end - candidate.start > 0.6 * (candidate.sentence.end - candidate.sentence.start):
        yield "alone"
    if candidate.end == len(candidate.sentence.text):
        yield "ends"
    if candidate.start == 0:
        yield "opens"


_CLUES = (
    "mẹ",
    "cha",
    "bố",
    "bà ngoại",
    "bà nội",
    "con gái",
    "con trai",
    "cháu",
    "bé",
    "nạn nhân",
    "em ",
    "học sinh",
    "nữ sinh",
    "tuổi",
    "sn ",
    "sinh năm",
    "trú",
    "ngụ",
    "ở ",
    "nhà",
    "công an",
    "điều tra",
    "hiệu trưởng",
    "cô giáo",
    "chủ tịch",
    "trưởng",
    "luật sư",
    "bác sĩ",
    "nghi phạm",
    "đối tượng",
    "bị cáo",
    "khởi tố",
    "tạm giữ",
    "bắt",
    "ảnh",
    "clip",
    "đổi tên",
    "gia đình",
    "vợ",
    "chồng",
    "con ",
    "phụ huynh",
    "hiện trường",
    "phát hiện",
    "cho biết",
)


class ExposureFinder:
    def __init__(self, packed: Mapping[str, Any]) -> None:
        self.hashed = HashedTerms(CELLS, packed["weights"])
        self.head = unpack(packed["head"])

    def find(self, articles: Sequence[Sequence[Sentence]], about: Sequence[Sequence[str]]) -> list[tuple[Span, ...]]:
        """`about` are facts of each article as terms (see `article_terms`)."""
        pieces = [list(candidates(sentences)) for sentences in articles]
        terms: list[list[str]] = []
        for sentences, found, facts in zip(articles, pieces, about, strict=True):
            names = names_of(sentences) if found else None
            terms += [context_terms(one, facts, names) for one in found if names]
        if not terms:
            return [()] * len(articles)
        chances = self.head.probabilities(self.hashed.weigh(self.hashed.counts(terms)))[:, 0]
        ends = np.cumsum([len(found) for found in pieces])
        return [_spans(found, chances[end - len(found) : end]) for found, end in zip(pieces, ends, strict=True)]


def _spans(found: Sequence[Candidate], chances: Floats) -> tuple[Span, ...]:
    if not len(found) or chances.max() < SURE:
        return ()
    kept = [
        one
        for one, chance in zip(found, chances, strict=True)
        if chance >= (KEEP_PICTURE if one.kind == "image" else KEEP)
    ]
    return tuple(one.sentence.span(one.start, one.end) for one in _once(kept))


def _once(kept: Sequence[Candidate]) -> Iterator[Candidate]:
    """A piece inside another kept piece of the same sentence is said once."""
    for one in kept:
        inside = any(
            other is not one
            and other.sentence is one.sentence
            and other.start <= one.start
            and one.end <= other.end
            and (other.end - other.start, other.kind) > (one.end - one.start, one.kind)
            for other in kept
        )
        if not inside:
            yield one


def article_terms(relation: str | None, setting: str | None) -> list[str]:
    return [f"rel={relation}", f"set={setting}"]


def fit_exposure(
    labels: Sequence[Label], facts: Mapping[str, Mapping[str, Any]], seed: int, c: float = 30.0
) -> dict[str, Any]:
    terms: list[list[str]] = []
    answers: list[bool] = []
    for label in labels:
        read = facts.get(label.reading.id)
        if read is None:
            continue
        quotes = [item["quote"] for item in read["exposes"]]
        article = article_terms(read["relation"], label.setting)
        sentences = sentences_of(label.reading)
        names = names_of(sentences)
        for candidate in candidates(sentences):
            if candidate.sentence.field != "text" or candidate.sentence.start < 2200:
                terms.append(context_terms(candidate, article, names))
                answers.append(any(overlap(quote, candidate.quote) >= 0.5 for quote in quotes))
    hashed = HashedTerms(CELLS)
    counts = hashed.counts(terms)
    hashed.fit_weights(counts)
    head = fit_head(
        ("exposes",),
        hashed.weigh(counts),
        np.asarray(answers, dtype=bool).reshape(-1, 1),
        np.ones(len(answers)),
        c=c,
        seed=seed,
    )
    return {"weights": hashed.weights, "head": head.pack()}
