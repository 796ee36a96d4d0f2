"""Pages of invented papers, each with one habit of real ones."""

import json
import pickle
import unicodedata

import pytest

from models.records import Article
from spiders.article import PageNotUnderstood, parse_article
from spiders.source import Source, parse_source

URL = "https://bao-mau.example/xa-hoi/mo-lop-hoc-boi-o-xa-mau-1234567.html"
TITLE = "Mở lớp học bơi miễn phí cho trẻ em xã Mẫu"
SAPO = "Sáng nay, gần một trăm em nhỏ của xã Mẫu đã có buổi học bơi đầu tiên tại hồ bơi mới của trường."
LINES = [
    "Ông Trần Văn Mẫu, trưởng ban tổ chức, cho biết lớp học kéo dài sáu tuần và do các thầy cô của trường phụ trách.",
    "Mỗi buổi học có ba người cứu hộ, các em được chia thành nhóm nhỏ theo độ tuổi và theo khả năng của mình.",
    "Ban tổ chức mong phụ huynh các xã lân cận cũng đăng ký để mùa hè này không còn em nào phải lo sợ sông nước.",
]
RULES = """
title = "Báo Mẫu"
home = "https://bao-mau.example/"
level = "province"
sections = ["https://bao-mau.example/"]
[article]
title = ["h1.tieu-de", "h2.tieu-de-cu"]
sapo = ["p.sapo"]
body = ["div.noi-dung"]
author = ["p.tac-gia"]
published = ["span.ngay"]
drop = [".khong-phai-bai"]
"""


def page(head: str = "", body: str = "", title: str = f"{TITLE} - Báo Mẫu") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def paragraphs(lines: list[str] = LINES) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def json_ld(**fields: object) -> str:
    item = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(item, ensure_ascii=False)}</script>'


RULED = page(
    json_ld(headline="Tiêu đề cho máy", description="Mô tả cho máy", datePublished="2026-03-07T01:06:00Z")
    + '<meta name="author" content="baomau.example">'
    + '<link rel="canonical" href="/xa-hoi/mo-lop-1234567.html?utm_source=x">',
    f"""<h1 class="tieu-de">{TITLE}</h1><span class="ngay">Thứ bảy, 07/03/2026 - 08:06 (GMT+7)</span>
    <p class="sapo">{SAPO}</p><div class="noi-dung"><p>{SAPO}</p>{paragraphs()}
    <script>var quangCao = "không phải bài";</script><style>.x{{color:red}}</style>
    <div class="khong-phai-bai">Mời bạn tải ứng dụng</div>
    <ul class="related-news"><li><a href="/khac">Tin liên quan</a></li></ul>
    <figure><img src="a.jpg"><figcaption>Các em trong buổi học. Ảnh: Mẫu</figcaption></figure>
    <p style="text-align:right">Nguyễn Thị Mẫu</p></div><p class="tac-gia">Theo Nguyễn Thị Mẫu - 07/03/2026</p>""",
)


@pytest.fixture
def paper() -> Source:
    return parse_source("bao_mau", RULES)


def read(raw: bytes, source: Source | None = None, url: str = URL) -> Article:
    return parse_article(raw, url=url, source=source)


def test_site_rules_come_first_and_each_field_says_what_found_it(paper: Source) -> None:
    article = read(RULED, paper)
    assert (article.title, article.sapo, article.author) == (TITLE, SAPO, "Nguyễn Thị Mẫu")
    assert article.published is not None
    assert article.published.isoformat() == "2026-03-07T08:06:00+07:00"
    assert article.canonical_url == "https://bao-mau.example/xa-hoi/mo-lop-1234567.html"
    assert dict(article.provenance) == {
        "title": "rule:h1.tieu-de",
        "sapo": "rule:p.sapo",
        "body": "rule:div.noi-dung",
        "author": "rule:p.tac-gia",
        "published": "rule:span.ngay",
        "canonical_url": "link:canonical",
    }


def test_the_body_is_the_text_alone(paper: Source) -> None:
    assert read(RULED, paper).body.split("\n") == LINES


def test_an_older_layout_is_read_by_the_next_selector(paper: Source) -> None:
    raw = RULED.replace(b'h1 class="tieu-de"', b'h2 class="tieu-de-cu"')
    assert read(raw, paper).provenance["title"] == "rule:h2.tieu-de-cu"


