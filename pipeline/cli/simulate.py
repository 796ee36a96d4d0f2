"""`diembao simulate`: what a reading order saves on a stream that was labelled."""

from pathlib import Path

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
@click.option("--seeds", type=click.IntRange(1, 20), default=3, show_default=True, help="Số lần lặp.")
@click.option("--policy", "policies", multiple=True, help="Chỉ cách đọc này: random, uncertainty, likeliest, ours.")
def simulate(corpus: Path, pool: str, batch: int, seeds: int, policies: tuple[str, ...]) -> None:
    """Đọc lại dòng tin đã gán nhãn theo từng cách và in công đọc tiết kiệm ở mức tìm thấy 95 % (WSS@95)."""
    from classifier import corpus as files  # noqa: PLC0415 -- heavy imports only when called
    from classifier.recipe import read_recipe  # noqa: PLC0415
    from pipeline.learning.simulation import POLICIES, field_of  # noqa: PLC0415
    from pipeline.learning.simulation import simulate as run  # noqa: PLC0415

    recipe = read_recipe(RELEASED_RECIPE)
    labels = files.labels(corpus, "feed")
    field = field_of(labels, files.stream(corpus) if pool == "stream" else [], recipe)
    click.echo(f"{len(field.truth)} bài, {int(field.truth.sum())} cần xem; học lại sau mỗi {batch} bài")
    for policy in policies or POLICIES:
        runs = [run(field, policy, batch=batch, seed=seed, c=recipe.strength.flag) for seed in range(1, seeds + 1)]
        mean = sum(one.wss95 for one in runs) / len(runs)
        low, high = min(one.wss95 for one in runs), max(one.wss95 for one in runs)
        shares = ", ".join(
            f"đọc {at}: thấy {sum(one.found_at[at] for one in runs) / len(runs):.1%}" for at in runs[0].found_at
        )
        read = sum(one.read_for_95 for one in runs) / len(runs)
        click.echo(f"{policy:12s} WSS@95 {mean:.3f} ({low:.3f}–{high:.3f}); đọc {read:.0f} bài; {shares}")
