"""Which remembered articles are worth comparing: an inverted index of the weightiest features."""

from collections import Counter, deque

import numpy as np

from classifier.stories.features import Features, Vector

KEYS = 32
NAME_KEYS = 16
LONGEST = 256


def weightiest(vector: Vector, count: int) -> list[tuple[int, float]]:
    if len(vector.keys) <= count:
        chosen = np.arange(len(vector.keys))
    else:
        chosen = np.argpartition(vector.weights, -count)[-count:]
    return [(int(vector.keys[i]), float(vector.weights[i])) for i in chosen]


def index_keys(seen: Features) -> dict[int, float]:
    found = dict(weightiest(seen.words, KEYS))
    for key, weight in weightiest(seen.names, NAME_KEYS):
        found[key] = max(found.get(key, 0.0), weight)
    return found


class Postings:
    """hash -> the latest articles that carry it; a list is cut at `LONGEST`, so that memory stays bounded."""

    def __init__(self) -> None:
        self._lists: dict[int, deque[str]] = {}

    def add(self, doc_id: str, seen: Features) -> None:
        for key in index_keys(seen):
            self._lists.setdefault(key, deque(maxlen=LONGEST)).append(doc_id)

    def remove(self, doc_id: str, seen: Features) -> None:
        for key in index_keys(seen):
            postings = self._lists.get(key)
            if postings is None:
                continue
            if doc_id in postings:
                postings.remove(doc_id)
            if not postings:
                del self._lists[key]

    def find(self, seen: Features, count: int) -> list[str]:
        """The `count` articles that share most of the weight."""
        shared: Counter[str] = Counter()
        for key, weight in index_keys(seen).items():
            for doc_id in self._lists.get(key, ()):
                shared[doc_id] += weight  # type: ignore[assignment]
        return [doc_id for doc_id, _ in shared.most_common(count)]
