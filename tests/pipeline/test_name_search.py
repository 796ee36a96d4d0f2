from datetime import UTC, datetime, timedelta

import pytest

from models.session import Store
from models.store import users
from models.tables import AuditEntry
from pipeline.name_search import ReasonError, asks_for_person, is_permitted, permit

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "words", ["Nguyễn Văn Mẫu", "vụ của Trần Thị Thử ở xã", "nguyen van mau", '"Lê Hoàng Giả Định"', "tran thi thu"]
)
def test_a_full_name_is_noticed_with_or_without_diacritics(words: str) -> None:
    assert asks_for_person(words)


@pytest.mark.parametrize(
    "words", ["xâm hại trẻ em", "Hà Nội", "bạo lực học đường", "mầm non", "tp ho chi minh", "Lê Lợi"]
)
def test_other_words_are_not_taken_for_a_name(words: str) -> None:
    assert not asks_for_person(words)


def test_a_reason_is_kept_without_the_name_and_holds_for_these_words_for_a_while(store: Store) -> None:
    with store.write() as session:
        ids = [users.add_user(session, name=n, display=n, role="officer", now=NOW).id for n in ("lan", "minh")]
        with pytest.raises(ReasonError):
            permit(session, user_id=ids[0], words="Nguyễn Văn Mẫu", reason="xem", now=NOW)
        permit(session, user_id=ids[0], words="Nguyễn Văn Mẫu", reason="Đối chiếu hồ sơ mẫu số 1", now=NOW)
    with store.read() as session:

        def permitted(user: int, words: str, at: datetime = NOW) -> bool:
            return is_permitted(session, user_id=user, words=words, now=at)

        assert permitted(ids[0], "nguyễn  văn mẫu")
        assert not permitted(ids[0], "Nguyễn Văn Khác")
        assert not permitted(ids[1], "Nguyễn Văn Mẫu")
        assert not permitted(ids[0], "Nguyễn Văn Mẫu", NOW + timedelta(hours=2))
        (entry,) = session.query(AuditEntry).all()
        assert "Mẫu" not in str(entry.detail).replace("hồ sơ mẫu", "")
