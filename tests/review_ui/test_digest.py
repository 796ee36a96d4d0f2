"""The điểm báo in the browser: draft, approval of the very document seen, what changed since, and its way out."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from models.store import digest as kept
from models.store import sendings
from models.tables import AuditEntry, DigestRecipient, DigestSending
from pipeline.channels import Letter
from pipeline.digest_sending import send_digests
from review_ui.views.digest import _due
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW, Telling, add_story
from tests.review_ui.test_statements import statements

CHANNEL = "json://localhost/khong-ai-thay"
DAY = "2026-11-21"


class Post:
    """A sender that keeps what it was given."""

    def __init__(self, *, takes: bool = True) -> None:
        self.takes, self.letters = takes, list[tuple[str, Letter]]()

    def __call__(self, channel: str, letter: Letter) -> bool:
        self.letters.append((channel, letter))
        return self.takes


def confirm(person: Person, story: int, article: int) -> None:
    person.get(f"/tin/{story}")
    fields = {"article": article, "version": article, "verdict": article, "seen": "", "action": "confirm"}
    assert person.post(f"/tin/{story}/quyet-dinh", **fields).status_code == 303


def sha(world: World) -> str:
    with world.store.read() as session:
        found = kept.newest(session, NOW.date())
        assert found is not None
        return found.sha256


def approved(world: World, person: Person) -> int:
    person.get("/diem-bao")
    assert person.post("/diem-bao/lap", ngay=DAY).status_code == 303
    assert person.post("/diem-bao/1/duyet", seen=sha(world)).status_code == 303
    return 1


def test_a_draft_is_made_on_demand_and_shows_what_will_go_out(officer: Person) -> None:
    assert "Chưa lập điểm báo" in officer.get("/diem-bao").text
    confirm(officer, 1, 1)
    officer.get("/diem-bao")
    assert officer.post("/diem-bao/lap", ngay=DAY).headers["location"] == f"/diem-bao?ngay={DAY}"
    page = officer.get(f"/diem-bao?ngay={DAY}").text
    assert "Bản thảo số 1" in page
    assert "Xác minh ngay" in page
    assert "chưa xem 3" in page
    assert "Từ khi lập bản này" not in page
    assert "nhóm lớp mẫu" not in page, "the paper's words stay out"


def test_a_day_without_news_says_so_and_proves_that_the_papers_were_read(officer: Person) -> None:
    officer.get("/diem-bao")
    officer.post("/diem-bao/lap", ngay="2026-11-22")
    page = officer.get("/diem-bao?ngay=2026-11-22").text
    assert "Chưa có lượt quét báo nào hoàn thành trong ngày" in page


def test_only_the_document_that_was_seen_is_approved(world: World, officer: Person) -> None:
    officer.get("/diem-bao")
    officer.post("/diem-bao/lap", ngay=DAY)
    assert officer.post("/diem-bao/1/duyet", seen="0" * 64).status_code == 400
    assert "đã có bản điểm báo mới hơn" in officer.last.text
    assert officer.post("/diem-bao/1/duyet", seen=sha(world)).status_code == 303
    page = officer.get("/diem-bao").text
    assert "<strong>Đã duyệt</strong>: Người LAN" in page
    assert sha(world)[:12] in page
    assert officer.post("/diem-bao/1/duyet", seen=sha(world)).status_code == 400


def test_what_changed_since_the_approval_is_shown(world: World, officer: Person) -> None:
    approved(world, officer)
    confirm(officer, 1, 1)
    page = officer.get("/diem-bao").text
    assert "Từ khi lập bản này đã có thay đổi" in page
    officer.post("/diem-bao/lap", ngay=DAY)
    page = officer.get("/diem-bao").text
    assert "Khác bản đã duyệt" in page
    assert "<ins>" in page
    assert "bản dưới đây mới hơn và chưa duyệt" in page


def test_downloads_are_the_kept_document_and_are_on_record(world: World, officer: Person) -> None:
    approved(world, officer)
    answer = officer.get("/diem-bao/1/tep?dang=docx")
    assert answer.headers["content-disposition"] == 'attachment; filename="diem-bao-20261121-1.docx"'
    with world.store.read() as session:
        assert answer.content == kept.get(session, 1).document
        assert session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "digest.download")).one() == {
            "form": "docx",
            "sha256": sha(world),
        }
    assert Document(BytesIO(answer.content)).paragraphs
    assert "ĐIỂM BÁO" in officer.get("/diem-bao/1/tep?dang=txt").text
    assert officer.get("/diem-bao/1/tep?dang=exe").status_code == 404
    assert officer.get("/diem-bao/7/tep?dang=txt").status_code == 404


def test_a_recipient_s_channel_is_never_shown_again(world: World, officer: Person) -> None:
    officer.get("/diem-bao")
    assert officer.post("/diem-bao/nguoi-nhan", ten="Phòng mẫu", kenh="không phải kênh", ngay=DAY).status_code == 400
    assert "không phải kênh" not in officer.last.text
    assert officer.post("/diem-bao/nguoi-nhan", ten="", kenh=CHANNEL).status_code == 400
    officer.post("/diem-bao/nguoi-nhan", ten="Phòng mẫu", kenh=CHANNEL, ngay=DAY)
    page = officer.get("/diem-bao").text
    assert "Phòng mẫu" in page
    assert "json://…" in page
    assert "khong-ai-thay" not in page
    officer.post("/diem-bao/nguoi-nhan/1/go")
    assert "Phòng mẫu" not in officer.get("/diem-bao").text
    with world.store.read() as session:
        assert session.get_one(DigestRecipient, 1).channel == ""
        details = session.scalars(select(AuditEntry.detail)).all()
        assert not any("khong-ai-thay" in str(detail) for detail in details)


def queue(world: World, person: Person, *, at: str = "07:45") -> None:
    approved(world, person)
    person.post("/diem-bao/nguoi-nhan", ten="Phòng mẫu", kenh=CHANNEL, ngay=DAY)
    assert person.post("/diem-bao/1/gui", luc=at).status_code == 303


def test_the_approved_text_goes_to_each_recipient_once_and_leaves_a_proof(world: World, officer: Person) -> None:
    queue(world, officer)
    post = Post()
    assert send_digests(world.store, post, now=world.clock) == (0, 0), "the set time has not come"
    world.clock.forward(minutes=16)
    assert send_digests(world.store, post, now=world.clock) == (1, 0)
    assert send_digests(world.store, post, now=world.clock) == (0, 0)
    channel, letter = post.letters[0]
    assert (channel, letter.title) == (CHANNEL, "Điểm báo ngày 21/11/2026")
    assert sha(world) in letter.text
    assert sha(world) in letter.html
    assert sha256(letter.files[0].content).hexdigest() == sha(world)
    officer.post("/diem-bao/1/gui", luc="")
    assert send_digests(world.store, post, now=world.clock) == (0, 0), "who has it does not get it again"
    page = officer.get("/diem-bao").text
    assert "đã gửi" in page
    assert "Người LAN" in page
    with world.store.read() as session:
        row = session.scalars(select(DigestSending)).one()
        assert (row.state, row.sha256) == ("sent", sha(world))


def test_who_did_not_take_it_is_tried_again(world: World, officer: Person) -> None:
    queue(world, officer)
    world.clock.forward(minutes=16)
    post = Post(takes=False)
    assert send_digests(world.store, post, now=world.clock) == (0, 1)
    assert send_digests(world.store, post, now=world.clock) == (0, 0)
    assert "chưa gửi được (1 lần)" in officer.get("/diem-bao").text
    world.clock.forward(seconds=25)
    post.takes = True
    assert send_digests(world.store, post, now=world.clock) == (1, 0)


def test_two_senders_beside_each_other_do_not_send_twice(world: World, officer: Person) -> None:
    queue(world, officer)
    world.clock.forward(minutes=16)
    with world.store.write() as session:
        assert len(sendings.claim(session, now=world.clock(), limit=10)) == 1
    with world.store.write() as session:
        assert sendings.claim(session, now=world.clock(), limit=10) == []
    world.clock.forward(minutes=3)
    assert send_digests(world.store, Post(), now=world.clock) == (1, 0), "a sender that died leaves its line"


def test_nothing_goes_out_before_approval_or_to_nobody(world: World, officer: Person) -> None:
    officer.get("/diem-bao")
    officer.post("/diem-bao/lap", ngay=DAY)
    officer.post("/diem-bao/nguoi-nhan", ten="Phòng mẫu", kenh=CHANNEL, ngay=DAY)
    assert officer.post("/diem-bao/1/gui", luc="").status_code == 400
    assert "Chỉ gửi được bản điểm báo đã duyệt" in officer.last.text
    officer.post("/diem-bao/1/duyet", seen=sha(world))
    officer.post("/diem-bao/nguoi-nhan/1/go")
    assert officer.post("/diem-bao/1/gui", luc="").status_code == 400
    assert "Chưa có người nhận" in officer.last.text


@pytest.mark.parametrize(("clock", "minutes"), [("", 0), ("07:45", 15), ("07:15", 24 * 60 - 15)])
def test_the_time_of_sending_is_the_next_one_on_the_clock(clock: str, minutes: int) -> None:
    assert _due(clock, NOW) == NOW + timedelta(minutes=minutes)


def test_the_page_takes_as_many_statements_on_a_full_day_as_on_an_empty_one(world: World, officer: Person) -> None:
    queue(world, officer)
    few = statements(world, officer, "/diem-bao")
    with world.store.write() as session:
        for number in range(20):
            add_story(session, 1, Telling(title=f"Tin mẫu {number}"))
    assert statements(world, officer, "/diem-bao") == few
    assert few <= 40
