"""A loopback web server for the sample papers, in a thread of its own."""

import hashlib
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from models.clock import VIET_NAM
from spiders.sample_press.answer import Answer, moved
from spiders.sample_press.faults import closed_paper, fault
from spiders.sample_press.papers import Papers
from spiders.sample_press.render import Clock
from spiders.source import Source, load_sources

HOST = "127.0.0.1"
SOURCES = Path(__file__).with_name("sources")
FAULTY = Path(__file__).with_name("faulty")
MAX_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; `at` is the monotonic clock, header names are in lower case."""

    at: float
    path: str
    headers: dict[str, str]


class SamplePress:
    """`with SamplePress(day) as press:` — five invented papers at `press.base`, on loopback only.

    `day` is the last of the three days that the papers know; `edition` 0, 1 and 2 are those days, 3 the evening
    of the last, when some articles were changed, added or taken down. Port 0 takes any free one.
    """

    def __init__(self, day: date, *, port: int = 0, edition: int = 2) -> None:
        self.day, self.edition = day, edition
        self.opened = datetime.now(VIET_NAM)
        self.asked: list[Asked] = []
        self.redirects: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._closing = threading.Event()
        self._server = _Server((HOST, port), _Handler)
        self._server.press = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    @property
    def hosts(self) -> frozenset[str]:
        """The exception that the crawler's guard has to be given by name."""
        return frozenset({self.base.removeprefix("http://")})

    @property
    def sources(self) -> dict[str, Source]:
        return load_sources(SOURCES, base=self.base)

    @property
    def faulty_sources(self) -> dict[str, Source]:
        """Papers that cannot be read, each for a reason of its own."""
        return load_sources(FAULTY, base=self.base)

    @property
    def papers(self) -> Papers:
        """What is out now."""
        return Papers(Clock(self.day, self.opened, self.edition), self.base)

    def advance(self) -> None:
        """The next day's articles come out; after the last day, that evening's changes."""
        self.edition = min(self.edition + 1, 3)

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked]

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        asked = self._counts[path]
        self._counts[path] += 1
        self.asked.append(Asked(time.monotonic(), path, headers))
        if path in self.redirects:
            return moved(self.redirects[path], 302)
        if path.startswith("/loi/"):
            return fault(path, asked)
        return closed_paper(path) or _conditional(self.papers.answer(path, asked), headers)

    def pause(self, seconds: float) -> None:
        """Wait as a slow server does, but not beyond the server's end."""
        self._closing.wait(min(seconds, MAX_WAIT_S))

    @property
    def closing(self) -> bool:
        return self._closing.is_set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _conditional(answer: Answer, headers: dict[str, str]) -> Answer:
    """304 for a copy that is still good: by ETag where the client has one, else by date."""
    if answer.status != 200:
        return answer
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    out = replace(answer, headers={**answer.headers, "ETag": etag})
    if "if-none-match" in headers:
        same = headers["if-none-match"] in {etag, f"W/{etag}"}
    else:
        same = headers.get("if-modified-since", "-") == answer.headers.get("Last-Modified")
    return replace(out, status=304, body=b"") if same else out


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    press: SamplePress

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up; that is no news."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65_536
    timeout = 30

    def do_GET(self) -> None:
        press = self.server.press  # type: ignore[attr-defined]
        path = urlsplit(self.path).path
        answer = press.answer(path, {name.lower(): value for name, value in self.headers.items()})
        if answer.wait_s:
            press.pause(answer.wait_s)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Type", answer.kind)
        if answer.stream is not None:
            self._stream(press, answer)
            return
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _stream(self, press: SamplePress, answer: Answer) -> None:
        self.close_connection = True
        if answer.length is not None:
            self.send_header("Content-Length", str(answer.length))
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for piece in answer.stream or ():
                if press.closing:
                    return
                self.wfile.write(piece)
                if len(piece) < 1_000:
                    self.wfile.flush()
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the library's name
        """Quiet: requests are kept in `SamplePress.asked`."""
