"""Builds what judging a file needs: the model, and the place finder with its territory."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from classifier.places import PlaceFinder
from classifier.places.territory import Territory
from classifier.predict import load_judge
from models.records import Place, Reading, Verdict
from pipeline.judging_file import Locate

PLACED_KINDS = frozenset(("vu_viec", "xet_xu"))
"""Kinds that report an incident of ours: their place is told even where the item is not flagged."""


def judging(
    folder: Path | None, territory: Sequence[str], known: Collection[str] = ()
) -> tuple[Callable[[Sequence[Reading]], list[Verdict]], Locate]:
    judge = load_judge(folder, known).judge  # first: a model that is refused is refused at once
    finder = PlaceFinder.load()
    area = Territory.of(territory, finder.gazetteer) if territory else None

    def locate(reading: Reading, verdict: Verdict) -> tuple[Place | None, str | None]:
        if not (verdict.flag or verdict.kind in PLACED_KINDS):
            return None, None
        place = finder.find(reading, kind=verdict.kind)
        return place, None if area is None else area.holds(place)

    return judge, locate
