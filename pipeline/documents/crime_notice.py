"""Công văn cung cấp tin báo về tội phạm (BLTTHS Đ146.4) with what TT 28/2020/TT-BCA Đ5.3 wants to know.

It is a civil agency's letter, not the "Phiếu chuyển nguồn tin" of the police.
"""

from datetime import date

from pipeline.case_file import CaseFile
from pipeline.documents import parts
from pipeline.documents.fields import UNKNOWN, Drawn, Form
from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import Letterhead


def crime_notice(case: CaseFile, head: Letterhead, day: date) -> Drawn:
    about = f"cung cấp tin báo về tội phạm, vụ việc {case.code}"
    form = Form(Paper(head, day=day, subject=about, marked=False))
    form.paper.addressees([head.police])
    form.paper.text(
        "Căn cứ Điều 144 và khoản 4 Điều 146 Bộ luật Tố tụng hình sự, cơ quan chúng tôi cung cấp tin đăng trên báo chí "
        "có dấu hiệu xâm hại trẻ em như sau, đề nghị tiếp nhận, xử lý theo thẩm quyền và thông báo kết quả."
    )
    form.paper.heading("1. Tiếp nhận")
    form.fill("Thời gian nhận tin", case.received)
    form.fill("Cán bộ xác nhận tin lúc", case.confirmed)
    form.fill("Người nhận tin của công an", UNKNOWN)
    form.paper.heading("2. Người cung cấp tin")
    form.fill("Cơ quan cung cấp", parts.letterhead_place(head))
    form.fill("Địa chỉ, điện thoại", parts.configured(head.contact, "liên hệ"))
    form.fill("Vì sao biết tin", parts.press_channel(case))
    form.paper.heading("3. Nội dung sự việc")
    form.fill("Thời gian xảy ra", UNKNOWN)
    form.fill("Nơi xảy ra", case.place)
    form.tell("Tóm tắt", case.summary)
    form.fill("Dấu hiệu hành vi (theo báo)", case.acts)
    form.fill("Người bị hại", case.child)
    form.fill("Người bị nghi: quan hệ với trẻ", case.relation)
    form.fill("Tình trạng của trẻ", case.danger)
    form.fill("Giai đoạn", case.stage)
    labels = ("Người làm chứng", "Hướng bỏ trốn", "Phương tiện", "Hậu quả", "Việc đã làm tại hiện trường")
    parts.unknowns(form, labels)
    parts.articles_table(form, case)
    form.paper.text(
        f"{parts.unverified(case)} Danh tính trẻ em, nếu có trong bài, đề nghị giữ bí mật theo Điều 24 và Điều 33 "
        "Nghị định 56/2017/NĐ-CP. Kèm theo: bản in các bài báo nêu trên."
    )
    form.paper.text(parts.secrecy(head), italic=True)
    form.paper.close()
    return form.finish(code=case.code, kind="cung-cap-tin-bao", title=f"Công văn {about}", day=day)
