"""One lead as one recipient may see it, and what changed since it was sent last.

The values are words for people, as in the summary sheet, the workbook, the CSV and the JSON alike. Nothing of the
restricted record is ever a value; what an article says of a child's identity reaches only those whose profile says
`full`, who have to find the very article.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from models import words
from models.clock import VIET_NAM
from models.store import reading
from models.store.cases import CaseView
from models.store.reading import Item
from pipeline.case_facts import ORIGIN, confirmed_at, facts_of_case, place_of_case, received_at
from pipeline.masking import MASK, masked_words, proper
from pipeline.neutral import StoryFacts, neutral_headline, neutral_summary
from pipeline.place_words import place_words, province_names
from pipeline.recipients import Profile
from pipeline.story_names import names_of_case
from pipeline.suppression import HIDDEN, SMALL

Row = dict[str, Any]


def lead_code(case: CaseView, recipient_id: int) -> str:
    """NT-2026-0001-3: the case's number and the recipient's."""
    return f"{case.code.replace('VV', 'NT', 1)}-{recipient_id}"


def lead_row(session: Session, case: CaseView, profile: Profile) -> Row:
    facts = facts_of_case(case)
    values = _values(case, facts)
    row: Row = {name: values[name] for name in profile.fields}
    if profile.articles != "none":
        items = sorted((item for story in case.stories for item in story.items), key=lambda item: item.first_seen_at)
        names = names_of_case(session, case.stories) if profile.articles == "masked" else frozenset()
        row["articles"] = [_article(session, item, profile.articles, names) for item in items]
    return row


def _values(case: CaseView, facts: StoryFacts) -> Row:
    located = place_of_case(case)
    place = place_words(located)
    danger = {True: "Có", False: "Không", None: "Chưa rõ"}[facts.danger_now]
    province = None if located is None else located.new_province
    return {
        "case": case.code,
        "received": _moment(received_at(case)),
        "confirmed": _moment(confirmed_at(case)),
        "month": f"{received_at(case).astimezone(VIET_NAM):%m/%Y}",
        "types": "; ".join(words.word(words.TYPES, code) for code in facts.types),
        "setting": words.word(words.SETTING, facts.setting),
        "stage": words.word(words.STAGE, facts.stage),
        "age": words.word(words.AGE, facts.age),
        "sex": words.word(words.SEX, facts.sex),
        "victims": facts.victims,
        "relation": words.word(words.RELATION, facts.relation),
        "danger": danger,
        "place": place.new,
        "place_old": place.old,
        "province": province_names().get(province or "", ""),
        "summary": _summary(case, facts),
    }


def _summary(case: CaseView, facts: StoryFacts) -> str:
    if case.stories:
        return neutral_summary(facts)
    channel = ORIGIN[case.origin].lower()
    return f"Theo tin tiếp nhận qua {channel}: {neutral_headline(facts)}. Thông tin chưa xác minh."


def _article(session: Session, item: Item, how: str, names: Collection[str]) -> Row:
    """`names` are what any article of the case gives away."""
    if how == "outlets":
        return {"outlet": item.outlet}
    published = None if item.published_at is None else _moment(item.published_at)
    row: Row = {"outlet": item.outlet, "published": published, "fetched": _moment(item.first_seen_at)}
    version = reading.version(session, item.shown_id)
    if how == "full":
        return row | {"headline": item.title, "url": item.url, "version": version.number, "sha256": version.sha256}
    return row | {"headline": _masked(session, item, names)}


def _masked(session: Session, item: Item, names: Collection[str]) -> str:
    """Only a headline whose version was judged is known to expose nobody, or where; any other stays hidden."""
    verdict = item.verdict
    if verdict is None or verdict.version_id != item.shown_id:
        return MASK
    exposed = proper(verdict.exposes_child)
    return masked_words(reading.version(session, item.shown_id), item.title, exposed, names)


def hide_small(rows: Sequence[Row], keep: Collection[str] = ("month",)) -> list[Row]:
    """Rows of which fewer than SMALL are alike lose, from the last field to the first, what tells them apart; the rows
    themselves stay, so that their number is right. `keep` names what everybody may know."""
    shown = [dict(row) for row in rows]
    names = [name for name in (rows[0] if rows else ()) if name not in keep]
    for end in range(len(names), 0, -1):
        alike = Counter(_key(row, names[:end]) for row in shown)
        for row in shown:
            if alike[_key(row, names[:end])] < SMALL:
                row[names[end - 1]] = None if names[end - 1] == "victims" else HIDDEN
    return shown


def _key(row: Row, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in names)


def changes(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> list[str]:
    """Names of the fields that differ; empty for a lead that was never sent."""
    if before is None:
        return []
    return [name for name in dict.fromkeys([*now, *before]) if now.get(name) != before.get(name)]


def change_words(names: list[str], columns: Mapping[str, str]) -> str:
    return ", ".join(columns.get(name, "Các bài báo" if name == "articles" else name) for name in names)


def _moment(moment: Any) -> str:
    return f"{moment.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"
