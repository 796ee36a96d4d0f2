"""`python -m tests.bench.bench_judge`: the released model's speed beside two contenders, same texts, one core."""

import importlib
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from classifier import corpus as data
from classifier.predict import load_judge
from models.records import Reading

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
ENTRIES = 4000
ARTICLES = 600
WIDTH = 2500
ROUNDS = 3


def rate(work: Callable[[], Any], count: int) -> float:
    """Items a second of processor time, the median of ROUNDS; other programs on the machine do not count."""
    seen = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        seen.append(count / (time.process_time() - start))
    return statistics.median(seen)


def baseline(texts: Sequence[str]) -> Callable[[], Any]:
    """tf-idf of one and two syllables with logistic regression, fitted on the same texts with arbitrary answers."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    rows = words.fit_transform(texts)
    model = LogisticRegression(max_iter=50).fit(rows, [n % 2 for n in range(len(texts))])
    return lambda: model.predict_proba(words.transform(texts))


def segmented(texts: Sequence[str]) -> Callable[[], Any]:
    from underthesea import word_tokenize

    return lambda: [word_tokenize(text) for text in texts]


def main() -> int:
    if not CORPUS.is_dir():
        print(f"bench: {CORPUS} is not here", file=sys.stderr)
        return 1
    importlib.import_module("skops.io")
    start = time.perf_counter()
    judge = load_judge()
    print(f"model loaded in {time.perf_counter() - start:.3f} s (libraries imported)")
    entries = data.stream(CORPUS)[:ENTRIES]
    articles = []
    for row in data.rows(CORPUS / "labels_full.jsonl"):
        reading = data.reading(row)
        text = (reading.text * (1 + WIDTH // max(1, len(reading.text))))[:WIDTH]
        articles.append(Reading(id=reading.id, title=reading.title, text=text))
    articles = articles[:ARTICLES]
    for name, readings in (("entries", entries), ("articles", articles)):
        texts = [f"{r.title} {r.sapo} {r.text}" for r in readings]
        few = texts[: len(texts) // 10]
        print(f"{name:9s} ours                  {rate(lambda r=readings: judge.judge(r), len(readings)):9.0f} a second")
        print(f"{name:9s} tf-idf baseline       {rate(baseline(texts), len(texts)):9.0f} a second")
        print(f"{name:9s} underthesea words     {rate(segmented(few), len(few)):9.0f} a second")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (with the contenders)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
