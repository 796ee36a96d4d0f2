"""Labels out of a file that an analyst sends: JSON lines, CSV, exports of Label Studio and of doccano."""

from starlette.responses import Response

from models.rights import Right
from pipeline.learning.formats import FormatError, parse
from pipeline.learning.label_files import FORMATS, import_labels
from review_ui.forms import FormError
from review_ui.pages import Ask, page
from review_ui.views.labels import plain, show_labels, whole

MOST_ROWS = 5000
"""While rows are kept nobody else can write: larger files go through `diembao labels import`."""
READER = 60


@page("/nhan/nhap", method="POST", needs=Right.LEARN, upload=True)
def load(ask: Ask) -> Response:
    """Rows that cannot be used are named and left out, the others are kept; sending it again adds nothing."""
    whole(ask)
    kind, reader = ask.form.get("dinh_dang"), ask.form.get("nguoi", longest=READER)
    try:
        content = ask.form.file("tep")
        _check(content, kind)
        with ask.house.store.write() as session:
            done = import_labels(
                session,
                content,
                kind,
                user_id=ask.user.user_id,
                reader=reader or f"user-{ask.user.user_id}",
                at=ask.now,
            )
    except (FormatError, FormError) as error:
        return show_labels(ask, message=f"Chưa nhập nhãn nào. {plain(str(error)).rstrip('.')}.", status=400)
    return show_labels(ask, imported=done)


def _check(content: bytes, kind: str) -> None:
    """Raises FormatError for what is no label file, or one that would keep others from writing for long."""
    if kind not in FORMATS:
        raise FormatError("Hãy chọn định dạng của tệp")
    if b"\0" in content:
        raise FormatError("Đây không phải tệp văn bản")
    rows = sum(1 for _ in parse(content, kind))
    if not rows:
        raise FormatError("Tệp không có nhãn nào")
    if rows > MOST_ROWS:
        raise FormatError(f"Tệp có hơn {MOST_ROWS} nhãn: hãy chia nhỏ, hoặc nhờ quản trị nhập bằng lệnh")
