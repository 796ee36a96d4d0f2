"""The evidence archive encrypted at rest, with everything that the plain one does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from models.errors import DiembaoError
from models.session import Store
from pipeline.cli.archive_key import archive_key
from pipeline.config import Settings
from pipeline.evidence import copies, prove, read_again
from pipeline.sealing import KeyFileError, make_key, seal_old, use_archive_key
from spiders import sealing
from tests.pipeline.test_evidence import AT, DAY, LINE, Press, source, url

CLEAR = LINE.encode()


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    made = Settings(data_dir=tmp_path / "var", archive_key_file=tmp_path / "khoa" / "kho-luu")
    yield made
    sealing.use(())


@pytest.fixture
def sealed(settings: Settings, sqlite_store: Store, tmp_path: Path) -> Press:
    assert settings.archive_key_file is not None
    make_key(settings.archive_key_file, settings)
    use_archive_key(settings)
    press = Press(sqlite_store, tmp_path / "archive")
    for number in range(5):
        press.read(number)
    press.evidence.close()
    return press


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*.warc.gz")))


def test_no_word_lies_in_the_clear_and_every_copy_is_still_proven_and_read(sealed: Press) -> None:
    raw = content(sealed.folder)
    assert raw.startswith(sealing.MAGIC)
    assert b"\x1f\x8b\x08" not in raw[:4]
    proof = prove(sealed.store, sealed.folder)
    assert (proof.sound, proof.good) == (5, True)
    (copy,) = copies(sealed.store, sealed.folder, url(3), identity=None)
    assert CLEAR in copy.body
    again = read_again(sealed.store, sealed.folder, source(), outlet=None, day=DAY, now=lambda: AT)
    assert (again.read, again.failed) == (5, ())


def test_without_the_key_nothing_is_shown_and_nothing_is_written_in_the_clear(
    sealed: Press, settings: Settings
) -> None:
    before = content(sealed.folder)
    sealing.use(())
    with pytest.raises(DiembaoError, match="archive_key_file"):
        list(copies(sealed.store, sealed.folder, url(3), identity=None))
    with pytest.raises(KeyFileError, match="khong-co"):
        use_archive_key(replace(settings, archive_key_file=Path("khong-co")))
    assert content(sealed.folder) == before


def test_an_altered_byte_and_a_torn_end_are_found(sealed: Press) -> None:
    (path,) = sealed.folder.rglob("*.warc.gz")
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert [flaw.kind for flaw in prove(sealed.store, sealed.folder).flaws] == ["damaged"]
    path.write_bytes(whole[:-7])
    assert [flaw.kind for flaw in prove(sealed.store, sealed.folder).flaws] == ["torn"]


def test_another_key_opens_nothing_but_an_old_one_kept_in_the_file_does(sealed: Press, settings: Settings) -> None:
    path = settings.archive_key_file
    assert path is not None
    old = path.read_text("ascii")
    path.chmod(0o600)
    path.write_text(sealing.new_key() + "\n" + old, "ascii")
    use_archive_key(settings)
    assert prove(sealed.store, sealed.folder).good
    sealing.use(sealing.read_keys(sealing.new_key()))
    with pytest.raises(DiembaoError, match="khoá"):
        prove(sealed.store, sealed.folder)


def test_what_was_kept_before_there_was_a_key_is_sealed_later(settings: Settings, store: Store, tmp_path: Path) -> None:
    press = Press(store, tmp_path / "archive")
    for number in range(4):
        press.read(number)
    press.evidence.close()
    assert content(press.folder).startswith(b"\x1f\x8b")
    assert settings.archive_key_file is not None
    make_key(settings.archive_key_file, settings)
    use_archive_key(settings)
    assert seal_old(store, press.folder).files == 1
    assert content(press.folder).startswith(sealing.MAGIC)
    assert prove(store, press.folder).good
    assert prove(store, press.folder).sound == 4
    assert seal_old(store, press.folder).files == 0


def test_the_key_is_made_by_command_readable_by_its_owner_and_never_beside_the_data(tmp_path: Path) -> None:
    runner = CliRunner()
    path = tmp_path / "khoa"
    assert runner.invoke(archive_key, ["make", str(path)]).exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o400
    assert len(sealing.read_keys(path.read_text("ascii"))) == 1
    assert isinstance(runner.invoke(archive_key, ["make", str(path)]).exception, KeyFileError)
    inside = tmp_path / "var" / "khoa"
    assert isinstance(runner.invoke(archive_key, ["make", str(inside)]).exception, KeyFileError)
