"""Subscriptions to alerts, checked before they are kept."""

from dataclasses import dataclass
from datetime import time

from sqlalchemy.orm import Session

from classifier.places.territory import Territory
from models.errors import DiembaoError
from models.records import TYPES
from models.store import users
from models.tables import Subscription
from pipeline.channels import check_channel
from pipeline.place_words import gazetteer


class SubscriptionError(DiembaoError):
    """A wish that cannot be kept; the message names what is wrong."""


@dataclass(frozen=True, slots=True)
class Wish:
    """See models.tables.Subscription; `quiet` is (from, to) as HH:MM."""

    name: str
    channel: str
    places: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    gravity_min: int = 0
    quiet: tuple[str, str] | None = None
    ack_minutes: int | None = None
    escalate_to: int | None = None
    search_id: int | None = None


def add_subscription(session: Session, user_name: str, wish: Wish) -> int:
    """Raises SubscriptionError, ChannelError, or the gazetteer's error for a code that no unit has."""
    user = users.find_user(session, user_name)
    if user is None:
        raise SubscriptionError(f"không có người dùng «{user_name}»")
    check_channel(wish.channel)
    if wish.places:
        Territory.of(wish.places, gazetteer())
    for code in wish.types:
        if code not in TYPES:
            raise SubscriptionError(f"không có loại {code!r} (có: {', '.join(TYPES)})")
    quiet = _quiet(wish.quiet)
    if wish.ack_minutes is not None and wish.ack_minutes <= 0:
        raise SubscriptionError("số phút chờ nhận phải lớn hơn 0")
    if wish.escalate_to is not None and session.get(Subscription, wish.escalate_to) is None:
        raise SubscriptionError(f"không có đăng ký số {wish.escalate_to} để chuyển tiếp")
    row = Subscription(
        user_id=user.id,
        name=wish.name,
        channel=wish.channel,
        places=list(wish.places),
        types=list(wish.types),
        gravity_min=wish.gravity_min,
        search_id=wish.search_id,
        quiet_from=quiet[0],
        quiet_to=quiet[1],
        ack_minutes=wish.ack_minutes,
        escalate_to=wish.escalate_to,
        active=True,
    )
    session.add(row)
    session.flush()
    return row.id


def _quiet(hours: tuple[str, str] | None) -> tuple[str | None, str | None]:
    if hours is None:
        return None, None
    for value in hours:
        try:
            time.fromisoformat(value)
        except ValueError as error:
            raise SubscriptionError(f"giờ yên lặng {value!r} không đúng dạng HH:MM") from error
    return hours
