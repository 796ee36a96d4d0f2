"""The judge of the daily scan: the model in force, noticed when it changes, with the one on trial scoring beside it."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from classifier.artefacts import ArtefactError
from classifier.predict import Judge, load_judge
from models import clock
from models.records import Reading, Verdict
from models.session import Store
from models.store import models_registry as rows
from models.store import shadow
from models.tables import Model
from pipeline.config import Settings
from pipeline.learning.registry import Registry

log = logging.getLogger(__name__)
LOOK_EVERY_S = 15.0


class LiveJudge:
    """Judges readings whose id is that of a stored version.

    A promoted model that cannot be trusted is refused aloud and the released one works instead: the morning's list
    must come. What goes wrong with a model on trial never disturbs the scan.
    """

    def __init__(self, registry: Registry, *, now: Callable[[], datetime] = clock.now) -> None:
        self._registry, self._now = registry, now
        self._looked = float("-inf")
        self._known: tuple[str, str] | None = None
        self._trial_known: tuple[str, str] | None = None
        self._judge: Judge = load_judge()
        self._trial: Judge | None = None
        self._look()

    @property
    def id(self) -> str:
        return self._judge.id

    @property
    def threshold(self) -> float:
        return self._judge.threshold

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        if time.monotonic() - self._looked > LOOK_EVERY_S:
            self._look()
        verdicts = self._judge.judge(readings)
        if self._trial is not None:
            self._try_out(self._trial, readings)
        return verdicts

    def _look(self) -> None:
        """Whether another model was promoted or put on trial since the last look."""
        self._looked = time.monotonic()
        with self._registry.store.read() as session:
            current, trial = rows.in_role(session, rows.CURRENT), rows.in_role(session, rows.SHADOW)
        if _key(current) != self._known:
            self._known = _key(current)
            self._judge = self._opened(current) or load_judge()
        if _key(trial) != self._trial_known:
            self._trial_known, self._trial = _key(trial), self._opened(trial)

    def _opened(self, model: Model | None) -> Judge | None:
        if model is None:
            return None
        try:
            return self._registry.open(model)
        except ArtefactError as error:
            log.error("model refused: %s", error)  # noqa: TRY400 - the message says it all
            with self._registry.store.write() as session:
                row = rows.get(session, model.id)
                rows.note(session, row, "refuse", at=self._now(), user_id=None, detail={"why": str(error)})
            return None

    def _try_out(self, trial: Judge, readings: Sequence[Reading]) -> None:
        try:
            said = trial.judge(readings)
            kept = {int(r.id): v for r, v in zip(readings, said, strict=True) if r.id.isdecimal()}
            with self._registry.store.write() as session:
                shadow.keep(session, kept, at=self._now())
        except Exception:
            log.exception("model on trial failed: %s", trial.id)


def _key(model: Model | None) -> tuple[str, str] | None:
    return None if model is None else (model.name, model.sha256)


def registry_of(store: Store, settings: Settings) -> Registry:
    return Registry(store, settings.models_dir)


def live_judge(store: Store, settings: Settings) -> LiveJudge:
    """What `diembao scan` and `diembao watch` judge with."""
    return LiveJudge(registry_of(store, settings))
