"""A model's card in words, Vietnamese and English: what it is for, what it cannot do, what it was made of, how good."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.words import AGE, SEX, TYPES, word

LANGUAGES = ("vi", "en")
HEADINGS = {
    "vi": {
        "use": "Dùng để làm gì",
        "limits": "Giới hạn",
        "data": "Dữ liệu huấn luyện",
        "made": "Cách tạo",
        "feed": "Đo trên tin ngắn (tiêu đề, sapo), các tháng sau thời gian huấn luyện",
        "full": "Đo trên bài đầy đủ, các vụ không có trong dữ liệu huấn luyện",
        "held": "Đo trên các tuần giữ lại của đơn vị",
        "groups": "Tỉ lệ tìm thấy theo nhóm",
    },
    "en": {
        "use": "Intended use",
        "limits": "Limits",
        "data": "Training data",
        "made": "How it was made",
        "feed": "Measured on feed entries (title, standfirst) of months after training",
        "full": "Measured on whole articles, events apart from training",
        "held": "Measured on the deployment's held-back weeks",
        "groups": "Recall of the flag by group",
    },
}
ROWS = {
    "vi": {
        "labels": "Bài đã gán nhãn",
        "flagged": "trong đó cần xem",
        "stream": "Bài chưa gán nhãn",
        "from": "Từ ngày",
        "to": "Đến ngày",
        "digest": "Dấu SHA-256 của dữ liệu",
        "recipe": "Công thức",
        "seed": "Số khởi tạo ngẫu nhiên",
        "threshold": "Ngưỡng đánh dấu",
        "sha256": "Dấu SHA-256 của tệp mô hình",
        "base": "Phần không học lại, lấy từ mô hình",
        "average precision": "Độ chính xác trung bình",
        "average_precision": "Độ chính xác trung bình",
        "area under ROC": "Diện tích dưới đường ROC",
        "irrelevant passed at recall 0.98": "Bài không liên quan phải đọc để tìm đủ 98 %",
        "recall at 8 a day": "Tìm thấy khi đọc 8 bài một ngày",
        "recall at 20 a day": "Tìm thấy khi đọc 20 bài một ngày",
        "recall of the flag over the stream": "Tỉ lệ tìm thấy của dấu «cần xem»",
        "recall_of_flag": "Tỉ lệ tìm thấy của dấu «cần xem»",
        "recall_at_budget": "Tìm thấy trong số bài đọc được mỗi ngày",
        "calibration_error": "Sai lệch xác suất",
        "kind accuracy": "Đúng loại bài",
        "types macro-F1": "F1 trung bình của các loại hành vi",
        "relevant": "Số bài cần xem trong mẫu đo",
        "interval": "khoảng tin cậy 95 %",
    },
    "en": {
        "labels": "Labelled articles",
        "flagged": "of these to be seen",
        "stream": "Unlabelled articles",
        "from": "From",
        "to": "To",
        "digest": "SHA-256 of the data",
        "recipe": "Recipe",
        "seed": "Seed",
        "threshold": "Threshold of the flag",
        "sha256": "SHA-256 of the model file",
        "base": "What was not learnt anew comes from",
        "average_precision": "average precision",
        "recall_of_flag": "recall of the flag",
        "recall_at_budget": "recall within the daily budget",
        "calibration_error": "calibration error",
        "relevant": "relevant articles in the sample",
        "interval": "95 % interval",
    },
}
FIGURES = (
    "average precision", "area under ROC", "irrelevant passed at recall 0.98", "recall at 8 a day",
    "recall at 20 a day", "recall of the flag over the stream", "kind accuracy", "types macro-F1",
)  # fmt: skip
HELD = ("average_precision", "recall_of_flag", "recall_at_budget", "calibration_error")
GROUP_VI = {"all": "tất cả", "type": "loại", "outlet": "báo", "region": "miền", "sex": "giới tính", "age": "tuổi",
            "length": "độ dài"}  # fmt: skip
VALUE_VI = {
    "region": {"north": "Bắc", "middle": "Trung", "south": "Nam"},
    "length": {"short": "ngắn", "middle": "vừa", "long": "dài"},
    "outlet": {"": "không ghi"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the card: running text, rows of (what, value), or both."""

    heading: str
    text: str
    rows: tuple[tuple[str, str], ...]


