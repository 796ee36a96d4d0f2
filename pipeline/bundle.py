"""Everything that an installation needs in one folder, for a machine without a network.

The wheels are those of the hashed lock; `SHA256SUMS` covers every file, and the installer checks it before pip runs,
which then looks at nothing but this folder.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from models.errors import DiembaoError

LOCK, SUMS, INSTALLER = "requirements.lock", "SHA256SUMS", "install.py"
WHEELS = "wheels"
INSTALL = '''"""Install from this folder alone: python3 install.py TARGET (a new virtual environment)."""

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    for line in (HERE / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if hashlib.sha256((HERE / name).read_bytes()).hexdigest() != digest:
            sys.exit(f"{name}: tệp không nguyên vẹn, không cài gì")
    target = Path(sys.argv[1])
    subprocess.run([sys.executable, "-m", "venv", str(target)], check=True)
    pip = [str(target / "bin" / "python"), "-m", "pip", "install", "--no-index", "--no-deps", "--quiet"]
    subprocess.run([*pip, *sorted(map(str, (HERE / "wheels").glob("*.whl")))], check=True)
    sys.stdout.write(f"Đã cài vào {target}. Chạy: {target}/bin/diembao --help\\n")


if __name__ == "__main__":
    main()
'''


class BundleError(DiembaoError):
    """The folder cannot be made; the message says which step failed."""


def make(source: Path, folder: Path, *, lock: Path | None = None) -> int:
    """Returns the number of files. `source` holds the program with its lock; another `lock` may stand for its own."""
    lock = lock or source / LOCK
    if not (source / "pyproject.toml").exists() or not lock.exists():
        raise BundleError(f"{source.resolve()}: không có pyproject.toml và {LOCK} (chạy trong thư mục mã nguồn)")
    if folder.exists() and any(folder.iterdir()):
        raise BundleError(f"{folder}: đã có tệp, hãy chọn thư mục trống")
    wheels = folder / WHEELS
    wheels.mkdir(parents=True, exist_ok=True)
    _pip("wheel", "--require-hashes", "--no-deps", "-r", str(lock), "-w", str(wheels))
    _pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(wheels), str(source.resolve()))
    shutil.copy(lock, folder / LOCK)
    (folder / INSTALLER).write_text(INSTALL, "utf-8")
    return _sum_up(folder)


def reinstall(folder: Path) -> None:
    """Put the program of this bundle in the place of the running one, in the same environment; the other wheels too,
    for the older program was made for those. Raises BundleError where a file is not what it was."""
    for line in (folder / SUMS).read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise BundleError(f"{path}: tệp không nguyên vẹn, không cài gì")
    wheels = sorted(map(str, (folder / WHEELS).glob("*.whl")))
    _pip("install", "--no-index", "--no-deps", "--force-reinstall", *wheels)


def _pip(*words: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BundleError(f"pip {words[0]}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'lỗi'}")


def _sum_up(folder: Path) -> int:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files
    ]
    (folder / SUMS).write_text("\n".join(lines) + "\n", "utf-8")
    return len(files) + 1
