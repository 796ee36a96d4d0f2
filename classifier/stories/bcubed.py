"""B-cubed figures of a grouping: per article, how pure its story is and how much of its event is there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grouping:
    precision: float
    recall: float
    wrong: int
    pairs: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def wrong_share(self) -> float:
        """Of all pairs that were put together, how many are two events."""
        return self.wrong / self.pairs if self.pairs else 0.0


@dataclass(frozen=True, slots=True)
class One:
    """What one article adds; pairs are seen from its side."""

    precision: float
    recall: float
    several: bool
    wrong: int
    pairs: int


def per_article(want: Mapping[str, str], got: Mapping[str, str]) -> dict[str, One]:
    by_want, by_got = _turned(want), _turned(got)
    found = {}
    for article in want:
        event, story = by_want[want[article]], by_got[got[article]]
        both = len(event & story)
        found[article] = One(both / len(story), both / len(event), len(event) > 1, len(story) - both, len(story) - 1)
    return found


def grouping(ones: Iterable[One]) -> Grouping:
    every = list(ones)
    count = len(every) or 1
    return Grouping(
        sum(one.precision for one in every) / count,
        sum(one.recall for one in every) / count,
        sum(one.wrong for one in every),
        sum(one.pairs for one in every),
    )


def _turned(stories: Mapping[str, str]) -> dict[str, set[str]]:
    members = defaultdict(set)
    for article, story in stories.items():
        members[story].add(article)
    return members
