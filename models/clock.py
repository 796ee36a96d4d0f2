"""Time as Viet Nam counts it. A day of the press scan is a day in Asia/Ho_Chi_Minh; no daylight saving since 1975."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment in UTC. Jobs take it as an argument; only the edges call this."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    return moment.astimezone(VIET_NAM).date()
