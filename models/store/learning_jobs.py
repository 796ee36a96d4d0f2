"""Work that runs in a process of its own: queued, one at a time, stoppable, noticed when it died."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.tables import LearningJob

QUEUED, RUNNING, DONE, FAILED, STOPPED = "queued", "running", "done", "failed", "stopped"
TRAIN, COMPARE, REJUDGE = "train", "compare", "rejudge"
LOST_AFTER = timedelta(seconds=60)
LOST = "Tiến trình bị ngắt giữa chừng; mô hình đang dùng vẫn nguyên như cũ."


class JobError(DiembaoError):
    """A job that cannot be queued or stopped; the message is for staff."""


def queue(session: Session, kind: str, params: Mapping[str, Any], *, user_id: int | None, at: datetime) -> LearningJob:
    """Add a job; a second of one kind while the first still waits or runs is refused."""
    open_one = session.scalar(
        select(LearningJob.id).where(LearningJob.kind == kind, LearningJob.state.in_((QUEUED, RUNNING))).limit(1)
    )
    if open_one is not None:
        raise JobError(f"Việc số {open_one} cùng loại còn đang chờ hoặc đang chạy")
    job = LearningJob(kind=kind, params=dict(params), state=QUEUED, created_at=at, created_by=user_id, result={})
    session.add(job)
    session.flush()
    audit.append(session, at=at, action=f"job.{kind}", user_id=user_id, object=f"job/{job.id}", detail={})
    return job


def get(session: Session, job_id: int) -> LearningJob:
    job = session.get(LearningJob, job_id)
    if job is None:
        raise JobError(f"Không có việc số {job_id}")
    return job


def newest(session: Session, limit: int = 10) -> Sequence[LearningJob]:
    return session.scalars(select(LearningJob).order_by(LearningJob.id.desc()).limit(limit)).all()


def next_queued(session: Session) -> int | None:
    return session.scalar(select(LearningJob.id).where(LearningJob.state == QUEUED).order_by(LearningJob.id).limit(1))


def start(session: Session, job_id: int, *, at: datetime) -> bool:
    """Take the job; False where another process did."""
    return _changed(
        session,
        update(LearningJob)
        .where(LearningJob.id == job_id, LearningJob.state == QUEUED)
        .values(state=RUNNING, started_at=at, beat_at=at),
    )


def beat(session: Session, job_id: int, *, at: datetime) -> bool:
    """Say that the process lives; True where somebody asked it to stop."""
    session.execute(update(LearningJob).where(LearningJob.id == job_id).values(beat_at=at))
    return bool(session.scalar(select(LearningJob.stop_asked).where(LearningJob.id == job_id)))


def tell(session: Session, job_id: int, progress: float, message: str) -> None:
    session.execute(
        update(LearningJob)
        .where(LearningJob.id == job_id, LearningJob.state == RUNNING)
        .values(progress=progress, message=message)
    )


def finish(
    session: Session,
    job_id: int,
    state: str,
    *,
    at: datetime,
    message: str,
    result: Mapping[str, Any] | None = None,
) -> None:
    values: dict[str, Any] = {"state": state, "finished_at": at, "message": message}
    if result is not None:
        values["result"] = dict(result)
    if state == DONE:
        values["progress"] = 1.0
    session.execute(update(LearningJob).where(LearningJob.id == job_id, LearningJob.state == RUNNING).values(**values))


def ask_stop(session: Session, job_id: int, *, user_id: int | None, at: datetime) -> None:
    """A waiting job ends at once; a running one when its process sees the wish."""
    job = get(session, job_id)
    if job.state == QUEUED:
        job.state, job.finished_at, job.message = STOPPED, at, "Đã dừng trước khi chạy."
    elif job.state == RUNNING:
        job.stop_asked = True
    else:
        raise JobError("Việc này đã kết thúc")
    audit.append(session, at=at, action="job.stop", user_id=user_id, object=f"job/{job_id}", detail={})


def reap(session: Session, *, now: datetime) -> int:
    """Running jobs whose process has not been heard of are failed; how many."""
    query = (
        update(LearningJob)
        .where(LearningJob.state == RUNNING, LearningJob.beat_at < now - LOST_AFTER)
        .values(state=FAILED, finished_at=now, message=LOST)
    )
    return cast("CursorResult[object]", session.execute(query)).rowcount


def comparison_of(session: Session, model: str) -> dict[str, Any] | None:
    """The newest comparison of this model with the one in force then."""
    jobs = session.scalars(
        select(LearningJob)
        .where(LearningJob.state == DONE, LearningJob.kind.in_((TRAIN, COMPARE)))
        .order_by(LearningJob.id.desc())
    )
    found: dict[str, Any] | None = next(
        (job.result["comparison"] for job in jobs if job.result.get("comparison", {}).get("model") == model), None
    )
    return found


def _changed(session: Session, statement: Any) -> bool:
    return cast("CursorResult[object]", session.execute(statement)).rowcount == 1


def result_of(session: Session, model: str) -> dict[str, Any]:
    """What the training that made this model left; empty where it came another way."""
    jobs = session.scalars(
        select(LearningJob).where(LearningJob.state == DONE, LearningJob.kind == TRAIN).order_by(LearningJob.id.desc())
    )
    return next((dict(job.result) for job in jobs if job.result.get("model") == model), {})


def last_training(session: Session) -> LearningJob | None:
    """The newest training that came to its end."""
    query = select(LearningJob).where(LearningJob.state == DONE, LearningJob.kind == TRAIN)
    return session.scalar(query.order_by(LearningJob.id.desc()).limit(1))
