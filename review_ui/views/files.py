"""Stylesheet, script and icon: known by name, read once, kept by the browser for ever under their digest."""

from pathlib import PurePosixPath

from starlette.responses import RedirectResponse, Response

from models.rights import Right
from models.store.reading import NotThereError
from review_ui.pages import Ask, page
from review_ui.templating import KINDS, static_address, static_files

FOR_EVER = "public, max-age=31536000, immutable"


@page("/static/{name}", needs=Right.PUBLIC)
def static(ask: Ask) -> Response:
    name = str(ask.request.path_params["name"])
    content = static_files().get(name)
    if content is None:
        message = "Không có tệp này"
        raise NotThereError(message)
    return Response(content, media_type=KINDS[PurePosixPath(name).suffix], headers={"cache-control": FOR_EVER})


@page("/favicon.ico", needs=Right.PUBLIC)
def favicon(ask: Ask) -> Response:  # noqa: ARG001 - every page is asked
    return RedirectResponse(static_address("icon.svg"))
