"""Working on a case: entered by hand, owner, watchers, tasks, notes, checklist, merging."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.records import AGES, RELATIONS, SETTINGS, SEXES, TYPES
from models.rights import ROLES, Right
from models.store import case_merge, case_work, cases
from models.store.case_merge import Told
from models.store.reading import NotThereError
from pipeline.case_facts import ORIGIN
from pipeline.place_choice import resolve
from review_ui.forms import Form, FormError, to_day
from review_ui.moments import field_value, read_moment
from review_ui.pages import Ask, go, page
from review_ui.territory import load_case, load_story
from review_ui.views.decide import NOTE

STAFF = tuple(role for role, rights in ROLES.items() if Right.CASES in rights)
MOST_VICTIMS = 999
CLOSING_WORDS = {
    "chuyen_xa": "Đã lập Mẫu 01 và chuyển UBND cấp xã nơi xảy ra",
    "danh_gia": "Đã có đánh giá nguy cơ (Mẫu 02, Mẫu 03)",
    "ke_hoach": "Đã có kế hoạch hỗ trợ, can thiệp được duyệt",
    "cong_an": "Công an đã trả lời, nếu có dấu hiệu tội phạm",
    "giam_dinh": "Trẻ đã được đưa đi giám định kịp thời, nếu cần",
    "bao_cao": "Đã báo cáo kết quả bằng văn bản",
    "danh_tinh": "Đã đề nghị báo sửa bài lộ danh tính trẻ, nếu có",
}


@page("/nhap-vu-viec", needs=Right.CASES)
def blank(ask: Ask) -> Response:
    return _form(ask, "")


@page("/nhap-vu-viec", method="POST", needs=Right.CASES)
def enter(ask: Ask) -> Response:
    """A place that is not one unit is asked for again, with what it may mean."""
    form = ask.form
    place = form.get("place")
    answer = resolve(place) if place else None
    if answer is not None and answer.ref is None:
        offered = "; ".join(one.label for one in answer.offered[:5])
        said = f"Nơi xảy ra chưa rõ là đơn vị nào. {'Có thể là: ' + offered if offered else 'Hãy ghi tên xã, tỉnh.'}"
        return _form(ask, said, status=400)
    told = Told(
        origin=form.get("origin"),
        received_at=read_moment(form, "received_at"),
        informant=form.get("informant", longest=100),
        facts=_facts(form, None if answer is None else answer.ref),
        note=form.get("note", longest=NOTE),
    )
    try:
        with ask.house.store.write() as session:
            case_id = case_merge.open_by_hand(session, told, user_id=ask.user.user_id, now=ask.now)
    except cases.CaseError as error:
        return _form(ask, f"{error}.", status=400)
    return go(f"/vu-viec/{case_id}")


def _facts(form: Form, ref: str | None) -> dict[str, Any]:
    def code(name: str, codes: tuple[str, ...]) -> str | None:
        return form.get(name) if form.get(name) in codes else None

    victims = form.number("victims")
    danger = {"co": True, "khong": False}.get(form.get("danger"))
    found: dict[str, Any] = {
        "types": [value for value in form.many("types") if value in TYPES],
        "age": code("age", AGES),
        "sex": code("sex", SEXES),
        "setting": code("setting", SETTINGS),
        "relation": code("relation", RELATIONS),
        "victims": victims if victims is not None and 0 < victims <= MOST_VICTIMS else None,
        "danger_now": danger,
        "place": ref,
    }
    return {name: value for name, value in found.items() if value is not None}


def _form(ask: Ask, message: str, *, status: int = 200) -> Response:
    return ask.page(
        "case_new.html",
        status=status,
        message=message,
        form=ask.form,
        chosen=set(ask.form.many("types")),
        field_value=field_value,
        ORIGIN={code: said for code, said in ORIGIN.items() if code != "story"},
    )


@page("/vu-viec/{id}/lam", method="POST", needs=Right.CASES)
def act(ask: Ask) -> Response:
    """One step of working together; `do` says which."""
    case_id, do = ask.id(), ask.form.get("do")
    if do not in _DO:
        raise FormError("Không có thao tác này: hãy tải lại trang")
    with ask.house.store.write() as session:
        _DO[do](ask, session, case_id)
    return go(f"/vu-viec/{case_id}#{do}")


def _give(ask: Ask, session: Session, case_id: int) -> None:
    case_work.give(session, case_id, ask.form.needed_number("owner"), user_id=ask.user.user_id, now=ask.now)


def _watch(ask: Ask, session: Session, case_id: int) -> None:
    on = ask.form.get("do") == "theo-doi"
    case_work.watch(session, case_id, user_id=ask.user.user_id, now=ask.now, on=on)


def _task(ask: Ask, session: Session, case_id: int) -> None:
    due = ask.form.get("due")
    if due and to_day(due) is None:
        raise FormError("Hạn của việc không đọc được")
    case_work.add_task(
        session,
        case_id,
        ask.form.get("text"),
        assignee_id=ask.form.number("assignee"),
        due=to_day(due),
        user_id=ask.user.user_id,
        now=ask.now,
    )


def _done(ask: Ask, session: Session, case_id: int) -> None:
    case_work.finish_task(session, case_id, ask.form.needed_number("task"), user_id=ask.user.user_id, now=ask.now)


def _note(ask: Ask, session: Session, case_id: int) -> None:
    case_work.add_note(session, case_id, ask.form.get("text", longest=NOTE), user_id=ask.user.user_id, now=ask.now)


def _check(ask: Ask, session: Session, case_id: int) -> None:
    note = ask.form.get("note", longest=NOTE)
    item, answer = ask.form.get("item"), ask.form.get("answer")
    case_work.check(session, case_id, item, answer, note=note, user_id=ask.user.user_id, now=ask.now)


def _attach(ask: Ask, session: Session, case_id: int) -> None:
    story_id = load_story(session, ask.form.needed_number("story"), ask.reader).id
    case_merge.attach(session, case_id, story_id, user_id=ask.user.user_id, now=ask.now)


def _other(ask: Ask, session: Session) -> int:
    """The other case, if this person may see it."""
    code = ask.form.get("other").upper()
    other_id = cases.id_of_code(session, code)
    if other_id is None:
        raise NotThereError(f"Không có vụ việc «{code}»")
    return load_case(session, other_id, ask.reader).id


def _merge(ask: Ask, session: Session, case_id: int) -> None:
    reason = ask.form.get("reason", longest=NOTE)
    case_merge.merge(session, _other(ask, session), case_id, reason=reason, user_id=ask.user.user_id, now=ask.now)


def _take_apart(ask: Ask, session: Session, case_id: int) -> None:
    other = cases.id_of_code(session, ask.form.get("other").upper())
    if other is None:
        raise NotThereError("Không có vụ việc này")
    reason = ask.form.get("reason", longest=NOTE)
    case_merge.take_apart(session, other, case_id, reason=reason, user_id=ask.user.user_id, now=ask.now)


def _apart(ask: Ask, session: Session, case_id: int) -> None:
    case_merge.set_apart(session, case_id, _other(ask, session), user_id=ask.user.user_id, now=ask.now)


_DO = {
    "giao": _give,
    "theo-doi": _watch,
    "thoi-theo-doi": _watch,
    "viec": _task,
    "xong-viec": _done,
    "ghi-chu": _note,
    "kiem-tra": _check,
    "gan-tin": _attach,
    "gop": _merge,
    "tach": _take_apart,
    "khac-nhau": _apart,
}
