"""`diembao simulate`: what a reading order saves on a stream that was labelled."""

from pathlib import Path
from statistics import fmean

import click

from classifier.recipes import RELEASED_RECIPE


@click.command()
@click.option(
    "--corpus", type=click.Path(path_type=Path, file_okay=False), required=True, help="Thư mục bài đã gán nhãn."
)
@click.option(
    "--pool",
    type=click.Choice(["labelled", "stream"]),
    default="labelled",
    show_default=True,
    help="Chỉ các bài đã gán nhãn, hay cả dòng tin (bài chưa gán nhãn coi là không liên quan).",
)
@click.option("--batch", type=click.IntRange(1), default=20, show_default=True, help="Số bài đọc giữa hai lần học lại.")
@click.option("--seeds", type=click.IntRange(2, 50), default=5, show_default=True, help="Số lần lặp.")
@click.option(
    "--most", type=click.IntRange(1), help="Sau bằng này bài mô hình không học thêm; phần còn lại đọc theo thứ tự cuối."
)
@click.option("--policy", "policies", multiple=True, help="Chỉ cách đọc này: random, uncertainty, likeliest, ours.")
def simulate(*, corpus: Path, pool: str, batch: int, seeds: int, most: int | None, policies: tuple[str, ...]) -> None:
    """Đọc lại dòng tin đã gán nhãn theo từng cách và in công đọc tiết kiệm ở mức tìm thấy 95 % (WSS@95).

    Trong ngoặc là khoảng tin cậy 95 % của trung bình qua các lần lặp.
    """
    from classifier import corpus as files  # noqa: PLC0415 -- heavy imports only when called
    from classifier.recipe import read_recipe  # noqa: PLC0415
    from pipeline.learning.simulation import POLICIES, field_of, interval  # noqa: PLC0415
    from pipeline.learning.simulation import simulate as run  # noqa: PLC0415

    recipe = read_recipe(RELEASED_RECIPE)
    labels = files.labels(corpus, "feed")
    field = field_of(labels, files.stream(corpus) if pool == "stream" else [], recipe)
    click.echo(f"{len(field.truth)} bài, {int(field.truth.sum())} cần xem; học lại sau mỗi {batch} bài")
    for policy in policies or POLICIES:
        runs = [
            run(field, policy, batch=batch, seed=seed, c=recipe.strength.flag, most=most)
            for seed in range(1, seeds + 1)
        ]
        mean, low, high = interval([one.wss95 for one in runs])
        reached = [at for at in runs[0].found_at if all(at in one.found_at for one in runs)]
        shares = "".join(f", đọc {at}: thấy {fmean(one.found_at[at] for one in runs):.1%}" for at in reached)
        read, drawn = fmean(one.read_for_95 for one in runs), fmean(one.drawn_for_95 for one in runs)
        click.echo(
            f"{policy:12s} WSS@95 {mean:.3f} ({low:.3f}–{high:.3f}); "
            f"đọc {read:.0f} bài, {drawn:.0f} bài rút ngẫu nhiên{shares}"
        )
