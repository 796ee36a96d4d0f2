"""What a training reads: labels until a day, those after it held back, no event on both sides, and what is usual."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from classifier import corpus as files
from classifier.corpus import Label
from classifier.train import read_facts, read_labels
from models.errors import DiembaoError
from models.records import Reading
from models.store import labels, learning_texts
from models.store.labels import Given, Said
from pipeline.learning.agreement import resolved

FEWEST = 10
"""Relevant and irrelevant labels without which nothing can be fitted."""
CORPUS = "corpus"


class TooFewError(DiembaoError):
    """There is not enough to learn from."""


@dataclass(frozen=True, slots=True)
class Material:
    """`train` and `held` are one label a text; `stream` unlabelled entries; `facts` rows of the corpus by id."""

    train: tuple[Given, ...]
    held: tuple[Given, ...]
    stream: tuple[Reading, ...]
    facts: Mapping[str, dict[str, Any]]

    def digest(self) -> str:
        """The same labels, texts and unlabelled entries give the same."""
        total = hashlib.sha256()
        for one in self.train:
            said = one.said
            parts = (one.key, said.flag, said.kind, *said.types, said.story, one.reading.title, one.reading.sapo)
            total.update("|".join(map(str, parts)).encode())
            total.update(hashlib.sha256(one.reading.text.encode()).digest())
        for reading in self.stream:
            total.update(f"{reading.id}|{reading.title}".encode())
        return total.hexdigest()


def when(one: Given) -> datetime:
    """The time by which a label is split: that of the article, else of the labelling."""
    return one.reading.published or one.at


def gather(session: Session, *, until: datetime, corpus: Path | None, unlabelled: int) -> Material:
    """Labels of the store (and of a corpus) split at `until`."""
    given = resolved(labels.collect(session))
    stream = learning_texts.unlisted(session, until=until, limit=unlabelled)
    facts: dict[str, dict[str, Any]] = {}
    if corpus is not None:
        given = [*_corpus_labels(corpus), *given]
        stream += [r for r in files.stream(corpus) if r.published is not None and r.published <= until]
        facts = read_facts(corpus)
    train, held = split(given, until)
    known = {one.reading.id for one in given}
    return Material(train, held, tuple(r for r in stream if r.id not in known), facts)


def split(given: Sequence[Given], until: datetime) -> tuple[tuple[Given, ...], tuple[Given, ...]]:
    """Before and after; an event that began before is not held back, for the model will know it."""
    train = tuple(one for one in given if when(one) <= until)
    known = {one.said.story for one in train if one.said.story}
    titles = {one.reading.title.casefold().strip() for one in train}
    held = tuple(
        one
        for one in given
        if when(one) > until and one.said.story not in known and one.reading.title.casefold().strip() not in titles
    )
    return train, held


def _corpus_labels(corpus: Path) -> list[Given]:
    """Labels of the files; without a date they are old, and belong to training."""
    start = datetime.fromisoformat("2000-01-01T00:00:00+07:00")
    return [
        Given(
            key=label.reading.id,
            reading=label.reading,
            said=Said(
                label.flag,
                label.kind,
                label.types,
                label.province,
                label.setting,
                label.age,
                label.sex,
                label.story,
            ),
            who=label.origin,
            at=label.reading.published or start,
            source=CORPUS,
        )
        for label in read_labels(corpus)
    ]


def as_labels(given: Sequence[Given]) -> list[Label]:
    """As training takes them. A whole article of the house is seen twice, as its entry and as itself: both views of
    the model will meet such texts. Both stand for one event."""
    made: list[Label] = []
    for one in given:
        said = one.said
        kind = said.kind or ("vu_viec" if said.flag == 1 else "khac")
        origin = one.who if one.source == CORPUS else "full" if one.reading.text.strip() else "feed"
        label = Label(
            one.reading,
            said.flag,
            kind,
            said.types,
            origin,
            said.setting,
            said.age,
            said.sex,
            said.story or one.key,
            said.province,
        )
        made.append(label if one.source != CORPUS else replace(label, story=said.story))
        if one.source != CORPUS and origin == "full" and one.reading.sapo.strip():
            entry = replace(one.reading, id=f"{one.reading.id}-tin", text="")
            made.append(replace(label, reading=entry, origin="feed"))
    return made


def check_enough(train: Sequence[Given]) -> None:
    """Raises TooFewError with the counts."""
    relevant = sum(one.said.flag == 1 for one in train)
    others = sum(one.said.flag == 0 for one in train)
    if relevant < FEWEST or others < FEWEST:
        raise TooFewError(
            f"chưa đủ nhãn để huấn luyện: {relevant} bài cần xem, {others} bài không; cần ít nhất {FEWEST} mỗi bên"
        )
