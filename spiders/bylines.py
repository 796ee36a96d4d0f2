"""Who wrote it: names as a reader knows them, without the outlet, dates and filler around them."""

import re
import unicodedata

from spiders.text import one_line

DATED = re.compile(r"[\s,|–-]*(?:(?:thứ|chủ)\s+\w+,?\s*)?\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}.*$", re.IGNORECASE)
LEADING = re.compile(
    r"^(?:(?:theo|tác giả|bài và ảnh|bài|ảnh|tin|thực hiện|nguồn|by|pv|phóng viên|biên tập)\s*:|theo\s+)\s*",
    re.IGNORECASE,
)
OTHERS = re.compile(r"\s*(?:và|cùng)\s+\d+\s+tác giả khác\s*", re.IGNORECASE)
ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\bwww\.\S+", re.IGNORECASE)
BETWEEN = re.compile(r"\s*[,;|•]\s*|\s+[-–—&]\s+|\s+và\s+")
MOST_WORDS = 8
MOST_NAMES = 8
OUTLET_WORDS = re.compile(r"\.(?:vn|com|net|org)\b|^\d+$|ban biên tập|^admin$|^editor$|^quản trị", re.IGNORECASE)


def clean_byline(text: str, *, outlet: str = "", host: str = "") -> str | None:
    """Names joined by commas, each once; None where only the outlet itself is named."""
    line = OTHERS.sub(", ", ADDRESS.sub(" ", DATED.sub("", one_line(text))))
    names: dict[str, str] = {}
    for part in BETWEEN.split(line):
        name = LEADING.sub("", part).strip(" .:-–—|/")
        if name and not _is_outlet(name, outlet, host) and len(name.split()) <= MOST_WORDS:
            names.setdefault(fold(name), name)
    return ", ".join(list(names.values())[:MOST_NAMES]) or None


def without_byline(paragraphs: list[str], author: str | None) -> list[str]:
    """Paragraphs without a last line that only names the author."""
    names = set(re.findall(r"\w+", (author or "").lower()))
    if names and paragraphs and len(paragraphs) > 1:
        last = re.findall(r"\w+", DATED.sub("", paragraphs[-1]).lower())
        if last and len(last) <= MOST_WORDS and names.issuperset(last):
            return paragraphs[:-1]
    return paragraphs


def fold(text: str) -> str:
    """Letters and digits only, without marks and case: for comparing names with host names."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    return "".join(char for char in plain if char.isalnum())


def _is_outlet(name: str, outlet: str, host: str) -> bool:
    folded = fold(name)
    label = host.removeprefix("www.").split(".")[0]
    known = {fold(outlet), fold(outlet).removeprefix("bao"), fold(label), fold(label).removeprefix("bao")} - {""}
    if OUTLET_WORDS.search(name) or not any(char.isalpha() for char in name) or folded.removeprefix("bao") in known:
        return True
    return " " not in name and any(len(own) > 3 and own in folded for own in known)
