"""How long the house's training takes: 20,000 labelled and 100,000 unlabelled articles, on this machine.

python -m tests.bench.bench_train [--labelled N] [--unlabelled N]

The labelled corpus is filled up with unlabelled articles taken as irrelevant: this measures time, never quality.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from classifier import corpus as files
from classifier.corpus import Label
from classifier.train import read_labels
from models.migrations import upgrade
from models.records import Reading
from models.session import Store
from models.store.insert import insert_all
from models.tables import Label as LabelRow
from pipeline.learning import material, training
from pipeline.learning.material import Material
from pipeline.learning.registry import Registry
from pipeline.learning.settings import read_learning
from pipeline.learning.training import Order, train

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
LIMIT_S = 300.0


def texts() -> Iterator[Label]:
    """The labelled ones, then whole articles and entries that nobody read, as irrelevant."""
    yield from read_labels(CORPUS)
    known = {label.reading.id for label in read_labels(CORPUS)}
    for row in files.rows(CORPUS / "fulltext.jsonl.gz"):
        reading = files.reading(row)
        if reading.id not in known:
            yield Label(reading, 0, "khac", (), "full")


def fill(store: Store, count: int, now: datetime) -> None:
    """Labels of the house, spread over a year."""
    rows = []
    for number, label in zip(range(count), texts(), strict=False):
        at = now - timedelta(days=365) * (1 - number / count)
        reading = label.reading
        item = {"title": reading.title, "sapo": reading.sapo, "text": reading.text, "published": at.isoformat()}
        rows.append(
            {
                "key": f"nhap-{number}",
                "item": item,
                "reader": "đo",
                "at": at,
                "source": "import",
                "flag": label.flag,
                "kind": label.kind,
                "types": list(label.types),
                "said": {},
                "story": label.story,
            }
        )
    with store.write() as session:
        for start in range(0, len(rows), 1000):
            insert_all(session, LabelRow, rows[start : start + 1000])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labelled", type=int, default=20_000)
    parser.add_argument("--unlabelled", type=int, default=100_000)
    args = parser.parse_args()
    if not CORPUS.is_dir():
        raise SystemExit(f"bench-train: {CORPUS} is not here; nothing was measured")
    now = datetime.now(UTC)
    stream: tuple[Reading, ...] = tuple(files.stream(CORPUS)[: args.unlabelled])
    gather = material.gather

    def with_stream(*given: object, **options: object) -> Material:
        """The unlabelled entries come from the corpus's stream, not from a store filled with them first."""
        found = gather(*given, **options)  # type: ignore[arg-type]
        return Material(found.train, found.held, stream, found.facts)

    setattr(training, "gather", with_stream)  # noqa: B010 -- the name is imported there, not defined
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        store = Store(f"sqlite:///{folder / 'bench.db'}")
        upgrade(store.engine)
        fill(store, args.labelled, now)
        settings = read_learning(folder)
        order = Order((now - timedelta(weeks=4)).date(), settings.recipe_path)
        started = time.monotonic()

        def progress(_share: float, message: str) -> None:
            click.echo(f"{time.monotonic() - started:7.1f} s ({time.process_time():.1f} s of processor)  {message}")

        made = train(Registry(store, folder / "models"), order, settings, now=now, progress=progress)
        seconds = time.monotonic() - started
        store.close()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    peak, spent = used[0].ru_maxrss / 1024, sum(one.ru_utime + one.ru_stime for one in used)
    click.echo(
        f"{args.labelled} labelled ({made.labels} in training), {len(stream)} unlabelled: {seconds:.0f} s, "
        f"{spent:.0f} s of processor in all processes, peak {peak:.0f} MB, {len(made.suspects)} doubtful labels; "
        f"limit {LIMIT_S:.0f} s"
    )
    raise SystemExit(0 if seconds < LIMIT_S else 1)


if __name__ == "__main__":
    main()
