"""Keep what the spiders answered, in short transactions; the scan and the watch share this."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from models.records import FeedEntry
from models.session import Store
from models.store import archive, articles, outlets, pages, scan_days
from models.store.articles import Seen
from models.store.pages import PageRead, Stored
from pipeline import polling, rhythm
from pipeline.entries import day_begins, fresh_enough, identity_of, lies_behind
from pipeline.polling import CHAIN, Plan, Policy, Poll
from spiders.archive import Packed
from spiders.crawl import NOT_REACHED
from spiders.jobs import Answer, ListKind, ListOutcome, PageOutcome
from spiders.source import Source

Shown = tuple[str, FeedEntry]
"""Identity and entry."""


class Evidence(Protocol):
    """The archive: writes a response and says where it lies."""

    def pack(self, answer: Answer) -> Future[Packed]: ...
    def keep(self, answer: Answer, *, run: int, day: date, ready: Future[Packed] | None = None) -> archive.Place: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class Tally:
    """`counts` add up over a pass; `good` are outlets of which some list was read, `gaps` those that may lack items."""

    counts: Counter[str] = field(default_factory=Counter)
    good: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    gaps: set[str] = field(default_factory=set)


def lists_of(source: Source) -> list[tuple[ListKind, str]]:
    """Every list of an outlet in the order of its chain: feeds, news sitemaps, section pages."""
    urls: Mapping[ListKind, tuple[str, ...]] = {
        "feed": source.feeds,
        "sitemap": source.sitemaps,
        "listing": source.sections,
    }
    return [(kind, url) for kind in CHAIN for url in urls[kind]]


def leading_kinds(source: Source, failures: Mapping[str, int]) -> frozenset[ListKind]:
    """The links of an outlet's chain that lead, given how often each list failed in a row."""
    return polling.leading((kind, failures.get(url, 0)) for kind, url in lists_of(source))


