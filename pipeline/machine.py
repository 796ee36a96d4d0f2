"""Checks of the machine that the service runs on: disk, clock, certificate, backups."""

import shutil
import socket
import ssl
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from cryptography import x509

from models.clock import VIET_NAM
from models.store.doctor import Figures
from pipeline import backup
from pipeline.config import Settings

State = Literal["ok", "warn", "bad"]
DISK_WARN, DISK_BAD = 0.15, 0.05
BACKUP_LATE = timedelta(hours=36)
AHEAD = timedelta(minutes=10)
BEHIND = timedelta(hours=6)
FEWEST_OUTLETS = 5
CERTIFICATE_WARN, CERTIFICATE_BAD = timedelta(days=21), timedelta(days=3)
PATIENCE_S = 3.0


@dataclass(frozen=True, slots=True)
class Check:
    """`seen` is what was found, `todo` what to do about it (empty when all is well)."""

    code: str
    name: str
    state: State
    seen: str
    todo: str = ""


def ago(moment: datetime, now: datetime) -> str:
    hours = (now - moment).total_seconds() / 3600
    if hours < 1:
        return f"{max(round(hours * 60), 0)} phút trước"
    return f"{round(hours)} giờ trước" if hours < 48 else f"{round(hours / 24)} ngày trước"


def free_share(folder: Path) -> tuple[float, int]:
    """Share and bytes of the disk that are free; a folder that is not there yet stands for the one above it."""
    while not folder.exists():
        folder = folder.resolve().parent
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total, usage.free


def disk(folder: Path) -> Check:
    share, free = free_share(folder)
    seen = f"còn trống {share * 100:.0f} % ({free / 1e9:.0f} GB)"
    todo = "Chuyển bản sao lưu cũ sang đĩa khác hoặc giảm số ngày giữ bài không liên quan."
    state: State = "bad" if share < DISK_BAD else "warn" if share < DISK_WARN else "ok"
    return Check("disk", "Đĩa", state, seen, todo if state != "ok" else "")


def backups(settings: Settings, now: datetime) -> Check:
    name, todo = "Sao lưu", "Chạy `diembao backup make`; nếu đã đặt lịch, xem `systemctl status diembao-backup.timer`."
    made = backup.newest(settings.backup_dir)
    if made is None:
        return Check("backup", name, "warn", f"chưa có bản sao lưu nào trong {settings.backup_dir}", todo)
    if now - made > BACKUP_LATE:
        return Check("backup", name, "bad", f"bản gần nhất {ago(made, now)}", todo)
    return Check("backup", name, "ok", f"bản gần nhất {ago(made, now)}")


def names() -> Check:
    """Loads the library that finds names of people, half a second: for the command, not for a page."""
    from classifier.persons import load  # noqa: PLC0415

    name = "Tên người trong bài"
    if not (why := load()[1]):
        return Check("names", name, "ok", "underthesea nạp được")
    seen = f"không nạp được underthesea ({why}): tên trẻ và người thân chỉ được che theo quy tắc"
    return Check("names", name, "warn", seen, "Cài lại môi trường bằng `make setup`, rồi chạy lại `diembao doctor`.")


def clock(found: Figures, now: datetime) -> Check:
    """Against what is stored, which cannot be of a later time, and against the times that the papers print."""
    name, todo = "Đồng hồ máy", "Chỉnh lại giờ máy (timedatectl set-ntp true) rồi quét lại."
    latest = max(filter(None, (found.run_finished_at, found.newest_at)), default=now)
    if latest - now > AHEAD:
        seen = f"dữ liệu mới nhất có giờ {latest.astimezone(VIET_NAM):%H:%M %d/%m/%Y}, sau giờ của máy"
        return Check("clock", name, "bad", seen, todo)
    lag = usual_lag(found.lags)
    if lag is not None and lag < -AHEAD:
        seen = f"các báo ghi giờ đăng sau giờ máy {-lag.total_seconds() / 60:.0f} phút: đồng hồ máy chậm"
        return Check("clock", name, "bad", seen, todo)
    if lag is not None and lag > BEHIND:
        seen = f"bài mới nhất của các báo đều đã cũ {lag.total_seconds() / 3600:.0f} giờ: đồng hồ máy có thể nhanh"
        return Check("clock", name, "warn", seen, todo)
    return Check("clock", name, "ok", f"{now.astimezone(VIET_NAM):%H:%M %d/%m/%Y}, giờ Việt Nam")


def usual_lag(shortest: Sequence[float]) -> timedelta | None:
    """`shortest`: for each outlet the seconds between its printed time and our first sight, where they were least.

    The median over the outlets, so that a paper with a wrong clock of its own proves nothing.
    """
    if len(shortest) < FEWEST_OUTLETS:
        return None
    return timedelta(seconds=statistics.median(shortest))


def certificate(settings: Settings, now: datetime) -> Check:
    """The certificate that the pages are served with, as a browser would get it; nothing to check without https."""
    name, parts = "Chứng thư máy chủ", urlsplit(settings.public_url)
    if parts.scheme != "https" or not parts.hostname:
        return Check("certificate", name, "ok", "giao diện không dùng https")
    todo = "Gia hạn chứng thư rồi nạp lại máy chủ web (systemctl reload nginx)."
    try:
        until = _valid_until(parts.hostname, parts.port or 443, settings.ca_file)
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or str(error)
        return Check("certificate", name, "bad", f"không hợp lệ: {reason}", todo)
    except OSError as error:
        seen = f"không nối được tới {settings.public_url}: {error.strerror or error}"
        return Check("certificate", name, "warn", seen, "Xem máy chủ web (nginx) có chạy không.")
    left = until - now
    seen = f"còn hạn đến {until.astimezone(VIET_NAM):%d/%m/%Y}"
    state: State = "bad" if left < CERTIFICATE_BAD else "warn" if left < CERTIFICATE_WARN else "ok"
    return Check("certificate", name, state, seen, todo if state != "ok" else "")


def _valid_until(host: str, port: int, ca_file: Path | None) -> datetime:
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    with (
        socket.create_connection((host, port), timeout=PATIENCE_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        raw = secured.getpeercert(binary_form=True)
    if raw is None:
        raise ssl.SSLError("no certificate")
    return x509.load_der_x509_certificate(raw).not_valid_after_utc.astimezone(UTC)
