from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.dates import VIET_NAM, Stamp, read_stamp, viet_nam_time

FORMS = [
    ("Thứ năm, 2/11/2023, 19:20 (GMT+7)", "2023-11-02T19:20:00+07:00"),
    ("Thứ bảy, 7/3/2026, 00:05 (GMT+7)", "2026-03-07T00:05:00+07:00"),
    ("01/03/2026 09:51", "2026-03-01T09:51:00+07:00"),
    ("- 07/03/2026 08:47", "2026-03-07T08:47:00+07:00"),
    ("07-03-2026 - 00:01 AM", "2026-03-07T00:01:00+07:00"),
    ("07-03-2026 - 14:01 PM", "2026-03-07T14:01:00+07:00"),
    ("Thứ bảy, 07/03/2026 - 08:07", "2026-03-07T08:07:00+07:00"),
    ("07/03/2026 08:52 (GMT+07:00)", "2026-03-07T08:52:00+07:00"),
    ("Friday, 29/06/2018 22:40", "2018-06-29T22:40:00+07:00"),
    ("15:20 PM | 21/12/2012", "2012-12-21T15:20:00+07:00"),
    ("| 21/12/2012 - 08:04", "2012-12-21T08:04:00+07:00"),
    ("Thứ Hai, 24/12/2012, 03:04 AM (GMT+7)", "2012-12-24T03:04:00+07:00"),
    ("Sự kiện Thứ Ba, 25/12/2012 - 10:03", "2012-12-25T10:03:00+07:00"),
    ("2012-12-23T14:02+07:00", "2012-12-23T14:02:00+07:00"),
    ("2026-03-07T08:52:11.000+07:00", "2026-03-07T08:52:11+07:00"),
    ("2018-09-29T12:40:25+08:00", "2018-09-29T12:40:25+08:00"),
    ("2026-03-07T00:01:00", "2026-03-07T00:01:00+07:00"),
    ("2026-03-07T01:06:00Z", "2026-03-07T01:06:00+00:00"),
    ("2012-12-25", "2012-12-25T00:00:00+07:00"),
    ("20260307T080612+0700", "2026-03-07T08:06:12+07:00"),
    ("ngày 7 tháng 3 năm 2026", "2026-03-07T00:00:00+07:00"),
    ("Thứ Bảy, ngày 07 tháng 03, 2026 | 8 giờ 06 phút", "2026-03-07T08:06:00+07:00"),
    ("8h06 ngày 7/3/2026", "2026-03-07T08:06:00+07:00"),
    ("08:06 - 07/03/2026", "2026-03-07T08:06:00+07:00"),
    ("08:06:30 07/03/2026 GMT+7", "2026-03-07T08:06:30+07:00"),
    ("23:02 , 06/03/2026", "2026-03-06T23:02:00+07:00"),
    ("7 Tháng Ba, 2026", "2026-03-07T00:00:00+07:00"),
    ("Tháng Mười Hai 7, 2026 3:05 chiều", "2026-12-07T15:05:00+07:00"),
    ("12:05 CH 07/03/2026", "2026-03-07T12:05:00+07:00"),
    ("07/03/2026 12:30 SA", "2026-03-07T00:30:00+07:00"),
    ("Đăng lúc 20:05 ngày 7-3-2026, cập nhật 8-3-2026", "2026-03-07T20:05:00+07:00"),
    ("07.03.2026 6g45", "2026-03-07T06:45:00+07:00"),
    ("07/03/26 10:00", "2026-03-07T10:00:00+07:00"),
    ("Sat, 07 Mar 2026 08:06:00 +0700", "2026-03-07T08:06:00+07:00"),
    ("Sat, 07 Mar 2026 08:06:00 GMT+7", "2026-03-07T08:06:00+07:00"),
    ("Sat, 7 Mar 2026 01:06:00 GMT", "2026-03-07T01:06:00+00:00"),
    ("March 7, 2026 8:06 PM", "2026-03-07T20:06:00+07:00"),
    ("3/17/2026 8:06:00 PM", "2026-03-17T20:06:00+07:00"),
]
NO_DATE = [
    None,
    "",
    "3 giờ trước",
    "08:06",
    "31/02/2026",
    "2026-13-45",
    "tháng 3 năm 2026",
    "Nghị định 68/2026/NĐ-CP",
    "0912.345.678",
    "dddd, dd/mm/yyyy | h:MM TT",
    "12/13/14/2026",
]


