"""`diembao places`: look up units of any day, and see what a text names."""

import json
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from classifier.places.directory import OFFICES, Directory
from classifier.places.gazetteer import Gazetteer
from classifier.places.lexicon import Lexicon
from classifier.places.resolve import Match, Resolution
from classifier.places.resolve import resolve as look_up
from classifier.places.search import PlaceSearch
from models.clock import now
from models.errors import DiembaoError


@click.group()
def places() -> None:
    """Tra đơn vị hành chính cũ và mới, nơi xảy ra vụ việc."""


@places.command()
@click.argument("address")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="Ngày cần tra (mặc định: hôm nay).")
@click.option("--json", "as_json", is_flag=True, help="In một đối tượng JSON.")
def resolve(address: str, day: datetime | None, *, as_json: bool) -> None:
    """Cho biết ADDRESS là đơn vị nào ngày đó, nay là đơn vị nào, và các lần thay đổi."""

    gazetteer = Gazetteer.load()
    when = day.date() if day else date.today()
    found = look_up(address, when, Lexicon.build(gazetteer), former=day is None)
    if as_json:
        click.echo(json.dumps(_as_json(found, gazetteer), ensure_ascii=False))
    else:
        _show(found, gazetteer)
    if not found.matches:
        raise SystemExit(1)


@places.command()
@click.argument("prefix")
@click.option("--limit", default=10, show_default=True, help="Số kết quả.")
def search(prefix: str, limit: int) -> None:
    """Gợi ý đơn vị theo phần đầu của tên, không cần dấu."""

    for one in PlaceSearch(Gazetteer.load()).search(prefix, limit):
        click.echo(f"{one.ref:>10}  {one.label}")


@places.command()
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), required=True)
def corrections(out: Path) -> None:
    """Ghi các nơi xảy ra do người sửa thành nhãn (JSON Lines) cho lần đánh giá sau.

    Tệp có nội dung bài: giữ trong cơ quan.
    """
    from pipeline.cli.files import write_file  # noqa: PLC0415 -- loaded when called, like all that is heavy
    from pipeline.config import read_settings  # noqa: PLC0415
    from pipeline.open_store import open_store  # noqa: PLC0415
    from pipeline.place_labels import label_lines  # noqa: PLC0415

    with closing(open_store(read_settings())) as store, store.read() as session:
        lines = list(label_lines(session))
    write_file(out, "".join(f"{line}\n" for line in lines).encode())
    click.echo(f"{out}: {len(lines)} bài có nơi xảy ra do người sửa.")


@places.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--load", is_flag=True, help="Nạp các mục của FILE vào danh bạ đang dùng.")
@click.option("--starter", is_flag=True, help="Ghi FILE mới: các đầu mối của địa bàn, liên hệ để trống.")
def directory(file: Path, *, load: bool, starter: bool) -> None:
    """Kiểm tra danh bạ đầu mối FILE (TOML) và nêu mục chưa liên lạc được."""
    from pipeline.config import read_settings  # noqa: PLC0415
    from pipeline.desks_file import load_file, starter_text  # noqa: PLC0415
    from pipeline.open_store import open_store  # noqa: PLC0415

    if starter:
        if file.exists():
            raise DiembaoError(f"{file} đã có: không ghi đè")
        file.write_text(starter_text(read_settings().territory), encoding="utf-8")
    contacts = Directory.load(file, Gazetteer.load()).contacts.values()
    if load:
        with closing(open_store(read_settings())) as store, store.write() as session:
            click.echo(f"Đã nạp {load_file(session, file, now=now())} mục mới hoặc thay đổi.")
    empty = [contact for contact in contacts if not contact.reachable]
    for contact in empty:
        click.echo(f"{contact.unit}: {OFFICES[contact.office]} ({contact.name}) chưa có số điện thoại hoặc thư điện tử")
    click.echo(f"{len(contacts)} đầu mối, {len(empty)} chưa liên lạc được")


def _show(found: Resolution, gazetteer: Gazetteer) -> None:
    if found.note:
        click.echo(found.note)
    for match in found.matches:
        unit = gazetteer.units[match.unit]
        click.echo(f"\n{gazetteer.long_name(match.unit)} [{unit.ref}]")
        click.echo(f"  Hiệu lực: {_period(unit.since, unit.until)}")
        click.echo(f"  {match.why}")
        for row in match.today if match.today != (match.unit,) else ():
            click.echo(f"  Nay: {gazetteer.long_name(row)} [{gazetteer.units[row].ref}]")
        for step in match.steps:
            part = " (một phần)" if step.partly else ""
            click.echo(
                f"  {step.day:%d/%m/%Y}: {gazetteer.long_name(step.source)}{part} → {gazetteer.long_name(step.to)}"
            )
        for row in match.origins:
            click.echo(f"  Lập từ: {gazetteer.long_name(row)} [{gazetteer.units[row].ref}]")


def _period(since: date, until: date) -> str:
    start = "trước đây" if since == date.min else f"{since:%d/%m/%Y}"
    return f"từ {start} đến nay" if until == date.max else f"từ {start} đến hết ngày trước {until:%d/%m/%Y}"


def _as_json(found: Resolution, gazetteer: Gazetteer) -> dict[str, Any]:
    return {
        "query": found.query,
        "date": found.day.isoformat(),
        "note": found.note,
        "matches": [_match(match, gazetteer) for match in found.matches],
    }


def _match(match: Match, gazetteer: Gazetteer) -> dict[str, Any]:
    return {
        "unit": _unit(match.unit, gazetteer),
        "held": match.held,
        "why": match.why,
        "today": [_unit(row, gazetteer) for row in match.today],
        "changes": [
            {
                "date": step.day.isoformat(),
                "from": _unit(step.source, gazetteer),
                "to": _unit(step.to, gazetteer),
                "partly": step.partly,
            }
            for step in match.steps
        ],
        "origins": [_unit(row, gazetteer) for row in match.origins],
    }


def _unit(row: int, gazetteer: Gazetteer) -> dict[str, Any]:
    unit = gazetteer.units[row]
    return {
        "ref": unit.ref,
        "code": unit.code,
        "era": unit.era,
        "level": unit.level,
        "name": gazetteer.long_name(row),
        "since": None if unit.since == date.min else unit.since.isoformat(),
        "until": None if unit.until == date.max else unit.until.isoformat(),
    }
