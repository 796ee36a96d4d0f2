"""Grouping in the store: a second look when the page was read, and people's corrections, which the machine obeys."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from models.records import FeedEntry, Verdict
from models.session import Store
from models.store import articles, grouping, outlets, runs, stories, users, verdicts
from models.store.verdicts import Judged
from models.tables import Article, ArticleVersion, Story, StoryArticle
from pipeline.stories import follow_corrections, group_new, load_index

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 21)
FIRST = "Bảo mẫu ở nhóm trẻ Búp Sen Xanh tát bé 3 tuổi vì biếng ăn"
BODY = (
    "Ngày 21/11, Công an xã Suối Mơ, huyện Hòa Mẫu, cho biết đang làm rõ clip bảo mẫu Trịnh Thị Mẫu Đơn (45 tuổi) tát "
    "bé K., 3 tuổi, ba cái tại nhóm trẻ Búp Sen Xanh vì bé không chịu ăn cháo. Clip do camera của lớp ghi lại lan "
    "truyền từ tối 20/11. Nhóm trẻ Búp Sen Xanh đã tạm dừng hoạt động."
)
VAGUE = "Công an vào cuộc vụ clip gây phẫn nộ"


def see(store: Store, number: int, title: str, body: str = "") -> int:
    """An entry of a feed, judged; with a body as if its page had been read."""
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        run_id = runs.start(session, day=DAY, at=AT)
        entry = FeedEntry(url=f"https://bao-mau.example/{number}", title=title)
        articles.see_entry(session, entry, identity=entry.url, outlet="bao_mau", run_id=run_id, day=DAY, at=AT)
        article = session.scalars(select(Article).where(Article.url == entry.url)).one()
        article.published_at = AT
        if body:
            read(session.get_one(ArticleVersion, article.version_id), body)
        return article.id


def read(version: ArticleVersion, body: str) -> None:
    version.body = body


def judge(store: Store, model: str) -> None:
    with store.write() as session:
        found = verdicts.unjudged(session, model=model, limit=99)
        said = Verdict(model, 0.9, True, "vu_viec", {"bao_luc": 0.9}, language="vi")
        verdicts.save(session, [Judged(item, said, None) for item in found], finder="f", at=AT)


def page_read(store: Store, article: int, body: str, model: str) -> None:
    """The page's text takes the place of the entry's, and is judged."""
    with store.write() as session:
        row = session.get_one(Article, article)
        old = session.get_one(ArticleVersion, row.version_id)
        new = ArticleVersion(
            article_id=article,
            number=2,
            origin="page",
            run_id=old.run_id,
            fetched_at=AT,
            sha256="2" * 64,
            title=old.title,
            sapo="",
            body=body,
            provenance={},
        )
        session.add(new)
        session.flush()
        row.version_id = new.id
    judge(store, model)


def stands(store: Store) -> dict[int, list[int]]:
    with store.read() as session:
        rows = session.execute(select(StoryArticle.article_id, StoryArticle.story_id).order_by(StoryArticle.story_id))
        found: dict[int, list[int]] = {}
        for article, story in rows:
            found.setdefault(article, []).append(story)
        return found


def two_entries(store: Store) -> tuple[int, int]:
    """The same event told by a whole article and by a headline that says nothing."""
    whole, vague = see(store, 1, FIRST, BODY), see(store, 2, VAGUE)
    judge(store, "m")
    return whole, vague


def test_an_entry_joins_its_story_when_its_page_has_been_read(store: Store) -> None:
    whole, vague = two_entries(store)
    index = load_index(store, today=DAY)
    group_new(store, index, now=lambda: AT)
    before = stands(store)
    assert before[whole] != before[vague]
    page_read(store, vague, BODY.replace("ba cái", "3 cái"), "m")
    assert group_new(store, index, now=lambda: AT + timedelta(minutes=2)) == 0
    after = stands(store)
    assert after[vague] == after[whole] == before[whole]
    with store.read() as session:
        assert session.get_one(Story, before[vague][0]).merged_into == before[whole][0]
        link = session.scalars(select(StoryArticle).where(StoryArticle.article_id == vague)).one()
        assert link.reprint_of == whole
        assert stories.reread(session) == []


def test_a_story_that_a_person_touched_is_left_as_it_is(store: Store) -> None:
    whole, vague = two_entries(store)
    index = load_index(store, today=DAY)
    group_new(store, index, now=lambda: AT)
    before = stands(store)
    with store.write() as session:
        user = users.add_user(session, name="an", display="An", role="officer", now=AT)
        grouping.merge(session, before[whole][0], before[vague][0], user_id=user.id, now=AT)
        apart = grouping.split(session, before[whole][0], [vague], user_id=user.id, now=AT)
    assert follow_corrections(store, index, since=0) == 2
    page_read(store, vague, BODY, "m")
    group_new(store, index, now=lambda: AT)
    assert stands(store) == {whole: before[whole], vague: [apart]}
    assert index.members(str(apart)) == (str(vague),)


def test_the_index_follows_what_people_do_without_being_loaded_anew(store: Store) -> None:
    whole, vague = two_entries(store)
    index = load_index(store, today=DAY)
    group_new(store, index, now=lambda: AT)
    before = stands(store)
    with store.write() as session:
        user = users.add_user(session, name="an", display="An", role="officer", now=AT)
        stays = grouping.merge(session, before[vague][0], before[whole][0], user_id=user.id, now=AT)
    assert follow_corrections(store, index, since=0) == 1
    assert set(index.members(str(stays))) == {str(whole), str(vague)}
    third = see(store, 3, "Làm rõ clip bảo mẫu tát bé 3 tuổi ở nhóm trẻ Búp Sen Xanh", BODY)
    judge(store, "m")
    group_new(store, index, now=lambda: AT)
    assert stands(store)[third] == [stays]
    with store.write() as session:
        (change,) = [change.id for change in grouping.changes_of(session, stays)]
        grouping.take_back(session, change, user_id=user.id, now=AT)
    follow_corrections(store, index, since=1)
    assert str(whole) in index.members(str(before[whole][0]))
    assert str(vague) not in index.members(str(before[whole][0]))
