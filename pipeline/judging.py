"""Judge what has not been judged: verdict and place for each newest version, in batches, safe to run twice."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from classifier.shelter import sheltered
from models.records import NONE_HIDDEN, Place, Reading, Verdict
from models.session import Store
from models.store import verdicts
from models.store.verdicts import Judged, Unjudged

BATCH = 200
PLACED_KINDS = frozenset({"vu_viec", "xet_xu", "tai_nan", "tre_pham_toi"})
"""Kinds that tell of an event with a place of its own; the others get none, flagged or not."""


PLACELESS = frozenset({"chinh_sach", "nuoc_ngoai"})
"""Kinds that force no place; where the article is flagged all the same, the finder decides from the text alone."""
FINDER = "places-1"
"""Which way of finding places a row of the store comes from; a better way gets another name."""


Answer = tuple[Verdict, Place | None]


class Judges(Protocol):
    @property
    def id(self) -> str: ...
    def judge(self, readings: Sequence[Reading]) -> list[Verdict]: ...


class Places(Protocol):
    def find(self, reading: Reading, *, kind: str | None = None) -> Place | None: ...


def judge_new(
    store: Store, judge: Judges, places: Places, *, now: Callable[[], datetime], progress: Callable[[int], None]
) -> int:
    """Judge what no model has judged; how many versions. Each batch is one transaction; `progress` is told its size.

    What another model judged before is left to the job that judges the archive again.
    """
    total = 0
    while True:
        with store.read() as session:
            batch = verdicts.unjudged(session, model=judge.id, limit=BATCH, again=False)
        if not batch:
            return total
        judge_batch(store, judge, places, batch, at=now())
        total += len(batch)
        progress(len(batch))


def judge_batch(store: Store, judge: Judges, places: Places, batch: Sequence[Unjudged], *, at: datetime) -> None:
    """Verdicts and places of these versions, in one transaction."""
    keep_answers(store, batch, answers(judge, places, [item.reading for item in batch]), at=at)


def answers(judge: Judges, places: Places, readings: Sequence[Reading]) -> list[Answer]:
    found = judge.judge(readings)
    return [
        (_hiding(reading, verdict), _place(places, reading, verdict))
        for reading, verdict in zip(readings, found, strict=True)
    ]


def _hiding(reading: Reading, verdict: Verdict) -> Verdict:
    """With the names that are hidden wherever it is shown; in flagged whole articles more of them are looked for."""
    if not (verdict.flag or verdict.exposes_child):
        return verdict
    named = verdict.flag and bool(reading.text.strip())
    found = sheltered(reading, verdict.exposes_child, verdict.relation, named=named)
    return replace(verdict, hides=found or (NONE_HIDDEN,))


def keep_answers(store: Store, batch: Sequence[Unjudged], found: Sequence[Answer], *, at: datetime) -> None:
    judged = [Judged(item, verdict, place) for item, (verdict, place) in zip(batch, found, strict=True)]
    with store.write() as session:
        verdicts.save(session, judged, finder=FINDER, at=at)


def _place(places: Places, reading: Reading, verdict: Verdict) -> Place | None:
    if not verdict.flag and verdict.kind not in PLACED_KINDS:
        return None
    doubtful = verdict.flag and verdict.kind in PLACELESS
    return places.find(reading, kind=None if doubtful else verdict.kind)
