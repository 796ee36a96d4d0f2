"""Certificates as a browser would get them, over TLS on this machine."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.config import Settings
from pipeline.machine import certificate

NOW = datetime.now(UTC)


def own_root(folder: Path, *, until: datetime) -> Path:
    """A root of an invented office, which is also the server's own certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "own.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def served(pem: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_certificate_is_told_before_it_runs_out_and_when_nobody_trusts_it(tmp_path: Path) -> None:
    pem = own_root(tmp_path, until=NOW + timedelta(days=40))
    with served(pem) as address:
        known = Settings(public_url=address, ca_file=pem)
        assert certificate(known, NOW).state == "ok"
        assert certificate(known, NOW + timedelta(days=30)).state == "warn"
        assert certificate(known, NOW + timedelta(days=38)).state == "bad"
        unknown = certificate(Settings(public_url=address), NOW)
        assert unknown.state == "bad"
        assert "Gia hạn" in unknown.todo
    silent = certificate(known, NOW)
    assert (silent.state, "không nối được" in silent.seen) == ("warn", True)
