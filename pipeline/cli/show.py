"""How the command line shows work and lists: bars while it runs, tables at the end."""

from dataclasses import replace
from datetime import date
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy.orm import Session

from models.clock import VIET_NAM
from models.store import listing
from models.store.listing import ListedArticle
from pipeline.coverage import coverage_lines
from pipeline.masking import hide
from pipeline.scan import ScanReport
from pipeline.story_names import names_of_articles


class Bars:
    """One bar a stage, on standard error, so that standard output holds the result alone."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=quiet,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close_stage()
        self._progress.stop()

    def stage(self, name: str, total: int | None) -> None:
        self._close_stage()
        self._task = self._progress.add_task(name, total=total)

    def step(self, count: int = 1) -> None:
        if self._task is not None:
            self._progress.advance(self._task, count)

    def _close_stage(self) -> None:
        """A stage without a known total is done when the next one begins."""
        if self._task is not None:
            task = self._progress.tasks[self._task]
            self._progress.update(self._task, total=task.completed, completed=task.completed)


def wide_console() -> Console:
    """Standard output, at least wide enough for a table when it goes into a file or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=140)


def number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def listed(session: Session, day: date) -> list[ListedArticle]:
    """The flagged articles of a day, what exposes a child hidden in their headlines."""
    rows = listing.flagged(session, day)
    names = names_of_articles(session, [row.article_id for row in rows])
    return [replace(row, title=hide(row.title, names[row.article_id])) for row in rows]


def listed_table(rows: list[ListedArticle], *, day: str, words: dict[str, str]) -> Table:
    """The flagged articles of a day. Text is data, never mark-up: brackets in a headline stay brackets."""
    table = Table(title=f"Bài cần xem ngày {day}: {len(rows)}", title_justify="left", expand=True)
    for heading in ("Tiêu đề", "Báo", "Nơi xảy ra", "Loại", "Đăng lúc"):
        table.add_column(heading, overflow="fold")
    table.add_column("Điểm", justify="right", no_wrap=True)
    for row in rows:
        published = "" if row.published_at is None else row.published_at.astimezone(VIET_NAM).strftime("%d/%m %H:%M")
        cells = (
            row.title,
            row.outlet,
            row.place or "chưa rõ",
            ", ".join(words.get(code, code) for code in row.types) or "chưa rõ",
            published,
            number(row.score),
        )
        table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    return table


def report_lines(report: ScanReport) -> list[str]:
    """What one pass did, in words; a pass that added nothing says so."""
    asked = report.outlets_ok + report.outlets_failed
    lines = [f"Đã đọc {report.outlets_ok}/{asked} báo, {report.articles_read} bài, {number(report.seconds, 1)} giây."]
    if report.pages_failed:
        lines.append(f"{report.pages_failed} trang chưa đọc được, sẽ thử lại ở lượt sau.")
    if report.articles_new or report.articles_changed or report.stories_new:
        lines.append(
            f"Bài mới: {report.articles_new}; bài thay đổi: {report.articles_changed}; "
            f"trùng địa chỉ: {report.duplicates}; cần xem thêm: {report.flagged_new}."
        )
    else:
        lines.append("Không có gì mới: không bài nào được thêm hay hiện lại.")
    return lines + coverage_lines(report.coverage)
