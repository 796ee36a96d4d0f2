"""The folder for machines without a network: made, checked, installed from nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.bundle import SUMS, BundleError, make, reinstall

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(300)
def test_the_program_is_installed_from_the_folder_alone_and_an_altered_one_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "empty.lock"
    lock.write_text("# nothing but the program itself: its wheels would have to be fetched\n", "utf-8")
    folder = tmp_path / "goi"
    make(ROOT, folder, lock=lock)
    (wheel,) = (folder / "wheels").glob("diembao-*.whl")
    assert f"wheels/{wheel.name}" in (folder / SUMS).read_text("utf-8")
    target = tmp_path / "opt"
    install = [sys.executable, str(folder / "install.py"), str(target)]
    done = subprocess.run(install, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr
    (site,) = (target / "lib").glob("python*/site-packages")
    assert {"models", "spiders", "classifier", "pipeline", "review_ui"} <= {path.name for path in site.iterdir()}
    assert (target / "bin" / "diembao").exists()
    (site / "pipeline" / "upgrade.py").unlink()
    words = f"from pathlib import Path; from pipeline.bundle import reinstall; reinstall(Path({str(folder)!r}))"
    subprocess.run([str(target / "bin" / "python"), "-P", "-c", words], cwd=tmp_path, timeout=150, check=True)
    assert (site / "pipeline" / "upgrade.py").exists(), "the way back after an upgrade that failed"
    wheel.write_bytes(wheel.read_bytes() + b"x")
    with pytest.raises(BundleError, match="không nguyên vẹn"):
        reinstall(folder)
    done = subprocess.run(install, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "không nguyên vẹn" in done.stderr


def test_a_folder_that_is_no_source_or_not_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="pyproject"):
        make(tmp_path, tmp_path / "goi")
    (tmp_path / "day").mkdir()
    (tmp_path / "day" / "x").write_text("x")
    with pytest.raises(BundleError, match="trống"):
        make(ROOT, tmp_path / "day")
