"""The điểm báo for screen and e-mail: one page without script, image or address of ours; all text escaped."""

from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.digest import TITLES, DigestContent
from pipeline.documents import digest_words as said
from pipeline.documents.letterhead import Letterhead, or_dots


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("pipeline.documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(dots=or_dots, web=web_address)
    return made


def web_address(url: str) -> str:
    """The address if it is one of the web; nothing that a script or a file could hide behind."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def digest_html(content: DigestContent, head: Letterhead) -> str:
    sections = list(zip(said.ROMAN, TITLES, content.sections, strict=True))
    return environment().get_template("digest.html").render(content=content, head=head, sections=sections, said=said)
