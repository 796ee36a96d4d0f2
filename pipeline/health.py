"""What ails a list or an outlet, in words that staff understand and with what to do. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from models.clock import VIET_NAM, day_of
from models.store.coverage import Reading
from spiders.jobs import Health, ListKind

Code = Literal[
    "dead", "blocked", "layout", "broken", "empty", "silent", "stale", "failing", "thin", "gap", "unread", "fine"
]
GRAVITY: tuple[Code, ...] = (
    "dead", "blocked", "layout", "broken", "empty", "silent", "stale", "failing", "thin", "gap", "unread", "fine"
)  # fmt: skip
"""The gravest first: the order of the page, and which of several troubles names the outlet's."""
WELL = frozenset({"fine", "unread"})

DEAD_AFTER = 3
DEAD_FOR = timedelta(hours=24)
"""A server that failed this often and gave no good answer for so long is dead; before that it merely fails."""
SILENT_EXPECTED = 12.0
"""So many entries were to be expected and none came: by chance less than once in 100,000 times, were they independent;
they come in bunches, so the bar is high."""
SILENT_FOR = timedelta(hours=3)
OLD = timedelta(days=30)
FEWEST_PAGES = 5
"""Pages that have to be read before their lay-out is judged."""
GAP_FOR = timedelta(hours=24)

KIND: dict[ListKind, str] = {"feed": "Nguồn tin RSS", "sitemap": "Sơ đồ tin tức", "listing": "Trang mục"}


@dataclass(frozen=True, slots=True)
class ListFacts:
    """State of one list. `expected`: entries that its rhythm lets one expect since it last showed a new one."""

    url: str
    kind: ListKind
    health: Health | None = None
    status: int | None = None
    error: str | None = None
    failures: int = 0
    polled_at: datetime | None = None
    good_at: datetime | None = None
    moved_at: datetime | None = None
    newest_at: datetime | None = None
    gap_at: datetime | None = None
    next_due_at: datetime | None = None
    expected: float = 0.0


