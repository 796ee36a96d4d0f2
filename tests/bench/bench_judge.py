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
PIECE = 400
ROUNDS = 3


def rate(work: Callable[[Sequence[Any]], Any], items: Sequence[Any]) -> float:
    """Items a second of processor time, the median of ROUNDS; other programs on the machine do not count.

    Each round gets items of its own: nothing is read twice, so that nothing kept from a round helps the next.
    """
    seen = []
    for number in range(ROUNDS):
        part = items[number::ROUNDS]
        start = time.process_time()
        work(part)
        seen.append(len(part) / (time.process_time() - start))
    return statistics.median(seen)


def baseline(texts: Sequence[str]) -> Callable[[Sequence[str]], Any]:
    """tf-idf of one and two syllables with logistic regression, fitted on the same texts with arbitrary answers."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    rows = words.fit_transform(texts)
    model = LogisticRegression(max_iter=50).fit(rows, [n % 2 for n in range(len(texts))])
    return lambda part: model.predict_proba(words.transform(part))


def segmented(texts: Sequence[str]) -> Any:
    from underthesea import word_tokenize

    return [word_tokenize(text) for text in texts]


def whole_articles() -> list[Reading]:
    """ARTICLES of about WIDTH characters (mean 2,450): short ones go on with a piece of another that is not among them.

    Each has a piece of its own.
    """
    readings = [data.reading(row) for row in data.rows(CORPUS / "labels_full.jsonl")]
    others = [reading.text for reading in readings[ARTICLES:]]
    made = []
    for number, one in enumerate(readings[:ARTICLES]):
        turn, other = divmod(number, len(others))
        made.append(Reading(id=one.id, title=one.title, text=f"{one.text}\n{others[other][turn * PIECE :]}"[:WIDTH]))
    return made


def main() -> int:
    if not CORPUS.is_dir():
        print(f"bench: {CORPUS} is not here", file=sys.stderr)
        return 1
    importlib.import_module("skops.io")
    start = time.perf_counter()
    judge = load_judge()
    print(f"model loaded in {time.perf_counter() - start:.3f} s (libraries imported)")
    entries = data.stream(CORPUS)[:ENTRIES]
    articles = whole_articles()
    for name, readings in (("entries", entries), ("articles", articles)):
        texts = [f"{r.title} {r.sapo} {r.text}" for r in readings]
        few = texts[: len(texts) // 10]
        print(f"{name:9s} ours                  {rate(judge.judge, readings):9.0f} a second")
        print(f"{name:9s} tf-idf baseline       {rate(baseline(texts), texts):9.0f} a second")
        print(f"{name:9s} underthesea words     {rate(segmented, few):9.0f} a second")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (with the contenders)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
