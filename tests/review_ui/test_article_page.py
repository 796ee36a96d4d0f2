"""The article on a story's page: facts lead to their words, names stay hidden, the archived copy is for a reason."""

import gzip
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from models.store import archive
from models.tables import AuditEntry, Verdict
from pipeline.fact_quotes import quotes_of
from spiders.archive import Archive
from spiders.jobs import Answer
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import CARER, NOW


def verdict(**fields: object) -> Verdict:
    blank = {"relation": None, "setting": None, "stage": None, "sex": None, "age": None, "danger_now": None}
    return Verdict(**{**blank, "evidence": [], **fields})


@pytest.mark.parametrize(
    ("fields", "text", "fact", "words"),
    [
        ({"age": "6_12"}, "Ông A 45 tuổi, cháu B 9 tuổi.", "age", "9 tuổi"),
        ({"age": "13_15"}, "Em học lớp 8A trường mẫu.", "age", "lớp 8"),
        ({"age": "0_5"}, "Cháu ở trường mầm non mẫu.", "age", "mầm non"),
        ({"relation": "cha_me"}, "Em bị cha dượng đánh.", "relation", "bị cha dượng"),
        ({"stage": "truy_to_xet_xu"}, "TAND tỉnh mẫu tuyên án.", "stage", "TAND"),
    ],
)
def test_a_fact_leads_to_words_that_say_it(fields: dict[str, object], text: str, fact: str, words: str) -> None:
    field, start, end = quotes_of(verdict(**fields), {"title": "", "sapo": "", "text": text})[fact]
    assert (field, text[start:end]) == ("text", words)


def test_words_in_a_passage_that_counted_go_first_and_what_is_not_said_leads_nowhere() -> None:
    text = "Hàng xóm kể lại. Người hàng xóm bị nghi."
    said = verdict(relation="nguoi_quen", sex="nam", evidence=[["text", 17, 40], "hỏng"])
    found = quotes_of(said, {"title": "", "sapo": "", "text": text})
    assert found == {"relation": ("text", 17, 31)}


def test_the_page_links_facts_to_their_words(officer: Person) -> None:
    page = officer.get("/tin/1").text
    assert 'href="#tu-relation"' in page
    assert 'id="tu-relation"' in page
    assert 'href="#tu-sex"' not in page


def test_a_name_that_one_paper_gives_away_is_hidden_in_the_others(one_world: World) -> None:
    with one_world.store.write() as session:
        other = session.scalars(select(Verdict).where(Verdict.article_id == 2)).one()
        assert other.exposes_child == []
        first = session.scalars(select(Verdict).where(Verdict.article_id == 1)).one()
        start = CARER.body.index("nhóm lớp")
        first.exposes_child = [["text", start, start + len("nhóm lớp")]]
    page = one_world.sign_in("lan").get("/tin/1?bai=2").text
    text = page.partition('id="noi-dung-bai"')[2].partition("</details>")[0]
    assert "nhóm lớp" not in text
    assert text.count("đã che") == 1


def test_names_that_are_only_hidden_are_not_said_to_be_the_paper_s_fault(one_world: World) -> None:
    start = CARER.body.index("nhóm lớp")
    hidden = ["text", start, start + len("nhóm lớp"), "hidden"]
    with one_world.store.write() as session:
        session.scalars(select(Verdict).where(Verdict.article_id == 1)).one().exposes_child = [hidden]
    person = one_world.sign_in("lan")
    page = person.get("/tin/1").text
    text = page.partition('id="noi-dung-bai"')[2].partition("</details>")[0]
    assert "nhóm lớp" not in text
    assert "Tên trẻ, người thân của trẻ trong bài: 2 chỗ, đã che" in page
    assert "lộ danh tính" not in page
    assert "lộ danh tính" not in person.get("/").text


def test_the_archived_copy_is_given_as_a_file_for_a_reason_and_put_on_record(one_world: World) -> None:
    folder = one_world.app.state.house.settings.archive_dir
    url, when = "https://bao-mau.example/1", datetime(2026, 11, 20, tzinfo=UTC)
    answer = Answer(url, url, when, 200, (), "<p>Bản gốc mẫu</p>".encode())
    with Archive(folder, run="1", day=NOW.date()) as kept:
        place = kept.write(answer)
    with one_world.store.write() as session:
        at = archive.Place(url, when, place.file, place.offset, place.length, place.sha256)
        archive.add(session, 1, at, read=True)
    person = one_world.sign_in("lan")
    assert place.sha256[:12] in person.get("/tin/1").text
    assert person.post("/tin/1/ban-luu", version=1).status_code == 400
    given = person.post("/tin/1/ban-luu", version=1, reason="Đối chiếu mẫu")
    assert given.status_code == 200
    assert "attachment" in given.headers["content-disposition"]
    assert "Bản gốc mẫu" in gzip.decompress(given.content).decode()
    assert person.post("/tin/1/ban-luu", version=2, reason="x").status_code == 404
    assert person.post("/tin/2/ban-luu", version=1, reason="x").status_code == 404
    with one_world.store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "article.copy")).one()
        assert entry.detail["reason"] == "Đối chiếu mẫu"
