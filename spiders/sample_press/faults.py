"""What goes wrong on the web, one address each under /loi/, and a paper for each way of being unreachable."""

import gzip
import time
from collections.abc import Callable, Iterator
from functools import cache

from spiders.sample_press.answer import Answer, moved, not_found
from spiders.sample_press.render import NOTICE

MEGABYTE = 1024 * 1024
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head>"
    '<body><div class="cf-turnstile"></div><script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>'
)
EMPTY_FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo Trang Trống</title>'
    f"<link>https://trang-trong.example/</link><description>{NOTICE}</description></channel></rss>"
)
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "haha">'
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    + ']><rss version="2.0"><channel><title>&e9;</title>'
    "<item><title>&e9;</title><link>/bai-mau-400123.html</link></item></channel></rss>"
)
"""Four gigabytes, if somebody unfolds it."""


def closed_paper(path: str) -> Answer | None:
    """The papers of `faulty/`: shut, empty, guarded by a captcha, gone, hanging, busy, and never to be read."""
    kinds = {
        "/cong-kin/": Answer(403, b"<html><body>Forbidden</body></html>"),
        "/trang-trong/": Answer(body=EMPTY_FEED.encode(), kind="application/rss+xml"),
        "/hoi-nguoi/": Answer(body=CHALLENGE.encode()),
        "/dung-xa/": Answer(410),
        "/cham-chap/": Answer(body=EMPTY_FEED.encode(), kind="application/rss+xml", wait_s=20),
        "/nghen/": Answer(429, headers={"Retry-After": "3600"}),
        "/cam-doc/": Answer(body=EMPTY_FEED.encode(), kind="application/rss+xml"),
    }
    return next((answer for start, answer in kinds.items() if path.startswith(start)), None)


def fault(path: str, asked: int) -> Answer:
    """`/loi/NAME/ARGUMENT/bai-NUMBER.html`; `asked` is how often this address was asked for before."""
    name, argument, *_ = [*path.removeprefix("/loi/").split("/"), ""]
    make = FAULTS.get(name)
    return not_found() if make is None else make(argument, asked)


def _hops(argument: str, _: int) -> Answer:
    left = int(argument)
    return moved(f"/loi/chuyen/{left - 1}/bai-400123.html", 302) if left else _page("Bài mẫu ở cuối đường chuyển hướng")


def _again_and_again(argument: str, asked: int) -> Answer:
    """`TIMES-STATUS`: so many failures, then fine."""
    times, _, status = argument.partition("-")
    return Answer(int(status or 500)) if asked < int(times) else _page("Bài mẫu sau khi máy chủ khỏe lại")


def _busy(argument: str, asked: int) -> Answer:
    """`SECONDS`: asks for a wait once."""
    return Answer(429, headers={"Retry-After": argument}) if not asked else _page("Bài mẫu sau khi máy chủ hết bận")


def _page(title: str) -> Answer:
    paragraphs = (
        "Trang này dùng để thử việc đọc báo khi máy chủ gặp trục trặc; nội dung chỉ là chữ mẫu cho đủ một bài.",
        "Buổi sáng ở thị trấn mẫu, quán nước đầu ngõ mở cửa sớm, người đi chợ dừng lại hỏi nhau chuyện mùa màng.",
        "Chiều về, đám trẻ thả diều trên bờ đê, còn người lớn bàn việc sửa con đường vào xóm trước mùa mưa tới.",
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = (
        f"<html><head><title>{title}</title><meta property='og:title' content='{title}'></head>"
        f"<body><article><h1>{title}</h1>{text}</article><footer>{NOTICE}</footer></body></html>"
    )
    return Answer(body=html.encode())


@cache
def _bomb() -> bytes:
    return gzip.compress(b"0" * (64 * MEGABYTE), 9)


def _endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 65_536


def _drip() -> Iterator[bytes]:
    while True:
        yield b"<p>"
        time.sleep(0.2)


def _cut() -> Iterator[bytes]:
    yield "<html><body><p>Trang bị đứt giữa".encode()


def _many_entries() -> Iterator[bytes]:
    yield b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>'
    for number in range(100_000):
        yield b"<item><title>Tin so %d trong ngay</title><link>http://x.example/%d.html</link></item>" % (
            number,
            100_000 + number,
        )
    yield b"</channel></rss>"


FAULTS: dict[str, Callable[[str, int], Answer]] = {
    "trang": lambda argument, _: _page(f"Bài mẫu số {argument} của bộ thử"),
    "ra-mang-rieng": lambda *_: moved("http://10.0.0.1/", 302),
    "ve-may-nay": lambda *_: moved("http://127.0.0.1:9/", 302),
    "ve-ten-may-nay": lambda *_: moved("http://localhost:9/", 302),
    "ve-tep": lambda *_: moved("file:///etc/hostname", 302),
    "vong-tron": lambda *_: moved("/loi/vong-tron", 302),
    "chuyen": _hops,
    "bom": lambda *_: Answer(body=_bomb(), headers={"Content-Encoding": "gzip"}),
    "bom-xml": lambda *_: Answer(body=ENTITIES.encode(), kind="application/rss+xml"),
    "bom-gz": lambda *_: Answer(body=_bomb(), kind="application/gzip"),
    "qua-lon": lambda *_: Answer(length=500 * MEGABYTE, stream=_endless()),
    "vo-tan": lambda *_: Answer(stream=_endless()),
    "nho-giot": lambda *_: Answer(stream=_drip()),
    "dut": lambda *_: Answer(length=10_000, stream=_cut()),
    "treo": lambda *_: Answer(wait_s=20),
    "vap": _again_and_again,
    "ban": _busy,
    "ma": lambda argument, _: Answer(int(argument), b"<html><body>x</body></html>"),
    "captcha": lambda *_: Answer(403, CHALLENGE.encode()),
    "anh": lambda *_: Answer(body=b"\x89PNG\r\n\x1a\n" + bytes(100), kind="image/png"),
    "rac": lambda *_: Answer(body=bytes(range(256)) * 40),
    "rong": lambda *_: Answer(),
    "nen-hong": lambda *_: Answer(body=b"not gzip at all", headers={"Content-Encoding": "gzip"}),
    "tram-nghin-tin": lambda *_: Answer(stream=_many_entries(), kind="application/rss+xml"),
}
