"""The 34 provinces as tiles, each where it roughly lies: a map without a map, drawn as SVG; communes in rows.

Each tile leads to the list of what it counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from pipeline.periods import Period
from pipeline.place_choice import codes_of
from pipeline.place_words import communes_of, covers, province_names, unit_name
from pipeline.searching import unit_label
from review_ui.listing import LONGEST_RANGE

TILES = {
    "12": (0, 1), "15": (0, 2), "08": (0, 3), "04": (0, 4),
    "11": (1, 0), "14": (1, 1), "25": (1, 2), "19": (1, 3), "20": (1, 4),
    "01": (2, 2), "24": (2, 3), "22": (2, 4),
    "37": (3, 2), "33": (3, 3), "31": (3, 4),
    "38": (4, 1), "40": (5, 1), "42": (5, 2), "44": (6, 2), "46": (6, 3), "48": (7, 3), "51": (8, 3), "52": (9, 3),
    "66": (10, 3), "68": (11, 3), "56": (11, 4),
    "80": (11, 1), "75": (11, 2), "82": (12, 1), "79": (12, 2), "91": (12, 0), "92": (13, 0), "86": (13, 1),
    "96": (14, 0),
}  # fmt: skip
"""Code -> (row, column)."""
WIDTH, HEIGHT, GAP = 104, 40, 4
STEPS = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """`step` runs from 0 (none) to STEPS (the most)."""

    code: str
    name: str
    count: int
    step: int
    x: int
    y: int


def tiles(counts: Mapping[str, int], names: Mapping[str, str]) -> list[Tile]:
    """In order of rows and columns; `counts` by code, what is not in it is none."""
    most = max((counts.get(code, 0) for code in TILES), default=0)
    return [
        Tile(
            code,
            names.get(code, code),
            counts.get(code, 0),
            -(-counts.get(code, 0) * STEPS // most) if most else 0,
            column * (WIDTH + GAP),
            row * (HEIGHT + GAP),
        )
        for code, (row, column) in sorted(TILES.items(), key=lambda pair: pair[1])
    ]


@dataclass(frozen=True, slots=True)
class CommuneTile:
    """`ref` is "new:00160"; `step` runs from 0 (none) to STEPS (the most)."""

    ref: str
    name: str
    count: int
    step: int


@cache
def communes_in(territory: tuple[str, ...]) -> tuple[str, ...]:
    """The communes of today that lie wholly in these units, which may be former ones; by province and name."""
    every = (ref for code in province_names() for ref in communes_of(code))
    return tuple(ref for ref in every if covers(territory, codes_of(ref)) is True)


def commune_tiles(counts: Mapping[str, int], communes: Sequence[str]) -> list[CommuneTile]:
    """`counts` by the place's full words ("P. Nghĩa Đô, Hà Nội")."""
    found = [(ref, counts.get(unit_name(ref), 0)) for ref in communes]
    most = max((count for _, count in found), default=0)
    return [
        CommuneTile(ref, unit_name(ref).split(", ")[0], count, -(-count * STEPS // most) if most else 0)
        for ref, count in found
    ]


def list_address(period: Period, province: str) -> str:
    """The stories of these days in that province; days too many for the list are searched."""
    if period.last - period.first <= LONGEST_RANGE:
        days = {"tu": period.first.isoformat(), "den": period.last.isoformat()}
        return "/?" + urlencode({**days, "tinh": province})
    return search_address(period, f"new:{province}")


def search_address(period: Period, ref: str) -> str:
    """The articles of these days in that unit that the machine put before staff."""
    days = {"tu": period.first.isoformat(), "den": period.last.isoformat()}
    return "/tim?" + urlencode({"noi": unit_label(ref), **days, "co": "1"})


def extent() -> tuple[int, int]:
    """Width and height of the whole."""
    rows, columns = (1 + max(place[axis] for place in TILES.values()) for axis in (0, 1))
    return columns * (WIDTH + GAP), rows * (HEIGHT + GAP)
