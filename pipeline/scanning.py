"""Put a scan together from the settings: sources, released model, gazetteer, and how to behave on the web."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from classifier.places import PlaceFinder
from classifier.predict import load_judge
from models.clock import day_of, now
from models.session import Store
from pipeline.catching_up import bring_back_clock, gap_since, mark_days
from pipeline.config import Settings
from pipeline.evidence import RunArchive
from pipeline.judging_beside import helpers
from pipeline.learning.live import LiveJudge
from pipeline.learning.registry import Registry
from pipeline.papers import papers_read
from pipeline.scan import Progress, Scan, ScanReport
from spiders.options import CrawlError, CrawlOptions, user_agent
from spiders.reactor import run
from spiders.readers import spare_cores
from spiders.sample_press.server import SOURCES as SAMPLE_SOURCES
from spiders.source import Source, SourceError, load_catalogue, load_sources


def choose_sources(
    settings: Settings, ids: tuple[str, ...] = (), *, sample_press: str | None = None, store: Store | None = None
) -> dict[str, Source]:
    """The catalogue (or the sample papers at that address), or the named outlets of it; an unknown name is refused.

    With a `store`: also the papers that the team added in the pages, and none that it paused.
    """
    if sample_press:
        sources = load_sources(SAMPLE_SOURCES, base=f"http://{sample_press}")
    else:
        sources = load_catalogue(settings.sources_dir)
    if store is not None:
        with store.read() as session:
            sources = papers_read(session, sources)
    for name in ids:
        if name not in sources:
            message = f"không có báo nào tên {name!r} trong danh mục (xem `diembao sources list`)"
            raise SourceError(message)
    return {name: sources[name] for name in ids} if ids else sources


def web_options(settings: Settings, *, replay: Path | None = None) -> CrawlOptions:
    agent = user_agent(settings.contact) if settings.contact else user_agent()
    return CrawlOptions(user_agent=agent, replay=replay, proxy=settings.proxy)


def sample_options(options: CrawlOptions, address: str) -> CrawlOptions:
    """The sample papers are the one named exception to the rule that private addresses are not fetched.

    Raises CrawlError for an address that is not on this machine.
    """
    host, _, port = address.rpartition(":")
    if host not in {"127.0.0.1", "localhost"} or not port.isdigit():
        message = f"{address}: báo mẫu chỉ đọc được trên máy này, ví dụ 127.0.0.1:8765"
        raise CrawlError(message)
    return replace(options, allowed_private=frozenset({address}), delay_s=0.0, backoff_s=0.2)


def scan_once(
    store: Store,
    sources: Mapping[str, Source],
    options: CrawlOptions,
    *,
    progress: Progress,
    day: date | None = None,
    clock: Callable[[], datetime] = now,
    archive: Path | None = None,
    models: Path | None = None,
) -> ScanReport:
    """One pass in this process; once a process, for the crawler's event loop cannot be started twice.

    `archive` is the folder of the evidence; pages that are replayed from files are no evidence and never go there.
    Where days were not read and the options name none, the pass catches up with them.
    `models` is the folder of promoted models; without it the released one judges.
    """
    if options.replay is None and options.since is None:
        with store.read() as session:
            options = replace(options, since=gap_since(session, clock()))
    bring_back_clock(store, clock())
    judge = load_judge() if models is None else LiveJudge(Registry(store, models), now=clock)
    places = PlaceFinder.load()
    evidence = RunArchive(archive) if archive is not None and options.replay is None else None
    try:
        with helpers(store, judge, places, processes=spare_cores()) as readers:
            job = Scan(
                store=store,
                sources=sources,
                judge=judge,
                places=places,
                options=options,
                day=day or day_of(clock()),
                now=clock,
                progress=progress,
                evidence=evidence,
                helpers=readers,
            )
            report = run(job.run)
        if options.replay is None:
            mark_days(store, now=clock())
        return report
    finally:
        if evidence is not None:
            evidence.close()
