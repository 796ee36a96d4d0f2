"""The audit trail is searched and taken away as a file, and taking it is on record."""

import csv
import io

from tests.review_ui.conftest import World

PAGE = "/quan-tri/nhat-ky"


def test_the_trail_is_searched_by_person_object_and_day(world: World) -> None:
    lan = world.sign_in("lan")
    lan.get("/tin/1")
    lan.post("/tin/1/xem-ten", article=1, reason="Lý do mẫu")
    world.clock.forward(days=1)
    admin = world.sign_in("quan")

    def found(query: str) -> int:
        return admin.get(f"{PAGE}?{query}").text.count('data-label="Số"')

    assert found("vat=article/1") == 1
    assert found("vat=article/") == 1
    assert found("vat=article") == 0
    assert found("ai=lan&viec=article.unmask&tu=2026-11-21&den=2026-11-21") == 1
    assert found("ai=lan&viec=article.unmask&tu=2026-11-22") == 0
    assert found("ai=quan&viec=article.unmask") == 0


def test_the_file_holds_what_was_found_and_taking_it_is_on_record(one_world: World) -> None:
    lan = one_world.sign_in("lan")
    lan.get("/tin/1")
    lan.post("/tin/1/xem-ten", article=1, reason="=1+1")
    admin = one_world.sign_in("quan")
    content = admin.get(f"{PAGE}/tep?viec=article.unmask").content
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert header[3:5] == ["Việc", "Đối tượng"]
    assert row[2:5] == ["lan", "Xem danh tính đã che", "article/1"]
    assert "audit.download" in admin.get(f"{PAGE}?viec=audit.download").text or "Tải nhật ký" in admin.last.text
    assert "viec=article.unmask" in admin.last.text
    assert "nguyên vẹn" in admin.get(f"{PAGE}?kiem=1").text