@pytest.mark.parametrize(("text", "iso"), FORMS)
def test_each_form_of_a_vietnamese_date_is_read(text: str, iso: str) -> None:
    stamp = read_stamp(text)
    assert stamp is not None
    assert stamp.when.isoformat() == iso


@pytest.mark.parametrize("text", NO_DATE)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert read_stamp(text) is None


def test_day_stands_before_month_where_both_are_possible() -> None:
    stamp = read_stamp("03/04/2026")
    assert stamp is not None
    assert (stamp.when.day, stamp.when.month, stamp.has_clock, stamp.zone_stated) == (3, 4, False, False)


def at(text: str) -> Stamp:
    stamp = read_stamp(text)
    assert stamp is not None
    return stamp


def test_a_stamp_with_the_clock_that_the_reader_sees_is_vietnamese_whatever_zone_it_states() -> None:
    seen = at("Thứ bảy, 29/9/2018, 12:40 (GMT+7)")
    for zone in ("+08:00", "+00:00", "Z", "-05:00"):
        assert viet_nam_time(at(f"2018-09-29T12:40:25{zone}"), seen=seen).isoformat() == "2018-09-29T12:40:25+07:00"


def test_a_true_offset_keeps_the_moment() -> None:
    seen = at("07/03/2026 08:06")
    moment = datetime(2026, 3, 7, 1, 6, tzinfo=UTC)
    assert viet_nam_time(at("2026-03-07T01:06:00Z"), seen=seen) == moment
    assert viet_nam_time(at("2026-03-07T01:06:00Z")).utcoffset() == timedelta(hours=7)
    assert viet_nam_time(at("2026-03-07T10:06:00+09:00")).isoformat() == "2026-03-07T10:06:00+09:00"


def test_plus_eight_on_a_vietnamese_host_is_the_known_trap_and_elsewhere_is_not() -> None:
    stamp = at("2018-09-29T12:40:25+08:00")
    assert viet_nam_time(stamp, host="bao-mau.vn").isoformat() == "2018-09-29T12:40:25+07:00"
    assert viet_nam_time(stamp, host="bao-mau.example").isoformat() == "2018-09-29T12:40:25+08:00"
    assert viet_nam_time(stamp, host="bao-mau.example", local_clock=True).isoformat() == "2018-09-29T12:40:25+07:00"


moments = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(lambda when: when.replace(microsecond=0))  # noqa: DTZ001
offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TEMPLATES = [
    "{:%d/%m/%Y %H:%M:%S}",
    "{:%d-%m-%Y, %H:%M:%S}",
    "{:%H:%M:%S, %d.%m.%Y}",
    "Thứ hai, ngày {0.day} tháng {0.month} năm {0.year}, {0:%H:%M:%S}",
    "{:%Y-%m-%dT%H:%M:%S}",
    "{:%a, %d %b %Y %H:%M:%S}",
    "{:%B %d, %Y %I:%M:%S %p}",
]


@given(moments, st.sampled_from(TEMPLATES))
def test_whatever_form_a_moment_is_written_in_it_is_read_back(when: datetime, template: str) -> None:
    assert at(template.format(when)).when == when.replace(tzinfo=VIET_NAM)


@given(moments, offsets)
def test_iso_stamps_keep_their_offset(when: datetime, zone: timezone) -> None:
    stamp = at(when.replace(tzinfo=zone).isoformat())
    assert (stamp.when, stamp.when.utcoffset()) == (when.replace(tzinfo=zone), zone.utcoffset(None))


@given(st.text(max_size=400) | st.text(alphabet="0123456789/-.:, hgTZ+năthgÀ", max_size=400))
def test_no_text_makes_it_fail(text: str) -> None:
    stamp = read_stamp(text)
    assert stamp is None or stamp.when.tzinfo is not None
