"""`diembao alerts`: who is told of what, and the sending itself."""

import click

from models.clock import now
from models.store import users
from models.tables import Subscription
from pipeline.config import read_settings
from pipeline.open_store import open_store


@click.group()
def alerts() -> None:
    """Báo động: ai được báo tin gì, qua kênh nào."""


@alerts.command(name="subscribe")
@click.argument("user")
@click.argument("channel")
@click.option("--name", default="Tin nghiêm trọng", show_default=True)
@click.option("--place", "places", multiple=True, help="Mã đơn vị (old:60, new:01, 00004 …); mặc định là địa bàn.")
@click.option("--type", "types", multiple=True, help="Mã loại; mặc định là mọi loại.")
@click.option("--gravity", default=0, show_default=True, help="Chỉ báo tin từ mức này trở lên.")
@click.option("--quiet", nargs=2, metavar="HH:MM HH:MM", help="Giờ yên lặng, giờ Việt Nam.")
@click.option("--ack-minutes", type=int, help="Không ai nhận sau chừng ấy phút thì báo người tiếp theo.")
@click.option("--escalate-to", type=int, help="Số của đăng ký được báo tiếp.")
def subscribe(
    *,
    user: str,
    channel: str,
    name: str,
    places: tuple[str, ...],
    types: tuple[str, ...],
    gravity: int,
    quiet: tuple[str, str] | None,
    ack_minutes: int | None,
    escalate_to: int | None,
) -> None:
    """Đăng ký cho USER nhận báo động qua CHANNEL (địa chỉ của thư viện Apprise, ví dụ mailtos://…)."""
    from pipeline.subscriptions import Wish, add_subscription  # noqa: PLC0415  -- loads the gazetteer

    store = open_store(read_settings())
    wish = Wish(name, channel, places, types, gravity, quiet, ack_minutes, escalate_to)
    with store.write() as session:
        number = add_subscription(session, user, wish)
    click.echo(f"Đã đăng ký số {number}.")


@alerts.command(name="list")
def list_command() -> None:
    """In các đăng ký (không in địa chỉ kênh: có thể chứa mật khẩu)."""
    store = open_store(read_settings())
    with store.read() as session:
        names = {user.id: user.name for user in users.all_users(session)}
        for row in session.query(Subscription).order_by(Subscription.id):
            state = "" if row.active else " (đã dừng)"
            kind = row.channel.split(":", 1)[0]
            click.echo(f"{row.id}: {names[row.user_id]} · {row.name} · {kind}{state}")


@alerts.command(name="send")
def send_command() -> None:
    """Xếp hàng, gửi và chuyển tiếp mọi báo động đến hạn."""
    from pipeline.telling import tell  # noqa: PLC0415  -- loads the gazetteer and the channels

    settings = read_settings()
    taken, failed = tell(open_store(settings), settings, now=now)
    click.echo(f"Đã gửi {taken} báo động; {failed} chưa gửi được, sẽ thử lại.")
