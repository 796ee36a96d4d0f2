"""Papers that the team adds, tries and pauses in the pages. Hosts are samples; none is asked."""

from pathlib import Path

import pytest

from models.store import outlet_choices, outlets
from pipeline.config import Settings
from pipeline.papers import PaperError, describe
from pipeline.scanning import choose_sources
from review_ui.views import outlet_add
from spiders.source import parse_source
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW

FIELDS = {
    "title": "Báo Làng Mẫu",
    "home": "https://lang-mau.example/",
    "feeds": "https://lang-mau.example/rss/moi.rss\nhttps://lang-mau.example/rss/phap-luat.rss",
    "sitemaps": "",
    "sections": "",
}


def read_now(world: World) -> set[str]:
    return set(choose_sources(Settings(), store=world.store))


def test_a_paper_is_added_and_the_next_scan_reads_it(world: World, officer: Person) -> None:
    officer.get("/bao/them")
    assert officer.post("/bao/them", viec="them", **FIELDS).headers["location"] == "/bao?bao=lang_mau_example"
    assert "Báo Làng Mẫu" in officer.get("/bao?bao=lang_mau_example").text
    assert "lang_mau_example" in read_now(world)
    with world.store.read() as session:
        text = outlet_choices.declarations(session)["lang_mau_example"]
    assert len(parse_source("lang_mau_example", text).feeds) == 2
    assert officer.post("/bao/them", viec="them", **FIELDS).status_code == 400
    assert "đã có trong danh mục" in officer.last.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", " ", "Hãy ghi tên báo"),
        ("home", "lang-mau.example", "không phải địa chỉ trang"),
        ("feeds", "", "ít nhất một địa chỉ"),
        ("feeds", "file:///etc/passwd", "không phải địa chỉ trang"),
        ("feeds", "https://vnexpress.net/rss/x.rss", "đã có trong danh mục"),
        ("feeds", " ".join(f"https://lang-mau.example/{n}" for n in range(21)), "tối đa"),
    ],
)
def test_what_cannot_be_a_paper_is_refused_with_the_reason(field: str, value: str, words: str) -> None:
    known = choose_sources(Settings())
    given = {**FIELDS, field: value}
    lists = {name: given[name] for name in outlet_add.LISTS}
    with pytest.raises(PaperError, match=words):
        describe(given["title"], given["home"], lists, known)


def test_trying_reads_the_feeds_in_a_process_of_its_own_and_keeps_nothing(
    one_world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An address of this machine is refused by the crawler itself, whoever asks for it."""
    monkeypatch.chdir(tmp_path)
    source = parse_source(
        "mau", 'title = "M"\nhome = "http://127.0.0.1:9/"\nlevel = "unknown"\nfeeds = ["http://127.0.0.1:9/rss"]'
    )
    tried = outlet_add.try_feeds(source)
    assert [(one.words, one.entries) for one in tried] == [("địa chỉ không được phép đọc", 0)]
    monkeypatch.setattr(outlet_add, "try_feeds", lambda _: tried)
    person = one_world.sign_in("quan")
    person.get("/bao/them")
    page = person.post("/bao/them", viec="thu", **FIELDS).text
    assert "Địa chỉ không được phép đọc" in page
    assert 'value="Báo Làng Mẫu"' in page
    assert "lang_mau_example" not in read_now(one_world)


def test_a_paused_paper_is_not_read_until_somebody_lets_it(world: World, officer: Person) -> None:
    with world.store.write() as session:
        outlets.keep(session, id="vnexpress", title="VnExpress", home="https://vnexpress.net/", province=None)
        outlets.record_poll(
            session, url="https://vnexpress.net/x", outlet="vnexpress", kind="feed", health="ok", at=NOW
        )
    officer.get("/bao?bao=vnexpress")
    assert officer.post("/bao/tam-dung", outlet="vnexpress", on="1", note="Máy chủ báo bảo trì").status_code == 303
    assert "vnexpress" not in read_now(world)
    assert "Tạm dừng đọc từ" in officer.get("/bao?bao=vnexpress").text
    assert "Tạm dừng (1)" in officer.get("/bao").text
    assert officer.post("/bao/thu-ngay", outlet="vnexpress").status_code == 400
    with world.store.read() as session:
        assert outlets.due_times(session)["https://vnexpress.net/x"].due_at == outlet_choices.NEVER
    assert officer.post("/bao/tam-dung", outlet="vnexpress", on="0").status_code == 303
    assert "vnexpress" in read_now(world)
    with world.store.read() as session:
        assert outlets.due_times(session)["https://vnexpress.net/x"].due_at == NOW
    assert officer.post("/bao/tam-dung", outlet="khong-co", on="1").status_code == 404
