"""Every form of a case, by kind: what a page offers and one way to draw it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.case_file import CaseFile
from pipeline.documents.case_report import case_report
from pipeline.documents.crime_notice import crime_notice
from pipeline.documents.fields import DocumentError, Drawn
from pipeline.documents.letterhead import Letterhead
from pipeline.documents.mau_01 import mau_01
from pipeline.documents.press_letter import exposing_outlets, press_letter
from pipeline.documents.prosecution import procuracy_notice, prosecution_motion
from pipeline.documents.quick_report import quick_report

Draw = Callable[[CaseFile, Letterhead, date], Drawn]
_FORMS: Mapping[str, tuple[str, Draw]] = {
    "mau-01": ("Mẫu 01: tiếp nhận thông tin", mau_01),
    "bao-cao-nhanh": ("Báo cáo nhanh", quick_report),
    "bao-cao-vu-viec": ("Báo cáo vụ việc", case_report),
    "cung-cap-tin-bao": ("Công văn cung cấp tin báo về tội phạm", crime_notice),
    "kien-nghi-khoi-to": ("Kiến nghị khởi tố", prosecution_motion),
    "thong-bao-vien-kiem-sat": ("Thông báo Viện kiểm sát về kiến nghị khởi tố", procuracy_notice),
}
_SEXUAL = frozenset({"kien-nghi-khoi-to", "thong-bao-vien-kiem-sat"})
LETTER = "thu-"


@dataclass(frozen=True, slots=True)
class Offer:
    """A form that fits the case."""

    kind: str
    name: str


def offers(case: CaseFile) -> list[Offer]:
    """The forms that fit, in the order in which they are needed; a letter for each newspaper that exposed the child."""
    sexual = "xam_hai_tinh_duc" in case.facts.types
    found = [Offer(kind, name) for kind, (name, _) in _FORMS.items() if sexual or kind not in _SEXUAL]
    return [*found, *(Offer(LETTER + id_, f"Thư gửi {title}") for id_, title in exposing_outlets(case).items())]


def draw(kind: str, case: CaseFile, head: Letterhead, day: date) -> Drawn:
    """Raises DocumentError for a kind that does not exist or does not fit the case."""
    if kind in _FORMS:
        return _FORMS[kind][1](case, head, day)
    if kind.startswith(LETTER):
        return press_letter(case, head, day, outlet_id=kind.removeprefix(LETTER))
    raise DocumentError(f"Không có mẫu văn bản «{kind}»")
