"""`diembao model`: the models that the house knows, and which of them works."""

import sys
from pathlib import Path

import click

from pipeline.config import read_settings
from pipeline.open_store import open_store

ROLE = {"current": "đang dùng", "previous": "dùng trước đó", "shadow": "chạy thử", "none": ""}
ORIGIN = {"released": "phát hành", "trained": "huấn luyện tại đây", "imported": "nhập từ ngoài"}
person = click.option("--by", "by", required=True, help="Tên đăng nhập của người làm việc này.")


@click.group()
def model() -> None:
    """Mô hình: danh sách, phiếu, nhập, chạy thử, đưa vào dùng, quay lại, chấm lại kho bài."""


@model.command(name="list")
def list_command() -> None:
    """Liệt kê các mô hình đã đăng ký, mới nhất trước."""
    from models.clock import now  # noqa: PLC0415 -- loaded when called, like all that is heavy
    from models.store import models_registry as rows  # noqa: PLC0415
    from pipeline.learning.live import registry_of  # noqa: PLC0415

    settings = read_settings()
    store = open_store(settings)
    with store.write() as session:
        working = registry_of(store, settings).working(session, now())
        found = rows.everything(session)
    for row in found:
        role = ROLE["current"] if row.id == working.id else ROLE[row.role]
        waits = "chờ người thứ hai duyệt" if row.proposed_by else ""
        click.echo(f"{row.name}\t{ORIGIN[row.origin]}\t{row.created_at:%d/%m/%Y}\t{role or waits}")


