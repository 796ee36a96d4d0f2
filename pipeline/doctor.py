"""Is the service doing its work? Each check says what it saw and what to do, in plain Vietnamese.

It looks from outside (rows, files, disk), so it tells the truth also when the scan itself is dead.
"""

import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from models.clock import VIET_NAM, day_of
from models.errors import DiembaoError
from models.session import Store
from models.store import digest, doctor
from models.store.doctor import Figures
from pipeline import backup
from pipeline.config import Settings

State = Literal["ok", "warn", "bad"]
SCAN_LATE, SCAN_DEAD = timedelta(hours=6), timedelta(hours=24)
SILENT_DAYS = 4
"""A day without a flagged article happens; so many in a row do not, in a catalogue of the whole press."""
BACKLOG = 2_000
DISK_WARN, DISK_BAD = 0.15, 0.05
BACKUP_LATE = timedelta(hours=36)
DIGEST_HOUR = (7, 30)
FALL = 0.4
AHEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """`seen` is what was found, `todo` what to do about it (empty when all is well)."""

    code: str
    name: str
    state: State
    seen: str
    todo: str = ""


def examine(settings: Settings, open_store: Callable[[Settings], Store], *, now: datetime) -> list[Check]:
    """All checks; those that need the database are replaced by one when it cannot be opened."""
    checks = [_disk(settings.data_dir), _backup(settings, now)]
    try:
        store = open_store(settings)
        with store.read() as session:
            found = doctor.figures(session, today=day_of(now), now=now)
            approved = digest.newest(session, day_of(now)) is not None
    except DiembaoError as error:
        todo = "Xem đĩa còn chỗ, máy chủ cơ sở dữ liệu còn chạy, rồi chạy `diembao db check`."
        return [Check("database", "Cơ sở dữ liệu", "bad", str(error), todo), *checks]
    return [
        Check("database", "Cơ sở dữ liệu", "ok", "mở được, đúng bản"),
        _scan(found, now),
        _clock(found, now),
        _judging(found),
        _flagged(found, now),
        _volume(found),
        _lists(found),
        _digest(approved, found, now),
        _alerts(found),
        *checks,
    ]


def ago(moment: datetime, now: datetime) -> str:
    hours = (now - moment).total_seconds() / 3600
    if hours < 1:
        return f"{max(round(hours * 60), 0)} phút trước"
    return f"{round(hours)} giờ trước" if hours < 48 else f"{round(hours / 24)} ngày trước"


def _scan(found: Figures, now: datetime) -> Check:
    name = "Quét báo"
    todo = "Chạy `diembao scan`; nếu dịch vụ đã cài, xem `systemctl status diembao-watch`."
    if found.run_finished_at is None:
        return Check("scan", name, "bad", "chưa có lượt quét nào chạy xong", todo)
    last = max(filter(None, (found.run_finished_at, found.newest_at)))
    seen = f"lượt quét gần nhất xong {ago(found.run_finished_at, now)}"
    if found.run_unfinished_since is not None:
        seen += f"; một lượt bắt đầu {ago(found.run_unfinished_since, now)} chưa xong"
    if now - last > SCAN_DEAD:
        return Check("scan", name, "bad", seen, todo)
    return Check("scan", name, "warn" if now - last > SCAN_LATE else "ok", seen, todo if now - last > SCAN_LATE else "")


def _clock(found: Figures, now: datetime) -> Check:
    latest = max(filter(None, (found.run_finished_at, found.newest_at)), default=now)
    if latest - now > AHEAD:
        seen = f"dữ liệu mới nhất có giờ {latest.astimezone(VIET_NAM):%H:%M %d/%m/%Y}, sau giờ của máy"
        return Check("clock", "Đồng hồ máy", "bad", seen, "Chỉnh lại giờ máy (timedatectl set-ntp true) rồi quét lại.")
    return Check("clock", "Đồng hồ máy", "ok", f"{now.astimezone(VIET_NAM):%H:%M %d/%m/%Y}, giờ Việt Nam")


def _judging(found: Figures) -> Check:
    seen = f"{found.unjudged} bài chờ đánh giá, {found.waiting_pages} trang chờ đọc"
    if found.unjudged > BACKLOG or found.waiting_pages > 10 * BACKLOG:
        return Check(
            "judging", "Đánh giá bài", "warn", seen, "Chạy `diembao scan`; nếu số chờ vẫn tăng, xem tải của máy."
        )
    return Check("judging", "Đánh giá bài", "ok", seen)


