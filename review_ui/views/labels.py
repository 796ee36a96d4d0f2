"""Labels: what to read next, reading it beside the guide, how far readers agree, disagreements to settle, files out."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from classifier.calling import places_of
from models.clock import day_of
from models.records import KINDS, TYPES
from models.rights import Right
from models.store import audit, labels, learning_jobs, reading_queue
from models.store.labels import READ, SECOND, SETTLED, Given, LabelError, Said
from models.store.reading import NotThereError
from models.tables import LearningJob
from pipeline.learning import label_files
from pipeline.learning.agreement import agreements, by_key, disputes
from pipeline.learning.label_files import Imported
from pipeline.learning.nightly import nightly
from pipeline.learning.reading import Answer, answer, oldest_day, read_again
from pipeline.learning.settings import read_learning
from pipeline.story_names import names_of_articles
from review_ui.forms import FormError
from review_ui.marks import paragraphs, pieces
from review_ui.pages import Ask, go, page

DISPUTES = 20
ENGLISH = re.compile(r": [\x00-\x7f]+$")
FILES = {
    "jsonl": ("jsonl", "application/x-ndjson"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "labelstudio": ("json", "application/json"),
    "doccano": ("doccano.jsonl", "application/x-ndjson"),
}
SOURCE = {
    "decision": "Quyết định về tin",
    "audit": "Chấm mẫu «Không bỏ sót»",
    READ: "Đọc trong hàng đợi",
    SECOND: "Đọc lần hai",
    SETTLED: "Kết luận bất đồng",
    "import": "Nhập từ tệp",
}
QUESTION = {"flag": "Có cần xem không", "kind": "Loại bài", "types": "Loại hành vi"}
FLAG = {1: "Cần xem", 0: "Không cần xem", 2: "Chưa quyết được"}


@page("/nhan", needs=Right.LEARN)
def overview(ask: Ask) -> Response:
    return show_labels(ask)


def show_labels(ask: Ask, *, imported: Imported | None = None, message: str = "", status: int = 200) -> Response:
    """`imported`: what a file that was just sent came to."""
    whole(ask)
    with ask.house.store.read() as session:
        given = labels.collect(session, texts=False)
        day = day_of(ask.now) - timedelta(days=1)
        done, total = reading_queue.counts(session, day)
        drawn = reading_queue.drawn(session, day)
        training = learning_jobs.last_training(session)
    share = read_learning(ask.house.settings.data_dir).second_share
    again = read_again(given, reader=f"user-{ask.user.user_id}", share=share, limit=100)
    return ask.page(
        "labels.html",
        status=status,
        message=message,
        imported=imported,
        plain=plain,
        total=len(by_key(given)),
        sources=Counter(one.source for one in given),
        SOURCE=SOURCE,
        QUESTION=QUESTION,
        FLAG=FLAG,
        agreements=agreements(given),
        disputes=disputes(given)[:DISPUTES],
        doubtful=doubtful(training, given),
        left=total - done,
        drawn=drawn,
        again=len(again),
        formats=FILES,
    )


def doubtful(training: LearningJob | None, given: Sequence[Given]) -> list[dict[str, Any]]:
    """Labels that the newest training found contradicted and nobody has looked at again since."""
    if training is None or training.finished_at is None:
        return []
    settled = {one.key for one in given if one.source == SETTLED and one.at >= training.finished_at}
    return [one for one in training.result.get("suspects", []) if one["key"] not in settled][:DISPUTES]


@page("/nhan/lap-hang-doi", method="POST", needs=Right.LEARN)
def draw_now(ask: Ask) -> Response:
    """Where the nightly work was missed."""
    whole(ask)
    nightly(ask.house.store, ask.house.settings, now=ask.now)
    return go("/nhan")


@page("/nhan/doc", needs=Right.LEARN)
def read(ask: Ask) -> Response:
    """The next article, or the one named; nothing tells what the model thinks, nor why it was picked."""
    whole(ask)
    wanted = ask.query.number("bai")
    as_what = SETTLED if ask.query.get("viec") == SETTLED else READ
    with ask.house.store.read() as session:
        if wanted is None:
            offered = reading_queue.waiting(session, since=oldest_day(day_of(ask.now)), limit=1)
            wanted = offered[0].article_id if offered else None
        if wanted is None:
            share = read_learning(ask.house.settings.data_dir).second_share
            again = read_again(
                labels.collect(session, texts=False), reader=f"user-{ask.user.user_id}", share=share, limit=1
            )
            wanted, as_what = (again[0].article_id, SECOND) if again else (None, READ)
        found = None if wanted is None else labels.shown(session, wanted)
        if wanted is not None and found is None:
            raise NotThereError("Không có bài này")
        others = [] if as_what != SETTLED else by_key(labels.collect(session, texts=False)).get(f"bai-{wanted}", [])
        hidden = [] if found is None else sorted(names_of_articles(session, [found[0].id])[found[0].id])
    if found is None:
        return ask.page("label_read.html", article=None)
    article, version, _ = found
    return ask.page(
        "label_read.html",
        article=article,
        version=version,
        title=pieces(version.title, (), places_of(version.title, hidden)),
        sapo=pieces(version.sapo, (), places_of(version.sapo, hidden)),
        body=paragraphs(version.body, (), places_of(version.body, hidden)),
        as_what=as_what,
        others=others,
        FLAG=FLAG,
        KINDS=KINDS,
        TYPES=TYPES,
    )


@page("/nhan/doc", method="POST", needs=Right.LEARN)
def keep(ask: Ask) -> Response:
    whole(ask)
    flag = ask.form.number("flag")
    if flag not in FLAG:
        raise FormError("Hãy chọn bài này có cần xem không")
    as_what = ask.form.get("viec")
    if as_what not in (READ, SECOND, SETTLED):
        raise FormError("Biểu mẫu không đúng: hãy tải lại trang")
    kind = ask.form.get("kind") or None
    types = tuple(ask.form.many("types")) if flag else ()
    if flag == 1 and not types:
        raise FormError("Bài cần xem thì cần ít nhất một loại hành vi")
    said = Said(flag, kind, types, ask.form.get("province") or None)
    given = Answer(
        ask.form.needed_number("bai"),
        ask.form.needed_number("phien_ban"),
        said,
        as_what,
        ask.form.get("ghi_chu") or None,
    )
    try:
        answer(ask.house.store, given, user_id=ask.user.user_id, now=ask.now)
    except LabelError as error:
        raise FormError(str(error)) from error
    return go("/nhan" if as_what == SETTLED else "/nhan/doc")


@page("/nhan/huong-dan", needs=Right.LEARN)
def guide(ask: Ask) -> Response:
    return ask.page("label_guide.html")


@page("/nhan/tep", needs=Right.LEARN)
def download(ask: Ask) -> Response:
    """All labels as a file, readers and people in the texts hidden; entered in the audit trail."""
    whole(ask)
    kind = ask.query.get("dinh_dang")
    if kind not in FILES:
        raise FormError("Hãy chọn một định dạng tệp")
    with ask.house.store.write() as session:
        given = labels.collect(session)
        text = label_files.export_labels(session, kind, given)
        detail: dict[str, str | int | bool | None] = {"format": kind, "labels": len(given)}
        audit.append(session, at=ask.now, action="label.export", user_id=ask.user.user_id, object=None, detail=detail)
    ending, media = FILES[kind]
    headers = {"content-disposition": f'attachment; filename="nhan-{day_of(ask.now):%Y%m%d}.{ending}"'}
    return Response(text, media_type=media, headers=headers)


def plain(why: str) -> str:
    """An error without the tail that a library wrote in English."""
    return ENGLISH.sub("", why)


def whole(ask: Ask) -> None:
    """Labels come from everywhere: a person with a territory of their own does not read them."""
    if ask.reader.confined:
        raise NotThereError("Việc gán nhãn dành cho người phụ trách toàn địa bàn")
