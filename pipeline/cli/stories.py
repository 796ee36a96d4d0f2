"""`diembao stories`: which articles of a file report the same event."""

from pathlib import Path
from typing import TextIO

import click


@click.command()
@click.argument("source", metavar="IN.jsonl", type=click.File("r", encoding="utf-8"))
@click.option("-o", "--out", metavar="OUT.jsonl", type=click.Path(path_type=Path), help="mặc định: in ra màn hình")
@click.pass_context
def stories(context: click.Context, source: TextIO, out: Path | None) -> None:
    """Xếp từng bài, theo thứ tự đến, vào vụ việc mà bài đưa tin."""
    import json  # noqa: PLC0415 -- loaded when called, like all that is heavy

    from classifier.places import PlaceFinder  # noqa: PLC0415
    from classifier.similarity import StoryIndex  # noqa: PLC0415
    from pipeline.stories_file import place_lines  # noqa: PLC0415

    wrong = 0
    with click.open_file(str(out) if out else "-", "w", encoding="utf-8") as target:
        for answer in place_lines(source, StoryIndex(), PlaceFinder.load()):
            target.write(json.dumps(answer, ensure_ascii=False) + "\n")
            wrong += "error" in answer
    if wrong:
        click.echo(f"{wrong} dòng không đọc được", err=True)
        context.exit(1)
