"""The indicators of the plans (NQ 121/2020 and the plans for it): computed from the answers where these can tell,
typed in by people where only they can, and marked which is which.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from models.clock import VIET_NAM
from models.store import indicators as kept
from models.store.indicators import Figure, Told

SOLVED = ("ket_thuc_dieu_tra", "truy_to", "xet_xu")


@dataclass(frozen=True, slots=True)
class Rule:
    """`target` is in per cent; `over`: it must be exceeded, not only reached. `part` and `whole` choose the leads that
    count; None where the answers cannot tell."""

    code: str
    name: str
    target: int
    over: bool = False
    part: Callable[[Told], bool] | None = None
    whole: Callable[[Told], bool] | None = None


def _accepted(lead: Told) -> bool:
    return lead.has("accepted", "decision", "result")


RULES = (
    Rule("thu_ly", "Tin báo được thụ lý", 100, part=_accepted, whole=lambda _: True),
    Rule(
        "giai_quyet",
        "Tin báo đã thụ lý được giải quyết",
        95,
        over=True,
        part=lambda lead: _accepted(lead) and lead.has("decision", "result"),
        whole=_accepted,
    ),
    Rule(
        "khoi_to",
        "Vụ có dấu hiệu tội phạm được khởi tố",
        100,
        part=lambda lead: lead.outcome("khoi_to"),
        whole=lambda lead: lead.outcome("khoi_to", "tam_dinh_chi"),
    ),
    Rule(
        "kham_pha",
        "Điều tra, khám phá",
        80,
        over=True,
        part=lambda lead: lead.outcome("khoi_to") and lead.outcome(*SOLVED),
        whole=lambda lead: lead.outcome("khoi_to"),
    ),
    Rule("kham_pha_nghiem_trong", "Điều tra, khám phá vụ rất nghiêm trọng, đặc biệt nghiêm trọng", 90, over=True),
    Rule("truy_to_dung_han", "Truy tố đúng thời hạn", 100),
    Rule("truy_to_dung_toi", "Truy tố đúng tội danh", 100),
    Rule("xet_xu", "Xét xử, giải quyết của Tòa án", 90, over=True),
    Rule("chuong_trinh", "Gia đình, trường học, cơ sở được truyền thông, tập huấn theo kế hoạch", 100),
    Rule("phong_dieu_tra", "Đơn vị có phòng điều tra thân thiện theo kế hoạch", 100),
)
BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Indicator:
    """`origin` is computed, hand or missing; `computed` is (part, whole) beside a figure that was typed in."""

    rule: Rule
    part: int | None
    whole: int | None
    origin: str
    figure: Figure | None
    computed: tuple[int, int] | None

    @property
    def share(self) -> float | None:
        return None if self.part is None or not self.whole else 100 * self.part / self.whole

    @property
    def reached(self) -> bool | None:
        if self.share is None:
            return None
        return self.share > self.rule.target if self.rule.over else self.share >= self.rule.target


@dataclass(frozen=True, slots=True)
class Worth:
    """What the service was good for: of the leads of which desks said whether they knew, how many were news to them."""

    asked: int
    new: int


def indicators(
    session: Session, first: date, last: date, *, only: Collection[int] | None = None
) -> tuple[list[Indicator], Worth]:
    """Of leads that were first sent to the police from `first` to `last`, both days included.

    `only`: ids of the leads that somebody may count who may not read all; what was typed in speaks of the whole then.
    """
    start = datetime.combine(first, time(), VIET_NAM)
    end = datetime.combine(last + timedelta(days=1), time(), VIET_NAM)
    leads = kept.police_leads(session, start, end)
    typed = kept.figures(session, first, last) if only is None else {}
    leads = [lead for lead in leads if only is None or lead.lead_id in only]
    asked = [lead for lead in leads if lead.known is not None]
    worth = Worth(len(asked), sum(lead.known is False for lead in asked))
    return [_indicator(rule, leads, typed.get(rule.code)) for rule in RULES], worth


def _indicator(rule: Rule, leads: Sequence[Told], figure: Figure | None) -> Indicator:
    computed = None
    if rule.part is not None and rule.whole is not None:
        counted = [lead for lead in leads if rule.whole(lead)]
        computed = (sum(rule.part(lead) for lead in counted), len(counted))
    if figure is not None:
        return Indicator(rule, figure.part, figure.whole, "hand", figure, computed)
    if computed is None:
        return Indicator(rule, None, None, "missing", None, None)
    return Indicator(rule, *computed, "computed", None, computed)
