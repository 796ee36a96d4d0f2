"""One event or two: the story index.

`StoryIndex.place` puts articles into stories as they arrive, one by one, in memory and without a database.
What people corrected is told to it by `add`, `merge` and `move`; it only ever decides on articles it has not seen.
"""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from classifier.stories.candidates import Postings
from classifier.stories.features import Features, features
from classifier.stories.frequencies import Frequencies, released
from classifier.stories.pairs import PairModel, released_model
from classifier.stories.records import Placement, StoryDoc

__all__ = ["Placement", "StoryDoc", "StoryIndex", "StorySettings"]


@dataclass(frozen=True, slots=True)
class StorySettings:
    """`window` articles are remembered; of older ones `per_story` of each story, up to `long_memory` in all."""

    window: int = 100_000
    long_memory: int = 50_000
    per_story: int = 6
    candidates: int = 24
    link: float = 0.5
    near_duplicate: float = 0.85


@dataclass(slots=True)
class _Entry:
    doc: StoryDoc
    seen: Features
    stories: tuple[str, ...]
    near_duplicate_of: str | None
    confidence: float


class StoryIndex:
    def __init__(
        self,
        settings: StorySettings | None = None,
        *,
        frequencies: Frequencies | None = None,
        model: PairModel | None = None,
    ) -> None:
        self.settings = settings or StorySettings()
        self.frequencies = frequencies or released()
        self.model = model or released_model()
        self._window: OrderedDict[str, _Entry] = OrderedDict()
        self._old: OrderedDict[str, _Entry] = OrderedDict()
        self._members: dict[str, list[str]] = {}
        self._postings = Postings()

    def __len__(self) -> int:
        return len(self._window) + len(self._old)

    def place(self, doc: StoryDoc) -> Placement:
        """Decide where a new article belongs and remember it; an article known by its id keeps its place."""
        known = self._entry(doc.id)
        if known is not None:
            return Placement(known.stories[0], known.stories, False, known.confidence, known.near_duplicate_of)
        seen = features(doc, self.frequencies)
        chances: dict[str, list[float]] = {}
        best, twin = 0.0, None
        for other_id in self._postings.find(seen, self.settings.candidates):
            other = self._entry(other_id)
            if other is None:
                continue
            chance, sameness = self.model.compare(seen, other.seen)
            for story in other.stories:
                chances.setdefault(story, []).append(chance)
            if sameness > max(best, self.settings.near_duplicate):
                best, twin = sameness, other.near_duplicate_of or other_id
        ranked = sorted(((float(np.mean(values)), story) for story, values in chances.items()), reverse=True)
        linked = tuple(story for chance, story in ranked[:1] if chance >= self.settings.link)
        new = not linked
        confidence = ranked[0][0] if linked else 1 - (ranked[0][0] if ranked else 0.0)
        stories = linked or (doc.id,)
        self._remember(_Entry(doc, seen, stories, twin, confidence))
        return Placement(stories[0], stories, new, confidence, twin)

    def add(self, doc: StoryDoc, stories: tuple[str, ...], near_duplicate_of: str | None = None) -> None:
        """Remember an article whose stories are known (from the store, or corrected by a person)."""
        known = self._entry(doc.id)
        if known is not None:
            self.move(doc.id, stories)
            return
        self._remember(_Entry(doc, features(doc, self.frequencies), stories or (doc.id,), near_duplicate_of, 1.0))

    def move(self, doc_id: str, stories: tuple[str, ...]) -> None:
        """A person put the article into these stories."""
        entry = self._entry(doc_id)
        if entry is None:
            return
        self._leave(doc_id, entry)
        entry.stories, entry.confidence = stories or (doc_id,), 1.0
        for story in entry.stories:
            self._members.setdefault(story, []).append(doc_id)

    def merge(self, story: str, into: str) -> None:
        """A person said that two stories are one event."""
        for doc_id in list(self._members.get(story, ())):
            entry = self._entry(doc_id)
            if entry is not None:
                self.move(doc_id, tuple(dict.fromkeys(into if name == story else name for name in entry.stories)))

    def members(self, story: str) -> tuple[str, ...]:
        """Remembered articles of a story, oldest first."""
        return tuple(self._members.get(story, ()))

    def forget(self, doc_id: str) -> None:
        """Retention: nothing of this article stays."""
        entry = self._window.pop(doc_id, None) or self._old.pop(doc_id, None)
        if entry is not None:
            self._leave(doc_id, entry)
            self._postings.remove(doc_id, entry.seen)

    def _entry(self, doc_id: str) -> _Entry | None:
        return self._window.get(doc_id) or self._old.get(doc_id)

    def _remember(self, entry: _Entry) -> None:
        self._window[entry.doc.id] = entry
        for story in entry.stories:
            self._members.setdefault(story, []).append(entry.doc.id)
        self._postings.add(entry.doc.id, entry.seen)
        while len(self._window) > self.settings.window:
            self._age()

    def _age(self) -> None:
        """The oldest article leaves the window; the first ones of each story are kept for follow-ups."""
        doc_id, entry = self._window.popitem(last=False)
        if any(self._members[story].index(doc_id) < self.settings.per_story for story in entry.stories):
            self._old[doc_id] = entry
            while len(self._old) > self.settings.long_memory:
                self.forget(next(iter(self._old)))
            return
        self._leave(doc_id, entry)
        self._postings.remove(doc_id, entry.seen)

    def _leave(self, doc_id: str, entry: _Entry) -> None:
        for story in entry.stories:
            members = self._members.get(story, [])
            if doc_id in members:
                members.remove(doc_id)
            if not members:
                self._members.pop(story, None)
