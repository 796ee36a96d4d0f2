"""Invented events, each told by invented papers. No name, place or event is real."""

from datetime import UTC, datetime

from classifier.similarity import StoryDoc

DAY = datetime(2026, 4, 3, 8, tzinfo=UTC)

NURSERY = (
    StoryDoc(
        "nursery 1",
        "Bảo mẫu ở Suối Mơ đánh bé 3 tuổi vì biếng ăn",
        "Camera ghi cảnh bà Trịnh Thị Mẫu Đơn tát bé trai tại nhóm trẻ Búp Sen Xanh.",
        "Ngày 3/4, Công an xã Suối Mơ, huyện Hòa Mẫu, cho biết đang làm rõ clip bảo mẫu đánh trẻ ở nhóm trẻ Búp Sen "
        "Xanh.\nBà Trịnh Thị Mẫu Đơn (45 tuổi) thừa nhận đã tát bé K., 3 tuổi, ba cái vì bé không chịu ăn cháo.\n"
        "Clip dài hai phút do camera của lớp ghi lại lan truyền trên mạng xã hội từ tối 2/4.",
        published=DAY,
    ),
    StoryDoc(
        "nursery 2",
        "Làm rõ clip bảo mẫu tát bé trai ở nhóm trẻ Búp Sen Xanh",
        "Công an xã Suối Mơ mời bà Trịnh Thị Mẫu Đơn làm việc.",
        "Liên quan vụ bảo mẫu đánh trẻ ở nhóm trẻ Búp Sen Xanh (xã Suối Mơ, huyện Hòa Mẫu), bà Mẫu Đơn khai do bé K., "
        "3 tuổi, không chịu ăn cháo nên đã tát ba cái.\nNhóm trẻ Búp Sen Xanh tạm dừng hoạt động từ ngày 4/4.",
        published=DAY.replace(day=4),
    ),
    StoryDoc(
        "nursery 3",
        "Phạt bảo mẫu tát bé 3 tuổi, đóng cửa nhóm trẻ Búp Sen Xanh",
        "",
        "UBND xã Suối Mơ, huyện Hòa Mẫu, vừa quyết định đình chỉ nhóm trẻ Búp Sen Xanh sau khi clip bảo mẫu Trịnh Thị "
        "Mẫu Đơn tát bé K. (3 tuổi) lan truyền.\nBà Mẫu Đơn, 45 tuổi, xin lỗi gia đình bé K. và nói chỉ muốn bé ăn hết "
        "bát cháo.",
        published=DAY.replace(day=5),
    ),
)
NURSERY_TRIAL = StoryDoc(
    "nursery trial",
    "Xét xử bảo mẫu Trịnh Thị Mẫu Đơn tát bé 3 tuổi ở Suối Mơ",
    "",
    "Sáng 12/11, TAND huyện Hòa Mẫu mở phiên sơ thẩm xét xử bị cáo Trịnh Thị Mẫu Đơn, chủ nhóm trẻ Búp Sen Xanh (xã "
    "Suối Mơ), về tội hành hạ người khác.\nTheo cáo trạng, ngày 2/4 bị cáo Mẫu Đơn đã tát bé K., 3 tuổi, ba cái vì bé "
    "không chịu ăn cháo.\nHội đồng xét xử tuyên phạt bị cáo Trịnh Thị Mẫu Đơn 9 tháng tù.",
    published=datetime(2026, 11, 12, 9, tzinfo=UTC),
    kind="xet_xu",
)
OTHER_NURSERY = StoryDoc(
    "other nursery",
    "Bảo mẫu ở Đồi Thông đánh bé 3 tuổi vì biếng ăn",
    "Camera ghi cảnh bà Phan Thị Hoa Giấy tát bé gái tại nhóm trẻ Chim Non Vàng.",
    "Ngày 3/4, Công an xã Đồi Thông, huyện Sông Mẫu, cho biết đang làm rõ clip bảo mẫu đánh trẻ ở nhóm trẻ Chim Non "
    "Vàng.\nBà Phan Thị Hoa Giấy (38 tuổi) thừa nhận đã tát bé L., 3 tuổi, vì bé không chịu ăn cơm.\n"
    "Clip dài một phút do camera của lớp ghi lại lan truyền trên mạng xã hội.",
    published=DAY,
)
STEPFATHER = StoryDoc(
    "stepfather",
    "Khởi tố cha dượng đánh bé trai 9 tuổi ở thị trấn Bến Gỗ",
    "",
    "Công an huyện Trà Mẫu khởi tố Hồ Văn Thạch Thảo, 41 tuổi, trú thị trấn Bến Gỗ, về tội cố ý gây thương tích.\n"
    "Trước đó, ngày 20/3, Thạch Thảo dùng roi mây đánh con riêng của vợ là bé T., 9 tuổi, học lớp 3, vì làm mất tiền.",
    published=DAY,
)
POOL = StoryDoc(
    "pool",
    "Khánh thành hồ bơi miễn phí cho học sinh xã Gò Sim",
    "Hồ bơi rộng 200 m2 do mạnh thường quân tặng.",
    "Sáng 3/4, xã Gò Sim khánh thành hồ bơi, dạy bơi miễn phí cho 300 học sinh tiểu học trong dịp hè.",
    published=DAY,
)
ROUND_UP = StoryDoc(
    "round-up",
    "Điểm tin 24h: Bảo mẫu tát bé 3 tuổi ở nhóm trẻ Búp Sen Xanh; khởi tố cha dượng đánh bé trai 9 tuổi",
    "",
    "Bảo mẫu Trịnh Thị Mẫu Đơn (45 tuổi) thừa nhận tát bé K., 3 tuổi, ba cái tại nhóm trẻ Búp Sen Xanh, xã Suối Mơ, "
    "huyện Hòa Mẫu, vì bé không chịu ăn cháo. Clip do camera của lớp ghi lại lan truyền trên mạng xã hội từ tối 2/4.\n"
    "Công an huyện Trà Mẫu khởi tố Hồ Văn Thạch Thảo, 41 tuổi, trú thị trấn Bến Gỗ, vì dùng roi mây đánh con riêng của "
    "vợ là bé T., 9 tuổi, học lớp 3. Thạch Thảo khai bé làm mất tiền nên đã đánh bé ngày 20/3.",
    published=DAY,
)
