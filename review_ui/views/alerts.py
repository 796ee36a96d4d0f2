"""One's own subscriptions to alerts, taking a story on, and for administrators what has not gone out yet."""

import re

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.errors import DiembaoError
from models.records import TYPES
from models.rights import Right
from models.store import alerts, audit, sendings, users
from models.store.reading import NotThereError
from models.tables import Subscription
from pipeline.channels import ChannelError
from pipeline.place_choice import codes_of, place_of, resolve
from pipeline.place_words import covers, place_words
from pipeline.subscriptions import SubscriptionError, Wish, add_subscription
from review_ui.forms import FormError
from review_ui.listing import read_filters
from review_ui.pages import Ask, go, page

CHANNEL = 1000
PLACES = 20
GRAVEST = 1000
ADDRESS = re.compile(r"\S*://\S*")


@page("/bao-dong", needs=Right.READ)
def show(ask: Ask) -> Response:
    return _page(ask)


@page("/bao-dong", method="POST", needs=Right.READ)
def add(ask: Ask) -> Response:
    try:
        wish = _wish(ask)
        with ask.house.store.write() as session:
            _check_search(ask, session, wish)
            number = add_subscription(session, ask.user.name, wish)
            _record(ask, session, "alert.subscribe", number, name=wish.name)
    except (SubscriptionError, ChannelError, FormError) as error:
        return _page(ask, message=f"Chưa đăng ký: {str(error).rstrip('.')}.", status=400)
    return go("/bao-dong?moi=1")


@page("/bao-dong/{id}/dung", method="POST", needs=Right.READ)
def pause(ask: Ask) -> Response:
    active = ask.form.get("active") == "1"
    with ask.house.store.write() as session:
        row = _own(ask, session)
        if active and not row.channel:
            raise FormError("Đăng ký này đã bỏ, không bật lại được")
        row.active = active
        _record(ask, session, "alert.pause", row.id, active=active)
    return go("/bao-dong")


@page("/bao-dong/{id}/xoa", method="POST", needs=Right.READ)
def remove(ask: Ask) -> Response:
    """The channel's address is forgotten; what was sent by it stays on record."""
    with ask.house.store.write() as session:
        row = _own(ask, session)
        number, name = row.id, row.name
        if alerts.handed_to(session, number):
            raise FormError("Có đăng ký khác chuyển tiếp tới đăng ký này: hãy đổi đăng ký đó trước, hoặc bấm «Dừng»")
        alerts.remove(session, row)
        _record(ask, session, "alert.unsubscribe", number, name=name)
    return go("/bao-dong")


@page("/tin/{id}/tiep-nhan", method="POST", needs=Right.DECIDE)
def acknowledge(ask: Ask) -> Response:
    """Somebody has it: nobody else is woken for what was told so far."""
    story_id = ask.id()
    with ask.house.store.write() as session:
        settled = alerts.acknowledge(session, story_id, user_id=ask.user.user_id, at=ask.now)
        if settled:
            audit.append(
                session,
                at=ask.now,
                action="alert.acknowledge",
                user_id=ask.user.user_id,
                object=f"story/{story_id}",
                detail={"alerts": settled},
            )
    return go(read_filters(ask.query, ask.now).at(f"/tin/{story_id}", "#bao-dong"))


@page("/quan-tri/bao-dong", needs=Right.SERVICE)
def waiting(ask: Ask) -> Response:
    """What waits or fails, without what it says: administrators see no content."""
    with ask.house.store.read() as session:
        lines = [(alert.next_at, plain(alert.error), told) for alert, told in alerts.unsent(session)]
        digests = [(plain(error), line) for line, error in sendings.unsent(session)]
    return ask.page("alerts_waiting.html", lines=lines, digests=digests)


def plain(error: str | None) -> str:
    """An error without addresses: a channel's may hold a password."""
    return ADDRESS.sub("…", error or "")


def _own(ask: Ask, session: Session) -> Subscription:
    found = alerts.own(session, ask.id(), ask.user.user_id)
    if found is None:
        raise NotThereError("Không có đăng ký này")
    return found


def _wish(ask: Ask) -> Wish:
    """Raises FormError, naming the field."""
    form = ask.form
    name = form.get("ten", longest=100)
    if not name:
        raise FormError("hãy đặt tên cho đăng ký")
    quiet = (form.get("tu"), form.get("den"))
    if bool(quiet[0]) != bool(quiet[1]):
        raise FormError("giờ yên lặng cần cả giờ đầu và giờ cuối")
    gravity = form.number("muc") or 0
    if gravity > GRAVEST:
        raise FormError(f"mức nghiêm trọng tối đa {GRAVEST}")
    return Wish(
        name,
        form.get("kenh", longest=CHANNEL),
        _places(ask, form.get("noi")),
        tuple(code for code in form.many("types") if code in TYPES),
        gravity,
        (quiet[0], quiet[1]) if quiet[0] else None,
        form.number("phut") or None,
        form.number("tiep") or None,
        form.number("tim") or None,
    )


def _check_search(ask: Ask, session: Session, wish: Wish) -> None:
    if wish.search_id is not None and wish.search_id not in alerts.searches_of(session, ask.user.user_id):
        raise FormError("tìm kiếm đã lưu này không phải của bạn")


def _places(ask: Ask, typed: str) -> tuple[str, ...]:
    """Names or codes, split by semicolons. Who has a territory of their own is told of nothing outside it."""
    own = ask.user.territory
    words = [part.strip() for part in typed.split(";") if part.strip()]
    if len(words) > PLACES:
        raise FormError(f"tối đa {PLACES} địa bàn")
    found = tuple(_place(one) for one in words)
    for ref, one in zip(found, words, strict=True):
        if own and covers(own, codes_of(ref)) is not True:
            raise FormError(f"«{one}» không nằm trong địa bàn của bạn")
    return found or tuple(own)


def _place(words: str) -> str:
    if words.partition(":")[0] in ("old", "new") or words.isdigit():
        try:
            place_of(words)
        except DiembaoError as error:
            raise FormError(str(error)) from error
        return words
    answer = resolve(words)
    if answer.ref is None:
        offered = "; ".join(one.label for one in answer.offered[:5])
        raise FormError(f"«{words}» có thể là: {offered}" if offered else f"không có đơn vị nào tên là «{words}»")
    return answer.ref


def _record(ask: Ask, session: Session, action: str, number: int, **detail: str | bool) -> None:
    audit.append(
        session,
        at=ask.now,
        action=action,
        user_id=ask.user.user_id,
        object=f"subscription/{number}",
        detail=dict(detail),
    )


def _page(ask: Ask, *, message: str = "", status: int = 200) -> Response:
    with ask.house.store.read() as session:
        mine = alerts.of_user(session, ask.user.user_id)
        searches = alerts.searches_of(session, ask.user.user_id)
        names = {user.id: user.display for user in users.all_users(session)}
        targets = [(row.id, f"{names[row.user_id]}: {row.name}") for row in alerts.active_subscriptions(session)]
    return ask.page(
        "alerts.html",
        status=status,
        message=message,
        mine=[row for row in mine if row.channel],
        kinds={row.id: row.channel.partition(":")[0] for row in mine},
        place_names={ref: str(place_words(codes_of(ref))) for row in mine for ref in row.places},
        targets=targets,
        searches=searches,
        chosen=ask.form.number("tim") or ask.query.number("tim"),
        target_names=dict(targets),
        added=ask.query.get("moi") == "1",
    )
