import json
from collections.abc import Sequence

from models.records import Place, Reading, Verdict
from pipeline.judging_file import answer_batch, batches, judge_lines, nowhere


def judge(readings: Sequence[Reading]) -> list[Verdict]:
    return [
        Verdict(model="m", score=0.5, flag=True, kind="vu_viec", types={"bao_luc": 0.9}, evidence=(("title", 0, 2),))
        for _ in readings
    ]


def test_a_bad_line_is_answered_in_its_place_and_stops_nothing() -> None:
    lines = ['{"id": "1"}', "không phải JSON", "[1]", '{"title": "x"}', '{"id": "2", "title": null, "published": "?"}']
    answers = answer_batch(lines, judge, nowhere)
    assert [answer.bad for answer in answers] == [False, True, True, True, False]
    rows = [json.loads(answer.line) for answer in answers]
    assert [row["id"] for row in rows] == ["1", None, None, None, "2"]
    assert all(row["error"] for row in rows[1:4])


def test_an_answer_has_the_fields_of_the_contract_in_order() -> None:
    place = Place(None, None, "Mây Trắng", "new", (), ("99",), None, "99", "tỉnh Mây Trắng", 0.5)
    [answer] = answer_batch(['{"id": "1"}'], judge, lambda _reading, _verdict: (place, "yes"))
    row = json.loads(answer.line)
    assert list(row) == [
        "id", "score", "flag", "kind", "types", "setting", "stage", "age", "age_basis", "sex", "victims", "relation",
        "danger_now", "language", "place", "in_territory", "evidence", "exposes_child", "reason", "model",
    ]  # fmt: skip
    assert row["place"]["new_province"] == "99"
    assert row["evidence"] == [["title", 0, 2]]
    assert row["flag"] == 1


def test_lines_are_answered_one_for_one_whatever_their_number() -> None:
    lines = [f'{{"id": "{n}"}}\n' for n in range(600)]
    answers = list(judge_lines(lines, lambda: (judge, nowhere)))
    assert [json.loads(answer.line)["id"] for answer in answers] == [str(n) for n in range(600)]


def test_windows_line_ends_are_no_part_of_a_line() -> None:
    assert list(batches(["a\r\n", "b\n", "c"])) == [["a", "b", "c"]]
