"""Words of the model pages."""

from collections.abc import Mapping
from typing import Any

from models.words import TYPES, word

ROLE = {
    "current": "Đang dùng",
    "previous": "Dùng trước đó",
    "shadow": "Đang chạy thử",
    "none": "Chưa dùng",
}
ORIGIN = {"released": "Phát hành kèm chương trình", "trained": "Huấn luyện tại đây", "imported": "Nhập từ ngoài"}
JOB = {"train": "Huấn luyện", "compare": "So sánh", "rejudge": "Chấm lại kho bài"}
STATE = {
    "queued": "Đang chờ",
    "running": "Đang chạy",
    "done": "Xong",
    "failed": "Không xong",
    "stopped": "Đã dừng",
}
ACTION = {
    "register": "đăng ký",
    "shadow": "bắt đầu chạy thử",
    "shadow_end": "dừng chạy thử",
    "propose": "đề nghị dùng",
    "withdraw": "rút đề nghị",
    "promote": "đưa vào dùng",
    "rollback": "bỏ, quay lại mô hình trước",
    "refuse": "không mở được tệp, dùng mô hình phát hành",
}
MEASURE = {
    "average_precision": "Độ chính xác trung bình",
    "recall_of_flag": "Tìm thấy bằng dấu «cần xem»",
    "recall_at_budget": "Tìm thấy trong số bài đọc được mỗi ngày",
    "calibration_error": "Sai lệch xác suất (càng nhỏ càng tốt)",
}
KIND_OF_GROUP = {"outlet": "Báo", "week": "Tuần", "region": "Miền"}
REGION = {"north": "Bắc", "middle": "Trung", "south": "Nam"}


def decimal(value: float) -> str:
    return f"{value:.3f}".replace(".", ",")


def measure_rows(found: Mapping[str, Any] | None) -> list[tuple[str, str, str, str, str]]:
    """(measure, new, its interval, current, difference with its interval)."""
    if not found or not found.get("new"):
        return []
    made = []
    for name, words in MEASURE.items():
        low, high = found["intervals"][name]
        value, least, most = found["difference"][name]
        made.append(
            (
                words,
                decimal(found["new"][name]),
                f"{decimal(low)}–{decimal(high)}",
                decimal(found["old"][name]),
                f"{value:+.3f} ({least:+.3f} đến {most:+.3f})".replace(".", ","),
            )
        )
    return made


def group_name(name: str) -> str:
    kind, _, value = name.partition(":")
    if kind == "type":
        return word(TYPES, value)
    if kind == "region":
        return f"Miền {REGION.get(value, value)}"
    if kind == "outlet" and not value:
        return "Bài nhập từ tệp, không ghi báo"
    return f"{KIND_OF_GROUP[kind]} {value}" if kind in KIND_OF_GROUP else "Tất cả"
