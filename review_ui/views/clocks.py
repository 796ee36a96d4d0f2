"""Clocks: what is due and overdue, steps with their proof, pauses with their reason, and who kept time."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.clock import VIET_NAM, day_of
from models.rights import Right
from models.store import bells, cases, leads
from models.store import clocks as kept
from models.store.clocks import Done
from pipeline.case_facts import case_headline
from pipeline.case_standing import Ticking, clocks_of, due_list, punctuality, read_rules
from pipeline.deadlines import STARTS
from review_ui.forms import FormError
from review_ui.moments import read_moment
from review_ui.pages import Ask, go, page
from review_ui.territory import may_see_case
from review_ui.views.decide import NOTE

LONG_AGO = timedelta(days=92)
EVENTS = {
    "phoned": "Đã báo tin qua điện thoại",
    "police_received": "Công an đã tiếp nhận",
    "assessed": "Đã đánh giá nguy cơ",
    "plan_drafted": "Đã lập kế hoạch hỗ trợ, can thiệp",
    "separated": "Đã quyết định tạm thời cách ly trẻ",
    "result": "Cơ quan điều tra đã ra quyết định",
}
"""Events that a person notes; the others (fetch, confirmation, sending) the program knows."""
HOW = ("điện thoại", "thư điện tử", "văn bản", "trực tiếp", "phần mềm khác")


@page("/han-xu-ly", needs=Right.CASES)
def show(ask: Ask) -> Response:
    rules = read_rules(ask.house.settings.data_dir)
    with ask.house.store.read() as session:
        lines = [
            (case, tick, case_headline(case))
            for case, tick in due_list(session, rules, now=ask.now)
            if may_see_case(case, ask.reader)
        ]
        rung = bells.unseen(session, ask.user.user_id)
    own = ask.query.get("cua_toi") == "1"
    if own:
        lines = [line for line in lines if line[0].owner is not None and line[0].owner[0] == ask.user.user_id]
    return ask.page("clocks.html", lines=lines, rung=rung, own=own)


@page("/han-xu-ly/dung-han", needs=Right.CASES)
def report(ask: Ask) -> Response:
    """Punctuality by desk, over cases opened from one day to another."""
    today = day_of(ask.now)
    first, last = ask.query.day("tu") or today - LONG_AGO, ask.query.day("den") or today
    rules = read_rules(ask.house.settings.data_dir)
    with ask.house.store.read() as session:
        views = [case for case in _opened(session, first, last) if may_see_case(case, ask.reader)]
        police = leads.police_of(session, [case.id for case in views])
        lines = punctuality(session, views, rules, now=ask.now, police=police)
    return ask.page("punctuality.html", lines=lines, first=first, last=last, count=len(views))


def _opened(session: Session, first: date, last: date) -> list[cases.CaseView]:
    start = datetime.combine(first, time(), VIET_NAM)
    return cases.opened_between(session, start, datetime.combine(last + timedelta(days=1), time(), VIET_NAM))


@page("/vu-viec/{id}/han", method="POST", needs=Right.CASES)
def act(ask: Ask) -> Response:
    """One step with one clock: `do` is xong, rut, dung, tiep, ap_dung or bo."""
    case_id, code, do = ask.id(), ask.form.get("code"), ask.form.get("do")
    rules = read_rules(ask.house.settings.data_dir)
    if code not in rules.clocks.by_code or do not in _DO:
        raise FormError("Không có thời hạn hoặc thao tác này: hãy tải lại trang")
    with ask.house.store.write() as session:
        [clocks] = clocks_of(session, [cases.one_case(session, case_id)], rules, now=ask.now)
        tick = next((one for one in clocks.ticking if one.clock.code == code), None)
        _DO[do](ask, session, code, tick)
    return go(f"/vu-viec/{case_id}#han-{code}")


def _end(ask: Ask, session: Session, code: str, tick: Ticking | None) -> None:
    at = read_moment(ask.form, "at", otherwise=ask.now)
    if tick is None:
        raise FormError("Thời hạn này chưa bắt đầu, chưa ghi nhận được")
    if at < tick.running.start.replace(second=0, microsecond=0):
        raise FormError("Bước được ghi là xong trước khi thời hạn bắt đầu: hãy xem lại ngày giờ")
    done = Done(
        at,
        ask.form.get("by"),
        ask.form.get("to"),
        ask.form.get("how"),
        ask.form.get("reference"),
        ask.form.get("note", longest=NOTE),
    )
    kept.end(session, ask.id(), code, done, user_id=ask.user.user_id, now=ask.now)


def _take_back(ask: Ask, session: Session, code: str, tick: Ticking | None) -> None:  # noqa: ARG001 - one shape for all
    step_id, reason = ask.form.needed_number("step"), ask.form.get("reason", longest=NOTE)
    kept.take_back(session, ask.id(), step_id, reason=reason, user_id=ask.user.user_id, now=ask.now)


def _pause(ask: Ask, session: Session, code: str, tick: Ticking | None) -> None:
    if tick is None or tick.proof is not None:
        raise FormError("Thời hạn này không chạy, không tạm dừng được")
    if tick.left < timedelta(0):
        raise FormError("Thời hạn đã quá, không tạm dừng được nữa")
    reason = ask.form.get("reason", longest=NOTE)
    kept.pause(session, ask.id(), code, reason=reason, user_id=ask.user.user_id, now=ask.now)


def _resume(ask: Ask, session: Session, code: str, tick: Ticking | None) -> None:  # noqa: ARG001 - one shape for all
    kept.resume(session, ask.id(), code, user_id=ask.user.user_id, now=ask.now)


def _apply(ask: Ask, session: Session, code: str, tick: Ticking | None) -> None:  # noqa: ARG001 - one shape for all
    applies, reason = ask.form.get("do") == "ap_dung", ask.form.get("reason", longest=NOTE)
    kept.choose(session, ask.id(), code, applies=applies, reason=reason, user_id=ask.user.user_id, now=ask.now)


_DO = {"xong": _end, "rut": _take_back, "dung": _pause, "tiep": _resume, "ap_dung": _apply, "bo": _apply}


@page("/vu-viec/{id}/su-kien", method="POST", needs=Right.CASES)
def note_event(ask: Ask) -> Response:
    kind = ask.form.get("kind")
    if kind not in EVENTS or kind not in STARTS:
        raise FormError("Hãy chọn sự kiện")
    at, note = read_moment(ask.form, "at", otherwise=ask.now), ask.form.get("note", longest=NOTE)
    with ask.house.store.write() as session:
        kept.note_event(session, ask.id(), kind, at=at, note=note, user_id=ask.user.user_id, now=ask.now)
    return go(f"/vu-viec/{ask.id()}#han")
