"""Administration of users. A new or reset account gets a link that works once; no password is ever sent."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.rights import ROLES, Right
from models.store import audit, users
from models.store.users import UserError
from pipeline.place_words import is_unit
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
        user.password_hash, user.must_change = None, True
        users.set_totp(session, user, None)
        users.note_success(user)
        users.sign_out_everywhere(session, user.id)
        token = users.new_sign_in_token(session, user.id, ask.now)
        _record(ask, "user.reset", user.id, session=session)
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
        found = users.all_users(session)
    link = f"{ask.request.base_url}dang-nhap/mot-lan?token={token}" if token else ""
    return ask.page(
        "users.html", status=status, users=found, roles=list(ROLES), message=message, link_for=link_for, link=link
    )
