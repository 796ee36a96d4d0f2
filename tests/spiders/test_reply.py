"""What a response says of its outlet."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.jobs import PageJob
from spiders.page import page_outcome
from spiders.reply import MAX_RETRY_AFTER_S, judge_status, retry_after
from spiders.sample_press.render import windows_1258

NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
CHALLENGE = b"<html><head><title>Just a moment...</title></head></html>"


@given(st.integers(100, 599), st.binary(max_size=200))
def test_every_status_has_a_health_and_only_success_has_none(status: int, body: bytes) -> None:
    reply = judge_status("http://bao.example/", status, (), body)
    assert (reply.health is None) == (200 <= status < 300)
    assert (reply.error is None) == (reply.health in {None, "unchanged"})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None), ("0", 0), ("120", 120), (" 7 ", 7), ("999999999999", MAX_RETRY_AFTER_S), ("-5", None),
        ("soon", None), ("", None), ("٣", None), (format_datetime(NOW + timedelta(minutes=5), usegmt=True), 300),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0), ("Fri, 99 Foo 2026 00:00:00 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_in_both_its_forms(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text())
def test_any_retry_after_is_a_sane_wait_or_none(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or 0 <= wait <= MAX_RETRY_AFTER_S


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_a_page_that_asks_whether_we_are_human_is_blocked(status: int) -> None:
    assert judge_status("http://bao.example/", status, (), CHALLENGE).health == "blocked"


def test_a_long_article_that_quotes_a_challenge_is_an_article() -> None:
    body = b"<html><p>" + b"x" * 40_000 + CHALLENGE
    assert judge_status("http://bao.example/", 200, (), body).health is None


def test_a_page_that_is_not_understood_keeps_its_bytes_so_that_it_can_be_read_again() -> None:
    job = PageJob("mau", "http://bao.example/bai-400123.html", 1)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    outcome = page_outcome(job, judge_status(job.url, 200, headers, b"<html></html>"), None)
    assert (outcome.health, outcome.raw, outcome.headers) == ("broken", b"<html></html>", headers)


def test_the_charset_that_the_server_states_is_used() -> None:
    job = PageJob("mau", "http://bao.example/bai-400123.html", 1)
    title = "Công an phường bác tin đồn bắt cóc"
    paragraph = "Học sinh đến trường đúng giờ, bà con yên tâm làm việc trên nương rẫy suốt buổi sáng."
    html = f"<html><meta property='og:title' content='{title}'><h1>{title}</h1><p>{paragraph}</p></html>"
    headers = (("Content-Type", "text/html; charset=windows-1258"),)
    outcome = page_outcome(job, judge_status(job.url, 200, headers, windows_1258(html)), None)
    assert outcome.article is not None
    assert outcome.article.title == title
    assert paragraph in outcome.article.body
