"""Models that the house knows, which one works, and every move between them. Files are the business of the jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.store.locks import Lock, hold
from models.tables import Model, ModelEvent, User

CURRENT, PREVIOUS, SHADOW, NONE = "current", "previous", "shadow", "none"
RELEASED, TRAINED, IMPORTED = "released", "trained", "imported"


class RegistryError(DiembaoError):
    """A move that the registry does not allow; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    by: str | None
    model: str
    action: str
    detail: dict[str, Any]


def add(
    session: Session,
    *,
    name: str,
    sha256: str,
    origin: str,
    card: Mapping[str, Any],
    at: datetime,
    user_id: int | None = None,
) -> Model:
    """Enter a model. Entering the same file again changes nothing; another file under a known name is refused."""
    hold(session, Lock.MODEL)
    known = by_name(session, name)
    if known is not None:
        if known.sha256 != sha256:
            raise RegistryError(f"Đã có mô hình tên «{name}» với dấu SHA-256 khác")
        return known
    model = Model(
        name=name,
        sha256=sha256,
        origin=origin,
        card=dict(card),
        created_at=at,
        created_by=user_id,
        role=NONE,
        checks={},
    )
    session.add(model)
    session.flush()
    note(session, model, "register", at=at, user_id=user_id, detail={"origin": origin, "sha256": sha256})
    return model


def by_name(session: Session, name: str) -> Model | None:
    return session.scalar(select(Model).where(Model.name == name))


def get(session: Session, model_id: int) -> Model:
    model = session.get(Model, model_id)
    if model is None:
        raise RegistryError(f"Không có mô hình số {model_id}")
    return model


def everything(session: Session) -> Sequence[Model]:
    """Newest first."""
    return session.scalars(select(Model).order_by(Model.id.desc())).all()


def in_role(session: Session, role: str) -> Model | None:
    return session.scalar(select(Model).where(Model.role == role).order_by(Model.id.desc()).limit(1))


def history(session: Session, limit: int = 50) -> list[Event]:
    rows = session.execute(
        select(ModelEvent, Model.name, User.display)
        .join(Model, Model.id == ModelEvent.model_id)
        .outerjoin(User, User.id == ModelEvent.user_id)
        .order_by(ModelEvent.id.desc())
        .limit(limit)
    )
    return [Event(event.at, by, name, event.action, event.detail) for event, name, by in rows]


def last_event(session: Session, model_id: int, action: str) -> ModelEvent | None:
    query = select(ModelEvent).where(ModelEvent.model_id == model_id, ModelEvent.action == action)
    return session.scalar(query.order_by(ModelEvent.id.desc()).limit(1))


def note(
    session: Session,
    model: Model,
    action: str,
    *,
    at: datetime,
    user_id: int | None,
    detail: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """One line of the model's history, and of the audit trail."""
    said = dict(detail or {})
    session.add(ModelEvent(at=at, user_id=user_id, model_id=model.id, action=action, detail=said))
    audit.append(session, at=at, action=f"model.{action}", user_id=user_id, object=f"model/{model.id}", detail=said)


def start_shadow(session: Session, model_id: int, *, user_id: int | None, at: datetime) -> None:
    """Let a model score beside the current one. At most one does."""
    hold(session, Lock.MODEL)
    model = get(session, model_id)
    if model.role != NONE:
        raise RegistryError(f"Mô hình «{model.name}» đang làm việc khác")
    before = in_role(session, SHADOW)
    if before is not None:
        stop_shadow(session, before.id, user_id=user_id, at=at)
    model.role, model.shadow_since = SHADOW, at
    note(session, model, "shadow", at=at, user_id=user_id)


def stop_shadow(session: Session, model_id: int, *, user_id: int | None, at: datetime) -> None:
    hold(session, Lock.MODEL)
    model = get(session, model_id)
    if model.role != SHADOW:
        raise RegistryError(f"Mô hình «{model.name}» không chạy thử")
    model.role = NONE
    note(session, model, "shadow_end", at=at, user_id=user_id)


def propose(session: Session, model_id: int, *, checks: Mapping[str, Any], user_id: int, at: datetime) -> None:
    """The first person's yes. `checks` is what the floors said: {"failed": [...], "figures": {...}}."""
    hold(session, Lock.MODEL)
    model = get(session, model_id)
    if model.role == CURRENT:
        raise RegistryError(f"Mô hình «{model.name}» đang được dùng")
    if checks.get("failed"):
        raise RegistryError(f"Mô hình «{model.name}» chưa qua mức sàn: {'; '.join(checks['failed'])}")
    model.proposed_at, model.proposed_by, model.checks = at, user_id, dict(checks)
    note(session, model, "propose", at=at, user_id=user_id)


def withdraw(session: Session, model_id: int, *, user_id: int, at: datetime) -> None:
    hold(session, Lock.MODEL)
    model = get(session, model_id)
    if model.proposed_by is None:
        raise RegistryError(f"Không có đề nghị nào cho mô hình «{model.name}»")
    model.proposed_at = model.proposed_by = None
    note(session, model, "withdraw", at=at, user_id=user_id)


def approve(session: Session, model_id: int, *, user_id: int, at: datetime) -> None:
    """The second person's yes: from now on this model works, and the one before it is kept for going back."""
    hold(session, Lock.MODEL)
    model = get(session, model_id)
    if model.proposed_by is None:
        raise RegistryError(f"Chưa ai đề nghị dùng mô hình «{model.name}»")
    if model.proposed_by == user_id:
        raise RegistryError("Cần một người khác đồng ý: người đề nghị không tự duyệt")
    if model.checks.get("failed"):
        raise RegistryError(f"Mô hình «{model.name}» chưa qua mức sàn")
    current = in_role(session, CURRENT)
    for row in session.scalars(select(Model).where(Model.role == PREVIOUS)):
        row.role = NONE
    if current is not None:
        current.role = PREVIOUS
    session.flush()
    model.role, proposer = CURRENT, model.proposed_by
    model.proposed_at = model.proposed_by = None
    detail = {"from": None if current is None else current.name, "to": model.name, "proposed_by": proposer}
    note(session, model, "promote", at=at, user_id=user_id, detail=detail)


def roll_back(session: Session, *, user_id: int | None, at: datetime) -> Model | None:
    """The model before works again (None: the released one). The one that goes needs two people to come back."""
    hold(session, Lock.MODEL)
    current = in_role(session, CURRENT)
    if current is None:
        raise RegistryError("Đang dùng mô hình phát hành: không có mô hình nào trước đó để quay lại")
    previous = in_role(session, PREVIOUS)
    current.role = NONE
    session.flush()
    if previous is not None:
        previous.role = CURRENT
    detail = {"from": current.name, "to": None if previous is None else previous.name}
    note(session, current, "rollback", at=at, user_id=user_id, detail=detail)
    return previous
