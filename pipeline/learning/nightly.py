"""What learning does each night: counts of the day that ended, and the reading queue drawn from all of it."""

from datetime import datetime, timedelta

from models.clock import day_of
from models.session import Store
from models.store import learning_jobs
from pipeline.config import Settings
from pipeline.learning.live import registry_of
from pipeline.learning.reading import draw
from pipeline.learning.settings import read_learning
from pipeline.learning.watching import count_days


def nightly(store: Store, settings: Settings, *, now: datetime) -> tuple[int, int]:
    """(days counted, articles queued). Safe to run twice, and whenever it was missed."""
    with store.write() as session:
        learning_jobs.reap(session, now=now)
        working = registry_of(store, settings).working(session, now)
    threshold = float(working.card.get("threshold") or 0.5)
    today = day_of(now)
    counted = count_days(store, today=today, now=now)
    learning = read_learning(settings.data_dir)
    return counted, draw(store, today - timedelta(days=1), learning, threshold=threshold)
