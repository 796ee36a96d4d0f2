"""Models: which one works and how well, training, comparison, trial, promotion by two people, one click back."""

from datetime import timedelta

from starlette.responses import Response

from classifier.artefacts import ArtefactError
from models.clock import day_of
from models.rights import Right
from models.store import learning_jobs as jobs
from models.store import models_registry as rows
from models.store import shadow
from models.store.learning_jobs import JobError
from models.store.models_registry import RegistryError
from models.store.reading import NotThereError
from models.tables import Model
from pipeline.learning import promotion
from pipeline.learning.card import LANGUAGES, card_parts
from pipeline.learning.jobs import start_worker
from pipeline.learning.live import registry_of
from pipeline.learning.settings import read_learning
from pipeline.learning.watching import findings, weekly_line
from review_ui.forms import FormError
from review_ui.model_words import ACTION, JOB, ORIGIN, ROLE, STATE, group_name, measure_rows
from review_ui.pages import Ask, go, page


@page("/mo-hinh", needs=Right.LEARN)
def overview(ask: Ask) -> Response:
    _whole(ask)
    store = ask.house.store
    with store.write() as session:
        jobs.reap(session, now=ask.now)
        working = registry_of(store, ask.house.settings).working(session, ask.now)
        found, recent, history = rows.everything(session), jobs.newest(session), rows.history(session, 20)
        rollback = rows.in_role(session, rows.CURRENT) is not None
    weeks = read_learning(ask.house.settings.data_dir).held_weeks
    return ask.page(
        "models.html",
        working=working,
        models=found,
        jobs=recent,
        open_kinds={job.kind for job in recent if job.state in (jobs.QUEUED, jobs.RUNNING)},
        history=history,
        rollback=rollback,
        until=day_of(ask.now) - timedelta(weeks=weeks),
        findings=findings(store, today=day_of(ask.now), now=ask.now),
        weekly=weekly_line(store, now=ask.now),
        ROLE=ROLE,
        ORIGIN=ORIGIN,
        JOB=JOB,
        STATE=STATE,
        ACTION=ACTION,
    )


@page("/mo-hinh/huan-luyen", method="POST", needs=Right.LEARN)
def train(ask: Ask) -> Response:
    """Queue a training; a process of its own does the work."""
    _whole(ask)
    until = ask.form.day("den_ngay")
    if until is None or until > day_of(ask.now):
        raise FormError("Hãy chọn ngày cuối của dữ liệu, không sau hôm nay")
    return _queue(ask, jobs.TRAIN, {"until": until.isoformat()})


@page("/mo-hinh/cham-lai", method="POST", needs=Right.LEARN)
def rejudge(ask: Ask) -> Response:
    _whole(ask)
    return _queue(ask, jobs.REJUDGE, {})


def _queue(ask: Ask, kind: str, params: dict[str, str]) -> Response:
    try:
        with ask.house.store.write() as session:
            jobs.queue(session, kind, params, user_id=ask.user.user_id, at=ask.now)
    except JobError as error:
        raise FormError(str(error)) from error
    start_worker(ask.house.settings)
    return go("/mo-hinh#viec")


@page("/mo-hinh/viec/{id}/dung", method="POST", needs=Right.LEARN)
def stop(ask: Ask) -> Response:
    _whole(ask)
    try:
        with ask.house.store.write() as session:
            jobs.ask_stop(session, ask.id(), user_id=ask.user.user_id, at=ask.now)
    except JobError as error:
        raise FormError(str(error)) from error
    return go("/mo-hinh#viec")


@page("/mo-hinh/quay-lai", method="POST", needs=Right.LEARN)
def roll_back(ask: Ask) -> Response:
    _whole(ask)
    with ask.house.store.write() as session:
        rows.roll_back(session, user_id=ask.user.user_id, at=ask.now)
    return go("/mo-hinh")


