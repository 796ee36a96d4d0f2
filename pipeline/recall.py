"""How much was overlooked at most: random samples of what staff were not shown, and a bound for recall from them.

Method. Every entry of a stratum is taken with one recorded chance, so the sample of a window is uniform. Given N
entries of which n were judged and x were misses, the most misses M that the stratum may hold is the largest M for
which seeing x or fewer still has a probability above alpha: the exact bound of Clopper and Pearson (Biometrika 26,
1934), with the hypergeometric in place of the binomial law because entries are drawn without replacement
(Buonaccorsi, The American Statistician 41, 1987). Several strata share alpha evenly (Bonferroni). With F articles that
staff were shown and confirmed, recall is at least F / (F + sum of M) with that confidence. Nothing is assumed of the
model; who answers "unsure" counts as a miss, and days whose sample is not judged to the end are left out and counted.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scipy.stats import hypergeom

from models.clock import day_of
from models.session import Store
from models.store import recall as samples
from models.store.recall import CONTROL, REJECTED, UNLISTED, Judged
from models.words import number

CONFIDENCE = 0.95
WINDOWS = (30, 90)
LAG = timedelta(days=1)
"""A day is drawn from when it is over, so that its entries are all there."""
LOOK_BACK = timedelta(days=14)
SETTLED = timedelta(hours=3)
"""So long after midnight the articles of the day before are taken to be read and judged."""
STEADY = 2.0
"""A rate is kept while it gives the wanted number within this factor: samples of one rate add up without loss."""


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """How many entries a day staff are willing to judge, by stratum; a stratum that is not named is not drawn from."""

    a_day: Mapping[str, int] = field(default_factory=lambda: {UNLISTED: 40, REJECTED: 5, CONTROL: 5})


@dataclass(frozen=True, slots=True)
class Part:
    """One stratum's share: of `size` entries `sampled` were judged, `misses` were misses, at most `at_most` are."""

    stratum: str
    size: int
    sampled: int
    misses: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """`bound` is None where nothing was found and nothing can have been missed, or no day is judged to the end."""

    first: date
    last: date
    bound: float | None
    found: int
    parts: tuple[Part, ...]
    days: int
    open_days: int
    confidence: float
    controls: int = 0
    recognised: int = 0


def most_misses(size: int, sampled: int, misses: int, *, alpha: float) -> int:
    """Upper confidence limit at 1 - alpha for the misses among `size` entries, `sampled` of which were judged."""
    if not 0 <= misses <= sampled <= size:
        raise ValueError(f"{misses} misses of {sampled} sampled of {size}")
    low, high = misses, size - (sampled - misses)
    while low < high:
        middle = (low + high + 1) // 2
        if hypergeom.cdf(misses, size, middle, sampled) > alpha:
            low = middle
        else:
            high = middle - 1
    return low


def certify(judged: Judged, first: date, last: date, *, confidence: float = CONFIDENCE) -> Certificate:
    """The bound for recall over these days, with the counts behind it."""
    filled = [tally for tally in judged.tallies if tally.size]
    alpha = (1 - confidence) / max(1, len(filled))
    parts = tuple(
        Part(
            tally.stratum,
            tally.size,
            tally.sampled,
            tally.misses,
            most_misses(tally.size, tally.sampled, tally.misses, alpha=alpha),
        )
        for tally in filled
    )
    relevant = judged.found + sum(part.at_most for part in parts)
    bound = judged.found / relevant if relevant and judged.days else None
    return Certificate(
        first,
        last,
        bound,
        judged.found,
        parts,
        judged.days,
        judged.open_days,
        confidence,
        judged.controls,
        judged.recognised,
    )


def certificates(store: Store, *, day: date) -> tuple[Certificate, ...]:
    """For the 30 and the 90 days before `day`."""
    last = day - timedelta(days=1)
    found = []
    with store.read() as session:
        for days in WINDOWS:
            first = day - timedelta(days=days)
            found.append(certify(samples.judged(session, first, last), first, last))
    return tuple(found)


def certificate_words(certificate: Certificate) -> str:
    """The certificate as one paragraph, with its counts; a share is rounded down, for it is a lower bound."""
    days = (certificate.last - certificate.first).days + 1
    start = f"Mức độ không bỏ sót {days} ngày ({certificate.first:%d/%m/%Y}–{certificate.last:%d/%m/%Y}): "
    if certificate.bound is None:
        return (
            f"{start}chưa tính được, vì chưa có ngày nào chấm xong mẫu ngẫu nhiên hoặc chưa có bài nào được xác nhận."
        )
    share = f"{int(certificate.bound * 1000) / 10:.1f}".replace(".", ",")
    parts = "; ".join(
        f"{number(part.sampled)} bài lấy ngẫu nhiên trong {number(part.size)} bài {_STRATUM[part.stratum]}, "
        f"{number(part.misses)} bài lẽ ra phải xem (nhiều nhất {number(part.at_most)} bài trong cả nhóm)"
        for part in certificate.parts
    )
    controls = ""
    if certificate.controls:
        controls = f" Người chấm nhận ra {certificate.recognised}/{certificate.controls} bài kiểm tra trộn trong mẫu."
    return (
        f"{start}ít nhất {share} % số bài cần xem (độ tin cậy {certificate.confidence * 100:.0f} %). "
        f"Căn cứ: {number(certificate.found)} bài đã xác nhận{'; ' if parts else ''}{parts}. "
        f"Tính trên {certificate.days} ngày đã chấm xong mẫu; {certificate.open_days} ngày còn mẫu chưa chấm.{controls}"
    )


_STRATUM = {UNLISTED: "không đưa vào danh sách", REJECTED: "cán bộ đã bỏ qua"}


def needed(size: int, found: int, target: float, *, alpha: float = 1 - CONFIDENCE) -> int:
    """How many of `size` entries must be judged, all without a miss, before recall is certified to be `target`."""
    allowed = int(found * (1 - target) / target)
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if most_misses(size, middle, 0, alpha=alpha) <= allowed:
            high = middle
        else:
            low = middle + 1
    return low


def steady_rate(wanted: int, mean: float, last: float | None) -> float:
    """The chance of each entry that gives `wanted` of `mean` entries: the last one while it does so roughly, else a
    new one of one significant digit."""
    if not wanted:
        return 0.0
    if mean <= 0:
        return last or 1.0
    if last is not None and 1 / STEADY <= last * mean / wanted <= STEADY:
        return last
    return min(1.0, float(f"{wanted / mean:.0e}"))


def draw_due(store: Store, *, today: date, plan: SamplePlan, seed: str, now: datetime) -> dict[date, dict[str, int]]:
    """Draw from every day that is over and has not been drawn from; safe to run twice. `seed` must be fresh and random,
    it is recorded with each drawing."""
    drawn = {}
    with store.read() as session:
        days = samples.undrawn(session, today - LOOK_BACK, today - LAG)
    for day in days:
        with store.write() as session:
            means = samples.sizes(session, before=day) or {
                k: float(v) for k, v in samples.entries_of(session, day).items()
            }
            last = samples.last_rates(session)
            rates = {
                stratum: steady_rate(plan.a_day[stratum], means.get(stratum, 0.0), last.get(stratum))
                for stratum in plan.a_day
            }
            drawn[day] = samples.draw(session, day, rates=rates, seed=seed, at=now)
    return drawn


def draw_samples(store: Store, *, now: datetime) -> dict[date, dict[str, int]]:
    """What the service draws by itself: with the usual plan and a fresh seed, once the night's articles are judged."""
    return draw_due(store, today=day_of(now - SETTLED), plan=SamplePlan(), seed=secrets.token_hex(16), now=now)
