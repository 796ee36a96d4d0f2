"""How what leaves this machine gets out: through the organisation's proxy, trusting its own root certificates too.

The libraries that send mail and messages (smtplib, requests under Apprise) take both from well-known variables of the
process; the crawler is told by its options.
"""

import os
import ssl
from pathlib import Path

import certifi

from models.errors import DiembaoError
from pipeline.config import Settings

BUNDLE = "ca-bundle.pem"
HERE = "localhost,127.0.0.1,::1"
BEGIN = b"-----BEGIN CERTIFICATE-----"


class NetworkError(DiembaoError):
    """The file of root certificates cannot be used."""


def use_network(settings: Settings) -> None:
    """Raises NetworkError where the certificates cannot be read or put together."""
    if settings.proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            os.environ[name] = settings.proxy
        for name in ("NO_PROXY", "no_proxy"):
            os.environ[name] = HERE
    if settings.ca_file is not None:
        bundle = str(_bundle(settings.ca_file, settings.data_dir))
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            os.environ[name] = bundle
    elif not _machine_has_roots():
        os.environ.setdefault("SSL_CERT_FILE", certifi.where())


def _machine_has_roots() -> bool:
    """Small servers are installed without any: every paper would be refused."""
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


def _bundle(own: Path, folder: Path) -> Path:
    """The usual roots and ours in one file, for the libraries take one file only."""
    try:
        ours = own.read_bytes()
        if BEGIN not in ours:
            raise NetworkError(f"{own}: không có chứng thư PEM nào")
        wanted = Path(certifi.where()).read_bytes() + b"\n" + ours
        path = folder / BUNDLE
        if not path.exists() or path.read_bytes() != wanted:
            folder.mkdir(parents=True, exist_ok=True)
            partial = path.with_suffix(f".{os.getpid()}")
            partial.write_bytes(wanted)
            partial.replace(path)
    except OSError as error:
        raise NetworkError(f"{own}: không dùng được chứng thư gốc: {error.strerror}") from error
    return path
