"""A watch on the sample press with intervals of a second, in a process of its own; started by test_watch.py.

Arguments: the address of the press, that of the database, the archive's folder, and the names of faulty papers to add.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from models.records import Place, Reading, Verdict
from models.session import Store
from pipeline.evidence import RunArchive
from pipeline.polling import Policy
from pipeline.run_report import ScanReport
from pipeline.watch import Pace
from pipeline.watching import watch_until_stopped
from spiders.options import CrawlOptions
from spiders.sample_press.server import FAULTY, SOURCES
from spiders.source import load_sources


class WordJudge:
    """Flags what speaks of children; the more often, the higher."""

    id = "words"

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        return [self._verdict(f"{one.title} {one.sapo} {one.text}".lower().count(" bé ")) for one in readings]

    def _verdict(self, count: int) -> Verdict:
        return Verdict(
            model=self.id,
            score=count / (count + 1),
            flag=count > 0,
            kind="vu_viec" if count else "khac",
            types={},
        )


class NoPlaces:
    def find(self, reading: Reading, *, kind: str | None = None) -> Place | None:
        return None


def report(done: ScanReport) -> None:
    sys.stdout.write(json.dumps(asdict(done)) + "\n")
    sys.stdout.flush()


def main() -> None:
    address, database, folder, *faulty = sys.argv[1:]
    base = f"http://{address}"
    known = load_sources(FAULTY, base=base)
    sources = load_sources(SOURCES, base=base) | {name: known[name] for name in faulty}
    watch_until_stopped(
        Store(database),
        sources,
        CrawlOptions(allowed_private=frozenset({address}), delay_s=0.0, timeout_s=10, retries=0),
        judge=WordJudge(),
        places=NoPlaces(),
        report=report,
        evidence=RunArchive(Path(folder)),
        policy=Policy(shortest_s=0.3, longest_s=0.6, check_s={"feed": 0.6, "sitemap": 0.6, "listing": 0.6}),
        pace=Pace(tick_s=0.1, group_s=0.3, run_s=3600),
    )


if __name__ == "__main__":
    main()
