"""WARC records as bytes: one gzip member each, found again also behind damage."""

import base64
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders import sealing

LARGEST = 64 * 1024 * 1024
"""Bytes of a record when unpacked; ours are far smaller, so more is damage or a bomb."""
PAYLOAD = "WARC-Payload-Digest"
MAGIC = b"\x1f\x8b\x08"
BLOCK = 256 * 1024
NOT_KEPT = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection"})
"""Headers of the transfer, which do not describe the stored body; they are kept under another name."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A piece of a file: a record unpacked, or what is wrong there. `length` reaches to the next record."""

    offset: int
    length: int
    plain: bytes = b""
    fault: Literal["torn", "damaged"] | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A response record. `sound`: both digests that the record states are right."""

    fields: Mapping[str, str]
    status: int
    headers: Headers
    body: bytes
    sound: bool


def pack(plain: bytes, level: int) -> bytes:
    """One gzip member, sealed where a key is in use."""
    packer = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return sealing.seal(packer.compress(plain) + packer.flush())


def response_record(
    url: str, when: datetime, status: int, *, headers: Headers, body: bytes, extra: Mapping[str, str]
) -> bytes:
    """A `response` record with SHA-256 digests of block and payload; `body` is without transfer codings.

    `extra` are further WARC fields; one named PAYLOAD saves taking the body's digest again.
    """
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    kept = [(f"X-Archive-Orig-{k}" if k.lower() in NOT_KEPT else k, one_line(v)) for k, v in headers]
    http = StatusAndHeaders(f"{status} {phrase}", [*kept, ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
    http.compute_headers_buffer()
    fields = {
        "WARC-Date": when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "WARC-Block-Digest": digest(http.headers_buff, body),
        **{name: one_line(value) for name, value in extra.items()},
    }
    if PAYLOAD not in fields:
        fields[PAYLOAD] = digest(body)
    out = BytesIO()
    writer = WARCWriter(out, gzip=False)
    record = writer.create_warc_record(
        one_line(url),
        "response",
        payload=BytesIO(body),
        length=len(body),
        http_headers=http,
        warc_headers_dict=fields,
    )
    writer.write_record(record)
    return out.getvalue()


def info_record(fields: Mapping[str, str]) -> bytes:
    """The record that opens a file and says who wrote it."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False)
    writer.write_record(writer.create_warcinfo_record("", dict(fields)))
    return out.getvalue()


def parse_record(plain: bytes) -> Record | None:
    """None for records that are no responses. Raises ValueError for bytes that are no record."""
    try:
        record = next(iter(ArchiveIterator(BytesIO(plain), check_digests=True)))
        if record.rec_type != "response" or record.http_headers is None:
            return None
        body = record.content_stream().read()
        return Record(
            fields=dict(record.rec_headers.headers),
            status=int(record.http_headers.get_statuscode()),
            headers=tuple((str(name), str(value)) for name, value in record.http_headers.headers),
            body=body,
            sound=record.digest_checker.passed is True,
        )
    except Exception as exc:
        raise ValueError(f"no WARC record: {type(exc).__name__}: {exc}") from exc


def unpack(stream: BinaryIO, offset: int) -> tuple[int, bytes]:
    """Length and content of the member at `offset`. EOFError: it is cut off; ValueError: it is damaged."""
    stream.seek(offset)
    if sealing.is_sealed(stream.read(len(sealing.MAGIC))):
        length, member = sealing.unseal(stream, offset, largest=LARGEST)
        return length, unpack(BytesIO(member), 0)[1]
    stream.seek(offset)
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    parts: list[bytes] = []
    size = read = 0
    while not unpacker.eof:
        block = stream.read(BLOCK)
        if not block:
            raise EOFError("the record is cut off")
        read += len(block)
        try:
            parts.append(unpacker.decompress(block, LARGEST + 1 - size))
        except zlib.error as exc:
            raise ValueError(str(exc)) from exc
        size += len(parts[-1])
        if size > LARGEST or unpacker.unconsumed_tail:
            raise ValueError(f"the record is larger than {LARGEST} bytes")
    return read - len(unpacker.unused_data), b"".join(parts)


def members(path: Path) -> Iterator[Member]:
    """All records of a file in order. Behind damage the next record that opens well is looked for."""
    size = path.stat().st_size
    offset = 0
    with path.open("rb") as stream:
        while offset < size:
            try:
                length, plain = unpack(stream, offset)
                yield Member(offset, length, plain)
            except (EOFError, ValueError) as exc:
                following = _next_record(stream, offset + 1, size)
                length = following - offset
                torn = isinstance(exc, EOFError) and following == size
                yield Member(offset, length, fault="torn" if torn else "damaged")
            offset += length


def _next_record(stream: BinaryIO, start: int, size: int) -> int:
    """Where the next record begins, or the end of the file."""
    while start < size:
        stream.seek(start)
        block = stream.read(BLOCK)
        found = min((at for sign in (MAGIC, sealing.MAGIC) if (at := block.find(sign)) >= 0), default=-1)
        if found < 0:
            start += max(1, len(block) - len(MAGIC) + 1)
        elif _opens(stream, start + found):
            return start + found
        else:
            start += found + 1
    return size


def _opens(stream: BinaryIO, offset: int) -> bool:
    stream.seek(offset)
    if sealing.is_sealed(stream.read(len(sealing.MAGIC))):
        try:
            return bool(sealing.unseal(stream, offset, largest=LARGEST))
        except (EOFError, ValueError):
            return False
    stream.seek(offset)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(stream.read(4_096), 5) == b"WARC/"
    except zlib.error:
        return False


def digest(*parts: bytes) -> str:
    """`sha256:` and the digest in base 32, as the WARC world writes it."""
    total = sha256()
    for part in parts:
        total.update(part)
    return "sha256:" + base64.b32encode(total.digest()).decode()


def hexadecimal(stated: str) -> str:
    """The digits of a digest of ours."""
    algorithm, _, value = stated.partition(":")
    if algorithm != "sha256":
        raise ValueError(f"not a SHA-256 digest: {stated}")
    return base64.b32decode(value).hex()


def one_line(value: Any) -> str:
    """No header may smuggle in another."""
    return " ".join(str(value).split())
