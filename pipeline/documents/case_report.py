"""Báo cáo vụ việc: the written report within three days, also in the form that there is no result yet."""

from datetime import date

from pipeline.case_file import CaseFile
from pipeline.documents import parts
from pipeline.documents.fields import Drawn, Field, Form, Source
from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import Letterhead

NO_RESULT = "Chưa có kết quả, đang xác minh. Cơ quan sẽ báo cáo bổ sung khi có kết quả."


def case_report(case: CaseFile, head: Letterhead, day: date, *, result: str = "", told_by: str = "") -> Drawn:
    """`result` is what a person wrote of the outcome, `told_by` who did; without it the form says that it is open."""
    about = f"Báo cáo vụ việc {case.code}"
    form = Form(Paper(head, symbol="BC", day=day))
    ending = "kết quả giải quyết" if result.strip() or case.result else "chưa có kết quả, đang xác minh"
    form.paper.title("Báo cáo", f"Vụ việc {case.code} ({ending})")
    form.paper.addressees([head.superior])
    form.paper.heading("1. Diễn biến theo báo chí")
    form.tell("Tóm tắt", case.summary)
    form.fill("Phát hiện lúc", case.received)
    form.fill("Hành vi (theo báo)", case.acts)
    form.fill("Nơi xảy ra", case.place)
    form.fill("Môi trường", case.setting)
    form.fill("Trẻ em", case.child)
    form.fill("Quan hệ của người bị nghi với trẻ", case.relation)
    form.fill("Giai đoạn", case.stage)
    parts.desk_section(form, case, "Đầu mối chịu trách nhiệm")
    parts.steps_section(form, case, "2. Việc đã làm")
    form.paper.heading("3. Kết quả giải quyết")
    if result.strip():
        form.tell("Kết quả", Field(result.strip(), Source(f"Cán bộ ghi: {told_by or 'không rõ tên'}")))
    elif case.result:
        form.tell("Kết quả", case.result)
    else:
        form.tell("Kết quả", Field(NO_RESULT, Source("Hệ thống: chưa có kết quả nào được ghi")))
    form.paper.heading("4. Khó khăn, đề xuất")
    parts.unknowns(form, ("Khó khăn", "Đề xuất"))
    parts.articles_table(form, case)
    form.paper.text(f"{parts.unverified(case)} {parts.KEY}", italic=True)
    form.paper.text(parts.secrecy(head), italic=True)
    form.paper.close()
    return form.finish(code=case.code, kind="bao-cao-vu-viec", title=about, day=day)
