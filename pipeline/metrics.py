"""The service in figures for Prometheus (prometheus-client, Apache): states, ages and counts, nothing of any person."""

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.store.doctor import Figures
from pipeline import backup
from pipeline.config import Settings
from pipeline.machine import Check, free_share

LEVEL = {"ok": 0, "warn": 1, "bad": 2}


class _Fixed(Collector):
    """One look, already taken: a registry of its own holds nothing between two answers."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def render(checks: list[Check], found: Figures | None, settings: Settings, *, now: datetime) -> bytes:
    """Prometheus's text format. `found` is None where the database could not be opened."""
    states = GaugeMetricFamily("diembao_check", "0 well, 1 needs a look, 2 broken", labels=["check"])
    for check in checks:
        states.add_metric([check.code], LEVEL[check.state])
    families: list[Metric] = [states]
    for name, words, value in _values(found, settings, now):
        if value is not None:
            families.append(GaugeMetricFamily(name, words, value=value))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Fixed(families))
    return generate_latest(registry)


def _values(found: Figures | None, settings: Settings, now: datetime) -> Iterable[tuple[str, str, float | None]]:
    def age(moment: datetime | None) -> float | None:
        return None if moment is None else (now - moment).total_seconds()

    share, free = free_share(settings.data_dir)
    yield "diembao_disk_free_ratio", "Free share of the data folder's disk", share
    yield "diembao_disk_free_bytes", "Free bytes of the data folder's disk", free
    yield "diembao_backup_age_seconds", "Since the newest backup", age(backup.newest(settings.backup_dir))
    if found is None:
        return
    yield "diembao_scan_age_seconds", "Since a pass of the scan ended", age(found.run_finished_at)
    yield "diembao_article_age_seconds", "Since a new article was first seen", age(found.newest_at)
    yield "diembao_flagged_age_seconds", "Since an article was last flagged", age(found.flagged_at)
    yield "diembao_unjudged", "Article versions that wait to be judged", found.unjudged
    yield "diembao_pages_waiting", "Pages that wait to be read", found.waiting_pages
    yield "diembao_articles_yesterday", "New articles of the last whole day", found.per_day[-1] if found.per_day else 0
    yield "diembao_list_total", "Feeds, sitemaps and section pages", found.lists
    yield "diembao_list_failing", "Of these, failing three times in a row or more", found.lists_failing
    yield "diembao_alerts_stuck", "Alerts that failed three times or more", found.alerts_stuck
