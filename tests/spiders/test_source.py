from pathlib import Path

import pytest

from spiders.source import (
    FOLDER,
    ArticleRules,
    Source,
    SourceError,
    load_catalogue,
    load_sources,
    parse_source,
    refuse_duplicates,
    source_of,
)
from spiders.source_text import source_text

GOOD = """
title = "Báo Mẫu"
home = "https://www.bao-mau.example/"
level = "province"
province = "01"
feeds = ["https://bao-mau.example/rss/home.rss"]
per_day = [20, 400]
delay_s = 1.5
[article]
title = ["h1.a", "h1.b"]
body = ["article"]
double_escaped = true
[proof]
feeds = "likely"
title = "proven"
"""
BROKEN = {
    'title = "': "bao_mau.toml",
    'home = "https://bao-mau.example/"\nlevel = "province"\nfeeds = []': "title: missing",
    GOOD.replace("per_day", "per_week"): "per_week: unknown key",
    GOOD.replace("[20, 400]", "[400, 20]"): "per_day: must be [low, high]",
    GOOD.replace("[20, 400]", '["20", "400"]'): "per_day: must be two whole numbers",
    GOOD.replace("1.5", "-1"): "delay_s:",
    GOOD.replace("1.5", "nan"): "delay_s:",
    GOOD.replace("1.5", "true"): "delay_s:",
    GOOD.replace('"01"', "1"): "province:",
    GOOD.replace('"province"', '"tinh"'): "level: 'tinh' is none of",
    GOOD.replace('["https://bao-mau.example/rss/home.rss"]', '"https://bao-mau.example/rss"'): "feeds: must be a list",
    GOOD.replace("https://bao-mau.example/rss", "ftp://bao-mau.example/rss"): "feeds:",
    GOOD.replace("https://bao-mau.example/rss", "https://a:b@bao-mau.example/rss"): "feeds:",
    GOOD.replace('["h1.a", "h1.b"]', '["h1.a", "h1.a"]'): "article: holds the same entry twice",
    GOOD.replace("double_escaped", "doubly_escaped"): "article: doubly_escaped: unknown key",
    GOOD.replace("double_escaped = true", "double_escaped = 1"): "article: double_escaped: must be true or false",
    GOOD.replace('title = "proven"', 'title = "sure"'): "proof: title:",
    GOOD.replace('title = "proven"', 'colour = "proven"'): "proof: colour:",
    GOOD.replace('feeds = ["https://bao-mau.example/rss/home.rss"]', ""): "feeds: no feed, sitemap or section",
    GOOD.replace('province = "01"', 'hosts = ["khac.example"]'): "hosts: do not hold",
    GOOD.replace('province = "01"', 'hosts = ["www.bao-mau.example"]'): "hosts:",
    GOOD.replace("bao-mau.example/rss", "{base}/rss"): "{base} is not filled",
}


def test_an_outlet_is_read_from_its_file() -> None:
    source = parse_source("bao_mau", GOOD)
    assert (source.id, source.hosts, source.per_day, source.delay_s) == (
        "bao_mau",
        ("bao-mau.example",),
        (20, 400),
        1.5,
    )
    assert source.article == ArticleRules(title=("h1.a", "h1.b"), body=("article",), double_escaped=True)
    assert dict(source.proof) == {"feeds": "likely", "title": "proven"}
    assert (source.kind, source.sitemaps, source.former_province) == ("paper", (), None)


