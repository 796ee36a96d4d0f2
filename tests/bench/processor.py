"""Processor time of processes, read from the system: on a machine with other work the clock says little."""

import contextlib
import os
from pathlib import Path

from sqlalchemy import text

from models.session import Store


def used_s(pid: int) -> float:
    """Of a process and of its children, also of those that it has seen end; 0 for one that is gone."""
    stats: dict[int, tuple[int, int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text("utf-8", errors="replace").rpartition(")")[2].split()
            stats[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    family = {pid}
    while more := {child for child, (parent, _) in stats.items() if parent in family} - family:
        family |= more
    return sum(ticks for member, (_, ticks) in stats.items() if member in family) / os.sysconf("SC_CLK_TCK")


def server_s(store: Store) -> float:
    """Of the PostgreSQL server behind the store, where it runs on this machine; 0 on SQLite."""
    if store.engine.dialect.name == "sqlite":
        return 0.0
    with store.read() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    parent = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[1]
    return used_s(int(parent))
