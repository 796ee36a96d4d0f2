from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.identity import BadAddress, article_identity, article_number, bare_host, clean_url, site_of

BASE = "https://bao-mau.example/phap-luat/mot-vu-viec-o-xa-mau"

SAME_ARTICLE = [
    (f"{BASE}-4672000.html", "https://bao-mau.example/tieu-de-da-sua-4672000.html"),
    (f"{BASE}-4672302.html", "http://www.bao-mau.example/phap-luat/mot-vu-viec-o-xa-mau-4672302.html"),
    (f"{BASE}-4672302.html", f"{BASE}-4672302.html?utm_source=zalo&utm_medium=social#binh-luan"),
    (f"{BASE}-4672302.html", f"{BASE}-4672302.html?fbclid=abc&gidzl=xyz&zarsrc=31"),
    (f"{BASE}-4672302.html", "https://m.bao-mau.example/phap-luat/mot-vu-viec-o-xa-mau-4672302.html"),
    (f"{BASE}-4672302.html", "https://amp.bao-mau.example/phap-luat/tieu-de-da-sua-4672302.html"),
    (f"{BASE}-4672302.html", "https://bao-mau.example/thoi-su/chuyen-muc-khac-4672302.html"),
    (f"{BASE}-4672302.html", f"{BASE}-4672302.html/amp"),
    (f"{BASE}-4672302.html", f"{BASE}-4672302.amp.html"),
    (f"{BASE}-4672302.html", f"{BASE}-4672302-amp.html"),
    (f"{BASE}-4672302.html", f"{BASE}-4672302.html?amp=1"),
    (f"{BASE}-196260307071308923.htm", "https://bao-mau.example/tieu-de-moi-196260307071308923.htm"),
    (f"{BASE}-d538952.html", "https://bao-mau.example/tieu-de-moi-d538952.html"),
    (f"{BASE}-post1234567.html", "https://bao-mau.example/tieu-de-moi-post1234567.html"),
    (f"{BASE}-c46a508182.html", "https://bao-mau.example/tin/tieu-de-moi-c12a508182.html"),
    ("https://bao-mau.example/tin/20150323/tieu-de/724115.html", "https://bao-mau.example/tieu-de-moi/724115.html"),
    ("https://bao-mau.example/202403/tieu-de-1d70a36/", "https://bao-mau.example/202403/tieu-de-moi-1d70a36"),
    (f"{BASE}/", BASE),
    ("https://bao-mau.example:443/a-b-c", "https://bao-mau.example/a-b-c"),
    ("https://bao-mau.example/xem.aspx?id=77&utm_campaign=x", "http://bao-mau.example/xem.aspx?id=77"),
    ("https://bao-mau.example/xem.aspx?b=1&id=77", "https://bao-mau.example/xem.aspx?id=77&b=1"),
    ("https://bao-mau.example/ti%C3%AAu-%C4%91%E1%BB%81", "https://bao-mau.example/tiêu-đề"),
]

DIFFERENT_ARTICLES = [
    (f"{BASE}-4672302.html", f"{BASE}-4672303.html"),
    (f"{BASE}-4672302.html", "https://bao-khac.example/phap-luat/mot-vu-viec-o-xa-mau-4672302.html"),
    (f"{BASE}-4672302.html", "https://the-thao.bao-mau.example/mot-vu-viec-o-xa-mau-4672302.html"),
    (f"{BASE}-4672302.html", "https://bao-mau.example/video/mot-vu-viec-o-xa-mau-4672302.html"),
    ("https://bao-mau.example/gia-vang-20260307.html", "https://bao-mau.example/gia-xang-20260307.html"),
    ("https://bao-mau.example/gia-vang-07032026.html", "https://bao-mau.example/gia-xang-07032026.html"),
    ("https://bao-mau.example/gia-vang-732026.html", "https://bao-mau.example/gia-xang-732026.html"),
    ("https://bao-mau.example/ung-ho-quy-5000000", "https://bao-mau.example/phat-quan-tham-5000000"),
    ("https://bao-mau.example/luong-2340000.html", "https://bao-mau.example/phat-2340000.html"),
    ("https://bao-mau.example/goi-ngay-0912345678", "https://bao-mau.example/so-moi-0912345678"),
    ("https://bao-mau.example/xem.aspx?id=77", "https://bao-mau.example/xem.aspx?id=78"),
    ("https://bao-mau.example/trang-123456.html?id=77", "https://bao-mau.example/trang-123456.html?id=78"),
    ("https://bao-mau.example/", "https://bao-mau.example/tin"),
]


@pytest.mark.parametrize(("one", "other"), SAME_ARTICLE)
def test_addresses_of_one_article_have_one_key(one: str, other: str) -> None:
    assert article_identity(one) == article_identity(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT_ARTICLES)
def test_addresses_of_two_articles_are_never_merged(one: str, other: str) -> None:
    assert article_identity(one) != article_identity(other)


def test_the_canonical_link_of_the_same_site_decides() -> None:
    url = "https://m.bao-mau.example/doc-bai?ma=9"
    assert article_identity(url, canonical=f"{BASE}-4672302.html") == article_identity(f"{BASE}-4672302.html")


