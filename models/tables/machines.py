"""Machines that take jobs: so that one that fell silent is missed by the others."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class Machine(Base):
    """A machine's name, what it takes, when it last said so; `stopped_at`: it was told to stop, nobody misses it."""

    __tablename__ = "machine"
    name: Mapped[str] = mapped_column(primary_key=True)
    queues: Mapped[str]
    seen_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
