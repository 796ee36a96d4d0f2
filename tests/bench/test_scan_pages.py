"""The pages of the scan bench are distinct, and read like those that they were made from."""

import pytest

from spiders.article import parse_article
from tests.bench.scan_pages import SAVED, make_template, sources, templates, urls

needs_pages = pytest.mark.skipif(not SAVED.is_dir(), reason="the saved pages of real papers are not on this machine")
BASE = "http://127.0.0.1:1"


def test_every_vietnamese_word_changes_the_same_way_and_the_mark_up_stays() -> None:
    raw = '<a href="https://bao.example/x">Bé gái</a><b class="tin">bé gái ở lớp</b>'.encode()
    made = make_template("bao.example", "https://bao.example/x", raw)
    one, two = made.fill(1, b"U1").decode(), made.fill(2, b"U2").decode()
    assert one.startswith('<a href="U1">')
    assert one.endswith("</b>")
    assert one != two
    word = one[13:].split(" ")[0]
    assert one.count(word) == 2


@needs_pages
def test_pages_are_distinct_and_the_site_rules_still_match() -> None:
    papers, made = sources(BASE, 42), templates()
    bodies, by_rule = set(), 0
    for number, (name, url) in enumerate(urls(BASE, 42)):
        article = parse_article(made[number % 21].fill(number, url.encode()), url=url, source=papers[name])
        bodies.add((article.title, article.body))
        by_rule += article.provenance["body"].startswith("rule:")
    assert len(bodies) == 42
    assert by_rule >= 28
