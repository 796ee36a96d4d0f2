"""Training on what the house has read: fit, look for wrong labels, compare with the model in force, register."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np

from classifier.crew import crew
from classifier.predict import HashedJudge
from classifier.recipe import Recipe, read_recipe
from classifier.release import USE
from classifier.suspects import out_of_fold, suspects
from classifier.train import Table, fit, prepare
from models.clock import VIET_NAM
from models.store import learning_texts
from models.store.labels import SETTLED, Given
from pipeline.learning.comparing import comparison, held_back
from pipeline.learning.label_files import without_names
from pipeline.learning.material import CORPUS, Material, as_labels, check_enough, gather
from pipeline.learning.registry import Registry
from pipeline.learning.settings import LearningSettings

ENOUGH_FACTS = 50
BASE_PARTS = ("facts", "evidence", "exposure")
"""What readers of the house are not asked is kept from the model in force, unless a corpus brings it."""
SUSPECTS = 50
WORTH_A_CREW = 2000
"""Fewer labels are learnt sooner than other processes have started."""
LIMITS = {
    "vi": (
        "Chỉ để sắp xếp tin cho người đọc; không phải kết luận về hành vi hay tội phạm. Học từ quyết định của đơn vị "
        "này: những gì cán bộ ít gặp hoặc chưa đọc thì mô hình biết ít. Nơi khác dùng phải đo lại trên bài của mình."
    ),
    "en": (
        "A sorting aid for people, never a finding. Learnt from this office's own decisions: what its staff rarely "
        "meet or never read, the model knows little of. Elsewhere it has to be measured anew on local articles."
    ),
}
Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to train: data until the end of a day, by a recipe, with a seed of one's own (None: the recipe's)."""

    until: date
    recipe: Path
    seed: int | None = None
    corpus: Path | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """`suspects` are labels for a second look: key, title, what was said, and how likely the rest makes that."""

    name: str
    comparison: dict[str, Any]
    suspects: list[dict[str, Any]]
    labels: int


def end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, VIET_NAM)


def train(
    registry: Registry,
    order: Order,
    settings: LearningSettings,
    *,
    now: datetime,
    progress: Progress,
    user_id: int | None = None,
) -> Trained:
    """Register a new model that nobody uses yet. Nothing changes unless it comes to its end."""
    recipe = read_recipe(order.recipe)
    recipe = recipe if order.seed is None else replace(recipe, seed=order.seed)
    until = end_of(order.until)
    progress(0.02, "Đọc nhãn")
    with registry.store.read() as session:
        material = gather(session, until=until, corpus=order.corpus, unlabelled=settings.unlabelled)
        held = held_back(session, material.held, until=until, to=_to(session, now), seed=recipe.seed)
    check_enough(material.train)
    progress(0.10, "Đọc chữ trong bài")
    labels = as_labels(material.train)
    with crew(settings.processes if len(labels) >= WORTH_A_CREW else 1) as run:
        table = prepare(labels, material.stream, dict(material.facts), recipe, run=run)
        progress(0.25, "Tìm nhãn có thể sai")
        doubtful = wrong_labels(table, material.train, recipe)
        progress(0.35, "Huấn luyện")
        model = fit(table, recipe, run)
        base = None
        with registry.store.write() as session:
            working = registry.working(session, now)
        if len(material.facts) < ENOUGH_FACTS:
            old_model, _ = registry.read(working)
            model, base = {**model, **{part: old_model[part] for part in BASE_PARTS}}, working.name
        progress(0.85, "So sánh với mô hình đang dùng")
        seen = _saw(working.card, held.given)
        new, old = HashedJudge(model, "mới"), registry.open(working)
        found = comparison(held, new, old, budget=settings.budget, seed=recipe.seed, seen_by_old=seen, run=run)
    progress(0.97, "Ghi mô hình")
    card = _card(order, recipe, material, found, threshold=model["threshold"], base=base)
    row = registry.keep(model, card, at=now, user_id=user_id)
    return Trained(row.name, {**found, "model": row.name}, doubtful, len(material.train))


def _to(session: Any, now: datetime) -> datetime:
    """Until when weeks are held back: the newest article, for an archive may have stood still."""
    newest = learning_texts.newest_seen(session)
    return now if newest is None else min(now, newest)


def _saw(card: dict[str, Any], given: tuple[Given, ...]) -> bool:
    """Whether the model in force was trained on texts of the held-back weeks, by the days on its card."""
    last = (card.get("data") or {}).get("to")
    days = [one.reading.published.date().isoformat() for one in given if one.reading.published]
    return bool(last and days and min(days) <= last)


def wrong_labels(table: Table, train: tuple[Given, ...], recipe: Recipe) -> list[dict[str, Any]]:
    """Labels of the house that the rest of the data contradicts, the surest first; what was settled by a second look
    is not asked again."""
    by_id = {one.reading.id: one for one in train if one.source not in (CORPUS, SETTLED)}
    rows = [n for n, label in enumerate(table.labels) if label.flag in (0, 1)]
    given = np.array([table.labels[n].flag for n in rows])
    groups = [table.labels[n].story or table.labels[n].reading.id for n in rows]
    counts = table.hashed.weigh(table.entry.counts[rows])
    chance = out_of_fold(counts, given == 1, groups, folds=recipe.folds, c=recipe.strength.flag, seed=recipe.seed)
    found = []
    for n in suspects(np.column_stack((1 - chance, chance)), given):
        one = by_id.get(table.labels[rows[n]].reading.id)
        if one is not None:
            own = float(chance[n] if given[n] == 1 else 1 - chance[n])
            title = without_names(one.reading.title)
            found.append({"key": one.key, "article": one.article_id, "title": title, "said": int(given[n]), "own": own})
    return found[:SUSPECTS]


def _card(order: Order, recipe: Recipe, material: Material, found: dict[str, Any], **made: Any) -> dict[str, Any]:
    days = sorted(one.reading.published.date().isoformat() for one in material.train if one.reading.published)
    return {
        "id": f"{recipe.id}-{order.until:%Y%m%d}",
        "use": USE,
        "limits": LIMITS,
        "data": {
            "digest": material.digest(),
            "labels": len(material.train),
            "flagged": sum(one.said.flag == 1 for one in material.train),
            "stream": len(material.stream),
            "from": days[0] if days else None,
            "to": order.until.isoformat(),
        },
        "recipe": order.recipe.name,
        "seed": recipe.seed,
        **made,
        "measured": {"held": {**found["new"], "intervals": found["intervals"], "relevant": found["relevant"]}},
    }
