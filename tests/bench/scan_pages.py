"""Pages for the scan bench: the mark-up and size of the saved pages with other words in each, made when asked for.

`python -m tests.bench.scan_pages` serves them on loopback and prints its address. Page N is the same each time.
"""

import asyncio
import html
import itertools
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from spiders.replay import SavedPages
from spiders.source import ArticleRules, Source, load_sources, source_of

SAVED = Path(__file__).resolve().parents[2] / "../shared/press/pages"
WORD = re.compile(r"[^\W\d_]+")
ENTRIES = 50
"""Entries of a feed."""
ONSETS = "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x".split()  # noqa: SIM905 easier to read
RIMES = (  # noqa: SIM905
    "ạ á ảo ãi ầm ẫn ậu ắc ặng ẹo ế ếch ểu ỉnh ịch ọc õng ỏi ồn ốt ổi ộc ờn ợt ủng ục ùn ứt ừng ựa ỳ ỹ ướng ượt "
    "iền iệp uấn uyệt"
).split()
VOCABULARY = [(onset + rime).encode() for rime, onset in itertools.product(RIMES, ONSETS)]


@dataclass(frozen=True, slots=True)
class Template:
    """A saved page cut at its Vietnamese words: `pieces` has one entry more than `words`."""

    domain: str
    pieces: list[bytes]
    words: list[int]

    def fill(self, number: int, url: bytes) -> bytes:
        """Each word of the page becomes another one, the same wherever it occurs on the page."""
        shift, size = number * 131, len(VOCABULARY)
        parts = [b""] * (2 * len(self.words) + 1)
        parts[::2] = self.pieces
        parts[1::2] = [VOCABULARY[(word + shift) % size] for word in self.words]
        return b"".join(parts).replace(b"@@URL@@", url)


def make_template(domain: str, url: str, raw: bytes) -> Template:
    text = raw.decode("utf-8", "replace")
    for form in (url, html.escape(url), url.replace("/", "\\/")):
        text = text.replace(form, "@@URL@@")
    ids: dict[str, int] = {}
    pieces, words, last = [], [], 0
    for found in WORD.finditer(text):
        if found[0].isascii():
            continue
        pieces.append(text[last : found.start()].encode())
        words.append(ids.setdefault(found[0].lower(), 17 * len(ids)))
        last = found.end()
    return Template(domain, [*pieces, text[last:].encode()], words)


def templates(folder: Path = SAVED) -> list[Template]:
    saved = SavedPages(folder)
    return [make_template(saved.domains[url], url, file.read_bytes()) for url, file in saved.files.items()]


def path_of(domain: str, number: int) -> str:
    return f"/{domain}/bai-mau-{1_000_001 + number}.html"


def domains(folder: Path = SAVED) -> list[str]:
    return list(SavedPages(folder).domains.values())


def urls(base: str, count: int) -> list[tuple[str, str]]:
    """Domain and address of each page."""
    names = domains()
    return [(name, base + path_of(name, n)) for n, name in zip(range(count), itertools.cycle(names), strict=False)]


def sources(base: str, count: int) -> dict[str, Source]:
    """The papers of the pages by domain, with their own rules where the catalogue has some, and with feeds here."""
    catalogue, names = load_sources(), domains()
    feeds: dict[str, list[str]] = {}
    for kind, name in enumerate(names):
        own = range(kind, count, len(names))
        feeds.setdefault(name, []).extend(f"{base}/feed/{n}-{count}.xml" for n in own[::ENTRIES])
    found = {}
    for name in dict.fromkeys(names):
        known = source_of(f"https://{name}/", catalogue)
        found[name] = Source(
            id=name,
            title=name,
            home=f"{base}/{name}/",
            level="company",
            hosts=(base.partition("://")[2],),
            feeds=tuple(feeds[name]) or (f"{base}/feed/0-0.xml",),
            delay_s=0.0,
            article=known.article if known else ArticleRules(),
        )
    return found


class Server(asyncio.Protocol):
    """Just enough HTTP/1.1 with connections kept open, so that the server is not what is measured."""

    made: list[Template]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.rest = transport, b""

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            status, kind, body = self.answer(head.split(b" ", 2)[1].decode())
            self.transport.write(
                b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(body))
            )
            self.transport.write(body)

    def answer(self, path: str) -> tuple[bytes, bytes, bytes]:
        base = f"http://{':'.join(map(str, self.transport.get_extra_info('sockname')))}"
        if (found := re.search(r"-(\d+)\.html$", path)) is not None:
            number = int(found[1]) - 1_000_001
            body = self.made[number % len(self.made)].fill(number, (base + path).encode())
            return b"200 OK", b"text/html; charset=utf-8", body
        if (found := re.search(r"/feed/(\d+)-(\d+)\.xml$", path)) is not None:
            return b"200 OK", b"application/rss+xml", self.feed(base, int(found[1]), int(found[2]))
        return b"404 Not Found", b"text/plain", b""

    def feed(self, base: str, start: int, count: int) -> bytes:
        items = []
        domain = self.made[start % len(self.made)].domain
        for number in range(start, count, len(self.made))[:ENTRIES]:
            words = [VOCABULARY[(number * 31 + k * 57) % len(VOCABULARY)].decode() for k in range(40)]
            items.append(
                f"<item><title>{' '.join(words[:12]).capitalize()} {number}</title>"
                f"<link>{base}{path_of(domain, number)}</link><description>{' '.join(words[12:])}</description>"
                "<pubDate>Tue, 10 Mar 2026 08:00:00 +0700</pubDate></item>"
            )
        return f'<rss version="2.0"><channel><title>x</title>{"".join(items)}</channel></rss>'.encode()


async def serve() -> None:
    Server.made = templates()
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
