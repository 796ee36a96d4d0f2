"""The Vietnamese words for our codes, as staff see them everywhere."""

TYPES = {
    "bao_luc": "Bạo lực",
    "xam_hai_tinh_duc": "Xâm hại tình dục",
    "boc_lot": "Bóc lột",
    "mua_ban_bat_coc": "Mua bán, bắt cóc",
    "bo_roi_bo_mac": "Bỏ rơi, bỏ mặc",
    "tuoc_doat_tinh_mang": "Tước đoạt tính mạng",
    "vi_pham_quyen_khac": "Vi phạm quyền khác",
}
