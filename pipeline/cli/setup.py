"""`diembao setup`: from nothing to the first list, by questions."""

from dataclasses import replace

import click

from models import words
from models.clock import day_of, now
from models.passwords import check_strength, hash_password
from models.session import Store
from models.store import audit, users
from pipeline.config import Settings, read_settings
from pipeline.open_store import open_store


@click.command()
@click.option("--territory", help="Địa bàn: tên hoặc mã, cách nhau bằng dấu chấm phẩy; chuỗi trống: cả nước.")
@click.option("--admin", help="Tên đăng nhập của quản trị đầu tiên.")
@click.option("--officer", help="Tên đăng nhập của cán bộ duyệt tin đầu tiên.")
@click.option("--papers", type=click.Choice(["all", "own"]), help="Đọc mọi báo, hay báo trung ương và báo tỉnh mình.")
@click.option("--scan/--no-scan", default=None, help="Đọc báo ngay và in danh sách đầu tiên, hay để sau.")
@click.option("--sample-press", metavar="HOST:PORT", help="Đọc các báo mẫu đang chạy ở địa chỉ này của máy.")
def setup(
    territory: str | None,
    admin: str | None,
    officer: str | None,
    papers: str | None,
    sample_press: str | None,
    *,
    scan: bool | None,
) -> None:
    """Cài đặt lần đầu: địa bàn, quản trị, các báo, danh sách đầu tiên. Chạy lại chỉ hỏi những gì còn thiếu."""
    from pipeline.setup import territory_words  # noqa: PLC0415  -- loads the gazetteer

    settings = _territory(read_settings(), territory)
    click.echo(f"Địa bàn: {territory_words(settings.territory)}.")
    store = open_store(settings)
    _first_users(store, settings, admin, officer)
    if sample_press is None:
        _papers(store, settings, papers)
    if scan if scan is not None else click.confirm("Đọc các báo ngay bây giờ (vài phút đến nửa giờ)?", default=True):
        _first_list(store, settings, sample_press)
    click.echo(
        "Xong. Mở giao diện: diembao serve; đọc báo liên tục: diembao watch; cài thành dịch vụ: diembao service."
    )


def _territory(settings: Settings, given: str | None) -> Settings:
    from pipeline.setup import SetupError, keep_setting, read_territory  # noqa: PLC0415

    if given is None and settings.territory:
        return settings
    while True:
        typed = given
        if typed is None:
            typed = click.prompt(
                "Địa bàn phụ trách (tên hoặc mã tỉnh, huyện cũ, xã; cách nhau bằng dấu chấm phẩy; Enter: cả nước)",
                default="",
                show_default=False,
            )
        try:
            refs = read_territory(typed)
        except SetupError as error:
            if given is not None:
                raise
            click.echo(str(error))
            continue
        path = keep_setting(settings.data_dir, "territory", ",".join(refs))
        click.echo(f"Đã ghi vào {path}.")
        return replace(settings, territory=refs)


def _first_users(store: Store, settings: Settings, admin: str | None, officer: str | None) -> None:
    """An administrator sees no content: whoever reads the list needs a name of their own."""
    from pipeline.setup import has_role  # noqa: PLC0415

    with store.read() as session:
        roles = [role for role in ("admin", "officer") if not has_role(session, role)]
    for role, given, usual in (("admin", admin, "quantri"), ("officer", officer, "canbo")):
        if role not in roles:
            continue
        name = given or click.prompt(
            f"Tên đăng nhập của {words.word(words.ROLE, role).lower()} đầu tiên", default=usual
        )
        password = click.prompt(f"Mật khẩu của {name}", hide_input=True, confirmation_prompt="Nhập lại")
        check_strength(password, name)
        with store.write() as session:
            made = users.add_user(
                session, name=name, display="", role=role, password_hash=hash_password(password), now=now()
            )
            detail: dict[str, str | int | bool | None] = {"role": role, "by": "setup"}
            audit.append(session, at=now(), action="user.add", object=f"user/{made.id}", detail=detail)
        click.echo(f"Đã thêm {name} ({words.word(words.ROLE, role)}). Đăng nhập ở {settings.public_url}/dang-nhap")


def _papers(store: Store, settings: Settings, given: str | None) -> None:
    from pipeline.papers import papers_read  # noqa: PLC0415
    from pipeline.setup import leave_out, papers_elsewhere  # noqa: PLC0415
    from spiders.source import load_catalogue  # noqa: PLC0415

    catalogue = load_catalogue(settings.sources_dir)
    elsewhere = papers_elsewhere(catalogue, settings.territory)
    own = given == "own"
    if given is None and elsewhere:
        click.echo(f"Danh mục có {len(catalogue)} báo; {len(elsewhere)} là báo của tỉnh khác.")
        own = click.confirm("Chỉ đọc báo trung ương và báo của tỉnh mình?", default=False)
    with store.write() as session:
        if own:
            leave_out(session, elsewhere, at=now())
        click.echo(f"Sẽ đọc {len(papers_read(session, catalogue))} báo; đổi lại bất cứ lúc nào ở trang Báo.")


def _first_list(store: Store, settings: Settings, sample_press: str | None) -> None:
    from pipeline.cli.show import Bars, listed, listed_table, report_lines, wide_console  # noqa: PLC0415
    from pipeline.scanning import choose_sources, sample_options, scan_once, web_options  # noqa: PLC0415

    options = web_options(settings)
    if sample_press:
        options = sample_options(options, sample_press)
    sources = choose_sources(settings, sample_press=sample_press, store=store)
    with Bars() as bars:
        report = scan_once(
            store, sources, options, progress=bars, archive=settings.archive_dir, models=settings.models_dir
        )
    for line in report_lines(report):
        click.echo(line)
    today = day_of(now())
    with store.read() as session:
        rows = listed(session, today)
    wide_console().print(listed_table(rows, day=today.strftime("%d/%m/%Y"), words=words.TYPES))
