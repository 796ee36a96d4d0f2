"""A .docx as PDF, where LibreOffice is on the machine; nothing of the service needs it."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from models.errors import DiembaoError

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 120


class PdfError(DiembaoError):
    """LibreOffice is there but made no PDF."""


def can_pdf() -> bool:
    return any(shutil.which(name) for name in PROGRAMS)


def to_pdf(document: bytes) -> bytes | None:
    """The PDF, or None where LibreOffice is not installed. Its profile and files live in a folder that goes away."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="diembao-pdf-") as name:
        folder = Path(name)
        (folder / "in.docx").write_bytes(document)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", name, str(folder / "in.docx")]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603 - no shell, our file
            return (folder / "in.pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise PdfError("LibreOffice không chuyển được văn bản sang PDF") from error
