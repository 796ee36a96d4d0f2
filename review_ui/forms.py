"""What a browser sent, checked: fields with limits, numbers, days. Nothing here knows what a field is for."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl

from starlette.requests import Request

from models.errors import DiembaoError

BODY = 64 * 1024
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
    """Fields of one form or query, in the order sent."""

    pairs: tuple[tuple[str, str], ...] = ()

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


async def read_form(request: Request) -> Form:
    """The fields of a url-encoded body; files and every other type of body are refused unread."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
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
