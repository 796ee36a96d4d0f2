"""The new model against the one in force on held-back weeks: figures by group, and articles on which they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from classifier.compare import Answers, Sample, by_group, compare, differing
from classifier.crew import Run, alone
from classifier.figures import region
from classifier.predict import Judge
from models.clock import VIET_NAM
from models.records import Reading, Verdict
from models.store import learning_texts
from models.store.labels import Given
from pipeline.learning.label_files import without_names
from pipeline.learning.material import when

UNLABELLED = 3000
"""So many unlabelled articles of the held-back weeks stand for all of them."""
DIFFER = 40
BATCH = 256


@dataclass(frozen=True, slots=True)
class Held:
    """What both models are asked: labelled texts, and a sample of the others with the weight of each."""

    given: tuple[Given, ...]
    others: tuple[Reading, ...]
    weight: float
    days: int


def held_back(session: Session, given: Sequence[Given], *, until: datetime, to: datetime, seed: int) -> Held:
    """The held-back labels with a random sample of what nobody labelled in that time."""
    decided = tuple(one for one in given if one.said.flag in (0, 1))
    known = {one.article_id for one in decided}
    free = [n for n in learning_texts.ids_between(session, after=until, until=to) if n not in known]
    count = min(UNLABELLED, len(free))
    taken = sorted(np.random.default_rng(seed).permutation(len(free))[:count].tolist())
    rows = learning_texts.readings(session, [free[n] for n in taken])
    last = max([to, *map(when, decided)]) if not free else to
    days = max(1, (last - until).days)
    return Held(decided, tuple(row[2] for row in rows), len(free) / count if count else 1.0, days)


def comparison(
    held: Held, new: Judge, old: Judge, *, budget: int, seed: int, seen_by_old: bool, run: Run = alone
) -> dict[str, Any]:
    """Everything that the page shows and the floors ask, as plain values."""
    given = held.given
    base: dict[str, Any] = {
        "current": old.id,
        "relevant": sum(one.said.flag == 1 for one in given),
        "labelled": len(given),
        "unlabelled": len(held.others),
        "days": held.days,
        "budget": budget,
        "seen_by_current": seen_by_old,
    }
    if given:
        base |= {"first": min(map(when, given)).isoformat(), "last": max(map(when, given)).isoformat()}
    if not base["relevant"]:
        return {**base, "new": {}, "old": {}, "intervals": {}, "difference": {}, "groups": [], "differ": []}
    texts = [*(one.reading for one in given), *held.others]
    answers, others = run(_asked, [(new, texts), (old, texts)])
    sample = _sample(held)
    found = compare(sample, answers[0], others[0], readings=budget * held.days, seed=seed)
    return {
        **base,
        "new": _rounded(found.new),
        "old": _rounded(found.old),
        "intervals": {name: [round(x, 4) for x in values] for name, values in found.intervals.items()},
        "difference": {name: [round(x, 4) for x in values] for name, values in found.difference.items()},
        "groups": [
            {
                "name": g.name,
                "relevant": g.relevant,
                "new": round(g.new, 4),
                "old": round(g.old, 4),
                "interval": [round(x, 4) for x in g.interval],
                "precision": [round(x, 4) for x in g.precision],
                "gain": [round(x, 4) for x in g.gain],
                "small": g.small,
            }
            for g in by_group(sample, answers[0], others[0], seed=seed)
        ],
        "differ": [
            _differing(texts[n], n, given, answers[1][n], others[1][n])
            for n in differing(answers[0], others[0], DIFFER)
        ],
    }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}


def _asked(judge: Judge, texts: Sequence[Reading]) -> tuple[Answers, list[Verdict]]:
    verdicts = [v for at in range(0, len(texts), BATCH) for v in judge.judge(texts[at : at + BATCH])]
    scores = np.array([v.score for v in verdicts])
    return Answers(scores, np.array([v.flag for v in verdicts], dtype=bool)), verdicts


def _sample(held: Held) -> Sample:
    given, size = held.given, len(held.given) + len(held.others)
    labelled = np.arange(size) < len(given)
    events = [one.said.story or one.key for one in given] + [reading.id for reading in held.others]
    number = {name: n for n, name in enumerate(dict.fromkeys(events))}
    return Sample(
        truth=np.array([one.said.flag == 1 for one in given] + [False] * len(held.others), dtype=bool),
        labelled=labelled,
        weight=np.where(labelled, 1.0, held.weight),
        event=np.array([number[name] for name in events], dtype=np.int64),
        groups=tuple(_groups(one) for one in given) + ((),) * len(held.others),
    )


def _groups(one: Given) -> tuple[str, ...]:
    """Names of the groups of a labelled text: its types, outlet, region and week."""
    week = when(one).astimezone(VIET_NAM).isocalendar()
    names = [f"type:{code}" for code in one.said.types]
    names.append(f"outlet:{one.reading.source}")
    names.append(f"week:{week.year}-W{week.week:02d}")
    if one.said.province:
        names.append(f"region:{region(one.said.province)}")
    return ("all", *names)


def _differing(reading: Reading, number: int, given: Sequence[Given], new: Verdict, old: Verdict) -> dict[str, Any]:
    """One article on which the two differ; `said` is what people say of it, None where nobody did."""
    article = reading.id.removeprefix("bai-")
    return {
        "article": int(article) if reading.id.startswith("bai-") and article.isdecimal() else None,
        "title": without_names(reading.title),
        "outlet": reading.source,
        "new": {"score": new.score, "flag": new.flag, "kind": new.kind},
        "old": {"score": old.score, "flag": old.flag, "kind": old.kind},
        "said": given[number].said.flag if number < len(given) else None,
    }
