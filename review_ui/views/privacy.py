"""Privacy of a case: its ground, requests to delete with their proof; and the register of grounds."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.rights import Right
from models.store import cases, privacy
from pipeline.grounds import read_grounds
from review_ui.forms import FormError
from review_ui.pages import Ask, go, page
from review_ui.territory import may_see_case
from review_ui.views.decide import NOTE

STATE = {"open": "chưa giải quyết", "done": "đã xoá", "refused": "từ chối"}
ERASED = {"identities": "danh tính", "notes": "ghi chú", "tasks": "việc", "drafts": "bản thảo đã sửa"}


@page("/so-can-cu", needs=Right.CASES)
def register(ask: Ask) -> Response:
    """Every case with the ground on which its data is processed; those without one come first."""
    with ask.house.store.read() as session:
        found = [case for case in cases.all_cases(session) if may_see_case(case, ask.reader)]
        known = privacy.grounds(session)
    found.sort(key=lambda case: (case.id in known, -case.id))
    grounds = read_grounds(ask.house.settings.data_dir)
    return ask.page("privacy_register.html", cases=found, known=known, grounds=grounds)


@page("/vu-viec/{id}/quyen-rieng-tu", needs=Right.UNMASK)
def show(ask: Ask) -> Response:
    with ask.house.store.read() as session:
        case = cases.one_case(session, ask.id())
        ground = privacy.grounds(session, [case.id]).get(case.id)
        requests = privacy.of_case(session, case.id)
    grounds = read_grounds(ask.house.settings.data_dir)
    return ask.page(
        "privacy.html", case=case, ground=ground, requests=requests, grounds=grounds, STATE=STATE, ERASED=ERASED
    )


@page("/vu-viec/{id}/quyen-rieng-tu", method="POST", needs=Right.UNMASK)
def act(ask: Ask) -> Response:
    do = ask.form.get("do")
    if do not in _DO:
        raise FormError("Không có thao tác này: hãy tải lại trang")
    with ask.house.store.write() as session:
        _DO[do](ask, session)
    return go(f"/vu-viec/{ask.id()}/quyen-rieng-tu")


def _ground(ask: Ask, session: Session) -> None:
    code = ask.form.get("code")
    if code not in read_grounds(ask.house.settings.data_dir):
        raise FormError("Hãy chọn căn cứ")
    note = ask.form.get("note", longest=NOTE)
    privacy.set_ground(session, ask.id(), code, note=note, user_id=ask.user.user_id, now=ask.now)


def _request(ask: Ask, session: Session) -> None:
    asked_by, ground = ask.form.get("asked_by", longest=100), ask.form.get("ground", longest=NOTE)
    privacy.ask(session, ask.id(), asked_by=asked_by, ground=ground, user_id=ask.user.user_id, now=ask.now)


def _decide(ask: Ask, session: Session) -> None:
    privacy.decide(
        session,
        ask.id(),
        ask.form.needed_number("request"),
        accept=ask.form.get("accept") == "co",
        reason=ask.form.get("reason", longest=NOTE),
        user_id=ask.user.user_id,
        now=ask.now,
    )


_DO = {"can-cu": _ground, "yeu-cau": _request, "giai-quyet": _decide}
