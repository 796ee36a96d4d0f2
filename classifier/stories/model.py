"""The chance that an article tells of a story's event, from its likeness to the story's articles.

The model is a file of plain figures (`released/stories.json`): boosted trees whose answer can only rise with likeness
and fall with contradiction, and what is taken off where places contradict each other. Fitted by
`python -m classifier.stories.fit`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from classifier.stories.features import Features
from classifier.stories.marks import Marks
from classifier.stories.pairs import FAR, FIGURES, apart

RELEASED = Path(__file__).parent / "released" / "stories.json"
BEST = 3
"""Of how many of the likest articles the mean is taken, beside the mean of all."""


SEVERAL = 4
LIKE = {"lead": 0.15, "title": 0.16}
"""An article whose opening and headline are both less like the likest ones of `SEVERAL` articles or more than this
mentions their event, or its place and people, rather than tells it."""


@dataclass(frozen=True, slots=True)
class Penalties:
    """Log-odds taken off. Measured on 600 articles of known stories: communes and districts both apart from the rest of
    their story in 2 (two round-ups), communes apart where one side names no district in 2, provinces apart in 9.
    Openings apart: 13 of 1,809 comparisons with the own story, 40 of 244 with another that was taken for it."""

    places_apart: float = 8.0
    communes_apart: float = 3.0
    provinces_apart: float = 2.0
    far_apart: float = 1.5
    unlike: float = 3.0
    leads_apart: float = 6.0


@dataclass(frozen=True, slots=True)
class StoryModel:
    """Trees as (tree, node) arrays; a leaf points to itself and holds its value."""

    feature: NDArray[np.intp]
    cut: NDArray[np.float64]
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    value: NDArray[np.float64]
    depth: int
    start: float
    link: float
    penalties: Penalties
    card: dict[str, Any]

    @classmethod
    def unpack(cls, packed: dict[str, Any]) -> Self:
        if tuple(packed["figures"]) != FIGURES:
            raise ValueError("the story model was fitted on other figures: fit it again")
        whole = {name: np.array(packed[name], np.intp) for name in ("feature", "left", "right")}
        return cls(
            **whole,
            cut=np.array(packed["cut"], np.float64),
            value=np.array(packed["value"], np.float64),
            depth=packed["depth"],
            start=packed["start"],
            link=packed["link"],
            penalties=Penalties(**packed["penalties"]),
            card=packed["card"],
        )

    def log_odds(self, summaries: NDArray[np.float32]) -> NDArray[np.float64]:
        """(stories, 2 * FIGURES + 1) -> (stories,)"""
        first = np.arange(len(self.feature)) * self.feature.shape[1]
        feature, cut, left, right, value = (
            table.ravel() for table in (self.feature, self.cut, self.left, self.right, self.value)
        )
        flat, row = summaries.ravel(), (np.arange(len(summaries)) * summaries.shape[1])[:, None]
        node = np.broadcast_to(first, (len(summaries), len(first)))
        for _ in range(self.depth):
            goes_left = flat.take(row + feature.take(node)) <= cut.take(node)
            node = first + np.where(goes_left, left.take(node), right.take(node))
        total: NDArray[np.float64] = self.start + value.take(node).sum(axis=1)
        return total

    def chances(
        self, summaries: Sequence[NDArray[np.float32]], new: Features, stories: Sequence[Sequence[Features]]
    ) -> list[float]:
        """One for each story; `summaries` and `stories` go together."""
        if not summaries:
            return []
        rows = np.stack(summaries)
        odds = self.log_odds(rows) - [self.against(new, story) for story in stories]
        odds -= self.penalties.unlike * mentions(rows)
        chances: list[float] = (1 / (1 + np.exp(-odds))).tolist()
        return chances

    def against(self, new: Features, story: Sequence[Features]) -> float:
        """Log-odds to take off because the article contradicts the story. A round-up may name any place."""
        days = [gap for gap in (apart(new, one) for one in story) if gap is not None]
        off = self.penalties.far_apart if len(days) == len(story) and min(days, default=0.0) > FAR else 0.0
        if new.marks.round_up:
            return off
        communes = contradict(new.marks, story, "communes")
        districts = contradict(new.marks, story, "districts")
        if communes and districts is not False:
            off += self.penalties.places_apart if districts else self.penalties.communes_apart
        if contradict(new.marks, story, "provinces"):
            off += self.penalties.provinces_apart
        if districts is not None and openings_apart(new.marks, story):
            off += self.penalties.leads_apart
        return off


def mentions(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which summaries are of an article that only mentions the story."""
    found: NDArray[np.bool_] = rows[:, -1] >= np.float32(np.log(SEVERAL))
    for name, least in LIKE.items():
        found &= rows[:, FIGURES.index(name)] < least
    return found


def openings_apart(new: Marks, story: Sequence[Features]) -> bool:
    """Whether article and story open with other communes, in a third of its articles or more, and with no rare name in
    common: another event of the same town, told with the first one further down."""
    placed = [one.marks for one in story if one.marks.lead_communes]
    if not new.lead_communes or len(placed) * 3 < len(story) or not placed:
        return False
    communes = {place for one in placed for place in one.lead_communes}
    names = {name for one in story for name in one.marks.lead_names}
    return communes.isdisjoint(new.lead_communes) and names.isdisjoint(new.lead_names)


def contradict(new: Marks, story: Sequence[Features], level: str) -> bool | None:
    """None where one side names no such place."""
    own = set(getattr(new, level))
    theirs = {place for one in story for place in getattr(one.marks, level)}
    return own.isdisjoint(theirs) if own and theirs else None


def summary(figures: NDArray[np.float32], settled: int) -> NDArray[np.float32]:
    """Figures of an article against a story -> one row: mean of the `BEST` highest, mean of all, ln of how many.

    The first `settled` rows stand for the story in the mean of all; the rest were only added because they are near.
    """
    best = min(BEST, len(figures))
    top = np.partition(figures, len(figures) - best, axis=0)[-best:].mean(axis=0)
    row: NDArray[np.float32] = np.concatenate((top, figures[:settled].mean(axis=0), [np.log(settled)])).astype(
        np.float32
    )
    return row


@cache
def released() -> StoryModel:
    """The model that ships."""
    return StoryModel.unpack(json.loads(RELEASED.read_text(encoding="utf-8")))
