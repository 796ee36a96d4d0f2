import pytest

from spiders.opml import OpmlError, Subscription, new_sources, read_opml, write_opml
from spiders.source import load_sources, parse_source
from spiders.source_text import source_text

LIST = """<?xml version="1.0" encoding="UTF-8"?><opml version="1.1"><head><title>Báo của nhóm</title></head><body>
<outline text="Tỉnh Mẫu"><outline text="Báo Mẫu: thời sự" type="rss" xmlUrl="https://bao-mau.example/rss/a.rss"
 htmlUrl="https://www.bao-mau.example/"/><outline text="Báo Mẫu: pháp luật" xmlUrl="https://bao-mau.example/rss/b.rss"
 htmlUrl="https://www.bao-mau.example/"/></outline>
<outline title="Tin Khác" XMLURL="http://tin-khac.example/feed"/><outline text="Hỏng" xmlUrl="javascript:alert(1)"/>
<outline text="Lặp" xmlUrl="https://bao-mau.example/rss/a.rss"/>
<outline text="VnExpress" xmlUrl="https://vnexpress.net/rss/la-la.rss"/>
<outline text="Chỉ là thư mục"/></body></opml>"""


def test_a_feed_readers_list_is_read_through_its_folders() -> None:
    subscriptions, skipped = read_opml(LIST.encode())
    assert skipped == 2
    assert subscriptions[0] == Subscription(
        "Báo Mẫu: thời sự", "https://bao-mau.example/rss/a.rss", "https://www.bao-mau.example/"
    )
    assert [one.feed for one in subscriptions[1:]] == [
        "https://bao-mau.example/rss/b.rss",
        "http://tin-khac.example/feed",
        "https://vnexpress.net/rss/la-la.rss",
    ]


def test_each_new_host_becomes_one_outlet_and_known_papers_stay_as_they_are() -> None:
    added, present = new_sources(read_opml(LIST.encode())[0], load_sources().values())
    assert present == 1
    assert [(source.id, source.title, len(source.feeds)) for source in added] == [
        ("bao_mau", "Báo Mẫu", 2),
        ("tin_khac", "Tin Khác", 1),
    ]
    assert all(parse_source(source.id, source_text(source)) == source for source in added)
    assert {source.level for source in added} == {"unknown"}


def test_an_id_that_is_taken_gets_a_number() -> None:
    feeds = [
        Subscription("A", f"https://{host}/rss")
        for host in ("tin.mau.example", "tin-mau.example", "tin.mau.com.example")
    ]
    added, _ = new_sources(feeds, [])
    assert [source.id for source in added] == ["tin_mau", "tin_mau_2", "tin_mau_3"]


def test_the_catalogue_survives_export_and_import() -> None:
    sources = load_sources()
    raw = write_opml(sources.values())
    subscriptions, skipped = read_opml(raw)
    assert skipped == 0
    assert [one.feed for one in subscriptions] == [feed for source in sources.values() for feed in source.feeds]
    assert new_sources(subscriptions, sources.values()) == ([], len(subscriptions))
    assert raw.count(b"<outline") == len(sources) + len(subscriptions)


@pytest.mark.parametrize("raw", [b"", b"<html/>", b"{}", b"\xff\xfe", b" " * 6_000_000])
def test_what_is_no_opml_is_refused(raw: bytes) -> None:
    with pytest.raises(OpmlError):
        read_opml(raw)


def test_entities_of_its_own_are_not_followed() -> None:
    raw = b'<!DOCTYPE opml [<!ENTITY t SYSTEM "file:///etc/hostname">]><opml><body><outline text="&t;" xmlUrl="https://a.example/x"/></body></opml>'
    subscriptions, _ = read_opml(raw)
    assert [one.title for one in subscriptions] in ([], ["a.example"])
