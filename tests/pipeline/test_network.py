"""The way out of an organisation's network: its proxy and its own root certificates."""

import json
import os
import ssl
import subprocess
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import certifi
import pytest

from pipeline.config import Settings
from pipeline.network import NetworkError, use_network
from tests.pipeline.test_machine import NOW, own_root, served

ROOT = Path(__file__).resolve().parents[2]
ITEM = b"<item><title>Tin qua proxy</title><link>%s</link></item>"
FEED = b"<rss version='2.0'><channel><title>x</title>" + ITEM + b"</channel></rss>"
SCRIPT = """
import json, sys
from spiders.crawl import CrawlOptions, read_lists, run
from spiders.jobs import ListJob
found = []
jobs = [ListJob("bao_mau", url, "feed") for url in sys.argv[2:]]
options = CrawlOptions(proxy=sys.argv[1], delay_s=0.0, retries=0)
def keep(one):
    found.append((one.job.url, one.health, one.error, len(one.entries)))
run(lambda: read_lists(jobs, {}, keep, options))
print(json.dumps(found))
"""


class Proxy(BaseHTTPRequestHandler):
    """Answers for hosts that no name service knows; keeps what it was asked."""

    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        type(self).asked.append((self.path, self.headers.get("Proxy-Authorization", "")))
        body = FEED % b"http://bao-mau.example/tin-1-1000001.html" if self.path.endswith("/rss") else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_the_crawler_goes_through_the_proxy_and_private_addresses_stay_refused() -> None:
    handler = type("Ours", (Proxy,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        proxy = f"http://an:mat%20khau@127.0.0.1:{server.server_port}"
        wanted = ["http://bao-mau.example/rss", "http://10.0.0.7/rss"]
        run = [sys.executable, "-c", SCRIPT, proxy, *wanted]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert done.returncode == 0, done.stderr[-1500:]
    found = {url: (health, entries) for url, health, _, entries in json.loads(done.stdout)}
    assert found == {wanted[0]: ("ok", 1), wanted[1]: ("refused", 0)}
    asked = dict(handler.asked)
    assert asked[wanted[0]] == "Basic YW46bWF0IGtoYXU="
    assert not any("10.0.0.7" in path for path in asked)


def test_mail_and_messages_trust_the_organisation_s_own_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    pem = own_root(tmp_path, until=NOW.replace(year=NOW.year + 1))
    settings = Settings(data_dir=tmp_path / "var", ca_file=pem, proxy="http://proxy.example:3128")
    use_network(settings)
    assert os.environ["HTTPS_PROXY"] == "http://proxy.example:3128"
    monkeypatch.setenv("SSL_CERT_FILE", os.environ["SSL_CERT_FILE"])
    with served(pem) as address:
        script = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
        run = [sys.executable, "-c", script, address]
        done = subprocess.run(run, capture_output=True, text=True, timeout=30, check=False)
        assert "HTTP Error 501" in done.stderr, "the certificate was trusted, the server knows no pages"
        untrusting = {**os.environ, "SSL_CERT_FILE": str(Path(ssl.get_default_verify_paths().openssl_cafile))}
        done = subprocess.run(run, env=untrusting, capture_output=True, text=True, timeout=30, check=False)
        assert "CERTIFICATE_VERIFY_FAILED" in done.stderr
    (tmp_path / "khong.pem").write_text("không có gì")
    with pytest.raises(NetworkError, match="không có chứng thư"):
        use_network(replace(settings, ca_file=tmp_path / "khong.pem"))


def test_a_machine_without_root_certificates_takes_those_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ssl.get_default_verify_paths()
    empty = tmp_path / "certs"
    empty.mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", "")
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths._replace(cafile=None, capath=str(empty)))
    use_network(Settings(data_dir=tmp_path / "var"))
    assert os.environ["SSL_CERT_FILE"] == certifi.where()
    monkeypatch.setenv("SSL_CERT_FILE", "own.pem")
    use_network(Settings(data_dir=tmp_path / "var"))
    assert os.environ["SSL_CERT_FILE"] == "own.pem", "what the operator set stays"
