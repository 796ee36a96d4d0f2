"""The audit trail for reading, and whether its chain holds."""

from starlette.responses import Response

from models.rights import Right
from models.store import audit
from review_ui.pages import Ask, page

PER_PAGE = 100
ACTIONS = {
    "signin.ok": "Đăng nhập",
    "signin.failed": "Đăng nhập sai",
    "signin.refused": "Đăng nhập bị từ chối (tạm khoá)",
    "signout": "Đăng xuất",
    "decision.confirm": "Xác nhận tin",
    "decision.reject": "Bỏ qua tin",
    "decision.unsure": "Chưa rõ",
    "decision.undo": "Hoàn tác",
    "story.merge": "Gộp tin",
    "story.split": "Tách tin",
    "story.detach": "Gỡ bài khỏi tin",
    "story.undo": "Hoàn tác gộp, tách",
    "place.correct": "Sửa nơi xảy ra",
    "desk.keep": "Sửa danh bạ đầu mối",
    "desk.remove": "Xoá mục danh bạ",
    "place.undo": "Hoàn tác sửa nơi xảy ra",
    "article.unmask": "Xem danh tính đã che",
    "article.copy": "Tải bản lưu gốc",
    "case.open": "Mở vụ việc",
    "case.read": "Đọc vụ việc",
    "case.move": "Chuyển trạng thái vụ việc",
    "digest.draft": "Lập điểm báo",
    "digest.approve": "Duyệt điểm báo",
    "digest.send": "Gửi điểm báo",
    "digest.download": "Tải điểm báo",
    "digest.recipient": "Thêm người nhận điểm báo",
    "digest.recipient.remove": "Gỡ người nhận điểm báo",
    "report.download": "Tải báo cáo",
    "alert.subscribe": "Đăng ký báo động",
    "alert.pause": "Dừng, bật báo động",
    "alert.unsubscribe": "Bỏ đăng ký báo động",
    "alert.acknowledge": "Tiếp nhận báo động",
    "recall.draw": "Lấy mẫu ngẫu nhiên",
    "recall.answer": "Chấm bài trong mẫu",
    "outlet.add": "Thêm báo",
    "outlet.pause": "Tạm dừng đọc báo",
    "outlet.resume": "Đọc tiếp báo",
    "outlet.try": "Thử đọc báo ngay",
    "export.leads": "Tải nguồn tin",
    "rule.urgency": "Sửa bảng mức gấp",
    "rule.change": "Đổi quy tắc",
    "user.add": "Thêm người dùng",
    "user.link": "Tạo liên kết đăng nhập",
    "user.reset": "Đặt lại mật khẩu",
    "user.password": "Đổi mật khẩu",
    "user.role": "Đổi vai trò",
    "user.territory": "Đổi địa bàn",
    "clock.back": "Đưa dữ liệu về đúng giờ sau khi đồng hồ máy chạy sai",
    "search.person": "Tìm theo tên người, có lý do",
    "user.leave": "Cho nghỉ việc, chuyển việc còn mở",
    "user.deputy": "Giao hoặc kết thúc việc thay",
    "user.emergency": "Tạo quản trị khẩn cấp trên máy chủ",
    "user.active": "Khoá, mở tài khoản",
    "user.totp": "Đổi bước xác thực thứ hai",
}


@page("/quan-tri/nhat-ky", needs=Right.AUDIT)
def show(ask: Ask) -> Response:
    action = ask.query.get("viec")
    action = action if action in ACTIONS else ""
    with ask.house.store.read() as session:
        lines = audit.lines(session, action=action or None, before=ask.query.number("truoc"), limit=PER_PAGE)
        checked = ask.query.get("kiem") == "1"
        bad = audit.verify(session) if checked else None
        head = audit.head(session)
    more = lines[-1].id if len(lines) == PER_PAGE else None
    return ask.page(
        "audit.html", lines=lines, actions=ACTIONS, action=action, more=more, checked=checked, bad=bad, head=head
    )
