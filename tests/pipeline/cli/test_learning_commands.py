"""`diembao labels` and `diembao model` as a person types them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from classifier.artefacts import ArtefactError
from models.clock import now
from models.session import Store
from models.store import grouping, users
from models.store.models_registry import RegistryError
from pipeline.cli import cli
from pipeline.config import read_settings
from pipeline.learning.registry import Registry
from pipeline.open_store import open_store
from tests.pipeline.learning.conftest import small_model
from tests.pipeline.making import DAY, Maker, moment


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


@pytest.fixture
def store() -> Store:
    found = open_store(read_settings())
    with found.write() as session:
        for name in ("lan", "minh"):
            users.add_user(session, name=name, display=name, role="officer", now=now())
    return found


@pytest.fixture(scope="module")
def tiny() -> dict[str, Any]:
    return small_model(1)


def test_labels_go_in_with_bad_rows_named_and_come_out_again(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "nhan.csv"
    file.write_text("id,title,flag,kind\na,Bé mẫu bị đánh,1,vu_viec\nb,Giờ mẫu,9,\n", encoding="utf-8")
    done = run("labels", "import", str(file), "--format", "csv")
    assert done.exit_code == 1
    assert "nhan.csv, mục 3: «flag» phải là 0, 1 hoặc 2" in done.stderr
    assert "Nhận 1 nhãn" in done.stdout
    out = tmp_path / "ra.jsonl"
    assert run("labels", "export", "-o", str(out)).exit_code == 0
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["nhap-a"]
    assert "Còn bất đồng: 0 bài" in run("labels", "agreement").stdout
    store.close()


def test_a_merge_of_stories_comes_out_as_pairs_of_articles(store: Store, tmp_path: Path) -> None:
    maker = Maker(store)
    articles = [maker.article(), maker.article()]
    first, second = (maker.story(article) for article in articles)
    with store.write() as session:
        grouping.merge(session, first, second, user_id=maker.user(), now=moment(DAY))
    out = tmp_path / "cap.jsonl"
    assert "1 cặp" in run("labels", "pairs", "-o", str(out)).stdout
    pair = json.loads(out.read_text("utf-8"))
    assert ({pair["first"], pair["second"]}, pair["same"]) == ({f"bai-{n}" for n in articles}, 1)
    store.close()


def test_a_model_is_imported_by_its_digest_shown_tried_and_not_promoted_without_a_comparison(
    store: Store, tmp_path: Path, tiny: dict[str, Any]
) -> None:
    elsewhere = Registry(store, tmp_path / "ngoai")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("models.store.models_registry.add", lambda *_, **values: values)
        made: Any = elsewhere.keep(
            tiny, {"id": "khac", "use": {"vi": "Để thử.", "en": "For a test."}}, at=now(), user_id=None
        )
    folder = elsewhere.path(made["name"])
    refused = run("model", "import", str(folder), "--sha256", "ab", "--by", "lan")
    assert isinstance(refused.exception, ArtefactError)
    assert run("model", "import", str(folder), "--sha256", made["sha256"], "--by", "lan").exit_code == 0
    assert "đang dùng" in run("model", "list").stdout
    shown = run("model", "show", made["name"], "--lang", "en").stdout
    assert "Intended use" in shown
    assert f"SHA-256 {made['sha256']}: khớp" in shown
    assert run("model", "shadow", made["name"], "--by", "lan").exit_code == 0
    failed = run("model", "promote", made["name"], "--by", "lan")
    assert isinstance(failed.exception, RegistryError)
    assert "chưa được so sánh" in str(failed.exception)
    assert isinstance(run("model", "rollback", "--by", "lan").exception, RegistryError)
    assert "Tuần qua chưa có quyết định" in run("model", "watch").stdout
    (read_settings().models_dir / made["name"] / "model.skops").write_bytes(b"khac")
    broken = run("model", "show", made["name"])
    assert (broken.exit_code, "KHÔNG MỞ" in broken.stderr) == (1, True)
    store.close()
