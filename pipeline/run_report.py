"""What one run did, as the command line prints it and as the run's row keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from models.session import Store
from models.store import articles, runs
from pipeline.coverage import RunCoverage, run_coverage
from pipeline.keeping import Tally
from spiders.source import Source


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What one pass did. `articles_read` counts pages that became an article record in this pass."""

    run: int
    day: str
    outlets_ok: int
    outlets_failed: int
    failed: tuple[str, ...]
    entries_seen: int
    articles_new: int
    articles_read: int
    articles_changed: int
    duplicates: int
    pages_failed: int
    pages_gone: int
    bad_addresses: int
    judged: int
    flagged: int
    flagged_new: int
    stories_new: int
    seconds: float
    coverage: RunCoverage


def finish_run(
    store: Store,
    sources: Mapping[str, Source],
    tally: Tally,
    *,
    run_id: int,
    day: date,
    flagged_before: int,
    seconds: float,
    now: datetime,
) -> ScanReport:
    """Close the run's row with its counters and its coverage."""
    failed = tuple(sorted(tally.asked - tally.good))
    counts = tally.counts
    covered = run_coverage(store, sources, tally, now=now)
    with store.write() as session:
        flagged = articles.flagged_on(session, day)
        report = ScanReport(
            run=run_id,
            day=day.isoformat(),
            outlets_ok=len(tally.good),
            outlets_failed=len(failed),
            failed=failed,
            entries_seen=counts["entries_seen"],
            articles_new=counts["articles_new"],
            articles_read=counts["articles_read"],
            articles_changed=counts["articles_changed"],
            duplicates=counts["duplicates"],
            pages_failed=counts["pages_failed"],
            pages_gone=counts["pages_gone"],
            bad_addresses=counts["bad_addresses"],
            judged=counts["judged"],
            flagged=flagged,
            flagged_new=flagged - flagged_before,
            stories_new=counts["stories_new"],
            seconds=round(seconds, 2),
            coverage=covered,
        )
        runs.finish(session, run_id, at=now, counters=asdict(report))
    return report