@page("/mo-hinh/{id}", needs=Right.LEARN)
def show(ask: Ask) -> Response:
    model = _model(ask)
    floors = read_learning(ask.house.settings.data_dir).floors
    with ask.house.store.write() as session:
        working = registry_of(ask.house.store, ask.house.settings).working(session, ask.now)
        found = jobs.comparison_of(session, model.name)
        checks = promotion.checks_of(session, model.name, floors)
        result = jobs.result_of(session, model.name)
        trial = splits = None
        if model.shadow_since is not None:
            trial = shadow.tally(session, model=model.name, since=model.shadow_since)
            splits = shadow.splits(session, model=model.name, since=model.shadow_since)
    return ask.page(
        "model.html",
        model=model,
        is_working=model.id == working.id,
        comparison=found,
        measures=measure_rows(found),
        failed=checks["failed"],
        suspects=result.get("suspects", []),
        trial=trial,
        splits=splits or [],
        refused=_refusal(ask, model),
        group_name=group_name,
        ROLE=ROLE,
        ORIGIN=ORIGIN,
    )


def _refusal(ask: Ask, model: Model) -> str:
    """Why the model's file is not opened; empty when it may be."""
    try:
        registry_of(ask.house.store, ask.house.settings).read(model)
    except ArtefactError as error:
        return str(error).replace(f"{ask.house.settings.data_dir}/", "")
    return ""


@page("/mo-hinh/{id}/the", needs=Right.LEARN)
def card(ask: Ask) -> Response:
    """The model's card, for print."""
    model = _model(ask)
    lang = "en" if ask.query.get("tieng") == "en" else LANGUAGES[0]
    return ask.page("model_card.html", model=model, parts=card_parts(model.card, lang), lang=lang)


@page("/mo-hinh/{id}/chay-thu", method="POST", needs=Right.LEARN)
def trial(ask: Ask) -> Response:
    """Start or end the model's trial beside the one in force."""
    model = _model(ask)
    if ask.form.get("dung"):
        with ask.house.store.write() as session:
            rows.stop_shadow(session, model.id, user_id=ask.user.user_id, at=ask.now)
    else:
        registry_of(ask.house.store, ask.house.settings).read(model)
        with ask.house.store.write() as session:
            rows.start_shadow(session, model.id, user_id=ask.user.user_id, at=ask.now)
    return go(f"/mo-hinh/{model.id}")


@page("/mo-hinh/{id}/de-nghi", method="POST", needs=Right.LEARN)
def propose(ask: Ask) -> Response:
    """The first person's yes: the floors are asked, and the file is looked at."""
    model = _model(ask)
    registry_of(ask.house.store, ask.house.settings).read(model)
    floors = read_learning(ask.house.settings.data_dir).floors
    promotion.propose(ask.house.store, model.id, floors, user_id=ask.user.user_id, at=ask.now)
    return go(f"/mo-hinh/{model.id}")


@page("/mo-hinh/{id}/rut", method="POST", needs=Right.LEARN)
def withdraw(ask: Ask) -> Response:
    model = _model(ask)
    with ask.house.store.write() as session:
        rows.withdraw(session, model.id, user_id=ask.user.user_id, at=ask.now)
    return go(f"/mo-hinh/{model.id}")


@page("/mo-hinh/{id}/duyet", method="POST", needs=Right.LEARN)
def approve(ask: Ask) -> Response:
    """The second person's yes."""
    model = _model(ask)
    registry_of(ask.house.store, ask.house.settings).read(model)
    with ask.house.store.write() as session:
        rows.approve(session, model.id, user_id=ask.user.user_id, at=ask.now)
    return go(f"/mo-hinh/{model.id}")


def _model(ask: Ask) -> Model:
    _whole(ask)
    with ask.house.store.read() as session:
        try:
            return rows.get(session, ask.id())
        except RegistryError as error:
            raise NotThereError(str(error)) from error


def _whole(ask: Ask) -> None:
    """Models judge for everybody: a person with a territory of their own does not change them."""
    if ask.reader.confined:
        raise NotThereError("Trang mô hình dành cho người phụ trách toàn địa bàn")
