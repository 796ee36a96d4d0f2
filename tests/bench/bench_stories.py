"""`make bench-stories`: how fast an article is placed against a full window, and that memory stays bounded.

Articles are those of ../shared/corpus, recombined paragraph by paragraph until there are enough (without the corpus:
sentences drawn from our own word list). Leaves with 1 when a figure misses its mark.
"""

import argparse
import gzip
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from classifier.similarity import StoryDoc, StoryIndex, StorySettings

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
P95_MS = 10.0
MOST_MB = 1500.0
START = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = timedelta(seconds=30)
SYLLABLES = [chr(first) + last for first in range(ord("b"), ord("z")) for last in ("an", "inh", "ương", "ôi")]


def corpus_texts() -> list[tuple[str, list[str]]]:
    """(headline, paragraphs)"""
    texts = []
    with gzip.open(CORPUS / "fulltext.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            texts.append((row.get("title") or "", (row.get("text") or "").splitlines()))
    return texts


def made_up(draw: random.Random, count: int) -> list[tuple[str, list[str]]]:
    def sentence() -> str:
        return " ".join(draw.choices(SYLLABLES, k=25)).capitalize() + f" {draw.randrange(10_000)}."

    return [(sentence()[:70], [sentence() for _ in range(20)]) for _ in range(count)]


def articles(count: int, seed: int) -> Iterator[StoryDoc]:
    """The corpus as it is, then articles whose paragraphs come from two others."""
    draw = random.Random(seed)
    texts = corpus_texts() if CORPUS.is_dir() else made_up(draw, 20_000)
    for number in range(count):
        if number < len(texts):
            title, paragraphs = texts[number]
        else:
            (title, one), (_, other) = draw.sample(texts, 2)
            paragraphs = [draw.choice(pair) for pair in zip(one, other, strict=False)] or one
        yield StoryDoc(f"{number}", title, "", "\n".join(paragraphs), published=START + number * EVERY)


def resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--window", type=int, default=100_000)
    options.add_argument("--measured", type=int, default=2_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    index = StoryIndex(StorySettings(window=asked.window))
    before = resident_mb()
    took: list[float] = []
    worked: list[float] = []
    total = asked.window + 2 * asked.measured
    for number, doc in enumerate(articles(total, asked.seed)):
        if number < total - asked.measured:
            index.add(doc, ())
            continue
        if not took:
            full = resident_mb()
        begun, busy = time.perf_counter(), time.process_time()
        index.place(doc)
        worked.append((time.process_time() - busy) * 1000)
        took.append((time.perf_counter() - begun) * 1000)
    p50, p95, worst = np.percentile(took, [50, 95, 100])
    memory = resident_mb() - before
    print(f"window {asked.window}, remembered {len(index)}, placed {len(took)}")
    print(f"p50 {p50:.2f} ms, p95 {p95:.2f} ms, most {worst:.2f} ms (mark: p95 {P95_MS} ms)")
    print(f"of the processor: p50 {np.percentile(worked, 50):.2f} ms, p95 {np.percentile(worked, 95):.2f} ms")
    print(f"memory {memory:.0f} MB, of it {resident_mb() - full:.0f} MB since the window was full (mark: {MOST_MB} MB)")
    return int(p95 > P95_MS or memory > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
