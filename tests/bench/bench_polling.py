"""`make bench-polling`: seven months of real arrivals, replayed with troubles, polled by the policy and by a fixed
interval with as many polls. One line a feed and one for all; leaves with 1 when the policy misses its marks."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from pipeline.polling import Policy
from tests.bench.polling_simulation import (
    Result,
    Trouble,
    adaptive,
    fixed,
    make_feed,
    merge,
    read_stream,
    simulate,
)

STREAM = Path(__file__).resolve().parents[2] / "../shared/corpus/stream.jsonl.gz"
MOST_POLLS = 120
MEDIAN_MINUTES = 5.0
AFTERWARDS_S = 7200.0


def line(name: str, entries: int, policy: Result, plain: Result) -> str:
    return (
        f"{name:<28}{entries:>8}{policy.median_minutes:>9.2f}{policy.polls_a_day:>8.1f}{policy.most_polls:>6}"
        f"{policy.turned_over:>8}{policy.recovered:>10}{policy.lost:>6} |{plain.median_minutes:>8.2f}"
        f"{plain.polls_a_day:>8.1f}{plain.lost:>6}\n"
    )


def bench(stream: Path, *, seed: int, days: int | None) -> bool:
    """Whether nothing was lost, the median is under five minutes and no feed had more than 120 polls on any day."""
    out = sys.stdout
    out.write("delays are medians in minutes from appearance to fetch; polls: a day, mean and most\n")
    out.write(
        f"{'feed':<28}{'entries':>8}{'policy':>9}{'polls':>8}{'most':>6}{'unseen':>8}{'recovered':>10}{'lost':>6} |"
    )
    out.write(f"{'fixed':>8}{'polls':>8}{'lost':>6}\n")
    policies, plains = [], []
    for name, arrivals in read_stream(stream, days=days).items():
        feed = make_feed(name, arrivals, seed=seed, trouble=Trouble())
        start, end = feed.arrivals[0], feed.arrivals[-1] + AFTERWARDS_S
        ours = simulate(feed, adaptive(feed, Policy(seed=seed)), start=start, end=end, chain=True)
        interval = (end - start) / sum(ours.polls.values())
        plain = simulate(feed, fixed(interval), start=start + interval / 3, end=end, chain=False)
        out.write(line(name, len(feed.arrivals), ours, plain))
        out.flush()
        policies.append(ours)
        plains.append(plain)
    whole, plain = merge(policies), merge(plains)
    out.write(line("all (polls: busiest feed)", len(whole.delays), whole, plain))
    return whole.lost == 0 and whole.median_minutes < MEDIAN_MINUTES and whole.most_polls <= MOST_POLLS


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--stream", type=Path, default=STREAM)
    parser.add_argument("--days", type=int, help="only so many days from the beginning")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if not args.stream.exists():
        sys.stderr.write(f"{args.stream} is not here: nothing to replay\n")
        return 2
    return 0 if bench(args.stream, seed=args.seed, days=args.days) else 1


if __name__ == "__main__":
    sys.exit(main())
