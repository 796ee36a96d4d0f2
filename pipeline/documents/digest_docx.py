"""The điểm báo as a Báo cáo (it is none of the 29 document types of NĐ 30/2020 Đ7), ready to be numbered and signed."""

from pipeline.digest import TITLES, DigestContent, Entry
from pipeline.documents import digest_words as said
from pipeline.documents.frame import Paper as Sheet
from pipeline.documents.frame import add_run
from pipeline.documents.letterhead import Letterhead, or_dots


def digest_docx(content: DigestContent, head: Letterhead) -> bytes:
    sheet = Sheet(head, symbol="BC", day=content.day)
    sheet.title("Báo cáo", said.about(content))
    sheet.heading("Tổng quan")
    for sentence in said.overview(content):
        sheet.text(sentence)
    for roman, title, entries in zip(said.ROMAN, TITLES, content.sections, strict=True):
        sheet.heading(f"{roman}. {title} ({len(entries)})")
        if not entries:
            sheet.text("Không có.")
        for place, entry in enumerate(entries, 1):
            _entry(sheet, place, entry)
    sheet.heading("Mức độ không bỏ sót")
    for line in content.certificates:
        sheet.text(line)
    sheet.heading("Ghi chú")
    sheet.text(said.UNVERIFIED, italic=True)
    sheet.text(said.secrecy_words(head), italic=True)
    sheet.text(f"Người lập: {or_dots(head.author)}./.")
    sheet.close()
    _annex(sheet, content)
    return sheet.save(title=said.about(content), day=content.day)


def _entry(sheet: Sheet, place: int, entry: Entry) -> None:
    sheet.heading(said.headline(place, entry))
    sheet.text(entry.summary)
    for label, value in said.facts_lines(entry):
        sheet.labelled(label, value)
    sources = sheet.text(indent=False)
    add_run(sources, "Nguồn: ", bold=True)
    for number, paper in enumerate(entry.papers):
        add_run(sources, "; " if number else "")
        sheet.link(sources, said.paper_words(paper), paper.url)
    add_run(sources, ".")


def _annex(sheet: Sheet, content: DigestContent) -> None:
    """The proof of reading: every paper, with what it brought or why it could not be read."""
    sheet.annex("PHỤ LỤC: CÁC BÁO ĐÃ ĐỌC")
    coverage = content.coverage
    sheet.text(said.overview(content)[0])
    rows = [(str(n), title, str(count), "đã đọc") for n, (title, count) in enumerate(coverage.read, 1)]
    failed = enumerate(coverage.failed, len(rows) + 1)
    rows += [(str(n), title, "", f"không đọc được: {why}") for n, (title, why) in failed]
    if rows:
        sheet.space(6)
        sheet.table(("TT", "Báo", "Bài mới thấy trong ngày", "Kết quả"), rows, (1, 6, 3, 5))
