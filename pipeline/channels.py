"""Channels of the Apprise library (BSD): e-mail, SMS gateways, chat; one address each, checked before it is kept."""

from typing import cast

from apprise import Apprise, NotifyFormat

from models.errors import DiembaoError


class ChannelError(DiembaoError):
    """An address that no channel can be made from. The message never repeats the address: it may hold a password."""


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
