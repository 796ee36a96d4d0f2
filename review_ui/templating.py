"""Templates: everything is escaped, an unknown name is an error, and no page carries a script or style of its own."""

import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models import words
from models.clock import VIET_NAM, day_of
from models.states import MOVES
from pipeline.desks import SHORT, office_words
from pipeline.place_words import place_words, province_names, unit_name
from review_ui import fragments
from review_ui.sections import headline, masked_title

HERE = Path(__file__).parent
STATIC = HERE / "static"
CITED = {
    "danger": "nguy hiểm",
    "setting": "môi trường",
    "stage": "giai đoạn",
    "age": "tuổi",
    "sex": "giới tính",
    "relation": "quan hệ",
}
NO_SIGNS = str.maketrans("", "", " .()-")
"""What a dialled number does without."""
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
}


@cache
def static_files() -> dict[str, bytes]:
    """Every file that is served as it is; nothing is looked up on disk by a name from outside."""
    return {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in KINDS}


@cache
def static_address(name: str) -> str:
    """The address changes with the content, so that a browser may keep the file for ever."""
    return f"/static/{name}?v={hashlib.sha256(static_files()[name]).hexdigest()[:12]}"


def web_address(address: str) -> str | None:
    """The address of an article if a browser may follow it; a script or data address is shown nowhere as a link."""
    return address if address.lower().startswith(("http://", "https://")) else None


def build_templates() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        said=words.said,
        exact=words.exact,
        number=words.number,
        score=words.score,
        day_words=words.day_words,
        duration=words.duration,
        clock=lambda moment: f"{moment.astimezone(VIET_NAM):%H:%M}",
        day_of=day_of,
        place=place_words,
        web_address=web_address,
        province_name=lambda code: province_names().get(code, code),
        desk_name=lambda unit, office: f"{SHORT[office]} {unit}",
        tel=lambda phone: re.split(r"[,;/]", phone)[0].translate(NO_SIGNS),
        named_types=words.named_types,
    )
    env.globals.update(
        static=static_address,
        words=words,
        word=words.word,
        headline=headline,
        when=fragments.when,
        line=fragments.line,
        place_of=fragments.place_of,
        decided=fragments.decided,
        reason_said=fragments.reason_said,
        masked_title=masked_title,
        unit_name=unit_name,
        CITED=CITED,
        office_words=office_words,
        MOVES=MOVES,
    )
    return env
