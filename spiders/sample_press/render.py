"""Pages and lists of the sample papers, as bytes in the mark-up and encoding of each."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from spiders.sample_press.articles import SampleArticle, Text, dated
from spiders.sample_press.outlets import Outlet

NOTICE = "Bài mẫu của phần mềm điểm báo: tờ báo, nhân vật, trường học và sự việc đều là hư cấu."
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
TONES = "\u0300\u0301\u0303\u0309\u0323"

_templates = Environment(
    loader=PackageLoader("spiders.sample_press", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list."""

    url: str
    title: str
    sapo: str
    published: datetime
    guid: str
    section: str

    @property
    def rfc822(self) -> str:
        return format_datetime(self.published)


@dataclass(frozen=True, slots=True)
class Clock:
    """Which day the papers have: `now` is when the press was opened, `edition` what is out (0 to 3)."""

    day: date
    now: datetime
    edition: int

    def published(self, article: SampleArticle) -> datetime:
        return article.published(self.day, self.now)


def text_of(article: SampleArticle, clock: Clock) -> Text:
    text, when = article.text_in(clock.edition), clock.published(article)
    return Text(dated(text.title, when), dated(text.sapo, when), tuple(dated(part, when) for part in text.body))


def item(outlet: Outlet, article: SampleArticle, clock: Clock, base: str) -> Item:
    text = text_of(article, clock)
    path = outlet.old_path_of(article) if article.fault == "moved" else outlet.path_of(article)
    guid = f"{outlet.id}-{article.number}"
    return Item(base + path, text.title, text.sapo, clock.published(article), guid, article.section)


def page(outlet: Outlet, article: SampleArticle, others: Iterable[Item], clock: Clock, base: str) -> bytes:
    """An article's page."""
    text, when = text_of(article, clock), clock.published(article)
    html = _templates.get_template(f"article_{outlet.id}.html").render(
        outlet=outlet,
        base=base,
        url=base + outlet.path_of(article),
        title=text.title,
        sapo=text.sapo,
        body=text.body,
        section=article.section,
        author=article.author,
        published=when,
        weekday=WEEKDAYS[when.weekday()],
        dateless=article.dateless,
        charset=article.charset,
        others=list(others),
        notice=NOTICE,
    )
    html = unicodedata.normalize(article.encoding_form, html)
    return windows_1258(html) if article.charset == "windows-1258" else html.encode(article.charset)


def listing(template: str, outlet: Outlet, items: Iterable[Item], base: str, name: str = "") -> bytes:
    """A feed, a sitemap or a section page; `template` is the file's name."""
    newest_first = sorted(items, key=lambda entry: entry.published, reverse=True)
    text = _templates.get_template(template).render(
        outlet=outlet,
        base=base,
        items=newest_first,
        name=name,
        updated=newest_first[0].published.isoformat() if newest_first else "",
        notice=NOTICE,
    )
    return text.encode()


def windows_1258(text: str) -> bytes:
    """The old Vietnamese code page, which has letters with hats and horns but writes tones apart."""
    out = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tones = "".join(part for part in parts if part in TONES)
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        out.append(letter + tones)
    return "".join(out).encode("cp1258", "xmlcharrefreplace")
