"""The queue: Procrastinate's own tables, in a schema of their own beside ours, and what there is to say of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.schema import SchemaManager
from psycopg import sql
from sqlalchemy import Connection, Engine, String, cast, column, event, func, make_url, or_, select, table, text

from models.errors import DiembaoError
from models.session import Store

SCHEMA = "procrastinate"
APPLY_KEY = 0x64_69_65_6E
ATTEMPTS = 5
FAILED = "failed"
MOST_SHOWN = 50
REST = timedelta(hours=1)
"""Work that was set aside is not asked for again by itself for so long."""
_JOBS = table(
    "procrastinate_jobs",
    *map(column, ("id", "task_name", "args", "attempts", "status", "scheduled_at", "worker_id", "queueing_lock")),
    schema=SCHEMA,
)
_WORKERS = table("procrastinate_workers", column("id"), column("last_heartbeat"), schema=SCHEMA)
_EVENTS = table("procrastinate_events", column("job_id"), column("type"), column("at"), schema=SCHEMA)


class ClusterError(DiembaoError):
    """Several machines need PostgreSQL."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A job that failed as often as it may: what it was, and when it was given up."""

    id: int
    task: str
    args: dict[str, Any]
    attempts: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class QueueState:
    """`stalled` are jobs whose worker shows no sign of life; `oldest` is since when the longest waiting one waits."""

    todo: int
    doing: int
    workers: int
    stalled: int
    oldest: datetime | None
    aside: tuple[SetAside, ...]


def conninfo(store: Store) -> str:
    """For libpq. Raises ClusterError where the database is no PostgreSQL."""
    url = make_url(store.url)
    if url.get_backend_name() != "postgresql":
        raise ClusterError("nhiều máy cần PostgreSQL (đặt database_url); một máy với SQLite dùng `diembao watch`")
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def worker_app(store: Store, *, connections: int = 10) -> App:
    """For a process that works: opened with `open_async`."""
    return App(
        connector=PsycopgConnector(
            conninfo=conninfo(store), kwargs=_OPTIONS, min_size=2, max_size=connections, timeout=60
        )
    )


def caller_app(store: Store) -> App:
    """For a process that only asks for work: opened with `open`."""
    return App(connector=SyncPsycopgConnector(conninfo=conninfo(store), kwargs=_OPTIONS, min_size=1, max_size=1))


LOST_S = 60
"""After so long PostgreSQL takes a machine that answers nothing for lost, and so does a worker a database: rows that
were locked in a transaction are free again. Without these settings it would be two hours."""
_KEEPALIVES = {"idle": LOST_S // 2, "interval": LOST_S // 6, "count": 3}
_LIMITS = {
    **{f"tcp_keepalives_{name}": value for name, value in _KEEPALIVES.items()},
    "idle_in_transaction_session_timeout": 2_000 * LOST_S,
}
LIMITS = " ".join(f"-c {name}={value}" for name, value in _LIMITS.items())
_OPTIONS: dict[str, Any] = {
    "options": f"-c search_path={SCHEMA} {LIMITS}",
    "connect_timeout": 10,
    **{f"keepalives_{name}": value for name, value in _KEEPALIVES.items()},
}


def let_go_of_the_lost(store: Store) -> None:
    """From now on connections of the store end soon when the machine at the other end is gone, and a transaction in
    which nothing happens any more is ended, too: a worker may stand still while its machine still answers."""

    def connecting(_dialect: object, _record: object, _words: object, given: dict[str, Any]) -> None:
        given.update({name: value for name, value in _OPTIONS.items() if name != "options"})
        given["options"] = f"{given.get('options', '')} {LIMITS}".strip()

    event.listen(store.engine, "do_connect", connecting)


def install(store: Store) -> bool:
    """Make Procrastinate's tables unless they are there; of several machines that start at once one does it."""
    with psycopg.connect(conninfo(store), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (APPLY_KEY,))
        if _is_there(store.engine):
            return False
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(SCHEMA)))
        connection.execute(SchemaManager.get_schema())
        return True


def _is_there(engine: Engine) -> bool:
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"{SCHEMA}.procrastinate_jobs"})
    return found is not None


def queue_state(store: Store, *, stalled_s: float = 60.0) -> QueueState | None:
    """None where there is no queue, which is no fault: a single machine works without."""
    if store.engine.dialect.name != "postgresql" or not _is_there(store.engine):
        return None
    alive = select(_WORKERS.c.id).where(_WORKERS.c.last_heartbeat > func.now() - timedelta(seconds=stalled_s))
    status = cast(_JOBS.c.status, String)
    dead = select(func.count()).where(
        status == "doing", or_(_JOBS.c.worker_id.is_(None), _JOBS.c.worker_id.not_in(alive))
    )
    due = or_(_JOBS.c.scheduled_at.is_(None), _JOBS.c.scheduled_at <= func.now())
    oldest = (
        select(func.min(_EVENTS.c.at))
        .join_from(_JOBS, _EVENTS, _EVENTS.c.job_id == _JOBS.c.id)
        .where(status == "todo", due, cast(_EVENTS.c.type, String) == "deferred")
    )
    with store.engine.connect() as connection:
        counts = dict(connection.execute(select(status, func.count()).group_by(_JOBS.c.status)).all())
        return QueueState(
            todo=counts.get("todo", 0),
            doing=counts.get("doing", 0),
            workers=connection.scalar(select(func.count()).select_from(alive.subquery())) or 0,
            stalled=connection.scalar(dead) or 0,
            oldest=connection.scalar(oldest),
            aside=_aside(connection),
        )


def _aside(connection: Connection) -> tuple[SetAside, ...]:
    given_up = (
        select(func.max(_EVENTS.c.at))
        .where(_EVENTS.c.job_id == _JOBS.c.id, cast(_EVENTS.c.type, String) == FAILED)
        .scalar_subquery()
    )
    query = (
        select(_JOBS.c.id, _JOBS.c.task_name, _JOBS.c.args, _JOBS.c.attempts, given_up)
        .where(cast(_JOBS.c.status, String) == FAILED)
        .order_by(_JOBS.c.id.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(SetAside(*row) for row in connection.execute(query))


def set_aside_lately(store: Store) -> set[str]:
    """Queueing locks of the work that was given up within the last while."""
    query = (
        select(_JOBS.c.queueing_lock)
        .join_from(_JOBS, _EVENTS, _EVENTS.c.job_id == _JOBS.c.id)
        .where(cast(_JOBS.c.status, String) == FAILED, cast(_EVENTS.c.type, String) == FAILED)
        .where(_EVENTS.c.at > func.now() - REST)
    )
    with store.engine.connect() as connection:
        return {name for name in connection.scalars(query) if name}


def try_again(store: Store, job_id: int, *, now: datetime) -> None:
    """A person says that the cause is gone. Raises ClusterError for a job that is not set aside."""
    found = queue_state(store)
    if found is None or job_id not in {one.id for one in found.aside}:
        raise ClusterError(f"không có việc số {job_id} đang bị gác lại")
    with caller_app(store).open() as app:
        try:
            app.job_manager.retry_job_by_id(job_id, retry_at=now)
        except ConnectorException as error:
            raise ClusterError(f"việc số {job_id} đã có một việc như vậy đang chờ, không cần chạy lại") from error
