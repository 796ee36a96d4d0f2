"""`diembao recall`: draw the day's random samples, and see what recall they certify."""

import click

from pipeline.config import read_settings
from pipeline.open_store import open_store

TARGET = 0.9


@click.group()
def recall() -> None:
    """Mức độ không bỏ sót: lấy mẫu ngẫu nhiên và xem kết quả."""


@recall.command()
@click.option("--unlisted", default=40, show_default=True, type=click.IntRange(0), help="Bài mỗi ngày ngoài danh sách.")
@click.option("--rejected", default=5, show_default=True, type=click.IntRange(0), help="Bài mỗi ngày đã bị bỏ qua.")
@click.option("--control", default=5, show_default=True, type=click.IntRange(0), help="Bài kiểm tra mỗi ngày.")
def draw(unlisted: int, rejected: int, control: int) -> None:
    """Lấy mẫu của những ngày đã qua mà chưa lấy; chạy lại không lấy thêm."""
    import secrets  # noqa: PLC0415 -- loaded when called, like all that is heavy

    from models.clock import day_of, now  # noqa: PLC0415
    from models.store.recall import CONTROL, REJECTED, UNLISTED  # noqa: PLC0415
    from pipeline.recall import SamplePlan, draw_due  # noqa: PLC0415

    store, at = open_store(read_settings()), now()
    plan = SamplePlan({UNLISTED: unlisted, REJECTED: rejected, CONTROL: control})
    drawn = draw_due(store, today=day_of(at), plan=plan, seed=secrets.token_hex(16), now=at)
    for day, counts in drawn.items():
        click.echo(f"{day:%d/%m/%Y}: {counts[UNLISTED]} bài ngoài danh sách, {counts[REJECTED]} bài đã bỏ qua")
    if not drawn:
        click.echo("Không có ngày nào cần lấy mẫu.")


@recall.command()
def show() -> None:
    """In mức độ không bỏ sót của 30 và 90 ngày qua, và số bài còn chờ chấm."""
    from models.clock import day_of, now  # noqa: PLC0415
    from models.store.recall import waiting  # noqa: PLC0415
    from pipeline.recall import certificate_words, certificates, needed  # noqa: PLC0415

    store = open_store(read_settings())
    for certificate in certificates(store, day=day_of(now())):
        click.echo(certificate_words(certificate))
        if certificate.found:
            size = sum(part.size for part in certificate.parts)
            count = needed(size, certificate.found, TARGET)
            click.echo(f"  Để chứng nhận {TARGET:.0%}: cần chấm {count} bài trong {size}, không bài nào bị sót.")
    with store.read() as session:
        click.echo(f"Còn chờ chấm: {len(waiting(session))} bài.")
