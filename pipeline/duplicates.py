"""Cases that may be one: the same place, act, ages and time. A proposal; a person says whether they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from models.store.cases import CaseView
from pipeline.case_facts import facts_of_case, place_of_case, received_at
from pipeline.place_words import Located

NEAR, FAR = timedelta(days=14), timedelta(days=5)
"""How far apart the information may have come in where the commune is the same, and where only the province is."""


@dataclass(frozen=True, slots=True)
class Likeness:
    case: CaseView
    why: tuple[str, ...]


def duplicates(case: CaseView, others: Iterable[CaseView], apart: Collection[int] = ()) -> list[Likeness]:
    """The likeliest first; those that a person set apart are not proposed again."""
    found = []
    for other in others:
        if other.id == case.id or other.id in apart or other.merged_into is not None:
            continue
        why = _alike(case, other)
        if why:
            found.append((-len(why), other.id, Likeness(other, why)))
    return [likeness for *_, likeness in sorted(found, key=lambda line: line[:2])]


def _alike(one: CaseView, other: CaseView) -> tuple[str, ...]:
    mine, theirs = facts_of_case(one), facts_of_case(other)
    place = _same_place(place_of_case(one), place_of_case(other))
    gap = abs(received_at(one) - received_at(other))
    acts = set(mine.types) & set(theirs.types)
    if place is None or not acts or gap > (NEAR if place == "commune" else FAR):
        return ()
    same_age, same_sex = _fits(mine.age, theirs.age), _fits(mine.sex, theirs.sex)
    if same_age is False or same_sex is False:
        return ()
    if place == "province" and (same_age is None or mine.setting != theirs.setting):
        return ()
    why = ["cùng xã, phường" if place == "commune" else "cùng tỉnh, cùng môi trường", "cùng loại hành vi"]
    why.append(f"nhận tin cách nhau {gap.days} ngày" if gap.days else "nhận tin trong cùng một ngày đêm")
    why += ["cùng nhóm tuổi"] if same_age else []
    why += ["cùng giới tính"] if same_sex else []
    return tuple(why)


def _same_place(one: Located | None, other: Located | None) -> str | None:
    if one is None or other is None:
        return None
    if set(one.new_codes) & set(other.new_codes) or set(one.old_codes) & set(other.old_codes):
        return "commune"
    return "province" if one.new_province is not None and one.new_province == other.new_province else None


def _fits(one: str | None, other: str | None) -> bool | None:
    """None where one of the two is not known."""
    if one in (None, "khong_ro") or other in (None, "khong_ro"):
        return None
    return one == other
