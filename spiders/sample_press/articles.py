"""The sample articles: our own fiction, one TOML file each, with the labels that a reader would give."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from models.clock import VIET_NAM
from models.errors import DiembaoError

FOLDER = Path(__file__).with_name("articles")
Fault = Literal["moved", "stumbles", "slow", "forbidden"]
"""moved: the lists still show the old address · stumbles: 500 once, then fine · slow · forbidden by robots.txt."""


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    sapo: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """`day` counts from the press's day (0, -1, -2); `edition` is when it appears, `gone_from` when it is taken
    down; `later` is what it says from edition 3 on. `labels` are those of the label guide."""

    id: str
    number: int
    outlets: tuple[str, ...]
    section: str
    author: str
    day: int
    time: time
    text: Text
    labels: dict[str, Any]
    story: str | None = None
    edition: int = 0
    gone_from: int | None = None
    later: Text | None = None
    fault: Fault | None = None
    dateless: bool = False
    charset: str = "utf-8"
    encoding_form: Literal["NFC", "NFD"] = "NFC"

    def published(self, day: date, now: datetime) -> datetime:
        """When it came out; what would still lie ahead today came out at the same hour yesterday."""
        when = datetime.combine(day + timedelta(days=self.day), self.time, VIET_NAM)
        return when - timedelta(days=1) if when > now else when

    def shown(self, edition: int) -> bool:
        return self.first_edition <= edition and (self.gone_from is None or edition < self.gone_from)

    @property
    def first_edition(self) -> int:
        return max(self.edition, self.day + 2)

    def text_in(self, edition: int) -> Text:
        return self.later if self.later is not None and edition >= 3 else self.text


@cache
def load_articles() -> dict[str, SampleArticle]:
    """All sample articles by id, oldest number first."""
    articles = [_read(path) for path in FOLDER.glob("*.toml")]
    numbers = {article.number for article in articles}
    if len(numbers) < len(articles):
        raise DiembaoError("two sample articles have the same number")
    return {article.id: article for article in sorted(articles, key=lambda article: article.number)}


def _read(path: Path) -> SampleArticle:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        later = _text(raw.pop("later")) if "later" in raw else None
        text = _text({name: raw.pop(name) for name in ("title", "sapo", "body")})
        at = time.fromisoformat(raw.pop("time"))
        return SampleArticle(id=path.stem, text=text, later=later, time=at, outlets=tuple(raw.pop("outlets")), **raw)
    except (KeyError, TypeError, ValueError) as exc:
        raise DiembaoError(f"{path.name}: {exc}") from exc


def _text(raw: dict[str, str]) -> Text:
    paragraphs = tuple(" ".join(part.split()) for part in raw["body"].split("\n\n") if part.strip())
    return Text(raw["title"], raw["sapo"], paragraphs)


def dated(text: str, published: datetime) -> str:
    """Fill the slots for days, so that the text speaks of the days around its publication."""
    for slot, back in (("{ngay}", 0), ("{ngay_truoc}", 1), ("{ngay_kia}", 2)):
        day = published - timedelta(days=back)
        text = text.replace(slot, f"{day.day}/{day.month}")
    return text