def _flagged(found: Figures, now: datetime) -> Check:
    name = "Bài cần xem"
    if found.flagged_at is None:
        state: State = "warn" if len(found.per_day) >= SILENT_DAYS else "ok"
        todo = "Xem `diembao sources check` và mô hình đang dùng." if state == "warn" else ""
        return Check("flagged", name, state, "chưa có bài nào được đánh dấu cần xem", todo)
    seen = f"bài gần nhất được đánh dấu {ago(found.flagged_at, now)}"
    if now - found.flagged_at > timedelta(days=SILENT_DAYS):
        todo = "Lâu bất thường: xem báo còn đọc được không và mô hình có đổi không."
        return Check("flagged", name, "bad", seen, todo)
    return Check("flagged", name, "ok", seen)


def _volume(found: Figures) -> Check:
    name = "Số bài mỗi ngày"
    if len(found.per_day) < SILENT_DAYS:
        return Check("volume", name, "ok", "chưa đủ ngày để so sánh")
    usual, last = statistics.median(found.per_day[:-1]), found.per_day[-1]
    seen = f"hôm qua {last} bài, thường ngày {usual:.0f} bài"
    if last < FALL * usual:
        return Check(
            "volume", name, "bad" if last == 0 else "warn", seen, "Xem trang Báo: báo nào im lặng hoặc bị chặn."
        )
    return Check("volume", name, "ok", seen)


def _lists(found: Figures) -> Check:
    seen = f"{found.lists_failing}/{found.lists} nguồn tin lỗi từ ba lần liền"
    if found.lists and found.lists_failing > 0.3 * found.lists:
        return Check("lists", "Nguồn tin", "bad", seen, "Xem mạng của máy trước, rồi trang Báo.")
    state: State = "warn" if found.lists_failing else "ok"
    return Check(
        "lists", "Nguồn tin", state, seen, "Xem trang Báo để biết lý do từng báo." if found.lists_failing else ""
    )


def _digest(made: bool, found: Figures, now: datetime) -> Check:
    name = "Điểm báo hôm nay"
    if made:
        return Check("digest", name, "ok", "đã lập")
    local = now.astimezone(VIET_NAM)
    if (local.hour, local.minute) < DIGEST_HOUR or found.run_finished_at is None:
        return Check("digest", name, "ok", "chưa đến 7 giờ 30")
    return Check("digest", name, "warn", "quá 7 giờ 30 mà chưa lập", "Chạy `diembao digest` hoặc lập ở trang Điểm báo.")


def _alerts(found: Figures) -> Check:
    if found.alerts_stuck:
        seen = f"{found.alerts_stuck} báo động gửi nhiều lần chưa được"
        return Check(
            "alerts", "Báo động", "bad", seen, "Xem máy chủ thư và địa chỉ kênh; báo động vẫn còn trong hàng đợi."
        )
    return Check("alerts", "Báo động", "ok", "không có báo động nào kẹt")


def _disk(folder: Path) -> Check:
    while not folder.exists():
        folder = folder.resolve().parent
    usage = shutil.disk_usage(folder)
    share = usage.free / usage.total
    seen = f"còn trống {share * 100:.0f} % ({usage.free / 1e9:.0f} GB)"
    todo = "Chuyển bản sao lưu cũ sang đĩa khác hoặc giảm số ngày giữ bài không liên quan."
    state: State = "bad" if share < DISK_BAD else "warn" if share < DISK_WARN else "ok"
    return Check("disk", "Đĩa", state, seen, todo if state != "ok" else "")


def _backup(settings: Settings, now: datetime) -> Check:
    name, todo = "Sao lưu", "Chạy `diembao backup make`; nếu đã đặt lịch, xem `systemctl status diembao-backup.timer`."
    made = backup.newest(settings.backup_dir)
    if made is None:
        return Check("backup", name, "warn", f"chưa có bản sao lưu nào trong {settings.backup_dir}", todo)
    if now - made > BACKUP_LATE:
        return Check("backup", name, "bad", f"bản gần nhất {ago(made, now)}", todo)
    return Check("backup", name, "ok", f"bản gần nhất {ago(made, now)}")


def worst(checks: list[Check]) -> State:
    states = {check.state for check in checks}
    return "bad" if "bad" in states else "warn" if "warn" in states else "ok"
