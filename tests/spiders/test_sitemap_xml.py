import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.sitemap_xml import MOST_ENTRIES, parse_sitemap

URL = "https://bao-mau.example/google-news-sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://bao-mau.example/mo-lop-hoc-boi-1000001.html?utm_source=sm </loc>
<lastmod>2026-03-08T00:00:00Z</lastmod>
<image:image><image:loc>https://bao-mau.example/a.jpg</image:loc><image:title>Ảnh</image:title></image:image>
<news:news><news:publication><news:name>Báo Mẫu</news:name></news:publication>
<news:publication_date>2026-03-07T08:06:00+07:00</news:publication_date>
<news:title>Xã Mẫu mở lớp &amp;quot;học bơi&amp;quot;</news:title></news:news></url>
<url><loc>https://bao-mau.example/bai-khong-tieu-de-1000002.html</loc><lastmod>2026-03-07</lastmod></url>
<url><loc>javascript:alert(1)</loc></url><url/><!-- ghi chú --><url><loc>https://bao-mau.example/mo-lop-hoc-boi-1000001.html</loc></url>
</urlset>"""


def test_a_news_sitemap_gives_titles_and_times() -> None:
    page = parse_sitemap(NEWS.encode(), url=URL)
    first, second = page.entries
    assert (page.health, page.skipped, page.nested) == ("ok", 4, ())
    assert (first.title, first.url) == (
        'Xã Mẫu mở lớp "học bơi"',
        "https://bao-mau.example/mo-lop-hoc-boi-1000001.html",
    )
    assert first.published is not None
    assert first.published.isoformat() == "2026-03-07T08:06:00+07:00"
    assert (second.title, second.published is not None) == ("", True)


def test_an_index_names_further_sitemaps() -> None:
    raw = b"<sitemapindex><sitemap><loc>https://bao-mau.example/1.xml</loc></sitemap><sitemap/></sitemapindex>"
    page = parse_sitemap(raw, url=URL)
    assert (page.health, page.entries, page.nested, page.skipped) == ("ok", (), ("https://bao-mau.example/1.xml",), 1)


def test_broken_xml_still_gives_what_can_be_read() -> None:
    page = parse_sitemap(NEWS.replace("</urlset>", "<url><loc>x & y").encode(), url=URL)
    assert (page.health, len(page.entries)) == ("ok", 2)
    assert page.error


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"<html></html>",
        b"<rss></rss>",
        b"{}",
        b"\x00\xff" * 40,
        b"<urlset" + b"<" * 100_000,
        b'<a xmlns="}b"/>',
    ],
)
def test_what_is_no_sitemap_is_broken_by_name(raw: bytes) -> None:
    page = parse_sitemap(raw, url=URL)
    assert page.health in {"broken", "empty"}
    assert page.health == "empty" or URL in (page.error or "")


def test_an_empty_sitemap_is_healthy_but_empty() -> None:
    assert parse_sitemap(b"<urlset></urlset>", url=URL).health == "empty"


def test_entities_of_its_own_are_not_followed() -> None:
    raw = (
        b'<!DOCTYPE urlset [<!ENTITY tep SYSTEM "file:///etc/hostname"><!ENTITY a "'
        + b"a" * 1000
        + b'">]><urlset><url>'
        b"<loc>https://bao-mau.example/a-b-1000001.html</loc><title>&tep;"
        + b"&a;" * 10_000
        + b"</title></url></urlset>"
    )
    page = parse_sitemap(raw, url=URL)
    assert all(len(entry.title) < 100 for entry in page.entries)


def test_a_sitemap_is_bounded() -> None:
    urls = "".join(f"<url><loc>https://bao-mau.example/bai-{n}.html</loc></url>" for n in range(1_000_000, 1_050_000))
    page = parse_sitemap(f"<urlset>{urls}</urlset>".encode(), url=URL)
    assert (len(page.entries), page.skipped) == (MOST_ENTRIES, 50_000 - MOST_ENTRIES)


@given(st.binary(max_size=200), st.integers(0, 1500))
def test_no_bytes_make_it_fail(noise: bytes, position: int) -> None:
    raw = NEWS.encode()
    page = parse_sitemap(raw[:position] + noise + raw[position:], url=URL)
    assert page.health in {"ok", "empty", "broken"}
