"""What happens by itself: alerts that are due, approved digests on their way, reminders of yearly reports, and the
day's samples for the certificate."""

from collections.abc import Callable
from datetime import datetime

from models.session import Store
from pipeline.alerts import run_alerts
from pipeline.channels import send, send_letter
from pipeline.config import Settings
from pipeline.digest_sending import Poster, send_digests
from pipeline.outbox import Sender
from pipeline.recall import draw_samples
from pipeline.reminding import run_reminders


def tell(
    store: Store,
    settings: Settings,
    *,
    now: Callable[[], datetime],
    sender: Sender = send,
    poster: Poster = send_letter,
) -> tuple[int, int]:
    """Returns (sent, failed for now). Safe to run beside itself, as watch, timers and scan do."""
    alerts = run_alerts(store, settings, now=now, sender=sender)
    digests = send_digests(store, poster, now=now)
    draw_samples(store, now=now())
    reminders = run_reminders(store, settings, now=now, sender=sender)
    done = (alerts, digests, reminders)
    return sum(sent for sent, _ in done), sum(failed for _, failed in done)
