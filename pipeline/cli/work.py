"""`diembao work`: one worker of several machines; `diembao queue`: what its queue holds."""

import click

from models.clock import VIET_NAM, now
from pipeline.config import read_settings
from pipeline.open_store import open_store

QUEUES = ("read", "mind", "again", "tell")


@click.command()
@click.option(
    "--queue",
    "queues",
    multiple=True,
    type=click.Choice(QUEUES),
    help="Chỉ nhận việc này: đọc, nghĩ, đánh giá lại kho bài, báo.",
)
@click.option("--reads", default=20, show_default=True, help="Số báo đọc cùng lúc.")
@click.option("--sample-press", metavar="HOST:PORT", help="Đọc các báo mẫu đang chạy ở địa chỉ này của máy.")
def work(queues: tuple[str, ...], reads: int, sample_press: str | None) -> None:
    """Nhận việc từ hàng đợi chung (PostgreSQL) trên bao nhiêu máy cũng được; dừng bằng Ctrl-C hoặc SIGTERM."""
    from pipeline.cluster.work import Pace  # noqa: PLC0415  -- heavy imports only when called
    from pipeline.cluster.work import work as run  # noqa: PLC0415
    from pipeline.learning.live import live_judge  # noqa: PLC0415
    from pipeline.papers import PapersNow  # noqa: PLC0415
    from pipeline.scanning import choose_sources, sample_options, web_options  # noqa: PLC0415

    settings = read_settings()
    options = web_options(settings)
    if sample_press:
        options = sample_options(options, sample_press)
    store = open_store(settings)
    sources = PapersNow(store, choose_sources(settings, sample_press=sample_press))
    click.echo(f"Nhận việc cho {len(sources)} báo. Dừng bằng Ctrl-C.", err=True)
    run(
        store,
        settings,
        sources,
        options,
        judge=live_judge(store, settings),
        queues=frozenset(queues or QUEUES),
        pace=Pace(reads=reads),
    )


@click.group()
def queue() -> None:
    """Hàng đợi việc của nhiều máy: xem, chạy lại việc bị gác, đánh giá lại kho bài."""


@queue.command()
def show() -> None:
    """Số việc chờ, đang làm, máy đang nhận việc, và các việc bị gác lại."""
    from pipeline.cluster.queue import queue_state  # noqa: PLC0415

    state = queue_state(open_store(read_settings()))
    if state is None:
        click.echo("Chưa có hàng đợi: nơi này chạy một máy (`diembao watch`).")
        return
    click.echo(f"{state.todo} việc chờ, {state.doing} đang làm, {state.workers} tiến trình nhận việc.")
    for one in state.aside:
        when = "" if one.at is None else one.at.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M")
        click.echo(f"Bị gác lại: số {one.id} {one.task} {one.args} sau {one.attempts} lần, {when}")


@queue.command()
@click.argument("number", type=int)
def retry(number: int) -> None:
    """Chạy lại việc số NUMBER đã bị gác."""
    from pipeline.cluster.queue import try_again  # noqa: PLC0415

    try_again(open_store(read_settings()), number, now=now())
    click.echo(f"Việc số {number} sẽ được chạy lại.")


@queue.command()
@click.argument("name")
def forget(name: str) -> None:
    """Bỏ máy NAME khỏi danh sách: máy đã thôi dùng hẳn, không phải máy đang hỏng."""
    from models.errors import DiembaoError  # noqa: PLC0415
    from models.store import machines  # noqa: PLC0415

    with open_store(read_settings()).write() as session:
        if not machines.forget(session, name):
            message = f"không có máy nào tên «{name}»"
            raise DiembaoError(message)
    click.echo(f"Không nhắc máy «{name}» nữa.")


@queue.command()
def rejudge() -> None:
    """Đánh giá lại cả kho bài bằng mô hình đang dùng, chia cho mọi máy."""
    from pipeline.cluster.queue import caller_app, install  # noqa: PLC0415

    store = open_store(read_settings())
    install(store)
    with caller_app(store).open() as app:
        app.configure_task("plan_rejudging", queue="again", lock="plan_rejudging").defer()
    click.echo("Đã xếp việc đánh giá lại; xem tiến độ bằng `diembao queue show`.")
