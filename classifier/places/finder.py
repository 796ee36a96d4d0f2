"""The incident's place of an article: the one entry to this package for the rest of the house."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from classifier.places.chains import COMMUNE, DISTRICT, PROVINCE, Chain, chains
from classifier.places.finest import Fine, finest
from classifier.places.fold import composed, name_key
from classifier.places.gazetteer import FOLDER, REFORM, Era, Gazetteer
from classifier.places.incident import ABROAD, Candidate, Provinces, article_era, candidates, measure, shares
from classifier.places.lexicon import Lexicon, table
from classifier.places.mentions import scan
from models.records import Place, Reading

PLACELESS = frozenset({"chinh_sach", "nuoc_ngoai"})
"""Kinds of article that tell no incident in Viet Nam."""
READ = 2200
"""Characters of a body that are read: what comes later is other news and background."""
HEAD, MIDDLE = 450, 1500


ROLES = {
    "plain": "incident", "at": "incident", "comma": "incident", "bracket": "incident", "happened": "incident",
    "high court": "court", "origin": "home", "thing": "other", "from": "other", "to": "other", "comment": "other",
}  # fmt: skip
"""The finer parts that the weights know, as they are told to others; the rest keep their names."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An address in a field (`title`, `sapo`, `text`); offsets count characters of the field as given.

    `units` are the finest candidates ("old:142"), `role` is incident, home, police, authority, court, hospital, school,
    dateline, comparison, abroad or other.
    """

    field: str
    start: int
    end: int
    words: str
    units: tuple[str, ...]
    role: str


class PlaceFinder:
    def __init__(self, gazetteer: Gazetteer, folder: Path | None = None) -> None:
        self.gazetteer = gazetteer
        self.lexicon = Lexicon.build(gazetteer, folder)
        self.provinces = Provinces(gazetteer)
        self.weights = {name: float(weight) for name, weight in table((folder or FOLDER) / "weights.tsv")}

    @classmethod
    def load(cls, folder: Path | None = None, *, on: date | None = None) -> "PlaceFinder":
        """From a folder of tables (the shipped ones), as they stand on a day (today)."""
        return cls(Gazetteer.load(folder, on=on), folder)

    def find(self, reading: Reading, *, kind: str | None = None) -> Place | None:
        """The place of the incident; None where the article tells none or its kind has none."""
        if kind in PLACELESS or (kind is None and POLICY.search(reading.title)):
            return None
        read = self.read(reading)
        era = self.era(reading, read)
        found = candidates(read, self.provinces, era)
        measure(found)
        shares(found, self.weights, HERE if kind is not None else 0.0)
        if not found:
            return None
        best = max(found, key=lambda one: one.score)
        if (
            best.node == ABROAD
            or best.share < DOUBT
            or _unproven(best)
            or (ROUND_UP.search(reading.title) and not _of_a_child(best))
        ):
            return None
        return self._place(best, finest(best.chains, self.gazetteer, self.weights), era, reading)

    def read(self, reading: Reading) -> list[Chain]:
        """All addresses of an article; their offsets count characters of the composed (NFC) field."""
        day = reading.published.date() if reading.published else None
        read: list[Chain] = []
        for field in ("title", "sapo", "text"):
            text, _ = composed(getattr(reading, field)[:READ])
            for chain in chains(text, scan(text, self.lexicon), self.lexicon, day):
                if chain.levels == [COMMUNE] and not chain.mentions[0].typed:
                    continue
                chain.place = field if field != "text" else _zone(chain.start)
                read.append(chain)
        return read

    def mentions(self, reading: Reading) -> list[Mention]:
        """All addresses of an article with their candidates and the part each plays."""
        read = self.read(reading)
        era = self.era(reading, read)
        units = self.gazetteer.units
        found = []
        for chain in read:
            field = _field(chain)
            start, end, words = _input(getattr(reading, field), chain)
            rows = self.provinces.in_era(chain.rows or chain.above, era)
            role = "abroad" if chain.abroad else ROLES.get(chain.role, chain.role)
            found.append(Mention(field, start, end, words, tuple(dict.fromkeys(units[i].ref for i in rows)), role))
        return found

    def _province(self, best: Candidate, old: set[str]) -> Chain | None:
        """The address that names the province; of a merged one, the former province in which the place lies."""
        units = self.gazetteer.units
        own = None
        for chain in best.chains:
            name = chain.mentions[-1].name
            if chain.levels[-1] == PROVINCE and name is not None:
                codes = {units[p].code for row in name.provinces for p in self.provinces.of(row, "old")}
                if codes & old:
                    return chain
                if own is None and name.key == name_key(units[best.node].name):
                    own = chain
        return own

    def era(self, reading: Reading, read: list[Chain]) -> Era:
        if reading.published is None:
            return article_era(read, self.gazetteer)
        return "new" if reading.published.date() >= REFORM else "old"

    def _place(self, best: Candidate, fine: Fine, era: Era, reading: Reading) -> Place:
        gaz, units = self.gazetteer, self.gazetteer.units
        finer = fine.commune or fine.district
        rows: tuple[int, ...] = (best.node,)
        if finer is not None:
            rows = tuple(self.provinces.in_era(finer.rows or finer.above, era)) or rows
            inside = tuple(row for row in rows if best.node in self.provinces.of(row, era))
            rows = inside or rows
        new = sorted({units[i].code for row in rows for i in gaz.today(row)})
        old = sorted({units[i].code for row in rows for i in gaz.before_reform(row)})
        old_province = {units[p].code for row in rows for p in self.provinces.of(row, "old")}
        new_province = {units[p].code for row in rows for p in self.provinces.of(row, "new")}
        said = self._province(best, old_province)
        speaker = finer or said
        return Place(
            commune=_bare(fine.commune, COMMUNE),
            district=_bare(fine.district, DISTRICT),
            province=_bare(said, PROVINCE) or units[best.node].name,
            era=era,
            old_codes=tuple(old),
            new_codes=tuple(new),
            old_province=old_province.pop() if len(old_province) == 1 else None,
            new_province=new_province.pop() if len(new_province) == 1 else None,
            words=_input(getattr(reading, _field(speaker)), speaker)[2] if speaker else "",
            confidence=round(min(best.share * fine.share, 0.99), 3),
        )


HERE = -0.5
"""Added to the score of places abroad where the article was already judged to be of Viet Nam."""
DOUBT = 0.4
"""Less than this share of belief in the best province is no place at all."""
ASIDE = frozenset({"high court", "origin", "comparison", "comment"})
"""Parts that say nothing of where it happened."""
ROUND_UP = re.compile(
    r"\b24 ?(?:h|giờ)\b|^(?:bản tin|điểm tin|điểm báo|toàn cảnh)\b|\bhàng loạt vụ\b|\bkỳ \d+\b"
    r"|\b(?:tin|bản tin|điểm tin|thời sự|toàn cảnh|nóng|hot|chuyện)\b[^.:]{0,25}"
    r"\b(?:trong ngày|trong tuần|hôm nay|nhất tuần|nhất ngày|nổi bật|\d{1,2} ?h)\b",
    re.IGNORECASE,
)
"""A heading over several events."""


def _of_a_child(best: Candidate) -> bool:
    """In a round-up the place must stand by words about children where the article begins."""
    return any(chain.near and chain.place in {"title", "sapo", "head"} for chain in best.chains)


POLICY = re.compile(
    r"\b(?:dự thảo|nghị định|nghị quyết|thông tư|hội thảo|hội nghị|tập huấn|phát động|chiến dịch|kế hoạch|đề án"
    r"|tuyển sinh|kỳ thi|giải pháp|khuyến cáo|công điện|tăng cường|phòng chống|phòng ngừa|tư vấn|thống kê|kỹ năng"
    r"|luật trẻ em)\b",
    re.IGNORECASE,
)
"""A heading of a policy piece, where nobody has judged the article yet."""


def _unproven(best: Candidate) -> bool:
    """The seat of a high court or where somebody was born does not tell where it happened."""
    return all(chain.role in ASIDE for chain in best.chains)


def _zone(start: int) -> str:
    return "head" if start < HEAD else "text" if start < MIDDLE else "tail"


def _field(chain: Chain) -> str:
    return chain.place if chain.place in {"title", "sapo"} else "text"


def _input(field: str, chain: Chain) -> tuple[int, int, str]:
    """(start, end, words) of an address in the field as given, which may be decomposed."""
    _, places = composed(field[:READ])
    start, end = (chain.start, chain.end) if places is None else (places[chain.start], places[chain.end])
    return start, end, field[start:end]


UNIT_WORD = re.compile(r"^(?:phường|quận|P|F|Q)\.? ?(?=\d)", re.IGNORECASE)


def _bare(chain: Chain | None, level: int) -> str | None:
    """The name as the article writes it, without the word for its type."""
    mention = chain.at(level) if chain else None
    return UNIT_WORD.sub("", mention.words) if mention else None