def figure(value: float, lang: str) -> str:
    text = f"{value:.3f}"
    return text.replace(".", ",") if lang == "vi" else text


def plain(value: Any, lang: str) -> str:
    """A value of the card as the language writes it."""
    if lang == "vi" and isinstance(value, bool | str):
        found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", str(value))
        return "/".join(reversed(found.groups())) if found else str(value)
    if lang == "vi" and isinstance(value, float):
        return str(value).replace(".", ",")
    return str(value)


def card_parts(card: Mapping[str, Any], lang: str) -> list[Part]:
    """Sections in reading order; what a card does not say is left out."""
    return [part for part in _parts(card, lang) if part.text or part.rows]


def _parts(card: Mapping[str, Any], lang: str) -> Iterator[Part]:
    titles, names = HEADINGS[lang], ROWS[lang]
    for key in ("use", "limits"):
        yield Part(titles[key], str((card.get(key) or {}).get(lang, "")), ())
    data = card.get("data") or {}
    keys = ("labels", "flagged", "stream", "from", "to", "digest")
    yield Part(titles["data"], "", tuple((names[k], plain(data[k], lang)) for k in keys if data.get(k) is not None))
    made = ("recipe", "seed", "threshold", "base", "sha256")
    yield Part(titles["made"], "", tuple((names[k], plain(card[k], lang)) for k in made if card.get(k) is not None))
    measured = card.get("measured") or {}
    for view in ("feed", "full"):
        found = measured.get(view) or {}
        yield Part(titles[view], "", tuple(_measured(found, lang)))
        groups = found.get("recall_of_flag_by_group") or {}
        rows = tuple((_group(name, lang), f"{figure(v, lang)} ({int(n)})") for name, (v, n) in groups.items())
        yield Part(f"{titles['groups']}: {titles[view]}", "", rows)
    held = measured.get("held") or {}
    yield Part(titles["held"], "", tuple(_held(held, lang)))


def _measured(found: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    sure, plain = found.get("with_95_interval") or {}, found.get("figures") or {}
    for name in FIGURES:
        label = ROWS[lang].get(name, name)
        if name in sure:
            value, low, high = (figure(x, lang) for x in sure[name])
            yield label, f"{value} ({ROWS[lang]['interval']}: {low}–{high})"
        elif name in plain:
            yield label, figure(plain[name], lang)


def _held(held: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    for name in HELD:
        if name in held:
            value = held[name]
            low_high = (held.get("intervals") or {}).get(name)
            text = figure(value, lang)
            if low_high:
                low, high = (figure(x, lang) for x in low_high)
                text = f"{text} ({ROWS[lang]['interval']}: {low}–{high})"
            yield ROWS[lang][name], text
    if "relevant" in held:
        yield ROWS[lang]["relevant"], str(held["relevant"])


def _group(name: str, lang: str) -> str:
    kind, _, value = name.partition(":")
    if lang == "en":
        return name.replace(":", ": ")
    words = {"type": TYPES, "sex": SEX, "age": AGE}.get(kind)
    said = word(words, value) if words and value else VALUE_VI.get(kind, {}).get(value, value)
    head = GROUP_VI.get(kind, kind)
    return f"{head}: {said}" if said else head


def card_lines(card: Mapping[str, Any], lang: str) -> list[str]:
    """The card as plain text."""
    lines = [str(card.get("id", ""))]
    for part in card_parts(card, lang):
        lines += ["", part.heading, *([part.text] if part.text else [])]
        lines += [f"  {name}: {value}" for name, value in part.rows]
    return lines
