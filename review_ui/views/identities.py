"""The restricted record: who the people of a case are, shown once to whoever states why."""

from collections.abc import Sequence

from starlette.responses import Response

from models.rights import Right
from models.store import cases, identities
from models.tables import Identity
from pipeline.identities import FIELDS, LONGEST, IdentityError, Place, Ring, read_ring
from review_ui.forms import FormError
from review_ui.pages import Ask, go, page
from review_ui.views.decide import NOTE

KIND = {"child": "Trẻ", "family": "Người nhà", "informant": "Người báo tin", "suspect": "Người bị nghi"}


@page("/vu-viec/{id}/danh-tinh", needs=Right.UNMASK)
def show(ask: Ask) -> Response:
    return _page(ask, ())


@page("/vu-viec/{id}/danh-tinh/xem", method="POST", needs=Right.UNMASK)
def unseal(ask: Ask) -> Response:
    """The reason is on record before anything is opened; nothing of it can be fetched again without another."""
    ring, case_id = _ring(ask), ask.id()
    with ask.house.store.write() as session:
        reason = ask.form.get("reason", longest=NOTE)
        rows = identities.opened(session, case_id, reason=reason, user_id=ask.user.user_id, now=ask.now)
    return _page(ask, [(row.kind, row.letter, _open(ring, row)) for row in rows])


def _open(ring: Ring, row: Identity) -> dict[str, str]:
    place = Place(row.case_id, row.kind, row.letter)
    return ring.open(row.sealed or b"", row.key_id, place)


@page("/vu-viec/{id}/danh-tinh", method="POST", needs=Right.UNMASK)
def write(ask: Ask) -> Response:
    said = {name: ask.form.get(name, longest=LONGEST) for name in FIELDS}
    if not any(said.values()):
        raise FormError("Hãy ghi ít nhất một mục")
    ring = _ring(ask)

    def seal(case_id: int, kind: str, letter: str) -> tuple[bytes, str]:
        return ring.seal(said, Place(case_id, kind, letter)), ring.current

    with ask.house.store.write() as session:
        kind, letter = ask.form.get("kind"), ask.form.get("letter") or None
        identities.write(session, ask.id(), kind, letter, seal, user_id=ask.user.user_id, now=ask.now)
    return go(f"/vu-viec/{ask.id()}/danh-tinh")


@page("/vu-viec/{id}/danh-tinh/xoa", method="POST", needs=Right.UNMASK)
def erase(ask: Ask) -> Response:
    with ask.house.store.write() as session:
        reason, only = ask.form.get("reason", longest=NOTE), ask.form.needed_number("record")
        identities.erase(session, ask.id(), reason=reason, user_id=ask.user.user_id, now=ask.now, only=only)
    return go(f"/vu-viec/{ask.id()}/danh-tinh")


def _ring(ask: Ask) -> Ring:
    return read_ring(ask.house.settings.identity_key_file)


def _page(ask: Ask, shown: Sequence[tuple[str, str, dict[str, str]]]) -> Response:
    try:
        _ring(ask)
        problem = ""
    except IdentityError as error:
        problem = str(error)
    with ask.house.store.read() as session:
        case = cases.one_case(session, ask.id())
        writings = identities.of_case(session, case.id)
    return ask.page(
        "identities.html", case=case, writings=writings, shown=shown, problem=problem, KIND=KIND, FIELDS=FIELDS
    )
