"""One's own account: the password."""

from starlette.responses import Response

from models.passwords import WeakPasswordError, check_strength, hash_password, matches
from models.rights import Right
from models.store import audit, users
from review_ui import auth
from review_ui.pages import Ask, go, page
from review_ui.views.sign_in import PASSWORD


@page("/tai-khoan", needs=Right.SIGNED_IN)
def show(ask: Ask) -> Response:
    return _form(ask, "")


@page("/tai-khoan/mat-khau", method="POST", needs=Right.SIGNED_IN)
def change_password(ask: Ask) -> Response:
    old, new = ask.form.get("old", longest=PASSWORD), ask.form.get("new", longest=PASSWORD)
    problem = _problem(ask, old, new)
    if problem:
        return _form(ask, problem, status=400)
    hashed = hash_password(new)
    with ask.house.store.write() as session:
        user = users.get_user(session, ask.user.user_id)
        users.set_password(session, user, hashed)
        secret = users.open_session(session, user, ask.now)
        audit.append(session, at=ask.now, action="user.password", user_id=user.id, object=f"user/{user.id}")
    response = go("/tai-khoan?doi=1")
    auth.set_session(response, ask.request, secret)
    return response


def _problem(ask: Ask, old: str, new: str) -> str:
    """Whoever came by link and has no password yet need not name one."""
    with ask.house.store.read() as session:
        known = users.get_user(session, ask.user.user_id).password_hash
    if known is not None and not matches(known, old):
        return "Mật khẩu hiện tại không đúng."
    if new != ask.form.get("again", longest=PASSWORD):
        return "Hai lần nhập mật khẩu mới không giống nhau."
    try:
        check_strength(new, ask.user.name)
    except WeakPasswordError as error:
        return str(error)
    return ""


def _form(ask: Ask, message: str, *, status: int = 200) -> Response:
    with ask.house.store.read() as session:
        has_password = users.get_user(session, ask.user.user_id).password_hash is not None
    return ask.page(
        "account.html", status=status, message=message, has_password=has_password, changed=ask.query.get("doi") == "1"
    )