@model.command()
@click.argument("name")
@click.option("--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def show(name: str, lang: str) -> None:
    """In phiếu của mô hình NAME và kiểm tra tệp của nó."""
    from classifier.artefacts import ArtefactError  # noqa: PLC0415
    from pipeline.learning.card import card_lines  # noqa: PLC0415
    from pipeline.learning.live import registry_of  # noqa: PLC0415

    settings = read_settings()
    store = open_store(settings)
    row = _find(name)
    for line in card_lines(row.card, lang):
        click.echo(line)
    try:
        registry_of(store, settings).read(row)
    except ArtefactError as error:
        click.echo(f"KHÔNG MỞ: {error}", err=True)
        sys.exit(1)
    click.echo(f"SHA-256 {row.sha256}: khớp")


@model.command(name="import")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--sha256", required=True, help="Dấu SHA-256 của model.skops do bên giao mô hình cho biết.")
@person
def import_command(folder: Path, sha256: str, by: str) -> None:
    """Nhập mô hình từ FOLDER; chỉ nhận khi dấu khớp và tệp không chứa gì ngoài số liệu."""
    from models.clock import now  # noqa: PLC0415
    from pipeline.learning.live import registry_of  # noqa: PLC0415

    settings = read_settings()
    store = open_store(settings)
    row = registry_of(store, settings).take(folder, sha256=sha256, at=now(), user_id=_user(by))
    click.echo(f"Đã nhập {row.name}.")


@model.command()
@click.argument("name")
@click.option("--off", is_flag=True, help="Dừng chạy thử.")
@person
def shadow(name: str, by: str, *, off: bool) -> None:
    """Cho mô hình NAME chấm song song với mô hình đang dùng, không ai thấy kết quả trong danh sách."""
    from models.clock import now  # noqa: PLC0415
    from models.store import models_registry as rows  # noqa: PLC0415
    from pipeline.learning.live import registry_of  # noqa: PLC0415

    settings = read_settings()
    store, row, user = open_store(settings), _find(name), _user(by)
    if not off:
        registry_of(store, settings).read(row)
    with store.write() as session:
        (rows.stop_shadow if off else rows.start_shadow)(session, row.id, user_id=user, at=now())
    click.echo(f"{row.name}: {'đã dừng chạy thử' if off else 'chạy thử từ lượt đọc tới'}.")


@model.command()
@click.argument("name")
@person
def promote(name: str, by: str) -> None:
    """Đưa mô hình NAME vào dùng: người thứ nhất đề nghị, một người khác chạy lại lệnh này để đồng ý."""
    from models.clock import now  # noqa: PLC0415
    from models.store import models_registry as rows  # noqa: PLC0415
    from pipeline.learning.live import registry_of  # noqa: PLC0415
    from pipeline.learning.promotion import propose  # noqa: PLC0415
    from pipeline.learning.settings import read_learning  # noqa: PLC0415

    settings = read_settings()
    store, row, user = open_store(settings), _find(name), _user(by)
    registry_of(store, settings).read(row)
    if row.proposed_by is None:
        propose(store, row.id, read_learning(settings.data_dir).floors, user_id=user, at=now())
        click.echo(f"Đã đề nghị dùng {row.name}; cần một người khác đồng ý.")
        return
    with store.write() as session:
        rows.approve(session, row.id, user_id=user, at=now())
    click.echo(f"{row.name} đang được dùng. Chấm lại các bài cũ: `diembao model rejudge`.")


@model.command()
@person
def rollback(by: str) -> None:
    """Dùng lại mô hình trước đó."""
    from models.clock import now  # noqa: PLC0415
    from models.store import models_registry as rows  # noqa: PLC0415

    with open_store(read_settings()).write() as session:
        before = rows.roll_back(session, user_id=_user(by), at=now())
    click.echo(f"Đã quay lại {'mô hình phát hành' if before is None else before.name}.")


@model.command()
@click.option("--limit", type=click.IntRange(1), help="Chỉ chấm lại nhiều nhất bằng này bài, mới nhất trước.")
def rejudge(limit: int | None) -> None:
    """Chấm lại kho bài bằng mô hình đang dùng, mới nhất trước; dừng bằng Ctrl-C, chạy lại là làm tiếp."""
    from classifier.places import PlaceFinder  # noqa: PLC0415
    from models.clock import now  # noqa: PLC0415
    from pipeline.learning.live import registry_of  # noqa: PLC0415
    from pipeline.learning.rejudging import rejudge as again  # noqa: PLC0415

    settings = read_settings()
    store = open_store(settings)

    def progress(done: int, total: int) -> None:
        click.echo(f"\r{done}/{total}", nl=False, err=True)

    judge = registry_of(store, settings).current()
    try:
        count = again(store, judge, PlaceFinder.load(), now=now, progress=progress, limit=limit)
    except KeyboardInterrupt:
        click.echo("\nĐã dừng; những bài đã chấm vẫn giữ. Chạy lại lệnh này để làm tiếp.", err=True)
        sys.exit(1)
    click.echo(f"\nĐã chấm lại {count} bài bằng {judge.id}.")


@model.command()
def watch() -> None:
    """Đếm các ngày đã qua, lập hàng đợi đọc, và in những gì đã thay đổi cùng việc cần làm; mã thoát 1 nếu có."""
    from models.clock import day_of, now  # noqa: PLC0415
    from pipeline.learning.nightly import nightly  # noqa: PLC0415
    from pipeline.learning.watching import findings, weekly_line  # noqa: PLC0415

    settings = read_settings()
    store, at = open_store(settings), now()
    nightly(store, settings, now=at)
    found = findings(store, today=day_of(at), now=at)
    click.echo(weekly_line(store, now=at))
    for one in found:
        click.echo(f"{'! ' if one.moved else '  '}{one.name}: {one.seen} {one.todo}".rstrip())
    sys.exit(1 if any(one.moved for one in found) else 0)


@model.command()
def work() -> None:
    """Chạy các việc đang chờ (huấn luyện, chấm lại) mà giao diện đã đặt, rồi thoát."""
    from models.clock import now  # noqa: PLC0415
    from pipeline.learning.jobs import work as run_waiting  # noqa: PLC0415

    settings = read_settings()
    count = run_waiting(settings, open_store(settings), now=now, hard=True)
    click.echo(f"Đã chạy {count} việc.")


def _find(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 -- the row's type would load the tables for --help
    from models.clock import now  # noqa: PLC0415
    from models.store import models_registry as rows  # noqa: PLC0415
    from pipeline.learning.live import registry_of  # noqa: PLC0415

    settings = read_settings()
    store = open_store(settings)
    with store.write() as session:
        registry_of(store, settings).released(session, now())
        row = rows.by_name(session, name)
    if row is None:
        raise rows.RegistryError(f"Không có mô hình «{name}» (xem `diembao model list`)")
    return row


def _user(name: str) -> int:
    from models.store import users  # noqa: PLC0415

    with open_store(read_settings()).read() as session:
        found = users.find_user(session, name)
    if found is None:
        raise users.UserError(f"Không có người dùng «{name}»")
    return found.id
