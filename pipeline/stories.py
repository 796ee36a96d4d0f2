"""Group judged articles into stories, one by one in the order of publication, safe to run twice."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from classifier.similarity import StoryDoc, StoryIndex
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
    with store.read() as session:
        for telling in stories.grouped(session, since=today - MEMORY):
            index.add(story_doc(telling), tuple(str(story) for story in telling.stories))
    return index


def group_new(store: Store, index: StoryIndex, *, now: Callable[[], datetime]) -> int:
    """Put every listed article that is in no story into one; returns how many. One transaction an article."""
    with store.read() as session:
        waiting = stories.ungrouped(session)
    for telling in waiting:
        doc = story_doc(telling)
        placement = index.place(doc)
        known = [] if placement.new else [int(story) for story in placement.stories]
        reprint = int(placement.near_duplicate_of) if placement.near_duplicate_of else None
        with store.write() as session:
            ids = stories.put(session, telling, known, reprint_of=reprint, at=now())
        if placement.new:
            index.move(doc.id, tuple(str(story) for story in ids))
    with store.write() as session:
        stories.settle(session)
    return len(waiting)
