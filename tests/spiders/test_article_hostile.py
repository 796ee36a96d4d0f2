"""Whatever the bytes are: an article or PageNotUnderstood, in bounded time and memory."""

import resource
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.article import PageNotUnderstood, parse_article
from spiders.markup import HostileMarkup, parse_markup
from spiders.section_page import parse_listing
from spiders.source import Source, load_sources

URL = "https://bao-mau.example/mot-bai-viet-kha-dai-1234567.html"
HEAD = "<title>Một tiêu đề khá dài của báo mẫu</title>".encode()
SLOWEST_S = 15.0
"""Processor time; the worst of these takes a third of it on a busy machine."""
BOMBS = {
    "nested div": b"<div>" * 150_000,
    "nested lists": b"<ul><li>" * 100_000,
    "nested formatting": b"<b>" * 100_000,
    "formatting repeated in each paragraph": b"".join(b"<p><font color=%d>" % n for n in range(5_000))
    + b"<p>x" * 5_000,
    "formatting behind false end tags": b"</font>" * 5_000
    + b"".join(b"<font color=%d>" % n for n in range(3_000))
    + b"<p>x" * 5_000,
    "one tag with many attributes": b"<div " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">",
    "attributes between quotes": b"<div " + b"".join(b'a%d="1"' % n for n in range(200_000)) + b">",
    "flat elements": b"<b>x</b>" * 150_000,
    "line breaks": b"<p>" + b"x<br>" * 50_000,
    "lone brackets": b"<" * 1_000_000,
    "comments": b"<!--" * 500_000,
    "nested JSON": b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script><p>x",
    "commas": b'<script type="application/ld+json">{' + b",  " * 100_000 + b"</script><p>x",
    "JSON of wrong types": b'<script type="application/ld+json">{"@type":"NewsArticle","headline":{"a":1},'
    b'"author":[1,[],{"name":3}],"datePublished":[1],"articleBody":5,"description":null}</script><p>x',
    "headings": b"<h1>x y z t u</h1>" * 5_000,
    "dates": b"<span class=date>01/01/2020</span> 2020-01-0 " * 30_000,
    "digits": b"<p>" + b"1" * 800_000,
    "entities": b"<p>" + b"&amp;" * 400_000,
    "spaces": b"<p>" + b" " * 2_000_000,
    "control characters": bytes(range(1, 32)) * 1_000,
    "canonical link to nowhere": b'<link rel="canonical" href="http://[::1"><p>x',
}


@pytest.fixture(scope="module")
def ruled() -> Source:
    return load_sources()["vnexpress"]


@pytest.mark.parametrize("name", BOMBS)
def test_a_page_built_to_exhaust_the_parser_costs_bounded_time_and_memory(name: str, ruled: Source) -> None:
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for source in (ruled, None):
        try:
            parse_article(HEAD + BOMBS[name], url=URL, source=source)
        except PageNotUnderstood as refused:
            assert URL in str(refused)  # noqa: PT017 - either outcome is right
    parse_listing(HEAD + BOMBS[name], url=URL)
    assert time.process_time() - started < SLOWEST_S
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 100,
        b"%PDF-1.7 \x00\x01",
        b"\x1f\x8b\x08\x00",
        b"GIF89a<\x00",
        b"xin chao",
        b"{}",
        bytes(range(256)),
        "<p>\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_what_is_no_page_is_not_understood(raw: bytes) -> None:
    with pytest.raises(PageNotUnderstood, match=r"bao-mau\.example"):
        parse_article(raw, url=URL)


@pytest.mark.parametrize("url", ["", "http://[::1", "không phải địa chỉ", "javascript:alert(1)"])
def test_an_address_of_no_use_is_not_understood(url: str) -> None:
    with pytest.raises(PageNotUnderstood):
        parse_article(HEAD + b"<p>x", url=url)


FRAGMENTS = st.sampled_from(
    [
        "<h1>", "</h1>", "<p>", "</p>", "<div class='noi-dung'>", "<table>", "<script>", "</script>", "<!--", "-->",
        "<meta name=description content='", "'>", '<script type="application/ld+json">', '{"@type":"NewsArticle"',
        "&#x110;", "&amp;amp;", "07/03/2026 08:06", "\x00", "\u0301", "\U0001f600", "Một dòng chữ", "<time datetime='",
    ]
)  # fmt: skip


@given(st.binary(max_size=300) | st.lists(FRAGMENTS, max_size=40).map(lambda parts: "".join(parts).encode()))
def test_any_bytes_are_an_article_or_not_understood(raw: bytes) -> None:
    try:
        article = parse_article(b"<title>x" + raw, url=URL)
    except PageNotUnderstood:
        return
    assert article.title
    assert article.body or article.sapo


def test_honest_pages_are_never_taken_for_bombs() -> None:
    page = b"<p><b>x</b> <i>y <strong>z</p>" * 2 + b"<p><b>x</b> <i>y</i></p>" * 4_000
    assert len(parse_markup(page).css("p")) == 4_002
    script = b"<script>var a = '" + b"x y=1 " * 20_000 + b"'</script>"
    assert parse_markup(script + b"<p>x</p>").css_first("p") is not None
    assert (
        parse_markup(b'<img src="data:image/png;base64,' + b"iVBOR/w0KG+=" * 10_000 + b'"><p>x').css_first("p")
        is not None
    )


def test_a_bomb_is_refused_for_what_it_is() -> None:
    with pytest.raises(HostileMarkup, match="nested more than"):
        parse_markup(BOMBS["nested div"])
    with pytest.raises(HostileMarkup, match="never closed"):
        parse_markup(BOMBS["formatting behind false end tags"])
    with pytest.raises(HostileMarkup, match="attributes"):
        parse_markup(BOMBS["attributes between quotes"])
