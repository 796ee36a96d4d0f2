"""Leaving and standing in, by an administrator's clicks."""

from models.store import staff, users
from tests.review_ui.conftest import World


def test_an_administrator_lets_somebody_go_and_names_a_deputy(one_world: World) -> None:
    with one_world.store.read() as session:
        ids = {user.name: user.id for user in users.all_users(session)}
    lan, admin = one_world.sign_in("lan"), one_world.sign_in("quan")
    page = admin.get(f"/quan-tri/nguoi-dung/{ids['minh']}/roi").text
    assert "Nghỉ việc" in page
    until = f"{one_world.clock():%Y-%m-%d}"
    assert admin.post(f"/quan-tri/nguoi-dung/{ids['minh']}/thay", deputy=ids["lan"], until=until).status_code == 303
    assert "thay" in admin.get("/quan-tri/nguoi-dung").text
    with one_world.store.read() as session:
        (running,) = staff.stand_ins(session, one_world.clock())
    assert admin.post(f"/quan-tri/thay/{running.id}/het").status_code == 303
    assert admin.post(f"/quan-tri/nguoi-dung/{ids['lan']}/thay", deputy="", until="").status_code == 400
    assert admin.post(f"/quan-tri/nguoi-dung/{ids['lan']}/roi", successor=ids["minh"]).status_code == 303
    assert lan.get("/").status_code == 303, "signed out"
    assert admin.post(f"/quan-tri/nguoi-dung/{ids['quan']}/roi", successor="").status_code == 400