@dataclass(frozen=True, slots=True)
class OutletFacts:
    """`days`: articles of each day, oldest first, today's so far at the end; `band`: low and high of a whole day."""

    lists: Sequence[ListFacts]
    now: datetime
    last_article_at: datetime | None = None
    days: Sequence[tuple[date, int]] = ()
    band: tuple[int, int] | None = None
    has_rule: bool = False
    readings: Sequence[Reading] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`words` say what is wrong, `todo` what a person can do (empty where there is nothing to do)."""

    code: Code
    words: str
    todo: str = ""

    @property
    def well(self) -> bool:
        return self.code in WELL


FINE = Diagnosis("fine", "Đang đọc tốt.")
UNREAD = Diagnosis("unread", "Chưa đọc lần nào.", "Chờ lượt quét tới, hoặc bấm «Thử ngay».")


def list_diagnosis(facts: ListFacts, now: datetime, *, outlet_moved_at: datetime | None = None) -> Diagnosis:
    """`outlet_moved_at`: when some list of the outlet last showed a new article, so that a frozen one stands out."""
    if facts.health is None or facts.polled_at is None:
        return UNREAD
    name = KIND[facts.kind]
    if facts.health in {"ok", "unchanged"}:
        return _movement(facts, name, now, outlet_moved_at) or FINE
    if facts.health in {"blocked", "refused"}:
        return _blocked(facts, name)
    if facts.health == "failed":
        return _failed(facts, name, now)
    return _nothing_there(facts, name)


def _nothing_there(facts: ListFacts, name: str) -> Diagnosis:
    if facts.health == "gone":
        return Diagnosis("dead", f"{name} không còn (HTTP {facts.status}).", f"Tìm địa chỉ mới của {facts.url}.")
    if facts.health == "empty":
        todo = f"Mở {facts.url}; nếu trống hẳn, tìm nguồn khác."
        return Diagnosis("empty", f"{name} trả lời nhưng không có tin nào.", todo)
    if facts.kind == "listing":
        words = f"{name} đã đổi giao diện: không tìm thấy liên kết bài."
        return Diagnosis("layout", words, "Sửa quy tắc «listing» của báo.")
    return Diagnosis("broken", f"{name} trả về dữ liệu không đọc được.", f"Mở {facts.url} để xem, báo tòa soạn.")


def _blocked(facts: ListFacts, name: str) -> Diagnosis:
    error = facts.error or ""
    if "certificate" in error:
        words = "chứng chỉ bảo mật của báo không hợp lệ, không chắc đó là máy chủ của báo"
        todo = "Báo tòa soạn; nếu đã xác minh máy chủ, ghi verify = false vào tệp nguồn của báo."
    elif "robots.txt" in error:
        words, todo = "robots.txt của báo không cho đọc", "Xin phép tòa soạn hoặc bỏ nguồn này."
    elif facts.health == "refused":
        words, todo = "địa chỉ không được phép đọc vì lý do an toàn", "Kiểm tra địa chỉ trong danh mục."
    elif "captcha" in error:
        words, todo = "báo đòi xác minh captcha", "Xin tòa soạn cho máy của ta đọc RSS."
    elif facts.status == 429:
        words, todo = "báo nói ta đọc quá nhanh (HTTP 429)", "Chờ; tăng khoảng nghỉ của báo này."
    else:
        words, todo = f"báo chặn máy của ta (HTTP {facts.status})", "Xin tòa soạn cho phép đọc."
    return Diagnosis("blocked", f"{name}: {words}.", todo)


def _failed(facts: ListFacts, name: str, now: datetime) -> Diagnosis:
    why = f"HTTP {facts.status}" if facts.status else "không kết nối được"
    since = facts.good_at
    if facts.failures >= DEAD_AFTER and (since is None or now - since >= DEAD_FOR):
        last = f"từ {clock(since, now)}" if since else "và chưa lần nào đọc được"
        todo = f"Mở {facts.url} để xem báo còn hoạt động không."
        return Diagnosis("dead", f"{name} không trả lời ({why}) {last}.", todo)
    again = f"; sẽ thử lại lúc {clock(facts.next_due_at, now)}" if facts.next_due_at else ""
    return Diagnosis("failing", f"{name} đang lỗi ({why}){again}.")


def _movement(facts: ListFacts, name: str, now: datetime, outlet_moved_at: datetime | None) -> Diagnosis | None:
    """The list answers well; does what it shows move?"""
    if facts.newest_at is not None and now - facts.newest_at > OLD:
        words = f"{name} đứng yên: tin mới nhất đăng {clock(facts.newest_at, now)}."
        return Diagnosis("stale", words, f"Tìm địa chỉ mới của {facts.url}.")
    moved = facts.moved_at
    if moved is not None and facts.expected >= SILENT_EXPECTED and now - moved >= SILENT_FOR:
        if outlet_moved_at is not None and outlet_moved_at > moved + SILENT_FOR:
            return Diagnosis(
                "stale",
                f"{name} đứng yên từ {clock(moved, now)} trong khi báo vẫn ra bài.",
                f"Tìm địa chỉ mới của {facts.url}.",
            )
        return Diagnosis(
            "silent",
            f"{name} im lặng từ {clock(moved, now)}; theo nhịp thường ngày đã phải có khoảng {facts.expected:.0f} tin.",
            "Mở trang chủ của báo: nếu có bài mới thì nguồn tin hỏng.",
        )
    if facts.gap_at is not None and now - facts.gap_at < GAP_FOR:
        return Diagnosis(
            "gap",
            f"{name} đã thay hết tin giữa hai lần đọc (lúc {clock(facts.gap_at, now)}): có thể đã sót tin.",
            "Đã đọc bù từ danh sách khác của báo; nếu báo chỉ có một danh sách, xem lại trang chủ.",
        )
    return None


def outlet_diagnosis(facts: OutletFacts) -> Diagnosis:
    """One word for the whole outlet: as long as some list delivers, a broken other one does not count."""
    now = facts.now
    found = [list_diagnosis(item, now, outlet_moved_at=facts.last_article_at) for item in facts.lists]
    read = [one for one in found if one.code != "unread"]
    if not read:
        return UNREAD
    delivering = [one for one in read if one.code in {"fine", "gap"}]
    if not delivering:
        return min(read, key=lambda one: GRAVITY.index(one.code))
    layout = _layout(facts)
    if layout is not None:
        return layout
    thin = _thin(facts)
    if thin is not None:
        return thin
    return min(delivering, key=lambda one: GRAVITY.index(one.code))


def _layout(facts: OutletFacts) -> Diagnosis | None:
    """The site's rule no longer finds the body on most of the newest pages, so that the fallback reads them."""
    if not facts.has_rule:
        return None
    newest: list[Reading] = []
    for reading in reversed(facts.readings):
        newest.append(reading)
        if sum(day.by_rule + day.otherwise for day in newest) >= FEWEST_PAGES:
            break
    pages = sum(day.by_rule + day.otherwise for day in newest)
    other = sum(day.otherwise for day in newest)
    if pages < FEWEST_PAGES or other * 2 <= pages:
        return None
    return Diagnosis(
        "layout",
        f"Trang bài có lẽ đã đổi giao diện: {other}/{pages} bài gần đây phải đọc bằng cách dự phòng.",
        "Sửa quy tắc đọc trang của báo, rồi đọc lại các bài từ kho lưu.",
    )


def _thin(facts: OutletFacts) -> Diagnosis | None:
    """The last whole day had fewer articles than the outlet's band. More than the band is no trouble."""
    yesterday = day_of(facts.now) - timedelta(days=1)
    whole = dict(facts.days)
    if facts.band is None or min(whole, default=yesterday) >= yesterday:
        return None
    count, low = whole.get(yesterday, 0), facts.band[0]
    if count >= low:
        return None
    return Diagnosis(
        "thin",
        f"Ít bài khác thường: hôm qua {count} bài, thường {facts.band[0]} đến {facts.band[1]} bài một ngày.",
        "Đối chiếu với trang chủ của báo xem có sót mục nào không.",
    )


def clock(moment: datetime | None, now: datetime) -> str:
    """ "10:32" for today, "21/11 10:32" this year, else with the year."""
    if moment is None:
        return "lúc nào không rõ"
    local, today = moment.astimezone(VIET_NAM), now.astimezone(VIET_NAM)
    if local.date() == today.date():
        return local.strftime("%H:%M")
    return local.strftime("%d/%m %H:%M" if local.year == today.year else "%d/%m/%Y")
