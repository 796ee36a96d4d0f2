"""`diembao extract`: saved pages become article records, one JSON object a line."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from models.errors import DiembaoError


@click.command()
@click.argument("pages", metavar="[PAGE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--url", "urls", multiple=True, help="Địa chỉ của trang; một cho tất cả, hoặc lặp lại cho từng trang")
@click.option("--table", type=click.Path(path_type=Path, dir_okay=False), help="Bảng TSV có cột file, url, kind")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Tệp kết quả (mặc định: in ra)")
@click.option("--no-site-rules", is_flag=True, help="Không dùng quy tắc riêng của từng báo")
def extract(
    pages: tuple[Path, ...], urls: tuple[str, ...], table: Path | None, output: Path | None, no_site_rules: bool
) -> None:
    """Đọc các trang đã lưu thành bản ghi bài báo."""
    from pipeline.config import read_settings  # noqa: PLC0415  heavy imports only when called
    from pipeline.reading_file import read_page, table_pages  # noqa: PLC0415
    from spiders.source import load_catalogue  # noqa: PLC0415

    if bool(pages) == bool(table) or (table and urls):
        raise click.UsageError("cần PAGE … --url URL, hoặc --table BẢNG")
    if pages and len(urls) not in {1, len(pages)}:
        raise click.UsageError("mỗi PAGE cần một --url (hoặc một --url chung)")
    addresses = urls if len(urls) == len(pages) else urls * len(pages)
    todo = table_pages(table) if table else ((str(page), page, url) for page, url in zip(pages, addresses, strict=True))
    sources = {} if no_site_rules else load_catalogue(read_settings().sources_dir)
    bad = 0
    with ExitStack() as files:
        try:
            target = files.enter_context(output.open("w", encoding="utf-8")) if output else sys.stdout
        except OSError as error:
            raise DiembaoError(f"{output}: không ghi được ({error.strerror})") from error
        for name, path, url in todo:
            row = read_page(name, path, url, sources)
            bad += row["error"] is not None
            target.write(json.dumps(row, ensure_ascii=False) + "\n")
    if bad:
        click.echo(f"diembao: {bad} trang không đọc được; xem trường error ở các dòng đó", err=True)
        sys.exit(1)
