"""The gate before a search by a person's name: the right to see names, and a reason that is kept."""

from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.rights import Right
from models.store.search import SearchError
from pipeline.name_search import ReasonError, asks_for_person, is_permitted, permit
from review_ui.pages import Ask, go, page, trouble

WANTED = "Tìm theo tên người: hãy ghi lý do, lý do được lưu vào nhật ký"
BARRED = "Vai trò của bạn không tìm theo tên người được"
FIELDS = ("q", "bao", "loai", "noi", "tu", "den", "co")


def check_person(ask: Ask, session: Session, words: str) -> None:
    """Raises SearchError where these words may not be searched for yet."""
    if not asks_for_person(words):
        return
    if not ask.may(Right.UNMASK):
        raise SearchError(BARRED)
    if not is_permitted(session, user_id=ask.user.user_id, words=words, now=ask.now):
        raise SearchError(WANTED)


@page("/tim/theo-ten", method="POST", needs=Right.UNMASK)
def give_reason(ask: Ask) -> Response:
    """The reason is kept, then the search goes on as it was asked."""
    try:
        with ask.house.store.write() as session:
            words, reason = ask.form.get("q"), ask.form.get("ly_do")
            permit(session, user_id=ask.user.user_id, words=words, reason=reason, now=ask.now)
    except ReasonError as error:
        return trouble(ask, 400, f"{error}.")
    kept = [(name, ask.form.get(name)) for name in FIELDS if ask.form.get(name)]
    return go(f"/tim?{urlencode(kept)}")
