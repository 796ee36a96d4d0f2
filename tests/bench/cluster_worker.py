"""A worker of the cluster bench in a process of its own: `python -m tests.bench.cluster_worker URL WORK [PORT]`.

WORK is `judge=NAME` (judges the archive again under that name) or `read=OUTLETS` (reads the simulated outlets).
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from classifier.predict import Judge, load_judge
from models.records import Reading, Verdict
from models.session import Store
from pipeline.cluster.jobs import AGAIN, MIND, READ, TELL
from pipeline.cluster.work import Pace, work
from pipeline.config import Settings
from spiders.options import CrawlOptions
from tests.bench.simulated_outlets import DELAY_S, hosts, sources


class Named:
    """The released model under another name, so that everything it judged is judged again."""

    def __init__(self, judge: Judge, name: str) -> None:
        self._judge, self.id = judge, name

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        return [replace(verdict, model=self.id) for verdict in self._judge.judge(readings)]


def main() -> None:
    url, wanted = sys.argv[1:3]
    kind, _, value = wanted.partition("=")
    judge = load_judge()
    settings = Settings(data_dir=Path(tempfile.mkdtemp(prefix="diembao-bench-")), database_url=url)
    pace = Pace(heartbeat_s=5.0, poll_s=0.5, stop_s=5.0)
    if kind == "judge":
        work(Store(url), settings, {}, CrawlOptions(), judge=Named(judge, value), queues=frozenset({AGAIN}), pace=pace)
        return
    port, count = int(sys.argv[3]), int(value)
    options = CrawlOptions(allowed_private=hosts(port, count), delay_s=DELAY_S)
    queues = frozenset({READ, MIND, AGAIN, TELL})
    work(Store(url), settings, sources(port, count), options, judge=judge, queues=queues, pace=pace)


if __name__ == "__main__":
    main()
