"""The reading queue: drawn once a day from what nobody read, answered once, a share of it answered by two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from classifier.active import Pool, distance, pick
from classifier.features import HashedTerms
from classifier.sights import look
from models.records import TYPES, Reading
from models.session import Store
from models.store import labels, learning_texts, reading_queue
from models.store.labels import READ, SECOND, SETTLED, Given, LabelError, Said
from pipeline.learning.agreement import by_key
from pipeline.learning.settings import LearningSettings

CELLS = 2**16
KNOWN = 1500
MOST = 5000
"""Of a day with more articles than that, a random part can be picked."""
KEPT_DAYS = 3
"""A pick that nobody read for so many days is offered no longer."""
SEED = "diembao"


def draw(store: Store, day: date, settings: LearningSettings, *, threshold: float) -> int:
    """Make the day's queue unless it is there; how many articles it has. Safe to run twice."""
    with store.read() as session:
        if reading_queue.drawn(session, day):
            return 0
        found = reading_queue.candidates(session, day)
        if not found:
            return 0
        seed = int(day.strftime("%Y%m%d"))
        if len(found) > MOST:
            keep = sorted(np.random.default_rng(seed).permutation(len(found))[:MOST].tolist())
            share, found = MOST / len(found), [found[n] for n in keep]
        else:
            share = 1.0
        texts = learning_texts.readings(session, [one.article_id for one in found])
        counts = reading_queue.type_counts(session, TYPES)
        known = [one.reading for one in labels.collect(session, texts=False)[-KNOWN:]]
    place = {article: n for n, (article, _, _) in enumerate(texts)}
    found = [one for one in found if one.article_id in place]
    pool = Pool(
        score=np.array([one.score for one in found]),
        threshold=threshold,
        types=np.array([[float(one.types.get(code, 0.0)) for code in TYPES] for one in found]),
        distance=far_from([texts[place[one.article_id]][2] for one in found], known),
    )
    picks = pick(pool, counts, count=settings.queue_a_day, random_share=settings.queue_random, seed=seed)
    rows = [
        (found[one.row].article_id, found[one.row].version_id, one.why, one.chance * (share if one.chance < 1 else 1.0))
        for one in picks
    ]
    with store.write() as session:
        reading_queue.put(session, day, rows)
    return len(rows)


def far_from(texts: Sequence[Reading], known: Sequence[Reading]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """How far each text is from the nearest known one, by the words of title and sapo."""
    hashed = HashedTerms(CELLS)
    both = look([*texts, *known], hashed, whole=False).counts
    hashed.fit_weights(both)
    rows = hashed.weigh(both)
    return distance(rows[: len(texts)], rows[len(texts) :])


def read_again(given: Sequence[Given], *, reader: str, share: float, limit: int) -> list[Given]:
    """Texts that one person read and that this one is to read again, oldest first."""
    alone = [
        group[0]
        for key, group in by_key(given).items()
        if len(group) == 1 and reading_queue.again_of(SEED, key) < share
    ]
    mine = [one for one in alone if one.source != SETTLED and one.who != reader and one.article_id is not None]
    return sorted(mine, key=lambda one: one.at)[:limit]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says of one version of an article; `as_what` is read, second or settled."""

    article_id: int
    version_id: int
    said: Said
    as_what: str
    note: str | None = None


def answer(store: Store, given: Answer, *, user_id: int, now: datetime) -> int:
    """Keep it; the label's id. Raises LabelError where the article or that version of it is gone."""
    with store.write() as session:
        shown = labels.shown(session, given.article_id)
        version = labels.version_of(session, given.article_id, given.version_id)
        if shown is None or version is None:
            raise LabelError("Bài này không còn")
        verdict = shown[2] if shown[2] is not None and shown[2].version_id == version[1] else None
        waiting = reading_queue.pick_of(session, given.article_id) if given.as_what == READ else None
        number = labels.add(
            session,
            given.said,
            source=given.as_what,
            at=now,
            key=f"bai-{given.article_id}",
            user_id=user_id,
            article_id=given.article_id,
            version_id=version[1],
            model=labels.of_model(verdict),
            why=None if waiting is None else waiting.why,
            chance=None if waiting is None else waiting.chance,
            note=given.note,
        )
        if waiting is not None:
            waiting.label_id = number
        return number


def oldest_day(today: date) -> date:
    return today - timedelta(days=KEPT_DAYS)


__all__ = ["READ", "SECOND", "SETTLED", "Answer", "answer", "draw", "far_from", "oldest_day", "read_again"]
