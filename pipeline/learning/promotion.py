"""Whether a model may be promoted: the floors, held against its newest comparison with the model in force."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.session import Store
from models.store import learning_jobs
from models.store import models_registry as rows
from models.words import score
from pipeline.learning.settings import Floors


def failures(figures: Mapping[str, Any] | None, floors: Floors) -> list[str]:
    """What a comparison's figures leave to be wished for, in words; an empty list lets the model pass."""
    if not figures:
        return ["chưa được so sánh với mô hình đang dùng trên các tuần giữ lại"]
    said: list[str] = []
    relevant = int(figures["relevant"])
    if relevant < floors.relevant:
        return [f"các tuần giữ lại chỉ có {relevant} bài cần xem đã gán nhãn; cần ít nhất {floors.relevant}"]
    new = figures["new"]
    for name, bound, words in (
        ("recall_of_flag", floors.recall_of_flag, "tỉ lệ tìm thấy"),
        ("average_precision", floors.average_precision, "độ chính xác trung bình"),
    ):
        if new[name] < bound:
            said.append(f"{words} {score(new[name])} thấp hơn mức sàn {score(bound)}")
    if new["calibration_error"] > floors.calibration_error:
        said.append(
            f"sai lệch xác suất {score(new['calibration_error'])} cao hơn mức trần {score(floors.calibration_error)}"
        )
    low = figures["difference"]["average_precision"][1]
    if low < -floors.worse_by:
        said.append(f"có thể kém mô hình đang dùng tới {score(-low)} điểm độ chính xác trung bình")
    return said


def checks_of(session: Session, name: str, floors: Floors) -> dict[str, Any]:
    """{"failed": words, "figures": what they were judged by}."""
    found = learning_jobs.comparison_of(session, name)
    working = rows.in_role(session, rows.CURRENT)
    failed = failures(found, floors)
    if found and working is not None and found.get("current") != working.name:
        failed.append(f"so sánh gần nhất là với «{found.get('current')}», không phải mô hình đang dùng")
    return {"failed": failed, "figures": {} if found is None else {key: found[key] for key in ("new", "relevant")}}


def propose(store: Store, model_id: int, floors: Floors, *, user_id: int, at: datetime) -> None:
    """The first person's yes. Raises RegistryError where a floor is missed."""
    with store.write() as session:
        checks = checks_of(session, rows.get(session, model_id).name, floors)
        rows.propose(session, model_id, checks=checks, user_id=user_id, at=at)
