"""What a browser sent, checked: fields with limits, numbers, days. Nothing here knows what a field is for."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from models.errors import DiembaoError

BODY = 64 * 1024
UPLOAD = 8 * 1024 * 1024
"""Bytes of a form, and of one that carries a file."""
FIELDS = 200
LINE = 500
BIGGEST = 2**31 - 1
"""Ids beyond this cannot exist; PostgreSQL would refuse them with an error of its own."""


class FormError(DiembaoError):
    """A field that is missing, too long or not what it should be; the message is for the person."""


class TooLargeError(FormError):
    """A request body beyond BODY."""


def to_number(text: str) -> int | None:
    """A whole number from 0 to BIGGEST, or None."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(BIGGEST)):
        return None
    value = int(text)
    return value if value <= BIGGEST else None


def to_day(text: str) -> date | None:
    """A day as YYYY-MM-DD, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


@dataclass(frozen=True, slots=True)
class Form:
    """Fields of one form or query, in the order sent; `files` are what a page that takes uploads got."""

    pairs: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()

    def get(self, name: str, *, longest: int = LINE) -> str:
        """The first value, stripped, or an empty string. A longer one is refused, not cut."""
        value = next((value for key, value in self.pairs if key == name), "").strip()
        if len(value) > longest:
            message = f"Ô «{name}» dài quá {longest} ký tự"
            raise FormError(message)
        return value.replace("\x00", "")

    def many(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def number(self, name: str) -> int | None:
        return to_number(self.get(name))

    def file(self, name: str) -> bytes:
        """The bytes of an uploaded file; one that was not chosen is refused."""
        found = next((content for key, content in self.files if key == name), b"")
        if not found:
            message = "Hãy chọn tệp cần tải lên"
            raise FormError(message)
        return found

    def needed_number(self, name: str) -> int:
        value = self.number(name)
        if value is None:
            message = f"Biểu mẫu thiếu «{name}»: hãy tải lại trang rồi thử lại"
            raise FormError(message)
        return value

    def day(self, name: str) -> date | None:
        return to_day(self.get(name))


def read_query(request: Request) -> Form:
    return Form(tuple(request.query_params.multi_items()))


async def read_form(request: Request, *, upload: bool = False) -> Form:
    """The fields of a url-encoded body; files (but where `upload`) and every other type are refused unread."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if upload and kind == "multipart/form-data":
        return await _read_upload(request)
    if kind != "application/x-www-form-urlencoded":
        message = "Biểu mẫu không đúng dạng"
        raise FormError(message)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY:
            message = "Biểu mẫu quá lớn"
            raise TooLargeError(message)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ValueError as error:
        message = "Biểu mẫu không đọc được"
        raise FormError(message) from error
    return Form(tuple(pairs))


async def _read_upload(request: Request) -> Form:
    """Fields and at most one file; the name that the browser gives it is not looked at."""
    parser = MultiPartParser(request.headers, _within(request, UPLOAD), max_files=1, max_fields=FIELDS)
    try:
        parts = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        message = "Biểu mẫu không đọc được"
        raise FormError(message) from error
    pairs, files = [], []
    for name, value in parts.multi_items():
        if isinstance(value, str):
            pairs.append((name, value))
        else:
            files.append((name, await value.read()))
    await parts.close()
    return Form(tuple(pairs), tuple(files))


async def _within(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            message = f"Tệp quá lớn (tối đa {most // 1024 // 1024} MB)"
            raise TooLargeError(message)
        yield chunk
