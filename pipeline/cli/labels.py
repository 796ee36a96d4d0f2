"""`diembao labels`: labels in, labels out, and how far readers agree."""

import sys
from datetime import datetime
from pathlib import Path

import click

from models.errors import DiembaoError
from pipeline.config import read_settings
from pipeline.open_store import open_store

FORMAT = click.Choice(["jsonl", "csv", "labelstudio", "doccano"])


@click.group()
def labels() -> None:
    """Nhãn: nhập, xuất (đã ẩn danh), mức độ thống nhất giữa những người đọc."""


@labels.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "kind", type=FORMAT, default="jsonl", show_default=True)
@click.option("--reader", default="", help="Người đã gán nhãn, nếu tệp không ghi (mặc định: tên tệp).")
def import_command(file: Path, kind: str, reader: str) -> None:
    """Nhập nhãn từ FILE. Dòng hỏng được nêu từng dòng (mã thoát 1); các dòng khác vẫn được nhận."""
    from models.clock import now  # noqa: PLC0415 -- loaded when called, like all that is heavy
    from pipeline.learning.label_files import import_labels  # noqa: PLC0415

    try:
        content = file.read_bytes()
    except OSError as error:
        raise DiembaoError(f"{file}: không mở được tệp ({error.strerror})") from error
    with open_store(read_settings()).write() as session:
        done = import_labels(session, content, kind, user_id=None, reader=reader or file.name, at=now())
    for bad in done.bad:
        click.echo(f"{file.name}, mục {bad.number}: {bad.why}", err=True)
    click.echo(f"Nhận {done.new} nhãn; {done.repeated} đã có từ trước; {len(done.bad)} mục hỏng.")
    sys.exit(1 if done.bad else 0)


@labels.command()
@click.option("--format", "kind", type=FORMAT, default="jsonl", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Chỉ nhãn được gán đến hết ngày này.")
def export(kind: str, output: Path, until: datetime | None) -> None:
    """Xuất mọi nhãn, đã ẩn tên người đọc và tên người trong bài."""
    from datetime import time  # noqa: PLC0415

    from models.clock import VIET_NAM, now  # noqa: PLC0415
    from models.store import audit  # noqa: PLC0415
    from models.store import labels as store_labels  # noqa: PLC0415
    from pipeline.learning.label_files import export_labels  # noqa: PLC0415

    end = datetime.combine(until.date(), time.max, VIET_NAM) if until else None
    with open_store(read_settings()).write() as session:
        given = store_labels.collect(session, until=end)
        text = export_labels(session, kind, given)
        detail: dict[str, str | int | bool | None] = {"format": kind, "labels": len(given), "by": "cli"}
        audit.append(session, at=now(), action="label.export", user_id=None, object=None, detail=detail)
    output.write_text(text, encoding="utf-8", newline="")
    click.echo(f"{output}: {len(given)} nhãn.")


@labels.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def pairs(output: Path) -> None:
    """Xuất các lần gộp, tách tin thành cặp bài cùng hay khác sự việc (chỉ số bài, không có nội dung)."""
    import json  # noqa: PLC0415

    from models.store import labels as store_labels  # noqa: PLC0415

    with open_store(read_settings()).read() as session:
        found = store_labels.story_pairs(session)
    rows = [
        {"first": f"bai-{a}", "second": f"bai-{b}", "same": int(same), "labelled_at": at.isoformat()}
        for a, b, same, _, at in found
    ]
    output.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    click.echo(f"{output}: {len(rows)} cặp.")


@labels.command()
def agreement() -> None:
    """In mức độ thống nhất giữa những người đọc và số bài còn bất đồng."""
    from models.store import labels as store_labels  # noqa: PLC0415
    from pipeline.learning.agreement import agreements, disputes  # noqa: PLC0415

    with open_store(read_settings()).read() as session:
        given = store_labels.collect(session, texts=False)
    for row in agreements(given):
        kappa, alpha = ("–" if x is None else f"{x:.3f}".replace(".", ",") for x in (row.kappa, row.alpha))
        click.echo(f"{row.question}: {row.texts} bài đọc hai lần, kappa {kappa}, alpha {alpha}")
    click.echo(f"Còn bất đồng: {len(disputes(given))} bài.")
