"""Event loops for tests: one of their own, in a thread of its own.

Playwright's synchronous API leaves a loop running in the main thread, and the same worker may run both kinds of tests.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()
