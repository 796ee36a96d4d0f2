import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from pipeline.health import ListFacts, list_diagnosis
from spiders.jobs import ListJob
from spiders.source import Source, SourceError, parse_source
from spiders.source_text import source_text
from tests.spiders.conftest import Crawler, quick

FEED = b"<rss version='2.0'><channel><item><title>Tin</title><link>https://a.example/1</link></item></channel></rss>"
AT = datetime(2026, 11, 21, tzinfo=UTC)


class Paper(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/feed" else 404)
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the paper's key and of a certificate that only itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(
        key, hashes.SHA256()
    )
    file = tmp_path_factory.mktemp("tls") / "paper.pem"
    file.write_bytes(
        signed.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return file


@pytest.fixture(scope="module")
def address(authority: Path) -> Iterator[str]:
    """A paper on loopback with that certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Paper)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def outlet(name: str, address: str, *, verify: bool) -> Source:
    feeds = (f"https://{address}/feed",)
    return Source(name, name, f"https://{address}/", "company", hosts=(address,), feeds=feeds, verify=verify)


def test_a_paper_that_cannot_prove_who_it_is_is_read_only_where_its_source_says_so(
    crawler: Crawler, address: str, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = {name: outlet(name, address, verify=name != "tin_cay") for name in ("la", "tin_cay")}
    jobs = [ListJob(name, f"https://{address}/feed") for name in papers]
    port = address.partition(":")[2]
    allowed = quick(frozenset({address, f"127.0.0.1:{port}"}))
    found = {outcome.job.outlet: outcome for outcome in crawler.lists(jobs, allowed, papers)}
    assert (found["tin_cay"].health, len(found["tin_cay"].entries)) == ("ok", 1)
    assert (found["la"].health, found["la"].entries) == ("refused", ())
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    (vouched,) = crawler.lists(jobs[:1], allowed, {"la": papers["la"]})
    assert vouched.health == "ok", "a paper for which an authority vouches is read"
    facts = ListFacts("https://a.example/rss", "feed", found["la"].health, None, found["la"].error, polled_at=AT)
    told = list_diagnosis(facts, AT)
    assert (told.code, "chứng chỉ" in told.words, "verify = false" in told.todo) == ("blocked", True, True)


def test_the_exception_is_written_in_the_source_and_nothing_but_a_truth_value_is_taken_for_it() -> None:
    text = source_text(outlet("bao_mau", "bao-mau.example", verify=False))
    assert "verify = false" in text
    assert not parse_source("bao_mau", text).verify
    with pytest.raises(SourceError, match=r"bao_mau\.toml: verify"):
        parse_source("bao_mau", text.replace("verify = false", 'verify = "no"'))
