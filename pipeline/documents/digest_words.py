"""The điểm báo as lines: what .docx, HTML and plain text have in common, and the plain text itself."""

import textwrap
from collections.abc import Iterator

from models.words import number
from pipeline.digest import TITLES, DigestContent, Entry, Paper
from pipeline.documents.letterhead import Letterhead, or_dots
from pipeline.papers_read import PapersRead

ROMAN = ("I", "II", "III", "IV", "V")
NOTHING = "Không phát hiện tin về bạo lực, xâm hại trẻ em trong các báo đã đọc."
UNVERIFIED = (
    "Thông tin trong văn bản này tổng hợp từ báo chí, chưa xác minh; không dùng làm căn cứ kết luận về bất kỳ ai. "
    "Số bài, số tin và số trẻ là ba số đếm khác nhau."
)
WIDTH = 100


def about(content: DigestContent) -> str:
    return f"Điểm báo về bạo lực, xâm hại trẻ em ngày {content.day:%d/%m/%Y}"


def overview(content: DigestContent) -> tuple[str, ...]:
    """The sentences under "Tổng quan": papers, counts, and what a day without news rests on."""
    return (*_reading(content.coverage), *filter(None, (content.coverage.note,)), _told(content))


def _reading(coverage: PapersRead) -> tuple[str, ...]:
    if not coverage.passes:
        cut = f" ({coverage.cut_off} lượt bị ngắt giữa chừng)" if coverage.cut_off else ""
        return (f"Chưa có lượt quét báo nào hoàn thành trong ngày{cut}: chưa thể kết luận có hay không có tin.",)
    text = (
        f"Đã đọc {len(coverage.read)}/{coverage.papers} báo, {coverage.passes} lượt quét từ {coverage.first} đến "
        f"{coverage.last}: {number(coverage.articles)} bài mới thấy trong ngày, {number(coverage.pages)} trang bài "
        f"được đọc toàn văn."
    )
    if not coverage.failed:
        return (text,)
    return (
        text,
        f"Không đọc được {len(coverage.failed)} báo: {'; '.join(f'{t} ({why})' for t, why in coverage.failed)}.",
    )


def _told(content: DigestContent) -> str:
    counts = content.counts
    listed = counts.new + counts.updated
    if not listed:
        return NOTHING if content.coverage.passes else "Danh sách trong ngày trống."
    text = (
        f"Danh sách có {listed} tin ({counts.articles} bài trong ngày): {counts.new} tin mới, {counts.updated} tin có "
        f"bài mới. Đã xác nhận {counts.confirmed}, bỏ qua {counts.rejected}, chưa rõ {counts.unsure}, "
        f"chưa xem {counts.unreviewed}."
    )
    settled = content.coverage.passes and not counts.unreviewed and not counts.unsure and not counts.confirmed
    return f"{text} {NOTHING}" if settled else text


def facts_lines(entry: Entry) -> tuple[tuple[str, str], ...]:
    """(label, value) of what is printed under a summary, without what is not known."""
    lines = (
        ("Nhãn", entry.labels),
        ("Giai đoạn", entry.stage),
        ("Địa bàn", entry.place),
        ("Mức độ tin cậy", entry.trust),
        ("Nhận xét, kiến nghị", " ".join(entry.advice)),
        ("Đơn vị xử lý", entry.unit),
        ("Thời hạn", entry.due),
        ("Vụ việc", entry.case),
    )
    return tuple((label, value) for label, value in lines if value)


def paper_words(paper: Paper) -> str:
    """Báo X, 06:42 ngày 21/11/2026 (đăng lại)."""
    text = f"{paper.outlet}, {paper.published}" if paper.published else paper.outlet
    return f"{text} ({paper.note})" if paper.note else text


def headline(number_: int, entry: Entry) -> str:
    return f"{number_}. {'KHẨN – ' if entry.urgent else ''}{entry.headline}"


def digest_text(content: DigestContent, head: Letterhead) -> str:
    """Plain text for the e-mail, at most a hundred characters a line."""
    return "\n".join(_lines(content, head)) + "\n"


def _lines(content: DigestContent, head: Letterhead) -> Iterator[str]:
    yield f"{or_dots(head.agency)} – {head.mark}" if head.mark else or_dots(head.agency)
    yield about(content).upper()
    yield ""
    yield "TỔNG QUAN"
    for sentence in overview(content):
        yield from _wrap(sentence, "  ")
    for roman, title, entries in zip(ROMAN, TITLES, content.sections, strict=True):
        yield ""
        yield f"{roman}. {title.upper()} ({len(entries)})"
        if not entries:
            yield "  Không có."
        for place, entry in enumerate(entries, 1):
            yield from _entry_lines(place, entry)
    yield ""
    yield "MỨC ĐỘ KHÔNG BỎ SÓT"
    for line in content.certificates:
        yield from _wrap(line, "  ")
    yield ""
    yield "BÁO ĐÃ ĐỌC (số bài mới thấy trong ngày)"
    yield from _wrap("; ".join(f"{title} {count}" for title, count in content.coverage.read) or "Không có.", "  ")
    yield ""
    yield from _wrap(UNVERIFIED, "")
    if head.secrecy or head.scope:
        yield from _wrap(secrecy_words(head), "")


def secrecy_words(head: Letterhead) -> str:
    return f"Mức độ bảo mật: {or_dots(head.secrecy)}. Phạm vi cung cấp: {or_dots(head.scope)} (NĐ 56/2017 Đ24.3)."


def _entry_lines(place: int, entry: Entry) -> Iterator[str]:
    yield from _wrap(headline(place, entry), "  ", after="     ")
    yield from _wrap(entry.summary, "     ")
    for label, value in facts_lines(entry):
        yield from _wrap(f"{label}: {value}", "     ", after="       ")
    for paper in entry.papers:
        yield from _wrap(f"- {paper_words(paper)}:", "     ", after="       ")
        yield f"       {paper.url}"


def _wrap(text: str, before: str, *, after: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=before,
        subsequent_indent=before if after is None else after,
        break_long_words=False,
        break_on_hyphens=False,
    )
