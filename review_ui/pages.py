"""How a page is declared and served: who asks, may they, did the form come from us; then the handler.

A handler runs in a worker thread (the store is synchronous) and gets an `Ask`. `needs` has no default: a page
without a right cannot be declared.
"""

import logging
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import compile_path

from models.errors import DiembaoError
from models.rights import Right, allowed
from models.session import Store, StoreError
from models.store import reasons, users
from models.store.reading import NotThereError
from models.store.reasons import Reason
from models.store.users import SignedIn
from pipeline.config import Settings
from review_ui import auth
from review_ui.forms import Form, FormError, TooLargeError, read_form, read_query, to_number
from review_ui.navigation import Shown, menu
from review_ui.sections import Reader
from review_ui.security import Limiter, same_origin, same_word
from review_ui.territory import WholeOnlyError, load_case, load_story

log = logging.getLogger(__name__)
QUICK = frozenset({"/", "/tin/{id}", "/tin/{id}/quyet-dinh", "/tin/{id}/hoan-tac", "/hoan-tac"})
AT_ONCE = 3
IN_ONE_GO, ADDRESS = "x-in-one-go", "x-address"
"""A script asks by the one for the page that a decision leads to, and learns by the other where that is."""
FRESH = timedelta(seconds=30)
CHANGE_PASSWORD = "/tai-khoan"  # noqa: S105 - an address


