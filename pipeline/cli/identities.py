"""`diembao identity-key`: the key of the restricted records."""

from pathlib import Path

import click

from pipeline.config import read_settings


@click.group(name="identity-key")
def identity_key() -> None:
    """Khoá của hồ sơ hạn chế (danh tính): tạo, thay."""


@identity_key.command(name="make")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def make(*, file: Path) -> None:
    """Tạo khoá mới trong FILE (đặt lên đầu nếu đã có khoá). Đặt identity_key_file trỏ tới tệp này."""
    from pipeline.identities import make_key  # noqa: PLC0415  -- loads the cipher

    click.echo(f"Đã tạo khoá {make_key(file)}. Hãy sao lưu tệp này riêng: mất khoá là mất danh tính đã ghi.")


@identity_key.command(name="reseal")
def reseal() -> None:
    """Mã hoá lại mọi hồ sơ bằng khoá đầu tiên của tệp; sau đó có thể bỏ các khoá cũ."""
    from models.store import identities  # noqa: PLC0415  -- opens the database
    from pipeline.identities import Place, read_ring  # noqa: PLC0415
    from pipeline.open_store import open_store  # noqa: PLC0415

    settings = read_settings()
    ring, count = read_ring(settings.identity_key_file), 0
    with open_store(settings).write() as session:
        for row in identities.every(session):
            place = Place(row.case_id, row.kind, row.letter)
            if row.sealed is not None and row.key_id != ring.current:
                row.sealed = ring.seal(ring.open(row.sealed, row.key_id, place), place)
                row.key_id, count = ring.current, count + 1
    click.echo(f"Đã mã hoá lại {count} hồ sơ bằng khoá {ring.current}.")
