from datetime import timedelta

import pytest

from spiders.section_page import looks_like_article, parse_listing
from spiders.source import parse_source

URL = "https://bao-mau.example/phap-luat"
SOURCE = parse_source(
    "bao_mau",
    'title = "Báo Mẫu"\nhome = "https://bao-mau.example/"\nlevel = "province"\n'
    'sections = ["https://bao-mau.example/phap-luat"]\n[article]\nlisting = [".tin a"]',
)
PAGE = """<html><body><nav><a href="/the-thao">Trang thể thao của báo mẫu</a></nav><div class="tin">
<article><a href="/mo-lop-hoc-boi-1000001.html"><img></a>
  <h3><a href="/mo-lop-hoc-boi-1000001.html?utm_source=trang-chu">Xã Mẫu mở lớp học bơi</a></h3>
  <span class="time">08:06 07/03/2026</span>
  <p class="sapo">Sáng nay gần một trăm em nhỏ đã có buổi học bơi đầu tiên...</p></article>
<article><h3><a href="https://m.bao-mau.example/san-choi-1000002.html" title="Trường mẫu giáo có sân chơi mới rất đẹp">
  Trường mẫu giáo có sân chơi...</a></h3></article>
<a href="/duong-moi-1000003.html">&gt;&gt; Con đường mới qua xã Mẫu</a>
<a href="/duong-moi-1000003.html">Con đường mới qua xã Mẫu dài ba cây số, nối chợ với trường học và trạm y tế</a>
<a href="/video-1000004.html">Video</a>
<a href="/tag/hoc-boi-1000005.html">Tất cả tin về học bơi</a>
<a href="/hoat-dong-cua-toa-soan-bao-mau">Các hoạt động của toà soạn</a>
<a href="https://bao-khac.example/tin-khac-1000006.html">Tin của một báo khác hẳn</a>
<a href="javascript:alert(1)">Bấm vào đây để xem</a><a href="http://[::1">Một liên kết bị hỏng</a></div>
<footer><a href="/lien-he-quang-cao-1000007.html">Liên hệ quảng cáo với báo mẫu</a></footer></body></html>"""


def test_a_section_page_shows_the_outlets_articles_each_once() -> None:
    page = parse_listing(PAGE.encode(), url=URL, source=SOURCE)
    assert page.health == "ok"
    assert [(entry.title, entry.url.rpartition("/")[2]) for entry in page.entries] == [
        ("Xã Mẫu mở lớp học bơi", "mo-lop-hoc-boi-1000001.html"),
        ("Trường mẫu giáo có sân chơi mới rất đẹp", "san-choi-1000002.html"),
        ("Con đường mới qua xã Mẫu", "duong-moi-1000003.html"),
    ]


def test_standfirst_and_time_are_read_from_the_articles_own_box() -> None:
    swimming, playground, road = parse_listing(PAGE.encode(), url=URL, source=SOURCE).entries
    assert swimming.sapo == "Sáng nay gần một trăm em nhỏ đã có buổi học bơi đầu tiên"
    assert swimming.published is not None
    assert (swimming.published.hour, swimming.published.utcoffset()) == (8, timedelta(hours=7))
    assert (playground.sapo, playground.published) == ("", None)
    assert road.sapo.endswith("trạm y tế")


def test_without_a_source_the_pages_own_host_counts() -> None:
    page = parse_listing(PAGE.encode(), url=URL)
    assert {entry.url for entry in page.entries} >= {"https://bao-mau.example/lien-he-quang-cao-1000007.html"}
    assert not any("bao-khac" in entry.url for entry in page.entries)


@pytest.mark.parametrize(
    "raw", [b"", b"<p>x", b"\x00\xff" * 50, b"<div>" * 100_000, '<a href="/a">Xem thêm tin khác</a>'.encode()]
)
def test_a_page_without_articles_is_broken_and_says_so(raw: bytes) -> None:
    page = parse_listing(raw, url=URL, source=SOURCE)
    assert (page.health, page.entries) == ("broken", ())
    assert URL in (page.error or "")


def test_topic_tag_and_author_pages_do_not_look_like_articles() -> None:
    for path in (
        "/tag/mot-hai-ba-bon-nam-sau",
        "/chu-de/x-1000001.html",
        "/tac-gia/le-van-mau-1000001.html",
        "/thoi-su",
    ):
        assert not looks_like_article(f"https://bao-mau.example{path}")
    for path in ("/mot-hai-ba-bon-nam-sau", "/x-1000001.html", "/xem?id=1"):
        assert looks_like_article(f"https://bao-mau.example{path}")


def test_a_listing_is_bounded() -> None:
    links = "".join(
        f'<h3><a href="/bai-so-{n}.html">Tiêu đề của bài số {n}</a></h3>' for n in range(1_000_000, 1_003_000)
    )
    page = parse_listing(links.encode(), url=URL)
    assert (len(page.entries), page.skipped) == (500, 2_500)
