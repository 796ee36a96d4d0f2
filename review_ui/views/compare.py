"""Two versions side by side: of one article as the paper changed it, or of two papers on the same event."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.rights import Right
from models.store import reading
from models.store.reading import VersionLine
from models.tables import ArticleVersion
from pipeline.masking import hide
from pipeline.story_names import names_of_stories
from review_ui.differences import Part, compare
from review_ui.listing import read_filters
from review_ui.pages import Ask, page
from review_ui.territory import load_story


@dataclass(frozen=True, slots=True)
class Comparison:
    title: list[list[Part]]
    sapo: list[list[Part]]
    body: list[list[Part]]


@page("/tin/{id}/so-sanh", needs=Right.READ)
def show(ask: Ask) -> Response:
    with ask.house.store.read() as session:
        story = load_story(session, ask.id(), ask.reader)
        lines = reading.version_lines(session, [item.id for item in story.items])
        old, new = _pick(ask, lines)
        names = names_of_stories(session, [story.id])[story.id]
        made = _compare(session, names, old, new) if old is not None and new is not None else None
    return ask.page(
        "compare.html",
        story=story,
        lines=lines,
        outlets={item.id: item.outlet for item in story.items},
        old=old,
        new=new,
        made=made,
        filters=read_filters(ask.query, ask.now),
    )


def _pick(ask: Ask, lines: list[VersionLine]) -> tuple[VersionLine | None, VersionLine | None]:
    """The two asked for, else the last two versions of the article that changed last."""
    known = {line.id: line for line in lines}
    old, new = known.get(ask.query.number("a") or 0), known.get(ask.query.number("b") or 0)
    if old is not None and new is not None:
        return old, new
    changed = [line for line in lines if line.number > 1]
    if not changed:
        return (lines[0], lines[-1]) if len(lines) > 1 else (None, None)
    new = max(changed, key=lambda line: line.fetched_at)
    before = [line for line in lines if line.article_id == new.article_id and line.number < new.number]
    return (before[-1] if before else None), new


def _compare(session: Session, words: Iterable[str], old: VersionLine, new: VersionLine) -> Comparison:
    """What exposes a child in any version of any article of the story, by any verdict, is hidden in both texts, also
    where only a part of the name stands: what a paper took out later, or shortened, must not come back here.
    """
    a, b = reading.version(session, old.id), reading.version(session, new.id)

    def parts(field: str) -> list[list[Part]]:
        return compare(hide(_text(a, field), words), hide(_text(b, field), words))

    return Comparison(parts("title"), parts("sapo"), parts("body"))


def _text(version: ArticleVersion, field: str) -> str:
    return str(getattr(version, field))
