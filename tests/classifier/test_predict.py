from classifier.predict import load_judge
from models.records import Reading

CHILD = Reading(id="1", title="Bé gái 5 tuổi bị cha dượng đánh gãy tay", sapo="Công an xã đang làm rõ vụ việc.")
SPORT = Reading(id="2", title="Đội bóng thắng trận mở màn", sapo="Huấn luyện viên khen các cầu thủ.")


def test_the_released_model_puts_a_beaten_child_before_a_football_match() -> None:
    judge = load_judge()
    child, sport = judge.judge([CHILD, SPORT])
    assert child.flag
    assert child.kind == "vu_viec"
    assert child.types["bao_luc"] >= 0.5
    assert sport.score < child.score
    assert not sport.flag


def test_a_whole_article_is_judged_by_its_text() -> None:
    judge = load_judge()
    text = "Cháu bé 5 tuổi bị cha dượng đánh gãy tay. Công an đã tạm giữ nghi phạm.\nCháu đang nằm viện."
    with_text, without = judge.judge(
        [Reading(id="1", title="Tin trong ngày", text=text), Reading(id="2", title="Tin trong ngày")]
    )
    assert with_text.score > without.score
