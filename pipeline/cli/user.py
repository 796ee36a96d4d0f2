"""`diembao user`: people who may sign in."""

from datetime import datetime, time, timedelta

import click
from sqlalchemy.orm import Session

from models import words
from models.clock import VIET_NAM, now
from models.passwords import check_strength, hash_password
from models.rights import ROLES
from models.store import audit, staff, users
from models.tables import User
from pipeline.config import read_settings
from pipeline.open_store import open_store

role_option = click.option("--role", type=click.Choice(list(ROLES)), required=True, help="Vai trò.")


@click.group()
def user() -> None:
    """Người dùng: thêm, đổi mật khẩu, khoá, liên kết đăng nhập một lần."""


@user.command()
@click.argument("name")
@role_option
@click.option("--display", default="", help="Tên hiển thị.")
@click.option("--link", is_flag=True, help="In liên kết đăng nhập một lần thay cho đặt mật khẩu.")
@click.option("--base", default="http://127.0.0.1:8000", show_default=True, help="Địa chỉ của giao diện.")
def add(name: str, role: str, display: str, base: str, *, link: bool) -> None:
    """Thêm người dùng NAME. Không có --link thì hỏi mật khẩu."""
    hashed = None if link else _ask_password(name)
    with open_store(read_settings()).write() as session:
        made = users.add_user(session, name=name, display=display, role=role, password_hash=hashed, now=now())
        audit.append(session, at=now(), action="user.add", object=f"user/{made.id}", detail={"role": role, "by": "cli"})
        token = users.new_sign_in_token(session, made.id, now()) if link else ""
    click.echo(f"Đã thêm {made.name} ({words.word(words.ROLE, role)}).")
    if link:
        click.echo(f"Đăng nhập một lần, trong 24 giờ: {_address(base, token)}")


@user.command(name="link")
@click.argument("name")
@click.option("--base", default="http://127.0.0.1:8000", show_default=True, help="Địa chỉ của giao diện.")
def link_command(name: str, base: str) -> None:
    """Tạo liên kết đăng nhập một lần cho NAME."""
    with open_store(read_settings()).write() as session:
        found = _find(session, name)
        token = users.new_sign_in_token(session, found.id, now())
        audit.append(session, at=now(), action="user.link", object=f"user/{found.id}", detail={"by": "cli"})
    click.echo(f"Đăng nhập một lần, trong 24 giờ: {_address(base, token)}")


@user.command(name="reset")
@click.argument("name")
@click.option("--base", default="http://127.0.0.1:8000", show_default=True, help="Địa chỉ của giao diện.")
def reset_command(name: str, base: str) -> None:
    """Quên mật khẩu hoặc mất máy nhận mã: bỏ cả hai, kết thúc mọi phiên, in liên kết đăng nhập một lần."""
    with open_store(read_settings()).write() as session:
        token = staff.reset(session, _find(session, name), by=None, now=now())
    click.echo(f"Đăng nhập một lần, trong 24 giờ: {_address(base, token)}")


@user.command(name="leave")
@click.argument("name")
@click.option("--to", "successor", help="Người nhận vụ việc và việc chưa xong.")
def leave_command(name: str, successor: str | None) -> None:
    """NAME nghỉ việc: khoá tài khoản, kết thúc phiên, chuyển việc còn mở, dừng đăng ký báo động."""
    with open_store(read_settings()).write() as session:
        heir = None if successor is None else _find(session, successor)
        work = staff.leave(session, _find(session, name), heir, by=None, now=now())
    click.echo(f"Đã chuyển {work.cases} vụ việc, {work.tasks} việc; dừng {work.subscriptions} đăng ký báo động.")


@user.command(name="deputy")
@click.argument("name")
@click.argument("deputy")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Ngày cuối (YYYY-MM-DD).")
def deputy_command(name: str, deputy: str, until: datetime) -> None:
    """DEPUTY thay NAME đến hết ngày UNTIL."""
    end = datetime.combine(until.date() + timedelta(days=1), time(), VIET_NAM)
    with open_store(read_settings()).write() as session:
        staff.stand_in(session, _find(session, name), _find(session, deputy), until=end, by=None, now=now())
    click.echo(f"{deputy} thay {name} đến hết ngày {until:%d/%m/%Y}.")


@user.command(name="emergency")
@click.argument("name")
@click.option("--base", default="http://127.0.0.1:8000", show_default=True, help="Địa chỉ của giao diện.")
def emergency_command(name: str, base: str) -> None:
    """Không quản trị nào vào được: tạo quản trị mới tên NAME, ghi nhật ký và báo người trực."""
    settings = read_settings()
    with open_store(settings).write() as session:
        token = staff.emergency(session, name, now=now())
    click.echo(f"Đăng nhập một lần, trong 24 giờ: {_address(base, token)}")
    if settings.watchdog:
        from pipeline.channels import send  # noqa: PLC0415  -- loads the channels

        told = send(settings.watchdog, "[Điểm báo] Tài khoản quản trị khẩn cấp", f"Vừa tạo quản trị khẩn cấp «{name}».")
        click.echo("Đã báo người trực." if told else "Chưa báo được người trực: kênh watchdog không nhận tin.")


@user.command()
@click.argument("name")
def password(name: str) -> None:
    """Đặt mật khẩu mới cho NAME; mọi phiên đang mở của người này kết thúc."""
    hashed = _ask_password(name)
    with open_store(read_settings()).write() as session:
        found = _find(session, name)
        users.set_password(session, found, hashed)
        audit.append(session, at=now(), action="user.password", object=f"user/{found.id}", detail={"by": "cli"})
    click.echo(f"Đã đặt mật khẩu của {found.name}.")


@user.command()
@click.argument("name")
@click.option("--on/--off", "active", default=False, help="Mở lại hay khoá (mặc định khoá).")
def active(name: str, *, active: bool) -> None:
    """Khoá hoặc mở lại NAME."""
    with open_store(read_settings()).write() as session:
        found = _find(session, name)
        users.set_active(session, found, active=active)
        detail: dict[str, str | int | bool | None] = {"active": active, "by": "cli"}
        audit.append(session, at=now(), action="user.active", object=f"user/{found.id}", detail=detail)
    click.echo(f"{found.name}: {'đang dùng' if active else 'đã khoá'}.")


@user.command(name="list")
def list_command() -> None:
    """Liệt kê người dùng."""
    with open_store(read_settings()).read() as session:
        for row in users.all_users(session):
            state = "đang dùng" if row.active else "đã khoá"
            click.echo(f"{row.name}\t{row.display}\t{words.word(words.ROLE, row.role)}\t{state}")


def _find(session: Session, name: str) -> User:
    found = users.find_user(session, name)
    if found is None:
        message = f"Không có người dùng «{name}»"
        raise users.UserError(message)
    return found


def _ask_password(name: str) -> str:
    entered: str = click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại")
    check_strength(entered, name)
    return hash_password(entered)


def _address(base: str, token: str) -> str:
    return f"{base.rstrip('/')}/dang-nhap/mot-lan?token={token}"
