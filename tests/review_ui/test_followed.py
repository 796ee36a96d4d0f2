"""On a case: what papers corrected and took down, and the stored copies that prove what they said."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.store import archive, rechecks, review
from models.store.cases import open_case
from models.store.review import Choice
from models.tables import Article, Removal, Story, StoryArticle, Verdict
from pipeline.differences import Piece
from pipeline.evidence import RunArchive
from review_ui.followed import AROUND, shortened
from spiders.jobs import Answer
from tests.review_ui.conftest import World
from tests.review_ui.seed import CARER, NOW, Telling, add_article, add_version
from tests.review_ui.test_hostile import NASTY
from tests.review_ui.test_statements import statements

HOUR = timedelta(hours=1)


def judge(world: World, article_id: int, version_id: int, exposes: list[object]) -> None:
    with world.store.write() as session:
        session.add(
            Verdict(
                version_id=version_id,
                article_id=article_id,
                model="mau-1",
                judged_at=NOW,
                score=0.9,
                flag=True,
                types={},
                evidence=[],
                exposes_child=exposes,
                reason="",
            )
        )


def second_version(world: World, article_id: int, telling: Telling, *, at: datetime = NOW) -> int:
    with world.store.write() as session:
        article = session.get_one(Article, article_id)
        version = add_version(session, 1, article, telling, number=2, at=at)
        article.version_id = version.id
        return version.id


def keep_copy(world: World, folder: Path, article_id: int, body: bytes = b"<p>trang</p>") -> archive.Place:
    """The response behind the article's newest version, in the archive and in the database."""
    url = f"https://bao-mau.example/{article_id}"
    run = RunArchive(folder)
    place = run.keep(Answer(url, url, NOW - HOUR, 200, (), body), run=1, day=NOW.date())
    run.close()
    with world.store.write() as session:
        archive.add(session, article_id, place, read=True)
    return place


@pytest.fixture
def case(one_world: World) -> str:
    """Address of the case of the first story (two articles)."""
    with one_world.store.write() as session:
        choice = Choice("confirm", 1, 1, None, None)
        review.decide(session, 1, choice, user_id=1, now=NOW)
        return f"/vu-viec/{open_case(session, 1, user_id=1, now=NOW)}"


def part(text: str, heading: str) -> str:
    return text.partition(f'<h2 id="{heading}">')[2].partition("</section>")[0]


def test_nothing_changed_is_said_too(one_world: World, case: str) -> None:
    text = one_world.sign_in("lan").get(case).text
    assert "Chưa thấy báo nào sửa hay gỡ bài." in text
    assert part(text, "ban-luu").count("không có bản lưu") == 2


def test_an_article_that_was_taken_down_and_put_back_is_on_its_case(one_world: World, case: str) -> None:
    with one_world.store.write() as session:
        session.add(Removal(article_id=2, noticed_at=NOW - 2 * HOUR, error="HTTP 404"))
        session.flush()
        rechecks.note_return(session, 2, NOW - HOUR)
    found = part(one_world.sign_in("lan").get(case).text, "theo-doi-bai")
    assert 'href="/tin/1?bai=2">Tin Mẫu</a>' in found
    removed = found.partition("Báo gỡ bài</strong>: thấy lúc")[2].partition("</li>")[0]
    assert ", có lại lúc " in removed
    assert re.findall(r'datetime="([^"]*)"', removed) == ["2026-11-20T22:30:00+00:00", "2026-11-20T23:30:00+00:00"]


def test_a_correction_is_shown_word_by_word_with_a_link_to_both_versions(one_world: World, case: str) -> None:
    body = "Đoạn một của bài mẫu.\nĐoạn hai đã sửa của bài mẫu."
    telling = Telling(title="Công an làm rõ vụ nhóm lớp mẫu", body=body)
    new = second_version(one_world, 2, telling)
    judge(one_world, 2, new, [])
    found = part(one_world.sign_in("lan").get(case).text, "theo-doi-bai")
    assert "<strong>Báo sửa bài</strong>" in found
    assert "(nội dung)" in found
    assert "<ins> đã sửa</ins>" in found or "<ins>đã sửa </ins>" in found
    assert f'href="/tin/1/so-sanh?a=2&amp;b={new}"' in found
    assert one_world.sign_in("lan").get(f"/tin/1/so-sanh?a=2&b={new}").status_code == 200


