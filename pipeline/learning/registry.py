"""The models' files: a folder a model below the data folder. A file is opened only if its digest is the registry's."""

import logging
import re
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from classifier import artefacts
from classifier.artefacts import CARD_FILE, MODEL_FILE, ArtefactError
from classifier.predict import RELEASED as RELEASED_FOLDER
from classifier.predict import HashedJudge, Judge, load_judge
from models.records import Reading
from models.session import Store
from models.store import models_registry as rows
from models.tables import Model
from pipeline.config import Settings
from pipeline.open_store import open_store

log = logging.getLogger(__name__)
TRIED = (
    Reading(id="1", title="Bé mẫu bị đánh ở lớp mẫu", sapo="Công an xã mẫu đang làm rõ việc này."),
    Reading(id="2", title="Bé mẫu bị đánh ở lớp mẫu", text="Công an xã mẫu đang làm rõ việc này."),
)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def known_digests(settings: Settings) -> tuple[str, ...]:
    """Of every model that this house registered; none where there is no database file yet."""
    url = make_url(settings.store_url)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
        return ()
    store = open_store(settings)
    try:
        with store.read() as session:
            return tuple(row.sha256 for row in rows.everything(session))
    finally:
        store.close()


class Registry:
    """Models of one deployment: rows in the database, files in `folder`."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder

    def path(self, name: str) -> Path:
        """Raises ArtefactError for a name that could lead elsewhere."""
        if not NAME.fullmatch(name):
            raise ArtefactError(f"«{name}»: tên mô hình không dùng được")
        return self.folder / name

    def folder_of(self, model: Model) -> Path:
        return RELEASED_FOLDER if model.origin == rows.RELEASED else self.path(model.name)

    def read(self, model: Model) -> tuple[dict[str, Any], dict[str, Any]]:
        """(model, card). Raises ArtefactError, before it opens a file, where that is not the one registered."""
        folder = self.folder_of(model)
        self._compare(artefacts.read_card(folder), model, folder)
        content, card = artefacts.read(folder)
        self._compare(card, model, folder)
        return content, card

    @staticmethod
    def _compare(card: Mapping[str, Any], model: Model, folder: Path) -> None:
        if card["sha256"] != model.sha256 or card["id"] != model.name:
            raise ArtefactError(
                f"{folder / CARD_FILE}: không phải mô hình «{model.name}» đã đăng ký (dấu SHA-256 hoặc tên khác)"
            )

    def open(self, model: Model) -> Judge:
        """A judge that has answered once: figures made for another version of the program are refused here."""
        content, card = self.read(model)
        try:
            judge = HashedJudge(content, card["id"])
            judge.judge(TRIED)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise ArtefactError(f"«{model.name}»: không chạy được với bản chương trình này ({error})") from error
        return judge

    def released(self, session: Session, at: datetime) -> Model:
        """The row of the model that ships with this version of the program; made when it is first asked for."""
        card = artefacts.read_card(RELEASED_FOLDER)
        known = rows.by_name(session, card["id"])
        if known is not None and known.sha256 == card["sha256"]:
            return known
        return rows.add(session, name=card["id"], sha256=card["sha256"], origin=rows.RELEASED, card=card, at=at)

    def working(self, session: Session, at: datetime) -> Model:
        """The row of the model that works: the promoted one, or the released one."""
        return rows.in_role(session, rows.CURRENT) or self.released(session, at)

    def current(self) -> Judge:
        """The promoted model, or the released one. Raises ArtefactError where the promoted one cannot be trusted."""
        with self.store.read() as session:
            model = rows.in_role(session, rows.CURRENT)
        return load_judge() if model is None else self.open(model)

    def keep(
        self,
        model: Mapping[str, Any],
        card: Mapping[str, Any],
        *,
        at: datetime,
        user_id: int | None,
    ) -> Model:
        """Write a trained model and enter it. Cut off before the end, it leaves nothing that could be opened."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=self.folder) as scratch:
            made = Path(scratch) / "model"
            artefacts.write(made, model, card)
            return self._enter(made, rows.TRAINED, at=at, user_id=user_id)

    def take(self, source: Path, *, sha256: str, at: datetime, user_id: int | None) -> Model:
        """Import a folder with model and card, if its digest is the one that the person was told by its maker."""
        card = artefacts.read_card(source)
        if card["sha256"] != sha256.strip().lower():
            raise ArtefactError(
                f"{source / CARD_FILE}: dấu SHA-256 trên phiếu không phải dấu bạn nhập; không mở tệp này"
            )
        artefacts.read(source)
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=self.folder) as scratch:
            made = Path(scratch) / "model"
            made.mkdir()
            for name in (MODEL_FILE, CARD_FILE):
                shutil.copyfile(source / name, made / name)
            if artefacts.digest(made / MODEL_FILE) != card["sha256"]:
                raise ArtefactError(f"{source / MODEL_FILE}: tệp đổi trong lúc chép; không nhận")
            return self._enter(made, rows.IMPORTED, at=at, user_id=user_id)

    def _enter(self, made: Path, origin: str, *, at: datetime, user_id: int | None) -> Model:
        """The row and the folder come together: the folder is moved while the row is not yet committed."""
        card = artefacts.read_card(made)
        target = self.path(card["id"])
        with self.store.write() as session:
            row = rows.add(
                session, name=card["id"], sha256=card["sha256"], origin=origin, card=card, at=at, user_id=user_id
            )
            if target.exists():
                shutil.rmtree(target)
            made.rename(target)
            return row
