"""What a label is: who said what of which text, in codes of the guide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.errors import DiembaoError
from models.records import AGES, KINDS, SETTINGS, SEXES, TYPES, Reading
from models.tables import Article, ArticleVersion, Verdict

CODES = {"kind": KINDS, "setting": SETTINGS, "age": AGES, "sex": SEXES}
READ, SECOND, SETTLED, IMPORT = "read", "second", "settled", "import"
DECISION, AUDIT = "decision", "audit"
COUNTS = 0.5


class LabelError(DiembaoError):
    """A label that cannot be kept; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader says of a text, in codes of the guide."""

    flag: int
    kind: str | None = None
    types: tuple[str, ...] = ()
    province: str | None = None
    setting: str | None = None
    age: str | None = None
    sex: str | None = None
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One label: who said what, when, of which version of which text, and what the model had said.

    `who` is `user-3` or the name that an import brought; `chance` is how probably a drawing had taken the text.
    """

    key: str
    reading: Reading
    said: Said
    who: str
    at: datetime
    source: str
    article_id: int | None = None
    version_id: int | None = None
    model: Mapping[str, Any] = field(default_factory=dict)
    why: str | None = None
    chance: float | None = None


def check(said: Said) -> Said:
    """Raises LabelError naming the code that the guide does not have."""
    if said.flag not in (0, 1, 2):
        raise LabelError(f"«flag» phải là 0, 1 hoặc 2, không phải {said.flag!r}")
    for name, codes in CODES.items():
        value = getattr(said, name)
        if value is not None and value not in codes:
            raise LabelError(f"«{name}» không có mã «{value}»")
    for code in said.types:
        if code not in TYPES:
            raise LabelError(f"«types» không có mã «{code}»")
    return said


def of_model(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    return {
        "model": verdict.model,
        "score": verdict.score,
        "flag": int(verdict.flag),
        "kind": verdict.kind,
        "types": [code for code, chance in verdict.types.items() if chance >= COUNTS],
    }


def reading_of(article: Article, version: ArticleVersion, *, texts: bool = True) -> Reading:
    return Reading(
        id=f"bai-{article.id}",
        title=version.title,
        sapo=version.sapo,
        text=version.body if texts else "",
        url=article.url,
        source=article.outlet_id,
        published=article.published_at or article.first_seen_at,
    )
