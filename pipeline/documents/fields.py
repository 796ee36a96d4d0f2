"""A filled place of a form and where it comes from. What has no source is not filled in."""

from dataclasses import dataclass, field
from datetime import date

from models.errors import DiembaoError
from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import DOTS


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from, as the annex prints it; `quote` is the sentence, masked where it identifies a child."""

    says: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A value with its source; the value None is not known and printed as dots."""

    value: str | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        if self.value is not None and (self.source is None or not self.value.strip()):
            raise ValueError(f"a value needs words and a source: {self.value!r}")

    def __bool__(self) -> bool:
        return self.value is not None

    @property
    def printed(self) -> str:
        return DOTS if self.value is None else self.value


UNKNOWN = Field()


class DocumentError(DiembaoError):
    """A form that does not fit the case, or a case that has nothing to fill it with."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A place of the form that was filled or left open."""

    label: str
    field: Field


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drafted document. The file name holds the case's code and the kind of form, nothing of a person."""

    filename: str
    content: bytes
    fields: tuple[Traced, ...]


@dataclass(slots=True)
class Form:
    """A paper whose places are noted as they are filled, for the annex of sources."""

    paper: Paper
    traced: list[Traced] = field(default_factory=list)

    def fill(self, label: str, value: Field) -> None:
        self.paper.labelled(label, value.printed)
        self.traced.append(Traced(label, value))

    def tell(self, label: str, value: Field) -> None:
        """A sentence of the body that is noted under `label` without showing it."""
        self.paper.text(value.printed)
        self.traced.append(Traced(label, value))

    def finish(self, *, code: str, kind: str, title: str, day: date) -> Drawn:
        """The annex of sources comes last, on a page of its own that is taken out before the paper is sent."""
        self.paper.annex("PHỤ LỤC NGUỒN (nội bộ, bỏ ra trước khi gửi)")
        self.paper.space(6)
        rows = [
            (str(number), traced.label, traced.field.printed, *_source(traced.field))
            for number, traced in enumerate(self.traced, 1)
        ]
        self.paper.table(("TT", "Mục", "Đã ghi", "Nguồn", "Trích"), rows, (1, 3, 4, 4, 4), size=10)
        content = self.paper.save(title=title, day=day)
        return Drawn(f"{code}-{kind}.docx", content, tuple(self.traced))


def _source(value: Field) -> tuple[str, str]:
    if value.source is None:
        return "chưa biết, để trống", ""
    return value.source.says, value.source.quote
