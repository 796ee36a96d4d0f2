"""What the index remembers: articles by number, the stories they stand in, and what may be forgotten."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.stories.candidates import Postings
from classifier.stories.features import Features

FOLLOWED = frozenset({"vu_viec", "xet_xu", None})
"""Kinds of article whose story may go on months later."""


@dataclass(slots=True, eq=False)
class Entry:
    id: str
    number: int
    kind: str | None
    seen: Features
    stories: tuple[str, ...]
    near_duplicate_of: str | None
    confidence: float


class Memory:
    """The latest `window` articles; of older ones the first `per_story` of each story, `lasting` in all."""

    def __init__(self, window: int, lasting: int, per_story: int) -> None:
        self._window_size, self._lasting_size, self._per_story = window, lasting, per_story
        self._numbers: dict[str, int] = {}
        self._window: OrderedDict[int, Entry] = OrderedDict()
        self._lasting: OrderedDict[int, Entry] = OrderedDict()
        self._members: dict[str, list[int]] = {}
        self._postings = Postings()
        self._last = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def by_id(self, article: str) -> Entry | None:
        number = self._numbers.get(article)
        return None if number is None else self.by_number(number)

    def by_number(self, number: int) -> Entry | None:
        return self._window.get(number) or self._lasting.get(number)

    def members(self, story: str) -> list[Entry]:
        """Oldest first."""
        return [entry for number in self._members.get(story, ()) if (entry := self.by_number(number)) is not None]

    def near(self, seen: Features, count: int) -> Iterator[Entry]:
        """Remembered articles that share most telling features, most first."""
        numbers, _ = self._postings.find(seen)
        found = 0
        for number in numbers.tolist():
            entry = self.by_number(number)
            if entry is not None:
                yield entry
                found += 1
                if found == count:
                    return

    def add(self, article: str, kind: str | None, seen: Features, stories: Sequence[str]) -> Entry:
        self._last += 1
        entry = Entry(article, self._last, kind, seen, tuple(stories), None, 1.0)
        self._numbers[article] = entry.number
        self._window[entry.number] = entry
        self._enter(entry)
        opens = any(len(self._members[story]) <= self._per_story for story in entry.stories)
        self._postings.add(entry.number, seen, lasting=opens and kind in FOLLOWED)
        while len(self._window) > self._window_size:
            self._age()
        return entry

    def put(self, entry: Entry, stories: Sequence[str]) -> None:
        """Into these stories, out of all others."""
        self._leave(entry)
        entry.stories = tuple(stories)
        self._enter(entry)

    def forget(self, entry: Entry) -> None:
        self._leave(entry)
        self._window.pop(entry.number, None)
        self._lasting.pop(entry.number, None)
        del self._numbers[entry.id]

    def _age(self) -> None:
        """The oldest article leaves the window."""
        number, entry = self._window.popitem(last=False)
        first = any(number in self._members[story][: self._per_story] for story in entry.stories)
        if not first or entry.kind not in FOLLOWED:
            self.forget(entry)
            return
        self._lasting[number] = entry
        if len(self._lasting) > self._lasting_size:
            self.forget(next(iter(self._lasting.values())))

    def _enter(self, entry: Entry) -> None:
        for story in entry.stories:
            self._members.setdefault(story, []).append(entry.number)

    def _leave(self, entry: Entry) -> None:
        for story in entry.stories:
            numbers = self._members[story]
            numbers.remove(entry.number)
            if not numbers:
                del self._members[story]
