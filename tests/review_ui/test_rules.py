"""What the team decides for all, in the pages: the urgency table, the reasons to reject, how long pages are kept."""

import os
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from models.states import REJECT_REASONS
from models.store import reasons, rules, users
from models.tables import AuditEntry, Decision, HouseRule
from pipeline.retention import KEEP_DAYS
from pipeline.urgency import SHIPPED, load_table
from pipeline.urgency_table import bring, write_table
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW

PAGE = "/quan-tri/quy-tac"


def fields(person: Person) -> dict[str, str]:
    """The urgency form as the page shows it."""
    page = person.get(PAGE).text.partition("quy-tac/muc-gap")[2].partition("</form>")[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        given = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag.replace("name=", " name=")))
        if "checkbox" not in tag or " checked" in tag:
            name = re.search(r' name="([^"]+)"', tag)
            if name is not None and name[1] != "csrf":
                found[name[1]] = given.get("value", "")
    return found


def test_the_table_that_ships_is_written_and_read_back_unchanged(tmp_path: Path) -> None:
    write_table(tmp_path / "urgency.toml", load_table())
    assert load_table(tmp_path / "urgency.toml") == load_table(SHIPPED)


def test_a_changed_table_counts_at_once_and_is_on_record(one_world: World, tmp_path: Path) -> None:
    person = one_world.sign_in("lan")
    assert "(124 điểm)" in person.get("/tin/1").text
    form = fields(person)
    form["diem-danger_now"] = "7"
    del form["dung-carer"]
    form |= {"loi-moi": "Xảy ra trên mạng", "dieu-kien": "setting=tren_mang", "diem-moi": "9"}
    assert person.post(f"{PAGE}/muc-gap", **form).status_code == 303
    table = {line.code: line for line in load_table(one_world.app.state.house.settings.data_dir / "urgency.toml")}
    assert table["danger_now"].points == 7
    assert "carer" not in table
    assert (table["rieng_1"].conditions, table["rieng_1"].points) == ({"setting": ("tren_mang",)}, 9)
    assert "(124 điểm)" not in person.get("/tin/1").text
    with one_world.store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "rule.urgency")).one()
    assert entry.detail["changed"] == "danger_now carer rieng_1"
    assert person.post(f"{PAGE}/muc-gap", **form).status_code == 409
    other, own = tmp_path / "other", tmp_path / "own"
    assert [bring(one_world.store, other), bring(one_world.store, other)] == [True, False]
    assert {line.code: line for line in load_table(other / "urgency.toml")} == table, "another machine has it, too"
    write_table(own / "urgency.toml", load_table())
    os.utime(own / "urgency.toml", (4e9, 4e9))
    assert not bring(one_world.store, own), "what was edited by hand later stays"


@pytest.mark.parametrize(
    ("field", "value"), [("diem-danger_now", "nhiều"), ("diem-danger_now", "999"), ("loi-carer", " ")]
)
def test_a_wrong_line_is_named_and_the_table_stays(one_world: World, field: str, value: str) -> None:
    person = one_world.sign_in("lan")
    answer = person.post(f"{PAGE}/muc-gap", **{**fields(person), field: value})
    assert answer.status_code == 400
    assert "Dòng" in answer.text
    assert not (one_world.app.state.house.settings.data_dir / "urgency.toml").exists()


def reason_fields(person: Person, **changed: str) -> dict[str, str]:
    """The form of reasons as the page shows it, some fields changed; an empty one is not sent, like an open box."""
    page = person.get(PAGE).text.partition("quy-tac/ly-do")[2].partition("</form>")[0]
    found = dict(re.findall(r'<input name="([^"]+)" value="([^"]*)"', page))
    found |= dict.fromkeys(re.findall(r'name="([^"]+)" value="1" checked', page), "1") | changed
    return {name: value for name, value in found.items() if value}


