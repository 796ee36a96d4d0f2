"""The audit trail for reading, and whether its chain holds."""

import json
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from models.clock import VIET_NAM, day_of
from models.rights import Right
from models.store import audit, users
from models.store.audit import Wanted
from models.words import word
from pipeline.export import to_csv
from review_ui.pages import Ask, page

PER_PAGE, MOST = 100, 50_000
FILTERS = ("viec", "ai", "vat", "tu", "den")
ACTIONS = {
    "audit.download": "Tải nhật ký",
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
    wanted = _wanted(ask)
    with ask.house.store.read() as session:
        lines = audit.lines(session, before=ask.query.number("truoc"), limit=PER_PAGE, wanted=wanted)
        checked = ask.query.get("kiem") == "1"
        bad = audit.verify(session) if checked else None
        head = audit.head(session)
        people = [user.name for user in users.all_users(session)]
    more = lines[-1].id if len(lines) == PER_PAGE else None
    kept = [(name, value) for name, value in ask.query.pairs if name in FILTERS and value]
    return ask.page(
        "audit.html",
        lines=lines,
        actions=ACTIONS,
        wanted=wanted,
        asked={name: ask.query.get(name) for name in FILTERS},
        people=people,
        more=urlencode([*kept, ("truoc", more)]) if more else None,
        file=f"/quan-tri/nhat-ky/tep?{urlencode(kept)}",
        checked=checked,
        bad=bad,
        head=head,
    )


@page("/quan-tri/nhat-ky/tep", needs=Right.AUDIT)
def download(ask: Ask) -> Response:
    """What was looked for as a file, and the taking of it on record before it is made."""
    wanted = _wanted(ask)
    with ask.house.store.write() as session:
        lines = audit.lines(session, limit=MOST, wanted=wanted)
        detail: dict[str, str | int | bool | None] = {name: ask.query.get(name) or None for name in FILTERS}
        audit.append(
            session,
            at=ask.now,
            action="audit.download",
            user_id=ask.user.user_id,
            detail={**detail, "rows": len(lines)},
        )
    rows = [
        (
            str(line.id),
            f"{line.at.astimezone(VIET_NAM):%d/%m/%Y %H:%M:%S}",
            line.who or "",
            word(ACTIONS, line.action),
            line.object or "",
            json.dumps(line.detail, ensure_ascii=False, sort_keys=True),
        )
        for line in lines
    ]
    content = to_csv([("Số", "Lúc", "Ai", "Việc", "Đối tượng", "Chi tiết"), *rows])
    headers = {"content-disposition": f'attachment; filename="nhat-ky-{day_of(ask.now):%Y%m%d}.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _wanted(ask: Ask) -> Wanted:
    action = ask.query.get("viec")
    first, last = ask.query.day("tu"), ask.query.day("den")
    return Wanted(
        action=action if action in ACTIONS else None,
        who=ask.query.get("ai") or None,
        object=ask.query.get("vat") or None,
        since=None if first is None else datetime.combine(first, time(), VIET_NAM),
        until=None if last is None else datetime.combine(last + timedelta(days=1), time(), VIET_NAM),
    )