@dataclass(frozen=True, slots=True)
class House:
    """What every page works with, built once from the settings."""

    store: Store
    settings: Settings
    templates: Environment
    now: Callable[[], datetime]
    sign_in_limit: Limiter = field(default_factory=Limiter)
    _quick: list[CapacityLimiter] = field(default_factory=list)

    _rules: list[tuple[datetime, tuple[Reason, ...]]] = field(default_factory=list)

    def every_reason(self, now: datetime) -> tuple[Reason, ...]:
        """Reasons to reject, also those that are not offered; asked for anew twice a minute."""
        if not self._rules or abs(now - self._rules[0][0]) > FRESH:
            with self.store.read() as session:
                self._rules[:] = [(now, reasons.every(session))]
        return self._rules[0][1]

    def reasons(self, now: datetime) -> tuple[Reason, ...]:
        """Those that are offered."""
        return tuple(reason for reason in self.every_reason(now) if reason.active)

    def reason_words(self, code: str, now: datetime) -> str:
        return next((reason.words for reason in self.every_reason(now) if reason.code == code), code)

    def forget_rules(self) -> None:
        self._rules.clear()

    def quick(self, page: "Page") -> CapacityLimiter | None:
        """Pages that everybody waits for are worked on few at a time, in the order in which they were asked for: many
        at once would take turns on one core and all be late. Slow work (reports, passwords) keeps its own threads.
        """
        if page.path not in QUICK:
            return None
        if not self._quick:
            self._quick.append(CapacityLimiter(AT_ONCE))
        return self._quick[0]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, already identified and allowed."""

    request: Request
    house: House
    now: datetime
    form: Form
    query: Form
    who: SignedIn | None
    loose_token: str = ""

    @property
    def user(self) -> SignedIn:
        """The signed-in person; only for pages that need a right."""
        if self.who is None:
            message = "no one is signed in"
            raise RuntimeError(message)
        return self.who

    @property
    def reader(self) -> Reader:
        """For whom lists are made: a person with a territory of their own sees that alone."""
        own = self.user.territory
        return Reader(self.user.user_id, own or self.house.settings.territory, confined=bool(own))

    @property
    def fields(self) -> Form:
        """What a button sends: the fields of its form, and those in the address that it sends them to."""
        return Form(self.form.pairs + self.query.pairs)

    def id(self, name: str = "id") -> int:
        """A number from the path; what cannot be an id is simply not there."""
        value = to_number(str(self.request.path_params.get(name, "")))
        if value is None:
            message = "Địa chỉ này không có gì"
            raise NotThereError(message)
        return value

    def may(self, right: Right) -> bool:
        return allowed(None if self.who is None else self.who.role, right)

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        text = self.house.templates.get_template(template).render(
            ask=self,
            who=self.who,
            may=self.may,
            menu=self.menu,
            Right=Right,
            now=self.now,
            csrf=self.csrf,
            **values,
        )
        return HTMLResponse(text, status)

    @property
    def menu(self) -> list[Shown]:
        return [] if self.who is None else menu(self.may, confined=bool(self.who.territory), path=self.request.url.path)

    @property
    def csrf(self) -> str:
        return self.loose_token if self.who is None else self.who.csrf


Handler = Callable[[Ask], Response]


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    method: str
    needs: Right
    handler: Handler
    upload: bool = False


PAGES: list[Page] = []


def page(path: str, *, needs: Right, method: str = "GET", upload: bool = False) -> Callable[[Handler], Handler]:
    """`upload`: the form may carry a file."""

    def declare(handler: Handler) -> Handler:
        PAGES.append(Page(path, method, needs, handler, upload))
        return handler

    return declare


def go(address: str) -> RedirectResponse:
    """After a write: the browser fetches the next page anew."""
    return RedirectResponse(address, status_code=303)


async def answer(page: Page, house: House, request: Request) -> Response:
    """The one place where errors become pages."""
    blank = Ask(request, house, house.now(), Form(), Form(), None)
    try:
        form = await read_form(request, upload=page.upload) if page.method == "POST" else Form()
        return await to_thread.run_sync(_serve, page, house, request, form, limiter=house.quick(page))
    except TooLargeError as error:
        return trouble(blank, 413, str(error))
    except FormError as error:
        return trouble(blank, 400, str(error))
    except Exception as error:  # noqa: BLE001 - nobody may see a stack trace; the log keeps where it happened
        number = uuid.uuid4().hex[:8]
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("page failed: id=%s path=%s error=%s\n%s", number, page.path, type(error).__name__, where)  # noqa: TRY400 - a message of SQLAlchemy would put article text into the log
        return trouble(blank, 500, f"Máy chủ gặp lỗi, việc vừa rồi chưa được ghi. Hãy báo quản trị mã {number}.")


def trouble(ask: Ask, status: int, message: str) -> HTMLResponse:
    return ask.page("trouble.html", status=status, message=message, status_code=status)


def _serve(page: Page, house: House, request: Request, form: Form) -> Response:
    now = house.now()
    who = _identify(house, request, now)
    loose = request.cookies.get(auth.LOOSE, "")
    ask = Ask(request, house, now, form, read_query(request), who, loose or auth.new_word())
    try:
        response = _refusal(page, ask) or page.handler(ask)
        if request.headers.get(IN_ONE_GO) and isinstance(response, RedirectResponse):
            response = _led_to(ask, response)
    except NotThereError as error:
        response = trouble(ask, 404, f"{str(error).rstrip('.')}.")
    except WholeOnlyError as error:
        response = trouble(ask, 403, f"{error}.")
    except StoreError as error:
        log.error("store: %s", error)  # noqa: TRY400 - the message says it all
        response = trouble(ask, 503, "Cơ sở dữ liệu đang bận hoặc không mở được. Hãy thử lại sau ít phút.")
    except DiembaoError as error:
        response = trouble(ask, 400, f"Không làm được: {str(error).rstrip('.')}.")
    if who is None and not loose:
        auth.set_loose(response, request, ask.loose_token)
    return response


def _led_to(ask: Ask, response: RedirectResponse) -> Response:
    """The page that a decision leads to, for a script that wants it in the same answer, with its address in a header;
    the redirect itself where that is no list or story, or cannot be shown: what was decided is kept all the same.
    """
    address = response.headers["location"]
    path, _, query = address.partition("#")[0].partition("?")
    for page in PAGES:
        match = compile_path(page.path)[0].match(path) if page.path in QUICK and page.method == "GET" else None
        if match is not None:
            found = {"method": "GET", "path": path, "query_string": query.encode(), "path_params": match.groupdict()}
            request = Request({**ask.request.scope, **found})
            there = replace(ask, request=request, form=Form(), query=read_query(request))
            try:
                shown = _refusal(page, there) or page.handler(there)
            except DiembaoError:
                return response
            shown.headers[ADDRESS] = address
            return shown
    return response


def _identify(house: House, request: Request, now: datetime) -> SignedIn | None:
    secret = auth.secret_of(request)
    if not secret:
        return None
    with house.store.glance() as session:
        found = users.find_session(session, secret, now)
    if found is None:
        return None
    who, due = found
    if due:
        with house.store.write() as session:
            users.touch_session(session, secret, now)
    return who


def _refusal(page: Page, ask: Ask) -> Response | None:
    """The answer to whoever may not go on; None lets them through."""
    if not ask.may(page.needs):
        if ask.who is None:
            return go(auth.sign_in_address(ask.request))
        return trouble(ask, 403, "Vai trò của bạn không dùng được trang này.")
    if ask.who is not None and ask.who.must_change and page.needs not in (Right.PUBLIC, Right.SIGNED_IN):
        return go(CHANGE_PASSWORD)
    if ask.who is not None and ask.who.territory:
        _check_territory(page, ask)
    if page.method == "POST" and not (same_origin(ask.request) and _carries_word(ask)):
        return trouble(ask, 403, "Biểu mẫu đã cũ hoặc không từ trang này. Hãy tải lại trang rồi làm lại.")
    return None


def _check_territory(page: Page, ask: Ask) -> None:
    """Raises NotThereError where a person with a territory of their own asks for what lies outside it."""
    about, one, _ = page.path.partition("/{id}")
    if not one or about not in ("/tin", "/vu-viec"):
        return
    with ask.house.store.glance() as session:
        if about == "/tin":
            load_story(session, ask.id(), ask.reader)
        else:
            load_case(session, ask.id(), ask.reader)


def _carries_word(ask: Ask) -> bool:
    """A signed-in person's forms carry the session's word; those before signing in, the word of their own cookie."""
    expected = ask.request.cookies.get(auth.LOOSE, "") if ask.who is None else ask.who.csrf
    return same_word(ask.form.get("csrf"), expected)
