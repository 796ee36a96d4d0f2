"""Signing in by password or by a link that works once, and signing out."""

from starlette.responses import Response

from models.rights import ROLES, Right
from models.store import audit, users
from review_ui import auth
from review_ui.pages import Ask, go, page

FAILED = "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khoá. Hãy thử lại sau ít phút."
TOO_MANY = "Đã thử quá nhiều lần từ máy này. Hãy đợi 5 phút rồi thử lại."
SPENT = "Liên kết này đã được dùng hoặc đã hết hạn. Hãy xin quản trị một liên kết mới."
WRONG_CODE = "Mã không đúng hoặc đã dùng. Hãy đợi mã tiếp theo trong ứng dụng rồi nhập lại."
PASSWORD = 256


@page("/dang-nhap", needs=Right.PUBLIC)
def show(ask: Ask) -> Response:
    if ask.who is not None:
        return go(home(ask.who.role))
    return ask.page("sign_in.html", target=auth.local_address(ask.query.get("tiep")), name="", message="")


@page("/dang-nhap", method="POST", needs=Right.PUBLIC)
def enter(ask: Ask) -> Response:
    name, target = ask.form.get("name"), auth.local_address(ask.form.get("target"))
    address = auth.address_of(ask.request)
    if not ask.house.sign_in_limit.allows(address):
        return ask.page("sign_in.html", status=429, target=target, name=name, message=TOO_MANY)
    password = ask.form.get("password", longest=PASSWORD)
    user_id = auth.check_password(ask.house.store, name, password, now=ask.now, address=address)
    if user_id is None:
        return ask.page("sign_in.html", status=401, target=target, name=name, message=FAILED)
    return onward(ask, user_id, target, how="password")


@page("/dang-nhap/buoc-hai", method="POST", needs=Right.PUBLIC)
def enter_code(ask: Ask) -> Response:
    """The second step: a code of the authenticator app, each good once."""
    token, target = ask.form.get("token"), auth.local_address(ask.form.get("target"))
    address = auth.address_of(ask.request)
    if not ask.house.sign_in_limit.allows(address):
        return ask.page("sign_in.html", status=429, target=target, name="", message=TOO_MANY)
    outcome = auth.check_code(ask.house.store, token, ask.form.get("code"), now=ask.now, address=address)
    if outcome is auth.Code.RIGHT:
        with ask.house.store.write() as session:
            user = users.use_step_token(session, token, ask.now)
        if user is not None:
            return _let_in(ask, user.id, target, how="code")
    if outcome is auth.Code.WRONG:
        return ask.page("sign_in_code.html", status=401, token=token, target=target, message=WRONG_CODE)
    return ask.page("sign_in.html", status=401, target=target, name="", message=FAILED)


@page("/dang-nhap/mot-lan", needs=Right.PUBLIC)
def show_link(ask: Ask) -> Response:
    """Only shows a button: mail programs and previews fetch links, and a fetch must not use the token up."""
    return ask.page("sign_in_link.html", token=ask.query.get("token"), message="")


@page("/dang-nhap/mot-lan", method="POST", needs=Right.PUBLIC)
def enter_by_link(ask: Ask) -> Response:
    address = auth.address_of(ask.request)
    if not ask.house.sign_in_limit.allows(address):
        return ask.page("sign_in_link.html", status=429, token="", message=TOO_MANY)
    with ask.house.store.write() as session:
        user = users.use_sign_in_token(session, ask.form.get("token"), ask.now)
        if user is None:
            audit.append(session, at=ask.now, action="signin.failed", detail={"from": address, "how": "link"})
    if user is None:
        return ask.page("sign_in_link.html", status=401, token="", message=SPENT)
    return onward(ask, user.id, "/", how="link")


@page("/dang-xuat", method="POST", needs=Right.SIGNED_IN)
def leave(ask: Ask) -> Response:
    with ask.house.store.write() as session:
        users.close_session(session, auth.secret_of(ask.request))
        audit.append(session, at=ask.now, action="signout", user_id=ask.user.user_id, object=f"user/{ask.user.user_id}")
    response = go(auth.SIGN_IN)
    auth.clear_session(response, ask.request)
    return response


def home(role: str) -> str:
    """Where a person of this role begins."""
    if Right.READ in ROLES[role]:
        return "/"
    return "/bao" if Right.HEALTH in ROLES[role] else "/nguon-tin-den"


def onward(ask: Ask, user_id: int, target: str, *, how: str) -> Response:
    """To the second step for those who have one, else in."""
    with ask.house.store.read() as session:
        second = users.get_user(session, user_id).totp_secret is not None
    if not second:
        return _let_in(ask, user_id, target, how=how)
    ask.house.sign_in_limit.give_back(auth.address_of(ask.request))
    with ask.house.store.write() as session:
        token = users.new_step_token(session, user_id, ask.now)
    return ask.page("sign_in_code.html", token=token, target=target, message="")


def _let_in(ask: Ask, user_id: int, target: str, *, how: str) -> Response:
    with ask.house.store.write() as session:
        user = users.get_user(session, user_id)
        secret = users.open_session(session, user, ask.now, replacing=auth.secret_of(ask.request))
        address = auth.address_of(ask.request)
        auth.record_sign_in(session, user, how=how, now=ask.now, address=address)
    ask.house.sign_in_limit.give_back(address)
    response = go(home(user.role) if target == "/" else target)
    auth.set_session(response, ask.request, secret)
    return response
