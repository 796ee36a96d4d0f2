"""What the models look at: an entry (title and sapo) or a whole article, as counts, figures and single sentences."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import vstack

from classifier.aside import looks
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
    syllables,
)
from classifier.lines import Part, dense
from models.records import Reading

LEAST_SENTENCE = 4
CHUNK = 512


@dataclass(frozen=True, slots=True)
class Sights:
    """`counts` (n, cells) 0/1 · `figures` (n, WIDTH) · `single` (m, cells) one row a sentence, the title first;
    `owner` (m,) the row that a sentence belongs to, rising · `aside` other looks at the same rows, if asked for."""

    counts: Matrix
    figures: npt.NDArray[np.float32]
    single: Matrix
    owner: npt.NDArray[np.intp]
    aside: tuple[Matrix, ...] = ()

    def __len__(self) -> int:
        return len(self.figures)

    def take(self, rows: npt.NDArray[np.intp]) -> "Sights":
        place = np.full(len(self), -1, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        kept = np.flatnonzero(place[self.owner] >= 0)
        order = kept[np.argsort(place[self.owner[kept]], kind="stable")]
        aside = tuple(counts[rows] for counts in self.aside)
        return Sights(self.counts[rows], self.figures[rows], self.single[order], place[self.owner[order]], aside)


def look(
    readings: Sequence[Reading], hashed: HashedTerms, *, whole: bool, aside_cells: int = 0, run: Run = alone
) -> Sights:
    """What a view sees, CHUNK readings at a time: their terms as text would take gigabytes for a training."""
    if len(readings) <= CHUNK:
        return _look(readings, hashed, whole, aside_cells)
    parts = [(readings[at : at + CHUNK], hashed, whole, aside_cells) for at in range(0, len(readings), CHUNK)]
    return _joined(run(_look, parts))


def _look(readings: Sequence[Reading], hashed: HashedTerms, whole: bool, aside_cells: int) -> Sights:
    fields = [_fields(reading, whole=whole) for reading in readings]
    titles, rests = [Part(title) for title, _ in fields], [Part(rest) for _, rest in fields]
    terms: list[array[int]] = []
    single: list[array[int]] = []
    owner: list[int] = []
    for number, (title, rest) in enumerate(zip(titles, rests, strict=True)):
        head = title.hashes()
        for each in title.lines:
            head += each.prefixed("t:")
        terms.append(head + rest.hashes())
        parts = title.lines if len(title.lines) > 1 else []
        long = [each.hashes for each in (*parts, *rest.lines) if len(each.tokens) >= LEAST_SENTENCE]
        single += (head, *long)
        owner += [number] * (1 + len(long))
    return Sights(
        hashed.hashed(terms),
        dense(titles, rests, ["?" in reading.title for reading in readings]),
        hashed.hashed(single),
        np.asarray(owner, dtype=np.intp),
        looks(fields, aside_cells) if aside_cells and fields else (),
    )


def _joined(parts: Sequence[Sights]) -> Sights:
    starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
    return Sights(
        vstack([part.counts for part in parts], format="csr"),
        np.vstack([part.figures for part in parts]),
        vstack([part.single for part in parts], format="csr"),
        np.concatenate([part.owner + start for part, start in zip(parts, starts, strict=True)]),
        tuple(vstack(counts, format="csr") for counts in zip(*(part.aside for part in parts), strict=True)),
    )


def _fields(reading: Reading, *, whole: bool) -> tuple[list[str], list[str]]:
    title, sapo = entry_parts(reading)
    if not whole:
        return syllables(title, TITLE_LIMIT), syllables(sapo, SAPO_LIMIT)
    body = syllables(reading.text, FACTS_LIMIT)
    if reading.sapo:
        body = [*syllables(reading.sapo, SAPO_LIMIT), STOP, *body]
    return syllables(title, TITLE_LIMIT), body


def best_of(owner: npt.NDArray[np.intp], margins: Floats, count: int) -> Floats:
    """(count, 2): the title's margin and the largest of title and sentences."""
    best = np.full(count, -9.0)
    np.maximum.at(best, owner, margins)
    first = np.full(count, -9.0)
    opens = np.concatenate(([True], owner[1:] != owner[:-1])) if len(owner) else np.zeros(0, dtype=bool)
    first[owner[opens]] = margins[opens]
    return np.column_stack((first, best))
