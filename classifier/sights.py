"""What the models look at: an entry (title and sapo) or a whole article, as counts, figures and single sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import vstack

from classifier.crew import Run, alone
from classifier.features import (
    FACTS_LIMIT,
    SAPO_LIMIT,
    STOP,
    TITLE_LIMIT,
    Floats,
    HashedTerms,
    Matrix,
    entry_parts,
    grams,
    syllables,
)
from classifier.signals import Part, dense, tag_terms
from models.records import Reading

LEAST_SENTENCE = 4
CHUNK = 512


@dataclass(frozen=True, slots=True)
class Sights:
    """`counts` (n, cells) 0/1 · `figures` (n, WIDTH) · `single` (m, cells) one row a sentence, the title first;
    `owner` (m,) the row that a sentence belongs to, rising."""

    counts: Matrix
    figures: npt.NDArray[np.float32]
    single: Matrix
    owner: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.figures)

    def take(self, rows: npt.NDArray[np.intp]) -> "Sights":
        place = np.full(len(self), -1, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        kept = np.flatnonzero(place[self.owner] >= 0)
        order = kept[np.argsort(place[self.owner[kept]], kind="stable")]
        return Sights(self.counts[rows], self.figures[rows], self.single[order], place[self.owner[order]])


def look(readings: Sequence[Reading], hashed: HashedTerms, *, whole: bool, run: Run = alone) -> Sights:
    """What a view sees, CHUNK readings at a time: their terms as text would take gigabytes for a training."""
    if len(readings) <= CHUNK:
        return _look(readings, hashed, whole)
    return _joined(run(_look, [(readings[at : at + CHUNK], hashed, whole) for at in range(0, len(readings), CHUNK)]))


def _look(readings: Sequence[Reading], hashed: HashedTerms, whole: bool) -> Sights:
    terms: list[list[str]] = []
    single: list[list[str]] = []
    owner: list[int] = []
    figures = []
    for number, reading in enumerate(readings):
        title_tokens, rest_tokens = _fields(reading, whole=whole)
        title, rest = Part(title_tokens), Part(rest_tokens)
        head = list(_title_terms(title))
        terms.append([*head, *grams("", rest_tokens), *tag_terms("", rest)])
        figures.append(dense(title, rest, question="?" in reading.title))
        parts = _sentences(title) if len(title.spans) > 1 else ()
        for sentence in (head, *parts, *_sentences(rest)):
            single.append(sentence)
            owner.append(number)
    return Sights(
        hashed.counts(terms),
        np.asarray(figures, dtype=np.float32),
        hashed.counts(single),
        np.asarray(owner, dtype=np.intp),
    )


def _joined(parts: Sequence[Sights]) -> Sights:
    starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
    return Sights(
        vstack([part.counts for part in parts], format="csr"),
        np.vstack([part.figures for part in parts]),
        vstack([part.single for part in parts], format="csr"),
        np.concatenate([part.owner + start for part, start in zip(parts, starts, strict=True)]),
    )


def _fields(reading: Reading, *, whole: bool) -> tuple[list[str], list[str]]:
    title, sapo = entry_parts(reading)
    if not whole:
        return syllables(title, TITLE_LIMIT), syllables(sapo, SAPO_LIMIT)
    body = syllables(reading.text, FACTS_LIMIT)
    if reading.sapo:
        body = [*syllables(reading.sapo, SAPO_LIMIT), STOP, *body]
    return syllables(title, TITLE_LIMIT), body


def _title_terms(title: Part) -> Iterator[str]:
    yield from grams("t:", title.tokens)
    yield from grams("", title.tokens)
    yield from tag_terms("t:", title)
    yield from tag_terms("", title)


def _sentences(rest: Part) -> Iterator[list[str]]:
    for sentence, hits in rest.spans:
        if len(sentence) >= LEAST_SENTENCE:
            one = Part((), [(sentence, hits)])
            yield [*grams("", sentence), *tag_terms("", one)]


def best_of(owner: npt.NDArray[np.intp], margins: Floats, count: int) -> Floats:
    """(count, 2): the title's margin and the largest of title and sentences."""
    best = np.full(count, -9.0)
    np.maximum.at(best, owner, margins)
    first = np.full(count, -9.0)
    opens = np.concatenate(([True], owner[1:] != owner[:-1])) if len(owner) else np.zeros(0, dtype=bool)
    first[owner[opens]] = margins[opens]
    return np.column_stack((first, best))
