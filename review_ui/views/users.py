"""Administration of users. A new or reset account gets a link that works once; no password is ever sent."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.clock import VIET_NAM
from models.rights import ROLES, Right
from models.store import audit, staff, users
from models.store.users import UserError
from pipeline.place_words import is_unit
from review_ui.forms import to_day, to_number
from review_ui.pages import Ask, go, page


@page("/quan-tri/nguoi-dung", needs=Right.USERS)
def show(ask: Ask) -> Response:
    return _list(ask)


@page("/quan-tri/nguoi-dung", method="POST", needs=Right.USERS)
def add(ask: Ask) -> Response:
    role = ask.form.get("role")
    try:
        with ask.house.store.write() as session:
            user = users.add_user(
                session, name=ask.form.get("name"), display=ask.form.get("display"), role=role, now=ask.now
            )
            user.must_change = True
            token = users.new_sign_in_token(session, user.id, ask.now)
            _record(ask, "user.add", user.id, session=session, role=role)
    except UserError as error:
        return _list(ask, message=f"{error}.", status=400)
    return _list(ask, link_for=user.display, token=token)


@page("/quan-tri/nguoi-dung/{id}/lien-ket", method="POST", needs=Right.USERS)
def reset(ask: Ask) -> Response:
    """Takes the password and the second step away (a lost phone), ends all sessions and makes a new link."""
    with ask.house.store.write() as session:
        user = users.get_user(session, ask.id())
        token = staff.reset(session, user, by=ask.user.user_id, now=ask.now)
    return _list(ask, link_for=user.display, token=token)


@page("/quan-tri/nguoi-dung/{id}/vai-tro", method="POST", needs=Right.USERS)
def set_role(ask: Ask) -> Response:
    role = ask.form.get("role")
    with ask.house.store.write() as session:
        user = users.get_user(session, ask.id())
        _refuse_oneself(ask, user.id)
        users.set_role(session, user, role)
        _record(ask, "user.role", user.id, session=session, role=role)
    return go("/quan-tri/nguoi-dung")


@page("/quan-tri/nguoi-dung/{id}/dia-ban", method="POST", needs=Right.USERS)
def set_territory(ask: Ask) -> Response:
    """Codes of today's provinces or communes, split by commas or spaces; none means the whole deployment."""
    codes = tuple(dict.fromkeys(ask.form.get("territory").replace(",", " ").split()))
    unknown = [code for code in codes if not is_unit(code)]
    if unknown:
        return _list(ask, message=f"Không có đơn vị hành chính mã {', '.join(unknown)}.", status=400)
    with ask.house.store.write() as session:
        user = users.get_user(session, ask.id())
        users.set_territory(session, user, codes)
        _record(ask, "user.territory", user.id, session=session, territory=",".join(codes))
    return go("/quan-tri/nguoi-dung")


@page("/quan-tri/nguoi-dung/{id}/trang-thai", method="POST", needs=Right.USERS)
def set_active(ask: Ask) -> Response:
    active = ask.form.get("active") == "1"
    with ask.house.store.write() as session:
        user = users.get_user(session, ask.id())
        _refuse_oneself(ask, user.id)
        users.set_active(session, user, active=active)
        _record(ask, "user.active", user.id, session=session, active=active)
    return go("/quan-tri/nguoi-dung")


@page("/quan-tri/nguoi-dung/{id}/roi", needs=Right.USERS)
def show_leaving(ask: Ask) -> Response:
    return _leaving(ask)


@page("/quan-tri/nguoi-dung/{id}/roi", method="POST", needs=Right.USERS)
def leave(ask: Ask) -> Response:
    """Sessions end, open work goes to the successor, subscriptions to alerts stop."""
    successor_id = to_number(ask.form.get("successor"))
    try:
        with ask.house.store.write() as session:
            user = users.get_user(session, ask.id())
            _refuse_oneself(ask, user.id)
            successor = None if successor_id is None else users.get_user(session, successor_id)
            staff.leave(session, user, successor, by=ask.user.user_id, now=ask.now)
    except UserError as error:
        return _leaving(ask, message=f"{error}.", status=400)
    return go("/quan-tri/nguoi-dung")


@page("/quan-tri/nguoi-dung/{id}/thay", method="POST", needs=Right.USERS)
def stand_in(ask: Ask) -> Response:
    deputy_id, day = to_number(ask.form.get("deputy")), to_day(ask.form.get("until"))
    if deputy_id is None or day is None:
        return _leaving(ask, message="Hãy chọn người thay và ngày cuối.", status=400)
    try:
        until = datetime.combine(day + timedelta(days=1), time(), VIET_NAM)
        with ask.house.store.write() as session:
            user, deputy = users.get_user(session, ask.id()), users.get_user(session, deputy_id)
            staff.stand_in(session, user, deputy, until=until, by=ask.user.user_id, now=ask.now)
    except UserError as error:
        return _leaving(ask, message=f"{error}.", status=400)
    return go(f"/quan-tri/nguoi-dung/{ask.id()}/roi")


@page("/quan-tri/thay/{id}/het", method="POST", needs=Right.USERS)
def end_stand_in(ask: Ask) -> Response:
    with ask.house.store.write() as session:
        staff.end_stand_in(session, ask.id(), by=ask.user.user_id, now=ask.now)
    return go("/quan-tri/nguoi-dung")


def _leaving(ask: Ask, *, message: str = "", status: int = 200) -> Response:
    with ask.house.store.read() as session:
        user = users.get_user(session, ask.id())
        others = [one for one in users.all_users(session) if one.active and one.role == user.role and one.id != user.id]
        work, running = staff.open_work(session, user.id), staff.stand_ins(session, ask.now)
    return ask.page(
        "user_leaving.html", status=status, user=user, others=others, work=work, running=running, message=message
    )


def _refuse_oneself(ask: Ask, user_id: int) -> None:
    """So that an administrator cannot lock the last door from outside."""
    if user_id == ask.user.user_id:
        message = "Không tự đổi vai trò hay khoá chính mình: hãy nhờ một quản trị khác"
        raise UserError(message)


def _record(ask: Ask, action: str, user_id: int, *, session: Session, **detail: str | bool) -> None:
    audit.append(
        session, at=ask.now, action=action, user_id=ask.user.user_id, object=f"user/{user_id}", detail=dict(detail)
    )


def _list(ask: Ask, *, message: str = "", status: int = 200, link_for: str = "", token: str = "") -> Response:
    with ask.house.store.read() as session:
        found, running = users.all_users(session), staff.stand_ins(session, ask.now)
    link = f"{ask.request.base_url}dang-nhap/mot-lan?token={token}" if token else ""
    return ask.page(
        "users.html",
        status=status,
        users=found,
        roles=list(ROLES),
        message=message,
        link_for=link_for,
        link=link,
        running=running,
    )
