"""One event or two: the story index.

`StoryIndex.place` puts articles into stories as they arrive, one by one, in memory and without a database.
It decides once on each article and only looks back; two stories that grew apart are joined by people alone, for two
children in one story is the worst error. What people corrected is told to it by `add`, `move` and `merge`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from classifier.stories.features import Features, features
from classifier.stories.frequencies import Frequencies
from classifier.stories.frequencies import released as released_frequencies
from classifier.stories.memory import Entry, Memory
from classifier.stories.model import StoryModel, summary
from classifier.stories.model import released as released_model
from classifier.stories.pairs import Comparer, sameness
from classifier.stories.records import Placement, StoryDoc
from classifier.stories.round_ups import passages

__all__ = ["Placement", "StoryDoc", "StoryIndex", "StorySettings"]


@dataclass(frozen=True, slots=True)
class StorySettings:
    """How much is remembered and how much of it is compared.

    The latest `window` articles are remembered; of older ones the first `per_story` of each story that may go on,
    `long_memory` in all. A new article is compared with `stories` stories, found by `near` articles: with all articles
    of a story, or with its first and latest where it has more than `compared`.
    """

    window: int = 100_000
    long_memory: int = 40_000
    per_story: int = 6
    near: int = 48
    stories: int = 8
    compared: int = 16
    near_duplicate: float = 0.7


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate story. `summary` is the row that the model reads, `compared` the articles behind it."""

    story: str
    chance: float
    summary: NDArray[np.float32]
    compared: tuple[Entry, ...]


class StoryIndex:
    """Not to be shared between threads."""

    def __init__(
        self,
        settings: StorySettings | None = None,
        *,
        frequencies: Frequencies | None = None,
        model: StoryModel | None = None,
        reader: Callable[[StoryDoc], Features] | None = None,
    ) -> None:
        """`reader` turns an article into features (default: `features` with `frequencies`)."""
        self.settings = settings or StorySettings()
        frequencies = frequencies or released_frequencies()
        self.read = reader or partial(features, frequencies=frequencies)
        self.model = model or released_model()
        self._memory = Memory(self.settings.window, self.settings.long_memory, self.settings.per_story)
        self._comparer = Comparer(frequencies)

    def __len__(self) -> int:
        return len(self._memory)

    def place(self, doc: StoryDoc) -> Placement:
        """Decide where a new article belongs and remember it; an article known by its id keeps its place."""
        known = self._memory.by_id(doc.id)
        if known is not None:
            return Placement(known.stories[0], known.stories, False, known.confidence, known.near_duplicate_of)
        seen = self.read(doc)
        weighed = self._weigh_round_up(doc, seen) if seen.marks.round_up else self.weigh(seen)
        linked = [one for one in weighed if one.chance >= self.model.link]
        stories = tuple(one.story for one in (linked if seen.marks.round_up else linked[:1])) or (doc.id,)
        likeliest = weighed[0].chance if weighed else 0.0
        entry = self._memory.add(doc.id, doc.kind, seen, stories)
        entry.confidence = likeliest if linked else 1 - likeliest
        entry.near_duplicate_of = self._reprint_of(seen, linked)
        return Placement(stories[0], stories, not linked, entry.confidence, entry.near_duplicate_of)

    def add(self, doc: StoryDoc, stories: Sequence[str], near_duplicate_of: str | None = None) -> None:
        """Remember an article whose stories are known: from the store, or because a person corrected them."""
        known = self._memory.by_id(doc.id)
        if known is not None:
            self.move(doc.id, stories)
            return
        entry = self._memory.add(doc.id, doc.kind, self.read(doc), tuple(stories) or (doc.id,))
        entry.near_duplicate_of = near_duplicate_of

    def move(self, article: str, stories: Sequence[str]) -> None:
        """These are the article's stories from now on; none means a story of its own."""
        entry = self._memory.by_id(article)
        if entry is not None:
            self._memory.put(entry, tuple(stories) or (article,))
            entry.confidence = 1.0

    def merge(self, story: str, into: str) -> None:
        """Two stories are one event: all articles of `story` now stand in `into`."""
        for entry in self._memory.members(story):
            self._memory.put(entry, tuple(dict.fromkeys(into if name == story else name for name in entry.stories)))

    def members(self, story: str) -> tuple[str, ...]:
        """Remembered articles of a story, oldest first."""
        return tuple(entry.id for entry in self._memory.members(story))

    def forget(self, article: str) -> None:
        """Retention: nothing of this article stays."""
        entry = self._memory.by_id(article)
        if entry is not None:
            self._memory.forget(entry)

    def weigh(self, seen: Features) -> list[Weighed]:
        """Stories that the article may belong to, likeliest first."""
        near: dict[str, list[Entry]] = {}
        for entry in self._memory.near(seen, self.settings.near):
            for story in entry.stories:
                if story in near or len(near) < self.settings.stories:
                    near.setdefault(story, []).append(entry)
        return sorted(self._judge(seen, near), key=lambda one: (-one.chance, one.story))

    def _judge(self, seen: Features, stories: Mapping[str, Sequence[Entry]]) -> list[Weighed]:
        """Stories with the articles that are compared besides those that stand for them."""
        solid = {story: self._solid(story) for story in stories}
        rows = {
            story: list(dict.fromkeys((*solid[story], *(entry for entry in near if not entry.seen.marks.round_up))))
            for story, near in stories.items()
        }
        figures = self._comparer.figures(seen, [entry.seen for entries in rows.values() for entry in entries])
        ends = np.cumsum([len(entries) for entries in rows.values()])[:-1]
        parts = np.split(figures, ends) if rows else []
        summaries = [summary(part, len(solid[story])) for story, part in zip(rows, parts, strict=True)]
        chances = self.model.chances(summaries, seen, [[one.seen for one in solid[story]] for story in rows])
        return [
            Weighed(story, chance, row, tuple(rows[story]))
            for story, chance, row in zip(rows, chances, summaries, strict=True)
        ]

    def _solid(self, story: str) -> list[Entry]:
        """The articles that stand for a story: its first and latest; round-ups only where there is nothing else."""
        members = self._memory.members(story)
        own = [entry for entry in members if not entry.seen.marks.round_up] or members
        most = self.settings.compared
        return own if len(own) <= most else [*own[: most // 4], *own[-(most - most // 4) :]]

    def _weigh_round_up(self, doc: StoryDoc, seen: Features) -> list[Weighed]:
        """Each passage may tell of another event: a story counts with its likeliest passage."""
        best = {one.story: one for one in self.weigh(seen)}
        for passage in passages(doc):
            part = replace(self.read(passage), marks=seen.marks)
            for one in self.weigh(part):
                if one.story not in best or one.chance > best[one.story].chance:
                    best[one.story] = one
        return sorted(best.values(), key=lambda one: (-one.chance, one.story))

    def _reprint_of(self, seen: Features, linked: Sequence[Weighed]) -> str | None:
        """The first article of which this is a near-identical copy."""
        alike = [(sameness(seen, entry.seen), entry) for one in linked for entry in one.compared]
        same, twin = max(alike, key=lambda pair: pair[0], default=(0.0, None))
        return (twin.near_duplicate_of or twin.id) if twin and same >= self.settings.near_duplicate else None