@dataclass(frozen=True, slots=True)
class Keeper:
    """`day_of` says on which day's list a moment falls; without `evidence` no response is archived.

    `gap_since`: from that day on nothing was read, so that older entries are news too.
    """

    store: Store
    sources: Mapping[str, Source]
    run_id: int
    day_of: Callable[[datetime], date]
    policy: Policy = field(default_factory=Policy)
    evidence: Evidence | None = None
    gap_since: date | None = None

    def keep_list(self, outcome: ListOutcome, tally: Tally) -> None:
        """Entries into articles, the answer into the list's state; a gap or a failure calls the next link."""
        if outcome.error == NOT_REACHED:
            return
        job = outcome.job
        shown = self._shown(outcome, tally)
        keys = [(polling.entry_key(identity), entry.published) for identity, entry in shown]
        with self.store.write() as session:
            self._see(session, outcome, shown, tally)
            plan = self._plan(session, outcome, keys)
            self._record(session, outcome, plan, keys)
            if plan.gap or outcome.health not in outlets.HEALTHY:
                self._call_next(session, outcome)
        if outcome.health in outlets.HEALTHY:
            tally.good.add(job.outlet)
        if plan.gap:
            tally.gaps.add(job.outlet)

    def further(self, outcome: ListOutcome, tally: Tally) -> bool:
        """Whether behind this page of a section more may lie that nobody read. Later pages are kept at once; the
        first is kept by `keep_list`, when it is known how far back the walk came."""
        assert self.gap_since is not None, "only after a gap is a section walked through"
        identities = [one for entry in outcome.entries if (one := identity_of(entry.url)) is not None]
        with self.store.read() as session:
            before = scan_days.seen_before(session, identities, day_begins(self.gap_since))
        if outcome.job.page > 1:
            shown = self._shown(outcome, tally)
            with self.store.write() as session:
                self._see(session, outcome, shown, tally)
        return not lies_behind(outcome.entries, before, self.gap_since, first=outcome.job.page == 1)

    def _shown(self, outcome: ListOutcome, tally: Tally) -> list[Shown]:
        wanted = fresh_enough(outcome, self.gap_since)
        shown = [(identity, entry) for entry in wanted if (identity := identity_of(entry.url)) is not None]
        tally.counts.update(
            {
                "entries_old": len(outcome.entries) - len(wanted),
                "entries_seen": len(wanted),
                f"entries_{outcome.job.kind}": len(wanted),
                "bad_addresses": len(wanted) - len(shown),
            }
        )
        return shown

    def _see(self, session: Session, outcome: ListOutcome, shown: list[Shown], tally: Tally) -> None:
        answers = articles.see_entries(
            session,
            shown,
            outlet=outcome.job.outlet,
            run_id=self.run_id,
            day=self.day_of(outcome.fetched_at),
            at=outcome.fetched_at,
            kind=outcome.job.kind,
        )
        self._archive_list(session, outcome, [one.article_id for one in answers if one.kept])
        tally.counts["articles_new"] += sum(one.seen is Seen.NEW for one in answers)

    def _plan(self, session: Session, outcome: ListOutcome, keys: list[tuple[str, datetime | None]]) -> Plan:
        job, source = outcome.job, self.sources.get(outcome.job.outlet)
        states = {state.url: state for state in outlets.states_of(session, job.outlet)}
        failures = {url: state.failures for url, state in states.items()}
        leads = source is None or job.kind in leading_kinds(source, failures)
        state = states.get(job.url)
        memory = rhythm.Memory()
        if state is not None:
            memory = rhythm.from_json(
                state.memory, failures=state.failures, polled_at=state.polled_at, good_at=state.good_at
            )
        return polling.plan(
            memory,
            Poll(outcome.fetched_at, outcome.health, keys, outcome.retry_after_s, outcome.joined),
            url=job.url,
            role="lead" if leads else "check",
            kind=job.kind,
            policy=self.policy,
        )

    @staticmethod
    def _record(session: Session, outcome: ListOutcome, plan: Plan, keys: list[tuple[str, datetime | None]]) -> None:
        outlets.record_poll(
            session,
            url=outcome.job.url,
            outlet=outcome.job.outlet,
            kind=outcome.job.kind,
            health=outcome.health,
            at=outcome.fetched_at,
            entries=len(outcome.entries),
            status=outcome.status,
            error=outcome.error,
            etag=outcome.etag,
            last_modified=outcome.last_modified,
            body_sha256=outcome.body_sha256,
            schedule=outlets.Schedule(
                interval_s=plan.interval_s,
                due_at=plan.due_at,
                memory=rhythm.to_json(plan.memory),
                wait_until=plan.wait_until,
                fresh=plan.fresh,
                overlap=plan.overlap,
                gap=plan.gap,
                newest_at=max((stated for _, stated in keys if stated is not None), default=None),
            ),
        )

    def _call_next(self, session: Session, outcome: ListOutcome) -> None:
        source = self.sources.get(outcome.job.outlet)
        if source is None:
            return
        link = polling.next_link(outcome.job.kind, (kind for kind, _ in lists_of(source)))
        if link is not None:
            outlets.call_next(session, outlet=source.id, kind=link, at=outcome.fetched_at)

    def keep_page(self, outcome: PageOutcome, tally: Tally) -> Stored | None:
        """The page as a version, with its evidence; None where no article was read."""
        return self.keep_pages([outcome], tally)[0]

    def pack(self, outcome: PageOutcome) -> Future[Packed] | None:
        """Begin to compress a page for the archive in a thread, for one that is kept soon."""
        answer = outcome.answer
        if self.evidence is None or answer is None or not (outcome.article or outcome.health == "broken"):
            return None
        return self.evidence.pack(answer)

    def keep_pages(
        self, outcomes: Sequence[PageOutcome], tally: Tally, *, ready: Sequence[Future[Packed] | None] = ()
    ) -> list[Stored | None]:
        """Several pages in one transaction: what a crash takes with it is still due. `ready` is from `pack`."""
        records = {id(outcome): record for outcome, record in zip(outcomes, ready, strict=False)}
        reached = [outcome for outcome in outcomes if outcome.error != NOT_REACHED]
        with self.store.write() as session:
            found = self._keep_pages(session, reached, records)
        for outcome in reached:
            stored = found.get(id(outcome))
            tally.counts["articles_read"] += stored is not None
            tally.counts["articles_changed"] += stored is Stored.CHANGED
            tally.counts["duplicates"] += stored is Stored.DUPLICATE
            tally.counts["pages_failed"] += stored is None
            tally.counts["pages_gone"] += outcome.health == "gone"
        return [found.get(id(outcome)) for outcome in outcomes]

    def _keep_pages(
        self, session: Session, outcomes: Sequence[PageOutcome], ready: Mapping[int, Future[Packed] | None]
    ) -> dict[int, Stored]:
        """By the outcome's own identity, for those in which an article was read."""
        good = [outcome for outcome in outcomes if outcome.article is not None]
        batch = [_page_read(outcome) for outcome in good]
        answers = pages.record_pages(session, batch, run_id=self.run_id)
        stored = dict(zip(map(id, good), answers, strict=True))
        for outcome in outcomes:
            if outcome.article is None:
                pages.page_failed(
                    session,
                    outcome.job.key,
                    gone=outcome.health == "gone",
                    error=outcome.error or outcome.health,
                    at=outcome.fetched_at,
                    wait_s=outcome.retry_after_s,
                )
        worth = [outcome for outcome in outcomes if _is_evidence(outcome, stored.get(id(outcome)))]
        self._archive(session, worth, ready)
        return stored

    def _archive(
        self, session: Session, outcomes: Sequence[PageOutcome], ready: Mapping[int, Future[Packed] | None]
    ) -> None:
        """The file first, the rows with the versions: a crash leaves at worst records that no row names."""
        if self.evidence is None:
            return
        kept = []
        for outcome in outcomes:
            if (answer := outcome.answer) is None:
                continue
            day, record = self.day_of(answer.fetched_at), ready.get(id(outcome))
            place = self.evidence.keep(answer, run=self.run_id, day=day, ready=record)
            kept.append(archive.Kept(outcome.job.key, place, read=outcome.article is not None))
        archive.add_all(session, kept)

    def _archive_list(self, session: Session, outcome: ListOutcome, article_ids: Sequence[int]) -> None:
        """What showed an article first led to it: the response is kept once and named by each of them."""
        if self.evidence is None or not article_ids:
            return
        for answer in outcome.answers:
            place = self.evidence.keep(answer, run=self.run_id, day=self.day_of(answer.fetched_at))
            archive.add_all(session, [archive.Kept(article_id, place, read=True) for article_id in article_ids])


def _page_read(outcome: PageOutcome) -> PageRead:
    read = outcome.article
    assert read is not None, outcome.job
    final = outcome.final_url or outcome.job.url
    addresses = (identity_of(final, canonical=read.canonical_url), identity_of(outcome.job.url))
    return PageRead(outcome.job.key, read, list(dict.fromkeys(filter(None, addresses))), outcome.fetched_at)


def _is_evidence(outcome: PageOutcome, stored: Stored | None) -> bool:
    return bool(outcome.raw) and (stored in {Stored.FIRST, Stored.CHANGED} or outcome.health == "broken")
