"""A process that writes and says what was acknowledged, until something stops it.

`python -m tests.pipeline.fault_child write STORE_URL`: adds audit entries, printing the number of each that was
committed. `… memory STORE_URL`: adds one, then runs out of memory in the middle of a large one, then adds another.
"""

import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from models.session import Store
from models.store import audit

AT = datetime(2026, 11, 21, tzinfo=UTC)
ROOM = 24 * 1024 * 1024


def note(store: Store, number: int, *, more: int = 0) -> None:
    with store.write() as session:
        audit.append(session, at=AT, action="fault", object=str(number), detail={"text": "x" * more})


def write(store: Store) -> None:
    for number in range(1_000_000):
        note(store, number)
        print(number, flush=True)  # noqa: T201 - the parent reads it


def memory(store: Store) -> None:
    note(store, 0)
    used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
    try:
        note(store, 1, more=10 * ROOM)
    except MemoryError:
        note(store, 2)
        print("went on", flush=True)  # noqa: T201


if __name__ == "__main__":
    {"write": write, "memory": memory}[sys.argv[1]](Store(sys.argv[2]))
