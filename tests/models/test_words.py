"""Words for codes, and numbers and times as people in Viet Nam write them."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from models import records, words
from models.rights import ROLES
from models.states import REJECT_REASONS
from pipeline.health import KIND, Code
from review_ui.outlet_rows import STATE
from spiders.jobs import ListKind

NOW = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)


def test_every_code_has_a_word() -> None:
    for codes, table in (
        (records.KINDS, words.KIND),
        (records.TYPES, words.TYPES),
        (records.SETTINGS, words.SETTING),
        (records.STAGES, words.STAGE),
        (records.AGES, words.AGE),
        (records.SEXES, words.SEX),
        (records.RELATIONS, words.RELATION),
        (REJECT_REASONS, words.REASON),
        (ROLES, words.ROLE),
        (get_args(Code), STATE),
        (get_args(ListKind), KIND),
    ):
        assert set(codes) == set(table)


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(minutes=48), "sáng nay 06:42"),
        (timedelta(hours=4), "rạng sáng nay 03:30"),
        (timedelta(hours=8), "hôm qua 23:30"),
        (timedelta(days=2), "Thứ Năm 19/11 07:30"),
        (timedelta(days=365), "21/11/2025 07:30"),
        (timedelta(hours=-4), "trưa nay 11:30"),
        (timedelta(hours=-8), "chiều nay 15:30"),
        (timedelta(hours=-12), "tối nay 19:30"),
    ],
)
def test_times_are_said_as_people_say_them(ago: timedelta, said: str) -> None:
    assert words.said(NOW - ago, NOW) == said


def test_exact_times_and_days_are_in_the_time_of_viet_nam() -> None:
    assert words.exact(NOW) == "07:30:00 ngày 21/11/2026 (giờ Việt Nam)"
    assert words.day_words(NOW.date()) == "Thứ Bảy 21/11/2026"


@pytest.mark.parametrize(
    ("minutes", "said"), [(5, "5 phút"), (60, "1 giờ"), (580, "9 giờ 40"), (65, "1 giờ 05"), (3000, "2 ngày 2 giờ")]
)
def test_durations_are_short(minutes: int, said: str) -> None:
    assert words.duration(timedelta(minutes=minutes)) == said


def test_numbers_have_points_and_commas_the_vietnamese_way() -> None:
    assert (words.number(1234567), words.score(0.974), words.score(0.9999)) == ("1.234.567", "0,97", "0,99")


def test_a_headline_of_ours_names_the_gravest_act_the_child_and_the_setting() -> None:
    types = words.named_types({"bao_luc": 0.9, "xam_hai_tinh_duc": 0.6, "boc_lot": 0.2})
    assert types == ("xam_hai_tinh_duc", "bao_luc")
    headline = words.neutral_headline("vu_viec", types, age="13_15", sex="nu", setting="tren_mang")
    assert headline == "Nghi xâm hại tình dục trẻ nữ 13–15 tuổi trên mạng"
    assert words.neutral_headline("tai_nan", ()) == "Tai nạn, thương tích có trẻ em"
    assert words.neutral_headline(None, ()) == "Tin khác"
