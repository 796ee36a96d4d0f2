"""Health of the papers: what was read, what was not and why, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from models.rights import Right
from models.store import outlets, runs
from models.store.outlets import HEALTHY
from models.tables import FeedState
from models.words import word
from review_ui.pages import Ask, page
from review_ui.views.today import reach

HEALTH = {
    "ok": "Đọc được",
    "unchanged": "Đọc được, không có gì mới",
    "empty": "Đọc được, không có tin nào",
    "broken": "Nội dung hỏng, máy không hiểu được",
    "blocked": "Báo chặn máy đọc",
    "gone": "Báo đã bỏ địa chỉ này",
    "failed": "Không kết nối được hoặc máy chủ của báo gặp lỗi",
    "refused": "Không được phép đọc (robots.txt hoặc quy tắc an toàn của ta)",
}
KIND = {"feed": "RSS, Atom", "sitemap": "Sơ đồ trang", "listing": "Trang chuyên mục"}
HTTP = {
    401: "báo đòi đăng nhập",
    403: "báo từ chối",
    404: "không tìm thấy",
    410: "đã gỡ bỏ",
    429: "báo yêu cầu đọc chậm lại",
    500: "lỗi máy chủ",
    502: "lỗi máy chủ",
    503: "máy chủ tạm nghỉ",
    504: "máy chủ trả lời quá chậm",
}


@dataclass(frozen=True, slots=True)
class FeedRow:
    state: FeedState
    outlet: str
    healthy: bool
    words: str


def in_words(state: FeedState) -> str:
    found = word(HEALTH, state.health)
    if state.status is not None and state.health not in HEALTHY:
        meaning = HTTP.get(state.status)
        found += f" (mã {state.status}{': ' + meaning if meaning else ''})"
    return found


def to_rows(states: Sequence[FeedState], titles: dict[str, str]) -> list[FeedRow]:
    """What needs a look first."""
    rows = [
        FeedRow(state, titles.get(state.outlet_id, state.outlet_id), state.health in HEALTHY, in_words(state))
        for state in states
    ]
    return sorted(rows, key=lambda row: (row.healthy, row.outlet.casefold(), row.state.url))


@page("/bao", needs=Right.HEALTH)
def show(ask: Ask) -> Response:
    with ask.house.store.read() as session:
        states, titles = outlets.feed_states(session), outlets.titles(session)
        run = runs.latest(session)
    polled = {state.outlet_id for state in states}
    return ask.page(
        "outlets.html",
        rows=to_rows(states, titles),
        kinds=KIND,
        papers=reach(states, titles),
        never=sorted(title for id_, title in titles.items() if id_ not in polled),
        run=run,
    )
