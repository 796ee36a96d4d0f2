"""The process's event loop: Twisted's asyncio reactor, with a name service that our guard watches."""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

from scrapy.utils.reactor import is_reactor_installed
from twisted.internet import asyncioreactor

from spiders.guard import GuardedResolver
from spiders.options import CrawlError

T = TypeVar("T")
DNS_THREADS = 30
"""An outlet whose name service hangs takes a thread, so there are many."""


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the coroutine on the reactor; its result is returned, its exception raised.

    Once in a process: a reactor cannot be started again. Ctrl-C cancels the coroutine, waits for it to clean
    up and raises KeyboardInterrupt; a second one interrupts at once.
    """
    if is_reactor_installed():
        raise CrawlError("the crawl's event loop can be started once in a process")
    _load()
    loop = asyncio.new_event_loop()
    asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
    reactor = _reactor()
    reactor.suggestThreadPoolSize(DNS_THREADS)
    reactor.installNameResolver(GuardedResolver(reactor.nameResolver))
    task: asyncio.Task[T] | None = None
    interrupted = threading.Event()

    def start() -> None:
        nonlocal task
        task = loop.create_task(main())
        task.add_done_callback(lambda _: reactor.stop())

    def interrupt() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        interrupted.set()
        if task is not None:
            task.cancel()

    reactor.callWhenRunning(start)
    if threading.current_thread() is threading.main_thread():
        loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        reactor.run(installSignalHandlers=False)
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
    if task is None or interrupted.is_set():
        raise KeyboardInterrupt
    return task.result()


def resolver() -> GuardedResolver:
    """The guard of the running loop's name service; without it nothing is fetched."""
    inner = _reactor().nameResolver if is_reactor_installed() else None
    if not isinstance(inner, GuardedResolver):
        raise CrawlError("pages are read inside spiders.crawl.run")
    return inner


def _load() -> None:
    """What fetches over HTTP, before time counts. Those who only show what was read do without: deep in their imports
    it took 2.5 s of processor time, for Scrapy looks through the stack and all modules to name its old classes."""
    import scrapy.core.downloader.handlers.http11  # noqa: F401, PLC0415


def _reactor() -> Any:
    from twisted.internet import reactor  # noqa: PLC0415 importing it earlier would install another one

    return cast("Any", reactor)
