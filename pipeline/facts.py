"""A stored story -> the facts that papers of ours are made from."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from models import words
from models.store.reading import Item, StoryView
from pipeline.neutral import StoryFacts
from pipeline.place_words import place_words

FURTHEST = ("tin_ban_dau", "dang_xac_minh_dieu_tra", "truy_to_xet_xu", "sau_xu_ly")


class Told(Protocol):
    """What is needed of a verdict."""

    @property
    def kind(self) -> str | None: ...
    @property
    def types(self) -> Mapping[str, Any]: ...
    @property
    def stage(self) -> str | None: ...
    @property
    def age(self) -> str | None: ...
    @property
    def sex(self) -> str | None: ...
    @property
    def victims(self) -> int | None: ...
    @property
    def relation(self) -> str | None: ...
    @property
    def setting(self) -> str | None: ...
    @property
    def danger_now(self) -> bool | None: ...


class Placed(Protocol):
    """What is needed of a place: its codes in both eras."""

    @property
    def old_codes(self) -> list[Any]: ...
    @property
    def new_codes(self) -> list[Any]: ...
    @property
    def old_province(self) -> str | None: ...
    @property
    def new_province(self) -> str | None: ...


def facts_of(story: StoryView) -> StoryFacts:
    """Facts of the article to read, filled up from the others on the event where it is silent.

    Types are those that a person confirmed, if any did; the stage is the furthest that an article reports.
    """
    items = _by_weight(story)
    verdicts: list[Told] = [item.verdict for item in items if item.verdict is not None]
    outlets = dict.fromkeys(item.outlet for item in sorted(items, key=_moment))
    return StoryFacts(
        kind=next((verdict.kind for verdict in verdicts if verdict.kind), None),
        types=_types(story, verdicts),
        stage=max((v.stage for v in verdicts if v.stage in FURTHEST), key=FURTHEST.index, default=None),
        age=_known(verdicts, lambda verdict: verdict.age),
        sex=_known(verdicts, lambda verdict: verdict.sex),
        victims=next((verdict.victims for verdict in verdicts if verdict.victims), None),
        relation=_known(verdicts, lambda verdict: verdict.relation),
        setting=_known(verdicts, lambda verdict: verdict.setting),
        danger_now=_danger(verdicts),
        place=str(place_words(place_of(story))),
        outlets=tuple(outlets),
        articles=len(story.items),
        published=min((item.published_at for item in items if item.published_at), default=None),
    )


def place_of(story: StoryView) -> Placed | None:
    """Where it happened by the article to read, else by another one on the event."""
    return next((item.place for item in _by_weight(story) if str(place_words(item.place))), None)


def _danger(verdicts: list[Told]) -> bool | None:
    """One article that sees the child in danger is enough."""
    known = {verdict.danger_now for verdict in verdicts} - {None}
    return None if not known else True in known


def _by_weight(story: StoryView) -> list[Item]:
    """Articles on the event itself, the one to read first; a round-up speaks only where there is nothing else."""
    lead = story.lead
    others = sorted((item for item in story.items if item is not lead and item.main), key=lambda i: (-i.score, i.id))
    return [lead, *others]


def _moment(item: Item) -> tuple[float, int]:
    return (item.published_at or item.first_seen_at).timestamp(), item.id


def _types(story: StoryView, verdicts: list[Told]) -> tuple[str, ...]:
    decided = None if story.decision is None else story.decision.types
    if decided:
        return words.named_types(dict.fromkeys(decided, 1.0))
    return words.named_types(verdicts[0].types) if verdicts else ()


def _known(verdicts: list[Told], read: Callable[[Told], str | None]) -> str | None:
    return next((value for v in verdicts if (value := read(v)) not in (None, "khong_ro")), None)
