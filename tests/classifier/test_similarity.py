"""Articles arriving one by one. All texts, names and places are invented samples."""

from classifier.similarity import StoryDoc, StoryIndex, StorySettings

NURSERY = StoryDoc(
    "a1",
    "Bảo mẫu ở Suối Mơ đánh bé 3 tuổi vì biếng ăn",
    "Camera ghi cảnh bà Trịnh Thị Mẫu Đơn tát bé trai tại nhóm trẻ Búp Sen Xanh.",
    "Ngày 3/4, Công an xã Suối Mơ, huyện Hòa Mẫu, cho biết đang làm rõ clip bảo mẫu đánh trẻ ở nhóm trẻ Búp Sen Xanh.\n"
    "Bà Trịnh Thị Mẫu Đơn (45 tuổi) thừa nhận đã tát bé K., 3 tuổi, ba cái vì bé không chịu ăn cháo.",
)
NURSERY_TWO = StoryDoc(
    "a2",
    "Làm rõ clip bảo mẫu tát bé trai ở nhóm trẻ Búp Sen Xanh",
    "Công an xã Suối Mơ mời bà Trịnh Thị Mẫu Đơn làm việc.",
    "Liên quan vụ bảo mẫu đánh trẻ ở nhóm trẻ Búp Sen Xanh (xã Suối Mơ, huyện Hòa Mẫu), "
    "bà Mẫu Đơn khai do bé K., 3 tuổi, không chịu ăn cháo nên đã tát ba cái.\nNhóm trẻ tạm dừng hoạt động từ ngày 4/4.",
)
POOL = StoryDoc(
    "b1",
    "Khánh thành hồ bơi miễn phí cho học sinh xã Đồi Thông",
    "Hồ bơi rộng 200 m2 do mạnh thường quân tặng.",
    "Sáng 3/4, xã Đồi Thông khánh thành hồ bơi, dạy bơi miễn phí cho 300 học sinh tiểu học trong dịp hè.",
)


def test_two_papers_on_one_event_share_a_story() -> None:
    index = StoryIndex()
    first, other, second = index.place(NURSERY), index.place(POOL), index.place(NURSERY_TWO)
    assert (first.new, other.new, second.new) == (True, True, False)
    assert second.story == first.story != other.story


def test_an_article_placed_again_keeps_its_place() -> None:
    index = StoryIndex()
    index.place(NURSERY)
    placed = index.place(NURSERY_TWO)
    assert index.place(NURSERY_TWO).stories == placed.stories
    assert len(index) == 2


def test_articles_known_from_the_store_keep_the_stories_they_were_given() -> None:
    index = StoryIndex()
    index.add(NURSERY, ("story 7",))
    assert index.place(NURSERY).stories == ("story 7",)
    assert index.place(NURSERY_TWO).story == "story 7"


def test_a_window_of_one_forgets_what_no_story_needs() -> None:
    index = StoryIndex(StorySettings(window=1, long_memory=1))
    for number in range(5):
        index.place(StoryDoc(f"x{number}", f"Tin mẫu số {number}", text=f"Nội dung mẫu thứ {number}"))
    assert len(index) <= 2
