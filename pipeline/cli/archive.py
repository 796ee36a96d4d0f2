"""`diembao archive`: prove, show, read again and thin out the stored pages."""

import sys

import click

from models.clock import VIET_NAM, day_of, now
from models.errors import DiembaoError
from pipeline.config import read_settings
from pipeline.open_store import open_store


class NotArchivedError(DiembaoError):
    """There is no stored copy of that address."""


@click.group()
def archive() -> None:
    """Kho lưu trang gốc (WARC): kiểm tra, xem lại, đọc lại, dọn."""


@archive.command()
def verify() -> None:
    """Kiểm tra từng bản lưu với mã SHA-256 của nó và của cơ sở dữ liệu; mã thoát 1 khi có sai lệch."""
    from pipeline.evidence import prove  # noqa: PLC0415  -- heavy imports only when called

    settings = read_settings()
    proof = prove(open_store(settings), settings.archive_dir)
    for flaw in proof.flaws:
        click.echo(f"{flaw.file}, byte {flaw.offset}: {flaw.kind}: {flaw.detail}")
    for place in proof.missing:
        click.echo(f"{place}: không có trong kho lưu")
    click.echo(
        f"{proof.sound} bản lưu nguyên vẹn, {len(proof.flaws)} hỏng hoặc bị sửa, {len(proof.missing)} mất, "
        f"{proof.unnamed} không thuộc bài nào."
    )
    sys.exit(0 if proof.good else 1)


@archive.command()
@click.argument("url")
@click.option("--number", default=1, show_default=True, help="Bản thứ mấy, tính từ bản mới nhất.")
@click.option("--body/--no-body", default=True, help="In cả nội dung trang.")
def show(url: str, number: int, *, body: bool) -> None:
    """Mở bản lưu của trang URL: thông tin ra lỗi chuẩn, nội dung ra đầu ra chuẩn."""
    from pipeline.entries import identity_of  # noqa: PLC0415
    from pipeline.evidence import copies  # noqa: PLC0415  -- heavy imports only when called

    settings = read_settings()
    found = list(copies(open_store(settings), settings.archive_dir, url, identity=identity_of(url)))
    if not 1 <= number <= len(found):
        message = f"{url}: kho lưu có {len(found)} bản"
        raise NotArchivedError(message)
    for place, stored in enumerate(found, 1):
        mark = "→" if place == number else " "
        when = stored.fetched_at.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M:%S")
        click.echo(f"{mark} {place}. {when} HTTP {stored.status} {stored.url} SHA-256 {stored.kept.sha256}", err=True)
    if body:
        sys.stdout.buffer.write(found[number - 1].body)


@archive.command()
@click.option("--source", "outlet", help="Chỉ các bài của báo này.")
@click.option("--sample-press", metavar="HOST:PORT", help="Theo quy tắc của các báo mẫu ở địa chỉ này.")
def extract(outlet: str | None, sample_press: str | None) -> None:
    """Đọc lại các trang đã lưu, sau khi quy tắc của báo được sửa; bài đọc khác đi có thêm một phiên bản."""
    from pipeline.evidence import read_again  # noqa: PLC0415  -- heavy imports only when called
    from pipeline.scanning import choose_sources  # noqa: PLC0415

    settings = read_settings()
    sources = choose_sources(settings, (outlet,) if outlet else (), sample_press=sample_press)
    done = read_again(open_store(settings), settings.archive_dir, sources, outlet=outlet, day=day_of(now()), now=now)
    for line in done.failed:
        click.echo(line, err=True)
    click.echo(f"Đã đọc lại {done.read} bài, {done.changed} bài đọc khác trước, {len(done.failed)} bài không đọc được.")
    sys.exit(1 if done.failed else 0)


@archive.command()
@click.option("--days", type=int, help="Giữ mọi trang và toàn văn chừng ấy ngày (mặc định: như ở trang Quy tắc).")
def prune(days: int | None) -> None:
    """Xoá trang và toàn văn cũ của bài không thuộc tin nào, chưa từng bị đánh dấu; của tin và vụ việc thì ở lại."""
    from pipeline.retention import prune_old  # noqa: PLC0415  -- heavy imports only when called

    settings = read_settings()
    done = prune_old(open_store(settings), settings.archive_dir, now=now(), days=days)
    click.echo(f"Đã dọn {done.files} tệp: xoá {done.pages} trang, giải phóng {done.freed / 1e6:.1f} MB.")
    click.echo(f"Đã bỏ toàn văn của {done.texts} phiên bản bài; tiêu đề và sa-pô vẫn còn.")
