"""Sexual abuse of somebody under 18: the motion to start proceedings, and the notice of it to the procuracy
(TTLT 01/2022 Đ8.2)."""

from datetime import date

from pipeline.case_file import CaseFile
from pipeline.documents import parts
from pipeline.documents.fields import UNKNOWN, DocumentError, Drawn, Form
from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import Letterhead, or_dots


def prosecution_motion(case: CaseFile, head: Letterhead, day: date) -> Drawn:
    _check(case)
    about = f"kiến nghị khởi tố, vụ việc {case.code}"
    form = Form(Paper(head, day=day, subject=about, marked=False))
    form.paper.addressees([head.police])
    form.paper.text(
        "Căn cứ Điều 144 Bộ luật Tố tụng hình sự và khoản 2 Điều 8 Thông tư liên tịch 01/2022, trên cơ sở "
        "thông tin và tài liệu dưới đây, cơ quan chúng tôi kiến nghị cơ quan điều tra xem xét, khởi tố theo thẩm quyền."
    )
    form.paper.heading("1. Thông tin đã có")
    form.tell("Tóm tắt", case.summary)
    form.fill("Dấu hiệu hành vi (theo báo)", case.acts)
    form.fill("Người bị hại", case.child)
    form.fill("Nơi xảy ra", case.place)
    form.fill("Người bị nghi: quan hệ với trẻ", case.relation)
    form.fill("Thời gian xảy ra", UNKNOWN)
    form.fill("Tin được nhận lúc", case.received)
    form.paper.heading("2. Tài liệu kèm theo")
    parts.unknowns(form, ("Tài liệu xác minh ban đầu", "Biên bản, giấy tờ khác"))
    parts.articles_table(form, case)
    form.paper.heading("3. Kiến nghị")
    form.paper.text(
        "Đề nghị cơ quan điều tra xem xét, giải quyết kiến nghị, bảo đảm thủ tục thân thiện với trẻ em, giữ bí mật đời "
        f"sống riêng tư của trẻ và thông báo kết quả cho {or_dots(head.agency)}. {parts.unverified(case)} "
        "Điều luật áp dụng do cơ quan điều tra xác định."
    )
    form.paper.text(parts.secrecy(head), italic=True)
    form.paper.close(recipients=("Như trên", f"{or_dots(head.procuracy)} (để biết, theo dõi)", *head.recipients))
    return form.finish(code=case.code, kind="kien-nghi-khoi-to", title=f"Công văn {about}", day=day)


def procuracy_notice(case: CaseFile, head: Letterhead, day: date) -> Drawn:
    _check(case)
    about = f"thông báo kiến nghị khởi tố, vụ việc {case.code}"
    form = Form(Paper(head, day=day, subject=about, marked=False))
    form.paper.addressees([head.procuracy])
    form.paper.text(
        "Thực hiện khoản 2 Điều 8 Thông tư liên tịch 01/2022, cơ quan chúng tôi thông báo đã gửi kiến nghị khởi tố sau "
        "đây đến cơ quan điều tra."
    )
    form.fill("Cơ quan điều tra nhận kiến nghị", parts.configured(head.police, "cơ quan điều tra"))
    parts.unknowns(form, ("Số, ngày của công văn kiến nghị",))
    form.tell("Tóm tắt", case.summary)
    form.fill("Dấu hiệu hành vi (theo báo)", case.acts)
    form.fill("Người bị hại", case.child)
    form.fill("Nơi xảy ra", case.place)
    form.paper.text(f"{parts.unverified(case)} Kèm theo: bản sao công văn kiến nghị khởi tố.")
    form.paper.text(parts.secrecy(head), italic=True)
    form.paper.close(recipients=("Như trên", *head.recipients))
    return form.finish(code=case.code, kind="thong-bao-vien-kiem-sat", title=f"Công văn {about}", day=day)


def _check(case: CaseFile) -> None:
    if "xam_hai_tinh_duc" not in case.facts.types:
        raise DocumentError(
            f"Vụ việc {case.code} không được ghi nhận là xâm hại tình dục: kiến nghị khởi tố theo TTLT 01/2022 không "
            "áp dụng. Dùng công văn cung cấp tin báo về tội phạm."
        )
