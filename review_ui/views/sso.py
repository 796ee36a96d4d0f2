"""Signing in with the agency's own account, where the deployment names a provider."""

from starlette.responses import RedirectResponse, Response

from models.rights import Right
from models.store import audit, users
from models.store.reading import NotThereError
from review_ui import auth, oidc
from review_ui.oidc import Asked, SsoError
from review_ui.pages import Ask, page
from review_ui.views.sign_in import TOO_MANY, onward

COOKIE = "diembao-sso"
LIFE = 600
BACK = "/dang-nhap/sso/ve"


@page("/dang-nhap/sso", needs=Right.PUBLIC)
def begin(ask: Ask) -> Response:
    _configured(ask)
    if not ask.house.sign_in_limit.allows(auth.address_of(ask.request)):
        return ask.page("sign_in.html", status=429, target="/", name="", message=TOO_MANY)
    try:
        address, asked = oidc.begin(ask.house.settings, _callback(ask))
    except SsoError as error:
        return _refused(ask, error)
    response = RedirectResponse(address, status_code=303)
    secure = ask.request.url.scheme == "https"
    response.set_cookie(COOKIE, str(asked), max_age=LIFE, path=BACK, secure=secure, httponly=True, samesite="lax")
    return response


@page(BACK, needs=Right.PUBLIC)
def come_back(ask: Ask) -> Response:
    """From the provider. The session's cookie is strict, so a page of ours stands between theirs and the list."""
    _configured(ask)
    try:
        asked = Asked.read(ask.request.cookies.get(COOKIE, ""))
        if asked is None or ask.query.get("error"):
            raise SsoError("Lượt đăng nhập đã quá lâu hoặc bị huỷ")  # noqa: TRY301 - one way out
        code = ask.query.get("code", longest=2000)
        name = oidc.finish(ask.house.settings, _callback(ask), asked, state=ask.query.get("state"), code=code)
        user_id = _known(ask, name)
    except SsoError as error:
        response = _refused(ask, error)
    else:
        response = onward(ask, user_id, "/", how="sso")
        if response.status_code == 303:
            done = ask.page("sso_done.html", target=response.headers["location"])
            done.headers.raw.extend(pair for pair in response.headers.raw if pair[0] == b"set-cookie")
            response = done
    response.delete_cookie(COOKIE, path=BACK)
    return response


def _known(ask: Ask, name: str) -> int:
    """The account of that name, if it may be used."""
    with ask.house.store.read() as session:
        user = users.find_user(session, name)
        usable = user is not None and user.active and not users.is_locked(user, ask.now)
    if user is None or not usable:
        raise SsoError("Tài khoản này chưa được quản trị thêm vào hệ thống, hoặc đang bị khoá")
    return user.id


def _refused(ask: Ask, error: SsoError) -> Response:
    with ask.house.store.write() as session:
        detail: dict[str, str | int | bool | None] = {"from": auth.address_of(ask.request), "how": "sso"}
        audit.append(session, at=ask.now, action="signin.failed", detail=detail)
    return ask.page("sign_in.html", status=401, target="/", name="", message=f"{error}.")


def _configured(ask: Ask) -> None:
    if not ask.house.settings.oidc_issuer:
        raise NotThereError("Nơi này không dùng đăng nhập chung")


def _callback(ask: Ask) -> str:
    return f"{ask.house.settings.public_url.rstrip('/')}{BACK}"
