from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from models.fold import exact, fold
from models.records import FeedEntry
from models.session import Store
from models.store import articles, outlets, runs, search, search_filters, search_postgresql
from models.store.search import Search, SearchError, fts5, read_terms
from models.tables import Article

AT = datetime(2026, 11, 21, 0, 5, tzinfo=UTC)
TITLES = [
    "Bé gái ở Đắk Mẫu được giải cứu",
    "Be gai la ten mot quan ca phe",
    "Giá vàng hôm nay tăng",
    'Tiêu đề có "ngoặc" OR NOT * và dấu \' lạ',
]


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        outlets.keep(session, id="bao_hai", title="Báo Hai", home="https://bao-hai.example", province=None)
        run_id = runs.start(session, day=AT.date(), at=AT)
        for number, title in enumerate(TITLES):
            entry = FeedEntry(url=f"https://bao-mau.example/{number}", title=title, sapo="Phần dẫn.")
            outlet = "bao_hai" if number == 2 else "bao_mau"
            day = date(2026, 11, 18 + number)
            articles.see_entry(session, entry, identity=entry.url, outlet=outlet, run_id=run_id, day=day, at=AT)
        assert search.index_new(session) == len(TITLES)
        assert search.index_new(session) == 0
    return store


def titles(store: Store, **wanted: object) -> list[str]:
    with store.read() as session:
        return [row.title for row in search.find(session, Search(**wanted))]  # type: ignore[arg-type]


def test_words_without_diacritics_find_both_spellings_newest_first(filled: Store) -> None:
    assert titles(filled, words="be gai") == [TITLES[1], TITLES[0]]
    assert titles(filled, words="dak mau") == [TITLES[0]]


def test_words_with_diacritics_find_just_that_spelling(filled: Store) -> None:
    assert titles(filled, words="Bé gái") == [TITLES[0]]


def test_phrases_and_exclusions(filled: Store) -> None:
    assert titles(filled, words='"be gai o"') == [TITLES[0]]
    assert titles(filled, words='"gai be"') == []
    assert titles(filled, words="be gai -quan") == [TITLES[0]]


def test_filters_by_outlet_and_day(filled: Store) -> None:
    assert titles(filled, words="gia vang", outlet="bao_hai") == [TITLES[2]]
    assert titles(filled, words="gia vang", outlet="bao_mau") == []
    assert titles(filled, since=date(2026, 11, 20)) == [TITLES[3], TITLES[2]]


def test_what_looks_like_an_operator_is_a_word(filled: Store) -> None:
    assert titles(filled, words="or not") == [TITLES[3]]
    assert titles(filled, words="' dau la") == [TITLES[3]]


def test_a_changed_article_is_found_by_its_new_words_only(filled: Store) -> None:
    with filled.write() as session:
        entry = FeedEntry(url="https://bao-mau.example/2", title="Giá bạc giảm")
        articles.see_entry(session, entry, identity=entry.url, outlet="bao_hai", run_id=1, day=AT.date(), at=AT)
        assert search.index_new(session) == 1
    assert titles(filled, words="bac") == ["Giá bạc giảm"]
    assert titles(filled, words="vang hom nay") == []


def test_a_search_for_nothing_but_exclusions_says_what_to_do() -> None:
    with pytest.raises(SearchError, match="ít nhất một từ"):
        read_terms("-trẻ")


def test_folding_knows_the_letter_d_with_stroke_and_decomposed_text() -> None:
    assert fold("ĐẶNG Hoa\u0300_x") == "dang hoa x"
    assert exact("Đa\u0323i  học") == "đại học"


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_valid_query_or_a_clear_refusal(sqlite_query: str) -> None:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(folded, exact)")
    try:
        terms = read_terms(sqlite_query)
    except SearchError:
        return
    if terms:
        connection.execute("SELECT * FROM t WHERE t MATCH ?", (fts5(terms),)).fetchall()
    connection.close()


@pytest.mark.parametrize(
    "words", ["be gai", '"be gai o"', "Bé gái", "be gai -quan", "tieu đề -Bé", "gia_vang", "phan dan"]
)
def test_few_articles_are_looked_through_with_the_same_answer(
    filled: Store, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"words": words, "since": date(2026, 11, 18)}
    looked_through = titles(filled, **wanted)
    monkeypatch.setattr(search_filters, "FEW", 0)
    assert titles(filled, **wanted) == looked_through
    assert titles(filled, words=words) == looked_through


@pytest.mark.parametrize(("look", "most"), [(1, 1), (1, 2), (2, 3), (4, 4)])
def test_common_and_rare_words_are_found_alike_however_far_the_first_look_goes(
    filled: Store, look: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.write() as session:
        session.execute(update(Article).where(Article.id == 2).values(same_as=1))
    monkeypatch.setattr(search_postgresql, "LOOK", look)
    monkeypatch.setattr(search_postgresql, "MOST", most)
    monkeypatch.setattr(search_postgresql, "SPARE", 1)
    with filled.read() as session:
        for words, ids in (("phan dan", [4, 3, 1]), ("be gai", [1]), ("phan dan -vang", [4, 1]), ("khong co", [])):
            wanted = Search(words=words)
            assert [one.article_id for one in search.find(session, wanted)] == ids
            assert [one.article_id for one in search.find(session, wanted, limit=1)] == ids[:1]
            assert [one.article_id for one in search.find(session, wanted, limit=1, before=4)] == [
                id_ for id_ in ids if id_ < 4
            ][:1]
        days = Search(words="phan dan", until=date(2026, 11, 20))
        monkeypatch.setattr(search_filters, "FEW", 0)
        assert [one.article_id for one in search.find(session, days)] == [3, 1]