def test_a_changed_layout_is_read_by_the_fallback_and_shows_it(paper: Source) -> None:
    article = read(RULED.replace(b"noi-dung", b"khung-moi"), paper)
    assert article.provenance["body"] in {"density", "trafilatura"}
    assert LINES[1] in article.body


def test_without_a_rule_json_ld_comes_before_meta_elements() -> None:
    head = json_ld(headline=TITLE, description=SAPO, articleBody="\n".join(LINES), author={"name": "Lê Văn Mẫu"})
    head += '<meta property="og:title" content="Khác"><meta name="description" content="Khác hẳn">'
    article = read(page(head, paragraphs()))
    assert (article.title, article.sapo, article.author) == (TITLE, SAPO, "Lê Văn Mẫu")
    assert article.body.split("\n") == LINES
    assert article.provenance["body"] == "json-ld:body"


def test_a_heading_is_the_title_without_what_the_paper_appends() -> None:
    head = (
        f'<meta property="og:title" content="{TITLE} - tin xa mau hom nay"><meta name="description" content="{SAPO}">'
    )
    article = read(page(head, f"<h1>{TITLE}</h1>{paragraphs()}"))
    assert (article.title, article.provenance["title"]) == (TITLE, "heading:h1")


def test_the_papers_name_behind_a_title_is_cut_off() -> None:
    assert read(page(f'<meta name="description" content="{SAPO}">', paragraphs())).title == f"{TITLE} - Báo Mẫu"
    paper = parse_source("bao_mau", RULES.partition("[article]")[0])
    assert read(page(f'<meta name="description" content="{SAPO}">', paragraphs()), paper).title == TITLE


def test_broken_json_ld_is_passed_over_and_trailing_commas_are_forgiven() -> None:
    broken = '<script type="application/ld+json">{"@type":"NewsArticle","headline":</script>'
    commas = '<script type="application/ld+json">{"@type":["NewsArticle",],"datePublished":"2026-03-07",}</script>'
    article = read(page(broken + commas, f"<h1>{TITLE}</h1>{paragraphs()}"))
    assert article.provenance["published"] == "json-ld:published"


def test_a_title_that_was_escaped_twice_is_decoded_twice() -> None:
    head = json_ld(headline="Trẻ em &amp;quot;vùng sâu&amp;quot; h&amp;#7885;c bơi", datePublished="2026-03-07")
    assert read(page(head, paragraphs(), title="Báo Mẫu")).title == 'Trẻ em "vùng sâu" học bơi'


def test_text_is_composed_and_free_of_invisible_characters(paper: Source) -> None:
    raw = unicodedata.normalize("NFD", RULED.decode()).replace("miễn phí", "miễn\u200b\u00a0phí").encode()
    assert raw != RULED
    article = read(raw, paper)
    assert (article.title, article.body.split("\n")) == (TITLE, LINES)


def test_a_description_that_was_cut_off_is_completed_by_the_first_paragraph() -> None:
    head = f'<meta name="description" content="{SAPO[:60]}...">'
    article = read(page(head, f"<article><h1>{TITLE}</h1>{paragraphs([SAPO, *LINES])}</article>"))
    assert article.sapo == SAPO
    assert article.body.split("\n")[0] == LINES[0]


def test_a_description_that_repeats_the_title_is_no_standfirst() -> None:
    article = read(page(f'<meta name="description" content="{TITLE}">', f"<h1>{TITLE}</h1>{paragraphs()}"))
    assert article.sapo == ""
    assert "sapo" not in article.provenance


def dated(stamp: str, shown: str, url: str = URL) -> str | None:
    head = f'<meta property="article:published_time" content="{stamp}">' if stamp else ""
    raw = page(head, f'<div><div>{shown}</div><h1>{TITLE}</h1></div><div class="text">{paragraphs()}</div>')
    published = read(raw, url=url).published
    return published.isoformat() if published else None


def test_a_wrong_zone_is_found_by_the_clock_that_the_page_shows() -> None:
    shown = "<span>Thứ bảy, 29/9/2018, 12:40 (GMT+7)</span>"
    assert dated("2018-09-29T12:40:25+08:00", shown) == "2018-09-29T12:40:25+07:00"
    assert dated("2018-09-29T12:40:25+00:00", shown) == "2018-09-29T12:40:25+07:00"
    assert dated("2018-09-29T05:40:25+00:00", shown) == "2018-09-29T12:40:25+07:00"


