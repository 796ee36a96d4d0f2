"""A peer of the scan bench, run by an interpreter that has news-please: addresses come on standard input."""

import json
import logging
import resource
import sys
import time


def main() -> None:
    logging.disable(logging.CRITICAL)
    from newsplease import NewsPlease

    addresses = sys.stdin.read().split()
    started, cpu, pages = time.perf_counter(), time.process_time(), 0
    for address in addresses:
        article = NewsPlease.from_url(address)
        pages += bool(article and article.title)
    result = {
        "name": "news-please",
        "pages": pages,
        "seconds": round(time.perf_counter() - started, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