@pytest.mark.parametrize(
    "canonical",
    [
        "https://bao-khac.example/bai-cua-bao-khac-123456.html",
        "https://bao-mau.example/",
        "https://bao-mau.example/phap-luat",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_canonical_link_that_names_no_article_of_this_site_is_not_believed(canonical: str) -> None:
    url = f"{BASE}-4672302.html"
    assert article_identity(url, canonical=canonical) == article_identity(url)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("HTTPS://Bao-Mau.example/A-b?x=1&utm_source=y#z", "https://bao-mau.example/A-b?x=1"),
        ("//bao-mau.example/a", "https://bao-mau.example/a"),
        (" https://bao-mau.example/a b\n", "https://bao-mau.example/a%20b"),
        ("https://ten:mat-khau@bao-mau.example/a", "https://bao-mau.example/a"),
        ("http://bao-mau.example:80", "http://bao-mau.example/"),
        ("http://127.0.0.1:8123/rss", "http://127.0.0.1:8123/rss"),
    ],
)
def test_an_address_is_cleaned_without_becoming_another_page(given: str, clean: str) -> None:
    assert clean_url(given) == clean
    assert clean_url(clean) == clean


@pytest.mark.parametrize(
    "url", ["", "ftp://a.example/x", "javascript:alert(1)", "mailto:a@b.example", "https://", "http://[::1", "/tin/a"]
)
def test_what_is_no_web_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(BadAddress) as caught:
        clean_url(url)
    assert repr(url[:200]) in str(caught.value)


def test_the_site_is_what_one_owner_registers() -> None:
    assert site_of("thoi-su.m.bao.com.vn") == site_of("www.bao.com.vn") == "bao.com.vn"
    assert site_of("tin.bao-mau.vn") == "bao-mau.vn"
    assert site_of("127.0.0.1:80") == "127.0.0.1"
    assert bare_host("WWW.M.Bao-Mau.example:443") == "bao-mau.example"


def test_only_what_surely_is_an_id_counts_as_one() -> None:
    assert article_number(f"{BASE}-4672302.html") == "4672302"
    assert article_number(f"{BASE}-4672000.html") == "4672000"
    assert article_number(f"{BASE}-4700000.html") == "4700000"
    assert article_number("https://bao-mau.example/724000.html") == "724000"
    assert article_number("https://bao-mau.example/ung-ho-quy-5000000") is None
    assert article_number("https://bao-mau.example/gia-vang-20260307.html") is None
    assert article_number("https://bao-mau.example/thoi-su") is None


slugs = st.from_regex(r"[a-z]{2,9}(-[a-z]{2,9}){1,6}", fullmatch=True)
ids = st.integers(min_value=1_000_000_000_000_00, max_value=10**19).map(str)
NAMES = ["utm_source", "utm_medium", "fbclid", "gclid", "zarsrc", "gidzl", "_gl", "ref"]
tracking = st.dictionaries(st.sampled_from(NAMES), st.text(max_size=8)).map(urlencode)
prefixes = st.sampled_from(["http://", "https://", "https://www.", "http://m.", "https://amp."])


@given(slugs, slugs, ids, prefixes, tracking)
def test_scheme_prefix_slug_and_tracking_change_nothing(
    slug: str, other: str, number: str, prefix: str, query: str
) -> None:
    url = f"{prefix}bao-mau.example/{other}-{number}.html?{query}#doan-2"
    assert article_identity(url) == article_identity(f"https://bao-mau.example/{slug}-{number}.html")


@given(slugs, ids, ids)
def test_two_ids_never_share_a_key(slug: str, one: str, other: str) -> None:
    keys = {article_identity(f"https://bao-mau.example/{slug}-{number}.html") for number in (one, other)}
    keys |= {article_identity(f"https://bao-mau.example/xem?id={number}") for number in (one, other)}
    assert len(keys) == 2 * len({one, other})


@given(st.text(max_size=60), st.text(max_size=30))
def test_a_key_is_its_own_key_and_nothing_else_is_raised(path: str, query: str) -> None:
    try:
        key = article_identity(f"https://bao-mau.example/{path}?{query}")
    except BadAddress:
        return
    assert article_identity(key) == key


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        clean = clean_url(text)
    except BadAddress:
        return
    assert clean_url(clean) == clean
    assert clean.startswith(("http://", "https://"))


PIECES = [
    "202403", "video", "amp", "slug", "slug-1d70a36", "post12345", "c46a508182", "-", "_", ".", "1234567", "20260307",
    "12000000", ".html", ".amp", "-amp", "?id=5", "?p=1&utm_source=x", "/", "12345678901234", "0123456", "#x", "?amp=1",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.sampled_from(["www.", "m.", "amp.", "www.m."]))
def test_however_an_address_is_put_together_its_key_is_stable(path: str, prefix: str) -> None:
    key = article_identity(f"https://bao-mau.example/{path}")
    assert article_identity(key) == key
    assert article_identity(f"http://{prefix}bao-mau.example/{path}") == key
