"""All that goes out by itself: alerts that are due, and approved digests on their way."""

from collections.abc import Callable
from datetime import datetime

from models.session import Store
from pipeline.alerts import Sender, run_alerts
from pipeline.bells import run_bells
from pipeline.channels import send
from pipeline.config import Settings
from pipeline.digest_sending import send_digests


def tell(store: Store, settings: Settings, *, now: Callable[[], datetime], sender: Sender = send) -> tuple[int, int]:
    """Returns (sent, failed for now)."""
    alerts = run_alerts(store, settings, now=now, sender=sender)
    digests = send_digests(store, sender, now=now)
    bells = run_bells(store, settings, now=now, sender=sender)
    return alerts[0] + digests[0] + bells[0], alerts[1] + digests[1] + bells[1]
