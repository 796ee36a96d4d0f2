"""The điểm báo in the form asked for."""

from collections.abc import Callable, Mapping

from pipeline.digest import DigestContent
from pipeline.documents.digest_docx import digest_docx
from pipeline.documents.digest_html import digest_html
from pipeline.documents.digest_words import digest_text
from pipeline.documents.letterhead import Letterhead

_FORMS: Mapping[str, Callable[[DigestContent, Letterhead], bytes]] = {
    "docx": digest_docx,
    "html": lambda content, head: digest_html(content, head).encode(),
    "txt": lambda content, head: digest_text(content, head).encode(),
}


def render(content: DigestContent, head: Letterhead, form: str) -> bytes:
    """`form` is docx, html or txt; the same content and letterhead give the same bytes."""
    return _FORMS[form](content, head)
