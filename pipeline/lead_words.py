"""Words for leads and their answers."""

STATE = {
    "sent": "Đã gửi, chưa trả lời",
    "received": "Đã tiếp nhận",
    "accepted": "Đã thụ lý",
    "refused": "Từ chối",
    "decision": "Đã quyết định",
    "result": "Có kết quả",
}
KIND = {code: said for code, said in STATE.items() if code != "sent"}
OUTCOME = {
    "khoi_to": "Khởi tố vụ án",
    "khong_khoi_to": "Không khởi tố",
    "xu_phat": "Xử phạt vi phạm hành chính",
    "tam_dinh_chi": "Tạm đình chỉ",
    "chuyen_noi_khac": "Chuyển nơi có thẩm quyền",
    "da_giai_quyet": "Đã giải quyết xong",
    "ket_thuc_dieu_tra": "Kết thúc điều tra",
    "truy_to": "Đã truy tố",
    "xet_xu": "Đã xét xử",
    "da_can_thiep": "Đã hỗ trợ, can thiệp",
    "khong_xac_minh_duoc": "Không xác minh được",
}
KNOWN = {True: "Có", False: "Không", None: ""}
SOURCE = {"page": "trên trang", "api": "qua API", "file": "từ tệp .xlsx"}
