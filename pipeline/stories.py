"""Group judged articles into stories, one by one in the order of publication, safe to run twice."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from classifier.similarity import Placement, StoryDoc, StoryIndex
from models.session import Store
from models.store import stories
from models.store.stories import Telling

MEMORY = timedelta(days=400)
"""Follow-ups (charge, trial, sentence) come months after the first report."""


def story_doc(telling: Telling) -> StoryDoc:
    verdict = telling.verdict
    return StoryDoc(
        id=str(telling.article_id),
        title=telling.title,
        sapo=telling.sapo,
        text=telling.body,
        url=telling.url,
        published=telling.published_at,
        arrived=telling.seen_at,
        kind=verdict.kind,
        types=tuple(sorted(code for code, chance in verdict.types.items() if chance >= 0.5)),
        stage=verdict.stage,
        age=verdict.age,
        sex=verdict.sex,
        victims=verdict.victims,
        places=telling.places,
    )


def load_index(store: Store, *, today: date) -> StoryIndex:
    """The index as the store knows it: who corrected a story is obeyed, the machine decides on new articles only."""
    index = StoryIndex()
    fill_index(store, index, today=today, stop=lambda: False)
    return index


def fill_index(store: Store, index: StoryIndex, *, today: date, stop: Callable[[], bool]) -> bool:
    """As `load_index`; False where it was told to stop on the way and the index is of no use."""
    with store.read() as session:
        for telling in stories.grouped(session, since=today - MEMORY):
            if stop():
                return False
            index.add(story_doc(telling), _names(telling.stories))
    return True


def follow_corrections(store: Store, index: StoryIndex, *, since: int) -> int:
    """Tell the index what people merged, split or took back after the change `since`; returns the newest change. Much
    quicker than loading a year of articles anew."""
    with store.read() as session:
        newest = stories.corrections(session)
        moved = stories.corrected(session, since=since) if newest > since else {}
    for article, stands in moved.items():
        index.move(str(article), _names(stands))
    return newest


def group_new(store: Store, index: StoryIndex, *, now: Callable[[], datetime]) -> int:
    """Put every listed article that is in no story into one; returns how many. One transaction an article.

    What was grouped by the entry of a feed is looked at once more when its page has been read.
    """
    with store.read() as session:
        waiting, reread = stories.ungrouped(session), stories.reread(session)
    for telling in reread:
        look_again(store, index, telling, now=now)
    for telling in waiting:
        doc = story_doc(telling)
        placement = index.place(doc)
        with store.write() as session:
            ids = stories.put(session, telling, _known(placement), reprint_of=_reprint(placement), at=now())
        if placement.new:
            index.move(doc.id, _names(ids))
    with store.write() as session:
        stories.settle(session)
    return len(waiting)


def look_again(store: Store, index: StoryIndex, telling: Telling, *, now: Callable[[], datetime]) -> None:
    """The index learns the new text. The article moves where the new text says so and nobody has touched it."""
    doc = story_doc(telling)
    index.forget(doc.id)
    with store.write() as session:
        if not stories.free(session, telling):
            index.add(doc, _names(telling.stories))
            return
        alone = not index.members(str(telling.stories[0]))
        placement = index.place(doc)
        if (placement.new and alone) or _known(placement) == list(telling.stories):
            ids = list(telling.stories)
            stories.mark_reprint(session, telling, _reprint(placement))
        else:
            ids = stories.move(session, telling, _known(placement), reprint_of=_reprint(placement), at=now())
    index.move(doc.id, _names(ids))


def _known(placement: Placement) -> list[int]:
    return [] if placement.new else [int(story) for story in placement.stories]


def _reprint(placement: Placement) -> int | None:
    return int(placement.near_duplicate_of) if placement.near_duplicate_of else None


def _names(stories_: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(story) for story in stories_)