@pytest.mark.parametrize("text", BROKEN, ids=BROKEN.values())
def test_a_broken_entry_is_refused_by_file_and_key(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_source("bao_mau", text)
    assert str(caught.value).startswith("bao_mau.toml: ")
    assert BROKEN[text] in str(caught.value)


@pytest.mark.parametrize("name", ["Bao", "bao-mau", "báo", "", "bao__mau"])
def test_a_file_name_that_is_no_id_is_refused(name: str) -> None:
    with pytest.raises(SourceError, match="lower-case words"):
        parse_source(name, GOOD)


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_two_outlets_never_share_a_home_a_list_or_a_host(tmp_path: Path) -> None:
    other = GOOD.replace("home.rss", "khac.rss")
    with pytest.raises(SourceError, match=r"bao_b\.toml: .* is already in bao_a\.toml"):
        load_sources(write(tmp_path, bao_a=GOOD, bao_b=other))
    foreign = other.replace("www.bao-mau", "bao-khac").replace(
        "https://bao-mau.example/rss/khac", "http://bao-mau.example/rss/home"
    )
    with pytest.raises(SourceError, match=r"home\.rss is already in"):
        refuse_duplicates([parse_source("bao_a", GOOD), parse_source("bao_c", foreign)])


def test_papers_of_the_sample_press_share_a_loopback_server(tmp_path: Path) -> None:
    text = GOOD.replace("https://www.bao-mau.example/", "{base}/mau/").replace("https://bao-mau.example", "{base}/mau")
    write(tmp_path, bao_a=text, bao_b=text.replace("/mau/", "/khac/"))
    sources = load_sources(tmp_path, base="http://127.0.0.1:8123/")
    assert sources["bao_b"].feeds == ("http://127.0.0.1:8123/khac/rss/home.rss",)
    assert sources["bao_a"].hosts == ("127.0.0.1:8123",)
    assert sources["bao_a"].owns("http://127.0.0.1:8123/mau/bai-1")
    assert not sources["bao_a"].owns("http://127.0.0.1:9999/mau/bai-1")


def test_a_folder_that_is_not_there_and_a_file_that_is_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="khong_co"):
        load_sources(tmp_path / "khong_co")
    (tmp_path / "bao_a.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SourceError, match=r"bao_a\.toml"):
        load_sources(tmp_path)


def test_an_outlet_owns_its_hosts_and_what_is_below_them() -> None:
    source = parse_source("bao_mau", GOOD)
    for url in ("http://bao-mau.example/a", "https://m.bao-mau.example", "https://the-thao.bao-mau.example/x"):
        assert source.owns(url)
    for url in ("https://khac-bao-mau.example/", "https://bao-mau.example.xau.example/", "http://[::1", ""):
        assert not source.owns(url)


def test_the_closest_host_names_the_outlet() -> None:
    main = parse_source("bao_mau", GOOD)
    sub = parse_source("the_thao", GOOD.replace("www.bao-mau", "the-thao.bao-mau").replace("home.rss", "x.rss"))
    sources = {source.id: source for source in (main, sub)}
    assert source_of("https://the-thao.bao-mau.example/a", sources) == sub
    assert source_of("https://bao-mau.example/a", sources) == main
    assert source_of("https://bao-khac.example/a", sources) is None


def test_an_outlet_written_down_is_read_back_equal(tmp_path: Path) -> None:
    source = parse_source("bao_mau", GOOD)
    assert parse_source("bao_mau", source_text(source)) == source


def test_a_deployments_own_folder_adds_outlets_and_replaces_those_of_the_same_id(tmp_path: Path) -> None:
    own = GOOD.replace("Báo Mẫu", "VnExpress của ta").replace("www.bao-mau.example", "vnexpress.net")
    own = own.replace("bao-mau.example", "vnexpress.net")
    catalogue = load_catalogue(write(tmp_path, bao_mau=GOOD, vnexpress=own))
    assert catalogue["vnexpress"].title == "VnExpress của ta"
    assert set(catalogue) == set(load_sources()) | {"bao_mau"}
    with pytest.raises(SourceError, match="is already in"):
        load_catalogue(write(tmp_path, bao_trung=own))


NEW_PROVINCES = "01 04 08 11 12 14 15 19 20 22 24 25 31 33 37 38 40 42 44 46 48 51 52 56 66 68 75 79 80 82 86 91 92 96"


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Source]:
    return load_sources()


def test_the_catalogue_holds_the_countrys_papers(catalogue: dict[str, Source]) -> None:
    assert len(catalogue) >= 120
    assert {source.province for source in catalogue.values()} - {None} == set(NEW_PROVINCES.split())
    assert sum(source.province == "01" for source in catalogue.values()) >= 5
    assert sum(source.level == "central" for source in catalogue.values()) >= 10
    assert sum("police" in source.topics for source in catalogue.values()) >= 8
    assert sum("law" in source.topics for source in catalogue.values()) >= 10
    assert sum(source.former_province is not None for source in catalogue.values()) >= 20


def test_every_list_and_every_rule_of_the_catalogue_says_how_far_it_is_proven(catalogue: dict[str, Source]) -> None:
    for source in catalogue.values():
        claims = {name for name in ("feeds", "sitemaps", "sections", "paging", "per_day") if getattr(source, name)}
        claims |= {
            name
            for name in ("title", "sapo", "body", "author", "section", "published", "modified", "drop")
            if getattr(source.article, name)
        }
        assert set(source.proof) == claims, source.id


def test_every_selector_of_the_catalogue_is_css(catalogue: dict[str, Source]) -> None:
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser("<p>x")
    for source in catalogue.values():
        for name in ArticleRules.__slots__:
            rules = getattr(source.article, name)
            for selector in rules if isinstance(rules, tuple) else ():
                page.css(selector)


def test_every_outlet_can_be_found_somehow_and_its_lists_are_its_own(catalogue: dict[str, Source]) -> None:
    for source in catalogue.values():
        assert source.sections, source.id
        assert all(source.owns(url) for url in (*source.feeds, *source.sitemaps, *source.sections)), source.id


def test_files_of_the_catalogue_are_written_as_we_write_them(catalogue: dict[str, Source]) -> None:
    for name, source in catalogue.items():
        assert (FOLDER / f"{name}.toml").read_text("utf-8") == source_text(source), name
