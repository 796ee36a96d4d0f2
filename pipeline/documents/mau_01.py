"""Mẫu 01 of NĐ 56/2017/NĐ-CP: report on receiving information, part A, as a draft of what the press says.

What the press may not tell us to keep (name, birth date, parents, home) is left to who verifies.
"""

from datetime import date

from pipeline.case_file import CaseFile
from pipeline.documents import parts
from pipeline.documents.fields import UNKNOWN, Drawn, Field, Form, Source
from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import Letterhead

_ENDING = {
    "bao_luc": "bị bạo lực",
    "xam_hai_tinh_duc": "bị xâm hại tình dục",
    "boc_lot": "bị bóc lột",
    "mua_ban_bat_coc": "bị mua bán, bắt cóc",
    "bo_roi_bo_mac": "bị bỏ rơi, bỏ mặc",
}


def mau_01(case: CaseFile, head: Letterhead, day: date) -> Drawn:
    """The ending of the title is note (4) of the form; "bị xâm hại" where the act has no ending of its own."""
    ending = next((_ENDING[code] for code in case.facts.types if code in _ENDING), "bị xâm hại")
    about = f"Tiếp nhận thông tin trẻ em (nghi) {ending}"
    form = Form(Paper(head, symbol="BC", day=day))
    form.paper.title("Báo cáo", about)
    form.paper.text(f"(Mẫu số 01, NĐ 56/2017/NĐ-CP; bản thảo) {parts.unverified(case)} {parts.KEY}", italic=True)
    form.paper.heading("A. Thông tin chung")
    form.paper.heading("1. Nguồn nhận thông tin")
    form.fill("Thông qua", parts.press_channel(case))
    form.fill("Thời gian nhận", case.received)
    form.fill("Cán bộ xác nhận lúc", case.confirmed)
    form.paper.heading("2. Thông tin về trẻ em")
    _child(form, case)
    form.paper.heading("3. Người cung cấp thông tin")
    parts.unknowns(form, ("Họ và tên", "Điện thoại", "Địa chỉ", "Ghi thêm"))
    parts.articles_table(form, case)
    form.paper.text(parts.secrecy(head), italic=True)
    form.paper.close(signer="Cán bộ tiếp nhận")
    return form.finish(code=case.code, kind="mau-01", title=about, day=day)


def _child(form: Form, case: CaseFile) -> None:
    form.fill("Họ và tên", UNKNOWN)
    form.fill("Gọi trong văn bản này là", case.child)
    form.fill("Ngày, tháng, năm sinh", UNKNOWN)
    form.fill("Ước lượng tuổi", case.age)
    form.fill("Giới tính", case.sex)
    form.fill("Số trẻ", case.victims)
    form.fill("Địa điểm xảy ra vụ việc", case.place)
    form.fill("Hành vi (theo báo)", case.acts)
    form.fill("Tình trạng hiện tại của trẻ", case.danger)
    parts.unknowns(
        form,
        (
            "Phỏng đoán hậu quả nếu không được hỗ trợ, can thiệp",
            "Họ tên, tuổi, nghề nghiệp của cha",
            "Họ tên, tuổi, nghề nghiệp của mẹ",
            "Hoàn cảnh gia đình",
            "Hiện ai là người chăm sóc trẻ",
        ),
    )
    done = "; ".join(parts.steps_done(case))
    source = Source("Nhật ký các bước của vụ việc trong hệ thống")
    form.fill("Hỗ trợ, can thiệp trước khi nhận thông tin", UNKNOWN)
    form.fill("Đã làm sau khi nhận thông tin", Field(done, source) if done else UNKNOWN)
