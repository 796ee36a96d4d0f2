"""One Vietnamese line that says why an item counts, built from its facts; neutral, and without any name."""

from collections.abc import Mapping

from classifier.facts import Facts

TYPE_WORDS = {
    "bao_luc": "bạo lực",
    "xam_hai_tinh_duc": "xâm hại tình dục",
    "boc_lot": "bóc lột",
    "mua_ban_bat_coc": "mua bán, bắt cóc",
    "bo_roi_bo_mac": "bỏ rơi, bỏ mặc",
    "tuoc_doat_tinh_mang": "tước đoạt tính mạng",
    "vi_pham_quyen_khac": "vi phạm quyền khác",
}
KIND_WORDS = {
    "chinh_sach": "Chính sách, bình luận về trẻ em",
    "nuoc_ngoai": "Vụ việc ở nước ngoài",
    "tai_nan": "Tai nạn, chưa thấy nêu xâm hại",
    "tre_pham_toi": "Trẻ là người bị nghi vi phạm",
    "nguoi_lon": "Nạn nhân có thể là người lớn",
    "khac": "Nội dung khác",
}
AGE_WORDS = {"0_5": "0–5 tuổi", "6_12": "6–12 tuổi", "13_15": "13–15 tuổi", "16_17": "16–17 tuổi"}
SEX_WORDS = {"nu": "nữ", "nam": "nam", "ca_hai": "cả nam và nữ"}
SETTING_WORDS = {
    "gia_dinh": "tại gia đình",
    "nha_truong_mam_non": "tại trường hoặc cơ sở mầm non",
    "cong_dong": "tại cộng đồng",
    "tren_mang": "trên mạng",
    "co_so_tro_giup": "tại cơ sở trợ giúp",
    "noi_lam_viec": "tại nơi làm việc",
}
RELATION_WORDS = {
    "cha_me": "cha, mẹ hoặc người sống như cha, mẹ",
    "nguoi_than": "người thân",
    "thay_co": "giáo viên, nhân viên trường",
    "nguoi_trong_tre": "người trông trẻ",
    "nguoi_quen": "người quen",
    "nguoi_la": "người lạ",
    "tre_khac": "trẻ khác",
}
STAGE_WORDS = {
    "tin_ban_dau": "tin ban đầu",
    "dang_xac_minh_dieu_tra": "đang xác minh, điều tra",
    "truy_to_xet_xu": "đang truy tố, xét xử",
    "sau_xu_ly": "đã xử lý",
}


def reason(kind: str, types: Mapping[str, float], facts: Facts) -> str:
    named = [word for code, word in TYPE_WORDS.items() if types.get(code, 0.0) >= 0.5]
    if not named and types:
        named = [TYPE_WORDS[max(types, key=lambda code: types[code])]]
    victim = " ".join(
        word
        for word in (
            f"{facts.victims} trẻ" if facts.victims and facts.victims > 1 else "trẻ",
            SEX_WORDS.get(facts.sex or "", ""),
            AGE_WORDS.get(facts.age or "", ""),
            SETTING_WORDS.get(facts.setting or "", ""),
        )
        if word
    )
    said = "Nghi" if kind != "xet_xu" else "Vụ"
    parts = [f"{said} {' và '.join(named)} {victim}".replace("  ", " ")]
    if kind in KIND_WORDS:
        parts.insert(0, KIND_WORDS[kind])
    if facts.relation in RELATION_WORDS:
        parts.append(f"nghi phạm là {RELATION_WORDS[facts.relation]}")
    if facts.stage in STAGE_WORDS:
        parts.append(STAGE_WORDS[facts.stage])
    if facts.danger_now:
        parts.append("trẻ có thể còn gặp nguy hiểm")
    return "; ".join(parts)
