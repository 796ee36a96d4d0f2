"""`diembao train`: make a model from labelled articles by a recipe."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from classifier.recipes import RELEASED_RECIPE
from models.errors import DiembaoError


@click.command()
@click.argument("recipe", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--recipe", "chosen", type=click.Path(path_type=Path, dir_okay=False), help="Như đối số RECIPE.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Học các bài đến hết ngày này; bài sau đó để so sánh.")
@click.option("--seed", type=click.IntRange(0), help="Số khởi tạo ngẫu nhiên; mặc định theo công thức.")
@click.option("--corpus", type=click.Path(path_type=Path, file_okay=False), help="Thư mục bài đã gán nhãn.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Chỉ học thư mục bài đã gán nhãn và ghi mô hình phát hành vào đây; không dùng cơ sở dữ liệu.",
)
def train(
    *,
    recipe: Path | None,
    chosen: Path | None,
    until: datetime | None,
    seed: int | None,
    corpus: Path | None,
    output: Path | None,
) -> None:
    """Huấn luyện mô hình từ nhãn của đơn vị (và --corpus, nếu có) theo công thức RECIPE, rồi đăng ký.

    Mô hình mới chưa được dùng: xem `diembao model list`, rồi so sánh, chạy thử và đưa vào dùng ở trang «Mô hình».
    """
    recipe = recipe or chosen
    if output is not None:
        _release(recipe, corpus, output, keeping=(until, seed))
        return
    _of_the_house(recipe, until, seed, corpus)


def _release(recipe: Path | None, corpus: Path | None, output: Path, *, keeping: tuple[object, object]) -> None:
    from classifier.release import release  # noqa: PLC0415  heavy imports only when called

    if corpus is None:
        raise DiembaoError("cần --corpus để tạo mô hình phát hành")
    if any(option is not None for option in keeping):
        raise DiembaoError("--until và --seed không dùng cùng --output: mô hình phát hành theo đúng công thức của nó")
    card = release(recipe or RELEASED_RECIPE, corpus, output)
    click.echo(f"{card['id']}: {output} (SHA-256 dữ liệu {card['data']['digest'][:16]}…)")
    click.echo(f"Dùng thử: diembao judge --model {output} --trust {card['sha256']}")


def _of_the_house(recipe: Path | None, until: datetime | None, seed: int | None, corpus: Path | None) -> None:
    from models.clock import day_of, now  # noqa: PLC0415
    from models.store import learning_jobs as rows  # noqa: PLC0415
    from pipeline.config import read_settings  # noqa: PLC0415
    from pipeline.learning.jobs import run_job  # noqa: PLC0415
    from pipeline.learning.settings import read_learning  # noqa: PLC0415
    from pipeline.open_store import open_store  # noqa: PLC0415

    settings = read_settings()
    store = open_store(settings)
    weeks = read_learning(settings.data_dir).held_weeks
    last = until.date() if until else day_of(now()) - timedelta(weeks=weeks)
    params = {"until": last.isoformat(), "seed": seed}
    params |= {name: str(path) for name, path in (("recipe", recipe), ("corpus", corpus)) if path is not None}
    with store.write() as session:
        rows.reap(session, now=now())
        job_id = rows.queue(session, rows.TRAIN, params, user_id=None, at=now()).id
    run_job(settings, store, job_id, now=now, hard=True)
    with store.read() as session:
        job = rows.get(session, job_id)
    click.echo(f"{job.result.get('model', '')} {job.message}".strip(), err=job.state != rows.DONE)
    if job.state != rows.DONE:
        sys.exit(2)
    found = job.result["comparison"]
    click.echo(f"Học {job.result['labels']} bài; giữ lại {found['labelled']} bài ({found['relevant']} cần xem).")
    for name, value in found["new"].items():
        click.echo(f"  {name}: mới {value:.4f}, đang dùng {found['old'][name]:.4f}")
    click.echo(f"Nhãn có thể sai, nên đọc lại: {len(job.result['suspects'])} (trang «Nhãn»).")
