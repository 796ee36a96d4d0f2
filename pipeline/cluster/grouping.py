"""Grouping whose outcome does not depend on which worker read what first.

The index decides on one article after the other, so its answers depend on their order. One machine groups a whole pass
at once, in the order of publication. Workers group while others read: an article that was published before some that
are grouped already comes in at its place, and those after it that the machine alone decided on are placed once more.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from classifier.similarity import Placement, StoryIndex
from models.session import Store
from models.store import regrouping, stories
from models.store.regrouping import Stand
from models.store.stories import Telling
from pipeline.stories import look_again, story_doc

PAGE_WAIT = timedelta(minutes=15)
"""So long an article waits for its page, which says more than the entry of a feed, before it is grouped without."""
OPEN = timedelta(days=1)
"""Stories that were begun within it may be put together anew as long as nobody has touched them."""
BATCH, AGAIN = 200, 500
"""New articles of one turn, and how many that stand already are placed once more."""
NEW = "new:"
Key = tuple[bool, float, str]


def group_some(store: Store, index: StoryIndex, *, now: Callable[[], datetime]) -> tuple[int, bool]:
    """One turn: how many articles were put into stories for the first time, and whether more wait for another.

    A turn that was interrupted leaves the store as it was and the index wrong: load that anew.
    """
    at = now()
    with store.write() as session:
        regrouping.pass_over_unchanged(session)
    with store.read() as session:
        held = regrouping.unsettled(session, since=at - PAGE_WAIT)
        waiting = stories.ungrouped(session)
        held |= regrouping.unsettled(session, since=at - PAGE_WAIT)  # others go on reading between two questions
        waiting = [one for one in waiting if one.article_id not in held]
        reread = stories.reread(session)
        free = regrouping.free_members(session, since=at - OPEN) if waiting or reread else []
    fresh, changed = waiting[:BATCH], {one.article_id for one in reread}
    again = _from_first(free, [*fresh, *(one for one in free if one.article_id in changed)], since=at - OPEN)
    if fresh or again:
        _place(store, index, sorted([*fresh, *again], key=_key), at=at)
    placed = {one.article_id for one in again}
    left = [one for one in reread if one.article_id not in placed]
    for telling in left[:BATCH]:
        look_again(store, index, telling, now=now)
    more = len(waiting) > BATCH or len(left) > BATCH
    if not more:
        with store.write() as session:
            stories.settle(session)
    return len(fresh), more


def _key(telling: Telling) -> Key:
    """The order of `stories.ungrouped`."""
    published = telling.published_at
    return published is None, published.timestamp() if published else 0.0, telling.url


def _from_first(free: Iterable[Telling], changed: Iterable[Telling], *, since: datetime) -> list[Telling]:
    """Those that may be placed once more and stand after the first of what changed lately; the last of them if many."""
    keys = [_key(one) for one in changed if one.seen_at >= since]
    return sorted((one for one in free if keys and _key(one) >= min(keys)), key=_key)[-AGAIN:]


def _place(store: Store, index: StoryIndex, tellings: Sequence[Telling], *, at: datetime) -> None:
    """Each in turn, as if none of them had been placed before; a story keeps its number where most of it remains."""
    for telling in tellings:
        index.forget(str(telling.article_id))
    kept = {story for one in tellings for story in one.stories if index.members(str(story))}
    found = [(telling, _decide(index, telling)) for telling in tellings]
    numbers = _numbers(found, kept)
    stands = [
        Stand(
            telling,
            tuple(numbers.get(name, name) if name.startswith(NEW) else int(name) for name in placement.stories),
            int(placement.near_duplicate_of) if placement.near_duplicate_of else None,
        )
        for telling, placement in found
    ]
    with store.write() as session:
        begun = regrouping.place(session, stands, at=at)
    for stand, (_, placement) in zip(stands, found, strict=True):
        if any(name.startswith(NEW) for name in placement.stories):
            names = [str(begun.get(str(story), story)) for story in stand.stories]
            index.move(str(stand.telling.article_id), names)


def _decide(index: StoryIndex, telling: Telling) -> Placement:
    """A new story goes by a name that cannot be a number of the store's."""
    doc = story_doc(telling)
    placement = index.place(doc)
    if not placement.new:
        return placement
    names = (NEW + doc.id,)
    index.move(doc.id, names)
    return replace(placement, stories=names)


def _numbers(found: Sequence[tuple[Telling, Placement]], kept: Collection[int]) -> dict[str, int]:
    """Names of new stories → numbers of stories that are free, each given to where most of its articles went."""
    votes: dict[str, Counter[int]] = {}
    for telling, placement in found:
        for name in placement.stories:
            if name.startswith(NEW):
                votes.setdefault(name, Counter()).update(story for story in telling.stories if story not in kept)
    numbers: dict[str, int] = {}
    pairs = ((-count, story, name) for name, counted in votes.items() for story, count in counted.items())
    for _, story, name in sorted(pairs):
        if name not in numbers and story not in numbers.values():
            numbers[name] = story
    return numbers
