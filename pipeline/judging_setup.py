"""Builds what judging a file needs: the model, and the place finder with its territory."""

from collections.abc import Callable, Sequence
from pathlib import Path

from classifier.predict import load_judge
from models.records import Reading, Verdict
from pipeline.judging_file import Locate, nowhere


def judging(
    folder: Path | None, _territory: Sequence[str]
) -> tuple[Callable[[Sequence[Reading]], list[Verdict]], Locate]:
    return load_judge(folder).judge, nowhere
