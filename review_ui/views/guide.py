"""The user guide."""

from starlette.responses import Response

from models.rights import Right
from review_ui.pages import Ask, page


@page("/huong-dan", needs=Right.SIGNED_IN)
def show(ask: Ask) -> Response:
    return ask.page("guide.html")
