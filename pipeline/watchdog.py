"""Tell a named person when the service did not do its work; run from a timer of its own, apart from the scan."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from models.errors import DiembaoError
from pipeline.channels import send
from pipeline.config import Settings
from pipeline.doctor import Check

TOLD = frozenset({"digest", "backup", "volume", "flagged", "judging", "certificate", "days", "queue"})
"""Told already as a warning: work that did not happen, and what nobody would notice by looking at the list."""
REPEAT = timedelta(hours=12)
"""The same trouble is told again after so long, a new one at once."""


class WatchdogError(DiembaoError):
    """Nobody could be told: no channel is set, or it did not take the message."""


def tell_when_bad(
    settings: Settings,
    checks: list[Check],
    *,
    now: datetime,
    sender: Callable[[str, str, str], bool] = send,
) -> bool:
    """True when somebody was told. What was told is remembered beside the data, so that nobody is told every minute."""
    bad = [check for check in checks if check.state == "bad" or (check.state == "warn" and check.code in TOLD)]
    memory = settings.data_dir / "watchdog.json"
    if not bad:
        with suppress(OSError):
            memory.unlink(missing_ok=True)
        return False
    if not settings.watchdog:
        raise WatchdogError("chưa đặt DIEMBAO_WATCHDOG (kênh báo cho người phụ trách khi dịch vụ hỏng)")
    codes = sorted(check.code for check in bad)
    codes_told, at = _remembered(memory)
    if codes_told == codes and at is not None and timedelta(0) <= now - at < REPEAT:
        return False
    lines = [f"- {check.name}: {check.seen}\n  Việc cần làm: {check.todo}" for check in bad]
    body = "Dịch vụ điểm báo có điều hỏng:\n" + "\n".join(lines)
    if not sender(settings.watchdog, "[Điểm báo] Dịch vụ cần người xem", body):
        raise WatchdogError("kênh DIEMBAO_WATCHDOG không nhận tin; sẽ thử lại ở lần kiểm tra sau")
    with suppress(OSError):  # a full or read-only disk: told again next time, better than not at all
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        memory.write_text(json.dumps({"codes": codes, "at": now.isoformat()}), "utf-8")
    return True


def _remembered(memory: Path) -> tuple[list[str], datetime | None]:
    """What was told last and when; a memory that a power cut tore holds nothing."""
    try:
        told = json.loads(memory.read_text("utf-8"))
        return list(told["codes"]), datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return [], None