def test_reasons_are_renamed_ordered_added_and_old_decisions_keep_their_words(world: World, officer: Person) -> None:
    def reject(story: int, article: int, reason: str) -> int:
        officer.get(f"/tin/{story}")
        fields = {"article": article, "version": article, "verdict": article, "seen": "", "action": "reject"}
        return officer.post(f"/tin/{story}/quyet-dinh", **fields, reason=reason).status_code

    assert reject(1, 1, "trung") == 303
    changed = {"loi-trung": "Đã có ở tin khác", "thu-tu-trung": "1", "dung-nguoi_lon": ""}
    added = {"loi-ly-do-moi": "Đuối nước", "y-nghia-moi": "tai_nan", "thu-tu-moi": "2"}
    assert officer.post(f"{PAGE}/ly-do", **reason_fields(officer, **changed, **added)).status_code == 303
    page = officer.get("/tin/2").text
    assert "1. Đã có ở tin khác" in page
    assert '<option value="rieng_1">2. Đuối nước</option>' in page
    assert "Người lớn là nạn nhân" not in page
    assert reject(2, 3, "rieng_1") == 303
    assert reject(3, 4, "rieng_9") == 400
    with world.store.read() as session:
        kept = [(row.reason, row.reason_words) for row in session.scalars(select(Decision).order_by(Decision.id))]
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "rule.reasons")).one()
    assert kept == [("trung", "Trùng"), ("tai_nan", "Đuối nước")], "labels and reports read the meaning"
    assert "trung: «Trùng» → «Đã có ở tin khác»" in str(entry.detail["changed"])
    assert "+ rieng_1 «Đuối nước» = tai_nan" in str(entry.detail["changed"])
    page = officer.get("/").text
    assert "Bỏ qua: trùng ·" in page
    assert "Bỏ qua: đuối nước ·" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("loi-trung", "", "lời của lý do"),
        ("loi-trung", "tai nạn", "đã có lý do như vậy"),
        ("loi-ly-do-moi", "Việc riêng", "hãy chọn ý nghĩa"),
    ],
)
def test_a_wrong_reason_is_named_and_the_list_stays(one_world: World, field: str, value: str, said: str) -> None:
    person = one_world.sign_in("lan")
    assert person.post(f"{PAGE}/ly-do", **reason_fields(person, **{field: value})).status_code == 400
    assert said in person.last.text
    with one_world.store.read() as session:
        assert [reason.code for reason in reasons.every(session)] == list(REJECT_REASONS)


def test_a_choice_made_before_there_was_a_list_holds_and_other_always_is_there(one_world: World) -> None:
    with one_world.store.write() as session:
        session.add(HouseRule(name=rules.REASONS, value={"codes": ["trung", "khac"]}, changed_at=NOW))
    person = one_world.sign_in("lan")
    page = person.get("/tin/1").text
    assert "1. Trùng" in page
    assert "3. " not in page.partition("Chọn lý do…")[2].partition("</select>")[0]
    assert person.post(f"{PAGE}/ly-do", **reason_fields(person, **{"dung-trung": ""})).status_code == 303
    with one_world.store.read() as session:
        assert [reason.code for reason in reasons.every(session) if reason.active] == ["khac"]


def test_pages_are_kept_as_long_as_the_team_says(world: World, officer: Person) -> None:
    officer.get(PAGE)
    assert officer.post(f"{PAGE}/luu-giu", ngay="7").status_code == 400
    assert officer.post(f"{PAGE}/luu-giu", ngay="365").status_code == 303
    with world.store.read() as session:
        assert rules.keep_days(session, KEEP_DAYS) == 365


def test_whoever_has_a_territory_of_their_own_changes_no_rule_for_all(one_world: World) -> None:
    with one_world.store.write() as session:
        user = users.find_user(session, "minh")
        assert user is not None
        users.set_territory(session, user, ["01"])
    person = one_world.sign_in("minh")
    assert person.get(PAGE).status_code == 403
    assert person.post(f"{PAGE}/luu-giu", ngay="365").status_code == 403
