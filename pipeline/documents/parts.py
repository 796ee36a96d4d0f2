"""Pieces that several forms share: the articles with their hashes, the steps taken, what rests unknown."""

from collections.abc import Sequence

from models import words
from pipeline.case_file import CaseFile
from pipeline.documents.fields import UNKNOWN, Field, Form, Source
from pipeline.documents.letterhead import DOTS, Letterhead, or_dots
from pipeline.neutral import clock_words

KEY = "Người ký và người dùng văn bản này cần kiểm tra lại từng mục; chỗ để chấm là chưa biết."


def unverified(case: CaseFile) -> str:
    return f"Nguồn: {case.channel}, chưa kiểm chứng."


def configured(value: str, what: str) -> Field:
    """A value of the letterhead, or dots."""
    return Field(value, Source(f"Cấu hình của cơ quan: {what}")) if value.strip() else UNKNOWN


def letterhead_place(head: Letterhead) -> Field:
    return configured(head.agency, "tên cơ quan")


def articles_table(form: Form, case: CaseFile) -> None:
    """Article, address, times and hash: what the receiver needs to find the very text that was read."""
    if not case.articles:
        return
    form.paper.heading("Các bài báo")
    rows = [
        (str(cited.number), cited.outlet, cited.published or DOTS, cited.fetched, cited.url, cited.sha256)
        for cited in case.articles
    ]
    heads = ("TT", "Báo", "Đăng lúc", "Hệ thống tải lúc", "Địa chỉ", "SHA-256 nội dung đã đọc")
    form.paper.table(heads, rows, (1, 3, 3, 3, 5, 5), size=9)


def steps_done(case: CaseFile) -> tuple[str, ...]:
    """What staff did with the case, from its moves; reasons stay inside."""
    return tuple(
        f"{clock_words(step.at)}: "
        f"{words.word(words.CASE_STATE, step.after).lower() if step.before else 'mở vụ việc'} ({step.by})"
        for step in case.steps
    )


def steps_section(form: Form, case: CaseFile, title: str) -> None:
    form.paper.heading(title)
    source = Source("Nhật ký các bước của vụ việc trong hệ thống")
    for line in steps_done(case):
        form.tell("Bước đã làm", Field(f"- {line}", source))


def desk_section(form: Form, case: CaseFile, title: str) -> None:
    """Who answers for the place, how to reach them, and which desk has no contact yet."""
    form.paper.heading(title)
    form.fill("Đầu mối", case.desk)
    form.fill("Liên hệ", case.contacts)
    if case.gaps.value:
        form.fill("Cảnh báo", case.gaps)


def unknowns(form: Form, labels: Sequence[str]) -> None:
    """Lines that only a person can fill in."""
    for label in labels:
        form.fill(label, UNKNOWN)


def press_channel(case: CaseFile) -> Field:
    if not case.articles:
        return Field(case.channel, case.received.source)
    outlets = ", ".join(dict.fromkeys(cited.outlet for cited in case.articles))
    return Field(f"báo chí ({outlets})", Source("Danh sách bài báo của vụ việc"))


def secrecy(head: Letterhead) -> str:
    """What NĐ 56/2017 Đ24.3 asks of every report on a child: how secret it is and who may have it. Ends the paper."""
    return f"Mức độ bảo mật: {or_dots(head.secrecy)}. Phạm vi cung cấp: nơi nhận ghi trên văn bản (NĐ 56/2017 Đ24.3)./."
