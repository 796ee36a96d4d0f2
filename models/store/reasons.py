"""Reasons to reject: the team's list of words in its order, each with a fixed meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import words
from models.errors import DiembaoError
from models.states import REJECT_REASONS
from models.store import audit
from models.store.rules import chosen_reasons
from models.tables import RejectReason

OTHER = "khac"
"""Always offered, so that nobody has to choose a wrong one; it asks for a note."""
LONGEST, MOST = 60, 20


class ReasonError(DiembaoError):
    """A list of reasons that cannot be kept; names the line."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` is one of REJECT_REASONS for those that ship, "rieng_1" … for the team's own."""

    code: str
    words: str
    meaning: str
    active: bool = True

    @property
    def own(self) -> bool:
        return self.code not in REJECT_REASONS


def every(session: Session) -> tuple[Reason, ...]:
    """All of them in the team's order, with those that are not offered (any more)."""
    rows = session.scalars(select(RejectReason).order_by(RejectReason.place, RejectReason.code)).all()
    if rows:
        return tuple(Reason(row.code, row.words, row.meaning, row.active) for row in rows)
    chosen = chosen_reasons(session)
    return tuple(Reason(code, words.REASON[code], code, code in chosen) for code in REJECT_REASONS)


def of_code(session: Session, code: str | None) -> Reason | None:
    return next((reason for reason in every(session) if reason.code == code), None)


def keep(session: Session, wanted: Sequence[Reason], *, user_id: int, now: datetime) -> None:
    """The whole list at once. Words, order and what is offered may change; a meaning may not, nor may a reason go."""
    before = {reason.code: reason for reason in every(session)}
    _check(wanted, before)
    rows = {row.code: row for row in session.scalars(select(RejectReason))}
    for place, reason in enumerate(wanted):
        row = rows.get(reason.code)
        if row is None:
            row = RejectReason(code=reason.code, meaning=reason.meaning)
            session.add(row)
        row.words, row.place, row.active = reason.words.strip(), place, reason.active
        row.changed_at, row.changed_by = now, user_id
    session.flush()
    detail: dict[str, str | int | bool | None] = {"order": " ".join(reason.code for reason in wanted if reason.active)}
    detail["changed"] = "; ".join(_difference(reason, before.get(reason.code)) for reason in wanted).strip("; ")
    audit.append(session, at=now, action="rule.reasons", user_id=user_id, object="rule/reject_reasons", detail=detail)


def new_code(known: Sequence[Reason]) -> str:
    taken = {reason.code for reason in known}
    return next(code for number in range(1, len(taken) + 2) if (code := f"rieng_{number}") not in taken)


def _check(wanted: Sequence[Reason], before: dict[str, Reason]) -> None:
    if len(wanted) > MOST:
        raise ReasonError(f"Nhiều nhất {MOST} lý do")
    if {reason.code for reason in wanted} < before.keys() or len({reason.code for reason in wanted}) != len(wanted):
        raise ReasonError("Danh sách lý do đã cũ: hãy tải lại trang")
    said: set[str] = set()
    for reason in wanted:
        text = reason.words.strip()
        if not text or len(text) > LONGEST:
            raise ReasonError(f"Dòng «{text or reason.code}»: lời của lý do có từ 1 đến {LONGEST} ký tự")
        if text.casefold() in said:
            raise ReasonError(f"Dòng «{text}»: đã có lý do như vậy")
        said.add(text.casefold())
        if reason.meaning not in REJECT_REASONS:
            raise ReasonError(f"Dòng «{text}»: hãy chọn ý nghĩa")
        if reason.code in before and reason.meaning != before[reason.code].meaning:
            raise ReasonError(f"Dòng «{text}»: ý nghĩa của lý do đã có không đổi được")
    if not any(reason.code == OTHER and reason.active for reason in wanted):
        raise ReasonError("Lý do «Khác» luôn phải có")


def _difference(after: Reason, before: Reason | None) -> str:
    if before is None:
        return f"+ {after.code} «{after.words}» = {after.meaning}"
    if before.words != after.words:
        return f"{after.code}: «{before.words}» → «{after.words}»"
    if before.active != after.active:
        return f"{after.code}: {'dùng' if after.active else 'thôi dùng'}"
    return ""
