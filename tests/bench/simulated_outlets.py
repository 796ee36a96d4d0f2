"""Hundreds of small newspapers on loopback, each at an address of its own, with a feed and pages of invented text.

`python -m tests.bench.simulated_outlets COUNT` serves them and prints the port.
"""

import asyncio
import itertools
import sys

from spiders.sample_press import load_articles
from spiders.source import ArticleRules, Source

ENTRIES = 10
LATENCY_S = 0.15
DELAY_S = 0.5


def address(number: int) -> str:
    return f"127.1.{number // 200}.{number % 200 + 1}"


def hosts(port: int, count: int) -> frozenset[str]:
    return frozenset(f"{address(number)}:{port}" for number in range(count))


def sources(port: int, count: int) -> dict[str, Source]:
    found = {}
    for number in range(count):
        base = f"http://{address(number)}:{port}"
        name = f"mo_phong_{number}"
        rules = ArticleRules(title=("h1",), body=("article p",))
        found[name] = Source(
            id=name,
            title=f"Báo mô phỏng {number}",
            home=f"{base}/",
            level="unknown",
            feeds=(f"{base}/rss",),
            delay_s=DELAY_S,
            article=rules,
        )
    return found


def feed(base: str, number: int) -> str:
    items = "".join(
        f"<item><title>Tin mô phỏng {number}-{entry}: tuyến đường mới thông xe</title>"
        f"<link>{base}/bai-{number}-{entry}-1{number:04}{entry:03}.html</link></item>"
        for entry in range(ENTRIES)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'


class Press:
    def __init__(self) -> None:
        self.bodies = [article.text.body for article in load_articles().values() if article.text.body]
        self.turn = itertools.count()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keep-alive, one answer a request after the usual wait of a newspaper's server."""
        host, port = writer.get_extra_info("sockname")[:2]
        number = (int(host.split(".")[2]) * 200) + int(host.split(".")[3]) - 1
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                await asyncio.sleep(LATENCY_S)
                status, kind, body = self.page(line.split()[1].decode(), f"http://{host}:{port}", number)
                head = (
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
                )
                writer.write(head.encode() + body)
                await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    def page(self, path: str, base: str, number: int) -> tuple[str, str, bytes]:
        if path == "/rss":
            return "200 OK", "application/rss+xml", feed(base, number).encode()
        if path.startswith("/bai-"):
            body = self.bodies[next(self.turn) % len(self.bodies)]
            paragraphs = "".join(f"<p>{part}</p>" for part in body)
            text = f"<html><body><h1>Bài {path}</h1><article>{paragraphs}<p>{path}</p></article></body></html>"
            return "200 OK", "text/html", text.encode()
        return "404 Not Found", "text/plain", b"khong co"


async def serve(count: int) -> None:
    press = Press()
    first = await asyncio.start_server(press.answer, address(0), 0, backlog=256)
    port = first.sockets[0].getsockname()[1]
    rest = [address(number) for number in range(1, count)]
    servers = [first, await asyncio.start_server(press.answer, rest, port, backlog=256)] if rest else [first]
    print(port, flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