def test_what_the_paper_took_out_to_protect_the_child_stays_hidden(one_world: World, case: str) -> None:
    """The first version exposed the child ("phụ huynh" stands for it), the corrected one does not."""
    body = CARER.body.replace("phụ huynh", "người thân")
    new = second_version(one_world, 1, Telling(title=CARER.title, sapo="Người nhà phản ánh.", body=body))
    judge(one_world, 1, new, [])
    found = part(one_world.sign_in("lan").get(case).text, "theo-doi-bai")
    assert "<del>▇▇▇</del><ins>người thân</ins>" in found
    assert "phụ huynh" not in found


def test_a_correction_that_nobody_judged_yet_is_named_but_not_shown(one_world: World, case: str) -> None:
    second_version(one_world, 2, Telling(title="Công an làm rõ vụ cháu Mẫu ở nhóm lớp"))
    found = part(one_world.sign_in("lan").get(case).text, "theo-doi-bai")
    assert "(tựa)" in found
    assert "nên chưa hiện chỗ sửa" in found
    assert "cháu Mẫu" not in found


def test_reading_a_stored_copy_anew_is_no_correction(one_world: World, case: str) -> None:
    with one_world.store.read() as session:
        first_at = session.get_one(Article, 2).first_seen_at
    second_version(one_world, 2, Telling(title="Khác"), at=first_at)
    assert "Chưa thấy báo nào sửa hay gỡ bài." in one_world.sign_in("lan").get(case).text


def test_a_copy_is_held_against_its_digest_when_the_case_is_opened(one_world: World, case: str, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    place = keep_copy(one_world, folder, 1)
    person = one_world.sign_in("lan")
    found = part(person.get(case).text, "ban-luu")
    assert f'<code title="{place.sha256}">{place.sha256[:12]}…</code>' in found
    assert 'data-label="Kiểm">đã kiểm</td>' in found
    path = folder / place.file
    held = bytearray(path.read_bytes())
    held[place.offset + place.length // 2] ^= 0xFF
    path.write_bytes(held)
    assert "<strong>KHÔNG khớp: hãy báo quản trị</strong>" in part(person.get(case).text, "ban-luu")
    path.unlink()
    assert "<strong>KHÔNG khớp: hãy báo quản trị</strong>" in part(person.get(case).text, "ban-luu")


def test_a_record_that_was_replaced_with_its_own_digest_does_not_pass(
    one_world: World, case: str, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    place = keep_copy(one_world, folder, 1)
    (folder / place.file).unlink()
    keep_copy(one_world, tmp_path / "other", 2, b"<p>trang khac</p>")
    (tmp_path / "other" / place.file).rename(folder / place.file)
    rows = re.findall(r"<tr>.*?</tr>", part(one_world.sign_in("lan").get(case).text, "ban-luu"), re.DOTALL)
    mine = next(row for row in rows if place.sha256 in row)
    assert "KHÔNG khớp" in mine


def test_a_correction_with_markup_is_shown_as_text(one_world: World, case: str) -> None:
    judge(one_world, 2, second_version(one_world, 2, Telling(title=NASTY, sapo=NASTY, body=NASTY)), [])
    text = one_world.sign_in("lan").get(case).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;img" in part(text, "theo-doi-bai")


def test_long_text_without_changes_is_cut_around_the_changes() -> None:
    pieces = (Piece("same", "a" * 500), Piece("added", "b" * 500), Piece("same", "c" * 500), Piece("removed", "d"))
    first, second, third, fourth = shortened((*pieces,))
    assert first.text == " … " + "a" * AROUND
    assert second == pieces[1]
    assert third.text == "c" * AROUND + " … " + "c" * AROUND
    assert fourth == pieces[3]
    assert shortened((Piece("same", "ngắn"),)) == (Piece("same", "ngắn"),)


def test_a_case_of_many_articles_takes_as_many_statements(one_world: World, case: str) -> None:
    person = one_world.sign_in("lan")
    judge(one_world, 2, second_version(one_world, 2, Telling(title="Đã sửa")), [])
    before = statements(one_world, person, case)
    for number in range(20):
        with one_world.store.write() as session:
            article = add_article(session, 1, Telling(title=f"Bài {number}", exposes=[["sapo", 0, 4]]), 50 + number)
            session.add(StoryArticle(story_id=session.get_one(Story, 1).id, article_id=article.id, added_at=NOW))
            session.add(Removal(article_id=article.id, noticed_at=NOW, error="HTTP 410"))
            session.flush()
            number_id = article.id
        judge(one_world, number_id, second_version(one_world, number_id, Telling(title=f"Bài {number} sửa")), [])
    assert statements(one_world, person, case) == before
    assert before <= 60
