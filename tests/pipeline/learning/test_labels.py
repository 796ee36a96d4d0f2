"""What counts as a label, how far readers agree, and what goes in and out of the house as files."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from models.session import Store
from models.store import labels, recall
from models.store.labels import Given, Said
from models.store.review import Choice, decide, undo
from pipeline.learning.agreement import agreements, alpha, disputes, resolved
from pipeline.learning.formats import Bad, FormatError, Row, parse
from pipeline.learning.label_files import FORMATS, export_labels, import_labels
from tests.pipeline.learning.conftest import AT, reading
from tests.pipeline.making import DAY, Maker


def given(key: str, who: str, flag: int, *, source: str = "read", **said: Any) -> Given:
    return Given(key, reading(1, harm=True), Said(flag, **said), who, AT, source)


def decided(maker: Maker, article: int, action: str, **said: Any) -> tuple[int, int]:
    """(story, decision) of an article that was put into a story of its own and decided."""
    story = maker.story(article)
    with maker.store.write() as session:
        row = labels.shown(session, article)
        assert row is not None
        choice = Choice(action, article, row[1].id, row[0].verdict_id, None, **said)
        return story, decide(session, story, choice, user_id=maker.user(), now=AT)


def test_a_decision_is_a_label_with_version_reader_and_what_the_model_had_said_until_it_is_undone(store: Store) -> None:
    maker = Maker(store)
    maker.user()
    first, second = maker.article(types={"bao_luc": 0.9}), maker.article()
    story, decision = decided(maker, first, "confirm", types=("boc_lot",))
    decided(maker, second, "reject", reason="tai_nan")
    with store.read() as session:
        yes, no = labels.collect(session)
    assert (yes.said.flag, yes.said.types, yes.said.story, yes.source) == (1, ("boc_lot",), f"tin-{story}", "decision")
    assert yes.model["types"] == ["bao_luc"]
    assert yes.who == f"user-{maker.user()}"
    assert yes.version_id is not None
    assert (no.said.flag, no.said.kind) == (0, "tai_nan")
    with store.write() as session:
        undo(session, story, seen_id=decision, user_id=maker.user(), now=AT)
        assert [one.article_id for one in labels.collect(session)] == [second]


def test_a_duplicate_or_false_news_that_was_rejected_is_still_a_report_for_us(store: Store) -> None:
    maker = Maker(store)
    maker.user()
    decided(maker, maker.article(), "reject", reason="tin_sai")
    with store.read() as session:
        assert [one.said.flag for one in labels.collect(session)] == [1]


def test_an_answered_sample_is_a_label_that_carries_its_chance(store: Store) -> None:
    maker = Maker(store)
    user, article = maker.user(), maker.article(flag=False, kind="khac")
    with store.write() as session:
        recall.draw(session, DAY, rates={"unlisted": 1.0}, seed="mẫu", at=AT)
        recall.answer(session, recall.waiting(session)[0].id, "no", user_id=user, now=AT)
        (one,) = labels.collect(session)
    assert (one.article_id, one.said.flag, one.source, one.chance) == (article, 0, "audit", 1.0)


def test_readers_who_differ_leave_no_label_until_somebody_settles_it() -> None:
    open_one = [given("bai-1", "user-1", 1, kind="vu_viec"), given("bai-1", "user-2", 0, kind="khac")]
    assert resolved(open_one) == []
    assert [dispute.about for dispute in disputes(open_one)] == [("flag", "kind")]
    closed = [*open_one, given("bai-1", "user-3", 1, source="settled", kind="xet_xu")]
    assert [(one.said.flag, one.said.kind) for one in resolved(closed)] == [(1, "xet_xu")]
    assert disputes(closed) == []


def test_a_reader_who_changed_their_mind_counts_once_with_the_newest_word() -> None:
    before, after = given("bai-1", "user-1", 1), replace(given("bai-1", "user-1", 0), at=AT.replace(hour=5))
    assert [one.said.flag for one in resolved([after, before])] == [0]
    assert disputes([before, after]) == []


def test_alpha_is_that_of_krippendorff_s_own_example_with_missing_answers() -> None:
    """Four observers, twelve units, nominal answers (2011 paper, section C): 0.743."""
    table = (
        (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
        (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
    )
    units = [[answer for answer in column if answer is not None] for column in zip(*table, strict=True)]
    assert alpha(units) == pytest.approx(0.743, abs=0.0005)


def test_agreement_is_told_only_where_enough_was_read_twice() -> None:
    few = [given(f"bai-{n}", who, 1) for n in range(4) for who in ("a", "b")]
    assert agreements(few)[0].kappa is None
    many = [given(f"bai-{n}", who, int((n + (who == "b" and n == 9)) % 2)) for n in range(10) for who in ("a", "b")]
    flag = agreements(many)[0]
    assert (flag.texts, flag.alike) == (10, 0.9)
    assert flag.kappa == pytest.approx(0.798, abs=0.005)


JSONL = (
    '{"id": "x1", "title": "Bé mẫu bị đánh", "flag": 1, "kind": "vu_viec", "types": ["bao_luc"], "reader": "an"}\n'
    "không phải JSON\n"
    '{"id": "x2", "title": "Lịch thi mẫu", "flag": 7}\n'
    '{"id": "x3", "title": "Lịch thi mẫu", "flag": 0, "kind": "lạ"}\n'
    '{"title": "không mã", "flag": 0}\n'
    '{"id": "x4", "title": "Giờ mẫu", "flag": 0, "published": "2026-11-01 08:00"}\n'
    '{"id": "x5", "title": "Giá gạo mẫu", "flag": 0}\n'
)


def test_bad_rows_are_named_one_by_one_and_the_others_are_kept_once(store: Store) -> None:
    with store.write() as session:
        done = import_labels(session, JSONL.encode(), "jsonl", user_id=None, reader="tệp", at=AT)
        again = import_labels(session, JSONL.encode(), "jsonl", user_id=None, reader="tệp", at=AT)
        found = labels.collect(session)
    assert (done.new, again.new, again.repeated) == (2, 0, 2)
    assert [(bad.number, bad.why.split(":")[0]) for bad in done.bad] == [
        (2, "không phải JSON"),
        (3, "«flag» phải là 0, 1 hoặc 2, không phải 7"),
        (4, "«kind» không có mã «lạ»"),
        (5, "thiếu «id»"),
        (6, "«published» thiếu múi giờ"),
    ]
    assert [(one.key, one.who, one.said.flag) for one in found] == [("nhap-x1", "an", 1), ("nhap-x5", "tệp", 0)]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("labelstudio", b"{}"),
        ("labelstudio", b"["),
        ("csv", b"a,b\n1,2\n"),
        ("jsonl", b"\xff\xfe"),
        ("lạ", b""),
    ],
)
def test_a_file_that_is_something_else_is_refused_as_a_whole(kind: str, content: bytes) -> None:
    with pytest.raises(FormatError):
        list(parse(content, kind))


def test_exports_of_label_studio_and_doccano_are_read() -> None:
    studio = [
        {
            "id": 7,
            "data": {"title": "Bé mẫu bị bỏ rơi", "text": "Nội dung mẫu."},
            "annotations": [
                {
                    "completed_by": {"id": 3, "email": "an@don-vi.example"},
                    "created_at": "2026-11-01T01:00:00Z",
                    "result": [
                        {"from_name": "flag", "type": "choices", "value": {"choices": ["1"]}},
                        {"from_name": "types", "type": "choices", "value": {"choices": ["bo_roi_bo_mac"]}},
                    ],
                },
                {"completed_by": 4, "was_cancelled": True, "result": []},
                {"completed_by": 5, "result": []},
            ],
        },
        "hỏng",
    ]
    rows = list(parse(json.dumps(studio).encode(), "labelstudio"))
    assert [type(row) for row in rows] == [Row, Bad, Bad]
    assert isinstance(rows[0], Row)
    assert (rows[0].id, rows[0].who, rows[0].said.types) == ("ls-7", "an@don-vi.example", ("bo_roi_bo_mac",))
    doccano = '{"id": 9, "text": "Đầu đề mẫu\\nĐoạn mẫu", "label": ["flag:0", "tai_nan"], "Comments": []}\n'
    (row,) = parse(doccano.encode(), "doccano")
    assert isinstance(row, Row)
    assert (row.id, row.item["title"], row.said.flag, row.said.kind) == ("dc-9", "Đầu đề mẫu", 0, "tai_nan")


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_exported_can_be_imported_again_and_names_nobody(sqlite_store: Store, kind: str) -> None:
    maker = Maker(sqlite_store)
    maker.user()
    article = maker.article(exposes_child=[["text", 38, 43]], types={"bao_luc": 0.9})
    decided(maker, article, "confirm")
    item = {"title": "=Ông Nguyễn Văn Mẫu bị bắt", "text": "Bà Trần Thị Thử kể."}
    with sqlite_store.write() as session:
        labels.add(session, Said(0), source="import", at=AT, key="nhap-z", reader="Lê Thị Đọc", item=item)
        text = export_labels(session, kind, labels.collect(session))
    for name in ("Nguyễn Văn Mẫu", "Trần Thị Thử", "Lê Thị Đọc", "Bé Na", "user-"):
        assert name not in text
    assert "▇▇▇" in text
    rows = list(parse(text.encode(), kind))
    assert [(row.id, row.said.flag, row.who) for row in rows if isinstance(row, Row)] == [
        (f"bai-{article}", 1, "nguoi-1"),
        ("nhap-z", 0, "nguoi-2"),
    ]
    if kind == "csv":
        cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
