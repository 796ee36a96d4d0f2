"""`diembao backup`: make, verify, restore."""

from pathlib import Path

import click

from models.clock import now
from models.session import Store
from pipeline import backup as job
from pipeline.config import Settings, read_settings
from pipeline.open_store import open_store


def password_of(settings: Settings) -> str:
    """From the key file that the settings name: it must not lie in the data folder or in the database."""
    if settings.backup_key_file is None:
        message = "chưa đặt DIEMBAO_BACKUP_KEY_FILE (tệp chứa mật khẩu sao lưu, để ngoài thư mục dữ liệu)"
        raise job.BackupError(message)
    try:
        return settings.backup_key_file.read_text("utf-8").strip()
    except OSError as error:
        message = f"không đọc được tệp khóa {settings.backup_key_file}: {error.strerror}"
        raise job.BackupError(message) from error


@click.group()
def backup() -> None:
    """Sao lưu, kiểm tra và phục hồi cơ sở dữ liệu cùng kho lưu bằng chứng."""


@backup.command(name="make")
def make_command() -> None:
    """Sao lưu, kiểm tra ngay bản vừa tạo, rồi bỏ các bản quá cũ."""
    settings = read_settings()
    password = password_of(settings)
    path = job.make(open_store(settings), settings.archive_dir, settings.backup_dir, password=password, now=now())
    manifest = job.verify(path, password=password)
    removed = job.rotate(settings.backup_dir, now=now())
    rows = sum(count for count, _ in manifest.tables.values())
    click.echo(f"Đã sao lưu và kiểm tra {path}: {rows} dòng, {len(manifest.files)} tệp lưu.")
    if removed:
        click.echo(f"Đã bỏ {len(removed)} bản cũ.")


@backup.command(name="verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_command(file: Path) -> None:
    """Phục hồi thử vào một nơi tạm và so từng bảng, từng tệp."""
    manifest = job.verify(file, password=password_of(read_settings()))
    click.echo(f"{file.name}: nguyên vẹn, sao lưu lúc {manifest.made_at}.")


@backup.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(file: Path) -> None:
    """Phục hồi vào cơ sở dữ liệu và kho lưu còn trống của cấu hình này."""
    settings = read_settings()
    job.restore(file, Store(settings.store_url), settings.archive_dir, password=password_of(settings))
    click.echo(f"Đã phục hồi từ {file.name}.")
