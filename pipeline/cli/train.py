"""`diembao train`: make a model from labelled articles by a recipe."""

from pathlib import Path

import click

from classifier.recipes import RELEASED_RECIPE


@click.command()
@click.argument("recipe", type=click.Path(path_type=Path, dir_okay=False), default=RELEASED_RECIPE)
@click.option(
    "--corpus", type=click.Path(path_type=Path, file_okay=False), required=True, help="Thư mục bài đã gán nhãn"
)
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="Thư mục mô hình")
def train(recipe: Path, corpus: Path, output: Path) -> None:
    """Huấn luyện mô hình theo công thức RECIPE (mặc định: mô hình phát hành)."""
    from classifier.release import release  # noqa: PLC0415  heavy imports only when called

    card = release(recipe, corpus, output)
    click.echo(f"{card['id']}: {output} (SHA-256 dữ liệu {card['data']['digest'][:16]}…)")
