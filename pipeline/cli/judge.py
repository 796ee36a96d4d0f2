"""`diembao judge`: verdicts for a file of articles, without a database."""

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click

from models.errors import DiembaoError


@click.command()
@click.argument("source", metavar="IN.jsonl", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Tệp kết quả (mặc định: in ra)")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Số tiến trình")
@click.option("--territory", multiple=True, metavar="CODE", help="Mã đơn vị hành chính của địa bàn; lặp lại được")
@click.option(
    "--model",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Thư mục mô hình khác; chỉ mở mô hình phát hành, mô hình đã đăng ký, hoặc có --trust",
)
@click.option("--trust", metavar="SHA256", help="Dấu SHA-256 của model.skops trong thư mục --model mà bạn tin")
def judge(
    *,
    source: Path,
    output: Path | None,
    workers: int,
    territory: tuple[str, ...],
    folder: Path | None,
    trust: str | None,
) -> None:
    """Đánh giá từng bài trong IN.jsonl (mỗi dòng một đối tượng JSON)."""
    from pipeline.judging_file import judge_lines  # noqa: PLC0415  heavy imports only when called
    from pipeline.judging_setup import judging  # noqa: PLC0415

    known = () if folder is None else _known(folder, trust)
    bad = 0
    with ExitStack() as open_files:
        try:
            lines = (
                sys.stdin
                if str(source) == "-"
                else open_files.enter_context(source.open(encoding="utf-8", errors="replace", newline="\n"))
            )
            target = open_files.enter_context(output.open("w", encoding="utf-8")) if output else sys.stdout
        except OSError as error:
            raise DiembaoError(f"{error.filename}: không mở được tệp ({error.strerror})") from error
        for answer in judge_lines(lines, partial(judging, folder, territory, known), workers):
            target.write(answer.line + "\n")
            bad += answer.bad
    if bad:
        click.echo(f"diembao: {bad} dòng không đọc được; xem trường error ở các dòng đó", err=True)
        sys.exit(1)


def _known(folder: Path, trust: str | None) -> tuple[str, ...]:
    """The digests that the person or the registry vouches for; the database is asked only where it has to be."""
    from classifier.artefacts import read_card  # noqa: PLC0415
    from classifier.predict import RELEASED  # noqa: PLC0415
    from pipeline.config import read_settings  # noqa: PLC0415
    from pipeline.learning.registry import known_digests  # noqa: PLC0415

    if trust is not None:
        return (trust.strip().lower(),)
    if read_card(folder)["sha256"] == read_card(RELEASED)["sha256"]:
        return ()
    return known_digests(read_settings())
