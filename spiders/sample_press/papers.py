"""What each address of the sample papers answers, for one edition. Pure: the same clock gives the same bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from spiders.sample_press.answer import Answer, moved, not_found
from spiders.sample_press.articles import SampleArticle, load_articles
from spiders.sample_press.outlets import OUTLETS, Outlet, slug
from spiders.sample_press.render import Clock, Item, item, listing, page

ROBOTS = """User-agent: *
Disallow: /bien-xanh/noi-bo/
Disallow: /cam-doc/
"""
LATEST = 50
"""Entries that a feed shows, as most papers do."""


@dataclass(frozen=True, slots=True)
class Papers:
    """`base` is the server's address without a slash at its end."""

    clock: Clock
    base: str

    def answer(self, path: str, asked: int) -> Answer:
        """`asked` is how often the path was asked for before, for pages that stumble the first time."""
        if path == "/robots.txt":
            return Answer(body=ROBOTS.encode(), kind="text/plain")
        lists = self.lists()
        if path in lists:
            return lists[path]()
        for outlet in OUTLETS.values():
            if path.startswith(outlet.path + "/"):
                return self._article(outlet, path, asked)
        return not_found()

    def articles(self, outlet: Outlet) -> list[SampleArticle]:
        """What the outlet has published and not taken down."""
        edition = self.clock.edition
        return [a for a in load_articles().values() if outlet.id in a.outlets and a.shown(edition)]

    def urls(self) -> dict[str, SampleArticle]:
        """The address of every article that is out."""
        return {
            self.base + outlet.path_of(article): article
            for outlet in OUTLETS.values()
            for article in self.articles(outlet)
        }

    def lists(self) -> Mapping[str, Callable[[], Answer]]:
        """Feeds, sitemaps, front and section pages by path."""
        lists: dict[str, Callable[[], Answer]] = {
            "/song-lam/rss/tin-moi.rss": self._song_lam_feed,
            "/song-lam/rss/phap-luat.rss": self._broken_feed,
            "/dong-bang/atom.xml": lambda: self._list("dong_bang", "atom.xml", "application/atom+xml"),
            "/bien-xanh/sitemap-news.xml": lambda: self._list("bien_xanh", "sitemap.xml", "application/xml"),
            "/bien-xanh/sitemap.xml": self._sitemap_index,
            "/van-son/rss/trang-chu.rss": lambda: Answer(410),
        }
        for outlet in OUTLETS.values():
            lists[f"{outlet.path}/"] = lambda name=outlet.id: self._list(name, "section.html")  # type: ignore[misc]
            for section in {article.section for article in self.articles(outlet)}:
                lists[f"{outlet.path}/{slug(section)}/"] = lambda name=outlet.id, part=section: self._list(  # type: ignore[misc]
                    name, "section.html", part=part
                )
        return lists

    def _items(self, name: str, part: str | None = None) -> list[Item]:
        outlet = OUTLETS[name]
        items = [item(outlet, article, self.clock, self.base) for article in self.articles(outlet)]
        return [entry for entry in items if part in {None, entry.section}]

    def _list(
        self, name: str, template: str, kind: str = "text/html; charset=utf-8", *, part: str | None = None
    ) -> Answer:
        items = self._items(name, part)[:LATEST]
        latest = max((entry.rfc822 for entry in items), default="")
        body = listing(template, OUTLETS[name], items, self.base, part or "Tin mới")
        return Answer(body=body, kind=kind, headers={"Last-Modified": latest} if latest else {})

    def _song_lam_feed(self) -> Answer:
        """All of the paper's articles, and one whose page is gone although the feed still shows it."""
        items = self._items("song_lam")
        oldest = min(items, key=lambda entry: entry.published)
        url = f"{self.base}/song-lam/thoi-su/lich-truc-dip-le-400199.html"
        gone = Item(url, "Lịch trực dịp lễ của các cơ quan", "", oldest.published, "song_lam-gone", "Thời sự")
        body = listing("rss.xml", OUTLETS["song_lam"], [*items, gone], self.base, "Tin mới")
        return Answer(body=body, kind="application/rss+xml")

    def _sitemap_index(self) -> Answer:
        """An index as many papers have it; only one of its sitemaps holds articles."""
        names = ("sitemap-categories.xml", "sitemap-video.xml", "sitemap-news.xml", "sitemap-authors.xml")
        urls = "".join(f"<sitemap><loc>{self.base}/bien-xanh/{name}</loc></sitemap>" for name in names)
        head = '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        return Answer(body=f"{head}{urls}</sitemapindex>".encode(), kind="application/xml")

    def _broken_feed(self) -> Answer:
        """The law section's feed: an ampersand left as it is, and the end of the file missing."""
        body = listing("rss.xml", OUTLETS["song_lam"], self._items("song_lam", "Pháp luật"), self.base, "Luật & Đời")
        body = body.replace(b"&amp;", b"&")
        last = body.rfind(b"<item>")
        return Answer(body=body[: last + 120], kind="application/rss+xml")

    def _article(self, outlet: Outlet, path: str, asked: int) -> Answer:
        out = self.articles(outlet)
        for article in out:
            if article.fault == "moved" and path == outlet.old_path_of(article):
                return moved(outlet.path_of(article))
            if path == outlet.path_of(article):
                if article.fault == "stumbles" and not asked:
                    return Answer(500)
                others = [item(outlet, other, self.clock, self.base) for other in out if other is not article]
                kind = f"text/html; charset={article.charset}" if outlet.id != "van_son" else "text/html"
                body = page(outlet, article, others[:5], self.clock, self.base)
                return Answer(body=body, kind=kind, wait_s=0.4 if article.fault == "slow" else 0.0)
        return not_found()
