"""The recall certificate: its bound holds, its sample is recorded, and nothing that was not judged counts for it."""

import random
from datetime import date, timedelta
from functools import cache
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.session import Store
from models.store import audit
from models.store import recall as samples
from models.store.recall import CONTROL, REJECTED, UNLISTED, Judged, SampleError, Tally, chance_of
from models.tables import AuditDraw
from pipeline.config import Settings
from pipeline.recall import (
    SamplePlan,
    certificate_words,
    certificates,
    certify,
    draw_due,
    most_misses,
    needed,
    steady_rate,
)
from pipeline.telling import tell
from tests.pipeline.making import DAY, Maker, moment

ALPHA = 0.05


def chance_of_seeing(misses: int, size: int, relevant: int, sampled: int) -> float:
    if not max(0, sampled - (size - relevant)) <= misses <= min(sampled, relevant):
        return 0.0
    return comb(relevant, misses) * comb(size - relevant, sampled - misses) / comb(size, sampled)


@pytest.mark.parametrize("size", [1, 2, 7, 12])
def test_the_limit_holds_with_the_promised_probability_whatever_the_truth(size: int) -> None:
    """Exact, over every sample size and every true number of misses."""
    for sampled in range(size + 1):
        limits = {x: most_misses(size, sampled, x, alpha=ALPHA) for x in range(sampled + 1)}
        for relevant in range(size + 1):
            held = sum(chance_of_seeing(x, size, relevant, sampled) for x, limit in limits.items() if relevant <= limit)
            assert held >= 1 - ALPHA - 1e-9, (sampled, relevant)


def test_the_limit_is_tight() -> None:
    """The next number of misses would have been seen more than x with 95 %: nothing is given away for safety."""
    limit = most_misses(5000, 400, 2, alpha=ALPHA)
    seen = sum(chance_of_seeing(x, 5000, limit + 1, 400) for x in range(3))
    assert seen <= ALPHA < sum(chance_of_seeing(x, 5000, limit, 400) for x in range(3))


@given(st.integers(1, 400), st.data())
def test_a_limit_is_never_below_what_was_seen_nor_above_what_is_left(size: int, data: st.DataObject) -> None:
    sampled = data.draw(st.integers(0, size))
    misses = data.draw(st.integers(0, sampled))
    assert misses <= most_misses(size, sampled, misses, alpha=ALPHA) <= size - (sampled - misses)


def test_a_full_count_leaves_no_doubt_and_no_sample_leaves_it_all() -> None:
    assert most_misses(300, 300, 4, alpha=ALPHA) == 4
    assert most_misses(300, 0, 0, alpha=ALPHA) == 300


