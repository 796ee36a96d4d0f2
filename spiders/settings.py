"""Scrapy's settings for one crawl. Built from the options; there is no scrapy.cfg and no project."""

from typing import Any

from spiders.options import CrawlOptions

REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ROBOTS_MAX_BYTES = 512 * 1024
"""RFC 9309 asks for at least 500 KiB."""
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
    "application/xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "vi,en;q=0.5",
}

_BUILT_IN = "scrapy.downloadermiddlewares"
MIDDLEWARES: dict[str, int | None] = {
    # outermost first: a request passes down the list, its response back up
    "spiders.middlewares.GuardMiddleware": 50,
    "spiders.middlewares.RobotsMiddleware": 100,
    "spiders.middlewares.BackoffMiddleware": 550,
    f"{_BUILT_IN}.httpcompression.HttpCompressionMiddleware": 590,
    f"{_BUILT_IN}.redirect.RedirectMiddleware": 600,
    "spiders.middlewares.PeerMiddleware": 950,
    # ours do the same by our rules, or nothing here needs them; a proxy would resolve names past our guard
    f"{_BUILT_IN}.offsite.OffsiteMiddleware": None,
    f"{_BUILT_IN}.robotstxt.RobotsTxtMiddleware": None,
    f"{_BUILT_IN}.httpauth.HttpAuthMiddleware": None,
    f"{_BUILT_IN}.downloadtimeout.DownloadTimeoutMiddleware": None,
    f"{_BUILT_IN}.defaultheaders.DefaultHeadersMiddleware": None,
    f"{_BUILT_IN}.useragent.UserAgentMiddleware": None,
    f"{_BUILT_IN}.retry.RetryMiddleware": None,
    f"{_BUILT_IN}.redirect.MetaRefreshMiddleware": None,
    f"{_BUILT_IN}.cookies.CookiesMiddleware": None,
    f"{_BUILT_IN}.httpproxy.HttpProxyMiddleware": None,
    f"{_BUILT_IN}.stats.DownloaderStats": None,
    f"{_BUILT_IN}.httpcache.HttpCacheMiddleware": None,
}


def scrapy_settings(options: CrawlOptions, *, verify: bool = True) -> dict[str, Any]:
    """`CONCURRENT_REQUESTS` is unlimited here because the lanes set the bound, host by host."""
    settings: dict[str, Any] = {
        "TWISTED_REACTOR": REACTOR,
        "USER_AGENT": options.user_agent,
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": options.per_host,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "DOWNLOAD_TIMEOUT": options.timeout_s,
        # what is kept as evidence has to come from the paper itself; a source may say otherwise for its own hosts
        "DOWNLOAD_VERIFY_CERTIFICATES": verify,
        "DOWNLOAD_MAXSIZE": options.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": options.max_redirects,
        "DOWNLOADER_MIDDLEWARES": MIDDLEWARES,
        "LOG_FORMATTER": "spiders.middlewares.QuietFormatter",
        "EXTENSIONS": {
            "scrapy.extensions.corestats.CoreStats": None,
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
            # a server on this machine that runs whatever Python it is sent; its libraries alone take 0.3 s to load
            "scrapy.extensions.remote_control.RemoteControl": None,
            "scrapy.extensions.telnet.TelnetConsole": None,
        },
        "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
    }
    if options.replay is not None:
        replay = "spiders.replay.ReplayHandler"
        settings["DOWNLOAD_HANDLERS"] |= {"http": replay, "https": replay}
    return settings
