"""What the sample server sends: a whole answer, or bytes that come as a misbehaving server sends them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """`stream` replaces `body`: it may sleep between its pieces, and may end before `length` is reached."""

    status: int = 200
    body: bytes = b""
    kind: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    stream: Iterator[bytes] | None = None
    length: int | None = None


def not_found() -> Answer:
    return Answer(404, "<html><body><h1>Không tìm thấy trang</h1></body></html>".encode())


def moved(to: str, status: int = 301) -> Answer:
    return Answer(status, headers={"Location": to})