def test_plus_eight_on_a_vietnamese_host_is_not_believed_even_without_a_visible_clock() -> None:
    url = "https://bao-mau-khong-co-that.vn/mo-lop-hoc-boi-1234567.html"
    assert dated("2018-09-29T12:40:25+08:00", "", url) == "2018-09-29T12:40:25+07:00"


def test_a_change_carries_the_same_wrong_zone() -> None:
    head = (
        '<meta property="article:published_time" content="2018-09-29T12:40:25+08:00">'
        '<meta property="article:modified_time" content="2018-09-29T13:00:00+08:00">'
    )
    article = read(page(head, f"<div><i>29/9/2018 12:40</i><h1>{TITLE}</h1></div>{paragraphs()}"))
    assert article.modified is not None
    assert article.modified.isoformat() == "2018-09-29T13:00:00+07:00"


def test_a_date_that_is_only_shown_is_read_beside_the_headline() -> None:
    assert dated("", "<i>07/03/2026</i> <b>08:06</b>") == "2026-03-07T08:06:00+07:00"
    assert dated("", '<a href="/ngay/7">| 07/03/2026 - 08:06</a>') == "2026-03-07T08:06:00+07:00"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        '<ul><li><a href="/x">Bài khác</a> 07/03/2026 08:06</li></ul>',
        '<div class="comment-list">Bạn đọc, 07/03/2026 08:06</div>',
        "<footer>Cập nhật 07/03/2026 08:06</footer>",
        "<p>Trước đó, lúc 8:06 ngày 07/03/2026, các em nhỏ trong xã đã tập trung rất đông ở cổng trường.</p>",
    ],
)
def test_a_page_without_a_date_of_its_own_has_none(elsewhere: str) -> None:
    raw = page("", f'<div class="bai"><h1>{TITLE}</h1>{paragraphs()}</div>{elsewhere}')
    assert read(raw).published is None


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("https://bao-mau.example/", f"<h1>{TITLE}</h1>{paragraphs()}"),
        ("https://bao-mau.example/phap-luat", "<h1>Pháp luật</h1>" + '<a href="/a">Một tin nào đó</a>' * 30),
        (URL, ""),
    ],
)
def test_a_front_page_a_section_and_an_empty_page_are_no_articles(url: str, body: str) -> None:
    with pytest.raises(PageNotUnderstood) as caught:
        read(page('<meta property="og:type" content="article">', body), url=url)
    assert url in str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-16", ""), ("utf-8-sig", ""), ("utf-8", '<meta charset="iso-8859-1">')],
)
def test_the_encoding_of_the_bytes_wins_over_what_the_page_claims(encoding: str, declared: str, paper: Source) -> None:
    raw = RULED.decode().replace("<head>", f"<head>{declared}").encode(encoding)
    assert read(raw, paper).title == TITLE


TONES = "\u0300\u0301\u0303\u0309\u0323"


def code_page_1258(text: str) -> bytes:
    """Letters composed, tone marks behind them, as that code page has them."""
    letters = []
    for char in text:
        marks = unicodedata.normalize("NFD", char)
        letters.append(unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES)))
        letters += [mark for mark in marks if mark in TONES]
    return "".join(letters).encode("cp1258")


@pytest.mark.parametrize("declared", [True, False])
def test_an_old_code_page_is_read_as_the_page_or_the_server_declares(paper: Source, *, declared: bool) -> None:
    text = RULED.decode().replace("<head>", '<head><meta charset="windows-1258">' if declared else "<head>")
    raw = code_page_1258(text)
    article = parse_article(raw, url=URL, source=paper, encoding=None if declared else "windows-1258")
    assert (article.title, article.sapo) == (TITLE, SAPO)


def test_a_day_in_the_address_is_the_last_resort() -> None:
    raw = page("", f"<h1>{TITLE}</h1>{paragraphs()}")
    article = read(raw, url="https://bao-mau.example/2026/03/07/mo-lop-hoc-boi-o-xa-mau/")
    assert article.published is not None
    assert article.published.isoformat() == "2026-03-07T00:00:00+07:00"
    assert article.provenance["published"] == "htmldate"


def test_articles_and_outlets_travel_between_processes(paper: Source) -> None:
    article = read(RULED, paper)
    assert pickle.loads(pickle.dumps(article)) == article  # noqa: S301 - our own bytes
    assert pickle.loads(pickle.dumps(paper)) == paper  # noqa: S301
