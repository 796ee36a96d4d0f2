"""Fit the story model: `python -m classifier.stories.fit STORIES.jsonl [--extra LABELS.jsonl] [-o OUT.json]`.

The corpus streams through the index in several orders, each article put into its true story; every story that the
index offered for an article is an example. Figures are measured by cross-validation with whole stories left out: the
articles of a fifth of the stories are placed, among all others, by a model that has seen none of them.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import click
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from classifier.places import PlaceFinder
from classifier.similarity import StoryIndex
from classifier.stories.bcubed import One, grouping, per_article
from classifier.stories.features import Features, features
from classifier.stories.frequencies import released as released_frequencies
from classifier.stories.model import RELEASED, Penalties, StoryModel
from classifier.stories.pairs import FALLING, FIGURES, FREE
from classifier.stories.records import StoryDoc
from models.records import Reading

FOLDS = 5
ORDERS = (0, 1, 2)
"""Seeds of the orders in which examples are gathered; 0 is the order of the file."""
PROOF_ORDERS = (0, 7)
REPEATS = 3
TREES: dict[str, Any] = {
    "max_iter": 200,
    "learning_rate": 0.06,
    "max_leaf_nodes": 8,
    "l2_regularization": 5.0,
    "min_samples_leaf": 30,
    "max_features": 0.4,
    "early_stopping": False,
}
LINK = 0.3
ALIKE = 0.03
"""Stories that share less of the wording than this with an article teach nothing: three in four that are offered."""


@dataclass(frozen=True, slots=True)
class Told:
    """An article of the corpus, the event it tells, and whether it is scored (or only learned from)."""

    doc: StoryDoc
    event: str
    scored: bool

    @property
    def fold(self) -> int:
        return crc32(self.event.encode()) % FOLDS


@dataclass(frozen=True, slots=True)
class Examples:
    """`rows` are summaries; `folds` hold the fold of the article's event and of the story's."""

    rows: NDArray[np.float32]
    answers: NDArray[np.bool_]
    folds: NDArray[np.intp]

    def without(self, fold: int) -> "Examples":
        kept = (self.folds != fold).all(axis=1)
        return Examples(self.rows[kept], self.answers[kept], self.folds[kept])


def read(path: Path, finder: PlaceFinder, *, scored: bool) -> list[Told]:
    told = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        title, sapo, text = (row.get(name) or "" for name in ("title", "sapo", "text"))
        place = finder.find(Reading(row["id"], title, sapo, text))
        published = datetime.fromisoformat(row["published"]) if row.get("published") else None
        doc = StoryDoc(row["id"], title, sapo, text, published=published, places=place.new_codes if place else ())
        told.append(Told(doc, row["story"] or f"alone {row['id']}", scored))
    return told


def gather(corpus: Sequence[Told], reader: Callable[[StoryDoc], Features], model: StoryModel) -> Examples:
    rows, answers, folds = [], [], []
    fold_of = {told.event: told.fold for told in corpus}
    for seed in ORDERS:
        index = StoryIndex(model=model, reader=reader)
        for told in in_order(corpus, seed):
            for one in index.weigh(reader(told.doc)):
                rows.append(one.summary)
                answers.append(one.story == told.event)
                folds.append((told.fold, fold_of[one.story]))
            index.add(told.doc, (told.event,))
    wording = np.array(rows)[:, FIGURES.index("words")]
    kept = np.array(answers) | (wording > ALIKE)
    return Examples(np.array(rows)[kept], np.array(answers)[kept], np.array(folds)[kept])


def in_order(corpus: Sequence[Told], seed: int) -> list[Told]:
    return list(corpus) if seed == 0 else random.Random(seed).sample(corpus, len(corpus))  # noqa: S311 -- no secret


def direction(name: str) -> int:
    return 0 if name in FREE else -1 if name in FALLING else 1


def fit_trees(examples: Examples) -> dict[str, Any]:
    """Tables of the boosted trees, padded to one width, the mean of `REPEATS` fits."""
    directions = [direction(name) for name in FIGURES]
    fitted = [
        HistGradientBoostingClassifier(**TREES, monotonic_cst=[*directions, *directions, 0], random_state=repeat).fit(
            examples.rows, examples.answers
        )
        for repeat in range(REPEATS)
    ]
    tables = [predictor[0].nodes for one in fitted for predictor in one._predictors]  # noqa: SLF001 -- no public way
    width = max(len(table) for table in tables)
    nodes = {name: np.zeros((len(tables), width)) for name in ("feature", "cut", "left", "right", "value")}
    for tree, table in enumerate(tables):
        size, leaf, own = len(table), table["is_leaf"].astype(bool), np.arange(len(table))
        nodes["feature"][tree, :size] = np.where(leaf, 0, table["feature_idx"])
        nodes["cut"][tree, :size] = np.where(leaf, 0.0, table["num_threshold"])
        nodes["left"][tree, :size] = np.where(leaf, own, table["left"])
        nodes["right"][tree, :size] = np.where(leaf, own, table["right"])
        nodes["value"][tree, :size] = np.where(leaf, table["value"], 0.0) / REPEATS
    whole = {name: nodes[name].astype(int).tolist() for name in ("feature", "left", "right")}
    return whole | {
        "cut": nodes["cut"].round(5).tolist(),
        "value": nodes["value"].round(5).tolist(),
        "depth": max(int(table["depth"].max()) for table in tables),
        "start": float(np.mean([one._baseline_prediction.item() for one in fitted])),  # noqa: SLF001
    }


def packed(examples: Examples, link: float, card: dict[str, Any]) -> dict[str, Any]:
    return {
        "figures": list(FIGURES),
        **fit_trees(examples),
        "link": link,
        "penalties": asdict(Penalties()),
        "card": card,
    }


def untrained() -> StoryModel:
    """Offers stories without an opinion: for gathering examples."""
    none = {name: [[0]] for name in ("feature", "cut", "left", "right", "value")}
    return StoryModel.unpack(
        {"figures": FIGURES, **none, "depth": 0, "start": 0.0, "link": 0.5, "penalties": {}, "card": {}}
    )


def stream(corpus: Sequence[Told], index: StoryIndex) -> dict[str, str]:
    """Articles arriving one by one -> the story of each."""
    return {told.doc.id: index.place(told.doc).story for told in corpus}


def prove(
    corpus: Sequence[Told], reader: Callable[[StoryDoc], Features], models: Sequence[StoryModel], seed: int
) -> list[One]:
    """Articles of fold f placed by model f, which has not seen their events."""
    scored = in_order([told for told in corpus if told.scored], seed)
    want = {told.doc.id: told.event for told in scored}
    fold_of = {told.doc.id: told.fold for told in scored}
    found = []
    for fold, model in enumerate(models):
        ones = per_article(want, stream(scored, StoryIndex(model=model, reader=reader)))
        found += [one for article, one in ones.items() if len(models) == 1 or fold_of[article] == fold]
    return found


def told_off(ones: Sequence[One]) -> dict[str, float]:
    every, several = grouping(ones), grouping([one for one in ones if one.several])
    figures = {
        "precision": every.precision,
        "recall": every.recall,
        "f1": every.f1,
        "f1_several": several.f1,
        "wrong_merges": every.wrong_share,
    }
    return {name: round(value, 4) for name, value in figures.items()}


@click.command()
@click.argument("stories", type=click.Path(exists=True, path_type=Path))
@click.option("--extra", type=click.Path(exists=True, path_type=Path), help="labelled articles to learn from besides")
@click.option("-o", "--out", default=RELEASED, type=click.Path(path_type=Path))
@click.option("--link", default=LINK, show_default=True)
def fit(stories: Path, extra: Path | None, out: Path, link: float) -> None:
    finder = PlaceFinder.load()
    corpus = read(stories, finder, scored=True)
    known = {told.doc.id for told in corpus}
    if extra:
        others = read(extra, finder, scored=False)
        corpus += [told for told in others if told.doc.id not in known and not told.event.startswith("alone ")]
    reader = cache(partial(features, frequencies=released_frequencies()))

    examples = gather(corpus, reader, untrained())
    models = [StoryModel.unpack(packed(examples.without(fold), link, {})) for fold in range(FOLDS)]
    held_out = [one for seed in PROOF_ORDERS for one in prove(corpus, reader, models, seed)]
    card = {
        "data": {path.name: sha256(path.read_bytes()).hexdigest()[:16] for path in (stories, extra) if path},
        "examples": len(examples.answers),
        "held_out": told_off(held_out),
    }
    final = packed(examples, link, card)
    card["in_sample"] = told_off(prove(corpus, reader, [StoryModel.unpack(final)], 0))
    out.write_text(json.dumps(final, separators=(",", ":")) + "\n", encoding="utf-8")
    click.echo(json.dumps(card, indent=1))


if __name__ == "__main__":
    fit()
