"""Tell a named person when the service did not do its work; run from a timer of its own, apart from the scan."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from models.errors import DiembaoError
from pipeline.channels import send
from pipeline.config import Settings
from pipeline.doctor import Check

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
    bad = [check for check in checks if check.state == "bad"]
    memory = settings.data_dir / "watchdog.json"
    if not bad:
        memory.unlink(missing_ok=True)
        return False
    if not settings.watchdog:
        raise WatchdogError("chưa đặt DIEMBAO_WATCHDOG (kênh báo cho người phụ trách khi dịch vụ hỏng)")
    codes = sorted(check.code for check in bad)
    if memory.exists():
        told = json.loads(memory.read_text("utf-8"))
        if told["codes"] == codes and now - datetime.fromisoformat(told["at"]) < REPEAT:
            return False
    lines = [f"- {check.name}: {check.seen}\n  Việc cần làm: {check.todo}" for check in bad]
    body = "Dịch vụ điểm báo có điều hỏng:\n" + "\n".join(lines)
    if not sender(settings.watchdog, "[Điểm báo] Dịch vụ cần người xem", body):
        raise WatchdogError("kênh DIEMBAO_WATCHDOG không nhận tin; sẽ thử lại ở lần kiểm tra sau")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps({"codes": codes, "at": now.isoformat()}), "utf-8")
    return True
