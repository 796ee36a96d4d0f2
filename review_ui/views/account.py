"""One's own account: the password, and the second step of signing in."""

from starlette.responses import Response

from models import totp
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


@page("/tai-khoan/buoc-hai", method="POST", needs=Right.SIGNED_IN)
def set_second_step(ask: Ask) -> Response:
    """On with a code that proves the app works, off with the password; either is on record."""
    secret = ask.form.get("secret") if ask.form.get("on") == "1" else None
    problem = _second_problem(ask, secret)
    if problem:
        return _form(ask, problem, status=400, secret=secret)
    with ask.house.store.write() as session:
        user = users.get_user(session, ask.user.user_id)
        users.set_totp(session, user, secret)
        detail: dict[str, str | int | bool | None] = {"on": secret is not None}
        audit.append(session, at=ask.now, action="user.totp", user_id=user.id, object=f"user/{user.id}", detail=detail)
    return go("/tai-khoan")


def _second_problem(ask: Ask, secret: str | None) -> str:
    with ask.house.store.read() as session:
        known = users.get_user(session, ask.user.user_id).password_hash
    if known is None:
        return "Hãy đặt mật khẩu trước."
    if not matches(known, ask.form.get("old", longest=PASSWORD)):
        return "Mật khẩu hiện tại không đúng."
    if secret is None:
        return ""
    if not totp.is_secret(secret) or totp.matching_step(secret, ask.form.get("code"), ask.now) is None:
        return "Mã không đúng: hãy nhập mã đang hiện trong ứng dụng."
    return ""


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


def _form(ask: Ask, message: str, *, status: int = 200, secret: str | None = None) -> Response:
    with ask.house.store.read() as session:
        user = users.get_user(session, ask.user.user_id)
    if secret is None or not totp.is_secret(secret):
        secret = totp.new_secret()
    return ask.page(
        "account.html",
        status=status,
        message=message,
        has_password=user.password_hash is not None,
        changed=ask.query.get("doi") == "1",
        second_step=user.totp_secret is not None,
        secret=secret,
        secret_words=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        app_address=totp.app_address(secret, user.name),
    )
