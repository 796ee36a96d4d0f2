"""The archived copy of an article's page, as it came from the newspaper: for whoever states a reason, and on record."""

import gzip

from starlette.responses import Response

from models.rights import Right
from models.store import archive, audit
from models.store.reading import NotThereError
from review_ui.forms import FormError
from review_ui.pages import Ask, page
from review_ui.territory import load_story
from spiders.archive import inside, read
from spiders.warc import unpack


@page("/tin/{id}/ban-luu", method="POST", needs=Right.UNMASK)
def download(ask: Ask) -> Response:
    """One WARC record, proven against its digest and unsealed, as a file: it is never shown as a page of ours.

    The copy names whomever the newspaper named, so it takes the same reason as looking behind a mask.
    """
    reason = ask.form.get("reason")
    if not reason:
        raise FormError("Hãy ghi lý do cần bản lưu gốc")
    version_id = ask.form.needed_number("version")
    with ask.house.store.write() as session:
        story = load_story(session, ask.id(), ask.reader)
        item = next((item for item in story.items if version_id in {item.shown_id, item.version_id}), None)
        place = archive.of_versions(session, [version_id]).get(version_id)
        if item is None or place is None:
            raise NotThereError("Bài này không có bản lưu")
        folder = ask.house.settings.archive_dir
        read(folder, place.file, place.offset)  # refuses a copy that is not what was archived
        audit.append(
            session,
            at=ask.now,
            action="article.copy",
            user_id=ask.user.user_id,
            object=f"article/{item.id}",
            detail={"story": story.id, "version": version_id, "reason": reason, "sha256": place.sha256},
        )
    with inside(folder, place.file).open("rb") as stream:
        _, record = unpack(stream, place.offset)
    content = gzip.compress(record, mtime=0)
    headers = {"content-disposition": f'attachment; filename="ban-luu-{item.id}-{version_id}.warc.gz"'}
    return Response(content, media_type="application/warc", headers=headers)