def test_over_many_trials_the_bound_lies_below_the_true_recall_in_at_least_95_of_100() -> None:
    """Thirty days with two strata and a rate that changed half way, thinned as the store thins it."""
    order, trials, held = random.Random(20261121), 600, 0  # noqa: S311 - a simulation
    limit = cache(most_misses)
    sizes = {UNLISTED: (150, 14), REJECTED: (12, 2)}
    for _ in range(trials):
        found, missed, tallies = 110, 0, []
        for stratum, (a_day, misses) in sizes.items():
            entries = [(order.random(), day, n < misses) for day in range(30) for n in range(a_day // 3)]
            rates = [0.35 if day < 15 else 0.3 for day in range(30)]
            missed += sum(miss for *_, miss in entries)
            drawn = [(u, miss) for u, day, miss in entries if u < rates[day]]
            kept = [miss for u, miss in drawn if u < min(rates)]
            tallies.append(Tally(stratum, len(entries), len(kept), sum(kept)))
        at_most = sum(limit(t.size, t.sampled, t.misses, alpha=ALPHA / 2) for t in tallies)
        held += found / (found + at_most) <= found / (found + missed)
        if _ == 0:
            certificate = certify(Judged(tuple(tallies), found, 30, 0), DAY, DAY)
            assert certificate.bound == found / (found + at_most)
    assert held / trials >= 1 - ALPHA


def test_nothing_judged_certifies_nothing() -> None:
    empty = certify(Judged((Tally(UNLISTED, 0, 0, 0),), 0, 0, 3), DAY, DAY)
    assert empty.bound is None
    assert "chưa tính được" in certificate_words(empty)
    assert certify(Judged((Tally(UNLISTED, 900, 0, 0),), 90, 1, 0), DAY, DAY).bound == 90 / 990


def test_the_certificate_names_the_counts_behind_it_and_rounds_down() -> None:
    tallies = (Tally(UNLISTED, 24011, 1204, 1), Tally(REJECTED, 310, 30, 0))
    found = certify(Judged(tallies, 212, 28, 2), DAY - timedelta(days=30), DAY - timedelta(days=1))
    text = certificate_words(found)
    assert found.bound is not None
    shown = float(text.split("ít nhất ")[1].split(" %")[0].replace(",", "."))
    assert shown <= found.bound * 100 < shown + 0.1
    for count in ("212", "1.204", "24.011", "310", "30 bài", "28 ngày", "2 ngày", "95 %"):
        assert count in text


def test_the_number_needed_is_the_smallest_that_certifies_the_target() -> None:
    count = needed(2000, 400, 0.9)
    assert most_misses(2000, count, 0, alpha=ALPHA) <= 44 < most_misses(2000, count - 1, 0, alpha=ALPHA)


def test_a_rate_stays_while_it_fits_and_changes_when_the_press_grows() -> None:
    assert steady_rate(40, 8000, None) == 0.005
    assert steady_rate(40, 10_000, 0.005) == 0.005
    assert steady_rate(40, 40_000, 0.005) == 0.001
    assert steady_rate(40, 10, None) == 1.0


def everything(store: Store, day: date, seed: str = "hạt") -> dict[str, int]:
    with store.write() as session:
        return samples.draw(session, day, rates={UNLISTED: 1.0, REJECTED: 1.0}, seed=seed, at=moment(day, 23))


def test_a_day_s_strata_are_what_is_in_no_story_and_what_was_rejected_as_none_of_ours(store: Store) -> None:
    make = Maker(store)
    make.article(flag=False, kind="khac")
    make.article(flag=False, kind="khac")
    make.story(action="confirm")
    make.story(action="reject", reason="khong_lien_quan")
    make.story(action="reject", reason="trung")
    make.story()
    assert everything(store, DAY) == {UNLISTED: 2, REJECTED: 1}
    assert everything(store, DAY) == {}, "a second drawing adds nothing"
    with store.read() as session:
        assert len(samples.waiting(session)) == 3
        assert audit.lines(session, action="recall.draw")[0].detail["seed"] == "hạt"


def test_the_drawing_can_be_repeated_from_its_seed(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    ids = [make.article(flag=False, kind="khac") for _ in range(40)]
    with sqlite_store.write() as session:
        samples.draw(session, DAY, rates={UNLISTED: 0.4, REJECTED: 0.4}, seed="s", at=moment(DAY, 23))
    with sqlite_store.read() as session:
        drawn = {entry.article_id for entry in samples.waiting(session)}
    assert drawn == {i for i in ids if chance_of("s", UNLISTED, i) < 0.4}
    assert 0 < len(drawn) < 40


def test_a_day_counts_only_when_its_whole_sample_is_judged(store: Store) -> None:
    make = Maker(store)
    make.article(flag=False, kind="khac")
    make.article(flag=False, kind="khac")
    make.story(action="confirm")
    everything(store, DAY)
    user = make.user()
    with store.write() as session:
        first, second = samples.waiting(session)
        assert samples.answer(session, first.id, "no", user_id=user, now=moment(DAY, 23)) is None
    certificate = certificates(store, day=DAY + timedelta(days=1))[0]
    assert (certificate.bound, certificate.days, certificate.open_days) == (None, 0, 1)
    with store.write() as session:
        samples.answer(session, second.id, "unsure", user_id=user, now=moment(DAY, 23))
    certificate = certificates(store, day=DAY + timedelta(days=1))[0]
    assert (certificate.found, certificate.parts[0].misses, certificate.bound) == (1, 1, 0.5)


def test_a_miss_that_the_sample_brings_to_light_gets_onto_the_list_but_not_into_what_was_found(store: Store) -> None:
    make = Maker(store)
    missed = make.article(flag=False, kind="khac")
    make.story(action="confirm")
    everything(store, DAY)
    with store.write() as session:
        story = samples.answer(
            session, samples.waiting(session)[0].id, "yes", user_id=make.user(), now=moment(DAY, 23, 50)
        )
        with pytest.raises(SampleError, match="đồng nghiệp"):
            samples.answer(session, 1, "no", user_id=make.user(), now=moment(DAY, 23, 51))
    assert story is not None
    make.decide(story, missed, "confirm")
    certificate = certificates(store, day=DAY + timedelta(days=1))[0]
    assert certificate.found == 1
    assert certificate.parts[0].misses == 1


def test_days_that_are_over_are_drawn_from_once_and_today_is_not(store: Store) -> None:
    make = Maker(store)
    for back in (0, 1, 2):
        for _ in range(3):
            make.article(day=DAY - timedelta(days=back), flag=False, kind="khac")
    plan = SamplePlan({UNLISTED: 40, REJECTED: 5})
    drawn = draw_due(store, today=DAY, plan=plan, seed="s", now=moment(DAY))
    assert drawn == {
        DAY - timedelta(days=2): {UNLISTED: 3, REJECTED: 0},
        DAY - timedelta(days=1): {UNLISTED: 3, REJECTED: 0},
    }
    assert draw_due(store, today=DAY, plan=plan, seed="t", now=moment(DAY)) == {}


def test_the_service_draws_by_itself_once_the_night_s_articles_are_judged(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    make.article(day=DAY - timedelta(days=1), flag=False, kind="khac")
    settings = Settings()

    def drawn_by(hour: int) -> int:
        for _ in range(3):
            tell(sqlite_store, settings, now=lambda: moment(DAY, hour))
        with sqlite_store.read() as session:
            return len(samples.waiting(session))

    assert drawn_by(2) == 0
    assert drawn_by(4) == 1
    assert drawn_by(23) == 1
    with sqlite_store.read() as session:
        assert len(session.scalars(select(AuditDraw.seed).distinct()).all()) == 1


def test_confirmed_articles_are_mixed_in_as_controls_and_do_not_count_as_misses(store: Store) -> None:
    make = Maker(store)
    make.article(flag=False, kind="khac")
    make.story(action="confirm")
    make.story(action="confirm")
    rates = {UNLISTED: 1.0, REJECTED: 1.0, CONTROL: 1.0}
    with store.write() as session:
        assert samples.draw(session, DAY, rates=rates, seed="s", at=moment(DAY, 23)) == {
            UNLISTED: 1,
            REJECTED: 0,
            CONTROL: 2,
        }
        unlisted, *controls = samples.waiting(session)
        user = make.users.get("thu", 0)
        samples.answer(session, unlisted.id, "no", user_id=user, now=moment(DAY, 23))
        samples.answer(session, controls[0].id, "yes", user_id=user, now=moment(DAY, 23))
        samples.answer(session, controls[1].id, "no", user_id=user, now=moment(DAY, 23))
    certificate = certificates(store, day=DAY + timedelta(days=1))[0]
    assert (certificate.bound, certificate.found, len(certificate.parts)) == (1.0, 2, 1)
    assert "nhận ra 1/2 bài kiểm tra" in certificate_words(certificate)


def test_what_is_shown_of_a_sample_does_not_tell_its_stratum() -> None:
    fields = set(samples.SampledEntry.__dataclass_fields__)
    assert not fields & {"stratum", "score", "chance", "verdict", "verdict_id", "flag"}
