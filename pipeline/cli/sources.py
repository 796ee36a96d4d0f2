"""`diembao sources`: the catalogue of outlets: list, check, import and export."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models.errors import DiembaoError

if TYPE_CHECKING:
    from spiders.jobs import ListOutcome
    from spiders.source import Source

LEVELS = {
    "central": "trung ương",
    "ministry": "bộ, ngành",
    "association": "hội, đoàn thể",
    "province": "địa phương",
    "company": "doanh nghiệp",
    "unknown": "chưa rõ",
}
PROOFS = {"proven": "đã kiểm chứng", "likely": "có khả năng", "unproven": "chưa kiểm chứng"}
HEALTH = {
    "ok": "đọc được",
    "unchanged": "không đổi",
    "empty": "trống",
    "broken": "hỏng",
    "blocked": "bị chặn",
    "gone": "không còn",
    "failed": "không trả lời",
    "refused": "không được phép",
}


@click.group()
def sources() -> None:
    """Danh mục báo: xem, kiểm tra, nhập và xuất."""


@sources.command("list")
@click.option("--province", metavar="CODE", help="Chỉ các báo của tỉnh, thành phố này (mã hai chữ số)")
@click.option("--json", "as_json", is_flag=True, help="In mỗi báo một dòng JSON")
def list_sources(province: str | None, as_json: bool) -> None:
    """In danh mục; mục nào sai thì báo tên tệp và khoá."""
    chosen = [source for source in _load().values() if province in {None, source.province}]
    if as_json:
        for source in chosen:
            click.echo(json.dumps(_row(source), ensure_ascii=False))
        return
    headings = ("Mã", "Tên", "Cấp", "Tỉnh", "RSS", "Sitemap", "Chuyên mục", "Bài/ngày", "Nguồn tin", "Quy tắc đọc")
    _table(headings, [_cells(source) for source in chosen])
    provinces = {source.province for source in chosen} - {None}
    click.echo(f"{len(chosen)} báo, {len(provinces)} tỉnh, thành phố")


@sources.command()
@click.argument("ids", nargs=-1)
@click.option("--all-lists", is_flag=True, help="Thử mọi nguồn của từng báo (mặc định: nguồn đầu tiên mỗi loại)")
def check(ids: tuple[str, ...], all_lists: bool) -> None:
    """Hỏi thử từng nguồn của các báo (mặc định: tất cả) một cách lịch sự và in kết quả."""
    known = _load()
    for name in ids:
        if name not in known:
            raise DiembaoError(f"{name}: không có báo nào mang mã này trong danh mục")
    outcomes = _probe([known[name] for name in ids or known], known, all_lists=all_lists)
    headings = ("Mã", "Loại", "Địa chỉ", "Kết quả", "Bài", "Mới nhất", "Lỗi")
    _table(headings, [_outcome_cells(outcome) for outcome in outcomes])
    readable = {outcome.job.outlet for outcome in outcomes if outcome.health == "ok"}
    asked = {outcome.job.outlet for outcome in outcomes}
    click.echo(f"{len(readable)} trên {len(asked)} báo có ít nhất một nguồn đọc được")
    if not readable:
        sys.exit(1)


@sources.command("export")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Tệp OPML (mặc định: in ra)")
def export_sources(output: Path | None) -> None:
    """Xuất danh mục thành OPML cho phần mềm đọc tin."""
    from spiders.opml import write_opml  # noqa: PLC0415  heavy imports only when called

    raw = write_opml(_load().values())
    if output is None:
        click.echo(raw, nl=False)
        return
    try:
        output.write_bytes(raw)
    except OSError as error:
        raise DiembaoError(f"{output}: không ghi được ({error.strerror})") from error


@sources.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--into", "folder", type=click.Path(path_type=Path, file_okay=False), help="Thư mục danh mục riêng")
def import_sources(file: Path, folder: Path | None) -> None:
    """Nhập danh sách OPML của phần mềm đọc tin: mỗi báo mới thành một tệp TOML."""
    from pipeline.config import read_settings  # noqa: PLC0415  heavy imports only when called
    from pipeline.source_files import add_sources  # noqa: PLC0415
    from spiders.opml import OpmlError, new_sources, read_opml  # noqa: PLC0415

    folder = folder or read_settings().sources_dir
    if folder is None:
        raise DiembaoError("cần --into THƯ_MỤC (hoặc đặt DIEMBAO_SOURCES_DIR): danh mục đi kèm không bị sửa")
    try:
        subscriptions, skipped = read_opml(file.read_bytes())
    except (OSError, OpmlError) as error:
        raise DiembaoError(f"{file}: {error}") from error
    added, present = new_sources(subscriptions, _load(folder).values())
    for path in add_sources(added, folder):
        click.echo(f"+ {path}")
    click.echo(f"{len(added)} báo mới; {present} nguồn đã có trong danh mục; {skipped} dòng không dùng được")


def _load(folder: Path | None = None) -> "dict[str, Source]":
    from pipeline.config import read_settings  # noqa: PLC0415  heavy imports only when called
    from spiders.source import load_catalogue  # noqa: PLC0415

    folder = folder or read_settings().sources_dir
    return load_catalogue(folder if folder and folder.is_dir() else None)


def _probe(chosen: "list[Source]", known: "dict[str, Source]", *, all_lists: bool) -> "list[ListOutcome]":
    from pipeline.config import read_settings  # noqa: PLC0415  heavy imports only when called
    from spiders.crawl import CrawlOptions, read_lists, run, user_agent  # noqa: PLC0415
    from spiders.jobs import ListJob  # noqa: PLC0415

    contact = read_settings().contact
    options = CrawlOptions(user_agent=user_agent(contact)) if contact else CrawlOptions()
    jobs: list[ListJob] = []
    for source in chosen:
        for kind, urls in (("feed", source.feeds), ("sitemap", source.sitemaps), ("listing", source.sections)):
            jobs += [ListJob(source.id, url, kind) for url in (urls if all_lists else urls[:1])]  # type: ignore[arg-type]
    outcomes: list[ListOutcome] = []
    with click.progressbar(length=len(jobs), label="Đang hỏi", file=sys.stderr) as bar:

        def finish(outcome: "ListOutcome") -> None:
            outcomes.append(outcome)
            bar.update(1)

        run(lambda: read_lists(jobs, known, finish, options))
    return sorted(outcomes, key=lambda outcome: (outcome.job.outlet, outcome.job.kind, outcome.job.url))


def _outcome_cells(outcome: "ListOutcome") -> tuple[str, ...]:
    newest = max((entry.published for entry in outcome.entries if entry.published), default=None)
    return (
        outcome.job.outlet,
        outcome.job.kind,
        outcome.job.url,
        HEALTH[outcome.health],
        str(len(outcome.entries)),
        f"{newest:%d/%m/%Y %H:%M}" if newest else "",
        (outcome.error or "").removeprefix(f"{outcome.job.url}: ")[:100],
    )


def _row(source: "Source") -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "home": source.home,
        "level": source.level,
        "kind": source.kind,
        "province": source.province,
        "former_province": source.former_province,
        "topics": source.topics,
        "feeds": source.feeds,
        "sitemaps": source.sitemaps,
        "sections": source.sections,
        "per_day": source.per_day,
        "proof": dict(source.proof),
    }


def _cells(source: "Source") -> tuple[str, ...]:
    lists = next((source.proof[key] for key in ("feeds", "sitemaps", "sections") if key in source.proof), "unproven")
    body = source.proof.get("body") if source.article.body else None
    return (
        source.id,
        source.title,
        LEVELS[source.level],
        source.province or "",
        str(len(source.feeds)),
        str(len(source.sitemaps)),
        str(len(source.sections)),
        "–".join(map(str, source.per_day or ())),
        PROOFS[lists],
        PROOFS[body or "unproven"] if source.article.body else "",
    )


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console  # noqa: PLC0415  heavy imports only when called
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(*headings)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console()
    console.width = max(console.width, 160)
    console.print(table)
