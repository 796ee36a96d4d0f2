"""Is the service doing its work? Each check says what it saw and what to do, in plain Vietnamese.

It looks from outside (rows, files, disk), so it tells the truth also when the scan itself is dead.
"""

import statistics
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from models.clock import VIET_NAM, day_of
from models.errors import DiembaoError
from models.session import Store
from models.store import digest, doctor, machines, scan_days
from models.store.doctor import Figures
from models.tables import Machine, ScanDay
from pipeline import machine
from pipeline.cluster.queue import QueueState, queue_state
from pipeline.config import Settings
from pipeline.learning import watching
from pipeline.machine import Check, State, ago

__all__ = ["Check", "examine", "worst"]

SCAN_LATE, SCAN_DEAD = timedelta(hours=6), timedelta(hours=24)
SILENT_DAYS = 4
"""A day without a flagged article happens; so many in a row do not, in a catalogue of the whole press."""
BACKLOG = 2_000
DIGEST_HOUR = (7, 45)
"""The draft is made at half past seven; it gets a quarter of an hour."""
FALL = 0.4
JUDGING_LATE = timedelta(hours=6)
LOOK_BACK = timedelta(days=7)
QUEUE_LATE = timedelta(minutes=30)
MACHINE_LATE = timedelta(minutes=10)


def examine(settings: Settings, open_store: Callable[[Settings], Store], *, now: datetime) -> list[Check]:
    """All checks; those that need the database are replaced by one when it cannot be opened."""
    checks = [machine.disk(settings.data_dir), machine.backups(settings, now), machine.certificate(settings, now)]
    try:
        store = open_store(settings)
        with store.read() as session:
            found = doctor.figures(session, today=day_of(now), now=now)
            approved = digest.newest(session, day_of(now)) is not None
            past = scan_days.between(session, day_of(now) - LOOK_BACK, day_of(now))
            silent, refused = machines.silent(session, since=now - MACHINE_LATE), doctor.refused_models(session)
        queue, drift = queue_state(store), watching.checks(store, now=now)
    except DiembaoError as error:
        todo = "Xem đĩa còn chỗ, máy chủ cơ sở dữ liệu còn chạy, rồi chạy `diembao db check`."
        return [Check("database", "Cơ sở dữ liệu", "bad", str(error), todo), *checks]
    return [
        Check("database", "Cơ sở dữ liệu", "ok", "mở được, đúng bản"),
        _scan(found, now),
        machine.clock(found, now),
        _judging(found, now),
        _flagged(found, now),
        _volume(found),
        _lists(found),
        _digest(approved, found, now),
        _alerts(found),
        *_days(past),
        *_queue(queue, now),
        *_machines(silent, now),
        *_models(refused),
        *drift,
        *checks,
    ]


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


def _judging(found: Figures, now: datetime) -> Check:
    name, todo = "Đánh giá bài", "Chạy `diembao scan`; nếu số chờ vẫn tăng, xem tải của máy."
    seen = f"{found.unjudged} bài chờ đánh giá, {found.waiting_pages} trang chờ đọc"
    if found.unjudged_since is not None and now - found.unjudged_since > JUDGING_LATE:
        return Check("judging", name, "bad", f"{seen}; bài chờ lâu nhất thấy từ {ago(found.unjudged_since, now)}", todo)
    if found.unjudged > BACKLOG or found.waiting_pages > 10 * BACKLOG:
        return Check("judging", name, "warn", seen, todo)
    return Check("judging", name, "ok", seen)


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
    todo = "Chạy `diembao service digest` hoặc lập ở trang Điểm báo."
    return Check("digest", name, "warn", "quá 7 giờ 30 mà chưa lập", todo)


def _alerts(found: Figures) -> Check:
    if found.alerts_stuck:
        seen = f"{found.alerts_stuck} báo động gửi nhiều lần chưa được"
        return Check(
            "alerts", "Báo động", "bad", seen, "Xem máy chủ thư và địa chỉ kênh; báo động vẫn còn trong hàng đợi."
        )
    return Check("alerts", "Báo động", "ok", "không có báo động nào kẹt")


def _days(past: Sequence[ScanDay]) -> list[Check]:
    """Days of the last week that were not read whole. None marked yet: nothing to say."""
    if not past:
        return []
    name = "Các ngày đã qua"
    lost = [f"{row.day:%d/%m}" for row in past if row.state == "lost"]
    partial = [f"{row.day:%d/%m}" for row in past if row.state == "partial"]
    if lost:
        seen = f"mất tin ngày {', '.join(lost)}" + (f"; chưa chắc đủ ngày {', '.join(partial)}" if partial else "")
        return [Check("days", name, "warn", seen, f"Chạy `diembao scan --since {_iso(past, 'lost')}` để đọc bù.")]
    if partial:
        seen = f"chưa chắc đủ ngày {', '.join(partial)}: {past[-1].why or partial[-1]}"
        return [Check("days", name, "ok", seen)]
    return [Check("days", name, "ok", f"đủ cả {len(past)} ngày gần nhất")]


def _iso(past: Sequence[ScanDay], state: str) -> str:
    return min(row.day for row in past if row.state == state).isoformat()


def _queue(state: QueueState | None, now: datetime) -> list[Check]:
    """Only where several machines share a queue."""
    if state is None:
        return []
    name = "Hàng đợi việc"
    seen = f"{state.todo} việc chờ, {state.doing} đang làm, {state.workers} tiến trình nhận việc"
    if not state.workers:
        return [Check("queue", name, "bad", seen, "Chạy `diembao work` (systemctl start diembao-work) trên các máy.")]
    if state.oldest is not None and now - state.oldest > QUEUE_LATE:
        return [
            Check(
                "queue",
                name,
                "bad",
                f"{seen}; việc chờ lâu nhất từ {ago(state.oldest, now)}",
                "Thêm máy chạy `diembao work`.",
            )
        ]
    if state.aside:
        aside = ", ".join(f"số {one.id} ({one.task})" for one in state.aside[:5])
        todo = "Xem nhật ký của diembao-work; hết nguyên nhân thì chạy `diembao queue retry SỐ`."
        return [Check("queue", name, "warn", f"{seen}; {len(state.aside)} việc bị gác lại: {aside}", todo)]
    return [Check("queue", name, "ok", seen)]


def _machines(silent: Sequence[Machine], now: datetime) -> list[Check]:
    """Only where one is missed: who was told to stop is not."""
    if not silent:
        return []
    seen = "; ".join(f"máy {one.name} im lặng từ {ago(one.seen_at, now)}" for one in silent)
    todo = "Xem máy còn chạy và nối mạng (systemctl status diembao-work); máy đã bỏ hẳn: `diembao queue forget TÊN`."
    return [Check("machines", "Các máy nhận việc", "bad", seen, todo)]


def _models(refused: Sequence[str]) -> list[Check]:
    if not refused:
        return []
    seen = f"tệp mô hình bị từ chối vì không còn đúng như đã duyệt: {', '.join(refused)}; mô hình phát hành đang thay"
    todo = "Tìm xem ai đã đổi tệp, chép lại tệp từ bản sao lưu rồi khởi động lại, hoặc chạy `diembao model rollback`."
    return [Check("model", "Mô hình", "bad", seen, todo)]


def worst(checks: list[Check]) -> State:
    states = {check.state for check in checks}
    return "bad" if "bad" in states else "warn" if "warn" in states else "ok"
