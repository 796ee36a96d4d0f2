"""What the machine ran out of or lost, in words: each with what to do, and that nothing acknowledged is lost."""

import errno

CAUSES = (
    (
        ("database or disk is full", "no space left", "could not extend file", "disk full"),
        "đĩa đầy: hãy dọn chỗ (bản sao lưu cũ, nhật ký) hoặc nối thêm đĩa",
    ),
    (
        ("readonly database", "read-only", "unable to open database file", "permission denied"),
        "ổ đĩa hoặc thư mục dữ liệu chỉ đọc được: hãy xem ổ đĩa có hỏng không và quyền ghi của người dùng chạy dịch vụ",
    ),
    (
        (
            "connection refused",
            "connection failed",
            "server closed the connection",
            "terminating connection",
            "could not connect",
            "connection is lost",
            "the connection is closed",
            "shutting down",
            "starting up",
            "timeout expired",
            "no such file or directory",
        ),
        "máy chủ cơ sở dữ liệu không trả lời: hãy khởi động lại (systemctl restart postgresql) và xem đường mạng",
    ),
    (("out of memory", "cannot allocate"), "hết bộ nhớ: hãy tắt bớt chương trình khác hoặc thêm RAM"),
    (("malformed", "not a database", "checksum"), "tệp cơ sở dữ liệu hỏng: hãy dừng dịch vụ và phục hồi bản sao lưu"),
    (("disk i/o error",), "đĩa không ghi được (đầy, hết hạn mức hoặc hỏng): hãy xem chỗ trống và tình trạng đĩa"),
    (("locked", "deadlock"), "cơ sở dữ liệu đang bận: hãy thử lại sau ít phút"),
)
KEPT = "Những gì đã báo là đã ghi vẫn còn; dịch vụ tự làm tiếp khi hết nguyên nhân."
NUMBERS = {
    errno.ENOSPC: 0,
    errno.EDQUOT: 0,
    errno.EFBIG: 0,
    errno.EROFS: 1,
    errno.EACCES: 1,
    errno.EPERM: 1,
    errno.ENOMEM: 3,
}


def advice(error: object) -> str:
    """What to do about it; empty where we do not know better than the error itself."""
    number = getattr(error, "errno", None)
    if number in NUMBERS:
        return f"{CAUSES[NUMBERS[number]][1]}. {KEPT}"
    if isinstance(error, MemoryError):
        return f"{CAUSES[3][1]}. {KEPT}"
    said = str(error).lower()
    for signs, what in CAUSES:
        if any(sign in said for sign in signs):
            return f"{what}. {KEPT}"
    return ""
