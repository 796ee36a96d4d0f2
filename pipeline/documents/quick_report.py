"""Báo cáo nhanh: one page at once for a grave case, with lines for the call and the e-mail that go before it."""

from datetime import date

from pipeline.case_file import CaseFile
from pipeline.documents import parts
from pipeline.documents.fields import Drawn, Form
from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import Letterhead


def quick_report(case: CaseFile, head: Letterhead, day: date) -> Drawn:
    about = f"Báo cáo nhanh vụ việc {case.code}"
    form = Form(Paper(head, symbol="BC", day=day))
    form.paper.title("Báo cáo nhanh", f"Vụ việc {case.code}: {case.headline}")
    form.paper.addressees([head.superior])
    form.tell("Tóm tắt", case.summary)
    form.fill("Hành vi (theo báo)", case.acts)
    form.fill("Nơi xảy ra", case.place)
    form.fill("Trẻ em", case.child)
    form.fill("Quan hệ của người bị nghi với trẻ", case.relation)
    form.fill("Trẻ có đang gặp nguy hiểm", case.danger)
    form.fill("Giai đoạn", case.stage)
    form.fill("Hệ thống tải tin lúc", case.received)
    form.fill("Cán bộ xác nhận lúc", case.confirmed)
    parts.desk_section(form, case, "Đầu mối chịu trách nhiệm")
    parts.steps_section(form, case, "Đã làm")
    form.paper.heading("Đã báo trước bằng điện thoại, thư điện tử")
    blank = [("điện thoại", "", "", ""), ("thư điện tử", "", "", "")]
    form.paper.table(("Cách báo", "Lúc", "Người nhận", "Người báo"), blank, (3, 3, 5, 5))
    form.paper.text(f"{parts.unverified(case)} {parts.KEY}", italic=True)
    form.paper.text(parts.secrecy(head), italic=True)
    form.paper.close()
    return form.finish(code=case.code, kind="bao-cao-nhanh", title=about, day=day)
