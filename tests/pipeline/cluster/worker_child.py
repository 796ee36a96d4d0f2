"""One worker over the sample papers: `python -m tests.pipeline.cluster.worker_child STORE_URL HOST:PORT DATA_DIR`."""

import sys
from pathlib import Path

from classifier.predict import load_judge
from models.session import Store
from pipeline.cluster.work import Pace, work
from pipeline.config import Settings
from pipeline.scanning import choose_sources, sample_options, web_options


def main() -> None:
    url, address, data_dir = sys.argv[1:4]
    settings = Settings(data_dir=Path(data_dir), database_url=url)
    work(
        Store(url),
        settings,
        choose_sources(settings, sample_press=address),
        sample_options(web_options(settings), address),
        judge=load_judge(),
        pace=Pace(heartbeat_s=1.0, poll_s=0.5, stop_s=5.0),
    )


if __name__ == "__main__":
    main()
