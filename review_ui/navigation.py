"""The pages on top of every page, in groups, each person's own: who may not open a page is not led to it."""

from collections.abc import Callable
from dataclasses import dataclass

from models.rights import Right


@dataclass(frozen=True, slots=True)
class Entry:
    """`whole`: the work of whoever works for the whole deployment."""

    address: str
    label: str
    needs: Right
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as one person sees it; one entry alone is a link of its own. `here`: the entry of the page, if any."""

    label: str
    entries: tuple[Entry, ...]
    here: Entry | None


GROUPS = (
    Group("Hôm nay", (Entry("/", "Hôm nay", Right.READ),)),
    Group("Tìm", (Entry("/tim", "Tìm", Right.READ),)),
    Group(
        "Vụ việc",
        (
            Entry("/vu-viec", "Vụ việc", Right.CASES),
            Entry("/han-xu-ly", "Hạn xử lý", Right.CASES),
            Entry("/nguon-tin", "Chuyển nguồn tin", Right.EXPORT),
            Entry("/nguon-tin-den", "Trả lời nguồn tin", Right.ANSWER),
        ),
    ),
    Group(
        "Điểm báo, báo cáo",
        (
            Entry("/diem-bao", "Điểm báo", Right.READ),
            Entry("/bao-cao", "Báo cáo", Right.READ),
            Entry("/khong-bo-sot", "Mức độ không bỏ sót", Right.DECIDE),
        ),
    ),
    Group(
        "Thiết lập",
        (
            Entry("/bao-dong", "Báo động của tôi", Right.READ),
            Entry("/danh-ba", "Danh bạ đầu mối", Right.DESKS),
            Entry("/bao", "Báo và nguồn cấp tin", Right.HEALTH),
            Entry("/quan-tri/quy-tac", "Quy tắc", Right.RULES, whole=True),
        ),
    ),
    Group(
        "Mô hình",
        (
            Entry("/nhan", "Nhãn", Right.LEARN, whole=True),
            Entry("/mo-hinh", "Mô hình", Right.LEARN, whole=True),
        ),
    ),
    Group(
        "Quản trị",
        (
            Entry("/quan-tri/nguoi-dung", "Người dùng", Right.USERS),
            Entry("/quan-tri/nhat-ky", "Nhật ký", Right.AUDIT),
            Entry("/quan-tri/tinh-trang", "Tình trạng", Right.SERVICE),
            Entry("/quan-tri/bao-dong", "Báo động chưa gửi", Right.SERVICE),
        ),
    ),
    Group("Hướng dẫn", (Entry("/huong-dan", "Hướng dẫn", Right.SIGNED_IN),)),
)
INSIDE = {
    "/tin": "/",
    "/nhap-vu-viec": "/vu-viec",
    "/so-can-cu": "/vu-viec",
    "/noi-nhan": "/nguon-tin",
    "/chi-tieu": "/nguon-tin",
}
"""Pages that stand under an entry of another address."""


def menu(may: Callable[[Right], bool], *, confined: bool, path: str) -> list[Shown]:
    """`confined`: the person works for a territory of their own. `path` is the page's."""
    shown = []
    for group in GROUPS:
        entries = tuple(entry for entry in group.entries if may(entry.needs) and not (entry.whole and confined))
        if entries:
            shown.append(Shown(group.label, entries, _here(entries, path)))
    return shown


def _here(entries: tuple[Entry, ...], path: str) -> Entry | None:
    """The entry with the longest address that the page's lies under."""
    asked = next((f"{entry}{path[len(start) :]}" for start, entry in INSIDE.items() if _under(path, start)), path)
    if asked.startswith("//"):
        asked = "/"
    found = [entry for entry in entries if _under(asked, entry.address)]
    return max(found, key=lambda entry: len(entry.address), default=None)


def _under(path: str, start: str) -> bool:
    return path == start or (start != "/" and path.startswith(f"{start}/"))
