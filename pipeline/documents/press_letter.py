"""Letter to a newspaper whose article identifies a child: asks to take out what does, without repeating it."""

from datetime import date

from pipeline.case_file import CaseFile, Cited
from pipeline.documents.fields import DocumentError, Drawn, Field, Form, Source
from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import Letterhead


def exposing_outlets(case: CaseFile) -> dict[str, str]:
    """Outlets to write to: id -> title."""
    return {cited.outlet_id: cited.outlet for cited in case.articles if cited.exposed}


def press_letter(case: CaseFile, head: Letterhead, day: date, *, outlet_id: str) -> Drawn:
    """Raises DocumentError where no article of that outlet is marked as identifying the child."""
    cited = [found for found in case.articles if found.outlet_id == outlet_id and found.exposed]
    if not cited:
        raise DocumentError(
            f"Vụ việc {case.code}: không có bài nào của báo «{outlet_id}» bị ghi nhận là lộ danh tính trẻ"
        )
    about = "bảo vệ thông tin bí mật đời sống riêng tư của trẻ em"
    form = Form(Paper(head, day=day, subject=about, marked=False))
    form.paper.addressees([f"Ban biên tập {cited[0].outlet}"])
    form.paper.text(
        "Qua theo dõi báo chí, cơ quan chúng tôi thấy các bài dưới đây có nội dung có thể làm người đọc nhận ra trẻ em "
        "là người bị hại."
    )
    for article in cited:
        form.tell(f"Bài số {article.number}", _where(article))
    form.paper.text(
        "Theo khoản 11 Điều 6 và Điều 21 Luật Trẻ em, Điều 33 và Điều 36 Nghị định 56/2017/NĐ-CP, tên, hình ảnh, "
        "trường lớp, địa chỉ, thành viên gia đình của trẻ em là thông tin bí mật đời sống riêng tư. Đề nghị Quý báo rà "
        "soát, bỏ hoặc làm mờ các nội dung nói trên, kể cả ở tiêu đề, chú thích ảnh, địa chỉ bài và bản trên mạng xã "
        "hội, và cho biết kết quả."
    )
    form.paper.text("Văn bản này không nhắc lại các nội dung đó để không làm lộ thêm. Trân trọng cảm ơn Quý báo./.")
    form.paper.close(recipients=("Như trên", *head.recipients))
    return form.finish(code=case.code, kind=f"thu-{outlet_id}", title=f"Công văn {about}", day=day)


def _where(article: Cited) -> Field:
    posted = f", đăng lúc {article.published}" if article.published else ""
    return Field(
        f"- {article.url}{posted}: {', '.join(article.exposed)}.",
        Source(f"Máy đánh dấu trong bản {article.version}, cán bộ cần đọc lại trước khi gửi"),
    )
