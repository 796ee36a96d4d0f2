"""Channels of the Apprise library (BSD): e-mail, SMS gateways, chat; one address each, checked before it is kept."""

from dataclasses import dataclass
from typing import cast

from apprise import Apprise, AppriseAttachment, NotifyFormat
from apprise.attachment.memory import AttachMemory

from models.errors import DiembaoError

MAIL = "mailto"
"""What the addresses of mail channels begin with (mailto, mailtos)."""


class ChannelError(DiembaoError):
    """An address that no channel can be made from. The message never repeats the address: it may hold a password."""


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to one recipient. Mail shows `html` (and text beside it), any other channel `text`; `files` go along
    where the channel can carry them."""

    title: str
    text: str
    html: str
    files: tuple[Attached, ...] = ()


def check_channel(address: str) -> None:
    """Raises ChannelError for an address that Apprise cannot read."""
    if not Apprise().add(address):
        message = "địa chỉ kênh không đúng (ví dụ: mailtos://người:mậtkhẩu@máychủ?to=nhan@coquan.example)"
        raise ChannelError(message)


def send(channel: str, title: str, body: str) -> bool:
    """One alert over one channel; False where it was not taken."""
    apprise = Apprise()
    if not apprise.add(channel):
        return False
    return cast("bool", apprise.notify(title=title, body=body, body_format=NotifyFormat.TEXT))


def send_letter(channel: str, letter: Letter) -> bool:
    """One letter over one channel; False where it was not taken."""
    apprise = Apprise()
    if not apprise.add(channel):
        return False
    files = AppriseAttachment()
    if all(service.attachment_support for service in apprise):
        for file in letter.files:
            memory = AttachMemory(content=file.content, name=file.name, mimetype=file.mime)  # type: ignore[no-untyped-call]
            files.add(memory)
    mail = channel.startswith(MAIL)
    return cast(
        "bool",
        apprise.notify(
            title=letter.title,
            body=letter.html if mail else letter.text,
            body_format=NotifyFormat.HTML if mail else NotifyFormat.TEXT,
            attach=files if len(files) else None,
        ),
    )
