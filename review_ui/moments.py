"""Day and time as a browser's field sends them: "2026-11-21T07:30", Vietnamese clock."""

from datetime import datetime

from models.clock import VIET_NAM
from review_ui.forms import Form, FormError

FIELD = "%Y-%m-%dT%H:%M"


def field_value(moment: datetime) -> str:
    return moment.astimezone(VIET_NAM).strftime(FIELD)


def read_moment(form: Form, name: str, *, otherwise: datetime | None = None) -> datetime:
    """Raises FormError for what is no time; an empty field means `otherwise` where that is given."""
    text = form.get(name)
    if not text and otherwise is not None:
        return otherwise
    try:
        return datetime.strptime(text[: len("2026-11-21T07:30")], FIELD).replace(tzinfo=VIET_NAM)
    except ValueError as error:
        raise FormError("Ngày giờ không đọc được (dạng 21/11/2026 07:30)") from error
